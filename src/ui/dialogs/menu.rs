//! A short list of choices.

use ratatui::text::Line;

use super::Sheet;
use crate::app::dialog::menu::Menu;
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};

pub(super) fn draw(sheet: &mut Sheet<'_>, menu: &Menu) {
    let theme = *sheet.theme;
    let label = menu
        .choices
        .iter()
        .map(|choice| text::width(&choice.label))
        .max()
        .unwrap_or(0);
    let hint = menu
        .choices
        .iter()
        .map(|choice| text::width(&choice.hint))
        .max()
        .unwrap_or(0);
    let wide = (label + hint + 12).max(text::width(&menu.title) + 8);
    let wide = u16::try_from(wide).unwrap_or(u16::MAX);
    // What does not fit beside its label is said whole below, for the one under the cursor.
    let narrow = sheet.room(wide) + 4 < wide;
    let room = sheet.room(wide);
    let below: Vec<Line<'_>> = menu
        .choices
        .get(menu.cursor)
        .filter(|_| narrow)
        .map(|choice| pen::sentences(&choice.hint, room, theme.known))
        .unwrap_or_default();
    let most = usize::from(sheet.body.height.saturating_sub(2)).saturating_sub(menu.choices.len());
    // Room for the longest, so that the box does not jump with the cursor.
    let reserved = if narrow {
        hint.div_ceil(usize::from(room).max(1))
            .max(below.len())
            .min(most)
    } else {
        0
    };
    let inside = sheet.open(&menu.title, wide, menu.choices.len() + reserved);
    let (inside, foot) = super::foot(inside, reserved);
    pen::lines(sheet.buf, foot, &below, 0);
    let height = usize::from(inside.height);
    // The cursor stays in view.
    let top = (menu.cursor + 1).saturating_sub(height);
    for (at, choice) in menu.choices.iter().enumerate().skip(top) {
        let Some(row) = pen::row(inside, at - top) else {
            return;
        };
        let here = at == menu.cursor;
        let look = |style| if here { theme.selected } else { style };
        let mut pen = Pen::new(sheet.buf, row);
        pen.put(if here { "> " } else { "  " }, look(theme.accent))
            .put(choice.key.encode_utf8(&mut [0; 4]), look(theme.accent))
            .put("  ", look(theme.read))
            .put(&choice.label, look(theme.read));
        let gap = label - text::width(&choice.label) + 2;
        pen.put(&" ".repeat(gap), look(theme.read)).fit(
            &choice.hint,
            Keep::Start,
            look(theme.known),
        );
        if here {
            pen.fill(" ", theme.selected);
        }
    }
}
