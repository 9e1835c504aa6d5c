//! Printing: results to standard output, everything said beside them to standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::domain::escape;
use crate::domain::text::Text;

/// Says something to the person at the terminal: one line on standard error, cleaned.
pub(super) fn say(words: &str) {
    // With nobody left to tell, there is nothing better to do than go on.
    let _ = writeln!(io::stderr(), "{}", Text::new(words));
}

/// Shows what was typed, with a mark below the character that is wrong with it, on standard error.
pub(super) fn point(words: &str, at: usize) {
    // With something at its end, as spaces there do not count.
    let before: String = words.chars().take(at).chain(['x']).collect();
    let mark = " ".repeat(Text::new(&before).width().saturating_sub(1));
    let _ = writeln!(io::stderr(), "  {}\n  {mark}^", Text::new(words));
}

/// Standard output. A reader that goes away is an error to hand on, not to panic about.
pub(super) struct Out {
    to: BufWriter<StdoutLock<'static>>,
    live: bool,
}

impl Out {
    /// Opens it.
    pub(super) fn new() -> Self {
        let out = io::stdout();
        let live = out.is_terminal();
        Self {
            to: BufWriter::new(out.lock()),
            live,
        }
    }

    /// One line. Cleaned, whatever it is made of.
    pub(super) fn line(&mut self, words: &str) -> io::Result<()> {
        let clean = Text::long(words);
        writeln!(self.to, "{}", clean.trim_end())?;
        if self.live { self.to.flush() } else { Ok(()) }
    }

    /// One line, as it is: for what must not be cut, such as a link. Control characters are refused.
    pub(super) fn exact(&mut self, words: &str) -> io::Result<()> {
        if words.chars().any(char::is_control) {
            return Err(io::Error::other("it holds control characters"));
        }
        writeln!(self.to, "{words}")
    }

    /// Writes out what is held back, so that it is seen before something slow.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// One JSON array on standard output, element by element as they come.
pub(super) struct Array {
    out: Out,
    first: bool,
}

impl Array {
    /// Opens it.
    pub(super) fn open() -> io::Result<Self> {
        let mut out = Out::new();
        write!(out.to, "[")?;
        Ok(Self { out, first: true })
    }

    /// One element, made safe to print; no string in it is cut.
    pub(super) fn push(&mut self, value: &Value) -> io::Result<()> {
        let separator = if self.first { "\n" } else { ",\n" };
        self.first = false;
        write!(self.out.to, "{separator}{}", escape::json(value))
    }

    /// Writes out what is held back.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Closes it. To be called also where not all came: half a list is still one array.
    pub(super) fn close(mut self) -> io::Result<()> {
        writeln!(self.out.to, "{}]", if self.first { "" } else { "\n" })?;
        self.out.flush()
    }
}

/// Comma-separated values on standard output (RFC 4180).
pub(super) struct Csv {
    to: Box<csv::Writer<StdoutLock<'static>>>,
}

impl Csv {
    /// Opens it with the names of its columns.
    pub(super) fn open(head: &[&str]) -> io::Result<Self> {
        let mut to = csv::Writer::from_writer(io::stdout().lock());
        to.write_record(head)?;
        Ok(Self { to: Box::new(to) })
    }

    /// One row; no cell can be taken for a formula, and nothing in it hides.
    pub(super) fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        let cells = cells.iter().map(|cell| escape::cell(cell.as_ref()));
        Ok(self.to.write_record(cells)?)
    }

    /// Writes out what is held back.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }

    /// Closes it.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.flush()
    }
}

/// Cells side by side, at least `widths` wide. What is longer pushes the rest: nothing is cut, least of all a
/// mail domain.
pub(super) fn columns(cells: &[&str], widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.push_str("  ");
        }
        line.push_str(cell);
        let width = widths.get(index).copied().unwrap_or(0);
        if index + 1 < cells.len() {
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
        }
    }
    line
}

/// How wide each column must be for `rows` to line up; nothing wider than `most` counts.
pub(super) fn widths(rows: &[Vec<String>], most: usize) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..count)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .filter(|width| *width <= most)
                .max()
                .unwrap_or(0)
        })
        .collect()
}

/// A whole table at once: the first row is its head.
pub(super) fn table(out: &mut Out, rows: &[Vec<String>]) -> io::Result<()> {
    const MOST: usize = 44;
    let widths = widths(rows, MOST);
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        out.line(&columns(&cells, &widths))?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_what_is_seen() {
        let rows = vec![
            vec!["NAME".to_string(), "DOMAIN".into()],
            vec!["李小龍".into(), "fabrikam.com".into()],
            vec!["Ada".into(), "contoso.com".into()],
        ];
        let widths = widths(&rows, 40);
        assert_eq!(widths, [6, 12]);
        let lines: Vec<String> = rows
            .iter()
            .map(|row| columns(&row.iter().map(String::as_str).collect::<Vec<_>>(), &widths))
            .collect();
        assert_eq!(
            lines,
            [
                "NAME    DOMAIN",
                "李小龍  fabrikam.com",
                "Ada     contoso.com"
            ]
        );
    }

    #[test]
    fn nothing_is_cut() {
        let line = columns(&["a very long name indeed", "x"], &[5, 1]);
        assert_eq!(line, "a very long name indeed  x");
    }
}
