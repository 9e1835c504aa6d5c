//! One rule: which exchanges it fits, and what it does to them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::emulator::fate::DeliveryFate;
use crate::emulator::permission;
use crate::emulator::service::Incoming;

/// What goes wrong, where, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// The method; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path as it is sent, with `*` for anything: `*/users/*`. Compared with the query too where it holds a `?`.
    #[serde(default = "anywhere")]
    pub path: String,
    /// Items of batches only (`true`), or only what comes alone (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<bool>,
    /// From which fitting exchange on, counted from 1.
    #[serde(default = "first")]
    pub nth: u64,
    /// How many exchanges at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// For how many seconds, from the first exchange it is done to.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What is done.
    pub effect: FaultEffect,
}

fn anywhere() -> String {
    "*".to_owned()
}

fn first() -> u64 {
    1
}

/// What can be done to an exchange. *Before* and *after* are about the commit: whether the emulated tenant has changed
/// by the time the caller is failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum FaultEffect {
    /// 429, before.
    Throttle {
        /// What the header says; none means no header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// An error of the service: 500, 502, 503, 504.
    Fail {
        /// The status.
        status: u16,
        /// After the commit.
        #[serde(default)]
        after: bool,
        /// What the header says; none means no header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// The connection ends without an answer.
    Drop {
        /// After the commit.
        #[serde(default)]
        after: bool,
    },
    /// The answer takes this much longer.
    Slow {
        /// How much.
        seconds: f64,
    },
    /// The connection ends in the middle of the answer's body, after the commit.
    Truncate,
    /// A web page in place of Graph's answer, as a gateway gives it.
    Page {
        /// The status.
        #[serde(default = "bad_gateway")]
        status: u16,
        /// After the commit.
        #[serde(default)]
        after: bool,
    },
    /// An answer that is called JSON and is none, after the commit.
    Malformed,
    /// 401: the token has run out.
    Expired {
        /// Claims that the next token must have, as JSON: sent in the challenge.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claims: Option<String>,
    },
    /// 403, for whatever needs this permission.
    Scope {
        /// The permission, such as `User.Invite.All`.
        scope: String,
    },
    /// 403, as a tenant without the licence gets it.
    Licence,
    /// The guest that an invitation makes is not there yet for a while (replication).
    Lag {
        /// For so many exchanges that ask for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        requests: Option<u64>,
        /// For so long.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<f64>,
        /// Reads show it already, and only writes do not find it.
        #[serde(default)]
        shown: bool,
    },
    /// What it sends on its way (a request made, approved or reprocessed) is delivered so.
    Deliver(DeliveryFate),
}

fn bad_gateway() -> u16 {
    502
}

/// What `Retry-After` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    /// So many seconds, fractions too.
    Seconds(f64),
    /// An HTTP date so many seconds ahead, rounded up to whole ones.
    Date {
        /// How far ahead.
        date: f64,
    },
    /// These words.
    Words(String),
}

impl FaultRule {
    /// `effect` for every exchange.
    pub fn new(effect: FaultEffect) -> Self {
        Self {
            method: None,
            path: anywhere(),
            items: None,
            nth: first(),
            count: None,
            seconds: None,
            effect,
        }
    }

    /// Only for this method (or `*`) and path.
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> Self {
        Self {
            method: (method != "*").then(|| method.to_owned()),
            path: path.to_owned(),
            ..self
        }
    }

    /// Only for items of batches, or only for what comes alone.
    #[must_use]
    pub fn items(self, items: bool) -> Self {
        Self {
            items: Some(items),
            ..self
        }
    }

    /// Only from the `nth` on.
    #[must_use]
    pub fn from(self, nth: u64) -> Self {
        Self { nth, ..self }
    }

    /// So many times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// For so many seconds from its first hit.
    #[must_use]
    pub fn lasting(self, seconds: f64) -> Self {
        Self {
            seconds: Some(seconds),
            ..self
        }
    }

    /// Reads rules from JSON.
    pub(super) fn list(value: &Value) -> Result<Vec<Self>, String> {
        let list = value.as_array().ok_or("it is not a list of rules")?;
        let rules = list.iter().enumerate().map(|(at, value)| {
            let rule = Self::deserialize(value).map_err(|error| error.to_string());
            rule.and_then(Self::checked)
                .map_err(|what| format!("rule {}: {what}", at + 1))
        });
        rules.collect()
    }

    fn checked(self) -> Result<Self, String> {
        let time = |seconds: f64, what: &str| {
            if (0.0..=86_400.0).contains(&seconds) {
                Ok(())
            } else {
                Err(format!("{what} is a number of seconds, from 0 to a day"))
            }
        };
        time(self.seconds.unwrap_or(0.0), "\"for\"")?;
        if self.nth == 0 {
            return Err("\"nth\" counts from 1".to_owned());
        }
        match &self.effect {
            FaultEffect::Fail { status, .. } if !(500..=599).contains(status) => {
                Err("the status of \"fail\" is from 500 to 599".to_owned())
            }
            FaultEffect::Page { status, .. } if !(200..=599).contains(status) => {
                Err("the status of \"page\" is from 200 to 599".to_owned())
            }
            FaultEffect::Lag {
                requests: None,
                seconds: None,
                ..
            } => Err("\"lag\" needs \"requests\" or \"seconds\"".to_owned()),
            FaultEffect::Deliver(DeliveryFate { seconds, .. }) => time(*seconds, "\"seconds\""),
            FaultEffect::Slow { seconds }
            | FaultEffect::Lag {
                seconds: Some(seconds),
                ..
            } => time(*seconds, "\"seconds\""),
            FaultEffect::Throttle {
                retry_after: Some(RetryAfter::Date { date }),
            }
            | FaultEffect::Fail {
                retry_after: Some(RetryAfter::Date { date }),
                ..
            } => time(*date, "\"date\""),
            _ => Ok(()),
        }?;
        Ok(self)
    }

    /// Whether an exchange is one of those it is for. What is about the connection or the raw body cannot be done to
    /// one item of a batch.
    pub(super) fn fits(&self, incoming: &Incoming) -> bool {
        let is_item = incoming.item.is_some();
        let whole_only = matches!(
            self.effect,
            FaultEffect::Drop { .. }
                | FaultEffect::Truncate
                | FaultEffect::Page { .. }
                | FaultEffect::Malformed
        );
        let target = if self.path.contains('?') {
            &incoming.target
        } else {
            incoming.path()
        };
        let kind = match &self.effect {
            FaultEffect::Scope { scope } => permission::needed(&incoming.method, &incoming.target)
                .is_some_and(|needed| needed.eq_ignore_ascii_case(scope)),
            FaultEffect::Lag { .. } => {
                incoming.method == "POST" && incoming.path() == "/v1.0/invitations"
            }
            _ => true,
        };
        kind && !(is_item && whole_only)
            && self.items.is_none_or(|items| items == is_item)
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.eq_ignore_ascii_case(&incoming.method))
            && like(&self.path, target)
    }
}

impl FaultEffect {
    /// Its name in a rule, and in the record.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Throttle { .. } => "throttle",
            Self::Fail { .. } => "fail",
            Self::Drop { .. } => "drop",
            Self::Slow { .. } => "slow",
            Self::Truncate => "truncate",
            Self::Page { .. } => "page",
            Self::Malformed => "malformed",
            Self::Expired { .. } => "expired",
            Self::Scope { .. } => "scope",
            Self::Licence => "licence",
            Self::Lag { .. } => "lag",
            Self::Deliver(_) => "deliver",
        }
    }

    /// Whether the exchange is done all the same.
    pub(super) fn commits(&self) -> bool {
        match self {
            Self::Fail { after, .. } | Self::Drop { after } | Self::Page { after, .. } => *after,
            Self::Slow { .. }
            | Self::Truncate
            | Self::Malformed
            | Self::Lag { .. }
            | Self::Deliver(_) => true,
            Self::Throttle { .. } | Self::Expired { .. } | Self::Scope { .. } | Self::Licence => {
                false
            }
        }
    }
}

/// Whether `text` is `pattern` with something for each `*`. Letters count whatever their case, as in Graph's paths.
fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(tail) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_is_anything() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("*", "/v1.0/me", true),
            ("/v1.0/me", "/v1.0/me", true),
            ("/v1.0/me", "/v1.0/me/x", false),
            ("*/users/*", "/v1.0/users/1", true),
            ("*/users/*", "/v1.0/users", false),
            ("*/users", "/v1.0/users/1", false),
            ("*/Invitations", "/v1.0/invitations", true),
            ("/v1.0/*/b*c", "/v1.0/a/bbcxc", true),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn rules_are_read_strictly() {
        for good in [
            json!({"effect": {"kind": "throttle", "retryAfter": 2.128}}),
            json!({"effect": {"kind": "throttle", "retryAfter": {"date": 3}}}),
            json!({"method": "POST", "path": "*", "for": 8, "effect": {"kind": "drop", "after": true}}),
            json!({"nth": 2, "count": 1, "items": true, "effect": {"kind": "licence"}}),
        ] {
            let rules = FaultRule::list(&json!([good])).unwrap();
            let again = serde_json::to_value(&rules).unwrap();
            assert_eq!(FaultRule::list(&again).unwrap(), rules);
        }
        for (bad, why) in [
            (json!({"effect": {"kind": "explode"}}), "explode"),
            (json!({"effect": {"kind": "drop", "afer": true}}), "afer"),
            (json!({"effect": {"kind": "truncate"}, "nht": 2}), "nht"),
            (json!({"nth": 0, "effect": {"kind": "truncate"}}), "from 1"),
            (json!({"effect": {"kind": "fail", "status": 404}}), "500"),
            (json!({"effect": {"kind": "slow", "seconds": -1}}), "a day"),
            (json!({"effect": {"kind": "lag"}}), "needs"),
        ] {
            let error = FaultRule::list(&json!([bad])).unwrap_err();
            assert!(
                error.contains(why) && error.starts_with("rule 1: "),
                "{error}"
            );
        }
    }
}
