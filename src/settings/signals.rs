//! The `[signals]` table: what the user knows better than the lists that come with the program.

use super::table::{TomlTable, ValueAtLine};
use crate::domain::mail;
use crate::domain::signal::MailDomains;

/// Reads the table.
pub(super) fn read(table: TomlTable<'_>) -> MailDomains {
    let consumer = domains(&table, "consumer_domains");
    let disposable = domains(&table, "disposable_domains");
    if let Some((domain, line)) = disposable
        .iter()
        .find(|(domain, _)| consumer.iter().any(|(other, _)| other == domain))
    {
        let words = format!("\"{domain}\" is in both lists; take it out of one");
        table.source().wrong(*line, &words);
    }
    let bare = |list: Vec<(String, usize)>| -> Vec<String> {
        list.into_iter().map(|(domain, _)| domain).collect()
    };
    table.end();
    MailDomains::new(&bare(consumer), &bare(disposable))
}

/// The domains in a list, in lower case, each with its line; what is none is a mistake.
fn domains(table: &TomlTable<'_>, key: &'static str) -> Vec<(String, usize)> {
    let mut domains = Vec::new();
    for ValueAtLine { value: word, line } in table.texts(key) {
        let domain = mail::one_form(&word);
        match mail::check(&format!("somebody@{domain}")) {
            Ok(()) => domains.push((domain, line)),
            Err(_) => {
                let words = format!(
                    "\"{key}\" has \"{word}\" in it, which is no mail domain such as mail.example"
                );
                table.source().wrong(line, &words);
            }
        }
    }
    domains
}
