//! Why a delivery did not arrive, as far as anything tells it, and what to do about it.

use super::border::Barrier;
use super::guest::{Guest, Redemption};
use super::request::RequestState;
use super::text::Text;

/// What a custom extension answered while a request waited for it (`customExtensionCalloutInstance`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtensionReply {
    /// Where the call stands, in the service's word.
    pub status: Text,
    /// What the extension said.
    pub detail: Text,
}

/// All that was read of a delivery that did not arrive whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFacts {
    /// The service's finer word for where the request stands.
    pub status: Text,
    /// What custom extensions said.
    pub extensions: Vec<ExtensionReply>,
    /// Whether it was looked for an account, and what was found.
    pub account: DeliveredAccount,
    /// What keeps people of this domain out of the tenant.
    pub barrier: Option<(String, Barrier)>,
}

/// The account that something was delivered to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DeliveredAccount {
    /// Not read.
    #[default]
    Unread,
    /// There is none.
    None,
    /// This one.
    There(Box<Guest>),
}

impl DeliveryFacts {
    /// Why, as a clause, and the setting or the step that it points to, as a sentence.
    pub fn reason(&self) -> (String, String) {
        let failed = |one: &&ExtensionReply| {
            let status = one.status.to_lowercase();
            !one.detail.is_empty() && !status.contains("success") && !status.contains("complet")
        };
        if let Some(one) = self.extensions.iter().find(failed) {
            return (
                format!(
                    "a custom extension said {}: {}",
                    one.status.or("so"),
                    one.detail
                ),
                "Look at the runs of its Logic App, then reprocess".into(),
            );
        }
        if let Some((domain, barrier)) = &self.barrier {
            return (
                format!("no account could be made, because {domain} {}", barrier.words()),
                "Change that in the tenant's external collaboration or cross-tenant access settings, then reprocess"
                    .into(),
            );
        }
        let said = self.said();
        // What Graph gives as the reason is about the package, whatever may be said of the account too.
        let unsaid = said.is_none();
        match &self.account {
            DeliveredAccount::There(guest) if !guest.enabled => (
                "the account is blocked from signing in, and who cannot sign in is given nothing".into(),
                "Unblock the account, then reprocess".into(),
            ),
            DeliveredAccount::There(guest)
                if unsaid && guest.redemption == Some(Redemption::Pending) =>
            (
                "they have not accepted their invitation yet".into(),
                "Have them sign in once and accept, then reprocess".into(),
            ),
            DeliveredAccount::None => (
                said.unwrap_or_else(|| "there is no account to give it to".into()),
                "Invite them, or look at who may be invited (external collaboration settings), then reprocess"
                    .into(),
            ),
            DeliveredAccount::There(_) | DeliveredAccount::Unread => (
                said.unwrap_or_else(|| "Graph does not say why".into()),
                "Look at the package's resources (a group, app or site that is gone, or that one cannot be a guest \
                 of) and at the request in the Entra admin center; Entra tries again by itself for some hours, after \
                 that reprocess does"
                    .into(),
            ),
        }
    }

    /// The service's finer word, where it says more than the state.
    fn said(&self) -> Option<String> {
        let states = [
            RequestState::DeliveryFailed,
            RequestState::PartiallyDelivered,
            RequestState::Delivered,
        ];
        let plain = |state: &RequestState| state.as_str().eq_ignore_ascii_case(&self.status);
        let more = !self.status.is_empty() && !states.iter().any(plain);
        more.then(|| format!("Graph says {}", self.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guest::tests::guest;

    #[test]
    fn each_reason_names_what_to_do_and_an_unknown_one_is_told_as_unknown() {
        let facts = DeliveryFacts::default();
        let why = |facts: &DeliveryFacts| facts.reason().0;
        assert_eq!(why(&facts), "Graph does not say why");
        let status = |status: &str| DeliveryFacts {
            status: status.into(),
            ..DeliveryFacts::default()
        };
        assert_eq!(why(&status("DeliveryFailed")), "Graph does not say why");
        assert_eq!(
            why(&status("SharePointSiteNotFound")),
            "Graph says SharePointSiteNotFound"
        );
        // What Graph names is no matter of an invitation that waits too.
        let pending = |status: &str| DeliveryFacts {
            status: status.into(),
            account: DeliveredAccount::There(Box::new(Guest {
                redemption: Some(Redemption::Pending),
                ..guest()
            })),
            ..DeliveryFacts::default()
        };
        let next = |status| pending(status).reason().1;
        assert!(next("SharePointSiteNotFound").starts_with("Look at the package's resources"));
        assert!(next("DeliveryFailed").starts_with("Have them sign in once"));
        let extension = DeliveryFacts {
            extensions: vec![ExtensionReply {
                status: "CallbackTimedOut".into(),
                detail: "no answer in 14 days".into(),
            }],
            ..DeliveryFacts::default()
        };
        let (reason, next) = extension.reason();
        assert!(reason.contains("no answer in 14 days") && next.contains("Logic App"));
        let barred = DeliveryFacts {
            account: DeliveredAccount::None,
            barrier: Some(("evil.example".into(), Barrier::Listed)),
            ..DeliveryFacts::default()
        };
        assert!(why(&barred).contains("evil.example is on the tenant's block list"));
        let nobody = DeliveryFacts {
            account: DeliveredAccount::None,
            ..DeliveryFacts::default()
        };
        assert_eq!(why(&nobody), "there is no account to give it to");
    }
}
