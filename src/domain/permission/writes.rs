//! What each act needs, one constant an act.

use super::reads::ENTITLEMENT_REQUESTS;
use super::{Need, Permission};
use crate::domain::capability::Area;

const DECIDE: &[(&str, &str)] = &[
    (
        "GET",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages",
    ),
    (
        "PATCH",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages/{approvalStage-id}",
    ),
];

/// Approve a request's stage.
pub const APPROVE: Need = Need {
    command: "requests approve",
    does: "approve a request's stage",
    writes: true,
    area: Some(Area::Inbox),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: DECIDE,
};

/// Deny a request's stage.
pub const DENY: Need = Need {
    command: "requests deny",
    does: "deny a request's stage",
    writes: true,
    area: Some(Area::Inbox),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: DECIDE,
};

/// Cancel a request.
pub const CANCEL: Need = Need {
    command: "requests cancel",
    does: "cancel a request",
    writes: true,
    area: Some(Area::Requests),
    // The least one is for one's own requests.
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: &[(
        "POST",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/cancel",
    )],
};

/// Have a request that failed delivered again.
pub const REPROCESS: Need = Need {
    command: "requests reprocess",
    does: "have a request that failed delivered again",
    writes: true,
    area: Some(Area::Requests),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: Some(&[Permission::EntitlementManagementReadWriteAll]),
    calls: &[(
        "POST",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/reprocess",
    )],
};

/// Remove the record of a request that has ended.
pub const REMOVE: Need = Need {
    command: "requests remove",
    does: "remove the record of a request that has ended",
    writes: true,
    area: Some(Area::Requests),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: Some(&[Permission::EntitlementManagementReadWriteAll]),
    calls: &[(
        "DELETE",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}",
    )],
};

/// Assign a package directly, past its approvers.
pub const ASSIGN: Need = Need {
    command: "requests assign",
    does: "assign a package directly, past its approvers",
    writes: true,
    area: Some(Area::Requests),
    // Whether they have an account, and the package, is looked up first. The least of the POST is for one's own
    // requests.
    delegated: &[
        Permission::EntitlementManagementReadWriteAll,
        Permission::UserReadAll,
    ],
    application: Some(&[
        Permission::EntitlementManagementReadWriteAll,
        Permission::UserReadAll,
    ]),
    calls: &[
        ("POST", ENTITLEMENT_REQUESTS),
        ("GET", ENTITLEMENT_REQUESTS),
        (
            "GET",
            "/identityGovernance/entitlementManagement/assignments",
        ),
        ("GET", "/users"),
    ],
};

/// Keep a guest from signing in.
pub const BLOCK: Need = Need {
    command: "guests revoke --block",
    does: "keep a guest from signing in",
    writes: true,
    area: Some(Area::Guests),
    // Less than User.ReadWrite.All, and enough for accountEnabled (user-update).
    delegated: &[
        Permission::UserReadAll,
        Permission::UserEnableDisableAccountAll,
        Permission::UserRevokeSessionsAll,
    ],
    application: Some(&[
        Permission::UserReadAll,
        Permission::UserEnableDisableAccountAll,
        Permission::UserRevokeSessionsAll,
    ]),
    calls: &[
        ("PATCH", "/users/{user-id}"),
        ("POST", "/users/{user-id}/revokeSignInSessions"),
    ],
};

/// Delete a guest.
pub const DELETE: Need = Need {
    command: "guests revoke --delete",
    does: "delete a guest",
    writes: true,
    area: Some(Area::Guests),
    delegated: &[Permission::UserReadAll, Permission::UserDeleteRestoreAll],
    application: Some(&[Permission::UserReadAll, Permission::UserDeleteRestoreAll]),
    calls: &[("DELETE", "/users/{user-id}")],
};

/// Bring a deleted guest back.
pub const RESTORE: Need = Need {
    command: "guests restore",
    does: "bring a deleted guest back",
    writes: true,
    // By id, deleted guests need not be listed.
    area: None,
    delegated: &[Permission::UserDeleteRestoreAll],
    application: Some(&[Permission::UserDeleteRestoreAll]),
    calls: &[(
        "POST",
        "/directory/deletedItems/{directoryObject-id}/restore",
    )],
};

/// Invite somebody.
pub const INVITE: Need = Need {
    command: "invite",
    does: "invite somebody",
    writes: true,
    // Guests need not be listed to invite one.
    area: None,
    // Whoever is in already is looked up first.
    delegated: &[Permission::UserInviteAll, Permission::UserReadAll],
    application: Some(&[Permission::UserInviteAll, Permission::UserReadAll]),
    calls: &[("POST", "/invitations"), ("GET", "/users")],
};
