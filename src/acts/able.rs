//! What everything here needs of a sign-in: the reads, and every act.

use std::sync::LazyLock;

use super::ActKind;
use crate::domain::permission::{self, Need, Permission, reads};

/// Every command's needs, in the order in which they are listed: what reads a part of the tenant, then what is done
/// there. An act without a plain command of its own is listed with the one it belongs to.
pub fn needs() -> &'static [&'static Need] {
    static ALL: LazyLock<Vec<&'static Need>> = LazyLock::new(|| {
        let family = |need: &Need| need.command.split(' ').next();
        let mut all: Vec<&'static Need> = Vec::new();
        for kind in ActKind::ALL {
            let need = kind.about().need;
            if all.iter().all(|other| other.command != need.command) {
                all.push(need);
            }
        }
        for read in reads::ALL.iter().rev() {
            let first = all.iter().position(|need| family(need) == family(read));
            all.insert(first.unwrap_or(0), read);
        }
        // Stable: what belongs together stands together, in the order in which it is met.
        let order: Vec<Option<&str>> = all.iter().map(|need| family(need)).collect();
        all.sort_by_key(|need| order.iter().position(|one| *one == family(need)));
        all
    });
    &ALL
}

/// The delegated permissions to ask for, fewest that serve every command that is enabled.
pub fn asked_for(read_only: bool) -> Vec<Permission> {
    permission::asked_for(needs().iter().copied(), read_only)
}
