//! Rules: conditions in the filter's language, and the verdict each suggests. Rules suggest; they never send.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::acts::ActKind;
use crate::domain::template::{Filling, Template};
use crate::domain::text::Text;
use crate::inventory::filter::{Alone, Filter};
use crate::inventory::rows::RequestRow;

/// A rule that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is called; stands beside what it suggested.
    pub name: Text,
    /// Which requests it is about.
    pub when: Filter,
    /// What it suggests: to approve or to deny.
    pub verdict: ActKind,
    /// Why, filled in for each request; empty where approving needs no words.
    pub reason: Template,
}

/// What a rules file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesFile {
    /// The rules that could be read, in the file's order.
    pub rules: Vec<Rule>,
    /// What is wrong with the others, a sentence each.
    pub wrong: Vec<String>,
}

/// What the rules say of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// None is about it.
    Silent,
    /// Those that are about it agree; the first of them words it.
    Suggests {
        /// The verdict.
        verdict: ActKind,
        /// The rule.
        rule: Text,
        /// Its reason for this request; `None` where it gives none.
        reason: Option<String>,
    },
    /// One says approve and another says deny: the first of each, approving first.
    Contradicts(Text, Text),
}

impl RulesFile {
    /// Says what time it is: conditions compare ages with it.
    pub fn tell(&mut self, now: Timestamp) {
        for rule in &mut self.rules {
            rule.when.tell(now);
        }
    }
}

/// What the rules say of a row.
pub fn judge(rules: &[Rule], row: &RequestRow) -> Opinion {
    let alone = Alone::new(row);
    let mut first: Option<&Rule> = None;
    for rule in rules {
        if !rule.when.matches(&alone) {
            continue;
        }
        match first {
            None => first = Some(rule),
            Some(other) if other.verdict != rule.verdict => {
                let (approves, denies) = if other.verdict == ActKind::Approve {
                    (other, rule)
                } else {
                    (rule, other)
                };
                return Opinion::Contradicts(approves.name.clone(), denies.name.clone());
            }
            Some(_) => {}
        }
    }
    let Some(rule) = first else {
        return Opinion::Silent;
    };
    let reason = rule.reason.fill(&Filling {
        name: &row.request.subject().name,
        package: &row.request.package_name,
        domain: &Text::new(&row.domain),
    });
    Opinion::Suggests {
        verdict: rule.verdict,
        rule: rule.name.clone(),
        reason: Some(reason).filter(|reason| !reason.is_empty()),
    }
}

/// Which rows rules contradict on, the first few by name.
pub(crate) fn contradictions(rows: &[String]) -> String {
    const NAMED: usize = 5;
    let mut seen = HashSet::new();
    let named: Vec<&str> = rows
        .iter()
        .map(String::as_str)
        .filter(|row| seen.insert(*row))
        .take(NAMED)
        .collect();
    let more = rows.len() - named.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let on = if rows.len() == 1 {
        "1 request"
    } else {
        &format!("{} requests", rows.len())
    };
    format!(
        "Rules contradict each other on {on}, and nothing is suggested there: {}{more}",
        named.join(", ")
    )
}
