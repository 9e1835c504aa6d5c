//! Every dialog, in every step: what its table promises.

use std::collections::BTreeMap;

use super::*;
use crate::acts::{ActKind, Outcome, Target};
use crate::app::dialog::form::FormStep;
use crate::app::dialog::invite::InviteSent;
use crate::app::dialog::signin::{Phase, SignInDialog};
use crate::app::dialog::{
    Dialog, assign, confirm, help, invite, menu, messages, offer, palette, quit, reason, results,
    review, signin, signout,
};
use crate::app::jobs::Purpose;
use crate::app::prompt::{FilterPrompt, InputLine};
use crate::app::reason::Reasons;
use crate::app::signin::Standing;
use crate::app::tests::{loaded, press};
use crate::app::{filter_key, keymap};
use crate::domain::guest::Guest;
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::invitation::{Invited, Secret};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::template::Template;
use crate::domain::text::Text;
use crate::inventory::rows::RequestRow;
use crate::signin::{SignInStep, Way};
use crate::worker::protocol::{Ask, JobId};

/// How many kinds of dialogs [`place`] counts.
const KINDS: usize = 13;

/// A dialog that is new gets its place here, the count above, and its samples below.
fn place(dialog: &Dialog) -> usize {
    match dialog {
        Dialog::Review(_) => 0,
        Dialog::Invite(_) => 1,
        Dialog::Confirm(_) => 2,
        Dialog::Assign(_) => 3,
        Dialog::Menu(_) => 4,
        Dialog::Palette(_) => 5,
        Dialog::Help(_) => 6,
        Dialog::Messages(_) => 7,
        Dialog::Reason(_) => 8,
        Dialog::Offer(_) => 9,
        Dialog::Results(_) => 10,
        Dialog::Quit(_) => 11,
        Dialog::SignOut(_) => 12,
    }
}

/// Twelve requests, nine of them one's own and staged, and two reasons, templates and messages to go through.
fn staged() -> State {
    let mut state = loaded(12, 3);
    press(&mut state, "*a<Esc>");
    let template = |source| Template::parse(source).unwrap();
    state.reasons = Reasons::new(vec![template("known at {domain}"), template("left")]);
    for words in ["first", "second", "third"] {
        state.reasons.remember(words);
        state.say(Grade::Note, words);
    }
    state
}

fn open(dialog: impl FnOnce(&mut State) -> Dialog) -> State {
    let mut state = staged();
    state.screen.dialog = Some(dialog(&mut state));
    state
}

fn first(state: &State) -> Target {
    state.basket.waiting().next().unwrap().0.clone()
}

fn review(run: &str) -> State {
    let mut state = open(|_| Dialog::Review(review::Review::default()));
    press(&mut state, run);
    state
}

fn invite(step: FormStep<()>, sent: Option<InviteSent>) -> State {
    open(|_| {
        let mut invite = invite::InviteForm::new("new@fabrikam.com");
        (invite.form.step, invite.sent) = (step, sent);
        Dialog::Invite(Box::new(invite))
    })
}

fn assign(step: FormStep<Option<Box<Guest>>>, word: &str) -> State {
    let choice = |at: u32| assign::Assignable {
        package: PackageId::new("p1").unwrap(),
        policy: PolicyId::new(&format!("pol{at}")).unwrap(),
        words: Text::new(&format!("Supplier Hub · Anybody {at}")),
        lasts: "for 180 days".into(),
    };
    let choices = (1..=3).map(choice).collect();
    open(|_| {
        let mut assign = assign::AssignForm::of("new@fabrikam.com", None, choices);
        (assign.form.step, assign.word) = (step, InputLine::with(word));
        Dialog::Assign(Box::new(assign))
    })
}

/// The invitation's form with the keyboard on the field so many keys down.
fn field(run: &str) -> State {
    let mut state = invite(FormStep::Filling, None);
    press(&mut state, run);
    state
}

fn confirm() -> State {
    open(|state| {
        let rows: Vec<RequestRow> = state.data.requests.rows().cloned().collect();
        let mut confirm = confirm::Confirm::requests(state, ActKind::Cancel, &rows);
        confirm.number = "1".into();
        confirm.scroll = 1;
        Dialog::Confirm(Box::new(confirm))
    })
}

fn signing_in(phase: Phase) -> State {
    let mut state = staged();
    state.sign_in.standing = Standing::Needed {
        problem: Problem::new(ProblemKind::SignIn, "It has ended", ""),
        more_proof: false,
    };
    state.jobs.ask(Purpose::SignIn, Ask::SignIn(Way::Browser));
    state.sign_in.dialog = Some(SignInDialog {
        phase,
        cursor: 1,
        refused: None,
    });
    state
}

fn invited() -> Outcome {
    Outcome::Invited(Box::new(Invited {
        user: UserId::new("g9").unwrap(),
        mail: "new@fabrikam.com".into(),
        redeem: Secret::new("https://redeem.example"),
        mailed: true,
    }))
}

fn failed() -> Outcome {
    Outcome::Failed(Problem::new(ProblemKind::Unreachable, "No answer", ""))
}

fn code() -> SignInStep {
    SignInStep::DeviceCode {
        tenant: "contoso.com".into(),
        app: "app".into(),
        code: Secret::new("CODE"),
        link: "https://device.example".into(),
        expires: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn browser() -> SignInStep {
    SignInStep::Browser {
        url: Secret::new("https://browser.example"),
        ssh_line: "ssh -L".into(),
        expires: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn palette(typed: &str, cursor: usize) -> State {
    let line = InputLine::with(typed);
    open(|_| Dialog::Palette(palette::Palette { line, cursor }))
}

fn help(typed: &str) -> State {
    let line = InputLine::with(typed);
    open(|_| Dialog::Help(help::Help { line, scroll: 1 }))
}

/// How a dialog comes to be open. A key has to do something in one of the samples of the same name: a list has ends.
type Sample = (&'static str, fn() -> State);

const LISTS: &[Sample] = &[
    ("review", || review("jj1")),
    ("review", || {
        let mut state = review("");
        state.basket.clear();
        state
    }),
    ("confirm", confirm),
    ("menu", || open(sort_menu)),
    ("palette", || palette("a", 1)),
    ("palette", || palette("nonsense", 0)),
    ("palette, empty", || palette("", 1)),
    ("help", || help("s")),
    ("help, empty", || help("")),
    ("messages", || {
        open(|_| Dialog::Messages(messages::Messages { scroll: 1 }))
    }),
    ("results", || {
        let mut state = review("y");
        state.screen.dialog = Some(Dialog::Results(results::ShownResults { scroll: 1 }));
        state
    }),
];

const QUESTIONS: &[Sample] = &[
    ("offer", || open(|_| Dialog::Offer(offer::KeptOffer))),
    ("quit", || open(|_| Dialog::Quit(quit::Quit))),
    ("quit, nothing staged", || {
        open(|state| {
            state.basket.clear();
            Dialog::Quit(quit::Quit)
        })
    }),
    ("sign out", || open(|_| Dialog::SignOut(signout::SignOut))),
];

const LINES: &[Sample] = &[
    ("review, writing", || review("r<Up>")),
    ("review, writing", || review("w<Up><Up>")),
    ("reason", || {
        let mut state = open(|state| {
            let rows = vec![first(state)];
            Dialog::Reason(Box::new(reason::ReasonDialog::new(state, rows)))
        });
        press(&mut state, "<Up><Up>");
        state
    }),
    ("filter", || {
        let mut state = staged();
        press(&mut state, "jj/p");
        state
    }),
];

const FORMS: &[Sample] = &[
    ("invite, line", || field("")),
    ("invite, choice", || field("<Tab><Tab><Tab>")),
    ("invite, toggle", || field("<Up><Up>")),
    ("invite, button", || field("<Up>")),
    ("invite, checking", || invite(CHECKING, None)),
    ("invite, asking", || invite(FormStep::Asking(()), None)),
    ("invite, sending", || {
        let sent = InviteSent::Waiting(JobId(1));
        invite(FormStep::Asking(()), Some(sent))
    }),
    ("invited", || {
        let sent = InviteSent::Ended(Box::new(invited()));
        invite(FormStep::Asking(()), Some(sent))
    }),
    ("not invited", || {
        let sent = InviteSent::Ended(Box::new(failed()));
        invite(FormStep::Asking(()), Some(sent))
    }),
    ("assign", || {
        let mut state = assign(FormStep::Filling, "");
        press(&mut state, "a");
        state
    }),
    ("assign", || assign(FormStep::Filling, "")),
    ("assign, checking", || assign(FormStep::Checking, "")),
    ("assign, asking", || assign(FormStep::Asking(None), "")),
    ("assign, typed", || assign(FormStep::Asking(None), "assign")),
];

const CHECKING: FormStep<()> = FormStep::Checking;

const SIGNING_IN: &[Sample] = &[
    ("sign in", || signing_in(Phase::Choosing)),
    ("sign in, begun", || signing_in(Phase::Begun(Way::Browser))),
    ("sign in, code", || {
        signing_in(Phase::Showing(Box::new(code())))
    }),
    ("sign in, browser", || {
        signing_in(Phase::Showing(Box::new(browser())))
    }),
    ("signed in", || signing_in(Phase::Done("Signed in".into()))),
];

/// Every dialog in every step.
fn samples() -> impl Iterator<Item = Sample> {
    [LISTS, QUESTIONS, LINES, FORMS, SIGNING_IN]
        .concat()
        .into_iter()
}

fn sort_menu(state: &mut State) -> Dialog {
    press(state, "o");
    let Some(Dialog::Menu(menu)) = state.screen.dialog.take() else {
        panic!("a menu opens")
    };
    Dialog::Menu(menu::Menu { cursor: 2, ..menu })
}

fn shown(state: &State) -> Vec<ShownKey> {
    match (&state.sign_in.dialog, &state.screen.dialog) {
        (Some(dialog), _) => dialog.shown(state),
        (None, Some(dialog)) => dialog.shown(state),
        (None, None) => FilterPrompt::shown(),
    }
}

fn keys_of(row: &ShownKey) -> Vec<Key> {
    match row.pressed {
        Pressed::Keys(keys) => keys.iter().map(|key| key.parse().unwrap()).collect(),
        Pressed::Letter(letter) => vec![Key::char(letter)],
        Pressed::Rest => vec![Key::char('a')],
    }
}

/// What a key can change, in words.
fn look(state: &State) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {} {} {:?} {}",
        state.screen.dialog,
        state.sign_in.dialog,
        state.screen.prompt,
        state.said.notices.past,
        state.basket.len(),
        state.data.requests.cursor(),
        state.sign_in.standing,
        state.over,
    )
}

/// Presses a key on what is open, and says whether that did anything.
fn does_something(state: &mut State, key: Key) -> bool {
    let before = look(state);
    let effects = if state.sign_in.dialog.is_some() {
        signin::key(state, key)
    } else if state.screen.dialog.is_some() {
        crate::app::dialog::key(state, key)
    } else {
        filter_key(state, key);
        Vec::new()
    };
    !effects.is_empty() || look(state) != before
}

#[test]
fn every_key_of_every_dialog_does_something_or_says_why_not() {
    let mut idle: BTreeMap<(&str, String), bool> = BTreeMap::new();
    for (name, make) in samples() {
        for row in shown(&make()) {
            for key in keys_of(&row) {
                let mut state = make();
                let does = does_something(&mut state, key);
                *idle.entry((name, key.to_string())).or_default() |= does;
                if let Some(why) = row.off {
                    let said = &state.said.notices.past.last().unwrap().text;
                    assert!(said.contains(why), "{name}, {key}: {said}");
                }
            }
        }
    }
    idle.retain(|_, does| !*does);
    assert!(idle.is_empty(), "{:?}", idle.keys());
}

#[test]
fn no_key_stands_twice_and_what_is_shown_is_in_the_table() {
    for (name, make) in samples() {
        let rows = shown(&make());
        let mut keys: Vec<Key> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            if row.pressed == Pressed::Rest {
                assert_eq!(at + 1, rows.len(), "{name}: nothing stands below the rest");
                continue;
            }
            for key in keys_of(row) {
                assert!(!keys.contains(&key), "{name}: {key} twice");
                keys.push(key);
            }
        }
        for row in &rows {
            let (written, word) = row.footer.unwrap_or(("", "-"));
            assert!(!word.is_empty(), "{name}: {written} has no word");
            for part in written.split_whitespace() {
                let letters = row.pressed == Pressed::Rest && part == "letters";
                let known = part.parse().is_ok_and(|key: Key| keys.contains(&key));
                assert!(letters || known, "{name}: {part} is shown, and no key");
            }
            let key: Option<Key> = row.key.parse().ok();
            let none = row.button == Button::None;
            assert!(
                none || key.is_some_and(|key| keys_of(row).contains(&key)),
                "{name}: a button without its key"
            );
        }
        let safe = |row: &&ShownKey| matches!(row.button, Button::Safe(_));
        assert!(rows.iter().filter(safe).count() <= 1, "{name}");
    }
}

#[test]
fn every_dialog_is_walked_and_has_a_way_out_in_its_footer() {
    let mut walked = [false; KINDS];
    for (name, make) in samples() {
        let state = make();
        if let Some(dialog) = &state.screen.dialog {
            walked[place(dialog)] = true;
        }
        let out = |row: &ShownKey| {
            let keys = keys_of(row);
            row.footer.is_some() && keys.contains(&Key::plain(KeyCode::Esc))
        };
        assert!(shown(&state).iter().any(out), "{name}");
    }
    assert_eq!(walked, [true; KINDS], "a kind of dialog has no sample");
}

#[test]
fn a_list_moves_by_the_keys_of_the_panes() {
    let moves: Vec<Key> = MOVES.iter().map(|key| key.parse().unwrap()).collect();
    let named = [
        "Down", "Up", "PgDn", "PgUp", "Home", "End", "Left", "Right", "Tab",
    ];
    let letters = ('a'..='z').chain('A'..='Z').map(Key::char);
    for key in letters.chain(named.iter().map(|key| key.parse().unwrap())) {
        let moved = keymap::movement(key).is_some();
        assert_eq!(moves.contains(&key), moved, "{key}");
    }
}
