//! The endpoints.

use std::collections::HashMap;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::json;

use super::answer::{LoginPage, LoginRefusal};
use super::codes::{AuthorizationCode, CodeVerdict, DeviceCode, LoginAsk, random, user_code};
use super::{LoginService, after};

/// Parameters of a form or a query.
pub(super) type LoginForm = HashMap<String, String>;

/// An app that exists nowhere, to be told so.
const NO_APP: &str = "00000000-0000-0000-0000-000000000000";

pub(super) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl LoginService {
    /// Answers what is Entra's; `None` for what is Graph's. `base` is this listener as the caller spelt it.
    pub(in crate::emulator) fn answer(
        &self,
        method: &str,
        target: &str,
        body: &[u8],
        base: &str,
        now: Timestamp,
    ) -> Option<LoginPage> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (tenant, rest) = segments.split_first()?;
        let (query, form) = (form(query.as_bytes()), form(body));
        let result = match (method, rest) {
            ("GET", []) if *tenant == "device" => return Some(self.device_page(&query)),
            ("POST", ["oauth2", "v2.0", "devicecode"]) => self
                .admit(tenant, &form, true)
                .and_then(|asked| self.device_code(asked, base, now)),
            ("POST", ["oauth2", "v2.0", "token"]) => self
                .admit(tenant, &form, false)
                .and_then(|asked| self.token(&form, asked, now)),
            ("GET", ["oauth2", "v2.0", "authorize"]) => self
                .admit(tenant, &query, false)
                .and_then(|asked| self.authorize(&query, asked, now)),
            ("GET", ["v2.0", ".well-known", "openid-configuration"]) if !self.knows(tenant) => Err(
                LoginRefusal::new("invalid_tenant", 90002, "Tenant not found."),
            ),
            ("GET", ["v2.0", ".well-known", "openid-configuration"]) => {
                Ok(self.discovery(tenant, base))
            }
            _ => return None,
        };
        Some(result.unwrap_or_else(|refusal| refusal.page(now)))
    }

    /// What every question must hold. `first` marks one that begins something: refusals asked for come there, and
    /// not at a poll, which Entra answers with pending first.
    fn admit(&self, tenant: &str, form: &LoginForm, first: bool) -> Result<LoginAsk, LoginRefusal> {
        if !self.knows(tenant) {
            return Err(LoginRefusal::new(
                "invalid_request",
                90002,
                "Tenant not found.",
            ));
        }
        let client = form
            .get("client_id")
            .map(String::as_str)
            .unwrap_or_default();
        if client.is_empty() {
            let words = "The request body must contain the following parameter: 'client_id'.";
            return Err(LoginRefusal::new("invalid_request", 900_144, words));
        }
        if client == NO_APP {
            let words = "Application was not found in the directory.";
            return Err(LoginRefusal::new("unauthorized_client", 700_016, words));
        }
        let polls = form
            .get("grant_type")
            .is_some_and(|grant| grant == DEVICE_GRANT);
        if !first && !polls {
            let mut state = self.state();
            if !state.refusals.is_empty() {
                return Err(LoginRefusal::numbered(state.refusals.remove(0)));
            }
        }
        let scopes = form.get("scope").map(String::as_str).unwrap_or_default();
        Ok(LoginAsk {
            client: client.to_owned(),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            claims: form.get("claims").cloned(),
        })
    }

    fn discovery(&self, tenant: &str, base: &str) -> LoginPage {
        let at = |name: &str| format!("{base}/{tenant}/oauth2/v2.0/{name}");
        LoginPage::json(
            200,
            &json!({
                "issuer": format!("{base}/{}/v2.0", self.tenant.id),
                "authorization_endpoint": at("authorize"),
                "token_endpoint": at("token"),
                "device_authorization_endpoint": at("devicecode"),
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "offline_access"],
            }),
        )
    }

    fn device_code(
        &self,
        asked: LoginAsk,
        base: &str,
        now: Timestamp,
    ) -> Result<LoginPage, LoginRefusal> {
        if asked.scopes.is_empty() {
            let words = "The request body must contain the following parameter: 'scope'.";
            return Err(LoginRefusal::new("invalid_request", 900_144, words));
        }
        let (code, user_code) = (random("EMULATED-device-"), user_code());
        let link = format!("{base}/device");
        let answer = json!({
            "user_code": user_code,
            "device_code": code,
            "verification_uri": link,
            "expires_in": self.config.code_life.as_secs(),
            "interval": self.config.interval.as_secs(),
            "message": format!("To sign in, use a web browser to open the page {link} and enter the code {user_code} to authenticate."),
        });
        self.state().devices.insert(
            code,
            DeviceCode {
                user_code,
                asked,
                ends: after(now, self.config.code_life),
                polls: 0,
                verdict: CodeVerdict::Pending,
            },
        );
        Ok(LoginPage::json(200, &answer))
    }

    /// The page that a person opens.
    fn device_page(&self, query: &LoginForm) -> LoginPage {
        match query.get("code") {
            None => LoginPage::text(
                200,
                "The emulated sign-in. Open this page with ?code=THE-CODE to approve it, and with &decline=1 to decline it.\n",
            ),
            Some(code) if query.contains_key("decline") && self.decline(Some(code)) => {
                LoginPage::text(200, "Declined.\n")
            }
            Some(code) if self.approve(Some(code)) => {
                LoginPage::text(200, "Approved. Go back to guestlist.\n")
            }
            Some(_) => LoginPage::text(404, "There is no such code.\n"),
        }
    }

    /// Agrees at once and goes back: there is nobody to ask here. Only to loopback, as a desktop app's may.
    fn authorize(
        &self,
        query: &LoginForm,
        asked: LoginAsk,
        now: Timestamp,
    ) -> Result<LoginPage, LoginRefusal> {
        let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        let redirect = Url::parse(text("redirect_uri")).ok();
        let Some(mut redirect) = redirect.filter(|url| {
            url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1"))
        }) else {
            let words = "The redirect URI specified in the request does not match the redirect URIs configured for the application.";
            return Err(LoginRefusal::new("invalid_request", 50011, words));
        };
        if text("response_type") != "code" {
            return Err(LoginRefusal::new(
                "unsupported_response_type",
                70005,
                "Only 'code' is emulated.",
            ));
        }
        if text("code_challenge_method") != "S256" || text("code_challenge").len() != 43 {
            return Err(LoginRefusal::new(
                "invalid_request",
                50147,
                "The size of the code challenge parameter is not valid.",
            ));
        }
        let hint = query.get("login_hint").map(String::as_str);
        let Some((user, _)) = self.signs_in(&self.state(), hint) else {
            return Err(LoginRefusal::new(
                "invalid_request",
                50034,
                "The user account does not exist in the directory.",
            ));
        };
        let code = random("EMULATED-code-");
        redirect
            .query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", text("state"));
        self.state().codes.insert(
            code,
            AuthorizationCode {
                asked,
                user: *user,
                redirect: text("redirect_uri").to_owned(),
                challenge: text("code_challenge").to_owned(),
                ends: after(now, self.config.code_life),
                used: false,
            },
        );
        Ok(LoginPage::redirect(redirect.into()))
    }
}

/// `application/x-www-form-urlencoded`; a body that is none has no parameters.
fn form(body: &[u8]) -> LoginForm {
    let Ok(text) = std::str::from_utf8(body) else {
        return LoginForm::new();
    };
    let Ok(mut url) = Url::parse("http://localhost") else {
        return LoginForm::new();
    };
    url.set_query(Some(text));
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
