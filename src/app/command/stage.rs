//! Staging decisions, and taking them back.

use std::collections::BTreeMap;

use crate::acts::{ActKind, ActSubject, On, Target};
use crate::app::basket::Decision;
use crate::app::basket::seen::seen;
use crate::app::state::{Grade, State};
use crate::inventory::table::{Row, Table};

/// The rows an act is for: the marked ones the filter shows, else the one under the cursor.
pub(super) fn chosen<R: Row + Clone>(table: &Table<R>) -> Vec<R> {
    table.chosen().into_iter().cloned().collect()
}

/// Takes the marks of the rows that were acted on away, or steps on from the one row.
pub(super) fn acted<R: Row>(table: &mut Table<R>, ids: &[R::Id]) {
    if table.any_marked_visible() {
        table.unmark(ids.iter());
    } else {
        table.step(1);
    }
}

/// Stages a verdict, with the reason it is given for all of them.
pub(super) fn decide(state: &mut State, kind: ActKind, reason: Option<String>) {
    let rows = chosen(&state.data.requests);
    let (mut staged, mut others, mut unread, mut busy) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut ended = 0_usize;
    let mut new = Vec::new();
    // The marks that have done their work. What can be tried again in a moment stays marked.
    let mut ids = Vec::new();
    for row in &rows {
        if !row.request.pending() {
            ended += 1;
            ids.push(row.request.id.clone());
            continue;
        }
        if row.request.stages.is_none() {
            unread += 1;
            continue;
        }
        if !row.request.mine() {
            others += 1;
            ids.push(row.request.id.clone());
            continue;
        }
        let decision = Decision {
            seen: Some(seen(state, row)),
            reason: reason.clone(),
            ..Decision::on(row, kind)
        };
        let target = Target::Request(row.request.id.clone());
        let done = state.basket.stage(target.clone(), decision);
        if done {
            staged += 1;
            new.push(target);
            ids.push(row.request.id.clone());
        } else {
            busy += 1;
        }
    }
    acted(&mut state.data.requests, &ids);
    state.basket.newest = new;
    if staged > 0 {
        state.reasons.last = Some((kind, reason));
    }
    if others + unread + busy + ended > 0 {
        let mut words = format!("{staged} staged");
        if unread > 0 {
            words = format!("{words}, {unread} whose stages are still being read");
        }
        if others > 0 {
            words = format!("{words}, {others} not yours to decide now");
        }
        if ended > 0 {
            words = format!("{words}, {ended} not waiting for approval");
        }
        if busy > 0 {
            words = format!("{words}, {busy} being sent already");
        }
        state.say(Grade::Note, words);
    }
}

/// Stages an act on the rows it is done on.
pub(super) fn stage(state: &mut State, kind: ActKind, reason: Option<String>) {
    match kind.about().on {
        On::Request => decide(state, kind, reason),
        On::Guest => take(state, kind, reason),
        // Nothing of these is a row of a list.
        On::Deleted | On::Address | On::Assignment => {}
    }
}

/// Stages the last verdict with its reason once more.
pub(super) fn same_again(state: &mut State) {
    if let Some((kind, reason)) = state.reasons.last.clone() {
        stage(state, kind, reason);
    }
}

/// Stages an act on the chosen guests; those on whom it cannot be done are left out, and counted.
fn take(state: &mut State, kind: ActKind, reason: Option<String>) {
    let about = kind.about();
    if let Some(why) = state.not_permitted(about.need) {
        state.say(Grade::Note, format!("Nothing staged: {why}"));
        return;
    }
    let rows = chosen(&state.data.guests);
    let mut ids = Vec::new();
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut new = Vec::new();
    for row in &rows {
        if let Err(why) = about.may(&ActSubject::Guest(&row.guest), state.now) {
            *left_out.entry(why).or_default() += 1;
            continue;
        }
        let name = row.guest.name.clone();
        let staged = Decision {
            reason: reason.clone(),
            ..Decision::new(kind, name, row.guest.address().into())
        };
        let target = Target::Guest(row.guest.id.clone());
        if state.basket.stage(target.clone(), staged) {
            ids.push(row.guest.id.clone());
            new.push(target);
        }
    }
    acted(&mut state.data.guests, &ids);
    state.basket.newest = new;
    if !ids.is_empty() {
        state.reasons.last = Some((kind, reason));
    }
    if !left_out.is_empty() {
        let whys = left_out
            .iter()
            .map(|(why, count)| format!("; {count} not: {why}"));
        let words = format!("{} staged{}", ids.len(), whys.collect::<String>());
        state.say(Grade::Note, words);
    }
}

/// The rows a key is for that have something staged, and not sent yet. Where there are none, those that the key
/// before staged: it stepped on from them.
pub(super) fn staged_here(state: &State) -> Vec<Target> {
    let staged = |target: &Target| state.basket.get(target).is_some_and(|d| !d.sending);
    let here: Vec<Target> = state.targets_here().into_iter().filter(staged).collect();
    if here.is_empty() {
        let newest = state.basket.newest.iter().cloned();
        return newest.filter(staged).collect();
    }
    here
}

/// Takes back what is staged here, and says of whom.
pub(super) fn unstage(state: &mut State) {
    let targets = staged_here(state);
    let taken: Vec<Decision> = targets
        .iter()
        .filter_map(|target| state.basket.take_back(target))
        .collect();
    let words = match taken.as_slice() {
        [] => "Nothing is staged here".to_owned(),
        [one] => {
            let name = one.name.or("this row");
            format!("{name}: {} taken back", one.kind.about().verb)
        }
        many => format!("{} staged rows taken back", many.len()),
    };
    state.say(Grade::Note, words);
}

#[cfg(test)]
mod tests {
    use crate::app::tests::{loaded, press};

    #[test]
    fn marks_have_done_their_work_also_on_rows_that_others_decide() {
        // Every fourth is somebody else's.
        let mut state = loaded(8, 0);
        press(&mut state, "*a");
        assert_eq!(state.basket.len(), 6);
        assert_eq!(state.data.requests.mark_count(), 0);
        let said = state.said.notices.toast.as_ref().unwrap().text.clone();
        assert_eq!(said, "6 staged, 2 not yours to decide now");
        // The next key is about the row under the cursor again.
        press(&mut state, "gd");
        assert_eq!(state.basket.len(), 6);
        assert_eq!(state.basket.count(crate::acts::ActKind::Deny), 1);
    }
}
