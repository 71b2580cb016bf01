//! [`Known`]: what the API server of a minor knows: its kinds, the Go types behind them, and what is deprecated. The data is
//! `known.zz`, written by `cargo xtask kubernetes`; it is unpacked when it is first asked for.

use std::io::Read;
use std::ops::Range;
use std::sync::OnceLock;

use flate2::read::ZlibDecoder;
use rustc_hash::FxHashMap;

/// The oldest minor that is known.
pub const OLDEST: u32 = 29;
/// The newest minor that is known.
pub const NEWEST: u32 = 37;

/// What may stand at a place of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `string` and types made of it.
    Str,
    /// `bool`
    Bool,
    /// A signed integer of that many bits.
    Int(u32),
    /// An unsigned integer of that many bits.
    Uint(u32),
    /// A float.
    Float,
    /// `[]byte`, base64 in JSON.
    Bytes,
    /// `resource.Quantity`
    Quantity,
    /// `intstr.IntOrString`
    IntOrString,
    /// `metav1.Time`
    Time,
    /// `metav1.MicroTime`
    MicroTime,
    /// `metav1.Duration`
    Duration,
    /// JSON that is handed on as it is: `runtime.RawExtension`, `metav1.FieldsV1`, `apiextensions/v1.JSON`.
    Raw,
    /// A schema, or a boolean: `apiextensions/v1.JSONSchemaPropsOrBool`.
    SchemaOrBool,
    /// A schema, or a list of them.
    SchemaOrArray,
    /// A schema, or a list of strings.
    SchemaOrStrings,
    /// A pointer: `null` and absence are one.
    Pointer(Box<Type>),
    /// A slice.
    List(Box<Type>),
    /// A map with string keys.
    Map(Box<Type>),
    /// A struct, by its place in [`Known::fields`].
    Struct(usize),
}

/// A Go type: what it is, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What it is.
    pub shape: Shape,
    /// Its name in the table, with the folder of its package: `core/v1.PodSpec`.
    pub name: &'static str,
}

impl Type {
    /// As Go's `reflect` prints it: `[]v1.ServicePort`.
    pub fn go_name(&self) -> String {
        let text = self.name.replace("[]byte", "[]uint8");
        let mut out = String::new();
        let mut word = String::new();
        for c in text.chars() {
            match c {
                '/' => word.clear(),
                '[' | ']' | '*' => {
                    out.push_str(&word);
                    word.clear();
                    out.push(c);
                }
                _ => word.push(c),
            }
        }
        out + &word
    }
}

/// A field of a struct; those of inlined structs stand in its place.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name in Go.
    pub go_name: String,
    /// What may stand there.
    pub kind: Type,
    /// The names of the inlined structs that it comes from.
    pub inlined: Vec<&'static str>,
}

/// A kind that a server serves, or served at some time.
#[derive(Clone, Debug)]
pub struct Kind {
    /// `apps/v1`
    pub api_version: &'static str,
    /// `Deployment`
    pub name: &'static str,
    /// The place of its struct; `None` where no known minor serves it.
    pub index: Option<usize>,
    /// Whether its objects have a namespace.
    pub namespaced: bool,
    /// The minor that deprecates it.
    pub deprecated: Option<u32>,
    /// The minor that serves it no more.
    pub removed: Option<u32>,
    /// The version and kind to use instead.
    pub replacement: Option<(&'static str, &'static str)>,
    /// Whether this minor serves it.
    pub served: bool,
}

impl Kind {
    /// The group, empty for the core group.
    pub fn group(&self) -> &'static str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The version without its group.
    pub fn version(&self) -> &'static str {
        self.api_version.split_once('/').map_or(self.api_version, |(_, version)| version)
    }
}

/// What a minor knows.
#[derive(Debug)]
pub struct Known {
    /// The minor: 37 for 1.37.
    pub minor: u32,
    kinds: FxHashMap<&'static str, FxHashMap<&'static str, Kind>>,
    /// The data of all minors.
    text: &'static str,
    /// Types that are made of another.
    named: FxHashMap<&'static str, &'static str>,
    structs: Vec<Struct>,
    /// The structs by name.
    index: FxHashMap<&'static str, usize>,
}

#[derive(Debug)]
struct Struct {
    name: &'static str,
    /// The lines of its fields.
    lines: Range<usize>,
    /// What they say, once somebody asks.
    fields: OnceLock<Vec<Field>>,
}

impl Known {
    /// What the minor knows; those before the oldest and after the newest are taken for these.
    pub fn of(minor: u32) -> &'static Known {
        const COUNT: usize = (NEWEST - OLDEST + 1) as usize;
        static TABLES: [OnceLock<Known>; COUNT] = [const { OnceLock::new() }; COUNT];
        let minor = minor.clamp(OLDEST, NEWEST);
        TABLES[(minor - OLDEST) as usize].get_or_init(|| read(text(), minor))
    }

    /// A kind, served or not.
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        self.kinds.get(api_version)?.get(kind)
    }

    /// All kinds, in no order.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values().flat_map(FxHashMap::values)
    }

    /// The fields of a struct.
    pub fn fields(&self, index: usize) -> &[Field] {
        let Some(found) = self.structs.get(index) else { return &[] };
        found.fields.get_or_init(|| self.read_fields(index, &[]))
    }

    /// The name of a struct without its package.
    pub fn struct_name(&self, index: usize) -> &'static str {
        self.structs.get(index).map_or("", |found| found.name.rsplit('.').next().unwrap_or_default())
    }

    /// The type of that name: `core.SeccompProfile`, `map[string]string`.
    pub fn type_of(&self, name: &'static str) -> Type {
        Type { shape: self.shape(name), name }
    }

    /// The place of a struct by its name with the folder of its package.
    pub fn struct_index(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
}

fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = String::new();
        let read = ZlibDecoder::new(&include_bytes!("known.zz")[..]).read_to_string(&mut text);
        debug_assert!(read.is_ok(), "the data of this repository can be unpacked");
        text
    })
}

fn read(text: &'static str, minor: u32) -> Known {
    let (named, index) = (FxHashMap::default(), FxHashMap::default());
    let mut known = Known { minor, text, kinds: FxHashMap::default(), named, structs: Vec::new(), index };
    let mut kinds = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if is_field(line) {
            // Most are never asked for.
            if let Some(last) = known.structs.last_mut() {
                last.lines.end = end;
            }
            continue;
        }
        let words: Vec<&'static str> = line.split_whitespace().collect();
        match &words[..] {
            ["name", ..] => {
                if let Some(&["name", name, underlying]) = of_minor(&words, minor) {
                    known.named.insert(name, underlying);
                }
            }
            ["type", name] => {
                known.index.insert(name, known.structs.len());
                known.structs.push(Struct { name, lines: end..end, fields: OnceLock::new() });
            }
            ["kind", ..] => kinds.push(words),
            _ => {}
        }
    }
    for kind in kinds.iter().filter_map(|words| kind(words, minor, &known.index)) {
        let of_version = known.kinds.entry(kind.api_version).or_default();
        if kind.served || !of_version.contains_key(kind.name) {
            of_version.insert(kind.name, kind);
        }
    }
    known
}

fn is_field(line: &str) -> bool {
    line.starts_with(' ')
}

/// The words of a line without the minors at their end, if those hold the minor.
fn of_minor<'a>(words: &'a [&'static str], minor: u32) -> Option<&'a [&'static str]> {
    match words.split_last() {
        Some((range, rest)) if is_range(range) => in_range(range, minor).then_some(rest),
        _ => Some(words),
    }
}

fn kind(words: &[&'static str], minor: u32, index: &FxHashMap<&'static str, usize>) -> Option<Kind> {
    let [_, api_version, name, type_name, _, scope, range, more @ ..] = words else { return None };
    let word = |key: &str| more.iter().find_map(|word| word.strip_prefix(key));
    Some(Kind {
        api_version,
        name,
        index: index.get(type_name).copied(),
        namespaced: *scope == "namespace",
        deprecated: word("deprecated=").and_then(|text| text.parse().ok()),
        removed: word("removed=").and_then(|text| text.parse().ok()),
        replacement: word("replacement=").and_then(|text| text.split_once(':')),
        served: in_range(range, minor),
    })
}

fn is_range(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether `29-33,35-35` holds the minor.
fn in_range(ranges: &str, minor: u32) -> bool {
    ranges.split(',').any(|range| {
        let ends = range.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        ends.is_some_and(|(from, to): (u32, u32)| (from..=to).contains(&minor))
    })
}

impl Known {
    fn read_fields(&self, index: usize, inlined: &[&'static str]) -> Vec<Field> {
        let mut fields = Vec::new();
        for line in self.text[self.structs[index].lines.clone()].lines() {
            let words: Vec<&'static str> = line.split_whitespace().collect();
            let Some([name, kind, go_name @ ..]) = of_minor(&words, self.minor) else { continue };
            if let Some(embedded) = name.strip_prefix('=') {
                let path: Vec<&'static str> = inlined.iter().copied().chain([embedded]).collect();
                if let Some(&inner) = self.index.get(kind.trim_start_matches('*')) {
                    fields.extend(self.read_fields(inner, &path));
                }
                continue;
            }
            let mut letters = name.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            let upper = || first.into_iter().chain(letters.clone()).collect();
            fields.push(Field {
                name,
                go_name: go_name.first().map_or_else(upper, |&name| name.to_owned()),
                kind: self.type_of(kind),
                inlined: inlined.to_vec(),
            });
        }
        fields
    }

    fn shape(&self, name: &'static str) -> Shape {
        if let Some(inner) = name.strip_prefix('*') {
            return Shape::Pointer(Box::new(self.type_of(inner)));
        }
        if name == "[]byte" {
            return Shape::Bytes;
        }
        if let Some(inner) = name.strip_prefix("[]") {
            return Shape::List(Box::new(self.type_of(inner)));
        }
        if let Some((_, inner)) = name.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
            return Shape::Map(Box::new(self.type_of(inner)));
        }
        match name {
            "string" => Shape::Str,
            "bool" => Shape::Bool,
            "int32" => Shape::Int(32),
            "int" | "int64" => Shape::Int(64),
            "int16" => Shape::Int(16),
            "int8" => Shape::Int(8),
            "uint8" => Shape::Uint(8),
            "uint16" => Shape::Uint(16),
            "uint32" => Shape::Uint(32),
            "uint" | "uint64" => Shape::Uint(64),
            "float32" | "float64" => Shape::Float,
            "resource.Quantity" => Shape::Quantity,
            "intstr.IntOrString" => Shape::IntOrString,
            "meta/v1.Time" => Shape::Time,
            "meta/v1.MicroTime" => Shape::MicroTime,
            "meta/v1.Duration" => Shape::Duration,
            "apiextensions/v1.JSONSchemaPropsOrBool" => Shape::SchemaOrBool,
            "apiextensions/v1.JSONSchemaPropsOrArray" => Shape::SchemaOrArray,
            "apiextensions/v1.JSONSchemaPropsOrStringArray" => Shape::SchemaOrStrings,
            _ => match (self.named.get(name), self.index.get(name)) {
                (Some(underlying), _) => self.shape(underlying),
                (_, Some(&index)) => Shape::Struct(index),
                _ => Shape::Raw,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_kinds_and_fields_of_each_minor() {
        let has = |minor, kind: (&str, &str), field: &str| {
            let known = Known::of(minor);
            let index = known.kind(kind.0, kind.1).and_then(|kind| kind.index);
            index.is_some_and(|index| known.fields(index).iter().any(|known| known.name == field))
        };
        assert!(has(29, ("apps/v1", "Deployment"), "spec"));
        assert!(has(37, ("v1", "Pod"), "metadata"));
        let field = |minor| {
            let known = Known::of(minor);
            let spec =
                known.struct_index("core/v1.PodSpec").map(|index| known.fields(index)).unwrap_or_default();
            spec.iter().any(|field| field.name == "hostnameOverride")
        };
        assert!(!field(33) && field(34));
    }

    #[test]
    fn knows_what_is_served_and_what_replaces_it() {
        let served = |minor| {
            Known::of(minor)
                .kind("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema")
                .is_some_and(|kind| kind.served)
        };
        assert!(served(31) && !served(32));
        let ingress = Known::of(37).kind("extensions/v1beta1", "Ingress").unwrap();
        assert!(!ingress.served);
        assert_eq!(ingress.removed, Some(22));
        assert_eq!(ingress.replacement, Some(("networking.k8s.io/v1", "Ingress")));
    }

    #[test]
    fn every_type_has_a_shape() {
        for minor in OLDEST..=NEWEST {
            let known = Known::of(minor);
            for (index, found) in known.structs.iter().enumerate() {
                for field in known.fields(index) {
                    let is_raw = |kind: &Type| kind.shape == Shape::Raw;
                    let raw = match &field.kind.shape {
                        Shape::Pointer(inner) | Shape::List(inner) | Shape::Map(inner) => {
                            is_raw(inner).then_some(&**inner)
                        }
                        _ => is_raw(&field.kind).then_some(&field.kind),
                    };
                    let names = [
                        "runtime.RawExtension",
                        "meta/v1.FieldsV1",
                        "apiextensions/v1.JSON",
                        "runtime.Object",
                        "interface{}",
                    ];
                    assert!(
                        raw.is_none_or(
                            |raw| names.contains(&raw.name) || raw.name.starts_with("apiextensions.")
                        ),
                        "{}: {field:?}",
                        found.name
                    );
                }
            }
        }
    }

    #[test]
    fn prints_types_as_go_does() {
        let name = |name| Type { shape: Shape::Raw, name }.go_name();
        assert_eq!(name("[]core/v1.ServicePort"), "[]v1.ServicePort");
        assert_eq!(
            name("map[core/v1.ResourceName]resource.Quantity"),
            "map[v1.ResourceName]resource.Quantity"
        );
        assert_eq!(name("[]byte"), "[]uint8");
    }
}
