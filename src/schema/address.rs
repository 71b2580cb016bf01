//! Where schemas are: URLs, JSON pointers, fragments. Go: jsonschema util.go `url`, `jsonPointer`, `urlFrag`, `urlPtr`.

use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use super::document::Json;
use super::error::Error;
use crate::go::strconv;
use crate::go::url::{self, Part, Url};

/// A schema in a document. Go: `urlPtr`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The URL of the document.
    pub url: Rc<str>,
    /// The JSON pointer in it.
    pub pointer: Rc<str>,
}

/// What a reference points to. Go: `urlFrag`.
#[derive(Clone, Debug)]
pub struct Target {
    /// The URL before `#`.
    pub url: Rc<str>,
    /// What follows it, unescaped.
    pub fragment: String,
}

impl Place {
    /// A place of that document.
    pub fn new(url: &Rc<str>, pointer: impl Into<Rc<str>>) -> Place {
        Place { url: url.clone(), pointer: pointer.into() }
    }

    /// What stands at the place of a document. Go: `urlPtr.lookup`.
    pub fn lookup<'a>(&self, document: &'a Json) -> Result<&'a Json, Error> {
        let mut found = document;
        for token in self.pointer.split('/').skip(1) {
            let Some(token) = unescape(token) else {
                return Err(Error::InvalidPointer(self.to_string()));
            };
            let next = match found {
                Json::Object(object) => object.get(&token),
                Json::Array(items) => {
                    let index = strconv::atoi(&token).ok().and_then(|index| usize::try_from(index).ok());
                    index.and_then(|index| items.get(index))
                }
                _ => None,
            };
            found = next.ok_or_else(|| Error::PointerNotFound(self.to_string()))?;
        }
        Ok(found)
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, encode(&self.pointer))
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, encode(&self.fragment))
    }
}

/// A pointer with one more token. Go: `jsonPointer.append`.
pub fn append(pointer: &str, token: impl AsRef<str>) -> String {
    format!("{pointer}/{}", escape(token.as_ref()))
}

/// Go: util.go `escape`.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Go: util.go `unescape`.
fn unescape(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (c, rest) = match part.as_bytes().first() {
            Some(b'0') => ('~', &part[1..]),
            Some(b'1') => ('/', &part[1..]),
            _ => return None,
        };
        out.push(c);
        out.push_str(rest);
    }
    Some(out)
}

/// Go: util.go `encode`.
pub fn encode(fragment: &str) -> String {
    let tokens = fragment.split('/').map(|token| text(url::escape(token.as_bytes(), Part::PathSegment)));
    tokens.collect::<Vec<_>>().join("/")
}

/// Go: util.go `decode`.
pub fn decode(fragment: &str) -> Result<String, String> {
    url::unescape(fragment.as_bytes(), Part::PathSegment).map(text)
}

/// What stands before and after the first `#`. Go: util.go `split`.
pub fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The same, the fragment unescaped. Go: util.go `splitFragment`.
pub fn split_fragment(reference: &str) -> Result<(&str, String), Error> {
    let (url, fragment) = split(reference);
    let fragment = decode(fragment).map_err(|why| Error::ParseUrl(reference.to_owned(), why))?;
    Ok((url, fragment))
}

/// The fragment as an anchor, unless it is a JSON pointer. Go: `fragment.convert`.
pub fn anchor(fragment: &str) -> Option<&str> {
    (!fragment.is_empty() && !fragment.starts_with('/')).then_some(fragment)
}

/// Go: `url.Parse`; the error is its text.
pub fn parse(text: &str) -> Result<Url, String> {
    url::parse(text.as_bytes())
}

/// What a reference means in a document of that URL. Go: `url.join`.
pub fn join(base: &str, reference: &str) -> Result<Target, Error> {
    let base_url = parse(base).map_err(|why| Error::ParseUrl(base.to_owned(), why))?;
    let (reference, fragment) = split_fragment(reference)?;
    let relative = parse(reference).map_err(|why| Error::ParseUrl(reference.to_owned(), why))?;
    let mut resolved = base_url.resolve_reference(&relative);
    if relative.scheme.is_empty() && !base_url.opaque.is_empty() {
        resolved.opaque = base_url.opaque;
    }
    Ok(Target { url: text(resolved.print()).into(), fragment })
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
