//! Assigning directly: the form, and the question with the word that has to be typed.

use ratatui::layout::Position;

use super::{Sheet, form};
use crate::app::dialog::assign::AssignForm;
use crate::app::dialog::form::FormStep;
use crate::app::state::State;
use crate::domain::assignment::{ASSIGN, ASSIGNS, BYPASS, BYPASSES};
use crate::domain::guest::Guest;
use crate::ui::pen::{self, Pen};

const WIDTH: u16 = 84;

pub(super) fn draw(sheet: &mut Sheet<'_>, assign: &AssignForm, state: &State) -> Option<Position> {
    match &assign.form.step {
        FormStep::Filling => form::draw(sheet, &assign.form, Some(ASSIGNS), state),
        FormStep::Checking => {
            let words = format!("Looking whether {} is in already…", assign.address());
            form::said(sheet, assign.form.title, &[(words, false)], None);
            None
        }
        FormStep::Asking(guest) => asking(sheet, assign, guest.as_deref()),
    }
}

fn asking(sheet: &mut Sheet<'_>, assign: &AssignForm, guest: Option<&Guest>) -> Option<Position> {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let address = assign.address();
    let who = match guest {
        Some(guest) if !guest.enabled => format!(
            "{} ({address}) is a guest, but blocked: the delivery will fail until sign-in is allowed again.",
            guest.name.or(address)
        ),
        Some(guest) => format!("{} ({address}) is in already.", guest.name.or(address)),
        None => format!("{address} is not in yet: Graph makes the account. No mail is sent."),
    };
    let what = assign
        .chosen()
        .map(|choice| format!("They get {}, {}.", choice.words, choice.lasts))
        .unwrap_or_default();
    let mut lines = pen::sentences(&who, room, theme.read);
    lines.extend(pen::sentences(&what, room, theme.read));
    lines.extend(pen::sentences(ASSIGNS, room, theme.signal));
    let more = format!("{BYPASSES} For that, type {BYPASS} instead.");
    lines.extend(pen::sentences(&more, room, theme.known));
    if let Some(wrong) = &assign.form.wrong {
        lines.extend(pen::sentences(wrong, room, theme.error));
    }
    let inside = sheet.open("Assign directly?", WIDTH, lines.len() + 3);
    let (above, below) = super::foot(inside, 2);
    sheet.scrolled(above, &lines, 0);
    let mut cursor = None;
    if let Some(row) = pen::row(below, 0) {
        let mut pen = Pen::new(sheet.buf, row);
        pen.put(&format!("Type {ASSIGN} to do it: "), theme.read);
        cursor = pen.input(&assign.word, theme.strong);
    }
    let buttons = sheet.buttons();
    if let Some(row) = pen::row(below, 1) {
        pen::lines(sheet.buf, row, &[buttons], 0);
    }
    cursor
}
