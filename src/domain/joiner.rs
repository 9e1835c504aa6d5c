//! Where a joiner is a letter's affair and where it hides: ZWNJ and ZWJ belong into Persian, Sinhala, Malayalam and
//! Bengali names, where they change what is seen; anywhere else nobody sees them (RFC 5892, appendices A.1 and A.2;
//! Unicode 12.2 and 12.8 for a joiner before a virama).

use icu_properties::CodePointMapData;
use icu_properties::props::JoiningType;
use unicode_normalization::char::canonical_combining_class;

/// Keeps the letters before it and after it apart.
pub(super) const ZWNJ: char = '\u{200c}';
/// Joins them.
pub(super) const ZWJ: char = '\u{200d}';

/// The combining class of viramas, which take a letter's vowel away.
const VIRAMA: u8 = 9;

/// Whether `joiner` shows between what stands `before` it and what comes `after` it.
pub(super) fn shows(joiner: char, before: &str, after: &str) -> bool {
    let Some(last) = before.chars().next_back() else {
        return false;
    };
    if canonical_combining_class(last) == VIRAMA {
        let base = before.chars().rev().find(|c| !is_mark(*c));
        return base.is_some_and(|base| one_script(base, last));
    }
    match joiner {
        // Ra or the letter of a touching conjunct, the joiner, and then the virama.
        ZWJ => after.chars().next().is_some_and(|next| {
            canonical_combining_class(next) == VIRAMA
                && last.is_alphabetic()
                && !is_mark(last)
                && one_script(last, next)
        }),
        ZWNJ => {
            joins(before.chars().rev(), JoiningType::LeftJoining)
                && joins(after.chars(), JoiningType::RightJoining)
        }
        _ => false,
    }
}

/// Whether the next letter, which marks do not hide, would join to the other side.
fn joins(mut letters: impl Iterator<Item = char>, side: JoiningType) -> bool {
    let joining = CodePointMapData::<JoiningType>::new();
    let next = letters.find(|c| joining.get(*c) != JoiningType::Transparent);
    next.is_some_and(|letter| {
        let found = joining.get(letter);
        found == JoiningType::DualJoining || found == side
    })
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The scripts with viramas have blocks of their own, of 128 code points.
fn one_script(a: char, b: char) -> bool {
    u32::from(a) / 0x80 == u32::from(b) / 0x80
}
