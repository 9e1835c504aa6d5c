//! Sending something.

use super::{From, Send, SendRow};
use crate::acts::{Ended, Plan, Target};
use crate::app::basket::seen::package;
use crate::app::effect::Effect;
use crate::app::jobs::Purpose;
use crate::app::state::State;
use crate::domain::text::Text;
use crate::worker::protocol::{Ask, JobId};

/// Sends plans. `again` is said by whoever knows that an earlier write is open and it may be done twice.
pub(in crate::app) fn begin(
    state: &mut State,
    from: From,
    plans: Vec<Plan>,
    again: bool,
) -> Option<(JobId, Effect)> {
    if plans.is_empty() {
        return None;
    }
    let rows: Vec<SendRow> = plans.iter().filter_map(|plan| row(state, plan)).collect();
    let place = |(at, row): (usize, &SendRow)| (row.target.clone(), at);
    let at = rows.iter().enumerate().map(place).collect();
    let ask = Ask::Send {
        plans: plans.clone(),
        again,
    };
    let asked = state.jobs.ask(Purpose::Send, ask);
    let send = Send {
        job: asked.id,
        from,
        begun: state.now,
        stopping: false,
        at,
        rows,
        plans,
    };
    for row in &send.rows {
        state
            .sends
            .barred
            .retain(|plan| plan.target().as_ref() != Some(&row.target));
        state
            .sends
            .half_done
            .retain(|plan| plan.target().as_ref() != Some(&row.target));
    }
    state.sends.under_way.push(send);
    Some((asked.id, Effect::Ask(asked)))
}

fn row(state: &State, plan: &Plan) -> Option<SendRow> {
    let target = plan.target()?;
    Some(SendRow {
        kind: plan.kind()?,
        name: plan.name.to_string(),
        mail: mail(state, &target).to_string(),
        package: package(state, &target).to_string(),
        reason: plan.reason.clone(),
        ended: Ended::NotSent,
        words: String::new(),
        at: None,
        followed: false,
        target,
    })
}

/// The mail address of whom a target is.
fn mail(state: &State, target: &Target) -> Text {
    if let Some(decision) = state.basket.get(target) {
        return decision.mail.clone();
    }
    match target {
        Target::Request(id) => {
            let row = state.data.requests.get(id);
            row.map(|row| row.request.subject().mail.clone())
        }
        Target::Guest(id) => {
            let row = state.data.guests.get(id);
            row.map(|row| row.guest.address().into())
        }
        Target::Address(mail) => Some(Text::new(mail)),
        Target::Assignment(_) => None,
    }
    .unwrap_or_default()
}
