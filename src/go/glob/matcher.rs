//! The matchers of a glob. Each can say whether it fits a whole text ([`Search::matches`]), and where in a text it first
//! fits and how long it can be there ([`Search::index`]). gobwas/glob: match/*.go.
//!
//! Lengths of matchers count characters, places and lengths in a text bytes. Where gobwas mixes them up, so does this.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::error::Error;
use super::syntax::SEPARATOR;
use crate::go::runes;

/// Literal text.
pub type Literal = Box<str>;

/// What fits a text. The names are gobwas'.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are gobwas'")]
pub enum Matcher {
    Nothing,
    Text(Literal),
    Any,
    Super,
    Single,
    List { chars: Vec<char>, not: bool },
    Range { low: char, high: char, not: bool },
    Prefix(Literal),
    Suffix(Literal),
    PrefixSuffix { prefix: Literal, suffix: Literal },
    PrefixAny(Literal),
    SuffixAny(Literal),
    Contains { needle: Literal, not: bool },
    Min(usize),
    Max(usize),
    EveryOf(Vec<Matcher>),
    AnyOf(Vec<Matcher>),
    Row { len: usize, matchers: Vec<Matcher> },
    BTree(Box<BTree>),
}

/// A matcher in the middle of two others. gobwas/glob: `match.BTree`.
#[derive(Clone, Debug)]
pub struct BTree {
    pub value: Matcher,
    pub left: Option<Matcher>,
    pub right: Option<Matcher>,
    /// The lengths that were known before the sides were optimised; of no matcher 0.
    left_len: Option<usize>,
    right_len: Option<usize>,
    len: Option<usize>,
}

impl BTree {
    /// A tree of the value between the sides. gobwas/glob: `match.NewBTree`.
    pub fn matcher(value: Matcher, left: Option<Matcher>, right: Option<Matcher>) -> Matcher {
        let side = |matcher: &Option<Matcher>| matcher.as_ref().map_or(Some(0), Matcher::len);
        let (left_len, right_len) = (side(&left), side(&right));
        let len = value.len().zip(left_len).zip(right_len).map(|((value, left), right)| value + left + right);
        Matcher::BTree(Box::new(BTree { value, left, right, left_len, right_len, len }))
    }
}

impl Matcher {
    /// How many characters it takes, where that is always the same. gobwas/glob: `Matcher.Len`.
    pub fn len(&self) -> Option<usize> {
        match self {
            Matcher::Nothing => Some(0),
            Matcher::Text(text) => Some(text.chars().count()),
            Matcher::Single | Matcher::List { .. } | Matcher::Range { .. } => Some(1),
            Matcher::Row { len, .. } => Some(*len),
            Matcher::BTree(tree) => tree.len,
            Matcher::AnyOf(matchers) => {
                // One whose length is not known is forgotten if it comes first.
                let mut len = None;
                for matcher in matchers {
                    match (len, matcher.len()) {
                        (None, own) => len = own,
                        (Some(len), Some(own)) if len == own => {}
                        _ => return None,
                    }
                }
                len
            }
            _ => None,
        }
    }

    /// Whether a character fits, of those that take one.
    fn takes(&self, c: char) -> bool {
        match self {
            Matcher::Single => c != SEPARATOR,
            Matcher::List { chars, not } => chars.contains(&c) != *not,
            Matcher::Range { low, high, not } => (*low..=*high).contains(&c) != *not,
            _ => false,
        }
    }
}

/// Where a matcher first fits, and the lengths it can have there, ascending.
type Found = Option<(usize, Vec<usize>)>;

/// What was found out during one match: a tree is not asked twice about the same piece of text, which would take for ever.
#[derive(Default)]
pub struct Search {
    trees: FxHashMap<(*const BTree, *const u8, usize), bool>,
}

impl Search {
    /// Whether the whole text fits. The error is the text of the panic that gobwas ends in.
    pub fn matches(&mut self, matcher: &Matcher, text: &[u8]) -> Result<bool, Error> {
        Ok(match matcher {
            Matcher::Nothing => text.is_empty(),
            Matcher::Text(own) => text == own.as_bytes(),
            Matcher::Any => separator(text).is_none(),
            Matcher::Super => true,
            Matcher::Single | Matcher::List { .. } | Matcher::Range { .. } => {
                let (c, width) = runes::decode(text);
                text.len() <= width && matcher.takes(c)
            }
            Matcher::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
            Matcher::Suffix(suffix) => text.ends_with(suffix.as_bytes()),
            Matcher::PrefixSuffix { prefix, suffix } => {
                text.starts_with(prefix.as_bytes()) && text.ends_with(suffix.as_bytes())
            }
            Matcher::PrefixAny(prefix) => {
                text.strip_prefix(prefix.as_bytes()).is_some_and(|rest| separator(rest).is_none())
            }
            Matcher::SuffixAny(suffix) => {
                text.strip_suffix(suffix.as_bytes()).is_some_and(|rest| separator(rest).is_none())
            }
            Matcher::Contains { needle, not } => find(text, needle).is_some() != *not,
            Matcher::Min(limit) => runes::count(text) >= (*limit).max(1),
            Matcher::Max(limit) => runes::count(text) <= *limit,
            Matcher::EveryOf(matchers) => self.all(matchers, text)?,
            Matcher::AnyOf(matchers) => {
                for matcher in matchers {
                    if self.matches(matcher, text)? {
                        return Ok(true);
                    }
                }
                false
            }
            Matcher::Row { len, matchers } => runes::count(text) == *len && self.row(matchers, text)?,
            Matcher::BTree(tree) => {
                let key = (&raw const **tree, text.as_ptr(), text.len());
                if let Some(known) = self.trees.get(&key) {
                    return Ok(*known);
                }
                let fits = self.tree(tree, text)?;
                self.trees.insert(key, fits);
                fits
            }
        })
    }

    fn all(&mut self, matchers: &[Matcher], text: &[u8]) -> Result<bool, Error> {
        for matcher in matchers {
            if !self.matches(matcher, text)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// gobwas/glob: `Row.matchAll`, which takes the last character of each piece for one byte.
    fn row(&mut self, matchers: &[Matcher], text: &[u8]) -> Result<bool, Error> {
        let mut at = 0;
        for matcher in matchers {
            let len = matcher.len().unwrap_or_default();
            let (mut next, mut count) = (0, 0);
            for (place, _) in runes::runes(&text[at..]) {
                next = place;
                count += 1;
                if count == len {
                    break;
                }
            }
            if count < len || !self.matches(matcher, slice(text, at..at + next + 1)?)? {
                return Ok(false);
            }
            at += next + 1;
        }
        Ok(true)
    }

    /// gobwas/glob: `BTree.Match`.
    fn tree(&mut self, tree: &BTree, text: &[u8]) -> Result<bool, Error> {
        if tree.len.is_some_and(|len| len > text.len()) {
            return Ok(false);
        }
        let mut offset = tree.left_len.unwrap_or_default();
        let limit = text.len().saturating_sub(tree.right_len.unwrap_or_default());
        while offset < limit {
            let Some((index, lengths)) = self.index(&tree.value, &text[offset..limit])? else {
                return Ok(false);
            };
            let start = offset + index;
            if self.side(tree.left.as_ref(), &text[..start])? {
                for len in lengths.into_iter().rev() {
                    let rest = text.get(start + len..).unwrap_or_default();
                    if self.side(tree.right.as_ref(), rest)? {
                        return Ok(true);
                    }
                }
            }
            offset = start + runes::decode(&text[start..]).1;
        }
        Ok(false)
    }

    fn side(&mut self, matcher: Option<&Matcher>, text: &[u8]) -> Result<bool, Error> {
        matcher.map_or(Ok(text.is_empty()), |matcher| self.matches(matcher, text))
    }

    /// Where the matcher first fits. gobwas/glob: `Matcher.Index`.
    fn index(&mut self, matcher: &Matcher, text: &[u8]) -> Result<Found, Error> {
        Ok(match matcher {
            Matcher::Nothing => Some((0, vec![0])),
            Matcher::Text(own) => find(text, own).map(|at| (at, vec![own.len()])),
            Matcher::Any => Some((0, starts(&text[..separator(text).unwrap_or(text.len())], 0))),
            Matcher::Super => Some((0, starts(text, 0))),
            Matcher::Single | Matcher::List { .. } | Matcher::Range { .. } => {
                let found = runes::runes(text).find(|(_, c)| matcher.takes(*c));
                found.map(|(at, c)| (at, vec![c.len_utf8()]))
            }
            Matcher::Prefix(prefix) => {
                find(text, prefix).map(|at| (at, ends(&text[at + prefix.len()..], prefix.len())))
            }
            Matcher::PrefixAny(prefix) => find(text, prefix).map(|at| {
                let rest = &text[at + prefix.len()..];
                (at, ends(&rest[..separator(rest).unwrap_or(rest.len())], prefix.len()))
            }),
            Matcher::Suffix(suffix) => find(text, suffix).map(|at| (0, vec![at + suffix.len()])),
            Matcher::SuffixAny(suffix) => find(text, suffix).map(|at| {
                let start =
                    text[..at].iter().rposition(|c| char::from(*c) == SEPARATOR).map_or(0, |it| it + 1);
                (start, vec![at + suffix.len() - start])
            }),
            Matcher::PrefixSuffix { prefix, suffix } => prefix_suffix(text, prefix, suffix),
            Matcher::Contains { needle, not } => contains(text, needle, *not),
            Matcher::Min(limit) => {
                let mut lengths = ends(text, 0);
                lengths.drain(..(*limit).min(lengths.len()));
                (!lengths.is_empty()).then_some((0, lengths))
            }
            Matcher::Max(limit) => {
                let mut lengths = ends(text, 0);
                lengths.truncate(limit + 1);
                Some((0, lengths))
            }
            Matcher::EveryOf(matchers) => self.every_index(matchers, text)?,
            Matcher::AnyOf(matchers) => self.any_index(matchers, text)?,
            Matcher::Row { len, matchers } => {
                for (at, _) in runes::runes(text) {
                    if text.len() - at < *len {
                        break;
                    }
                    if self.row(matchers, &text[at..])? {
                        return Ok(Some((at, vec![*len])));
                    }
                }
                None
            }
            // gobwas has not written it.
            Matcher::BTree(_) => None,
        })
    }

    /// gobwas/glob: `EveryOf.Index`.
    fn every_index(&mut self, matchers: &[Matcher], text: &[u8]) -> Result<Found, Error> {
        let (mut index, mut offset) = (0_usize, 0_usize);
        let mut current: Vec<usize> = Vec::new();
        for (at, matcher) in matchers.iter().enumerate() {
            let Some((found, lengths)) = self.index(matcher, &text[index..])? else { return Ok(None) };
            if at == 0 {
                current = lengths;
            } else {
                let delta = index as isize - (found + offset) as isize;
                let shifted = |len: &usize| *len as isize + delta;
                current = current
                    .iter()
                    .flat_map(|old| lengths.iter().filter(move |len| shifted(old) == **len as isize))
                    .copied()
                    .collect();
                if current.is_empty() {
                    return Ok(None);
                }
            }
            index = found + offset;
            offset += found;
        }
        Ok(Some((index, current)))
    }

    /// gobwas/glob: `AnyOf.Index`.
    fn any_index(&mut self, matchers: &[Matcher], text: &[u8]) -> Result<Found, Error> {
        let mut best: Found = None;
        for matcher in matchers {
            let Some((index, lengths)) = self.index(matcher, text)? else { continue };
            match &mut best {
                Some((known, _)) if index > *known => {}
                Some((known, all)) if index == *known => {
                    all.extend(lengths);
                    all.sort_unstable();
                    all.dedup();
                }
                _ => best = Some((index, lengths)),
            }
        }
        Ok(best)
    }
}

/// The place of the first separator.
fn separator(text: &[u8]) -> Option<usize> {
    text.iter().position(|c| char::from(*c) == SEPARATOR)
}

/// Go: `strings.Index`.
fn find(text: &[u8], needle: &str) -> Option<usize> {
    let needle = needle.as_bytes();
    if needle.is_empty() {
        return Some(0);
    }
    text.windows(needle.len()).position(|window| window == needle)
}

/// The places where characters start and the end, all moved on.
fn starts(text: &[u8], by: usize) -> Vec<usize> {
    runes::runes(text).map(|(at, _)| at).chain([text.len()]).map(|at| by + at).collect()
}

/// The start and the places where characters end, all moved on; a byte that is none ends as far on as U+FFFD would.
fn ends(text: &[u8], by: usize) -> Vec<usize> {
    [0].into_iter().chain(runes::runes(text).map(|(at, c)| at + c.len_utf8())).map(|at| by + at).collect()
}

/// gobwas/glob: `PrefixSuffix.Index`.
fn prefix_suffix(text: &[u8], prefix: &str, suffix: &str) -> Found {
    let start = find(text, prefix)?;
    if suffix.is_empty() {
        return Some((start, vec![text.len() - start]));
    }
    let mut rest = &text[start..];
    let mut lengths = Vec::new();
    while let Some(at) = rest.windows(suffix.len()).rposition(|window| window == suffix.as_bytes()) {
        lengths.push(at + suffix.len());
        rest = &rest[..at];
    }
    lengths.reverse();
    (!lengths.is_empty()).then_some((start, lengths))
}

/// gobwas/glob: `Contains.Index`.
fn contains(text: &[u8], needle: &str, not: bool) -> Found {
    let found = find(text, needle);
    if not {
        return Some((0, starts(&text[..found.unwrap_or(text.len())], 0)));
    }
    let offset = found? + needle.len();
    Some((0, starts(&text[offset..], offset)))
}

/// A piece of the text, or the panic of Go where there is none.
fn slice(text: &[u8], range: Range<usize>) -> Result<&[u8], Error> {
    text.get(range.clone()).ok_or(Error::OutOfBounds { end: range.end, length: text.len() })
}
