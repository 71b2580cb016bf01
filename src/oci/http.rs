//! [`Http`]: sends requests and reads responses of bounded size, for registries and chart repositories alike. Redirects are
//! followed ten times at most, credentials stay with the host they were meant for, and a busy server is asked again.
//!
//! One client serves any number of threads, which share its connections.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, StatusCode, Url, redirect};
use tokio::time::Instant;

use crate::files;
use crate::go::os::PathError;

use super::http_error::{Error, ErrorKind, innermost};
use super::network::{Network, Progress, Timeouts};
use super::request::{Body, Request, Response};
use super::tls;
use super::tls_options::TlsOptions;

/// How often a busy server is asked, as by Helm, and the longest pause between.
const ATTEMPTS: u32 = 6;
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How much is read of the body of a refusal.
const REFUSAL_LIMIT: u64 = 16 * 1024;
/// How much of a file is sent at once.
const CHUNK: usize = 256 * 1024;
const USER_AGENT: &str = concat!("plimsoll/", env!("CARGO_PKG_VERSION"));

/// Where the bytes of a response go.
pub type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<()>;

/// A client and the runtime that drives it.
#[derive(Debug)]
pub struct Http {
    client: reqwest::Client,
    /// The same for requests with a body, which goes nowhere else than to the host that was asked.
    sender: reqwest::Client,
    network: Network,
    runtime: tokio::runtime::Runtime,
}

impl Http {
    /// A client; nothing is sent yet.
    pub fn new(options: &TlsOptions, network: &Network) -> Result<Http, tls::Error> {
        // It fails where a provider was installed before, and any of them will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| tls::Error::Setup(error.to_string()))?;
        let client = client(options, network, follow)?;
        let sender = self::client(options, network, stay)?;
        Ok(Http { client, sender, network: network.clone(), runtime })
    }

    /// Sends a request and keeps the body of the response. A refusal is a response like any other.
    pub fn send(&self, request: &Request<'_>) -> Result<Response, Error> {
        let mut body = Vec::new();
        let response = self.download(request, &mut |chunk| {
            body.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(if response.status.is_success() { Response { body, ..response } } else { response })
    }

    /// Sends a request and hands the body on as it comes, unless it is that of a refusal.
    pub fn download(&self, request: &Request<'_>, sink: Sink<'_>) -> Result<Response, Error> {
        let error = |kind, proxy| Error { request: request.line(), kind, proxy };
        let url = Url::parse(request.url);
        let url = url.map_err(|reason| error(ErrorKind::Url(reason.to_string()), None))?;
        let proxy = self.network.proxy(&url);
        if let Some(proxy) = proxy.as_ref().filter(|proxy| !matches!(proxy.scheme(), "http" | "https")) {
            return Err(error(ErrorKind::ProxyScheme(proxy.scheme().to_owned()), None));
        }
        let exchange = Exchange { http: self, request, url };
        let response = self.runtime.block_on(exchange.run(sink));
        response.map_err(|kind| error(kind, proxy.map(without_password)))
    }
}

/// A client with that way to follow redirects.
fn client(
    options: &TlsOptions,
    network: &Network,
    policy: fn(redirect::Attempt<'_>) -> redirect::Action,
) -> Result<reqwest::Client, tls::Error> {
    let proxies = network.clone();
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::custom(policy))
        .connect_timeout(network.timeouts.connect)
        .proxy(reqwest::Proxy::custom(move |url| proxies.proxy(url)));
    // Where every certificate is accepted, no authorities are needed.
    let config = if options.insecure { None } else { tls::config(options, network)? };
    builder = match (config, options.client_certificate()) {
        (Some(config), _) => builder.tls_backend_preconfigured(config),
        (None, Some((certificate, key))) => builder.identity(tls::identity(certificate, key)?),
        (None, None) => builder,
    };
    let client = builder.danger_accept_invalid_certs(options.insecure).build();
    client.map_err(|error| tls::Error::Setup(innermost(&error)))
}

/// How many redirects are followed. Go: net/http `defaultCheckRedirect`.
const REDIRECTS: usize = 10;

/// Follows a redirect, but from https to https alone: what was asked for in secret is not got, and no credential sent, in
/// the open. Credentials stay with their host, which the client itself sees to.
fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    match why_not(attempt.previous(), attempt.url()) {
        Some(why) => attempt.error(why),
        None => attempt.follow(),
    }
}

/// Why a redirect after these is not followed, if it is not.
fn why_not(previous: &[Url], next: &Url) -> Option<String> {
    let was_secret = previous.iter().any(|url| url.scheme() == "https");
    match next.scheme() {
        _ if previous.len() > REDIRECTS => Some(format!("more than {REDIRECTS} redirects")),
        "https" => None,
        _ if was_secret => Some("a redirect from https to http is not followed".to_owned()),
        "http" => None,
        other => Some(format!("a redirect to {other} is not followed")),
    }
}

/// Follows a redirect on the same host alone.
fn stay(attempt: redirect::Attempt<'_>) -> redirect::Action {
    match leaves(attempt.previous(), attempt.url()) {
        true => attempt.error("a redirect of what is sent to another host is not followed"),
        false => follow(attempt),
    }
}

/// Whether an address is on another host than the one that was asked first, or is reached in another way.
fn leaves(previous: &[Url], next: &Url) -> bool {
    let place =
        |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    previous.first().is_some_and(|url| place(url) != place(next))
}

fn without_password(mut proxy: Url) -> String {
    // An address that cannot have a password has none to hide.
    let _ = proxy.set_password(None).and_then(|()| proxy.set_username(""));
    proxy.to_string()
}

/// A request on its way.
struct Exchange<'a> {
    http: &'a Http,
    request: &'a Request<'a>,
    url: Url,
}

impl Exchange<'_> {
    /// Sends the request until the server is not busy, and reads the response.
    async fn run(&self, sink: Sink<'_>) -> Result<Response, ErrorKind> {
        let progress = self.http.network.progress.clone();
        let transfer = Arc::new(Transfer { progress, url: self.request.url.to_owned() });
        let mut attempt = 1;
        let incoming = loop {
            let incoming = self.send(&transfer).await?;
            if attempt == ATTEMPTS || !is_busy(incoming.status()) {
                break incoming;
            }
            tokio::time::sleep(pause(&incoming, attempt)).await;
            attempt += 1;
        };
        self.read(incoming, &transfer, sink).await
    }

    /// Sends the request once and waits until the response begins, as long as something of the request moves.
    async fn send(&self, transfer: &Arc<Transfer>) -> Result<reqwest::Response, ErrorKind> {
        let sent = Arc::new(AtomicU64::new(0));
        let request = self.build(&sent, transfer)?;
        let Timeouts { idle, least, .. } = self.http.network.timeouts;
        let mut sending = std::pin::pin!(request.send());
        let mut before = 0;
        loop {
            if let Ok(incoming) = tokio::time::timeout(idle, &mut sending).await {
                return incoming.map_err(|error| ErrorKind::Connection(innermost(&error)));
            }
            let now = sent.load(Ordering::Relaxed);
            if now - before < least {
                return Err(ErrorKind::NoResponse(idle));
            }
            before = now;
        }
    }

    fn build(
        &self,
        sent: &Arc<AtomicU64>,
        transfer: &Arc<Transfer>,
    ) -> Result<reqwest::RequestBuilder, ErrorKind> {
        let request = self.request;
        let mut headers = HeaderMap::new();
        for (name, value) in [(ACCEPT, request.accept), (CONTENT_TYPE, request.content_type)] {
            if !value.is_empty() {
                headers.insert(name, header(value)?);
            }
        }
        if let Some(value) = request.authorization.header() {
            let mut value = header(&value)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let sends = !matches!(request.method, Method::GET | Method::HEAD);
        let client = if sends { &self.http.sender } else { &self.http.client };
        let builder = client.request(request.method.clone(), self.url.clone());
        Ok(match request.body {
            Body::Empty if request.method == Method::POST => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                builder
            }
            Body::Empty => builder,
            Body::Bytes(bytes) => builder.body(bytes.to_vec()),
            Body::File(path, size) => {
                headers.insert(CONTENT_LENGTH, size.into());
                let (sent, transfer) = (Arc::clone(sent), Arc::clone(transfer));
                let file = files::open(path)
                    .map_err(|error| ErrorKind::File(PathError::new("open", path, &error)))?;
                builder.body(reqwest::Body::wrap(FileBody { file, size, sent, transfer }))
            }
        }
        .headers(headers))
    }

    async fn read(
        &self,
        mut incoming: reqwest::Response,
        transfer: &Transfer,
        sink: Sink<'_>,
    ) -> Result<Response, ErrorKind> {
        let (status, url) = (incoming.status(), incoming.url().clone());
        let headers = std::mem::take(incoming.headers_mut());
        let mut response = Response { status, headers, url, body: Vec::new() };
        let mut watch = Watch::new(self.http.network.timeouts);
        let began = Instant::now();
        let (mut read, size, limit) = (0, incoming.content_length(), self.request.limit);
        while let Some(chunk) = watch.chunk(&mut incoming).await? {
            read += chunk.len() as u64;
            let whole = self.http.network.timeouts.whole;
            if began.elapsed() > whole {
                return Err(ErrorKind::Endless { came: read, within: whole });
            }
            if !status.is_success() {
                response.body.extend_from_slice(&chunk);
                if read > REFUSAL_LIMIT {
                    break;
                }
            } else if read > limit {
                return Err(ErrorKind::TooLarge(limit));
            } else {
                sink(&chunk).map_err(ErrorKind::Write)?;
                transfer.moved(read, size);
            }
        }
        Ok(response)
    }
}

/// Reports how far a transfer is.
struct Transfer {
    progress: Option<Arc<dyn Progress>>,
    url: String,
}

impl Transfer {
    fn moved(&self, bytes: u64, of: Option<u64>) {
        if let Some(progress) = &self.progress {
            progress.moved(&self.url, bytes, of);
        }
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        if let Some(progress) = &self.progress {
            progress.ended(&self.url);
        }
    }
}

/// A file as the body of a request, which tells how much of it was sent.
struct FileBody {
    file: File,
    size: u64,
    sent: Arc<AtomicU64>,
    transfer: Arc<Transfer>,
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let mut chunk = vec![0; CHUNK];
        Poll::Ready(match self.file.read(&mut chunk) {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                let read = read as u64;
                let before = self.sent.fetch_add(read, Ordering::Relaxed);
                self.transfer.moved(before + read, Some(self.size));
                Some(Ok(Frame::data(Bytes::from(chunk))))
            }
            Err(error) => Some(Err(error)),
        })
    }
}

/// Waits for the chunks of a response as long as enough of them come.
struct Watch {
    timeouts: Timeouts,
    until: Instant,
    came: u64,
}

impl Watch {
    fn new(timeouts: Timeouts) -> Watch {
        Watch { timeouts, until: Instant::now() + timeouts.idle, came: 0 }
    }

    async fn chunk(&mut self, incoming: &mut reqwest::Response) -> Result<Option<Bytes>, ErrorKind> {
        loop {
            if let Ok(chunk) = tokio::time::timeout_at(self.until, incoming.chunk()).await {
                let chunk = chunk.map_err(|error| ErrorKind::Connection(innermost(&error)))?;
                self.came += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                return Ok(chunk);
            }
            let (came, Timeouts { least, idle: within, .. }) = (self.came, self.timeouts);
            if came < least {
                return Err(ErrorKind::TooSlow { came, least, within });
            }
            *self = Watch::new(self.timeouts);
        }
    }
}

/// oras-go: registry/remote/retry `DefaultPredicate`.
fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429) || status.is_server_error()
}

/// What the server asks for, or twice as long each time. oras-go: registry/remote/retry policy.go.
fn pause(incoming: &reqwest::Response, attempt: u32) -> Duration {
    let asked = incoming.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or(Duration::from_millis(125 << attempt)).min(LONGEST_PAUSE)
}

fn header(text: &str) -> Result<HeaderValue, ErrorKind> {
    HeaderValue::from_str(text).map_err(|_| ErrorKind::Header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_secret_and_what_is_sent_stays_on_its_host() {
        let url = |text: &str| Url::parse(text).unwrap();
        let why = |previous: &[&str], next: &str| {
            why_not(&previous.iter().map(|text| url(text)).collect::<Vec<_>>(), &url(next))
        };
        let is_followed = |previous: &[&str], next: &str| why(previous, next).is_none();
        assert!(is_followed(&["https://a.example/x"], "https://b.example/y"));
        assert!(is_followed(&["http://a.example/x"], "http://b.example/y"));
        assert!(is_followed(&["http://a.example/x"], "https://b.example/y"));
        assert!(!is_followed(&["https://a.example/x"], "http://a.example/x"));
        assert!(!is_followed(&["http://a.example/", "https://a.example/"], "http://a.example/"));
        for scheme in ["file:///etc/passwd", "ftp://a.example/", "data:,x"] {
            assert!(!is_followed(&["http://a.example/"], scheme), "{scheme}");
        }
        assert!(is_followed(&["http://a.example/"; REDIRECTS], "http://a.example/"));
        assert!(!is_followed(&["http://a.example/"; REDIRECTS + 1], "http://a.example/"));
        let leaves =
            |next: &str| leaves(&[url("https://a.example/x"), url("https://a.example/y")], &url(next));
        assert!(!leaves("https://a.example:443/z"));
        for next in ["http://a.example/x", "https://b.example/x", "https://a.example:444/x"] {
            assert!(leaves(next), "{next}");
        }
    }
}
