//! Signing in. Every way is an `azure_core::credentials::TokenCredential`; [`SignIn`] stands before whichever it is,
//! keeps its token, renews it in time, and is what the client asks.
//!
//! ```text
//! graph::Client ── Credential ──▶ SignIn ── TokenCredential ──▶ azure (CLI, app, machine)   azure_identity
//!                                   │                     └──▶ interactive (refresh token)  oauth2
//!  a person ── begin(way) ─────────▶┤                              ▲           └── store (memory, keyring, file)
//!  a dialog ◀── SignInStep ─────────┘── device | browser ──────────┘
//! ```
//! `graph` stands on `signin`, never the other way: whoever signs in knows nothing of what is then asked.
//!
//! No way that needs a person is ever begun by itself: work that needs one gets a problem, or waits (`patient`, [`SignIn::attend`]) after
//! [`SignInStep::Need`] was said, until [`SignIn::begin`] or [`SignIn::decline`].
//!
//! To add a way: a row in `way`, its credential in `azure`. To change what is asked for: `scopes`. To reword a
//! refusal: `aadsts`.

pub mod aadsts;
mod azure;
mod begin;
mod browser;
pub mod challenge;
pub mod claims;
pub mod cloud;
mod command;
mod config;
pub mod credential;
mod device;
mod held;
mod http;
mod interactive;
mod keeper;
mod kept;
mod loopback;
pub mod pace;
pub mod prompt;
mod refusal;
pub mod scopes;
mod status;
pub mod store;
mod tls;
mod way;

pub use azure::{PASSWORD_VARIABLE, SECRET_VARIABLE, SECRET_VARIABLES};
pub use challenge::Challenge;
pub use claims::Claims;
pub use cloud::Cloud;
pub use config::{ANY_TENANT, DEFAULT_CLIENT, SignInConfig};
pub use credential::{Credential, StaticToken};
pub use keeper::SignIn;
pub use pace::Pace;
pub use prompt::{SignInOffer, SignInPrompt, SignInStep};
pub use status::SignInStatus;
pub use store::{KeptIn, KeptSignIn, StoreKind};
pub use tls::TlsRefusal;
pub use way::Way;
