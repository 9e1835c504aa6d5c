//! Writing to the terminal: whole buffers, counted, and never stuck in an error.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Standard output, unbuffered: a frame is one `write(2)`.
#[derive(Debug, Default)]
pub(super) struct Output {
    bytes: u64,
    writes: u64,
}

impl Output {
    /// Writes all of `bytes`, in one call if the terminal takes them.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        write_all(rustix::stdio::stdout(), bytes, &mut self.writes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Bytes and calls of `write(2)` so far.
    pub(super) fn written(&self) -> (u64, u64) {
        (self.bytes, self.writes)
    }
}

fn write_all(fd: impl AsFd, mut bytes: &[u8], writes: &mut u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&fd, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                *writes += 1;
                bytes = &bytes[count..];
            }
            Err(Errno::INTR) => {}
            // Someone who shares the terminal made it non-blocking; it still takes the rest in a moment.
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::new(&fd, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes the few bytes of a farewell if the terminal takes them at once or soon. A terminal that is gone or
/// stalled must not keep the program from ending.
pub(super) fn write_or_give_up(bytes: &[u8], patience: Duration) -> io::Result<()> {
    let stdout = rustix::stdio::stdout();
    let patience = Timespec::try_from(patience).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut ready = [PollFd::new(&stdout, PollFlags::OUT)];
    match poll(&mut ready, Some(&patience)) {
        Ok(0) => Err(io::ErrorKind::TimedOut.into()),
        Ok(_) | Err(Errno::INTR) => write_all(stdout, bytes, &mut 0),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_slow_reader_gets_every_byte() {
        let (writer, mut reader) = std::os::unix::net::UnixStream::pair().unwrap();
        writer.set_nonblocking(true).unwrap();
        let sent: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
        let expected = sent.clone();
        let thread = std::thread::spawn(move || {
            let mut calls = 0;
            write_all(&writer, &sent, &mut calls).unwrap();
            calls
        });
        let mut got = Vec::new();
        reader.read_to_end(&mut got).unwrap();
        assert_eq!(got, expected);
        assert!(thread.join().unwrap() >= 1);
    }

    #[test]
    fn a_reader_that_is_gone_is_an_error() {
        let (writer, reader) = std::os::unix::net::UnixStream::pair().unwrap();
        drop(reader);
        assert!(write_all(&writer, b"x", &mut 0).is_err());
    }
}
