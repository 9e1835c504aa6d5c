//! The last line: the keys that matter here, out of the one table of keys.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::pen::Pen;
use super::text::Keep;
use super::theme::Theme;
use super::{status, text};
use crate::acts::{ActKind, On};
use crate::app::available;
use crate::app::dialog::keys::ShownKey;
use crate::app::keymap::{Command, commands};
use crate::app::prompt::FilterPrompt;
use crate::app::signin::Standing;
use crate::app::state::{Pane, State};
use crate::inventory::view::Base;

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
    // What is wrong with a filter has the line for itself: beside what is typed there is no room for it.
    if let Some(wrong) = state
        .screen
        .prompt
        .as_ref()
        .and_then(|prompt| prompt.wrong.as_ref())
    {
        let mut pen = Pen::new(buf, region);
        pen.skip(1)
            .fit(&wrong.to_string(), Keep::Start, theme.error);
        return;
    }
    let mut hints = match (&state.sign_in.dialog, &state.screen.dialog) {
        (Some(dialog), _) => in_dialog(&dialog.shown(state)),
        _ if state.screen.prompt.is_some() => in_dialog(&FilterPrompt::shown()),
        (None, Some(dialog)) => in_dialog(&dialog.shown(state)),
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

fn in_panes(state: &State) -> Vec<Hint> {
    let mut hints = Vec::new();
    if state.screen.detail.open {
        hints.push(hint("Esc", "back"));
        let key = |command| state.setup.keymap.key(command);
        let keys = format!("{} {}", key(Command::DetailDown), key(Command::DetailUp));
        hints.push(hint(keys, "scroll"));
    }
    if state.sends.busy() && available(state, Command::Stop).is_ok() {
        hints.push(hint(state.setup.keymap.key(Command::Stop), "stop sending"));
    }
    if state.keeping.offer.is_some() {
        hints.push(hint(
            state.setup.keymap.key(Command::Basket),
            "earlier basket",
        ));
    }
    if state.screen.focus == Pane::Requests && state.base() == Base::Failed {
        let reprocess = Command::Act(ActKind::Reprocess);
        hints.push(Hint {
            on: available(state, reprocess).is_ok(),
            ..hint(state.setup.keymap.key(reprocess), "delivers again")
        });
    }
    for row in commands() {
        let (Some(word), Some(key)) = (row.footer, state.setup.keymap.keys(row.command).first())
        else {
            continue;
        };
        let basket = state.basket.len();
        let word = if row.command == Command::Review && basket > 0 {
            format!("{word} {}", text::thousands(basket))
        } else {
            word.to_owned()
        };
        hints.push(Hint {
            key: key.clone().into(),
            word,
            on: available(state, row.command).is_ok(),
            rank: rank(row.command, state),
        });
    }
    hints
}

/// How soon a hint gives way: first what has no use in this pane at all, so that the line does not change
/// with each row.
fn rank(command: Command, state: &State) -> u8 {
    let used = match command {
        Command::Act(kind) if kind.about().staged => {
            let waits = matches!(state.base(), Base::Mine | Base::Pending | Base::All);
            state.screen.focus == Pane::Requests && waits
        }
        Command::Revoke => state.screen.focus == Pane::Guests,
        Command::Mark => matches!(state.screen.focus, Pane::Requests | Pane::Guests),
        _ => true,
    };
    match command {
        _ if !used => 9,
        Command::Help => 0,
        Command::Mark => 5,
        Command::Palette => 4,
        Command::Act(kind) if kind.about().on == On::Address => 3,
        Command::Filter => 2,
        Command::Review if state.basket.is_empty() => 6,
        _ => 1,
    }
}

/// What a dialog's own table says, as far as it has words for here.
fn in_dialog(keys: &[ShownKey]) -> Vec<Hint> {
    let shown = keys.iter().filter_map(|key| {
        let (written, word) = key.footer?;
        Some(Hint {
            on: key.off.is_none(),
            ..hint(written, word)
        })
    });
    let mut hints: Vec<Hint> = shown.collect();
    // The later a hint stands the sooner it gives way.
    for (rank, hint) in (0..).zip(&mut hints) {
        hint.rank = rank;
    }
    hints
}
