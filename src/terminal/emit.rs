//! The difference of two pictures as bytes, few of them.
//!
//! ratatui's backend moves to an absolute place and prints cell by cell; here moves are relative where that is
//! shorter, blanks are erased rather than written, and a look is only written when it changes.

use std::io::Write as _;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

use super::pen::PenStyle;

/// A run of blanks shorter than this is written; erasing and jumping over it would not be shorter.
const ERASE_FROM: u16 = 10;
/// Unchanged cells up to this many bytes are written again rather than jumped over.
const REWRITE_UP_TO: usize = 4;

/// What one column of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScreenColumn<'a> {
    /// A glyph begins here and takes 1 or 2 columns.
    Glyph(&'a str, u16, PenStyle),
    /// The second half of the glyph to the left.
    Covered,
}

impl ScreenColumn<'_> {
    /// A blank that erasing gives.
    fn is_empty(self) -> bool {
        matches!(self, ScreenColumn::Glyph(" ", _, PenStyle::PLAIN))
    }
}

/// Where the terminal's cursor and pen are while a difference is written.
struct Emitter<'out> {
    out: &'out mut Vec<u8>,
    pen: PenStyle,
    /// `None` when the terminal may think otherwise than we do: at the beginning, behind the last column,
    /// and behind glyphs whose width terminals disagree about.
    at: Option<(u16, u16)>,
}

/// Appends to `out` what turns a terminal that shows `from` into one that shows `to`. Both have the same
/// area; `None` stands for an empty screen. The pen is plain before and after.
pub(super) fn difference(from: Option<&Buffer>, to: &Buffer, out: &mut Vec<u8>) {
    let width = usize::from(to.area.width);
    if width == 0 {
        return;
    }
    let mut emitter = Emitter {
        out,
        pen: PenStyle::PLAIN,
        at: None,
    };
    let (mut old, mut new) = (Vec::new(), Vec::new());
    let nothing = vec![Cell::EMPTY; width];
    for (y, cells) in to.content.chunks(width).enumerate() {
        let before = from.map_or(&nothing[..], |from| &from.content[y * width..][..width]);
        if before == cells {
            continue;
        }
        show(before, &mut old);
        show(cells, &mut new);
        if let Ok(y) = u16::try_from(y) {
            emitter.row(y, &old, &new);
        }
    }
    emitter.look(PenStyle::PLAIN);
}

/// Appends a move to an absolute place.
pub(super) fn move_to(x: u16, y: u16, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail, here and below.
    let _ = match (x, y) {
        (0, 0) => out.write_all(b"\x1b[H"),
        (0, _) => write!(out, "\x1b[{}H", y + 1),
        _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
}

/// What a row of cells looks like: halves of wide glyphs found, what cannot be shown made blank.
fn show<'a>(cells: &'a [Cell], shown: &mut Vec<ScreenColumn<'a>>) {
    shown.clear();
    while let Some(cell) = cells.get(shown.len()) {
        let left = cells.len() - shown.len();
        let symbol = cell.symbol();
        let look = PenStyle {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        };
        let width = if symbol.len() == 1 { 1 } else { symbol.width() };
        // A control character would move the cursor or worse; half a glyph cannot be shown.
        if symbol == " "
            || width == 0
            || width > 2
            || width > left
            || symbol.chars().any(char::is_control)
        {
            shown.push(ScreenColumn::Glyph(" ", 1, look.on_blank()));
        } else if width == 1 {
            shown.push(ScreenColumn::Glyph(symbol, 1, look));
        } else {
            shown.push(ScreenColumn::Glyph(symbol, 2, look));
            shown.push(ScreenColumn::Covered);
        }
    }
}

/// Terminals agree about the width of this glyph, or at least so far that nobody has been seen to differ.
fn width_is_certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let single = chars.next().filter(|_| chars.next().is_none());
    // Symbols that some terminals draw as emoji of two columns begin at U+2600; the wide scripts from
    // U+2E80 on are as old as terminals that know wide glyphs at all.
    single.is_some_and(|c| matches!(c, '\0'..='\u{25ff}' | '\u{2e80}'..='\u{ffff}'))
}

impl Emitter<'_> {
    fn row(&mut self, y: u16, old: &[ScreenColumn], new: &[ScreenColumn]) {
        let width = columns(new.len());
        // From here to the end of the line there is nothing to see.
        let empty_from = columns(
            new.iter()
                .rposition(|shown| !shown.is_empty())
                .map_or(0, |last| last + 1),
        );
        let mut x = 0;
        while x < width {
            let at = usize::from(x);
            let ScreenColumn::Glyph(symbol, wide, look) = new[at] else {
                x += 1;
                continue;
            };
            if old[at] == new[at] {
                x += wide;
                continue;
            }
            if x >= empty_from {
                // Up to three blanks are not longer than the sequence, but a move may still follow.
                self.go(x, y, new);
                self.look(PenStyle::PLAIN);
                if width - x > 3 {
                    self.out.extend_from_slice(b"\x1b[K");
                } else {
                    self.blanks(width - x, width);
                }
                return;
            }
            let run = columns(
                new[at..]
                    .iter()
                    .take_while(|shown| shown.is_empty())
                    .count(),
            );
            let changed = old[at..at + usize::from(run)]
                .iter()
                .zip(&new[at..])
                .rposition(|(old, new)| old != new)
                .map_or(0, |last| columns(last + 1));
            if changed >= ERASE_FROM {
                self.go(x, y, new);
                self.look(PenStyle::PLAIN);
                let _ = write!(self.out, "\x1b[{changed}X");
                x += changed;
                continue;
            }
            self.go(x, y, new);
            self.look(look);
            self.glyph(symbol, wide, width);
            x += wide;
        }
    }

    fn glyph(&mut self, symbol: &str, wide: u16, width: u16) {
        self.out.extend_from_slice(symbol.as_bytes());
        self.at = self
            .at
            .map(|(x, y)| (x + wide, y))
            .filter(|(x, _)| *x < width && width_is_certain(symbol));
    }

    fn blanks(&mut self, count: u16, width: u16) {
        for _ in 0..count {
            self.glyph(" ", 1, width);
        }
    }

    fn look(&mut self, look: PenStyle) {
        self.pen.change(look, self.out);
        self.pen = look;
    }

    /// Moves to a place, by the shortest way. `row` is what the row shows afterwards: everything left of `x`
    /// is already so.
    fn go(&mut self, x: u16, y: u16, row: &[ScreenColumn]) {
        if self.at == Some((x, y)) {
            return;
        }
        if let Some((from, _)) = self.at.filter(|(from, row)| *row == y && *from < x) {
            let gap = &row[usize::from(from)..usize::from(x)];
            if let Some(bytes) = self.rewrite(gap) {
                self.out.extend_from_slice(&bytes);
            } else {
                let _ = match x - from {
                    1 => self.out.write_all(b"\x1b[C"),
                    n => write!(self.out, "\x1b[{n}C"),
                };
            }
        } else {
            move_to(x, y, self.out);
        }
        self.at = Some((x, y));
    }

    /// The bytes of unchanged cells, if writing them again is no longer than a jump and needs no other pen.
    fn rewrite(&self, gap: &[ScreenColumn]) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(REWRITE_UP_TO);
        for shown in gap {
            match shown {
                ScreenColumn::Glyph(symbol, _, look)
                    if *look == self.pen && width_is_certain(symbol) =>
                {
                    bytes.extend_from_slice(symbol.as_bytes());
                }
                ScreenColumn::Covered if !bytes.is_empty() => {}
                _ => return None,
            }
            if bytes.len() > REWRITE_UP_TO {
                return None;
            }
        }
        Some(bytes)
    }
}

/// A count of columns: rows are as long as a `u16`, so it always fits.
fn columns(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
