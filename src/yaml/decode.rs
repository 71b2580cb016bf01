//! The decoder: a raw document to a [`Node`] or a [`Value`], aliases expanded within go-yaml's limits, merge keys
//! merged, keys turned into JSON's, as yaml.v2's decoder and sigs.k8s.io/yaml's way to JSON do it together.
//!
//! Read [`Decoder::node`] first. What comes out is a matter of [`Target`].

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::{Error, Problem};
use super::golang;
use super::json;
use super::key::Key;
use super::node::{Data, Entry, Node};
use super::number;
use super::raw::{Id, Kind, Raw};
use super::resolve::{self, Scalar};
use crate::budget;
use crate::go::encoding::base64_decode;
use crate::go::runes;
use crate::source::Span;
use crate::value::{Cells, Elem, List, Map, Str, Value};

/// How deep JSON may nest. Go: encoding/json scanner.go `maxNestingDepth`.
const MAX_DEPTH: usize = 10_000;

/// Units of work for a node, with what it takes.
const NODE: u64 = 10;

/// What a decoder makes.
pub(super) trait Target: Sized {
    /// Whether what is made is kept; else the document is only read for its errors.
    const IS_KEPT: bool = true;
    /// A scalar; `text` is what it says, `Scalar::Text` stands for that text.
    fn scalar(span: Span, scalar: Scalar, text: &str) -> Self;
    /// A sequence.
    fn seq(span: Span, items: Vec<Self>) -> Self;
    /// A mapping, of equal keys the last wins.
    fn map(span: Span, entries: Entries<'_, Self>) -> Self;
    /// The same at another place: what an alias stands for.
    fn at(self, span: Span) -> Self;
}

/// The entries of a mapping: keys, where they stand, values.
type Entries<'t, T> = Vec<(Cow<'t, str>, Span, T)>;

impl Target for () {
    const IS_KEPT: bool = false;

    fn scalar(_: Span, _: Scalar, _: &str) {}

    fn seq(_: Span, _: Vec<()>) {}

    fn map(_: Span, _: Entries<'_, ()>) {}

    fn at(self, _: Span) {}
}

impl Target for Node {
    fn scalar(span: Span, scalar: Scalar, text: &str) -> Node {
        let data = match scalar {
            Scalar::Null => Data::Null,
            Scalar::Bool(b) => Data::Bool(b),
            Scalar::Int(n) => Data::Int(n),
            Scalar::Uint(n) => Data::Uint(n),
            Scalar::Float(x) => Data::Float(x),
            Scalar::Text => Data::String(text.to_owned()),
        };
        Node { span, data }
    }

    fn seq(span: Span, items: Vec<Node>) -> Node {
        Node { span, data: Data::Seq(items) }
    }

    fn map(span: Span, entries: Entries<'_, Node>) -> Node {
        let entry =
            |(key, key_span, value): (Cow<'_, str>, _, _)| Entry { key: key.into_owned(), key_span, value };
        let entries = entries.into_iter().map(entry);
        Node { span, data: Data::Map(entries.collect()) }
    }

    fn at(self, span: Span) -> Node {
        Node { span, data: self.data }
    }
}

impl Target for Value {
    fn scalar(_: Span, scalar: Scalar, text: &str) -> Value {
        match scalar {
            Scalar::Null => Value::Nil,
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Int(n) => Value::Float64(n as f64),
            Scalar::Uint(n) => Value::Float64(n as f64),
            Scalar::Float(x) => Value::Float64(x),
            Scalar::Text => Value::from(text),
        }
    }

    fn seq(_: Span, items: Vec<Value>) -> Value {
        Value::List(List::any(items).grown())
    }

    fn map(_: Span, entries: Entries<'_, Value>) -> Value {
        let cells: Cells = entries.into_iter().map(|(key, _, value)| (Str::from(key), value)).collect();
        Value::Map(Map::of(Elem::Any, cells))
    }

    fn at(self, _: Span) -> Value {
        self
    }
}

/// What a mapping has held so far.
#[derive(Default)]
struct Seen<'t> {
    keys: HashSet<Key<'t>>,
    /// Where among its entries a float stands that is zero.
    zero: Option<usize>,
}

/// Decodes one document.
pub(super) struct Decoder<'r, 'a> {
    raw: &'r Raw<'a>,
    strict: bool,
    /// The aliases that are being expanded.
    expanding: HashSet<Id>,
    decoded: u64,
    from_aliases: u64,
    alias_depth: u32,
    /// How many collections are open.
    depth: usize,
    /// The bracket that JSON would open one too many of.
    too_deep: Option<char>,
    /// Errors that go-yaml gathers.
    type_errors: Vec<String>,
    /// Whether there was a key that JSON cannot have.
    bad_key: bool,
    /// Whether there was a number that JSON cannot have.
    beyond_json: bool,
    first_error_line: Option<usize>,
}

fn fail<T>(message: impl Into<String>) -> Result<T, Problem> {
    Err(Problem { message: message.into().into(), line: 0 })
}

impl<'r, 'a> Decoder<'r, 'a> {
    /// Decodes the document. With `strict`, a key that stands twice in a mapping is an error.
    pub fn run<T: Target>(raw: &'r Raw<'a>, strict: bool) -> Result<T, Error> {
        Decoder::check(raw, strict, |decoder| decoder.node(0))
    }

    /// As [`Decoder::run`], but of the outermost mapping only what stands at the keys that are wanted; the rest is read for
    /// its errors.
    pub fn run_parts(raw: &'r Raw<'a>, wanted: fn(&str) -> bool) -> Result<Node, Error> {
        let root = &raw.nodes[0];
        let Kind::Map(children) = &root.kind else { return Decoder::run(raw, false) };
        if children.iter().step_by(2).any(|key| raw.is_merge(*key)) {
            return Decoder::run(raw, false);
        }
        Decoder::check(raw, false, |decoder| {
            decoder.count()?;
            decoder.open('{')?;
            let mut entries = Vec::new();
            for pair in children.chunks_exact(2) {
                let (_, name) = decoder.key(pair[0])?;
                if wanted(&name) {
                    entries.push((name, raw.nodes[pair[0] as usize].span, decoder.node(pair[1])?));
                } else {
                    decoder.node::<()>(pair[1])?;
                }
            }
            Ok(Node::map(root.span, entries))
        })
    }

    /// What `decode` makes of the document, unless there is an error that is told only when all of it is known.
    fn check<T>(
        raw: &'r Raw<'a>,
        strict: bool,
        decode: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Error> {
        let mut decoder = Decoder::new(raw, strict);
        let made = decode(&mut decoder);
        if let Some(bracket) = decoder.too_deep {
            return Err(Error::decoding(format!("invalid character '{bracket}' exceeded max depth"), None));
        }
        let made = made?;
        if !decoder.type_errors.is_empty() {
            let text = format!("yaml: unmarshal errors:\n  {}", decoder.type_errors.join("\n  "));
            return Err(Error::new(text, decoder.first_error_line));
        }
        if let Some(text) = decoder.bad_key.then(|| golang::bad_key(raw, 0)).flatten() {
            return Err(Error::new(text, None));
        }
        if decoder.beyond_json {
            // A later key of the same name may have taken its place, and the first by name is told.
            let value: Value = Decoder::new(raw, strict).node(0)?;
            json::to_json(&value).map_err(|fault| Error::new(String::from(fault), None))?;
        }
        Ok(made)
    }

    fn new(raw: &'r Raw<'a>, strict: bool) -> Decoder<'r, 'a> {
        Decoder {
            raw,
            strict,
            expanding: HashSet::new(),
            decoded: 1,
            from_aliases: 0,
            alias_depth: 0,
            depth: 0,
            too_deep: None,
            type_errors: Vec::new(),
            bad_key: false,
            beyond_json: false,
            first_error_line: None,
        }
    }

    /// Go: yaml.v2 decode.go `decoder.unmarshal`, the part that counts.
    fn count(&mut self) -> Result<(), Problem> {
        budget::spend(NODE)?;
        self.decoded += 1;
        if self.alias_depth > 0 {
            self.from_aliases += 1;
        }
        if self.from_aliases > 100
            && self.decoded > 1000
            && self.from_aliases as f64 / self.decoded as f64 > allowed_alias_ratio(self.decoded)
        {
            return fail("document contains excessive aliasing");
        }
        Ok(())
    }

    fn node<T: Target>(&mut self, id: Id) -> Result<T, Problem> {
        self.count()?;
        let raw = self.raw;
        let node = &raw.nodes[id as usize];
        match &node.kind {
            Kind::Scalar { text, tag, implicit } => {
                let (scalar, text) = Self::scalar(text, tag.as_deref(), *implicit)?;
                self.beyond_json |= matches!(scalar, Scalar::Float(x) if !x.is_finite());
                Ok(T::scalar(node.span, scalar, &text))
            }
            Kind::Seq(items) => {
                self.open('[')?;
                let items = items.iter().map(|item| self.node(*item)).collect::<Result<_, _>>()?;
                self.depth -= 1;
                Ok(T::seq(node.span, items))
            }
            Kind::Map(children) => {
                self.open('{')?;
                let mut entries = Vec::with_capacity(children.len() / 2);
                let mut seen = Seen::default();
                self.mapping(children, &mut entries, &mut seen)?;
                self.depth -= 1;
                Ok(T::map(node.span, entries))
            }
            Kind::Alias { name, target } => {
                self.enter(id, name)?;
                let found: T = self.node(*target)?;
                self.leave(id);
                Ok(found.at(node.span))
            }
        }
    }

    /// Counts a collection; aliases can nest deeper than any text.
    fn open(&mut self, bracket: char) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.too_deep = Some(bracket);
            return fail("exceeded max depth");
        }
        Ok(())
    }

    fn enter(&mut self, alias: Id, name: &str) -> Result<(), Problem> {
        if !self.expanding.insert(alias) {
            return fail(format!("anchor '{name}' value contains itself"));
        }
        self.alias_depth += 1;
        Ok(())
    }

    fn leave(&mut self, alias: Id) {
        self.alias_depth -= 1;
        self.expanding.remove(&alias);
    }

    fn scalar<'t>(
        text: &'t str,
        tag: Option<&str>,
        implicit: bool,
    ) -> Result<(Scalar, Cow<'t, str>), Problem> {
        if tag.is_none() && !implicit {
            return Ok((Scalar::Text, text.into()));
        }
        if tag == Some("tag:yaml.org,2002:binary") {
            let Ok(bytes) = base64_decode(text.as_bytes()) else {
                return fail("!!binary value contains invalid base64 data");
            };
            return Ok((Scalar::Text, runes::to_valid(&bytes).into_owned().into()));
        }
        Ok((resolve::resolve(tag.unwrap_or_default(), text)?, text.into()))
    }

    /// Go: yaml.v2 decode.go `decoder.mapping`.
    fn mapping<T: Target>(
        &mut self,
        children: &[Id],
        entries: &mut Entries<'r, T>,
        seen: &mut Seen<'r>,
    ) -> Result<(), Problem> {
        for pair in children.chunks_exact(2) {
            let &[key, value] = pair else { continue };
            if self.raw.is_merge(key) {
                self.merge(value, entries, seen)?;
                continue;
            }
            let (typed, name) = self.key(key)?;
            let item = self.node(value)?;
            if self.strict && !seen.keys.insert(typed.clone()) {
                let line = self.raw.nodes[value as usize].line;
                let shown = golang::key_syntax(&typed);
                self.first_error_line.get_or_insert(line as usize);
                self.type_errors.push(format!("line {line}: key {shown} already set in map"));
                continue;
            }
            if !T::IS_KEPT {
                continue;
            }
            // Go's maps take both zeros for one key, as the last of them writes it.
            if let (Key::Float(0), Some(at)) = (&typed, seen.zero) {
                entries[at] = (name, self.raw.nodes[key as usize].span, item);
                continue;
            }
            seen.zero = seen.zero.or((typed == Key::Float(0)).then_some(entries.len()));
            entries.push((name, self.raw.nodes[key as usize].span, item));
        }
        Ok(())
    }

    /// The key, and what it is in JSON.
    fn key(&mut self, id: Id) -> Result<(Key<'r>, Cow<'r, str>), Problem> {
        self.count()?;
        let raw = self.raw;
        let (scalar, text) = match &raw.nodes[id as usize].kind {
            Kind::Scalar { text, tag, implicit } => Self::scalar(text, tag.as_deref(), *implicit)?,
            Kind::Alias { name, target } => {
                self.enter(id, name)?;
                let found = self.key(*target)?;
                self.leave(id);
                return Ok(found);
            }
            Kind::Seq(_) | Kind::Map(_) => {
                // Decoding it may fail for another reason first.
                self.decoded -= 1;
                self.node::<Value>(id)?;
                return fail(format!("invalid map key: {}", golang::syntax(raw, id)));
            }
        };
        Ok(match scalar {
            Scalar::Text => (Key::Text(text.clone()), text),
            Scalar::Bool(b) => (Key::Bool(b), b.to_string().into()),
            Scalar::Int(n) => (Key::Int(n), n.to_string().into()),
            Scalar::Float(x) => (Key::float(x), number::float_key(x).into()),
            Scalar::Null | Scalar::Uint(_) => {
                self.bad_key = true;
                let key = match scalar {
                    Scalar::Uint(n) => Key::Uint(n),
                    _ => Key::Null,
                };
                (key, Cow::Borrowed(""))
            }
        })
    }

    /// Go: yaml.v2 decode.go `decoder.merge`.
    fn merge<T: Target>(
        &mut self,
        id: Id,
        entries: &mut Entries<'r, T>,
        seen: &mut Seen<'r>,
    ) -> Result<(), Problem> {
        let raw = self.raw;
        match &raw.nodes[id as usize].kind {
            // Backwards, because earlier ones take precedence.
            Kind::Seq(items) => items.iter().rev().try_for_each(|item| self.merge_one(*item, entries, seen)),
            _ => self.merge_one(id, entries, seen),
        }
    }

    fn merge_one<T: Target>(
        &mut self,
        id: Id,
        entries: &mut Entries<'r, T>,
        seen: &mut Seen<'r>,
    ) -> Result<(), Problem> {
        let raw = self.raw;
        match &raw.nodes[id as usize].kind {
            Kind::Map(children) => {
                self.count()?;
                self.mapping(children, entries, seen)
            }
            Kind::Alias { name, target } if matches!(raw.nodes[*target as usize].kind, Kind::Map(_)) => {
                self.count()?;
                self.enter(id, name)?;
                self.merge_one(*target, entries, seen)?;
                self.leave(id);
                Ok(())
            }
            _ => fail("map merge requires map or sequence of maps as the value"),
        }
    }
}

/// Go: yaml.v2 decode.go `allowedAliasRatio`: small documents may come from aliases nearly whole, large ones may not.
fn allowed_alias_ratio(decoded: u64) -> f64 {
    const LOW: u64 = 400_000;
    const HIGH: u64 = 4_000_000;
    match decoded {
        0..=LOW => 0.99,
        HIGH.. => 0.10,
        _ => 0.99 - 0.89 * ((decoded - LOW) as f64 / (HIGH - LOW) as f64),
    }
}
