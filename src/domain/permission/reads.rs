//! What each command needs that only reads.

use super::{Need, Permission};
use crate::domain::capability::Area;

/// Where requests are.
pub const ENTITLEMENT_REQUESTS: &str =
    "/identityGovernance/entitlementManagement/assignmentRequests";

/// Who is signed in, and where.
pub const STATUS: Need = Need {
    command: "status",
    does: "who is signed in, and where",
    writes: false,
    // Whoever is signed in may ask who they are.
    area: None,
    // Organization is read with User.Read too; what the data calls least (device management) is no use here.
    delegated: &[Permission::UserRead, Permission::DomainReadAll],
    application: Some(&[Permission::OrganizationReadAll, Permission::DomainReadAll]),
    calls: &[("GET", "/organization"), ("GET", "/domains")],
};

/// Which licences the tenant has.
pub const DOCTOR: Need = Need {
    command: "doctor",
    does: "which licences the tenant has",
    writes: false,
    area: Some(Area::Licences),
    delegated: &[Permission::LicenseAssignmentReadAll],
    application: Some(&[Permission::LicenseAssignmentReadAll]),
    calls: &[("GET", "/subscribedSkus")],
};

/// See who asks for access.
pub const REQUESTS: Need = Need {
    command: "requests list",
    does: "see who asks for access",
    writes: false,
    area: Some(Area::Requests),
    delegated: &[Permission::EntitlementManagementReadAll],
    application: Some(&[Permission::EntitlementManagementReadAll]),
    calls: &[
        ("GET", ENTITLEMENT_REQUESTS),
        (
            "GET",
            "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}",
        ),
    ],
};

/// See the stages of a request and whom they wait for.
pub const STAGES: Need = Need {
    command: "requests show",
    does: "see the stages of a request and whom they wait for",
    writes: false,
    area: Some(Area::Inbox),
    delegated: &[Permission::EntitlementManagementReadAll],
    application: None,
    calls: &[
        (
            "GET",
            "/identityGovernance/entitlementManagement/assignmentRequests/filterByCurrentUser(on='{on}')",
        ),
        (
            "GET",
            "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages",
        ),
    ],
};

/// See who may sign up for what.
pub const POLICIES: Need = Need {
    command: "policies list",
    does: "see who may sign up for what",
    writes: false,
    area: Some(Area::Policies),
    delegated: &[Permission::EntitlementManagementReadAll],
    application: Some(&[Permission::EntitlementManagementReadAll]),
    calls: &[
        (
            "GET",
            "/identityGovernance/entitlementManagement/assignmentPolicies",
        ),
        (
            "GET",
            "/identityGovernance/entitlementManagement/accessPackages",
        ),
        (
            "GET",
            "/identityGovernance/entitlementManagement/connectedOrganizations",
        ),
    ],
};

/// See who is in.
pub const GUESTS: Need = Need {
    command: "guests list",
    does: "see who is in",
    writes: false,
    area: Some(Area::Guests),
    // The basic profile of User.ReadBasic.All has neither type nor state of a guest (permissions-reference).
    delegated: &[Permission::UserReadAll],
    application: Some(&[Permission::UserReadAll]),
    calls: &[("GET", "/users"), ("GET", "/users/{user-id}")],
};

/// See when guests last signed in.
pub const SIGN_INS: Need = Need {
    command: "guests list --sign-ins",
    does: "see when guests last signed in",
    writes: false,
    area: Some(Area::SignIns),
    // signInActivity needs it besides (signinactivity).
    delegated: &[Permission::UserReadAll, Permission::AuditLogReadAll],
    application: Some(&[Permission::UserReadAll, Permission::AuditLogReadAll]),
    calls: &[("GET", "/users")],
};

/// See a guest's groups, apps and sponsors.
pub const ACCESS: Need = Need {
    command: "guests show",
    does: "see a guest's groups, apps and sponsors",
    writes: false,
    area: Some(Area::Guests),
    // The least for appRoleAssignments would let one change them.
    delegated: &[Permission::UserReadAll, Permission::DirectoryReadAll],
    application: Some(&[Permission::UserReadAll, Permission::DirectoryReadAll]),
    calls: &[
        ("GET", "/users/{user-id}/memberOf"),
        ("GET", "/users/{user-id}/appRoleAssignments"),
        ("GET", "/users/{user-id}/sponsors"),
    ],
};

/// All of them, in the order in which they are listed.
pub const ALL: &[&Need] = &[
    &STATUS, &DOCTOR, &REQUESTS, &STAGES, &POLICIES, &GUESTS, &SIGN_INS, &ACCESS,
];
