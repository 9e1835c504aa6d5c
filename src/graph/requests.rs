//! Requests: `assignmentRequests` (accesspackageassignmentrequest). The reference prints several properties by
//! their beta names; both are read (entitlementmanagement-post-assignmentrequests).

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use super::policies::{ChoiceWire, QuestionWords};
use crate::domain::account_class::is_external;
use crate::domain::id::{OrganizationId, PackageId, PolicyId, RequestId, UserId};
use crate::domain::mail;
use crate::domain::person::{Person, SubjectKind, SubjectLifecycle, SubjectType};
use crate::domain::problem::Problem;
use crate::domain::request::{QuestionAnswer, Request, RequestKind, RequestState};
use crate::domain::text::{self, Text};

/// How much of what belongs to a request is read with it. A service that refuses nested expansion still gives
/// the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// With the requestor's organization, the policy, and who gets the access.
    Nested,
    /// Without them.
    Plain,
}

fn expand(call: Call, depth: Depth) -> Call {
    call.query(
        "$expand",
        match depth {
            Depth::Nested => {
                "requestor($expand=connectedOrganization),accessPackage,assignment($expand=assignmentPolicy,target)"
            }
            Depth::Plain => "requestor,accessPackage,assignment",
        },
    )
}

/// All requests in a state; the state's filter knows `eq` only (entitlementmanagement-list-assignmentrequests).
pub fn in_state(state: &RequestState, depth: Depth) -> Call {
    let filter = format!("state eq {}", quoted(state.as_str()));
    expand(
        Call::get(format!("{ENTITLEMENT}/assignmentRequests")).query("$filter", &filter),
        depth,
    )
}

/// All requests for a package, in every state (entitlementmanagement-list-assignmentrequests).
pub fn of_package(package: &PackageId, depth: Depth) -> Call {
    let filter = format!("accessPackage/id eq {}", quoted(package.as_str()));
    expand(
        Call::get(format!("{ENTITLEMENT}/assignmentRequests")).query("$filter", &filter),
        depth,
    )
}

/// Requests in any state that came within a span of time; `None` for no bound. The filter on `createdDateTime` is
/// documented, an order is not (entitlementmanagement-list-assignmentrequests).
pub fn created(from: Option<Timestamp>, until: Option<Timestamp>, depth: Depth) -> Call {
    let bounds = [(from, "ge"), (until, "lt")];
    let bounds: Vec<String> = bounds
        .into_iter()
        .filter_map(|(at, sign)| {
            // Whole seconds: what a service makes of finer ones in a filter is not documented.
            let at = Timestamp::from_second(at?.as_second()).ok()?;
            Some(format!("createdDateTime {sign} {at}"))
        })
        .collect();
    let call = Call::get(format!("{ENTITLEMENT}/assignmentRequests"));
    expand(call.query("$filter", &bounds.join(" and ")), depth)
}

/// Requests in any state, in the service's own order.
pub fn all(depth: Depth) -> Call {
    expand(
        Call::get(format!("{ENTITLEMENT}/assignmentRequests")),
        depth,
    )
}

/// Those the signed-in person is an approver of, in any state (accesspackageassignmentrequest-filterbycurrentuser).
pub fn inbox(depth: Depth) -> Call {
    expand(
        Call::get(format!(
            "{ENTITLEMENT}/assignmentRequests/filterByCurrentUser(on='approver')"
        )),
        depth,
    )
}

/// One request.
pub fn one(id: &RequestId) -> Call {
    Call::get(format!("{ENTITLEMENT}/assignmentRequests/{id}"))
}

/// One request, with what belongs to it.
pub fn whole(id: &RequestId, depth: Depth) -> Call {
    expand(one(id), depth)
}

/// The request in an answer to [`whole`].
pub fn read_asked(answer: &Response) -> Result<AnsweredRequest, Problem> {
    json::one(answer)?.ok_or_else(|| json::odd(answer))
}

/// The request in an answer to [`one`].
pub fn read(answer: &Response) -> Result<Request, Problem> {
    json::one(answer)?.ok_or_else(|| json::odd(answer))
}

/// A request's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestWire {
    id: RequestId,
    #[serde(default)]
    request_type: RequestKind,
    #[serde(default)]
    state: RequestState,
    #[serde(default)]
    request_state: RequestState,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    request_status: Text,
    #[serde(default, deserialize_with = "json::when")]
    created_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "json::when")]
    completed_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "json::when")]
    completed_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "text::long")]
    justification: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    requestor: Option<RequestPersonWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package: Option<RequestPackageWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    assignment: Option<AssignmentWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package_assignment: Option<AssignmentWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    schedule: Option<RequestScheduleWire>,
    #[serde(default, deserialize_with = "json::list")]
    answers: Vec<AnswerWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestPersonWire {
    /// Null as long as the requestor is not yet a user (accesspackagesubject).
    #[serde(default, deserialize_with = "json::maybe")]
    object_id: Option<UserId>,
    #[serde(default)]
    subject_type: SubjectType,
    /// Its name in beta.
    #[serde(default, rename = "type")]
    kind: SubjectType,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    email: Text,
    #[serde(default)]
    principal_name: Text,
    #[serde(default)]
    subject_lifecycle: SubjectLifecycle,
    #[serde(default, deserialize_with = "json::maybe")]
    connected_organization: Option<RequestorOrganizationWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    connected_organization_id: Option<OrganizationId>,
}

#[derive(Deserialize)]
struct RequestorOrganizationWire {
    id: OrganizationId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestPackageWire {
    id: PackageId,
    #[serde(default)]
    display_name: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentWire {
    #[serde(default, deserialize_with = "json::maybe")]
    assignment_policy: Option<RequestPolicyWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package_assignment_policy: Option<RequestPolicyWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    assignment_policy_id: Option<PolicyId>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package: Option<RequestPackageWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    target: Option<RequestPersonWire>,
}

#[derive(Deserialize)]
struct RequestPolicyWire {
    id: PolicyId,
}

#[derive(Deserialize)]
struct RequestScheduleWire {
    #[serde(default, deserialize_with = "json::maybe")]
    expiration: Option<RequestEndWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestEndWire {
    #[serde(default, deserialize_with = "json::when")]
    end_date_time: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerWire {
    #[serde(default, deserialize_with = "text::long")]
    display_value: Text,
    #[serde(default, deserialize_with = "text::long")]
    value: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    answered_question: Option<AnsweredWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnsweredWire {
    #[serde(default, rename = "@odata.type")]
    kind: Text,
    #[serde(default)]
    id: Text,
    #[serde(default)]
    text: Text,
    #[serde(default, deserialize_with = "json::list")]
    choices: Vec<ChoiceWire>,
}

/// A request with the ids of the questions that were answered: an answer may name its question by id alone, and
/// a choice by its inner value; the words of both stand in the policy.
#[derive(Clone, Debug)]
pub struct AnsweredRequest {
    /// The request.
    pub request: Request,
    /// The question of each answer, as an id; empty where it has none. And whether the policy may have better words.
    questions: Vec<(Text, bool)>,
}

impl AnsweredRequest {
    /// Whether an answer lacks its question's words or its choice's.
    pub fn lacks_words(&self) -> bool {
        self.questions.iter().any(|(_, lacks)| *lacks)
    }

    /// Puts in the words of questions, by id.
    pub fn fill(&mut self, words: &HashMap<Text, QuestionWords>) {
        for (answer, (id, _)) in self.request.answers.iter_mut().zip(&self.questions) {
            if let Some(words) = words.get(id) {
                fill(answer, words);
            }
        }
    }
}

/// Puts in a question's words and the text of what was chosen, where they are missing.
fn fill(answer: &mut QuestionAnswer, words: &QuestionWords) {
    if answer.question.is_empty() {
        answer.question = words.text.clone();
    }
    if answer.inner.is_empty()
        && let Some(text) = words.choice(&answer.answer)
        && text != answer.answer
    {
        answer.inner = std::mem::replace(&mut answer.answer, text);
    }
}

impl FromWire for AnsweredRequest {
    type Wire = RequestWire;

    fn read(wire: RequestWire) -> Option<Self> {
        let asked = |answer: &AnswerWire| {
            let Some(asked) = &answer.answered_question else {
                return (Text::default(), true);
            };
            let chosen = json::type_name(&asked.kind)
                .eq_ignore_ascii_case("accessPackageMultipleChoiceQuestion");
            // Where a language has no text, the inner value stands for it.
            let inner = [&answer.value, &Text::default()].contains(&&answer.display_value);
            let wordless = chosen && inner && asked.choices.is_empty();
            (asked.id.clone(), asked.text.is_empty() || wordless)
        };
        let questions = wire.answers.iter().map(asked).collect();
        Request::read(wire).map(|request| Self { request, questions })
    }
}

impl FromWire for Request {
    type Wire = RequestWire;

    fn read(wire: RequestWire) -> Option<Self> {
        let assignment = wire.assignment.or(wire.access_package_assignment);
        let (policy, through, target) = assignment.map_or((None, None, None), |assignment| {
            let named = assignment.assignment_policy;
            let named = named.or(assignment.access_package_assignment_policy);
            let policy = named.map(|policy| policy.id);
            (
                policy.or(assignment.assignment_policy_id),
                assignment.access_package,
                assignment.target.map(person),
            )
        });
        let requestor = wire.requestor.map(person).unwrap_or_default();
        let target = another(&wire.request_type, &requestor, target);
        let (package, package_name) = wire
            .access_package
            .or(through)
            .map_or((None, Text::default()), |package| {
                (Some(package.id), package.display_name)
            });
        Some(Self {
            id: wire.id,
            kind: wire.request_type,
            state: json::first([wire.state, wire.request_state]),
            status: json::first([wire.status, wire.request_status]),
            created: wire.created_date_time,
            completed: wire.completed_date_time.or(wire.completed_date),
            justification: wire.justification,
            requestor,
            target,
            package,
            package_name,
            policy,
            until: wire
                .schedule
                .and_then(|schedule| schedule.expiration?.end_date_time),
            answers: wire.answers.into_iter().map(answer).collect(),
            stages: None,
        })
    }
}

/// Who gets the access, where that is not who asks. On behalf of somebody else one asks for another, also where a plain
/// answer does not say for whom.
fn another(kind: &RequestKind, requestor: &Person, target: Option<Person>) -> Option<Person> {
    let target = target.filter(|target| *target != Person::default());
    match target {
        Some(target) => (!target.same(requestor)).then_some(target),
        None => (*kind == RequestKind::OnBehalfAdd).then(Person::default),
    }
}

fn person(wire: RequestPersonWire) -> Person {
    let addressed = !wire.email.is_empty() || !wire.principal_name.is_empty();
    let subject_type = json::first([wire.subject_type, wire.kind]);
    let kind = SubjectKind::of(&subject_type, addressed, wire.object_id.is_some());
    // Of a contact with the same address the mail is empty, or the principal name again.
    let mail = if kind == SubjectKind::Person && (wire.email.is_empty() || is_external(&wire.email))
    {
        let principal = json::first([wire.principal_name.clone(), wire.email]);
        Text::new(&mail::of_principal(&principal))
    } else {
        wire.email
    };
    Person {
        kind,
        object: wire.object_id,
        name: wire.display_name,
        mail,
        principal: wire.principal_name,
        lifecycle: wire.subject_lifecycle,
        organization: wire
            .connected_organization
            .map(|organization| organization.id)
            .or(wire.connected_organization_id),
    }
}

fn answer(wire: AnswerWire) -> QuestionAnswer {
    let words = wire
        .answered_question
        .map(|asked| QuestionWords::new(asked.text, asked.choices));
    let differs = !wire.display_value.is_empty() && wire.display_value != wire.value;
    let mut answer = QuestionAnswer {
        question: Text::default(),
        inner: if differs {
            wire.value.clone()
        } else {
            Text::default()
        },
        answer: json::first([wire.display_value, wire.value]),
    };
    fill(&mut answer, &words.unwrap_or_default());
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::graph::policies::Questions;

    #[test]
    fn who_asks_without_mail_is_of_the_domain_in_their_principal_name() {
        let principal = "ida_northwind.example#EXT#@contoso.onmicrosoft.com";
        for email in [json!(null), json!(""), json!(principal)] {
            let who = json!({ "displayName": "Ida", "email": email, "principalName": principal });
            let wire = json!({ "id": "r1", "requestor": who });
            let request = Request::read(serde_json::from_value(wire).unwrap()).unwrap();
            assert_eq!(request.requestor.mail.as_str(), "ida@northwind.example");
        }
    }

    /// Inner values stand for texts where a language has none, and several choices in one value.
    #[test]
    fn a_choice_is_said_by_its_text_with_its_inner_value_beside_it() {
        let choices = json!([
            { "actualValue": "site-07", "text": "Lyon" },
            { "actualValue": "site-09", "text": "Paris" },
            { "actualValue": "Oslo", "text": "Oslo" },
            { "actualValue": "bare", "text": null },
        ]);
        let policy = json!({ "id": "p1", "questions": [{ "id": "q1", "text": "Which site?", "choices": choices }] });
        let Questions(words) = Questions::read(serde_json::from_value(policy).unwrap()).unwrap();
        let words: HashMap<Text, QuestionWords> = words.into_iter().collect();
        for (value, display, shown) in [
            (json!("site-07"), json!(null), "Lyon (site-07)"),
            (json!("site-07"), json!("site-07"), "Lyon (site-07)"),
            (json!("site-07"), json!("Lyon"), "Lyon (site-07)"),
            (json!(null), json!("site-07"), "Lyon (site-07)"),
            (
                json!("site-07,site-09"),
                json!(null),
                "Lyon, Paris (site-07,site-09)",
            ),
            (json!("Oslo"), json!("Oslo"), "Oslo"),
            (json!("bare"), json!(null), "bare"),
            (json!("gone-11"), json!(""), "gone-11"),
            (
                json!("site-07"),
                json!({ "text": "Lyon" }),
                "Lyon (site-07)",
            ),
            (json!(7), json!(["a", "b"]), "a, b (7)"),
        ] {
            let kind = "microsoft.graph.accessPackageMultipleChoiceQuestion";
            for asked in [
                json!({ "id": "q1", "@odata.type": kind }),
                json!({ "id": "q1", "@odata.type": kind, "text": "Which site?" }),
                json!({ "id": "q1", "text": { "defaultText": "Which site?" }, "choices": choices }),
            ] {
                let inline = asked.get("choices").is_some();
                let answer =
                    json!({ "value": value, "displayValue": display, "answeredQuestion": asked });
                let wire = json!({ "id": "r1", "answers": [answer] });
                let mut read =
                    AnsweredRequest::read(serde_json::from_value(wire).unwrap()).unwrap();
                let sent = read.request.answers[0].sent().to_owned();
                assert!(!inline || !read.lacks_words());
                read.fill(&words);
                let answer = &read.request.answers[0];
                assert_eq!(answer.shown(), shown);
                assert_eq!(answer.question.as_str(), "Which site?");
                assert_eq!(answer.sent(), sent, "words put in later are no change");
            }
        }
    }

    #[test]
    fn no_odd_field_loses_a_request() {
        for (field, odd) in [
            ("state", json!(7)),
            ("requestType", json!({ "value": "userAdd" })),
            ("status", json!(["a"])),
            ("justification", json!({ "x": 1 })),
            ("requestor", json!("Ada")),
            ("accessPackage", json!([])),
            ("assignment", json!(true)),
            ("schedule", json!("soon")),
            ("answers", json!({ "a": 1 })),
            ("createdDateTime", json!({})),
        ] {
            let wire = json!({ "id": "r1", field: odd });
            let read = serde_json::from_value(wire).map(Request::read);
            assert!(matches!(read, Ok(Some(_))), "{field}");
        }
    }

    #[test]
    fn a_request_is_about_who_gets_the_access() {
        let subject = |name: &str| {
            json!({ "id": name, "objectId": null, "displayName": name,
            "email": format!("{name}@fabrikam.example"), "subjectType": "user" })
        };
        let read = |kind: &str, target: serde_json::Value| {
            let wire = json!({ "id": "r1", "requestType": kind, "requestor": subject("mia"),
                "assignment": { "id": "a1", "target": target } });
            Request::read(serde_json::from_value(wire).unwrap()).unwrap()
        };
        for kind in ["onBehalfAdd", "adminAdd", "userAdd"] {
            let request = read(kind, subject("gus"));
            assert_eq!(request.subject().name.as_str(), "gus", "{kind}");
            let asks = request.asks_for_another().map(|asks| asks.name.as_str());
            assert_eq!(asks, Some("mia"));
        }
        // Named twice, they are one.
        let request = read("userAdd", subject("mia"));
        assert!(request.asks_for_another().is_none());
        assert!(read("userAdd", json!(null)).target.is_none());
        // Without a name the one who asks is not who gets it.
        for nobody in [json!(null), json!({ "id": "x" })] {
            let request = read("onBehalfAdd", nobody);
            assert_eq!(*request.subject(), Person::default());
            assert!(request.asks_for_another().is_some());
        }
    }

    #[test]
    fn who_asks_is_what_graph_says_they_are() {
        for (subject, kind) in [
            (json!(null), SubjectKind::Unsaid),
            (
                json!({ "id": "s", "objectId": "o", "subjectType": "servicePrincipal" }),
                SubjectKind::App,
            ),
            (
                json!({ "id": "s", "objectId": "o", "type": "Serviceprincipal" }),
                SubjectKind::App,
            ),
            (
                json!({ "id": "s", "objectId": "o", "subjectType": "agentIdentity" }),
                SubjectKind::Agent,
            ),
            (
                json!({ "id": "s", "email": "a@b.example" }),
                SubjectKind::Person,
            ),
            (
                json!({ "id": "s", "objectId": "o", "subjectType": "user" }),
                SubjectKind::Person,
            ),
        ] {
            let wire = json!({ "id": "r1", "requestor": subject });
            let request = Request::read(serde_json::from_value(wire).unwrap()).unwrap();
            assert_eq!(request.subject().kind, kind, "{subject}");
        }
    }

    #[test]
    fn two_spellings_of_one_field_lose_no_request() {
        let both = json!({
            "id": "r1",
            "state": "delivered",
            "requestState": "Delivered",
            "status": null,
            "requestStatus": "Delivered",
            "completedDateTime": "2026-11-01T00:00:00Z",
            "completedDate": "2026-11-01T00:00:00Z",
            "assignment": { "assignmentPolicy": { "id": "q1" } },
            "accessPackageAssignment": { "accessPackageAssignmentPolicy": { "id": "q1" } },
        });
        let later = json!({
            "id": "r1",
            "requestState": "Delivered",
            "requestStatus": "Delivered",
            "completedDate": "2026-11-01T00:00:00Z",
            "accessPackageAssignment": { "accessPackageAssignmentPolicy": { "id": "q1" } },
        });
        for wire in [both, later] {
            let request = Request::read(serde_json::from_value(wire).unwrap()).unwrap();
            assert_eq!(request.state, RequestState::Delivered);
            assert_eq!(request.status.as_str(), "Delivered");
            assert!(request.completed.is_some());
            assert_eq!(request.policy, PolicyId::new("q1").ok());
        }
    }
}
