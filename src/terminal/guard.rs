//! Entering the terminal and leaving it as it was found, on every way out.
//!
//! Whether it is entered is one flag of the process, because a panic, a signal and the ordinary end all have to
//! restore, in any order, and only the first may.

use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, queue};
use rustix::termios::{QueueSelector, tcflush};

use super::{output, signals};

/// How long a stalled terminal may keep the program from ending.
const FAREWELL: Duration = Duration::from_millis(200);

static ENTERED: AtomicBool = AtomicBool::new(false);

/// The thread that draws; a panic there ends the program, one elsewhere is the program's to report.
static DRAWING: Mutex<Option<ThreadId>> = Mutex::new(None);

/// What went wrong in other threads while the terminal could not show it.
static FAULTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A lock that a panic elsewhere cannot take from us: this code runs in panics.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Enters raw mode and the alternate screen. Does nothing when it is entered already.
pub(super) fn enter() -> io::Result<()> {
    static HOOK: Once = Once::new();
    HOOK.call_once(install_panic_hook);
    if ENTERED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    *lock(&DRAWING) = Some(thread::current().id());
    // XTWINOPS 22: keep the window's title for the way back.
    let entered = take_over(b"\x1b[22;2t");
    if entered.is_err() {
        leave();
    }
    entered
}

/// Enters again where something else had the terminal without our leaving it: SIGSTOP, and a shell that went
/// back to its own modes. What leaving would write belongs to a screen that is not shown any more.
pub(super) fn reenter() -> io::Result<()> {
    // crossterm enters raw mode only where it thinks it is not.
    let _ = disable_raw_mode();
    ENTERED.store(true, Ordering::SeqCst);
    take_over(b"")
}

fn take_over(first: &[u8]) -> io::Result<()> {
    // Raw mode first: a process in the background is stopped right there, before it can write over the shell.
    enable_raw_mode()?;
    let mut bytes = first.to_vec();
    // Without line wrap a frame that is too wide for a terminal being resized cannot scroll it.
    queue!(
        bytes,
        EnterAlternateScreen,
        cursor::Hide,
        EnableBracketedPaste,
        DisableLineWrap
    )?;
    output::Output::default().write(&bytes)
}

/// Puts the terminal back as it was. May be called at any time, from any thread, any number of times.
pub(super) fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = b"\x1b[m\x1b[?2026l".to_vec();
    // Into a Vec, so it cannot fail; and on the way out there is nobody to tell.
    let _ = queue!(
        bytes,
        EnableLineWrap,
        DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen
    );
    bytes.extend_from_slice(b"\x1b[23;2t");
    let _ = output::write_or_give_up(&bytes, FAREWELL);
    // What was typed ahead was meant for the console; the shell must not run it.
    let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
    let _ = disable_raw_mode();
}

/// Takes the faults of other threads that have not been reported yet.
pub(super) fn take_faults() -> Vec<String> {
    std::mem::take(&mut *lock(&FAULTS))
}

/// Writes to standard error what no screen has shown. Errors are ignored: standard error may be gone too.
pub(super) fn print_faults() {
    for fault in take_faults() {
        let _ = writeln!(io::stderr(), "guestlist: {fault}");
    }
}

fn install_panic_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !ENTERED.load(Ordering::SeqCst) {
            previous(info);
            return;
        }
        if *lock(&DRAWING) == Some(thread::current().id()) {
            leave();
            let _ = writeln!(io::stderr(), "guestlist stopped: {}.", sentence(info));
            previous(info);
        } else {
            // The screen is in use: printing would tear it, and the console may well go on.
            lock(&FAULTS).push(sentence(info));
            signals::wake();
        }
    }));
}

fn sentence(info: &PanicHookInfo) -> String {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    // The message may quote what an outsider wrote.
    let message: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect();
    let place = info
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!("a fault of the program itself at {place} ({message})")
}
