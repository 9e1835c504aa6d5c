//! What can be asked of the journal.

use clap::{Args, Subcommand};

use super::Write;

/// What can be done with the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// List what was done, the newest last
    List(JournalList),
    /// Check that no line was changed, added or taken out, and print the hash of the last, to be kept elsewhere
    Verify {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Go on with what was stopped half done: a block whose sessions were not ended, say
    Resume(Write),
}

/// What of the journal is listed.
#[derive(Debug, Args)]
pub struct JournalList {
    /// At most so many, the newest; 100, unless --since says how far back
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Only since then: a date, a time, or how long ago, such as 7d or 12h
    #[arg(long, value_name = "DATE|7d")]
    pub since: Option<String>,
    /// Only this act: approve, invite …
    #[arg(long, value_name = "WORD")]
    pub act: Option<String>,
    /// Only where this is part of the id, address or name it was done to
    #[arg(long, value_name = "TEXT")]
    pub target: Option<String>,
    /// Only where this is part of the id or address of who did it
    #[arg(long, value_name = "TEXT")]
    pub actor: Option<String>,
    /// Print one JSON array; with --follow one object a line
    #[arg(long)]
    pub json: bool,
    /// Then print what is appended, by anyone, until interrupted
    #[arg(long)]
    pub follow: bool,
}
