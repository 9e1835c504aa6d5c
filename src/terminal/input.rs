//! The input thread: what is typed, and what happens to the terminal, as events.

use std::fmt;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::SIGHUP;

use super::decode::{Decoded, Decoder};
use super::signals::Signals;
use super::{guard, size};
use crate::app::key::Key;

/// What the terminal tells the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; lines end in `\n`. It is an outsider's word until it is cleaned.
    Paste(String),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// Someone asked the process to stop (SIGTSTP): answer with [`super::Screen::suspend`].
    Suspend,
    /// The process goes on after it was stopped without being asked: answer with [`super::Screen::resume`].
    Resumed,
    /// Another thread panicked; one sentence that says where. The terminal is untouched.
    Fault(String),
    /// The process has to end, soon: see [`Reason::grace`].
    Terminate(Reason),
}

/// Why the process has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The terminal is gone.
    HangUp,
    /// This signal came from outside.
    Signal(i32),
}

impl Reason {
    /// The exit code shells know for this end.
    pub fn exit_code(self) -> u8 {
        let signal = match self {
            Self::HangUp => SIGHUP,
            Self::Signal(signal) => signal,
        };
        128u8.saturating_add(u8::try_from(signal).unwrap_or(0))
    }

    /// How long [`InputThread`] waits for the console to end by itself before it restores the terminal and
    /// ends the process. A console without a terminal has less to do than one that is asked to end.
    pub fn grace(self) -> Duration {
        match self {
            Self::Signal(signal) if signal != SIGHUP => Duration::from_secs(3),
            _ => Duration::from_millis(800),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HangUp => f.write_str("the terminal is gone"),
            Self::Signal(signal) => write!(
                f,
                "asked to end by {}",
                signal_hook::low_level::signal_name(*signal).unwrap_or("a signal")
            ),
        }
    }
}

/// What the owner wants of the thread, and whether it does it yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Run,
    Pause,
    /// The thread has stopped reading.
    Paused,
    Stop,
}

#[derive(Debug)]
struct Control {
    wanted: Mutex<Wanted>,
    changed: Condvar,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, wanted: Wanted) {
        *self.lock() = wanted;
        self.changed.notify_all();
    }

    /// Answers a wish to pause, unless something else is wanted by now.
    fn answer_pause(&self, answer: Wanted) {
        let mut wanted = self.lock();
        if *wanted == Wanted::Pause {
            *wanted = answer;
        }
        self.changed.notify_all();
    }

    /// Waits until what is wanted is no longer `while_`, or until the deadline.
    fn wait_while(&self, patience: Duration, while_: impl Fn(Wanted) -> bool) -> Wanted {
        let (wanted, _) = self
            .changed
            .wait_timeout_while(self.lock(), patience, |wanted| while_(*wanted))
            .unwrap_or_else(PoisonError::into_inner);
        *wanted
    }
}

/// The thread that reads the terminal; dropping it stops it.
#[derive(Debug)]
pub struct InputThread {
    control: Arc<Control>,
    thread: Option<JoinHandle<()>>,
}

impl InputThread {
    /// Starts reading standard input and watching signals. Everything goes to `send`, which must not block
    /// (a sender of the loop's channel); when it returns false nobody listens any more and the thread ends.
    ///
    /// # Errors
    /// The system gave no thread, no stream or no signal handler.
    pub fn start(send: impl FnMut(Input) -> bool + Send + 'static) -> io::Result<Self> {
        let signals = Signals::get()?;
        signals.attend(true);
        let control = Arc::new(Control {
            wanted: Mutex::new(Wanted::Run),
            changed: Condvar::new(),
        });
        let mut reader = InputReader {
            control: Arc::clone(&control),
            signals,
            decoder: Decoder::new(is_remote()),
            last_byte: Instant::now(),
            send,
        };
        let thread = thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || reader.run())?;
        Ok(Self {
            control,
            thread: Some(thread),
        })
    }

    /// Returns once the thread reads no more. What the terminal sends meanwhile is for others.
    pub(super) fn pause(&self) {
        self.control.set(Wanted::Pause);
        super::signals::wake();
        // The deadline is for a thread that has ended already.
        self.control
            .wait_while(Duration::from_millis(500), |wanted| wanted == Wanted::Pause);
    }

    /// Lets the thread read again.
    pub(super) fn unpause(&self) {
        self.control.set(Wanted::Run);
    }
}

impl Drop for InputThread {
    fn drop(&mut self) {
        self.control.set(Wanted::Stop);
        super::signals::wake();
        if let Some(thread) = self.thread.take() {
            // A panic in there has been reported by the hook.
            let _ = thread.join();
        }
        if let Ok(signals) = Signals::get() {
            signals.attend(false);
        }
    }
}

/// Whether the keys come over a network, as far as the environment says.
fn is_remote() -> bool {
    ["SSH_TTY", "SSH_CONNECTION"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some())
}

/// Why the thread stops.
enum ThreadEnd {
    NobodyListens,
    HangUp,
}

struct InputReader<S> {
    control: Arc<Control>,
    signals: &'static Signals,
    decoder: Decoder,
    last_byte: Instant,
    send: S,
}

impl<S: FnMut(Input) -> bool> InputReader<S> {
    fn run(&mut self) {
        loop {
            // Before anything is looked at: a wish or a signal that comes after the look wakes the wait. The other
            // way round it would be looked at with the next key, or never.
            self.signals.drain();
            let wanted = *self.control.lock();
            match wanted {
                Wanted::Stop => return,
                Wanted::Run => {}
                Wanted::Pause | Wanted::Paused => {
                    self.rest();
                    continue;
                }
            }
            if let Some(signal) = self.signals.end() {
                return self.terminate(Reason::Signal(signal));
            }
            match self.pass_on_signals().and_then(|()| self.wait_and_read()) {
                Ok(()) => {}
                Err(ThreadEnd::NobodyListens) => return,
                Err(ThreadEnd::HangUp) => return self.terminate(Reason::HangUp),
            }
        }
    }

    /// Reads nothing until told otherwise.
    fn rest(&mut self) {
        self.control.answer_pause(Wanted::Paused);
        self.control
            .wait_while(Duration::MAX, |wanted| wanted == Wanted::Paused);
        // What was typed before belongs to before.
        self.decoder.give_away();
        self.last_byte = Instant::now();
    }

    fn tell(&mut self, input: Input) -> Result<(), ThreadEnd> {
        if (self.send)(input) {
            Ok(())
        } else {
            Err(ThreadEnd::NobodyListens)
        }
    }

    fn pass_on_signals(&mut self) -> Result<(), ThreadEnd> {
        let came = |raised: &std::sync::atomic::AtomicBool| raised.swap(false, Ordering::SeqCst);
        if came(&self.signals.suspend) {
            self.tell(Input::Suspend)?;
        }
        if came(&self.signals.continued) {
            self.tell(Input::Resumed)?;
        }
        if came(&self.signals.resized) {
            let (columns, rows) = size();
            self.tell(Input::Resize(columns, rows))?;
        }
        for fault in guard::take_faults() {
            self.tell(Input::Fault(fault))?;
        }
        Ok(())
    }

    /// Waits for bytes, a signal, or the moment when what is pending has to be settled.
    fn wait_and_read(&mut self) -> Result<(), ThreadEnd> {
        let stdin = rustix::stdio::stdin();
        let patience = self
            .decoder
            .patience()
            .map(|patience| patience.saturating_sub(self.last_byte.elapsed()));
        let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let mut ready = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(self.signals.woken(), PollFlags::IN),
        ];
        match poll(&mut ready, timeout.as_ref()) {
            Ok(0) => {
                let (mut events, decoder) = (Vec::new(), &mut self.decoder);
                decoder.settle(&mut |event| events.push(event));
                return self.tell_all(events);
            }
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(()),
            Err(_) => return Err(ThreadEnd::HangUp),
        }
        let stdin_is = ready[0].revents();
        // Asked before reading: a terminal that is gone stays readable for ever and has nothing to say.
        if stdin_is.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(ThreadEnd::HangUp);
        }
        if stdin_is.contains(PollFlags::IN) {
            return self.read();
        }
        Ok(())
    }

    fn read(&mut self) -> Result<(), ThreadEnd> {
        let mut bytes = [0; 4096];
        let count = match rustix::io::read(rustix::stdio::stdin(), &mut bytes) {
            Ok(0) => return Err(ThreadEnd::HangUp),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => return Ok(()),
            Err(_) => return Err(ThreadEnd::HangUp),
        };
        self.last_byte = Instant::now();
        let mut events = Vec::new();
        self.decoder
            .feed(&bytes[..count], &mut |event| events.push(event));
        self.tell_all(events)
    }

    fn tell_all(&mut self, events: Vec<Decoded>) -> Result<(), ThreadEnd> {
        for event in events {
            self.tell(match event {
                Decoded::Key(key) => Input::Key(key),
                Decoded::Paste(text) => Input::Paste(text),
            })?;
        }
        Ok(())
    }

    /// Passes on that the process has to end, and sees to it if the console does not.
    fn terminate(&mut self, reason: Reason) {
        let _ = self.tell(Input::Terminate(reason));
        let deadline = Instant::now() + reason.grace();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self
                .control
                .wait_while(left, |wanted| wanted == Wanted::Run)
            {
                Wanted::Stop => return,
                Wanted::Pause => self.control.answer_pause(Wanted::Run),
                _ => break,
            }
        }
        guard::leave();
        guard::print_faults();
        std::process::exit(i32::from(reason.exit_code()));
    }
}
