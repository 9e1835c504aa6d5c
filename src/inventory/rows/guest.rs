//! A row of the guests pane.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use super::{caseless, day, times};
use crate::domain::guest::{Guest, GuestStanding};
use crate::domain::id::UserId;
use crate::inventory::filter::Measure;
use crate::inventory::table::Row;
use crate::worker::protocol::Whose;

/// A guest.
#[derive(Clone, Debug)]
pub struct GuestRow {
    /// The guest.
    pub guest: Guest,
    /// The one word for them when they were read.
    pub standing: GuestStanding,
}

impl GuestRow {
    /// A row as things stand at `now`. Before sign-ins were read nothing is said of them.
    pub fn new(guest: Guest, now: Timestamp, sign_ins_known: bool) -> Self {
        let standing = match guest.standing(now) {
            GuestStanding::Stale | GuestStanding::Unknown if !sign_ins_known => {
                GuestStanding::Active
            }
            standing => standing,
        };
        Self { guest, standing }
    }

    /// How they stand, in a word; of whoever is no guest, what they are.
    pub fn state(&self) -> &'static str {
        let word = self.standing.word();
        self.guest.class.word().unwrap_or(word)
    }
}

impl Row for GuestRow {
    type Id = UserId;
    type Scope = Whose;
    const COLUMNS: &'static [&'static str] = &[
        "name", "mail", "domain", "state", "company", "created", "seen",
    ];

    fn id(&self) -> &UserId {
        &self.guest.id
    }

    fn within(&self, scope: &Whose) -> bool {
        scope.has(self.guest.class)
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let guest = &self.guest;
        match column {
            "name" => Cow::Borrowed(&guest.name),
            "mail" if !guest.mail.is_empty() => Cow::Borrowed(&guest.mail),
            "mail" => Cow::Owned(guest.address()),
            "domain" => Cow::Owned(guest.domain()),
            "state" => Cow::Borrowed(self.state()),
            "company" => Cow::Borrowed(&guest.company),
            "created" => day(guest.created),
            "seen" => day(guest.last_sign_in),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for column in ["name", "mail", "state", "company"] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
    }

    fn values(column: &'static str) -> Vec<&'static str> {
        match column {
            "state" => GuestStanding::ALL.map(GuestStanding::word).into(),
            _ => Vec::new(),
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        match column {
            "created" => self.guest.created.map(Measure::Since),
            "seen" => self.guest.last_sign_in.map(Measure::Since),
            _ => None,
        }
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "created" => times(self.guest.created, other.guest.created),
            "seen" => {
                // No record comes before seen long ago: both are what one looks for.
                let seen = |row: &Self| row.guest.last_sign_in.unwrap_or(Timestamp::MIN);
                seen(self).cmp(&seen(other))
            }
            "state" => (self.standing.cmp(&other.standing)).then(self.state().cmp(other.state())),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}
