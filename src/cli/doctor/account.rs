//! The sign-in, and what may be done with it.

use jiff::Timestamp;

use super::check::{Check, CheckResult};
use crate::domain::capability::{Area, Availability, Capabilities, Finding};
use crate::domain::permission::Permission;
use crate::domain::problem::Problem;
use crate::domain::text::Text;
use crate::graph::{ClientConfig, Patience};
use crate::worker::plain::Plain;
use crate::worker::protocol::{Answer, Ask};

/// Signs in, and asks what may be done.
pub(super) fn checks(client: ClientConfig, read_only: bool) -> Vec<Check> {
    // Whoever asks a doctor wants to know now.
    let patience = Patience {
        tries: 2,
        ..client.patience
    };
    let client = ClientConfig { patience, ..client };
    match capabilities(client) {
        Ok(found) => described(&found, read_only),
        Err(problem) => {
            let why = "nobody is signed in";
            vec![
                Check::problem("sign-in", &problem),
                Check::skip("commands", why),
            ]
        }
    }
}

fn capabilities(client: ClientConfig) -> Result<Capabilities, Problem> {
    let mut plain = Plain::start(client, None, Box::new(Timestamp::now))?;
    let (mut found, mut failed) = (None, None);
    for answer in plain.run(Ask::Capabilities) {
        match answer {
            Answer::Capabilities(capabilities) => found = Some(*capabilities),
            Answer::Failed(problem) => failed = Some(*problem),
            _ => {}
        }
    }
    let silent = || {
        Problem::new(
            crate::domain::problem::ProblemKind::Local,
            "Nothing came of it",
            "Try again",
        )
    };
    found.ok_or_else(|| failed.unwrap_or_else(silent))
}

fn described(found: &Capabilities, read_only: bool) -> Vec<Check> {
    let facts = &found.facts;
    let mut checks = Vec::new();
    checks.push(match (&facts.session, facts.app_only) {
        (Ok(session), true) => Check::new(
            "sign-in",
            CheckResult::Warn,
            format!(
                "{} in {}: an app, not a person",
                session.my_upn, session.tenant_name
            ),
        )
        .fix("Sign in as a person to approve or deny"),
        (Ok(session), false) => {
            let words = format!(
                "{} in {} ({})",
                session.my_upn,
                session.tenant_name,
                session.default_domain()
            );
            Check::ok("sign-in", words)
        }
        (Err(_), true) => Check::new("sign-in", CheckResult::Warn, "an app, not a person")
            .fix("Sign in as a person to approve or deny"),
        (Err(problem), false) => Check::problem("sign-in", problem),
    });
    checks.push(match &facts.carried {
        Some(carried) if carried.is_empty() => {
            Check::new("token", CheckResult::Warn, "it carries no permission")
                .fix("Have an administrator consent to the app's permissions")
        }
        Some(carried) => Check::ok(
            "token",
            format!("{} permissions: {}", carried.len(), carried.join(" ")),
        ),
        None => Check::ok(
            "token",
            "it cannot be read, which is its right; what it may do shows below",
        ),
    });
    let mode = found.mode(read_only).to_string();
    checks.push(match found.why_invite_only() {
        Some(why) => Check::new("mode", CheckResult::Warn, format!("{mode}: {why}")),
        None if mode.is_empty() => {
            Check::new("mode", CheckResult::Warn, "nothing of this tenant is open")
        }
        None => Check::ok("mode", mode),
    });
    checks.push(licences(found));
    for (area, finding) in &facts.areas {
        let about = format!("read {}", area.name());
        match finding {
            Finding::Open { .. } if *area == Area::Licences => {}
            Finding::Open { .. } => checks.push(Check::ok(about, "open")),
            // Why is said with the commands.
            Finding::Closed(_) => {
                checks.push(Check::new(
                    about,
                    CheckResult::Warn,
                    "closed to this sign-in",
                ));
            }
            Finding::Unknown(problem) => {
                let check = Check::problem(about, problem);
                checks.push(Check {
                    result: CheckResult::Warn,
                    ..check
                });
            }
        }
    }
    for need in &found.needs {
        let about = format!("guestlist {}", need.command);
        checks.push(match found.availability(need) {
            Availability::On => Check::ok(about, need.does),
            Availability::Unsure => Check::skip(
                about,
                format!("{}: not known before it is tried", need.does),
            ),
            Availability::Off(missing) => {
                Check::new(about, CheckResult::Warn, format!("cannot {}", need.does))
                    .fix(missing.to_string())
            }
        });
    }
    checks
}

fn licences(found: &Capabilities) -> Check {
    let licences = &found.facts.licences;
    let Some(products) = &licences.products else {
        return Check::new("licences", CheckResult::Warn, "they cannot be read").fix(format!(
            "{} shows them",
            Permission::LicenseAssignmentReadAll
        ));
    };
    let names: Vec<&str> = products.iter().map(Text::as_str).collect();
    let names = if names.is_empty() {
        "none".into()
    } else {
        names.join(" ")
    };
    if licences.governance {
        return Check::ok("licences", names);
    }
    Check::new("licences", CheckResult::Warn, format!("{names}: none with entitlement management"))
        .fix("Microsoft Entra ID P2 or Microsoft Entra ID Governance has it; a renewal can take hours to show")
}
