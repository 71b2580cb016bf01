//! Random schemas of every draft, some of them wrong, and values that fit them or not.

use serde_json::{Map, Value, json};

use super::compare::Family;
use super::sections::{Sections, section};
use testkit::random::Random;

const DRAFTS: [&str; 9] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2019-09/schema#",
    "https://json-schema.org/draft/2020-12/schema",
    "http://json-schema.org/draft/2020-12/schema#",
    "https://json-schema.org/schema",
];

const NAMES: [&str; 7] = ["a", "b", "c", "d~/e", "é", "x-y", "a b"];
const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

const FORMATS: [&str; 21] = [
    "regex",
    "json-pointer",
    "relative-json-pointer",
    "uuid",
    "duration",
    "period",
    "ipv4",
    "ipv6",
    "hostname",
    "email",
    "date",
    "time",
    "date-time",
    "uri",
    "iri",
    "uri-reference",
    "iri-reference",
    "uri-template",
    "semver",
    "idn-email",
    "nonsense",
];

/// Strings of every format, and nearly of it.
const STRINGS: [&str; 100] = [
    "",
    "a",
    "ab",
    "abc",
    "é日本",
    "it's \"x\"",
    "tab\t\u{1}",
    "x",
    "1",
    "/a/b~0~1",
    "/a~",
    "/a~2",
    "0#",
    "12/a",
    "01#",
    "#",
    "1/~x",
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567-e89b-12d3-a456-42661417400",
    "123e4567-e89b-12d3-a456-42661417400g",
    "P1Y2M3DT4H5M6S",
    "P1W",
    "PW",
    "P1.5W",
    "P",
    "PT",
    "P1",
    "PT1D",
    "P1D2Y",
    "P1DT",
    "P1DT1HT1M",
    "p1d",
    "127.0.0.1",
    "256.0.0.1",
    "01.2.3.4",
    "1.2.3",
    "1.2.3.x",
    "1.2.3.-4",
    "::1",
    "fe80::1%eth0",
    "1::2::3",
    "12345::",
    "::ffff:1.2.3.4",
    ":::",
    "example.com",
    "-a.b",
    "a-.b",
    "a..b",
    "a_b",
    "example.com.",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b",
    "joe@example.com",
    "\"joe x\"@example.com",
    "joe..x@a.b",
    ".joe@a",
    "joe@[127.0.0.1]",
    "joe@[IPv6:::1]",
    "joe@[x]",
    "joe@[IPv6:x]",
    "joe(x@a.b",
    "joe@a_b",
    "joe",
    "2024-02-29",
    "2023-02-29",
    "2023-13-01",
    "20230101",
    "12:00:00Z",
    "23:59:60Z",
    "22:59:60+23:00",
    "00:59:60+01:00",
    "12:00:00.5+01:00",
    "12:00:00.+01:00",
    "24:00:00Z",
    "12:00:00",
    "12:00:00+1:00",
    "12:00:00*01:00",
    "12-00-00Z",
    "2024-02-29T12:00:00Z",
    "2024-02-30T12:00:00Z",
    "2024-02-29 12:00:00Z",
    "2024-02-29T12:61:00Z",
    "2024-02-29T12:00:00Z/P1D",
    "P1D/2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00Z/P",
    "P1D/x",
    "http://example.com/a?b#c",
    "//example.com/a",
    "http://[::1]:80/",
    "http://[x]/",
    "http://a b/",
    "http://a:x/",
    "a\\b",
    "%zz",
    "http://x/{a}/{b}",
    "http://x/{a{b}}",
    "http://x/{a",
    "1.2.3-rc.1+b.7",
    "1.2",
    "01.2.3",
    "1.2.3-01",
];

const PATTERNS: [&str; 15] = [
    "^a",
    "b$",
    "^[a-c]+$",
    "",
    "x|é",
    "^\\d+$",
    "(",
    "[z-a]",
    "a{2,1}",
    "(?=a)",
    "\\p{L}",
    "(?i)A",
    "\\Z",
    "a**",
    "[[:foo:]]",
];

const REFS: [&str; 34] = [
    "#",
    "#/properties/a",
    "#/definitions/s",
    "#/definitions/t",
    "#/$defs/s",
    "#/$defs/t",
    "#/$defs/u",
    "#s",
    "#t",
    "#nowhere",
    "#/nowhere",
    "#/properties/d~0~1e",
    "#/properties/d~2",
    "#/unknown/deep",
    "#/allOf/0",
    "#/allOf/00",
    "s.json",
    "s.json#/properties/a",
    "s.json#t",
    "t.json",
    "/s.json",
    "x/../s.json",
    "values.schema.json#/properties/b",
    "file:///values.schema.json",
    "file:///nowhere.json",
    "urn:example:s",
    "urn:example:s#/x",
    "foo:bar",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-04/schema#/definitions/positiveInteger",
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/meta/validation#/$defs/stringArray",
    "#%zz",
    ":x",
];

/// The references that are there in a careful sample.
const SOUND_REFS: [&str; 10] = [
    "#",
    "#/definitions/s",
    "#/definitions/t",
    "#/definitions/u",
    "#/$defs/s",
    "#/$defs/t",
    "#/$defs/u",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/schema",
    "urn:example:s",
];

/// A generator of samples.
pub struct Schemas {
    random: Random,
    /// Whether the schema is to be valid, so that the values are held against it.
    careful: bool,
    /// The `$schema`, if it has one.
    draft: Option<&'static str>,
}

impl Schemas {
    /// The next schema, and values for it.
    fn pair(&mut self) -> (Value, Value) {
        self.careful = self.random.percent(75);
        self.draft = self.random.percent(80).then(|| *self.random.pick(&DRAFTS));
        let mut schema = self.schema(3);
        if let Value::Object(keywords) = &mut schema {
            if let Some(draft) = self.draft {
                keywords.insert("$schema".to_owned(), json!(draft));
            }
            if !self.careful && self.random.percent(4) {
                keywords.insert("$schema".to_owned(), self.junk());
            }
            for keyword in ["definitions", "$defs"] {
                if self.careful || self.random.percent(50) {
                    let mut definitions = Map::new();
                    for name in ["s", "t", "u"] {
                        definitions.insert(name.to_owned(), self.definition(name));
                    }
                    keywords.insert(keyword.to_owned(), Value::Object(definitions));
                }
            }
            if self.random.percent(5) {
                let deep = self.schema(1);
                keywords.insert("unknown".to_owned(), json!({ "deep": deep }));
            }
        }
        let values = self.object(3);
        (schema, values)
    }

    /// A schema that references can name.
    fn definition(&mut self, name: &str) -> Value {
        let mut schema = self.schema(2);
        if let Value::Object(keywords) = &mut schema {
            match self.random.below(if self.careful { 40 } else { 10 }) {
                0 => keywords.insert("$id".to_owned(), json!(format!("{name}.json"))),
                1 => keywords.insert("id".to_owned(), json!(format!("{name}.json"))),
                2 => keywords.insert("$id".to_owned(), json!(format!("#{name}"))),
                3 => keywords.insert("id".to_owned(), json!(format!("#{name}"))),
                4 => keywords.insert("$anchor".to_owned(), json!(name)),
                5 => keywords.insert("$dynamicAnchor".to_owned(), json!(name)),
                6 => keywords.insert("$recursiveAnchor".to_owned(), json!(true)),
                7 => keywords.insert("$id".to_owned(), json!(*self.random.pick(&REFS))),
                _ => None,
            };
            if self.random.percent(if self.careful { 1 } else { 4 }) {
                keywords.insert("$schema".to_owned(), json!(*self.random.pick(&DRAFTS)));
                keywords.insert("$id".to_owned(), json!(format!("{name}.json")));
            }
        }
        schema
    }

    fn name(&mut self) -> String {
        let few = if self.random.percent(80) { 3 } else { NAMES.len() };
        NAMES[self.random.below(few)].to_owned()
    }

    fn schema(&mut self, depth: usize) -> Value {
        if self.random.percent(6) && !(self.careful && self.is_draft("-04")) {
            return json!(self.random.percent(60));
        }
        let mut keywords = Map::new();
        for _ in 0..self.random.below(if depth == 3 { 5 } else { 4 }) {
            let (keyword, value) = self.keyword(depth);
            let value = if !self.careful && self.random.percent(2) { self.junk() } else { value };
            keywords.insert(keyword.to_owned(), value);
        }
        Value::Object(keywords)
    }

    fn schemas(&mut self, depth: usize) -> Value {
        (0..=self.random.below(3)).map(|_| self.schema(depth)).collect()
    }

    fn map(&mut self, depth: usize) -> Value {
        let mut map = Map::new();
        for _ in 0..self.random.below(4) {
            map.insert(self.name(), self.schema(depth));
        }
        Value::Object(map)
    }

    /// Whether the schema names a draft like that.
    fn is_draft(&self, part: &str) -> bool {
        self.draft.is_some_and(|draft| draft.contains(part))
    }

    /// Whether `items` may be a list and numbers be excluded by number.
    fn is_latest(&self) -> bool {
        self.draft.is_none() || self.is_draft("2020-12") || self.is_draft("org/schema")
    }

    fn names(&mut self) -> Value {
        let least = usize::from(self.careful);
        let mut names: Vec<String> = (0..least + self.random.below(4 - least)).map(|_| self.name()).collect();
        if self.careful || self.random.percent(90) {
            names.sort_unstable();
            names.dedup();
        }
        json!(names)
    }

    fn keyword(&mut self, depth: usize) -> (&'static str, Value) {
        if depth > 0 && self.random.percent(60) {
            return self.applicator(depth - 1);
        }
        match self.random.below(20) {
            0 | 1 => {
                let few = self.random.percent(60);
                let types: Vec<&str> = (0..if few { 1 } else { 1 + self.random.below(3) })
                    .map(|_| *self.random.pick(&TYPES))
                    .collect();
                ("type", if few { json!(types[0]) } else { json!(types) })
            }
            2 => ("enum", (0..=self.random.below(3)).map(|_| self.value(1)).collect()),
            3 => ("const", self.value(1)),
            4 => {
                let keyword = *self.random.pick(&["minimum", "maximum", "multipleOf"]);
                let number = self.number();
                let wrong = self.careful && keyword == "multipleOf" && number.as_f64() <= Some(0.0);
                (keyword, if wrong { json!(2) } else { number })
            }
            5 => {
                let keyword = *self.random.pick(&["exclusiveMinimum", "exclusiveMaximum"]);
                let flag = if self.careful { self.is_draft("-04") } else { self.random.percent(50) };
                (keyword, if flag { json!(true) } else { self.number() })
            }
            6 | 7 => {
                let keyword = *self.random.pick(&[
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "minContains",
                    "maxContains",
                ]);
                let sound = self.careful || self.random.percent(90);
                (keyword, if sound { json!(self.random.below(4)) } else { self.number() })
            }
            8 | 9 => {
                let few = if self.careful || self.random.percent(80) { 6 } else { PATTERNS.len() };
                ("pattern", json!(PATTERNS[self.random.below(few)]))
            }
            10..13 => ("format", json!(*self.random.pick(&FORMATS))),
            13 => ("uniqueItems", json!(self.random.percent(80))),
            14 | 15 => ("required", self.names()),
            16 => ("dependentRequired", json!({ self.name(): self.names(), self.name(): self.names() })),
            17 => (
                *self.random.pick(&["title", "$comment", "contentEncoding", "contentMediaType"]),
                json!("base64"),
            ),
            _ => {
                let keyword = *self.random.pick(&["$ref", "$ref", "$ref", "$dynamicRef", "$recursiveRef"]);
                if self.careful {
                    return (keyword, json!(*self.random.pick(&SOUND_REFS)));
                }
                let few = if self.random.percent(70) { 9 } else { REFS.len() };
                (keyword, json!(REFS[self.random.below(few)]))
            }
        }
    }

    fn applicator(&mut self, depth: usize) -> (&'static str, Value) {
        match self.random.below(20) {
            0..6 => ("properties", self.map(depth)),
            6 => {
                let mut map = Map::new();
                for _ in 0..=self.random.below(2) {
                    let few = if self.careful || self.random.percent(90) { 6 } else { PATTERNS.len() };
                    map.insert(PATTERNS[self.random.below(few)].to_owned(), self.schema(depth));
                }
                ("patternProperties", Value::Object(map))
            }
            7 | 8 => ("additionalProperties", self.schema_or_bool(depth)),
            9 if self.careful && self.is_latest() => ("prefixItems", self.schemas(depth)),
            9 => (*self.random.pick(&["items", "prefixItems"]), self.schemas(depth)),
            10 => (*self.random.pick(&["items", "contains", "unevaluatedItems"]), self.schema(depth)),
            11 => ("additionalItems", self.schema_or_bool(depth)),
            12..15 => (*self.random.pick(&["allOf", "anyOf", "oneOf"]), self.schemas(depth)),
            15 => (*self.random.pick(&["not", "propertyNames", "contentSchema"]), self.schema(depth)),
            16 | 17 => (*self.random.pick(&["if", "then", "else"]), self.schema(depth)),
            18 => ("unevaluatedProperties", self.schema_or_bool(depth)),
            _ => {
                let keyword = *self.random.pick(&["dependencies", "dependentSchemas"]);
                let names = if self.random.percent(50) { self.names() } else { self.schema(depth) };
                (keyword, json!({ self.name(): names, self.name(): self.schema(depth) }))
            }
        }
    }

    fn schema_or_bool(&mut self, depth: usize) -> Value {
        if self.random.percent(30) { json!(self.random.percent(30)) } else { self.schema(depth) }
    }

    fn number(&mut self) -> Value {
        json!(*self.random.pick(&[
            0.0,
            1.0,
            2.0,
            3.0,
            -1.0,
            0.1,
            0.3,
            1.5,
            2.5,
            1000.0,
            1e6,
            123_456.0,
            1_234_567.0,
            1e21,
            -1e-7,
            1e-5,
            12345.678
        ]))
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.random.below(if depth > 0 { 14 } else { 9 }) {
            0 => json!(null),
            1 => json!(self.random.percent(50)),
            2 => json!(self.random.below(5)),
            3 => self.number(),
            4..9 => {
                let few = if self.random.percent(40) { 9 } else { STRINGS.len() };
                json!(STRINGS[self.random.below(few)])
            }
            9 | 10 => (0..self.random.below(5)).map(|_| self.value(depth - 1)).collect(),
            _ => self.object(depth - 1),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut map = Map::new();
        for _ in 0..self.random.below(if depth == 3 { 7 } else { 4 }) {
            map.insert(self.name(), self.value(depth));
        }
        Value::Object(map)
    }

    /// What no keyword wants.
    fn junk(&mut self) -> Value {
        match self.random.below(6) {
            0 => json!([]),
            1 => json!({ "a": 1 }),
            2 => json!(*self.random.pick(&REFS)),
            _ => match self.value(1) {
                // What another server says is not to be asked for.
                Value::String(text) if text.starts_with("http:") => json!("x"),
                value => value,
            },
        }
    }
}

impl Family for Schemas {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Schemas, String> {
        Ok(Schemas { random: Random::new(seed), careful: false, draft: None })
    }

    fn sample(&mut self) -> Sections {
        let (schema, values) = self.pair();
        let text = |kind: &str, json: &Value| section(kind, "", &json.to_string());
        Sections::new("schema", vec![text("schema", &schema), text("values", &values)])
    }
}
