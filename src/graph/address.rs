//! Where Graph is, and which links are still Graph: a token goes to one scheme, host and port, and nowhere
//! else.

use reqwest::Url;

use crate::domain::problem::{Problem, ProblemKind};
use crate::signin::cloud;

/// The version calls are made to.
const VERSION: &str = "/v1.0";
/// The version of what that one does not have.
const BETA: &str = "/beta";

/// The base of all calls: scheme, host, port, path prefix and version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    root: Url,
    /// The root's path without a slash at its end, such as `/v1.0`.
    path: String,
}

impl Address {
    /// Reads a base address such as `https://graph.microsoft.com`. `http` is for loopback only: a token
    /// would cross the network in the clear.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn new(base: &str) -> Result<Self, Problem> {
        let mut root = cloud::address(base)?;
        let mut path = root.path().trim_end_matches('/').to_owned();
        if !path.ends_with(VERSION) {
            path.push_str(VERSION);
        }
        root.set_path(&path);
        Ok(Self { root, path })
    }

    /// The address of a call: `path` begins with `/` and is percent-encoded where needed.
    pub(super) fn at(&self, path: &str) -> Result<Url, Problem> {
        let whole = format!("{}{path}", self.root);
        Url::parse(&whole)
            .map_err(|_| Problem::new(ProblemKind::Local, "A call's address could not be made", ""))
    }

    /// The address of a call to the beta version, on the same host.
    pub(super) fn beta(&self, path: &str) -> Result<Url, Problem> {
        let mut root = self.root.clone();
        let prefix = self.path.strip_suffix(VERSION).unwrap_or(&self.path);
        root.set_path(&format!("{prefix}{BETA}"));
        let whole = format!("{root}{path}");
        Url::parse(&whole)
            .map_err(|_| Problem::new(ProblemKind::Local, "A call's address could not be made", ""))
    }

    /// Accepts a `nextLink` if it leads to where the first page came from (paging: links are opaque and used
    /// whole, and stay on the same host). Everything else would carry the token away.
    ///
    /// # Errors
    /// [`ProblemKind::NotGraph`]; the link itself is not in it.
    pub fn link(&self, raw: &str) -> Result<Url, Problem> {
        let stray = || {
            Problem::new(
                ProblemKind::NotGraph,
                format!(
                    "{} sent a link to a next page that leads elsewhere",
                    self.host()
                ),
                "It was not followed. Check the address after --graph-url",
            )
        };
        let link = Url::parse(raw).map_err(|_| stray())?;
        let same = link.scheme() == self.root.scheme()
            && link.host_str() == self.root.host_str()
            && link.port_or_known_default() == self.root.port_or_known_default()
            && link.username().is_empty()
            && link.password().is_none()
            && link.path().starts_with(&format!("{}/", self.path));
        if same { Ok(link) } else { Err(stray()) }
    }

    /// Host, and port where it is not the usual one.
    pub fn host(&self) -> String {
        let host = self.root.host_str().unwrap_or_default();
        match self.root.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether this machine itself answers there.
    pub fn is_loopback(&self) -> bool {
        cloud::is_loopback(&self.root)
    }
}

/// Whether a link that Graph hands out for people leads to a place of the cloud that Graph is in: https, and a host of
/// Microsoft's there, or Graph's own (national-clouds).
pub(super) fn of_cloud(link: &str, graph: &str) -> bool {
    let Ok(url) = Url::parse(link) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let bare = graph.split(':').next().unwrap_or_default();
    let places: &[&str] = match bare.rsplit('.').next() {
        Some("us") => &["microsoftonline.us", "microsoft.us"],
        Some("cn") => &["chinacloudapi.cn", "microsoftonline.cn", "azure.cn"],
        Some(_) | None => &["microsoftonline.com", "microsoft.com"],
    };
    let within = |place: &&str| {
        host.strip_suffix(*place)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && (host == bare || places.iter().any(within))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_for_people_leads_to_a_place_of_the_cloud() {
        let (world, us, cn) = (
            "graph.microsoft.com",
            "dod-graph.microsoft.us",
            "microsoftgraph.chinacloudapi.cn",
        );
        for (link, graph, good) in [
            ("https://login.microsoftonline.com/redeem?rd=x", world, true),
            ("https://invitations.microsoft.com/redeem/?t=1", world, true),
            ("https://login.microsoftonline.us/redeem?rd=x", us, true),
            ("https://login.partner.microsoftonline.cn/r", cn, true),
            ("https://login.chinacloudapi.cn/r", cn, true),
            ("https://login.microsoftonline.com/r", "127.0.0.1:80", true),
            ("https://graph.corp.example/r", "graph.corp.example", true),
            ("http://login.microsoftonline.com/redeem", world, false),
            ("https://login.microsoftonline.us/redeem", world, false),
            ("https://login.microsoftonline.com/redeem", us, false),
            (
                "https://login.microsoftonline.com.evil.example/",
                world,
                false,
            ),
            ("https://evilmicrosoftonline.com/", world, false),
            ("https://x@login.microsoftonline.com/", world, false),
            (
                "https://login.microsoftonline.com@evil.example/",
                world,
                false,
            ),
            ("javascript:alert(1)", world, false),
            ("/redeem", world, false),
            ("", world, false),
        ] {
            assert_eq!(of_cloud(link, graph), good, "{link} {graph}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for good in [
            "https://graph.microsoft.com",
            "https://graph.microsoft.com/v1.0/",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:80",
            "http://localhost:9",
        ] {
            let address = Address::new(good).unwrap();
            assert!(
                address.at("/me").unwrap().path().ends_with("/v1.0/me"),
                "{good}"
            );
            assert!(
                address.beta("/me").unwrap().path().ends_with("/beta/me"),
                "{good}"
            );
            assert!(!address.beta("/me").unwrap().path().contains("v1.0"));
        }
        for bad in [
            "graph.microsoft.com",
            "http://graph.microsoft.com",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "https://user:pw@graph.microsoft.com",
            "https://graph.microsoft.com/?a=b",
            "",
        ] {
            let problem = Address::new(bad).unwrap_err();
            assert!(!problem.to_string().contains("pw"), "{problem}");
        }
    }

    #[test]
    fn a_link_stays_where_the_token_may_go() {
        let address = Address::new("https://graph.microsoft.com").unwrap();
        assert!(
            address
                .link("https://graph.microsoft.com/v1.0/users?$skiptoken=a%2Fb")
                .is_ok()
        );
        assert!(
            address
                .link("https://graph.microsoft.com:443/v1.0/users")
                .is_ok()
        );
        for stray in [
            "https://graph.microsoft.com/beta/users",
            "https://graph.microsoft.com/v1.0",
            "https://graph.microsoft.com/v1.0/../beta/users",
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:8443/v1.0/users",
            "https://graph.microsoft.com@evil.example/v1.0/users",
            "https://x@graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "/v1.0/users",
            "",
        ] {
            assert!(address.link(stray).is_err(), "{stray}");
        }
    }
}
