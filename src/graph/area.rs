//! Areas: what Graph throttles together (throttling-limits). A pause that one call is asked for holds for all
//! others to the same area, since rejected calls count against the limit too.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::call::{Call, CallPlace, Response};
use super::read::Say;
use super::transport::Client;
use crate::domain::problem::{Problem, ProblemKind};

/// A part of Graph with limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThrottledArea {
    /// Users, groups, the organization: identity and access.
    Directory,
    /// The invitation manager: 150 calls in 5 s for the whole tenant.
    Invitations,
    /// Entitlement management and access reviews.
    Entitlement,
    /// Audit logs and sign-ins: 5 calls in 10 s.
    Reports,
    /// Identity providers and user flows.
    UserFlows,
    /// Mail.
    Mail,
}

/// How many there are.
const AREAS: usize = 6;

impl ThrottledArea {
    /// The area a path below the version belongs to.
    fn of(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let mut next = || segments.next().unwrap_or_default().to_ascii_lowercase();
        match next().as_str() {
            "invitations" => Self::Invitations,
            "identitygovernance" => Self::Entitlement,
            "auditlogs" | "reports" => Self::Reports,
            "identity" => Self::UserFlows,
            "me" if next() == "sendmail" => Self::Mail,
            "users" if !next().is_empty() && next() == "sendmail" => Self::Mail,
            _ => Self::Directory,
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// Some areas: those of one call, or of all calls in a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas([bool; AREAS]);

impl Areas {
    /// The areas that calls go to.
    pub fn of<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Self {
        let mut areas = Self::default();
        for call in calls {
            areas.0[call.area().index()] = true;
        }
        areas
    }
}

impl From<ThrottledArea> for Areas {
    fn from(area: ThrottledArea) -> Self {
        let mut areas = Self::default();
        areas.0[area.index()] = true;
        areas
    }
}

impl Call {
    /// The area it goes to.
    pub fn area(&self) -> ThrottledArea {
        match &self.place {
            CallPlace::Path(path) | CallPlace::Beta(path) => ThrottledArea::of(path),
            // The version is the path's first segment, after what a base address may put before it.
            CallPlace::Link(link) => {
                let path = link.path();
                ThrottledArea::of(path.split_once("/v1.0").map_or(path, |(_, rest)| rest))
            }
        }
    }
}

impl Client {
    /// Waits until `areas` may be called, and says so.
    ///
    /// # Errors
    /// [`ProblemKind::Throttled`] where that is longer than anybody would wait.
    pub async fn pass(&self, areas: Areas, say: Say<'_>) -> Result<(), Problem> {
        let mut waited = Duration::ZERO;
        while let Some(left) = self.pauses().left(areas) {
            let mut problem = Problem::new(
                ProblemKind::Throttled,
                format!("Graph asks us to wait {} s", left.as_secs_f64().ceil()),
                "Try again after that",
            );
            waited += left;
            if waited > self.patience().overall {
                problem.retry_after = Some(left);
                return Err(problem);
            }
            self.wait(left, &problem, say).await;
        }
        Ok(())
    }

    /// Leaves `areas` alone for as long as an answer asks.
    pub(super) fn heed(&self, areas: Areas, answer: &Response) {
        if let (429 | 500..=599, Some(pause)) = (answer.status, answer.retry_after) {
            self.pauses().hold(areas, pause);
        }
    }

    /// Leaves `areas` alone for a pause of ours, where Graph asked for one and did not say how long.
    pub fn hold(&self, areas: impl Into<Areas>, problem: &Problem, pause: Duration) {
        if problem.kind == ProblemKind::Throttled && problem.retry_after.is_none() {
            self.pauses().hold(areas.into(), pause);
        }
    }
}

/// Until when each area wants to be left alone. Shared by all clones of a client.
#[derive(Clone, Default)]
pub(super) struct Pauses(Arc<Mutex<[Option<Instant>; AREAS]>>);

impl Pauses {
    /// Leaves `areas` alone for so long from now; a longer pause that holds already goes on.
    pub(super) fn hold(&self, areas: Areas, pause: Duration) {
        let until = Instant::now() + pause;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (held, _) in all.iter_mut().zip(areas.0).filter(|(_, on)| *on) {
            *held = Some(held.map_or(until, |held| held.max(until)));
        }
    }

    /// How long one of `areas` still wants to be left alone.
    pub(super) fn left(&self, areas: Areas) -> Option<Duration> {
        let now = Instant::now();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.iter().zip(areas.0).filter(|(_, on)| *on);
        let until = held.filter_map(|(held, _)| *held).max()?;
        (until > now).then(|| until - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_area() {
        for (path, area) in [
            ("/users?$filter=mail eq 'a/b'", ThrottledArea::Directory),
            ("/me", ThrottledArea::Directory),
            (
                "/directory/deletedItems/1/restore",
                ThrottledArea::Directory,
            ),
            ("/invitations", ThrottledArea::Invitations),
            (
                "/identityGovernance/entitlementManagement/assignments",
                ThrottledArea::Entitlement,
            ),
            ("/auditLogs/directoryAudits", ThrottledArea::Reports),
            ("/identity/b2xUserFlows", ThrottledArea::UserFlows),
            ("/users/1/sendMail", ThrottledArea::Mail),
            ("/me/sendMail", ThrottledArea::Mail),
        ] {
            assert_eq!(Call::get(path).area(), area, "{path}");
        }
        let link = "https://graph.example/prefix/v1.0/invitations?$skiptoken=/v1.0/users";
        let call = Call::follow(link.parse().unwrap(), false);
        assert_eq!(call.area(), ThrottledArea::Invitations);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_the_area_s_and_only_grows() {
        let pauses = Pauses::default();
        let (users, invitations) = (
            ThrottledArea::Directory.into(),
            ThrottledArea::Invitations.into(),
        );
        pauses.hold(users, Duration::from_secs(8));
        pauses.hold(users, Duration::from_secs(2));
        assert_eq!(pauses.left(users), Some(Duration::from_secs(8)));
        assert_eq!(pauses.left(invitations), None);
        let both = Areas::of(&[Call::get("/users"), Call::act("/invitations")]);
        assert_eq!(pauses.clone().left(both), Some(Duration::from_secs(8)));
        tokio::time::sleep(Duration::from_secs(8)).await;
        assert_eq!(pauses.left(both), None);
    }
}
