use std::fs;

use super::*;

const GOOD: &str = "[[rule]]\nname = \"a\"\nwhen = 'domain:fabrikam.com'\nverdict = \"approve\"\n";

fn read(text: &str) -> RulesFile {
    parse(text, Path::new("/home/ada/rules.toml"))
}

#[test]
fn the_example_passes() {
    let rules = read(EXAMPLE);
    assert_eq!(rules.wrong, Vec::<String>::new());
    let names: Vec<&str> = rules.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["known partner", "forged domain", "private mail"]);
    assert_eq!(rules.rules[1].verdict, ActKind::Deny);
    assert_eq!(
        rules.rules[0].when.source(),
        "domain=fabrikam.com !signal:lookalike !signal:denied"
    );
}

#[test]
fn an_empty_file_has_no_rules_and_no_mistakes() {
    for text in ["", "\n\n# none yet\n"] {
        assert_eq!(read(text), RulesFile::default(), "{text:?}");
    }
}

#[test]
fn each_mistake_has_its_place_and_leaves_the_other_rules_alone() {
    let reasoned = |line: &str| {
        format!(
            "[[rule]]\nname = \"b\"\nwhen = 'gmail'\nverdict = \"deny\"\nreason = \"no\"\n{line}\n"
        )
    };
    for (rule, place, words) in [
        (
            "[[rule]]\nname = \"b\"\nwhen = 'age>3d domian:x'\nverdict = \"approve\"\n".to_owned(),
            "line 7, column 16: ",
            "there is no column domian",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = 'é \"open'\nverdict = \"approve\"\n".to_owned(),
            "line 7, column 11: ",
            "quote is not closed",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhne = 'gmail'\nwhen = 'x'\nverdict = \"approve\"\n".to_owned(),
            "line 7, column 1: ",
            "a rule has no \"whne\"; did you mean \"when\"?",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = 'gmail'\nverdict = \"aprove\"\n".to_owned(),
            "line 8, column 11: ",
            "\"verdict\" cannot be \"aprove\"; did you mean \"approve\"?",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = 'gmail'\nverdict = \"deny\"\nreason = \"  so, {nam}\"\n".to_owned(),
            "line 9, column 17: ",
            "there is no {nam}; did you mean {name}?",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = 'gmail'\nverdict = \"deny\"\n".to_owned(),
            "line 5: ",
            "a rule that denies needs a \"reason\"",
        ),
        (
            "[[rule]]\nname = \"b\"\nverdict = \"approve\"\n".to_owned(),
            "line 5: ",
            "this rule has no \"when\"",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = ' '\nverdict = \"approve\"\n".to_owned(),
            "line 7, column 1: ",
            "would be about every request",
        ),
        (
            "[[rule]]\nname = \"b\"\nwhen = 'gmail\nverdict = \"approve\"\n".to_owned(),
            "line 7, column ",
            "this is not TOML",
        ),
        (
            "[[rule]]\nname = 5\nwhen = 'gmail'\nverdict = \"approve\"\n".to_owned(),
            "line 6, column 8: ",
            "\"name\" must be words in quotes",
        ),
        (
            "[[rule]]\nname = \"a\"\nwhen = 'gmail'\nverdict = \"approve\"\n".to_owned(),
            "line 6, column 1: ",
            "there is a rule \"a\" already, in line 1",
        ),
        (reasoned("[[rule]].x"), "line 10, column ", "this is not TOML"),
    ] {
        let last = "[[rule]]\nname = \"z\"\nwhen = 'grace'\nverdict = \"approve\"\n";
        let rules = read(&format!("{GOOD}{rule}{last}"));
        let names: Vec<&str> = rules.rules.iter().map(|rule| rule.name.as_str()).collect();
        assert!(names.contains(&"a") && names.contains(&"z"), "{rule}: {names:?}");
        let [wrong] = rules.wrong.as_slice() else {
            panic!("{rule}: {:?}", rules.wrong)
        };
        assert!(wrong.starts_with(&format!("rules.toml, {place}")), "{wrong}");
        assert!(wrong.contains(words), "{wrong}");
    }
}

#[test]
fn what_stands_before_the_rules_is_a_mistake_of_its_own() {
    let rules = read(&format!("rules = 3\n{GOOD}"));
    assert_eq!(rules.rules.len(), 1);
    assert_eq!(
        rules.wrong,
        [
            "rules.toml, line 1, column 1: a rules file has nothing but [[rule]]s, no \"rules\"; did you mean \"rule\"?"
        ]
    );
}

#[test]
fn what_a_file_says_cannot_move_a_cursor() {
    let rules = read("[[rule]]\n\"\\u001b[2J\" = 1\n");
    assert!(!rules.wrong.is_empty());
    assert!(
        rules.wrong.iter().all(|wrong| !wrong.contains('\u{1b}')),
        "{:?}",
        rules.wrong
    );
}

#[test]
fn what_is_no_rules_file_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rules.toml");
    let why = |path: &Path| super::read(path).unwrap_err().to_string();
    assert!(why(&path).contains("there is no such file"));
    assert!(why(dir.path()).contains("it is no file"));
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(why(&path).contains("not UTF-8"));
    fs::write(&path, vec![b'#'; 300 * 1024]).unwrap();
    assert!(why(&path).contains("larger than 256 KiB"));
    fs::write(&path, GOOD).unwrap();
    assert_eq!(super::read(&path).unwrap().rules.len(), 1);
}
