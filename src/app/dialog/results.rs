//! How the last send ended, row by row: to read, copy or save.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::state::{Grade, State};
use crate::domain::invitation::Secret;
use crate::worker::protocol::{Ask, Job};

/// The open list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShownResults {
    /// First row shown.
    pub scroll: usize,
}

impl ShownResults {
    pub(super) fn key(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        let Some(results) = &state.results else {
            return Next::Close;
        };
        if let Some(by) = keymap::movement(key) {
            let last = results.rows.len().saturating_sub(1);
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return Next::Stay;
        }
        match key.typed() {
            Some('y') => {
                let count = results.rows.len();
                effects.push(Effect::Copy(Secret::new(&results.text())));
                state.say(Grade::Good, format!("Copied {count} rows as text"));
            }
            Some('c') => save(state, "csv", results.csv(), effects),
            Some('t') => save(state, "txt", results.text(), effects),
            Some('q') => return Next::Close,
            _ if matches!(key.code, KeyCode::Esc | KeyCode::Enter) || key == Key::ctrl('c') => {
                return Next::Close;
            }
            _ => {}
        }
        Next::Stay
    }
}

fn save(state: &mut State, ending: &str, contents: String, effects: &mut Vec<Effect>) {
    let begun = state
        .results
        .as_ref()
        .map_or(state.now, |results| results.begun);
    let name = format!("sent-{}.{ending}", begun.strftime("%Y%m%dT%H%M%SZ"));
    let id = state.next_job();
    effects.push(Effect::Ask(Job::new(id, Ask::Save { name, contents })));
}
