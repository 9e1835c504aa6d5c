//! Tokens: shaped like Entra's, so that a client can read their claims, and signed with nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::codes::{LoginAsk, random};
use super::{Caller, LoginService, LoginState, after};
use crate::emulator::permission::DEMO;

pub(super) struct IssuedToken {
    user: Uuid,
    carries: Vec<String>,
    app_only: bool,
    pub(super) ends: Timestamp,
    /// The demand it was given in answer to.
    pub(super) proves: Option<String>,
}

impl IssuedToken {
    pub(super) fn caller(&self) -> Caller {
        Caller {
            user: self.user,
            permissions: self.carries.clone(),
            app_only: self.app_only,
        }
    }
}

#[derive(Clone)]
pub(super) struct Refresh {
    pub(super) user: Uuid,
    pub(super) asked: LoginAsk,
    pub(super) proves: Option<String>,
}

/// What a token is given for.
pub(super) struct TokenIssue<'a> {
    /// The person; `None` for an app.
    pub(super) user: Option<Uuid>,
    pub(super) asked: &'a LoginAsk,
    pub(super) proves: Option<String>,
}

impl LoginService {
    /// Gives tokens out, in the shape of the token endpoint's answer.
    pub(super) fn issue(
        &self,
        state: &mut LoginState,
        now: Timestamp,
        grant: TokenIssue<'_>,
    ) -> Value {
        let carries = self.carries(grant.asked);
        let ends = after(now, self.config.token_life);
        state.issued += 1;
        let access = self.access_token(state.issued, &grant, &carries, now, ends);
        // Those that ended long ago are nobody's any more.
        state.access.retain(|_, access| {
            access.ends == Timestamp::MIN || after(access.ends, self.config.code_life) > now
        });
        let user = grant.user.or_else(|| self.person(None).map(|(id, _)| *id));
        state.access.insert(
            access.clone(),
            IssuedToken {
                user: user.unwrap_or_default(),
                carries: carries.clone(),
                app_only: grant.user.is_none(),
                ends,
                proves: grant.proves.clone(),
            },
        );
        let life = self.config.token_life.as_secs();
        let mut answer = json!({
            "token_type": "Bearer",
            "scope": carries.join(" "),
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": access,
        });
        let offline = grant
            .asked
            .scopes
            .iter()
            .any(|scope| scope == "offline_access");
        if let (Some(user), true, Value::Object(answer)) = (grant.user, offline, &mut answer) {
            let token = random("0.EMULATED-refresh-");
            state.refresh.insert(
                token.clone(),
                Refresh {
                    user,
                    asked: grant.asked.clone(),
                    proves: grant.proves,
                },
            );
            answer.insert("refresh_token".into(), token.into());
        }
        answer
    }

    /// Scopes without the resource they belong to and without those of the protocol.
    fn carries(&self, asked: &LoginAsk) -> Vec<String> {
        if let Some(fixed) = &self.config.scopes {
            return fixed.clone();
        }
        let mut carries = Vec::new();
        for scope in &asked.scopes {
            match scope.rsplit('/').next().unwrap_or_default() {
                "openid" | "profile" | "email" | "offline_access" | "" => {}
                ".default" => carries.extend(DEMO.iter().map(|&scope| scope.to_owned())),
                name => carries.push(name.to_owned()),
            }
        }
        carries
    }

    fn access_token(
        &self,
        number: u64,
        grant: &TokenIssue<'_>,
        carries: &[String],
        now: Timestamp,
        ends: Timestamp,
    ) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let mut claims = json!({
            "aud": "https://graph.microsoft.com",
            "iss": format!("https://sts.windows.net/{}/", self.tenant.id),
            "iat": now.as_second(), "nbf": now.as_second(), "exp": ends.as_second(),
            "appid": grant.asked.client, "app_displayname": "Emulated app",
            "tid": self.tenant.id.to_string(), "uti": number.to_string(), "ver": "1.0",
        });
        let person = grant
            .user
            .and_then(|user| self.tenant.people.iter().find(|(id, _)| *id == user));
        if let Value::Object(claims) = &mut claims {
            if let Some((id, upn)) = person {
                claims.insert("oid".into(), id.to_string().into());
                claims.insert("upn".into(), upn.as_str().into());
                claims.insert("scp".into(), carries.join(" ").into());
                claims.insert("idtyp".into(), "user".into());
            } else {
                claims.insert("roles".into(), json!(carries));
                claims.insert("idtyp".into(), "app".into());
            }
        }
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": "emulated"});
        format!(
            "{}.{}.{}",
            part(&header),
            part(&claims),
            random("emulated-signature-")
        )
    }
}
