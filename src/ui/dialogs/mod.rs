//! What lies over the panes: a box in their middle, one file a dialog. Status line and keys stay in view.

mod assign;
mod confirm;
mod form;
mod help;
mod invite;
mod menu;
mod messages;
mod offer;
mod palette;
mod quit;
mod reason;
mod results;
mod review;
mod signin;
mod signout;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::pen;
use super::theme::Theme;
use crate::app::dialog::Dialog;
use crate::app::dialog::keys::{Button, ShownKey};
use crate::app::dialog::signin::SignInDialog;
use crate::app::sends::Send;
use crate::app::state::State;

/// The part of the screen a dialog may cover: all but banner, tabs, status and keys.
pub(super) fn body(screen: Rect) -> Rect {
    Rect {
        y: screen.y.saturating_add(2),
        height: screen.height.saturating_sub(4),
        ..screen
    }
    .intersection(screen)
}

pub(super) fn draw(
    buf: &mut Buffer,
    body: Rect,
    dialog: &Dialog,
    state: &State,
    theme: &Theme,
) -> Option<Position> {
    let keys = dialog.shown(state);
    let mut sheet = Sheet {
        buf,
        body,
        theme,
        keys,
    };
    match dialog {
        Dialog::Review(review) => review::draw(&mut sheet, review, state),
        Dialog::Invite(invite) => invite::draw(&mut sheet, invite, state),
        Dialog::Confirm(confirm) => {
            confirm::draw(&mut sheet, confirm);
            None
        }
        Dialog::Assign(assign) => assign::draw(&mut sheet, assign, state),
        Dialog::Menu(menu) => {
            menu::draw(&mut sheet, menu);
            None
        }
        Dialog::Palette(palette) => palette::draw(&mut sheet, palette, state),
        Dialog::Help(help) => help::draw(&mut sheet, help, state),
        Dialog::Messages(messages) => {
            messages::draw(&mut sheet, messages, state);
            None
        }
        Dialog::Reason(reason) => reason::draw(&mut sheet, reason, state),
        Dialog::Offer(_) => {
            offer::draw(&mut sheet, state);
            None
        }
        Dialog::Results(shown) => {
            results::draw(&mut sheet, *shown, state);
            None
        }
        Dialog::Quit(_) => {
            quit::draw(&mut sheet, state);
            None
        }
        Dialog::SignOut(_) => {
            signout::draw(&mut sheet, state);
            None
        }
    }
}

/// Signing in, over whatever else is open.
pub(super) fn sign_in(
    buf: &mut Buffer,
    body: Rect,
    dialog: &SignInDialog,
    state: &State,
    theme: &Theme,
) {
    let keys = dialog.shown(state);
    let mut sheet = Sheet {
        buf,
        body,
        theme,
        keys,
    };
    signin::draw(&mut sheet, dialog, state);
}

/// Where a dialog is drawn.
struct Sheet<'a> {
    buf: &'a mut Buffer,
    body: Rect,
    theme: &'a Theme,
    /// The dialog's own.
    keys: Vec<ShownKey>,
}

impl Sheet<'_> {
    /// Cells of a line inside of a box that would like to be so wide.
    fn room(&self, width: u16) -> u16 {
        self.outer(width).saturating_sub(4)
    }

    fn outer(&self, width: u16) -> u16 {
        // A margin where there is room for one.
        let margin = if self.body.width > 60 { 4 } else { 0 };
        width.min(self.body.width.saturating_sub(margin))
    }

    /// Opens a box for so many lines inside, in the middle of the body; what is inside of it.
    fn open(&mut self, title: &str, width: u16, lines: usize) -> Rect {
        let width = self.outer(width);
        let lines = u16::try_from(lines).unwrap_or(u16::MAX);
        let height = lines.saturating_add(2).min(self.body.height);
        let region = Rect {
            x: self.body.x + (self.body.width - width) / 2,
            y: self.body.y + (self.body.height - height) / 2,
            width,
            height,
        };
        let title = Line::styled(title.to_owned(), self.theme.accent);
        let inside = pen::frame(self.buf, region, &title, self.theme);
        Rect {
            x: inside.x + 1.min(inside.width),
            width: inside.width.saturating_sub(2),
            ..inside
        }
    }

    /// Draws lines from `top` on, which is put so that none of the region is left empty.
    fn scrolled(&mut self, region: Rect, lines: &[Line<'_>], top: usize) {
        let last = lines.len().saturating_sub(usize::from(region.height));
        pen::lines(self.buf, region, lines, top.min(last));
    }

    /// The line of buttons: the one that does no harm stands in brackets, first; what is off is left out.
    fn buttons(&self) -> Line<'static> {
        let theme = self.theme;
        let on = || self.keys.iter().filter(|key| key.off.is_none());
        let safe = on().filter_map(|key| match key.button {
            Button::Safe(word) => Some(vec![Span::styled(
                format!("[ {} {word} ]", key.key),
                theme.selected,
            )]),
            Button::Other(_) | Button::None => None,
        });
        let others = on().filter_map(|key| match key.button {
            Button::Other(word) => Some((key.key, word)),
            Button::Safe(_) | Button::None => None,
        });
        let mut others: Vec<_> = others.collect();
        // What Enter takes stands first.
        others.sort_by_key(|(key, _)| *key != "Enter");
        let others = others.into_iter().map(|(key, word)| {
            vec![
                Span::styled(key, theme.accent),
                Span::styled(format!(" {word}"), theme.read),
            ]
        });
        let buttons: Vec<_> = safe.chain(others).collect();
        Line::from(buttons.join(&Span::raw("  ")))
    }
}

/// A question in sentences: Enter stays, the other keys go.
fn question(sheet: &mut Sheet<'_>, title: &str, words: &[String]) {
    const WIDTH: u16 = 64;
    let read = sheet.theme.read;
    let room = sheet.room(WIDTH);
    let mut lines: Vec<Line<'_>> = words
        .iter()
        .flat_map(|words| pen::sentences(words, room, read))
        .collect();
    let inside = sheet.open(title, WIDTH, lines.len() + 2);
    if lines.len() + 2 <= usize::from(inside.height) {
        lines.push(Line::default());
    }
    let (above, below) = foot(inside, 1);
    sheet.scrolled(above, &lines, 0);
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, below, &[buttons], 0);
}

/// Cuts a region into a part above and `lines` lines at its foot.
fn foot(region: Rect, lines: usize) -> (Rect, Rect) {
    let lines = u16::try_from(lines).unwrap_or(u16::MAX).min(region.height);
    let above = Rect {
        height: region.height - lines,
        ..region
    };
    let below = Rect {
        y: above.bottom(),
        height: lines,
        ..region
    };
    (above, below)
}

/// How much of a send is left: `2 of 20 are`.
fn left(send: &Send) -> String {
    let left = send.rows.len().saturating_sub(send.settled());
    let are = if left == 1 { "is" } else { "are" };
    format!("{left} of {} {are}", send.rows.len())
}
