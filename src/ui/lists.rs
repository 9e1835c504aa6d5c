//! The lists: the frame around them where there is one, their titles, heads and rows, and what an empty one
//! teaches.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::guests;
use super::pen::{self, Pen};
use super::table::{self, RowHighlight, ShownRow};
use super::text::{self, Keep};
use super::theme::Theme;
use crate::acts::ActKind;
use crate::app::detail::detail;
use crate::app::keymap::Command;
use crate::app::layout::{ListArea, Regions};
use crate::app::signin::mendable;
use crate::app::state::{Pane, State, on_table};
use crate::domain::time;
use crate::inventory::rows::PolicyRow;
use crate::inventory::table::Table;

pub(super) fn draw(
    buf: &mut Buffer,
    screen: Rect,
    regions: &Regions,
    state: &State,
    theme: &Theme,
) {
    if let Some(body) = regions.frame {
        frame(
            buf,
            screen,
            pen::rect(body, screen),
            regions,
            (state, theme),
        );
    }
    for list in &regions.lists {
        if regions.frame.is_none() {
            let title = title(list.pane, state, theme);
            let mut pen = Pen::new(buf, pen::rect(list.title, screen));
            let mut title = title.clone();
            pen::shorten(&mut title, pen.room().saturating_sub(2));
            pen.put("─ ", theme.known)
                .words(&title)
                .put(" ", theme.known)
                .fill("─", theme.known);
        }
        self::list(buf, screen, list, state, theme);
    }
}

/// The frame around lists and detail: each title stands on the border above what it is for.
fn frame(
    buf: &mut Buffer,
    screen: Rect,
    body: Rect,
    regions: &Regions,
    (state, theme): (&State, &Theme),
) {
    let left = match regions.detail_title {
        Some(area) => {
            let x = pen::rect(area, screen).x;
            let right = Rect {
                x,
                width: body.right().saturating_sub(x),
                ..body
            };
            let title = detail(state).map(|detail| detail.title).unwrap_or_default();
            pen::frame(buf, right, &Line::styled(title, theme.strong), theme);
            Rect {
                width: x.saturating_sub(body.x),
                ..body
            }
        }
        None => body,
    };
    pen::frame(buf, left, &Line::default(), theme);
    for (at, list) in regions.lists.iter().enumerate() {
        let corners = if at == 0 {
            ["┌", "┐"]
        } else {
            ["├", "┤"]
        };
        let line = pen::rect(list.title, screen);
        pen::border(buf, line, corners, &title(list.pane, state, theme), theme);
    }
}

/// Whether a pane shows what the focused request is about instead of its own list's cursor.
fn linked(pane: Pane, state: &State) -> bool {
    state.screen.focus == Pane::Requests && pane != Pane::Requests
}

/// A list's name, what there is to say of it as a whole, and its filter.
fn title(pane: Pane, state: &State, theme: &Theme) -> Line<'static> {
    let name = if state.screen.focus == pane {
        theme.accent
    } else {
        theme.known
    };
    let mut spans = vec![Span::styled(pane.title(), name)];
    if pane == Pane::Guests && linked(pane, state) {
        let count = state.linked_guest_count();
        if let Some(row) = state.looked_at_request()
            && count > 0
        {
            let words = format!(" ── {} from {}", text::thousands(count), row.domain);
            spans.push(Span::styled(words, theme.known));
        }
        return Line::from(spans);
    }
    let (visible, filter, marks, ranging) = on_table!(&state, pane, table => facts(table));
    let total = state.total(pane);
    let mut words = match (state.load(pane).ever(), filter.is_empty()) {
        (false, _) if total == 0 => String::new(),
        (_, false) => format!("{} of {}", text::thousands(visible), text::thousands(total)),
        (_, true) => text::thousands(total),
    };
    if pane == Pane::Requests
        && let Some(view) = state.view()
    {
        words = match words.as_str() {
            "" => view.title().to_owned(),
            words => format!("{} {words}", view.title()),
        };
    }
    if let Some(read) = state.load(pane).bounded {
        let read = text::thousands(read);
        words = format!("{words} · the newest {read} looked at, there are more");
    }
    if let Some(covers) = &state.load(pane).covers {
        let count = covers.packages.len();
        let plural = if count == 1 { "" } else { "s" };
        words = format!("{words} · your inbox and {count} package{plural}, not all");
    }
    if state.load(pane).unread > 0 {
        let unread = text::thousands(state.load(pane).unread);
        words = format!("{words} · {unread} unreadable");
    }
    if let Some(oldest) = oldest(pane, state) {
        words = format!("{words} · oldest {oldest}");
    }
    let new = state.data.arrivals.len();
    if pane == Pane::Requests && new > 0 {
        words = format!("{words} · {} new", text::thousands(new));
    }
    if marks > 0 {
        words = format!("{words} · {} marked", text::thousands(marks));
    }
    if ranging {
        words = format!("{words} · marking a range");
    }
    if !words.is_empty() {
        spans.push(Span::styled(format!(" ── {words}"), theme.known));
    }
    if !filter.is_empty() {
        spans.push(Span::styled(" ─ ", theme.known));
        spans.push(Span::styled(format!("/{filter}"), theme.accent));
    }
    Line::from(spans)
}

fn facts<R: ShownRow>(table: &Table<R>) -> (usize, String, usize, bool) {
    (
        table.visible(),
        table.filter().source().to_owned(),
        table.mark_count(),
        table.ranging(),
    )
}

/// The age of the longest waiting request shown. Only where the sort has it at hand: no frame looks at every
/// row.
fn oldest(pane: Pane, state: &State) -> Option<String> {
    let requests = &state.data.requests;
    if pane != Pane::Requests {
        return None;
    }
    let last = requests.visible().checked_sub(1)?;
    let created = |place: usize| requests.at(place)?.request.created;
    let oldest = match (requests.sort().column, requests.sort().descending) {
        ("age", false) => created(0),
        ("age", true) => created(last),
        // Mine come first, the oldest first, and then the others so.
        ("by", false) => {
            let (mut low, mut high) = (0, last + 1);
            while low < high {
                let middle = usize::midpoint(low, high);
                match requests.at(middle) {
                    Some(row) if row.request.mine() => low = middle + 1,
                    _ => high = middle,
                }
            }
            let others = (low <= last).then(|| created(low)).flatten();
            created(0).into_iter().chain(others).min()
        }
        _ => None,
    };
    let age = time::age(oldest, state.now);
    (!age.is_empty()).then_some(age)
}

fn list(buf: &mut Buffer, screen: Rect, list: &ListArea, state: &State, theme: &Theme) {
    let region = pen::rect(list.rows, screen);
    let head = list.head.map(|head| pen::rect(head, screen));
    let pane = list.pane;
    if pane == Pane::Guests && linked(pane, state) {
        guests::linked(buf, region, state, theme);
    } else if pane == Pane::Policies && linked(pane, state) && state.linked_policy().is_some() {
        linked_policy(buf, region, state, theme);
    } else if state.pane_empty(pane) {
        empty(buf, region, pane, state, theme);
    } else {
        on_table!(&state, pane, table => rows(buf, head, region, table, pane, (state, theme)));
    }
}

fn rows<R: ShownRow>(
    buf: &mut Buffer,
    head: Option<Rect>,
    region: Rect,
    list: &Table<R>,
    pane: Pane,
    (state, theme): (&State, &Theme),
) {
    if let Some(head) = head {
        table::head::<R>(buf, head, list.sort(), (state, theme));
    }
    table::rows(buf, region, list, pane, (state, theme));
}

/// The policies around the one that governs the focused request.
fn linked_policy(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let policies = &state.data.policies;
    let id = state.linked_policy();
    let governs = |row: &PolicyRow| Some(&row.policy.id) == id.as_ref();
    let columns = table::columns::<PolicyRow>(region, state);
    let height = usize::from(region.height);
    let at = (0..policies.visible()).find(|&at| policies.at(at).is_some_and(governs));
    let Some(at) = at else {
        // The pane's own filter hides it.
        let row = id.as_ref().and_then(|id| policies.get(id));
        if let (Some(row), Some(line)) = (row, pen::row(region, 0)) {
            let highlight = RowHighlight {
                cursor: true,
                ..RowHighlight::default()
            };
            table::row(buf, line, row, highlight, &columns, (state, theme));
        }
        return;
    };
    let top = at
        .saturating_sub(height / 2)
        .min(policies.visible().saturating_sub(height));
    for line in 0..height {
        let (Some(row), Some(place)) = (policies.at(top + line), pen::row(region, line)) else {
            return;
        };
        let highlight = RowHighlight {
            cursor: top + line == at,
            focused: false,
            marked: false,
        };
        table::row(buf, place, row, highlight, &columns, (state, theme));
    }
}

/// Why nothing could be read, where that is for want of a sign-in.
fn unsigned(pane: Pane, state: &State) -> Option<String> {
    let load = state.load(pane);
    let failed = load.failed.as_ref();
    let waits = pane != Pane::Journal && !load.ever();
    if failed.is_some_and(|problem| mendable(state, problem)) || (waits && failed.is_none()) {
        state.sign_in.need(&state.setup.keymap.key(Command::SignIn))
    } else {
        None
    }
}

/// Why a list is closed to this account, and what is open.
fn off(pane: Pane, state: &State) -> Option<String> {
    let why = state
        .not_permitted(pane.needs()?)
        .filter(|_| state.refused(pane))?;
    let key = |command| state.setup.keymap.key(command);
    let works = if pane == Pane::Guests {
        String::new()
    } else {
        format!(
            " Guests ({}) and invitations ({}) work without.",
            key(Command::Go(Pane::Guests)),
            key(Command::Act(ActKind::Invite))
        )
    };
    Some(format!("{} are off here: {why}.{works}", pane.title()))
}

/// What an empty list says: why it is empty, and what to do.
fn empty(buf: &mut Buffer, region: Rect, pane: Pane, state: &State, theme: &Theme) {
    let load = state.load(pane);
    let filter = on_table!(&state, pane, table => table.filter());
    let (words, style): (String, Style) = if state.total(pane) > 0 {
        let words = format!(
            "Nothing matches /{}; {} clears the filter",
            filter.source(),
            state.setup.keymap.key(Command::Back)
        );
        (words, theme.read)
    } else if let Some(words) = unsigned(pane, state) {
        (words, theme.read)
    } else if let Some(words) = off(pane, state) {
        (words, theme.read)
    } else if let Some(problem) = &load.failed {
        {
            let key = state.setup.keymap.key(Command::Refresh);
            (format!("{problem}\n{key} tries again"), theme.error)
        }
    } else if !load.ever() {
        let what = match pane {
            Pane::Journal => "the journal".to_owned(),
            _ => pane.title().to_lowercase(),
        };
        (format!("Reading {what}…"), theme.known)
    } else if load.unread > 0 {
        let rows = text::thousands(load.unread);
        let words = format!(
            "Rows that came and could not be read: {rows}. Whether there are none is not known"
        );
        (words, theme.error)
    } else {
        let words = on_table!(&state, pane, table => nothing(table, state));
        (words, theme.known)
    };
    let inside = Rect {
        x: region.x + 4.min(region.width),
        width: region.width.saturating_sub(5),
        ..region
    };
    // A line of air above, where there is room for it.
    let air = usize::from(region.height > 6);
    for (at, line) in text::wrap(&words, usize::from(inside.width))
        .iter()
        .enumerate()
    {
        if let Some(row) = pen::row(inside, at + air) {
            Pen::new(buf, row).fit(line, Keep::Start, style);
        }
    }
}

/// What a list that was read and has no row says.
fn nothing<R: ShownRow>(_: &Table<R>, state: &State) -> String {
    R::nothing(state)
}
