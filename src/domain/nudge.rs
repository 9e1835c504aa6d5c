//! A ready text for the approver who can decide: to be sent by whoever nudges, never by this program.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a `mailto:` line as it is (RFC 6068).
const MAILTO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is known of a request that waits for somebody else.
#[derive(Clone, Copy, Debug)]
pub struct NudgeFacts<'a> {
    /// Who can decide, as far as that is known.
    pub deciders: &'a str,
    /// Who else can, each with when.
    pub others: &'a [String],
    /// Who asks, and on whose behalf.
    pub name: &'a str,
    /// The mail address of who gets the access.
    pub mail: &'a str,
    /// What they ask for.
    pub package: &'a str,
    /// How long it has waited, in words: `2 days`.
    pub waits: Option<&'a str>,
    /// When the service denies it by itself, in words: `in 12 days`.
    pub denied: Option<&'a str>,
    /// Where approvers decide; empty where that is not known.
    pub my_access: &'a str,
}

/// The text, with a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nudge {
    /// The mail's subject.
    pub subject: String,
    /// The text, of several lines.
    pub text: String,
}

impl Nudge {
    /// Words it.
    pub fn new(facts: &NudgeFacts<'_>) -> Self {
        let NudgeFacts {
            deciders,
            name,
            mail,
            package,
            ..
        } = facts;
        let waits = facts
            .waits
            .map(|waits| format!(" for {waits}"))
            .unwrap_or_default();
        let denied = facts
            .denied
            .map(|denied| format!(" It is denied by itself {denied}."))
            .unwrap_or_default();
        // Whom somebody has named stands nowhere that this may read (approverdelegate).
        let others: Vec<String> = facts
            .others
            .iter()
            .map(|other| format!("- {other}\n"))
            .collect();
        let others = format!(
            "Others who can decide it:\n{}- the delegate of any of these, where one has named one\n\n",
            others.concat()
        );
        let place = match facts.my_access {
            "" => "My Access".to_owned(),
            host => format!("My Access (https://{host})"),
        };
        Self {
            subject: format!("Waiting for your decision: {name}, {package}"),
            text: format!(
                "To {deciders}:\n\n\
                 {name} ({mail}) asks for the access package {package}. The request has waited{waits} for a decision \
                 that you can give.{denied}\n\n\
                 {others}You find it under Approvals in {place}.\n"
            ),
        }
    }

    /// A `mailto:` line that opens a mail with it; whom to send it to is left to fill in.
    pub fn mailto(&self) -> String {
        // Line breaks are CRLF there (RFC 6068, section 5).
        let body = self.text.replace('\n', "\r\n");
        format!(
            "mailto:?subject={}&body={}",
            utf8_percent_encode(&self.subject, MAILTO),
            utf8_percent_encode(&body, MAILTO)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> NudgeFacts<'static> {
        NudgeFacts {
            deciders: "Lynne Robbins or Nestor Wilke",
            others: &[],
            name: "Grace & Hopper",
            mail: "grace@c0ntoso.com",
            package: "Supplier Hub",
            waits: Some("2 days"),
            denied: Some("in 12 days"),
            my_access: "myaccess.microsoft.com",
        }
    }

    #[test]
    fn the_text_says_who_what_and_until_when() {
        let nudge = Nudge::new(&facts());
        for words in [
            "To Lynne Robbins or Nestor Wilke:",
            "Grace & Hopper (grace@c0ntoso.com)",
            "Supplier Hub",
            "has waited for 2 days",
            "denied by itself in 12 days",
            "https://myaccess.microsoft.com",
        ] {
            assert!(nudge.text.contains(words), "{words}: {}", nudge.text);
        }
        assert!(!nudge.text.contains("nobody else"), "{}", nudge.text);
        let others = [
            "the group F where those cannot be found".to_owned(),
            "also Zed after 3 days".to_owned(),
        ];
        let more = Nudge::new(&NudgeFacts {
            others: &others,
            ..facts()
        });
        for words in [
            "- the group F where",
            "- also Zed after 3 days\n",
            "- the delegate of any",
        ] {
            assert!(more.text.contains(words), "{}", more.text);
        }
        let bare = Nudge::new(&NudgeFacts {
            waits: None,
            denied: None,
            my_access: "",
            ..facts()
        });
        assert!(!bare.text.contains("by itself") && !bare.text.contains("https"));
    }

    #[test]
    fn nothing_in_a_name_adds_to_the_mail() {
        let line = Nudge::new(&facts()).mailto();
        assert!(line.starts_with("mailto:?subject=Waiting%20for"), "{line}");
        assert_eq!(
            line.matches('&').count(),
            1,
            "only the one before the body: {line}"
        );
        assert_eq!(line.matches('?').count(), 1, "{line}");
        assert!(line.contains("%0D%0A") && !line.contains('\n'), "{line}");
    }
}
