//! The first line: program, tenant, world, mode, person, and how old the data is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::pen::Pen;
use super::text::{self, Keep};
use super::theme::Theme;
use crate::app::state::{Pane, State, World};
use crate::app::{mode_words, read_only};

/// A part of the banner. Those with a higher rank are left out first; rank 0 always stands.
struct Piece {
    rank: u8,
    /// Cells before it.
    gap: usize,
    words: String,
    style: Style,
}

pub(super) fn draw(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let mut pieces = pieces(state, theme);
    let room = usize::from(region.width);
    let age = age(state, theme, room < 60);
    let wide = |pieces: &[Piece]| {
        let words: usize = pieces
            .iter()
            .map(|piece| text::width(&piece.words) + piece.gap)
            .sum();
        words + age.as_ref().map_or(0, |age| text::width(&age.content) + 3)
    };
    while wide(&pieces) > room {
        let last = (0..pieces.len()).max_by_key(|&at| pieces[at].rank);
        match last.filter(|&at| pieces[at].rank > 0) {
            Some(at) => drop(pieces.remove(at)),
            None => break,
        }
    }
    // The world stands whole whatever the tenant is called: a long name is cut.
    let over = wide(&pieces).saturating_sub(room);
    if over > 0
        && let Some(tenant) = pieces.first_mut()
    {
        let room = text::width(&tenant.words).saturating_sub(over).max(6);
        tenant.words = text::cut(&tenant.words, room, Keep::Start).into_owned();
    }
    let mut pen = Pen::new(buf, region);
    for (at, piece) in pieces.iter().enumerate() {
        pen.skip(if at == 0 { 1 } else { piece.gap })
            .put(&piece.words, piece.style);
    }
    if let Some(age) = age {
        pen.right(&Line::from(vec![age, Span::raw(" ")]));
    }
}

fn pieces(state: &State, theme: &Theme) -> Vec<Piece> {
    let piece = |rank, words: &str, style| Piece {
        rank,
        gap: 2,
        words: words.to_owned(),
        style,
    };
    let mut pieces = Vec::new();
    let mut domain = None;
    if let Some(session) = &state.data.session {
        let name = session.tenant_name.or("(no name)");
        pieces.push(piece(0, name, theme.tenant));
        domain = Some(session.default_domain()).filter(|domain| !domain.is_empty());
    }
    pieces.extend(domain.map(|domain| Piece {
        gap: 1,
        ..piece(3, &format!("· {domain}"), theme.read)
    }));
    let world = match state.setup.world {
        World::Demo => "DEMO",
        World::Live => "LIVE",
    };
    pieces.push(piece(0, world, theme.accent));
    if read_only(state) {
        pieces.push(piece(0, "READ-ONLY", theme.accent));
    }
    let mode = mode_words(state);
    if !mode.is_empty() {
        pieces.push(piece(2, &mode, theme.known));
    }
    if let Some(session) = &state.data.session {
        pieces.push(piece(4, &session.my_upn, theme.known));
    }
    // Its name is what one can do without first of all but the person.
    pieces.push(piece(3, "guestlist", theme.strong));
    pieces.rotate_right(1);
    pieces
}

/// How old the queue is: the time it was read, which does not tick, so that an idle screen writes nothing.
fn age(state: &State, theme: &Theme, short: bool) -> Option<Span<'static>> {
    // Where there is no queue, the guests are what there is.
    let refused = state.refused(Pane::Requests);
    let load = state.load(if refused {
        Pane::Guests
    } else {
        Pane::Requests
    });
    match (load.fresh, &load.failed) {
        (Some(at), None) => Some(Span::styled(
            format!("as of {}", state.clock(at)),
            theme.known,
        )),
        (Some(at), Some(_)) => {
            let words = if short { "old" } else { "not refreshed" };
            let words = format!("⚠ {words} since {}", state.clock(at));
            Some(Span::styled(words, theme.signal))
        }
        (None, Some(_)) => Some(Span::styled("⚠ not read", theme.signal)),
        (None, None) => None,
    }
}
