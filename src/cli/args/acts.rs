//! Flags of what can be done with requests besides deciding them.

use clap::Args;

use super::Write;

/// A package for a person who did not ask.
#[derive(Debug, Args)]
pub struct AssignArgs {
    /// The package: its id or its name
    #[arg(long, value_name = "ID|NAME")]
    pub package: String,
    /// The policy of it that says how long the access lasts: its id or its name
    #[arg(long, value_name = "ID|NAME")]
    pub policy: String,
    /// Who gets it: a guest's id or mail address, or the address of somebody who is not in yet
    #[arg(long, value_name = "ID|MAIL")]
    pub guest: String,
    /// Ask Graph to bypass the policy's approval; it may not know that yet, or refuse it
    #[arg(long)]
    pub bypass_approval: bool,
    /// Why; kept with the request and in the journal
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Asking, and how results are printed.
    #[command(flatten)]
    pub write: Write,
}

/// A text for the approver who can decide.
#[derive(Debug, Args)]
pub struct NudgeArgs {
    /// The request's id
    pub id: String,
    /// Print a mailto: line that opens a mail with it instead
    #[arg(long)]
    pub mailto: bool,
}

/// What the rules say.
#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// Only those that match, in the console's filter language: words, column:value, !not
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Do not read guests, which in a large tenant takes long; conditions on the signal `guest` see none
    #[arg(long)]
    pub quick: bool,
    /// Print one JSON array with Graph's property names
    #[arg(long)]
    pub json: bool,
}
