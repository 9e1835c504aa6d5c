//! A request: somebody asks for an access package, and who has decided what of it so far.

use jiff::Timestamp;

use super::id::{PackageId, PolicyId, RequestId, StageId};
use super::person::Person;
use super::policy::{Policy, PolicyStage};
use super::text::Text;
use super::word::words;

words! {
    /// What is asked for (`accessPackageRequestType`).
    RequestKind {
        /// A person asks for themselves.
        UserAdd = "userAdd",
        /// A person asks to prolong, or changes their answers.
        UserUpdate = "userUpdate",
        /// A person gives their access back.
        UserRemove = "userRemove",
        /// An administrator assigns; approvers may be asked all the same.
        AdminAdd = "adminAdd",
        /// An administrator changes an assignment.
        AdminUpdate = "adminUpdate",
        /// An administrator takes an assignment away.
        AdminRemove = "adminRemove",
        /// The service assigns by rule.
        SystemAdd = "systemAdd",
        /// The service changes by rule.
        SystemUpdate = "systemUpdate",
        /// The service takes away by rule.
        SystemRemove = "systemRemove",
        /// A person asks for somebody else.
        OnBehalfAdd = "onBehalfAdd",
        /// An approver took back what they had approved.
        ApproverRemove = "approverRemove",
    }
}

impl RequestKind {
    /// What is wanted, where it is not what is usual, that somebody asks for access of their own.
    pub fn notable(&self) -> Option<String> {
        Some(match self {
            Self::UserAdd => return None,
            Self::Other(word) if word.is_empty() => return None,
            Self::UserUpdate => "to prolong what they have, or to change their answers".into(),
            Self::UserRemove => "to give their access back".into(),
            Self::AdminAdd => "assigned by an administrator".into(),
            Self::AdminUpdate => "changed by an administrator".into(),
            Self::AdminRemove => "taken away by an administrator".into(),
            Self::SystemAdd => "assigned by a rule of the service".into(),
            Self::SystemUpdate => "changed by a rule of the service".into(),
            Self::SystemRemove => "taken away by a rule of the service".into(),
            Self::OnBehalfAdd => "asked for by somebody else, on their behalf".into(),
            Self::ApproverRemove => "taken back by an approver".into(),
            Self::Other(word) => format!("of a kind this program does not know ({word})"),
        })
    }
}

words! {
    /// Where a request stands (`accessPackageRequestState`). There is no "approved" and no "expired":
    /// an approved request is delivering or delivered, an expired one is denied.
    RequestState {
        /// Arrived, not yet looked at by the service.
        Submitted = "submitted",
        /// Waits for an approver.
        PendingApproval = "pendingApproval",
        /// Approved; the service is handing out the access.
        Delivering = "delivering",
        /// The access is there.
        Delivered = "delivered",
        /// Nothing of the access could be handed out.
        DeliveryFailed = "deliveryFailed",
        /// An approver said no, or nobody decided in time.
        Denied = "denied",
        /// Approved for a day to come.
        Scheduled = "scheduled",
        /// Taken back.
        Canceled = "canceled",
        /// Part of the access is there.
        PartiallyDelivered = "partiallyDelivered",
    }
}

words! {
    /// Where a stage stands (`approvalStage.status`).
    StageStatus {
        /// The stage before it is not decided yet.
        Initializing = "Initializing",
        /// Waits for one of its approvers.
        InProgress = "InProgress",
        /// Decided.
        Completed = "Completed",
        /// Nobody decided in time.
        Expired = "Expired",
    }
}

words! {
    /// What a stage's approver said, as it reads back (`approvalStage.reviewResult`).
    ReviewResult {
        /// Nothing yet.
        NotReviewed = "NotReviewed",
        /// Yes. Sent as `Approve`, read back as `Approved` (approvalstage-update).
        Approved = "Approved",
        /// No. Sent as `Deny`, read back as `Denied`.
        Denied = "Denied",
    }
}

/// One question of the policy with the answer given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionAnswer {
    /// The question's text.
    pub question: Text,
    /// The answer as shown to people.
    pub answer: Text,
    /// What Graph keeps for it, where that is something else: a choice's inner value (accesspackageanswerchoice).
    pub inner: Text,
}

impl QuestionAnswer {
    /// The answer, with what Graph keeps for it beside it.
    pub fn shown(&self) -> String {
        match self.inner.as_str() {
            "" => self.answer.to_string(),
            inner => format!("{} ({inner})", self.answer),
        }
    }

    /// The answer as it was given, whether or not its words are known.
    pub fn sent(&self) -> &str {
        self.inner.or(&self.answer)
    }
}

/// One stage of a request's approval (`approvalStage`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// For the PATCH that decides it. Never kept for a later stage.
    pub id: StageId,
    /// Where it stands.
    pub status: StageStatus,
    /// The verdict so far.
    pub result: ReviewResult,
    /// Whether the signed-in person may decide it (`assignedToMe`).
    pub mine: bool,
    /// Who decided; empty until somebody has.
    pub reviewer: Text,
    /// When it was decided.
    pub reviewed: Option<Timestamp>,
    /// The approver's words.
    pub justification: Text,
}

/// A request and all that is known of its way so far (`accessPackageAssignmentRequest`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id, which is its approval's too.
    pub id: RequestId,
    /// What is asked.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// The service's finer word for it, free text.
    pub status: Text,
    /// When it arrived.
    pub created: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Why they ask, in their words.
    pub justification: Text,
    /// Who asks, or whom an administrator assigns (accesspackageassignmentrequest).
    pub requestor: Person,
    /// Who gets the access, where that is not who asks; known of nothing where Graph does not name them.
    pub target: Option<Person>,
    /// The package asked for.
    pub package: Option<PackageId>,
    /// The package's name as the request carries it.
    pub package_name: Text,
    /// The policy that governs it, where Graph says so; a pending request may not carry its assignment.
    pub policy: Option<PolicyId>,
    /// Until when access is asked for, where the person chose.
    pub until: Option<Timestamp>,
    /// The policy's questions, answered.
    pub answers: Vec<QuestionAnswer>,
    /// The approval's stages, in order; `None` until they were read.
    pub stages: Option<Vec<Stage>>,
}

impl Request {
    /// Whom it is about: who gets the access, or loses it.
    pub fn subject(&self) -> &Person {
        self.target.as_ref().unwrap_or(&self.requestor)
    }

    /// Who asks, where that is somebody else than the [`Request::subject`].
    pub fn asks_for_another(&self) -> Option<&Person> {
        self.target.as_ref().map(|_| &self.requestor)
    }

    /// Whether it waits for an approver.
    pub fn pending(&self) -> bool {
        self.state == RequestState::PendingApproval
    }

    /// The stage that waits for a verdict, with its number from 1.
    pub fn current_stage(&self) -> Option<(usize, &Stage)> {
        let stages = self.stages.as_deref()?;
        stages
            .iter()
            .enumerate()
            .find(|(_, stage)| stage.status == StageStatus::InProgress)
            .map(|(index, stage)| (index + 1, stage))
    }

    /// Whether the signed-in person may decide it now.
    pub fn mine(&self) -> bool {
        self.pending() && self.current_stage().is_some_and(|(_, stage)| stage.mine)
    }

    /// When somebody decided it, as well as that can be told: the stages say it, else the end does. Nobody
    /// decides what an administrator or the service assigns, or what is given back.
    pub fn decided(&self) -> Option<Timestamp> {
        let asked = !matches!(
            self.kind,
            RequestKind::UserRemove
                | RequestKind::AdminAdd
                | RequestKind::AdminUpdate
                | RequestKind::AdminRemove
                | RequestKind::SystemAdd
                | RequestKind::SystemUpdate
                | RequestKind::SystemRemove
        );
        let open = matches!(
            self.state,
            RequestState::Submitted | RequestState::PendingApproval | RequestState::Canceled
        );
        let stages = self.stages.iter().flatten();
        let reviewed = stages.filter_map(|stage| stage.reviewed).max();
        if !asked || open {
            return reviewed.filter(|_| !open);
        }
        reviewed.or(self.completed).or(match self.state {
            // What is being delivered has not ended, and was decided a short while ago.
            RequestState::Delivering => Some(Timestamp::MAX),
            _ => None,
        })
    }

    /// How many stages there are. The approval says it; the policy does before the approval was read, and may have
    /// been another when this was asked.
    pub fn stage_count(&self, policy: Option<&Policy>) -> usize {
        match self.stages.as_deref() {
            Some([_, ..]) => self.stages.as_ref().map_or(0, Vec::len),
            Some([]) | None => policy.map_or(0, |policy| policy.stages.len()),
        }
    }

    /// What the policy says of a stage, by its number from 1. Where the approval has more stages than the policy, the
    /// service has put its own in front, of which the policy says nothing
    /// (entitlement-management-configure-risk-approvals).
    pub fn stage_rules<'p>(&self, policy: &'p Policy, number: usize) -> Option<&'p PolicyStage> {
        if number > self.stage_count(Some(policy)) {
            return None;
        }
        let own = self.stage_count(None).saturating_sub(policy.stages.len());
        policy.stages.get(number.checked_sub(own + 1)?)
    }

    /// When the current stage began to wait: at the previous stage's verdict, or when the request came.
    pub fn waiting_since(&self) -> Option<Timestamp> {
        let decided = |stages: &[Stage]| stages.iter().filter_map(|stage| stage.reviewed).max();
        self.stages.as_deref().and_then(decided).or(self.created)
    }

    /// When the service will deny it by itself (`durationBeforeAutomaticDenial` of the current stage's
    /// policy). `None` where the policy is not known or sets no such time.
    pub fn denial_at(&self, policy: Option<&Policy>) -> Option<Timestamp> {
        if !self.pending() {
            return None;
        }
        let number = self.current_stage().map_or(1, |(number, _)| number);
        let period = self.stage_rules(policy?, number)?.deny_after?;
        self.waiting_since()?.checked_add(period).ok()
    }
}
