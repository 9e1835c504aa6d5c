//! A key as the application knows it: what was pressed, in one normal form, and how it is written.
//!
//! One notation serves the keymap, the help, the user's key settings and the tests:
//! `a`, `A`, `Space`, `Enter`, `Ctrl-u`, `S-Tab`, `Alt-x`, `F5`; a run of keys is written
//! `/fabrikam<Enter>*as<C-d>`.

use std::fmt;
use std::str::FromStr;

/// What was pressed, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A character that was typed; with Shift held it is the upper one.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Tab with Shift held.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Left arrow.
    Left,
    /// Right arrow.
    Right,
    /// Up arrow.
    Up,
    /// Down arrow.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, `F(1)` is F1.
    F(u8),
}

/// A key with its modifiers. Build it with [`Key::new`], so that equal presses are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What was pressed.
    pub code: KeyCode,
    /// Ctrl was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held; never set for characters nor for [`KeyCode::BackTab`], which say it themselves.
    pub shift: bool,
}

impl Key {
    /// The key in its normal form: Shift and a character is the upper character, Shift and Tab is
    /// [`KeyCode::BackTab`], Ctrl and a letter is the lower letter (terminals cannot tell them apart).
    pub fn new(code: KeyCode, ctrl: bool, alt: bool, shift: bool) -> Self {
        let (code, shift) = match code {
            KeyCode::Char(c) if ctrl => (KeyCode::Char(c.to_ascii_lowercase()), false),
            KeyCode::Char(c) if shift => (KeyCode::Char(upper(c)), false),
            KeyCode::Tab if shift => (KeyCode::BackTab, false),
            KeyCode::Char(_) | KeyCode::BackTab => (code, false),
            _ => (code, shift),
        };
        Self {
            code,
            ctrl,
            alt,
            shift,
        }
    }

    /// The key alone, no modifier.
    pub fn plain(code: KeyCode) -> Self {
        Self::new(code, false, false, false)
    }

    /// A typed character.
    pub fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// A character with Ctrl held.
    pub fn ctrl(c: char) -> Self {
        Self::new(KeyCode::Char(c), true, false, false)
    }

    /// The character this key types into an input, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// The upper form where it is a single character; `ß` has none and stays.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The named keys: the name that is shown, then what else is understood (all without regard to case).
const NAMES: &[(KeyCode, &[&str])] = &[
    (KeyCode::Char(' '), &["Space"]),
    (KeyCode::Char('<'), &["lt"]),
    (KeyCode::Enter, &["Enter", "CR", "Return"]),
    (KeyCode::Esc, &["Esc", "Escape"]),
    (KeyCode::Tab, &["Tab"]),
    (KeyCode::Backspace, &["Backspace", "BS"]),
    (KeyCode::Delete, &["Del", "Delete"]),
    (KeyCode::Insert, &["Ins", "Insert"]),
    (KeyCode::Left, &["Left"]),
    (KeyCode::Right, &["Right"]),
    (KeyCode::Up, &["Up"]),
    (KeyCode::Down, &["Down"]),
    (KeyCode::Home, &["Home"]),
    (KeyCode::End, &["End"]),
    (KeyCode::PageUp, &["PgUp", "PageUp"]),
    (KeyCode::PageDown, &["PgDn", "PageDown", "PgDown"]),
];

/// What stands before the key, written or read (without regard to case).
const MODIFIERS: &[(&str, Modifier)] = &[
    ("Ctrl-", Modifier::Ctrl),
    ("C-", Modifier::Ctrl),
    ("Alt-", Modifier::Alt),
    ("A-", Modifier::Alt),
    ("M-", Modifier::Alt),
    ("Shift-", Modifier::Shift),
    ("S-", Modifier::Shift),
];

#[derive(Clone, Copy)]
enum Modifier {
    Ctrl,
    Alt,
    Shift,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("S-")?;
        }
        match self.code {
            KeyCode::BackTab => f.write_str("S-Tab"),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::Char(c) if c != ' ' => write!(f, "{c}"),
            code => {
                let name = NAMES.iter().find(|(named, _)| *named == code);
                f.write_str(name.map_or("?", |(_, names)| names[0]))
            }
        }
    }
}

/// Why a word is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "“{}” is no key; write it like a, A, Space, Enter, Ctrl-u, S-Tab, Alt-x or F5",
            self.0
        )
    }
}

impl std::error::Error for KeyError {}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text;
        // A modifier needs a key behind it: `C-` alone is not Ctrl, and `-` is a key.
        while let Some((tail, modifier)) = MODIFIERS.iter().find_map(|(prefix, modifier)| {
            let tail = strip_prefix_ignore_case(rest, prefix)?;
            (!tail.is_empty()).then_some((tail, *modifier))
        }) {
            match modifier {
                Modifier::Ctrl => ctrl = true,
                Modifier::Alt => alt = true,
                Modifier::Shift => shift = true,
            }
            rest = tail;
        }
        let code = code_from(rest).ok_or_else(|| KeyError(text.to_owned()))?;
        Ok(Self::new(code, ctrl, alt, shift))
    }
}

fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

fn code_from(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some(KeyCode::Char(c));
    }
    let named = NAMES.iter().find(|(_, names)| {
        let mut names = names.iter();
        names.any(|known| known.eq_ignore_ascii_case(name))
    });
    if let Some((code, _)) = named {
        return Some(*code);
    }
    let number: u8 = strip_prefix_ignore_case(name, "F")?.parse().ok()?;
    (1..=24).contains(&number).then_some(KeyCode::F(number))
}

/// The keys of a run such as `/fabrikam<Enter>*as<C-d>`; a `<` itself is written `<lt>`.
/// A name nobody knows is typed as it stands, brackets and all, as editors do.
pub fn keys(run: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = run;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|inside| {
            let (name, tail) = inside.split_once('>')?;
            Some((name.parse::<Key>().ok()?, tail))
        });
        if let Some((key, tail)) = named {
            keys.push(key);
            rest = tail;
        } else {
            keys.push(Key::char(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn runs_of_keys_read_as_typed() {
        let expected = [
            Key::char('/'),
            Key::char('f'),
            Key::plain(KeyCode::Enter),
            Key::ctrl('d'),
            Key::plain(KeyCode::BackTab),
            Key::plain(KeyCode::PageUp),
            Key::char('<'),
            Key::char(' '),
            Key::plain(KeyCode::F(5)),
        ];
        assert_eq!(keys("/f<Enter><C-d><S-Tab><PgUp><lt><Space><F5>"), expected);
        assert_eq!(keys("a <b").len(), 4);
        assert_eq!(keys("<nobody>").len(), 8);
    }

    #[test]
    fn names_are_shown_as_the_help_writes_them() {
        for name in [
            "a",
            "A",
            "Space",
            "Enter",
            "Ctrl-u",
            "S-Tab",
            "Alt-x",
            "PgUp",
            "S-Up",
            "F12",
            "-",
            "<",
            "Ctrl-Alt-Del",
            "Ctrl--",
        ] {
            assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
        }
        assert_eq!("C-U".parse::<Key>().unwrap(), Key::ctrl('u'));
        assert_eq!("shift-a".parse::<Key>().unwrap(), Key::char('A'));
        assert!("".parse::<Key>().is_err());
        assert!("F99".parse::<Key>().is_err());
        assert!("\u{1b}".parse::<Key>().is_err());
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let code = prop_oneof![
            any::<char>()
                .prop_filter("typed", |c| !c.is_control())
                .prop_map(KeyCode::Char),
            (0..NAMES.len()).prop_map(|at| NAMES[at].0),
            Just(KeyCode::BackTab),
            (1u8..=24).prop_map(KeyCode::F),
        ];
        (code, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(code, ctrl, alt, shift)| Key::new(code, ctrl, alt, shift))
    }

    proptest! {
        #[test]
        fn every_key_reads_back(key in any_key()) {
            prop_assert_eq!(key.to_string().parse::<Key>().unwrap(), key);
        }

        #[test]
        fn any_text_makes_keys_without_a_panic(text in ".*") {
            let _ = keys(&text);
        }
    }
}
