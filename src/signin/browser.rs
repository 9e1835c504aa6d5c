//! Authorization code with PKCE (`v2-oauth2-auth-code-flow`, RFC 8252): a browser signs in and comes back to a
//! port of this machine, on loopback. From a jump host `ssh -L` brings it there.

use std::time::Duration;

use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl};

use super::challenge::Challenge;
use super::http::Exchange;
use super::interactive::{EntraPlace, TokenGrant, problem};
use super::loopback::{BrowserReturn, Loopback};
use super::prompt::SignInStep;
use super::refusal::EntraRefusal;
use super::way::Way;
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// How long the browser is waited for.
const WAIT: Duration = Duration::from_secs(600);

/// Listens, shows the address, waits for the browser, and trades its code for tokens. Dropping the future gives it
/// up and closes the port.
pub(super) async fn run(
    place: &EntraPlace,
    exchange: &Exchange,
    demanded: Option<&Challenge>,
    port: u16,
    account: Option<&str>,
    say: &(dyn Fn(SignInStep) + Send + Sync),
) -> Result<TokenGrant, Problem> {
    let loopback = Loopback::listen(port).await?;
    let redirect =
        RedirectUrl::new(format!("http://localhost:{}", loopback.port())).map_err(|_| {
            Problem::new(
                ProblemKind::Local,
                "The address to come back to could not be made",
                "",
            )
        })?;
    let entra = place.entra()?.set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let claims = Challenge::request(demanded);
    let mut asked = entra
        .authorize_url(CsrfToken::new_random)
        .add_scopes(place.scopes())
        .set_pkce_challenge(challenge)
        .add_extra_param("response_mode", "query")
        .add_extra_param("claims", claims.clone());
    // Somebody is known already: the browser need not ask who, and should not offer another.
    asked = match account {
        Some(account) => asked.add_extra_param("login_hint", account.to_owned()),
        None => asked.add_extra_param("prompt", "select_account"),
    };
    let (url, state) = asked.url();
    say(SignInStep::Browser {
        url: Secret::new(url.as_str()),
        ssh_line: ssh_line(loopback.port(), |name| std::env::var(name).ok()),
        expires: place.pace.after(WAIT),
    });
    let back = tokio::select! {
        back = loopback.back(state.secret()) => back,
        () = (place.pace.sleep)(WAIT) => return Err(late()),
    };
    let code = match back {
        BrowserReturn::Code(code) => code,
        BrowserReturn::Refused { error, description } => {
            return Err(EntraRefusal::redirected(&error, &description).problem(Some(Way::Browser)));
        }
    };
    let answer = entra
        .exchange_code(AuthorizationCode::new(code.reveal().to_owned()))
        .set_pkce_verifier(verifier)
        .add_extra_param("claims", claims)
        .request_async(exchange)
        .await
        .map_err(|error| problem(&error, exchange, &place.cloud))?;
    Ok(TokenGrant::of(&answer, &place.pace))
}

fn late() -> Problem {
    Problem::new(
        ProblemKind::SignIn,
        "Nobody signed in with the browser in time",
        "Sign in again; from another machine, run the ssh line first",
    )
}

/// What to run on the machine with the browser. Over SSH, `SSH_CONNECTION` holds the address that led here, which
/// a host name need not do.
fn ssh_line(port: u16, variable: impl Fn(&str) -> Option<String>) -> String {
    let plain = |word: &String| {
        let fit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
        !word.is_empty() && !word.starts_with('-') && word.bytes().all(fit)
    };
    let user = ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| variable(name))
        .filter(plain)
        .unwrap_or_else(|| "USER".into());
    let connection = variable("SSH_CONNECTION").unwrap_or_default();
    let mut words = connection.split_whitespace().skip(2).map(str::to_owned);
    let (address, ssh_port) = (words.next().filter(plain), words.next().filter(plain));
    let named = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let host = address
        .or_else(|| named().map(|name| name.trim().to_owned()).filter(plain))
        .unwrap_or_else(|| "HOST".into());
    let other_port = match ssh_port.as_deref() {
        None | Some("22") => String::new(),
        Some(port) => format!("-p {port} "),
    };
    format!("ssh {other_port}-L {port}:localhost:{port} {user}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ssh_line_leads_back_the_way_one_came() {
        let over_ssh = |name: &str| match name {
            "USER" => Some("adele".to_owned()),
            "SSH_CONNECTION" => Some("198.51.100.7 50000 192.0.2.1 2222".to_owned()),
            _ => None,
        };
        assert_eq!(
            ssh_line(8400, over_ssh),
            "ssh -p 2222 -L 8400:localhost:8400 adele@192.0.2.1"
        );
        let odd = |name: &str| (name == "USER").then(|| "a;rm -rf".to_owned());
        assert!(ssh_line(1, odd).starts_with("ssh -L 1:localhost:1 USER@"));
    }
}
