//! The way to Graph and to Entra: names, connections, TLS, proxies, and the time there.

use std::time::{Duration, Instant};

use reqwest::Url;

use super::check::{Check, CheckResult};
use crate::domain::text::Text;
use crate::graph::address::Address;
use crate::graph::greet::{Greeting, greet};
use crate::settings::Profile;
use crate::signin::{Cloud, aadsts};

const PATIENCE: Duration = Duration::from_secs(5);
/// Tokens are refused from about five minutes on; what is off by a minute will be.
const SKEW: (i64, i64) = (60, 300);

/// An address, and who is there.
pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) url: String,
    /// What can be asked there without a token.
    pub(super) path: String,
}

/// The two sides of a profile; Entra only where one signs in there.
pub(super) fn sides(graph: &str, profile: Option<&Profile>) -> Vec<Side> {
    let base = graph
        .trim_end_matches('/')
        .trim_end_matches("/v1.0")
        .to_owned();
    let mut sides = vec![Side {
        name: "Graph",
        url: base,
        path: "/v1.0/me".into(),
    }];
    if let Some(profile) = profile.filter(|profile| profile.way != crate::signin::Way::Token) {
        sides.push(Side {
            name: "Entra",
            url: profile.cloud.login().to_owned(),
            path: format!("/{}/v2.0/.well-known/openid-configuration", profile.tenant),
        });
    }
    sides
}

/// Everything there is to know about one side; whether it answers.
pub(super) async fn side(side: &Side) -> (Vec<Check>, bool) {
    let about = |what: &str| format!("{} {what}", side.name);
    if let Err(problem) = Address::new(&side.url) {
        let check = Check::problem(about("address"), &problem);
        let result = CheckResult::Fail(2);
        return (vec![Check { result, ..check }], false);
    }
    let Some((host, port, loopback)) = place(&side.url) else {
        return (
            vec![Check::new(
                about("address"),
                CheckResult::Fail(2),
                "it has no host",
            )],
            false,
        );
    };
    let mut checks = Vec::new();
    let proxy = (!loopback).then(|| proxy(&side.url)).flatten();
    let direct = match &proxy {
        Some(words) => {
            checks.push(Check::ok(about("proxy"), words.clone()));
            false
        }
        None => true,
    };
    if direct {
        let (more, reached) = reach(side, &host, port).await;
        checks.extend(more);
        if !reached {
            checks.push(Check::skip(about("answer"), "there is no connection"));
            return (checks, false);
        }
    }
    match greet(&side.url, &side.path).await {
        Err(problem) => {
            checks.push(Check::problem(about("answer"), &problem));
            (checks, false)
        }
        Ok(greeting) => {
            let secure = if side.url.starts_with("https") {
                "TLS is trusted; "
            } else {
                ""
            };
            let millis = greeting.took.as_millis();
            checks.push(Check::ok(
                about("answer"),
                format!("{secure}answered in {millis} ms"),
            ));
            checks.push(clock(side.name, &greeting));
            if side.name == "Entra" {
                checks.push(tenant(&greeting));
            }
            (checks, true)
        }
    }
}

fn place(url: &str) -> Option<(String, u16, bool)> {
    let address = Address::new(url).ok()?;
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    Some((host, url.port_or_known_default()?, address.is_loopback()))
}

/// Name and connection.
async fn reach(side: &Side, host: &str, port: u16) -> (Vec<Check>, bool) {
    let about = |what: &str| format!("{} {what}", side.name);
    let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
    let addresses: Vec<_> = match looked {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(_)) | Err(_) => Vec::new(),
    };
    if addresses.is_empty() {
        let check = Check::new(
            about("name"),
            CheckResult::Fail(5),
            format!("{host} is not known here"),
        )
        .fix("Check the address, the network and DNS; behind a proxy set HTTPS_PROXY");
        return (vec![check], false);
    }
    let mut checks = vec![Check::ok(
        about("name"),
        format!("{host} is {}", addresses[0].ip()),
    )];
    let begun = Instant::now();
    let connect = tokio::net::TcpStream::connect(&addresses[..]);
    let (check, reached) = match tokio::time::timeout(PATIENCE, connect).await {
        Ok(Ok(_)) => {
            let words = format!("port {port} in {} ms", begun.elapsed().as_millis());
            (Check::ok(about("connection"), words), true)
        }
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            let words = format!("nothing answers at {host}, port {port} (connection refused)");
            (
                Check::new(about("connection"), CheckResult::Fail(5), words),
                false,
            )
        }
        _ => {
            let words = format!("no connection to {host}, port {port}");
            (
                Check::new(about("connection"), CheckResult::Fail(5), words),
                false,
            )
        }
    };
    checks.push(check.fix(if reached {
        ""
    } else {
        "Check the address and firewalls; behind a proxy set HTTPS_PROXY"
    }));
    (checks, reached)
}

/// The proxy that the environment names, without the password that may be in it.
fn proxy(url: &str) -> Option<String> {
    let names: &[&'static str] = if url.starts_with("https") {
        &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        &["http_proxy", "ALL_PROXY", "all_proxy"]
    };
    let (name, value) = names.iter().find_map(|name| set(name))?;
    let host = Url::parse(&value).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(
            url.port()
                .map_or(host.clone(), |port| format!("{host}:{port}")),
        )
    });
    let host = host.unwrap_or_else(|| "an address that cannot be read".into());
    let except = ["NO_PROXY", "no_proxy"].iter().find_map(|name| set(name));
    let except = except.map_or(String::new(), |(_, value)| format!(", but for {value}"));
    Some(Text::new(&format!("{name} leads to {host}{except}")).to_string())
}

fn set(name: &'static str) -> Option<(&'static str, String)> {
    let value = std::env::var(name).ok()?;
    (!value.is_empty()).then_some((name, value))
}

/// The time there against the time here.
fn clock(name: &str, greeting: &Greeting) -> Check {
    let about = format!("{name} clock");
    let Some(ahead) = greeting.ahead else {
        return Check::skip(about, "it did not say what time it is");
    };
    let words = match ahead.unsigned_abs() {
        0..=2 => "the same as here".into(),
        off if off < 120 => format!(
            "{off} s {} this machine's",
            if ahead > 0 { "ahead of" } else { "behind" }
        ),
        off => format!(
            "{} min {} this machine's",
            (off + 30) / 60,
            if ahead > 0 { "ahead of" } else { "behind" }
        ),
    };
    let result = match ahead.abs() {
        off if off >= SKEW.1 => CheckResult::Fail(1),
        off if off >= SKEW.0 => CheckResult::Warn,
        _ => return Check::ok(about, words),
    };
    Check::new(about, result, words).fix("Set this machine's clock (timedatectl set-ntp true): tokens are refused when it is minutes off")
}

/// Whether Entra knows the tenant.
fn tenant(greeting: &Greeting) -> Check {
    if greeting.status < 300 {
        return Check::ok("tenant", "Entra knows it");
    }
    let said = greeting.body.split("AADSTS").nth(1).unwrap_or_default();
    let digits: String = said.chars().take_while(char::is_ascii_digit).collect();
    let known = digits
        .parse()
        .ok()
        .and_then(|code: u32| aadsts::KNOWN.iter().find(|known| known.code == code));
    match known {
        Some(known) => Check::new(
            "tenant",
            CheckResult::Fail(3),
            format!("{} (AADSTS{})", known.what, known.code),
        )
        .fix(known.remedy.words(None)),
        None => Check::new(
            "tenant",
            CheckResult::Warn,
            format!("Entra answered {} for it", greeting.status),
        )
        .fix("Check the profile's tenant, cloud and login_url"),
    }
}

/// What a cloud does not have.
pub(super) fn cloud(cloud: &Cloud) -> Check {
    let words = format!("{cloud}");
    match cloud {
        Cloud::Global => Check::ok("cloud", words),
        Cloud::Custom { .. } => Check::ok("cloud", format!("{words}, an address of your own")),
        Cloud::UsGovL4 | Cloud::UsGovL5 => Check::ok("cloud", format!("{words}: without the policy that lists allowed domains, and without sign-in reports")),
        Cloud::China => Check::new("cloud", CheckResult::Warn, format!("{words}: without request links (the address of My Access is not documented), the policy that lists allowed domains, and sign-in reports"))
            .fix("Send people the link from the Entra admin centre"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greeting(status: u16, ahead: i64, body: &str) -> Greeting {
        Greeting {
            status,
            ahead: Some(ahead),
            took: Duration::ZERO,
            body: body.into(),
        }
    }

    #[test]
    fn clocks_that_are_off_are_said_to_be() {
        for (ahead, result, words) in [
            (1, CheckResult::Ok, "the same"),
            (-40, CheckResult::Ok, "40 s behind"),
            (90, CheckResult::Warn, "90 s ahead"),
            (-600, CheckResult::Fail(1), "10 min behind"),
        ] {
            let check = clock("Graph", &greeting(401, ahead, ""));
            assert!(
                check.result == result && check.words.contains(words),
                "{check:?}"
            );
        }
    }

    #[test]
    fn a_tenant_that_is_not_there_is_said_to_be() {
        let body = "{\"error\":\"invalid_tenant\",\"error_description\":\"AADSTS90002: Tenant 'x' not found.\"}";
        let check = tenant(&greeting(400, 0, body));
        assert!(
            check.result == CheckResult::Fail(3) && check.words.contains("90002"),
            "{check:?}"
        );
        assert_eq!(
            tenant(&greeting(404, 0, "<html>")).result,
            CheckResult::Warn
        );
        assert_eq!(tenant(&greeting(200, 0, "{}")).result, CheckResult::Ok);
    }
}
