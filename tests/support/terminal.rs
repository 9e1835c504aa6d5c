//! The real program in a pty, and what its screen shows.

use std::io::{Read as _, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::console::private_dir;

/// Longer than anything here takes, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program at work in a pty of its own.
pub struct Terminal {
    pub child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn std::io::Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    pub parser: vt100::Parser,
    /// Every byte the program has written.
    pub written: Vec<u8>,
    _dir: tempfile::TempDir,
}

impl Terminal {
    /// Starts `guestlist` with these arguments in a window of this size.
    pub fn start(size: (u16, u16), args: &[&str]) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let dir = private_dir();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_guestlist"));
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        command.env("GUESTLIST_STATE_DIR", dir.path());
        for variable in [
            "NO_COLOR",
            "TMUX",
            "STY",
            "GUESTLIST_CONFIG",
            "GUESTLIST_LOG",
            "GUESTLIST_TOKEN",
        ] {
            command.env_remove(variable);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            bytes,
            parser: vt100::Parser::new(size.1, size.0, 0),
            written: Vec::new(),
            _dir: dir,
        }
    }

    /// Types bytes.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the window another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.parser.screen_mut().set_size(size.1, size.0);
        self.master
            .as_ref()
            .unwrap()
            .resize(pty_size(size))
            .unwrap();
    }

    /// Reads until the screen shows `text`.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("the screen shows {text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Reads until the screen is as wanted.
    pub fn wait_until(&mut self, what: &str, fits: impl Fn(&vt100::Screen) -> bool) {
        let begun = Instant::now();
        while !fits(self.parser.screen()) {
            assert!(
                begun.elapsed() < PATIENCE,
                "never: {what}\n{}",
                self.parser.screen().contents()
            );
            self.read(Duration::from_millis(200));
        }
    }

    /// Reads until nothing was written for `quiet`; gives the number of bytes that came.
    pub fn wait_for_silence(&mut self, quiet: Duration) -> usize {
        let mut count = 0;
        loop {
            match self.read(quiet) {
                0 => return count,
                more => count += more,
            }
        }
    }

    /// Takes what is written within `time`, or the first of it.
    pub fn read(&mut self, time: Duration) -> usize {
        match self.bytes.recv_timeout(time) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.written.extend_from_slice(&bytes);
                bytes.len()
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => 0,
        }
    }

    /// Closes the pty, as when an SSH connection is lost.
    pub fn hang_up(&mut self) {
        // The reading thread has an end of its own; it lets go of it when it finds nobody to send to.
        self.bytes = channel().1;
        self.type_bytes(b"jkjk");
        self.writer = None;
        self.master = None;
    }

    /// Waits until the program has ended; gives its exit code and how long that took.
    pub fn wait_for_end(&mut self) -> (u32, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while self.read(Duration::from_millis(20)) > 0 {}
                return (status.exit_code(), begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE, "the program does not end");
            self.read(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
