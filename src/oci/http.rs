//! [`Http`]: questions to a server and answers of bounded size, for registries and chart repositories alike. Redirects are
//! followed ten times at most and credentials stay with the host they were meant for; a server that is busy is asked again.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Identity, Method, StatusCode, Url};
use tokio::time::Instant;

use crate::go::os::error_text;

use super::auth::Authorization;
use super::network::{Network, Patience, Progress};
use super::tls;

/// How often a busy server is asked, as by Helm, and the longest pause between.
const ATTEMPTS: u32 = 6;
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// What is kept of an answer that tells of a failure.
const EXPLANATION: u64 = 16 * 1024;
/// How much of a file is sent at once.
const CHUNK: usize = 256 * 1024;
/// The name under which we ask.
const USER_AGENT: &str = concat!("plimsoll/", env!("CARGO_PKG_VERSION"));

/// How servers are talked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transport {
    /// Whether registries are spoken to without TLS.
    pub plain_http: bool,
    /// Whether certificates are believed unchecked.
    pub insecure: bool,
    /// The file of the authorities that are believed, in place of the system's.
    pub ca_file: Option<String>,
    /// The file of our certificate.
    pub cert_file: Option<String>,
    /// The file of its key.
    pub key_file: Option<String>,
}

impl Transport {
    /// The certificate and its key, where both were given. Helm takes neither without the other.
    pub fn client_certificate(&self) -> Option<(&str, &str)> {
        let given = |file: &Option<String>| file.as_deref().is_some_and(|file| !file.is_empty());
        let both = given(&self.cert_file) && given(&self.key_file);
        both.then(|| self.cert_file.as_deref().zip(self.key_file.as_deref())).flatten()
    }
}

/// A client and the loop that drives it.
#[derive(Debug)]
pub struct Http {
    client: reqwest::Client,
    network: Network,
    runtime: tokio::runtime::Runtime,
}

/// What a server answered. The body went elsewhere unless it tells of a failure.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Where it came from in the end.
    pub url: Url,
    /// The beginning of the body of a failure.
    pub explanation: Vec<u8>,
}

impl Answer {
    /// What it says, for a message: the status, and the registry's reason if it gave one.
    pub fn complaint(&self) -> String {
        let reason = serde_json::from_slice::<oci_client::errors::OciEnvelope>(&self.explanation)
            .ok()
            .and_then(|envelope| envelope.errors.into_iter().next())
            .map(|error| error.message)
            .filter(|message| !message.is_empty());
        match reason {
            Some(reason) => format!("{}: {}", self.status, one_line(&reason)),
            None => self.status.to_string(),
        }
    }
}

/// A text of a server in one line without control characters, cut where it is long.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What is to be done: `GET` and its like.
    pub method: Method,
    /// The address.
    pub url: &'a str,
    /// What is accepted, or nothing in particular.
    pub accept: &'a str,
    /// Who asks.
    pub authorization: &'a Authorization,
    /// The most bytes that the answer may have.
    pub limit: u64,
    /// What is sent along, and what it is.
    pub body: Body<'a>,
    /// The type of the body.
    pub content_type: &'a str,
}

/// What goes to a server.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Nothing.
    Nothing,
    /// A content in memory.
    Bytes(&'a [u8]),
    /// The content of a file of this size.
    File(&'a Path, u64),
}

/// A `GET` by nobody of nothing.
impl Default for Question<'_> {
    fn default() -> Self {
        Question {
            method: Method::GET,
            url: "",
            accept: "",
            authorization: &Authorization::None,
            limit: 0,
            body: Body::Nothing,
            content_type: "",
        }
    }
}

impl Http {
    /// A client.
    ///
    /// # Errors
    /// Certificates that cannot be read.
    pub fn new(transport: &Transport, network: &Network) -> Result<Http, String> {
        // Somebody else may have chosen before; both are fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start a loop for the network: {error}"))?;
        let proxies = network.clone();
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(network.patience.connect)
            .proxy(reqwest::Proxy::custom(move |url| proxies.proxy(url)));
        // Who believes anybody needs no authorities.
        let config = if transport.insecure { None } else { tls::config(transport, network)? };
        builder = match (config, transport.client_certificate()) {
            (Some(config), _) => builder.tls_backend_preconfigured(config),
            (None, Some((certificate, key))) => builder.identity(identity(certificate, key)?),
            (None, None) => builder,
        };
        let client = builder.danger_accept_invalid_certs(transport.insecure).build();
        let client = client.map_err(|error| format!("cannot set up TLS: {}", innermost(&error)))?;
        Ok(Http { client, network: network.clone(), runtime })
    }

    /// Asks and gives the body with the answer.
    ///
    /// # Errors
    /// That there was no whole answer, or that it is too large. A refusal is an answer.
    pub fn get(&self, question: &Question<'_>) -> Result<(Answer, Vec<u8>), String> {
        let mut body = Vec::new();
        let answer = self.download(question, &mut |chunk| {
            body.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok((answer, body))
    }

    /// Asks and hands the body of a success on as it comes.
    ///
    /// # Errors
    /// As [`Http::get`], and those of the sink.
    pub fn download(&self, question: &Question<'_>, sink: Sink<'_>) -> Result<Answer, String> {
        let failed = |why: String| format!("{} {}: {why}", question.method, question.url);
        let url = Url::parse(question.url).map_err(|error| failed(error.to_string()))?;
        let proxy = self.network.proxy(&url);
        if let Some(proxy) = proxy.as_ref().filter(|proxy| !matches!(proxy.scheme(), "http" | "https")) {
            let scheme = proxy.scheme();
            return Err(failed(format!("a proxy is reached by http or https here, and not by {scheme}")));
        }
        let by = proxy.map(|mut proxy| {
            // Whether these can be removed depends on the scheme; without them there is nothing to hide.
            let _ = proxy.set_password(None).and_then(|()| proxy.set_username(""));
            format!(" (by the proxy {proxy})")
        });
        let answer = self.runtime.block_on(self.exchange(question, &url, sink));
        answer.map_err(|why| failed(format!("{why}{}", by.unwrap_or_default())))
    }

    /// Asks until the server is not busy, and reads the answer.
    async fn exchange(&self, question: &Question<'_>, url: &Url, sink: Sink<'_>) -> Result<Answer, String> {
        let transfer = Transfer { progress: self.network.progress.clone(), url: question.url.to_owned() };
        let transfer = Arc::new(transfer);
        let mut attempt = 1;
        let mut response = loop {
            let response = self.send(question, url, &transfer).await?;
            if attempt == ATTEMPTS || !is_busy(response.status()) {
                break response;
            }
            tokio::time::sleep(pause(&response, attempt)).await;
            attempt += 1;
        };
        let (status, headers, url) = (response.status(), response.headers().clone(), response.url().clone());
        let mut answer = Answer { status, headers, url, explanation: Vec::new() };
        let mut patience = Waiting::new(self.network.patience);
        let (mut read, size) = (0, response.content_length());
        while let Some(chunk) = patience.chunk(&mut response).await? {
            read += chunk.len() as u64;
            if !status.is_success() {
                answer.explanation.extend_from_slice(&chunk);
                if read > EXPLANATION {
                    break;
                }
            } else if read > question.limit {
                let limit = question.limit;
                return Err(format!(
                    "the answer is larger than {limit} bytes, which is the most that is taken"
                ));
            } else {
                sink(&chunk).map_err(|error| format!("cannot write the answer: {error}"))?;
                transfer.moved(read, size);
            }
        }
        Ok(answer)
    }

    /// Sends the question once and waits until the answer begins, as long as something of the question moves.
    async fn send(
        &self,
        question: &Question<'_>,
        url: &Url,
        transfer: &Arc<Transfer>,
    ) -> Result<reqwest::Response, String> {
        let moved = Arc::new(AtomicU64::new(0));
        let request = self.request(question, url, &moved, transfer)?;
        let patience = self.network.patience;
        let mut sending = std::pin::pin!(request.send());
        let mut before = 0;
        loop {
            if let Ok(sent) = tokio::time::timeout(patience.silence, &mut sending).await {
                return sent.map_err(|error| innermost(&error));
            }
            let now = moved.load(Ordering::Relaxed);
            if now - before < patience.least {
                return Err(format!("no answer came for {} s", patience.silence.as_secs_f64()));
            }
            before = now;
        }
    }

    fn request(
        &self,
        question: &Question<'_>,
        url: &Url,
        moved: &Arc<AtomicU64>,
        transfer: &Arc<Transfer>,
    ) -> Result<reqwest::RequestBuilder, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in [(ACCEPT, question.accept), (CONTENT_TYPE, question.content_type)] {
            if !value.is_empty() {
                headers.insert(name, header(value)?);
            }
        }
        if let Some(value) = question.authorization.header() {
            let mut value = header(&value)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let request = self.client.request(question.method.clone(), url.clone());
        Ok(match question.body {
            Body::Nothing if question.method == Method::POST => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                request
            }
            Body::Nothing => request,
            Body::Bytes(bytes) => request.body(bytes.to_vec()),
            Body::File(path, size) => {
                headers.insert(CONTENT_LENGTH, size.into());
                let (moved, transfer) = (Arc::clone(moved), Arc::clone(transfer));
                let chunks = file_stream(path, move |read| {
                    let before = moved.fetch_add(read, Ordering::Relaxed);
                    transfer.moved(before + read, Some(size));
                });
                request.body(reqwest::Body::wrap_stream(chunks?))
            }
        }
        .headers(headers))
    }
}

/// A question and its answer on their way, and who wants to hear of it.
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

/// The chunks of a file, which are told of as they go.
fn file_stream<F: Fn(u64) + Send + 'static>(
    path: &Path,
    gone: F,
) -> Result<impl futures_util::Stream<Item = io::Result<Bytes>> + use<F>, String> {
    let file =
        File::open(path).map_err(|error| format!("open {}: {}", path.display(), error_text(&error)))?;
    Ok(stream::try_unfold((file, gone), |(mut file, gone)| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk)?;
        chunk.truncate(read);
        gone(read as u64);
        Ok((read > 0).then(|| (Bytes::from(chunk), (file, gone))))
    }))
}

/// Where the bytes of an answer go.
pub type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<()>;

/// Waits for the parts of an answer, and not forever for next to nothing.
struct Waiting {
    patience: Patience,
    until: Instant,
    came: u64,
}

impl Waiting {
    fn new(patience: Patience) -> Waiting {
        Waiting { patience, until: Instant::now() + patience.silence, came: 0 }
    }

    async fn chunk(&mut self, response: &mut reqwest::Response) -> Result<Option<Bytes>, String> {
        loop {
            if let Ok(chunk) = tokio::time::timeout_at(self.until, response.chunk()).await {
                let chunk = chunk.map_err(|error| innermost(&error))?;
                self.came += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                return Ok(chunk);
            }
            let (came, Patience { least, silence, .. }) = (self.came, self.patience);
            if came < least {
                let seconds = silence.as_secs_f64();
                return Err(format!("only {came} bytes came in {seconds} s, and at least {least} must"));
            }
            *self = Waiting::new(self.patience);
        }
    }
}

/// oras-go: registry/remote/retry `DefaultPredicate`.
fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429) || status.is_server_error()
}

/// What the server asks for, or twice as long each time. oras-go: registry/remote/retry policy.go.
fn pause(response: &reqwest::Response, attempt: u32) -> Duration {
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or(Duration::from_millis(125 << attempt)).min(LONGEST_PAUSE)
}

fn header(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| "a header would hold characters that HTTP forbids".to_owned())
}

fn identity(certificate: &str, key: &str) -> Result<Identity, String> {
    let mut text = Vec::new();
    for file in [certificate, key] {
        text.extend(std::fs::read(file).map_err(|error| format!("cannot read {file}: {error}"))?);
        text.push(b'\n');
    }
    Identity::from_pem(&text)
        .map_err(|error| format!("{certificate} and {key} are no certificate and key: {}", innermost(&error)))
}

/// What is at the bottom of an error, in Go's words where it is the system's.
pub fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    match deepest.downcast_ref::<io::Error>() {
        Some(error) => error_text(error),
        None => deepest.to_string(),
    }
}
