//! Reads one profile's table, and refuses what cannot go together.

use std::path::Path;

use super::THEMES;
use super::keys;
use super::profile::{Banner, Profile};
use super::table::{Source, TomlTable, ValueAtLine};
use crate::domain::problem::Problem;
use crate::signin::{Cloud, SignInConfig, StoreKind, Way};

/// The longest pause between two reads of the queue: a day.
pub(super) const LONGEST_REFRESH: u32 = 86_400;

/// Reads a profile. `folder` is the config file's, from which paths in it go.
pub(super) fn read(name: &str, table: TomlTable<'_>, folder: &Path) -> Profile {
    let (source, line) = (table.source(), table.line);
    let tenant = table.text("tenant");
    let client = table.text("client_id");
    let way = table.word("sign_in", &Way::ALL);
    let keep = table.word("keep_sign_in", &StoreKind::ALL);
    let certificate = table.text("certificate");
    let identity = table.text("identity");
    let redirect_port = table.number("redirect_port", u32::from(u16::MAX));
    let chosen = way.as_ref().map_or(Way::Browser, |found| found.value);
    let cloud = cloud(&table, chosen);
    let asked = Asked {
        source,
        line,
        way: chosen,
    };
    asked.tenant(tenant.as_ref());
    asked.client(client.as_ref());
    asked.certificate(certificate.as_ref());
    asked.identity(identity.as_ref());
    if let Some(keep) = keep
        .as_ref()
        .filter(|keep| keep.value != StoreKind::Memory && !chosen.is_interactive())
    {
        let words =
            format!("\"keep_sign_in\" is for a person's sign-in; {chosen} leaves nothing to keep");
        source.wrong(keep.line, &words);
    }
    if let Some(port) = redirect_port.as_ref().filter(|_| chosen != Way::Browser) {
        let words = format!(
            "\"redirect_port\" is for sign_in = \"browser\", and this profile has {chosen}"
        );
        source.wrong(port.line, &words);
    }
    let own_keys = table.table("keys").map(|table| keys::read(&table));
    let profile = Profile {
        name: name.to_owned(),
        way: chosen,
        keep: keep.map(|found| found.value),
        cloud,
        certificate: certificate.map(|found| folder.join(found.value)),
        identity: identity.map(|found| found.value),
        redirect_port: redirect_port
            .and_then(|found| u16::try_from(found.value).ok())
            .unwrap_or(0),
        read_only: table.flag("read_only").map(|found| found.value),
        refresh_seconds: table
            .number("refresh_seconds", LONGEST_REFRESH)
            .map(|found| found.value),
        theme: table.word("theme", &THEMES).map(|found| found.value),
        banner: table.word("banner", &Banner::ALL).map(|found| found.value),
        keys: own_keys.unwrap_or_default(),
        client: client.map(|found| found.value),
        ..Profile::default()
    };
    table.end();
    match tenant {
        Some(ValueAtLine { value, .. }) => Profile {
            tenant: value,
            ..profile
        },
        None => profile,
    }
}

/// A named cloud, or two addresses in its place.
fn cloud(table: &TomlTable<'_>, way: Way) -> Cloud {
    let named = table.word("cloud", &Cloud::NAMED);
    let (graph, login) = (table.text("graph_url"), table.text("login_url"));
    let wrong = |line, words: &str| table.source().wrong(line, words);
    match (named, graph, login) {
        (None, None, None) => Cloud::Global,
        (Some(named), None, None) => named.value,
        (Some(named), _, _) => {
            wrong(
                named.line,
                "\"cloud\" names the addresses already; take it out, or graph_url and login_url",
            );
            named.value
        }
        (None, Some(graph), login) => {
            if login.is_none() && way != Way::Token {
                wrong(
                    graph.line,
                    "\"graph_url\" needs \"login_url\" beside it: who signs in to that Graph?",
                );
            }
            // A token from outside needs no place to sign in at.
            let login = login.unwrap_or(ValueAtLine { ..graph.clone() });
            match Cloud::custom(&graph.value, &login.value) {
                Ok(cloud) => cloud,
                Err(problem) => {
                    let graph_alone = Cloud::custom(&graph.value, &graph.value);
                    let (key, line) = if graph_alone.is_err() {
                        ("graph_url", graph.line)
                    } else {
                        ("login_url", login.line)
                    };
                    wrong(line, &format!("\"{key}\": {}", said(&problem)));
                    Cloud::Global
                }
            }
        }
        (None, None, Some(login)) => {
            wrong(login.line, "\"login_url\" needs \"graph_url\" beside it");
            Cloud::Global
        }
    }
}

/// A problem's words as part of a sentence.
fn said(problem: &Problem) -> String {
    problem.to_string().trim_end_matches('.').to_owned()
}

/// What must go with a way to sign in, and what cannot.
struct Asked<'t> {
    source: &'t Source<'t>,
    /// Where the profile begins.
    line: usize,
    way: Way,
}

impl Asked<'_> {
    fn tenant(&self, tenant: Option<&ValueAtLine<String>>) {
        let Some(tenant) = tenant else {
            if self.way.is_app_only() && self.way != Way::ManagedIdentity {
                let words = format!(
                    "{} needs \"tenant\": an app has no home of its own",
                    self.way
                );
                self.source.wrong(self.line, &words);
            }
            return;
        };
        if let Err(problem) = SignInConfig::check_tenant(&tenant.value) {
            self.source.wrong(tenant.line, &said(&problem));
        }
    }

    fn client(&self, client: Option<&ValueAtLine<String>>) {
        let (needs, own) = match self.way {
            Way::ClientSecret | Way::ClientCertificate => (true, ""),
            Way::AzureCli | Way::AzureDeveloperCli => (false, "it signs in with an app of its own"),
            Way::ManagedIdentity | Way::WorkloadIdentity => {
                (false, "choose one of the machine's with \"identity\"")
            }
            Way::Token => (false, "the token names its app"),
            Way::Browser | Way::DeviceCode => (false, ""),
        };
        match client {
            None if needs => {
                let words = format!(
                    "{} needs \"client_id\": the app that has the secret",
                    self.way
                );
                self.source.wrong(self.line, &words);
            }
            Some(client) if !own.is_empty() => {
                let words = format!("\"client_id\" cannot go with {}: {own}", self.way);
                self.source.wrong(client.line, &words);
            }
            Some(client) => {
                if let Err(problem) = SignInConfig::check_client(&client.value) {
                    self.source.wrong(client.line, &said(&problem));
                }
            }
            None => {}
        }
    }

    fn certificate(&self, certificate: Option<&ValueAtLine<String>>) {
        match certificate {
            None if self.way == Way::ClientCertificate => {
                let words = "client-certificate needs \"certificate\": the path of a PKCS#12 file";
                self.source.wrong(self.line, words);
            }
            Some(certificate) if self.way != Way::ClientCertificate => {
                let words = format!(
                    "\"certificate\" is for sign_in = \"client-certificate\", and this profile has {}",
                    self.way
                );
                self.source.wrong(certificate.line, &words);
            }
            _ => {}
        }
    }

    fn identity(&self, identity: Option<&ValueAtLine<String>>) {
        let Some(identity) = identity else { return };
        if !matches!(self.way, Way::ManagedIdentity | Way::WorkloadIdentity) {
            let words = format!(
                "\"identity\" is for managed-identity and workload-identity, and this profile has {}",
                self.way
            );
            self.source.wrong(identity.line, &words);
        } else if let Err(problem) = SignInConfig::check_client(&identity.value) {
            self.source.wrong(identity.line, &said(&problem));
        }
    }
}
