//! Assignment policies: who may ask for a package, who approves, how long it lasts.

use jiff::{SignedDuration, Timestamp};

use super::id::{CatalogId, OrganizationId, PackageId, PolicyId, UserId};
use super::text::Text;
use super::time;
use super::word::words;

words! {
    /// Who may ask (`allowedTargetScope`).
    Scope {
        /// Nobody; an administrator assigns.
        NotSpecified = "notSpecified",
        /// Named users and groups of the directory.
        SpecificUsers = "specificDirectoryUsers",
        /// People of named connected organizations.
        SpecificOrganizations = "specificConnectedOrganizationUsers",
        /// Named service principals.
        SpecificServicePrincipals = "specificDirectoryServicePrincipals",
        /// All members, no guests.
        AllMembers = "allMemberUsers",
        /// Everybody in the directory, guests too.
        AllDirectoryUsers = "allDirectoryUsers",
        /// All service principals.
        AllServicePrincipals = "allDirectoryServicePrincipals",
        /// People of every configured connected organization.
        AllConfiguredOrganizations = "allConfiguredConnectedOrganizationUsers",
        /// Anybody from outside; an unknown organization becomes a proposed one.
        AllExternal = "allExternalUsers",
    }
}

impl Scope {
    /// Short, for a row.
    pub fn short(&self) -> &str {
        match self {
            Self::NotSpecified => "assigned by admins only",
            Self::SpecificUsers => "named users",
            Self::SpecificOrganizations => "named organizations",
            Self::SpecificServicePrincipals | Self::AllServicePrincipals => "service principals",
            Self::AllMembers => "all members",
            Self::AllDirectoryUsers => "all users and guests",
            Self::AllConfiguredOrganizations => "configured organizations",
            Self::AllExternal => "any external user",
            Self::Other(word) => word.or("unknown scope"),
        }
    }

    /// Whether people from outside can ask under it.
    pub fn external(&self) -> bool {
        matches!(
            self,
            Self::SpecificOrganizations | Self::AllConfiguredOrganizations | Self::AllExternal
        )
    }
}

/// Somebody a policy names: as one who may ask, or as an approver (`subjectSet` and its kinds).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSet {
    /// One user, with the name the policy carries.
    User {
        /// The user object.
        id: Option<UserId>,
        /// The policy's `description` of them, usually the display name.
        name: Text,
    },
    /// The members of a group.
    Group {
        /// The policy's `description` of it.
        name: Text,
    },
    /// The people of a connected organization.
    Organization {
        /// Its id.
        id: Option<OrganizationId>,
        /// The policy's `description` of it.
        name: Text,
    },
    /// The requestor's manager.
    Manager,
    /// Our own people who look after the requestor's organization.
    InternalSponsors,
    /// Their people who look after it.
    ExternalSponsors,
    /// The sponsors of the guest account.
    TargetSponsors,
    /// A kind this version does not know: its type's name.
    Other(Text),
}

impl SubjectSet {
    /// Who that is, in words.
    pub fn words(&self) -> String {
        match self {
            Self::User { name, .. } => name.or("a named user").to_string(),
            Self::Group { name } => format!("the group {}", name.or("(unnamed)")),
            Self::Organization { name, .. } => name.or("a connected organization").to_string(),
            Self::Manager => "the requestor's manager".into(),
            Self::InternalSponsors => "the organization's internal sponsors".into(),
            Self::ExternalSponsors => "the organization's external sponsors".into(),
            Self::TargetSponsors => "the guest's sponsors".into(),
            Self::Other(word) => word.or("somebody else").to_string(),
        }
    }
}

/// One stage a request must pass (`accessPackageApprovalStage`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyStage {
    /// After this the service denies by itself (`durationBeforeAutomaticDenial`).
    pub deny_after: Option<SignedDuration>,
    /// The approver must give a reason, also to approve.
    pub justification_required: bool,
    /// Who may decide.
    pub approvers: Vec<SubjectSet>,
    /// Who may decide when those cannot be found.
    pub fallback: Vec<SubjectSet>,
    /// Who may decide too after `escalate_after`.
    pub escalation: Vec<SubjectSet>,
    /// When the escalation approvers are asked; `None` where escalation is off.
    pub escalate_after: Option<SignedDuration>,
}

/// How long access lasts once given (`expirationPattern`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expiration {
    /// Not said.
    #[default]
    NotSpecified,
    /// Until somebody takes it away.
    Never,
    /// So long from the day it is given.
    After(SignedDuration),
    /// Until that day.
    At(Timestamp),
}

impl Expiration {
    /// Short, for a row: `180d`, `no end`.
    pub fn short(&self) -> String {
        match self {
            Self::NotSpecified => "end not set".into(),
            Self::Never => "no end".into(),
            Self::After(period) => time::short(*period),
            Self::At(end) => format!("until {}", end.strftime("%Y-%m-%d")),
        }
    }

    /// A sentence's end: `for 180 days`.
    pub fn words(&self) -> String {
        match self {
            Self::NotSpecified => "for as long as the service decides".into(),
            Self::Never => "until somebody takes it away".into(),
            Self::After(period) => format!("for {}", time::words(*period)),
            Self::At(end) => format!("until {}", end.strftime("%-d %b %Y")),
        }
    }
}

/// A question people must or may answer when they ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// Whether an answer is needed.
    pub required: bool,
    /// Whether one chooses among given answers.
    pub choice: bool,
}

/// Who may decide a stage, in words; `me` is `you`.
pub fn deciders(approvers: &[SubjectSet], me: Option<&UserId>) -> String {
    let words = approvers.iter().map(|approver| match approver {
        SubjectSet::User { id, .. } if id.is_some() && id.as_ref() == me => "you".to_owned(),
        other => other.words(),
    });
    words.collect::<Vec<_>>().join(" or ")
}

/// A policy of a package (`accessPackageAssignmentPolicy`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// Its name.
    pub name: Text,
    /// What its owner says of it.
    pub description: Text,
    /// The package it belongs to.
    pub package: Option<PackageId>,
    /// That package's name.
    pub package_name: Text,
    /// The catalog of that package.
    pub catalog: Option<CatalogId>,
    /// Who may ask.
    pub scope: Scope,
    /// Whom `scope` names, where it names somebody.
    pub targets: Vec<SubjectSet>,
    /// Whether people may ask for themselves (`enableTargetsToSelfAddAccess`).
    pub accepts_requests: bool,
    /// Whether somebody must approve (`isApprovalRequiredForAdd`).
    pub approval_required: bool,
    /// Whether the requestor must say why.
    pub requestor_justification: bool,
    /// The stages, in order.
    pub stages: Vec<PolicyStage>,
    /// How long access lasts.
    pub expiration: Expiration,
    /// What is asked of the requestor.
    pub questions: Vec<Question>,
}

impl Policy {
    /// Whether anybody can ask under it now.
    pub fn open(&self) -> bool {
        self.accepts_requests && self.scope != Scope::NotSpecified
    }

    /// `open` or `closed`.
    pub fn door(&self) -> &'static str {
        if self.open() { "open" } else { "closed" }
    }

    /// How approval works, short: `no approval`, `1 stage`, `2 stages`.
    pub fn approval_short(&self) -> String {
        match (self.approval_required, self.stages.len()) {
            (false, _) | (true, 0) => "no approval".into(),
            (true, 1) => "1 stage".into(),
            (true, n) => format!("{n} stages"),
        }
    }

    /// The policy in one sentence: who may ask, who approves, for how long.
    pub fn sentence(&self) -> String {
        let named: Vec<String> = self.targets.iter().map(SubjectSet::words).collect();
        let who = match (&self.scope, named.is_empty()) {
            (Scope::NotSpecified, _) => "only administrators assign it".into(),
            (Scope::SpecificUsers | Scope::SpecificOrganizations, false) => {
                format!("for {}", named.join(", "))
            }
            (scope, _) => format!("for {}", scope.short()),
        };
        let closed = if self.scope != Scope::NotSpecified && !self.accepts_requests {
            ", closed to new requests"
        } else {
            ""
        };
        let stages: Vec<String> = self.stages.iter().map(PolicyStage::short).collect();
        let approval = if !self.approval_required || stages.is_empty() {
            "given at once".into()
        } else {
            format!("approved by {}", stages.join(", then by "))
        };
        let length = self.expiration.words();
        let name = self.name.or("This policy");
        format!("{name}: {who}{closed}, {approval}, {length}")
    }

    /// The policy in plain sentences, one a line.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let named: Vec<String> = self.targets.iter().map(SubjectSet::words).collect();
        let who = match (&self.scope, named.is_empty()) {
            (Scope::NotSpecified, _) => "Nobody can ask: administrators assign it directly.".into(),
            (Scope::SpecificUsers, false) => format!("May ask: {}.", named.join(", ")),
            (Scope::SpecificOrganizations, false) => {
                format!("May ask: people of {}.", named.join(", "))
            }
            (scope, _) => format!("May ask: {}.", scope.short()),
        };
        lines.push(who);
        if !self.accepts_requests && self.scope != Scope::NotSpecified {
            lines.push("Closed: new requests are switched off.".into());
        }
        if !self.approval_required || self.stages.is_empty() {
            lines.push("Nobody approves: access is given at once.".into());
        }
        for (index, stage) in self
            .stages
            .iter()
            .enumerate()
            .filter(|_| self.approval_required)
        {
            lines.push(stage.sentence(index + 1, self.stages.len()));
        }
        lines.push(format!("Access lasts {}.", self.expiration.words()));
        if self.requestor_justification {
            lines.push("Who asks must say why.".into());
        }
        for question in &self.questions {
            let need = if question.required {
                "Asks"
            } else {
                "May answer"
            };
            lines.push(format!("{need}: {}", question.text));
        }
        lines
    }
}

impl PolicyStage {
    /// `Adele Vance (denied by itself after 14 days, must say why)`.
    fn short(&self) -> String {
        let approvers: Vec<String> = self.approvers.iter().map(SubjectSet::words).collect();
        let approvers = match approvers.as_slice() {
            [] => "nobody named".into(),
            some => some.join(" or "),
        };
        let after = self.deny_after.map(time::words);
        let after = after.map(|after| format!("denied by itself after {after}"));
        let why = self
            .justification_required
            .then(|| "must say why".to_owned());
        let rules: Vec<String> = after.into_iter().chain(why).collect();
        if rules.is_empty() {
            approvers
        } else {
            format!("{approvers} ({})", rules.join(", "))
        }
    }

    fn sentence(&self, number: usize, of: usize) -> String {
        let approvers: Vec<String> = self.approvers.iter().map(SubjectSet::words).collect();
        let approvers = if approvers.is_empty() {
            "nobody is named".into()
        } else {
            approvers.join(" or ")
        };
        let mut parts = vec![if of == 1 {
            format!("Approved by {approvers}")
        } else {
            format!("Stage {number}: {approvers}")
        }];
        if let Some(after) = self.deny_after {
            parts.push(format!("denied by itself after {}", time::words(after)));
        }
        if let Some(after) = self.escalate_after.filter(|_| !self.escalation.is_empty()) {
            let to: Vec<String> = self.escalation.iter().map(SubjectSet::words).collect();
            parts.push(format!(
                "also {} after {}",
                to.join(" or "),
                time::words(after)
            ));
        }
        if self.justification_required {
            parts.push("the approver must say why".into());
        }
        format!("{}.", parts.join(", "))
    }
}
