//! What lists and what chooses from them.

use clap::Args;

/// What of the requests is listed.
#[derive(Debug, Args)]
pub struct RequestList {
    /// Which: mine, pending, failed, scheduled, today, all, or a view of the config
    #[arg(long, value_name = "NAME", default_value = "pending")]
    pub view: String,
    /// Only those that match, in the console's filter language: words, column:value, !not
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Do not read guests, which in a large tenant takes long; leaves out the signal `guest`
    #[arg(long)]
    pub quick: bool,
    /// How the list is printed.
    #[command(flatten)]
    pub form: Forms,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct Forms {
    /// Print one JSON array with Graph's property names
    #[arg(long)]
    pub json: bool,
    /// Print comma-separated values, for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// A way to print a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Columns for people.
    Table,
    /// One JSON array.
    Json,
    /// Comma-separated values.
    Csv,
}

impl Forms {
    /// The one that was chosen.
    pub fn chosen(self) -> Form {
        match (self.json, self.csv) {
            (true, _) => Form::Json,
            (_, true) => Form::Csv,
            _ => Form::Table,
        }
    }
}

/// Which requests are decided.
#[derive(Debug, Args)]
pub struct Which {
    /// Their ids
    #[arg(required_unless_present = "filter", value_name = "ID")]
    pub ids: Vec<String>,
    /// All that wait for you and match, in the console's filter language; shows them and asks first
    #[arg(long, value_name = "WORDS", conflicts_with = "ids")]
    pub filter: Option<String>,
}
