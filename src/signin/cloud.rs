//! Which cloud a tenant lives in, and the hosts that go with it (`deployments`; tokens of one cloud are
//! worth nothing in another).

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// A cloud of Microsoft's, or two addresses that stand for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// The worldwide one, and the US government's community cloud (GCC) within it.
    #[default]
    Global,
    /// US government, level 4 (GCC High).
    UsGovL4,
    /// US government, level 5 (`DoD`).
    UsGovL5,
    /// China, run by 21Vianet.
    China,
    /// Explicit addresses: the emulator, or a cloud this program does not know.
    Custom {
        /// Where Graph is, such as `https://graph.microsoft.com`.
        graph: String,
        /// Where Entra signs people in, such as `https://login.microsoftonline.com`.
        login: String,
    },
}

impl Cloud {
    /// The clouds that have a name, for help and completion.
    pub const NAMED: [(&str, Self); 4] = [
        ("global", Self::Global),
        ("us-gov-l4", Self::UsGovL4),
        ("us-gov-l5", Self::UsGovL5),
        ("china", Self::China),
    ];

    /// Addresses of one's own.
    ///
    /// # Errors
    /// A sentence about an address that cannot be used. `http` is for loopback only.
    pub fn custom(graph: &str, login: &str) -> Result<Self, Problem> {
        Ok(Self::Custom {
            graph: checked(graph)?,
            login: checked(login)?,
        })
    }

    /// Where Graph is.
    pub fn graph(&self) -> &str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
            Self::Custom { graph, .. } => graph,
        }
    }

    /// Where Entra signs people in.
    pub fn login(&self) -> &str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
            Self::Custom { login, .. } => login,
        }
    }

    /// The host of My Access, where people from outside ask for packages. Not documented for China.
    pub fn my_access(&self) -> Option<&'static str> {
        match self {
            Self::Global | Self::Custom { .. } => Some("myaccess.microsoft.com"),
            Self::UsGovL4 | Self::UsGovL5 => Some("myaccess.microsoft.us"),
            Self::China => None,
        }
    }

    /// What a scope begins with: Graph as Entra knows it. An emulated Graph stands for the worldwide one.
    pub fn resource(&self) -> &str {
        match self {
            Self::Custom { graph, .. } if graph.starts_with("http:") => Self::Global.graph(),
            other => other.graph(),
        }
    }

    /// A place of Entra's: `https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token`.
    pub(super) fn endpoint(&self, tenant: &str, name: &str) -> String {
        let login = self.login().trim_end_matches('/');
        format!("{login}/{tenant}/oauth2/v2.0/{name}")
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom { graph, .. } => f.write_str(graph),
            named => {
                let found = Self::NAMED.iter().find(|(_, cloud)| cloud == named);
                f.write_str(found.map_or("", |(name, _)| name))
            }
        }
    }
}

impl FromStr for Cloud {
    type Err = Problem;

    fn from_str(word: &str) -> Result<Self, Problem> {
        let found = Self::NAMED.into_iter().find(|(name, _)| *name == word);
        found.map(|(_, cloud)| cloud).ok_or_else(|| {
            Problem::new(
                ProblemKind::Local,
                format!("\"{}\" is no cloud", Text::new(word)),
                "Clouds are global, us-gov-l4, us-gov-l5 and china; any other needs its graph_url and login_url",
            )
        })
    }
}

/// An address tokens may be sent to, such as `https://graph.microsoft.com`. `http` is for loopback only: a token would
/// cross the network in the clear.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn address(raw: &str) -> Result<Url, Problem> {
    let wrong = |what: String| {
        let remedy = "Give an address such as https://graph.microsoft.com";
        Problem::new(ProblemKind::Local, what, remedy)
    };
    let shown = Text::new(raw);
    let root =
        Url::parse(raw.trim()).map_err(|_| wrong(format!("\"{shown}\" is no web address")))?;
    if !root.username().is_empty() || root.password().is_some() {
        return Err(wrong(
            "The address of Graph holds a user name or password".into(),
        ));
    }
    if root.query().is_some() || root.fragment().is_some() {
        return Err(wrong(format!(
            "\"{shown}\" has more than a host and a path"
        )));
    }
    match (root.scheme(), is_loopback(&root)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => {
            return Err(Problem::new(
                ProblemKind::Local,
                format!("\"{shown}\" would send the token unencrypted"),
                "Use https; plain http is for this machine only (127.0.0.1, localhost)",
            ));
        }
        _ => {
            return Err(wrong(format!(
                "\"{shown}\" begins with neither https nor http"
            )));
        }
    }
    Ok(root)
}

/// An address tokens may be sent to, as it was written.
fn checked(raw: &str) -> Result<String, Problem> {
    address(raw)?;
    Ok(raw.trim().trim_end_matches('/').to_owned())
}

/// Whether this machine itself answers there.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// Whether an address is plain http, which only loopback may be.
pub(super) fn is_plain(url: &Url) -> bool {
    url.scheme() == "http"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_its_hosts() {
        for (name, cloud) in Cloud::NAMED {
            assert_eq!(name.parse::<Cloud>().unwrap(), cloud);
            assert_eq!(cloud.to_string(), name);
            assert!(cloud.graph().starts_with("https://"));
            assert!(cloud.login().starts_with("https://login."));
            assert_eq!(cloud.resource(), cloud.graph());
        }
        assert!("germany".parse::<Cloud>().is_err(), "that cloud is gone");
        assert_eq!(Cloud::China.my_access(), None);
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        let cloud = Cloud::custom("http://127.0.0.1:8080/", "http://localhost:8080").unwrap();
        assert_eq!(cloud.resource(), "https://graph.microsoft.com");
        assert_eq!(
            cloud.endpoint("t", "token"),
            "http://localhost:8080/t/oauth2/v2.0/token"
        );
        assert!(Cloud::custom("https://graph.microsoft.com", "http://login.example").is_err());
    }
}
