//! What an earlier session had staged and not sent.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::acts::kept::KeptDecision;
use crate::acts::{ActKind, Target};
use crate::app::state::State;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
    const WIDTH: u16 = 76;
    let theme = *sheet.theme;
    let Some(kept) = &state.keeping.offer else {
        sheet.open("Nothing is kept", WIDTH, 1);
        return;
    };
    let counts = ActKind::staged()
        .map(|verdict| {
            let count = kept.decisions.iter().filter(|d| d.kind == verdict).count();
            (verdict, count)
        })
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{} {}", text::thousands(count), verdict.about().verb))
        .collect::<Vec<_>>()
        .join(", ");
    let room = sheet.room(WIDTH);
    let words = format!(
        "{counts}: staged until {} and not sent. Restoring stages them again; those decided elsewhere \
         meanwhile are taken out, and you are told. Nothing is sent.",
        state.clock(kept.saved)
    );
    let mut lines: Vec<Line<'_>> = text::wrap(&words, usize::from(room))
        .into_iter()
        .map(|line| Line::styled(line.to_string(), theme.read))
        .collect();
    lines.push(Line::default());
    let most = usize::from(sheet.body.height).saturating_sub(lines.len() + 4);
    let shown = if kept.decisions.len() > most {
        most.saturating_sub(1)
    } else {
        kept.decisions.len()
    };
    for decision in &kept.decisions[..shown] {
        let glyph = decision.kind.about().glyph;
        lines.push(Line::from(vec![
            Span::styled(format!("{glyph} "), theme.tone(decision.kind.about().tone)),
            Span::styled(who(state, decision), theme.read),
        ]));
    }
    let rest = kept.decisions.len() - shown;
    if rest > 0 {
        lines.push(Line::styled(
            format!("and {} more", text::thousands(rest)),
            theme.known,
        ));
    }
    let title = match kept.decisions.len() {
        1 => "1 decision of an earlier session".to_owned(),
        n => format!("{} decisions of an earlier session", text::thousands(n)),
    };
    let inside = sheet.open(&title, WIDTH, lines.len() + 2);
    let (above, below) = super::foot(inside, 1);
    sheet.scrolled(above, &lines, 0);
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, below, &[buttons], 0);
}

/// Whom it is about, as far as the lists know by now: no names are kept.
fn who(state: &State, kept: &KeptDecision) -> String {
    match &kept.target {
        Target::Request(id) => state.data.requests.get(id).map_or_else(
            || "not in the queue now".into(),
            |row| {
                let person = row.request.subject();
                format!("{}, {}", person.name.or("(no name)"), person.mail)
            },
        ),
        Target::Guest(id) => state.data.guests.get(id).map_or_else(
            || "not among the guests read so far".into(),
            |row| {
                format!(
                    "{}, {}",
                    row.guest.name.or("(no name)"),
                    row.guest.address()
                )
            },
        ),
        Target::Address(_) | Target::Assignment(_) => kept.target.as_str().to_owned(),
    }
}
