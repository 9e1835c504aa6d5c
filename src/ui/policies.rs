//! The policies' columns.

use super::table::{Cell, Column, ShownRow};
use super::theme::Theme;
use crate::app::state::State;
use crate::inventory::rows::PolicyRow;

impl ShownRow for PolicyRow {
    const LAYOUT: &'static [Column] = &[
        Column::new("package", "PACKAGE", 0, [10, 18, 26]),
        Column::new("name", "NAME", 1, [10, 18, 34]),
        Column::new("who", "WHO", 4, [12, 20, 24]),
        Column::new("approval", "APPROVAL", 5, [8, 11, 11]),
        Column::new("length", "LENGTH", 6, [6, 9, 16]),
        Column::new("door", "DOOR", 2, [6, 6, 6]),
        Column::new("pending", "PENDING", 3, [7, 7, 8]).right(),
    ];

    fn nothing(_: &State) -> String {
        "No policies. They are made with an access package, in the Entra admin center".into()
    }

    fn show<'a>(
        &'a self,
        column: &'static str,
        _width: usize,
        _state: &State,
        theme: &Theme,
    ) -> Cell<'a> {
        let policy = &self.policy;
        match column {
            "package" => Cell::plain(policy.package_name.or("(no package)")),
            "name" => Cell::plain(policy.name.as_str()),
            "who" => Cell::plain(policy.scope.short()),
            "approval" => Cell::plain(policy.approval_short()),
            "length" => Cell::plain(policy.expiration.short()),
            "door" if policy.open() => Cell::styled(policy.door(), theme.approve),
            "door" => Cell::styled(policy.door(), theme.known),
            "pending" if self.pending == 0 => Cell::styled("–", theme.known),
            "pending" => Cell::plain(self.pending.to_string()),
            _ => Cell::plain(""),
        }
    }
}
