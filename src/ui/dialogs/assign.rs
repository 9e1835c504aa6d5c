//! Assigning directly: the form, and the question with the word that has to be typed.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::Sheet;
use crate::app::dialog::assign::{Field, Form, Step};
use crate::domain::assignment::{BYPASS, BYPASSES};
use crate::domain::guest::Guest;
use crate::ui::pen::{self, Pen};
use crate::ui::text::Keep;

const WIDTH: u16 = 84;
const LABEL: usize = 8;

pub(super) fn draw(sheet: &mut Sheet<'_>, form: &Form) -> Option<Position> {
    match &form.step {
        Step::Filling => filling(sheet, form),
        Step::Checking(_) => {
            let words = format!("Looking whether {} is in already…", form.who.value().trim());
            super::invite::said(sheet, "Assign directly", &[(words, false)], None, None);
            None
        }
        Step::Asking(guest) => asking(sheet, form, guest.as_deref()),
    }
}

fn filling(sheet: &mut Sheet<'_>, form: &Form) -> Option<Position> {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let mut notes: Vec<Line<'_>> = Vec::new();
    if let Some(wrong) = &form.wrong {
        notes.extend(pen::sentences(wrong, room, theme.error));
    }
    notes.extend(pen::sentences(BYPASSES, room, theme.signal));
    let fields = Field::ALL.len();
    let inside = sheet.open("Assign directly", WIDTH, fields + 1 + notes.len());
    let height = usize::from(inside.height);
    notes.truncate(height.saturating_sub(fields));
    let air = usize::from(height > fields + notes.len());
    let (above, below) = super::foot(inside, notes.len());
    let mut cursor = None;
    for (line, field) in Field::ALL.iter().enumerate() {
        let line = line + if *field == Field::Go { air } else { 0 };
        let Some(row) = pen::row(above, line) else {
            break;
        };
        let here = self::field(sheet, row, *field, form);
        cursor = cursor.or(here);
    }
    pen::lines(sheet.buf, below, &notes, 0);
    cursor
}

/// Draws one field; where the cursor stands if it is the one with the keyboard.
fn field(sheet: &mut Sheet<'_>, row: Rect, field: Field, form: &Form) -> Option<Position> {
    let theme = *sheet.theme;
    let here = form.field == field;
    let label = if here { theme.accent } else { theme.known };
    let mut pen = Pen::new(sheet.buf, row);
    let (name, line) = match field {
        Field::Who => ("Who", &form.who),
        Field::Reason => ("Reason", &form.reason),
        Field::Policy => {
            let words = match form.chosen() {
                Some(choice) => format!("‹ {} ›", choice.words),
                None => "there is none".into(),
            };
            let found = if form.find.is_empty() {
                format!("  {} of {}", form.choice + 1, form.choices.len())
            } else {
                format!("  {}", form.find)
            };
            pen.put(if here { "> " } else { "  " }, theme.accent)
                .put(&format!("{:LABEL$}", "Policy"), label)
                .put(&words, theme.read)
                .fit(&found, Keep::Start, theme.known);
            return None;
        }
        Field::Go => {
            let look = if here { theme.selected } else { theme.accent };
            pen.skip(LABEL + 2).put("[ Look and assign ]", look);
            return None;
        }
    };
    pen.put(if here { "> " } else { "  " }, theme.accent)
        .put(&format!("{name:LABEL$}"), label);
    if line.value().is_empty() && !here {
        let words = match field {
            Field::Reason => "kept with the request and in the journal",
            _ => "a mail address",
        };
        pen.fit(words, Keep::Start, theme.known);
        return None;
    }
    let cursor = pen.input(line, theme.read);
    cursor.filter(|_| here)
}

fn asking(sheet: &mut Sheet<'_>, form: &Form, guest: Option<&Guest>) -> Option<Position> {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let address = form.who.value().trim();
    let who = match guest {
        Some(guest) if !guest.enabled => format!(
            "{} ({address}) is a guest, but blocked: the delivery will fail until sign-in is allowed again.",
            guest.name.or(address)
        ),
        Some(guest) => format!("{} ({address}) is in already.", guest.name.or(address)),
        None => format!("{address} is not in yet: Graph makes the account. No mail is sent."),
    };
    let what = form
        .chosen()
        .map(|choice| format!("They get {}, {}.", choice.words, choice.lasts))
        .unwrap_or_default();
    let mut lines = pen::sentences(&who, room, theme.read);
    lines.extend(pen::sentences(&what, room, theme.read));
    lines.extend(pen::sentences(BYPASSES, room, theme.signal));
    if let Some(wrong) = &form.wrong {
        lines.extend(pen::sentences(wrong, room, theme.error));
    }
    let inside = sheet.open("Assign past approval?", WIDTH, lines.len() + 3);
    let (above, below) = super::foot(inside, 2);
    sheet.scrolled(above, &lines, 0);
    let mut cursor = None;
    if let Some(row) = pen::row(below, 0) {
        let mut pen = Pen::new(sheet.buf, row);
        pen.put(&format!("Type {BYPASS} to do it: "), theme.read);
        cursor = pen.input(&form.word, theme.strong);
    }
    let buttons = sheet.buttons();
    if let Some(row) = pen::row(below, 1) {
        pen::lines(sheet.buf, row, &[buttons], 0);
    }
    cursor
}
