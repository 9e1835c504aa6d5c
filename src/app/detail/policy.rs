//! Detail of a policy, in plain sentences, with its package and the link people ask with.

use super::{Detail, DetailPart, role};
use crate::app::state::State;
use crate::inventory::rows::PolicyRow;

pub(super) fn detail(state: &State, row: &PolicyRow) -> Detail {
    let policy = &row.policy;
    let mut detail = Detail::new(policy.name.or("(no name)"));
    detail.line(format!(
        "of {} · {}",
        policy.package_name.or("an unknown package"),
        policy.door()
    ));
    if !policy.description.is_empty() {
        detail.line(policy.description.to_string());
    }
    detail.parts.push(DetailPart::Gap);
    for sentence in policy.sentences() {
        detail.line(sentence);
    }
    if row.pending > 0 {
        let words = if row.pending == 1 {
            "1 request waits".into()
        } else {
            format!("{} requests wait", row.pending)
        };
        detail.line(format!("{words} under it."));
    }
    if let Some(package) = policy
        .package
        .as_ref()
        .and_then(|id| state.data.packages.get(id))
    {
        detail.heading("Package");
        detail.line(package.name.to_string());
        if !package.description.is_empty() {
            detail.line(package.description.to_string());
        }
        if !package.catalog_name.is_empty() {
            let open = match package.catalog_open {
                Some(true) => ", open to people from outside",
                Some(false) => ", closed to people from outside",
                None => "",
            };
            detail.field("Catalog", format!("{}{open}", package.catalog_name));
        }
        if package.hidden {
            detail.line("Hidden in My Access; its link still works.");
        }
        for resource in &package.resources {
            detail.field(
                "Gives",
                format!(
                    "{} {}{}",
                    resource.kind.word(),
                    resource.name,
                    role(&resource.role)
                ),
            );
        }
    }
    if let Some(link) = state.request_link(&policy.id) {
        detail.heading("Request link");
        detail.line(link);
        detail.line(
            "y copies it; send it whole, without its @ part people land in their own tenant.",
        );
    }
    detail
}
