//! Who asks: what a registry demands in `WWW-Authenticate`, and how a credential becomes what it wants to see: a name and a
//! password, or a token from its token server.
//!
//! Source: distribution-spec token authentication; oras-go registry/remote/auth.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, Url};
use serde::Deserialize;

use super::credentials::Credential;
use super::http::{Body, Http, Question};

/// The most bytes that a token server may answer.
const TOKEN_LIMIT: u64 = 1024 * 1024;

/// What goes into the `Authorization` header.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Nothing.
    #[default]
    None,
    /// A name and a password.
    Basic(String, String),
    /// A token.
    Bearer(String),
}

/// Without the secrets.
impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Authorization::None => "None",
            Authorization::Basic(..) => "Basic",
            Authorization::Bearer(_) => "Bearer",
        })
    }
}

impl Authorization {
    /// The header's value.
    pub fn header(&self) -> Option<String> {
        match self {
            Authorization::None => None,
            Authorization::Basic(name, password) => {
                Some(format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))))
            }
            Authorization::Bearer(token) => Some(format!("Bearer {token}")),
        }
    }
}

/// What a registry demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A name and a password.
    Basic,
    /// A token.
    Bearer {
        /// The token server.
        realm: String,
        /// The name by which it knows the registry.
        service: String,
    },
}

impl Challenge {
    /// Reads a `WWW-Authenticate` header; nothing if it is of a kind that is not known.
    pub fn parse(header: &str) -> Option<Challenge> {
        let (scheme, parameters) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Challenge::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameters = parameters_of(parameters);
        let find = |name: &str| {
            let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Some(Challenge::Bearer { realm: find("realm"), service: find("service") })
    }
}

/// `a="b, c",d=e`.
fn parameters_of(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((key, rest)) = text.split_once('=') {
        let key = key.trim_matches([' ', ',', '\t']).to_owned();
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        found.push((key, value.trim().to_owned()));
        text = after;
    }
    found
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
}

/// What answers a challenge. Without a credential it is a token for anybody, or nothing.
///
/// # Errors
/// What the token server says against it.
pub fn answer(
    http: &Http,
    challenge: &Challenge,
    scope: &str,
    credential: Option<&Credential>,
) -> Result<Authorization, String> {
    let credential = credential.cloned().unwrap_or_default();
    if !credential.registry_token.is_empty() {
        return Ok(Authorization::Bearer(credential.registry_token));
    }
    let named = !credential.username.is_empty() || !credential.password.is_empty();
    match challenge {
        Challenge::Basic if named => Ok(Authorization::Basic(credential.username, credential.password)),
        Challenge::Basic => Ok(Authorization::None),
        Challenge::Bearer { realm, service } => {
            token(http, realm, service, scope, &credential).map(Authorization::Bearer)
        }
    }
}

fn token(
    http: &Http,
    realm: &str,
    service: &str,
    scope: &str,
    credential: &Credential,
) -> Result<String, String> {
    let failed = |why: String| format!("the token server {realm:?}: {why}");
    let mut url = Url::parse(realm).map_err(|error| failed(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(failed("a token server is reached by http or https".to_owned()));
    }
    let (answer, body) = if credential.identity_token.is_empty() {
        let pairs = [("service", service), ("scope", scope)];
        url.query_pairs_mut().extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        let authorization = match (credential.username.as_str(), credential.password.as_str()) {
            ("", "") => Authorization::None,
            (name, password) => Authorization::Basic(name.to_owned(), password.to_owned()),
        };
        let question = Question {
            url: url.as_str(),
            authorization: &authorization,
            limit: TOKEN_LIMIT,
            ..Question::default()
        };
        http.get(&question).map_err(failed)?
    } else {
        let fields = [
            ("grant_type", "refresh_token"),
            ("service", service),
            ("client_id", "plimsoll"),
            ("scope", scope),
            ("refresh_token", &credential.identity_token),
        ];
        let mut form = Url::parse("form:").map_err(|error| failed(error.to_string()))?;
        form.query_pairs_mut().extend_pairs(fields);
        let question = Question {
            method: Method::POST,
            url: url.as_str(),
            limit: TOKEN_LIMIT,
            body: Body::Bytes(form.query().unwrap_or_default().as_bytes()),
            content_type: "application/x-www-form-urlencoded",
            ..Question::default()
        };
        http.get(&question).map_err(failed)?
    };
    if !answer.status.is_success() {
        return Err(failed(answer.complaint()));
    }
    let token: Token =
        serde_json::from_slice(&body).map_err(|error| failed(format!("its answer: {error}")))?;
    let token = if token.access_token.is_empty() { token.token } else { token.access_token };
    let sendable = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    sendable.then_some(token).ok_or_else(|| failed("its answer holds no token that can be sent".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let bearer = |realm: &str, service: &str| {
            Some(Challenge::Bearer { realm: realm.to_owned(), service: service.to_owned() })
        };
        for (header, wanted) in [
            ("Basic realm=\"x\"", Some(Challenge::Basic)),
            ("basic", Some(Challenge::Basic)),
            ("Bearer realm=\"https://a/t?x=1,2\",service=\"r\"", bearer("https://a/t?x=1,2", "r")),
            ("bearer service=r, Realm=https://a", bearer("https://a", "r")),
            ("Bearer realm=\"unclosed", bearer("unclosed", "")),
            ("Negotiate", None),
            ("", None),
        ] {
            assert_eq!(Challenge::parse(header), wanted, "{header}");
        }
    }
}
