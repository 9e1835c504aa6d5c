//! Some of the people there are.

use super::field::FieldKey;
use crate::app::key::Key;
use crate::app::prompt::InputLine;
use crate::domain::id::UserId;
use crate::domain::text::Text;

/// Somebody one can pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pickable {
    /// Their account.
    pub id: UserId,
    /// Their name.
    pub name: Text,
    /// Their mail address.
    pub mail: Text,
}

/// Some of the people there are, looked up by name or address.
#[derive(Clone, Debug)]
pub struct PeopleField {
    /// What is looked up.
    pub line: InputLine,
    /// Those there are.
    all: Vec<Pickable>,
    /// Places of those that are picked, in the order in which they were.
    picked: Vec<usize>,
    /// How many can be picked.
    most: usize,
    /// Which of those that are found Enter takes.
    at: usize,
}

impl PeopleField {
    /// Of `all`, at most `most`.
    pub fn of(all: Vec<Pickable>, most: usize) -> Self {
        Self {
            line: InputLine::default(),
            all,
            picked: Vec::new(),
            most,
            at: 0,
        }
    }

    /// Those that are picked, in the order in which they were.
    pub fn picked(&self) -> impl Iterator<Item = &Pickable> {
        self.picked.iter().filter_map(|at| self.all.get(*at))
    }

    /// Whom Enter takes: of those who hold all words that are typed, and are not picked.
    pub fn found(&self) -> Option<&Pickable> {
        self.all.get(*self.matches().get(self.at)?)
    }

    /// How many hold what is typed, and are not picked.
    pub fn matching(&self) -> usize {
        self.matches().len()
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        self.line.paste(pasted);
        self.at = 0;
    }

    fn matches(&self) -> Vec<usize> {
        let typed = self.line.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let holds = |one: &Pickable| {
            let all = format!("{} {}", one.name, one.mail).to_lowercase();
            words.iter().all(|word| all.contains(word))
        };
        let open = |at: &usize| !self.picked.contains(at) && holds(&self.all[*at]);
        (0..self.all.len()).filter(open).collect()
    }

    pub(super) fn does(&mut self, means: FieldKey, key: Key) {
        let last = self.matching().saturating_sub(1);
        match means {
            FieldKey::Before => self.at = self.at.saturating_sub(1),
            FieldKey::After => self.at = (self.at + 1).min(last),
            FieldKey::TakeBack => drop(self.picked.pop()),
            FieldKey::Type => {
                self.line.key(key);
                self.at = 0;
            }
            FieldKey::Flip => {}
        }
    }

    pub(super) fn take(&mut self) -> Result<bool, String> {
        if self.line.value().trim().is_empty() {
            return Ok(false);
        }
        if self.picked.len() >= self.most {
            return Err(format!("No more than {} can be picked", self.most));
        }
        let Some(found) = self.matches().get(self.at).copied() else {
            return self.check().map(|()| false);
        };
        self.picked.push(found);
        self.line = InputLine::default();
        self.at = 0;
        Ok(true)
    }

    /// What is typed and not taken would be lost unsaid.
    pub(super) fn check(&self) -> Result<(), String> {
        match (self.line.value().trim(), self.found()) {
            ("", _) => Ok(()),
            (typed, None) => Err(format!("Nobody here is called “{typed}”")),
            (_, Some(one)) => Err(format!("Enter takes {}; or empty the line", one.name)),
        }
    }
}
