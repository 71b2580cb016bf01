//! Random expressions of `--set`, `--set-string`, `--set-json`, `--set-literal` and `--set-file`: paths and values that mostly
//! fit a small set of values, and some with a character too many or too few.

use super::compare::Family;
use super::sections::{Sections, section};
use testkit::random::Random;

/// Values that expressions are set into.
const BASES: [&str; 7] = [
    "{}",
    "{a: 1, b: text, c: {a: x, b: {c: 1}}, d: [1, two, {a: 1}]}",
    "{a: null, b: {}, c: [], d: [[1, 2], [3], null]}",
    "{a: {a: {a: {a: 1}}}, d: [{a: {b: 1}}, {c: [1]}]}",
    "{a: true, b: 1.5, c: {a: null}, d: {a: [null, null]}}",
    "{a: [], b: [[]], c: 2147483648, d: ''}",
    "{global: {a: 1}, a.b: dotted, 'a,b': comma, '0': zero, é: accent}",
];

const KEYS: [&str; 24] = [
    "a", "b", "c", "d", "a", "b", "c", "d", "global", "é", "0", "a\\.b", "a\\,b", "a\\=b", "a\\[0\\]", "\\",
    " a", "a b", "", "true", "null", "日本", "a-b_c", "\\\\",
];

const INDEXES: [&str; 20] = [
    "0",
    "0",
    "0",
    "1",
    "1",
    "2",
    "3",
    "5",
    "-1",
    "",
    "00",
    "+1",
    "a",
    "1.0",
    "65536",
    "65537",
    "99999999999999999999",
    " 1",
    "0x1",
    "1_0",
];

const VALUES: [&str; 56] = [
    "1",
    "0",
    "-1",
    "007",
    "+5",
    "1.5",
    "1e3",
    "0x10",
    "1_000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "true",
    "True",
    "TRUE",
    "false",
    "tRue",
    "yes",
    "null",
    "NULL",
    "nil",
    "~",
    "",
    "text",
    " text ",
    "a b",
    "a\\,b",
    "a,b",
    "\\",
    "\\\\",
    "a\\",
    "a=b",
    "a.b",
    "[",
    "]",
    "{",
    "}",
    "\"quoted\"",
    "'single'",
    "é日本",
    "\t",
    "line\nbreak",
    "-",
    "-0",
    "00",
    "0.0",
    "tru\u{17f}e",
    "fal\u{17f}e",
    "\u{1f600}",
    "http://x/y?z=1",
    "a[0]",
    "f",
    "g",
    "%d",
    "$(x)",
    "\u{85}",
];

const JSONS: [&str; 34] = [
    "1",
    "1.5",
    "1e3",
    "-0",
    "01",
    "1E400",
    "true",
    "null",
    "\"s\"",
    "\"\\u00e9\"",
    "\"\\ud800\"",
    "\"a,b\"",
    "[]",
    "[1, 2]",
    "[1, {\"a\": null}]",
    "{}",
    "{\"a\": 1}",
    "{\"a\": {\"b\": [1]}}",
    "{\"a\": 1, \"a\": 2}",
    "{a: 1}",
    "{\"a\": 1",
    "[1,",
    "\"open",
    "nul",
    "tru",
    "'s'",
    "",
    " ",
    " 1 ",
    "1 2",
    "\"a\" x",
    "12345678901234567890",
    "\"\n\"",
    "[1,]",
];

/// Characters that are put where they should not be.
const NOISE: [&str; 16] =
    [",", "=", ".", "[", "]", "{", "}", "\\", " ", "\n", "0", "a", "\"", "é", "-", ",,"];

/// Files of `--set-file`.
const FILES: [(&str, &str); 3] = [("f", "content\n"), ("g", ""), ("a b", "{{ template }}")];

/// A generator of cases.
pub struct Flags {
    random: Random,
}

impl Flags {
    /// A kind of section and an expression for it.
    pub fn expression(&mut self) -> (&'static str, String) {
        let kind =
            self.random.word(&["set", "set", "set", "string", "literal", "json-values", "file-values"]);
        let mut text = String::new();
        let count = if self.random.percent(70) { 1 } else { 1 + self.random.below(3) };
        for at in 0..count {
            if at > 0 {
                text.push(',');
            }
            text.push_str(&self.path());
            text.push('=');
            text.push_str(&self.value(kind));
        }
        for _ in 0..if self.random.percent(20) { 1 + self.random.below(2) } else { 0 } {
            self.disturb(&mut text);
        }
        (kind, text)
    }

    fn path(&mut self) -> String {
        let mut path = self.random.word(&KEYS).to_owned();
        let deep = if self.random.below(400) == 0 { 40 } else { 0 };
        for _ in 0..self.random.below(4) + deep {
            if self.random.percent(35) {
                path.push_str(&format!("[{}]", self.random.word(&INDEXES)));
            } else {
                path.push('.');
                path.push_str(self.random.word(&KEYS));
            }
        }
        path
    }

    fn value(&mut self, kind: &str) -> String {
        match kind {
            "json-values" => self.random.word(&JSONS).to_owned(),
            "file-values" if self.random.percent(60) => self.random.pick(&FILES).0.to_owned(),
            _ if self.random.percent(20) => {
                let items: Vec<&str> = (0..self.random.below(4)).map(|_| self.random.word(&VALUES)).collect();
                format!("{{{}}}", items.join(","))
            }
            _ => self.random.word(&VALUES).to_owned(),
        }
    }

    /// Puts a character in or takes one out.
    fn disturb(&mut self, text: &mut String) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            return;
        }
        let at = *self.random.pick(&places);
        if self.random.percent(50) {
            text.insert_str(at, self.random.word(&NOISE));
        } else {
            text.remove(at);
        }
    }
}

impl Family for Flags {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Flags, String> {
        Ok(Flags { random: Random::new(seed) })
    }

    fn sample(&mut self) -> Sections {
        let mut sections = vec![section("values", "", self.random.word(&BASES))];
        let count = 1 + self.random.below(3);
        let expressions: Vec<(&str, String)> = (0..count).map(|_| self.expression()).collect();
        if expressions.iter().any(|(kind, _)| *kind == "file-values") {
            sections.extend(FILES.map(|(name, text)| section("file", name, text)));
        }
        sections.extend(expressions.iter().map(|(kind, text)| section(kind, "", text)));
        Sections::new("strvals", sections)
    }
}
