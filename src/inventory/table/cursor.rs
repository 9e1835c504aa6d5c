//! Moving the cursor, and marking rows.

use super::{Row, Table};

impl<R: Row> Table<R> {
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

    /// Marks the rows the filter shows for which this holds; takes the marks away if they all had one. Says how many
    /// there are.
    pub fn toggle_those(&mut self, so: impl Fn(&R) -> bool) -> usize {
        let rows = self.view.iter().map(|&at| &self.entries[at as usize].row);
        let ids: Vec<R::Id> = rows
            .filter(|row| so(row))
            .map(|row| row.id().clone())
            .collect();
        if ids.iter().all(|id| self.marks.contains(id)) {
            self.unmark(ids.iter());
        } else {
            self.marks.extend(ids.iter().cloned());
        }
        ids.len()
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
}
