//! `guestlist status`: who is signed in, where the sign-in lives, and when it ends.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::runtime;
use crate::cli::args;
use crate::cli::failure::Failure;
use crate::cli::out::{Array, Out, table};
use crate::cli::signing::{self, Parts};
use crate::domain::problem::Problem;
use crate::domain::text::Text;
use crate::settings::{GraphPlace, Profile, Settings};
use crate::signin::{Cloud, KeptIn, SignInStatus, Way};

/// Says how the sign-in stands, and asks for a token to know whether it still holds.
pub(in crate::cli) fn run(args: &args::Status, settings: &Settings) -> Result<(), Failure> {
    let (profile, secret) = match settings.place.clone()? {
        GraphPlace::Tenant { profile, secret } => {
            signing::ready(settings, &profile)?;
            (*profile, secret)
        }
        GraphPlace::Graph { url, token } => (outside(&url)?, Some(token)),
        GraphPlace::Demo { .. } => {
            let mut out = Out::new();
            out.line("The demo tenant signs in by itself.")?;
            return Ok(out.flush()?);
        }
    };
    let sign_in = Parts::new(settings, &profile, secret).sign_in()?;
    let fetched = runtime()?.block_on(sign_in.fetch()).map(drop);
    let status = sign_in.status()?;
    if args.json {
        let mut array = Array::open()?;
        array.push(&as_json(&profile, &status, fetched.as_ref().err()))?;
        array.close()?;
    } else {
        let rows: Vec<Vec<String>> = rows(&profile, &status)
            .into_iter()
            .map(|(name, words)| vec![name.to_owned(), words])
            .collect();
        table(&mut Out::new(), &rows)?;
    }
    Ok(fetched?)
}

/// What `--graph-url` with a token stands for.
fn outside(url: &str) -> Result<Profile, Failure> {
    let cloud = Cloud::custom(url, url).map_err(|problem| Failure::Usage(problem.to_string()))?;
    Ok(Profile {
        cloud,
        way: Way::Token,
        ..Profile::default()
    })
}

fn tenant(profile: &Profile, status: &SignInStatus) -> String {
    let id = status
        .claims
        .as_ref()
        .and_then(|claims| claims.tenant.as_ref());
    let named = (profile.tenant != crate::signin::ANY_TENANT).then_some(profile.tenant.as_str());
    match (named, id) {
        (Some(named), Some(id)) if named.eq_ignore_ascii_case(id) => named.to_owned(),
        (Some(named), Some(id)) => format!("{named} ({id})"),
        (Some(named), None) => named.to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => "the home of whoever signs in".into(),
    }
}

fn place(status: &SignInStatus) -> String {
    match status.way {
        Way::Browser | Way::DeviceCode => match (&status.place, &status.kept) {
            (KeptIn::Memory, _) => "nowhere: each run signs in anew".into(),
            (place, Some(_)) => place.to_string(),
            (place, None) => format!("not there yet ({place})"),
        },
        Way::Token => "in the environment, in GUESTLIST_TOKEN".into(),
        Way::AzureCli | Way::AzureDeveloperCli => {
            format!("with {}; asked for each time", status.way)
        }
        _ => "nowhere: asked for each time".into(),
    }
}

fn rows(profile: &Profile, status: &SignInStatus) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if !profile.is_implied() {
        rows.push(("profile", profile.name.clone()));
    }
    let unknown = || "nobody, as far as is known here".to_owned();
    let app = || {
        let claims = status.claims.as_ref()?;
        let app = claims.app.as_ref().filter(|_| claims.is_app_only())?;
        Some(format!("the app {app}"))
    };
    let account = status.account.as_ref().map(ToString::to_string);
    rows.push(("who", account.or_else(app).unwrap_or_else(unknown)));
    rows.push(("tenant", tenant(profile, status)));
    rows.push(("cloud", profile.cloud.to_string()));
    rows.push(("way", status.way.to_string()));
    rows.push(("kept", place(status)));
    if let Some(kept) = &status.kept {
        let until = day(kept.ends_unused());
        rows.push((
            "sign-in",
            format!("ends if it is not used until {until}, or when the tenant's policies end it"),
        ));
    }
    if let Some(ends) = status.ends {
        let renewed = if status.way == Way::Token {
            ""
        } else {
            "; it is renewed by itself"
        };
        rows.push(("token", format!("ends at {}{renewed}", clock(ends))));
    }
    rows
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d")
        .to_string()
}

fn clock(at: Timestamp) -> String {
    let left = (at.duration_since(Timestamp::now()).as_secs() + 59) / 60;
    let at = at.to_zoned(TimeZone::system());
    format!("{}, {left} min from now", at.strftime("%H:%M"))
}

fn as_json(
    profile: &Profile,
    status: &SignInStatus,
    problem: Option<&Problem>,
) -> serde_json::Value {
    let claims = status.claims.as_ref();
    let words = |text: Option<&Text>| text.map(ToString::to_string);
    let permissions = claims.map(|claims| {
        let all = claims.scopes.iter().chain(&claims.roles);
        all.cloned().collect::<Vec<_>>()
    });
    json!({
        "profile": (!profile.is_implied()).then_some(&profile.name),
        "account": words(status.account.as_ref()),
        "tenant": profile.tenant,
        "tenantId": words(claims.and_then(|claims| claims.tenant.as_ref())),
        "cloud": profile.cloud.to_string(),
        "way": status.way.word(),
        "kept": match (&status.kept, &status.place) {
            (None, _) | (_, KeptIn::Memory) => None,
            (_, KeptIn::Keyring) => Some("keyring".to_owned()),
            (_, KeptIn::File(path)) => Some(path.display().to_string()),
        },
        "signInEnds": status.kept.as_ref().map(|kept| kept.ends_unused().to_string()),
        "tokenEnds": status.ends.map(|ends| ends.to_string()),
        "permissions": permissions,
        "problem": problem.map(ToString::to_string),
    })
}
