//! An emulated Entra beside the emulated Graph, on the same listener: it signs the demo tenant's people and apps in,
//! and refuses as Entra does.
//!
//! The endpoints are those of `v2-oauth2-device-code`, `v2-oauth2-auth-code-flow` and
//! `v2-oauth2-client-creds-grant-flow` (MicrosoftDocs/entra-docs). Nobody types a password here: a device code is
//! approved by opening `/device?code=…`, by a test, or by itself after some polls; `/authorize` agrees at once.

mod answer;
mod codes;
mod endpoints;
mod grants;
mod tokens;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::fault::Fault;
use codes::{AuthorizationCode, CodeVerdict, DeviceCode};
use tokens::{IssuedToken, Refresh};

/// How the emulated Entra signs people in.
#[derive(Debug, Clone)]
pub struct LoginConfig {
    /// How long an access token lives.
    pub token_life: Duration,
    /// What tokens carry; `None` for what was asked for.
    pub scopes: Option<Vec<String>>,
    /// A device code is approved by itself at this poll; `None` for not by itself.
    pub approve_after: Option<u32>,
    /// How long a device code lives.
    pub code_life: Duration,
    /// How long to wait between polls.
    pub interval: Duration,
    /// The secret every app has.
    pub client_secret: String,
    /// Who signs in; `None` for the tenant's administrator.
    pub account: Option<String>,
}

impl Default for LoginConfig {
    fn default() -> Self {
        Self {
            token_life: Duration::from_secs(3600),
            scopes: None,
            approve_after: None,
            code_life: Duration::from_secs(900),
            interval: Duration::from_secs(5),
            client_secret: "emulated-secret".to_owned(),
            account: None,
        }
    }
}

/// What the emulated Entra knows of the tenant.
#[derive(Debug, Clone)]
pub(super) struct LoginTenant {
    pub(super) id: Uuid,
    pub(super) domains: Vec<String>,
    /// Who can sign in: id, user principal name.
    pub(super) people: Vec<(Uuid, String)>,
}

/// The emulated Entra.
pub(super) struct LoginService {
    config: LoginConfig,
    tenant: LoginTenant,
    state: Mutex<LoginState>,
}

#[derive(Default)]
struct LoginState {
    issued: u64,
    devices: HashMap<String, DeviceCode>,
    codes: HashMap<String, AuthorizationCode>,
    access: HashMap<String, IssuedToken>,
    refresh: HashMap<String, Refresh>,
    /// Who signs in next, where that was said.
    account: Option<String>,
    /// What every token must prove that is used from now on: the claims, as JSON.
    demanded: Option<String>,
    /// The next questions are refused with these.
    refusals: Vec<u32>,
    /// The next polls are told to slow down.
    slow_down: u32,
    /// How often each grant was asked for.
    grants: HashMap<String, u32>,
}

/// Who calls Graph, as their token says.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) user: Uuid,
    /// Scopes, or roles of an app.
    pub(super) permissions: Vec<String>,
    pub(super) app_only: bool,
}

impl Caller {
    pub(super) fn carries(&self, name: &str) -> bool {
        let mut permissions = self.permissions.iter();
        permissions.any(|one| one.eq_ignore_ascii_case(name))
    }
}

impl LoginService {
    pub(super) fn new(config: LoginConfig, tenant: LoginTenant) -> Self {
        Self {
            config,
            tenant,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, LoginState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose token it is; `None` where it is none of ours.
    pub(super) fn caller(&self, token: &str, now: Timestamp) -> Option<Result<Caller, Fault>> {
        let state = self.state();
        let access = state.access.get(token)?;
        let refused = |message: &str| Fault::new(401, "InvalidAuthenticationToken", message);
        if now >= access.ends {
            return Some(Err(refused(
                "Lifetime validation failed, the token is expired.",
            )));
        }
        if let Some(claims) = &state.demanded
            && access.proves.as_ref() != Some(claims)
        {
            let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired.";
            return Some(Err(refused(message).demanding(claims)));
        }
        Some(Ok(access.caller()))
    }

    /// Who is meant by a name; the administrator where none is.
    fn person(&self, name: Option<&str>) -> Option<&(Uuid, String)> {
        match name {
            Some(name) => self
                .tenant
                .people
                .iter()
                .find(|(_, upn)| upn.eq_ignore_ascii_case(name)),
            None => self.tenant.people.first(),
        }
    }

    /// Who sits at the browser: whoever was said to, or the one that is hinted at, or the administrator.
    fn signs_in(&self, state: &LoginState, hint: Option<&str>) -> Option<&(Uuid, String)> {
        let said = state.account.as_deref().or(self.config.account.as_deref());
        self.person(said.or(hint))
    }

    fn knows(&self, tenant: &str) -> bool {
        matches!(tenant, "organizations" | "common")
            || tenant.eq_ignore_ascii_case(&self.tenant.id.to_string())
            || self
                .tenant
                .domains
                .iter()
                .any(|domain| domain.eq_ignore_ascii_case(tenant))
    }
}

/// What a test, or the page at `/device`, can do.
impl LoginService {
    /// Approves a device code, or every one that waits.
    pub(super) fn decide(&self, code: Option<&str>, verdict: CodeVerdict) -> bool {
        let mut state = self.state();
        let mut found = false;
        for device in state.devices.values_mut() {
            if code.is_none_or(|code| device.is_called(code)) {
                device.verdict = verdict;
                found = true;
            }
        }
        found
    }

    pub(super) fn approve(&self, code: Option<&str>) -> bool {
        self.decide(code, CodeVerdict::Approved)
    }

    pub(super) fn decline(&self, code: Option<&str>) -> bool {
        self.decide(code, CodeVerdict::Declined)
    }

    pub(super) fn expire_codes(&self) {
        for device in self.state().devices.values_mut() {
            device.ends = Timestamp::MIN;
        }
    }

    pub(super) fn expire_tokens(&self) {
        for access in self.state().access.values_mut() {
            access.ends = Timestamp::MIN;
        }
    }

    pub(super) fn revoke(&self) {
        let mut state = self.state();
        state.refresh.clear();
        state.access.clear();
    }

    pub(super) fn demand(&self, claims: &str) {
        self.state().demanded = Some(claims.to_owned());
    }

    pub(super) fn refuse_next(&self, code: u32) {
        self.state().refusals.push(code);
    }

    pub(super) fn act_as(&self, upn: &str) {
        self.state().account = Some(upn.to_owned());
    }

    pub(super) fn slow_down(&self, polls: u32) {
        self.state().slow_down = polls;
    }

    pub(super) fn grants(&self, grant: &str) -> u32 {
        self.state().grants.get(grant).copied().unwrap_or_default()
    }

    /// Every token, code and secret that was given out, for tests that look for them where they must not be.
    pub(super) fn secrets(&self) -> Vec<String> {
        let state = self.state();
        let devices = state
            .devices
            .iter()
            .flat_map(|(code, device)| [code.clone(), device.user_code.clone()]);
        devices
            .chain(state.codes.keys().cloned())
            .chain(state.access.keys().cloned())
            .chain(state.refresh.keys().cloned())
            .chain([self.config.client_secret.clone()])
            .collect()
    }
}

fn after(now: Timestamp, life: Duration) -> Timestamp {
    let life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
    now.checked_add(life).unwrap_or(Timestamp::MAX)
}
