//! The sentences of signals: what it is, and why it is said.

use jiff::Timestamp;

use super::{Burst, Conflict, MailKind, Owner, Signal, Trick};
use crate::domain::access::Access;
use crate::domain::guest::GuestStanding;
use crate::domain::text::{Text, brief};
use crate::domain::time;

impl Signal {
    /// One sentence: what it is and why it is said. No full stop at its end.
    pub fn why(&self) -> String {
        match self {
            Self::LookAlike {
                domain,
                of,
                owner,
                trick,
            } => look_alike(domain, of, owner, *trick),
            Self::MixedScript { domain } => {
                format!(
                    "{} mixes letters of several scripts in one name",
                    short(domain)
                )
            }
            Self::Punycode { ascii, shown } if ascii == shown => {
                let ascii = short(ascii);
                format!("{ascii} is written in punycode and does not read as any name")
            }
            Self::Punycode { ascii, shown } => {
                let (ascii, shown) = (short(ascii), short(shown));
                format!("{ascii} reads as {shown}, with other letters than a to z")
            }
            Self::ConsumerDomain { domain, kind } => match kind {
                MailKind::Consumer => format!(
                    "Anybody can have an address at {domain}; it says nothing of an employer"
                ),
                MailKind::Disposable => {
                    format!("Addresses at {domain} are made to be thrown away")
                }
            },
            Self::NoOrganization { domain } => format!(
                "{} belongs to no connected organization",
                short(domain.or("The address"))
            ),
            Self::ProposedOrganization { name } => format!(
                "The organization {} is only proposed: nobody has confirmed it yet",
                name.or("of this person")
            ),
            Self::DeniedBefore(denial) => denial.sentence(),
            Self::AlreadyGuest { since, standing } => guest(*since, *standing),
            Self::HiddenCharacters { fields, removed } => format!(
                "There were {} in the {}; they are left out here",
                removed.words(),
                fields.join(" and the ")
            ),
            Self::DenialNear { left } if left.is_zero() => {
                "The time to decide is over: the service denies it by itself any moment".into()
            }
            Self::DenialNear { left } => {
                format!("The service denies it by itself in {}", time::words(*left))
            }
            Self::Blocked { domain, barrier } => format!(
                "Cannot be delivered: {} {}",
                short(domain.or("the address")),
                barrier.words()
            ),
            Self::HadAccess {
                access,
                same,
                times,
            } => had(access, *same, *times),
            Self::HasAccess { since, until } => {
                let until = until.map_or(String::new(), |at| format!(" until {}", day(at)));
                format!("Holds this package already{}{until}", since_day(*since))
            }
            Self::Duplicate {
                others,
                package,
                same,
                created,
            } => twin(*others, package, *same, *created),
            Self::Burst { domain, burst } => crowd(domain, *burst),
            Self::NameMismatch { name, mail } => format!(
                "The name {} has nothing in common with the address {}",
                short(name),
                short(mail)
            ),
            Self::EmptyAnswer { question } => empty(question),
            Self::SameAnswer { question, people } => same(question, *people),
            Self::Incompatible { with, conflict } => match conflict {
                Conflict::Held => {
                    format!("Holds {with}, which must not be held together with this package")
                }
                Conflict::Asked => format!(
                    "Asks for {with} too, which must not be held together with this package"
                ),
                Conflict::Group => {
                    format!("Is in the group {with}, which rules this package out")
                }
            },
            Self::Own { asks: true } => {
                "This is your own request: nobody may decide on their own".into()
            }
            Self::Own { asks: false } => "You are who gets the access".into(),
            Self::ReasonNeeded => "The policy wants a reason of whoever decides".into(),
        }
    }
}

/// What an outsider wrote may be long; a sentence is not.
fn short(words: &str) -> String {
    brief(words, 60)
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

fn since_day(since: Option<Timestamp>) -> String {
    since.map_or(String::new(), |at| format!(" since {}", day(at)))
}

fn look_alike(domain: &Text, of: &Text, owner: &Owner, trick: Trick) -> String {
    let (domain, whose) = (short(domain), owner.words());
    match trick {
        Trick::SameLook => format!("{domain} looks like {of}, {whose}"),
        Trick::OneEdit => format!("{domain} is one letter away from {of}, {whose}"),
        Trick::Swapped => format!("{domain} is {of}, {whose}, with two letters swapped"),
        Trick::Added => format!("{domain} is {of}, {whose}, with something added"),
        Trick::OtherEnding => format!("{domain} is {of}, {whose}, with another ending"),
        Trick::Subdomain => {
            format!("{domain} only begins like {of}, {whose}; its right end is what counts")
        }
    }
}

fn guest(since: Option<Timestamp>, standing: GuestStanding) -> String {
    let since = since_day(since);
    match standing {
        GuestStanding::Blocked => format!(
            "A guest{since}, and blocked: nothing can be delivered until somebody lets them sign in again"
        ),
        GuestStanding::Pending => format!("A guest{since}, who never took up the invitation"),
        GuestStanding::Stale => format!("A guest{since}, not seen for a long time"),
        GuestStanding::Active | GuestStanding::Unknown => format!("A guest{since} already"),
    }
}

fn had(access: &Access, same: bool, times: usize) -> String {
    let what = if same {
        "this package".to_owned()
    } else {
        access.package_name.or("a package").to_owned()
    };
    let ended = access
        .ended
        .or(access.until)
        .map_or(String::new(), |at| format!(" until {}", day(at)));
    let how = access
        .ending()
        .map_or(String::new(), |ending| format!("; {}", ending.words()));
    let more = match times {
        0 | 1 => String::new(),
        2 => ". One more has ended".into(),
        n => format!(". {} more have ended", n - 1),
    };
    format!("Had {what} before{ended}{how}{more}")
}

fn twin(others: usize, package: &Text, same: bool, created: Option<Timestamp>) -> String {
    let what = if same {
        "the same package".to_owned()
    } else {
        package.or("another package").to_owned()
    };
    let when = created.map_or(String::new(), |at| {
        format!(", {}", at.strftime("%-d %b %H:%M"))
    });
    match others {
        0 | 1 => format!("Another request of theirs waits, for {what}{when}"),
        n => format!("{n} other requests of theirs wait, the newest for {what}{when}"),
    }
}

fn empty(question: &Text) -> String {
    if question.is_empty() {
        "No reason is given, and the policy asks for one".into()
    } else {
        format!("The answer to \"{question}\" says nothing")
    }
}

fn same(question: &Text, people: usize) -> String {
    let what = if question.is_empty() {
        "reason".into()
    } else {
        format!("answer to \"{question}\"")
    };
    format!("{people} people who wait gave the same {what}, word for word")
}

fn crowd(domain: &Text, burst: Burst) -> String {
    let domain = short(domain);
    let within = if burst.within.as_secs() < 60 {
        "a minute".into()
    } else {
        time::words(burst.within)
    };
    format!(
        "{} people of {domain}, from where nobody is in yet, asked within {within}",
        burst.people
    )
}
