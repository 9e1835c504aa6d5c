//! Update and filter at 100,000 guests.

use guestlist::app::key::{Key, keys};
use guestlist::app::state::Pane;
use guestlist::app::{Effect, Event, Start, State, What, update};
use guestlist::domain::account_class::AccountClass;
use guestlist::domain::guest::{Guest, Redemption};
use guestlist::domain::id::UserId;
use guestlist::domain::text::Text;
use guestlist::terminal::Frames;
use guestlist::ui::{self, Theme};
use guestlist::worker::protocol::{Answer, Ask, Reply, Whose};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{Times, report};

fn guest(number: usize) -> Guest {
    let given = [
        "Ada", "Grace", "Žofie", "Jun", "Fatima", "Luís", "Ingrid", "Kofi",
    ][number % 8];
    let family = [
        "Lovelace",
        "Hopper",
        "Nováková",
        "Tanaka",
        "Haddad",
        "Ferreira",
        "Berg",
        "Mensah",
    ][number / 8 % 8];
    let domain = ["fabrikam.com", "woodgrove.com", "adatum.com", "litware.com"][number / 64 % 4];
    Guest {
        id: UserId::new(&format!("00000000-0000-4000-8000-{number:012}")).unwrap(),
        name: format!("{given} {family} {number}").into(),
        mail: format!("{given}.{number}@{domain}").to_lowercase().into(),
        other_mail: Text::default(),
        upn: format!("{given}.{number}_{domain}#EXT#@contoso.onmicrosoft.com").into(),
        class: AccountClass::Guest,
        company: Text::default(),
        enabled: !number.is_multiple_of(25),
        created: Timestamp::from_second(1_700_000_000 + i64::try_from(number).unwrap()).ok(),
        creation: "Invitation".into(),
        redemption: Some(if number.is_multiple_of(9) {
            Redemption::Pending
        } else {
            Redemption::Accepted
        }),
        redemption_changed: None,
        last_sign_in: Timestamp::from_second(1_750_000_000).ok(),
    }
}

/// A console at 160x48 on the guests pane, with so many of them.
pub(crate) fn console(guests: usize) -> State {
    let now = Timestamp::from_second(1_760_000_000).unwrap();
    let mut state = State::new(Start {
        size: (160, 48),
        ..Start::at(now)
    });
    for effect in update(
        &mut state,
        Event {
            at: now,
            what: What::Started,
        },
    ) {
        if let Effect::Ask(job) = effect
            && job.ask == Ask::Guests(Whose::Guests)
        {
            for first in (0..guests).step_by(999) {
                let page = (first..guests.min(first + 999)).map(guest).collect();
                reply(&mut state, job.id, Answer::Guests(page));
            }
            reply(&mut state, job.id, Answer::Done);
        }
    }
    press(&mut state, "3");
    assert_eq!(state.screen.focus, Pane::Guests);
    state
}

fn reply(state: &mut State, job: guestlist::worker::protocol::JobId, answer: Answer) {
    update(
        state,
        Event {
            at: state.now,
            what: What::Reply(Reply { job, answer }),
        },
    );
}

/// Types a run of keys.
pub(crate) fn press(state: &mut State, run: &str) {
    for key in keys(run) {
        type_key(state, key);
    }
}

fn type_key(state: &mut State, key: Key) {
    update(
        state,
        Event {
            at: state.now,
            what: What::Key(key),
        },
    );
}

pub(crate) fn run() {
    let mut small = console(100);
    let mut large = console(100_000);

    let mut moves = keys("jjjjjjjjj<PgDn>kkk<PgUp>Gg").into_iter().cycle();
    let floor = Times::of(2_000, || (), |()| type_key(&mut small, Key::char('j')));
    let times = Times::of(
        2_000,
        || moves.next().unwrap(),
        |key| type_key(&mut large, key),
    );
    report(
        "update: a move among 100,000 guests",
        &times,
        ("a move among 100", &floor),
    );

    let (theme, area) = (Theme::color(), Rect::new(0, 0, 160, 48));
    let mut buffer = Buffer::empty(area);
    let floor = Times::of(
        500,
        || (),
        |()| {
            ui::draw(&small, &theme, area, &mut buffer);
        },
    );
    let times = Times::of(
        500,
        || (),
        |()| {
            ui::draw(&large, &theme, area, &mut buffer);
        },
    );
    report(
        "draw: 160x48 with 100,000 guests",
        &times,
        ("with 100", &floor),
    );
    let mut frames = Frames::new(160, 48);
    let mut key_to_frame = |key| {
        type_key(&mut large, key);
        frames
            .draw(|area, buffer| ui::draw(&large, &theme, area, buffer))
            .len()
    };
    let times = Times::of(
        2_000,
        || moves.next().unwrap(),
        |key| {
            key_to_frame(key);
        },
    );
    report(
        "key to the frame's bytes with 100,000 guests",
        &times,
        ("drawing with 100", &floor),
    );

    filters(&mut large);
}

/// A keystroke of a filter, and a sort, among 100,000 guests.
fn filters(large: &mut State) {
    // What any filter has to do at least: look through the words of every row once.
    let words: Vec<String> = large
        .data
        .guests
        .rows()
        .map(|row| {
            format!(
                "{}\n{}\n{}",
                row.guest.name,
                row.guest.mail,
                row.standing.word()
            )
            .to_lowercase()
        })
        .collect();
    let floor = Times::of(
        50,
        || (),
        |()| {
            let finder = memchr::memmem::Finder::new("woodgrove");
            assert!(
                words
                    .iter()
                    .filter(|words| finder.find(words.as_bytes()).is_some())
                    .count()
                    > 0
            );
        },
    );
    for word in ["woodgrove", "pending", "zzz", "lovelace 99"] {
        let mut each = keys(word).into_iter();
        press(large, "/");
        let times = Times::of(
            word.chars().count(),
            || each.next().unwrap(),
            |key| type_key(large, key),
        );
        report(
            &format!("filter: a keystroke of /{word}"),
            &times,
            ("one search through all words", &floor),
        );
        press(large, "<Esc>");
    }
    let times = Times::of(10, || (), |()| press(large, "om"));
    report(
        "sort: 100,000 guests by mail",
        &times,
        ("one search through all words", &floor),
    );
}
