//! Random YAML: documents written in every style, recorded documents, and soups of tokens, many of them disturbed. Half of
//! them are read and compared as JSON and as Go values, error texts included; half become the values of a template that
//! prints them in every form.

use std::sync::OnceLock;

use super::compare::Family;
use super::sections::{Sections, section};
use crate::root;
use testkit::cases;
use testkit::random::Random;

/// Prints values in every form.
const PRINTER: &str = "{{ toYaml .Values }}
---
{{ toYamlPretty .Values }}
---
{{ toJson .Values }}
{{ toPrettyJson .Values }}
{{ toToml .Values }}
{{ printf \"%#v\" .Values }}
{{ .Values }}";

/// Plain scalars, with everything that YAML 1.1 reads as something else than text.
const PLAIN: [&str; 150] = [
    "a",
    "b",
    "text",
    "two words",
    "é",
    "日本",
    "😀",
    "-",
    "- a",
    "?",
    ":",
    "-a",
    "?a",
    ":a",
    "a:b",
    "a: b",
    "a #b",
    "a#b",
    "~",
    "null",
    "Null",
    "NULL",
    "nUll",
    "true",
    "True",
    "TRUE",
    "tRue",
    "false",
    "yes",
    "Yes",
    "YES",
    "no",
    "on",
    "On",
    "off",
    "OFF",
    "y",
    "Y",
    "n",
    "N",
    "0",
    "-0",
    "+0",
    "1",
    "-1",
    "+1",
    "007",
    "08",
    "0o17",
    "0x1F",
    "0X1f",
    "-0x1f",
    "0b101",
    "-0b1",
    "0b2",
    "1_000",
    "_1",
    "1_",
    "1__0",
    "0x_f",
    "0_7",
    "123456789",
    "1234567",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "1.0",
    "1.5",
    "-1.5",
    "+1.5",
    ".5",
    "5.",
    "1e3",
    "1E3",
    "1e+3",
    "1.e3",
    "1e",
    "1e400",
    "-1e400",
    "1.5e-10",
    "1e21",
    "1e20",
    "0.1",
    "123456789.25",
    "3.0e0",
    "1_0.5",
    "0.0",
    "-0.0",
    ".",
    "..",
    "...x",
    ".inf",
    "-.inf",
    "+.inf",
    ".Inf",
    ".INF",
    ".nan",
    ".NaN",
    ".NAN",
    "inf",
    "nan",
    "NaN",
    "Infinity",
    "1:30",
    "1:30:45",
    "190:20:30.15",
    "2001-01-01",
    "2001-1-1",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-15 2:59:43.10",
    "2001-01-01T00:00:00Z",
    "=",
    "<<",
    "!",
    "!a",
    "&",
    "*",
    "%",
    "%a",
    "@a",
    "`a",
    "|a",
    ">a",
    "{{ a }}",
    "{{a}}",
    "[a",
    "a]",
    "{a",
    "a}",
    "a,b",
    ",a",
    "'",
    "\"",
    "a'b",
    "a\"b",
    "\\",
    "a\\b",
    "0x",
    "0b",
    "+",
    "1e1_0",
    "1 2",
    "0xfffffffffffffffff",
    "1.2.3",
    "a\tb",
];

const QUOTED: [&str; 56] = [
    "''",
    "\"\"",
    "'a'",
    "\"a\"",
    "'it''s'",
    "\"\\n\"",
    "\"\\t\\r\\0\\a\\b\\e\\f\\v\"",
    "\"\\x41\\u00e9\\U0001F600\"",
    "\"\\xe9\"",
    "\"\\ud800\"",
    "\"\\udfff\\ud800\"",
    "\"\\U00110000\"",
    "\"\\x4\"",
    "\"\\u12\"",
    "\"\\N\\_\\L\\P\"",
    "\"\\/\"",
    "\"\\ \"",
    "\"\\q\"",
    "\"\\\"",
    "'\\n'",
    "'a\n\n  b'",
    "\"a\n  b\"",
    "\"a\\\n  b\"",
    "\"a \n\n\n b\"",
    "'a: b'",
    "\"a: b\"",
    "'# no'",
    "\"\u{7f}\"",
    "\"\u{85}\"",
    "\"\u{2028}\"",
    "'\u{a0}'",
    "\"\u{feff}\"",
    "\"\u{fffe}\"",
    "\"\u{1}\"",
    "'true'",
    "\"1\"",
    "'~'",
    "\" a \"",
    "'\ta'",
    "\"a\tb\"",
    "'---'",
    "\"...\"",
    "'a\n---\nb'",
    "\"x\\\n\"",
    "'- a'",
    "\"<&>\"",
    "\"\u{2029}\"",
    "'0'",
    "\"0x1\"",
    "'1e3'",
    "'a\n b\n\n\n c'",
    "\"trailing \\\n   space\"",
    "'é'",
    "\"日本\"",
    "'no'",
    "\"=\"",
];

/// What no scalar in quotes may have in it.
const FAULTS: [&str; 8] = ["\\ud", "\\q", "\\x4\"", "\\u12\"", "\\U0011", "\"\\\"\"", "\n---", "\\\n\""];

const TAGS: [&str; 34] = [
    "!!str",
    "!!int",
    "!!float",
    "!!bool",
    "!!null",
    "!!map",
    "!!seq",
    "!!binary",
    "!!timestamp",
    "!!merge",
    "!!set",
    "!!omap",
    "!",
    "!a",
    "!!",
    "!<tag:yaml.org,2002:str>",
    "!<a>",
    "!<>",
    "!e!a",
    "!!python/object",
    "!%41",
    "!!%73tr",
    "!a%",
    "!a,b",
    "!<tag:yaml.org,2002:int>",
    "!<!>",
    "!!str!",
    "!!Str",
    "!!pairs",
    "!h!x",
    "!!float ",
    "!é",
    "!!value",
    "!!yaml",
];

const ANCHORS: [&str; 6] = ["a", "b", "a", "é", "a-b", "1"];

const HEADERS: [&str; 26] = [
    "|", ">", "|", ">", "|-", ">-", "|+", ">+", "|2", ">2", "|1", "|9", "|0", "|-2", "|2-", "|+1", ">1+",
    "| # c", "|#c", "|a", "||", "|10", "|--", ">- ", "|4", "|\t",
];

/// Bits that are put where they should not be.
const NOISE: [&str; 60] = [
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    ":",
    ": ",
    " :",
    "-",
    "- ",
    "\n- ",
    "?",
    "? ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "&a ",
    "*a",
    "*a ",
    "!",
    "!!str ",
    "!!int ",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "~",
    "<<",
    "<<: ",
    "---",
    "\n---\n",
    "...",
    "\n...\n",
    "%YAML 1.1\n",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "\u{a0}",
    "0",
    "1",
    "é",
    "a",
    "\\",
    "\u{fffe}",
    "\n ",
    "\n  ",
    "\n\t",
    "*b",
    "&b ",
];

const PROLOGUES: [&str; 16] = [
    "---\n",
    "--- ",
    "%YAML 1.1\n---\n",
    "%YAML 1.2\n---\n",
    "%YAML 2.0\n---\n",
    "%TAG ! tag:x,2000:\n---\n",
    "%TAG !e! tag:yaml.org,2002:\n---\n",
    "%FOO bar\n---\n",
    "%YAML 1.1\n%YAML 1.1\n---\n",
    "\u{feff}",
    "# comment\n",
    "\n\n",
    "---\n---\n",
    "...\n",
    "%YAML\n---\n",
    "--- # comment\n",
];

const EPILOGUES: [&str; 10] = [
    "\n",
    "\n...\n",
    "\n---\nb: 2\n",
    "\n--- x\n",
    " # end",
    "\n# end\n",
    "\n...\nx",
    "\n\n\n",
    " ",
    "\n---\n",
];

/// A generator of cases.
pub struct Yaml {
    random: Random,
    /// Documents that were recorded.
    recorded: Vec<String>,
    /// The anchors of the document so far.
    anchored: Vec<&'static str>,
}

impl Yaml {
    /// A document; one that is to be a map is one unless chance has it otherwise.
    fn document(&mut self, map: bool) -> String {
        self.anchored.clear();
        let mut text = match self.random.below(20) {
            0..2 => self.random.pick(&self.recorded.clone()).clone(),
            2..4 => self.soup(),
            _ => {
                let mut text = if self.random.percent(12) {
                    self.random.word(&PROLOGUES).to_owned()
                } else {
                    String::new()
                };
                let body = if map { self.block_map("", 0, 3, true) } else { self.block(0, 3, true) };
                text.push_str(body.trim_start_matches('\n'));
                if self.random.percent(12) {
                    text.push_str(self.random.word(&EPILOGUES));
                }
                text
            }
        };
        let disturbed = if self.random.percent(25) { 1 + self.random.below(3) } else { 0 };
        (0..disturbed).for_each(|_| self.disturb(&mut text));
        text
    }

    /// A node in block style, beginning with a space or a line break.
    fn block(&mut self, indent: usize, depth: usize, top: bool) -> String {
        let properties = self.properties();
        let roll = self.random.below(if depth == 0 { 40 } else { 100 });
        match roll {
            0..30 => format!("{properties} {}", self.scalar(indent)),
            30..36 => format!("{properties} {}", self.block_scalar(indent)),
            36..39 => format!(" {}", self.alias()),
            39 => properties,
            40..50 => format!("{properties} {}", self.flow(depth - 1)),
            50..85 => self.block_map(&properties, indent, depth, top),
            _ => self.block_list(&properties, indent, depth),
        }
    }

    fn block_map(&mut self, properties: &str, indent: usize, depth: usize, top: bool) -> String {
        let mut text = properties.to_owned();
        for _ in 0..=self.random.below(if top { 5 } else { 3 }) {
            text.push_str(&self.line_break(indent));
            if self.random.percent(4) {
                let key = self.block(indent + 2, depth - 1, false);
                text.push_str(&format!("?{key}"));
                text.push_str(&self.line_break(indent));
                text.push(':');
            } else {
                let key = self.key();
                text.push_str(&format!("{key}:"));
            }
            let step = *self.random.pick(&[2, 2, 2, 4, 1]);
            text.push_str(&self.block(indent + step, depth - 1, false));
        }
        text
    }

    fn block_list(&mut self, properties: &str, indent: usize, depth: usize) -> String {
        let mut text = properties.to_owned();
        let indent = if self.random.percent(40) { indent.saturating_sub(2) } else { indent };
        for _ in 0..=self.random.below(3) {
            text.push_str(&self.line_break(indent));
            text.push('-');
            let item = self.block(indent + 2, depth - 1, false);
            // A map or a list may begin on the line of the dash.
            let begin = format!("\n{}", " ".repeat(indent + 2));
            match item.strip_prefix(&begin) {
                Some(rest) if self.random.percent(70) => text.push_str(&format!(" {rest}")),
                _ => text.push_str(&item),
            }
        }
        text
    }

    fn line_break(&mut self, indent: usize) -> String {
        let before = match self.random.below(40) {
            0 => " # comment",
            1 => "\n",
            2 => "\n# comment",
            3 => " ",
            4 => "\n\n",
            5 => "\n   ",
            _ => "",
        };
        format!("{before}\n{}", " ".repeat(indent))
    }

    fn properties(&mut self) -> String {
        let mut text = String::new();
        if self.random.percent(8) {
            let name = self.random.word(&ANCHORS);
            self.anchored.push(name);
            text.push_str(&format!(" &{name}"));
        }
        if self.random.percent(4) {
            text.push_str(&format!(" {}", self.random.word(&TAGS)));
        }
        text
    }

    /// An alias, mostly of an anchor that there is; a plain scalar while there is none.
    fn alias(&mut self) -> String {
        match self.random.below(20) {
            0 => format!("*{}", self.random.word(&ANCHORS)),
            _ if self.anchored.is_empty() => self.plain(),
            _ => format!("*{}", self.random.pick(&self.anchored.clone())),
        }
    }

    /// A scalar in quotes, mostly one that can be read.
    fn quoted(&mut self) -> String {
        let faulty = |word: &str| {
            word.contains(|c: char| c.is_control() && c != '\n' || c == '\u{fffe}')
                || FAULTS.iter().any(|fault| word.contains(fault))
        };
        let mut word = self.random.word(&QUOTED);
        while faulty(word) && self.random.percent(96) {
            word = self.random.word(&QUOTED);
        }
        word.to_owned()
    }

    /// A plain scalar, mostly one that may stand anywhere.
    fn plain(&mut self) -> String {
        let anywhere = |word: &str| {
            let begins = word.starts_with(|c: char| c.is_alphanumeric() || "~.+_=<".contains(c))
                || word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
            begins && !word.contains([',', '[', ']', '{', '}', '#']) && !word.contains(": ")
        };
        let mut word = self.random.word(&PLAIN);
        while !anywhere(word) && self.random.percent(96) {
            word = self.random.word(&PLAIN);
        }
        word.to_owned()
    }

    fn key(&mut self) -> String {
        match self.random.below(30) {
            0..12 => self.random.word(&["a", "b", "c", "key", "x y", "é"]).to_owned(),
            12 => "<<".to_owned(),
            13..15 => self.plain(),
            15 => format!("{} ", self.alias()),
            16 => self.flow(1),
            17 => format!("{} {}", self.properties(), self.plain()).trim_start().to_owned(),
            18..21 => self.quoted(),
            21 => "long key ".repeat(self.random.below(140)).trim_end().to_owned(),
            _ => self.plain(),
        }
    }

    fn scalar(&mut self, indent: usize) -> String {
        match self.random.below(20) {
            0..13 => self.plain(),
            13..18 => self.quoted(),
            // One that goes over several lines.
            18 => {
                let parts = [self.plain(), self.plain(), self.plain()];
                parts.join(&self.line_break(indent))
            }
            _ => {
                let words =
                    ["lorem ipsum", "a  b", "x", "#no", "é日本", "1", "'", "\t", "verylongwordwithoutspaces"];
                (0..self.random.below(30)).map(|_| self.random.word(&words)).collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn block_scalar(&mut self, indent: usize) -> String {
        let sound = self.random.percent(90);
        let mut text = self.random.word(if sound { &HEADERS[..8] } else { &HEADERS }).to_owned();
        let lines = [
            "a", "  more", "", "", " one", "\ttab", "# c", "- x", "a: b", "end ", "é", "\"q\"", "   ", "---",
            "...",
        ];
        for _ in 0..self.random.below(6) {
            let indent = (indent + self.random.below(3)).saturating_sub(usize::from(self.random.percent(5)));
            let line = self.random.word(&lines);
            text.push_str(&format!("\n{}{line}", " ".repeat(if line.is_empty() { 0 } else { indent })));
        }
        text
    }

    fn flow(&mut self, depth: usize) -> String {
        let properties = self.properties();
        let start =
            if properties.is_empty() { String::new() } else { format!("{} ", properties.trim_start()) };
        let roll = self.random.below(if depth == 0 { 55 } else { 100 });
        let body = match roll {
            0..35 => self.plain(),
            35..50 => self.quoted(),
            50..53 => return format!("{} ", self.alias()),
            53..55 => String::new(),
            55..75 => format!("[{}]", self.flow_items(depth, false)),
            _ => format!("{{{}}}", self.flow_items(depth, true)),
        };
        start + &body
    }

    fn flow_items(&mut self, depth: usize, pairs: bool) -> String {
        let mut text = String::new();
        for at in 0..self.random.below(4) {
            if at > 0 {
                text.push_str(self.random.word(&[", ", ", ", ",", " ,", ",\n  ", ", # c\n", ",,"]));
            }
            if pairs != self.random.percent(6) {
                let mark = self.random.word(&["", "", "", "", "", "", "? "]);
                let colon = self.random.word(&[": ", ": ", ": ", ":", " :", " : ", ":\n  "]);
                text.push_str(&format!("{mark}{}{colon}{}", self.flow(depth - 1), self.flow(depth - 1)));
            } else {
                text.push_str(&self.flow(depth - 1));
            }
        }
        if self.random.percent(5) {
            text.push_str(", ");
        }
        text
    }

    fn soup(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.random.below(12) {
            text.push_str(match self.random.below(10) {
                0..5 => self.random.word(&NOISE),
                5..8 => self.random.word(&PLAIN),
                8 => self.random.word(&QUOTED),
                _ => self.random.word(&TAGS),
            });
        }
        text
    }

    fn disturb(&mut self, text: &mut String) {
        let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        places.push(text.len());
        let at = *self.random.pick(&places);
        let end = *self.random.pick(&places);
        match self.random.below(10) {
            0..6 => text.insert_str(at, self.random.word(&NOISE)),
            6 | 7 if at < text.len() => drop(text.remove(at)),
            8 => text.truncate(at),
            _ if at < end && end - at < 30 => drop(text.drain(at..end)),
            _ => text.insert_str(at, self.random.word(&PLAIN)),
        }
    }
}

impl Family for Yaml {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Yaml, String> {
        static RECORDED: OnceLock<Result<Vec<String>, String>> = OnceLock::new();
        let recorded = RECORDED.get_or_init(recorded).clone()?;
        Ok(Yaml { random: Random::new(seed), recorded, anchored: Vec::new() })
    }

    fn sample(&mut self) -> Sections {
        let read = self.random.percent(50);
        let text = self.document(!read);
        if read {
            return Sections::new("yaml", vec![section("yaml", "", &text)]);
        }
        Sections::new("template", vec![section("values", "", &text), section("template", "", PRINTER)])
    }
}

/// The documents of `testdata/yaml`.
fn recorded() -> Result<Vec<String>, String> {
    let files = cases::read_all(&root().join("testdata"))?;
    let files = files.iter().filter(|file| file.title.starts_with("yaml::"));
    Ok(files.flat_map(|file| &file.cases).filter_map(|case| case.get("yaml")).collect())
}
