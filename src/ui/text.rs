//! Words in columns: how wide they are, and what is left out where there is no room.
//!
//! Everything is counted in cells and cut between graphemes, so that a wide character never sticks out of its
//! column and a mark stays with its letter.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::app::wrap::cells;
pub(super) use crate::app::wrap::wrap;

/// What of a text must be seen where it does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Its beginning.
    Start,
    /// Its end: a domain's right end is what says whose it is.
    End,
    /// A mail address: the domain first of all, then the beginning.
    Mail,
}

/// The graphemes of a text with the cells they take, those that take none left out.
pub(super) fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true)
        .map(|grapheme| (grapheme, cells(grapheme)))
        .filter(|(_, cells)| *cells > 0)
}

/// Cells a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.bytes().filter(|byte| !byte.is_ascii_control()).count()
    } else {
        graphemes(text).map(|(_, cells)| cells).sum()
    }
}

/// As much of `text` as `room` cells hold, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, room: usize, keep: Keep) -> Cow<'_, str> {
    // Most texts are short and plain; a byte takes at most one cell in any script with narrow letters.
    if text.is_ascii() && text.len() <= room {
        return Cow::Borrowed(text);
    }
    match keep {
        Keep::Start => cut_end(text, room),
        Keep::End => cut_start(text, room),
        Keep::Mail => cut_mail(text, room),
    }
}

fn cut_end(text: &str, room: usize) -> Cow<'_, str> {
    let (mut used, mut fits) = (0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        used += cells(grapheme);
        if used > room {
            return match room {
                0 => Cow::Borrowed(""),
                _ => Cow::Owned(format!("{}…", &text[..fits])),
            };
        }
        // What ends here leaves a cell for the ellipsis.
        if used < room {
            fits = at + grapheme.len();
        }
    }
    Cow::Borrowed(text)
}

fn cut_start(text: &str, room: usize) -> Cow<'_, str> {
    let (mut used, mut fits) = (0, text.len());
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += cells(grapheme);
        if used > room {
            return match room {
                0 => Cow::Borrowed(""),
                _ => Cow::Owned(format!("…{}", &text[fits..])),
            };
        }
        if used < room {
            fits = at;
        }
    }
    Cow::Borrowed(text)
}

fn cut_mail(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(at) = text.rfind('@') else {
        return cut_end(text, room);
    };
    let domain = width(&text[at..]);
    if room >= domain + 2 {
        let local = cut_end(&text[..at], room - domain);
        Cow::Owned(format!("{local}{}", &text[at..]))
    } else {
        cut_start(text, room)
    }
}

/// A number with separators between the thousands.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{} {one}s", thousands(number))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_at_the_end_at_the_start_or_in_the_middle_of_a_mail_address() {
        let table = [
            ("Grace Hopper", 12, Keep::Start, "Grace Hopper"),
            ("Grace Hopper", 8, Keep::Start, "Grace H…"),
            ("Grace Hopper", 1, Keep::Start, "…"),
            ("Grace Hopper", 0, Keep::Start, ""),
            ("グレース", 8, Keep::Start, "グレース"),
            // Half a wide character is not shown; its cell stays empty.
            ("グレース", 6, Keep::Start, "グレ…"),
            ("グレース", 7, Keep::Start, "グレー…"),
            ("e\u{301}e\u{301}e\u{301}", 2, Keep::Start, "e\u{301}…"),
            ("login.contoso.com", 12, Keep::End, "…contoso.com"),
            ("contoso.com", 11, Keep::End, "contoso.com"),
            ("例え.テスト", 6, Keep::End, "…スト"),
            ("grace@c0ntoso.com", 17, Keep::Mail, "grace@c0ntoso.com"),
            ("grace@c0ntoso.com", 14, Keep::Mail, "g…@c0ntoso.com"),
            ("grace@c0ntoso.com", 13, Keep::Mail, "…@c0ntoso.com"),
            ("grace@c0ntoso.com", 8, Keep::Mail, "…oso.com"),
            ("no address", 5, Keep::Mail, "no a…"),
        ];
        for (text, room, keep, cut) in table {
            assert_eq!(super::cut(text, room, keep), cut, "{text} {room} {keep:?}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1_204, 100_000, 1_000_000].map(thousands),
            ["0", "999", "1,204", "100,000", "1,000,000"]
        );
    }

    proptest! {
        #[test]
        fn what_is_cut_fits(text in ".{0,30}", room in 0_usize..20) {
            for keep in [Keep::Start, Keep::End, Keep::Mail] {
                prop_assert!(width(&cut(&text, room, keep)) <= room);
            }
        }
    }
}
