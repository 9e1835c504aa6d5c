//! The last line: the keys that matter here, out of the one table of keys.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::pen::Pen;
use super::theme::Theme;
use super::{status, text};
use crate::app::available;
use crate::app::dialog::Dialog;
use crate::app::dialog::assign;
use crate::app::dialog::invite::Step;
use crate::app::dialog::signin::{Phase, SignIn};
use crate::app::keymap::{COMMANDS, Command};
use crate::app::signin::Standing;
use crate::app::state::{Pane, State};
use crate::domain::act::Outcome;
use crate::inventory::view::Base;
use crate::signin::SignInStep;

/// A key and its word.
struct Hint {
    key: Cow<'static, str>,
    word: String,
    on: bool,
    /// Left out where there is little room, the highest first; what has no rank stays.
    rank: u8,
}

fn hint(key: impl Into<Cow<'static, str>>, word: &str) -> Hint {
    Hint {
        key: key.into(),
        word: word.to_owned(),
        on: true,
        rank: 0,
    }
}

pub(super) fn draw(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let mut hints = match (&state.sign_in.dialog, &state.dialog) {
        (Some(dialog), _) => ranked(signing_in(dialog, state)),
        _ if state.prompt.is_some() => ranked(vec![
            hint("Enter", "keeps the filter"),
            hint("Esc", "takes it back"),
            hint("Up Down", "move"),
        ]),
        (None, Some(dialog)) => ranked(in_dialog(dialog)),
        (None, None) => in_panes(state),
    };
    if state.sign_in.standing != Standing::Fine && state.sign_in.dialog.is_none() {
        hints.insert(0, hint(status::sign_in_key(state), "sign in"));
    }
    let room = usize::from(region.width);
    let wide = |hints: &[Hint]| {
        let words = hints
            .iter()
            .map(|hint| text::width(&hint.key) + text::width(&hint.word) + 3);
        words.sum::<usize>().saturating_sub(1)
    };
    while wide(&hints) > room {
        let last = (0..hints.len()).max_by_key(|&at| (hints[at].rank, at));
        match last.filter(|&at| hints[at].rank > 0) {
            Some(at) => drop(hints.remove(at)),
            None => break,
        }
    }
    let mut pen = Pen::new(buf, region);
    for (at, hint) in hints.iter().enumerate() {
        let key = if hint.on { theme.accent } else { theme.known };
        let word = if hint.on { theme.read } else { theme.known };
        pen.skip(if at == 0 { 1 } else { 2 })
            .put(&hint.key, key)
            .put(" ", Style::new())
            .put(&hint.word, word);
    }
}

/// The later a hint stands the sooner it gives way.
fn ranked(mut hints: Vec<Hint>) -> Vec<Hint> {
    for (rank, hint) in (0..).zip(&mut hints) {
        hint.rank = rank;
    }
    hints
}

fn in_panes(state: &State) -> Vec<Hint> {
    let mut hints = Vec::new();
    if state.detail.open {
        hints.push(hint("Esc", "back"));
        let key = |command| state.keymap.key(command);
        let keys = format!("{} {}", key(Command::DetailDown), key(Command::DetailUp));
        hints.push(hint(keys, "scroll"));
    }
    if state.sending.is_some() && available(state, Command::Stop).is_ok() {
        hints.push(hint(state.keymap.key(Command::Stop), "stop sending"));
    }
    if state.keeping.offer.is_some() {
        hints.push(hint(state.keymap.key(Command::Basket), "earlier basket"));
    }
    if state.focus == Pane::Requests && state.base() == Base::Failed {
        hints.push(Hint {
            on: available(state, Command::Reprocess).is_ok(),
            ..hint(state.keymap.key(Command::Reprocess), "delivers again")
        });
    }
    for entry in COMMANDS {
        let (Some(word), Some(key)) = (entry.footer, state.keymap.keys(entry.command).first())
        else {
            continue;
        };
        let basket = state.basket.len();
        let word = if entry.command == Command::Review && basket > 0 {
            format!("{word} {}", text::thousands(basket))
        } else {
            word.to_owned()
        };
        hints.push(Hint {
            key: key.clone().into(),
            word,
            on: available(state, entry.command).is_ok(),
            rank: rank(entry.command, state),
        });
    }
    hints
}

/// How soon a hint gives way: first what has no use in this pane at all, so that the line does not change
/// with each row.
fn rank(command: Command, state: &State) -> u8 {
    let used = match command {
        Command::Approve | Command::Deny | Command::ApproveNow => {
            let waits = matches!(state.base(), Base::Mine | Base::Pending | Base::All);
            state.focus == Pane::Requests && waits
        }
        Command::Revoke => state.focus == Pane::Guests,
        Command::Mark => matches!(state.focus, Pane::Requests | Pane::Guests),
        _ => true,
    };
    match command {
        _ if !used => 9,
        Command::Help => 0,
        Command::Mark => 5,
        Command::Palette => 4,
        Command::Invite => 3,
        Command::Filter => 2,
        Command::Review if state.basket.is_empty() => 6,
        _ => 1,
    }
}

fn in_dialog(dialog: &Dialog) -> Vec<Hint> {
    match dialog {
        Dialog::Review(review) if review.writing.is_some() => writing(),
        Dialog::Review(_) => vec![
            hint("Esc", "cancel"),
            hint("y", "send"),
            hint("r", "reason for all"),
            hint("w", "for this row"),
            hint("Space", "leave out"),
            hint("u", "unstage"),
            hint("j k", "move"),
        ],
        Dialog::Reason(_) => writing(),
        Dialog::Offer(_) => vec![
            hint("Esc", "later"),
            hint("y", "restore"),
            hint("d", "discard"),
        ],
        Dialog::Results(_) => vec![
            hint("Esc", "close"),
            hint("y", "copy"),
            hint("c", "save as CSV"),
            hint("t", "save as text"),
            hint("j k", "scroll"),
        ],
        Dialog::Invite(form) => match &form.step {
            Step::Filling => vec![
                hint("Tab", "next field"),
                hint("Enter", "next, or go"),
                hint("Esc", "cancel"),
            ],
            Step::Checking(_) => vec![hint("Esc", "back to the form")],
            Step::Asking => vec![hint("Esc", "back"), hint("y", "invite")],
            Step::Sending(_) => vec![hint("Esc", "close; it goes on")],
            Step::Ended(outcome) if matches!(**outcome, Outcome::Invited(_)) => vec![
                hint("y", "copy the link"),
                hint("i", "another"),
                hint("Esc", "close"),
            ],
            Step::Ended(_) => vec![hint("i", "another"), hint("Esc", "close")],
        },
        Dialog::Confirm(_) => vec![
            hint("Esc", "leave"),
            hint("y", "do it"),
            hint("j k", "scroll"),
        ],
        Dialog::Assign(form) => match &form.step {
            assign::Step::Filling => vec![
                hint("Tab", "next field"),
                hint("Enter", "next, or go"),
                hint("Esc", "cancel"),
            ],
            assign::Step::Checking(_) => vec![hint("Esc", "back to the form")],
            assign::Step::Asking(_) => vec![
                hint("Esc", "back"),
                hint("Enter", "assigns once the word is typed"),
            ],
        },
        Dialog::Menu(_) => vec![
            hint("Enter", "takes it"),
            hint("Up Down", "move"),
            hint("Esc", "cancel"),
        ],
        Dialog::Palette(_) => vec![
            hint("Enter", "runs it"),
            hint("Tab", "completes"),
            hint("Up Down", "move"),
            hint("Esc", "cancel"),
        ],
        Dialog::Help(_) => vec![
            hint("Esc", "close"),
            hint("Up Down", "scroll"),
            hint("letters", "search"),
        ],
        Dialog::Messages(_) => vec![hint("Esc", "close: they are read"), hint("j k", "scroll")],
        Dialog::Quit(_) => vec![
            hint("Esc", "stay"),
            hint("y", "quit"),
            hint("d", "discard and quit"),
        ],
        Dialog::SignOut(_) => vec![hint("Esc", "stay"), hint("y", "sign out")],
    }
}

/// Writing a reason.
fn writing() -> Vec<Hint> {
    vec![
        hint("Enter", "keeps the reason"),
        hint("Esc", "takes it back"),
        hint("Tab", "template"),
        hint("Up", "earlier ones"),
    ]
}

fn signing_in(dialog: &SignIn, state: &State) -> Vec<Hint> {
    match &dialog.phase {
        Phase::Choosing => {
            let mut hints = vec![
                hint("Enter", "signs in"),
                hint("Up Down", "move"),
                hint("Esc", "not now"),
            ];
            if matches!(state.sign_in.standing, Standing::Needed { .. }) {
                hints.push(hint("n", "decline"));
            }
            hints
        }
        Phase::Begun(_) => vec![hint("Esc", "cancel")],
        Phase::Showing(step) => match **step {
            SignInStep::DeviceCode { .. } => vec![
                hint("Esc", "cancel"),
                hint("y", "copy the code"),
                hint("Y", "the link"),
            ],
            _ => vec![
                hint("Esc", "cancel"),
                hint("y", "copy the address"),
                hint("Y", "the ssh line"),
            ],
        },
        Phase::Done(_) => vec![hint("Enter", "goes on")],
    }
}
