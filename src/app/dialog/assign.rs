//! Assigning directly: whom, which package under which policy, a look whether they are in, and the typed word
//! without which nobody's approval is passed by.

use super::Next;
use super::keys::{self, DialogKey, Keys, Press, rest, row};
use crate::app::acts;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::Line;
use crate::app::rows::PolicyRow;
use crate::app::state::{Pane, State};
use crate::domain::act::{Act, Deed};
use crate::domain::assignment::{Assignee, Assignment, BYPASS};
use crate::domain::guest::Guest;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::text::Text;
use crate::worker::protocol::{Ask, Job, JobId};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Mail address.
    Who,
    /// Package and policy.
    Policy,
    /// Why.
    Reason,
    /// The button.
    Go,
}

impl Field {
    /// All of them, from the top.
    pub const ALL: [Self; 4] = [Self::Who, Self::Policy, Self::Reason, Self::Go];
}

/// A package under one of its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The package.
    pub package: PackageId,
    /// The policy.
    pub policy: PolicyId,
    /// `Supplier Hub · New suppliers`.
    pub words: Text,
    /// How long the access lasts: `for 180 days`.
    pub lasts: String,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Being filled in.
    Filling,
    /// Asking Graph whether there is an account.
    Checking(JobId),
    /// Known who it is: the word is to be typed. The guest, where they are one.
    Asking(Option<Box<Guest>>),
}

/// The open form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Mail address.
    pub who: Line,
    /// Every package under every policy.
    pub choices: Vec<Choice>,
    /// The one that is picked.
    pub choice: usize,
    /// Letters typed to find it.
    pub find: String,
    /// Why.
    pub reason: Line,
    /// The word.
    pub word: Line,
    /// The field with the keyboard.
    pub field: Field,
    /// How far it is.
    pub step: Step,
    /// What has to be mended.
    pub wrong: Option<String>,
}

impl Form {
    /// A form for whoever and whatever is under the cursor.
    pub(in crate::app) fn new(state: &State) -> Self {
        let mut choices: Vec<Choice> = state.data.policies.rows().filter_map(choice).collect();
        choices.sort_by_cached_key(|choice| choice.words.to_lowercase());
        let (who, policy) = match state.focus {
            Pane::Requests => state.data.requests.focused().map(|row| {
                let mail = row.request.requestor.mail.to_string();
                (mail, row.policy.clone())
            }),
            Pane::Guests => state
                .data
                .guests
                .focused()
                .map(|row| (row.guest.address(), None)),
            Pane::Policies => state
                .data
                .policies
                .focused()
                .map(|row| (String::new(), Some(row.policy.id.clone()))),
            Pane::Journal => None,
        }
        .unwrap_or_default();
        let choice = policy
            .and_then(|policy| choices.iter().position(|one| one.policy == policy))
            .unwrap_or(0);
        Self {
            field: if who.is_empty() {
                Field::Who
            } else {
                Field::Policy
            },
            who: Line::with(&who),
            choices,
            choice,
            find: String::new(),
            reason: Line::default(),
            word: Line::default(),
            step: Step::Filling,
            wrong: None,
        }
    }

    /// What is picked.
    pub fn chosen(&self) -> Option<&Choice> {
        self.choices.get(self.choice)
    }

    fn address(&self) -> String {
        self.who.value().trim().to_owned()
    }

    fn line(&mut self) -> Option<&mut Line> {
        match (&self.step, self.field) {
            (Step::Asking(_), _) => Some(&mut self.word),
            (Step::Filling, Field::Who) => Some(&mut self.who),
            (Step::Filling, Field::Reason) => Some(&mut self.reason),
            _ => None,
        }
    }

    fn field_key(&mut self, key: Key) {
        match (key.code, self.field) {
            (KeyCode::Left, Field::Policy) => self.step_choice(-1),
            (KeyCode::Right, Field::Policy) => self.step_choice(1),
            (KeyCode::Backspace, Field::Policy) => {
                self.find.pop();
            }
            (_, Field::Policy) => {
                if let Some(c) = key.typed() {
                    self.find(c);
                }
            }
            _ => {
                if let Some(line) = self.line() {
                    line.key(key);
                    self.wrong = None;
                }
            }
        }
    }

    fn step_field(&mut self, by: isize) {
        let at = Field::ALL
            .iter()
            .position(|field| *field == self.field)
            .unwrap_or(0);
        let count = Field::ALL.len();
        self.field = Field::ALL[(at + count).saturating_add_signed(by) % count];
        self.find.clear();
    }

    fn step_choice(&mut self, by: isize) {
        let count = self.choices.len();
        if count > 0 {
            self.choice = (self.choice + count).saturating_add_signed(by) % count;
        }
        self.find.clear();
    }

    /// Goes to the next choice that holds what was typed; a letter that none holds is not taken.
    fn find(&mut self, c: char) {
        let typed: String = self.find.chars().chain(c.to_lowercase()).collect();
        let holds = |choice: &Choice| choice.words.to_lowercase().contains(&typed);
        let count = self.choices.len();
        let found = (0..count)
            .map(|step| (self.choice + step) % count)
            .find(|at| holds(&self.choices[*at]));
        if let Some(at) = found {
            (self.choice, self.find) = (at, typed);
        }
    }

    /// Looks at the address, then whether somebody has it already: at Graph, since the word is about a person.
    fn check(&mut self, state: &mut State, effects: &mut Vec<Effect>) {
        let address = self.address();
        if let Err(wrong) = state.can_be_invited(&address) {
            (self.field, self.wrong) = (Field::Who, Some(wrong));
            return;
        }
        if self.chosen().is_none() {
            self.field = Field::Policy;
            self.wrong = Some("There is no policy to assign under".into());
            return;
        }
        let job = state.next_job();
        self.step = Step::Checking(job);
        self.wrong = None;
        effects.push(Effect::Ask(Job::new(job, Ask::LookUp(address))));
    }

    /// Graph has said whether there is an account.
    pub(in crate::app) fn found(&mut self, job: JobId, guest: Option<&Guest>) {
        if self.step == Step::Checking(job) {
            self.word = Line::default();
            self.step = Step::Asking(guest.cloned().map(Box::new));
        }
    }

    /// The job it waits for has failed.
    pub(in crate::app) fn failed(&mut self, job: JobId, why: String) -> bool {
        let waiting = self.step == Step::Checking(job);
        if waiting {
            self.step = Step::Filling;
            self.wrong = Some(why);
        }
        waiting
    }

    fn send(
        &mut self,
        state: &mut State,
        guest: Option<&Guest>,
        effects: &mut Vec<Effect>,
    ) -> Next {
        let typed = self.word.value().trim();
        if typed.is_empty() {
            // Enter is the default, and the default is not to.
            self.step = Step::Filling;
            return Next::Stay;
        }
        if typed != BYPASS {
            self.word = Line::default();
            self.wrong = Some(format!(
                "Not sent: type {BYPASS}, that word and no other, then Enter"
            ));
            return Next::Stay;
        }
        let Some(choice) = self.chosen() else {
            return Next::Close;
        };
        let address = self.address();
        let (who, name) = match guest {
            Some(guest) => (
                Assignee::Guest(guest.id.clone()),
                Text::new(guest.name.or(&guest.address())),
            ),
            None => (Assignee::Address(address.clone()), Text::new(&address)),
        };
        let act = Act {
            deed: Deed::Assign(Box::new(Assignment {
                package: choice.package.clone(),
                policy: choice.policy.clone(),
                who,
                asked: state.now,
            })),
            reason: self.reason.value().trim().to_owned(),
            name: Text::new(&format!("{name} · {}", choice.words)),
        };
        effects.extend(acts::send(state, vec![act]));
        Next::Close
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum AssignKey {
    Next,
    Before,
    Enter,
    /// Is for the field with the keyboard, or for the word.
    Field,
    /// Back to the form.
    Back,
    Send,
    Close,
}

impl Keys for Form {
    type Means = AssignKey;

    fn table(&self, _: &State) -> Vec<DialogKey<AssignKey>> {
        match &self.step {
            Step::Filling => vec![
                row(&["Tab", "Down"], AssignKey::Next).footer("next field"),
                row(&["S-Tab", "Up"], AssignKey::Before),
                row(&["Enter"], AssignKey::Enter).footer("next, or go"),
                row(keys::BACK, AssignKey::Close).footer("cancel"),
                rest(AssignKey::Field),
            ],
            Step::Checking(_) => vec![row(keys::BACK, AssignKey::Back).footer("back to the form")],
            Step::Asking(_) => {
                let typed = self.word.value().trim() == BYPASS;
                let back = row(keys::BACK, AssignKey::Back).footer("back");
                let send =
                    row(&["Enter"], AssignKey::Send).footer("assigns once the word is typed");
                vec![
                    if typed { back.other("back") } else { back },
                    if typed {
                        send.other("assigns")
                    } else {
                        send.safe("Back")
                    },
                    rest(AssignKey::Field),
                ]
            }
        }
    }

    fn does(
        &mut self,
        means: AssignKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            AssignKey::Next => self.step_field(1),
            AssignKey::Before => self.step_field(-1),
            AssignKey::Enter if self.field == Field::Go => self.check(state, effects),
            AssignKey::Enter => self.step_field(1),
            AssignKey::Field if matches!(self.step, Step::Asking(_)) => {
                self.word.key(key);
                self.wrong = None;
            }
            AssignKey::Field => self.field_key(key),
            AssignKey::Back => {
                if let Step::Checking(job) = self.step {
                    effects.push(Effect::Cancel(job));
                } else {
                    self.word = Line::default();
                }
                self.step = Step::Filling;
            }
            AssignKey::Send => {
                if let Step::Asking(guest) = self.step.clone() {
                    return self.send(state, guest.as_deref(), effects);
                }
            }
            AssignKey::Close => return Next::Close,
        }
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        // The word is typed, or it says nothing.
        if let (Step::Filling, Some(line)) = (self.step.clone(), self.line()) {
            line.paste(pasted);
        }
    }
}

fn choice(row: &PolicyRow) -> Option<Choice> {
    let policy = &row.policy;
    Some(Choice {
        package: policy.package.clone()?,
        policy: policy.id.clone(),
        words: Text::new(&format!("{} · {}", policy.package_name, policy.name)),
        lasts: policy.expiration.words(),
    })
}
