//! Inviting somebody: a form, a look whether they are in already, a question, and the result with its link.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::Line;
use crate::app::state::State;
use crate::domain::act::{Act, Deed, Outcome};
use crate::domain::guest::Guest;
use crate::domain::invitation::{Invitation, LANGUAGES, LONG_MESSAGE, Secret};
use crate::domain::text::Text;
use crate::worker::protocol::{Ask, Job, JobId};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Mail address.
    Mail,
    /// Display name.
    Name,
    /// Words in the mail.
    Message,
    /// Language of the mail.
    Language,
    /// Whether Graph sends a mail.
    Send,
    /// The button.
    Go,
}

impl Field {
    /// All of them, from the top.
    pub const ALL: [Self; 6] = [
        Self::Mail,
        Self::Name,
        Self::Message,
        Self::Language,
        Self::Send,
        Self::Go,
    ];
}

/// How far the invitation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Being filled in.
    Filling,
    /// Asking Graph whether there is an account for the address.
    Checking(JobId),
    /// There is none: send it? `y` sends.
    Asking,
    /// Sent; waiting for the answer.
    Sending(JobId),
    /// How it ended.
    Ended(Box<Outcome>),
}

/// The open form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Mail address.
    pub mail: Line,
    /// Display name.
    pub name: Line,
    /// Words in the mail.
    pub message: Line,
    /// Index into [`LANGUAGES`].
    pub language: usize,
    /// Whether Graph sends a mail.
    pub send_mail: bool,
    /// The field with the keyboard.
    pub field: Field,
    /// How far it is.
    pub step: Step,
    /// What has to be mended, or what there is to know.
    pub wrong: Option<String>,
}

impl Form {
    /// An empty form, or one for `mail`.
    pub fn new(mail: &str) -> Self {
        Self {
            mail: Line::with(mail),
            name: Line::default(),
            message: Line::default(),
            language: 0,
            send_mail: true,
            field: Field::Mail,
            step: Step::Filling,
            wrong: None,
        }
    }

    /// The language picked.
    pub fn language(&self) -> &'static str {
        LANGUAGES[self.language % LANGUAGES.len()]
    }

    /// What to know about the message, where there is something.
    pub fn caution(&self) -> Option<String> {
        let length = self.message.value().chars().count();
        if length > LONG_MESSAGE {
            Some(format!(
                "Messages above {LONG_MESSAGE} characters were seen to be dropped from the mail"
            ))
        } else if length > 0 && self.language != 0 {
            Some("Graph ignores the language where there is a message of one's own".into())
        } else {
            None
        }
    }

    fn address(&self) -> String {
        self.mail.value().trim().to_owned()
    }

    fn line(&mut self) -> Option<&mut Line> {
        match self.field {
            Field::Mail => Some(&mut self.mail),
            Field::Name => Some(&mut self.name),
            Field::Message => Some(&mut self.message),
            _ => None,
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        if self.step == Step::Filling
            && let Some(line) = self.line()
        {
            line.paste(pasted);
        }
    }

    fn step_field(&mut self, by: isize) {
        let at = Field::ALL
            .iter()
            .position(|field| *field == self.field)
            .unwrap_or(0);
        let count = Field::ALL.len();
        self.field = Field::ALL[(at + count).saturating_add_signed(by) % count];
    }

    pub(super) fn key(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        let leave = key.code == KeyCode::Esc || key == Key::ctrl('c');
        match &self.step {
            Step::Filling if leave => Next::Close,
            Step::Filling => {
                self.fill(state, key, effects);
                Next::Stay
            }
            // Nothing was sent yet: back to the form.
            Step::Checking(job) if leave => {
                effects.push(Effect::Cancel(*job));
                self.step = Step::Filling;
                Next::Stay
            }
            Step::Asking => {
                if key.typed() == Some('y') {
                    self.send(state, effects);
                } else if leave || key.code == KeyCode::Enter || key.typed() == Some('n') {
                    self.step = Step::Filling;
                }
                Next::Stay
            }
            // What was sent goes on without the form; its result is said as a toast then.
            Step::Sending(_) if leave => Next::Close,
            Step::Checking(_) | Step::Sending(_) => Next::Stay,
            Step::Ended(outcome) => match (key.typed(), outcome.as_ref()) {
                (Some('y'), Outcome::Invited(invited)) => {
                    effects.push(Effect::Copy(invited.redeem.clone()));
                    self.wrong = Some("The redeem link is on its way to your clipboard".into());
                    Next::Stay
                }
                (Some('i'), _) => Next::Open(super::Dialog::Invite(Box::new(Self::new("")))),
                (Some('q'), _) => Next::Close,
                _ if leave || key.code == KeyCode::Enter => Next::Close,
                _ => Next::Stay,
            },
        }
    }

    fn fill(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) {
        match (key.code, self.field) {
            (KeyCode::Tab | KeyCode::Down, _) => self.step_field(1),
            (KeyCode::BackTab | KeyCode::Up, _) => self.step_field(-1),
            (KeyCode::Enter, Field::Go) => self.check(state, effects),
            (KeyCode::Enter, _) => self.step_field(1),
            (KeyCode::Left, Field::Language) => {
                self.language = (self.language + LANGUAGES.len() - 1) % LANGUAGES.len();
            }
            (KeyCode::Right | KeyCode::Char(' '), Field::Language) => {
                self.language = (self.language + 1) % LANGUAGES.len();
            }
            (KeyCode::Left | KeyCode::Right | KeyCode::Char(' '), Field::Send) => {
                self.send_mail = !self.send_mail;
            }
            _ => {
                if let Some(line) = self.line() {
                    line.key(key);
                    self.wrong = None;
                }
            }
        }
    }

    /// Looks at the address, then whether somebody has it already: first here, then at Graph.
    fn check(&mut self, state: &mut State, effects: &mut Vec<Effect>) {
        let address = self.address();
        if let Err(wrong) = state.can_be_invited(&address) {
            (self.field, self.wrong) = (Field::Mail, Some(wrong));
            return;
        }
        if let Some(guest) = state.guest_by_mail(&address) {
            self.wrong = Some(already(&guest.guest));
            self.field = Field::Mail;
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
            match guest {
                Some(guest) => {
                    self.wrong = Some(already(guest));
                    self.field = Field::Mail;
                    self.step = Step::Filling;
                }
                None => self.step = Step::Asking,
            }
        }
    }

    /// The job it waits for has failed.
    pub(in crate::app) fn failed(&mut self, job: JobId, why: String) -> bool {
        let waiting = self.step == Step::Checking(job) || self.step == Step::Sending(job);
        if waiting {
            self.step = Step::Filling;
            self.wrong = Some(why);
        }
        waiting
    }

    /// Graph has answered the invitation.
    pub(in crate::app) fn ended(&mut self, job: JobId, outcome: &Outcome) -> bool {
        let waiting = self.step == Step::Sending(job);
        if waiting {
            self.step = Step::Ended(Box::new(outcome.clone()));
        }
        waiting
    }

    fn send(&mut self, state: &mut State, effects: &mut Vec<Effect>) {
        let address = self.address();
        let name = self.name.value().trim().to_owned();
        let invitation = Invitation {
            mail: address.clone(),
            name: name.clone(),
            message: self.message.value().trim().to_owned(),
            language: self.language().to_owned(),
            send_mail: self.send_mail,
            redirect: redirect(state),
        };
        let name = if name.is_empty() {
            Text::new(&address)
        } else {
            Text::new(&name)
        };
        let act = Act {
            deed: Deed::Invite(Box::new(invitation)),
            reason: String::new(),
            name,
        };
        let job = state.next_job();
        state.invite_jobs.insert(job);
        self.step = Step::Sending(job);
        effects.push(Effect::Ask(Job::new(job, Ask::Send(vec![act]))));
    }
}

/// Where a guest lands who redeems: the list of the apps they have in this tenant.
fn redirect(state: &State) -> String {
    let tenant = state
        .data
        .session
        .as_ref()
        .map(|session| session.tenant.as_str())
        .unwrap_or_default();
    format!("https://myapplications.microsoft.com/?tenantid={tenant}")
}

fn already(guest: &Guest) -> String {
    let state = if !guest.enabled {
        "is a guest already, but blocked"
    } else if guest.redemption == Some(crate::domain::guest::Redemption::Pending) {
        "was invited already and has not come yet"
    } else {
        "is a guest already"
    };
    format!("{} {state}: nothing was sent", guest.name.or(&guest.mail))
}

/// The redeem link of an invitation, for the copy menu.
pub(in crate::app) fn link_of(state: &State) -> Option<Secret> {
    state.invited.as_ref().map(|invited| invited.redeem.clone())
}
