//! [`Version`]: a semantic version, read strictly or leniently.

use std::cmp::Ordering;
use std::fmt;

use super::error::Error;
use crate::go::strconv;

/// A version string longer than this is refused.
const MAX_LENGTH: usize = 256;

/// A semantic version. Its `Display` is semver's `String`: `1.2.3-pre+meta`, without a `v`. Semver: `Version`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What follows `-`.
    pub pre: String,
    /// What follows `+`.
    pub metadata: String,
    /// The text that was read.
    pub original: String,
}

/// What the lenient grammar, which constraints share, finds at the start of a text.
pub(super) struct Scan<'a> {
    /// `v?` and one to three numbers, each without its dot; the missing ones are empty.
    pub(super) numbers: [&'a str; 3],
    /// The pre-release without its `-`.
    pub(super) pre: &'a str,
    /// The metadata without its `+`.
    pub(super) metadata: &'a str,
    /// The pre-release with its `-`, and how much of the text was used.
    pub(super) end: usize,
}

impl Version {
    /// Reads a version leniently: `v1`, `1.2`, `01.2.3`. Semver: `NewVersion`.
    pub fn parse(text: &str) -> Result<Version, Error> {
        check_length(text)?;
        let scan = scan(text, |byte| byte.is_ascii_digit()).filter(|scan| scan.end == text.len());
        let scan = scan.ok_or(Error::Form)?;
        let number = |digits: &str| {
            if digits.is_empty() {
                return Ok(0);
            }
            strconv::parse_uint(digits, 10, 64).map_err(Error::Segment)
        };
        let [major, minor, patch] = scan.numbers;
        let version = Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre: scan.pre.to_owned(),
            metadata: scan.metadata.to_owned(),
            original: text.to_owned(),
        };
        if !version.pre.is_empty() {
            check_pre(&version.pre)?;
        }
        Ok(version)
    }

    /// Reads a version that must be whole and without a `v`. Semver: `StrictNewVersion`.
    pub fn parse_strict(text: &str) -> Result<Version, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        check_length(text)?;
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Form);
        };
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), |(rest, it)| (rest, Some(it)));
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, pre) = rest.split_once('-').map_or((rest, None), |(rest, it)| (rest, Some(it)));
        if let Some(pre) = pre {
            check_pre(pre)?;
        }
        for part in [major, minor, patch] {
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::Characters);
            }
            if part.len() > 1 && part.starts_with('0') {
                return Err(Error::LeadingZero);
            }
        }
        let number = |digits: &str| strconv::parse_uint(digits, 10, 64).map_err(Error::Number);
        Ok(Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre: pre.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// Which comes first; metadata does not count. Semver: `Compare`.
    pub fn compare(&self, other: &Version) -> Ordering {
        let numbers = |version: &Version| [version.major, version.minor, version.patch];
        numbers(self).cmp(&numbers(other)).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        })
    }

    /// The next patch version, or of a pre-release its release; `None` past the largest number. Semver: `IncPatch`.
    pub fn next_patch(&self) -> Option<Version> {
        let patch = if self.pre.is_empty() { self.patch.checked_add(1)? } else { self.patch };
        Some(self.bumped(self.major, self.minor, patch))
    }

    /// The next minor version; `None` past the largest number. Semver: `IncMinor`.
    pub fn next_minor(&self) -> Option<Version> {
        Some(self.bumped(self.major, self.minor.checked_add(1)?, 0))
    }

    /// The next major version; `None` past the largest number. Semver: `IncMajor`.
    pub fn next_major(&self) -> Option<Version> {
        Some(self.bumped(self.major.checked_add(1)?, 0, 0))
    }

    /// With another pre-release. Semver: `SetPrerelease`.
    pub fn with_pre(&self, pre: &str) -> Result<Version, Error> {
        if !pre.is_empty() {
            check_pre(pre)?;
        }
        Ok(Version { pre: pre.to_owned(), ..self.clone() }.renamed(self))
    }

    /// With other metadata. Semver: `SetMetadata`.
    pub fn with_metadata(&self, metadata: &str) -> Result<Version, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(Version { metadata: metadata.to_owned(), ..self.clone() }.renamed(self))
    }

    fn bumped(&self, major: u64, minor: u64, patch: u64) -> Version {
        Version { major, minor, patch, ..Version::default() }.renamed(self)
    }

    /// With its own text as the original, after the `v` of the version that it came from.
    fn renamed(mut self, from: &Version) -> Version {
        let v = if from.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{v}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Walks `v?N(\.N)?(\.N)?(-ID(\.ID)*)?(\+ID(\.ID)*)?` at the start of the text, N being one or more of the given bytes.
/// Each part is taken as far as it goes, which is what the leftmost-first regular expression settles on, because
/// everything after the first number may be missing.
pub(super) fn scan(text: &str, digit: impl Fn(u8) -> bool) -> Option<Scan<'_>> {
    let bytes = text.as_bytes();
    let run = |start: usize, fits: &dyn Fn(u8) -> bool| {
        start + bytes[start.min(bytes.len())..].iter().take_while(|byte| fits(**byte)).count()
    };
    let start = usize::from(bytes.first() == Some(&b'v'));
    let mut end = run(start, &digit);
    if end == start {
        return None;
    }
    let mut numbers = [&text[start..end], "", ""];
    for number in &mut numbers[1..] {
        let next = if bytes.get(end) == Some(&b'.') { run(end + 1, &digit) } else { end };
        if next <= end + 1 {
            break;
        }
        *number = &text[end + 1..next];
        end = next;
    }
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let mut tail = |mark: u8| {
        let start = end + 1;
        if bytes.get(end) != Some(&mark) || run(start, &word) == start {
            return "";
        }
        end = run(start, &word);
        while bytes.get(end) == Some(&b'.') && run(end + 1, &word) > end + 1 {
            end = run(end + 1, &word);
        }
        &text[start..end]
    };
    let pre = tail(b'-');
    let metadata = tail(b'+');
    Some(Scan { numbers, pre, metadata, end })
}

fn check_length(text: &str) -> Result<(), Error> {
    if text.len() > MAX_LENGTH {
        return Err(Error::TooLong(MAX_LENGTH));
    }
    Ok(())
}

/// Semver: `validatePrerelease`.
fn check_pre(pre: &str) -> Result<(), Error> {
    for part in pre.split('.') {
        if part.is_empty() {
            return Err(Error::Prerelease);
        }
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            if part.len() > 1 && part.starts_with('0') {
                return Err(Error::LeadingZero);
            }
        } else if !is_word(part) {
            return Err(Error::Prerelease);
        }
    }
    Ok(())
}

/// Semver: `validateMetadata`.
fn check_metadata(metadata: &str) -> Result<(), Error> {
    if metadata.split('.').all(|part| !part.is_empty() && is_word(part)) {
        return Ok(());
    }
    Err(Error::Metadata)
}

fn is_word(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Semver: `comparePrerelease`.
pub(super) fn compare_pre(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => compare_part(a.unwrap_or_default(), b.unwrap_or_default()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Semver: `comparePrePart`: numbers come before words; what overflows 64 bits is a word.
fn compare_part(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { Ordering::Less } else { Ordering::Greater };
    }
    let number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u64>().ok()).flatten()
    };
    match (number(a), number(b)) {
        (None, None) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        // Of two texts of one number the second counts as the larger, as in semver.
        (Some(a), Some(b)) => {
            if a > b {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
    }
}
