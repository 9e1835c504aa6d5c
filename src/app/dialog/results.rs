//! How the last send ended, row by row: to read, copy or save.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moved, moves, row};
use crate::app::effect::Effect;
use crate::app::jobs::Purpose;
use crate::app::state::{Grade, State};
use crate::domain::invitation::Secret;
use crate::worker::protocol::Ask;

/// The open list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShownResults {
    /// First row shown.
    pub scroll: usize,
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum ResultsKey {
    Close,
    Copy,
    SaveCsv,
    SaveText,
    Move,
}

impl Keyed for ShownResults {
    type Means = ResultsKey;

    fn table(&self, _: &State) -> Vec<DialogKey<ResultsKey>> {
        vec![
            row(keys::CLOSE, ResultsKey::Close)
                .footer("close")
                .safe("Close"),
            row(&["y"], ResultsKey::Copy).both("copy"),
            row(&["c"], ResultsKey::SaveCsv).both("save as CSV"),
            row(&["t"], ResultsKey::SaveText).both("save as text"),
            moves(ResultsKey::Move).footer("scroll"),
        ]
    }

    fn does(
        &mut self,
        means: ResultsKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        let Some(results) = state.sends.newest() else {
            return Next::Close;
        };
        match means {
            ResultsKey::Close => return Next::Close,
            ResultsKey::Copy => {
                let count = results.rows.len();
                effects.push(Effect::Copy(Secret::new(&results.text())));
                state.say(Grade::Good, format!("Copied {count} rows as text"));
            }
            ResultsKey::SaveCsv => save(state, "csv", results.csv(), effects),
            ResultsKey::SaveText => save(state, "txt", results.text(), effects),
            ResultsKey::Move => {
                let last = results.rows.len().saturating_sub(1);
                self.scroll = moved(self.scroll, key, last);
            }
        }
        Next::Stay
    }
}

fn save(state: &mut State, ending: &str, contents: String, effects: &mut Vec<Effect>) {
    let begun = state.sends.newest().map_or(state.now, |send| send.begun);
    let name = format!("sent-{}.{ending}", begun.strftime("%Y%m%dT%H%M%SZ"));
    effects.push(state.ask(Purpose::Save, Ask::Save { name, contents }));
}
