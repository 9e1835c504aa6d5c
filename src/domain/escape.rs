//! What is printed for other programs: nothing of it can hide or be run, and nothing of it is lost. What [`super::text`]
//! would take out of a name is written as JSON writes it, `\\u202e`.

use std::fmt::Write as _;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::letter::{Class, class};

/// JSON on one line.
pub fn json(value: &Value) -> String {
    // Outside of strings JSON is ASCII, and the controls in them are escaped already.
    visible(&value.to_string())
}

/// A cell that no spreadsheet takes for a formula, whatever width its sign has; line breaks and tabs are spaces.
pub fn cell(words: &str) -> String {
    let one_line: String = words
        .trim()
        .chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let visible = visible(&one_line);
    let first = visible.trim_start().nfkc().next();
    if matches!(first, Some('=' | '+' | '-' | '@' | '\u{2212}')) {
        format!("'{visible}")
    } else {
        visible
    }
}

fn visible(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match class(c) {
            // Within a word these belong to it, and other programs keep them together.
            Class::Plain | Class::Mark | Class::Joiner | Class::Jamo => out.push(c),
            Class::Control | Class::Bidi | Class::Invisible => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_hides_is_written_out_and_reads_back_as_it_was() {
        let value = json!({ "na\u{200b}me": "Ada\u{202e}\u{7f}\u{85}\u{e0041}\u{1b}[2J é 李\nx" });
        let printed = json(&value);
        assert!(
            printed.contains("\\u202e\\u007f\\u0085\\udb40\\udc41\\u001b[2J é 李"),
            "{printed}"
        );
        assert!(
            !printed
                .chars()
                .any(|c| matches!(class(c), Class::Control | Class::Bidi | Class::Invisible))
        );
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (words, safe) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A", "'＠A"),
            ("﹦1", "'﹦1"),
            ("−1", "'−1"),
            (" =1", "'=1"),
            ("\r\n@x", "'@x"),
            ("a=1", "a=1"),
            ("a\nb", "a b"),
            ("", ""),
            ("\u{200b}=1", "\\u200b=1"),
        ] {
            assert_eq!(cell(words), safe);
        }
    }
}
