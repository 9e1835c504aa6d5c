//! The guard on a real pseudo-terminal: this test binary starts itself again there, as a very small console.

use std::io::{Read as _, Write as _};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use ratatui::style::Style;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::LocalModes;

use super::{Input, InputThread, Screen, Suspended};
use crate::app::key::{Key, KeyCode};

const CHILD: &str = "GUESTLIST_TEST_PTY_CHILD";

/// The small console: shows what came in; `q` ends, `p` panics, `t` panics elsewhere, `z` suspends, `b` is busy.
#[test]
#[ignore = "started by the other tests, on a terminal of its own"]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let (sender, events) = mpsc::channel();
    let input = InputThread::start(move |input| sender.send(input).is_ok()).unwrap();
    let mut screen = Screen::enter().unwrap();
    screen.set_title("the small console").unwrap();
    let mut line = "ready".to_owned();
    loop {
        // A terminal that is gone ends the loop by an event, not by a failed write.
        let _ = screen.frame(|area, buffer| {
            let size = format!("{}x{}", area.width, area.height);
            buffer.set_string(0, 0, &line, Style::new());
            buffer.set_string(0, 1, size, Style::new());
            None
        });
        line = match events.recv().unwrap() {
            Input::Key(key) if key == Key::char('q') => break,
            Input::Key(key) if key == Key::char('p') => panic!("pressed \x1b[31mp"),
            Input::Key(key) if key == Key::char('t') => {
                thread::spawn(|| panic!("pressed t"));
                continue;
            }
            Input::Key(key) if key == Key::char('b') => {
                let _ = screen.frame(|_, buffer| {
                    buffer.set_string(0, 0, "busy now", Style::new());
                    None
                });
                thread::sleep(Duration::from_secs(60));
                continue;
            }
            Input::Key(key) if key == Key::ctrl('z') => match screen.suspend(&input).unwrap() {
                Suspended::AndBack => "back again".to_owned(),
                Suspended::Refused => "not suspended".to_owned(),
            },
            Input::Key(key) if key == Key::plain(KeyCode::Enter) => continue,
            Input::Resize(columns, rows) => {
                screen.resize(columns, rows);
                continue;
            }
            Input::Suspend => {
                screen.suspend(&input).unwrap();
                "back again".to_owned()
            }
            Input::Resumed => {
                // It may follow a suspension that was answered already, and must do no harm then.
                screen.resume().unwrap();
                format!("{line}, resumed")
            }
            Input::Terminate(reason) => {
                drop(screen);
                std::process::exit(i32::from(reason.exit_code()));
            }
            other => format!("{other:?}"),
        };
    }
}

/// A pseudo-terminal with a program on it, and all it has written.
struct Pty {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn std::io::Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: mpsc::Receiver<Vec<u8>>,
    written: Vec<u8>,
    screen: vt100::Parser,
}

impl Pty {
    fn run(command: CommandBuilder) -> Self {
        let size = PtySize {
            rows: 12,
            cols: 70,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            master: pair.master,
            writer,
            child,
            output,
            written: Vec::new(),
            screen: vt100::Parser::new(12, 70, 0),
        }
    }

    fn console() -> Self {
        let mut pty = Self::run(small_console());
        pty.wait_for("ready");
        assert!(pty.screen.screen().alternate_screen());
        assert!(pty.screen.screen().hide_cursor());
        assert!(pty.screen.screen().bracketed_paste());
        pty
    }

    /// Takes what is written until nothing comes for this long.
    fn take(&mut self, silence: Duration) -> usize {
        let before = self.written.len();
        while let Ok(bytes) = self.output.recv_timeout(silence) {
            self.screen.process(&bytes);
            self.written.extend(bytes);
        }
        self.written.len() - before
    }

    fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.screen.screen().contents().contains(text) {
            assert!(
                Instant::now() < deadline,
                "no “{text}” on:\n{}",
                self.screen.screen().contents()
            );
            self.take(Duration::from_millis(20));
        }
    }

    fn press(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    fn pid(&self) -> Pid {
        let pid = self.child.process_id().unwrap();
        Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
    }

    fn end(&mut self) -> u32 {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            self.take(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().unwrap() {
                self.take(Duration::from_millis(50));
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "the console does not end");
        }
    }

    fn assert_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen());
        assert!(!screen.hide_cursor());
        assert!(!screen.bracketed_paste());
        let text = String::from_utf8_lossy(&self.written);
        assert!(text.contains("\x1b[22;2t") && text.contains("\x1b[23;2t"));
        assert!(text.contains("\x1b[?7h"));
        assert!(self.cooked(), "raw mode was left on");
    }

    /// The terminal turns Enter into a line feed and echoes, as shells want it.
    fn cooked(&self) -> bool {
        let modes = self.master.get_termios().unwrap().local_flags.bits();
        let wanted = (LocalModes::ICANON | LocalModes::ECHO).bits();
        modes & wanted == wanted
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn arguments() -> [&'static str; 5] {
    [
        "--exact",
        "terminal::pty_tests::child",
        "--ignored",
        "--nocapture",
        // In the main thread, as the program has it: there the signal by which it stops itself has been handled when
        // it goes on. In another, a handler that comes late would stop it once more.
        "--test-threads=1",
    ]
}

fn small_console() -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(arguments());
    command.env(CHILD, "1");
    command
}

#[test]
fn keys_pastes_and_sizes_arrive_and_idle_is_silent() {
    let mut pty = Pty::console();
    pty.press(b"\x1b[A");
    pty.wait_for("code: Up");
    // An arrow key cut in two by the network is still that arrow key.
    pty.press(b"\x1b");
    thread::sleep(Duration::from_millis(10));
    pty.press(b"[B");
    pty.wait_for("code: Down");
    pty.press(b"\x1b");
    pty.wait_for("code: Esc");
    // And so it is where its ESC was Esc already.
    pty.press(b"[C");
    pty.wait_for("code: Right");
    pty.press(b"\x1b[200~q\r\x1b[201~");
    pty.wait_for("Paste(\"q\\n\")");
    pty.master
        .resize(PtySize {
            rows: 10,
            cols: 60,
            ..PtySize::default()
        })
        .unwrap();
    pty.wait_for("60x10");
    pty.take(Duration::from_millis(100));
    assert_eq!(pty.take(Duration::from_millis(700)), 0);
    pty.press(b"q");
    assert_eq!(pty.end(), 0);
    pty.assert_restored();
}

#[test]
fn a_panic_restores_first_and_says_where() {
    let mut pty = Pty::console();
    pty.press(b"p");
    assert_ne!(pty.end(), 0);
    pty.assert_restored();
    let text = String::from_utf8_lossy(&pty.written);
    let (_, after) = text.split_once("\x1b[?1049l").unwrap();
    assert!(after.contains(
        "guestlist stopped: a fault of the program itself at src/terminal/pty_tests.rs:"
    ));
    assert!(after.contains("(pressed  [31mp)."));
}

#[test]
fn a_panic_elsewhere_is_an_event_and_leaves_the_screen_alone() {
    let mut pty = Pty::console();
    pty.press(b"t");
    pty.wait_for("Fault(\"a fault of the program itself");
    assert!(pty.screen.screen().alternate_screen());
    pty.press(b"q");
    assert_eq!(pty.end(), 0);
    pty.assert_restored();
}

#[test]
fn signals_from_outside_end_it_restored() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut pty = Pty::console();
        kill_process(pty.pid(), signal).unwrap();
        assert_eq!(pty.end(), code);
        pty.assert_restored();
    }
}

#[test]
fn a_console_that_is_stuck_is_ended_restored() {
    let mut pty = Pty::console();
    pty.press(b"b");
    pty.wait_for("busy now");
    kill_process(pty.pid(), Signal::HUP).unwrap();
    assert_eq!(pty.end(), 129);
    pty.assert_restored();
}

#[test]
fn a_terminal_that_is_gone_ends_it_within_a_second() {
    let Pty {
        master,
        writer,
        child,
        output,
        ..
    } = &mut Pty::console();
    // Closing every end of ours: the master, its writer, and the reader's copy in the thread.
    let nowhere = native_pty_system().openpty(PtySize::default()).unwrap();
    *writer = nowhere.master.take_writer().unwrap();
    *master = nowhere.master;
    let (_, closed) = mpsc::channel();
    *output = closed;
    let pid = child.process_id().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(1), "{pid} lives on");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn without_a_shell_behind_it_it_does_not_suspend() {
    let mut pty = Pty::console();
    pty.press(b"\x1a");
    pty.wait_for("not suspended");
    pty.press(b"q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn a_shell_gets_its_terminal_back_while_it_is_suspended() {
    let mut shell = CommandBuilder::new("sh");
    shell.args(["-i"]);
    shell.env(CHILD, "1");
    shell.env("PS1", "the-shell> ");
    shell.env_remove("ENV");
    let mut pty = Pty::run(shell);
    pty.wait_for("the-shell>");
    let exe = std::env::current_exe().unwrap();
    let line = format!("'{}' {}\r", exe.display(), arguments().join(" "));
    pty.press(line.as_bytes());
    pty.wait_for("ready");
    assert!(pty.screen.screen().alternate_screen());
    // By the key, and by a signal from outside.
    for by_key in [true, false] {
        if by_key {
            pty.press(b"\x1a");
        } else {
            let console = pty.master.process_group_leader().unwrap();
            kill_process_group(Pid::from_raw(console).unwrap(), Signal::TSTP).unwrap();
        }
        pty.wait_for("the-shell>");
        assert!(!pty.screen.screen().alternate_screen());
        assert!(!pty.screen.screen().hide_cursor());
        assert!(pty.cooked());
        pty.press(b"echo shell-$((40+2))\r");
        pty.wait_for("shell-42");
        pty.press(b"clear; fg\r");
        pty.wait_for("back again");
        assert!(pty.screen.screen().alternate_screen());
        assert!(!pty.cooked());
    }
    pty.press(b"q");
    pty.wait_for("test result: ok");
    pty.press(b"exit\r");
    assert_eq!(pty.end(), 0);
    pty.assert_restored();
}
