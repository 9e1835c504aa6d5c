//! A list of rows with a cursor: what each pane keeps. Knows filter, sort and marks; nothing of a screen
//! but how many rows it shows.
//!
//! Everything is held by id. Rows may come, go and change under the cursor; it stays on its row, and that
//! row stays on its line of the screen, unless the row itself is gone.

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
    /// Names of the columns one can filter by and sort by, the default sort first.
    const COLUMNS: &'static [&'static str];

    /// This row's id.
    fn id(&self) -> &Self::Id;
    /// One column as text, for the filter.
    fn cell(&self, column: &'static str) -> Cow<'_, str>;
    /// Everything a word may match; the columns' texts and more.
    fn words(&self, into: &mut String);
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

struct Entry<R> {
    row: R,
    /// Lower-cased words of the row.
    hay: Box<str>,
    /// The load in which it was last seen.
    seen: u32,
}

/// Rows of one kind, and the view of them.
pub struct Table<R: Row> {
    entries: Vec<Entry<R>>,
    index: HashMap<R::Id, u32>,
    /// All entries in order, so that a filter needs no sorting.
    sorted: Vec<u32>,
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

struct Hay<'a, R>(&'a Entry<R>);

impl<R: Row> Haystack for Hay<'_, R> {
    fn all(&self) -> &str {
        &self.0.hay
    }
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        R::COLUMNS
            .contains(&name)
            .then(|| Cow::Owned(self.0.row.cell(name).to_lowercase()))
    }
    fn measure(&self, name: &'static str) -> Option<Measure> {
        self.0.row.measure(name)
    }
}

fn hay<R: Row>(row: &R) -> Box<str> {
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
    // Reading

    /// Rows there are, whatever the filter.
    pub fn total(&self) -> usize {
        self.entries.len()
    }

    /// Rows the filter lets through.
    pub fn visible(&self) -> usize {
        self.view.len()
    }

    /// Every row, in no order.
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

    /// Marks, those the filter hides included.
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

    /// The marked rows the filter lets through, in view order. A mark that the filter hides is never acted
    /// on.
    pub fn marked_visible(&self) -> Vec<&R> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let rows = self.view.iter().map(|&at| &self.entries[at as usize].row);
        rows.filter(|row| self.marks.contains(row.id())).collect()
    }

    /// Whether the filter lets the row with this id through.
    pub fn shows(&self, id: &R::Id) -> bool {
        self.index
            .get(id)
            .is_some_and(|&at| self.filter.matches(&Hay(&self.entries[at as usize])))
    }

    // Moving

    /// Somebody uses this list: from now on the cursor stays on its row, whatever comes in.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Tells how many rows fit on the screen.
    pub fn set_height(&mut self, height: usize) {
        self.height = height.max(1);
        self.clamp();
    }

    /// Rows that fit on the screen.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Moves the cursor by so many rows, stopping at the ends; extends a range that is being marked.
    pub fn step(&mut self, by: isize) {
        self.go(self.cursor.saturating_add_signed(by));
    }

    /// Moves the cursor to a place, or the last one.
    pub fn go(&mut self, place: usize) {
        self.touched = true;
        let from = self.cursor;
        self.cursor = place.min(self.view.len().saturating_sub(1));
        if self.anchor.is_some() {
            let (low, high) = (from.min(self.cursor), from.max(self.cursor));
            let ids = self.view[low.min(self.view.len())..(high + 1).min(self.view.len())].iter();
            let ids: Vec<R::Id> = ids
                .map(|&at| self.entries[at as usize].row.id().clone())
                .collect();
            self.marks.extend(ids);
        }
        self.clamp();
    }

    /// Puts the cursor on a row, if the view has it; says whether it does.
    pub fn focus(&mut self, id: &R::Id) -> bool {
        let place = self
            .view
            .iter()
            .position(|&at| self.entries[at as usize].row.id() == id);
        if let Some(place) = place {
            self.go(place);
        }
        place.is_some()
    }

    // Marking

    /// Marks the row under the cursor, or takes its mark away.
    pub fn toggle_mark(&mut self) {
        if let Some(id) = self.focused().map(|row| row.id().clone())
            && !self.marks.remove(&id)
        {
            self.marks.insert(id);
        }
    }

    /// Begins a range at the cursor, or ends the one begun.
    pub fn toggle_range(&mut self) {
        match self.anchor.take() {
            Some(_) => {}
            None => {
                if let Some(id) = self.focused().map(|row| row.id().clone()) {
                    self.marks.insert(id.clone());
                    self.anchor = Some(id);
                }
            }
        }
    }

    /// Marks every row the filter lets through; takes the marks away if they all had one.
    pub fn toggle_all(&mut self) {
        let ids: Vec<R::Id> = self
            .view
            .iter()
            .map(|&at| self.entries[at as usize].row.id().clone())
            .collect();
        if ids.iter().all(|id| self.marks.contains(id)) {
            for id in &ids {
                self.marks.remove(id);
            }
        } else {
            self.marks.extend(ids);
        }
    }

    /// Takes all marks away; says whether there were any.
    pub fn clear_marks(&mut self) -> bool {
        let any = !self.marks.is_empty() || self.anchor.is_some();
        self.marks.clear();
        self.anchor = None;
        any
    }

    /// Takes the marks of these rows away.
    pub fn unmark<'a>(&mut self, ids: impl Iterator<Item = &'a R::Id>)
    where
        R::Id: 'a,
    {
        for id in ids {
            self.marks.remove(id);
        }
        self.anchor = None;
    }

    // Viewing

    /// Sets the filter. The cursor stays on its row if the row still shows, else on the nearest place.
    pub fn set_filter(&mut self, filter: Filter) {
        let narrowing = filter.narrows(&self.filter) && !self.filter.is_empty();
        self.filter = filter;
        self.keeping_place(|table| {
            if narrowing {
                let (entries, filter) = (&table.entries, &table.filter);
                table
                    .view
                    .retain(|&at| filter.matches(&Hay(&entries[at as usize])));
            } else {
                table.refill();
            }
        });
    }

    /// Sets the sort; the cursor stays on its row.
    pub fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
        self.keeping_place(|table| {
            table.order();
            table.refill();
        });
    }

    /// Sorts by the next column, ascending; after the last, by the first again.
    pub fn next_sort(&mut self) -> Sort {
        let at = R::COLUMNS
            .iter()
            .position(|column| *column == self.sort.column)
            .unwrap_or(0);
        let column = R::COLUMNS
            .get(at + 1)
            .or(R::COLUMNS.first())
            .copied()
            .unwrap_or_default();
        self.set_sort(Sort {
            column,
            descending: false,
        });
        self.sort
    }

    // Filling

    /// A load of all rows begins: what [`Table::end_load`] has not seen by then is gone.
    pub fn begin_load(&mut self) {
        self.load += 1;
    }

    /// Adds rows, or replaces those with the same id. They count as brought by the load under way.
    pub fn upsert(&mut self, rows: impl IntoIterator<Item = R>) {
        let load = self.load;
        self.put(rows, Some(load));
    }

    /// Replaces rows that are there; others are dropped.
    pub fn replace(&mut self, rows: impl IntoIterator<Item = R>) {
        self.put(rows, None);
    }

    fn put(&mut self, rows: impl IntoIterator<Item = R>, load: Option<u32>) {
        self.keeping_place(|table| {
            let mut new = Vec::new();
            let mut moved = false;
            for row in rows {
                let mut entry = Entry {
                    hay: hay(&row),
                    row,
                    seen: load.unwrap_or_default(),
                };
                if let Some(&at) = table.index.get(entry.row.id()) {
                    let old = &mut table.entries[at as usize];
                    entry.seen = load.unwrap_or(old.seen);
                    moved = moved || old.row.compare(&entry.row, table.sort.column).is_ne();
                    *old = entry;
                } else {
                    #[allow(clippy::cast_possible_truncation)]
                    // four thousand million rows are not kept
                    let at = table.entries.len() as u32;
                    table.index.insert(entry.row.id().clone(), at);
                    table.entries.push(entry);
                    new.push(at);
                }
            }
            table.insert(new);
            if moved {
                table.order();
            }
            table.refill();
        });
    }

    /// Changes every row in place, as when something they show has come in.
    pub fn revise(&mut self, mut change: impl FnMut(&mut R)) {
        self.keeping_place(|table| {
            for entry in &mut table.entries {
                change(&mut entry.row);
                entry.hay = hay(&entry.row);
            }
            table.order();
            table.refill();
        });
    }

    /// Changes one row in place.
    pub fn change(&mut self, id: &R::Id, change: impl FnOnce(&mut R)) {
        let Some(&at) = self.index.get(id) else {
            return;
        };
        self.keeping_place(|table| {
            let entry = &mut table.entries[at as usize];
            change(&mut entry.row);
            entry.hay = hay(&entry.row);
            table.order();
            table.refill();
        });
    }

    /// A load has ended: rows it did not bring are gone.
    pub fn end_load(&mut self) {
        let load = self.load;
        self.keep(|entry| entry.seen == load);
    }

    /// Takes rows out.
    pub fn remove(&mut self, ids: &HashSet<R::Id>) {
        self.keep(|entry| !ids.contains(entry.row.id()));
    }

    fn keep(&mut self, keep: impl Fn(&Entry<R>) -> bool) {
        if self.entries.iter().all(&keep) {
            return;
        }
        self.keeping_place(|table| {
            // Where each entry stands afterwards; the order of those that stay does not change.
            let mut places = Vec::with_capacity(table.entries.len());
            let mut next: u32 = 0;
            for entry in &table.entries {
                let stays = keep(entry);
                places.push(stays.then_some(next));
                next += u32::from(stays);
            }
            table.entries.retain(|entry| keep(entry));
            table.sorted = table
                .sorted
                .iter()
                .filter_map(|&at| places[at as usize])
                .collect();
            table.index.clear();
            for (at, entry) in table.entries.iter().enumerate() {
                #[allow(clippy::cast_possible_truncation)]
                table.index.insert(entry.row.id().clone(), at as u32);
            }
            let index = &table.index;
            table.marks.retain(|id| index.contains_key(id));
            table.anchor = table.anchor.take().filter(|id| index.contains_key(id));
            table.refill();
        });
    }

    // Inside

    /// Filters anew, in the order that stands.
    fn refill(&mut self) {
        let (entries, filter) = (&self.entries, &self.filter);
        self.view.clear();
        if filter.is_empty() {
            self.view.extend_from_slice(&self.sorted);
        } else {
            let passing = self
                .sorted
                .iter()
                .filter(|&&at| filter.matches(&Hay(&entries[at as usize])));
            self.view.extend(passing);
        }
    }

    fn in_order(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (&self.entries[a as usize].row, &self.entries[b as usize].row);
        let order = a.compare(b, self.sort.column);
        let order = if self.sort.descending {
            order.reverse()
        } else {
            order
        };
        order.then_with(|| a.id().cmp(b.id()))
    }

    /// Sorts everything. Runs that are in order already cost a stable sort little.
    fn order(&mut self) {
        let mut sorted = std::mem::take(&mut self.sorted);
        #[allow(clippy::cast_possible_truncation)]
        if sorted.len() != self.entries.len() {
            sorted = (0..self.entries.len() as u32).collect();
        }
        sorted.sort_by(|&a, &b| self.in_order(a, b));
        self.sorted = sorted;
    }

    /// Puts new entries where they belong. A page among a hundred thousand rows is not worth sorting them.
    fn insert(&mut self, mut new: Vec<u32>) {
        new.sort_by(|&a, &b| self.in_order(a, b));
        let mut merged = Vec::with_capacity(self.sorted.len() + new.len());
        let mut from = 0;
        for at in new {
            let rest = &self.sorted[from..];
            let before = rest.partition_point(|&there| self.in_order(there, at).is_lt());
            merged.extend_from_slice(&rest[..before]);
            merged.push(at);
            from += before;
        }
        merged.extend_from_slice(&self.sorted[from..]);
        self.sorted = merged;
    }

    /// Runs `change`, then puts the cursor back on its row and that row back on its line.
    fn keeping_place(&mut self, change: impl FnOnce(&mut Self)) {
        if !self.touched {
            change(self);
            (self.cursor, self.top) = (0, 0);
            return;
        }
        let id = self.focused().map(|row| row.id().clone());
        let line = self.cursor.saturating_sub(self.top);
        change(self);
        if let Some(&at) = id.as_ref().and_then(|id| self.index.get(id)) {
            // Most changes leave the row where it was; only otherwise is it looked for.
            let place = match self.view.get(self.cursor) {
                Some(&there) if there == at => Some(self.cursor),
                _ => self.view.iter().position(|&there| there == at),
            };
            if let Some(place) = place {
                self.cursor = place;
                self.top = place.saturating_sub(line);
            }
        }
        self.clamp();
    }

    fn clamp(&mut self) {
        self.cursor = self.cursor.min(self.view.len().saturating_sub(1));
        let last_top = self.view.len().saturating_sub(self.height);
        self.top = self.top.min(last_top);
        if self.cursor < self.top {
            self.top = self.cursor;
        } else if self.cursor >= self.top + self.height {
            self.top = self.cursor + 1 - self.height;
        }
    }
}
