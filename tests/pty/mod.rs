//! The real program in a real pty: how it starts, keeps quiet, follows the window, and ends.

use std::time::Duration;

use crate::support::terminal::Terminal;

const READY: &str = "pending 24";

fn demo(size: (u16, u16)) -> Terminal {
    let mut terminal = Terminal::start(size, &["--demo"]);
    terminal.wait_for(READY);
    terminal.wait_for_silence(Duration::from_millis(700));
    terminal
}

/// What a terminal shows that was given back: its own screen, a cursor, no paste brackets.
fn assert_given_back(terminal: &Terminal) {
    let screen = terminal.parser.screen();
    assert!(!screen.alternate_screen(), "the alternate screen was left");
    assert!(!screen.hide_cursor(), "the cursor shows");
    assert!(!screen.bracketed_paste(), "pastes are plain again");
}

#[test]
fn it_starts_shows_the_queue_and_quits_leaving_nothing_behind() {
    let mut terminal = demo((80, 24));
    assert!(terminal.parser.screen().alternate_screen());
    assert!(terminal.parser.screen().contents().contains("DEMO"));
    let written = String::from_utf8_lossy(&terminal.written);
    assert!(
        written.contains("guestlist · Contoso\u{7}")
            || written.contains("guestlist · Contoso\u{1b}\\"),
        "the window is named"
    );
    terminal.type_bytes(b"q");
    assert_eq!(terminal.wait_for_end().0, 0);
    assert_given_back(&terminal);
}

#[test]
fn it_says_nothing_while_nothing_happens() {
    let mut terminal = demo((160, 48));
    assert_eq!(terminal.wait_for_silence(Duration::from_secs(3)), 0);
}

#[test]
fn a_window_too_small_says_so_and_comes_back_when_it_grows() {
    let mut terminal = demo((120, 40));
    terminal.resize((20, 5));
    terminal.wait_for("columns and 10 rows");
    terminal.resize((80, 24));
    terminal.wait_for(READY);
    terminal.resize((160, 48));
    terminal.wait_until("all panes stand", |screen| {
        let contents = screen.contents();
        contents.contains("Policies") && contents.contains("Guests") && contents.contains(READY)
    });
    terminal.type_bytes(b"q");
    assert_eq!(terminal.wait_for_end().0, 0);
}

#[test]
fn a_lost_connection_ends_it_within_a_second() {
    let mut terminal = demo((120, 40));
    terminal.hang_up();
    let (_, took) = terminal.wait_for_end();
    assert!(took < Duration::from_secs(2), "it took {took:?}");
}

#[test]
fn a_signal_ends_it_and_gives_the_terminal_back() {
    let mut terminal = demo((120, 40));
    let id = terminal.child.process_id().unwrap();
    let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let (code, _) = terminal.wait_for_end();
    assert_eq!(code, 143);
    assert_given_back(&terminal);
}

#[test]
fn what_is_written_for_a_screen_a_page_and_a_move_stays_small() {
    let mut terminal = demo((160, 48));
    let first = terminal.written.len();
    // All frames of loading together: lists, stages, and then what is found out beside them, which changes signals.
    // The first screen's own budget is kept in `journeys/bytes.rs`.
    assert!(first <= 20 * 1024, "{first} bytes until all lists stood");
    terminal.type_bytes(b"p");
    terminal.wait_for_silence(Duration::from_millis(500));
    let mut measure = |key: &[u8]| {
        terminal.type_bytes(key);
        terminal.wait_for_silence(Duration::from_millis(500))
    };
    let page = measure(b"3\x1b[6~");
    let moves: Vec<usize> = (0..6).map(|_| measure(b"k")).collect();
    assert!(page <= 8 * 1024, "a page took {page} bytes");
    assert!(
        moves.iter().all(|bytes| (1..=512).contains(bytes)),
        "moves took {moves:?} bytes"
    );
}
