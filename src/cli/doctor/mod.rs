//! `guestlist doctor`: looks at everything between this terminal and the tenant, and says what to do about what is
//! wrong. It writes nothing, here or there.

mod account;
mod check;
mod machine;
mod network;

use check::{Check, CheckResult, exit_code};

use super::args;
use super::connect::Connection;
use super::failure::Failure;
use super::out::{Array, Out};
use crate::domain::text::Text;
use crate::settings::{GraphPlace, Settings, SettingsError};

/// Runs all checks. `settings` is what came of the flags, the environment and the config file.
pub(super) fn run(
    args: &args::Doctor,
    settings: Result<&Settings, &SettingsError>,
) -> Result<(), Failure> {
    let mut checks = Vec::new();
    match settings {
        Err(error) => checks.push(refused(error)),
        Ok(settings) => {
            checks.push(Check::ok("settings", profiles(settings)));
            tenant(settings, &mut checks)?;
        }
    }
    checks.extend(machine::terminal());
    if let Ok(settings) = settings {
        checks.extend(machine::files(&settings.state_dir));
    }
    if args.json {
        let mut array = Array::open()?;
        for check in &checks {
            array.push(&check.json())?;
        }
        array.close()?;
    } else {
        print(&checks)?;
    }
    match exit_code(&checks) {
        0 => Ok(()),
        code => Err(Failure::Rows(code)),
    }
}

fn refused(error: &SettingsError) -> Check {
    Check::new(
        "settings",
        CheckResult::Fail(error.exit_code()),
        error.to_string().trim_end_matches('.'),
    )
}

fn profiles(settings: &Settings) -> String {
    match &settings.place {
        Ok(GraphPlace::Tenant { profile, .. }) if !profile.is_implied() => {
            format!("profile {}", profile.name)
        }
        Ok(GraphPlace::Demo { .. }) => "the built-in demo tenant".into(),
        Ok(GraphPlace::Graph { .. }) => "one address, one token".into(),
        _ => "no profile".into(),
    }
}

/// The way to the tenant, and what may be done there.
fn tenant(settings: &Settings, checks: &mut Vec<Check>) -> Result<(), Failure> {
    // Also where nobody ever signed in the way there can be looked at.
    let connection = Connection::open(settings, None);
    let (graph, profile) = match (&settings.place, &connection) {
        (Err(error), _) => {
            checks.push(refused(error));
            return Ok(());
        }
        (Ok(GraphPlace::Tenant { profile, .. }), _) => {
            (profile.cloud.graph().to_owned(), Some(&**profile))
        }
        (Ok(GraphPlace::Graph { url, .. }), _) => (url.clone(), None),
        (Ok(GraphPlace::Demo { .. }), Ok(connection)) => (connection.client.base.clone(), None),
        (Ok(GraphPlace::Demo { .. }), Err(_)) => (String::new(), None),
    };
    if let Some(profile) = profile {
        checks.push(network::cloud(&profile.cloud));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::local(
                format!("The checks cannot be started ({error})"),
                "Try again",
            )
        })?;
    let mut reached = true;
    for side in network::sides(&graph, profile) {
        let (found, answers) = runtime.block_on(network::side(&side));
        checks.extend(found);
        reached &= answers;
    }
    match connection {
        Err(error) => {
            let failure = Failure::from(error);
            let words = failure.to_string();
            let result = CheckResult::Fail(failure.exit_code());
            if !checks.iter().any(|check| check.result == result) {
                checks.push(Check::new("sign-in", result, words.trim_end_matches('.')));
            }
        }
        Ok(_) if !reached => checks.push(Check::skip("sign-in", "the way there is not open")),
        Ok(connection) => checks.extend(account::checks(
            connection.client.clone(),
            settings.read_only,
        )),
    }
    Ok(())
}

/// A line a check, and what to do under those that need it.
fn print(checks: &[Check]) -> Result<(), Failure> {
    const MOST: usize = 28;
    let width = checks
        .iter()
        .map(|check| check.about.len())
        .max()
        .unwrap_or(0)
        .min(MOST);
    let mut out = Out::new();
    for check in checks {
        let word = match check.result {
            CheckResult::Fail(_) => "FAIL",
            other => other.word(),
        };
        out.line(&format!(
            "{word:4}  {:width$}  {}",
            check.about, check.words
        ))?;
        if !check.fix.is_empty() {
            let fix = Text::new(&check.fix);
            out.exact(&format!("{:4}  {:width$}  → {fix}", "", ""))?;
        }
    }
    Ok(out.flush()?)
}
