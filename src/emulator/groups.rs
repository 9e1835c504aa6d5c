//! Groups and applications: what membership in an access package gives.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::odata::{Entity, EntityKind, FilterValue, Op};
use super::world::{EntityRow, stamp};

#[derive(Debug, Clone)]
pub(super) struct DirectoryGroup {
    pub(super) id: Uuid,
    pub(super) display_name: String,
    pub(super) description: Option<String>,
    pub(super) mail_nickname: String,
    pub(super) mail: Option<String>,
    /// Microsoft 365 groups have a mailbox; the others are security groups.
    pub(super) unified: bool,
    pub(super) created: Timestamp,
    /// Members of the tenant who are in it (approver groups are resolved with it).
    pub(super) members: Vec<Uuid>,
}

/// A service principal that a package may assign.
#[derive(Debug, Clone)]
pub(super) struct Application {
    pub(super) id: Uuid,
    pub(super) display_name: String,
}

pub(super) static GROUP: EntityKind = EntityKind {
    name: "group",
    properties: &[
        "id",
        "deletedDateTime",
        "createdDateTime",
        "description",
        "displayName",
        "groupTypes",
        "mail",
        "mailEnabled",
        "mailNickname",
        "securityEnabled",
        "visibility",
    ],
    default: &[],
    unselectable: &[],
    filters: &[
        ("id", &[Op::Eq, Op::In]),
        ("displayName", &[Op::Eq, Op::In, Op::StartsWith]),
    ],
    relations: &[],
    order: &["displayName"],
    directory: true,
};

impl EntityRow for DirectoryGroup {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl EntityRow for Application {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for DirectoryGroup {
    fn kind(&self) -> &'static EntityKind {
        &GROUP
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "createdDateTime" => stamp(self.created),
            "description" => json!(self.description),
            "displayName" => json!(self.display_name),
            "groupTypes" if self.unified => json!(["Unified"]),
            "groupTypes" => json!([]),
            "mail" => json!(self.mail),
            "mailEnabled" => json!(self.mail.is_some()),
            "mailNickname" => json!(self.mail_nickname),
            "securityEnabled" => json!(!self.unified),
            "visibility" if self.unified => json!("Private"),
            _ => Value::Null,
        })
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        match path {
            "id" => FilterValue::text(self.id.to_string()),
            "displayName" => FilterValue::text(self.display_name.as_str()),
            _ => FilterValue::Null,
        }
    }
}
