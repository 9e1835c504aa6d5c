//! The inventory's own promises; what its rows say is tested beside them, and through both faces.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::Inventory;
use super::answer::InventoryChange;
use super::load::Listed;
use super::view::{Base, QueueScope};
use super::want::Want;
use crate::worker::protocol::{Answer, Ask, Beside, Whose};

/// Every source file below a folder, with its path.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
}

#[test]
fn neither_face_is_known_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inventory");
    let mut found = Vec::new();
    sources(&folder, &mut found);
    assert!(found.len() > 10);
    let faces = ["app", "ui", "cli", "run", "terminal"].map(|face| format!("crate::{face}"));
    for (path, source) in found {
        for face in &faces {
            assert!(!source.contains(face.as_str()), "{path} uses {face}");
        }
    }
}

#[test]
fn what_a_newer_load_has_replaced_changes_nothing_and_what_fills_no_list_comes_back() {
    let (mut inventory, now) = (Inventory::default(), Timestamp::UNIX_EPOCH);
    inventory.begin(Listed::Policies);
    let answer = || Answer::Policies(Vec::new());
    assert_eq!(
        inventory.take(&[], answer(), now),
        Ok(InventoryChange::Stale)
    );
    let taken = inventory.take(&[Listed::Policies], answer(), now);
    assert_eq!(taken, Ok(InventoryChange::Lists));
    assert_eq!(inventory.take(&[], Answer::Done, now), Err(Answer::Done));
    inventory.ended(Listed::Policies, now);
    assert_eq!(inventory.loads.policies.fresh, Some(now));
}

#[test]
fn a_view_reads_what_it_shows_and_no_more() {
    let asks = |base, guests| -> Vec<Ask> {
        let scope = QueueScope {
            base,
            ..QueueScope::default()
        };
        let reads = Want::View { scope, guests }.reads();
        reads.into_iter().map(|read| read.ask).collect()
    };
    assert!(asks(Base::Pending, true).contains(&Ask::Guests(Whose::Guests)));
    assert!(!asks(Base::Pending, false).contains(&Ask::Guests(Whose::Guests)));
    let failed = asks(Base::Failed, true);
    assert!(!failed.contains(&Ask::Requests) && !failed.contains(&Ask::Guests(Whose::Guests)));
    assert!(failed.iter().any(|ask| matches!(ask, Ask::Beyond(_))));
}

#[test]
fn some_requests_are_one_read() {
    let reads = |beside| {
        let requests = Vec::new();
        Want::These { requests, beside }.reads()
    };
    assert_eq!(reads(Beside::Nothing).len(), 1);
    assert_eq!(reads(Beside::Policies).len(), 1);
    let judged = reads(Beside::Lists);
    assert_eq!(judged.len(), 2, "and who one is");
    assert!(judged[1].lists.contains(&Listed::Past));
}
