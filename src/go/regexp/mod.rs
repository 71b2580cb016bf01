//! Go's `regexp`: RE2 syntax with Go's error texts, and leftmost-first matching. The syntax is read here, by `parse`, into
//! the intermediate form of regex-syntax; regex-automata searches.
//!
//! Start with [`compile`] and the methods of [`Regexp`]. As in Go, a byte that is not UTF-8 matches like U+FFFD.

mod class;
mod error;
mod names;
mod parse;
mod replace;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input};
use rustc_hash::FxHashMap;

pub use error::Error;

use crate::budget::{self, Growth};

/// The memory that one compiled pattern may take. Go has no such limit: its classes are shared tables.
const PROGRAM_LIMIT: usize = 128 << 20;

/// How many compiled patterns a thread keeps, and how many bytes they may take together.
const CACHE_LIMIT: usize = 256;
const CACHE_MEMORY: usize = 16 << 20;

/// How many times what a program takes is needed to compile it.
const COMPILING: u64 = 6;

/// How many bytes of a program are compiled in a unit of work.
const BYTES_PER_UNIT: u64 = 1;

/// A search of less text than this, or that takes less time, counts no more than the call that asked for it.
const SHORT: usize = 4 << 10;
const QUICK: Duration = Duration::from_micros(50);

/// Units of work for a pattern and for a match, and what a match takes in a list.
const COMPILE: u64 = 2_000;
const MATCH_WORK: u64 = 8;
const MATCH: usize = 64;

/// A compiled pattern.
#[derive(Debug)]
pub struct Regexp {
    program: meta::Regex,
    /// The names of the groups, the whole match first; empty where a group has none.
    names: Vec<String>,
    is_empty_pattern: bool,
}

/// What became of a pattern.
pub type Compiled = Result<Rc<Regexp>, Error>;

/// The patterns that were compiled, and how many bytes they take.
#[derive(Default)]
struct Cache {
    known: FxHashMap<Vec<u8>, Compiled>,
    memory: usize,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Go: `regexp.Compile`, each pattern once a thread.
pub fn compile(pattern: &[u8]) -> Compiled {
    CACHE.with_borrow_mut(|cache| {
        if let Some(found) = cache.known.get(pattern) {
            return found.clone();
        }
        let compiled = Regexp::new(pattern).map(Rc::new);
        let memory = pattern.len() + compiled.as_ref().map_or(0, |regexp| regexp.program.memory_usage());
        if cache.known.len() >= CACHE_LIMIT || cache.memory + memory > CACHE_MEMORY {
            *cache = Cache::default();
        }
        cache.memory += memory;
        if matches!(compiled, Ok(_) | Err(Error::Syntax(_))) {
            cache.known.insert(pattern.to_vec(), compiled.clone());
        }
        compiled
    })
}

/// Go: `regexp.QuoteMeta`.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut growth = Growth::new();
    for &c in text {
        // Over the budget nobody reads what is missing.
        if growth.to(out.len()).is_err() {
            break;
        }
        if b"\\.+*?()|[]{}^$".contains(&c) {
            out.push(b'\\');
        }
        out.push(c);
    }
    out
}

/// Runs a search of so much text, and counts the time that a long one takes as work: how much it is, a pattern alone does
/// not tell. Over the budget whoever asks next hears of it.
fn timed<T>(length: usize, search: impl FnOnce() -> T) -> T {
    if length < SHORT {
        return search();
    }
    let started = Instant::now();
    let found = search();
    let took = started.elapsed();
    if took > QUICK {
        let _ = budget::spend(took.as_nanos() as u64 / budget::NANOSECONDS_PER_UNIT);
    }
    found
}

/// The text that is searched: made valid UTF-8, with the way back to the places in the original.
struct Haystack<'a> {
    original: &'a [u8],
    valid: Cow<'a, str>,
    /// For each place in `valid` the one in the original, where the two differ.
    places: Vec<usize>,
}

impl<'a> Haystack<'a> {
    fn new(original: &'a [u8]) -> Haystack<'a> {
        if let Ok(valid) = std::str::from_utf8(original) {
            return Haystack { original, valid: Cow::Borrowed(valid), places: Vec::new() };
        }
        let (mut valid, mut places) = (String::new(), Vec::new());
        let mut at = 0;
        for chunk in original.utf8_chunks() {
            for (c, width) in chunk
                .valid()
                .chars()
                .map(|c| (c, c.len_utf8()))
                .chain(chunk.invalid().iter().map(|_| (char::REPLACEMENT_CHARACTER, 1)))
            {
                places.extend(std::iter::repeat_n(at, c.len_utf8()));
                valid.push(c);
                at += width;
            }
        }
        places.push(at);
        Haystack { original, valid: Cow::Owned(valid), places }
    }

    fn len(&self) -> usize {
        self.valid.len()
    }

    /// The bytes of the original between two places.
    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        match self.places.is_empty() {
            true => &self.original[range],
            false => &self.original[self.places[range.start]..self.places[range.end]],
        }
    }

    /// The place of the character after the one at `place`; beyond the end when there is none.
    fn next(&self, place: usize) -> usize {
        place + self.valid[place..].chars().next().map_or(1, char::len_utf8)
    }
}

impl Regexp {
    fn new(pattern: &[u8]) -> Result<Regexp, Error> {
        budget::spend(COMPILE + pattern.len() as u64)?;
        let parsed = parse::parse(pattern)?;
        let limit = PROGRAM_LIMIT.min(usize::try_from(budget::room() / COMPILING).unwrap_or(usize::MAX));
        let config = meta::Config::new()
            .nfa_size_limit(Some(limit))
            .which_captures(regex_automata::nfa::thompson::WhichCaptures::All);
        let program = meta::Builder::new().configure(config).build_from_hir(&parsed.hir).map_err(|_| {
            Error::TooLarge { pattern: String::from_utf8_lossy(pattern).into_owned(), mebibytes: limit >> 20 }
        })?;
        let memory = program.memory_usage() as u64;
        budget::spend(memory / BYTES_PER_UNIT)?;
        Ok(Regexp { program, names: parsed.names, is_empty_pattern: pattern.is_empty() })
    }

    /// The leftmost match at or after the place.
    fn find_at(&self, text: &Haystack<'_>, place: usize) -> Option<Range<usize>> {
        let input = Input::new(text.valid.as_ref()).range(place..).anchored(Anchored::No);
        timed(text.len() - place, || self.program.search(&input).map(|found| found.range()))
    }

    /// Go: `Regexp.MatchString`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        timed(text.len(), || self.program.is_match(Haystack::new(text).valid.as_ref()))
    }

    /// Go: `Regexp.FindString`; the empty text where nothing matches.
    pub fn find<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let text = Haystack::new(text);
        self.find_at(&text, 0).map_or(b"", |found| text.slice(found))
    }

    /// Go: regexp.go `allMatches`: at most `count` matches, all if negative. An empty match right after another match
    /// does not count.
    fn matches(&self, text: &Haystack<'_>, count: i64) -> Vec<Range<usize>> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let (mut place, mut previous_end) = (0, None);
        let mut growth = Growth::new();
        while found.len() < count && place <= text.len() {
            // A match becomes a text in a list.
            if growth.to(found.len() * MATCH).is_err() || budget::spend(MATCH_WORK).is_err() {
                break;
            }
            let Some(next) = self.find_at(text, place) else { break };
            let mut accept = true;
            if next.end == place {
                accept = previous_end != Some(next.start);
                place = text.next(place);
            } else {
                place = next.end;
            }
            previous_end = Some(next.end);
            if accept {
                found.push(next);
            }
        }
        found
    }

    /// Go: `Regexp.FindAllString`; `None` for the nil slice, which it gives where nothing matches.
    pub fn find_all<'a>(&self, text: &'a [u8], count: i64) -> Option<Vec<&'a [u8]>> {
        let text = Haystack::new(text);
        let found = self.matches(&text, count);
        (!found.is_empty()).then(|| found.into_iter().map(|range| text.slice(range)).collect())
    }

    /// The parts, and for how many Go makes room; `None` for the nil slice. Go: `Regexp.Split`.
    pub fn split<'a>(&self, text: &'a [u8], count: i64) -> Option<(Vec<&'a [u8]>, usize)> {
        if count == 0 {
            return None;
        }
        if !self.is_empty_pattern && text.is_empty() {
            return Some((vec![text], 1));
        }
        let text = Haystack::new(text);
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        let matches = self.matches(&text, count);
        let room = matches.len();
        for found in matches {
            if count > 0 && parts.len() as i64 == count - 1 {
                break;
            }
            end = found.start;
            if found.end != 0 {
                parts.push(text.slice(begin..end));
            }
            begin = found.end;
        }
        if end != text.len() {
            parts.push(text.slice(begin..text.len()));
        }
        Some((parts, room))
    }

    /// Go: `Regexp.ReplaceAllString`: the template's `$1`, `${1}`, `$name` and `$$` are expanded.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        self.replace(text, |out, haystack, groups| {
            replace::expand(out, template, &self.names, |group| {
                groups.get_group(group).map(|span| haystack.slice(span.range()))
            });
        })
    }

    /// Go: `Regexp.ReplaceAllLiteralString`.
    pub fn replace_all_literal(&self, text: &[u8], literal: &[u8]) -> Vec<u8> {
        self.replace(text, |out, _, _| out.extend_from_slice(literal))
    }

    /// Go: regexp.go `replaceAll`. An empty match right after another match is not replaced.
    fn replace(
        &self,
        text: &[u8],
        mut append: impl FnMut(&mut Vec<u8>, &Haystack<'_>, &Captures),
    ) -> Vec<u8> {
        let text = Haystack::new(text);
        let mut groups = self.program.create_captures();
        let mut out = Vec::with_capacity(text.original.len());
        let (mut last_end, mut place) = (0, 0);
        let mut growth = Growth::new();
        while place <= text.len() {
            if growth.to(out.len()).is_err() || budget::spend(MATCH_WORK).is_err() {
                break;
            }
            let input = Input::new(text.valid.as_ref()).range(place..);
            timed(text.len() - place, || self.program.search_captures(&input, &mut groups));
            let Some(found) = groups.get_match() else { break };
            out.extend_from_slice(text.slice(last_end..found.start()));
            if found.end() > last_end || found.start() == 0 {
                append(&mut out, &text, &groups);
            }
            last_end = found.end();
            place = text.next(place).max(found.end());
        }
        out.extend_from_slice(text.slice(last_end..text.len()));
        out
    }
}
