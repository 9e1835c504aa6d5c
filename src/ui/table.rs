//! A list of rows, of which only those on screen are looked at: a hundred thousand cost what forty cost.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::pen::{self, Pen};
use super::text::{self, Keep};
use super::theme::Theme;
use crate::app::basket::Decision;
use crate::app::state::{Pane, State};
use crate::inventory::table::{Row, Sort, Table};

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Its name, as filter and sort know it.
    pub(super) name: &'static str,
    /// What stands over it.
    pub(super) head: &'static str,
    /// Columns with a higher rank are left out first.
    pub(super) rank: u8,
    /// With less than this it is left out.
    pub(super) least: u16,
    /// What it gets before any column gets more.
    pub(super) good: u16,
    /// What it gets where there is plenty.
    pub(super) want: u16,
    /// Numbers stand at the right of their column.
    pub(super) right: bool,
    /// What of it must be seen.
    pub(super) keep: Keep,
}

impl Column {
    /// A column of words.
    pub(super) const fn new(
        name: &'static str,
        head: &'static str,
        rank: u8,
        widths: [u16; 3],
    ) -> Self {
        Self {
            name,
            head,
            rank,
            least: widths[0],
            good: widths[1],
            want: widths[2],
            right: false,
            keep: Keep::Start,
        }
    }

    /// The same with its words at the right.
    pub(super) const fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// The same with another part of its words to be seen.
    pub(super) const fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }
}

/// Cells between columns.
const GAP: u16 = 2;
/// Cursor, mark, verdict, and a space.
const GUTTER: u16 = 4;
/// A cell of air at the right end.
const AIR: u16 = 1;

/// The columns there is room for, with their widths, from left to right.
pub(super) fn widths(columns: &'static [Column], room: u16) -> Vec<(&'static Column, u16)> {
    fitting(&columns.iter().collect::<Vec<_>>(), room)
}

/// The same of columns that were chosen.
fn fitting(columns: &[&'static Column], room: u16) -> Vec<(&'static Column, u16)> {
    // Which: in the order of their rank, as long as the least fits beside the good of the others.
    let mut ranked: Vec<usize> = (0..columns.len()).collect();
    ranked.sort_by_key(|&at| columns[at].rank);
    let mut chosen: Vec<usize> = Vec::new();
    let mut used = 0;
    for at in ranked {
        let gap = if chosen.is_empty() { 0 } else { GAP };
        // The last in rank are a luxury: they do not make the others narrow.
        let others = if columns[at].rank > LUXURY {
            let good: u16 = chosen.iter().map(|&at| columns[at].good).sum();
            good + GAP * u16::try_from(chosen.len().saturating_sub(1)).unwrap_or(0)
        } else {
            used
        };
        if others + gap + columns[at].least <= room {
            used += gap + columns[at].least;
            chosen.push(at);
        }
    }
    let mut spare = room.saturating_sub(used);
    chosen.sort_unstable();
    let mut fitted: Vec<(&Column, u16)> = chosen
        .into_iter()
        .map(|at| (columns[at], columns[at].least))
        .collect();
    // To what is good a cell each in turn, then to what is wanted from the left.
    while spare > 0 {
        let mut grown = false;
        for (column, width) in &mut fitted {
            if *width < column.good && spare > 0 && column.name != "signal" {
                *width += 1;
                spare -= 1;
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    // Signals say most, so they grow first; with less room than a word takes they are a number.
    let grow = |width: &mut u16, column: &Column, spare: &mut u16| {
        let more = column.want.saturating_sub(*width).min(*spare);
        *width += more;
        *spare -= more;
    };
    for first in [true, false] {
        for (column, width) in &mut fitted {
            let signal = column.name == "signal";
            if signal == first && (!signal || *width + spare >= column.good) {
                grow(width, column, &mut spare);
            }
        }
    }
    fitted
}

/// From this rank on a column is shown only where the others have what is good for them.
const LUXURY: u8 = 6;

/// What stands in one cell.
pub(super) struct Cell<'a> {
    /// Its words.
    pub(super) text: Cow<'a, str>,
    /// Their look; the row's own where there is none.
    pub(super) style: Option<Style>,
}

impl<'a> Cell<'a> {
    /// Words that look like the row.
    pub(super) fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            style: None,
        }
    }

    /// Words with a look of their own.
    pub(super) fn styled(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self {
            text: text.into(),
            style: Some(style),
        }
    }
}

/// A kind of row that can be shown.
pub(super) trait ShownRow: Row {
    /// Its columns, from left to right.
    const LAYOUT: &'static [Column];

    /// Those that are wanted now, from left to right.
    fn wanted(_state: &State) -> Vec<&'static Column> {
        Self::LAYOUT.iter().collect()
    }

    /// What a list of them says that was read and has none.
    fn nothing(state: &State) -> String;

    /// One cell, for a column of that width.
    fn show<'a>(
        &'a self,
        column: &'static str,
        width: usize,
        state: &State,
        theme: &Theme,
    ) -> Cell<'a>;

    /// What stands between the verdict and the first column: nothing, or the glyph of what is new.
    fn glyph(&self, _state: &State) -> &'static str {
        " "
    }

    /// The decision staged on the row.
    fn staged<'a>(&self, _state: &'a State) -> Option<&'a Decision> {
        None
    }

    /// Whether it is known rather than to be read: nothing one could act on.
    fn quiet(&self) -> bool {
        false
    }
}

/// How a row stands in its list.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowHighlight {
    /// Under the cursor.
    pub(super) cursor: bool,
    /// In the pane with the keyboard.
    pub(super) focused: bool,
    /// Marked.
    pub(super) marked: bool,
}

/// Draws the heads of the columns.
pub(super) fn head<R: ShownRow>(
    buf: &mut Buffer,
    region: Rect,
    sort: Sort,
    (state, theme): (&State, &Theme),
) {
    let columns = columns::<R>(region, state);
    // Within mine and the others it is the age that sorts; where nothing says who decides, that is what one sees.
    let by = columns.iter().any(|(column, _)| column.name == sort.column);
    let shown = match sort.column {
        "by" if !by => "age",
        column => column,
    };
    let mut pen = Pen::new(buf, region);
    pen.skip(usize::from(GUTTER));
    for (at, (column, width)) in columns.iter().enumerate() {
        if at > 0 {
            pen.skip(usize::from(GAP));
        }
        let sorted = column.name == shown;
        let arrow = match (sorted, sort.descending) {
            (false, _) => "",
            (true, false) => "▲",
            (true, true) => "▼",
        };
        let style = if sorted { theme.strong } else { theme.known };
        let words = format!("{}{arrow}", column.head);
        let words = if text::width(&words) > usize::from(*width) && sorted {
            // Where both do not fit the arrow matters more than the last letters.
            let room = usize::from(*width).saturating_sub(1);
            format!(
                "{}{arrow}",
                column.head.chars().take(room).collect::<String>()
            )
        } else {
            words
        };
        put_column(
            &mut pen,
            &words,
            usize::from(*width),
            column.right,
            Keep::Start,
            style,
        );
    }
}

fn put_column(pen: &mut Pen<'_>, words: &str, width: usize, right: bool, keep: Keep, style: Style) {
    let cut = text::cut(words, width.min(pen.room()), keep);
    let blank = width.saturating_sub(text::width(&cut));
    if right {
        pen.skip(blank).put(&cut, style);
    } else {
        pen.put(&cut, style).skip(blank);
    }
}

/// Draws the rows of a list from `top` on.
pub(super) fn rows<R: ShownRow>(
    buf: &mut Buffer,
    region: Rect,
    table: &Table<R>,
    pane: Pane,
    (state, theme): (&State, &Theme),
) {
    let columns = columns::<R>(region, state);
    for line in 0..usize::from(region.height) {
        let (Some(row), Some(at)) = (table.at(table.top() + line), pen::row(region, line)) else {
            return;
        };
        let highlight = RowHighlight {
            cursor: table.top() + line == table.cursor(),
            focused: state.screen.focus == pane,
            marked: table.marked(row.id()),
        };
        self::row(buf, at, row, highlight, &columns, (state, theme));
    }
}

/// Draws one row.
pub(super) fn row<R: ShownRow>(
    buf: &mut Buffer,
    line: Rect,
    row: &R,
    highlight: RowHighlight,
    columns: &[(&'static Column, u16)],
    (state, theme): (&State, &Theme),
) {
    let selected = highlight.cursor && highlight.focused;
    let own = if selected {
        theme.selected
    } else if row.quiet() {
        theme.known
    } else {
        theme.read
    };
    // The selected row has one look from end to end: colours turned round are hard to read.
    let look = |style: Style| if selected { own } else { style };
    let mut pen = Pen::new(buf, line);
    pen.put(if highlight.cursor { ">" } else { " " }, look(theme.accent));
    pen.put(if highlight.marked { "•" } else { " " }, look(theme.accent));
    let decision = row.staged(state);
    match decision {
        Some(decision) if decision.sending => pen.put("…", look(theme.known)),
        Some(decision) if decision.failed.is_some() => pen.put("!", look(theme.error)),
        Some(decision) => pen.put(
            decision.kind.about().glyph.encode_utf8(&mut [0; 4]),
            look(
                theme
                    .tone(decision.kind.about().tone)
                    .add_modifier(Modifier::BOLD),
            ),
        ),
        None => pen.put(" ", own),
    };
    pen.put(row.glyph(state), look(theme.accent));
    for (at, (column, width)) in columns.iter().enumerate() {
        if at > 0 {
            pen.put("  ", own);
        }
        let cell = row.show(column.name, usize::from(*width), state, theme);
        let style = look(cell.style.unwrap_or(own));
        put_column(
            &mut pen,
            &cell.text,
            usize::from(*width),
            column.right,
            column.keep,
            style,
        );
    }
    if selected {
        buf.set_style(line, own);
    }
}

/// The columns of a list that has the width of `region`.
pub(super) fn columns<R: ShownRow>(region: Rect, state: &State) -> Vec<(&'static Column, u16)> {
    fitting(&R::wanted(state), region.width.saturating_sub(GUTTER + AIR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::rows::{GuestRow, JournalRow, PolicyRow, RequestRow};

    fn heads<R: ShownRow>(room: u16) -> String {
        let words: Vec<String> = widths(R::LAYOUT, room)
            .iter()
            .map(|(column, width)| format!("{}:{width}", column.name))
            .collect();
        words.join(" ")
    }

    #[test]
    fn columns_never_take_more_room_than_there_is() {
        fn check<R: ShownRow>() {
            for room in 0..400 {
                let columns = widths(R::LAYOUT, room);
                let used: u16 = columns.iter().map(|(_, width)| width).sum();
                let gaps = GAP * u16::try_from(columns.len().saturating_sub(1)).unwrap();
                assert!(columns.is_empty() || used + gaps <= room, "{room}");
            }
        }
        check::<RequestRow>();
        check::<PolicyRow>();
        check::<GuestRow>();
        check::<JournalRow>();
    }

    #[test]
    fn the_queue_shows_whom_and_what_first() {
        assert_eq!(heads::<RequestRow>(36), "age:4 name:9 domain:15 signal:2");
    }
}
