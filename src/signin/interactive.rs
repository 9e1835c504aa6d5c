//! What a person's sign-in left: a refresh token, and how new access tokens are had with it
//! (`v2-oauth2-auth-code-flow`, refresh the access token). Entra gives a new refresh token each time; the old one
//! is dropped, as it asks for.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_core::credentials::{
    AccessToken, Secret as AzureSecret, TokenCredential, TokenRequestOptions,
};
use azure_core::error::ErrorKind;
use azure_core::time::OffsetDateTime;
use jiff::Timestamp;
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, ClientId, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, RefreshToken,
    RequestTokenError, Scope, TokenResponse as _, TokenUrl,
};

use zeroize::Zeroize as _;

use super::challenge::Challenge;
use super::claims::Claims;
use super::cloud::Cloud;
use super::config::SignInConfig;
use super::http::{Exchange, Failed};
use super::pace::Pace;
use super::store::{KeptSignIn, Store, StoreKey};
use super::way::Way;
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// How long a token is believed to live where Entra does not say.
const UNSAID: Duration = Duration::from_secs(600);

/// The `oauth2` client with the three places of Entra's that are used.
pub(super) type EntraClient =
    BasicClient<EndpointSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Where and as which app one signs in.
#[derive(Clone)]
pub(super) struct EntraPlace {
    pub(super) cloud: Cloud,
    pub(super) tenant: String,
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    pub(super) pace: Pace,
}

impl EntraPlace {
    pub(super) fn of(config: &SignInConfig) -> Self {
        Self {
            cloud: config.cloud.clone(),
            tenant: config.tenant.clone(),
            client: config.client.clone(),
            scopes: config.scopes.iter().map(ToString::to_string).collect(),
            pace: config.pace.clone(),
        }
    }

    pub(super) fn entra(&self) -> Result<EntraClient, Problem> {
        let odd = |_| {
            let what = "The address of the sign-in service cannot be used";
            Problem::new(
                ProblemKind::Local,
                what,
                "Check the profile's login_url and tenant",
            )
        };
        let at = |name| self.cloud.endpoint(&self.tenant, name);
        Ok(BasicClient::new(ClientId::new(self.client.clone()))
            .set_auth_uri(AuthUrl::new(at("authorize")).map_err(odd)?)
            .set_token_uri(TokenUrl::new(at("token")).map_err(odd)?)
            .set_device_authorization_url(
                DeviceAuthorizationUrl::new(at("devicecode")).map_err(odd)?,
            )
            .set_auth_type(AuthType::RequestBody))
    }

    /// What is asked for: the permissions, and a refresh token.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope> {
        let scopes = super::scopes::qualified(&self.cloud, &self.scopes);
        scopes
            .into_iter()
            .chain(["offline_access".to_owned()])
            .map(Scope::new)
    }
}

/// What a sign-in or a renewal brought. No `Debug`.
pub(super) struct TokenGrant {
    pub(super) access: Secret,
    pub(super) ends: Timestamp,
    pub(super) refresh: Option<Secret>,
}

impl TokenGrant {
    pub(super) fn of(answer: &BasicTokenResponse, pace: &Pace) -> Self {
        let life = answer.expires_in().unwrap_or(UNSAID);
        Self {
            access: Secret::new(answer.access_token().secret()),
            ends: pace.after(life),
            refresh: answer
                .refresh_token()
                .map(|token| Secret::new(token.secret())),
        }
    }
}

/// What an error of the `oauth2` crate says. Bodies are not repeated: one that could not be read may hold tokens.
pub(super) fn problem<T: oauth2::ErrorResponse + 'static>(
    error: &RequestTokenError<Failed, T>,
    exchange: &Exchange,
    cloud: &Cloud,
) -> Problem {
    match error {
        RequestTokenError::Request(failed) => failed.problem(cloud.login()),
        _ => exchange.refused().unwrap_or_else(unreadable),
    }
}

fn unreadable() -> Problem {
    Problem::new(
        ProblemKind::NotGraph,
        "The sign-in service answered, but not like Entra",
        "Check the profile's login_url, and whether a proxy stands in between",
    )
}

/// The refresh token and what is known with it.
#[derive(Default)]
struct RefreshHeld {
    refresh: Option<Secret>,
    /// Whether the store was looked into.
    looked: bool,
    /// What the next token must prove.
    demanded: Option<Challenge>,
    /// Counts sign-outs.
    epoch: u64,
}

/// A person's sign-in as a credential. Never starts one: without a refresh token it says that one is needed.
pub(super) struct Interactive {
    place: EntraPlace,
    http: reqwest::Client,
    store: Store,
    way: Way,
    held: Mutex<RefreshHeld>,
}

impl fmt::Debug for Interactive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interactive")
            .field("tenant", &self.place.tenant)
            .finish_non_exhaustive()
    }
}

impl Interactive {
    pub(super) fn new(place: EntraPlace, http: reqwest::Client, store: Store, way: Way) -> Self {
        Self {
            place,
            http,
            store,
            way,
            held: Mutex::default(),
        }
    }

    fn held(&self) -> MutexGuard<'_, RefreshHeld> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn place(&self) -> &EntraPlace {
        &self.place
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn exchange(&self, way: Way) -> Exchange {
        Exchange::new(self.http.clone(), way)
    }

    pub(super) fn key(&self) -> StoreKey {
        StoreKey::new(&self.place.cloud, &self.place.tenant, &self.place.client)
    }

    /// The next token must prove this.
    pub(super) fn demand(&self, challenge: Challenge) {
        self.held().demanded = Some(challenge);
    }

    /// What the next token must prove.
    pub(super) fn demanded(&self) -> Option<Challenge> {
        self.held().demanded.clone()
    }

    /// Takes what a sign-in or a renewal brought. A store that fails is said, and keeps nobody from working.
    pub(super) fn adopt(&self, grant: &TokenGrant) -> Result<(), Problem> {
        {
            let mut held = self.held();
            held.demanded = None;
            held.looked = true;
            if grant.refresh.is_some() {
                held.refresh.clone_from(&grant.refresh);
            }
        }
        let Some(refresh) = &grant.refresh else {
            return Ok(());
        };
        let claims = Claims::of(&grant.access).unwrap_or_default();
        self.store.save(
            &self.key(),
            &KeptSignIn {
                refresh: refresh.clone(),
                account: claims.account,
                way: self.way,
                scopes: self.place.scopes.clone(),
                saved: self.place.pace.now(),
            },
        )
    }

    /// Whether a sign-in can be kept where it is to be kept.
    pub(super) fn check_store(&self) -> Result<(), Problem> {
        self.store.check(&self.key())
    }

    /// Forgets in memory; the store is forgotten by its owner.
    pub(super) fn clear(&self) {
        let mut held = self.held();
        *held = RefreshHeld {
            looked: true,
            epoch: held.epoch + 1,
            ..RefreshHeld::default()
        };
    }

    /// The refresh token: from memory, else from the store, which is looked into once.
    fn refresh_token(&self) -> Result<Option<Secret>, Problem> {
        {
            let held = self.held();
            if held.looked || held.refresh.is_some() {
                return Ok(held.refresh.clone());
            }
        }
        let kept = self.store.load(&self.key())?;
        let mut held = self.held();
        held.looked = true;
        held.refresh = kept.map(|kept| kept.refresh);
        Ok(held.refresh.clone())
    }

    /// A new access token.
    pub(super) async fn renew(&self) -> Result<TokenGrant, Problem> {
        let Some(refresh) = self.refresh_token()? else {
            return Err(needed());
        };
        match self.renew_with(&refresh).await {
            Err(problem) if problem.kind == ProblemKind::SignIn => {
                // Another guestlist that shares the store may have renewed it, which ended ours.
                let kept = self.store.load(&self.key()).ok().flatten();
                match kept.filter(|kept| kept.refresh != refresh) {
                    Some(newer) => self.renew_with(&newer.refresh).await,
                    None => Err(problem),
                }
            }
            other => other,
        }
    }

    async fn renew_with(&self, refresh: &Secret) -> Result<TokenGrant, Problem> {
        let exchange = self.exchange(self.way);
        let epoch = self.held().epoch;
        let demanded = self.demanded();
        let claims = Challenge::request(demanded.as_ref());
        let token = RefreshToken::new(refresh.reveal().to_owned());
        let entra = self.place.entra()?;
        let asked = entra
            .exchange_refresh_token(&token)
            .add_scopes(self.place.scopes())
            .add_extra_param("claims", claims);
        let answer = asked.request_async(&exchange).await;
        token.into_secret().zeroize();
        let answer = answer.map_err(|error| {
            if let Some(challenge) = exchange.refusal().and_then(|refusal| refusal.challenge()) {
                self.demand(challenge);
            }
            problem(&error, &exchange, &self.place.cloud)
        })?;
        let grant = TokenGrant::of(&answer, &self.place.pace);
        if self.held().epoch != epoch {
            // Signed out meanwhile: nothing of it may come back, least of all into the store.
            return Err(needed());
        }
        if let Err(problem) = self.adopt(&grant) {
            tracing::warn!(kind = ?problem.kind, "the renewed sign-in could not be kept");
        }
        Ok(grant)
    }
}

/// Nobody is signed in.
pub(super) fn needed() -> Problem {
    Problem::new(
        ProblemKind::SignIn,
        "Nobody is signed in",
        "Sign in with guestlist login, or in the console",
    )
}

#[async_trait::async_trait]
impl TokenCredential for Interactive {
    /// Each call renews: whoever asks often keeps the token, as [`super::SignIn`] does.
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let grant = self
            .renew()
            .await
            .map_err(|problem| azure_core::Error::new(ErrorKind::Credential, problem))?;
        let ends = OffsetDateTime::from_unix_timestamp(grant.ends.as_second())
            .map_err(|error| azure_core::Error::new(ErrorKind::DataConversion, error))?;
        Ok(AccessToken::new(
            AzureSecret::new(grant.access.reveal().to_owned()),
            ends,
        ))
    }
}
