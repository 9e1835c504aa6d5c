//! Sequences beside the picture: the clipboard (OSC 52) and the window title (OSC 2).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::view::Bell;

/// What stands between the program and the real terminal, as far as it swallows sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing.
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Multiplexer {
    /// Read from the environment: `TMUX`, `STY`, `TERM`.
    pub fn from_env() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = std::env::var("TERM").unwrap_or_default();
        // tmux itself may say TERM=screen, so it is asked first.
        if set("TMUX") || term.starts_with("tmux") {
            Self::Tmux
        } else if set("STY") || term.starts_with("screen") {
            Self::Screen
        } else {
            Self::None
        }
    }
}

/// The most text, in bytes, that is copied: with its base64 and frame it stays under the 100,000 bytes
/// that xterm and others take in one sequence.
pub const COPY_MAX: usize = 74_994;

/// Pieces in which screen passes a string through; it drops longer ones.
const SCREEN_PIECE: usize = 256;

/// The text is too long for the terminal's clipboard sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyTooLong {
    /// Length of the text in bytes.
    pub bytes: usize,
}

impl fmt::Display for CopyTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes are too much for the terminal's clipboard, which takes {COPY_MAX}; copy fewer rows, or write them to a file",
            self.bytes
        )
    }
}

impl std::error::Error for CopyTooLong {}

/// The bytes that ask the terminal to put `text` on the clipboard. Control characters other than line
/// feed and tab are left out, since what is copied is pasted into shells.
///
/// In tmux the plain sequence goes out as well as the wrapped one: which of the two arrives depends on
/// `set-clipboard` and `allow-passthrough`, and setting the same clipboard twice does no harm.
pub fn osc52(text: &str, inside: Multiplexer) -> Result<Vec<u8>, CopyTooLong> {
    if text.len() > COPY_MAX {
        return Err(CopyTooLong { bytes: text.len() });
    }
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(clean));
    Ok(match inside {
        Multiplexer::None => plain.into_bytes(),
        Multiplexer::Tmux => {
            let wrapped = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}\x1bPtmux;{wrapped}\x1b\\").into_bytes()
        }
        Multiplexer::Screen => {
            let mut out = Vec::with_capacity(plain.len() + plain.len() / 32);
            for piece in plain.as_bytes().chunks(SCREEN_PIECE) {
                out.extend_from_slice(b"\x1bP");
                out.extend_from_slice(piece);
                out.extend_from_slice(b"\x1b\\");
            }
            out
        }
    })
}

/// The bytes that ring, or show a notification. Control characters are left out of the words, and of `;` too: it
/// would end a field of OSC 777.
pub(super) fn ring(bell: Bell, words: &str, inside: Multiplexer) -> Vec<u8> {
    let clean: String = words
        .chars()
        .filter(|c| !c.is_control() && *c != ';')
        .take(120)
        .collect();
    let plain = match bell {
        Bell::Bell => return vec![7],
        Bell::Osc9 => format!("\x1b]9;guestlist: {clean}\x07"),
        Bell::Osc777 => format!("\x1b]777;notify;guestlist;{clean}\x07"),
    };
    match inside {
        Multiplexer::None => plain.into_bytes(),
        Multiplexer::Tmux => {
            let wrapped = plain.replace('\x1b', "\x1b\x1b");
            format!("\x1bPtmux;{wrapped}\x1b\\").into_bytes()
        }
        // Short enough for one piece.
        Multiplexer::Screen => format!("\x1bP{plain}\x1b\\").into_bytes(),
    }
}

/// The bytes that name the window. Control characters are left out and the length is kept to what a tab shows.
pub(super) fn title(text: &str) -> Vec<u8> {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(120).collect();
    format!("\x1b]2;{clean}\x07").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copying_is_wrapped_for_what_stands_between() {
        let link = osc52("https://x.example/a", Multiplexer::None).unwrap();
        assert_eq!(link, b"\x1b]52;c;aHR0cHM6Ly94LmV4YW1wbGUvYQ==\x07");
        assert_eq!(
            osc52("hi", Multiplexer::Tmux).unwrap(),
            b"\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\"
        );
        assert_eq!(
            osc52("hi", Multiplexer::Screen).unwrap(),
            b"\x1bP\x1b]52;c;aGk=\x07\x1b\\"
        );
    }

    #[test]
    fn screen_gets_short_pieces_that_join_to_the_whole() {
        let text = "x".repeat(2000);
        let plain = osc52(&text, Multiplexer::None).unwrap();
        let wrapped = osc52(&text, Multiplexer::Screen).unwrap();
        let joined = String::from_utf8(wrapped)
            .unwrap()
            .replace("\x1b\\", "")
            .replace("\x1bP", "");
        assert_eq!(joined.as_bytes(), plain);
    }

    #[test]
    fn commands_hidden_in_copied_text_are_left_out() {
        let copied = osc52("a\x1b[31m\r\u{9b}b\n\tc", Multiplexer::None).unwrap();
        assert_eq!(copied, osc52("a[31mb\n\tc", Multiplexer::None).unwrap());
    }

    #[test]
    fn too_much_is_refused_in_words() {
        let error = osc52(&"x".repeat(COPY_MAX + 1), Multiplexer::None).unwrap_err();
        assert!(error.to_string().starts_with("74995 bytes are too much"));
        assert!(
            osc52(&"x".repeat(COPY_MAX), Multiplexer::None)
                .unwrap()
                .len()
                < 100_100
        );
    }

    #[test]
    fn a_ring_is_what_was_asked_for() {
        let none = Multiplexer::None;
        assert_eq!(ring(Bell::Bell, "x", Multiplexer::Tmux), b"\x07");
        assert_eq!(
            ring(Bell::Osc9, "2 new\x07", none),
            b"\x1b]9;guestlist: 2 new\x07"
        );
        assert_eq!(
            ring(Bell::Osc777, "2; new", none),
            b"\x1b]777;notify;guestlist;2 new\x07"
        );
        assert_eq!(
            ring(Bell::Osc9, "2", Multiplexer::Tmux),
            b"\x1bPtmux;\x1b\x1b]9;guestlist: 2\x07\x1b\\"
        );
    }

    #[test]
    fn a_title_cannot_end_itself() {
        assert_eq!(title("a\x07\x1b]2;b\u{9c}"), b"\x1b]2;a]2;b\x07");
    }
}
