//! The tenant one is signed in to, and as whom.

use super::id::{TenantId, UserId};
use super::text::Text;

/// Who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The signed-in person's user object.
    pub me: UserId,
    /// Their display name.
    pub my_name: Text,
    /// Their user principal name.
    pub my_upn: Text,
    /// The tenant's id.
    pub tenant: TenantId,
    /// The organization's display name.
    pub tenant_name: Text,
    /// The tenant's own verified domains in lower case, the default one first.
    pub domains: Vec<String>,
}

impl Session {
    /// The domain that names this tenant in links and on the banner.
    pub fn default_domain(&self) -> &str {
        self.domains.first().map_or("", String::as_str)
    }
}
