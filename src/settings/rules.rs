//! The rules file: TOML, a `[[rule]]` for each. A rule that cannot be read is said with its place, and the others
//! work all the same, so each is read by itself.

use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;
use toml::de::{DeTable, DeValue};

use super::table::{Raw, Source, TomlTable, offer};
use super::{SettingsError, shown};
use crate::acts::ActKind;
use crate::app::rules::{Rule, RulesFile};
use crate::domain::template::Template;
use crate::domain::text::Text;
use crate::inventory::filter::Filter;
use crate::inventory::rows::RequestRow;
use crate::private;

/// A rules file that passes, with a word on everything in it.
pub const EXAMPLE: &str = include_str!("../../assets/rules.example.toml");

/// The largest file that is read, in bytes: nobody has written more rules than that.
const LARGEST: u64 = 256 * 1024;

/// What begins a rule.
const HEAD: &str = "[[rule]]";

/// Reads the file.
///
/// # Errors
/// It cannot be read at all; what is wrong with single rules is in [`RulesFile::wrong`].
pub fn read(path: &Path) -> Result<RulesFile, SettingsError> {
    let unread = |why: &str| {
        SettingsError::Usage(format!(
            "The rules file {} cannot be read ({why}). `guestlist config example --for-rules` prints one to begin with.",
            shown(path)
        ))
    };
    let bytes = private::believed(path, LARGEST).map_err(|why| unread(&why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unread("it is not UTF-8"))?;
    Ok(parse(&text, path))
}

/// As [`read`], for a console: what is wrong comes as a sentence.
///
/// # Errors
/// There is no such file, or it cannot be read at all.
pub fn for_console(path: Option<&Path>) -> Result<RulesFile, String> {
    match path {
        Some(path) => read(path).map_err(|error| error.to_string()),
        None => Err("There is no home folder for a rules file; name one with --rules".into()),
    }
}

/// Reads what stands in it.
pub(super) fn parse(text: &str, path: &Path) -> RulesFile {
    let mut rules = RulesFile::default();
    let mut names: Vec<(Text, usize)> = Vec::new();
    for block in blocks(text) {
        // With as many lines before it as in the file: places are the file's own then.
        let padded = format!("{}{}", "\n".repeat(block.before), block.text);
        let source = Source::new(&padded);
        let rule = match DeTable::parse(&padded) {
            Ok(table) => rule(&source, table.get_ref(), &padded, &block, &mut names),
            Err(error) => {
                let at = error.span().map_or(padded.len(), |span| span.start);
                let words = error.message().replace('\n', "; ");
                source.wrong_at(at, &format!("this is not TOML: {words}"));
                None
            }
        };
        let mistakes = source.mistakes();
        if mistakes.is_empty() {
            rules.rules.extend(rule);
        }
        let file = Text::new(
            &path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy(),
        );
        rules.wrong.extend(mistakes.iter().map(|mistake| {
            let column = mistake.column.map(|column| format!(", column {column}"));
            let stop = if mistake.words.ends_with('?') {
                ""
            } else {
                "."
            };
            format!(
                "{file}, line {}{}: {}{stop}",
                mistake.line,
                column.unwrap_or_default(),
                mistake.words
            )
        }));
    }
    rules
}

/// A part of the file that is read by itself.
struct RulesBlock<'t> {
    /// Lines before it.
    before: usize,
    text: &'t str,
    /// Whether it is a rule, rather than what stands before the first.
    rule: bool,
}

/// Cuts a file at the lines that begin a rule.
fn blocks(text: &str) -> Vec<RulesBlock<'_>> {
    let mut blocks = vec![RulesBlock {
        before: 0,
        text: "",
        rule: false,
    }];
    let (mut begins, mut at) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let head = line.trim_start().replace([' ', '\t'], "");
        if head.starts_with(HEAD) {
            if let Some(last) = blocks.last_mut() {
                last.text = &text[begins..at];
            }
            blocks.push(RulesBlock {
                before: number,
                text: "",
                rule: true,
            });
            begins = at;
        }
        at += line.len();
    }
    if let Some(last) = blocks.last_mut() {
        last.text = &text[begins..];
    }
    blocks
}

fn rule<'t>(
    source: &'t Source<'t>,
    file: &'t DeTable<'t>,
    text: &str,
    block: &RulesBlock<'_>,
    names: &mut Vec<(Text, usize)>,
) -> Option<Rule> {
    let line = block.before + 1;
    let file = TomlTable::new(source, file, line);
    let raw = file.raw("rule");
    file.end_with("a rules file has nothing but [[rule]]s, no");
    let table = raw.and_then(|raw| match raw.value.as_array()?.iter().next()?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    });
    let Some(table) = table else {
        if block.rule {
            source.wrong(
                line,
                "this is no rule; one begins with [[rule]] on a line of its own",
            );
        }
        return None;
    };
    let table = TomlTable::new(source, table, line);
    let name = words(source, &table, "name", line);
    let when = words(source, &table, "when", line);
    let verdict = words(source, &table, "verdict", line);
    let reason = table
        .raw("reason")
        .and_then(|raw| string(source, &raw, "reason"));
    table.end_with("a rule has no");
    let name = name.map(|found| {
        let name = Text::new(&found.value);
        match names.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => source.wrong_at(
                found.key_at,
                &format!(
                    "there is a rule \"{name}\" already, in line {first}; give each its own name"
                ),
            ),
            None => names.push((name.clone(), line)),
        }
        name
    });
    let when = when.and_then(|found| {
        // The time comes when it is used.
        Filter::of::<RequestRow>(&found.value, Timestamp::UNIX_EPOCH)
            .map_err(|error| source.wrong_at(found.char_at(text, error.at), &error.what))
            .ok()
    });
    let verdict = verdict.and_then(|found| verdict_of(source, &found));
    let template = reason.as_ref().map(|found| {
        let before = found
            .value
            .chars()
            .take_while(|c| c.is_whitespace())
            .count();
        Template::parse(&found.value)
            .map_err(|error| source.wrong_at(found.char_at(text, before + error.at), &error.what))
    });
    let template = match template {
        Some(Err(())) => return None,
        Some(Ok(template)) => template,
        None => Template::default(),
    };
    let verdict = verdict?;
    if verdict == ActKind::Deny && template.is_empty() {
        source.wrong(line, "a rule that denies needs a \"reason\"");
    }
    Some(Rule {
        name: name?,
        when: when?,
        verdict,
        reason: template,
    })
}

fn verdict_of(source: &Source<'_>, found: &Words) -> Option<ActKind> {
    const VERDICTS: [(&str, ActKind); 2] = [("approve", ActKind::Approve), ("deny", ActKind::Deny)];
    let known = VERDICTS
        .iter()
        .find(|(word, _)| *word == found.value.trim());
    if known.is_none() {
        let offer = offer(&found.value, VERDICTS.iter().map(|(word, _)| *word));
        let words = format!("\"verdict\" cannot be \"{}\"; {offer}", found.value);
        source.wrong_at(found.span.start, &words);
    }
    known.map(|(_, verdict)| *verdict)
}

/// Words in quotes, with where they stand.
struct Words {
    value: String,
    key_at: usize,
    span: Range<usize>,
}

impl Words {
    /// The byte of the file where a character of the words stands, as well as that can be told.
    fn char_at(&self, text: &str, at: usize) -> usize {
        let raw = text.get(self.span.clone()).unwrap_or_default();
        let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") {
            3
        } else {
            1
        };
        let inside = raw.get(quotes..raw.len().saturating_sub(quotes));
        if inside != Some(&self.value) {
            // Something in it is written other than it reads.
            return self.span.start;
        }
        let before: usize = self.value.chars().take(at).map(char::len_utf8).sum();
        self.span.start + quotes + before
    }
}

/// Words that a rule must have, and not none of them.
fn words(
    source: &Source<'_>,
    table: &TomlTable<'_>,
    key: &'static str,
    line: usize,
) -> Option<Words> {
    let Some(raw) = table.raw(key) else {
        source.wrong(line, &format!("this rule has no \"{key}\""));
        return None;
    };
    let found = string(source, &raw, key)?;
    if found.value.trim().is_empty() {
        let words = match key {
            "when" => "\"when\" is empty and would be about every request; say which",
            _ => &format!("\"{key}\" is empty; give it a value"),
        };
        source.wrong_at(found.key_at, words);
        return None;
    }
    Some(found)
}

fn string(source: &Source<'_>, raw: &Raw<'_>, key: &str) -> Option<Words> {
    let Some(value) = raw.value.as_str() else {
        let words = format!("\"{key}\" must be words in quotes");
        source.wrong_at(raw.span.start, &words);
        return None;
    };
    Some(Words {
        value: value.to_owned(),
        key_at: raw.key_at,
        span: raw.span.clone(),
    })
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
