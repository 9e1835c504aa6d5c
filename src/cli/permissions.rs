//! The table of permissions as the README shows it.

use crate::acts::needs;
use crate::domain::permission::Permission;

/// What each command needs at least, of a person's sign-in and of an app's.
pub fn markdown() -> String {
    let mut lines = vec![
        "| to | command | a person's sign-in needs | an app needs |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    let list = |names: &[Permission]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(" ")
    };
    for need in needs() {
        let app = need.application.map_or("not possible".to_owned(), list);
        lines.push(format!(
            "| {} | `{}` | {} | {app} |",
            need.does,
            need.command,
            list(need.delegated)
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn every_row_names_a_command_there_is() {
        for need in needs() {
            let mut command = Cli::command();
            for word in need.command.split(' ') {
                if let Some(flag) = word.strip_prefix("--") {
                    let has = command
                        .get_arguments()
                        .any(|arg| arg.get_long() == Some(flag));
                    assert!(has, "{}: no {word}", need.command);
                } else {
                    let found = command.find_subcommand(word);
                    command = found
                        .unwrap_or_else(|| panic!("no {}", need.command))
                        .clone();
                }
            }
        }
    }
}
