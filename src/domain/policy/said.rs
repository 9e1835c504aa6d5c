//! What a policy says, in words. What it does not say is said to be missing: of a policy that asks for approval
//! nothing here says that nobody approves.

use super::{Policy, PolicyStage, Scope};
use crate::domain::id::UserId;
use crate::domain::subject_set::SubjectSet;
use crate::domain::time;

impl Policy {
    /// Whether anybody can ask under it now, for themselves or for others.
    pub fn open(&self) -> bool {
        (self.accepts_requests || self.on_behalf.is_some()) && self.scope != Scope::NotSpecified
    }

    /// `open` or `closed`.
    pub fn door(&self) -> &'static str {
        if self.open() { "open" } else { "closed" }
    }

    /// How approval works, short: `no approval`, `1 stage`, `2 stages`.
    pub fn approval_short(&self) -> String {
        match (self.approval_required, self.stages.len()) {
            (Some(false), _) => "no approval".into(),
            (None, 0) => "not said".into(),
            (Some(true), 0) => "approval".into(),
            (_, 1) => "1 stage".into(),
            (_, n) => format!("{n} stages"),
        }
    }

    /// The policy in one sentence: who may ask, who approves, for how long.
    pub fn sentence(&self) -> String {
        let named = self.named();
        let who = match (&self.scope, named) {
            _ if self.automatic => format!("assigned by itself to {}", self.fitting()),
            (Scope::NotSpecified, _) => "only administrators assign it".into(),
            (_, Some(named)) => format!("for {named}"),
            (scope, None) => format!("for {}", scope.short()),
        };
        let closed = match (&self.on_behalf, self.accepts_requests) {
            _ if self.automatic || self.scope == Scope::NotSpecified => "",
            (_, true) => "",
            (None, false) => ", closed to new requests",
            (Some(_), false) => ", only others can ask for them",
        };
        let stages: Vec<String> = self.stages.iter().map(PolicyStage::short).collect();
        let approval = match (self.approval_required, stages.is_empty()) {
            (Some(false), _) => "without approval".into(),
            (Some(true), true) => "with approval (Graph does not show by whom)".into(),
            (None, true) => "whether with approval is not said".into(),
            (_, false) => format!("approved by {}", stages.join(", then by ")),
        };
        let length = self.expiration.words();
        let name = self.name.or("This policy");
        format!("{name}: {who}{closed}, {approval}, {length}")
    }

    /// The policy in plain sentences, one a line.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines = vec![match (&self.scope, self.named()) {
            _ if self.automatic => {
                format!(
                    "Nobody need ask: it is assigned by itself to {}.",
                    self.fitting()
                )
            }
            (Scope::NotSpecified, _) => "Nobody can ask: administrators assign it directly.".into(),
            (Scope::SpecificOrganizations, Some(named)) => format!("May ask: people of {named}."),
            (_, Some(named)) => format!("May ask: {named}."),
            (scope, None) => format!("May ask: {}.", scope.short()),
        }];
        let asked = !self.automatic && self.scope != Scope::NotSpecified;
        match (&self.on_behalf, self.accepts_requests) {
            (None, false) if asked => lines.push("Closed: new requests are switched off.".into()),
            (Some(others), own) if asked => {
                let others = match others.as_slice() {
                    [] => "Others".into(),
                    some => SubjectSet::any_of(some),
                };
                let only = if own {
                    ""
                } else {
                    ", who cannot ask for themselves"
                };
                lines.push(format!("{others} may ask for them{only}."));
            }
            _ => {}
        }
        match (self.approval_required, self.stages.len()) {
            (Some(false), _) => lines.push("Nobody approves: access is given at once.".into()),
            (Some(true), 0) => {
                lines.push("Approval is asked for; Graph does not show by whom.".into());
            }
            (None, 0) => lines.push("Whether somebody approves is not said.".into()),
            (_, of) => {
                let stages = self.stages.iter().enumerate();
                lines.extend(stages.map(|(index, stage)| stage.sentence(index + 1, of)));
            }
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

    /// Whom the scope names, where it names somebody.
    fn named(&self) -> Option<String> {
        let words: Vec<String> = self.targets.iter().map(SubjectSet::words).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Whom the service assigns it to.
    fn fitting(&self) -> String {
        self.named()
            .unwrap_or_else(|| "whoever its rule fits".into())
    }
}

impl PolicyStage {
    /// Who decides in the first place, in words.
    pub fn deciders(&self, me: Option<&UserId>) -> String {
        let words = |who: &SubjectSet| match who {
            SubjectSet::User { id: Some(id), .. } if Some(id) == me => "you".to_owned(),
            other => other.words(),
        };
        match self.approvers.as_slice() {
            _ if self.by_extension => "whom a custom extension finds when somebody asks".into(),
            [] => "approvers that Graph does not show".into(),
            some => some.iter().map(words).collect::<Vec<_>>().join(" or "),
        }
    }

    /// `Adele Vance (denied by itself after 14 days, must say why)`.
    fn short(&self) -> String {
        let approvers = self.deciders(None);
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
        let approvers = self.deciders(None);
        let mut parts = vec![if of == 1 {
            format!("Approved by {approvers}")
        } else {
            format!("Stage {number}: {approvers}")
        }];
        parts.extend(self.others());
        if let Some(after) = self.deny_after {
            parts.push(format!("denied by itself after {}", time::words(after)));
        }
        if self.justification_required {
            parts.push("the approver must say why".into());
        }
        format!("{}.", parts.join(", "))
    }

    /// Who else may decide, and when (accesspackageapprovalstage).
    pub fn others(&self) -> Vec<String> {
        let words = SubjectSet::any_of;
        let mut parts = Vec::new();
        if !self.fallback.is_empty() {
            parts.push(format!(
                "{} where those cannot be found",
                words(&self.fallback)
            ));
        }
        if let Some(after) = self.escalate_after {
            let after = time::words(after);
            if !self.escalation.is_empty() {
                parts.push(format!("also {} after {after}", words(&self.escalation)));
            }
            if !self.fallback_escalation.is_empty() {
                let others = words(&self.fallback_escalation);
                parts.push(format!("{others} then where those cannot be found"));
            }
        }
        parts
    }
}
