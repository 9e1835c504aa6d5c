//! Every command by name.

use ratatui::layout::{Position, Rect};

use super::Sheet;
use crate::app::available;
use crate::app::dialog::palette::{Does, Palette};
use crate::app::keymap::commands;
use crate::app::state::State;
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};

pub(super) fn draw(sheet: &mut Sheet<'_>, palette: &Palette, state: &State) -> Option<Position> {
    let theme = *sheet.theme;
    let matches = palette.matches(state);
    // One height for all that can be typed: a box that jumps with each letter is hard to read.
    let inside = sheet.open("Command", 88, commands().len().min(16) + 1);
    let names = commands()
        .iter()
        .map(|entry| text::width(entry.name))
        .chain(matches.iter().map(|offer| text::width(&offer.name)))
        .max()
        .unwrap_or(0);
    let mut pen = Pen::new(sheet.buf, inside);
    pen.put(": ", theme.accent);
    let cursor = pen.input(&palette.line, theme.read);
    let list = Rect {
        y: inside.y.saturating_add(1),
        height: inside.height.saturating_sub(1),
        ..inside
    };
    if matches.is_empty()
        && let Some(row) = pen::row(list, 0)
    {
        Pen::new(sheet.buf, row).fit("No command has these words", Keep::Start, theme.known);
    }
    let top = (palette.cursor + 1).saturating_sub(usize::from(list.height));
    for (at, offer) in matches.iter().enumerate().skip(top) {
        let Some(row) = pen::row(list, at - top) else {
            break;
        };
        let here = at == palette.cursor;
        let why = available(state, offer.means()).err();
        let read = if why.is_some() {
            theme.known
        } else {
            theme.read
        };
        let look = |style| if here { theme.selected } else { style };
        let mut pen = Pen::new(sheet.buf, row);
        let name = format!("{:names$}  ", offer.name);
        let shown = match offer.does {
            Does::Run(command) => state
                .setup
                .keymap
                .keys(command)
                .first()
                .map_or("", String::as_str),
            Does::View(_) => "",
        };
        let keys = format!("{shown:8}  ");
        pen.put(if here { "> " } else { "  " }, look(theme.accent))
            .put(&name, look(read))
            .put(&keys, look(theme.known));
        match why {
            Some(why) => pen.fit(&format!("off: {why}"), Keep::Start, look(theme.known)),
            None => pen.fit(&offer.title, Keep::Start, look(read)),
        };
        if here {
            pen.fill(" ", theme.selected);
        }
    }
    cursor
}
