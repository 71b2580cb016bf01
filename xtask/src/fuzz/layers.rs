//! Random trees of charts under random values: aliases, conditions, tags, imports, globals, nulls, tables where plain values
//! are, values that a parent sets for a grandchild. Every chart prints what it sees, and some write into it.

use serde_json::{Map, Value, json};

use super::compare::Family;
use super::sections::{Sections, section};
use testkit::cases::Section;
use testkit::random::Random;

/// Names of charts; some are keys of values, too.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const ALIASES: [&str; 4] = ["x", "y", "a", "m"];

/// Keys of values: plain ones, names and aliases of charts, and those that mean something.
const KEYS: [&str; 22] = [
    "v", "w", "m", "n", "l", "a", "b", "c", "d", "x", "y", "global", "global", "tags", "exports", "enabled",
    "v", "m", "a", "b", "A b", "1",
];

/// Paths of conditions and of imports.
const STEPS: [&str; 14] =
    ["v", "m", "n", "a", "b", "x", "global", "enabled", "exports", "data", "tags", "t", "l", ""];

const VERSIONS: [&str; 12] = [
    "0.1.0",
    "0.1.0",
    "*",
    "^0.1.0",
    ">0.0.0",
    "~0.1",
    "",
    "0.2.0",
    ">=1",
    "not a version",
    "0.1.x",
    "0.1.0 || 2",
];

/// What a chart prints.
const PRINT: &str = "kind: {{ .Chart.Name }}
values: {{ toJson .Values }}
chart: {{ toJson .Chart }}
{{- range $name, $below := .Subcharts }}
below {{ $name }}: {{ toJson $below.Values }}
{{- end }}
";

/// What some charts write into values before others print theirs.
const WRITES: [&str; 6] = [
    "{{ $_ := set .Values \"written\" .Chart.Name }}",
    "{{ if kindIs \"map\" .Values.global }}{{ $_ := set .Values.global \"written\" .Chart.Name }}{{ end }}",
    "{{ range .Values }}{{ if kindIs \"map\" . }}{{ $_ := set . \"written\" $.Chart.Name }}{{ end }}{{ end }}",
    "{{ range .Subcharts }}{{ $_ := set .Values \"written\" $.Chart.Name }}{{ end }}",
    "{{ if kindIs \"map\" .Values.global }}{{ range .Values.global }}{{ if kindIs \"map\" . }}{{ $_ := set . \"deep\" $.Chart.Name }}{{ end }}{{ end }}{{ end }}",
    "{{ $_ := merge .Values (dict \"v\" (dict \"v\" 1) \"merged\" true) }}",
];

/// A generator of cases.
pub struct Layers {
    random: Random,
    /// The files of the tree that is being made.
    files: Vec<(String, String)>,
}

impl Layers {
    fn chart(&mut self, folder: &str, name: &str, depth: usize) {
        let mut below = Vec::new();
        if depth > 0 {
            below = NAMES.into_iter().filter(|_| self.random.percent(35)).collect();
        }
        let requests: Vec<Value> = self.requests(&below);
        let mut chart = json!({"apiVersion": "v2", "name": name, "version": self.random.word(&["0.1.0", "0.1.0", "0.1.0", "0.2.0"])});
        let mut file = |name: &str, text: String| self.files.push((format!("{folder}{name}"), text));
        if self.random.percent(8) {
            chart["apiVersion"] = json!("v1");
            file("requirements.yaml", json!({"dependencies": requests}).to_string());
        } else if !requests.is_empty() || self.random.percent(10) {
            chart["dependencies"] = json!(requests);
        }
        if self.random.percent(3) {
            chart["type"] = json!("library");
        }
        file("Chart.yaml", chart.to_string());
        if self.random.percent(90) {
            let values = self.table(3);
            self.files.push((format!("{folder}values.yaml"), values.to_string()));
        }
        let write = if self.random.percent(20) { self.random.word(&WRITES) } else { "" };
        self.files.push((format!("{folder}templates/t.yaml"), format!("{write}{PRINT}")));
        for name in below {
            let inner = if self.random.percent(3) { self.random.word(&NAMES) } else { name };
            self.chart(&format!("{folder}charts/{name}/"), inner, depth - 1);
        }
    }

    /// Entries of `dependencies` for most of the charts below, some twice under other names.
    fn requests(&mut self, below: &[&str]) -> Vec<Value> {
        let mut requests: Vec<Value> = Vec::new();
        for name in below {
            for _ in 0..self.random.word(&["0", "1", "1", "1", "1", "1", "2", "2"]).parse().unwrap_or(1) {
                let request = self.request(name);
                let key = |request: &Value| request.get("alias").unwrap_or(&request["name"]).clone();
                // Two of the same key are an error, which is tried now and then.
                if self.random.percent(2) || requests.iter().all(|other| key(other) != key(&request)) {
                    requests.push(request);
                }
            }
        }
        if self.random.percent(2) {
            let name = self.random.word(&NAMES);
            requests.push(self.request(name));
        }
        requests
    }

    fn request(&mut self, name: &str) -> Value {
        let mut request = Map::new();
        request.insert("name".to_owned(), json!(name));
        let version = if self.random.percent(92) {
            self.random.word(&VERSIONS[..6])
        } else {
            self.random.word(&VERSIONS)
        };
        request.insert("version".to_owned(), json!(version));
        let mut set = |key: &str, value: Value| request.insert(key.to_owned(), value);
        if self.random.percent(25) {
            set("alias", json!(self.random.word(&ALIASES)));
        }
        if self.random.percent(30) {
            let count = 1 + self.random.below(2);
            let paths: Vec<String> = (0..count).map(|_| self.condition(name)).collect();
            set("condition", json!(paths.join(",")));
        }
        if self.random.percent(20) {
            let tags: Vec<&str> =
                (0..=self.random.below(2)).map(|_| self.random.word(&["t", "u", "v"])).collect();
            set("tags", json!(tags));
        }
        if self.random.percent(35) {
            let imports: Vec<Value> = (0..=self.random.below(2)).map(|_| self.import()).collect();
            set("import-values", json!(imports));
        }
        if self.random.percent(3) {
            set("enabled", json!(self.random.percent(50)));
        }
        Value::Object(request)
    }

    fn condition(&mut self, name: &str) -> String {
        match self.random.below(10) {
            0..4 => format!("{name}.enabled"),
            4 | 5 => format!("{}.enabled", self.random.word(&ALIASES)),
            6 => "global.enabled".to_owned(),
            7 => " v.enabled".to_owned(),
            _ => self.path(),
        }
    }

    fn import(&mut self) -> Value {
        match self.random.below(20) {
            0..8 => json!(self.random.word(&["data", "data", "m", "v", "exports", "data.m", "missing"])),
            8..18 => {
                json!({"child": self.path(), "parent": if self.random.percent(20) { ".".to_owned() } else { self.path() }})
            }
            18 => json!({"child": self.random.word(&["m", "v"])}),
            _ => json!(null),
        }
    }

    fn path(&mut self) -> String {
        let steps: Vec<&str> = (0..=self.random.below(3)).map(|_| self.random.word(&STEPS[..12])).collect();
        if self.random.percent(3) { format!("{}.", steps.join(".")) } else { steps.join(".") }
    }

    fn table(&mut self, depth: usize) -> Value {
        let mut table = Map::new();
        for _ in 0..self.random.below(if depth == 3 { 7 } else { 4 }) {
            let key = self.random.word(&KEYS);
            let value = match key {
                "tags" if self.random.percent(80) => {
                    json!({"t": self.random.percent(50), "u": self.random.percent(50)})
                }
                "exports" if self.random.percent(80) && depth > 1 => {
                    json!({"data": self.table(depth - 2), "m": self.value(depth - 1), "v": self.value(depth - 1)})
                }
                "a" | "b" | "c" | "d" | "x" | "y" if self.random.percent(85) && depth > 0 => {
                    self.table(depth - 1)
                }
                "enabled" if self.random.percent(80) => json!(self.random.percent(50)),
                "global" if self.random.percent(85) && depth > 0 => self.table(depth - 1),
                _ => self.value(depth),
            };
            table.insert(key.to_owned(), value);
        }
        if depth < 3 && self.random.percent(20) {
            table.insert("enabled".to_owned(), json!(self.random.percent(50)));
        }
        Value::Object(table)
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.random.below(20) {
            0 | 1 => json!(null),
            2 => json!(true),
            3 => json!(false),
            4 => json!(self.random.below(3)),
            5 => json!(1.5),
            6 => json!(""),
            7 => json!("text"),
            8 => json!([]),
            9 => json!([1, {"a": null, "b": {"c": null}}]),
            10 => json!({}),
            _ if depth > 0 => self.table(depth - 1),
            _ => json!("x"),
        }
    }

    /// A section that sets values over those of the charts.
    fn user(&mut self) -> Section {
        let steps: Vec<&str> = (0..=self.random.below(3)).map(|_| self.random.word(&KEYS)).collect();
        let path = steps.join(".");
        let (kind, text) = match self.random.below(9) {
            0..4 if self.random.percent(10) => {
                ("values", format!("{}\n---\n{}", self.table(3), self.table(3)))
            }
            0..4 => ("values", self.table(3).to_string()),
            4..7 => {
                let value = self.random.word(&["null", "1", "true", "false", "text", "", "{1,2}", "{}"]);
                ("set", format!("{path}={value}"))
            }
            7 => ("json-values", format!("{path}={}", self.value(2))),
            _ => ("string", format!("{path}=null")),
        };
        section(kind, "", &text)
    }
}

impl Family for Layers {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Layers, String> {
        Ok(Layers { random: Random::new(seed), files: Vec::new() })
    }

    fn sample(&mut self) -> Sections {
        self.files.clear();
        self.chart("", "top", 2);
        let mut sections: Vec<Section> =
            self.files.iter().map(|(name, text)| section("file", name, text)).collect();
        for _ in 0..self.random.below(4) {
            sections.push(self.user());
        }
        Sections::new("layers", sections)
    }
}

/// The same trees for Helm 3, which prints `.Chart` in other words and reads one document of a values file.
pub struct Helm3Layers(Layers);

impl Family for Helm3Layers {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Helm3Layers, String> {
        Layers::new(seed).map(Helm3Layers)
    }

    fn sample(&mut self) -> Sections {
        let mut sections = self.0.sample().into_sections();
        for section in &mut sections {
            section.text = section.text.replace("chart: {{ toJson .Chart }}\n", "");
            if let Some((first, _)) = section.text.split_once("\n---\n") {
                section.text = first.to_owned();
            }
        }
        Sections::new("helm3", sections)
    }
}
