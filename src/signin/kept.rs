//! Whether a sign-in is kept somewhere already: `guestlist login` may have been told a place that no settings name.

use super::config::SignInConfig;
use super::store::{Keep, Key, Store};
use crate::domain::problem::Problem;

impl SignInConfig {
    /// The place that holds a sign-in of this cloud, tenant and app, whatever place is chosen here.
    ///
    /// # Errors
    /// There is a file, and it cannot be used; how to repair it. A keyring that cannot be reached holds nothing.
    pub fn kept(&self) -> Result<Option<Keep>, Problem> {
        let key = Key::new(&self.cloud, &self.tenant, &self.client);
        let holds = |keep| Store::new(keep, self.state_dir.as_deref()).load(&key);
        if holds(Keep::Keyring).is_ok_and(|kept| kept.is_some()) {
            return Ok(Some(Keep::Keyring));
        }
        let in_file = self.state_dir.is_some() && holds(Keep::File)?.is_some();
        Ok(in_file.then_some(Keep::File))
    }
}
