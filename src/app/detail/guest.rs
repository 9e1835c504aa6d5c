//! Detail of a guest: who they are, whether they come, and what they can reach.

use super::{Detail, DetailPart, is_guest, signed_in, staged};
use crate::acts::Target;
use crate::app::state::State;
use crate::domain::text::Text;
use crate::inventory::rows::GuestRow;

pub(super) fn detail(state: &State, row: &GuestRow) -> Detail {
    let guest = &row.guest;
    let mut detail = Detail::new(guest.name.or("(no name)"));
    detail.line(guest.address());
    detail.line(is_guest(state, row));
    staged(state, &Target::Guest(guest.id.clone()), &mut detail);
    detail.parts.push(DetailPart::Gap);
    detail.field("Company", guest.company.to_string());
    detail.field("Signed in", signed_in(state, guest));
    detail.field("Came by", guest.creation.to_string());
    if let (Some(redemption), at) = (&guest.redemption, guest.redemption_changed) {
        let at = at
            .map(|at| format!(" since {}", state.clock(at)))
            .unwrap_or_default();
        detail.field("Invitation", format!("{}{at}", redemption.as_str()));
    }
    detail.field("Principal", guest.upn.to_string());
    match state.data.guest_details.get(&guest.id) {
        Some(more) => {
            let list = |names: &[Text], none: &str| {
                if names.is_empty() {
                    none.to_owned()
                } else {
                    names
                        .iter()
                        .map(Text::as_str)
                        .collect::<Vec<_>>()
                        .join(", ")
                }
            };
            detail.field(
                "Sponsors",
                list(&more.sponsors, "nobody: ask who still needs this guest"),
            );
            detail.field("Groups", list(&more.groups, "none"));
            detail.field("Apps", list(&more.apps, "none"));
        }
        None if state.aside.sight.guests_failed.contains(&guest.id) => {
            detail.field("Access", "could not be read; R reads everything again");
        }
        None => detail.field("Access", "being read"),
    }
    detail
}
