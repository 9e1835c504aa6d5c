//! A list of rows with a cursor: what each pane keeps. Knows filter, sort and marks; nothing of a screen
//! but how many rows it shows.
//!
//! Everything is held by id. Rows may come, go and change under the cursor; it stays on its row, and that
//! row stays on its line of the screen, unless the row itself is gone.

mod cursor;
mod fill;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use super::filter::{Filter, Haystack, Measure};

/// A kind of row.
pub trait Row {
    /// What names a row for good.
    type Id: Clone + Eq + Hash + Ord + Debug;
    /// What a view can narrow the list to before any filter; `()` where there are no views.
    type Scope: Clone + Debug + Default + PartialEq;
    /// Names of the columns one can filter by and sort by, the default sort first.
    const COLUMNS: &'static [&'static str];

    /// This row's id.
    fn id(&self) -> &Self::Id;
    /// Whether a view of this scope has it at all.
    fn within(&self, _scope: &Self::Scope) -> bool {
        true
    }
    /// One column as text, for the filter.
    fn cell(&self, column: &'static str) -> Cow<'_, str>;
    /// Everything a word may match; the columns' texts and more.
    fn words(&self, into: &mut String);
    /// One column in lower case, for the filter; `None` where there is no such column.
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        Self::COLUMNS
            .contains(&name)
            .then(|| Cow::Owned(self.cell(name).to_lowercase()))
    }
    /// Whether a column says `word`, where that is more than to hold its letters; see [`Haystack::says`].
    fn says(&self, _column: &'static str, _word: &str) -> Option<bool> {
        None
    }
    /// What a column can say, where that is one of a few words: for completing a filter.
    fn values(_column: &'static str) -> Vec<&'static str> {
        Vec::new()
    }
    /// What `<` and `>` compare of a column in a filter; nothing by default.
    fn measure(&self, _column: &'static str) -> Option<Measure> {
        None
    }
    /// Order by `column`, ascending. Ties are broken by id, so that an order is always the same.
    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        self.cell(column).cmp(&other.cell(column))
    }
}

/// By what a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// One of the row's columns.
    pub column: &'static str,
    /// Largest first.
    pub descending: bool,
}

struct TableEntry<R> {
    row: R,
    /// Lower-cased words of the row.
    hay: Box<str>,
    /// The load in which it was last seen.
    seen: u32,
}

/// Rows of one kind, and the view of them.
pub struct Table<R: Row> {
    entries: Vec<TableEntry<R>>,
    index: HashMap<R::Id, u32>,
    /// All entries in order, so that a filter needs no sorting.
    sorted: Vec<u32>,
    /// What the list is narrowed to before the filter, and how many rows that leaves.
    scope: R::Scope,
    inside: usize,
    /// Those of them that pass the filter.
    view: Vec<u32>,
    cursor: usize,
    top: usize,
    height: usize,
    marks: HashSet<R::Id>,
    anchor: Option<R::Id>,
    filter: Filter,
    sort: Sort,
    load: u32,
    /// Whether somebody has used this list. Before that the cursor waits at the top while pages come in.
    touched: bool,
}

struct Hay<'a, R>(&'a TableEntry<R>);

impl<R: Row> Haystack for Hay<'_, R> {
    fn all(&self) -> &str {
        &self.0.hay
    }
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        self.0.row.column(name)
    }
    fn says(&self, column: &'static str, word: &str) -> Option<bool> {
        self.0.row.says(column, word)
    }
    fn measure(&self, name: &'static str) -> Option<Measure> {
        self.0.row.measure(name)
    }
}

/// Everything a word may match, in lower case.
pub(super) fn hay<R: Row>(row: &R) -> Box<str> {
    let mut words = String::new();
    row.words(&mut words);
    words.to_lowercase().into()
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            index: HashMap::new(),
            sorted: Vec::new(),
            scope: R::Scope::default(),
            inside: 0,
            view: Vec::new(),
            cursor: 0,
            top: 0,
            height: 1,
            marks: HashSet::new(),
            anchor: None,
            filter: Filter::default(),
            sort: Sort {
                column: R::COLUMNS.first().copied().unwrap_or_default(),
                descending: false,
            },
            load: 0,
            touched: false,
        }
    }
}

impl<R: Row> Table<R> {
    /// Rows the view has, whatever the filter.
    pub fn total(&self) -> usize {
        self.inside
    }

    /// What the list is narrowed to before the filter.
    pub fn scope(&self) -> &R::Scope {
        &self.scope
    }

    /// Rows the filter lets through.
    pub fn visible(&self) -> usize {
        self.view.len()
    }

    /// Every row that is held, whatever view and filter, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.entries.iter().map(|entry| &entry.row)
    }

    /// The row with this id.
    pub fn get(&self, id: &R::Id) -> Option<&R> {
        self.index.get(id).map(|&at| &self.entries[at as usize].row)
    }

    /// The row at a place in the view.
    pub fn at(&self, place: usize) -> Option<&R> {
        self.view
            .get(place)
            .map(|&at| &self.entries[at as usize].row)
    }

    /// The row under the cursor.
    pub fn focused(&self) -> Option<&R> {
        self.at(self.cursor)
    }

    /// The cursor's place in the view; 0 where there are no rows.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The first place on screen.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The filter in force.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The sort in force.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Whether this row is marked.
    pub fn marked(&self, id: &R::Id) -> bool {
        self.marks.contains(id)
    }

    /// Marks, those that view and filter hide included.
    pub fn mark_count(&self) -> usize {
        self.marks.len()
    }

    /// Whether a range is being marked.
    pub fn ranging(&self) -> bool {
        self.anchor.is_some()
    }

    /// Whether any marked row is let through by the filter.
    pub fn any_marked_visible(&self) -> bool {
        !self.marks.is_empty()
            && self
                .view
                .iter()
                .any(|&at| self.marks.contains(self.entries[at as usize].row.id()))
    }

    /// The marked rows that are shown; where there are none, the one under the cursor.
    pub fn chosen(&self) -> Vec<&R> {
        let marked = self.marked_visible();
        if marked.is_empty() {
            self.focused().into_iter().collect()
        } else {
            marked
        }
    }

    /// The marked rows the filter lets through, in view order. A mark that the filter hides is never acted
    /// on.
    pub fn marked_visible(&self) -> Vec<&R> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let rows = self.view.iter().map(|&at| &self.entries[at as usize].row);
        rows.filter(|row| self.marks.contains(row.id())).collect()
    }

    /// How two rows stand to each other in the sort in force; one that is not there comes last.
    pub fn order_of(&self, a: &R::Id, b: &R::Id) -> Ordering {
        match (self.index.get(a), self.index.get(b)) {
            (Some(&at), Some(&bt)) => self.in_order(at, bt),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.cmp(b),
        }
    }

    /// Whether view and filter let the row with this id through.
    pub fn shows(&self, id: &R::Id) -> bool {
        let entry = self.index.get(id).map(|&at| &self.entries[at as usize]);
        entry.is_some_and(|entry| entry.row.within(&self.scope) && self.filter.matches(&Hay(entry)))
    }
}
