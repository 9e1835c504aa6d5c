//! `guestlist config …`, profiles, and a first start without any.

use std::process::Command;

use super::{Ran, alone, command, run};

/// A machine whose config file says this.
fn with(text: &str, args: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mine.toml");
    std::fs::write(&path, text).unwrap();
    let config = path.to_str().unwrap();
    let all: Vec<&str> = args.iter().copied().chain(["--config", config]).collect();
    run(&mut command(&home, &all))
}

#[test]
fn the_example_passes_the_check() {
    let example = alone(&["config", "example"]);
    assert_eq!(example.code, 0, "{example:?}");
    let ran = with(&example.out, &["config", "check"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains("mine.toml is right"), "{ran:?}");
}

#[test]
fn every_mistake_is_said_with_line_and_nearest_word() {
    let text = "tehme = \"mono\"\n[profiles.prod]\ntenant = \"contoso.com\"\nsign_in = \"browsr\"\nclient_id = 7\n";
    let ran = with(text, &["config", "check"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:?}");
    for (line, words) in [
        "line 1: there is no setting \"tehme\"; did you mean \"theme\"?",
        "line 4: \"sign_in\" cannot be \"browsr\"; did you mean \"browser\"?",
        "line 5: \"client_id\" must be words in quotes, not 7.",
    ]
    .iter()
    .enumerate()
    .map(|(index, words)| (lines[index], words))
    {
        assert!(line.ends_with(words), "{line}");
    }
    let ran = with(text, &["status"]);
    assert_eq!(
        (ran.code, ran.err.lines().count()),
        (2, 1),
        "the first is enough: {ran:?}"
    );
}

#[test]
fn the_path_is_where_it_is_read() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(&mut command(&home, &["config", "path"]));
    let path = home.path().join("config/guestlist/config.toml");
    assert_eq!(ran.out.trim_end(), path.to_str().unwrap());
    let ran = run(&mut command(&home, &["config", "check"]));
    assert_eq!(ran.code, 0, "none is no mistake: {ran:?}");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "nonsense = 1\n").unwrap();
    assert_eq!(run(&mut command(&home, &["config", "check"])).code, 2);
    let other = with("", &["config", "path"]);
    assert!(other.out.ends_with("mine.toml\n"), "{other:?}");
}

#[test]
fn a_first_start_says_what_to_do() {
    for args in [&[][..], &["status"], &["requests", "list"]] {
        let ran = alone(args);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.lines().count()),
            (3, "", 1),
            "{ran:?}"
        );
        for word in [
            "guestlist --demo",
            "guestlist login",
            "guestlist config example",
        ] {
            assert!(ran.err.contains(word), "{word}: {ran:?}");
        }
    }
}

#[test]
fn profiles_are_chosen_by_name() {
    let two =
        "[profiles.prod]\ntenant = \"contoso.com\"\n[profiles.test]\ntenant = \"contoso.com\"\n";
    let ran = with(two, &["status"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("--profile: prod, test"), "{ran:?}");
    let ran = with(two, &["-p", "tset", "status"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("did you mean \"test\"?"), "{ran:?}");
    let ran = with(two, &["status", "-p", "test"]);
    assert_eq!(ran.code, 3, "nobody is signed in: {ran:?}");
    assert!(ran.out.contains("profile  test"), "{ran:?}");
    assert_eq!(alone(&["--demo", "-p", "test", "status"]).code, 2);
}

#[test]
fn addresses_that_would_give_the_token_away_are_refused() {
    let text = "[profiles.a]\ngraph_url = \"http://graph.example\"\nlogin_url = \"https://login.example\"\n";
    let ran = with(text, &["status"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("line 2") && ran.err.contains("https"),
        "{ran:?}"
    );
}

#[test]
fn settings_that_others_may_write_are_not_believed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let home = tempfile::tempdir().unwrap();
    let place = |name: &str| home.path().join(name);
    let ran = |flag: &str, name: &str| {
        let path = place(name);
        let args = ["config", "check", flag, path.to_str().unwrap()];
        let ran = run(&mut command(&home, &args));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        ran.err
    };
    let mode = |name: &str, mode| {
        std::fs::set_permissions(place(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    std::fs::write(place("mine"), "").unwrap();
    symlink(place("mine"), place("link")).unwrap();
    let made = Command::new("mkfifo").arg(place("pipe")).status().unwrap();
    assert!(made.success());
    for flag in ["--config", "--rules"] {
        assert!(ran(flag, "link").contains("links are not followed"));
        assert!(ran(flag, "pipe").contains("it is no file"));
        mode("mine", 0o664);
        let err = ran(flag, "mine");
        assert!(
            err.contains("others may write") && err.contains("chmod go-w"),
            "{err}"
        );
        mode("mine", 0o644);
        let path = place("mine");
        let args = ["config", "check", flag, path.to_str().unwrap()];
        assert_eq!(run(&mut command(&home, &args)).code, 0);
    }
    // A log that was there is closed to others; one that is a link is not written through.
    mode("mine", 0o644);
    let log = place("mine");
    let args = ["requests", "list", "--demo", "--log", log.to_str().unwrap()];
    assert_eq!(run(&mut command(&home, &args)).code, 0);
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let link = place("link");
    let args = [
        "requests",
        "list",
        "--demo",
        "--log",
        link.to_str().unwrap(),
    ];
    assert_eq!(run(&mut command(&home, &args)).code, 2);
}
