//! Signals as flags, and one stream that wakes whoever waits.
//!
//! They are registered once for the process and stay so: a handler that is taken away again does not bring back
//! what was there before. While no console runs (`attended` is false) the ending signals act as they always do.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::{flag, low_level};

/// The signals of this process.
pub(super) struct Signals {
    pub(super) resized: Arc<AtomicBool>,
    pub(super) suspend: Arc<AtomicBool>,
    pub(super) continued: Arc<AtomicBool>,
    ending: Vec<(i32, Arc<AtomicBool>)>,
    unattended: Arc<AtomicBool>,
    waker: UnixStream,
    woken: UnixStream,
}

static SIGNALS: OnceLock<Signals> = OnceLock::new();

impl Signals {
    /// The signals of the process, registered at the first call.
    pub(super) fn get() -> io::Result<&'static Self> {
        if let Some(signals) = SIGNALS.get() {
            return Ok(signals);
        }
        let signals = Self::register()?;
        Ok(SIGNALS.get_or_init(|| signals))
    }

    fn register() -> io::Result<Self> {
        let (waker, woken) = UnixStream::pair()?;
        waker.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let unattended = Arc::new(AtomicBool::new(true));
        let watch = |signal| {
            let raised = Arc::new(AtomicBool::new(false));
            // The flag first: whoever is woken must find it set.
            flag::register(signal, Arc::clone(&raised))?;
            low_level::pipe::register(signal, waker.try_clone()?)?;
            Ok::<_, io::Error>(raised)
        };
        let mut ending = Vec::new();
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            flag::register_conditional_default(signal, Arc::clone(&unattended))?;
            ending.push((signal, watch(signal)?));
        }
        flag::register_conditional_default(SIGTSTP, Arc::clone(&unattended))?;
        Ok(Self {
            resized: watch(SIGWINCH)?,
            suspend: watch(SIGTSTP)?,
            continued: watch(SIGCONT)?,
            ending,
            unattended,
            waker,
            woken,
        })
    }

    /// Says whether a console runs that acts on the ending and stopping signals itself.
    pub(super) fn attend(&self, attended: bool) {
        if attended {
            for flag in [&self.resized, &self.suspend, &self.continued] {
                flag.store(false, Ordering::SeqCst);
            }
            for (_, raised) in &self.ending {
                raised.store(false, Ordering::SeqCst);
            }
        }
        self.unattended.store(!attended, Ordering::SeqCst);
    }

    /// The signal that asks the process to end, if one came.
    pub(super) fn end(&self) -> Option<i32> {
        let came = |raised: &AtomicBool| raised.swap(false, Ordering::SeqCst);
        let mut ending = self.ending.iter();
        ending.find_map(|(signal, raised)| came(raised).then_some(*signal))
    }

    /// The end of the stream to wait on.
    pub(super) fn woken(&self) -> &UnixStream {
        &self.woken
    }

    /// Empties the stream, so that the next wait waits.
    pub(super) fn drain(&self) {
        let mut sink = [0; 64];
        while matches!((&self.woken).read(&mut sink), Ok(count) if count > 0) {}
    }

    /// Wakes whoever waits. A full stream wakes as well, so errors do not matter.
    pub(super) fn wake(&self) {
        let _ = (&self.waker).write(&[0]);
    }
}

/// Wakes whoever waits, if signals are watched at all. Safe to call in a panic.
pub(super) fn wake() {
    if let Some(signals) = SIGNALS.get() {
        signals.wake();
    }
}
