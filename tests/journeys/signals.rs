//! What there is to notice, and that Detail alone is enough to decide by.

use std::collections::BTreeSet;

use guestlist::domain::signal::Signal;
use guestlist::emulator::Config;

use crate::support::console::{Console, tenant_of};

fn words(console: &Console) -> BTreeSet<&'static str> {
    let rows = console.state.data.requests.rows();
    rows.flat_map(|row| row.signals.iter().map(Signal::word))
        .collect()
}

#[test]
fn everything_there_is_to_notice_occurs_in_the_demo_and_in_a_long_queue() {
    let all: BTreeSet<&str> = Signal::WORDS.into();
    for requests in [Config::DEMO_REQUESTS, 400] {
        let emulator = tenant_of(requests);
        let console = Console::open(&emulator);
        assert_eq!(console.state.data.requests.total(), requests);
        let missing: Vec<_> = all.difference(&words(&console)).copied().collect();
        assert!(missing.is_empty(), "of {requests}: {missing:?}");
        let loud = console.state.data.requests.rows().filter(|row| {
            let noticed = |signal: &&Signal| signal.weight() > 50;
            row.signals.iter().any(|signal| noticed(&signal))
        });
        // A signal that stands everywhere says nothing.
        let loud = loud.count();
        assert!(loud < 60, "{loud} of {requests} are loud");
        assert!(
            console.state.notices.errors.is_empty(),
            "{}",
            console.said()
        );
    }
}
