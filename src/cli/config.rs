//! `guestlist config …`: the config file, without a tenant. These work where the file is wrong, too.

use std::path::PathBuf;

use super::args;
use super::failure::Failure;
use super::out::{Out, say};
use crate::domain::text::Text;
use crate::settings::{self, EXAMPLE, config_path, environment};

/// Runs one of them. `file` is what `--config` names.
pub(super) fn run(command: &args::Config, file: Option<PathBuf>) -> Result<(), Failure> {
    let mut out = Out::new();
    if matches!(command, args::Config::Example) {
        for line in EXAMPLE.lines() {
            out.exact(line)?;
        }
        return Ok(out.flush()?);
    }
    let Some((path, asked_for)) = config_path(file, &environment) else {
        return Err(Failure::Usage(
            "There is no home folder for a config file. Name one with --config or GUESTLIST_CONFIG.".into(),
        ));
    };
    let shown = Text::new(&path.to_string_lossy());
    if matches!(command, args::Config::Path) {
        out.line(&shown)?;
        return Ok(out.flush()?);
    }
    if !asked_for && !path.exists() {
        out.line(&format!(
            "There is no config file at {shown}; everything is as without one."
        ))?;
        return Ok(out.flush()?);
    }
    let mistakes = settings::check(&path)?;
    for mistake in &mistakes {
        say(mistake);
    }
    if !mistakes.is_empty() {
        return Err(Failure::Rows(2));
    }
    out.line(&format!("{shown} is right."))?;
    Ok(out.flush()?)
}
