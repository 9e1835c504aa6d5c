//! What a table shows: filter and sort, rows that come and go, and the cursor that stays on its row meanwhile.

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::Timestamp;

use super::{Hay, Row, Sort, Table, TableEntry, hay};
use crate::inventory::filter::Filter;

/// Where an entry lies. Four thousand million rows are not kept.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<R: Row> Table<R> {
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

    /// Narrows the list to a scope, with that scope's filter and sort. The cursor stays on its row if the row
    /// still shows, else it goes to the top. Marks stay, whether they show or not.
    pub fn set_view(&mut self, scope: R::Scope, filter: Filter, sort: Sort) {
        let id = self.focused().map(|row| row.id().clone());
        (self.scope, self.filter) = (scope, filter);
        if self.sort != sort {
            self.sort = sort;
            self.order();
        }
        self.keeping_place(Self::refill);
        if self.focused().map(|row| row.id().clone()) != id {
            // What the view shows may still have to come in; the cursor waits at its top meanwhile.
            (self.cursor, self.top, self.touched) = (0, 0, false);
        }
        self.anchor = None;
    }

    /// Narrows the list to a scope; filter and sort stay, and the cursor does.
    pub fn set_scope(&mut self, scope: R::Scope) {
        self.scope = scope;
        self.keeping_place(Self::refill);
    }

    /// Says what time it is, for filters that compare with it.
    pub fn tell(&mut self, now: Timestamp) {
        if self.filter.tell(now) {
            self.keeping_place(Self::refill);
        }
    }

    /// Sets the sort; the cursor stays on its row.
    pub fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
        self.keeping_place(|table| {
            table.order();
            table.refill();
        });
    }

    /// A load of all rows begins: what [`Table::end_load`] has not seen by then is gone. Gives the number it
    /// goes by, for [`Table::end_load_of`].
    pub fn begin_load(&mut self) -> u32 {
        self.load += 1;
        self.load
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
                let mut entry = TableEntry {
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
                    let at = place(table.entries.len());
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

    /// The load with this number has ended, which was to bring all rows that `belong`: those that neither it nor
    /// a later one brought are gone. Other loads may be under way meanwhile.
    pub fn end_load_of(&mut self, load: u32, belongs: impl Fn(&R) -> bool) {
        self.keep(|entry| entry.seen >= load || !belongs(&entry.row));
    }

    /// Keeps these rows only.
    pub fn retain(&mut self, stays: impl Fn(&R) -> bool) {
        self.keep(|entry| stays(&entry.row));
    }

    /// Takes rows out.
    pub fn remove(&mut self, ids: &HashSet<R::Id>) {
        self.keep(|entry| !ids.contains(entry.row.id()));
    }

    fn keep(&mut self, keep: impl Fn(&TableEntry<R>) -> bool) {
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
                table.index.insert(entry.row.id().clone(), place(at));
            }
            let index = &table.index;
            table.marks.retain(|id| index.contains_key(id));
            table.anchor = table.anchor.take().filter(|id| index.contains_key(id));
            table.refill();
        });
    }

    /// Filters anew, in the order that stands.
    fn refill(&mut self) {
        let (filter, scope) = (&self.filter, &self.scope);
        // Looked at in the order in which they lie in memory: in that of the list a hundred thousand rows are a
        // hundred thousand leaps, which is ten times as slow.
        let mut inside = 0;
        let shows: Vec<bool> = self
            .entries
            .iter()
            .map(|entry| {
                let within = entry.row.within(scope);
                inside += usize::from(within);
                within && (filter.is_empty() || filter.matches(&Hay(entry)))
            })
            .collect();
        self.inside = inside;
        self.view.clear();
        let sorted = self.sorted.iter().copied();
        self.view.extend(sorted.filter(|&at| shows[at as usize]));
    }

    pub(super) fn in_order(&self, a: u32, b: u32) -> Ordering {
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
        if sorted.len() != self.entries.len() {
            sorted = (0..place(self.entries.len())).collect();
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

    pub(super) fn clamp(&mut self) {
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
