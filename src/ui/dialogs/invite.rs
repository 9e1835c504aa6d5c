//! The invitation: its form, the question before it is sent, and the link that came of it.

use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::invite::{Field, Form, Step};
use crate::app::outcome_words;
use crate::app::state::State;
use crate::domain::act::Outcome;
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};

const WIDTH: u16 = 84;
const LABEL: usize = 11;

pub(super) fn draw(sheet: &mut Sheet<'_>, form: &Form, state: &State) -> Option<Position> {
    match &form.step {
        Step::Filling => return filling(sheet, form),
        Step::Checking(_) => {
            let words = format!(
                "Looking whether {} is in already…",
                form.mail.value().trim()
            );
            said(sheet, "Invite", &[(words, false)], None, None);
        }
        Step::Asking => asking(sheet, form, state),
        Step::Sending(_) => {
            let words = format!("Inviting {}…", form.mail.value().trim());
            said(sheet, "Invite", &[(words, false)], None, None);
        }
        Step::Ended(outcome) => ended(sheet, form, outcome, state),
    }
    None
}

fn filling(sheet: &mut Sheet<'_>, form: &Form) -> Option<Position> {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let caution = form.caution();
    let mut notes: Vec<Line<'_>> = Vec::new();
    if let Some(wrong) = &form.wrong {
        notes.extend(pen::sentences(wrong, room, theme.error));
    }
    if let Some(caution) = &caution {
        notes.extend(pen::sentences(caution, room, theme.signal));
    }
    let fields = Field::ALL.len();
    let inside = sheet.open("Invite a guest", WIDTH, fields + 1 + notes.len());
    // What is wrong is said whole; of the form the field with the keyboard stays in view.
    let height = usize::from(inside.height);
    notes.truncate(height.saturating_sub(1));
    let air = usize::from(height > fields + notes.len());
    let (above, below) = super::foot(inside, notes.len());
    let at = Field::ALL
        .iter()
        .position(|field| *field == form.field)
        .unwrap_or(0);
    let top = (at + 1).saturating_sub(usize::from(above.height));
    let mut cursor = None;
    for (line, field) in Field::ALL.iter().enumerate().skip(top) {
        // A line of air before the button.
        let line = line - top + if *field == Field::Go { air } else { 0 };
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
    if field == Field::Go {
        let look = if here { theme.selected } else { theme.accent };
        pen.skip(LABEL + 2).put("[ Look and invite ]", look);
        return None;
    }
    let name = match field {
        Field::Mail => "Mail",
        Field::Name => "Name",
        Field::Message => "Message",
        Field::Language => "Language",
        Field::Send => "Send mail",
        Field::Go => "",
    };
    pen.put(if here { "> " } else { "  " }, theme.accent)
        .put(&format!("{name:LABEL$}"), label);
    let line = match field {
        Field::Mail => &form.mail,
        Field::Name => &form.name,
        Field::Message => &form.message,
        Field::Language => {
            pen.put("‹ ", label)
                .put(form.language(), theme.read)
                .put(" ›", label);
            return None;
        }
        _ => {
            let words = if form.send_mail {
                "[x] Graph mails the invitation"
            } else {
                "[ ] no mail: you pass the link on"
            };
            pen.fit(words, Keep::Start, theme.read);
            return None;
        }
    };
    if line.value().is_empty() && !here {
        let words = match field {
            Field::Name => "taken from the address if left empty",
            Field::Message => "none",
            _ => "",
        };
        pen.fit(words, Keep::Start, theme.known);
        return None;
    }
    let cursor = pen.input(line, theme.read);
    cursor.filter(|_| here)
}

fn asking(sheet: &mut Sheet<'_>, form: &Form, state: &State) {
    let tenant = state
        .data
        .session
        .as_ref()
        .map_or("the tenant", |session| session.tenant_name.or("the tenant"));
    let how = if form.send_mail {
        format!("Graph mails the invitation, in {}.", form.language())
    } else {
        "No mail is sent: you get the link and pass it on.".to_owned()
    };
    let words = [
        (
            format!(
                "Nobody with the address {} is in {tenant} yet. Invite them?",
                form.mail.value().trim()
            ),
            false,
        ),
        (how, false),
    ];
    let caution = form.caution();
    let buttons = sheet.buttons(("Enter", "Back"), &[("y", "invite")]);
    said(sheet, "Invite?", &words, caution.as_deref(), Some(buttons));
}

fn ended(sheet: &mut Sheet<'_>, form: &Form, outcome: &Outcome, state: &State) {
    let note = form.wrong.as_deref();
    if let Outcome::Invited(invited) = outcome {
        let how = if invited.mailed {
            "Graph has mailed the invitation."
        } else {
            "No mail was sent: pass this link on yourself. Who has it can redeem it."
        };
        let words = [
            (format!("Invited {}. {how}", invited.mail), false),
            (invited.redeem.reveal().to_owned(), true),
        ];
        let buttons = sheet.buttons(("Enter", "Close"), &[("y", "copies it"), ("i", "another")]);
        said(sheet, "Invited", &words, note, Some(buttons));
    } else {
        let title = if outcome.done() {
            "Invited"
        } else if outcome.settled() {
            "Nothing to do"
        } else {
            "Not invited"
        };
        let words = [(outcome_words(state, outcome), false)];
        let buttons = sheet.buttons(("Enter", "Close"), &[("i", "another")]);
        said(sheet, title, &words, note, Some(buttons));
    }
}

/// A box with words, a note and buttons. Of the words those that are marked stand out.
pub(super) fn said(
    sheet: &mut Sheet<'_>,
    title: &str,
    words: &[(String, bool)],
    note: Option<&str>,
    buttons: Option<Line<'static>>,
) {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (words, out) in words {
        let style = if *out { theme.strong } else { theme.read };
        lines.extend(
            text::wrap(words, usize::from(room))
                .into_iter()
                .map(|line| Line::from(Span::styled(line, style))),
        );
    }
    if let Some(note) = note {
        lines.extend(pen::sentences(note, room, theme.signal));
    }
    let foot = usize::from(buttons.is_some());
    let inside = sheet.open(title, WIDTH, lines.len() + 2 * foot);
    let (above, below) = super::foot(inside, foot);
    sheet.scrolled(above, &lines, 0);
    if let Some(buttons) = buttons {
        pen::lines(sheet.buf, below, &[buttons], 0);
    }
}
