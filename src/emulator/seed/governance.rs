//! Groups, applications, catalogs, packages, policies and connected organizations, as Graph prints them.

use serde_json::{Map, Value, json};

use super::data::{Demo, Gift, OrganizationData, PackageData};
use super::{SeedKeys, StartError, rules};
use crate::emulator::borders::{CrossTenantPartner, TenantBorders};
use crate::emulator::catalogs::AccessPackageCatalog;
use crate::emulator::connected::ConnectedOrganization;
use crate::emulator::groups::{Application, DirectoryGroup};
use crate::emulator::ids::derived;
use crate::emulator::packages::{
    AccessPackage, ROLE, ResourceTarget, RoleOrScope, RoleScope, SCOPE,
};
use crate::emulator::world::{TenantWorld, stamp};

pub(super) fn build(
    world: &mut TenantWorld,
    keys: &mut SeedKeys,
    demo: &Demo,
) -> Result<(), StartError> {
    let founded = keys.ago(demo.tenant.age);
    // Governance came a year after the tenant.
    let set_up = founded + jiff::SignedDuration::from_hours(365 * 24);
    for group in &demo.groups {
        let members = group
            .members
            .iter()
            .map(|key| keys.get("user", key))
            .collect::<Result<Vec<_>, _>>()?;
        let nickname: String = group
            .display_name
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .collect();
        let id = keys.add("group", &group.key);
        for member in &members {
            if let Some(user) = world.users.get_mut(*member) {
                user.groups.push(id);
            }
        }
        world.groups.push(DirectoryGroup {
            id,
            display_name: group.display_name.clone(),
            description: group.description.clone(),
            mail: group
                .unified
                .then(|| format!("{nickname}@{}", default_domain(demo))),
            mail_nickname: nickname,
            unified: group.unified,
            created: set_up,
            members,
        });
    }
    for application in &demo.applications {
        world.applications.push(Application {
            id: keys.add("application", &application.key),
            display_name: application.display_name.clone(),
        });
    }
    for catalog in &demo.catalogs {
        let id = keys.add("catalog", &catalog.key);
        let doc = object(json!({
            "id": id,
            "displayName": catalog.display_name,
            "description": catalog.description,
            "catalogType": "userManaged",
            "state": "published",
            "isExternallyVisible": true,
            "createdDateTime": stamp(set_up),
            "modifiedDateTime": stamp(set_up),
        }));
        world.catalogs.push(AccessPackageCatalog { id, doc });
    }
    for organization in &demo.organizations {
        let organization = organization_of(keys, organization)?;
        world.organizations.push(organization);
    }
    for package in &demo.packages {
        let package = package_of(keys, demo, package, set_up)?;
        world.packages.push(package);
    }
    for package in &demo.packages {
        exclude(world, keys, package)?;
    }
    borders(world, keys, demo)?;
    for policy in &demo.policies {
        let policy = rules::policy_of(world, keys, policy, set_up)?;
        world.policies.push(policy);
    }
    Ok(())
}

/// What must not be held together with a package, once all packages are there.
fn exclude(world: &mut TenantWorld, keys: &SeedKeys, data: &PackageData) -> Result<(), StartError> {
    let ids = |kind, names: &[String]| -> Result<Vec<_>, StartError> {
        names.iter().map(|key| keys.get(kind, key)).collect()
    };
    let incompatible = ids("package", &data.incompatible)?;
    let groups = ids("group", &data.incompatible_groups)?;
    if let Some(package) = world.packages.get_mut(keys.get("package", &data.key)?) {
        package.incompatible = incompatible;
        package.incompatible_groups = groups;
    }
    Ok(())
}

fn borders(world: &mut TenantWorld, keys: &SeedKeys, demo: &Demo) -> Result<(), StartError> {
    let tenants = demo
        .organizations
        .iter()
        .filter(|one| one.known_by == "tenant");
    let partners = tenants.map(|data| {
        let organization = keys.get("organization", &data.key)?;
        Ok(CrossTenantPartner {
            tenant: derived("tenant", organization),
            organization,
            blocked: demo.borders.blocked_organizations.contains(&data.key),
        })
    });
    world.borders = TenantBorders {
        id: crate::emulator::ids::guid(keys.seed, "b2b policy", 0),
        blocked_domains: demo.borders.blocked_domains.clone(),
        partners: partners.collect::<Result<_, StartError>>()?,
        delete_after: demo.borders.delete_after.clone(),
    };
    Ok(())
}

fn default_domain(demo: &Demo) -> &str {
    demo.domains
        .iter()
        .find(|domain| domain.is_default)
        .map_or("", |domain| domain.name.as_str())
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn organization_of(
    keys: &mut SeedKeys,
    data: &OrganizationData,
) -> Result<ConnectedOrganization, StartError> {
    let id = keys.add("organization", &data.key);
    let source = if data.known_by == "tenant" {
        json!({
            "@odata.type": "#microsoft.graph.azureActiveDirectoryTenant",
            "displayName": data.display_name,
            "tenantId": derived("tenant", id),
        })
    } else {
        json!({
            "@odata.type": "#microsoft.graph.domainIdentitySource",
            "displayName": data.display_name,
            "domainName": data.domains.first(),
        })
    };
    let created = stamp(keys.ago(data.age));
    Ok(ConnectedOrganization {
        id,
        doc: object(json!({
            "id": id,
            "displayName": data.display_name,
            "description": data.description,
            "createdDateTime": created,
            "modifiedDateTime": created,
            "state": data.state,
            "identitySources": [source],
        })),
        domains: data.domains.clone(),
        internal_sponsors: data
            .sponsors
            .iter()
            .map(|key| keys.get("user", key))
            .collect::<Result<_, _>>()?,
    })
}

fn package_of(
    keys: &mut SeedKeys,
    demo: &Demo,
    data: &PackageData,
    created: jiff::Timestamp,
) -> Result<AccessPackage, StartError> {
    let id = keys.add("package", &data.key);
    let gives = data
        .gives
        .iter()
        .map(|gift| role_scope(keys, demo, gift, created))
        .collect::<Result<_, _>>()?;
    Ok(AccessPackage {
        id,
        catalog: keys.get("catalog", &data.catalog)?,
        doc: object(json!({
            "id": id,
            "displayName": data.display_name,
            "description": data.description,
            "isHidden": data.is_hidden,
            "createdDateTime": stamp(created),
            "modifiedDateTime": stamp(created),
        })),
        gives,
        incompatible: Vec::new(),
        incompatible_groups: Vec::new(),
    })
}

fn role_scope(
    keys: &SeedKeys,
    demo: &Demo,
    gift: &Gift,
    created: jiff::Timestamp,
) -> Result<RoleScope, StartError> {
    let (system, resource, role_origin, root, target) =
        match (&gift.group, &gift.application, &gift.site) {
            (Some(key), None, None) => {
                let id = keys.get("group", key)?;
                let name = demo
                    .groups
                    .iter()
                    .find(|group| group.key == *key)
                    .map(|group| group.display_name.clone());
                (
                    "AadGroup",
                    (id.to_string(), name),
                    format!("{}_{id}", gift.role),
                    id,
                    ResourceTarget::Group(id),
                )
            }
            (None, Some(key), None) => {
                let id = keys.get("application", key)?;
                let name = demo
                    .applications
                    .iter()
                    .find(|app| app.key == *key)
                    .map(|app| app.display_name.clone());
                let role = derived("role", id);
                (
                    "AadApplication",
                    (id.to_string(), name),
                    role.to_string(),
                    id,
                    ResourceTarget::Application(id, role),
                )
            }
            (None, None, Some(key)) => {
                let site = demo
                    .sites
                    .iter()
                    .find(|site| site.key == *key)
                    .ok_or_else(|| StartError::Data(format!("there is no site '{key}'")))?;
                let id = crate::emulator::ids::guid(keys.seed, "site", super::fold(key));
                // The roles of a site are numbered: owners 3, visitors 4, members 5.
                let number = if gift.role.ends_with("Visitors") {
                    "4"
                } else {
                    "5"
                };
                let name = Some(site.display_name.clone());
                (
                    "SharePointOnline",
                    (site.url.clone(), name),
                    number.to_owned(),
                    id,
                    ResourceTarget::Site,
                )
            }
            _ => {
                return Err(StartError::Data(
                    "a resource role needs one group, application or site".to_owned(),
                ));
            }
        };
    let role_id = derived(&gift.role, root);
    let scope_id = derived("scope", root);
    let (origin, name) = resource;
    Ok(RoleScope {
        id: format!("{role_id}_{scope_id}"),
        created,
        role: RoleOrScope {
            kind: &ROLE,
            doc: object(json!({
                "id": role_id,
                "displayName": gift.role,
                "description": null,
                "originSystem": system,
                "originId": role_origin,
            })),
        },
        scope: RoleOrScope {
            kind: &SCOPE,
            doc: object(json!({
                "id": scope_id,
                "displayName": name,
                "description": "Root Scope",
                "originId": origin,
                "originSystem": system,
                "isRootScope": true,
            })),
        },
        target,
    })
}
