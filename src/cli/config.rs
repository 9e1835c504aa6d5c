//! `guestlist config …`: the config file and the rules file, without a tenant. These work where the file is wrong, too.

use std::path::PathBuf;

use super::args;
use super::failure::Failure;
use super::out::{Out, say};
use crate::domain::text::Text;
use crate::settings::{self, EXAMPLE, config_path, environment, rules};

/// Runs one of them. `file` is what `--config` names, `rules` what `--rules` does.
pub(super) fn run(
    command: &args::ConfigArgs,
    file: Option<PathBuf>,
    rules: Option<PathBuf>,
) -> Result<(), Failure> {
    let mut out = Out::new();
    if let args::ConfigArgs::Example { for_rules } = command {
        let example = if *for_rules { rules::EXAMPLE } else { EXAMPLE };
        for line in example.lines() {
            out.exact(line)?;
        }
        return Ok(out.flush()?);
    }
    let Some((path, asked_for)) = config_path(file.clone(), &environment) else {
        return Err(Failure::Usage(
            "There is no home folder for a config file. Name one with --config or GUESTLIST_CONFIG.".into(),
        ));
    };
    let shown = Text::new(&path.to_string_lossy());
    if matches!(command, args::ConfigArgs::Path) {
        out.line(&shown)?;
        return Ok(out.flush()?);
    }
    let absent = !asked_for && path.symlink_metadata().is_err();
    let mut mistakes = if absent {
        Vec::new()
    } else {
        settings::check(&path)?
    };
    let mut right = Vec::new();
    if absent {
        right.push(format!(
            "There is no config file at {shown}; everything is as without one."
        ));
    } else if mistakes.is_empty() {
        right.push(format!("{shown} is right."));
    }
    let found = settings::rules_of(file, rules, &environment);
    if let Some((path, _)) =
        found.filter(|(path, asked_for)| *asked_for || path.symlink_metadata().is_ok())
    {
        let read = rules::read(&path)?;
        if read.wrong.is_empty() {
            let shown = Text::new(&path.to_string_lossy());
            let count = match read.rules.len() {
                1 => "1 rule".to_owned(),
                n => format!("{n} rules"),
            };
            right.push(format!("{shown} is right: {count}."));
        }
        mistakes.extend(read.wrong);
    }
    for line in &right {
        out.line(line)?;
    }
    out.flush()?;
    for mistake in &mistakes {
        say(mistake);
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(Failure::Rows(2))
    }
}
