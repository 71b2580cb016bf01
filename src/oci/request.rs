//! [`Request`] and [`Response`]: what is sent to a server and what comes back. How they travel is in [`super::http`].

use std::path::Path;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};

use super::authorization::Authorization;
use super::{manifest, secret};

/// The most characters of a server's own words that a message repeats.
const LONGEST_REASON: usize = 300;

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: &'a str,
    /// The media types that are accepted; empty for any.
    pub accept: &'a str,
    /// The credentials that it carries.
    pub authorization: &'a Authorization,
    /// The most bytes that the body of a response may have.
    pub limit: u64,
    /// The body.
    pub body: Body<'a>,
    /// The media type of the body.
    pub content_type: &'a str,
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// None.
    Empty,
    /// A content in memory.
    Bytes(&'a [u8]),
    /// The content of a file of this size.
    File(&'a Path, u64),
}

impl<'a> Request<'a> {
    /// An anonymous request without a body, whose response may have so many bytes.
    pub fn new(method: Method, url: &'a str, limit: u64) -> Request<'a> {
        Request {
            method,
            url,
            accept: "",
            authorization: &Authorization::None,
            limit,
            body: Body::Empty,
            content_type: "",
        }
    }

    /// A `GET`, as [`Request::new`].
    pub fn get(url: &'a str, limit: u64) -> Request<'a> {
        Request::new(Method::GET, url, limit)
    }

    /// The method and the address, for a message: without what may be secret in it.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, secret::address(self.url))
    }
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The address that it came from, after all redirects.
    pub url: Url,
    /// The body; of a refusal the beginning. Empty where the body of a success was handed on as it came.
    pub body: Vec<u8>,
}

impl Response {
    /// Why a request was refused, for a message: the status, and the server's own reason if it gave one.
    pub fn refusal(&self) -> String {
        match manifest::refusal(&self.body) {
            Some(reason) => format!("{}: {}", self.status, one_line(&secret::hidden(&reason))),
            None => self.status.to_string(),
        }
    }

    /// A header that is text.
    pub fn header(&self, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A server's words in one line without control characters, cut where they are long.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_REASON).collect()
}
