//! Pictures in, bytes out: two buffers, the difference between them, the cursor.

use std::mem;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::emit;

/// DECSET 2026: the terminal shows what comes in between at once, so no half-drawn frame is seen.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Draws frame after frame and says which bytes bring a terminal from one to the next.
///
/// Knows nothing of a real terminal, so tests run it against a terminal emulator.
#[derive(Debug)]
pub struct Frames {
    current: Buffer,
    /// What the terminal shows; `None` when that is not known, and everything must be drawn.
    shown: Option<Buffer>,
    /// What the buffer of the next frame is made of, kept to save the allocation.
    spare: Buffer,
    cursor: Cursor,
    bytes: Vec<u8>,
}

/// Where the terminal's cursor is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Unknown,
    Hidden,
    At(Position),
}

impl Frames {
    /// Frames of the given size in cells; the first draws everything.
    pub fn new(width: u16, height: u16) -> Self {
        let area = Rect::new(0, 0, width, height);
        Self {
            current: Buffer::empty(area),
            shown: None,
            spare: Buffer::empty(area),
            cursor: Cursor::Unknown,
            bytes: Vec::new(),
        }
    }

    /// The area that is drawn on.
    pub fn area(&self) -> Rect {
        self.current.area
    }

    /// The picture that was drawn last.
    pub fn picture(&self) -> &Buffer {
        self.shown.as_ref().unwrap_or(&self.current)
    }

    /// Takes the size of the terminal in cells. The next frame draws everything, even when the size is the
    /// same: while it was resized the terminal may have moved what it showed.
    pub fn resize(&mut self, width: u16, height: u16) {
        let area = Rect::new(0, 0, width, height);
        self.current = Buffer::empty(area);
        self.spare = Buffer::empty(area);
        self.clear();
    }

    /// Forgets what the terminal shows: the next frame draws everything.
    pub fn clear(&mut self) {
        self.shown = None;
        self.cursor = Cursor::Unknown;
    }

    /// Draws a frame on an empty buffer and returns the bytes that show it; none at all when the terminal
    /// shows it already. `draw` returns where the cursor is to be seen, if anywhere.
    pub fn draw(&mut self, draw: impl FnOnce(Rect, &mut Buffer) -> Option<Position>) -> &[u8] {
        self.current.reset();
        let area = self.current.area;
        let cursor = draw(area, &mut self.current).filter(|place| area.contains(*place));
        let cursor = cursor.map_or(Cursor::Hidden, Cursor::At);

        self.bytes.clear();
        self.bytes.extend_from_slice(BEGIN);
        if self.shown.is_none() {
            // Hidden first, for terminals without DECSET 2026.
            self.bytes.extend_from_slice(b"\x1b[?25l\x1b[m\x1b[2J");
            self.cursor = Cursor::Hidden;
        }
        let bare = BEGIN.len();
        emit::difference(self.shown.as_ref(), &self.current, &mut self.bytes);
        let moved = self.bytes.len() > bare;
        self.set_cursor(cursor, moved);
        if self.bytes.len() == bare {
            self.bytes.clear();
        } else {
            self.bytes.extend_from_slice(END);
        }

        let drawn = mem::replace(&mut self.current, mem::take(&mut self.spare));
        self.spare = self
            .shown
            .replace(drawn)
            .unwrap_or_else(|| Buffer::empty(area));
        &self.bytes
    }

    /// `moved`: cells were written, so a cursor that is seen stands elsewhere now.
    fn set_cursor(&mut self, cursor: Cursor, moved: bool) {
        if self.cursor == cursor && !(moved && cursor != Cursor::Hidden) {
            return;
        }
        match cursor {
            Cursor::At(place) => {
                emit::move_to(place.x, place.y, &mut self.bytes);
                if !matches!(self.cursor, Cursor::At(_)) {
                    self.bytes.extend_from_slice(b"\x1b[?25h");
                }
            }
            Cursor::Hidden | Cursor::Unknown => self.bytes.extend_from_slice(b"\x1b[?25l"),
        }
        self.cursor = cursor;
    }
}

#[cfg(test)]
#[path = "frames_tests.rs"]
mod tests;
