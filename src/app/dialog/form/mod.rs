//! The one form: fields as data, the keyboard that goes from one to the next, and the steps from filling it in to the
//! question before something is sent. What it is for, and what is asked then, is its dialog's.

mod choice;
mod date;
mod field;
mod number;
mod people;

pub use choice::ChoiceField;
pub use date::{DateField, today};
pub use field::{FieldKind, ToggleField};
pub use number::NumberField;
pub use people::{PeopleField, Pickable};

use field::FieldKey;

use super::keys::{self, DialogKey, Press, row};
use crate::app::jobs::Purpose;
use crate::app::state::State;
use crate::domain::mail;
use crate::domain::text::Text;
use crate::worker::protocol::Ask;

/// Whether what stands in a field can be taken; if not, a sentence that says why.
pub type FieldCheck = fn(&State, &FieldKind) -> Result<(), String>;

/// A field's check where all that its kind takes will do.
pub fn anything(_: &State, _: &FieldKind) -> Result<(), String> {
    Ok(())
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct FormField<N> {
    /// What the form calls it.
    pub name: N,
    /// What stands before it.
    pub label: &'static str,
    /// What stands in it while it is empty and the keyboard is elsewhere.
    pub hint: &'static str,
    /// What one can fill in.
    pub kind: FieldKind,
    /// What must be true of it besides, before the form goes on.
    pub check: FieldCheck,
}

/// How far a form is. What is known when it asks is `F`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormStep<F> {
    /// Being filled in.
    Filling,
    /// Asking Graph for something before the question.
    Checking,
    /// The question before something is sent.
    Asking(F),
}

/// A form whose fields are called `N`.
#[derive(Clone, Debug)]
pub struct DialogForm<N, F> {
    /// What it is for.
    pub title: &'static str,
    /// What its button does.
    pub go: &'static str,
    /// Its fields, from the top.
    pub fields: Vec<FormField<N>>,
    /// The field with the keyboard; the button behind the last one.
    at: usize,
    /// How far it is.
    pub step: FormStep<F>,
    /// What has to be mended, or what there is to know.
    pub wrong: Option<String>,
}

/// What a key means while a form is filled in, or looks something up.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum FormKey {
    Next,
    Before,
    Enter,
    Cancel,
    /// Nothing was sent yet: back to the fields.
    Back,
    Field(FieldKey),
}

/// What came of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormNext {
    Still,
    /// The button was pressed.
    Go,
    Cancelled,
}

impl<N> FormField<N> {
    /// A field without a hint.
    pub fn new(name: N, label: &'static str, kind: FieldKind, check: FieldCheck) -> Self {
        Self {
            name,
            label,
            hint: "",
            kind,
            check,
        }
    }

    /// Says this while it is empty and the keyboard is elsewhere.
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

impl<N: Copy + PartialEq, F> DialogForm<N, F> {
    /// With the keyboard on its first field.
    pub fn new(title: &'static str, go: &'static str, fields: Vec<FormField<N>>) -> Self {
        Self {
            title,
            go,
            fields,
            at: 0,
            step: FormStep::Filling,
            wrong: None,
        }
    }

    /// The place of the field with the keyboard; that of the button is behind the last field's.
    pub fn place(&self) -> usize {
        self.at
    }

    /// What stands in the field of this name.
    pub fn kind(&self, name: N) -> Option<&FieldKind> {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map(|field| &field.kind)
    }

    /// What is written in the field of this name, without blanks around it; nothing where it has no line.
    pub fn text(&self, name: N) -> &str {
        self.kind(name).map_or("", FieldKind::text)
    }

    /// Writes something else in the line of this name.
    pub(super) fn write(&mut self, name: N, value: &str) {
        let mut fields = self.fields.iter_mut();
        if let Some(field) = fields.find(|field| field.name == name) {
            field.kind.write(value);
        }
    }

    /// Takes apart what is written in a field for an address, so that nothing else is sent than what is read there.
    pub(super) fn take_apart(&mut self, mail: N) -> Text {
        let Ok(found) = mail::read(self.text(mail)) else {
            return Text::default();
        };
        self.write(mail, &found.address);
        found.name
    }

    /// The place of what is chosen in the field of this name.
    pub fn chosen(&self, name: N) -> Option<usize> {
        match self.kind(name) {
            Some(FieldKind::Choice(choice)) => choice.chosen(),
            _ => None,
        }
    }

    /// Whether the field of this name is a toggle that is on.
    pub fn is_on(&self, name: N) -> bool {
        matches!(self.kind(name), Some(FieldKind::Toggle(toggle)) if toggle.on)
    }

    /// Puts the keyboard on the field of this name.
    pub(super) fn focus(&mut self, name: N) {
        let at = self.fields.iter().position(|field| field.name == name);
        self.at = at.unwrap_or(self.at);
    }

    /// Back to the field of this name, which has to be mended.
    pub fn mend(&mut self, name: N, wrong: String) {
        self.focus(name);
        self.wrong = Some(wrong);
        self.step = FormStep::Filling;
    }

    /// The keys of this step; none once it asks, since they are its dialog's then.
    pub(super) fn table<M>(&self, means: fn(FormKey) -> M) -> Vec<DialogKey<M>> {
        let mut table = match self.step {
            FormStep::Filling => vec![
                row(&["Tab", "Down"], FormKey::Next).footer("next field"),
                row(&["S-Tab", "Up"], FormKey::Before),
                row(&["Enter"], FormKey::Enter).footer("next, or go"),
                row(keys::BACK, FormKey::Cancel).footer("cancel"),
            ],
            FormStep::Checking => {
                vec![row(keys::BACK, FormKey::Back).footer("back to the form")]
            }
            FormStep::Asking(_) => Vec::new(),
        };
        if let (FormStep::Filling, Some(field)) = (&self.step, self.fields.get(self.at)) {
            let own = field.kind.table().into_iter();
            table.extend(own.map(|row| row.part_of(FormKey::Field)));
        }
        table.into_iter().map(|row| row.part_of(means)).collect()
    }

    /// Does what a key means by [`DialogForm::table`].
    pub(super) fn does(&mut self, means: FormKey, press: &mut Press<'_>) -> FormNext {
        let field = self.fields.get_mut(self.at);
        match (means, field) {
            (FormKey::Cancel, _) => return FormNext::Cancelled,
            (FormKey::Back, _) => self.back(press),
            (FormKey::Enter, None) => return FormNext::Go,
            (FormKey::Enter, Some(field)) => match field.kind.take() {
                Ok(true) => self.wrong = None,
                Ok(false) => self.go(1),
                Err(wrong) => self.wrong = Some(wrong),
            },
            (FormKey::Next, _) => self.go(1),
            (FormKey::Before, _) => self.go(-1),
            (FormKey::Field(means), Some(field)) => {
                if field.kind.does(means, press.key) {
                    self.wrong = None;
                }
            }
            (FormKey::Field(_), None) => {}
        }
        FormNext::Still
    }

    fn go(&mut self, by: isize) {
        if let Some(field) = self.fields.get_mut(self.at) {
            field.kind.leave();
        }
        let count = self.fields.len() + 1;
        self.at = (self.at + count).saturating_add_signed(by) % count;
    }

    /// Takes pasted words into the field with the keyboard.
    pub(super) fn paste(&mut self, pasted: &str) {
        if let (FormStep::Filling, Some(field)) = (&self.step, self.fields.get_mut(self.at)) {
            field.kind.paste(pasted);
        }
    }

    /// Whether all fields can be taken as they are; if not, it says why and goes to the first that has to be mended.
    pub(super) fn complete(&mut self, state: &State) -> bool {
        let wrong = self.fields.iter().find_map(|field| {
            let own = field.kind.check(state);
            let wrong = own.and_then(|()| (field.check)(state, &field.kind)).err()?;
            Some((field.name, wrong))
        });
        match wrong {
            Some((name, wrong)) => {
                self.mend(name, wrong);
                false
            }
            None => {
                self.wrong = None;
                true
            }
        }
    }

    /// Asks for something before the question.
    pub(super) fn ask(&mut self, ask: Ask, press: &mut Press<'_>) {
        self.step = FormStep::Checking;
        press.effects.push(press.state.ask(Purpose::LookUp, ask));
    }

    /// What it asked could not be answered: back to the fields.
    pub(in crate::app) fn failed(&mut self, why: String) {
        self.step = FormStep::Filling;
        self.wrong = Some(why);
    }

    /// Back to the fields, whatever it asked.
    pub(super) fn back(&mut self, press: &mut Press<'_>) {
        press.effects.extend(press.state.give_up(&Purpose::LookUp));
        self.step = FormStep::Filling;
    }
}

#[cfg(test)]
mod tests;
