//! Whether a sign-in is kept somewhere already: `guestlist login` may have been told a place that no settings name.

use super::config::SignInConfig;
use super::store::{Store, StoreKey, StoreKind};
use crate::domain::problem::Problem;

impl SignInConfig {
    /// The place that holds a sign-in of this cloud, tenant and app, whatever place is chosen here.
    ///
    /// # Errors
    /// There is a file, and it cannot be used; how to repair it. A keyring that cannot be reached holds nothing.
    pub fn kept(&self) -> Result<Option<StoreKind>, Problem> {
        let key = StoreKey::new(&self.cloud, &self.tenant, &self.client);
        let holds = |keep| Store::new(keep, self.state_dir.as_deref()).load(&key);
        if holds(StoreKind::Keyring).is_ok_and(|kept| kept.is_some()) {
            return Ok(Some(StoreKind::Keyring));
        }
        let in_file = self.state_dir.is_some() && holds(StoreKind::File)?.is_some();
        Ok(in_file.then_some(StoreKind::File))
    }
}
