//! Authentication: a registry's challenge in `WWW-Authenticate` and the answer to it, which is a name and a password or a token
//! from its token server.
//!
//! Source: distribution-spec token authentication; oras-go registry/remote/auth.

use std::fmt;
use std::net::IpAddr;

use http_auth::{ChallengeRef, parse_challenges};
use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{Method, Url};
use serde::Deserialize;

use super::authorization::Authorization;
use super::credentials::Credential;
use super::http::Http;
use super::http_error;
use super::request::{Body, Request, Response};
use super::secret;

/// The most bytes that a token server may answer.
const TOKEN_LIMIT: u64 = 1024 * 1024;

/// Why the token server gave no token.
#[derive(Debug)]
pub struct Error {
    /// Its address.
    pub realm: String,
    /// What went wrong.
    pub kind: ErrorKind,
}

/// What went wrong with a token server.
#[derive(Debug)]
pub enum ErrorKind {
    /// Its address cannot be understood.
    Url(String),
    /// Its address is of no scheme that can be asked.
    Scheme,
    /// It is none that the registry may name: see [`may_be_asked`].
    Elsewhere,
    /// It gave no complete response.
    Http(Box<http_error::Error>),
    /// It refused, with this status and reason.
    Refused(String),
    /// Its response cannot be understood.
    Json(serde_json::Error),
    /// Its response holds no token that can be sent.
    NoToken,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the token server {:?}: ", secret::address(&self.realm))?;
        match &self.kind {
            ErrorKind::Url(reason) | ErrorKind::Refused(reason) => f.write_str(reason),
            ErrorKind::Scheme => f.write_str("a token server is reached by http or https"),
            ErrorKind::Elsewhere => f.write_str(
                "the registry names it, but credentials go to a token server by https alone, or by http to the host of a \
                 registry that is itself reached by http, and to none inside this network that the registry is not in",
            ),
            ErrorKind::Http(error) => write!(f, "{error}"),
            ErrorKind::Json(error) => write!(f, "its answer: {error}"),
            ErrorKind::NoToken => f.write_str("its answer holds no token that can be sent"),
        }
    }
}

impl std::error::Error for Error {}

/// What a registry demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A name and a password.
    Basic,
    /// A token.
    Bearer {
        /// The address of the token server.
        realm: String,
        /// The name by which the token server knows the registry.
        service: String,
    },
}

impl Challenge {
    /// The first challenge of a response that can be answered, a token before a password.
    pub fn of(response: &Response) -> Option<Challenge> {
        let headers = response.headers.get_all(WWW_AUTHENTICATE).iter();
        let found = headers.filter_map(|value| value.to_str().ok()).flat_map(Challenge::parse);
        found.min_by_key(|challenge| *challenge == Challenge::Basic)
    }

    /// The challenges of a `WWW-Authenticate` header that can be answered.
    fn parse(header: &str) -> Vec<Challenge> {
        let challenges = parse_challenges(header).unwrap_or_default();
        challenges.iter().filter_map(Challenge::known).collect()
    }

    fn known(challenge: &ChallengeRef<'_>) -> Option<Challenge> {
        if challenge.scheme.eq_ignore_ascii_case("basic") {
            return Some(Challenge::Basic);
        }
        if !challenge.scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let find = |name: &str| {
            let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped()).unwrap_or_default()
        };
        Some(Challenge::Bearer { realm: find("realm"), service: find("service") })
    }
}

/// The answer to a challenge. Without a credential that is an anonymous token, or nothing.
pub fn answer(
    http: &Http,
    challenge: &Challenge,
    registry: &Url,
    scope: &str,
    credential: Option<&Credential>,
) -> Result<Authorization, Error> {
    let credential = credential.cloned().unwrap_or_default();
    if !credential.registry_token.is_empty() {
        return Ok(Authorization::Bearer(credential.registry_token));
    }
    match challenge {
        Challenge::Basic => Ok(basic(&credential)),
        Challenge::Bearer { realm, service } => {
            let token = token(http, (realm, registry), service, scope, &credential);
            token.map(Authorization::Bearer).map_err(|kind| Error { realm: realm.clone(), kind })
        }
    }
}

fn basic(credential: &Credential) -> Authorization {
    match (credential.username.as_str(), credential.password.as_str()) {
        ("", "") => Authorization::None,
        (name, password) => Authorization::Basic(name.to_owned(), password.to_owned()),
    }
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
}

fn token(
    http: &Http,
    (realm, registry): (&str, &Url),
    service: &str,
    scope: &str,
    credential: &Credential,
) -> Result<String, ErrorKind> {
    let mut url = Url::parse(realm).map_err(|error| ErrorKind::Url(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ErrorKind::Scheme);
    }
    if !may_be_asked(&url, registry) {
        return Err(ErrorKind::Elsewhere);
    }
    secret::note(&credential.identity_token);
    let response = if credential.identity_token.is_empty() {
        let pairs = [("service", service), ("scope", scope)];
        url.query_pairs_mut().extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        let authorization = &basic(credential);
        http.send(&Request { authorization, ..Request::get(url.as_str(), TOKEN_LIMIT) })
    } else {
        let form = refresh_form(service, scope, &credential.identity_token)?;
        http.send(&Request {
            body: Body::Bytes(form.query().unwrap_or_default().as_bytes()),
            content_type: "application/x-www-form-urlencoded",
            ..Request::new(Method::POST, url.as_str(), TOKEN_LIMIT)
        })
    };
    let response = response.map_err(|error| ErrorKind::Http(Box::new(error)))?;
    if !response.status.is_success() {
        return Err(ErrorKind::Refused(response.refusal()));
    }
    let token: Token = serde_json::from_slice(&response.body).map_err(ErrorKind::Json)?;
    let token = if token.access_token.is_empty() { token.token } else { token.access_token };
    let sendable = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    if sendable { Ok(token) } else { Err(ErrorKind::NoToken) }
}

/// Whether a registry may send those who ask it to this token server: by https to any host, as public registries do, and by
/// http to its own host where it is itself reached by http. An address inside a network or this machine is none that a
/// registry from elsewhere may name.
fn may_be_asked(realm: &Url, registry: &Url) -> bool {
    let same_host = realm.host_str() == registry.host_str();
    let by_http = realm.scheme() == "http" && registry.scheme() == "http" && same_host;
    let has_user = !realm.username().is_empty() || realm.password().is_some();
    (realm.scheme() == "https" || by_http)
        && (same_host || !is_inside(realm) || is_inside(registry))
        && !has_user
}

/// Whether an address is one of this machine or of a network that is nobody's in particular.
fn is_inside(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified()
        }
        Ok(IpAddr::V6(ip)) => {
            let mapped = ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback() || ip.is_private());
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || mapped
        }
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The form with which an identity token is exchanged for a token, as the query of an address, which is written in the same
/// way.
fn refresh_form(service: &str, scope: &str, identity_token: &str) -> Result<Url, ErrorKind> {
    let mut form = Url::parse("form:").map_err(|error| ErrorKind::Url(error.to_string()))?;
    form.query_pairs_mut().extend_pairs([
        ("grant_type", "refresh_token"),
        ("service", service),
        ("client_id", "plimsoll"),
        ("scope", scope),
        ("refresh_token", identity_token),
    ]);
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_names_no_token_server_at_will() {
        for (realm, registry, wanted) in [
            ("https://auth.example/token", "https://registry.example", true),
            ("https://auth.example/token", "http://registry.example", true),
            ("http://auth.example/token", "https://registry.example", false),
            ("http://registry.example/token", "https://registry.example", false),
            ("http://registry.example:5001/token", "http://registry.example:5000", true),
            ("http://auth.example/token", "http://registry.example", false),
            ("https://127.0.0.1/token", "https://registry.example", false),
            ("https://10.0.0.1/token", "https://registry.example", false),
            ("https://[::1]/token", "https://registry.example", false),
            ("https://localhost/token", "https://registry.example", false),
            ("https://169.254.169.254/token", "https://registry.example", false),
            ("http://127.0.0.1:2/token", "http://127.0.0.1:1", true),
            ("https://127.0.0.2/token", "https://127.0.0.1", true),
            ("https://user:pw@auth.example/token", "https://registry.example", false),
        ] {
            let [realm, registry] = [realm, registry].map(|url| Url::parse(url).unwrap());
            assert_eq!(may_be_asked(&realm, &registry), wanted, "{realm} {registry}");
        }
    }

    #[test]
    fn challenges_are_read() {
        let bearer = |realm: &str, service: &str| {
            vec![Challenge::Bearer { realm: realm.to_owned(), service: service.to_owned() }]
        };
        for (header, wanted) in [
            ("Basic realm=\"x\"", vec![Challenge::Basic]),
            ("basic", vec![Challenge::Basic]),
            ("Bearer realm=\"https://a/t?x=1,2\",service=\"r\"", bearer("https://a/t?x=1,2", "r")),
            ("bearer service=r, Realm=\"https://a\"", bearer("https://a", "r")),
            ("Bearer realm=\"a\\\"b\",scope=\"x y\"", bearer("a\"b", "")),
            (
                "Negotiate, Basic realm=\"x\", Bearer realm=\"y\"",
                [vec![Challenge::Basic], bearer("y", "")].concat(),
            ),
            ("Bearer realm=\"unclosed", vec![]),
            ("Negotiate", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(Challenge::parse(header), wanted, "{header}");
        }
    }
}
