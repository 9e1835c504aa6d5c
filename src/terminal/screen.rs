//! The terminal as the run loop holds it: entered, drawn on, suspended, left.

use std::io;
use std::sync::atomic::Ordering;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::frames::Frames;
use super::input::InputThread;
use super::osc::{self, Multiplexer, osc52};
use super::output::Output;
use super::signals::Signals;
use super::{guard, size, suspend};
use crate::app::view::Bell;

/// The terminal in raw mode on its alternate screen; dropping it puts everything back.
///
/// There is one per process. A panic, and a signal the loop does not answer in time, put the terminal back too.
#[derive(Debug)]
pub struct Screen {
    frames: Frames,
    output: Output,
    inside: Multiplexer,
    /// The bytes of the title that is set now.
    title: Vec<u8>,
}

/// What became of a wish to suspend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// The process was stopped and goes on; draw everything.
    AndBack,
    /// It was not stopped, because no shell with job control could bring it back.
    Refused,
}

impl Screen {
    /// Enters the terminal: raw mode, alternate screen, no cursor, bracketed paste. Ask
    /// [`super::require_terminal`] first.
    ///
    /// # Errors
    /// The terminal refuses; it is left as it was.
    pub fn enter() -> io::Result<Self> {
        guard::enter()?;
        let (width, height) = size();
        Ok(Self {
            frames: Frames::new(width, height),
            output: Output::default(),
            inside: Multiplexer::from_env(),
            title: Vec::new(),
        })
    }

    /// The area that is drawn on.
    pub fn area(&self) -> Rect {
        self.frames.area()
    }

    /// Draws a frame. `draw` gets an empty buffer and returns where the cursor is to be seen, if anywhere.
    /// Writes the difference in one `write(2)`, or nothing at all.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn frame(
        &mut self,
        draw: impl FnOnce(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        let bytes = self.frames.draw(draw);
        if bytes.is_empty() {
            return Ok(());
        }
        self.output.write(bytes)
    }

    /// Takes the size that [`super::Input::Resize`] told; the next frame draws everything.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.frames.resize(columns, rows);
    }

    /// Forgets what the terminal shows (Ctrl-l): the next frame draws everything.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Asks the terminal to put `text` on the clipboard. Whether it does, nobody can tell.
    ///
    /// # Errors
    /// The text is too long ([`osc::CopyTooLong`] inside, in words), or the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let bytes = osc52(text, self.inside).map_err(io::Error::other)?;
        self.output.write(&bytes)
    }

    /// Tells whoever is not looking that something has come.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn ring(&mut self, bell: Bell, words: &str) -> io::Result<()> {
        self.output.write(&osc::ring(bell, words, self.inside))
    }

    /// Names the window; writes nothing when it has that name. The name it had before comes back at the end,
    /// where the terminal can do that.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn set_title(&mut self, text: &str) -> io::Result<()> {
        let bytes = osc::title(text);
        if bytes == self.title {
            return Ok(());
        }
        self.output.write(&bytes)?;
        self.title = bytes;
        Ok(())
    }

    /// Gives the terminal back, stops the process as Ctrl-z does, and returns when it goes on, entered again.
    /// For the key and for [`super::Input::Suspend`].
    ///
    /// # Errors
    /// The terminal did not take us back.
    pub fn suspend(&mut self, input: &InputThread) -> io::Result<Suspended> {
        if !suspend::can_come_back() {
            return Ok(Suspended::Refused);
        }
        let signals = Signals::get()?;
        input.pause();
        guard::leave();
        let stopped = suspend::stop();
        // Our own stop and continue are answered here, not by events.
        signals.suspend.store(false, Ordering::SeqCst);
        signals.continued.store(false, Ordering::SeqCst);
        let back = guard::enter().and_then(|()| self.start_over());
        input.unpause();
        stopped.and(back).map(|()| Suspended::AndBack)
    }

    /// Enters again after the process was stopped without being asked (SIGSTOP): the shell may have changed
    /// everything.
    ///
    /// # Errors
    /// The terminal did not take us back.
    pub fn resume(&mut self) -> io::Result<()> {
        guard::reenter()?;
        self.start_over()
    }

    /// Nothing is known of the terminal any more but that it is entered.
    fn start_over(&mut self) -> io::Result<()> {
        let (width, height) = size();
        self.frames.resize(width, height);
        let title = std::mem::take(&mut self.title);
        if !title.is_empty() {
            self.output.write(&title)?;
            self.title = title;
        }
        Ok(())
    }

    /// Bytes written since the terminal was entered, without those of entering.
    pub fn bytes_written(&self) -> u64 {
        self.output.written().0
    }

    /// Calls of `write(2)` since the terminal was entered; one a frame.
    pub fn writes(&self) -> u64 {
        self.output.written().1
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        guard::leave();
        guard::print_faults();
    }
}
