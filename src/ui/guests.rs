//! The guests' columns, and who of a request's domain is in already.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::pen::{self, Pen};
use super::table::{self, Cell, Column, RowHighlight, ShownRow};
use super::text::{self, Keep};
use super::theme::Theme;
use crate::acts::ActKind;
use crate::acts::Target;
use crate::app::basket::Decision;
use crate::app::keymap::Command;
use crate::app::state::State;
use crate::domain::guest::GuestStanding;
use crate::domain::time;
use crate::inventory::AccountKnown;
use crate::inventory::rows::GuestRow;

impl ShownRow for GuestRow {
    const LAYOUT: &'static [Column] = &[
        Column::new("name", "NAME", 0, [8, 20, 28]),
        Column::new("mail", "MAIL", 1, [14, 26, 40]).keep(Keep::Mail),
        Column::new("state", "STATE", 2, [8, 8, 8]),
        Column::new("company", "COMPANY", 7, [8, 14, 24]),
        Column::new("seen", "SEEN", 3, [5, 5, 6]).right(),
        Column::new("created", "CREATED", 8, [8, 8, 8]).right(),
    ];

    fn nothing(state: &State) -> String {
        let invite = state.setup.keymap.key(Command::Act(ActKind::Invite));
        format!("No guests yet. {invite} invites someone")
    }

    fn show<'a>(
        &'a self,
        column: &'static str,
        _width: usize,
        state: &State,
        theme: &Theme,
    ) -> Cell<'a> {
        let guest = &self.guest;
        match column {
            "name" => Cell::plain(guest.name.or("(no name)")),
            "mail" if guest.mail.is_empty() => Cell::plain(guest.address()),
            "mail" => Cell::plain(guest.mail.as_str()),
            "state" => {
                let style = match self.standing {
                    GuestStanding::Blocked => theme.revoke,
                    GuestStanding::Pending | GuestStanding::Stale => theme.signal,
                    GuestStanding::Unknown | GuestStanding::Active => theme.known,
                };
                Cell::styled(self.state(), style)
            }
            "company" => Cell::plain(guest.company.as_str()),
            "seen" if guest.last_sign_in.is_none() => Cell::styled("–", theme.known),
            "seen" => Cell::plain(time::age(guest.last_sign_in, state.now)),
            "created" => Cell::plain(time::age(guest.created, state.now)),
            _ => Cell::plain(""),
        }
    }

    fn staged<'a>(&self, state: &'a State) -> Option<&'a Decision> {
        if state.basket.is_empty() {
            return None;
        }
        state.basket.get(&Target::Guest(self.guest.id.clone()))
    }
}

/// Draws whether the focused request's person, or somebody of their domain, is in already.
pub(super) fn linked(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let Some(request) = state.looked_at_request() else {
        return;
    };
    let say = |buf: &mut Buffer, line: usize, words: &str| {
        if let Some(row) = pen::row(region, line) {
            Pen::new(buf, row)
                .skip(4)
                .fit(words, Keep::Start, theme.known);
        }
    };
    let person = state.linked_guest();
    let guests = state.linked_guests(usize::from(region.height));
    let mut line = 0;
    if person.is_none() {
        let name = request.request.subject().name.or("The person");
        let name = || text::cut(name, usize::from(region.width / 2), Keep::Start);
        let words = match state.data.account_of(&request.request) {
            AccountKnown::Unread => "guests are still being read".into(),
            AccountKnown::Unreadable => "guests could not be read".into(),
            AccountKnown::Other(class) => format!("{}: {}", name(), class.words()),
            AccountKnown::NoPerson(kind) => kind.no_person().unwrap_or_default(),
            AccountKnown::Gone => format!("{}: the account is not there any more", name()),
            AccountKnown::Several(count) => format!("{count} accounts have the address"),
            AccountKnown::Some => format!("{} has an account here", name()),
            AccountKnown::None if guests.is_empty() && !request.domain.is_empty() => {
                let room = usize::from(region.width.saturating_sub(8 + 12));
                let domain = text::cut(&request.domain, room, Keep::End);
                format!("nobody from {domain}")
            }
            AccountKnown::None | AccountKnown::Guest(_) => format!("{} is not a guest", name()),
        };
        say(buf, line, &words);
        line += 1;
    }
    let columns = table::columns::<GuestRow>(region, state);
    for guest in guests {
        let Some(row) = pen::row(region, line) else {
            return;
        };
        let highlight = RowHighlight {
            cursor: person.as_ref() == Some(&guest.guest.id),
            focused: false,
            marked: false,
        };
        table::row(buf, row, guest, highlight, &columns, (state, theme));
        line += 1;
    }
}
