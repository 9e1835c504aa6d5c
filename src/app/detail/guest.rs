//! Detail of a guest: who they are, whether they come, and what they can reach.

use super::{Detail, DetailPart, is_guest, signed_in, staged};
use crate::acts::Target;
use crate::app::state::State;
use crate::domain::guest::{GuestDetail, role_warning};
use crate::domain::text::Text;
use crate::inventory::rows::GuestRow;

pub(super) fn detail(state: &State, row: &GuestRow) -> Detail {
    let guest = &row.guest;
    let mut detail = Detail::new(guest.name.or("(no name)"));
    detail.line(guest.address());
    detail.line(is_guest(state, row));
    let known = state.data.roles.get(&guest.id);
    if let Some(warning) = known.and_then(|roles| role_warning(roles.as_deref())) {
        detail.parts.push(DetailPart::Signal(warning));
    }
    let address = guest.address();
    let sharing = state.data.guests_by_mail(&address).len();
    if sharing > 1 {
        let words = format!("{sharing} accounts have the address {address}; this is one of them");
        detail.parts.push(DetailPart::Signal(words));
    }
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
        Some(more) => reach(more, &mut detail),
        None if state.aside.sight.guests_failed.contains(&guest.id) => {
            detail.field("Access", "could not be read; R reads everything again");
        }
        None => detail.field("Access", "being read"),
    }
    detail
}

/// What they are in, and who answers for them.
fn reach(more: &GuestDetail, detail: &mut Detail) {
    let list = |names: Option<&[Text]>, none: &str| match names {
        None => "could not be read".to_owned(),
        Some([]) => none.to_owned(),
        Some(names) => {
            let names: Vec<&str> = names.iter().map(Text::as_str).collect();
            names.join(", ")
        }
    };
    let nobody = "nobody: ask who still needs this guest";
    detail.field("Sponsors", list(more.sponsors.as_deref(), nobody));
    let of = more.memberships.as_ref();
    detail.field("Roles", list(of.map(|of| &*of.roles), ""));
    detail.field("Groups", list(of.map(|of| &*of.groups), "none"));
    detail.field("Units", list(of.map(|of| &*of.units), ""));
    detail.field("Apps", list(more.apps.as_deref(), "none"));
}
