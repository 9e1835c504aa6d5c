//! What there is to notice, and that Detail alone is enough to decide by.

use std::collections::BTreeSet;

use guestlist::app::detail::detail;
use guestlist::app::layout::Regions;
use guestlist::domain::signal::Signal;
use guestlist::emulator::Config;
use guestlist::ui::{self, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::support::console::{Console, tenant_of};

fn words(console: &Console) -> BTreeSet<&'static str> {
    let rows = console.state.data.requests.rows();
    rows.flat_map(|row| row.signals.iter().map(Signal::word))
        .collect()
}

#[test]
fn everything_there_is_to_notice_occurs_among_the_cast_and_in_a_long_queue() {
    let all: BTreeSet<&str> = Signal::WORDS.into();
    for requests in [Config::CAST, 400] {
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
            console.state.said.notices.errors.is_empty(),
            "{}",
            console.said()
        );
    }
}

/// The words Detail shows without scrolling, in one line, and all of its words.
fn shown(console: &Console) -> (String, String) {
    let state = &console.state;
    let region = Regions::of(state).detail.expect("Detail stands beside");
    let detail = detail(state).expect("a request is looked at");
    let lines: Vec<String> = detail
        .set(region.width.into())
        .iter()
        .map(|line| format!("{} {}", line.lead.trim(), line.words))
        .collect();
    let height = usize::from(region.height);
    // The last line says that there is more.
    let above = if lines.len() > height {
        height - 1
    } else {
        height
    };
    let join = |lines: &[String]| {
        let words = lines.join(" ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (join(&lines[..above.min(lines.len())]), join(&lines))
}

#[test]
fn detail_alone_is_enough_to_decide() {
    let emulator = tenant_of(Config::CAST);
    let mut console = Console::open(&emulator);
    for (filter, above, all) in [
        (
            "c0ntoso",
            &[
                "c0ntoso.com looks like contoso.com, your own domain",
                "not yet a guest",
            ][..],
            &["Nobody from c0ntoso.com is in"][..],
        ),
        (
            "gareth package:hub",
            &[
                "Denied once, on",
                "by Miriam Graham: \"Northwind has no open orders with us.\"",
                "Another request of theirs waits, for Audit Room",
                "A Monterrey",
            ],
            &["Supplier Hub: ✗ denied by Miriam Graham: \"Northwind has no open orders with us.\""],
        ),
        (
            "nadia",
            &[
                "a guest since",
                "Signed in 1 day ago",
                "Holds this package already since",
            ],
            &[
                "Holds Partner Portal since",
                "delivered, ✓ approved by Adele Vance: \"Diego's counterpart.\"",
            ],
        ),
        (
            "blueyonder",
            &[
                "Cannot be delivered: blueyonderairlines.com is on the tenant's block list",
                "If yes nothing is delivered",
            ],
            &["Nobody from blueyonderairlines.com is in"],
        ),
        (
            "consolidatedmessenger",
            &[
                "Cannot be delivered: consolidatedmessenger.com belongs to an organization whose people the cross-tenant access settings block",
            ],
            &[],
        ),
        (
            "wikstr",
            &[
                "Stage 1 ✓ approved by Adele Vance",
                "\"Megan confirms the shared stand.\"",
                "Approver stage 2 of 2: Diego Siciliani",
                "The policy wants a reason",
            ],
            &[
                "Policy Anyone outside: for any external user, approved by Adele Vance (denied by itself after 14 days), then by Diego Siciliani",
            ],
        ),
        (
            "henrik",
            &["Had this package before", "it ran out"],
            &[
                "Held Audit Room from",
                "access ends",
                "with the last access gone, the account stays",
            ],
        ),
        (
            "yuki",
            &["Is in the group Design Review Guests, which rules this package out"],
            &["Holds Design Reviews since"],
        ),
    ] {
        console.press(&format!("/{filter}<Enter>"));
        let (seen, whole) = shown(&console);
        for words in above {
            assert!(seen.contains(words), "{filter}: no {words:?} in {seen:?}");
        }
        for words in all {
            assert!(whole.contains(words), "{filter}: no {words:?} in {whole:?}");
        }
        console.press("<Esc>");
    }
}

#[test]
fn what_one_decides_by_is_above_the_fold() {
    let emulator = tenant_of(Config::CAST);
    let mut console = Console::open(&emulator);
    let rows: Vec<(String, usize)> = console
        .state
        .data
        .requests
        .rows()
        .map(|row| {
            (
                row.request.requestor.mail.to_string(),
                row.request.answers.len(),
            )
        })
        .collect();
    for (mail, answers) in rows {
        console.press(&format!("/{mail}<Enter>"));
        let (seen, _) = shown(&console);
        let asked = seen.rsplit("Asks for").next().unwrap_or_default();
        assert!(asked.contains("Because"), "{mail}: {seen}");
        assert!(
            asked.matches(" A ").count() >= answers.min(1) && asked.contains("Approver"),
            "{mail}: {seen}"
        );
        console.press("<Esc>");
    }
}

/// Every cell of the screen, a line a row.
fn screen(console: &Console) -> String {
    let (width, height) = console.state.screen.size;
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    ui::draw(&console.state, &Theme::mono(), area, &mut buffer);
    let mut lines = String::new();
    for y in 0..height {
        for x in 0..width {
            lines.push_str(buffer[(x, y)].symbol());
        }
        lines.push('\n');
    }
    lines
}

/// Nothing that moves a cursor, turns a line round or hides.
fn clean(words: &str) -> bool {
    let bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !words.chars().any(bad)
}

#[test]
fn a_name_of_escapes_and_ten_thousand_characters_stays_in_its_place() {
    let emulator = tenant_of(Config::CAST);
    for size in [(120, 40), (80, 24), (160, 48)] {
        let mut console = Console::start(&emulator, emulator.token(), size);
        console.settle();
        console.press("/zoe.tan<Enter>");
        let frame = |console: &Console| {
            // The right border stands where it stands without this row.
            let screen = screen(console);
            assert!(clean(&screen), "{screen}");
            screen
        };
        let table = frame(&console);
        assert!(table.contains("proseware.com"), "{table}");
        let row = console.state.data.requests.focused().unwrap();
        let hidden = row.signals.iter().find(|signal| signal.word() == "hidden");
        let why = hidden.expect("it is noticed").why();
        for kind in ["control", "direction-changing", "invisible", "excess"] {
            assert!(why.contains(kind), "{why}");
        }
        console.type_keys("<Enter>");
        frame(&console);
        console.type_keys("<Esc>");
        console.type_keys("d");
        frame(&console);
        console.type_keys("s");
        let review = frame(&console);
        assert!(review.contains("zoe.tan@proseware.com"), "{review}");
        console.type_keys("<Esc>");
        frame(&console);
    }
    // One of them sends it: toast, journal and the pane of acts.
    let mut console = Console::open(&emulator);
    console.press("/zoe.tan<Enter>d");
    console.press("srwho is this<Enter>y");
    assert!(clean(&console.said()), "{}", console.said());
    console.press("4");
    let acts = screen(&console);
    assert!(clean(&acts) && acts.contains("deny"), "{acts}");
    let journal = format!("{:?}", console.journal());
    assert!(journal.len() < 100_000, "{} bytes", journal.len());
}
