//! Asking before something is sent.

use std::io::{self, BufRead, IsTerminal, Write};

use super::failure::Failure;
use crate::acts::{ActKind, TYPE_ABOVE, Weight};
use crate::domain::text::Text;

/// What one is asked about.
pub(super) struct ConfirmQuestion<'a> {
    /// The question: `Approve 3 requests?`.
    head: String,
    /// The names of the rows.
    names: &'a [String],
    /// What has to be typed: the number, or a yes.
    weight: Weight,
}

impl<'a> ConfirmQuestion<'a> {
    /// Whether an act is to be done with these rows.
    pub(super) fn of(kind: ActKind, names: &'a [String]) -> Self {
        let about = kind.about();
        Self {
            head: about.asks.question(names.len(), about.on.noun()),
            names,
            weight: about.weight,
        }
    }

    /// Whether to go on with these.
    pub(super) fn new(head: String, names: &'a [String]) -> Self {
        Self {
            head,
            names,
            weight: Weight::Plain,
        }
    }

    /// Whether it takes something away that cannot be had back at once: then it is not done unasked.
    fn deletes(&self) -> bool {
        self.weight == Weight::Number
    }
}

/// Asks on the terminal, unless `yes`. Without a terminal nobody can be asked: then it is done, unless it
/// deletes.
///
/// # Errors
/// [`Failure::NotDone`] where the answer is no; [`Failure::Usage`] where a delete needs `--yes`.
pub(super) fn confirm(question: &ConfirmQuestion, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return if question.deletes() {
            Err(Failure::Usage(
                "Deleting needs a yes, and nobody can be asked without a terminal. Add --yes to delete.".into(),
            ))
        } else {
            Ok(())
        };
    }
    let wanted = wanted(question);
    let mut err = io::stderr();
    for name in question.names.iter().take(TYPE_ABOVE) {
        let _ = writeln!(err, "  {}", Text::new(name));
    }
    if question.names.len() > TYPE_ABOVE {
        let _ = writeln!(err, "  and {} more", question.names.len() - TYPE_ABOVE);
    }
    let _ = write!(err, "{} Type {wanted}: ", question.head);
    let _ = err.flush();
    answered(&wanted)
}

/// Asks about what a filter has chosen: it is always shown, and never done unasked without `yes`.
///
/// # Errors
/// [`Failure::NotDone`] where the answer is no; [`Failure::Usage`] where nobody can be asked.
pub(super) fn confirm_chosen(question: &ConfirmQuestion, yes: bool) -> Result<(), Failure> {
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
            question.head
        )));
    }
    let wanted = question.names.len().to_string();
    let _ = write!(err, "{} Type {wanted}: ", question.head);
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

fn wanted(question: &ConfirmQuestion) -> String {
    let count = question.names.len();
    if question.weight.number(count) {
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
        let question = |count: usize, kind| ConfirmQuestion::of(kind, &names[..count]);
        assert_eq!(wanted(&question(3, ActKind::Approve)), "y");
        assert_eq!(wanted(&question(3, ActKind::Delete)), "3");
        assert_eq!(wanted(&question(20, ActKind::Approve)), "y");
        assert_eq!(wanted(&question(21, ActKind::Approve)), "21");
        assert_eq!(question(1, ActKind::Approve).head, "Approve 1 request?");
        assert_eq!(
            question(3, ActKind::Reprocess).head,
            "Deliver 3 requests again?"
        );
    }
}
