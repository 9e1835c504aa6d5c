//! Bytes from the terminal into keys and pastes.
//!
//! Why not crossterm's reader: it reads a blocking descriptor until a whole event is there, so half an
//! escape sequence stops signals from being seen, a vanished terminal makes it spin, and an arrow key split
//! by the network right behind its ESC turns into the keys `Esc`, `[`, `A` (and `A` is a command).
//! This decoder is fed by the caller, keeps what is incomplete, and gives the same events however the
//! bytes were cut. Only a pause behind an ESC makes a difference: then it was the Esc key, which closes something
//! at most, and what follows is still the rest of a key and never letters.

use std::time::Duration;

use crate::app::key::{Key, KeyCode};

/// What a run of bytes meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decoded {
    Key(Key),
    Paste(String),
}

/// A lone ESC is the Esc key once this long nothing followed it.
const ESC_WAIT: Duration = Duration::from_millis(50);
/// Over a network packets of one key come further apart, and a person notices less.
const ESC_WAIT_REMOTE: Duration = Duration::from_millis(120);
/// For this long after a lone ESC was the Esc key, its rest may come after all: a packet that was lost is sent again
/// after a few hundred milliseconds, and once more after twice that.
const LATE_WAIT: Duration = Duration::from_secs(2);
/// A sequence that never ends is dropped, a paste that never ends is delivered, after this silence. Long, because
/// what comes after it are keys again; nobody waits for it but who typed such a beginning by hand (Alt-[).
const SEQUENCE_WAIT: Duration = Duration::from_secs(5);
/// No sequence a terminal sends is longer; what is, is noise and must not pile up.
const SEQUENCE_MAX: usize = 4096;
/// More pasted bytes than this are left out: no form takes a megabyte.
const PASTE_MAX: usize = 1 << 20;

const PASTE_END: &[u8] = b"\x1b[201~";

/// Turns bytes into events, keeping what is incomplete until the rest comes or [`Decoder::settle`] is called.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
    /// The pasted bytes so far, while inside a bracketed paste.
    paste: Option<Vec<u8>>,
    /// An ESC was given out as the Esc key, and may have been the beginning of more.
    late: bool,
    /// The bytes come over a network.
    remote: bool,
}

/// What stands at the beginning of the pending bytes.
enum Step {
    /// `usize` bytes meant this, or nothing at all.
    Took(usize, Option<Key>),
    PasteBegins(usize),
    /// The rest has not come yet.
    Incomplete,
}

impl Decoder {
    /// For bytes that come over a network, or from the machine itself.
    pub(super) fn new(remote: bool) -> Self {
        Self {
            remote,
            ..Self::default()
        }
    }

    /// Takes in `bytes` and hands every event they complete to `emit`.
    pub(super) fn feed(&mut self, bytes: &[u8], emit: &mut impl FnMut(Decoded)) {
        if let [first, ..] = bytes
            && std::mem::take(&mut self.late)
            && begins_sequence(*first)
        {
            self.pending.push(0x1b);
        }
        self.pending.extend_from_slice(bytes);
        loop {
            if self.paste.is_some() {
                if !self.feed_paste(emit) {
                    return;
                }
                continue;
            }
            match step(&self.pending) {
                Step::Took(count, key) => {
                    self.pending.drain(..count);
                    if let Some(key) = key {
                        emit(Decoded::Key(key));
                    }
                }
                Step::PasteBegins(count) => {
                    self.pending.drain(..count);
                    self.paste = Some(Vec::new());
                }
                Step::Incomplete => break,
            }
        }
        if self.pending.len() > SEQUENCE_MAX {
            self.pending.clear();
        }
    }

    /// How long to wait after the last byte before [`Decoder::settle`]; `None` when nothing is pending.
    pub(super) fn patience(&self) -> Option<Duration> {
        match (&self.paste, self.pending.as_slice()) {
            (None, []) => self.late.then_some(LATE_WAIT),
            (None, [0x1b]) if self.remote => Some(ESC_WAIT_REMOTE),
            (None, [0x1b]) => Some(ESC_WAIT),
            _ => Some(SEQUENCE_WAIT),
        }
    }

    /// Nothing followed: what is pending now means what it means alone.
    pub(super) fn settle(&mut self, emit: &mut impl FnMut(Decoded)) {
        if let Some(mut paste) = self.paste.take() {
            paste.append(&mut self.pending);
            emit(Decoded::Paste(pasted_text(&paste)));
            return;
        }
        // Half a sequence is no key: not Alt-[ either, which looks the same.
        let pending = std::mem::take(&mut self.pending);
        self.late = pending == [0x1b];
        if self.late {
            emit(Decoded::Key(Key::plain(KeyCode::Esc)));
        }
    }

    /// Others had the terminal meanwhile: what was pending is told to nobody, but the rest of a key is still that.
    pub(super) fn give_away(&mut self) {
        self.paste = None;
        let begun = std::mem::take(&mut self.pending);
        match begun.as_slice() {
            [0x1b] => self.late = true,
            [0x1b, ..] => self.pending = begun,
            _ => {}
        }
    }

    /// Moves pending bytes into the paste; true when the paste ended and more may follow it.
    fn feed_paste(&mut self, emit: &mut impl FnMut(Decoded)) -> bool {
        let Some(paste) = self.paste.as_mut() else {
            return true;
        };
        let end = memchr::memmem::find(&self.pending, PASTE_END);
        // The last bytes may be the beginning of the end mark, so they wait.
        let content = end.unwrap_or(self.pending.len().saturating_sub(PASTE_END.len() - 1));
        let room = PASTE_MAX.saturating_sub(paste.len());
        paste.extend_from_slice(&self.pending[..content.min(room)]);
        self.pending
            .drain(..content + end.map_or(0, |_| PASTE_END.len()));
        if end.is_none() {
            return false;
        }
        let text = pasted_text(&self.paste.take().unwrap_or_default());
        emit(Decoded::Paste(text));
        true
    }
}

/// Pasted lines end in `\n`, whatever the terminal made of them; other control characters are left out,
/// since a paste is text and never a command.
fn pasted_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

fn step(bytes: &[u8]) -> Step {
    match bytes {
        [] => Step::Incomplete,
        [0x1b, rest @ ..] => escape(rest),
        [byte, ..] if *byte < 0x80 => Step::Took(1, Some(ascii(*byte))),
        _ => utf8(bytes),
    }
}

fn ascii(byte: u8) -> Key {
    let ctrl = |c: u8| Key::ctrl(char::from(c));
    match byte {
        b'\r' => Key::plain(KeyCode::Enter),
        b'\t' => Key::plain(KeyCode::Tab),
        // Older terminals send ^H for Backspace, and nothing is bound to Ctrl-h.
        0x7f | 0x08 => Key::plain(KeyCode::Backspace),
        0x00 => ctrl(b' '),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1c..=0x1f => ctrl(byte + 0x40),
        _ => Key::char(char::from(byte)),
    }
}

fn utf8(bytes: &[u8]) -> Step {
    let whole = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Step::Took(1, None),
    };
    let have = bytes.len().min(whole);
    match std::str::from_utf8(&bytes[..have]) {
        Ok(text) => {
            let typed = text.chars().next().filter(|c| !c.is_control());
            Step::Took(whole, typed.map(Key::char))
        }
        Err(error) if error.error_len().is_none() && have < whole => Step::Incomplete,
        Err(_) => Step::Took(1, None),
    }
}

/// Whether a byte right after an ESC begins a sequence rather than being a key with Alt held.
fn begins_sequence(byte: u8) -> bool {
    matches!(byte, b'[' | b'O' | b']' | b'P' | b'_' | b'^')
}

/// What follows an ESC.
fn escape(rest: &[u8]) -> Step {
    match rest {
        [] => Step::Incomplete,
        [byte] if begins_sequence(*byte) => Step::Incomplete,
        [b'[', body @ ..] => csi(body),
        [b'O', body @ ..] => ss3(body),
        // OSC, DCS, APC, PM: an answer of the terminal begins with a number, a mark or one of these letters. It is
        // not typed. Without them it was a key with Alt held.
        [
            b']' | b'P' | b'_' | b'^',
            0x20..=0x3f | b'l' | b'L' | b'G',
            ..,
        ] => answer(&rest[1..]),
        // Esc pressed twice, or Esc and then a key that is itself a sequence.
        [0x1b, ..] => Step::Took(1, Some(Key::plain(KeyCode::Esc))),
        _ => match step(rest) {
            Step::Took(count, key) => Step::Took(
                1 + count,
                key.map(|key| Key::new(key.code, key.ctrl, true, key.shift)),
            ),
            other => other,
        },
    }
}

/// What follows `ESC O`: a letter, behind a number in some terminals where Shift or Ctrl is held.
fn ss3(body: &[u8]) -> Step {
    let Some(at) = body.iter().position(|byte| !(b'0'..=b';').contains(byte)) else {
        return Step::Incomplete;
    };
    match body[at] {
        b'M' => Step::Took(3 + at, Some(Key::plain(KeyCode::Enter))), // the keypad's
        // The keypad's space and digits among them, which are asked for by nobody here.
        byte @ 0x20..=0x7e => Step::Took(3 + at, named(byte).map(Key::plain)),
        // Cut off by another byte: that byte begins something of its own.
        _ => Step::Took(2 + at, None),
    }
}

/// What follows `ESC ]` and the like: it runs up to BEL or ST, or to a control character, which ends it too.
fn answer(body: &[u8]) -> Step {
    let Some(at) = body.iter().position(|byte| *byte < 0x20) else {
        return Step::Incomplete;
    };
    match &body[at..] {
        [0x1b] => Step::Incomplete,
        [0x1b, b'\\', ..] => Step::Took(4 + at, None),
        [0x07, ..] => Step::Took(3 + at, None),
        _ => Step::Took(2 + at, None),
    }
}

/// What follows `ESC [`.
fn csi(body: &[u8]) -> Step {
    // The Linux console sends F1 to F5 as `ESC [ [ A` and so on.
    if let [b'[', rest @ ..] = body {
        return match rest {
            [] => Step::Incomplete,
            [byte @ b'A'..=b'E', ..] => {
                Step::Took(4, Some(Key::plain(KeyCode::F(byte - b'A' + 1))))
            }
            _ => Step::Took(4, None),
        };
    }
    let Some(at) = body.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return Step::Incomplete;
    };
    let count = 2 + at + 1;
    if !(0x40..=0x7e).contains(&body[at]) {
        // Cut off by another byte: that byte begins something of its own.
        return Step::Took(count - 1, None);
    }
    let params = &body[..at];
    // A mouse that another program left on: three bytes follow, which can be any letter.
    if params.is_empty() && body[at] == b'M' {
        let whole = count + 3;
        return if body.len() + 2 < whole {
            Step::Incomplete
        } else {
            Step::Took(whole, None)
        };
    }
    if params == b"200" && body[at] == b'~' {
        return Step::PasteBegins(count);
    }
    Step::Took(count, csi_key(params, body[at]))
}

fn csi_key(params: &[u8], final_byte: u8) -> Option<Key> {
    let params = std::str::from_utf8(params).ok()?;
    // `?`, `<`, `>` begin answers of the terminal, never keys.
    let mut fields = params.split(';').map(|field| {
        let mut parts = field.split(':');
        let number = |part: Option<&str>| match part {
            None | Some("") => Some(0u32),
            Some(part) => part.parse().ok(),
        };
        Some((number(parts.next())?, number(parts.next())?))
    });
    let mut next = || fields.next().unwrap_or(Some((0, 0)));
    let (first, _) = next()?;
    let (modifiers, event) = next()?;
    if event == 3 {
        return None; // A key let go.
    }
    let (third, _) = next()?;
    let held = modifiers.saturating_sub(1);
    let key = |code| Key::new(code, held & 4 != 0, held & 2 != 0, held & 1 != 0);
    match (final_byte, first) {
        (b'~', 27) => char_code(third).map(key),
        (b'~', number) => numbered(number).map(key),
        (b'u', number) => char_code(number).map(key),
        (b'Z', _) => Some(key(KeyCode::BackTab)),
        // `ESC [ row ; col R` is where the cursor stands; F3 has 1 there.
        (b'R', number) if number > 1 => None,
        _ => named(final_byte).map(key),
    }
}

/// The final byte of arrows and friends.
fn named(final_byte: u8) -> Option<KeyCode> {
    Some(match final_byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(final_byte - b'P' + 1),
        _ => return None,
    })
}

/// The number before a `~`.
fn numbered(number: u32) -> Option<KeyCode> {
    let function = |from: u32| u8::try_from(number - from).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(10),
        17..=21 => function(11),
        23..=24 => function(12),
        _ => None,
    }
}

/// The code point some terminals send for keys that have no sequence of old.
fn char_code(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        // Private use: keys of the kitty protocol that mean nothing here.
        57_344..=63_743 => return None,
        _ => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
