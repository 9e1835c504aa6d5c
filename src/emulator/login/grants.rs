//! The token endpoint: one grant for each way to sign in.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::answer::{LoginPage, LoginRefusal};
use super::codes::{CodeVerdict, LoginAsk};
use super::endpoints::{DEVICE_GRANT, LoginForm};
use super::tokens::TokenIssue;
use super::{LoginService, LoginState};

impl LoginService {
    pub(super) fn token(
        &self,
        form: &LoginForm,
        asked: LoginAsk,
        now: Timestamp,
    ) -> Result<LoginPage, LoginRefusal> {
        let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let mut state = self.state();
        let grant = text("grant_type");
        *state.grants.entry(grant.to_owned()).or_default() += 1;
        let answer = match grant {
            DEVICE_GRANT => self.poll(&mut state, text("device_code"), now)?,
            "authorization_code" => {
                let redeemed = redeem(&mut state, &text, now)?;
                let (user, claims) = redeemed;
                let asked = LoginAsk {
                    scopes: claims.scopes,
                    claims: claims.claims.or(asked.claims),
                    ..asked
                };
                let proves = proven(&state, asked.claims.as_deref());
                self.issue(
                    &mut state,
                    now,
                    TokenIssue {
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
                    return Err(LoginRefusal::new("invalid_client", 7_000_215, words));
                }
                if asked
                    .scopes
                    .iter()
                    .any(|scope| !scope.ends_with("/.default"))
                {
                    let words = "The provided value for the input parameter 'scope' is not valid. Use /.default.";
                    return Err(LoginRefusal::new("invalid_scope", 70011, words));
                }
                self.issue(
                    &mut state,
                    now,
                    TokenIssue {
                        user: None,
                        asked: &asked,
                        proves: None,
                    },
                )
            }
            _ => {
                let words = "The app requested an unsupported grant type.";
                return Err(LoginRefusal::new("unsupported_grant_type", 70003, words));
            }
        };
        Ok(LoginPage::json(200, &answer))
    }

    /// `v2-oauth2-device-code`, expected errors.
    fn poll(
        &self,
        state: &mut LoginState,
        code: &str,
        now: Timestamp,
    ) -> Result<Value, LoginRefusal> {
        if state.slow_down > 0 {
            state.slow_down -= 1;
            return Err(LoginRefusal::new("slow_down", 70016, "Polling too fast."));
        }
        let Some(device) = state.devices.get_mut(code) else {
            let words = "The verification code is not known.";
            return Err(LoginRefusal::new("bad_verification_code", 70018, words));
        };
        device.polls += 1;
        if now >= device.ends {
            let words = "The provided value for the input parameter 'device_code' is not valid. This device code has expired.";
            return Err(LoginRefusal::new("expired_token", 70020, words));
        }
        if self
            .config
            .approve_after
            .is_some_and(|polls| device.polls >= polls)
            && device.verdict == CodeVerdict::Pending
        {
            device.verdict = CodeVerdict::Approved;
        }
        match device.verdict {
            CodeVerdict::Pending => {
                let words =
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
                Err(LoginRefusal::new("authorization_pending", 70016, words))
            }
            CodeVerdict::Declined => {
                let words = "The end user denied the authorization request.";
                Err(LoginRefusal::new("authorization_declined", 65004, words))
            }
            CodeVerdict::Approved => {
                if !state.refusals.is_empty() {
                    return Err(LoginRefusal::numbered(state.refusals.remove(0)));
                }
                let Some(device) = state.devices.remove(code) else {
                    return Err(LoginRefusal::new("bad_verification_code", 70018, "Gone."));
                };
                let user = self.signs_in(state, None).map(|(id, _)| *id);
                let proves = proven(state, device.asked.claims.as_deref());
                Ok(self.issue(
                    state,
                    now,
                    TokenIssue {
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
        state: &mut LoginState,
        token: &str,
        asked: LoginAsk,
        now: Timestamp,
    ) -> Result<Value, LoginRefusal> {
        let Some(refresh) = state.refresh.get(token).cloned() else {
            let words = "The provided value for the input parameter 'refresh_token' is not valid.";
            return Err(LoginRefusal::new("invalid_grant", 70000, words));
        };
        if refresh.asked.client != asked.client {
            let words = "The refresh token was issued to another application.";
            return Err(LoginRefusal::new("invalid_grant", 70000, words));
        }
        if let Some(claims) = &state.demanded
            && refresh.proves.as_ref() != Some(claims)
        {
            let mut refusal = LoginRefusal::new(
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
        let grant = TokenIssue {
            user: Some(refresh.user),
            asked: &asked,
            proves: refresh.proves,
        };
        Ok(self.issue(state, now, grant))
    }
}

/// Trades an authorization code (`v2-oauth2-auth-code-flow`): once, by whoever has the verifier.
fn redeem<'f>(
    state: &mut LoginState,
    text: &impl Fn(&str) -> &'f str,
    now: Timestamp,
) -> Result<(Uuid, LoginAsk), LoginRefusal> {
    let refused = |code, words| Err(LoginRefusal::new("invalid_grant", code, words));
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
fn proven(state: &LoginState, claims: Option<&str>) -> Option<String> {
    let demanded = state.demanded.as_ref()?;
    let wanted: Value = serde_json::from_str(demanded).ok()?;
    let brought: Value = serde_json::from_str(claims?).ok()?;
    let holds = |(name, value): (&String, &Value)| brought["access_token"].get(name) == Some(value);
    let all = wanted["access_token"].as_object()?.iter().all(holds);
    all.then(|| demanded.clone())
}
