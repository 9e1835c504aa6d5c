//! The people whom the data file names: members, and the guests with a part to play.

use super::data::{Demo, GuestData};
use super::{SeedKeys, StartError};
use crate::emulator::users::{DirectoryUser, GUEST_TYPE, MEMBER_TYPE, Redemption};
use crate::emulator::world::TenantWorld;

pub(super) fn members(
    world: &mut TenantWorld,
    keys: &mut SeedKeys,
    demo: &Demo,
) -> Result<(), StartError> {
    let domain = demo
        .domains
        .iter()
        .find(|domain| domain.is_default)
        .ok_or_else(|| StartError::Data("no domain is the default one".to_owned()))?;
    for member in &demo.members {
        let address = format!("{}@{}", member.mail, domain.name);
        world.users.push(DirectoryUser {
            id: keys.add("user", &member.key),
            display_name: format!("{} {}", member.given, member.family),
            given_name: Some(member.given.clone()),
            surname: Some(member.family.clone()),
            mail: Some(address.clone()),
            upn: address,
            job_title: Some(member.job_title.clone()),
            department: Some(member.department.clone()),
            company: Some(demo.tenant.display_name.clone()),
            language: Some("en-US".to_owned()),
            usage_location: Some(demo.tenant.country.clone()),
            user_type: Some(MEMBER_TYPE),
            enabled: true,
            created: keys.ago(demo.tenant.age),
            last_sign_in: Some(keys.before(jiff::SignedDuration::from_hours(2))),
            ..DirectoryUser::default()
        });
    }
    Ok(())
}

pub(super) fn guests(
    world: &mut TenantWorld,
    keys: &mut SeedKeys,
    demo: &Demo,
) -> Result<(), StartError> {
    for guest in &demo.guests {
        let user = guest_of(world, keys, guest)?;
        world.users.push(user);
    }
    Ok(())
}

fn guest_of(
    world: &TenantWorld,
    keys: &mut SeedKeys,
    guest: &GuestData,
) -> Result<DirectoryUser, StartError> {
    let created = keys.ago(guest.age);
    let sponsor = guest
        .sponsor
        .as_ref()
        .map(|key| keys.get("user", key))
        .transpose()?;
    let (given, family) = match guest.name.split_once(' ') {
        Some((given, family)) => (Some(given.to_owned()), Some(family.to_owned())),
        None => (None, None),
    };
    Ok(DirectoryUser {
        id: keys.add("user", &guest.key),
        display_name: guest.name.clone(),
        given_name: given.filter(|_| guest.accepted.is_some()),
        surname: family.filter(|_| guest.accepted.is_some()),
        mail: Some(guest.mail.clone()),
        upn: world.guest_name(&guest.mail),
        other_mails: vec![guest.mail.clone()],
        job_title: guest.job_title.clone(),
        company: guest.company.clone(),
        user_type: Some(GUEST_TYPE),
        enabled: !guest.blocked,
        created,
        creation: Some(if guest.self_service {
            "SelfServiceSignUp"
        } else {
            "Invitation"
        }),
        redemption: Some(Redemption {
            accepted: guest.accepted.is_some(),
            since: guest.accepted.map_or(created, |age| keys.ago(age)),
        }),
        issuer: guest.accepted.map(|_| "ExternalAzureAD"),
        last_sign_in: guest.last_sign_in.map(|age| keys.ago(age)),
        sponsors: sponsor.into_iter().collect(),
        deleted: guest.deleted.map(|age| keys.ago(age)),
        ..DirectoryUser::default()
    })
}
