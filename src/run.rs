//! The loop: the only file that knows terminal, state, drawing and worker together.
//!
//! One channel brings everything in. A bounded batch of it is taken, each event goes through `update`, what
//! must happen outside is done, and then the screen is drawn once, not sooner than [`FRAME`] after the last
//! time. Without an event nothing is drawn and nothing is written.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::app::{Effect, Event, Start, State, What, update};
use crate::domain::problem::{Problem, ProblemKind};
use crate::settings::rules;
use crate::signin::{KeptIn, SignIn, SignInStep};
use crate::terminal::{Input, InputThread, Reason, Screen, Suspended, size};
use crate::ui::{self, Theme};
use crate::worker::protocol::Reply;
use crate::worker::{Sink, Worker};

/// Frames are at least this far apart: what an eye can tell apart, and an SSH line can carry.
const FRAME: Duration = Duration::from_millis(16);
/// How long a terminal that cannot be written to has to say that it is gone.
const FAREWELL: Duration = Duration::from_millis(300);
/// Events taken before the screen is drawn again.
const BATCH: usize = 512;
/// The longest the loop sleeps when it has a time to wake at: a clock that jumps is noticed by then.
const NAP: Duration = Duration::from_secs(60);

/// What comes in through the one channel.
#[derive(Debug)]
enum LoopInput {
    Input(Input),
    Reply(Reply),
    Step(SignInStep),
}

/// What a console is made of.
pub struct Console {
    /// How it starts; size and time are the loop's to fill in.
    pub start: Start,
    /// Colours, or none.
    pub theme: Theme,
    /// The sign-in that the worker's calls go by, where one can sign in from here. The console takes its steps, and
    /// work waits for it from then on.
    pub sign_in: Option<SignIn>,
    /// The rules file, read whenever the console asks what it says.
    pub rules: Option<PathBuf>,
}

/// How a console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsoleEnd {
    /// By its user.
    Quit,
    /// By its user, who wants the console of the profile with this name next.
    Switch(String),
    /// The terminal went away, or a signal asked for it.
    Terminated(Reason),
}

impl Console {
    /// Runs until the user leaves or the terminal does. `worker` makes the worker, given where its replies go.
    ///
    /// # Errors
    /// The terminal cannot be entered or written to, or the worker cannot be made.
    pub fn run<W>(self, worker: W) -> Result<ConsoleEnd, Problem>
    where
        W: FnOnce(Sink) -> Result<Worker, Problem>,
    {
        let (sender, receiver) = channel();
        // Before the screen: a signal is answered from the start, and the screen is left first.
        let input = InputThread::start(into(&sender, LoopInput::Input)).map_err(terminal)?;
        let mut screen = Screen::enter().map_err(terminal)?;
        let state = State::new(Start {
            now: Timestamp::now(),
            size: size(),
            sign_in: self.sign_in.as_ref().map(SignIn::offer),
            ..self.start
        });
        // The first frame stands before anything is asked of the network.
        draw(&mut screen, &state, &self.theme).map_err(terminal)?;
        if let Some(sign_in) = &self.sign_in {
            let tell = into(&sender, LoopInput::Step);
            sign_in.attend(Arc::new(move |step| {
                tell(step);
            }));
        }
        let tell = into(&sender, LoopInput::Reply);
        let worker = worker(Box::new(move |reply| {
            tell(reply);
        }))?;
        drop(sender);
        Loop {
            screen,
            state,
            theme: self.theme,
            sign_in: self.sign_in,
            rules: self.rules,
            input,
            worker,
            receiver,
            ended: None,
        }
        .run()
        .map_err(terminal)
    }
}

#[allow(clippy::needless_pass_by_value)] // as map_err hands it over
fn terminal(error: std::io::Error) -> Problem {
    let what = format!("The terminal cannot be used ({error})");
    Problem::new(
        ProblemKind::Local,
        what,
        "Start guestlist in another terminal, or use a plain command",
    )
}

/// A function that sends into the loop's channel. A loop that has ended needs nothing more.
fn into<T: Send + 'static>(
    sender: &Sender<LoopInput>,
    wrap: fn(T) -> LoopInput,
) -> impl Fn(T) -> bool + Send + 'static + use<T> {
    let sender = sender.clone();
    move |value| sender.send(wrap(value)).is_ok()
}

struct Loop {
    screen: Screen,
    state: State,
    theme: Theme,
    sign_in: Option<SignIn>,
    rules: Option<PathBuf>,
    input: InputThread,
    worker: Worker,
    receiver: Receiver<LoopInput>,
    ended: Option<Reason>,
}

impl Loop {
    fn run(mut self) -> std::io::Result<ConsoleEnd> {
        self.happens(What::Started)?;
        let mut drawn = Instant::now();
        loop {
            if self.state.over {
                break;
            }
            let first = match self.wait() {
                Ok(first) => Some(first),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match first {
                Some(first) => self.take(first)?,
                None => self.happens(What::Tick)?,
            }
            self.drain(drawn + FRAME)?;
            if let Err(error) = draw(&mut self.screen, &self.state, &self.theme) {
                // A terminal that hung up cannot be drawn on; the input thread says so with a reason.
                if self.ended.is_none() && !self.terminated_soon()? {
                    return Err(error);
                }
            }
            drawn = Instant::now();
        }
        // The terminal first: whoever quits has their prompt back while the worker writes its last outcome.
        drop(self.screen);
        drop(self.input);
        self.worker.shutdown();
        Ok(match (self.ended, self.state.next_profile) {
            (Some(reason), _) => ConsoleEnd::Terminated(reason),
            (None, Some(profile)) => ConsoleEnd::Switch(profile),
            (None, None) => ConsoleEnd::Quit,
        })
    }

    /// Takes what comes for a moment; says whether the terminal's end was among it.
    fn terminated_soon(&mut self) -> std::io::Result<bool> {
        self.drain(Instant::now() + FAREWELL)?;
        Ok(self.ended.is_some())
    }

    /// Waits for the next thing to happen, or until the state wants to be woken.
    fn wait(&self) -> Result<LoopInput, RecvTimeoutError> {
        match self.state.wake_at() {
            None => self
                .receiver
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => {
                let left = at.duration_since(Timestamp::now());
                let left = Duration::try_from(left).unwrap_or_default().min(NAP);
                self.receiver.recv_timeout(left)
            }
        }
    }

    /// Takes what else has come, and what comes until the next frame may be drawn.
    fn drain(&mut self, until: Instant) -> std::io::Result<()> {
        for _ in 0..BATCH {
            if self.state.over {
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.receiver.recv_timeout(left) {
                Ok(next) => self.take(next)?,
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    fn take(&mut self, next: LoopInput) -> std::io::Result<()> {
        match next {
            LoopInput::Reply(reply) => self.happens(What::Reply(reply)),
            LoopInput::Step(step) => self.happens(What::SignIn(step)),
            LoopInput::Input(Input::Key(key)) => self.happens(What::Key(key)),
            LoopInput::Input(Input::Paste(words)) => self.happens(What::Paste(words)),
            LoopInput::Input(Input::Resize(width, height)) => {
                self.screen.resize(width, height);
                self.happens(What::Resize(width, height))
            }
            LoopInput::Input(Input::Suspend) => self.suspend(),
            LoopInput::Input(Input::Resumed) => {
                self.screen.resume()?;
                self.resized()
            }
            LoopInput::Input(Input::Fault(words)) => self.happens(What::Told(format!(
                "{words}. Save your work and start again"
            ))),
            LoopInput::Input(Input::Terminate(reason)) => {
                self.ended = Some(reason);
                self.happens(What::Terminate)
            }
        }
    }

    fn happens(&mut self, what: What) -> std::io::Result<()> {
        let effects = update(
            &mut self.state,
            Event {
                at: Timestamp::now(),
                what,
            },
        );
        for effect in effects {
            self.carry_out(effect)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect) -> std::io::Result<()> {
        match effect {
            Effect::Ask(job) => self.worker.ask(job),
            Effect::Cancel(job) => self.worker.cancel(job),
            Effect::Decline => {
                if let Some(sign_in) = &self.sign_in {
                    sign_in.decline();
                }
            }
            Effect::SignOut => {
                if let Some(sign_in) = &self.sign_in {
                    let places = sign_in.forget();
                    return self.happens(What::SignedOut(places.map(|places| in_words(&places))));
                }
            }
            Effect::ReadRules => {
                let rules = rules::for_console(self.rules.as_deref());
                return self.happens(What::Rules(rules));
            }
            Effect::Ring(bell, words) => self.screen.ring(bell, &words)?,
            Effect::Redraw => self.screen.clear(),
            Effect::Suspend => return self.suspend(),
            Effect::Copy(secret) => {
                if let Err(problem) = self.screen.copy(secret.reveal()) {
                    return self.happens(What::Told(format!("Nothing was copied: {problem}")));
                }
            }
        }
        Ok(())
    }

    fn suspend(&mut self) -> std::io::Result<()> {
        match self.screen.suspend(&self.input)? {
            Suspended::AndBack => self.resized(),
            Suspended::Refused => self.happens(What::Told(
                "Ctrl-z does nothing here: no shell waits behind this console".into(),
            )),
        }
    }

    /// The window may have changed while the console was away.
    fn resized(&mut self) -> std::io::Result<()> {
        let (width, height) = size();
        self.happens(What::Resize(width, height))
    }
}

/// Places a sign-in was kept in, in words.
fn in_words(places: &[KeptIn]) -> Vec<String> {
    places.iter().map(ToString::to_string).collect()
}

fn draw(screen: &mut Screen, state: &State, theme: &Theme) -> std::io::Result<()> {
    screen.frame(|area, buffer| ui::draw(state, theme, area, buffer))?;
    // Written only when it has changed.
    screen.set_title(&ui::title(state))
}
