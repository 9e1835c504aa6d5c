//! The views of the queue, by key and by name, and what comes in while one looks.

use guestlist::app::state::Pane;
use guestlist::app::view::{Bell, QueueSettings};
use guestlist::domain::request::RequestState;
use guestlist::inventory::table::Sort;
use guestlist::inventory::view::{Base, View};
use jiff::SignedDuration;

use super::rows;
use crate::support::console::{Console, tenant};

fn names(console: &Console) -> Vec<String> {
    let requests = &console.state.data.requests;
    (0..requests.visible())
        .filter_map(|place| requests.at(place))
        .map(|row| row.request.requestor.name.to_string())
        .collect()
}

fn in_states(emulator: &guestlist::emulator::Emulator, states: &[&str]) -> usize {
    let snapshot = emulator.snapshot();
    let all = rows(&snapshot, "assignmentRequests");
    all.iter()
        .filter(|row| {
            row["state"]
                .as_str()
                .is_some_and(|state| states.contains(&state))
        })
        .count()
}

#[test]
fn every_view_shows_what_the_tenant_has_of_it() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let view = |console: &Console| console.state.view().unwrap().name.clone();
    assert_eq!(view(&console), "pending");
    assert_eq!(console.state.data.requests.total(), 24);

    console.press(":view mine<Enter>");
    assert_eq!(
        (view(&console).as_str(), console.state.data.requests.total()),
        ("mine", 16)
    );

    console.press("Vf");
    let failed = in_states(&emulator, &["deliveryFailed", "partiallyDelivered"]);
    assert!(failed > 0, "the demo has some");
    assert_eq!(
        (view(&console).as_str(), console.state.data.requests.total()),
        ("failed", failed)
    );

    console.press("Vs");
    let scheduled = in_states(&emulator, &["scheduled"]);
    assert_eq!(
        (view(&console).as_str(), console.state.data.requests.total()),
        ("scheduled", scheduled)
    );

    console.press(":view al<Tab><Enter>");
    let all = rows(&emulator.snapshot(), "assignmentRequests").len();
    assert_eq!(
        (view(&console).as_str(), console.state.data.requests.total()),
        ("all", all)
    );
    let ages: Vec<_> = (0..all)
        .filter_map(|place| console.state.data.requests.at(place))
        .map(|row| row.request.created)
        .collect();
    assert!(
        ages.windows(2).all(|pair| pair[0] >= pair[1]),
        "the newest first"
    );

    console.press(":view pending<Enter>");
    assert_eq!(console.state.data.requests.total(), 24);
    assert!(
        console.state.said.notices.errors.is_empty(),
        "{}",
        console.said()
    );
}

#[test]
fn what_was_decided_shows_today_with_who_decided_it() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let name = names(&console)[0].clone();
    console.press("asy");
    console.press(":view today<Enter>");
    let first = console.state.data.requests.focused().unwrap();
    assert!(names(&console).contains(&name), "{:?}", names(&console));
    assert!(
        first.request.stages.is_some(),
        "the stages of what is on the screen were read"
    );
    assert!(
        (0..console.state.data.requests.visible())
            .filter_map(|place| console.state.data.requests.at(place))
            .all(|row| row.request.decided().is_some()),
    );
}

#[test]
fn marks_stay_over_views_and_what_has_ended_says_why_it_cannot_be_decided() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.press("<Space><Space>");
    console.press("Vf");
    assert_eq!(console.state.data.requests.mark_count(), 2);
    assert!(!console.state.data.requests.any_marked_visible());
    console.press("a");
    assert!(console.state.basket.is_empty());
    assert!(
        console
            .said()
            .contains("only one that waits for approval can be decided"),
        "{}",
        console.said()
    );
    console.press("Vpa");
    assert_eq!(console.state.basket.len(), 2, "{}", console.said());
    console.press(":view failed<Enter>");
    assert_eq!(console.state.basket.len(), 2, "decisions stay too");
}

#[test]
fn a_saved_view_has_its_filter_and_its_sort() {
    let emulator = tenant();
    let fabrikam = View {
        name: "fabrikam".into(),
        base: Base::Pending,
        filter: "domain:fabrikam".into(),
        sort: Sort {
            column: "left",
            descending: true,
        },
    };
    let queue = QueueSettings {
        views: vec![fabrikam],
        ..QueueSettings::default()
    };
    let mut console = Console::open_with(&emulator, queue);
    console.press("3:view fab<Enter>");
    assert_eq!(console.state.screen.focus, Pane::Requests);
    let requests = &console.state.data.requests;
    assert_eq!(requests.sort().column, "left");
    assert_eq!(requests.filter().source(), "domain:fabrikam");
    assert!(requests.visible() > 0 && requests.visible() < requests.total());
    console.press("<Esc>");
    assert_eq!(
        console.state.data.requests.visible(),
        24,
        "Esc clears its filter too"
    );
}

#[test]
fn arrivals_are_new_until_the_cursor_has_rested_on_them() {
    let emulator = tenant();
    let queue = QueueSettings {
        bell: Some(Bell::Osc9),
        ..QueueSettings::default()
    };
    let mut console = Console::open_with(&emulator, queue);
    assert!(console.rung.is_empty(), "nothing is new at the start");
    let top = console
        .state
        .data
        .requests
        .focused()
        .unwrap()
        .request
        .id
        .clone();
    emulator.arrive();
    emulator.arrive();
    console.press("R");
    assert_eq!(console.state.data.arrivals.len(), 2);
    assert_eq!(console.rung, ["2 new requests wait"]);
    let title = guestlist::ui::title(&console.state);
    assert_eq!(title, "guestlist · Contoso · 2 new");
    assert_eq!(
        console.state.data.requests.focused().unwrap().request.id,
        top
    );
    console.press("R");
    assert_eq!(console.rung.len(), 1, "told once");
    assert_eq!(console.state.data.arrivals.len(), 2);

    let place = (0..console.state.data.requests.visible())
        .find(|place| {
            let row = console.state.data.requests.at(*place).unwrap();
            console.state.data.arrivals.contains(&row.request.id)
        })
        .unwrap();
    console.press(&"j".repeat(place));
    assert_eq!(console.state.data.arrivals.len(), 1);
    console.press(".");
    assert!(console.state.data.arrivals.is_empty());
}

#[test]
fn the_queue_is_not_read_while_somebody_types() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.state.setup.refresh = Some(SignedDuration::from_secs(30));
    emulator.arrive();
    console.press("/fab");
    console.pass(&emulator, 60);
    console.settle();
    assert_eq!(console.state.data.requests.total(), 24);
    console.press("<Esc>:");
    console.pass(&emulator, 60);
    console.settle();
    assert_eq!(console.state.data.requests.total(), 24);
    console.press("<Esc>");
    console.pass(&emulator, 1);
    console.settle();
    assert_eq!(console.state.data.requests.total(), 25);
    assert_eq!(console.state.data.requests.scope().base, Base::Pending);
    let states = console
        .state
        .data
        .requests
        .rows()
        .map(|row| &row.request.state);
    assert!(states.eq(std::iter::repeat_n(&RequestState::PendingApproval, 25)));
}
