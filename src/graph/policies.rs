//! Assignment policies: `assignmentPolicies` (accesspackageassignmentpolicy).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::Call;
use super::json::{self, FromWire};
use super::packages::CatalogWire;
use super::requests::Depth;
use crate::domain::id::{OrganizationId, PackageId, PolicyId, UserId};
use crate::domain::policy::{Expiration, Policy, PolicyStage, Question, Scope};
use crate::domain::subject_set::SubjectSet;
use crate::domain::text::Text;

/// All of them.
pub fn all(depth: Depth) -> Call {
    Call::get(format!("{ENTITLEMENT}/assignmentPolicies")).query(
        "$expand",
        match depth {
            Depth::Nested => "accessPackage,catalog,questions",
            Depth::Plain => "accessPackage",
        },
    )
}

/// A policy's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyWire {
    id: PolicyId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    allowed_target_scope: Scope,
    #[serde(default, deserialize_with = "json::list")]
    specific_allowed_targets: Vec<SubjectSetWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    expiration: Option<PolicyExpirationWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    requestor_settings: Option<RequestorWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    request_approval_settings: Option<ApprovalWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    automatic_request_settings: Option<AutomaticWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package: Option<PolicyPackageWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    catalog: Option<CatalogWire>,
    #[serde(default, deserialize_with = "json::list")]
    questions: Vec<QuestionWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyPackageWire {
    id: PackageId,
    #[serde(default)]
    display_name: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubjectSetWire {
    #[serde(default, rename = "@odata.type")]
    kind: Text,
    #[serde(default)]
    description: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    user_id: Option<UserId>,
    #[serde(default)]
    group_id: Text,
    #[serde(default)]
    service_principal_id: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    connected_organization_id: Option<OrganizationId>,
    #[serde(default)]
    membership_rule: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    manager_level: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyExpirationWire {
    #[serde(default, rename = "type")]
    kind: Text,
    #[serde(default, deserialize_with = "json::period")]
    duration: Option<SignedDuration>,
    #[serde(default, deserialize_with = "json::when")]
    end_date_time: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestorWire {
    #[serde(default, deserialize_with = "json::flag")]
    enable_targets_to_self_add_access: bool,
    #[serde(default, deserialize_with = "json::flag")]
    enable_on_behalf_requestors_to_add_access: bool,
    #[serde(default, deserialize_with = "json::list")]
    on_behalf_requestors: Vec<SubjectSetWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AutomaticWire {
    #[serde(default, deserialize_with = "json::flag")]
    request_access_for_allowed_targets: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApprovalWire {
    #[serde(default, deserialize_with = "json::maybe")]
    is_approval_required_for_add: Option<bool>,
    #[serde(default, deserialize_with = "json::flag")]
    is_requestor_justification_required: bool,
    #[serde(default, deserialize_with = "json::list")]
    stages: Vec<StageWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StageWire {
    #[serde(default, rename = "@odata.type")]
    kind: Text,
    #[serde(default, deserialize_with = "json::period")]
    duration_before_automatic_denial: Option<SignedDuration>,
    #[serde(default, deserialize_with = "json::flag")]
    is_approver_justification_required: bool,
    #[serde(default, deserialize_with = "json::flag")]
    is_escalation_enabled: bool,
    #[serde(default, deserialize_with = "json::period")]
    duration_before_escalation: Option<SignedDuration>,
    #[serde(default, deserialize_with = "json::list")]
    primary_approvers: Vec<SubjectSetWire>,
    #[serde(default, deserialize_with = "json::list")]
    fallback_primary_approvers: Vec<SubjectSetWire>,
    #[serde(default, deserialize_with = "json::list")]
    escalation_approvers: Vec<SubjectSetWire>,
    #[serde(default, deserialize_with = "json::list")]
    fallback_escalation_approvers: Vec<SubjectSetWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QuestionWire {
    #[serde(default, rename = "@odata.type")]
    kind: Text,
    #[serde(default)]
    id: Text,
    #[serde(default)]
    text: Text,
    #[serde(default, deserialize_with = "json::flag")]
    is_required: bool,
    #[serde(default, deserialize_with = "json::maybe")]
    sequence: Option<i64>,
    #[serde(default, deserialize_with = "json::list")]
    choices: Vec<ChoiceWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChoiceWire {
    #[serde(default)]
    actual_value: Text,
    #[serde(default)]
    text: Text,
}

/// The words of a policy's questions and of their choices, by id.
#[derive(Debug)]
pub struct Questions(pub Vec<(Text, QuestionWords)>);

/// The words of one question.
#[derive(Clone, Debug, Default)]
pub struct QuestionWords {
    /// The question's.
    pub text: Text,
    /// Of each choice what Graph keeps for it, and what people read.
    pub choices: Vec<(Text, Text)>,
}

impl QuestionWords {
    /// With these choices.
    pub(super) fn new(text: Text, choices: Vec<ChoiceWire>) -> Self {
        let choices = choices.into_iter();
        Self {
            text,
            choices: choices
                .map(|choice| (choice.actual_value, choice.text))
                .collect(),
        }
    }

    /// What people read for what Graph keeps, which may be several choices in one.
    pub fn choice(&self, inner: &str) -> Option<Text> {
        let one = |inner: &str| {
            let mut choices = self.choices.iter();
            let found = choices.find(|(value, _)| value.as_str() == inner.trim());
            found.map(|(_, text)| text).filter(|text| !text.is_empty())
        };
        one(inner).cloned().or_else(|| {
            let parts: Option<Vec<&str>> = inner
                .split([',', ';'])
                .map(|part| one(part).map(Text::as_str))
                .collect();
            parts.map(|parts| Text::new(&parts.join(", ")))
        })
    }
}

impl FromWire for Questions {
    type Wire = PolicyWire;

    fn read(wire: PolicyWire) -> Option<Self> {
        let questions = wire.questions.into_iter();
        Some(Self(
            questions
                .map(|q| (q.id, QuestionWords::new(q.text, q.choices)))
                .collect(),
        ))
    }
}

impl SubjectSetWire {
    fn read(self) -> SubjectSet {
        let kind = json::type_name(&self.kind);
        let is = |name: &str| kind.eq_ignore_ascii_case(name);
        let name = self.description;
        if is("singleUser") {
            let id = self.user_id;
            SubjectSet::User { id, name }
        } else if is("groupMembers") {
            let id = self.group_id;
            SubjectSet::Group { id, name }
        } else if is("connectedOrganizationMembers") {
            let id = self.connected_organization_id;
            SubjectSet::Organization { id, name }
        } else if is("requestorManager") {
            SubjectSet::Manager(self.manager_level.unwrap_or(1))
        } else if is("targetManager") {
            SubjectSet::TargetManager(self.manager_level.unwrap_or(1))
        } else if is("internalSponsors") {
            SubjectSet::InternalSponsors
        } else if is("externalSponsors") {
            SubjectSet::ExternalSponsors
        } else if is("targetUserSponsors") {
            SubjectSet::TargetSponsors
        } else if is("attributeRuleMembers") {
            let rule = self.membership_rule;
            SubjectSet::Rule { name, rule }
        } else if is("singleServicePrincipal") {
            let id = self.service_principal_id;
            SubjectSet::App { id, name }
        } else if is("targetApplicationOwners") {
            SubjectSet::TargetAppOwners
        } else if is("targetAgentIdentitySponsorsOrOwners") {
            SubjectSet::TargetAgentKeepers
        } else {
            SubjectSet::Other(Text::new(kind))
        }
    }
}

fn subjects(wires: Vec<SubjectSetWire>) -> Vec<SubjectSet> {
    wires.into_iter().map(SubjectSetWire::read).collect()
}

impl PolicyExpirationWire {
    fn read(self) -> Expiration {
        let is = |name: &str| self.kind.eq_ignore_ascii_case(name);
        match (self.duration, self.end_date_time) {
            (Some(duration), _) if is("afterDuration") => Expiration::After(duration),
            (_, Some(end)) if is("afterDateTime") => Expiration::At(end),
            _ if is("noExpiration") => Expiration::Never,
            _ => Expiration::NotSpecified,
        }
    }
}

impl StageWire {
    fn read(self) -> PolicyStage {
        PolicyStage {
            by_extension: json::type_name(&self.kind)
                .eq_ignore_ascii_case("accessPackageDynamicApprovalStage"),
            deny_after: self.duration_before_automatic_denial,
            justification_required: self.is_approver_justification_required,
            approvers: subjects(self.primary_approvers),
            fallback: subjects(self.fallback_primary_approvers),
            escalation: subjects(self.escalation_approvers),
            fallback_escalation: subjects(self.fallback_escalation_approvers),
            escalate_after: self
                .duration_before_escalation
                .filter(|_| self.is_escalation_enabled),
        }
    }
}

impl FromWire for Policy {
    type Wire = PolicyWire;

    fn read(mut wire: PolicyWire) -> Option<Self> {
        let (package, package_name) = wire
            .access_package
            .map_or((None, Text::default()), |package| {
                (Some(package.id), package.display_name)
            });
        wire.questions.sort_by_key(|question| question.sequence);
        let questions = wire.questions.into_iter().map(|question| Question {
            text: question.text,
            required: question.is_required,
            choice: json::type_name(&question.kind)
                .eq_ignore_ascii_case("accessPackageMultipleChoiceQuestion"),
        });
        let approval = wire.request_approval_settings;
        let asking = wire.requestor_settings;
        Some(Self {
            id: wire.id,
            name: wire.display_name,
            description: wire.description,
            package,
            package_name,
            catalog: wire.catalog.map(|catalog| catalog.id),
            scope: wire.allowed_target_scope,
            targets: subjects(wire.specific_allowed_targets),
            accepts_requests: asking
                .as_ref()
                .is_some_and(|settings| settings.enable_targets_to_self_add_access),
            on_behalf: asking
                .filter(|settings| settings.enable_on_behalf_requestors_to_add_access)
                .map(|settings| subjects(settings.on_behalf_requestors)),
            automatic: wire
                .automatic_request_settings
                .is_some_and(|settings| settings.request_access_for_allowed_targets),
            approval_required: approval
                .as_ref()
                .and_then(|a| a.is_approval_required_for_add),
            requestor_justification: approval
                .as_ref()
                .is_some_and(|a| a.is_requestor_justification_required),
            stages: approval
                .map(|a| a.stages.into_iter().map(StageWire::read).collect())
                .unwrap_or_default(),
            expiration: wire
                .expiration
                .map(PolicyExpirationWire::read)
                .unwrap_or_default(),
            questions: questions.collect(),
        })
    }
}
