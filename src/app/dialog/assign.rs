//! Assigning directly: whom, which package under which policy, a look whether they are in, and the typed word: one to
//! assign, another to ask Graph to pass over approval besides.

use super::Next;
use super::form::{
    ChoiceField, DialogForm, FieldCheck, FieldKind, FormField, FormKey, FormNext, FormStep,
    anything,
};
use super::keys::{self, DialogKey, Keyed, Press, rest, row};
use crate::acts::{Assign, Plan};
use crate::app::prompt::InputLine;
use crate::app::sends::{self, From};
use crate::app::state::State;
use crate::domain::assignment::{ASSIGN, Assignee, Assignment, BYPASS};
use crate::domain::guest::{Guest, one_of};
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::mail;
use crate::domain::text::Text;
use crate::inventory::rows::PolicyRow;
use crate::worker::protocol::Ask;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignField {
    /// Mail address, or an account's id.
    Who,
    /// Package and policy.
    Policy,
    /// Why.
    Reason,
}

/// A package under one of its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignable {
    /// The package.
    pub package: PackageId,
    /// The policy.
    pub policy: PolicyId,
    /// `Supplier Hub · New suppliers`.
    pub words: Text,
    /// How long the access lasts: `for 180 days`.
    pub lasts: String,
}

/// The open form. Once it is known whether they are a guest, and which one, the word is to be typed.
#[derive(Clone, Debug)]
pub struct AssignForm {
    /// Its fields, and how far it is.
    pub form: DialogForm<AssignField, Option<Box<Guest>>>,
    /// Every package under every policy.
    choices: Vec<Assignable>,
    /// The word.
    pub word: InputLine,
}

fn fields(who: &str, choices: &[Assignable], chosen: usize) -> Vec<FormField<AssignField>> {
    let words = choices.iter().map(|choice| choice.words.to_string());
    let who = FieldKind::with(who);
    // An id has no @; whether there is such an account is looked at.
    let who_check: FieldCheck = |_, kind| match UserId::new(kind.text()) {
        Ok(_) => Ok(()),
        Err(_) => mail::read(kind.text()).map(drop),
    };
    let policies = FieldKind::Choice(ChoiceField::of_many(words, chosen));
    let policy_check: FieldCheck = |_, kind| match kind {
        FieldKind::Choice(choice) if choice.chosen().is_some() => Ok(()),
        _ => Err("There is no policy to assign under".into()),
    };
    vec![
        FormField::new(AssignField::Who, "Who", who, who_check)
            .hint("a mail address, or an account's id"),
        FormField::new(AssignField::Policy, "Policy", policies, policy_check).hint("there is none"),
        FormField::new(AssignField::Reason, "Reason", FieldKind::with(""), anything)
            .hint("kept with the request and in the journal"),
    ]
}

impl AssignForm {
    /// A form for whoever and whatever is under the cursor.
    pub(in crate::app) fn new(state: &State) -> Self {
        let choices = state.data.policies.rows().filter_map(assignable).collect();
        let (who, policy) = state.assigned_here();
        Self::of(&who, policy.as_ref(), choices)
    }

    pub(super) fn of(who: &str, policy: Option<&PolicyId>, mut choices: Vec<Assignable>) -> Self {
        choices.sort_by_cached_key(|choice| choice.words.to_lowercase());
        let chosen = policy.and_then(|policy| choices.iter().position(|one| one.policy == *policy));
        let fields = fields(who, &choices, chosen.unwrap_or(0));
        let mut form = DialogForm::new("Assign directly", "Look and assign", fields);
        if !who.is_empty() {
            form.focus(AssignField::Policy);
        }
        Self {
            form,
            choices,
            word: InputLine::default(),
        }
    }

    /// What is picked.
    pub fn chosen(&self) -> Option<&Assignable> {
        self.choices.get(self.form.chosen(AssignField::Policy)?)
    }

    /// The address written.
    pub fn address(&self) -> &str {
        self.form.text(AssignField::Who)
    }

    /// Looks at the address, then whether somebody has it already: at Graph, since the word is about a person.
    fn check(&mut self, press: &mut Press<'_>) {
        self.form.take_apart(AssignField::Who);
        if self.form.complete(press.state) {
            let address = self.address().to_owned();
            self.form.ask(Ask::LookUp(address), press);
        }
    }

    /// What the typed word means: whether Graph is asked to pass over approval; nothing for any other word.
    fn meant(&self) -> Option<bool> {
        match self.word.value().trim() {
            ASSIGN => Some(false),
            BYPASS => Some(true),
            _ => None,
        }
    }

    /// Graph has said whether there is an account; `outside` says whether one could be made for the address.
    pub(in crate::app) fn found(&mut self, guests: &[Guest], outside: Result<(), String>) {
        self.word = InputLine::default();
        match (one_of(self.address(), guests), outside) {
            (Ok(None), _) if UserId::new(self.address()).is_ok() => {
                let none = "There is no account with this id".into();
                self.form.mend(AssignField::Who, none);
            }
            (Err(why), _) | (Ok(None), Err(why)) => self.form.mend(AssignField::Who, why),
            (Ok(guest), _) => self.form.step = FormStep::Asking(guest.cloned().map(Box::new)),
        }
    }

    fn send(&mut self, press: Press<'_>) -> Next {
        let Press { state, effects, .. } = press;
        if self.word.value().trim().is_empty() {
            // Enter is the default, and the default is not to.
            self.form.step = FormStep::Filling;
            return Next::Stay;
        }
        let Some(bypass) = self.meant() else {
            self.word = InputLine::default();
            self.form.wrong = Some(format!(
                "Not sent: type {ASSIGN} or {BYPASS}, such a word and no other, then Enter"
            ));
            return Next::Stay;
        };
        let (FormStep::Asking(guest), Some(choice)) = (&self.form.step, self.chosen()) else {
            return Next::Close;
        };
        let address = self.address().to_owned();
        let (who, name) = match guest {
            Some(guest) => (
                Assignee::Guest(guest.id.clone()),
                Text::new(guest.name.or(&guest.address())),
            ),
            None => (Assignee::Address(address.clone()), Text::new(&address)),
        };
        let assign = Assign(Box::new(Assignment {
            package: choice.package.clone(),
            policy: choice.policy.clone(),
            who,
            asked: state.now,
            bypass,
        }));
        let name = Text::new(&format!("{name} · {}", choice.words));
        let plan = Plan::of(assign, self.form.text(AssignField::Reason), name);
        let begun = sends::begin(state, From::Asked, vec![plan], false);
        effects.extend(begun.map(|(_, effect)| effect));
        Next::Close
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum AssignKey {
    Form(FormKey),
    /// Is for the word.
    Word,
    /// Back to the form.
    Back,
    Send,
}

impl Keyed for AssignForm {
    type Means = AssignKey;

    fn table(&self, _: &State) -> Vec<DialogKey<AssignKey>> {
        if !matches!(self.form.step, FormStep::Asking(_)) {
            return self.form.table(AssignKey::Form);
        }
        let back = row(keys::BACK, AssignKey::Back).footer("back");
        let send = row(&["Enter"], AssignKey::Send).footer("assigns once the word is typed");
        let (back, send) = if self.meant().is_some() {
            (back.other("back"), send.other("assigns"))
        } else {
            (back, send.safe("Back"))
        };
        vec![back, send, rest(AssignKey::Word)]
    }

    fn does(&mut self, means: AssignKey, mut press: Press<'_>) -> Next {
        match means {
            AssignKey::Form(means) => match self.form.does(means, &mut press) {
                FormNext::Still => {}
                FormNext::Go => self.check(&mut press),
                FormNext::Cancelled => return Next::Close,
            },
            AssignKey::Word => {
                self.word.key(press.key);
                self.form.wrong = None;
            }
            AssignKey::Back => {
                self.word = InputLine::default();
                self.form.back(&mut press);
            }
            AssignKey::Send => return self.send(press),
        }
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        // The word is typed, or it says nothing.
        self.form.paste(pasted);
    }
}

fn assignable(row: &PolicyRow) -> Option<Assignable> {
    let policy = &row.policy;
    Some(Assignable {
        package: policy.package.clone()?,
        policy: policy.id.clone(),
        words: Text::new(&format!("{} · {}", policy.package_name, policy.name)),
        lasts: policy.expiration.words(),
    })
}
