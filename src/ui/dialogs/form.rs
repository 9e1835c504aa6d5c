//! A form: its fields, its button, and what has to be mended or known.

use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::form::{DialogForm, FieldKind, FormField, today};
use crate::app::state::State;
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};

const WIDTH: u16 = 84;

/// Draws a form that is filled in, with what there is to know besides; where the cursor stands.
pub(super) fn draw<N: Copy + PartialEq, F>(
    sheet: &mut Sheet<'_>,
    form: &DialogForm<N, F>,
    caution: Option<&str>,
    state: &State,
) -> Option<Position> {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let mut notes: Vec<Line<'_>> = Vec::new();
    if let Some(wrong) = &form.wrong {
        notes.extend(pen::sentences(wrong, room, theme.error));
    }
    let whole = notes.len();
    if let Some(caution) = caution {
        notes.extend(pen::sentences(caution, room, theme.signal));
    }
    let rows = form.fields.len() + 1;
    let inside = sheet.open(form.title, WIDTH, rows + 1 + notes.len());
    // What is wrong is said whole; of the form the field with the keyboard stays in view.
    let height = usize::from(inside.height);
    let spare = height.saturating_sub(rows).max(whole);
    notes.truncate(spare.min(height.saturating_sub(1)));
    let air = usize::from(height > rows + notes.len());
    let (above, below) = super::foot(inside, notes.len());
    let top = (form.place() + 1).saturating_sub(usize::from(above.height));
    let widest = form.fields.iter().map(|field| text::width(field.label));
    let label = widest.max().unwrap_or(0) + 2;
    let mut cursor = None;
    for (at, field) in form.fields.iter().enumerate().skip(top) {
        if let Some(row) = pen::row(above, at - top) {
            let here = at == form.place();
            let stands = self::field(sheet, row, (field, label), here, state);
            cursor = cursor.or(stands.filter(|_| here));
        }
    }
    // A line of air before the button.
    if let Some(row) = pen::row(above, rows - 1 - top + air) {
        let here = form.place() + 1 == rows;
        let look = if here { theme.selected } else { theme.accent };
        Pen::new(sheet.buf, row)
            .skip(label + 2)
            .put(&format!("[ {} ]", form.go), look);
    }
    pen::lines(sheet.buf, below, &notes, 0);
    cursor
}

/// Draws one field; where the cursor stands if the keyboard is there.
fn field<N>(
    sheet: &mut Sheet<'_>,
    row: Rect,
    (field, wide): (&FormField<N>, usize),
    here: bool,
    state: &State,
) -> Option<Position> {
    let theme = *sheet.theme;
    let label = if here { theme.accent } else { theme.known };
    let mut pen = Pen::new(sheet.buf, row);
    pen.put(if here { "> " } else { "  " }, theme.accent)
        .put(&format!("{:wide$}", field.label), label);
    let beside = match &field.kind {
        FieldKind::Choice(choice) => {
            match choice.chosen().and_then(|at| choice.words.get(at)) {
                Some(words) => pen.put("‹ ", label).put(words, theme.read).put(" ›", label),
                None => pen.put(field.hint, theme.read),
            };
            let beside = choice.beside().unwrap_or_default();
            pen.put("  ", theme.known)
                .fit(&beside, Keep::Start, theme.known);
            return None;
        }
        FieldKind::Toggle(toggle) => {
            let (mark, words) = if toggle.on {
                ("[x] ", toggle.yes)
            } else {
                ("[ ] ", toggle.no)
            };
            pen.put(mark, theme.read)
                .fit(words, Keep::Start, theme.read);
            return None;
        }
        FieldKind::People(people) => {
            for one in people.picked() {
                let name = one.name.or(&one.mail);
                pen.put(name, theme.read).put(", ", theme.known);
            }
            let found = people.found();
            found.map(|one| format!("‹ {} {} › {}", one.name, one.mail, people.matching()))
        }
        FieldKind::Number(number) => Some(format!("{} to {}", number.least, number.most)),
        FieldKind::Date(date) => match date.value(today(state)) {
            Ok(Some(day)) => Some(day.strftime("%a %-d %b %Y").to_string()),
            Ok(None) | Err(_) => None,
        },
        FieldKind::Line(_) => None,
    };
    let line = field.kind.line()?;
    if let Some(beside) = beside.filter(|beside| pen.room() > text::width(beside) + 12) {
        pen.right(&Line::styled(format!("  {beside}"), theme.known));
    }
    if line.value().is_empty() && !here {
        pen.fit(field.hint, Keep::Start, theme.known);
        return None;
    }
    pen.input(line, theme.read)
}

/// A box with words, a note and the buttons there are. Of the words those that are marked stand out.
pub(super) fn said(
    sheet: &mut Sheet<'_>,
    title: &str,
    words: &[(String, bool)],
    note: Option<&str>,
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
    let buttons = sheet.buttons();
    let foot = usize::from(!buttons.spans.is_empty());
    let inside = sheet.open(title, WIDTH, lines.len() + 2 * foot);
    let (above, below) = super::foot(inside, foot);
    sheet.scrolled(above, &lines, 0);
    pen::lines(sheet.buf, below, &[buttons], 0);
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::app::dialog::form::{
        ChoiceField, DateField, NumberField, PeopleField, Pickable, ToggleField, anything,
    };
    use crate::app::prompt::InputLine;
    use crate::app::state::Start;
    use crate::domain::id::UserId;
    use crate::ui::theme::Theme;

    fn form(place: usize) -> DialogForm<usize, ()> {
        let people = vec![Pickable {
            id: UserId::new("u1").unwrap(),
            name: "Adele Vance".into(),
            mail: "adele@contoso.com".into(),
        }];
        let mut people = PeopleField::of(people, 5);
        people.line = InputLine::with("ad");
        let date = DateField {
            line: InputLine::with("30d"),
        };
        let kinds = [
            ("Why", FieldKind::with("")),
            ("Policy", FieldKind::Choice(ChoiceField::of_many([], 0))),
            (
                "Mail",
                FieldKind::Toggle(ToggleField {
                    on: true,
                    yes: "a mail goes out",
                    no: "none",
                }),
            ),
            ("Sponsors", FieldKind::People(people)),
            ("Days", FieldKind::Number(NumberField::of(180, 1, 365))),
            ("Until", FieldKind::Date(date)),
        ];
        let fields = kinds.into_iter().enumerate();
        let fields = fields.map(|(name, (label, kind))| {
            FormField::new(name, label, kind, anything).hint("a hint")
        });
        let mut form = DialogForm::new("Test", "Go", fields.collect());
        form.mend(place, "Mend this".into());
        form
    }

    fn drawn(height: u16, place: usize) -> (String, Option<Position>) {
        let body = Rect::new(0, 0, 80, height);
        let mut buf = Buffer::empty(body);
        let mut sheet = Sheet {
            buf: &mut buf,
            body,
            theme: &Theme::mono(),
            keys: Vec::new(),
        };
        let now: Timestamp = "2026-05-12T09:41:00Z".parse().unwrap();
        let state = State::new(Start::at(now));
        let cursor = draw(&mut sheet, &form(place), Some("A caution"), &state);
        let row = |y| (0..80).map(|x| buf[(x, y)].symbol()).collect::<String>();
        let rows: Vec<String> = (0..height).map(|y| row(y).trim_end().to_owned()).collect();
        (rows.join("\n"), cursor)
    }

    #[test]
    fn every_kind_of_field_is_drawn_with_what_one_has_to_know_of_it() {
        let (screen, cursor) = drawn(12, 5);
        let expected = [
            "  ┌ Test ────────────────────────────────────────────────────────────────────┐",
            "  │   Why       a hint                                                       │",
            "  │   Policy    a hint                                                       │",
            "  │   Mail      [x] a mail goes out                                          │",
            "  │   Sponsors  ad                       ‹ Adele Vance adele@contoso.com › 1 │",
            "  │   Days      180                                                 1 to 365 │",
            "  │ > Until     30d                                          Thu 11 Jun 2026 │",
            "  │                                                                          │",
            "  │             [ Go ]                                                       │",
            "  │ Mend this                                                                │",
            "  │ A caution                                                                │",
            "  └──────────────────────────────────────────────────────────────────────────┘",
        ];
        assert_eq!(screen, expected.join("\n"));
        assert_eq!(cursor, Some(Position::new(19, 6)));
    }

    #[test]
    fn with_little_room_the_field_with_the_keyboard_and_what_is_wrong_stay() {
        for place in 0..6 {
            let (screen, cursor) = drawn(4, place);
            assert!(screen.contains("Mend this"), "{screen}");
            assert!(!screen.contains("A caution"), "{screen}");
            let label = ["Why", "Policy", "Mail", "Sponsors", "Days", "Until"][place];
            assert!(screen.contains(&format!("> {label}")), "{screen}");
            assert_eq!(cursor.is_some(), ![1, 2].contains(&place), "{screen}");
        }
    }
}
