//! The endpoints.

use std::collections::HashMap;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::json;

use super::answer::{Page, Refusal};
use super::codes::{Asked, AuthorizationCode, DeviceCode, Verdict, random, user_code};
use super::tokens::Grant;
use super::{Login, State, after};

/// Parameters of a form or a query.
type Form = HashMap<String, String>;

/// An app that exists nowhere, to be told so.
const NO_APP: &str = "00000000-0000-0000-0000-000000000000";

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Login {
    /// Answers what is Entra's; `None` for what is Graph's. `base` is this listener as the caller spelt it.
    pub(in crate::emulator) fn answer(
        &self,
        method: &str,
        target: &str,
        body: &[u8],
        base: &str,
        now: Timestamp,
    ) -> Option<Page> {
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
            ("GET", ["v2.0", ".well-known", "openid-configuration"]) if !self.knows(tenant) => {
                Err(Refusal::new("invalid_tenant", 90002, "Tenant not found."))
            }
            ("GET", ["v2.0", ".well-known", "openid-configuration"]) => {
                Ok(self.discovery(tenant, base))
            }
            _ => return None,
        };
        Some(result.unwrap_or_else(|refusal| refusal.page(now)))
    }

    /// What every question must hold. `first` marks one that begins something: refusals asked for come there, and
    /// not at a poll, which Entra answers with pending first.
    fn admit(&self, tenant: &str, form: &Form, first: bool) -> Result<Asked, Refusal> {
        if !self.knows(tenant) {
            return Err(Refusal::new("invalid_request", 90002, "Tenant not found."));
        }
        let client = form
            .get("client_id")
            .map(String::as_str)
            .unwrap_or_default();
        if client.is_empty() {
            let words = "The request body must contain the following parameter: 'client_id'.";
            return Err(Refusal::new("invalid_request", 900_144, words));
        }
        if client == NO_APP {
            let words = "Application was not found in the directory.";
            return Err(Refusal::new("unauthorized_client", 700_016, words));
        }
        let polls = form
            .get("grant_type")
            .is_some_and(|grant| grant == DEVICE_GRANT);
        if !first && !polls {
            let mut state = self.state();
            if !state.refusals.is_empty() {
                return Err(Refusal::numbered(state.refusals.remove(0)));
            }
        }
        let scopes = form.get("scope").map(String::as_str).unwrap_or_default();
        Ok(Asked {
            client: client.to_owned(),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            claims: form.get("claims").cloned(),
        })
    }

    fn discovery(&self, tenant: &str, base: &str) -> Page {
        let at = |name: &str| format!("{base}/{tenant}/oauth2/v2.0/{name}");
        Page::json(
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

    fn device_code(&self, asked: Asked, base: &str, now: Timestamp) -> Result<Page, Refusal> {
        if asked.scopes.is_empty() {
            let words = "The request body must contain the following parameter: 'scope'.";
            return Err(Refusal::new("invalid_request", 900_144, words));
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
                verdict: Verdict::Pending,
            },
        );
        Ok(Page::json(200, &answer))
    }

    /// The page that a person opens.
    fn device_page(&self, query: &Form) -> Page {
        match query.get("code") {
            None => Page::text(
                200,
                "The emulated sign-in. Open this page with ?code=THE-CODE to approve it, and with &decline=1 to decline it.\n",
            ),
            Some(code) if query.contains_key("decline") && self.decline(Some(code)) => {
                Page::text(200, "Declined.\n")
            }
            Some(code) if self.approve(Some(code)) => {
                Page::text(200, "Approved. Go back to guestlist.\n")
            }
            Some(_) => Page::text(404, "There is no such code.\n"),
        }
    }

    fn token(&self, form: &Form, asked: Asked, now: Timestamp) -> Result<Page, Refusal> {
        let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let mut state = self.state();
        let grant = text("grant_type");
        *state.grants.entry(grant.to_owned()).or_default() += 1;
        let answer = match grant {
            DEVICE_GRANT => self.poll(&mut state, text("device_code"), now)?,
            "authorization_code" => {
                let redeemed = redeem(&mut state, &text, now)?;
                let (user, claims) = redeemed;
                let asked = Asked {
                    scopes: claims.scopes,
                    claims: claims.claims.or(asked.claims),
                    ..asked
                };
                let proves = proven(&state, asked.claims.as_deref());
                self.issue(
                    &mut state,
                    now,
                    Grant {
                        user: Some(user),
                        asked: &asked,
                        proves,
                    },
                )
            }
            "refresh_token" => self.refresh(&mut state, text("refresh_token"), asked, now)?,
            "client_credentials" => {
                if text("client_secret") != self.config.client_secret {
                    let words = "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.";
                    return Err(Refusal::new("invalid_client", 7_000_215, words));
                }
                if asked
                    .scopes
                    .iter()
                    .any(|scope| !scope.ends_with("/.default"))
                {
                    let words = "The provided value for the input parameter 'scope' is not valid. Use /.default.";
                    return Err(Refusal::new("invalid_scope", 70011, words));
                }
                self.issue(
                    &mut state,
                    now,
                    Grant {
                        user: None,
                        asked: &asked,
                        proves: None,
                    },
                )
            }
            _ => {
                let words = "The app requested an unsupported grant type.";
                return Err(Refusal::new("unsupported_grant_type", 70003, words));
            }
        };
        Ok(Page::json(200, &answer))
    }

    /// `v2-oauth2-device-code`, expected errors.
    fn poll(
        &self,
        state: &mut State,
        code: &str,
        now: Timestamp,
    ) -> Result<serde_json::Value, Refusal> {
        if state.slow_down > 0 {
            state.slow_down -= 1;
            return Err(Refusal::new("slow_down", 70016, "Polling too fast."));
        }
        let Some(device) = state.devices.get_mut(code) else {
            let words = "The verification code is not known.";
            return Err(Refusal::new("bad_verification_code", 70018, words));
        };
        device.polls += 1;
        if now >= device.ends {
            let words = "The provided value for the input parameter 'device_code' is not valid. This device code has expired.";
            return Err(Refusal::new("expired_token", 70020, words));
        }
        if self
            .config
            .approve_after
            .is_some_and(|polls| device.polls >= polls)
            && device.verdict == Verdict::Pending
        {
            device.verdict = Verdict::Approved;
        }
        match device.verdict {
            Verdict::Pending => {
                let words =
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
                Err(Refusal::new("authorization_pending", 70016, words))
            }
            Verdict::Declined => {
                let words = "The end user denied the authorization request.";
                Err(Refusal::new("authorization_declined", 65004, words))
            }
            Verdict::Approved => {
                if !state.refusals.is_empty() {
                    return Err(Refusal::numbered(state.refusals.remove(0)));
                }
                let Some(device) = state.devices.remove(code) else {
                    return Err(Refusal::new("bad_verification_code", 70018, "Gone."));
                };
                let user = self.person(None).map(|(id, _)| *id);
                let proves = proven(state, device.asked.claims.as_deref());
                Ok(self.issue(
                    state,
                    now,
                    Grant {
                        user,
                        asked: &device.asked,
                        proves,
                    },
                ))
            }
        }
    }

    /// A refresh token is good once; the answer has the next.
    fn refresh(
        &self,
        state: &mut State,
        token: &str,
        asked: Asked,
        now: Timestamp,
    ) -> Result<serde_json::Value, Refusal> {
        let Some(refresh) = state.refresh.get(token).cloned() else {
            let words = "The provided value for the input parameter 'refresh_token' is not valid.";
            return Err(Refusal::new("invalid_grant", 70000, words));
        };
        if refresh.asked.client != asked.client {
            let words = "The refresh token was issued to another application.";
            return Err(Refusal::new("invalid_grant", 70000, words));
        }
        if let Some(claims) = &state.demanded
            && refresh.proves.as_ref() != Some(claims)
        {
            let mut refusal = Refusal::new(
                "interaction_required",
                50076,
                "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
            );
            refusal.claims = Some(claims.clone());
            return Err(refusal);
        }
        state.refresh.remove(token);
        let asked = if asked.scopes.is_empty() {
            refresh.asked
        } else {
            asked
        };
        let grant = Grant {
            user: Some(refresh.user),
            asked: &asked,
            proves: refresh.proves,
        };
        Ok(self.issue(state, now, grant))
    }

    /// Agrees at once and goes back: there is nobody to ask here. Only to loopback, as a desktop app's may.
    fn authorize(&self, query: &Form, asked: Asked, now: Timestamp) -> Result<Page, Refusal> {
        let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        let redirect = Url::parse(text("redirect_uri")).ok();
        let Some(mut redirect) = redirect.filter(|url| {
            url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1"))
        }) else {
            let words = "The redirect URI specified in the request does not match the redirect URIs configured for the application.";
            return Err(Refusal::new("invalid_request", 50011, words));
        };
        if text("response_type") != "code" {
            return Err(Refusal::new(
                "unsupported_response_type",
                70005,
                "Only 'code' is emulated.",
            ));
        }
        if text("code_challenge_method") != "S256" || text("code_challenge").len() != 43 {
            return Err(Refusal::new(
                "invalid_request",
                50147,
                "The size of the code challenge parameter is not valid.",
            ));
        }
        let hint = query.get("login_hint").map(String::as_str);
        let Some((user, _)) = self.person(hint.filter(|_| self.config.account.is_none())) else {
            return Err(Refusal::new(
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
        Ok(Page::redirect(redirect.into()))
    }
}

/// Trades an authorization code (`v2-oauth2-auth-code-flow`): once, by whoever has the verifier.
fn redeem<'f>(
    state: &mut State,
    text: &impl Fn(&str) -> &'f str,
    now: Timestamp,
) -> Result<(uuid::Uuid, Asked), Refusal> {
    let refused = |code, words| Err(Refusal::new("invalid_grant", code, words));
    let Some(code) = state.codes.get_mut(text("code")) else {
        return refused(70000, "The provided authorization code is not valid.");
    };
    if code.used {
        return refused(54005, "OAuth2 Authorization code was already redeemed.");
    }
    if now >= code.ends {
        return refused(70008, "The provided authorization code has expired.");
    }
    if code.redirect.trim_end_matches('/') != text("redirect_uri").trim_end_matches('/') {
        return refused(
            50011,
            "The redirect URI does not match the one of the authorization request.",
        );
    }
    if !code.verifies(text("code_verifier")) {
        return refused(
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        );
    }
    code.used = true;
    Ok((code.user, code.asked.clone()))
}

/// The demand that a sign-in answers, if it was asked with its claims.
fn proven(state: &State, claims: Option<&str>) -> Option<String> {
    let demanded = state.demanded.as_ref()?;
    let wanted: serde_json::Value = serde_json::from_str(demanded).ok()?;
    let brought: serde_json::Value = serde_json::from_str(claims?).ok()?;
    let holds = |(name, value): (&String, &serde_json::Value)| {
        brought["access_token"].get(name) == Some(value)
    };
    let all = wanted["access_token"].as_object()?.iter().all(holds);
    all.then(|| demanded.clone())
}

/// `application/x-www-form-urlencoded`; a body that is none has no parameters.
fn form(body: &[u8]) -> Form {
    let Ok(text) = std::str::from_utf8(body) else {
        return Form::new();
    };
    let Ok(mut url) = Url::parse("http://localhost") else {
        return Form::new();
    };
    url.set_query(Some(text));
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
