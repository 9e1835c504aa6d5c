//! [`Pen`]: writes into one line of a region and never beyond its end.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line as Words;

use super::text::{self, Keep};
use super::theme::Theme;
use crate::app::layout::ScreenArea;
use crate::app::prompt::InputLine;

/// The part of the screen an area of the layout is, as far as there is screen.
pub(super) fn rect(area: ScreenArea, screen: Rect) -> Rect {
    Rect {
        x: screen.x.saturating_add(area.x),
        y: screen.y.saturating_add(area.y),
        width: area.width,
        height: area.height,
    }
    .intersection(screen)
}

/// One line of a region; `None` where it has no such line.
pub(super) fn row(region: Rect, line: usize) -> Option<Rect> {
    let line = u16::try_from(line)
        .ok()
        .filter(|line| *line < region.height)?;
    Some(Rect {
        y: region.y + line,
        height: 1,
        ..region
    })
}

/// Writes from left to right within a line.
pub(super) struct Pen<'a> {
    buf: &'a mut Buffer,
    x: u16,
    y: u16,
    end: u16,
}

impl<'a> Pen<'a> {
    /// A pen at the beginning of a region's first line.
    pub(super) fn new(buf: &'a mut Buffer, region: Rect) -> Self {
        let region = region.intersection(buf.area);
        Self {
            x: region.x,
            y: region.y,
            // Nothing can be written where the region has no line.
            end: if region.height == 0 {
                region.x
            } else {
                region.right()
            },
            buf,
        }
    }

    /// Cells left.
    pub(super) fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Writes `text` as far as there is room.
    pub(super) fn put(&mut self, text: &str, style: Style) -> &mut Self {
        if text.is_ascii() {
            for byte in text.bytes().filter(|byte| !byte.is_ascii_control()) {
                if self.x >= self.end {
                    return self;
                }
                self.cell(char::from(byte).encode_utf8(&mut [0; 4]), 1, style);
            }
            return self;
        }
        for (grapheme, cells) in text::graphemes(text) {
            if cells > self.room() {
                return self;
            }
            self.cell(grapheme, u16::try_from(cells).unwrap_or(u16::MAX), style);
        }
        self
    }

    fn cell(&mut self, symbol: &str, cells: u16, style: Style) {
        self.buf[(self.x, self.y)]
            .set_symbol(symbol)
            .set_style(style);
        for behind in 1..cells {
            // Hidden by the wide character: a difference there is none.
            self.buf[(self.x + behind, self.y)].reset();
        }
        self.x += cells;
    }

    /// Writes `text`, cut to the room there is.
    pub(super) fn fit(&mut self, text: &str, keep: Keep, style: Style) -> &mut Self {
        let cut = text::cut(text, self.room(), keep);
        self.put(&cut, style)
    }

    /// Writes spans as far as there is room.
    pub(super) fn words(&mut self, words: &Words<'_>) -> &mut Self {
        for span in &words.spans {
            self.put(&span.content, span.style);
        }
        self
    }

    /// Steps over so many cells.
    pub(super) fn skip(&mut self, cells: usize) -> &mut Self {
        let cells = cells.min(self.room());
        self.x += u16::try_from(cells).unwrap_or(0);
        self
    }

    /// Fills what is left of the line.
    pub(super) fn fill(&mut self, symbol: &str, style: Style) -> &mut Self {
        while self.x < self.end {
            self.cell(symbol, 1, style);
        }
        self
    }

    /// Writes `text` so that it ends where the line does, if it fits whole; the room before it is what is
    /// left then.
    pub(super) fn right(&mut self, words: &Words<'_>) -> &mut Self {
        let width: usize = words
            .spans
            .iter()
            .map(|span| text::width(&span.content))
            .sum();
        if width > self.room() {
            return self;
        }
        let (x, end) = (self.x, self.end);
        self.x = end - u16::try_from(width).unwrap_or(0);
        let begin = self.x;
        self.words(words);
        (self.x, self.end) = (x, begin);
        self
    }

    /// Writes what of an input's line is in view into the rest of this one; says where its cursor stands.
    pub(super) fn input(&mut self, line: &InputLine, style: Style) -> Option<Position> {
        if self.room() == 0 {
            return None;
        }
        let (scroll, cursor) = line.view(self.room());
        let (start, y) = (self.x, self.y);
        let mut passed = 0;
        for (grapheme, cells) in text::graphemes(line.value()) {
            if passed >= scroll {
                if cells > self.room() {
                    break;
                }
                self.cell(grapheme, u16::try_from(cells).unwrap_or(1), style);
            }
            passed += cells;
        }
        let x = start
            .saturating_add(u16::try_from(cursor).unwrap_or(u16::MAX))
            .min(self.end - 1);
        Some(Position { x, y })
    }
}

/// Lines of words, from the top of a region, those above `top` left out.
pub(super) fn lines(buf: &mut Buffer, region: Rect, lines: &[Words<'_>], top: usize) {
    for (at, words) in lines.iter().skip(top).enumerate() {
        let Some(row) = row(region, at) else { return };
        Pen::new(buf, row).words(words);
    }
}

/// Sentences wrapped to a region's width.
pub(super) fn sentences(sentences: &str, room: u16, style: Style) -> Vec<Words<'_>> {
    text::wrap(sentences, usize::from(room))
        .into_iter()
        .map(|line| Words::styled(line, style))
        .collect()
}

/// Makes a region blank. A wide character that reaches into it from the left goes too.
pub(super) fn clear(buf: &mut Buffer, region: Rect) {
    let region = region.intersection(buf.area);
    for y in region.top()..region.bottom() {
        if region.x > buf.area.x {
            let before = &mut buf[(region.x - 1, y)];
            if text::width(before.symbol()) > 1 {
                before.set_symbol(" ");
            }
        }
        for x in region.left()..region.right() {
            buf[(x, y)].reset();
        }
    }
}

/// A box with a title on its upper border; what is inside is blank.
pub(super) fn frame(buf: &mut Buffer, region: Rect, title: &Words<'_>, theme: &Theme) -> Rect {
    clear(buf, region);
    let style = theme.known;
    let Some(inside) = region.height.checked_sub(2) else {
        return Rect::ZERO;
    };
    if region.width < 2 {
        return Rect::ZERO;
    }
    border(buf, region, ["┌", "┐"], title, theme);
    for y in 1..=inside {
        if let Some(line) = row(region, usize::from(y)) {
            let side = Rect { width: 1, ..line };
            Pen::new(buf, side).put("│", style);
            let side = Rect {
                x: line.right() - 1,
                width: 1,
                ..line
            };
            Pen::new(buf, side).put("│", style);
        }
    }
    if let Some(last) = row(region, usize::from(inside) + 1) {
        border(buf, last, ["└", "┘"], &Words::default(), theme);
    }
    Rect {
        x: region.x + 1,
        y: region.y + 1,
        width: region.width - 2,
        height: inside,
    }
}

/// A horizontal border with its corners and what stands on it.
pub(super) fn border(
    buf: &mut Buffer,
    line: Rect,
    corners: [&str; 2],
    title: &Words<'_>,
    theme: &Theme,
) {
    let style = theme.known;
    let mut pen = Pen::new(buf, line);
    pen.right(&Words::styled(corners[1], style))
        .put(corners[0], style);
    if !title.spans.is_empty() {
        let room = pen.room().saturating_sub(3);
        let mut title = title.clone();
        shorten(&mut title, room);
        if !title.spans.is_empty() {
            pen.put(" ", style).words(&title).put(" ", style);
        }
    }
    pen.fill("─", style);
}

/// Cuts spans to the room there is.
pub(super) fn shorten(words: &mut Words<'_>, room: usize) {
    let mut left = room;
    let mut kept = Vec::with_capacity(words.spans.len());
    for span in words.spans.drain(..) {
        let width = text::width(&span.content);
        if width <= left {
            left -= width;
            kept.push(span);
            continue;
        }
        let cut = text::cut(&span.content, left, Keep::Start).into_owned();
        if !cut.is_empty() {
            kept.push(ratatui::text::Span::styled(cut, span.style));
        }
        break;
    }
    words.spans = kept;
}

/// Says at the foot of a region that its lines go on.
pub(super) fn more(buf: &mut Buffer, region: Rect, lines: usize, top: usize, theme: &Theme) {
    let height = usize::from(region.height);
    if top + height < lines
        && let Some(row) = row(region, height.saturating_sub(1))
    {
        Pen::new(buf, row).right(&Words::styled(" ▼ more", theme.accent));
    }
}
