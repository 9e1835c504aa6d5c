//! The rules file from the command line.

use super::{Desk, alone, command, run, text};

const MISTAKEN: &str = "[[rule]]
name = \"partner\"
when = 'domain:fabrikam.com'
verdict = \"approve\"

[[rule]]
when = 'domian:gmail.com'
name = \"mail\"
verdict = \"deny\"
reason = \"no\"

[[rule]]
name = \"forged\"
when = 'domain:c0ntoso.com'
verdict = \"deny\"
reason = \"{domain} is forged\"
";

#[test]
fn a_mistake_in_line_seven_is_named_and_the_other_rules_print() {
    let desk = Desk::new();
    let path = desk.home.path().join("rules.toml");
    std::fs::write(&path, MISTAKEN).unwrap();
    let file = path.to_str().unwrap();
    let ran = desk.run(&format!("requests suggest --quick --rules {file}"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err
            .contains("rules.toml, line 7, column 9: there is no column domian"),
        "{ran:?}"
    );
    assert!(
        ran.out.contains("partner") && ran.out.contains("c0ntoso.com is forged"),
        "{ran:?}"
    );
    let ran = desk.run(&format!(
        "requests suggest --quick --json --filter c0ntoso --rules {file}"
    ));
    let rows = ran.rows();
    assert!(!rows.is_empty());
    for row in &rows {
        let suggestion = &row["@guestlist.suggestion"];
        assert_eq!(text(suggestion, "verdict"), "deny");
        assert_eq!(text(suggestion, "rule"), "forged");
        assert_eq!(text(row, "state"), "pendingApproval");
    }
    assert!(desk.json("journal list").is_empty(), "rules never send");
    let pending = desk.emulator.snapshot()["assignmentRequests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] == "pendingApproval")
        .count();
    assert_eq!(pending, 24);
}

#[test]
fn rules_that_contradict_suggest_nothing() {
    let desk = Desk::new();
    let path = desk.home.path().join("rules.toml");
    let contrary = MISTAKEN
        .replace("domian", "domain")
        .replace("domain:gmail.com", "fabrikam");
    std::fs::write(&path, contrary).unwrap();
    let line = format!(
        "requests suggest --quick --filter fabrikam.com --rules {}",
        path.to_str().unwrap()
    );
    let ran = desk.run(&line);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("partner / mail"), "{ran:?}");
    let rows = desk.json(&line);
    assert!(rows.iter().all(|row| {
        row["@guestlist.suggestion"]["contradicting"] == serde_json::json!(["partner", "mail"])
    }));
}

#[test]
fn the_rules_file_is_found_beside_the_config_file_and_checked_with_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("config/guestlist");
    std::fs::create_dir_all(&folder).unwrap();
    let example = alone(&["config", "example", "--for-rules"]);
    assert_eq!(example.code, 0, "{example:?}");
    std::fs::write(folder.join("rules.toml"), &example.out).unwrap();
    let check = || run(&mut command(&home, &["config", "check"]));
    let ran = check();
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains("rules.toml is right: 3 rules."), "{ran:?}");
    std::fs::write(folder.join("rules.toml"), MISTAKEN).unwrap();
    let ran = check();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("line 7, column 9"), "{ran:?}");
    // The config file can name another, and that one must be there.
    std::fs::write(folder.join("config.toml"), "rules = \"team.toml\"\n").unwrap();
    let ran = check();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err
            .contains("team.toml cannot be read (there is no such file)"),
        "{ran:?}"
    );
    std::fs::write(folder.join("team.toml"), &example.out).unwrap();
    assert_eq!(check().code, 0);
}

#[test]
fn without_a_rules_file_one_is_told_how_to_begin() {
    let desk = Desk::new();
    let ran = desk.run("requests suggest");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("guestlist config example --for-rules"),
        "{ran:?}"
    );
}
