//! Inviting somebody: a form, a look whether they are in already, a question, and the result with its link.

use super::Next;
use super::form::{
    ChoiceField, DialogForm, FieldCheck, FieldKind, FormField, FormKey, FormNext, FormStep,
    ToggleField, anything,
};
use super::keys::{self, DialogKey, Keyed, Press, row};
use crate::acts::{Invite, Outcome, Plan};
use crate::app::effect::Effect;
use crate::app::sends::{self, From};
use crate::app::state::State;
use crate::domain::guest::Guest;
use crate::domain::invitation::{Invitation, Invited, LANGUAGES, LONG_MESSAGE, Secret, my_apps};
use crate::domain::text::Text;
use crate::worker::protocol::{Ask, JobId};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteField {
    /// Mail address.
    Mail,
    /// Display name.
    Name,
    /// Words in the mail.
    Message,
    /// Language of the mail.
    Language,
    /// Whether Graph sends a mail.
    SendMail,
}

/// How far an invitation is that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteSent {
    /// Waiting for the answer.
    Waiting(JobId),
    /// How it ended.
    Ended(Box<Outcome>),
}

/// The open form.
#[derive(Clone, Debug)]
pub struct InviteForm {
    /// Its fields, and how far it is until it is sent.
    pub form: DialogForm<InviteField, ()>,
    /// How far it is from then on.
    pub sent: Option<InviteSent>,
    /// The last address, and the name that came with it.
    pasted: (String, Text),
}

fn fields(mail: &str) -> Vec<FormField<InviteField>> {
    let languages = LANGUAGES.iter().map(|language| (*language).to_owned());
    let send = ToggleField {
        on: true,
        yes: "Graph mails the invitation",
        no: "no mail: you pass the link on",
    };
    let mail_check: FieldCheck = |state, kind| state.can_be_invited(kind.text()).map(drop);
    let empty = || FieldKind::with("");
    let languages = FieldKind::Choice(ChoiceField::of(languages));
    vec![
        FormField::new(InviteField::Mail, "Mail", FieldKind::with(mail), mail_check),
        FormField::new(InviteField::Name, "Name", empty(), anything)
            .hint("taken from the address if left empty"),
        FormField::new(InviteField::Message, "Message", empty(), anything).hint("none"),
        FormField::new(InviteField::Language, "Language", languages, anything),
        FormField::new(
            InviteField::SendMail,
            "Send mail",
            FieldKind::Toggle(send),
            anything,
        ),
    ]
}

impl InviteForm {
    /// An empty form, or one for `mail`.
    pub fn new(mail: &str) -> Self {
        Self {
            form: DialogForm::new("Invite a guest", "Look and invite", fields(mail)),
            sent: None,
            pasted: (String::new(), Text::default()),
        }
    }

    /// The address written.
    pub fn address(&self) -> &str {
        self.form.text(InviteField::Mail)
    }

    /// The name written.
    pub fn name(&self) -> &str {
        self.form.text(InviteField::Name)
    }

    /// The language picked.
    pub fn language(&self) -> &'static str {
        LANGUAGES[self.form.chosen(InviteField::Language).unwrap_or(0)]
    }

    /// Whether Graph is to send a mail.
    pub fn send_mail(&self) -> bool {
        self.form.is_on(InviteField::SendMail)
    }

    /// What to know about the message, where there is something.
    pub fn caution(&self) -> Option<String> {
        let message = self.form.kind(InviteField::Message);
        let message = message.and_then(FieldKind::line);
        let length = message.map_or(0, |line| line.value().chars().count());
        if length > LONG_MESSAGE {
            Some(format!(
                "Messages above {LONG_MESSAGE} characters were seen to be dropped from the mail"
            ))
        } else if length > 0 && self.language() != LANGUAGES[0] {
            Some("Graph ignores the language where there is a message of one's own".into())
        } else {
            None
        }
    }

    /// Looks at the address, then whether somebody has it already: first here, then at Graph.
    fn check(&mut self, press: &mut Press<'_>) {
        let pasted = self.form.take_apart(InviteField::Mail);
        // A name that came with an address goes with it; one that somebody typed stays.
        let (address, name) = &self.pasted;
        let typed = !self.name().is_empty() && self.name() != name.as_str();
        if !typed && address != self.address() {
            self.form.write(InviteField::Name, &pasted);
            self.pasted = (self.address().to_owned(), pasted);
        }
        if !self.form.complete(press.state) {
            return;
        }
        let address = self.address().to_owned();
        match press.state.data.guests_by_mail(&address).first() {
            Some(row) => self.form.mend(InviteField::Mail, already(&row.guest)),
            None => self.form.ask(Ask::LookUp(address), press),
        }
    }

    /// Graph has said whether there is an account; of several any is a reason not to invite.
    pub(in crate::app) fn found(&mut self, guests: &[Guest]) {
        match guests.first() {
            Some(guest) => self.form.mend(InviteField::Mail, already(guest)),
            None => self.form.step = FormStep::Asking(()),
        }
    }

    /// A send has failed; says whether it was this invitation's.
    pub(in crate::app) fn failed(&mut self, job: JobId, why: String) -> bool {
        let waiting = self.waits_for_answer(job);
        if waiting {
            self.sent = None;
            self.form.failed(why);
        }
        waiting
    }

    /// Graph has answered the invitation.
    pub(in crate::app) fn ended(&mut self, job: JobId, outcome: &Outcome) -> bool {
        let waiting = self.waits_for_answer(job);
        if waiting {
            self.sent = Some(InviteSent::Ended(Box::new(outcome.clone())));
        }
        waiting
    }

    fn waits_for_answer(&self, job: JobId) -> bool {
        self.sent == Some(InviteSent::Waiting(job))
    }

    fn send(&mut self, press: Press<'_>) {
        let Press { state, effects, .. } = press;
        let address = self.address().to_owned();
        let name = self.name().to_owned();
        let invitation = Invitation {
            mail: address.clone(),
            name: name.clone(),
            message: self.form.text(InviteField::Message).to_owned(),
            language: self.language().to_owned(),
            send_mail: self.send_mail(),
            redirect: redirect(state),
        };
        let name = if name.is_empty() {
            Text::new(&address)
        } else {
            Text::new(&name)
        };
        let plan = Plan::of(Invite(Box::new(invitation)), "", name);
        if let Some((job, effect)) = sends::begin(state, From::Asked, vec![plan], false) {
            self.sent = Some(InviteSent::Waiting(job));
            effects.push(effect);
        }
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum InviteKey {
    Form(FormKey),
    /// Nothing was sent yet: back to the form.
    Back,
    Send,
    CopyLink,
    Another,
    Close,
}

impl Keyed for InviteForm {
    type Means = InviteKey;

    fn table(&self, _: &State) -> Vec<DialogKey<InviteKey>> {
        match (&self.sent, &self.form.step) {
            (None, FormStep::Filling | FormStep::Checking) => self.form.table(InviteKey::Form),
            (None, FormStep::Asking(())) => vec![
                row(&["Esc", "Enter", "n", "Ctrl-c"], InviteKey::Back)
                    .footer("back")
                    .safe("Back"),
                row(&["y"], InviteKey::Send).both("invite"),
            ],
            // What was sent goes on without the form; its result is said as a toast then.
            (Some(InviteSent::Waiting(_)), _) => {
                vec![row(keys::BACK, InviteKey::Close).footer("close; it goes on")]
            }
            (Some(InviteSent::Ended(outcome)), _) => {
                let link = row(&["y"], InviteKey::CopyLink)
                    .footer("copy the link")
                    .other("copies it");
                let rest = [
                    row(&["i"], InviteKey::Another).both("another"),
                    row(keys::CLOSE, InviteKey::Close)
                        .footer("close")
                        .safe("Close"),
                ];
                let link = matches!(**outcome, Outcome::Invited(_)).then_some(link);
                link.into_iter().chain(rest).collect()
            }
        }
    }

    fn does(&mut self, means: InviteKey, mut press: Press<'_>) -> Next {
        match means {
            InviteKey::Form(means) => match self.form.does(means, &mut press) {
                FormNext::Still => {}
                FormNext::Go => self.check(&mut press),
                FormNext::Cancelled => return Next::Close,
            },
            InviteKey::Back => self.form.back(&mut press),
            InviteKey::Send => self.send(press),
            InviteKey::CopyLink => {
                if let Some(InviteSent::Ended(outcome)) = &self.sent
                    && let Outcome::Invited(invited) = outcome.as_ref()
                {
                    let note = match invited.link() {
                        Some(link) => {
                            press.effects.push(Effect::Copy(link.clone()));
                            "The redeem link is on its way to your clipboard"
                        }
                        None => Invited::BROKEN,
                    };
                    self.form.wrong = Some(note.into());
                }
            }
            InviteKey::Another => {
                return Next::Open(super::Dialog::Invite(Box::new(Self::new(""))));
            }
            InviteKey::Close => return Next::Close,
        }
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        self.form.paste(pasted);
    }
}

/// Where a guest lands who redeems.
fn redirect(state: &State) -> String {
    let tenant = state
        .data
        .session
        .as_ref()
        .map(|session| session.tenant.as_str());
    my_apps(tenant.unwrap_or_default())
}

fn already(guest: &Guest) -> String {
    format!("{}: nothing was sent", guest.in_already())
}

/// The redeem link of an invitation, for the copy menu.
pub(in crate::app) fn link_of(state: &State) -> Option<Secret> {
    state
        .sends
        .invited
        .as_ref()
        .and_then(|invited| invited.link().cloned())
}
