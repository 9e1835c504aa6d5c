//! Assignment policies: who may ask for a package, who approves, how long it lasts.

use jiff::{SignedDuration, Timestamp};

use super::id::{CatalogId, PackageId, PolicyId};
use super::subject_set::SubjectSet;
use super::text::Text;
use super::time;
use super::word::words;

mod said;

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
        /// The tenant's agent identities.
        AllAgents = "allDirectoryAgentIdentities",
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
            Self::SpecificServicePrincipals => "named service principals",
            Self::AllServicePrincipals => "all service principals",
            Self::AllAgents => "all agent identities",
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

/// One stage a request must pass (`accessPackageApprovalStage`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyStage {
    /// After this the service denies by itself (`durationBeforeAutomaticDenial`).
    pub deny_after: Option<SignedDuration>,
    /// The approver must give a reason, also to approve.
    pub justification_required: bool,
    /// Who decides is found by a custom extension when somebody asks (`accessPackageDynamicApprovalStage`): the
    /// policy does not say who that is.
    pub by_extension: bool,
    /// Who may decide.
    pub approvers: Vec<SubjectSet>,
    /// Who may decide when those cannot be found.
    pub fallback: Vec<SubjectSet>,
    /// Who may decide too after `escalate_after`.
    pub escalation: Vec<SubjectSet>,
    /// Who may do so when those cannot be found.
    pub fallback_escalation: Vec<SubjectSet>,
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
            Self::NotSpecified => "for a time that the policy does not say".into(),
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
    /// Who may ask for others, where that is on (`enableOnBehalfRequestorsToAddAccess`).
    pub on_behalf: Option<Vec<SubjectSet>>,
    /// Whether the service assigns it by itself to all of `targets` (`automaticRequestSettings`).
    pub automatic: bool,
    /// Whether somebody must approve (`isApprovalRequiredForAdd`); `None` where that is not said.
    pub approval_required: Option<bool>,
    /// Whether the requestor must say why.
    pub requestor_justification: bool,
    /// The stages, in order.
    pub stages: Vec<PolicyStage>,
    /// How long access lasts.
    pub expiration: Expiration,
    /// What is asked of the requestor.
    pub questions: Vec<Question>,
}
