use super::*;
use crate::signin::{Cloud, StoreKind, Way};

fn parsed(text: &str) -> File {
    parse(text, Path::new("/etc/guestlist/config.toml")).unwrap()
}

fn wrong(text: &str) -> Vec<String> {
    let path = Path::new("config.toml");
    let mistakes = parse(text, path).unwrap_err();
    mistakes
        .iter()
        .map(|mistake| sentence(path, mistake))
        .collect()
}

#[test]
fn what_is_right_is_taken() {
    let file = parsed("# mine\ntheme = \"mono\"\nread_only = true\nrefresh_seconds = 0\n");
    assert_eq!(
        file,
        File {
            theme: Some(ThemeChoice::Mono),
            read_only: Some(true),
            refresh_seconds: Some(0),
            ..File::default()
        }
    );
    assert_eq!(parsed(""), File::default());
    let file = parsed(
        "default_profile = \"b\"\n[profiles.b]\ntenant = \"contoso.com\"\nsign_in = \"client-certificate\"\n\
         client_id = \"1\"\ncertificate = \"own.pfx\"\ncloud = \"china\"\n[profiles.a]\nkeep_sign_in = \"keyring\"\n",
    );
    let [b, a] = &file.profiles[..] else {
        panic!("{file:?}")
    };
    assert_eq!((b.way, &b.cloud), (Way::ClientCertificate, &Cloud::China));
    assert_eq!(
        b.certificate.as_deref(),
        Some(Path::new("/etc/guestlist/own.pfx"))
    );
    assert_eq!(
        (a.name.as_str(), a.tenant.as_str(), a.keep),
        ("a", "organizations", Some(StoreKind::Keyring))
    );
    let addresses = "[profiles.x]\nsign_in = \"token\"\ngraph_url = \"https://graph.example\"";
    assert_eq!(
        parsed(addresses).profiles[0].cloud.graph(),
        "https://graph.example"
    );
}

#[test]
fn columns_bell_and_views_are_the_queues() {
    use crate::app::view::Bell;
    use crate::inventory::table::Sort;
    use crate::inventory::view::{Base, View};
    let file = parsed(
        "bell = \"osc9\"\n[requests]\ncolumns = [\"name\", \"domain\"]\n[views.late]\nbase = \"mine\"\nfilter = \"left<2d\"\nsort = \"-age\"\n[views.plain]\n",
    );
    assert_eq!(file.queue.columns, ["name", "domain"]);
    assert_eq!(file.queue.bell, Some(Bell::Osc9));
    let late = View {
        name: "late".into(),
        base: Base::Mine,
        filter: "left<2d".into(),
        sort: Sort {
            column: "age",
            descending: true,
        },
    };
    let plain = View {
        name: "plain".into(),
        ..View::plain(Base::Pending)
    };
    assert_eq!(file.queue.views, [late, plain]);
    for (text, expected) in [
        (
            "[requests]\ncolumns = [\"name\", \"domian\"]",
            "line 2: there is no column \"domian\"; did you mean \"domain\"?",
        ),
        (
            "[requests]\ncolumns = [\"name\", \"name\"]",
            "line 2: \"name\" stands in \"columns\" twice.",
        ),
        (
            "[requests]\ncolums = []",
            "line 2: there is no setting \"colums\"; did you mean \"columns\"?",
        ),
        (
            "bell = \"osc7\"",
            "line 1: \"bell\" cannot be \"osc7\"; did you mean \"osc9\"?",
        ),
        (
            "[views.x]\nfilter = \"domian:a\"",
            "line 2: the filter of the view x cannot be read: there is no column domian; domain is near (at character 1).",
        ),
        (
            "[views.x]\nbase = \"faild\"",
            "line 2: \"base\" cannot be \"faild\"; did you mean \"failed\"?",
        ),
        (
            "[views.x]\nsort = \"-agee\"",
            "line 2: \"sort\" cannot be \"-agee\"; did you mean \"age\"?",
        ),
        (
            "[views.mine]",
            "line 1: \"mine\" is a view that is always there; give yours another name.",
        ),
    ] {
        assert_eq!(wrong(text), [format!("config.toml, {expected}")], "{text}");
    }
}

#[test]
fn the_example_passes_its_own_check() {
    let file = parsed(EXAMPLE);
    assert_eq!(file.profiles.len(), 6);
    // Every setting there is stands in it, if only as a comment.
    for line in wrong("x = 1\n[profiles.a]\ny = 1\n") {
        let known = line.split("one of ").nth(1).unwrap().trim_end_matches('.');
        for key in known.split(", ") {
            assert!(EXAMPLE.contains(key), "{key} is not in the example");
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_the_nearest_word() {
    for (text, expected) in [
        (
            "\n\ntehme = \"mono\"",
            "config.toml, line 3: there is no setting \"tehme\"; did you mean \"theme\"?",
        ),
        (
            "read_only = true\ntheme = \"monu\"",
            "config.toml, line 2: \"theme\" cannot be \"monu\"; did you mean \"mono\"?",
        ),
        (
            "read_only = \"yes\"",
            "config.toml, line 1: \"read_only\" must be true or false, not \"yes\".",
        ),
        (
            "refresh_seconds = \"often\"",
            "config.toml, line 1: \"refresh_seconds\" must be a whole number from 0 to 86400, not \"often\".",
        ),
        (
            "[profiles.prod]\ntennant = \"contoso.com\"",
            "config.toml, line 2: there is no setting \"tennant\"; did you mean \"tenant\"?",
        ),
        (
            "[profiles.prod]\n\nsign_in = \"browsr\"",
            "config.toml, line 3: \"sign_in\" cannot be \"browsr\"; did you mean \"browser\"?",
        ),
        (
            "[profiles.prod]\ncloud = \"us-gov-l6\"",
            "config.toml, line 2: \"cloud\" cannot be \"us-gov-l6\"; did you mean \"us-gov-l4\"?",
        ),
        (
            "default_profile = \"prd\"\n[profiles.prod]\n",
            "config.toml, line 1: there is no profile \"prd\"; did you mean \"prod\"?",
        ),
        (
            "profiles = 3",
            "config.toml, line 1: \"profiles\" must be a table, not 3.",
        ),
        (
            "[profiles]\nprod = \"x\"",
            "config.toml, line 2: \"prod\" must be a table, not \"x\".",
        ),
        (
            "[keys]\naprove = \"z\"",
            "config.toml, line 2: there is no command \"aprove\"; did you mean \"approve\"?",
        ),
        (
            "[keys]\nrefresh = 5",
            "config.toml, line 2: \"refresh\" must be a key in quotes, or a list of them, not 5.",
        ),
        (
            "[keys]\nrefresh = \"a\"",
            "config.toml, line 2: \"a\" cannot be refresh: it is approve already; give approve another key.",
        ),
    ] {
        assert_eq!(wrong(text), [expected], "{text}");
    }
    assert_eq!(wrong("a = 1\nb = 2").len(), 2, "all of them are found");
    for text in [
        "theme",
        "theme = ",
        "[",
        "= 3",
        "refresh_seconds = -1",
        "theme = 1979-05-27",
        "a = \"\u{1b}[31m\"\n",
        "[profiles.a]\n[profiles.a]\n",
    ] {
        for sentence in wrong(text) {
            assert!(sentence.starts_with("config.toml, line "), "{sentence}");
            assert!(
                !sentence.contains('\u{1b}') && !sentence.contains('\n'),
                "{sentence:?}"
            );
        }
    }
}

#[test]
fn what_cannot_go_together_is_refused() {
    for (text, line, word) in [
        (
            "cloud = \"china\"\ngraph_url = \"https://g.example\"",
            2,
            "take it out",
        ),
        ("graph_url = \"https://g.example\"", 2, "login_url"),
        ("login_url = \"https://l.example\"", 2, "graph_url"),
        (
            "graph_url = \"http://g.example\"\nlogin_url = \"https://l.example\"",
            2,
            "unencrypted",
        ),
        (
            "graph_url = \"https://g.example\"\nlogin_url = \"nowhere\"",
            3,
            "login_url",
        ),
        (
            "sign_in = \"client-secret\"\nclient_id = \"1\"",
            1,
            "tenant",
        ),
        (
            "sign_in = \"client-secret\"\ntenant = \"a.example\"",
            1,
            "client_id",
        ),
        (
            "sign_in = \"azure-cli\"\nclient_id = \"1\"",
            3,
            "app of its own",
        ),
        (
            "sign_in = \"managed-identity\"\nclient_id = \"1\"",
            3,
            "identity",
        ),
        ("identity = \"1\"", 2, "managed-identity"),
        ("certificate = \"a.pfx\"", 2, "client-certificate"),
        (
            "sign_in = \"azure-cli\"\nkeep_sign_in = \"file\"",
            3,
            "nothing to keep",
        ),
        ("sign_in = \"device-code\"\nredirect_port = 1", 3, "browser"),
        ("redirect_port = 70000", 2, "65535"),
        ("tenant = \"contoso.com/../x\"", 2, "no tenant"),
        ("client_id = \"a b\"", 2, "no client id"),
        ("tenant = \"\"", 2, "empty"),
    ] {
        let found = wrong(&format!("[profiles.a]\n{text}"));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(
            found[0].contains(&format!("line {line}: ")) && found[0].contains(word),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn keys_may_be_moved_but_not_doubled() {
    let keys = parsed("[keys]\napprove = \"z\"\nrefresh = [\"a\", \"F5\"]\nsuspend = []\n").keys;
    assert_eq!(keys["refresh"], ["a", "F5"], "approve gave it up");
    assert!(keys["suspend"].is_empty());
    for (text, word) in [
        ("deny = \"Ctrl-d\"", "Ctrl"),
        ("deny = \"Hyper-d\"", "no key"),
        ("quit = []", "way out"),
        ("refresh = \"z\"\nredraw = \"z\"", "already"),
    ] {
        let found = wrong(&format!("[keys]\n{text}"));
        assert!(found[0].contains(word), "{text}: {found:?}");
    }
}

#[test]
fn a_file_asked_for_must_be_there() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("none.toml");
    assert_eq!(read(&missing, false), Ok(File::default()));
    assert!(
        read(&missing, true)
            .unwrap_err()
            .to_string()
            .contains("no such file")
    );
    assert!(read(dir.path(), false).is_err());
    std::fs::write(&missing, b"theme = 1\n\xff").unwrap();
    assert!(
        read(&missing, true)
            .unwrap_err()
            .to_string()
            .contains("line 2")
    );
}

#[test]
fn mail_domains_are_domains() {
    let file = parsed(
        "[signals]\nconsumer_domains = [\"Mail.Example\"]\ndisposable_domains = [\"gone.example\"]\n",
    );
    assert_eq!(
        file.mail,
        MailDomains::new(&["mail.example".into()], &["gone.example".into()])
    );
    for (line, words) in [
        (
            "consumer_domains = \"mail.example\"",
            "must be a list of words in quotes",
        ),
        (
            "consumer_domains = [1]",
            "must be a list of words in quotes",
        ),
        (
            "consumer_domains = [\"ada@mail.example\"]",
            "\"ada@mail.example\" in it, which is no mail domain",
        ),
        (
            "disposable_domains = [\"mail\"]",
            "\"mail\" in it, which is no mail domain",
        ),
        ("consumer_domain = []", "did you mean \"consumer_domains\"?"),
        (
            "consumer_domains = [\"a.example\"]\ndisposable_domains = [\"A.example\"]",
            "\"a.example\" is in both lists",
        ),
    ] {
        let said = wrong(&format!("[signals]\n{line}\n"));
        assert!(said[0].contains(words), "{line}: {said:?}");
    }
}

#[test]
fn reasons_are_templates_and_a_mistake_is_named_with_its_own_line() {
    let file = parsed("reasons = [\n  \"known\",\n  \"{name} of {domain}\",\n]\n");
    let sources: Vec<&str> = file.reasons.iter().map(Template::source).collect();
    assert_eq!(sources, ["known", "{name} of {domain}"]);
    for (text, line, words) in [
        (
            "reasons = [\n  \"known\",\n  \"{nmae}\",\n]\n",
            3,
            "did you mean {name}?",
        ),
        ("reasons = [\"{name\"]\n", 1, "this brace is not closed"),
        ("reasons = [\n  \"\",\n]\n", 2, "empty words"),
        (
            "reasons = [\n  7,\n]\n",
            2,
            "must be a list of words in quotes, and holds 7",
        ),
        (
            "reasons = \"known\"\n",
            1,
            "must be a list of words in quotes, not",
        ),
    ] {
        let said = wrong(text);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains(words) && said[0].contains(&format!("line {line}:")),
            "{text}: {said:?}"
        );
    }
}
