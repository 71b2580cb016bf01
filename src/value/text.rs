//! [`Str`]: a Go string, which is bytes that usually, but not always, are UTF-8.
//!
//! Templates can cut a string in the middle of a character (`trunc`, `slice`, `b64dec`), and Go carries the pieces on
//! unharmed. Nearly every string is valid, so that case is kept apart and costs nothing: [`Str::as_str`] is free.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use ecow::{EcoString, EcoVec};

use crate::budget::{self, SMALL};
use crate::go::raw;

/// A Go string: cheap to clone, ordered and compared by its bytes.
#[derive(Clone)]
pub struct Str(Repr);

#[derive(Clone)]
enum Repr {
    Utf8(EcoString),
    /// Invariant: not valid UTF-8.
    Bytes(EcoVec<u8>),
}

impl Str {
    /// The empty string.
    pub const fn new() -> Str {
        Str(Repr::Utf8(EcoString::new()))
    }

    /// The name that a text stands for: see [`raw`].
    pub fn of_name(name: &str) -> Str {
        match raw::bytes(name) {
            Cow::Borrowed(_) => Str::from(name),
            Cow::Owned(name) => Str::from(name),
        }
    }

    /// The bytes of the string.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Utf8(text) => text.as_bytes(),
            Repr::Bytes(bytes) => bytes,
        }
    }

    /// The string as UTF-8, or `None` where it is not valid.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Utf8(text) => Some(text),
            Repr::Bytes(_) => None,
        }
    }

    /// The string as UTF-8, each invalid byte sequence replaced by U+FFFD.
    pub fn to_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Utf8(text) => Cow::Borrowed(text),
            Repr::Bytes(bytes) => String::from_utf8_lossy(bytes),
        }
    }

    /// ASCII in upper case; `None` where there is anything else in it.
    pub fn to_ascii_uppercase(&self) -> Option<Str> {
        match &self.0 {
            Repr::Utf8(text) if text.is_ascii() => Some(Str(Repr::Utf8(text.to_ascii_uppercase()))),
            _ => None,
        }
    }

    /// ASCII in lower case; `None` where there is anything else in it.
    pub fn to_ascii_lowercase(&self) -> Option<Str> {
        match &self.0 {
            Repr::Utf8(text) if text.is_ascii() => Some(Str(Repr::Utf8(text.to_ascii_lowercase()))),
            _ => None,
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether the string has no bytes.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl Default for Str {
    fn default() -> Str {
        Str::new()
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        if let Some(short) = EcoString::try_inline(text) {
            return Str(Repr::Utf8(short));
        }
        // Over the budget nothing is made, since the run ends in an error.
        if text.len() >= SMALL && budget::make(text.len()).is_err() {
            return Str::new();
        }
        // `EcoString::from` copies a longer text byte by byte.
        let mut copy = EcoString::with_capacity(text.len());
        copy.push_str(text);
        Str(Repr::Utf8(copy))
    }
}

impl From<&String> for Str {
    fn from(text: &String) -> Str {
        Str::from(text.as_str())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str::from(text.as_str())
    }
}

impl From<Cow<'_, str>> for Str {
    fn from(text: Cow<'_, str>) -> Str {
        Str::from(text.as_ref())
    }
}

impl From<EcoString> for Str {
    fn from(text: EcoString) -> Str {
        Str(Repr::Utf8(text))
    }
}

impl From<char> for Str {
    fn from(c: char) -> Str {
        Str::from(c.encode_utf8(&mut [0; 4]) as &str)
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Str {
        match std::str::from_utf8(bytes) {
            Ok(text) => Str::from(text),
            Err(_) if bytes.len() >= SMALL && budget::make(bytes.len()).is_err() => Str::new(),
            Err(_) => Str(Repr::Bytes(EcoVec::from(bytes))),
        }
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Str {
        Str::from(bytes.as_slice())
    }
}

impl AsRef<[u8]> for Str {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

// `Ord`, `Eq` and `Hash` are those of the bytes, so that a map can be asked with a plain slice.
impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Str) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str())
    }
}
