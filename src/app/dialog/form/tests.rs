//! What each kind of field takes, and how a form goes from field to field.

use jiff::civil::date;

use super::*;
use crate::app::Effect;
use crate::app::dialog::assign::AssignForm;
use crate::app::dialog::invite::InviteForm;
use crate::app::dialog::keys::find;
use crate::app::key::keys;
use crate::app::prompt::InputLine;
use crate::app::tests::state;
use crate::domain::id::UserId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TestField {
    Why,
    Kind,
    Notify,
    Sponsors,
    Days,
    Until,
}

fn person(number: usize, name: &str) -> Pickable {
    Pickable {
        id: UserId::new(&format!("u{number}")).unwrap(),
        name: name.into(),
        mail: format!("p{number}@contoso.com").as_str().into(),
    }
}

fn form() -> DialogForm<TestField, ()> {
    let people = ["Adele Vance", "Ada Adams", "Miriam Graham", "Omar Haddad"];
    let people = people.iter().enumerate().map(|(at, name)| person(at, name));
    let toggle = ToggleField {
        on: false,
        yes: "told",
        no: "not told",
    };
    let field = |name, kind, check| FormField::new(name, "", kind, check);
    let choices = ["any", "some", "none"].map(str::to_owned);
    let fields = vec![
        field(TestField::Why, FieldKind::with(""), |_, kind| {
            let empty = kind.text().is_empty();
            if empty { Err("Say why".into()) } else { Ok(()) }
        }),
        field(
            TestField::Kind,
            FieldKind::Choice(ChoiceField::of(choices)),
            anything,
        ),
        field(TestField::Notify, FieldKind::Toggle(toggle), anything),
        field(
            TestField::Sponsors,
            FieldKind::People(PeopleField::of(people.collect(), 2)),
            anything,
        ),
        field(
            TestField::Days,
            FieldKind::Number(NumberField::of(180, 1, 3660)),
            anything,
        ),
        field(
            TestField::Until,
            FieldKind::Date(DateField::default()),
            anything,
        ),
    ];
    DialogForm::new("Test", "Go", fields)
}

/// Presses keys by the form's own table; what the last one came to.
fn press(form: &mut DialogForm<TestField, ()>, run: &str) -> FormNext {
    let mut state = state();
    let mut effects = Vec::new();
    let mut filled = FormNext::Still;
    for key in keys(run) {
        if let Some(row) = find(&form.table(|means| means), key) {
            let mut press = Press {
                key,
                state: &mut state,
                effects: &mut effects,
            };
            filled = form.does(row.means, &mut press);
        }
    }
    filled
}

fn picked(form: &DialogForm<TestField, ()>) -> Vec<&str> {
    match form.kind(TestField::Sponsors) {
        Some(FieldKind::People(people)) => people.picked().map(|one| one.name.as_str()).collect(),
        kind => panic!("{kind:?}"),
    }
}

#[test]
fn the_keyboard_goes_round_and_enter_ends_on_the_button() {
    let mut form = form();
    assert_eq!(
        press(&mut form, "audit<Tab><Tab><Down><Up><S-Tab>"),
        FormNext::Still
    );
    assert_eq!(form.place(), 1);
    assert_eq!(
        press(&mut form, "<Enter><Enter><Enter><Enter><Enter>"),
        FormNext::Still
    );
    assert_eq!(form.place(), 6, "the button");
    assert_eq!(press(&mut form, "<Enter>"), FormNext::Go);
    press(&mut form, "<Tab>");
    assert_eq!(form.place(), 0, "round");
    assert_eq!(form.text(TestField::Why), "audit");
    assert_eq!(press(&mut form, "<Esc>"), FormNext::Cancelled);
}

#[test]
fn the_first_field_that_has_to_be_mended_gets_the_keyboard() {
    let state = state();
    let mut form = form();
    press(&mut form, "<Tab><Tab><Tab><Tab><C-u>0<Tab>soon");
    assert!(!form.complete(&state));
    assert_eq!((form.place(), form.wrong.as_deref()), (0, Some("Say why")));
    press(&mut form, "audit");
    assert_eq!(form.wrong, None, "typing takes it away");
    assert!(!form.complete(&state));
    assert_eq!(form.place(), 4);
    assert_eq!(form.wrong.as_deref(), Some("Write a number from 1 to 3660"));
    press(&mut form, "<Backspace>30");
    assert!(!form.complete(&state));
    assert_eq!(form.place(), 5);
    press(&mut form, "<C-u>30d");
    assert!(form.complete(&state), "{:?}", form.wrong);
}

#[test]
fn a_choice_is_stepped_through_and_a_toggle_turned() {
    let mut form = form();
    press(&mut form, "<Tab><Left>");
    assert_eq!(form.chosen(TestField::Kind), Some(2));
    press(&mut form, "<Space><Right>x");
    assert_eq!(
        form.chosen(TestField::Kind),
        Some(1),
        "a letter is nothing here"
    );
    press(&mut form, "<Tab><Space>");
    assert!(form.is_on(TestField::Notify));
    press(&mut form, "<Left>");
    assert!(!form.is_on(TestField::Notify));
}

#[test]
fn one_of_many_is_found_by_letters_and_there_may_be_none() {
    let words = ["Hub · New", "Hub · Old", "Portal"].map(str::to_owned);
    let mut field = FieldKind::Choice(ChoiceField::of_many(words, 1));
    for key in keys("pox") {
        field.does(FieldKey::Type, key);
    }
    let FieldKind::Choice(choice) = &field else {
        panic!("a choice stays one")
    };
    assert_eq!(choice.chosen(), Some(2));
    assert_eq!(choice.beside().as_deref(), Some("po"), "no x in any");
    field.leave();
    assert_eq!(ChoiceField::of_many([], 0).chosen(), None);
    let FieldKind::Choice(choice) = &field else {
        panic!("a choice stays one")
    };
    assert_eq!(choice.beside().as_deref(), Some("3 of 3"));
}

#[test]
fn people_are_looked_up_taken_with_enter_and_no_more_than_may_be() {
    let state = state();
    let mut form = form();
    press(&mut form, "why<Tab><Tab><Tab>ad<Right><Enter>");
    assert_eq!(picked(&form), ["Ada Adams"], "the second that was found");
    assert_eq!(form.place(), 3, "Enter has taken somebody");
    press(&mut form, "graham contoso");
    assert!(!form.complete(&state), "typed and not taken");
    assert_eq!(
        form.wrong.as_deref(),
        Some("Enter takes Miriam Graham; or empty the line")
    );
    press(&mut form, "<Enter>nobody<Enter>");
    assert_eq!(picked(&form), ["Ada Adams", "Miriam Graham"]);
    assert_eq!(form.wrong.as_deref(), Some("No more than 2 can be picked"));
    press(&mut form, "<C-u><Backspace>ada<Enter>");
    assert_eq!(
        picked(&form),
        ["Ada Adams"],
        "picked ones are not found again"
    );
    assert_eq!(form.wrong.as_deref(), Some("Nobody here is called “ada”"));
    press(&mut form, "<C-u><Enter>");
    assert_eq!(form.place(), 4, "with nothing typed Enter goes on");
    assert!(form.complete(&state));
}

#[test]
fn a_number_takes_digits_and_keeps_its_bounds() {
    let number = |written: &str| {
        let line = InputLine::with(written);
        NumberField {
            line,
            least: 1,
            most: 365,
        }
        .value()
    };
    assert_eq!(number(" 30 "), Ok(Some(30)));
    assert_eq!((number("1"), number("365")), (Ok(Some(1)), Ok(Some(365))));
    assert_eq!(number(""), Ok(None));
    for wrong in ["0", "366", "99999999999", "-1", "1.5"] {
        assert_eq!(
            number(wrong),
            Err("Write a number from 1 to 365".into()),
            "{wrong}"
        );
    }
    let mut form = form();
    press(&mut form, "<Up><Up><Up>x-7");
    assert_eq!(form.text(TestField::Days), "1807", "letters are not taken");
    form.paste(" 4 days\n");
    assert_eq!(form.text(TestField::Days), "18074");
}

#[test]
fn a_date_is_a_day_or_a_time_from_today_and_never_over() {
    let today = date(2026, 5, 12);
    let day = |written: &str| {
        let line = InputLine::with(written);
        DateField { line }.value(today)
    };
    assert_eq!(day("2026-12-31"), Ok(Some(date(2026, 12, 31))));
    assert_eq!(day("2026-05-12"), Ok(Some(today)));
    assert_eq!(day("30d"), Ok(Some(date(2026, 6, 11))));
    assert_eq!(day("2w"), Ok(Some(date(2026, 5, 26))));
    assert_eq!(day("6mo"), Ok(Some(date(2026, 11, 12))));
    assert_eq!(day("1y"), Ok(Some(date(2027, 5, 12))));
    assert_eq!(day("  "), Ok(None));
    assert_eq!(
        day("2026-05-11"),
        Err("2026-05-11 is over: today is 2026-05-12".into())
    );
    assert!(day("30d ago").unwrap_err().contains("is over"));
    for wrong in [
        "soon",
        "6m",
        "24h",
        "30",
        "31.12.2026",
        "99999y",
        "2026-02-30",
    ] {
        assert!(
            day(wrong).unwrap_err().starts_with("Write a day like"),
            "{wrong}"
        );
    }
}

#[test]
fn a_look_up_that_was_cancelled_is_not_waited_for() {
    let mut state = state();
    let mut effects = Vec::new();
    let mut form = form();
    let mut press = Press {
        key: crate::app::key::Key::char('x'),
        state: &mut state,
        effects: &mut effects,
    };
    form.ask(Ask::LookUp("a@b.example".into()), &mut press);
    assert_eq!(form.step, FormStep::Checking);
    form.paste("nothing while it looks");
    let job = press.state.jobs.newest(&Purpose::LookUp).unwrap();
    form.back(&mut press);
    assert_eq!(form.step, FormStep::Filling);
    assert_eq!(state.jobs.of(job), None, "what it answers is stale");
    assert_eq!((form.text(TestField::Why), &form.wrong), ("", &None));
    assert!(matches!(effects.as_slice(), [Effect::Ask(_), Effect::Cancel(gone)] if *gone == job));
}

#[test]
fn every_field_of_a_form_has_its_own_name_and_label() {
    fn once<N: Copy + PartialEq, F>(form: &DialogForm<N, F>) {
        for (at, field) in form.fields.iter().enumerate() {
            let before = &form.fields[..at];
            let twice = |one: &FormField<N>| one.name == field.name || one.label == field.label;
            assert!(!before.iter().any(twice), "{}: {}", form.title, field.label);
            assert!(!field.label.is_empty(), "{}", form.title);
        }
    }
    once(&InviteForm::new("").form);
    once(&AssignForm::of("", None, Vec::new()).form);
}
