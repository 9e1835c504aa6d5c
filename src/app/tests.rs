//! Whatever happens, in whatever order: what must hold of the state.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::dialog::Dialog;
use super::dialog::form::FormStep;
use super::jobs::Purpose;
use super::key::{Key, keys};
use super::keymap::{Command, commands, row_of};
use super::signin::Standing;
use super::state::{Pane, Start, State};
use super::{Effect, Event, What, update};
use crate::acts::{ActKind, Outcome, PlanEnd, Target};
use crate::domain::account_class::AccountClass;
use crate::domain::assignment::{ASSIGN, BYPASS};
use crate::domain::guest::{Guest, Redemption};
use crate::domain::id::{RequestId, StageId, TenantId, UserId};
use crate::domain::invitation::Secret;
use crate::domain::person::{Person, SubjectKind, SubjectLifecycle};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{
    Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::inventory::load::Listed;
use crate::inventory::table::{Row, Table};
use crate::signin::{SignInOffer, SignInStep, Way};
use crate::worker::protocol::{Answer, Ask, JobId, Reply};

pub(super) fn state() -> State {
    State::new(Start {
        my_access: Some("myaccess.microsoft.com"),
        refresh: Some(SignedDuration::from_secs(30)),
        sign_in: Some(SignInOffer {
            tenant: "contoso.com".into(),
            app: "app".into(),
            way: Way::Browser,
        }),
        ..Start::at(Timestamp::UNIX_EPOCH)
    })
}

pub(super) fn request(number: u32, mine: bool) -> Request {
    Request {
        id: RequestId::new(&format!("r{number}")).unwrap(),
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        status: Text::default(),
        created: Timestamp::from_second(i64::from(number) * 3_600).ok(),
        completed: None,
        justification: "Q3 audit".into(),
        requestor: Person {
            kind: SubjectKind::Person,
            object: None,
            name: format!("Person {number}").into(),
            mail: format!(
                "p{number}@{}",
                if number.is_multiple_of(2) {
                    "fabrikam.com"
                } else {
                    "adatum.com"
                }
            )
            .into(),
            principal: Text::default(),
            lifecycle: SubjectLifecycle::default(),
            organization: None,
        },
        target: None,
        package: None,
        package_name: "Supplier Hub".into(),
        policy: None,
        until: None,
        answers: Vec::new(),
        stages: Some(vec![Stage {
            id: StageId::new("s1").unwrap(),
            status: StageStatus::InProgress,
            result: ReviewResult::NotReviewed,
            mine,
            reviewer: Text::default(),
            reviewed: None,
            justification: Text::default(),
        }]),
    }
}

pub(super) fn guest(number: u32) -> Guest {
    Guest {
        id: UserId::new(&format!("g{number}")).unwrap(),
        name: format!("Guest {number}").into(),
        mail: format!("g{number}@fabrikam.com").into(),
        other_mail: Text::default(),
        upn: Text::default(),
        class: AccountClass::Guest,
        company: Text::default(),
        enabled: true,
        created: None,
        creation: Text::default(),
        redemption: Some(if number.is_multiple_of(3) {
            Redemption::Pending
        } else {
            Redemption::Accepted
        }),
        redemption_changed: None,
        last_sign_in: None,
    }
}

pub(super) fn happens(state: &mut State, what: What) -> Vec<Effect> {
    update(
        state,
        Event {
            at: Timestamp::UNIX_EPOCH,
            what,
        },
    )
}

/// Presses keys. What the review reads again has been read before the next key.
pub(super) fn press(state: &mut State, run: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys(run) {
        let effects = happens(state, What::Key(key));
        for effect in &effects {
            if let (Effect::Ask(job), Some(Dialog::Review(_))) = (effect, &state.screen.dialog)
                && matches!(job.ask, Ask::Look(_))
            {
                let answer = Answer::Done;
                happens(
                    state,
                    What::Reply(Reply {
                        job: job.id,
                        answer,
                    }),
                );
            }
        }
        all.extend(effects);
    }
    all
}

/// A console with so many requests, every fourth somebody else's, and so many guests, all loaded.
pub(super) fn loaded(requests: u32, guests: u32) -> State {
    let mut state = state();
    for effect in happens(&mut state, What::Started) {
        let Effect::Ask(job) = effect else { continue };
        let answer = match job.ask {
            Ask::Requests => {
                Answer::Requests((1..=requests).map(|n| request(n, n % 4 != 0)).collect())
            }
            Ask::Guests(_) => Answer::Guests((1..=guests).map(guest).collect()),
            _ => continue,
        };
        happens(
            &mut state,
            What::Reply(Reply {
                job: job.id,
                answer,
            }),
        );
        happens(
            &mut state,
            What::Reply(Reply {
                job: job.id,
                answer: Answer::Done,
            }),
        );
    }
    state
}

/// How an approval has ended.
pub(super) fn approved(target: &Target, outcome: Outcome) -> Box<PlanEnd> {
    let act = ActKind::Approve.on(target).unwrap();
    Box::new(PlanEnd::of(&act, outcome))
}

pub(super) fn sent(effects: &[Effect]) -> Option<(JobId, usize)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(job) => match &job.ask {
            Ask::Send { plans, .. } => Some((job.id, plans.len())),
            _ => None,
        },
        _ => None,
    })
}

#[test]
fn a_filtered_triage_sends_what_was_reviewed_and_nothing_else() {
    let mut state = loaded(12, 0);
    let effects = press(&mut state, "/fabrikam<Enter>*as");
    assert!(
        sent(&effects).is_none(),
        "nothing is sent before the confirmation"
    );
    assert!(matches!(state.screen.dialog, Some(Dialog::Review(_))));
    // Of p2 p4 … p12 every second is somebody else's.
    assert_eq!(state.basket.len(), 3);
    let (job, acts) = sent(&press(&mut state, "y")).unwrap();
    assert_eq!(acts, 3);
    let target = Target::Request(RequestId::new("r2").unwrap());
    let done = Answer::Settled(
        target.clone(),
        approved(&target, Outcome::Done { found: false }),
    );
    happens(&mut state, What::Reply(Reply { job, answer: done }));
    assert!(state.basket.get(&target).is_none());
    assert!(
        state
            .data
            .requests
            .get(&RequestId::new("r2").unwrap())
            .is_none(),
        "its row leaves the queue at once"
    );
    let problem = Problem::new(ProblemKind::Service, "Graph failed", "try again");
    let failed = Target::Request(RequestId::new("r6").unwrap());
    happens(
        &mut state,
        What::Reply(Reply {
            job,
            answer: Answer::Settled(failed.clone(), approved(&failed, Outcome::Failed(problem))),
        }),
    );
    happens(
        &mut state,
        What::Reply(Reply {
            job,
            answer: Answer::Done,
        }),
    );
    assert!(
        state.basket.get(&failed).unwrap().failed.is_some(),
        "what fails stays, with its reason"
    );
    assert_eq!(
        state.basket.sendable().count(),
        2,
        "what was not answered can be sent again"
    );
}

#[test]
fn the_key_that_opens_the_review_does_not_send_it() {
    let mut state = loaded(3, 0);
    assert!(sent(&press(&mut state, "ass<Enter>")).is_none());
    assert!(
        state.screen.dialog.is_none(),
        "Enter is the default, and the default is to cancel"
    );
    assert_eq!(state.basket.len(), 1);
}

#[test]
fn a_denial_without_a_reason_is_not_sent_and_says_why() {
    let mut state = loaded(3, 0);
    assert!(sent(&press(&mut state, "dsy")).is_none());
    let Some(Dialog::Review(review)) = &state.screen.dialog else {
        panic!("the review stays open")
    };
    assert!(review.wrong.as_ref().unwrap().contains("reason"));
    assert!(sent(&press(&mut state, "rnot on our list<Enter>y")).is_some());
}

#[test]
fn above_twenty_and_for_deletions_the_number_is_typed() {
    let mut state = loaded(40, 3);
    assert!(sent(&press(&mut state, "*asy")).is_none());
    assert!(
        sent(&press(&mut state, "29y")).is_none(),
        "a wrong number does not send"
    );
    assert_eq!(
        sent(&press(&mut state, "30y")).map(|(_, acts)| acts),
        Some(30)
    );

    let mut state = loaded(0, 3);
    assert!(sent(&press(&mut state, "3xdsrleft<Enter>y")).is_none());
    assert_eq!(
        sent(&press(&mut state, "1y")).map(|(_, acts)| acts),
        Some(1)
    );
}

#[test]
fn a_mark_that_the_filter_hides_is_not_acted_on() {
    let mut state = loaded(12, 0);
    press(&mut state, "*/p1@<Enter>a");
    assert_eq!(state.basket.len(), 1);
}

#[test]
fn a_request_for_others_says_who_can_decide_it() {
    let mut state = loaded(4, 0);
    press(&mut state, "Ga");
    assert!(state.basket.is_empty());
    assert!(
        state
            .said
            .notices
            .toast
            .as_ref()
            .unwrap()
            .text
            .contains("waits for")
    );
}

#[test]
fn a_paste_outside_an_input_does_nothing() {
    let mut state = loaded(12, 0);
    happens(&mut state, What::Paste("*asy\n\x1b[201~q".into()));
    assert!(state.basket.is_empty() && state.screen.dialog.is_none() && !state.over);
    press(&mut state, "/");
    happens(&mut state, What::Paste("p1@\r\nadatum".into()));
    assert_eq!(
        state.screen.prompt.as_ref().unwrap().line.value(),
        "p1@ adatum"
    );
    assert_eq!(state.data.requests.visible(), 1);
}

/// Who is signed in: whose tenant it is, and which domains are its own.
pub(super) fn session() -> Session {
    Session {
        me: UserId::new("me").unwrap(),
        my_name: "Adele".into(),
        my_upn: "adele@contoso.com".into(),
        tenant: TenantId::new("t").unwrap(),
        tenant_name: "Contoso".into(),
        domains: vec!["contoso.com".into()],
    }
}

/// The session is known.
fn at_home(state: &mut State) {
    state.data.session = Some(session());
}

#[test]
fn an_address_is_known_by_either_spelling_of_its_domain() {
    let mut state = loaded(0, 1);
    let guest = Guest {
        mail: "ada@xn--bcher-kva.example".into(),
        ..guest(7)
    };
    let id = guest.id.clone();
    state.data.add_guest(guest, state.now);
    for spelling in ["ada@bücher.example", "Ada@XN--BCHER-KVA.example"] {
        let found = state.guest_by_mail(spelling).map(|row| &row.guest.id);
        assert_eq!(found, Some(&id), "{spelling}");
    }
    press(&mut state, "3/domain=bücher.example<Enter>");
    assert_eq!(state.data.guests.visible(), 1);
}

#[test]
fn inviting_somebody_who_is_in_already_sends_nothing() {
    let mut state = loaded(0, 3);
    at_home(&mut state);
    let effects = press(
        &mut state,
        "ig2@fabrikam.com<Tab><Tab><Tab><Tab><Tab><Enter>",
    );
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Ask(_)))
    );
    let Some(Dialog::Invite(invite)) = &state.screen.dialog else {
        panic!("the form stays open")
    };
    assert!(
        invite
            .form
            .wrong
            .as_ref()
            .unwrap()
            .contains("account here already")
    );
}

#[test]
fn an_invitation_is_looked_up_asked_about_and_sent_once() {
    let mut state = loaded(0, 3);
    let effects = press(&mut state, "inew@fabrikam.com<Up><Enter>");
    assert!(
        effects.is_empty(),
        "which domains are one's own is not known"
    );
    at_home(&mut state);
    let effects = press(&mut state, "<Up><Enter>");
    let Some(Effect::Ask(job)) = effects.last() else {
        panic!("looks the address up first")
    };
    assert_eq!(job.ask, Ask::LookUp("new@fabrikam.com".into()));
    let id = job.id;
    assert!(
        sent(&press(&mut state, "y")).is_none(),
        "not before the answer"
    );
    happens(
        &mut state,
        What::Reply(Reply {
            job: id,
            answer: Answer::Found("new@fabrikam.com".into(), Vec::new()),
        }),
    );
    assert!(sent(&press(&mut state, "y")).is_some());
    assert!(sent(&press(&mut state, "yyy")).is_none(), "once");
}

#[test]
fn stale_replies_are_dropped() {
    let mut state = loaded(2, 0);
    let purpose = Purpose::List(Listed::Requests);
    let read = |state: &mut State| {
        press(state, "R");
        state.jobs.newest(&purpose).unwrap()
    };
    let (old, new) = (read(&mut state), read(&mut state));
    for answer in [
        Answer::Requests(vec![request(9, true)]),
        Answer::Note("of no news".into()),
        Answer::Failed(Box::new(Problem::new(ProblemKind::Service, "No", ""))),
        Answer::Done,
    ] {
        happens(&mut state, What::Reply(Reply { job: old, answer }));
    }
    assert_eq!(state.data.requests.total(), 2);
    assert!(
        state.said.notices.past.is_empty(),
        "{:?}",
        state.said.notices.past
    );
    assert_eq!(state.jobs.newest(&purpose), Some(new), "it goes on");
}

#[test]
fn a_reload_keeps_cursor_marks_and_line() {
    let mut state = loaded(50, 0);
    press(&mut state, "<PgDn>jjj<Space>");
    let row = state.data.requests.focused().unwrap().request.id.clone();
    let line = state.data.requests.cursor() - state.data.requests.top();
    let effects = press(&mut state, "R");
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Ask(job) if job.ask == Ask::Requests => Some(job.id),
        _ => None,
    });
    // Some are gone, others new, oldest first.
    let page = (0..60)
        .filter(|n| n % 5 != 1 || *n == 29)
        .map(|n| request(n, true))
        .collect();
    happens(
        &mut state,
        What::Reply(Reply {
            job: job.unwrap(),
            answer: Answer::Requests(page),
        }),
    );
    happens(
        &mut state,
        What::Reply(Reply {
            job: job.unwrap(),
            answer: Answer::Done,
        }),
    );
    if state.data.requests.get(&row).is_some() {
        assert_eq!(state.data.requests.focused().unwrap().request.id, row);
        assert_eq!(
            state.data.requests.cursor() - state.data.requests.top(),
            line
        );
    }
    assert!(state.data.requests.total() > 40);
}

#[test]
fn quitting_asks_when_something_is_staged() {
    let mut state = loaded(3, 0);
    press(&mut state, "aq");
    assert!(!state.over && matches!(state.screen.dialog, Some(Dialog::Quit(_))));
    press(&mut state, "<Enter>q");
    assert!(!state.over);
    press(&mut state, "y");
    assert!(
        !state.over,
        "nothing can be kept here, so y does not leave it behind"
    );
    press(&mut state, "d");
    assert!(state.over && state.basket.is_empty());
}

#[test]
fn a_dialog_that_closes_by_itself_leaves_no_key_to_what_is_below() {
    let mut state = loaded(5, 0);
    press(&mut state, "<Space><Space>Sd");
    happens(&mut state, What::SignIn(step(1)));
    happens(&mut state, What::SignIn(step(4)));
    assert!(state.sign_in.dialog.is_none());
    press(&mut state, "<Esc>");
    assert_eq!(state.data.requests.mark_count(), 2, "meant for the dialog");
    press(&mut state, "<Esc>");
    assert_eq!(state.data.requests.mark_count(), 0);
    // Over a review, whose y sends, it stays until it is left.
    press(&mut state, "as<C-o>d");
    happens(&mut state, What::SignIn(step(1)));
    happens(&mut state, What::SignIn(step(4)));
    assert!(sent(&press(&mut state, "yyy")).is_none());
    assert!(sent(&press(&mut state, "<Esc>y")).is_some());
}

#[test]
fn the_time_left_is_counted_only_while_it_can_be_seen() {
    let mut state = loaded(1, 0);
    state.setup.refresh = None;
    assert_eq!(state.wake_at(), None);
    press(&mut state, "Sd");
    assert_eq!(state.wake_at(), None);
    happens(&mut state, What::SignIn(step(1)));
    assert_eq!(state.wake_at(), Timestamp::from_second(1).ok());
    press(&mut state, "<Esc>");
    assert_eq!(state.wake_at(), None);
    // What comes of a sign-in that was given up is shown to nobody.
    happens(&mut state, What::SignIn(step(1)));
    assert_eq!(state.wake_at(), None);
}

#[test]
fn whoever_said_no_is_asked_again_by_a_key_only() {
    let mut state = loaded(1, 0);
    happens(&mut state, What::SignIn(step(0)));
    assert!(state.screen.dialog.is_none() && state.sign_in.dialog.is_none());
    assert_eq!(press(&mut state, "Sn"), [Effect::Decline]);
    assert_eq!(
        happens(&mut state, What::SignIn(step(0))),
        [Effect::Decline]
    );
    assert_eq!(state.wake_at(), None, "nothing is read by itself");
    press(&mut state, "R");
    assert_eq!(happens(&mut state, What::SignIn(step(0))), []);
    assert!(matches!(state.sign_in.standing, Standing::Needed { .. }));
}

#[derive(Clone, Debug)]
enum Happening {
    Key(Key),
    Typed(char),
    Paste(String),
    Resize(u16, u16),
    Page(Vec<u32>),
    Done,
    Guests(u32),
    Settled(u32, u8),
    SignIn(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let bound: Vec<Key> = commands()
        .iter()
        .flat_map(|entry| entry.keys)
        .map(|key| key.parse().unwrap())
        .collect();
    prop_oneof![
        12 => proptest::sample::select(bound).prop_map(Happening::Key),
        4 => any::<char>().prop_map(Happening::Typed),
        2 => proptest::sample::select(vec!['y', 'n', '1', 'b', 'r']).prop_map(Happening::Typed),
        1 => ".{0,12}".prop_map(Happening::Paste),
        1 => (0_u16..200, 0_u16..60).prop_map(|(w, h)| Happening::Resize(w, h)),
        2 => proptest::collection::vec(0_u32..40, 0..30).prop_map(Happening::Page),
        1 => Just(Happening::Done),
        1 => (0_u32..30).prop_map(Happening::Guests),
        2 => (0_u32..40, 0_u8..4).prop_map(|(n, how)| Happening::Settled(n, how)),
        2 => (0_u8..5).prop_map(Happening::SignIn),
    ]
}

fn step(how: u8) -> SignInStep {
    let problem = Problem::new(ProblemKind::SignIn, "Nobody is signed in", "Sign in");
    match how {
        0 => SignInStep::Need {
            problem,
            way: Way::Browser,
            more_proof: false,
        },
        1 => SignInStep::DeviceCode {
            tenant: "contoso.com".into(),
            app: "app".into(),
            code: Secret::new("ABCD12345"),
            link: "https://login.microsoft.com/device".into(),
            expires: Timestamp::from_second(900).unwrap(),
        },
        2 => SignInStep::Browser {
            url: Secret::new("https://login.example/authorize"),
            ssh_line: "ssh -L 1:localhost:1 a@b".into(),
            expires: Timestamp::from_second(600).unwrap(),
        },
        3 => SignInStep::Refused(problem),
        _ => SignInStep::Done { account: None },
    }
}

fn apply(state: &mut State, happening: Happening) -> Vec<Effect> {
    let reply = |job: Option<JobId>, answer| {
        What::Reply(Reply {
            job: job.unwrap_or(JobId(9_999)),
            answer,
        })
    };
    let what = match happening {
        Happening::Key(key) => What::Key(key),
        Happening::Typed(c) => What::Key(Key::char(c)),
        Happening::Paste(words) => What::Paste(words),
        Happening::Resize(width, height) => What::Resize(width, height),
        Happening::Page(numbers) => {
            let page = numbers
                .into_iter()
                .map(|n| request(n, n % 3 != 0))
                .collect();
            reply(
                state.jobs.newest(&Purpose::List(Listed::Requests)),
                Answer::Requests(page),
            )
        }
        Happening::Done => reply(
            state.jobs.newest(&Purpose::List(Listed::Requests)),
            Answer::Done,
        ),
        Happening::SignIn(how) => What::SignIn(step(how)),
        Happening::Guests(number) => reply(
            state.jobs.newest(&Purpose::List(Listed::Guests)),
            Answer::Guests((number..number + 5).map(guest).collect()),
        ),
        Happening::Settled(number, how) => {
            let outcome = match how {
                0 => Outcome::Done { found: false },
                1 => Outcome::Moot {
                    why: "gone".into(),
                    so: false,
                },
                2 => Outcome::NotYours { stage: 2 },
                _ => Outcome::Failed(Problem::new(ProblemKind::Service, "Graph failed", "")),
            };
            let target = Target::Request(RequestId::new(&format!("r{number}")).unwrap());
            reply(
                state.sends.from_basket().map(|send| send.job),
                Answer::Settled(target.clone(), approved(&target, outcome)),
            )
        }
    };
    happens(state, what)
}

fn sound<R: Row>(table: &Table<R>) {
    assert!(table.visible() <= table.total());
    assert!(
        table.cursor() < table.visible().max(1),
        "the cursor is on a row"
    );
    assert!(
        table.top() <= table.cursor() && table.cursor() < table.top() + table.height(),
        "and on screen"
    );
    assert!(table.total() <= table.rows().count());
    assert!(
        table.mark_count() <= table.rows().count(),
        "marks are of rows"
    );
}

proptest! {
    #[test]
    fn any_sequence_of_events_leaves_a_sound_state(happenings in proptest::collection::vec(happening(), 1..120)) {
        let mut state = loaded(20, 10);
        for happening in happenings {
            let yes = match &happening {
                Happening::Typed(c) => *c == 'y',
                Happening::Key(key) => key.typed() == Some('y'),
                _ => false,
            };
            let confirmed = yes && state.sign_in.dialog.is_none() && match &state.screen.dialog {
                Some(Dialog::Review(review)) => review.writing.is_none(),
                Some(Dialog::Invite(invite)) => invite.sent.is_none() && invite.form.step == FormStep::Asking(()),
                Some(Dialog::Confirm(confirm)) => !confirm.typed() || confirm.number == confirm.items.len().to_string(),
                _ => false,
            };
            // A direct assignment goes by the word, not by a letter.
            let confirmed = confirmed || matches!(&state.screen.dialog, Some(Dialog::Assign(form)) if [ASSIGN, BYPASS].contains(&form.word.value().trim()));
            let staged = state.basket.len();
            let focused = (state.screen.focus, state.data.requests.focused().map(|row| row.request.id.clone()));
            let from_outside = matches!(happening, Happening::Page(_) | Happening::Done | Happening::Guests(_) | Happening::Settled(..) | Happening::SignIn(_));
            let signing = state.sign_in.dialog.is_some();
            let had_dialog = state.screen.dialog.is_some();
            let effects = apply(&mut state, happening);
            prop_assert!(confirmed || sent(&effects).is_none(), "sent without a confirmation");
            sound(&state.data.requests);
            sound(&state.data.policies);
            sound(&state.data.guests);
            sound(&state.data.journal);
            if from_outside {
                prop_assert_eq!(state.screen.dialog.is_some(), had_dialog, "nothing asynchronous opens a dialog");
                prop_assert!(signing || state.sign_in.dialog.is_none(), "nor the sign-in's");
                prop_assert_eq!(state.screen.focus, focused.0);
                prop_assert!(state.basket.len() <= staged, "nothing asynchronous stages anything");
            }
        }
    }

    #[test]
    fn staging_then_unstaging_is_nothing(rows in 1_u32..30, moves in "[jkG]{0,10}", verdict in "[ad]") {
        let mut state = loaded(rows, 0);
        press(&mut state, &moves);
        let place = state.data.requests.cursor();
        press(&mut state, &verdict);
        let staged = state.basket.len();
        let back = if state.data.requests.cursor() == place { "" } else { "k" };
        press(&mut state, &format!("{back}u"));
        prop_assert!(staged <= 1);
        prop_assert!(state.basket.is_empty());
    }

    #[test]
    fn a_narrower_filter_finds_the_same_as_the_filter_itself(first in "[pfa0-9@.]{1,3}", more in "[0-9@]{1,2}") {
        let mut typed = loaded(30, 0);
        press(&mut typed, &format!("/{first}{more}<Enter>"));
        let mut whole = loaded(30, 0);
        press(&mut whole, "/");
        happens(&mut whole, What::Paste(format!("{first}{more}")));
        prop_assert_eq!(typed.data.requests.visible(), whole.data.requests.visible());
    }
}

#[test]
fn panes_are_numbered_and_go_round() {
    assert_eq!(Pane::Requests.previous(), Pane::Journal);
    assert_eq!(Pane::Journal.next(1), Pane::Requests);
    for (at, pane) in Pane::all().enumerate() {
        assert_eq!(pane.number(), at + 1);
        let entry = row_of(Command::Go(pane));
        let entry = entry.unwrap_or_else(|| panic!("no key leads to {}", pane.title()));
        assert_eq!(entry.keys, [pane.number().to_string()], "{}", pane.title());
        assert_eq!(entry.name, pane.title().to_lowercase());
    }
}

#[test]
fn a_pause_that_graph_asks_for_is_counted_down_and_then_gone() {
    let mut state = state();
    let start = state.now;
    let pause = std::time::Duration::from_millis(2_500);
    let why = "Graph asks us to wait".to_owned();
    let answer = Answer::Waiting { pause, why };
    state.jobs.ask(Purpose::Save, Ask::Settle);
    let job = state.jobs.newest(&Purpose::Save).unwrap();
    happens(&mut state, What::Reply(Reply { job, answer }));
    let mut wakes = Vec::new();
    while let Some(at) = state.wake_at().filter(|_| state.said.waiting.is_some()) {
        wakes.push(at.duration_since(start).as_millis());
        let what = What::Tick;
        update(&mut state, Event { at, what });
    }
    assert_eq!(wakes, [500, 1_500, 2_500]);
}

#[test]
fn a_filter_is_completed_and_earlier_ones_come_back() {
    let mut state = loaded(8, 0);
    let typed = |state: &State| {
        let prompt = state.screen.prompt.as_ref();
        prompt.map(|prompt| prompt.line.value().to_owned()).unwrap()
    };
    press(&mut state, "/dom<Tab>fabrikam<Enter>/ada<Enter>/");
    press(&mut state, "<Up>");
    assert_eq!(typed(&state), "ada");
    press(&mut state, "<Up><Up>");
    assert_eq!(typed(&state), "domain:fabrikam");
    assert_eq!(state.data.requests.visible(), 4, "the list follows");
    press(&mut state, "<Down><Down>");
    assert_eq!(typed(&state), "");
    // A wrong one narrows nothing, nor do the letters of it that were a filter still.
    press(&mut state, "colour:red");
    assert!(state.screen.prompt.as_ref().unwrap().wrong.is_some());
    assert_eq!(state.data.requests.visible(), 4, "what stood before");
    press(&mut state, "<Esc>/signal:look<Tab>");
    assert_eq!(typed(&state), "signal:lookalike");
}
