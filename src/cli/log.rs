//! Diagnostics, to a file that somebody asked for.

use std::path::Path;
use std::sync::Mutex;

use super::failure::Failure;
use crate::domain::text::Text;
use crate::private;

/// Writes what the program says of itself to `path`, for the owner's eyes only.
pub(super) fn start(path: &Path) -> Result<(), Failure> {
    let file = private::appended(path).map_err(|why| {
        Failure::Usage(format!(
            "The log file {} cannot be written ({why}). Check its path and permissions.",
            Text::new(&path.to_string_lossy())
        ))
    })?;
    let logger = tracing_subscriber::fmt()
        .with_env_filter("guestlist=debug")
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .finish();
    // Fails only where one is set already; then that one goes on.
    let _ = tracing::subscriber::set_global_default(logger);
    Ok(())
}
