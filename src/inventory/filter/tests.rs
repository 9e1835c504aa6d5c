use proptest::prelude::*;

use super::*;

const COLUMNS: &[&str] = &["name", "domain", "age", "left", "pending"];
const NOW: Timestamp = Timestamp::constant(1_000_000, 0);

fn parse(source: &str) -> Result<Filter, FilterError> {
    Filter::parse(source, COLUMNS, NOW)
}

struct TestRow(&'static str, &'static str);

impl Haystack for TestRow {
    fn all(&self) -> &str {
        self.0
    }
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        (name == "domain").then_some(Cow::Borrowed(self.1))
    }
    fn measure(&self, name: &'static str) -> Option<Measure> {
        let day = SignedDuration::from_hours(24);
        match name {
            "age" => Some(Measure::Since(NOW - 4 * day)),
            "left" => Some(Measure::Until(NOW + day)),
            "pending" => Some(Measure::Count(2)),
            _ => None,
        }
    }
}

fn lets(filter: &str) -> bool {
    parse(filter).unwrap().matches(&TestRow(
        "ada lovelace fabrikam.com supplier hub",
        "fabrikam.com",
    ))
}

#[test]
fn what_is_typed_goes_on_with_columns_and_what_they_say() {
    let ways = |typed: &str| {
        let values = |column: &'static str| match column {
            "state" => vec!["pending", "partly failed"],
            _ => Vec::new(),
        };
        read::completions(typed, &["name", "state", "stage"], &values)
    };
    assert_eq!(ways("ada sta"), ["ada state:", "ada stage:"]);
    assert_eq!(ways("!state:pe"), ["!state:pending"]);
    assert_eq!(
        ways("x | is:p"),
        ["x | is:pending", "x | is:\"partly failed\""]
    );
    assert!(ways("name:ad").is_empty());
    assert_eq!(ways("").len(), 3);
}

#[test]
fn terms_join_and_negate() {
    for yes in [
        "",
        "ada",
        "ADA fabri",
        "domain:fabrikam",
        "!contoso",
        "!domain:contoso",
        "\"supplier hub\"",
        "x | ada",
        "ada | x hub",
        "age>3d",
        "left<2d age<5d",
        "pending>1",
        "!age>5d",
    ] {
        assert!(lets(yes), "{yes}");
    }
    for no in [
        "grace",
        "ada grace",
        "domain:ada",
        "!ada",
        "name:ada",
        "\"hub supplier\"",
        "x | y ada",
        "age>5d",
        "left>2d",
        "age>3",
        "name>3d",
        "pending>2",
    ] {
        assert!(!lets(no), "{no}");
    }
}

#[test]
fn mistakes_are_pointed_at() {
    let at = |filter| parse(filter).unwrap_err().at;
    assert_eq!(at("ada colour:red"), 4);
    assert_eq!(at("ada \"supplier"), 4);
    assert_eq!(at("ada |"), 4);
    assert_eq!(at("| ada"), 0);
    assert_eq!(at("ada !"), 4);
    assert_eq!(at("ada age>soon"), 8);
    assert_eq!(at("colour>3d"), 0);
    let near = parse("ada domian:fabrikam").unwrap_err();
    assert_eq!(
        near.to_string(),
        "there is no column domian; domain is near (at character 5)"
    );
}

#[test]
fn time_goes_on() {
    let row = TestRow("ada", "a");
    let mut filter = parse("age>5d").unwrap();
    assert!(!filter.matches(&row));
    assert!(filter.tell(NOW + SignedDuration::from_hours(48)));
    assert!(filter.matches(&row));
    assert!(!parse("ada").unwrap().tell(NOW), "no time in it");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        let _ = parse(&source);
    }

    #[test]
    fn what_narrows_lets_through_no_more(wide in "[ab:! |\"]{0,6}", more in "[ab:! |\"]{0,4}", hay in "[ab ]{0,8}") {
        let narrow = format!("{wide}{more}");
        if let (Ok(wide), Ok(narrow)) = (parse(&wide), parse(&narrow))
            && narrow.narrows(&wide)
        {
            let row = TestRow(Box::leak(hay.into_boxed_str()), "a");
            prop_assert!(!narrow.matches(&row) || wide.matches(&row));
        }
    }
}

#[test]
fn a_column_that_is_something_holds_nothing_else() {
    let lets = |filter: &str, domain| parse(filter).unwrap().matches(&TestRow("", domain));
    for domain in ["adatum.com", "contoso.com, adatum.com"] {
        assert!(lets("domain=adatum.com", domain), "{domain}");
        assert!(!lets("!domain=Adatum.com", domain), "{domain}");
    }
    // What a forger registers holds the name of what it forges.
    for domain in ["adatum.com.example.org", "notadatum.com", "adatum.co", ""] {
        assert!(!lets("domain=adatum.com", domain), "{domain}");
    }
    assert_eq!(parse("colour=red").unwrap_err().at, 0);
}
