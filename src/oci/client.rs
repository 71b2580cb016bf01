//! [`Client`]: what is asked of a registry: its tags, a manifest, a blob, and to take a chart. Every answer is bounded and
//! every content is checked against its digest before it counts.
//!
//! The types of manifests and of refusals are those of `oci-client`. What it asks is not: it reads manifests, lists of tags and
//! refusals into memory without a limit, follows no `Link` to the next page of tags, knows no identity tokens and presents no
//! certificate of the client's; all of which [`super::http`] and [`super::auth`] do.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use oci_client::manifest::{OciImageIndex, OciImageManifest};
use reqwest::header::{LINK, WWW_AUTHENTICATE};
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::auth::{self, Authorization, Challenge};
use super::credentials::{Credential, Found, Store};
use super::http::{Answer, Http, Question, Sink, Transport};
use super::network::Network;
use super::reference::Reference;

/// The most bytes of a manifest, of a page of tags, and of a blob.
const MANIFEST_LIMIT: u64 = 4 * 1024 * 1024;
const TAGS_LIMIT: u64 = 16 * 1024 * 1024;
/// The most bytes of a blob that is taken.
pub const BLOB_LIMIT: u64 = 512 * 1024 * 1024;
/// The most pages of tags that are turned.
const PAGES: usize = 1000;
/// What a manifest may be.
const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, \
                         application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// Why something could not be had from a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was being done, with the reference.
    pub step: String,
    /// What went wrong.
    pub message: String,
    /// The status of the registry's answer, if it was one that refused.
    pub status: Option<u16>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.message)
    }
}

impl std::error::Error for Error {}

/// A manifest as the registry keeps it.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The digest of its bytes.
    pub digest: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// What it says.
    pub content: Content,
}

/// What a manifest says.
#[derive(Clone, Debug)]
pub enum Content {
    /// Of what something is made.
    Image(Box<OciImageManifest>),
    /// The other manifests that belong together.
    Index(OciImageIndex),
}

impl Content {
    /// Reads a manifest.
    pub fn parse(text: &[u8]) -> Result<Content, String> {
        #[derive(Deserialize)]
        struct Kind {
            manifests: Option<serde::de::IgnoredAny>,
        }
        let kind: Kind = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let content = match kind.manifests {
            Some(_) => serde_json::from_slice(text).map(Content::Index),
            None => serde_json::from_slice(text).map(Box::new).map(Content::Image),
        };
        content.map_err(|error| error.to_string())
    }
}

/// A client of registries.
#[derive(Debug)]
pub struct Client {
    http: Http,
    plain_http: bool,
    store: Store,
    given: Option<Credential>,
    /// What satisfied a host for a scope.
    known: RefCell<BTreeMap<(String, String), Authorization>>,
}

#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

impl Client {
    /// A client that asks as `given` if that is there, and else as the store says.
    pub fn new(
        transport: &Transport,
        network: &Network,
        store: Store,
        given: Option<Credential>,
    ) -> Result<Client, String> {
        let http = Http::new(transport, network)?;
        Ok(Client { http, plain_http: transport.plain_http, store, given, known: RefCell::default() })
    }

    /// The client underneath, for what is no registry.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// All tags of a repository, as the registry orders them.
    pub fn tags(&self, reference: &Reference) -> Result<Vec<String>, Error> {
        let step = format!("reading the tags of {}/{}", reference.registry, reference.repository);
        let fail = |message: String| Error { step: step.clone(), message, status: None };
        let mut url = format!("{}/tags/list", self.base(reference));
        let mut tags = Vec::new();
        for _ in 0..PAGES {
            let question =
                Question { url: &url, accept: "application/json", limit: TAGS_LIMIT, ..Question::default() };
            let (answer, body) = self.ask(reference, &step, &question)?;
            let page: Tags =
                serde_json::from_slice(&body).map_err(|error| fail(format!("GET {url}: {error}")))?;
            tags.extend(page.tags.unwrap_or_default());
            match next_page(&answer).map_err(fail)? {
                Some(next) => url = next,
                None => return Ok(tags),
            }
        }
        Err(fail(format!("there are more than {PAGES} pages of tags")))
    }

    /// The manifest that the reference names.
    pub fn manifest(&self, reference: &Reference) -> Result<Manifest, Error> {
        let step = format!("reading the manifest of {reference}");
        let fail = |message: String| Error { step: step.clone(), message, status: None };
        let url = format!("{}/manifests/{}", self.base(reference), reference.manifest_name());
        let question =
            Question { url: &url, accept: MANIFESTS, limit: MANIFEST_LIMIT, ..Question::default() };
        let (answer, body) = self.ask(reference, &step, &question)?;
        let digest = digest_of(&body);
        let declared = answer.headers.get("docker-content-digest").and_then(|value| value.to_str().ok());
        let declared = declared.filter(|declared| declared.starts_with("sha256:"));
        let wanted = if reference.digest.is_empty() { declared } else { Some(reference.digest.as_str()) };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != digest) {
            return Err(fail(mismatch(wanted, &digest)));
        }
        let content = Content::parse(&body).map_err(|error| {
            fail(format!("what the registry answered is no manifest of a chart: {error}"))
        })?;
        Ok(Manifest { digest, text: body, content })
    }

    /// Writes a blob of the repository to `out`, and fails unless it has this digest and size.
    pub fn blob(
        &self,
        reference: &Reference,
        digest: &str,
        size: i64,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let step = format!("downloading the blob {digest} of {reference}");
        let fail = |message: String| Error { step: step.clone(), message, status: None };
        if !super::reference::is_digest(digest) {
            return Err(fail("the manifest names it by a digest that is not sha256".to_owned()));
        }
        let size = u64::try_from(size).ok().filter(|size| *size <= BLOB_LIMIT);
        let size =
            size.ok_or_else(|| fail(format!("the manifest gives it a size beyond {BLOB_LIMIT} bytes")))?;
        let url = format!("{}/blobs/{digest}", self.base(reference));
        let question = Question { url: &url, limit: size, ..Question::default() };
        let (mut hash, mut read) = (Sha256::new(), 0);
        self.stream(reference, &step, &question, &mut |chunk| {
            hash.update(chunk);
            read += chunk.len() as u64;
            out.write_all(chunk)
        })?;
        if read != size {
            return Err(fail(format!("the manifest says {size} bytes, and {read} came")));
        }
        let found = format_digest(hash);
        if found == digest { Ok(()) } else { Err(fail(mismatch(digest, &found))) }
    }

    /// Whether the registry takes the given credential.
    ///
    /// # Errors
    /// What it says against it.
    pub fn ping(&self, registry: &str) -> Result<(), Error> {
        let reference = Reference { registry: registry.to_owned(), ..Reference::default() };
        let url = format!("{}://{}/v2/", self.scheme(), reference.host());
        let question = Question { url: &url, limit: MANIFEST_LIMIT, ..Question::default() };
        self.ask(&reference, &format!("authenticating to {registry:?}"), &question).map(|_| ())
    }

    /// The words for whom we asked as.
    fn tried(&self, registry: &str) -> String {
        match self.credential(registry) {
            Ok(Some(found)) => format!("tried as {}", found.source),
            Ok(None) => format!(
                "no credentials for {registry} were found: log in with `plimsoll registry login {registry}`"
            ),
            Err(error) => error,
        }
    }

    fn credential(&self, registry: &str) -> Result<Option<Found>, String> {
        match &self.given {
            Some(credential) => {
                let source = format!("user {:?} of the command line", credential.username);
                Ok(Some(Found { credential: credential.clone(), source }))
            }
            None => self.store.get(registry),
        }
    }

    fn scheme(&self) -> &'static str {
        if self.plain_http { "http" } else { "https" }
    }

    pub(super) fn base(&self, reference: &Reference) -> String {
        format!("{}://{}/v2/{}", self.scheme(), reference.host(), reference.repository)
    }

    fn ask(
        &self,
        reference: &Reference,
        step: &str,
        question: &Question<'_>,
    ) -> Result<(Answer, Vec<u8>), Error> {
        let mut body = Vec::new();
        let answer = self.stream(reference, step, question, &mut |chunk| {
            body.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok((answer, body))
    }

    fn stream(
        &self,
        reference: &Reference,
        step: &str,
        question: &Question<'_>,
        sink: Sink<'_>,
    ) -> Result<Answer, Error> {
        let scope = match reference.repository.as_str() {
            "" => String::new(),
            repository => format!("repository:{repository}:pull"),
        };
        let answer = self.converse(reference, &scope, step, question, sink)?;
        self.accepted(reference, step, question, answer)
    }

    /// Asks, answers the challenge if there is one, and asks again. Whatever is answered then is the answer.
    pub(super) fn converse(
        &self,
        reference: &Reference,
        scope: &str,
        step: &str,
        question: &Question<'_>,
        sink: Sink<'_>,
    ) -> Result<Answer, Error> {
        let fail = |message: String| Error { step: step.to_owned(), message, status: None };
        let key = (reference.registry.clone(), scope.to_owned());
        let known = self.known.borrow().get(&key).cloned().unwrap_or_default();
        let asked = |authorization: &Authorization, sink: Sink<'_>| {
            self.http.download(&Question { authorization, ..question.clone() }, sink).map_err(fail)
        };
        let answer = asked(&known, sink)?;
        let challenge = challenge_of(&answer);
        let Some(challenge) = challenge.filter(|_| answer.status == StatusCode::UNAUTHORIZED) else {
            return Ok(answer);
        };
        let found = self.credential(&reference.registry).map_err(fail)?;
        let credential = found.as_ref().map(|found| &found.credential);
        let authorization = auth::answer(&self.http, &challenge, scope, credential)
            .map_err(|why| fail(format!("{why}; {}", self.tried(&reference.registry))))?;
        if authorization == Authorization::None {
            return Ok(answer);
        }
        self.known.borrow_mut().insert(key, authorization.clone());
        asked(&authorization, sink)
    }

    /// The answer if it is a success, or else what it says against us.
    pub(super) fn accepted(
        &self,
        reference: &Reference,
        step: &str,
        question: &Question<'_>,
        answer: Answer,
    ) -> Result<Answer, Error> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let status = answer.status.as_u16();
        let mut message = format!("{} {}: {}", question.method, question.url, answer.complaint());
        if matches!(status, 401 | 403) {
            message = format!("{message}; {}", self.tried(&reference.registry));
        }
        Err(Error { step: step.to_owned(), message, status: Some(status) })
    }
}

/// The first challenge that can be answered, a token before a password.
fn challenge_of(answer: &Answer) -> Option<Challenge> {
    let headers = answer.headers.get_all(WWW_AUTHENTICATE);
    let mut found: Vec<Challenge> =
        headers.iter().filter_map(|value| value.to_str().ok()).filter_map(Challenge::parse).collect();
    found.sort_by_key(|challenge| *challenge == Challenge::Basic);
    found.into_iter().next()
}

/// The address in `Link: </v2/…?last=x>; rel="next"`, which must be at the same host, because we say there who we are.
fn next_page(answer: &Answer) -> Result<Option<String>, String> {
    let Some(link) = answer.headers.get(LINK).and_then(|value| value.to_str().ok()) else { return Ok(None) };
    let target = link.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let Some((target, _)) = target.filter(|(_, rel)| rel.contains("next")) else { return Ok(None) };
    let next = answer.url.join(target).map_err(|error| format!("the next page {target:?}: {error}"))?;
    if !same_place(&next, &answer.url) {
        return Err(format!("the next page of tags would be at another host: {next}"));
    }
    Ok(Some(next.into()))
}

/// Whether two addresses are at one host, which may see who we are at both.
pub(super) fn same_place(one: &Url, other: &Url) -> bool {
    let place =
        |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    place(one) == place(other)
}

pub(super) fn mismatch(wanted: &str, found: &str) -> String {
    format!("the content is not what was asked for: its digest should be {wanted} and is {found}")
}

/// The digest of a content: `sha256:…`.
pub fn digest_of(content: &[u8]) -> String {
    format_digest(Sha256::new_with_prefix(content))
}

pub(super) fn format_digest(hash: Sha256) -> String {
    format!("sha256:{}", hex::encode(hash.finalize()))
}
