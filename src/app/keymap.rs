//! *The* table of commands: dispatch, footer, help, palette, the user's own keys and the README's key table all
//! read it.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::key::{Key, KeyCode};
use super::state::pane::Pane;
use crate::acts::{About, ActKind};

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// First row.
    First,
    /// Last row.
    Last,
    /// Half a screen down.
    HalfDown,
    /// Half a screen up.
    HalfUp,
    /// A screen down.
    PageDown,
    /// A screen up.
    PageUp,
    /// To a pane.
    Go(Pane),
    /// To the next pane.
    NextPane,
    /// To the one before.
    PreviousPane,
    /// Open the Detail of the focused row.
    Open,
    /// Back, or clear: detail, then error, marks, filter.
    Back,
    /// Type a filter.
    Filter,
    /// Every command by name.
    Palette,
    /// Every key.
    Help,
    /// Mark the row and step.
    Mark,
    /// Mark a range.
    Range,
    /// Mark all rows the filter shows.
    MarkAll,
    /// Mark all of this row's mail domain.
    MarkDomain,
    /// Choose the view of the queue.
    View,
    /// What is new was seen.
    Seen,
    /// Choose the sort.
    Sort,
    /// Detail on or off.
    Detail,
    /// Scroll Detail down.
    DetailDown,
    /// Scroll Detail up.
    DetailUp,
    /// Read everything again.
    Refresh,
    /// Draw everything again.
    Redraw,
    /// To the shell until `fg`.
    Suspend,
    /// Do an act: stage it, ask about it, or open its form.
    Act(ActKind),
    /// Choose how a guest's access is taken away.
    Revoke,
    /// Go on with what was stopped on its way.
    Resume,
    /// Send again what an open write stands in the way of.
    SendAgain,
    /// Take a staged decision back.
    Unstage,
    /// Stage the last answer again.
    Same,
    /// Write the reason of what is staged here.
    Reason,
    /// Restore or discard what an earlier session had staged.
    Basket,
    /// Stop the send under way.
    Stop,
    /// How the last send ended.
    LastSend,
    /// Review the basket and send it.
    Review,
    /// Stage an approval and open the review.
    ApproveNow,
    /// A text for the approver who can decide.
    Nudge,
    /// Stage what the rules suggest.
    Suggest,
    /// Copy the mail address, or a policy's link.
    Copy,
    /// Choose what to copy.
    CopyMenu,
    /// Everything that was said.
    Messages,
    /// Sign in, or anew.
    SignIn,
    /// Forget the sign-in.
    SignOut,
    /// To another profile's tenant.
    SwitchTenant,
    /// Leave.
    Quit,
}

/// Which part of the help a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Getting about.
    Move,
    /// Choosing what one sees.
    Find,
    /// Deciding.
    Decide,
    /// The rest.
    Other,
}

impl Group {
    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Find => "Find and mark",
            Self::Decide => "Decide",
            Self::Other => "Other",
        }
    }
}

/// A row of *the* table: a command, its keys and its words.
#[derive(Clone, Copy, Debug)]
pub struct KeymapRow {
    /// The command.
    pub command: Command,
    /// Its name in the palette.
    pub name: &'static str,
    /// Its keys as they are written, the one to show first; none for what is only run by name.
    pub keys: &'static [&'static str],
    /// What it does, in words.
    pub title: &'static str,
    /// Where help lists it.
    pub group: Group,
    /// The word in the footer, for those that stand there.
    pub footer: Option<&'static str>,
}

const fn row(
    command: Command,
    name: &'static str,
    keys: &'static [&'static str],
    title: &'static str,
    group: Group,
    footer: Option<&'static str>,
) -> KeymapRow {
    KeymapRow {
        command,
        name,
        keys,
        title,
        group,
        footer,
    }
}

/// How a guest's access is taken away stands among the acts of the footer.
#[rustfmt::skip]
const REVOKE: KeymapRow =
    row(Command::Revoke, "revoke", &["x"], "revoke a guest's access: asks which strength, then stages it", Group::Decide, Some("revoke"));

/// What is done with decisions, before the acts that are only run by name.
#[rustfmt::skip]
const DECIDING: &[KeymapRow] = &[
    row(Command::Mark, "mark", &["Space"], "mark this row and step to the next", Group::Find, Some("mark")),
    row(Command::Review, "send", &["s", "$"], "review what is staged and send it", Group::Decide, Some("send")),
    row(Command::Unstage, "unstage", &["u"], "take a staged decision back", Group::Decide, None),
    row(Command::ApproveNow, "approve-now", &["A"], "approve this one: stage it and open the review", Group::Decide, None),
    row(Command::Same, "same-again", &["="], "stage the last verdict and its reason again, here or on the marked rows", Group::Decide, None),
    row(Command::Reason, "reason", &["w"], "why: write the reason of what is staged here", Group::Decide, None),
    row(Command::Basket, "basket", &["b"], "restore or discard what an earlier session had staged", Group::Decide, None),
    row(Command::Stop, "stop-sending", &["C"], "stop sending after the call under way; the rest stays staged", Group::Decide, None),
    row(Command::LastSend, "last-send", &["L"], "how the last send ended, row by row: copy it or save it", Group::Decide, None),
    row(Command::Suggest, "suggest", &[], "stage what the rules file says, for you to review and send", Group::Decide, None),
    row(Command::Nudge, "nudge", &[], "copy a text for the approver who can decide this one", Group::Decide, None),
    row(Command::Resume, "resume", &[], "go on with what was stopped half done, such as a block whose sessions were not ended; asks first", Group::Decide, None),
    row(Command::SendAgain, "send-again", &[], "send again what an open write stands in the way of, though it may be done twice; asks first", Group::Decide, None),
];

/// Everything else.
#[rustfmt::skip]
const OTHERS: &[KeymapRow] = &[
    row(Command::Filter, "filter", &["/"], "filter: words, column:value, !not, \"a phrase\", this | that", Group::Find, Some("filter")),
    row(Command::Palette, "palette", &[":"], "every command by name", Group::Other, Some("command")),
    row(Command::Help, "help", &["?"], "this help", Group::Other, Some("help")),
    row(Command::Range, "range", &["v"], "begin or end marking a range", Group::Find, None),
    row(Command::MarkAll, "mark-all", &["*"], "mark all rows the filter shows, or none", Group::Find, None),
    row(Command::MarkDomain, "mark-domain", &["@"], "mark all of this row's mail domain: the requests waiting for you, or the guests", Group::Find, None),
    row(Command::View, "view", &["V"], "choose what the queue shows, and on guests whose accounts; `:view failed` goes there at once", Group::Find, None),
    row(Command::Seen, "seen", &["."], "what is new was seen: takes the marks of new arrivals away", Group::Find, None),
    row(Command::Sort, "sort", &["o"], "choose the sort; the same again turns it round", Group::Find, None),
    row(Command::Down, "down", &["j", "Down"], "one row down", Group::Move, None),
    row(Command::Up, "up", &["k", "Up"], "one row up", Group::Move, None),
    row(Command::First, "first", &["g", "Home"], "first row", Group::Move, None),
    row(Command::Last, "last", &["G", "End"], "last row", Group::Move, None),
    row(Command::HalfDown, "half-down", &["Ctrl-d"], "half a screen down", Group::Move, None),
    row(Command::HalfUp, "half-up", &["Ctrl-u"], "half a screen up", Group::Move, None),
    row(Command::PageDown, "page-down", &["PgDn"], "a screen down", Group::Move, None),
    row(Command::PageUp, "page-up", &["PgUp"], "a screen up", Group::Move, None),
    row(Command::Go(Pane::Requests), "requests", &["1"], "the queue of requests", Group::Move, None),
    row(Command::Go(Pane::Policies), "policies", &["2"], "the policies", Group::Move, None),
    row(Command::Go(Pane::Guests), "guests", &["3"], "the guests", Group::Move, None),
    row(Command::Go(Pane::Journal), "journal", &["4"], "the journal of every act", Group::Move, None),
    row(Command::NextPane, "next-pane", &["Tab"], "next pane", Group::Move, None),
    row(Command::PreviousPane, "previous-pane", &["S-Tab"], "previous pane", Group::Move, None),
    row(Command::Open, "open", &["Enter"], "open the detail of this row", Group::Move, None),
    row(Command::Back, "back", &["Esc"], "back; then clear error, marks, filter", Group::Move, None),
    row(Command::Detail, "detail", &["p"], "detail on or off", Group::Move, None),
    row(Command::DetailDown, "detail-down", &["J"], "scroll detail down", Group::Move, None),
    row(Command::DetailUp, "detail-up", &["K"], "scroll detail up", Group::Move, None),
    row(Command::Copy, "copy", &["y"], "copy the mail address; on a policy its request link", Group::Other, None),
    row(Command::CopyMenu, "copy-menu", &["Y"], "choose what to copy", Group::Other, None),
    row(Command::Messages, "messages", &["!"], "everything that was said, whole", Group::Other, None),
    row(Command::Refresh, "refresh", &["R"], "read everything again", Group::Other, None),
    row(Command::Redraw, "redraw", &["Ctrl-l"], "draw the screen again", Group::Other, None),
    row(Command::Suspend, "suspend", &["Ctrl-z"], "to the shell, until fg", Group::Other, None),
    row(Command::SignIn, "sign-in", &["S", "Ctrl-o"], "sign in, or sign in anew; a Ctrl key also where one is typing, and what is typed stays", Group::Other, None),
    row(Command::SignOut, "sign-out", &[], "forget the sign-in, here and wherever it is kept; asks first", Group::Other, None),
    row(Command::SwitchTenant, "switch-tenant", &[], "go to the tenant of another profile", Group::Other, None),
    row(Command::Quit, "quit", &["q", "Ctrl-c"], "quit; asks if something is staged", Group::Other, None),
];

/// Every command. The order is that of footer and help. What is an act stands in the table of acts.
pub fn commands() -> &'static [KeymapRow] {
    static ALL: LazyLock<Vec<KeymapRow>> = LazyLock::new(|| {
        let acts = |wanted: fn(&About) -> bool| {
            let all = ActKind::ALL.iter().filter(move |kind| wanted(kind.about()));
            all.filter_map(|kind| of_act(*kind))
        };
        let mut all = Vec::new();
        all.extend(acts(|about| about.staged && foot(about)));
        all.push(REVOKE);
        all.extend(acts(|about| !about.staged && foot(about)));
        all.extend(DECIDING);
        all.extend(acts(|about| !foot(about)));
        all.extend(OTHERS);
        all
    });
    &ALL
}

fn foot(about: &About) -> bool {
    about
        .command
        .as_ref()
        .is_some_and(|named| named.footer.is_some())
}

/// The row of an act that can be run as a command.
fn of_act(kind: ActKind) -> Option<KeymapRow> {
    let named = kind.about().command.as_ref()?;
    Some(KeymapRow {
        command: Command::Act(kind),
        name: named.name,
        keys: named.keys,
        title: named.title,
        group: Group::Decide,
        footer: named.footer,
    })
}

/// Keys by command name, in the notation of the table: what the config file may set. A command that is not there
/// keeps its own keys; one with an empty list is reached through the palette only.
pub type Keys = BTreeMap<String, Vec<String>>;

/// The table with the user's own keys in it: what a key means, and how it is written.
#[derive(Clone, Debug)]
pub struct Keymap {
    written: HashMap<Command, Vec<String>>,
    meaning: HashMap<Key, Command>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(&Keys::new())
    }
}

impl Keymap {
    /// The table under the user's settings, which the settings have checked: what is no key is left out.
    pub fn new(own: &Keys) -> Self {
        let mut keymap = Self {
            written: HashMap::new(),
            meaning: HashMap::new(),
        };
        for row in commands() {
            let keys: Vec<String> = match own.get(row.name) {
                Some(keys) => keys.clone(),
                None => row.keys.iter().map(|key| (*key).to_owned()).collect(),
            };
            for key in keys.iter().filter_map(|key| key.parse::<Key>().ok()) {
                keymap.meaning.insert(key, row.command);
            }
            keymap.written.insert(row.command, keys);
        }
        keymap
    }

    /// What `key` means in a pane.
    pub fn command(&self, key: Key) -> Option<Command> {
        self.meaning.get(&key).copied()
    }

    /// What `key` means wherever one is typing, too: signing in, drawing anew and suspending take nothing away from
    /// what is typed, and a Ctrl key is no letter of it.
    pub(super) fn anywhere(&self, key: Key) -> Option<Command> {
        let command = self.command(key).filter(|_| key.ctrl)?;
        let harmless = [Command::SignIn, Command::Redraw, Command::Suspend];
        harmless.contains(&command).then_some(command)
    }

    /// A command's keys as they are written, the one to show first.
    pub fn keys(&self, command: Command) -> &[String] {
        self.written.get(&command).map_or(&[], Vec::as_slice)
    }

    /// How one gets at a command, in one word: its first key, or its name for the palette.
    pub fn key(&self, command: Command) -> String {
        match self.keys(command).first() {
            Some(key) => key.clone(),
            None => format!(":{}", row_of(command).map_or("", |row| row.name)),
        }
    }

    /// How one gets at a command where one is typing: by a Ctrl key, if it has one.
    pub fn key_while_typing(&self, command: Command) -> String {
        let ctrl = |written: &&String| written.parse::<Key>().is_ok_and(|key| key.ctrl);
        let keys = self.keys(command);
        let key = keys.iter().find(ctrl);
        key.cloned().unwrap_or_else(|| self.key(command))
    }

    /// How one gets at a command, whole: its keys with `between` them, or its name for the palette.
    pub fn written(&self, command: Command, between: &str) -> String {
        match self.keys(command) {
            [] => self.key(command),
            keys => keys.join(between),
        }
    }
}

/// The table's row for a command.
pub fn row_of(command: Command) -> Option<&'static KeymapRow> {
    commands().iter().find(|row| row.command == command)
}

/// Whether `key` moves a list that has its own keys to move in: dialogs use the same ones.
pub(super) fn movement(key: Key) -> Option<isize> {
    if key.ctrl || key.alt {
        return None;
    }
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => Some(1),
        KeyCode::Up | KeyCode::Char('k') => Some(-1),
        KeyCode::PageDown => Some(10),
        KeyCode::PageUp => Some(-10),
        _ => None,
    }
}

/// The key table as the README shows it.
pub fn markdown() -> String {
    let keymap = Keymap::default();
    let mut lines = vec![
        "| key | command | what it does |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    for group in [Group::Move, Group::Find, Group::Decide, Group::Other] {
        for row in commands().iter().filter(|row| row.group == group) {
            lines.push(format!(
                "| `{}` | {} | {} |",
                keymap.written(row.command, "` `"),
                row.name,
                row.title.replace('|', "\\|")
            ));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
#[path = "keymap_tests.rs"]
mod tests;
