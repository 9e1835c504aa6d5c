//! Access packages, their catalogs, and the organizations one is connected to.

use super::id::{CatalogId, OrganizationId, PackageId, TenantId};
use super::text::Text;
use super::word::words;

words! {
    /// What kind of thing a package gives access to (`originSystem` of its resources).
    ResourceKind {
        /// A group or a team.
        Group = "AadGroup",
        /// An application.
        Application = "AadApplication",
        /// A `SharePoint` site.
        Site = "SharePointOnline",
    }
}

impl ResourceKind {
    /// The plain word for it.
    pub fn word(&self) -> &str {
        match self {
            Self::Group => "group",
            Self::Application => "app",
            Self::Site => "site",
            Self::Other(word) => word.or("resource"),
        }
    }
}

/// One thing a package gives, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Group, app or site.
    pub kind: ResourceKind,
    /// Its name.
    pub name: Text,
    /// The role in it, such as `Member`.
    pub role: Text,
}

/// A bundle of access that people ask for (`accessPackage`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its id.
    pub id: PackageId,
    /// Its name.
    pub name: Text,
    /// What its owner says of it.
    pub description: Text,
    /// Not listed in My Access; a link to it still works.
    pub hidden: bool,
    /// The catalog it stands in.
    pub catalog: Option<CatalogId>,
    /// The catalog's name.
    pub catalog_name: Text,
    /// Whether the catalog is published and open to people from outside; `None` where not known.
    pub catalog_open: Option<bool>,
    /// What it gives.
    pub resources: Vec<Resource>,
}

impl Package {
    /// The link a person follows to ask for this package. `hint` names the tenant: without it somebody from
    /// outside lands in their own (entitlement-management-access-package-settings).
    pub fn request_link(&self, my_access: &str, hint: &str) -> String {
        format!("https://{my_access}/@{hint}#/access-packages/{}", self.id)
    }
}

words! {
    /// Whether somebody has confirmed a connected organization (`connectedOrganizationState`).
    OrganizationState {
        /// Set up by an administrator.
        Configured = "configured",
        /// Came by itself with a first request; nobody has looked at it yet.
        Proposed = "proposed",
    }
}

/// Another organization whose people may ask (`connectedOrganization`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: Text,
    /// Confirmed or proposed.
    pub state: OrganizationState,
    /// The mail domains it is known by, in lower case. A source that names only a tenant id adds none.
    pub domains: Vec<String>,
    /// The tenants it is known by.
    pub tenants: Vec<TenantId>,
}
