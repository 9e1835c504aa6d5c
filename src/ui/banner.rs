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
struct BannerPart {
    rank: u8,
    /// Cells before it.
    gap: usize,
    words: String,
    style: Style,
}

pub(super) fn draw(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let mut parts = parts(state, theme);
    let room = usize::from(region.width);
    let age = age(state, theme, room < 60);
    let wide = |parts: &[BannerPart]| {
        let words: usize = parts
            .iter()
            .map(|part| text::width(&part.words) + part.gap)
            .sum();
        words + age.as_ref().map_or(0, |age| text::width(&age.content) + 3)
    };
    while wide(&parts) > room {
        let last = (0..parts.len()).max_by_key(|&at| parts[at].rank);
        match last.filter(|&at| parts[at].rank > 0) {
            Some(at) => drop(parts.remove(at)),
            None => break,
        }
    }
    // The world stands whole whatever the tenant is called: a long name is cut.
    let over = wide(&parts).saturating_sub(room);
    if over > 0
        && let Some(tenant) = parts.first_mut()
    {
        let room = text::width(&tenant.words).saturating_sub(over).max(6);
        tenant.words = text::cut(&tenant.words, room, Keep::Start).into_owned();
    }
    let mut pen = Pen::new(buf, region);
    for (at, part) in parts.iter().enumerate() {
        pen.skip(if at == 0 { 1 } else { part.gap })
            .put(&part.words, part.style);
    }
    if let Some(age) = age {
        pen.right(&Line::from(vec![age, Span::raw(" ")]));
    }
}

fn parts(state: &State, theme: &Theme) -> Vec<BannerPart> {
    let part = |rank, words: &str, style| BannerPart {
        rank,
        gap: 2,
        words: words.to_owned(),
        style,
    };
    let mut parts = Vec::new();
    let mut domain = None;
    if let Some(session) = &state.data.session {
        let name = session.tenant_name.or("(no name)");
        parts.push(part(0, name, theme.tenant));
        domain = Some(session.default_domain()).filter(|domain| !domain.is_empty());
    }
    parts.extend(domain.map(|domain| BannerPart {
        gap: 1,
        ..part(3, &format!("· {domain}"), theme.read)
    }));
    let world = match state.setup.world {
        World::Demo => "DEMO",
        World::Live => "LIVE",
    };
    parts.push(part(0, world, theme.accent));
    if read_only(state) {
        parts.push(part(0, "READ-ONLY", theme.accent));
    }
    let mode = mode_words(state);
    if !mode.is_empty() {
        parts.push(part(2, &mode, theme.known));
    }
    if let Some(session) = &state.data.session {
        parts.push(part(4, &session.my_upn, theme.known));
    }
    // Its name is what one can do without first of all but the person.
    parts.push(part(3, "guestlist", theme.strong));
    parts.rotate_right(1);
    parts
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
