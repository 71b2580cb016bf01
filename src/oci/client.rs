//! [`Client`]: what is asked of a registry: its tags, a manifest, a blob, and (in [`super::push`]) to store a chart. Every
//! response is bounded, and every content is checked against its digest before it is used.
//!
//! One client serves any number of threads. It remembers what a registry accepted, so that it is asked for a token once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::LINK;
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::auth::{self, Challenge};
use super::authorization::Authorization;
use super::credentials::{self, Credential, Found, Store};
use super::digest::{SHA256, digest_of, finish, is_digest};
use super::error::{Error, ErrorKind, Identity};
use super::http::{Http, Sink};
use super::manifest::{Content, INDEX, MANIFEST};
use super::reference::Reference;
use super::request::{Request, Response};

/// The most bytes of a manifest, and of all pages of tags.
const MANIFEST_LIMIT: u64 = 4 * 1024 * 1024;
const TAGS_LIMIT: u64 = 16 * 1024 * 1024;
/// The most bytes of a blob that is taken.
pub const BLOB_LIMIT: u64 = 512 * 1024 * 1024;
/// The most pages of tags that are read.
const MAX_PAGES: usize = 1000;
/// The media types of manifests and of indexes as Docker calls them.
const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json, \
                      application/vnd.docker.distribution.manifest.list.v2+json";
/// The header with the digest of a manifest.
pub(super) const CONTENT_DIGEST: &str = "docker-content-digest";

/// A manifest as the registry keeps it.
#[derive(Clone, Debug)]
pub struct StoredManifest {
    /// The digest of its bytes.
    pub digest: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// What it says.
    pub content: Content,
}

/// A client of registries.
#[derive(Debug)]
pub struct Client {
    http: Arc<Http>,
    plain_http: bool,
    store: Store,
    given: Option<Credential>,
    accepted: Mutex<HashMap<Access, Slot>>,
}

/// Which access an authorization gives: to a registry, and there to this scope. Empty is the scope of a password, which opens
/// the whole registry.
type Access = (String, String);
/// What a registry accepted. It is locked while a token is fetched, so that no other thread fetches the same one.
type Slot = Arc<Mutex<Authorization>>;

#[derive(Deserialize)]
struct TagsPage {
    tags: Option<Vec<String>>,
}

impl Client {
    /// A client that uses the credential that is given, or else those of the store; without TLS if `plain_http` is set.
    pub fn new(http: Arc<Http>, plain_http: bool, store: Store, given: Option<Credential>) -> Client {
        Client { http, plain_http, store, given, accepted: Mutex::default() }
    }

    /// All tags of a repository, as the registry orders them.
    pub fn tags(&self, reference: &Reference) -> Result<Vec<String>, Error> {
        let step = format!("reading the tags of {}/{}", reference.registry, reference.repository);
        let operation = self.pulling(reference, step);
        let mut url = format!("{}/tags/list", self.base(reference));
        let mut tags = Vec::new();
        // The limit is that of all pages together.
        let mut left = TAGS_LIMIT;
        for _ in 0..MAX_PAGES {
            let request = Request { accept: "application/json", ..Request::get(&url, left) };
            let response = operation.send(&request)?;
            left = left.saturating_sub(response.body.len() as u64);
            let page: TagsPage = serde_json::from_slice(&response.body)
                .map_err(|error| operation.error(ErrorKind::Json(request.line(), error)))?;
            tags.extend(page.tags.unwrap_or_default());
            match next_page(&response).map_err(|kind| operation.error(kind))? {
                Some(next) => url = next,
                None => return Ok(tags),
            }
        }
        Err(operation.error(ErrorKind::TooManyPages(MAX_PAGES)))
    }

    /// The manifest that the reference names.
    pub fn manifest(&self, reference: &Reference) -> Result<StoredManifest, Error> {
        let operation = self.pulling(reference, format!("reading the manifest of {reference}"));
        let url = format!("{}/manifests/{}", self.base(reference), reference.manifest_name());
        let accept = format!("{MANIFEST}, {INDEX}, {DOCKER}");
        let response = operation.send(&Request { accept: &accept, ..Request::get(&url, MANIFEST_LIMIT) })?;
        let digest = digest_of(&response.body);
        let declared = response.header(CONTENT_DIGEST).filter(|declared| declared.starts_with(SHA256));
        let wanted = if reference.digest.is_empty() { declared } else { Some(reference.digest.as_str()) };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != digest) {
            return Err(operation.error(ErrorKind::Digest { wanted: wanted.to_owned(), found: digest }));
        }
        let content = Content::parse(&response.body);
        let content = content.map_err(|error| operation.error(ErrorKind::NotAManifest(error)))?;
        Ok(StoredManifest { digest, text: response.body, content })
    }

    /// Writes a blob of the repository to `out`, and fails unless it has this digest and size.
    pub fn blob(
        &self,
        reference: &Reference,
        digest: &str,
        size: i64,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let operation = self.pulling(reference, format!("downloading the blob {digest} of {reference}"));
        if !is_digest(digest) {
            return Err(operation.error(ErrorKind::UnknownDigest));
        }
        let size = u64::try_from(size).ok().filter(|size| *size <= BLOB_LIMIT);
        let size = size.ok_or_else(|| operation.error(ErrorKind::BlobTooLarge(BLOB_LIMIT)))?;
        let url = format!("{}/blobs/{digest}", self.base(reference));
        let (mut hash, mut came) = (Sha256::new(), 0);
        operation.download(&Request::get(&url, size), &mut |chunk| {
            hash.update(chunk);
            came += chunk.len() as u64;
            out.write_all(chunk)
        })?;
        if came != size {
            return Err(operation.error(ErrorKind::Size { wanted: size, found: came }));
        }
        let found = finish(hash);
        match found == digest {
            true => Ok(()),
            false => Err(operation.error(ErrorKind::Digest { wanted: digest.to_owned(), found })),
        }
    }

    /// Whether the registry accepts the credential.
    pub fn ping(&self, registry: &str) -> Result<(), Error> {
        let reference = Reference { registry: registry.to_owned(), ..Reference::default() };
        let url = format!("{}://{}/v2/", self.scheme(), reference.host());
        let operation = self.pulling(&reference, format!("authenticating to {registry:?}"));
        operation.send(&Request::get(&url, MANIFEST_LIMIT)).map(|_| ())
    }

    fn scheme(&self) -> &'static str {
        if self.plain_http { "http" } else { "https" }
    }

    /// The address of a repository.
    pub(super) fn base(&self, reference: &Reference) -> String {
        format!("{}://{}/v2/{}", self.scheme(), reference.host(), reference.repository)
    }

    fn pulling<'a>(&'a self, reference: &'a Reference, step: String) -> Operation<'a> {
        self.operation(reference, "pull", step)
    }

    /// Something that is done with a repository and needs these rights there.
    pub(super) fn operation<'a>(
        &'a self,
        reference: &'a Reference,
        rights: &str,
        step: String,
    ) -> Operation<'a> {
        let scope = match reference.repository.as_str() {
            "" => String::new(),
            repository => format!("repository:{repository}:{rights}"),
        };
        Operation { client: self, registry: &reference.registry, scope, step }
    }

    fn credential(&self, registry: &str) -> Result<Option<Found>, credentials::Error> {
        match &self.given {
            Some(credential) => {
                let source = format!("user {:?} of the command line", credential.username);
                Ok(Some(Found { credential: credential.clone(), source }))
            }
            None => self.store.get(registry),
        }
    }

    /// With which credential a registry is asked.
    fn identity(&self, registry: &str) -> Identity {
        match self.credential(registry) {
            Ok(Some(found)) => Identity::Known(found.source),
            Ok(None) => Identity::Unknown(registry.to_owned()),
            Err(error) => Identity::Unreadable(error),
        }
    }

    fn slot(&self, registry: &str, scope: &str) -> Slot {
        let access = (registry.to_owned(), scope.to_owned());
        Arc::clone(lock(&self.accepted).entry(access).or_default())
    }

    /// What the registry accepted for this scope, or else for everything.
    fn known(&self, registry: &str, scope: &str) -> Authorization {
        let known = |scope| lock(&self.slot(registry, scope)).clone();
        match known(scope) {
            Authorization::None => known(""),
            authorization => authorization,
        }
    }
}

/// Something that is done with a registry: what every request for it shares.
pub(super) struct Operation<'a> {
    client: &'a Client,
    registry: &'a str,
    /// What a token must allow.
    scope: String,
    /// What is being done, for the error.
    step: String,
}

impl Operation<'_> {
    /// The error that this operation failed with.
    pub fn error(&self, kind: impl Into<Box<ErrorKind>>) -> Error {
        Error { step: self.step.clone(), kind: kind.into() }
    }

    /// Sends a request and gives the response with its body; a refusal is an error.
    pub fn send(&self, request: &Request<'_>) -> Result<Response, Error> {
        let mut body = Vec::new();
        let response = self.download(request, &mut |chunk| {
            body.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(Response { body, ..response })
    }

    /// Sends a request and hands the body of the response on as it comes; a refusal is an error.
    pub fn download(&self, request: &Request<'_>, sink: Sink<'_>) -> Result<Response, Error> {
        self.check(request, self.attempt(request, sink)?)
    }

    /// Sends a request, answers the challenge if there is one, and sends the request again. Gives the last response, even if it
    /// is a refusal.
    pub fn attempt(&self, request: &Request<'_>, sink: Sink<'_>) -> Result<Response, Error> {
        let (client, registry) = (self.client, self.registry);
        let known = client.known(registry, &self.scope);
        let response = self.send_as(&known, request, sink)?;
        let challenge = Challenge::of(&response).filter(|_| response.status == StatusCode::UNAUTHORIZED);
        let Some(challenge) = challenge else { return Ok(response) };
        // Who answers after a redirect to another host gets no credentials, and names no token server.
        let asked = Url::parse(request.url).ok().filter(|asked| same_host(asked, &response.url));
        let Some(asked) = asked else { return Ok(response) };
        let scope = if challenge == Challenge::Basic { "" } else { self.scope.as_str() };
        let slot = client.slot(registry, scope);
        let mut accepted = lock(&slot);
        if *accepted == known || *accepted == Authorization::None {
            let found = client.credential(registry);
            let found = found.map_err(|error| self.error(ErrorKind::Credentials(error)))?;
            let credential = found.as_ref().map(|found| &found.credential);
            *accepted = auth::answer(&client.http, &challenge, &asked, scope, credential)
                .map_err(|error| self.error(ErrorKind::Token(error, client.identity(registry))))?;
        }
        let authorization = accepted.clone();
        drop(accepted);
        if authorization == Authorization::None {
            return Ok(response);
        }
        self.send_as(&authorization, request, sink)
    }

    fn send_as(
        &self,
        authorization: &Authorization,
        request: &Request<'_>,
        sink: Sink<'_>,
    ) -> Result<Response, Error> {
        let response = self.client.http.download(&Request { authorization, ..request.clone() }, sink);
        response.map_err(|error| self.error(ErrorKind::Http(error)))
    }

    /// The response if it is a success, and else the refusal as an error.
    pub fn check(&self, request: &Request<'_>, response: Response) -> Result<Response, Error> {
        if response.status.is_success() {
            return Ok(response);
        }
        let status = response.status.as_u16();
        let identity = matches!(status, 401 | 403).then(|| self.client.identity(self.registry));
        let (request, reason) = (request.line(), response.refusal());
        Err(self.error(ErrorKind::Refused { request, status, reason, identity }))
    }
}

/// Locks a mutex, even if a thread panicked that held it: what it guards is consistent at any time.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The address in `Link: </v2/…?last=x>; rel="next"`, which must be at the same host, because the credentials go there, too.
fn next_page(response: &Response) -> Result<Option<String>, Box<ErrorKind>> {
    let Some(link) = response.header(LINK) else { return Ok(None) };
    let target = link.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let Some((target, _)) = target.filter(|(_, rel)| rel.contains("next")) else { return Ok(None) };
    let next = response.url.join(target);
    let next = next.map_err(|error| ErrorKind::NextPage(target.to_owned(), error.to_string()))?;
    match same_host(&next, &response.url) {
        true => Ok(Some(next.into())),
        false => Err(ErrorKind::NextPageElsewhere(next.into()).into()),
    }
}

/// Whether two addresses are at one host, which may get the credentials at both.
pub(super) fn same_host(one: &Url, other: &Url) -> bool {
    let host =
        |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    host(one) == host(other)
}
