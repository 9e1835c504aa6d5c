//! The line above the keys: what is being typed, what was said, and what is under way.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::pen::Pen;
use super::text::{self, Keep};
use super::theme::Theme;
use crate::acts::Ended;
use crate::app::keymap::Command;
use crate::app::prompt::FilterPrompt;
use crate::app::sends::Send;
use crate::app::signin::seconds_left;
use crate::app::state::{Grade, Notice, Pane, State};
use crate::inventory::load::Listed;

/// Cells of a progress bar.
const BAR: usize = 12;

pub(super) fn draw(
    buf: &mut Buffer,
    region: Rect,
    state: &State,
    theme: &Theme,
) -> Option<Position> {
    let mut pen = Pen::new(buf, region);
    if let Some(prompt) = &state.screen.prompt {
        return self::prompt(&mut pen, prompt, state, theme);
    }
    let work = work(state, theme);
    let errors = &state.said.notices.errors;
    // What a key has just brought about is said first: it is gone with the next one. Then what work waits for.
    let toast = state.said.notices.toast.as_ref();
    let need = need(state).or_else(|| offer(state));
    let notice = toast.or(need.as_ref()).or(errors.first());
    let Some(notice) = notice else {
        if let Some(work) = work {
            pen.skip(1).words(&work);
        }
        return None;
    };
    let mut tail = Vec::new();
    if toast.is_some() && self::need(state).is_some() {
        tail.push(format!("⚠ sign-in: {}", sign_in_key(state)));
    }
    if !errors.is_empty() && state.screen.dialog.is_none() {
        let covered = toast.is_some() || need.is_some();
        let (all, back) = (
            state.setup.keymap.key(Command::Messages),
            state.setup.keymap.key(Command::Back),
        );
        let words = match (covered, errors.len()) {
            (false, 1) => format!("{all} whole, {back} clears"),
            (false, n) => format!("1 of {n}: {all} all, {back} clears"),
            (true, 1) => format!("✗ 1 error: {all} shows it"),
            (true, n) => format!("✗ {n} errors: {all} shows them"),
        };
        tail.push(words);
    }
    let cut = toast.is_some() && state.screen.dialog.is_none();
    if cut && tail.is_empty() && text::width(&notice.text) + 4 > pen.room() {
        tail.push(format!(
            "{} whole",
            state.setup.keymap.key(Command::Messages)
        ));
    }
    say(&mut pen, notice, work, &tail, theme);
    None
}

/// What opens the sign-in dialog from where the keyboard is now.
pub(super) fn sign_in_key(state: &State) -> String {
    if state.screen.dialog.is_some() || state.screen.prompt.is_some() {
        state.setup.keymap.key_while_typing(Command::SignIn)
    } else {
        state.setup.keymap.key(Command::SignIn)
    }
}

/// That a sign-in is needed stands until somebody has seen to it; not while they do.
fn need(state: &State) -> Option<Notice> {
    let text = state.sign_in.need(&sign_in_key(state));
    let text = text.filter(|_| state.sign_in.dialog.is_none())?;
    Some(Notice {
        grade: Grade::Note,
        text,
        at: state.now,
    })
}

/// That an earlier session left decisions stands until somebody has answered for them.
fn offer(state: &State) -> Option<Notice> {
    let kept = state.keeping.offer.as_ref()?;
    let key = state.setup.keymap.key(Command::Basket);
    let count = text::count(kept.decisions.len(), "decision");
    let saved = state.clock(kept.saved);
    state.screen.dialog.is_none().then(|| Notice {
        grade: Grade::Note,
        text: format!("{count} of {saved} not sent: {key} restores or discards"),
        at: state.now,
    })
}

/// A notice at the left, and at the right what does not crowd it out.
fn say(
    pen: &mut Pen<'_>,
    notice: &Notice,
    work: Option<Line<'static>>,
    tail: &[String],
    theme: &Theme,
) {
    let (glyph, style) = theme.grade(notice.grade);
    let needed = text::width(&notice.text) + 4;
    let mut right = Vec::new();
    for words in tail {
        right.push(Line::styled(format!("  {words} "), theme.known));
    }
    right.extend(work.map(|mut work| {
        work.spans.insert(0, Span::raw("  "));
        work
    }));
    for (at, words) in right.iter().enumerate() {
        // How to read an error whole matters where it is cut; the rest only where there is room.
        let hint = at == 0 && !tail.is_empty();
        let room = pen.room().saturating_sub(words.width());
        if room >= needed || (hint && room >= 30) {
            pen.right(words);
        }
    }
    pen.skip(1)
        .put(glyph, style)
        .skip(1)
        .fit(&notice.text.replace('\n', " "), Keep::Start, style);
}

fn prompt(
    pen: &mut Pen<'_>,
    prompt: &FilterPrompt,
    state: &State,
    theme: &Theme,
) -> Option<Position> {
    let visible = state.visible(state.screen.focus);
    let total = state.total(state.screen.focus);
    let side = match &prompt.wrong {
        // The line below says what.
        Some(_) => Line::styled("  ✗ no filter yet ", theme.error),
        None if prompt.line.value().is_empty() && pen.room() > 70 => Line::styled(
            "  words, column:value, age>3d, !not, this | that ",
            theme.known,
        ),
        None => Line::styled(
            format!(
                "  {} of {} ",
                text::thousands(visible),
                text::thousands(total)
            ),
            theme.known,
        ),
    };
    pen.right(&side);
    pen.put(" /", theme.accent);
    pen.input(&prompt.line, theme.read)
}

/// What is under way, in words, a number and, where the end is known, a bar.
fn work(state: &State, theme: &Theme) -> Option<Line<'static>> {
    if let Some((until, why)) = &state.said.waiting {
        let words = format!("{why} {} s", seconds_left(*until, state.now));
        return Some(Line::styled(words, theme.signal));
    }
    let unfinished = |send: &&Send| send.settled() < send.rows.len();
    if let Some(send) = state.sends.under_way().iter().find(unfinished) {
        return Some(sending(send, state, theme));
    }
    if let Some(progress) = state.said.progress.last() {
        let words = match progress.of {
            Some(of) => format!("{} {} of {of}", progress.words, progress.done),
            // Where the end is not known the words say how far it is.
            None => progress.words.clone(),
        };
        let mut spans = vec![Span::styled(words, theme.read)];
        if let Some(of) = progress.of {
            spans.push(bar(progress.done, of, theme));
        }
        return Some(Line::from(spans));
    }
    let loading: Vec<String> = Pane::all()
        .filter_map(|pane| loading(pane, state))
        .collect();
    let session = state.jobs.reads(Listed::Session);
    let words = match (session, loading.is_empty()) {
        (false, true) => return None,
        (true, true) => "Asking who is signed in".to_owned(),
        (_, false) => format!("Reading: {}", loading.join(", ")),
    };
    Some(Line::styled(words, theme.known))
}

/// `1,998 guests · page 2`.
fn loading(pane: Pane, state: &State) -> Option<String> {
    let load = state.load(pane);
    if !state.jobs.reads(state.listed(pane)) {
        return None;
    }
    let name = pane.title().to_lowercase();
    if load.pages == 0 {
        return Some(name);
    }
    let rows = text::thousands(state.total(pane));
    Some(format!("{rows} {name} · page {}", load.pages))
}

fn sending(send: &Send, state: &State, theme: &Theme) -> Line<'static> {
    let said = state
        .said
        .progress
        .iter()
        .rev()
        .find(|progress| progress.job == send.job)
        .map_or("sending", |progress| progress.words.as_str());
    let (settled, total) = (send.settled(), send.rows.len());
    let words = format!("{said} {settled} of {total}");
    let mut spans = vec![Span::styled(words, theme.read), bar(settled, total, theme)];
    let counts = [
        (Ended::Done, "done", theme.approve),
        (Ended::UnderWay, "taken", theme.approve),
        (Ended::HalfDone, "half done", theme.error),
        (Ended::Elsewhere, "settled elsewhere", theme.signal),
        (Ended::Failed, "failed", theme.error),
    ];
    for (ended, word, style) in counts {
        let count = send.count(ended);
        if count > 0 {
            spans.push(Span::styled(format!(" {count} {word}"), style));
        }
    }
    Line::from(spans)
}

fn bar(done: usize, of: usize, theme: &Theme) -> Span<'static> {
    let full = (done.min(of) * BAR).checked_div(of).unwrap_or(0);
    Span::styled(
        format!(" {}{} ", "█".repeat(full), "░".repeat(BAR - full)),
        theme.accent,
    )
}
