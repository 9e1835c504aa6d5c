//! Which records of the journal are wanted.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::cli::args::JournalList;
use crate::cli::failure::Failure;
use crate::domain::nearest::nearest;
use crate::domain::text::Text;
use crate::journal::Record;

/// How many words are named at most; anybody may have edited the file.
const NAMED: usize = 20;

/// What a record must be to be listed. Words are in lower case.
pub(super) struct Chosen {
    since: Option<Timestamp>,
    act: Option<String>,
    target: Option<String>,
    actor: Option<String>,
}

impl Chosen {
    /// As the flags say. Dates are of the days in `zone`.
    pub(super) fn new(args: &JournalList, now: Timestamp, zone: TimeZone) -> Result<Self, Failure> {
        let since = args.since.as_deref().map(|word| {
            since(word, now, zone).ok_or_else(|| {
                Failure::Usage(format!(
                    "--since takes a date such as 2026-11-20, a time, or how long ago, such as 7d or 12h; not \"{}\".",
                    Text::new(word)
                ))
            })
        });
        let lower = |words: &Option<String>| words.as_ref().map(|words| words.to_lowercase());
        Ok(Self {
            since: since.transpose()?,
            act: lower(&args.act),
            target: lower(&args.target),
            actor: lower(&args.actor),
        })
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, record: &Record) -> bool {
        // The words one reads are the words one can choose by.
        let seen = |words: &str| Text::new(words).to_lowercase();
        let part = |wanted: &Option<String>, of: [&str; 2]| {
            let found = |wanted: &String| of.iter().any(|words| seen(words).contains(wanted));
            wanted.as_ref().is_none_or(found)
        };
        self.since.is_none_or(|since| record.time >= since)
            && self
                .act
                .as_ref()
                .is_none_or(|act| seen(&record.act) == *act)
            && part(&self.target, [&record.target, &record.target_name])
            && part(&self.actor, [&record.actor, &record.actor_name])
    }

    /// What to say where `records` have others, but not the act that is wanted.
    pub(super) fn unheard_of(&self, records: &[Record]) -> Option<String> {
        let wanted = self.act.as_ref()?;
        let acts: BTreeSet<String> = records
            .iter()
            .map(|record| Text::new(&record.act).to_lowercase())
            .filter(|act| !act.is_empty())
            .collect();
        if acts.is_empty() || acts.contains(wanted) {
            return None;
        }
        let names = || acts.iter().map(String::as_str).take(NAMED);
        let wanted = Text::new(wanted);
        let all = names().collect::<Vec<_>>().join(", ");
        Some(match nearest(&wanted, names()) {
            Some(near) => {
                format!("The journal has no act \"{wanted}\", but {all}; did you mean \"{near}\"?")
            }
            None => format!("The journal has no act \"{wanted}\", but {all}."),
        })
    }
}

/// The time that `word` names: itself, the beginning of a day, or so long before `now`.
fn since(word: &str, now: Timestamp, zone: TimeZone) -> Option<Timestamp> {
    if let Ok(time) = word.parse() {
        return Some(time);
    }
    if let Ok(local) = word.parse::<DateTime>() {
        return Some(local.to_zoned(zone).ok()?.timestamp());
    }
    let ago: Span = word.parse().ok().filter(|ago: &Span| ago.is_positive())?;
    Some(now.to_zoned(zone).checked_sub(ago).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Journal, JournalEntry};

    const NOW: Timestamp = Timestamp::constant(1_750_000_000, 0); // 2025-06-15T15:06:40Z

    fn args() -> JournalList {
        JournalList {
            limit: None,
            since: None,
            act: None,
            target: None,
            actor: None,
            json: false,
            follow: false,
        }
    }

    /// What was done, an hour apart.
    fn records() -> Vec<Record> {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(&dir.path().join("state")).unwrap();
        for (hour, (act, target, name, actor)) in [
            ("approve", "request-1", "Ada Lovelace", "adele@contoso.com"),
            (
                "invite",
                "grace@fabrikam.com",
                "Grace\u{202e} Hopper",
                "adele@contoso.com",
            ),
            ("promote", "request-2", "李小龍", "megan@contoso.com"),
        ]
        .into_iter()
        .enumerate()
        {
            let entry = JournalEntry {
                act: act.into(),
                target: target.into(),
                target_name: name.into(),
                actor: format!("id-of-{actor}"),
                actor_name: actor.into(),
                ..JournalEntry::default()
            };
            let ago = jiff::SignedDuration::from_hours(2 - i64::try_from(hour).unwrap());
            journal.append_intent(&entry, NOW - ago).unwrap();
        }
        journal.read_all().unwrap().records
    }

    #[test]
    fn records_are_chosen_by_time_act_target_and_actor() {
        let records = records();
        let chosen = |args: &JournalList| {
            let chosen = Chosen::new(args, NOW, TimeZone::UTC).unwrap();
            let found = records.iter().filter(|record| chosen.has(record));
            found.map(|record| record.seq).collect::<Vec<_>>()
        };
        let some = |words: &str| Some(words.to_owned());
        assert_eq!(chosen(&args()), [1, 2, 3]);
        for (since, expected) in [
            ("90m", &[2, 3][..]),
            ("1h", &[2, 3]),
            ("7d", &[1, 2, 3]),
            ("2025-06-15", &[1, 2, 3]),
            ("2025-06-16", &[]),
            ("2025-06-15T14:30", &[3]),
            ("2025-06-15T16:30+02:00", &[3]),
        ] {
            let args = JournalList {
                since: some(since),
                ..args()
            };
            assert_eq!(chosen(&args), expected, "{since}");
        }
        for (act, expected) in [
            ("approve", &[1][..]),
            ("Invite", &[2]),
            ("promote", &[3]),
            ("prom", &[]),
        ] {
            let args = JournalList {
                act: some(act),
                ..args()
            };
            assert_eq!(chosen(&args), expected, "{act}");
        }
        for (target, expected) in [
            ("REQUEST-", &[1, 3][..]),
            ("lovelace", &[1]),
            ("fabrikam", &[2]),
            // As it is shown, without what would turn the line around.
            ("grace hopper", &[2]),
            ("李", &[3]),
            ("nobody", &[]),
        ] {
            let args = JournalList {
                target: some(target),
                ..args()
            };
            assert_eq!(chosen(&args), expected, "{target}");
        }
        for (actor, expected) in [("Adele", &[1, 2][..]), ("id-of-megan", &[3])] {
            let args = JournalList {
                actor: some(actor),
                ..args()
            };
            assert_eq!(chosen(&args), expected, "{actor}");
        }
        let both = JournalList {
            act: some("approve"),
            actor: some("megan"),
            ..args()
        };
        assert!(chosen(&both).is_empty());
    }

    #[test]
    fn a_day_begins_where_one_is() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let begins = since("2025-06-15", NOW, zone).unwrap();
        assert_eq!(begins.to_string(), "2025-06-14T22:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_said() {
        for word in ["", "soon", "7", "-7d", "2025-13-01", "999999999999y"] {
            let args = JournalList {
                since: Some(word.to_owned()),
                ..args()
            };
            let failure = Chosen::new(&args, NOW, TimeZone::UTC).err().unwrap();
            assert_eq!(failure.exit_code(), 2, "{word}");
            assert!(failure.to_string().contains("7d"), "{failure}");
        }
    }

    #[test]
    fn an_act_that_is_not_there_is_said_with_those_that_are() {
        let records = records();
        let unheard = |act: &str, records: &[Record]| {
            let args = JournalList {
                act: Some(act.to_owned()),
                ..args()
            };
            let chosen = Chosen::new(&args, NOW, TimeZone::UTC).unwrap();
            chosen.unheard_of(records)
        };
        assert_eq!(unheard("Promote", &records), None);
        assert_eq!(
            unheard("aprove", &[]),
            None,
            "there is nothing to choose from"
        );
        let near = unheard("aprove", &records).unwrap();
        assert_eq!(
            near,
            "The journal has no act \"aprove\", but approve, invite, promote; did you mean \"approve\"?"
        );
        let far = unheard("dance", &records).unwrap();
        assert_eq!(
            far,
            "The journal has no act \"dance\", but approve, invite, promote."
        );
    }
}
