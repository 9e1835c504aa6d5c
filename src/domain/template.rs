//! Templates of reasons: words with `{name}`, `{package}` and `{domain}` in them, filled in for each row.
//!
//! `{{` stands for a brace. What is filled in is not read as a template again: a person who calls themselves
//! `{package}` is called that.

use std::fmt;

use super::nearest::nearest;
use super::text::Text;

/// Longest value filled in, in characters: people choose their names, and a reason is for reading.
pub const LONGEST_VALUE: usize = 120;

/// What can stand in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    Name,
    Package,
    Domain,
}

/// The placeholders by the word in their braces.
const PLACEHOLDERS: [(&str, Placeholder); 3] = [
    ("name", Placeholder::Name),
    ("package", Placeholder::Package),
    ("domain", Placeholder::Domain),
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart {
    Words(String),
    Value(Placeholder),
}

/// A template as written and as understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<TemplatePart>,
}

/// What a template is filled in with.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// Who asks.
    pub name: &'a Text,
    /// What they ask for.
    pub package: &'a Text,
    /// The domain of their mail address.
    pub domain: &'a Text,
}

/// Why a template cannot be understood, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The character it is about, counted from 0.
    pub at: usize,
    /// What is wrong and what is valid, in words.
    pub what: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.what, self.at + 1)
    }
}

impl Template {
    /// Reads `source`.
    ///
    /// # Errors
    /// A placeholder there is none of, or a brace that is not closed.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        let source = source.trim();
        let mut parts = Vec::new();
        let mut words = String::new();
        let mut chars = source.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            if c != '{' {
                words.push(c);
                continue;
            }
            if chars.next_if(|(_, c)| *c == '{').is_some() {
                words.push('{');
                continue;
            }
            let mut word = String::new();
            loop {
                match chars.next() {
                    Some((_, '}')) => break,
                    Some((_, c)) if c != '{' => word.push(c),
                    _ => {
                        let what = "this brace is not closed; {{ stands for a brace".into();
                        return Err(TemplateError { at, what });
                    }
                }
            }
            if !words.is_empty() {
                parts.push(TemplatePart::Words(std::mem::take(&mut words)));
            }
            parts.push(TemplatePart::Value(placeholder(&word, at)?));
        }
        if !words.is_empty() {
            parts.push(TemplatePart::Words(words));
        }
        Ok(Self {
            source: source.to_owned(),
            parts,
        })
    }

    /// The source of a template that says these words, whatever braces are in them.
    pub fn of_words(words: &str) -> String {
        words.replace('{', "{{")
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The words for one row.
    pub fn fill(&self, with: &Filling<'_>) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                TemplatePart::Words(words) => filled.push_str(words),
                TemplatePart::Value(Placeholder::Name) => {
                    push(&mut filled, with.name.or("this person"));
                }
                TemplatePart::Value(Placeholder::Package) => {
                    push(&mut filled, with.package.or("this package"));
                }
                TemplatePart::Value(Placeholder::Domain) => {
                    push(&mut filled, with.domain.or("an unknown domain"));
                }
            }
        }
        filled
    }
}

fn push(filled: &mut String, value: &str) {
    if value.chars().count() > LONGEST_VALUE {
        filled.extend(value.chars().take(LONGEST_VALUE - 1));
        filled.push('…');
    } else {
        filled.push_str(value);
    }
}

fn placeholder(word: &str, at: usize) -> Result<Placeholder, TemplateError> {
    let known = PLACEHOLDERS.iter().find(|(known, _)| *known == word);
    known.map(|(_, placeholder)| *placeholder).ok_or_else(|| {
        let offer = match nearest(word, PLACEHOLDERS.map(|(known, _)| known)) {
            Some(near) => format!("did you mean {{{near}}}?"),
            None => "there are {name}, {package} and {domain}".into(),
        };
        let word = Text::new(word);
        TemplateError {
            at,
            what: format!("there is no {{{word}}}; {offer}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(source: &str, name: &str) -> String {
        Template::parse(source).unwrap().fill(&Filling {
            name: &Text::new(name),
            package: &Text::new("Supplier Hub"),
            domain: &Text::new("c0ntoso.com"),
        })
    }

    #[test]
    fn placeholders_are_filled_in_once() {
        for (source, expected) in [
            ("", ""),
            ("Left the project", "Left the project"),
            (
                "{name} of {domain}: {package}",
                "Grace of c0ntoso.com: Supplier Hub",
            ),
            ("{name}{name}", "GraceGrace"),
            (" {{name} stays } ", "{name} stays }"),
        ] {
            assert_eq!(fill(source, "Grace"), expected, "{source}");
        }
        assert_eq!(fill("{name}!", "{package}"), "{package}!");
        assert_eq!(fill("{name}!", ""), "this person!");
    }

    #[test]
    fn a_long_name_does_not_bury_the_reason() {
        let filled = fill("{name} is unknown", &"x".repeat(1_900));
        assert_eq!(filled.chars().count(), LONGEST_VALUE + " is unknown".len());
        assert!(filled.ends_with("x… is unknown"));
    }

    #[test]
    fn mistakes_are_pointed_at_with_what_was_meant() {
        for (source, at, words) in [
            ("Dear {nam}", 5, "there is no {nam}; did you mean {name}?"),
            (
                "{}",
                0,
                "there is no {}; there are {name}, {package} and {domain}",
            ),
            ("{Name}", 0, "did you mean {name}?"),
            ("an {name", 3, "this brace is not closed"),
            ("an {na{me}", 3, "this brace is not closed"),
            ("é {colour}", 2, "there is no {colour}"),
        ] {
            let error = Template::parse(source).unwrap_err();
            assert_eq!(error.at, at, "{source}");
            assert!(error.what.contains(words), "{source}: {error}");
        }
        let error = Template::parse("Dear {nam}").unwrap_err();
        assert!(error.to_string().ends_with("(at character 6)"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in any::<String>()) {
            match Template::parse(&source) {
                Ok(template) => prop_assert_eq!(template.source(), source.trim()),
                Err(error) => prop_assert!(error.at < source.chars().count()),
            }
        }

        #[test]
        fn any_words_can_be_said(words in "[{}a-z ]{0,20}") {
            prop_assert_eq!(fill(&Template::of_words(&words), "Grace"), words.trim());
        }

        #[test]
        fn words_without_braces_stay_as_they_are(source in "[^{]*") {
            prop_assert_eq!(fill(&source, "Grace"), source.trim());
        }
    }
}
