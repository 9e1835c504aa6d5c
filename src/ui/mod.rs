//! The drawing: from [`State`] to cells. No behaviour here, and nothing that changes anything.
//!
//! Where things stand is decided in [`crate::app::layout`], which `update` asks too; how they look is decided
//! here, one file a region:
//!
//! ```text
//! banner.rs                                  program, tenant, world, mode, person, age of the data
//! tabs.rs                                    panes with their counts, the basket
//! lists.rs   titles, empty panes   table.rs  detail.rs
//!   requests.rs policies.rs guests.rs journal.rs   a pane's columns
//! dialogs/                                   what lies over them, one file a dialog
//! status.rs                                  prompt, notices, progress
//! footer.rs                                  keys
//! ```

mod banner;
mod detail;
mod dialogs;
mod footer;
mod guests;
mod journal;
mod lists;
mod pen;
mod policies;
mod qr;
mod requests;
mod status;
pub mod svg;
mod table;
mod tabs;
#[cfg(test)]
mod tests;
mod text;
mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::text::Keep;
pub use self::theme::Theme;
use crate::app::layout::Regions;
use crate::app::state::{SMALLEST, State};

/// The window's title: which tenant this is, and whether somebody new waits. It is what one sees of a console in
/// another tab or tmux window.
pub fn title(state: &State) -> String {
    let mut parts = vec!["guestlist"];
    parts.extend(
        state
            .data
            .session
            .as_ref()
            .map(|session| session.tenant_name.or("(no name)")),
    );
    let new = match state.data.arrivals.len() {
        0 => None,
        new => Some(format!("{new} new")),
    };
    parts.extend(new.as_deref());
    parts.join(" · ")
}

/// Draws the console into `area` of `buf`. Answers where the cursor stands, if something is being typed.
pub fn draw(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let area = area.intersection(buf.area);
    pen::clear(buf, area);
    if state.too_small() {
        too_small(state, theme, area, buf);
        return None;
    }
    let regions = Regions::of(state);
    let at = |area_of| pen::rect(area_of, area);
    banner::draw(buf, at(regions.banner), state, theme);
    tabs::draw(buf, at(regions.tabs), state, theme);
    lists::draw(buf, area, &regions, state, theme);
    detail::draw(buf, area, &regions, state, theme);
    let prompt = status::draw(buf, at(regions.status), state, theme);
    footer::draw(buf, at(regions.footer), state, theme);
    let below = match &state.screen.dialog {
        Some(dialog) => dialogs::draw(buf, dialogs::body(area), dialog, state, theme),
        None => prompt,
    };
    match &state.sign_in.dialog {
        Some(dialog) => {
            dialogs::sign_in(buf, dialogs::body(area), dialog, state, theme);
            None
        }
        None => below,
    }
}

/// Says what there is no room for.
fn too_small(state: &State, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let words = format!(
        "guestlist needs {} columns and {} rows; this window has {}x{}",
        SMALLEST.0, SMALLEST.1, state.screen.size.0, state.screen.size.1
    );
    let lines = text::wrap(&words, usize::from(area.width));
    // Where not even the sentence fits, its end says more than a part of its beginning.
    let top = lines.len().saturating_sub(usize::from(area.height));
    for (at, line) in lines.iter().skip(top).enumerate() {
        if let Some(row) = pen::row(area, at) {
            pen::Pen::new(buf, row).fit(line, Keep::Start, theme.strong);
        }
    }
}
