//! `guestlist guests …`

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;

use super::args::{Form, Guests};
use super::by_ids::{self, look_up};
use super::connect::Link;
use super::failure::Failure;
use super::json;
use super::out::{Array, Csv, Out, columns, say};
use super::requests::filter;
use crate::acts::ActKind;
use crate::domain::guest::{Guest, GuestStanding, role_warning};
use crate::domain::text::Text;
use crate::inventory::filter::{Haystack, Measure};
use crate::inventory::rows::GuestRow;
use crate::inventory::table::Row;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask, Whose};

/// Runs one of them.
pub(super) fn run(command: Guests, settings: &Settings) -> Result<(), Failure> {
    match command {
        Guests::List {
            filter,
            sign_ins,
            outsiders,
            form,
        } => {
            let whose = if outsiders {
                Whose::Outsiders
            } else {
                Whose::Guests
            };
            list(filter.as_deref(), whose, sign_ins, form.chosen(), settings)
        }
        Guests::Show { guest, json } => show(&guest, json, settings),
        Guests::Revoke {
            guests,
            block: _,
            delete,
            reason,
            write,
        } => {
            let kind = if delete {
                ActKind::Delete
            } else {
                ActKind::Block
            };
            by_ids::act(kind, &guests, &reason, write, settings)
        }
    }
}

/// A guest as the filter sees them: like the console's row, but `stale` and `active` only where sign-ins were
/// read; otherwise both are `accepted`.
struct ListedGuest {
    row: GuestRow,
    state: &'static str,
    hay: String,
}

impl ListedGuest {
    fn new(guest: Guest, sign_ins: bool, now: Timestamp) -> Self {
        let row = GuestRow::new(guest, now, sign_ins);
        let state = state(&row, sign_ins);
        let name = row.cell("name");
        let hay = [name, row.cell("mail"), row.cell("company"), state.into()].join("\n");
        let hay = hay.to_lowercase();
        Self { row, state, hay }
    }
}

/// The word for how they stand: without their sign-ins nobody knows who is in use.
fn state(row: &GuestRow, sign_ins: bool) -> &'static str {
    match row.standing {
        GuestStanding::Active if row.guest.class.is_guest() && !sign_ins => "accepted",
        _ => row.state(),
    }
}

impl Haystack for ListedGuest {
    fn all(&self) -> &str {
        &self.hay
    }

    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        match name {
            "state" => Some(self.state.into()),
            name if GuestRow::COLUMNS.contains(&name) => {
                Some(self.row.cell(name).to_lowercase().into())
            }
            _ => None,
        }
    }

    fn measure(&self, name: &'static str) -> Option<Measure> {
        self.row.measure(name)
    }
}

fn list(
    words: Option<&str>,
    whose: Whose,
    sign_ins: bool,
    form: Form,
    settings: &Settings,
) -> Result<(), Failure> {
    let filter = filter(words, GuestRow::COLUMNS)?;
    let asks_for_them = ["stale", "active", "seen"]
        .iter()
        .any(|word| words.unwrap_or_default().to_lowercase().contains(word));
    let sign_ins = sign_ins || asks_for_them;
    let mut link = Link::reading(settings)?;
    let mut last = HashMap::new();
    if sign_ins {
        link.ask(Ask::SignIns, |answer| {
            if let Answer::SignIns(page) = answer {
                last.extend(page);
            }
            Ok(())
        })?;
    }
    let now = Timestamp::now();
    let mut printer = GuestPrinter::open(form, sign_ins)?;
    let mut shown = 0;
    let read = link.ask(Ask::Guests(whose), |answer| {
        if let Answer::Guests(page) = answer {
            for mut guest in page {
                guest.last_sign_in = last
                    .get(&guest.id)
                    .copied()
                    .flatten()
                    .or(guest.last_sign_in);
                let seen = ListedGuest::new(guest, sign_ins, now);
                if filter.matches(&seen) {
                    printer.guest(&seen)?;
                    shown += 1;
                }
            }
            printer.flush()?;
        }
        Ok(())
    });
    printer.close()?;
    if read.is_err() && shown > 0 {
        say("These are not all: the list could not be read to its end.");
    }
    read?;
    if shown == 0 && form == Form::Table {
        link.whole()?;
        say(if filter.is_empty() {
            "There are no guests."
        } else {
            "No guest matches."
        });
    }
    link.whole()
}

/// One guest with what they can reach.
fn show(who: &str, json: bool, settings: &Settings) -> Result<(), Failure> {
    let mut link = Link::reading(settings)?;
    let guest = look_up(&mut link, who)?;
    let mut more = None;
    link.ask(Ask::GuestDetail(guest.id.clone()), |answer| {
        if let Answer::GuestDetail(_, detail) = answer {
            more = Some(*detail);
        }
        Ok(())
    })?;
    let more = more.unwrap_or_default();
    if json {
        let mut array = Array::open()?;
        array.push(&json::guest_detail(&guest, &more))?;
        return Ok(array.close()?);
    }
    let row = GuestRow::new(guest, Timestamp::now(), false);
    let list = |names: Option<&[Text]>| match names {
        None => "could not be read".to_owned(),
        Some([]) => "none".to_owned(),
        Some(names) => {
            let names: Vec<&str> = names.iter().map(Text::as_str).collect();
            names.join(", ")
        }
    };
    let warning = role_warning(more.roles()).map(|warning| format!("⚠ {warning}"));
    let of = more.memberships.as_ref();
    let guest = &row.guest;
    let class = guest.class;
    let what = if class.is_guest() { "" } else { class.words() };
    let fields = [
        ("name", guest.name.to_string()),
        ("mail", guest.address()),
        ("id", guest.id.to_string()),
        ("notice", warning.unwrap_or_default()),
        ("is", what.to_owned()),
        ("state", state(&row, false).to_owned()),
        ("created", row.cell("created").into_owned()),
        ("company", guest.company.to_string()),
        ("sponsors", list(more.sponsors.as_deref())),
        ("roles", list(of.map(|of| &*of.roles))),
        ("groups", list(of.map(|of| &*of.groups))),
        ("units", list(of.map(|of| &*of.units))),
        ("apps", list(more.apps.as_deref())),
    ];
    let mut out = Out::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        out.line(&format!("{name:9} {value}"))?;
    }
    Ok(out.flush()?)
}

/// Prints guests as they come; the widths are set beforehand, as nobody knows yet what is to come.
enum GuestPrinter {
    Lines {
        out: Out,
        head: bool,
        sign_ins: bool,
    },
    Json {
        array: Array,
        sign_ins: bool,
    },
    Csv(Csv),
}

const WIDTHS: [usize; 6] = [36, 8, 28, 36, 10, 10];

impl GuestPrinter {
    fn open(form: Form, sign_ins: bool) -> Result<Self, Failure> {
        Ok(match form {
            Form::Json => Self::Json {
                array: Array::open()?,
                sign_ins,
            },
            Form::Csv => Self::Csv(Csv::open(&[
                "id", "state", "name", "mail", "domain", "company", "created", "seen",
            ])?),
            Form::Table => Self::Lines {
                out: Out::new(),
                head: false,
                sign_ins,
            },
        })
    }

    fn guest(&mut self, seen: &ListedGuest) -> Result<(), Failure> {
        match self {
            Self::Json { array, sign_ins } => {
                array.push(&json::guest(&seen.row.guest, *sign_ins))?;
            }
            Self::Csv(csv) => {
                let (row, guest) = (&seen.row, &seen.row.guest);
                let when = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
                csv.row(&[
                    guest.id.to_string(),
                    seen.state.to_owned(),
                    row.cell("name").into_owned(),
                    row.cell("mail").into_owned(),
                    row.cell("domain").into_owned(),
                    row.cell("company").into_owned(),
                    when(guest.created),
                    when(guest.last_sign_in),
                ])?;
            }
            Self::Lines {
                out,
                head,
                sign_ins,
            } => {
                let count = if *sign_ins { 6 } else { 5 };
                if !*head {
                    *head = true;
                    let names = ["ID", "STATE", "NAME", "MAIL", "CREATED", "SEEN"];
                    out.line(&columns(&names[..count], &WIDTHS))?;
                }
                let row = &seen.row;
                let name = row.cell("name");
                let mail = row.cell("mail");
                let created = row.cell("created");
                let last = row.cell("seen");
                let cells = [
                    row.guest.id.as_str(),
                    seen.state,
                    &name,
                    &mail,
                    &created,
                    &last,
                ];
                out.line(&columns(&cells[..count], &WIDTHS))?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        match self {
            Self::Lines { out, .. } => out.flush()?,
            Self::Json { array, .. } => array.flush()?,
            Self::Csv(csv) => csv.flush()?,
        }
        Ok(())
    }

    fn close(self) -> Result<(), Failure> {
        match self {
            Self::Lines { mut out, .. } => out.flush()?,
            Self::Json { array, .. } => array.close()?,
            Self::Csv(csv) => csv.close()?,
        }
        Ok(())
    }
}
