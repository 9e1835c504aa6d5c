//! Reasons: what was written before, templates, the last answer given, and the line one writes a reason into.

use super::dialog::keys::{BACK, Button, DialogKey, rest, row};
use super::key::Key;
use super::prompt::InputLine;
use crate::acts::ActKind;
use crate::domain::template::Template;

/// Reasons of this session, and the templates of the config file. Reasons may name people: nothing of them
/// outlives the console but what is staged or in the journal.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    /// Written before, oldest first, none twice.
    past: Vec<String>,
    /// From the config file.
    templates: Vec<Template>,
    /// The verdict staged last, and its reason once it has one.
    pub last: Option<(ActKind, Option<String>)>,
}

impl Reasons {
    /// How many are remembered.
    const KEPT: usize = 100;

    /// No reason written yet.
    pub fn new(templates: Vec<Template>) -> Self {
        Self {
            templates,
            ..Self::default()
        }
    }

    /// Whether the config file has any.
    pub fn any_templates(&self) -> bool {
        !self.templates.is_empty()
    }

    /// Remembers a reason that was used.
    pub fn remember(&mut self, reason: &str) {
        let reason = reason.trim();
        if reason.is_empty() {
            return;
        }
        self.past.retain(|past| past != reason);
        self.past.push(reason.to_owned());
        let surplus = self.past.len().saturating_sub(Self::KEPT);
        self.past.drain(..surplus);
    }
}

/// What a key did to a reason that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WritingState {
    /// It is still being written.
    Still,
    /// It stands as it is.
    Kept,
    /// It is as it was before.
    TakenBack,
}

/// What a key means where a reason is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WritingKey {
    /// It stands as it is.
    Keep,
    /// It is as it was before.
    TakeBack,
    /// Brings what was written before.
    Earlier,
    /// Brings what was written after that.
    Later,
    /// Brings the next template.
    NextTemplate,
    /// Brings the template before.
    TemplateBefore,
    /// Is for the line.
    Type,
}

/// The keys where a reason is written, with the words on the buttons that keep it and take it back.
pub(super) const fn writing(keep: &'static str, back: &'static str) -> [DialogKey<WritingKey>; 7] {
    [
        row(&["Enter"], WritingKey::Keep)
            .footer("keeps the reason")
            .button(Button::Safe(keep)),
        row(BACK, WritingKey::TakeBack)
            .footer("takes it back")
            .button(Button::Other(back)),
        row(&["Tab"], WritingKey::NextTemplate).footer("template"),
        row(&["S-Tab"], WritingKey::TemplateBefore),
        row(&["Up"], WritingKey::Earlier).footer("earlier ones"),
        row(&["Down"], WritingKey::Later),
        rest(WritingKey::Type),
    ]
}

/// A reason that is being written.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// What is typed.
    pub line: InputLine,
    /// Why it cannot stand.
    pub wrong: Option<String>,
    /// The template that stands there, from 0.
    template: Option<usize>,
    /// How far back in what was written before, from 1.
    back: usize,
    /// What had been typed before looking back.
    typed: String,
}

impl Writing {
    /// Begins with what stands already.
    pub fn with(reason: &str) -> Self {
        Self {
            line: InputLine::with(reason),
            ..Self::default()
        }
    }

    /// What is typed.
    pub fn value(&self) -> &str {
        self.line.value().trim()
    }

    /// Takes pasted words.
    pub fn paste(&mut self, pasted: &str) {
        self.line.paste(pasted);
        self.wrong = None;
    }

    /// `template 2 of 3`, while one stands there unchanged.
    pub fn standing(&self, reasons: &Reasons) -> Option<String> {
        let at = self.template?;
        let same = reasons.templates.get(at)?.source() == self.line.value();
        same.then(|| format!("template {} of {}", at + 1, reasons.templates.len()))
    }

    /// Does what a key means by [`writing`].
    pub(super) fn does(&mut self, means: WritingKey, key: Key, reasons: &Reasons) -> WritingState {
        let back = reasons.templates.len().saturating_sub(1);
        match means {
            WritingKey::Keep => match Template::parse(self.line.value()) {
                Ok(_) => return WritingState::Kept,
                Err(wrong) => self.wrong = Some(wrong.to_string()),
            },
            WritingKey::TakeBack => return WritingState::TakenBack,
            WritingKey::Earlier => self.look_back(self.back + 1, reasons),
            WritingKey::Later => self.look_back(self.back.saturating_sub(1), reasons),
            WritingKey::NextTemplate => self.next_template(1, reasons),
            WritingKey::TemplateBefore => self.next_template(back, reasons),
            WritingKey::Type => {
                self.line.key(key);
                self.wrong = None;
                self.back = 0;
            }
        }
        WritingState::Still
    }

    fn look_back(&mut self, to: usize, reasons: &Reasons) {
        let to = to.min(reasons.past.len());
        if to == self.back {
            return;
        }
        if self.back == 0 {
            self.typed = self.line.value().to_owned();
        }
        self.back = to;
        let words = match to {
            0 => &self.typed,
            to => &reasons.past[reasons.past.len() - to],
        };
        self.line = InputLine::with(words);
        self.wrong = None;
    }

    fn next_template(&mut self, by: usize, reasons: &Reasons) {
        let count = reasons.templates.len();
        if count == 0 {
            self.wrong =
                Some("there are no templates; `reasons` in the config file makes some".into());
            return;
        }
        let at = match self.template {
            None if by == 1 => 0,
            None => count - 1,
            Some(at) => (at + by) % count,
        };
        self.template = Some(at);
        self.line = InputLine::with(reasons.templates[at].source());
        self.wrong = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::dialog::keys::find;
    use crate::app::key::keys;

    fn write(writing: &mut Writing, reasons: &Reasons, run: &str) -> WritingState {
        let table = super::writing("keep", "cancel");
        let typed = keys(run).into_iter().map(|key| {
            let row = find(&table, key).unwrap();
            writing.does(row.means, key, reasons)
        });
        typed.last().unwrap()
    }

    #[test]
    fn what_was_written_before_comes_back_and_what_is_typed_too() {
        let mut reasons = Reasons::default();
        for reason in ["first", "second", "first", " "] {
            reasons.remember(reason);
        }
        let mut writing = Writing::default();
        write(&mut writing, &reasons, "ne<Up>");
        assert_eq!(writing.value(), "first");
        write(&mut writing, &reasons, "<Up><Up><Up>");
        assert_eq!(writing.value(), "second");
        write(&mut writing, &reasons, "<Down><Down>w");
        assert_eq!(writing.value(), "new");
        assert_eq!(write(&mut writing, &reasons, "<Enter>"), WritingState::Kept);
        for n in 0..200 {
            reasons.remember(&n.to_string());
        }
        assert_eq!(reasons.past.len(), Reasons::KEPT);
    }

    #[test]
    fn templates_come_round_and_a_mistake_in_one_is_said() {
        let template = |source| Template::parse(source).unwrap();
        let reasons = Reasons::new(vec![template("known at {domain}"), template("left")]);
        let mut writing = Writing::default();
        write(&mut writing, &reasons, "<Tab>");
        assert_eq!(writing.value(), "known at {domain}");
        assert_eq!(
            writing.standing(&reasons).as_deref(),
            Some("template 1 of 2")
        );
        write(&mut writing, &reasons, "<Tab><Tab><S-Tab>");
        assert_eq!(writing.value(), "left");
        assert_eq!(
            write(&mut writing, &reasons, " {nmae}<Enter>"),
            WritingState::Still
        );
        assert!(
            writing.wrong.as_ref().unwrap().contains("{name}"),
            "{:?}",
            writing.wrong
        );
        assert!(writing.standing(&reasons).is_none());
        assert_eq!(
            write(&mut writing, &reasons, "<Esc>"),
            WritingState::TakenBack
        );
        let none = Reasons::default();
        let mut writing = Writing::default();
        write(&mut writing, &none, "a<Tab><Up>");
        assert_eq!(writing.value(), "a");
        assert!(writing.wrong.is_some());
    }
}
