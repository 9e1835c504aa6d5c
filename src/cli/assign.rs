//! `guestlist requests assign`: a package for a person who did not ask.

use jiff::Timestamp;

use super::args;
use super::by_ids::{find, named, no_guest};
use super::confirm::{ConfirmQuestion, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::invite::outside;
use super::out::say;
use super::send::send;
use crate::acts::{ActKind, Assign, Plan};
use crate::domain::assignment::{ASSIGNS, Assignee, Assignment, BYPASSES};
use crate::domain::guest::Guest;
use crate::domain::id::{PackageId, UserId};
use crate::domain::nearest::nearest;
use crate::domain::package::Package;
use crate::domain::policy::Policy;
use crate::domain::text::Text;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// Assigns it.
pub(super) fn run(args: &args::AssignArgs, settings: &Settings) -> Result<(), Failure> {
    let who = &named(&args.guest)?;
    if !who.contains('@') && UserId::new(who).is_err() {
        return Err(no_guest(who));
    }
    let mut link = Link::writing(settings)?;
    let (packages, policies) = governance(&mut link)?;
    let package = pick(
        "package",
        &args.package,
        &packages,
        |package| package.id.as_str(),
        |package| &package.name,
    )?;
    let of_package: Vec<Policy> = policies
        .into_iter()
        .filter(|policy| policy.package.as_ref() == Some(&package.id))
        .collect();
    let policy = pick(
        "policy of that package",
        &args.policy,
        &of_package,
        |policy| policy.id.as_str(),
        |policy| &policy.name,
    )?;
    let guest = find(&mut link, who)?;
    if guest.is_none() && who.contains('@') {
        let found = outside(&args.guest, &link.session()?.domains)?;
        found.told(&args.guest).iter().for_each(|words| say(words));
    }
    let plan = plan(&package.id, policy, guest.as_ref(), who, args)?;
    say(if args.bypass_approval {
        BYPASSES
    } else {
        ASSIGNS
    });
    let shown = [format!(
        "{} to {}, {}",
        plan.name, package.name, policy.name
    )];
    confirm(
        &ConfirmQuestion::of(ActKind::Assign, &shown),
        args.write.yes,
    )?;
    send(&mut link, vec![plan], args.write)
}

fn plan(
    package: &PackageId,
    policy: &Policy,
    guest: Option<&Guest>,
    who: &str,
    args: &args::AssignArgs,
) -> Result<Plan, Failure> {
    let (who, name) = match guest {
        Some(guest) => {
            let name = Text::new(guest.name.or(&guest.address()));
            (Assignee::Guest(guest.id.clone()), name)
        }
        None if who.contains('@') => (Assignee::Address(who.to_string()), Text::new(who)),
        None => {
            return Err(no_guest(who));
        }
    };
    let assignment = Assignment {
        package: package.clone(),
        policy: policy.id.clone(),
        who,
        asked: Timestamp::now(),
        bypass: args.bypass_approval,
    };
    let reason = args.reason.trim();
    Ok(Plan::of(Assign(Box::new(assignment)), reason, name))
}

fn governance(link: &mut Link) -> Result<(Vec<Package>, Vec<Policy>), Failure> {
    let (mut packages, mut policies) = (Vec::new(), Vec::new());
    link.ask(Ask::Policies, |answer| {
        match answer {
            Answer::Packages(all) => packages = all,
            Answer::Policies(all) => policies = all,
            _ => {}
        }
        Ok(())
    })?;
    Ok((packages, policies))
}

/// The one of `all` with this id or name.
fn pick<'a, T>(
    what: &str,
    wanted: &str,
    all: &'a [T],
    id: impl Fn(&T) -> &str,
    name: impl Fn(&T) -> &Text,
) -> Result<&'a T, Failure> {
    let wanted = wanted.trim();
    let is_it = |one: &&T| id(one) == wanted || name(one).to_lowercase() == wanted.to_lowercase();
    let found: Vec<&T> = all.iter().filter(is_it).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let names: Vec<String> = all.iter().map(|one| name(one).to_lowercase()).collect();
            let near = nearest(wanted, names.iter().map(String::as_str));
            let near = near.and_then(|near| {
                let mut all = all.iter();
                all.find(|one| name(one).to_lowercase() == near)
            });
            let offer = match near {
                Some(near) => format!("Did you mean \"{}\"?", name(near)),
                None if all.is_empty() => "There is none.".into(),
                None => {
                    let names: Vec<&str> = all.iter().map(|one| name(one).as_str()).collect();
                    format!("There are {}.", names.join(", "))
                }
            };
            Err(Failure::Usage(format!(
                "There is no {what} \"{}\". {offer}",
                Text::new(wanted)
            )))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|one| id(one)).collect();
            Err(Failure::Usage(format!(
                "\"{}\" is the name of several: {}. Give the id.",
                Text::new(wanted),
                ids.join(", ")
            )))
        }
    }
}
