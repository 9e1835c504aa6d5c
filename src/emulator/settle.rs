//! What the service does by itself as time passes. Nothing runs in the background: before each answer the emulator
//! catches up with its clock, so that the same calls at the same times always find the same tenant.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::assignments::AssignmentStanding;
use super::fate::{DeliveryFate, FateEnd};
use super::ids;
use super::packages::ResourceTarget;
use super::policies::AssignmentPolicy;
use super::requests::{AccessPackageSubject, AssignmentRequest, RequestState, StageProgress};
use super::users::{AppRoleAssignment, DirectoryUser, GUEST_TYPE, Redemption};
use super::world::TenantWorld;

/// Deleted users can be restored for so long (`directory-deleteditems-restore.md`).
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl TenantWorld {
    /// Catches up with the clock.
    pub(super) fn settle(&mut self) {
        let now = self.clock.now();
        self.settle_at(now);
    }

    /// Catches up with a time: the clock's, or that of a line that is done again.
    pub(super) fn settle_at(&mut self, now: Timestamp) {
        self.clock.reach(now);
        self.now = now;
        // In the order of what happened first, so that looking often or seldom makes no difference.
        loop {
            let step = self.next_step();
            let expiry = self.next_expiry.filter(|expiry| *expiry <= now);
            match (step, expiry) {
                (Some((at, id)), expiry) if expiry.is_none_or(|expiry| at <= expiry) => {
                    self.step(id, at);
                }
                (_, Some(expiry)) => self.expire(expiry),
                _ => break,
            }
        }
    }

    /// A request will be delivered so, from now on.
    pub(super) fn destine(&mut self, request: Uuid, fate: &DeliveryFate) {
        if let Some(request) = self.requests.get_mut(request) {
            // What waits for a stage, or has just been made, is late once it is delivered.
            if request.state == RequestState::Delivering {
                request.ready = request.ready.map(|ready| ready + fate.late());
            }
            request.fate = Some(fate.clone());
        }
    }

    fn next_step(&self) -> Option<(Timestamp, Uuid)> {
        self.requests
            .iter()
            .filter_map(|request| Some((due(request)?, request.id)))
            .filter(|(at, _)| *at <= self.now)
            .min_by_key(|(at, _)| *at)
    }

    fn step(&mut self, id: Uuid, at: Timestamp) {
        let Some(request) = self.requests.get_mut(id) else {
            return;
        };
        match request.state {
            RequestState::PendingApproval => {
                if let Some(stage) = request.in_progress() {
                    request.stages[stage].progress = StageProgress::Expired;
                }
                request.finish(RequestState::Denied, at);
            }
            RequestState::Submitted if !request.stages.is_empty() => {
                request.state = RequestState::PendingApproval;
                request.ready = None;
                request.stages[0].progress = StageProgress::Running { since: at };
            }
            RequestState::Submitted | RequestState::Scheduled => {
                request.state = RequestState::Delivering;
                if let Some(fate) = &request.fate {
                    request.ready = Some(at + fate.late());
                }
            }
            RequestState::Delivering if request.kind == "adminRemove" => self.remove(id, at),
            RequestState::Delivering => self.deliver(id, at),
            _ => request.ready = None,
        }
    }

    /// Makes the guest if there is none, gives what the package gives, and starts the assignment.
    fn deliver(&mut self, id: Uuid, at: Timestamp) {
        let Some(request) = self.requests.get(id).cloned() else {
            return;
        };
        let user = request
            .requestor
            .user
            .and_then(|user| self.user(user))
            .or_else(|| self.user_by_address(&request.requestor.email));
        // Someone who cannot sign in cannot be given anything (entitlement-management-external-users.md).
        let blocked = user.is_some_and(|user| !user.enabled);
        let user = match user.map(|user| user.id) {
            Some(user) => user,
            // Such a person is not invited (entitlement-management-external-users.md).
            None if self.borders.keep_out(&request.requestor) => {
                if let Some(assignment) = self.assignments.get_mut(request.assignment) {
                    assignment.standing = AssignmentStanding::DeliveryFailed;
                }
                if let Some(request) = self.requests.get_mut(id) {
                    request.finish(RequestState::DeliveryFailed, at);
                }
                return;
            }
            None => self.bring_in(&request, at),
        };
        let subject = self
            .user(user)
            .map(|user| AccessPackageSubject::of(user, self));
        let ends = self
            .policies
            .get(request.policy)
            .and_then(AssignmentPolicy::lasts)
            .map(|lasts| at + lasts);
        let end = match &request.fate {
            _ if blocked => FateEnd::Failed,
            Some(fate) => fate.end,
            None => FateEnd::Delivered,
        };
        if end != FateEnd::Failed {
            self.grant(user, request.package, at);
        }
        if let Some(assignment) = self.assignments.get_mut(request.assignment) {
            if let Some(subject) = &subject {
                assignment.target.user = subject.user;
                assignment.target.principal.clone_from(&subject.principal);
            }
            assignment.standing = match end {
                FateEnd::Failed => AssignmentStanding::DeliveryFailed,
                FateEnd::Partly => AssignmentStanding::PartiallyDelivered,
                FateEnd::Delivered => AssignmentStanding::Delivered,
            };
            if end != FateEnd::Failed {
                assignment.starts = Some(at);
                assignment.ends = ends;
                self.next_expiry = self.next_expiry.into_iter().chain(ends).min();
            }
        }
        if let Some(request) = self.requests.get_mut(id) {
            if let Some(subject) = subject {
                request.requestor.user = subject.user;
                request.requestor.principal = subject.principal;
            }
            let state = match end {
                FateEnd::Failed => RequestState::DeliveryFailed,
                FateEnd::Partly => RequestState::PartiallyDelivered,
                FateEnd::Delivered => RequestState::Delivered,
            };
            request.finish(state, at);
        }
    }

    /// A guest made by entitlement management: no mail is sent, they redeem by signing in.
    fn bring_in(&mut self, request: &AssignmentRequest, at: Timestamp) -> Uuid {
        // The service does not keep two users of one name apart by itself; their principal names do.
        let id = ids::derived("guest", request.id);
        let user = DirectoryUser {
            id,
            display_name: request.requestor.name.clone(),
            upn: self.guest_name(&request.requestor.email),
            mail: Some(request.requestor.email.clone()),
            other_mails: vec![request.requestor.email.clone()],
            user_type: Some(GUEST_TYPE),
            governed: true,
            enabled: true,
            created: at,
            creation: Some("Invitation"),
            redemption: Some(Redemption {
                accepted: false,
                since: at,
            }),
            ..DirectoryUser::default()
        };
        self.users.push(user);
        id
    }

    /// `ada_fabrikam.com#EXT#@contoso.onmicrosoft.com`
    pub(super) fn guest_name(&self, email: &str) -> String {
        format!(
            "{}#EXT#@{}",
            email.replace('@', "_"),
            self.tenant.initial_domain
        )
    }

    /// Puts a user into what a package gives.
    pub(super) fn grant(&mut self, user: Uuid, package: Uuid, at: Timestamp) {
        let targets = self.targets(package);
        for target in targets {
            let application = match target {
                ResourceTarget::Application(id, _) => self
                    .applications
                    .get(id)
                    .map(|app| app.display_name.clone()),
                _ => None,
            };
            let Some(user) = self.users.get_mut(user) else {
                return;
            };
            match target {
                ResourceTarget::Group(group) if !user.groups.contains(&group) => {
                    user.groups.push(group);
                }
                ResourceTarget::Application(id, role)
                    if user.grants.iter().all(|grant| grant.application != id) =>
                {
                    let grant = AppRoleAssignment {
                        id: ids::derived("grant", user.id).simple().to_string(),
                        principal: user.id,
                        principal_name: user.display_name.clone(),
                        application: id,
                        application_name: application.unwrap_or_default(),
                        role,
                        created: at,
                    };
                    user.grants.push(grant);
                }
                _ => {}
            }
        }
    }

    fn targets(&self, package: Uuid) -> Vec<ResourceTarget> {
        let package = self.packages.get(package);
        package.map_or_else(Vec::new, |package| {
            package.gives.iter().map(|scope| scope.target).collect()
        })
    }

    fn remove(&mut self, id: Uuid, at: Timestamp) {
        let assignment = self.requests.get(id).map(|request| request.assignment);
        if let Some(assignment) = assignment {
            self.end(assignment, at);
        }
        if let Some(request) = self.requests.get_mut(id) {
            request.finish(RequestState::Delivered, at);
        }
    }

    /// Ends the assignments that run out at a time.
    fn expire(&mut self, at: Timestamp) {
        let over: Vec<(Uuid, Timestamp)> = self
            .assignments
            .iter()
            .filter(|assignment| assignment.holds())
            .filter_map(|assignment| Some((assignment.id, assignment.ends?)))
            .filter(|(_, ends)| *ends <= at)
            .collect();
        for (id, ends) in over {
            self.end(id, ends);
        }
        self.next_expiry = self
            .assignments
            .iter()
            .filter(|assignment| assignment.holds())
            .filter_map(|assignment| assignment.ends)
            .min();
    }

    /// Ends an assignment and takes away what no other assignment of the same person gives.
    fn end(&mut self, id: Uuid, at: Timestamp) {
        let Some(assignment) = self.assignments.get_mut(id) else {
            return;
        };
        assignment.standing = AssignmentStanding::Expired;
        assignment.expired = Some(at);
        let (package, target) = (assignment.package, assignment.target.user);
        let kept: Vec<ResourceTarget> = self
            .assignments
            .iter()
            .filter(|other| other.holds() && other.target.user == target)
            .flat_map(|other| self.targets(other.package))
            .collect();
        let lost: Vec<ResourceTarget> = self
            .targets(package)
            .into_iter()
            .filter(|lost| !kept.contains(lost))
            .collect();
        let Some(user) = target.and_then(|user| self.users.get_mut(user)) else {
            return;
        };
        user.groups
            .retain(|group| !lost.contains(&ResourceTarget::Group(*group)));
        user.grants.retain(|grant| {
            !lost.contains(&ResourceTarget::Application(grant.application, grant.role))
        });
    }
}

/// When the service does something with a request by itself.
fn due(request: &AssignmentRequest) -> Option<Timestamp> {
    if request.completed.is_some() {
        return None;
    }
    match request.state {
        RequestState::PendingApproval => {
            let stage = &request.stages[request.in_progress()?];
            match stage.progress {
                StageProgress::Running { since } => Some(since + stage.rule.time_out),
                _ => None,
            }
        }
        _ => request.ready,
    }
}

impl AccessPackageSubject {
    pub(super) fn of(user: &DirectoryUser, world: &TenantWorld) -> Self {
        let email = user.mail.clone().unwrap_or_else(|| user.upn.clone());
        Self {
            id: ids::derived("subject", user.id),
            user: Some(user.id),
            name: user.display_name.clone(),
            organization: world.organization_of(&email),
            email,
            principal: Some(user.upn.clone()),
            lifecycle: if user.governed {
                "governed"
            } else {
                "notGoverned"
            },
        }
    }
}
