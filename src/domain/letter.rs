//! What a terminal or a reader's eye does with a character.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar as _;

use super::joiner::{ZWJ, ZWNJ};

/// Sorts of characters.
pub(super) enum Class {
    /// It is seen.
    Plain,
    /// It is seen on the letter before it.
    Mark,
    /// It is for the terminal.
    Control,
    /// It reorders what follows.
    Bidi,
    /// Nobody sees it.
    Invisible,
    /// Invisible, unless the letters around it say otherwise.
    Joiner,
    /// The vowel or the end of a Korean syllable: seen within one, invisible elsewhere.
    Jamo,
}

/// The sort of a character.
pub(super) fn class(c: char) -> Class {
    match c {
        '\u{00}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Class::Control,
        '\u{061c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => Class::Bidi,
        ZWNJ | ZWJ => Class::Joiner,
        // Zero-width and filler characters, variation selectors' supplement and tags, interlinear
        // annotation, byte-order mark, and the private use areas whose look depends on the font.
        '\u{00ad}'
        | '\u{034f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}' => Class::Invisible,
        '\u{1161}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' => Class::Jamo,
        c if is_combining_mark(c) => Class::Mark,
        // Whatever else a terminal gives no room or a reader no look: controls of hieroglyphs, and their blanks.
        '\u{13441}' | '\u{13442}' => Class::Invisible,
        c if c.width().unwrap_or(0) == 0 || formats(c) => Class::Invisible,
        _ => Class::Plain,
    }
}

/// Whether it only says how others are to look; the signs that stand before a number are seen.
fn formats(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || (CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
            && !matches!(
                c,
                '\u{600}'
                    ..='\u{605}'
                        | '\u{6dd}'
                        | '\u{70f}'
                        | '\u{890}'
                        | '\u{891}'
                        | '\u{8e2}'
                        | '\u{110bd}'
                        | '\u{110cd}'
            ))
}

/// Whether a vowel or an end follows what it belongs to (Unicode 3.12, conjoining jamo).
pub(super) fn jamo_shows(c: char, before: &str) -> bool {
    let Some(last) = before.chars().next_back() else {
        return false;
    };
    let open_syllable =
        matches!(last, '\u{ac00}'..='\u{d7a3}') && (u32::from(last) - 0xac00).is_multiple_of(28);
    match c {
        '\u{1161}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' => {
            matches!(last, '\u{1100}'..='\u{115e}' | '\u{a960}'..='\u{a97c}')
        }
        _ => matches!(last, '\u{1161}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}') || open_syllable,
    }
}
