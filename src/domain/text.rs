//! [`Text`]: the one door through which other people's words enter the program.
//!
//! A person who signs up chooses their own name, company, mail address and answers. Those words reach a
//! terminal, a file or a clipboard only as a `Text`, which has been cleaned when it was made: nothing in it
//! moves a cursor, starts an escape sequence, reorders the line or hides from the eye. What was taken out is
//! remembered ([`Text::removed`]), because somebody who puts such characters into their name is telling
//! the approver something.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::joiner::{self, ZWJ, ZWNJ};
use super::letter::{Class, class, jamo_shows};

/// Longest text kept, in characters; what is cut ends in an ellipsis. Graph's own limit for a display name is 256.
pub const MAX_CHARS: usize = 2_000;

/// Longest text kept of what people write at length: reasons and answers.
pub const MAX_LONG: usize = 100_000;

/// Marks kept on one base character. Vietnamese and Hebrew need three; more than four is a tower.
const MAX_MARKS: usize = 4;

/// Words of an outsider, made safe to show. Cheap to keep by the hundred thousand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text {
    clean: Box<str>,
    removed: Removed,
}

/// What cleaning took out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(clippy::struct_excessive_bools)] // four independent facts, not a state
pub struct Removed {
    /// Control characters (C0, C1, DEL), escape sequences' first byte among them.
    pub controls: bool,
    /// Characters that reorder what follows (bidirectional marks, embeddings, overrides, isolates).
    pub bidi: bool,
    /// Characters without width: zero-width spaces, tags, fillers, soft hyphens, and joiners where no script wants
    /// them.
    pub invisible: bool,
    /// Combining marks beyond the fourth on one letter, or the text beyond [`MAX_CHARS`].
    pub excess: bool,
}

impl Removed {
    /// Whether anything was taken out.
    pub fn any(self) -> bool {
        self.controls || self.bidi || self.invisible || self.excess
    }

    /// In words, for the signal and the detail: `control and direction-changing characters`.
    pub fn words(self) -> String {
        let kinds = [
            (self.controls, "control"),
            (self.bidi, "direction-changing"),
            (self.invisible, "invisible"),
            (self.excess, "excess"),
        ];
        let named: Vec<&str> = kinds
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| *word)
            .collect();
        match named.as_slice() {
            [] => String::new(),
            [one] => format!("{one} characters"),
            [first @ .., last] => format!("{} and {last} characters", first.join(", ")),
        }
    }
}

impl Text {
    /// Cleans `raw`. Line breaks and tabs become one space; they are ordinary in an answer and not counted
    /// as removed.
    pub fn new(raw: &str) -> Self {
        Self::cleaned(raw, MAX_CHARS)
    }

    /// The same for what people write at length.
    pub fn long(raw: &str) -> Self {
        Self::cleaned(raw, MAX_LONG)
    }

    fn cleaned(raw: &str, most: usize) -> Self {
        // The common case by far: plain printable ASCII needs no second look and no copying twice.
        if raw.len() <= most && raw.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Self {
                clean: raw.trim().into(),
                removed: Removed::default(),
            };
        }
        let mut clean = String::with_capacity(raw.len().min(4 * MAX_CHARS));
        let mut removed = Removed::default();
        let mut marks = 0;
        let mut kept = 0;
        for (at, c) in raw.char_indices() {
            if kept == most {
                removed.excess = true;
                clean.pop();
                // What it joined is cut off.
                clean.truncate(clean.trim_end_matches([ZWNJ, ZWJ]).len());
                clean.push('…');
                break;
            }
            if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}') {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                    kept += 1;
                }
                marks = 0;
                continue;
            }
            match class(c) {
                Class::Control => removed.controls = true,
                Class::Bidi => removed.bidi = true,
                Class::Joiner if joiner::shows(c, &clean, &raw[at + c.len_utf8()..]) => {
                    clean.push(c);
                    kept += 1;
                }
                Class::Jamo if jamo_shows(c, &clean) => {
                    clean.push(c);
                    kept += 1;
                }
                Class::Invisible | Class::Joiner | Class::Jamo => removed.invisible = true,
                Class::Mark if marks == MAX_MARKS => removed.excess = true,
                Class::Mark => {
                    // A mark with no letter before it would sit on whatever the screen has to its left.
                    if clean.is_empty() || clean.ends_with(' ') {
                        removed.excess = true;
                    } else {
                        clean.push(c);
                        marks += 1;
                        kept += 1;
                    }
                }
                Class::Plain => {
                    clean.push(c);
                    marks = 0;
                    kept += 1;
                }
            }
        }
        Self {
            clean: clean.trim().into(),
            removed,
        }
    }

    /// The cleaned words.
    pub fn as_str(&self) -> &str {
        &self.clean
    }

    /// Whether nothing readable is left.
    pub fn is_empty(&self) -> bool {
        self.clean.is_empty()
    }

    /// What cleaning took out.
    pub fn removed(&self) -> Removed {
        self.removed
    }

    /// These words, or `other` where there are none.
    pub fn or<'a>(&'a self, other: &'a str) -> &'a str {
        if self.is_empty() { other } else { self }
    }
}

/// At most `most` characters of somebody's words: the beginning and, because that is where a mail domain stands,
/// the end.
pub fn brief(words: &str, most: usize) -> String {
    let count = words.chars().count();
    if count <= most {
        return words.to_owned();
    }
    let (head, tail) = (most * 3 / 5, most - most * 3 / 5 - 1);
    let head: String = words.chars().take(head).collect();
    let tail: String = words.chars().skip(count - tail).collect();
    format!("{head}…{tail}")
}

impl std::ops::Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.clean
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.clean
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.clean)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.clean, f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.clean)
    }
}

/// Reads what people write at length, see [`Text::long`].
///
/// # Errors
/// What no words can be made of.
pub fn long<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    Ok(Text::long(&super::said::words(deserializer)?))
}

/// Reads a string, and null as no text: Graph writes null for what a person never filled in. What is odd is words
/// too, as well as it can be: one odd field must not lose the record it stands in.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&super::said::words(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_what_people_are_called() {
        for name in [
            "Ada Lovelace",
            "Žofie Nováková",
            "李小龍",
            "Nguyễn Thị Minh Khai",
            "محمد",
            "שָׁלוֹם",
            "Жанна",
            "👩 Ada",
            // With the joiners that their scripts want: Persian, Sinhala, Malayalam, Bengali, Hindi, Kannada, Tamil.
            "علی\u{200c}رضا محمدی",
            "بی\u{200c}بی",
            "ක්\u{200d}රිස්ටි",
            "ශ්\u{200d}රී",
            "അവന്\u{200d}",
            "র\u{200d}্যাব",
            "क्\u{200c}ष",
            "ರ\u{200d}್ಕ",
            "க்\u{200c}ஷ",
        ] {
            let text = Text::new(name);
            assert_eq!(text.as_str(), name);
            assert!(!text.removed().any(), "{name}");
        }
    }

    #[test]
    fn takes_out_what_hides_and_says_so() {
        let escape = Text::new("Mal\u{1b}[31mlory\u{7}");
        assert_eq!(escape.as_str(), "Mal[31mlory");
        assert!(escape.removed().controls);

        let bidi = Text::new("gpj.\u{202e}exe");
        assert_eq!(bidi.as_str(), "gpj.exe");
        assert_eq!(bidi.removed().words(), "direction-changing characters");

        let joined = Text::new("Con\u{200b}toso\u{feff}");
        assert_eq!(joined.as_str(), "Contoso");
        assert!(joined.removed().invisible);
    }

    #[test]
    fn a_joiner_that_nobody_sees_is_taken_out_and_said() {
        for (raw, shown) in [
            ("Pay\u{200b}roll", "Payroll"),
            ("Pay\u{200d}roll", "Payroll"),
            ("Pay\u{200c}roll", "Payroll"),
            ("\u{200d}Ada\u{200c}", "Ada"),
            ("Жан\u{200d}на", "Жанна"),
            ("李\u{200c}小龍", "李小龍"),
            // Twice; where the letters do not join anyway; at a word's end; with a letter that is not its script's.
            ("علی\u{200c}\u{200c}رضا", "علی\u{200c}رضا"),
            ("دا\u{200c}ر", "دار"),
            ("محمد\u{200c} علی\u{200c}", "محمد علی"),
            ("علی\u{200d}رضا", "علیرضا"),
            ("a\u{dca}\u{200d}b", "a\u{dca}b"),
            ("ක\u{200d}ර", "කර"),
            ("ක්\u{200d}\u{200d}ර", "ක්\u{200d}ර"),
            ("👩\u{200d}💻", "👩💻"),
        ] {
            let text = Text::new(raw);
            assert_eq!(text.as_str(), shown);
            assert!(text.removed().invisible, "{shown}");
        }
        let cut = Text::new(&format!("{}علی\u{200c}رضا", "x".repeat(MAX_CHARS - 4)));
        assert!(cut.ends_with("علی…") && cut.removed().excess);
    }

    #[test]
    fn towers_of_marks_are_cut_and_long_texts_end() {
        let tower = Text::new(&format!("Z{}algo", "\u{0301}".repeat(50)));
        assert_eq!(tower.chars().count(), 1 + MAX_MARKS + 4);
        assert!(tower.removed().excess);
        let long = Text::new(&"é".repeat(10_000));
        assert_eq!(long.chars().count(), MAX_CHARS);
        assert!(long.ends_with('…') && long.removed().excess);
        let reason = "because ".repeat(2_000);
        assert_eq!(Text::long(&reason).as_str(), reason.trim());
    }

    /// Alone and within a name, whatever has width 0 is a mark on a letter, or taken out and said.
    #[test]
    fn no_letter_of_unicode_hides() {
        use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};
        for c in ('\0'..=char::MAX).filter(|c| *c != ' ') {
            let alone = Text::new(&c.to_string());
            let between = Text::new(&format!("a{c}b"));
            let mark = matches!(class(c), Class::Mark);
            assert!(alone.is_empty() || alone.width() > 0, "{c:?} alone");
            for (text, without) in [(&alone, ""), (&between, "ab")] {
                let hidden = text.as_str() == without && !c.is_whitespace() && c != '\u{85}';
                assert!(
                    !hidden || text.removed().any(),
                    "{c:?} was taken out unsaid"
                );
            }
            let seen = between.chars().filter(|c| c.width().unwrap_or(0) == 0);
            assert!(seen.count() <= usize::from(mark), "{c:?} hides");
        }
    }

    #[test]
    fn the_parts_of_a_korean_syllable_stay_together_and_hide_nowhere_else() {
        for whole in [
            "\u{1100}\u{1161}\u{11a8}",
            "가\u{11a8}",
            "\u{a960}\u{d7b0}\u{d7cb}",
        ] {
            assert_eq!(Text::new(whole).as_str(), whole);
            assert!(!Text::new(whole).removed().any());
        }
        for (raw, shown) in [
            ("A\u{1161}da", "Ada"),
            ("\u{11a8}Ada", "Ada"),
            ("Ada\u{d7b0}\u{d7cb}", "Ada"),
            ("각\u{11a8}", "각"),
            ("\u{1100}\u{1161}\u{1161}", "\u{1100}\u{1161}"),
            ("Ada\u{13430}\u{1343f}", "Ada"),
        ] {
            let text = Text::new(raw);
            assert_eq!(text.as_str(), shown);
            assert!(text.removed().invisible, "{shown}");
        }
    }

    #[test]
    fn line_breaks_are_a_space_and_no_sin() {
        let text = Text::new("first\r\nsecond\tthird");
        assert_eq!(text.as_str(), "first second third");
        assert!(!text.removed().any());
    }

    #[test]
    fn reads_null_as_nothing() {
        assert!(serde_json::from_str::<Text>("null").unwrap().is_empty());
        assert_eq!(
            serde_json::from_str::<Text>("\"a\\u0007b\"")
                .unwrap()
                .as_str(),
            "ab"
        );
    }

    proptest! {
        #[test]
        fn nothing_in_a_text_can_move_a_cursor(raw in any::<String>()) {
            let text = Text::new(&raw);
            prop_assert!(text.chars().all(|c| matches!(class(c), Class::Plain | Class::Mark | Class::Joiner | Class::Jamo)));
            // A joiner that stays is one that the letters left around it want.
            for (at, c) in text.char_indices().filter(|(_, c)| matches!(class(*c), Class::Joiner)) {
                prop_assert!(joiner::shows(c, &text[..at], &text[at + c.len_utf8()..]));
            }
            prop_assert!(text.chars().count() <= MAX_CHARS);
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(raw in "[a-zعلدر\u{64e}කරරර\u{dca}র\u{9cd}\u{200c}\u{200d}\u{300}-\u{310}\u{1b}\u{200b}\u{202e}\n ]{0,60}") {
            let once = Text::new(&raw);
            let twice = Text::new(&once);
            prop_assert_eq!(once.as_str(), twice.as_str());
            prop_assert!(!twice.removed().any());
        }
    }
}
