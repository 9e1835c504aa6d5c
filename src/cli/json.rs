//! Rows as JSON, under Graph's own property names. What Graph has no name for is an annotation of ours
//! (`@guestlist.…`), as `OData` has them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::domain::guest::{Guest, GuestDetail, Memberships};
use crate::domain::person::{Person, SubjectKind, SubjectType};
use crate::domain::request::{Request, Stage};
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::inventory::rows::RequestRow;

fn when(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| Value::String(at.to_string()))
}

/// Words, or null where there are none.
fn words(text: &Text) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::String(text.to_string())
    }
}

/// A word of Graph's, or null where it said none.
fn word(word: &str) -> Value {
    words(&Text::new(word))
}

fn id<T: std::fmt::Display>(id: Option<&T>) -> Value {
    id.map_or(Value::Null, |id| Value::String(id.to_string()))
}

/// An `accessPackageAssignmentRequest` with its approval's stages.
pub(super) fn request(request: &Request) -> Map<String, Value> {
    let answers: Vec<Value> = request
        .answers
        .iter()
        .map(|answer| {
            json!({
                "value": answer.sent(),
                "displayValue": answer.answer,
                "answeredQuestion": { "text": answer.question },
            })
        })
        .collect();
    let stages = request
        .stages
        .as_ref()
        .map_or(Value::Null, |stages| stages.iter().map(stage).collect());
    let value = json!({
        "id": request.id,
        "requestType": request.kind,
        "state": request.state,
        "status": words(&request.status),
        "createdDateTime": when(request.created),
        "completedDateTime": when(request.completed),
        "justification": words(&request.justification),
        "requestor": person(&request.requestor),
        "accessPackage": {
            "id": id(request.package.as_ref()),
            "displayName": words(&request.package_name),
        },
        "assignment": {
            "assignmentPolicy": { "id": id(request.policy.as_ref()) },
            "target": person(request.subject()),
        },
        "schedule": { "expiration": { "endDateTime": when(request.until) } },
        "answers": answers,
        "approval": { "id": request.id, "stages": stages },
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// An `accessPackageSubject`. Of somebody of whom nothing is known, null.
fn person(person: &Person) -> Value {
    if *person == Person::default() {
        return Value::Null;
    }
    let subject_type = match &person.kind {
        SubjectKind::Person => json!(SubjectType::User),
        SubjectKind::App => json!(SubjectType::ServicePrincipal),
        SubjectKind::Agent => json!("agentIdentity"),
        SubjectKind::Group => json!("group"),
        SubjectKind::Odd(word) => json!(word),
        SubjectKind::Unsaid => json!(SubjectType::Unsaid),
    };
    let organization = person.organization.as_ref();
    json!({
        "objectId": id(person.object.as_ref()),
        "subjectType": subject_type,
        "displayName": words(&person.name),
        "email": words(&person.mail),
        "principalName": words(&person.principal),
        "subjectLifecycle": word(person.lifecycle.as_str()),
        "connectedOrganization": organization.map(|id| json!({ "id": id })),
    })
}

/// An `approvalStage`.
fn stage(stage: &Stage) -> Value {
    let reviewer = if stage.reviewer.is_empty() {
        Value::Null
    } else {
        json!({ "displayName": stage.reviewer })
    };
    json!({
        "id": stage.id,
        "status": stage.status,
        "reviewResult": stage.result,
        "assignedToMe": stage.mine,
        "reviewedBy": reviewer,
        "reviewedDateTime": when(stage.reviewed),
        "justification": words(&stage.justification),
    })
}

/// A request of the queue, with what was found out about it.
pub(super) fn queued(row: &RequestRow) -> Value {
    let mut map = request(&row.request);
    map.insert("@guestlist.denialDateTime".into(), when(row.denial_at));
    map.insert("@guestlist.signals".into(), signals(&row.signals));
    Value::Object(map)
}

fn signals(signals: &[Signal]) -> Value {
    signals
        .iter()
        .map(|signal| json!({ "word": signal.word(), "why": signal.why() }))
        .collect()
}

/// A `user` with the names of its sponsors, memberships and apps; null for what could not be read.
pub(super) fn guest_detail(guest: &Guest, more: &GuestDetail) -> Value {
    let named = |names: &Option<Vec<Text>>| -> Value {
        let names = names.as_ref();
        json!(names.map(|names| names.iter().map(named).collect::<Vec<_>>()))
    };
    let mut value = self::guest(guest, false);
    if let Value::Object(map) = &mut value {
        map.insert("sponsors".into(), named(&more.sponsors));
        map.insert(
            "memberOf".into(),
            json!(more.memberships.as_ref().map(member_of)),
        );
        map.insert("appRoleAssignments".into(), named(&more.apps));
    }
    value
}

fn named(name: &Text) -> Value {
    json!({ "displayName": name })
}

/// Directory objects, each with its type: roles first.
fn member_of(of: &Memberships) -> Vec<Value> {
    let kinds = [
        ("directoryRole", &of.roles),
        ("group", &of.groups),
        ("administrativeUnit", &of.units),
    ];
    let typed = kinds.into_iter().flat_map(|(kind, names)| {
        names.iter().map(move |name| {
            let kind = format!("#microsoft.graph.{kind}");
            json!({ "@odata.type": kind, "displayName": name })
        })
    });
    typed.collect()
}

/// A `user`. Sign-ins are there only where they were read.
pub(super) fn guest(guest: &Guest, sign_ins: bool) -> Value {
    let mut value = json!({
        "id": guest.id,
        "displayName": words(&guest.name),
        "mail": words(&guest.mail),
        "userPrincipalName": words(&guest.upn),
        "userType": guest.class.user_type(),
        "companyName": words(&guest.company),
        "accountEnabled": guest.enabled,
        "createdDateTime": when(guest.created),
        "creationType": words(&guest.creation),
        "externalUserState": guest.redemption,
        "externalUserStateChangeDateTime": when(guest.redemption_changed),
    });
    if let (true, Value::Object(map)) = (sign_ins, &mut value) {
        let last = json!({ "lastSuccessfulSignInDateTime": when(guest.last_sign_in) });
        map.insert("signInActivity".into(), last);
    }
    value
}
