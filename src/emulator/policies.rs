//! Assignment policies: who may ask, who approves, how long it lasts.
//!
//! `api-reference/v1.0/resources/accesspackageassignmentpolicy.md`, `accesspackageapprovalstage.md`.

use jiff::SignedDuration;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::catalogs::CATALOG;
use super::clock::duration;
use super::fault::Fault;
use super::odata::{Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::packages::{PACKAGE, RoleOrScope};
use super::world::{EntityRow, TenantWorld};

#[derive(Debug, Clone)]
pub(super) struct AssignmentPolicy {
    pub(super) id: Uuid,
    pub(super) package: Uuid,
    pub(super) doc: Map<String, Value>,
    pub(super) questions: Vec<RoleOrScope>,
}

/// What a request needs to know of one approval stage.
#[derive(Debug, Clone)]
pub(super) struct StageRule {
    pub(super) approvers: Vec<Uuid>,
    pub(super) time_out: SignedDuration,
    pub(super) justification: bool,
}

/// Questions are of two types, each with its own properties; a question says which it is.
pub(super) static QUESTION: EntityKind = EntityKind {
    name: "accessPackageQuestion",
    properties: &[
        "@odata.type",
        "id",
        "isRequired",
        "isAnswerEditable",
        "sequence",
        "text",
        "localizations",
        "isSingleLineQuestion",
        "regexPattern",
        "choices",
        "isMultipleSelectionAllowed",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[],
    order: &[],
    directory: false,
};

pub(super) static POLICY: EntityKind = EntityKind {
    name: "accessPackageAssignmentPolicy",
    properties: &[
        "id",
        "displayName",
        "description",
        "allowedTargetScope",
        "specificAllowedTargets",
        "expiration",
        "requestorSettings",
        "requestApprovalSettings",
        "reviewSettings",
        "automaticRequestSettings",
        "notificationSettings",
        "createdDateTime",
        "modifiedDateTime",
    ],
    default: &[],
    unselectable: &[],
    filters: &[("displayName", &[Op::Eq])],
    relations: &[
        ("accessPackage", &PACKAGE),
        ("catalog", &CATALOG),
        ("questions", &QUESTION),
    ],
    order: &[],
    directory: false,
};

impl EntityRow for AssignmentPolicy {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl AssignmentPolicy {
    /// The approval stages of a new request; none when no approval is required.
    pub(super) fn stages(&self, world: &TenantWorld) -> Vec<StageRule> {
        let settings = self.doc.get("requestApprovalSettings");
        let required = settings
            .and_then(|settings| settings.get("isApprovalRequiredForAdd"))
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let stages = settings
            .and_then(|settings| settings.get("stages"))
            .and_then(Value::as_array);
        let Some(stages) = stages.filter(|_| required) else {
            return Vec::new();
        };
        stages
            .iter()
            .map(|stage| StageRule {
                approvers: approvers(world, stage),
                time_out: stage
                    .get("durationBeforeAutomaticDenial")
                    .and_then(Value::as_str)
                    .and_then(duration)
                    .unwrap_or(SignedDuration::from_hours(14 * 24)),
                justification: stage
                    .get("isApproverJustificationRequired")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            })
            .collect()
    }

    /// How long an assignment lasts; `None` is for ever.
    pub(super) fn lasts(&self) -> Option<SignedDuration> {
        duration(self.doc.get("expiration")?.get("duration")?.as_str()?)
    }

    pub(super) fn catalog<'w>(&self, world: &'w TenantWorld) -> Option<&'w dyn Entity> {
        let package = world.packages.get(self.package)?;
        world
            .catalogs
            .get(package.catalog)
            .map(|catalog| catalog as &dyn Entity)
    }
}

/// The people whom a stage names: primary ones, and the fallback for when there are none.
fn approvers(world: &TenantWorld, stage: &Value) -> Vec<Uuid> {
    let resolve = |key: &str| -> Vec<Uuid> {
        let sets = stage.get(key).and_then(Value::as_array);
        let mut people = Vec::new();
        for set in sets.into_iter().flatten() {
            let id = |name: &str| {
                set.get(name)
                    .and_then(Value::as_str)
                    .and_then(|id| Uuid::parse_str(id).ok())
            };
            people.extend(id("userId"));
            if let Some(group) = id("groupId").and_then(|id| world.groups.get(id)) {
                people.extend(&group.members);
            }
        }
        people
    };
    let primary = resolve("primaryApprovers");
    if primary.is_empty() {
        resolve("fallbackPrimaryApprovers")
    } else {
        primary
    }
}

impl Entity for AssignmentPolicy {
    fn kind(&self) -> &'static EntityKind {
        &POLICY
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        self.doc
            .get(path)
            .map_or(FilterValue::Null, FilterValue::of)
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
        match relation {
            "accessPackage" => Follow::One(
                world
                    .packages
                    .get(self.package)
                    .map(|package| package as &dyn Entity),
            ),
            "catalog" => Follow::One(self.catalog(world)),
            _ => Follow::Many(
                self.questions
                    .iter()
                    .map(|question| question as &dyn Entity)
                    .collect(),
            ),
        }
    }
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let listing = Listing {
        kind: &POLICY,
        context: "identityGovernance/entitlementManagement/assignmentPolicies",
        typed: false,
    };
    super::route::collection(
        call,
        world,
        rest,
        &listing,
        "assignmentPolicy",
        &world.policies,
        &|policy| {
            world
                .packages
                .get(policy.package)
                .map(|package| package.catalog)
        },
    )
}
