//! How words fall into lines. Drawing sets them so, and `update` has to know how many lines there are to
//! scroll by.
//!
//! Everything is counted in cells of the screen and broken between graphemes, so that a mark stays with its
//! letter.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells one grapheme takes; none for what must not reach a terminal.
pub fn cells(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        return 0;
    }
    // Terminals give the halfwidth sound marks a cell of their own, whatever Unicode says.
    let marks = grapheme
        .chars()
        .filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}'));
    grapheme.width() + marks.count()
}

/// Breaks a text into lines of at most `room` cells: between words, and inside of one that is longer.
pub fn wrap(text: &str, room: usize) -> Vec<&str> {
    text.split('\n')
        .flat_map(|line| wrap_line(line, room.max(1)))
        .collect()
}

fn wrap_line(text: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0);
    // Where the last word ended, where the next begins, and the cells up to there.
    let mut space: Option<(usize, usize, usize)> = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = cells(grapheme);
        if grapheme == " " {
            if at == start {
                start = at + 1;
                continue;
            }
            used += 1;
            space = Some((at, at + 1, used));
            continue;
        }
        while used + wide > room && at > start {
            match space.take() {
                Some((end, next, before)) => {
                    lines.push(text[start..end].trim_end());
                    start = next;
                    used -= before;
                }
                None => {
                    lines.push(&text[start..at]);
                    start = at;
                    used = 0;
                }
            }
        }
        used += wide;
    }
    lines.push(text[start..].trim_end());
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_between_words_and_inside_of_long_ones() {
        assert_eq!(wrap("to be or not", 5), ["to be", "or", "not"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("one\ntwo", 9), ["one", "two"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("   a   b", 4), ["a", "b"]);
        assert_eq!(wrap("世界世界", 3), ["世", "界", "世", "界"]);
    }

    proptest! {
        #[test]
        fn what_is_wrapped_fits_and_loses_only_spaces(text in "[a-zé 世]{0,60}", room in 2_usize..20) {
            let lines = wrap(&text, room);
            for line in &lines {
                prop_assert!(line.graphemes(true).map(cells).sum::<usize>() <= room, "{line:?}");
            }
            let squeezed = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }
    }
}
