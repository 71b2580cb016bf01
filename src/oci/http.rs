//! [`Http`]: questions to a server and answers of bounded size, for registries and chart repositories alike. Redirects are
//! followed ten times at most and credentials stay with the host they were meant for; a server that is busy is asked again.

use std::io;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Identity, Method, StatusCode, Url};

use super::auth::Authorization;

/// How long a server may take to take a connection, and to send anything at all.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// How often a busy server is asked, and the longest pause between.
const ATTEMPTS: u32 = 4;
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// What is kept of an answer that tells of a failure.
const EXPLANATION: u64 = 16 * 1024;
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

    /// The content of the file of authorities.
    pub fn authorities(&self) -> Result<Option<Vec<u8>>, String> {
        let Some(file) = self.ca_file.as_deref().filter(|file| !file.is_empty()) else { return Ok(None) };
        let text =
            std::fs::read(file).map_err(|error| format!("cannot read the authorities in {file}: {error}"))?;
        Ok(Some(text))
    }
}

/// A client and the loop that drives it.
#[derive(Debug)]
pub struct Http {
    client: reqwest::Client,
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
    /// The address.
    pub url: &'a str,
    /// What is accepted, or nothing in particular.
    pub accept: &'a str,
    /// Who asks.
    pub authorization: &'a Authorization,
    /// The most bytes that the answer may have.
    pub limit: u64,
}

impl Http {
    /// A client.
    ///
    /// # Errors
    /// Certificates that cannot be read.
    pub fn new(transport: &Transport) -> Result<Http, String> {
        // Somebody else may have chosen before; both are fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start a loop for the network: {error}"))?;
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .danger_accept_invalid_certs(transport.insecure);
        if let Some(text) = transport.authorities()? {
            let authorities = Certificate::from_pem_bundle(&text).ok().filter(|found| !found.is_empty());
            let file = transport.ca_file.as_deref().unwrap_or_default();
            let authorities = authorities.ok_or_else(|| format!("no certificates in PEM form in {file}"))?;
            builder = builder.tls_certs_only(authorities);
        }
        if let Some((certificate, key)) = transport.client_certificate() {
            builder = builder.identity(identity(certificate, key)?);
        }
        let client = builder.build().map_err(|error| format!("cannot set up TLS: {}", innermost(&error)))?;
        Ok(Http { client, runtime })
    }

    /// Runs something of this client to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
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
    pub fn download(
        &self,
        question: &Question<'_>,
        sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Answer, String> {
        let failed = |why: String| format!("GET {}: {why}", question.url);
        let url = Url::parse(question.url).map_err(|error| failed(error.to_string()))?;
        let mut headers = HeaderMap::new();
        if !question.accept.is_empty() {
            headers.insert(ACCEPT, header(question.accept).map_err(failed)?);
        }
        if let Some(value) = question.authorization.header() {
            let mut value = header(&value).map_err(failed)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let request = self.client.request(Method::GET, url).headers(headers);
        self.runtime.block_on(exchange(request, question.limit, sink)).map_err(failed)
    }

    /// Sends a form and gives the answer and its body.
    pub fn post_form(
        &self,
        url: &str,
        fields: &[(&str, &str)],
        limit: u64,
    ) -> Result<(Answer, Vec<u8>), String> {
        let failed = |why: String| format!("POST {url}: {why}");
        let mut form = Url::parse("form:").map_err(|error| failed(error.to_string()))?;
        form.query_pairs_mut().extend_pairs(fields);
        let target = Url::parse(url).map_err(|error| failed(error.to_string()))?;
        let request = self
            .client
            .post(target)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        let mut body = Vec::new();
        let mut sink = |chunk: &[u8]| {
            body.extend_from_slice(chunk);
            Ok(())
        };
        let answer = self.runtime.block_on(exchange(request, limit, &mut sink)).map_err(failed)?;
        Ok((answer, body))
    }
}

/// Asks until the server is not busy, and reads the answer.
async fn exchange(
    request: reqwest::RequestBuilder,
    limit: u64,
    sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<Answer, String> {
    let mut attempt = 1;
    let mut response = loop {
        let again = request.try_clone().ok_or("the question cannot be asked twice")?;
        let response = again.send().await.map_err(|error| innermost(&error))?;
        if attempt == ATTEMPTS || !is_busy(response.status()) {
            break response;
        }
        tokio::time::sleep(pause(&response, attempt)).await;
        attempt += 1;
    };
    let (status, headers, url) = (response.status(), response.headers().clone(), response.url().clone());
    let mut answer = Answer { status, headers, url, explanation: Vec::new() };
    let mut read = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| innermost(&error))? {
        read += chunk.len() as u64;
        if !status.is_success() {
            answer.explanation.extend_from_slice(&chunk);
            if read > EXPLANATION {
                break;
            }
        } else if read > limit {
            return Err(format!("the answer is larger than {limit} bytes, which is the most that is taken"));
        } else {
            sink(&chunk).map_err(|error| format!("cannot write the answer: {error}"))?;
        }
    }
    Ok(answer)
}

fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// What the server asks for, or twice as long each time.
fn pause(response: &reqwest::Response, attempt: u32) -> Duration {
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or(Duration::from_millis(100 << attempt)).min(LONGEST_PAUSE)
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
        Some(error) => crate::go::os::error_text(error),
        None => deepest.to_string(),
    }
}
