//! What people hold: `assignments` (entitlementmanagement-list-assignments), and what must not be held together
//! (accesspackage-list-incompatibleaccesspackages, -list-accesspackagesincompatiblewith, -list-incompatiblegroups).

use jiff::Timestamp;
use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use crate::domain::access::{Access, AccessState};
use crate::domain::id::{PackageId, UserId};
use crate::domain::problem::Problem;
use crate::domain::text::Text;

/// Somebody's assignments, those that have ended too.
pub fn of(user: &UserId) -> Call {
    let filter = format!("target/objectId eq {}", quoted(user.as_str()));
    Call::get(format!("{ENTITLEMENT}/assignments"))
        .query("$expand", "target,accessPackage")
        .query("$filter", &filter)
}

/// What excludes a package, and what it excludes, then the groups: three calls.
pub fn incompatible(package: &PackageId) -> [Call; 3] {
    [
        "incompatibleAccessPackages",
        "accessPackagesIncompatibleWith",
        "incompatibleGroups",
    ]
    .map(|relation| Call::get(format!("{ENTITLEMENT}/accessPackages/{package}/{relation}")))
}

/// An assignment's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessWire {
    #[serde(default)]
    state: AccessState,
    #[serde(default, deserialize_with = "json::when")]
    expired_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "json::maybe")]
    schedule: Option<AssignmentScheduleWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    access_package: Option<PackageOrGroupWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentScheduleWire {
    #[serde(default, deserialize_with = "json::when")]
    start_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "json::maybe")]
    expiration: Option<AssignmentEndWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentEndWire {
    #[serde(default, deserialize_with = "json::when")]
    end_date_time: Option<Timestamp>,
}

/// A package or a group, by name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PackageOrGroupWire {
    #[serde(default)]
    id: Text,
    #[serde(default)]
    display_name: Text,
}

struct AssignmentRow(Access);

impl FromWire for AssignmentRow {
    type Wire = AccessWire;

    fn read(wire: AccessWire) -> Option<Self> {
        let (since, until) = wire.schedule.map_or((None, None), |schedule| {
            let until = schedule.expiration.and_then(|end| end.end_date_time);
            (schedule.start_date_time, until)
        });
        let package = wire.access_package;
        Some(Self(Access {
            package: package
                .as_ref()
                .and_then(|package| PackageId::new(&package.id).ok()),
            package_name: package
                .map(|package| package.display_name)
                .unwrap_or_default(),
            state: wire.state,
            since,
            until,
            ended: wire.expired_date_time,
        }))
    }
}

struct PackageOrGroup(Text, Text);

impl FromWire for PackageOrGroup {
    type Wire = PackageOrGroupWire;

    fn read(wire: PackageOrGroupWire) -> Option<Self> {
        (!wire.id.is_empty()).then_some(Self(wire.id, wire.display_name))
    }
}

/// The assignments in an answer to [`of`].
pub fn read(answer: &Response) -> Result<Vec<Access>, Problem> {
    let rows = json::collection::<AssignmentRow>(answer)?.rows;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Ids and names in an answer to [`super::users::member_of`] or to one of [`incompatible`].
pub fn names(answer: &Response) -> Result<Vec<(Text, Text)>, Problem> {
    let rows = json::collection::<PackageOrGroup>(answer)?.rows;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}
