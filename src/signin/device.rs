//! Device code (`v2-oauth2-device-code`, RFC 8628): a code typed into a browser anywhere. Whoever is talked into
//! typing somebody else's code gives their account away, so it is never begun silently and often forbidden.

use oauth2::{DeviceAuthorizationResponse, EmptyExtraDeviceAuthorizationFields};

use super::challenge::Challenge;
use super::http::Exchange;
use super::interactive::{EntraPlace, TokenGrant, problem};
use super::prompt::SignInStep;
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

type Codes = DeviceAuthorizationResponse<EmptyExtraDeviceAuthorizationFields>;

/// Whether a code can be read off a screen and typed.
fn fit_to_show(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

/// Asks for a code, shows it, and waits until it was typed in. Dropping the future gives it up.
pub(super) async fn run(
    place: &EntraPlace,
    exchange: &Exchange,
    demanded: Option<&Challenge>,
    say: &(dyn Fn(SignInStep) + Send + Sync),
) -> Result<TokenGrant, Problem> {
    let entra = place.entra()?;
    let claims = Challenge::request(demanded);
    let codes: Codes = entra
        .exchange_device_code()
        .add_scopes(place.scopes())
        .add_extra_param("claims", claims.clone())
        .request_async(exchange)
        .await
        .map_err(|error| problem(&error, exchange, &place.cloud))?;
    if !fit_to_show(codes.user_code().secret()) {
        return Err(Problem::new(
            ProblemKind::NotGraph,
            "The sign-in service gave a code that nobody could type",
            "Check the profile's login_url, and whether a proxy stands in between",
        ));
    }
    say(SignInStep::DeviceCode {
        tenant: place.tenant.clone(),
        app: place.client.clone(),
        code: Secret::new(codes.user_code().secret()),
        link: Text::new(codes.verification_uri().as_str()),
        expires: place.pace.after(codes.expires_in()),
    });
    let sleep = &place.pace.sleep;
    let answer = entra
        .exchange_device_access_token(&codes)
        .add_extra_param("claims", claims)
        .request_async(exchange, |pause| sleep(pause), None)
        .await
        .map_err(|error| problem(&error, exchange, &place.cloud))?;
    Ok(TokenGrant::of(&answer, &place.pace))
}
