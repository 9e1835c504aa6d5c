//! Asking before something is sent.

use std::io::{self, BufRead, IsTerminal, Write};

use super::failure::Failure;
use crate::domain::text::Text;

/// From so many on the number must be typed.
const MANY: usize = 20;

/// What one is asked about.
pub(super) struct Question<'a> {
    /// The verb: `Approve`.
    pub(super) verb: &'a str,
    /// What of: `request`.
    pub(super) noun: &'a str,
    /// The names of the rows.
    pub(super) names: &'a [String],
    /// Whether it deletes: then the number must be typed, and it is not done unasked without `--yes`.
    pub(super) deletes: bool,
}

/// Asks on the terminal, unless `yes`. Without a terminal nobody can be asked: then it is done, unless it
/// deletes.
///
/// # Errors
/// [`Failure::NotDone`] where the answer is no; [`Failure::Usage`] where a delete needs `--yes`.
pub(super) fn confirm(question: &Question, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return if question.deletes {
            Err(Failure::Usage(
                "Deleting needs a yes, and nobody can be asked without a terminal. Add --yes to delete.".into(),
            ))
        } else {
            Ok(())
        };
    }
    let wanted = wanted(question);
    let mut err = io::stderr();
    for name in question.names.iter().take(MANY) {
        let _ = writeln!(err, "  {}", Text::new(name));
    }
    if question.names.len() > MANY {
        let _ = writeln!(err, "  and {} more", question.names.len() - MANY);
    }
    let _ = write!(err, "{} Type {wanted}: ", head(question));
    let _ = err.flush();
    answered(&wanted)
}

/// Asks about what a filter has chosen: it is always shown, and never done unasked without `yes`.
///
/// # Errors
/// [`Failure::NotDone`] where the answer is no; [`Failure::Usage`] where nobody can be asked.
pub(super) fn confirm_chosen(question: &Question, yes: bool) -> Result<(), Failure> {
    let mut err = io::stderr();
    for name in question.names {
        let _ = writeln!(err, "  {}", Text::new(name));
    }
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(format!(
            "{} That is what the filter chooses; nothing was sent. Add --yes to do it.",
            head(question)
        )));
    }
    let wanted = question.names.len().to_string();
    let _ = write!(err, "{} Type {wanted}: ", head(question));
    let _ = err.flush();
    answered(&wanted)
}

/// Whether what is typed is what is wanted.
fn answered(wanted: &str) -> Result<(), Failure> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).is_ok();
    if read && line.trim().eq_ignore_ascii_case(wanted) {
        Ok(())
    } else {
        Err(Failure::NotDone("Nothing was sent.".into()))
    }
}

fn head(question: &Question) -> String {
    let count = question.names.len();
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {count} {}{plural}?", question.verb, question.noun)
}

fn wanted(question: &Question) -> String {
    let count = question.names.len();
    if question.deletes || count > MANY {
        count.to_string()
    } else {
        "y".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletes_and_many_want_the_number() {
        let names: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        let question = |count: usize, deletes| Question {
            verb: "Approve",
            noun: "request",
            names: &names[..count],
            deletes,
        };
        assert_eq!(wanted(&question(3, false)), "y");
        assert_eq!(wanted(&question(3, true)), "3");
        assert_eq!(wanted(&question(20, false)), "y");
        assert_eq!(wanted(&question(21, false)), "21");
        assert_eq!(head(&question(1, false)), "Approve 1 request?");
        assert_eq!(head(&question(3, false)), "Approve 3 requests?");
    }
}
