//! What can still be done with a request as it stands, besides deciding it: cancel it, have its delivery tried
//! again, remove its record. Graph has the last word; this is what its documentation says.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::request::{Request, RequestState};

/// How long after it ended a delivery can be tried again (accesspackageassignmentrequest-reprocess).
pub const REPROCESS_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The words of `status` in which a request can be cancelled (accesspackageassignmentrequest-cancel).
const CANCELABLE: [&str; 4] = [
    "accepted",
    "pendingApproval",
    "pendingNotBefore",
    "pendingApprovalEscalated",
];

/// Why something cannot be done with a request now. Displays as a clause: `it is delivered`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// It stands where that is not possible.
    Stands(RequestState),
    /// It was possible until then.
    Late(Timestamp),
}

impl fmt::Display for NotNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stands(state) => write!(f, "it {}", standing(state)),
            Self::Late(until) => write!(
                f,
                "Graph allows it for 14 days after the delivery failed, and those ended on {}",
                until.strftime("%-d %b %Y")
            ),
        }
    }
}

/// Where a request stands, as the end of a sentence: `waits for approval`.
pub fn standing(state: &RequestState) -> String {
    match state {
        RequestState::Submitted => "has just been made".into(),
        RequestState::PendingApproval => "waits for approval".into(),
        RequestState::Delivering => "is being delivered".into(),
        RequestState::Delivered => "is delivered".into(),
        RequestState::DeliveryFailed => "could not be delivered".into(),
        RequestState::Denied => "was denied".into(),
        RequestState::Scheduled => "is approved for a day to come".into(),
        RequestState::Canceled => "was cancelled".into(),
        RequestState::PartiallyDelivered => "is delivered in part".into(),
        RequestState::Other(word) => format!("is in the state {}", word.or("(none)")),
    }
}

impl Request {
    /// Whether it can be cancelled: only what has not begun to be delivered, and has not ended
    /// (accesspackageassignmentrequest-cancel).
    ///
    /// # Errors
    /// Why not.
    pub fn may_cancel(&self) -> Result<(), NotNow> {
        let status = || {
            let mut words = CANCELABLE.iter();
            words.any(|word| self.status.eq_ignore_ascii_case(word))
        };
        match &self.state {
            RequestState::Submitted | RequestState::PendingApproval | RequestState::Scheduled => {
                Ok(())
            }
            RequestState::Other(_) if status() => Ok(()),
            state => Err(NotNow::Stands(state.clone())),
        }
    }

    /// Whether its delivery can be tried again at `now`, and until when; `None` where that is not known
    /// (accesspackageassignmentrequest-reprocess).
    ///
    /// # Errors
    /// Why not.
    pub fn may_reprocess(&self, now: Timestamp) -> Result<Option<Timestamp>, NotNow> {
        match &self.state {
            RequestState::DeliveryFailed | RequestState::PartiallyDelivered => {}
            state => return Err(NotNow::Stands(state.clone())),
        }
        let until = self
            .completed
            .and_then(|completed| completed.checked_add(REPROCESS_FOR).ok());
        match until {
            Some(until) if until <= now => Err(NotNow::Late(until)),
            until => Ok(until),
        }
    }

    /// Whether its record can be removed: only a request that has ended. One that led to an assignment Graph
    /// keeps all the same, and says so (accesspackageassignmentrequest-delete).
    ///
    /// # Errors
    /// Why not.
    pub fn may_remove(&self) -> Result<(), NotNow> {
        match &self.state {
            RequestState::Denied
            | RequestState::Canceled
            | RequestState::Delivered
            | RequestState::DeliveryFailed
            | RequestState::PartiallyDelivered => Ok(()),
            state => Err(NotNow::Stands(state.clone())),
        }
    }

    /// What can be done with it at `now` besides deciding it, by the commands' names, and until when; `clock` words
    /// a time. That a record can be removed is said only where no assignment can stand in the way.
    pub fn possible(&self, now: Timestamp, clock: impl Fn(Timestamp) -> String) -> String {
        let reprocess = match self.may_reprocess(now) {
            Ok(Some(until)) => Some(format!("reprocess until {}", clock(until))),
            Ok(None) => Some("reprocess".to_owned()),
            Err(_) => None,
        };
        let cancel = self.may_cancel().is_ok().then(|| "cancel".to_owned());
        let gave_nothing = matches!(self.state, RequestState::Denied | RequestState::Canceled);
        let remove = gave_nothing.then(|| "remove".to_owned());
        let all: Vec<String> = [cancel, reprocess, remove].into_iter().flatten().collect();
        all.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RequestId;
    use crate::domain::person::Person;
    use crate::domain::request::RequestKind;
    use crate::domain::text::Text;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn request(state: RequestState, days_ago: i64) -> Request {
        Request {
            id: RequestId::new("r").unwrap(),
            kind: RequestKind::UserAdd,
            state,
            status: Text::default(),
            created: None,
            completed: Some(NOW - SignedDuration::from_hours(24 * days_ago)),
            justification: Text::default(),
            requestor: Person::default(),
            target: None,
            package: None,
            package_name: Text::default(),
            policy: None,
            until: None,
            answers: Vec::new(),
            stages: None,
        }
    }

    #[test]
    fn each_state_allows_what_graph_documents() {
        use RequestState as S;
        for (state, cancel, reprocess, remove) in [
            (S::Submitted, true, false, false),
            (S::PendingApproval, true, false, false),
            (S::Scheduled, true, false, false),
            (S::Delivering, false, false, false),
            (S::Delivered, false, false, true),
            (S::DeliveryFailed, false, true, true),
            (S::PartiallyDelivered, false, true, true),
            (S::Denied, false, false, true),
            (S::Canceled, false, false, true),
            (S::Other("waiting".into()), false, false, false),
        ] {
            let one = request(state.clone(), 1);
            let may = (
                one.may_cancel().is_ok(),
                one.may_reprocess(NOW).is_ok(),
                one.may_remove().is_ok(),
            );
            assert_eq!(may, (cancel, reprocess, remove), "{state}");
        }
        let mut odd = request(S::Other("escalated".into()), 0);
        odd.status = "PendingApprovalEscalated".into();
        assert_eq!(odd.may_cancel(), Ok(()));
    }

    #[test]
    fn a_delivery_can_be_tried_again_for_fourteen_days() {
        let failed = |days| request(RequestState::DeliveryFailed, days);
        let until = NOW + SignedDuration::from_hours(24 * 4);
        assert_eq!(failed(10).may_reprocess(NOW), Ok(Some(until)));
        assert!(matches!(failed(14).may_reprocess(NOW), Err(NotNow::Late(at)) if at == NOW));
        let why = failed(20).may_reprocess(NOW).unwrap_err().to_string();
        assert!(why.contains("14 days") && why.contains("2026"), "{why}");
        let mut endless = failed(20);
        endless.completed = None;
        assert_eq!(endless.may_reprocess(NOW), Ok(None));
        let clock = |at: Timestamp| at.strftime("%-d %b").to_string();
        let words = failed(10).possible(NOW, clock);
        assert_eq!(words, "reprocess until 25 Sep");
        assert_eq!(endless.possible(NOW, clock), "reprocess");
        assert_eq!(failed(20).possible(NOW, clock), "");
        let denied = request(RequestState::Denied, 1);
        assert_eq!(denied.possible(NOW, clock), "remove");
        let waits = request(RequestState::PendingApproval, 1);
        assert_eq!(waits.possible(NOW, clock), "cancel");
    }
}
