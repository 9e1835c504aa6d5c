use super::*;

fn load(flags: Flags, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    load_with("", flags, variables)
}

/// Settings with `text` in the config file.
fn load_with(
    text: &str,
    flags: Flags,
    variables: &[(&str, &str)],
) -> Result<Settings, SettingsError> {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.toml");
    std::fs::write(&config, text).unwrap();
    let variables: Vec<(String, OsString)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_string(), OsString::from(value)))
        .chain([
            ("GUESTLIST_CONFIG".to_string(), config.into_os_string()),
            ("GUESTLIST_STATE_DIR".to_string(), "/state".into()),
        ])
        .collect();
    let find = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    Settings::load(flags, &find)
}

#[test]
fn the_demo_keeps_to_its_own_folder() {
    let flags = Flags {
        demo: true,
        ..Flags::default()
    };
    let settings = load(flags, &[]).unwrap();
    assert_eq!(settings.place, Ok(GraphPlace::Demo { seed: 1 }));
    assert_eq!(settings.state_dir, Path::new("/state/demo"));
    assert_eq!(
        load(Flags::default(), &[]).unwrap().state_dir,
        Path::new("/state")
    );
}

#[test]
fn without_a_tenant_or_a_token_it_says_what_to_do() {
    let place = load(Flags::default(), &[]).unwrap().place.unwrap();
    assert!(matches!(place, GraphPlace::Tenant { profile, .. } if profile.is_implied()));
    let flags = Flags {
        graph_url: Some("https://graph.microsoft.com".into()),
        ..Flags::default()
    };
    let place = load(flags.clone(), &[]).unwrap().place.unwrap_err();
    assert!(place.to_string().contains("GUESTLIST_TOKEN"));
    let place = load(flags, &[("GUESTLIST_TOKEN", "abc\n")]).unwrap().place;
    assert!(matches!(place, Ok(GraphPlace::Graph { token, .. }) if token.reveal() == "abc"));
}

#[test]
fn colours_give_way_to_no_color() {
    let theme = |flag, variables: &[(&str, &str)]| {
        let flags = Flags {
            theme: flag,
            ..Flags::default()
        };
        load(flags, variables).unwrap().theme
    };
    assert_eq!(theme(None, &[]), ThemeChoice::Color);
    assert_eq!(theme(None, &[("NO_COLOR", "1")]), ThemeChoice::Mono);
    assert_eq!(theme(None, &[("TERM", "dumb")]), ThemeChoice::Mono);
    assert_eq!(
        theme(Some(ThemeChoice::Color), &[("NO_COLOR", "1")]),
        ThemeChoice::Color
    );
    assert_eq!(theme(Some(ThemeChoice::Mono), &[]), ThemeChoice::Mono);
}

const TWO: &str = "theme = \"mono\"\nread_only = true\n[keys]\nrefresh = \"F5\"\n[profiles.one]\ntenant = \"one.example\"\n\
    theme = \"color\"\nread_only = false\nrefresh_seconds = 0\nbanner = \"red\"\n[profiles.one.keys]\nredraw = \"F6\"\n\
    [profiles.two]\ntenant = \"two.example\"\nclient_id = \"1\"\nsign_in = \"client-secret\"\n";

fn named(name: &str) -> Flags {
    Flags {
        profile: Some(name.into()),
        ..Flags::default()
    }
}

#[test]
fn a_profile_goes_over_what_stands_above_it() {
    let one = load_with(TWO, named("one"), &[]).unwrap();
    assert_eq!(
        (one.theme, one.read_only, one.refresh),
        (ThemeChoice::Color, false, None)
    );
    assert_eq!(
        (one.banner, one.keys.len(), one.profiles.len()),
        (Some(Banner::Red), 2, 2)
    );
    let two = load_with(TWO, named("two"), &[("AZURE_CLIENT_SECRET", "hush")]).unwrap();
    assert_eq!(
        (two.theme, two.read_only, two.refresh),
        (ThemeChoice::Mono, true, Some(REFRESH))
    );
    assert!(
        matches!(two.place, Ok(GraphPlace::Tenant { secret: Some(secret), .. }) if secret.reveal() == "hush")
    );
    let flags = Flags {
        read_only: true,
        ..named("one")
    };
    assert!(
        load_with(TWO, flags, &[]).unwrap().read_only,
        "a flag beats both"
    );
}

#[test]
fn which_profile_is_never_guessed() {
    let place = |text: &str, flags, variables| load_with(text, flags, variables).unwrap().place;
    let tenant = |place| match place {
        Ok(GraphPlace::Tenant { profile, .. }) => profile.tenant,
        other => panic!("{other:?}"),
    };
    let refused = place(TWO, Flags::default(), &[]).unwrap_err();
    assert!(
        refused.to_string().ends_with("--profile: one, two."),
        "{refused}"
    );
    assert_eq!(refused.exit_code(), 2);
    let default = format!("default_profile = \"two\"\n{TWO}");
    assert_eq!(
        tenant(place(&default, Flags::default(), &[])),
        "two.example"
    );
    let variable = &[("GUESTLIST_PROFILE", "one")];
    assert_eq!(
        tenant(place(&default, Flags::default(), variable)),
        "one.example"
    );
    assert_eq!(
        tenant(place(&default, named("two"), variable)),
        "two.example"
    );
    let only = "[profiles.x]\ntenant = \"x.example\"";
    assert_eq!(tenant(place(only, Flags::default(), &[])), "x.example");
    let missing = place(TWO, named("tow"), &[]).unwrap_err().to_string();
    assert!(missing.ends_with("did you mean \"two\"?"), "{missing}");
    let none = place("", named("x"), &[]).unwrap_err().to_string();
    assert!(none.contains("config example"), "{none}");
}
