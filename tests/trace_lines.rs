//! Random templates of short words, whose lines are easily taken for one another, each rendered twice: as they are, and
//! with a number of its own in every line of their sources. The numbers say which line wrote each line of the output, and
//! the trace of the first rendering has to say the same.

use std::fmt::Write as _;

use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::template::{self, Options, Set, Trace};
use plimsoll::internals::value::{Map, Str, Value};
use plimsoll::internals::{funcs, stack};

/// How many charts are made.
const CHARTS: u64 = 3000;
/// Stands where a line's number goes; the plain rendering has nothing there.
const TAG: &str = "@";
/// What the numbers of lines start from, so that all have as many digits.
const FIRST: usize = 10_000;
const DIGITS: usize = 5;

const HELPERS: &str = "_h.tpl";
const MAIN: &str = "t.yaml";

/// What may be done with a text. A text that one of them makes otherwise with numbers in it tells nothing.
const FILTERS: [&str; 38] = [
    "nindent 2",
    "indent 2",
    "nindent 0",
    "trim",
    "quote",
    "squote",
    "upper",
    "lower",
    "title",
    "replace \"a\" \"b\"",
    "replace \"a\" \"\"",
    "replace \"b\" \"a b\"",
    "replace \"\\n\" \" \"",
    "replace \"\\n\" \"\\n\\n\"",
    "replace \"a\\n\" \"a\"",
    "trimSuffix \"a\"",
    "trimSuffix \"\\n\"",
    "trimPrefix \"a\"",
    "trimPrefix \"\\n\"",
    "trimAll \"a\"",
    "trimAll \"\\n\"",
    "toString",
    "default \"@x\"",
    "nospace",
    "splitList \"\\n\" | join \"\\n\"",
    "splitList \"\\n\" | last",
    "splitList \" \" | first",
    "printf \"%s\\n@x\"",
    "printf \"@a\\n%s\"",
    "cat \"@a\"",
    "print",
    "println",
    "trunc 99999",
    "wrap 999",
    "list \"@a\" | join \"\\n\"",
    "list | first",
    "swapcase",
    "ternary \"@b\" \"@a\" | quote",
];

#[test]
fn every_line_is_told_exactly() {
    let told = stack::with_stack(|| {
        let mut told = Told::default();
        for seed in 1..=CHARTS {
            chart(seed, &mut told);
        }
        told
    })
    .expect("the stack is there");
    assert!(told.places > 20_000, "only {} places tell something", told.places);
    let (wrong, places) = (told.wrong.len(), told.places);
    assert!(wrong == 0, "{wrong} of {places} places are wrong\n{}", told.shortest());
}

/// What was found out.
#[derive(Default)]
struct Told {
    places: usize,
    wrong: Vec<String>,
}

impl Told {
    /// The charts that are easiest to read of those that are wrong.
    fn shortest(mut self) -> String {
        self.wrong.sort_by_key(String::len);
        self.wrong.truncate(3);
        self.wrong.concat()
    }
}

fn chart(seed: u64, told: &mut Told) {
    let made = Chart::new(seed);
    let (Some((plain, trace)), Some((tagged, _))) = (made.render(false), made.render(true)) else { return };
    let (plain, tagged) = (plain.to_str(), tagged.to_str());
    if without_numbers(&tagged) != plain {
        return;
    }
    for (at, (line, shown)) in tagged.split('\n').zip(plain.split('\n')).enumerate() {
        for (nth, (start, number)) in numbers(line).into_iter().enumerate() {
            // The letter that the number stands before or behind, unless a function took it away.
            let beside = if made.is_front { start + DIGITS } else { start.wrapping_sub(1) };
            if !line.as_bytes().get(beside).is_some_and(|letter| b"abxABX".contains(letter)) {
                continue;
            }
            let place = start - nth * DIGITS + usize::from(made.is_front);
            let is_first = shown[..place - 1].trim().is_empty();
            let origin = if is_first { trace.line(at + 1) } else { trace.at(at + 1, place) };
            let got = origin.source.map(|source| (source.file, source.line.unwrap_or_default()));
            let (file, wanted) = Chart::place(number);
            told.places += 1;
            if got.as_ref().is_none_or(|got| got.0 != file || got.1 != wanted) {
                let got = got.map_or("nothing".to_owned(), |(file, line)| format!("{file}:{line}"));
                let (helpers, main) = (made.text(HELPERS, false), made.text(MAIN, false));
                told.wrong.push(format!(
                    "seed {seed}, {}:{place}, {shown:?}: {got}, but it is {file}:{wanted}\n{HELPERS}\n{helpers}\n{MAIN}\n{main}\n",
                    at + 1
                ));
            }
        }
    }
}

/// The numbers in a line and where they start.
fn numbers(line: &str) -> Vec<(usize, usize)> {
    let starts = line.char_indices().filter(|(_, c)| c.is_ascii_digit()).step_by(DIGITS);
    starts.filter_map(|(at, _)| Some((at, line.get(at..at + DIGITS)?.parse().ok()?))).collect()
}

fn without_numbers(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// A chart in which a tag stands wherever text is written.
struct Chart {
    random: Random,
    helpers: Vec<String>,
    main: Vec<String>,
    /// Each value and the place of the action that prints it.
    values: Vec<(Kind, Place)>,
    /// Whether tags stand before or behind words.
    is_front: bool,
    is_crlf: bool,
}

type Place = (&'static str, usize);

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Text,
    Map,
}

impl Chart {
    fn new(seed: u64) -> Chart {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let is_front = random.below(2) == 0;
        let is_crlf = random.below(12) == 0;
        let mut chart =
            Chart { random, helpers: Vec::new(), main: Vec::new(), values: Vec::new(), is_front, is_crlf };
        let count = 1 + chart.random.below(4);
        for at in 0..count {
            chart.define(at, count);
        }
        let lines = 1 + chart.random.below(5);
        for _ in 0..lines {
            chart.statement(MAIN, 0, count, 0);
        }
        chart
    }

    fn define(&mut self, at: usize, count: usize) {
        let start = ["{{- define \"hN\" -}}", "{{ define \"hN\" }}", "{{- define \"hN\" }}"];
        let end = ["{{- end }}", "{{ end }}", "{{- end -}}", "{{ end -}}"];
        let (start, end) =
            (start[self.random.below(3)].replace('N', &at.to_string()), end[self.random.below(4)]);
        let first = self.helpers.len();
        self.helpers.push(start);
        let lines = 1 + self.random.below(5);
        for _ in 0..lines {
            self.statement(HELPERS, at + 1, count, 0);
        }
        match self.random.below(6) {
            0 => self.helpers.last_mut().expect("something is written").push_str(end),
            1 => {
                // All on one line.
                let word = self.word();
                self.helpers.truncate(first + 1);
                self.values.retain(|(_, place)| place.0 != HELPERS || place.1 <= first);
                let line = self.helpers.last_mut().expect("something is written");
                line.push_str(&word);
                line.push_str(end);
            }
            _ => self.helpers.push(end.to_owned()),
        }
    }

    /// Adds a statement that may call the helpers from `from` on.
    fn statement(&mut self, file: &'static str, from: usize, count: usize, depth: usize) {
        let line = match self.random.below(if from < count { 14 } else { 7 }) {
            0..=2 => self.plain(),
            3 => {
                let value = self.value(Kind::Word, file);
                let filter = ["", " | quote", " | upper", " | toString"][self.random.below(4)];
                let before = if self.random.below(2) == 0 { self.word() + ": " } else { String::new() };
                format!("{before}{{{{ .Values.{value}{filter} }}}}")
            }
            4 => {
                let value = self.value(Kind::Text, file);
                let filter = self.filters();
                let tpl = if self.random.below(3) == 0 {
                    format!("tpl .Values.{value} .")
                } else {
                    format!(".Values.{value}")
                };
                self.action(&format!("{tpl}{filter}"))
            }
            5 => {
                let value = self.value(Kind::Map, file);
                let start = ["{{-", "{{"][self.random.below(2)];
                format!("{start} toYaml .Values.{value} | nindent 2 }}}}")
            }
            6 if depth < 2 => return self.block(file, from, count, depth),
            6 => "{{- /* nothing */}}".to_owned(),
            7 => {
                let name = self.random.below(count - from) + from;
                format!("{{{{ template \"h{name}\" . }}}}")
            }
            8 => {
                let (name, text) = (format!("$x{}", self.random.below(1000)), self.include(from, count));
                let filter = self.filters();
                self.push(file, format!("{{{{- {name} := {text}{filter} }}}}"));
                let filter = self.filters();
                self.action(&format!("{name}{filter}"))
            }
            9 => {
                let text = self.include(from, count);
                let filter = self.filters();
                self.action(&format!("tpl ({text}) .{filter}"))
            }
            10 => {
                let (one, two) = (self.include(from, count), self.include(from, count));
                let filter = self.filters();
                let call = [
                    format!("join \"\\n\" (list ({one}) ({two}))"),
                    format!("list ({one}) ({two}) | join \" \""),
                    format!("printf \"%s/%s\" ({one}) ({two})"),
                    format!("cat ({one}) ({two})"),
                    format!("print ({one}) \"@a\" ({two})"),
                    format!("printf \"%s\\n%s\" ({one}) \"@b\""),
                    format!("regexReplaceAll \"b\" ({one}) \"a\""),
                ];
                let at = self.random.below(call.len());
                let call = self.tagged(&call[at]);
                self.action(&format!("{call}{filter}"))
            }
            _ => {
                let text = self.include(from, count);
                let filter = self.filters();
                self.action(&format!("{text}{filter}"))
            }
        };
        self.push(file, line);
    }

    fn block(&mut self, file: &'static str, from: usize, count: usize, depth: usize) {
        let start =
            ["{{- if .Values.on }}", "{{ if .Values.on }}", "{{- range .Values.two }}", "{{- with $ -}}"];
        let start = start[self.random.below(4)];
        self.push(file, start.to_owned());
        let lines = 1 + self.random.below(2);
        for _ in 0..lines {
            self.statement(file, from, count, depth + 1);
        }
        let end = ["{{- end }}", "{{ end }}", "{{- end -}}"][self.random.below(3)];
        self.push(file, end.to_owned());
    }

    fn push(&mut self, file: &str, line: String) {
        if file == MAIN { &mut self.main } else { &mut self.helpers }.push(line);
    }

    fn plain(&mut self) -> String {
        let (one, two) = (self.word(), self.word());
        match self.random.below(7) {
            0 => String::new(),
            1 => format!("{one}: {two}"),
            2 => format!("- {one}"),
            3 => format!("  {one}: {two}"),
            4 => format!("{one} {two}"),
            _ => one,
        }
    }

    fn word(&mut self) -> String {
        let word = ["a", "b", "ab", "aa", "ba", "a.b"][self.random.below(6)];
        if self.is_front { format!("{TAG}{word}") } else { format!("{word}{TAG}") }
    }

    fn tagged(&self, call: &str) -> String {
        if self.is_front {
            call.to_owned()
        } else {
            call.replace("@a", "a@").replace("@b", "b@").replace("@x", "x@")
        }
    }

    fn include(&mut self, from: usize, count: usize) -> String {
        let dot = if self.random.below(2) == 0 { "$" } else { "$ " };
        format!("include \"h{}\" {}", self.random.below(count - from) + from, dot.trim())
    }

    fn filters(&mut self) -> String {
        let count = [0, 1, 1, 2, 3][self.random.below(5)];
        let chosen: String =
            (0..count).map(|_| format!(" | {}", FILTERS[self.random.below(FILTERS.len())])).collect();
        self.tagged(&chosen)
    }

    fn action(&mut self, pipe: &str) -> String {
        let pipe = pipe.replace(" . ", " $ ");
        let (start, end) =
            (["{{", "{{-"][self.random.below(2)], ["}}", "}}", "}}", "-}}"][self.random.below(4)]);
        let before = match self.random.below(5) {
            0 => self.word() + ": ",
            1 => "  ".to_owned(),
            _ => String::new(),
        };
        let after = if self.random.below(6) == 0 { " ".to_owned() + &self.word() } else { String::new() };
        format!("{before}{start} {pipe} {end}{after}")
    }

    /// A value of its own for the line that is about to be written.
    fn value(&mut self, kind: Kind, file: &'static str) -> String {
        let lines = if file == MAIN { &self.main } else { &self.helpers };
        self.values.push((kind, (file, lines.len() + 1)));
        format!("v{}", self.values.len() - 1)
    }

    /// The number of a line.
    fn number(place: Place) -> usize {
        FIRST + place.1 + if place.0 == MAIN { 5_000 } else { 0 }
    }

    fn place(number: usize) -> Place {
        let line = number - FIRST;
        if line > 5_000 { (MAIN, line - 5_000) } else { (HELPERS, line) }
    }

    fn text(&self, file: &'static str, with_numbers: bool) -> String {
        let (lines, end) = match file {
            MAIN => (&self.main, "\n"),
            _ => (&self.helpers, if self.is_crlf { "\r\n" } else { "\n" }),
        };
        let mut text = String::new();
        for (at, line) in lines.iter().enumerate() {
            let number = if with_numbers { Chart::number((file, at + 1)).to_string() } else { String::new() };
            write!(text, "{}{end}", line.replace(TAG, &number)).expect("a text takes everything");
        }
        text
    }

    fn values(&self, with_numbers: bool) -> Value {
        let values = Map::new();
        values.insert("on", Value::Bool(true));
        values.insert(
            "two",
            Value::Map(
                [("a", Value::Int(1)), ("b", Value::Int(2))]
                    .into_iter()
                    .map(|(k, v)| (Str::from(k), v))
                    .collect(),
            ),
        );
        for (at, (kind, place)) in self.values.iter().enumerate() {
            let tag = if with_numbers { Chart::number(*place).to_string() } else { String::new() };
            let word =
                |word: &str| if self.is_front { format!("{tag}{word}") } else { format!("{word}{tag}") };
            let text = |text: String| Value::Str(Str::from(text));
            let value = match kind {
                Kind::Word => text(word("a")),
                Kind::Text => text(format!("{}\n{}: {}\n\n{}\n", word("a"), word("b"), word("a"), word("a"))),
                Kind::Map => {
                    let map = Map::new();
                    // Keys keep their order with a number before them and behind.
                    map.insert(Str::from(word("a")), text(word("a")));
                    map.insert(Str::from(word("b")), text(word("b")));
                    Value::Map(map)
                }
            };
            values.insert(Str::from(format!("v{at}")), value);
        }
        Value::Map(values)
    }

    /// The text, and who wrote it; nothing if the templates fail.
    fn render(&self, with_numbers: bool) -> Option<(Str, Trace)> {
        let mut set = Set::new(funcs::table(), Options::default());
        for file in [HELPERS, MAIN] {
            set.parse(file, self.text(file, with_numbers)).ok()?;
        }
        let data = Map::new();
        data.insert("Values", self.values(with_numbers));
        let mut trace = Trace::new();
        let text =
            template::execute(&set, MAIN, &Value::Map(data), &mut FixedHost::new("", 0), &mut trace).ok()?;
        Some((text, trace))
    }
}

/// Numbers that follow from a seed. Vigna: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
