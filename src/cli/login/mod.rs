//! `guestlist login`, `logout` and `status`: one's sign-in, outside the console.

mod qr;
mod show;
mod status;

pub(super) use status::run as status;

use super::args;
use super::failure::Failure;
use super::out::{Out, say};
use super::signing::Parts;
use crate::domain::invitation::Secret;
use crate::settings::{GraphPlace, Profile, Settings};
use crate::signin::{KeptIn, SignIn, StoreKind, Way};
use show::{Show, reaches_nobody, unseen};

/// The profile one signs in to.
fn profile(settings: &Settings) -> Result<(&Profile, Option<Secret>), Failure> {
    match settings.place.as_ref().map_err(Clone::clone)? {
        GraphPlace::Tenant { profile, secret } => Ok((profile, secret.clone())),
        GraphPlace::Demo { .. } => Err(Failure::Usage(
            "The demo tenant needs no sign-in. Leave out --demo.".into(),
        )),
        GraphPlace::Graph { .. } => Err(Failure::Usage(
            "With --graph-url the token in GUESTLIST_TOKEN is the sign-in. Name a profile instead."
                .into(),
        )),
    }
}

/// A runtime for what is asked of Entra.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::local(
                format!("The sign-in cannot be started ({error})"),
                "Try again",
            )
        })
}

/// Signs in, and keeps it.
pub(super) fn login(args: &args::Login, settings: &Settings) -> Result<(), Failure> {
    let (profile, secret) = profile(settings)?;
    let way = args.way().unwrap_or(profile.way);
    let keep = place_to_keep(args, profile, way)?;
    let (show, steps) = Show::new();
    let parts = Parts {
        way: Some(way),
        keep,
        prompt: Some(steps),
        ..Parts::new(settings, profile, secret)
    };
    let mut config = parts.config()?;
    config.patient = false;
    if config.keep == StoreKind::Memory && way.is_interactive() {
        // A login that ended with this command would be none.
        config.keep = StoreKind::Keyring;
    }
    let sign_in = SignIn::new(config)?;
    if way.is_interactive() {
        sign_in.check_store()?;
        if reaches_nobody() {
            return Err(unseen(Failure::Pipe));
        }
    }
    runtime()?.block_on(show.until(sign_in.begin(way)))?;
    if let Some(problem) = show.not_kept() {
        return Err(problem.into());
    }
    let mut out = Out::new();
    let status = sign_in.status()?;
    let who = status
        .account
        .as_ref()
        .map_or("somebody the token does not name", |who| who.as_str());
    out.line(&format!("Signed in as {who}{}.", target(profile)))?;
    if way.is_interactive() {
        out.line(&format!(
            "The sign-in is kept {}; `guestlist logout` removes it.",
            status.place
        ))?;
    } else if way != profile.way {
        out.line(&format!(
            "To sign in so each time, put sign_in = \"{way}\" into the profile."
        ))?;
    }
    Ok(out.flush()?)
}

/// ` to contoso.com (profile prod)`.
fn target(profile: &Profile) -> String {
    let tenant = match profile.tenant.as_str() {
        crate::signin::ANY_TENANT => String::new(),
        tenant => format!(" to {tenant}"),
    };
    if profile.is_implied() {
        tenant
    } else {
        format!("{tenant} (profile {})", profile.name)
    }
}

/// Where this login asks to keep it; `None` leaves it to the profile and to what is kept already.
fn place_to_keep(
    args: &args::Login,
    profile: &Profile,
    way: Way,
) -> Result<Option<StoreKind>, Failure> {
    if !way.is_interactive() {
        if args.keep.is_some() {
            return Err(Failure::Usage(format!(
                "{way} leaves nothing to keep: it is asked again each time. Leave out --keep."
            )));
        }
        return Ok(None);
    }
    match (args.keep, profile.keep) {
        (Some(keep), Some(other)) if StoreKind::from(keep) != other => Err(Failure::Usage(format!(
            "The profile keeps sign-ins with keep_sign_in = \"{}\", so later runs would not look anywhere else. Change it there, or leave out --keep.",
            other.word()
        ))),
        (None, Some(StoreKind::Memory)) => Err(Failure::Usage(
            "This profile keeps sign-ins in memory, so one would end with this command. Sign in inside the console, or set keep_sign_in to \"keyring\" or \"file\".".into(),
        )),
        (keep, _) => Ok(keep.map(StoreKind::from)),
    }
}

/// Signs out: removes the sign-in from every place it may be kept in.
pub(super) fn logout(args: &args::Logout, settings: &Settings) -> Result<(), Failure> {
    let implied = Profile::default();
    let profiles: Vec<&Profile> = if args.all {
        settings.profiles.iter().chain([&implied]).collect()
    } else {
        vec![profile(settings)?.0]
    };
    let mut out = Out::new();
    let mut failed = None;
    for profile in profiles {
        let name = if profile.is_implied() {
            "no profile"
        } else {
            &profile.name
        };
        // What is kept belongs to a person's sign-in, whatever way the profile has now. A file that others can read
        // is removed, not complained about; a keyring that is not there matters where it should hold the sign-in.
        let parts = Parts {
            way: Some(Way::Browser),
            keep: Some(profile.keep.unwrap_or_default()),
            ..Parts::new(settings, profile, None)
        };
        match parts.sign_in().and_then(|sign_in| sign_in.forget()) {
            Ok(places) if places.is_empty() => out.line(&format!("{name}: nothing was kept."))?,
            Ok(places) => {
                let places: Vec<String> = places.iter().map(place).collect();
                out.line(&format!("{name}: removed from {}.", places.join(" and ")))?;
            }
            Err(problem) => {
                say(&format!("{name}: {problem}"));
                failed = Some(problem);
            }
        }
        let stays = match profile.way {
            Way::AzureCli => "az logout",
            Way::AzureDeveloperCli => "azd auth logout",
            _ => continue,
        };
        out.line(&format!(
            "{name}: {} stays signed in; `{stays}` ends that.",
            profile.way
        ))?;
    }
    out.flush()?;
    failed.map_or(Ok(()), |_| Err(Failure::Rows(1)))
}

fn place(kept: &KeptIn) -> String {
    match kept {
        KeptIn::Memory => "memory".into(),
        KeptIn::Keyring => "the kernel's keyring".into(),
        KeptIn::File(path) => path.display().to_string(),
    }
}
