//! Reading a profile file, with errors that name the line, what stands there and what is wanted.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::apiserver::pod_security::Version;
use crate::diagnostic::{FileLine, Severity};
use crate::path;
use crate::source::SourceFile;
use crate::suggest;
use crate::word::UnknownWord;
use crate::yaml::{self, Data, Entry, Node};

use super::super::allowance::Allowance;
use super::super::catalogue::{Row, Verdict};
use super::super::level::{Level, Mode};
use super::super::parameters::{self, POD_SECURITY};
use super::super::trust::Trust;
use super::{Parameter, Profile, Setpoint, Setting, ValuesSet};

/// The profiles that come with Plimsoll, by name.
const BUILT_IN: [(&str, &str); 5] = [
    ("nvcf", include_str!("../profiles/nvcf.yaml")),
    ("kubernetes", include_str!("../profiles/kubernetes.yaml")),
    ("pss-baseline", include_str!("../profiles/pss-baseline.yaml")),
    ("pss-restricted", include_str!("../profiles/pss-restricted.yaml")),
    ("h2o-mlops", include_str!("../profiles/h2o-mlops.yaml")),
];

/// The one that a configuration extends where neither it nor anybody else says another.
pub const DEFAULT: &str = "nvcf";

/// What is wrong with a profile file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What was found and what is wanted.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The keys of a profile and of a configuration.
const KEYS: [&str; 15] = [
    "name",
    "title",
    "extends",
    "mode",
    "fail-on",
    "baseline",
    "trust",
    "select",
    "ignore",
    "severity",
    "parameters",
    "allow",
    "values-sets",
    "kube-versions",
    "catalogue",
];

impl Profile {
    /// The profile of that name that comes with Plimsoll; `pss-restricted@v1.31` is one as a version of Kubernetes defines it.
    pub fn built_in(name: &str) -> Option<Profile> {
        match name.split_once('@') {
            Some((plain, version)) => Profile::whole(plain)?.of_version(version),
            None => Profile::whole(name).cloned(),
        }
    }

    /// A profile of Pod Security, by what a version of Kubernetes says.
    fn of_version(&self, version: &str) -> Option<Profile> {
        // The label wants `v1.31`; whoever types `1.31` means it.
        let version = &if version.starts_with('1') { format!("v{version}") } else { version.to_owned() };
        Version::of(version)?;
        let mut profile = Profile { name: format!("{}@{version}", self.name), ..self.clone() };
        let policy = profile.parameters.get_mut(POD_SECURITY.0)?;
        let Setting::List(words) = &mut policy.value else { return None };
        let is_level = profile.select.iter().all(|selector| !selector.starts_with("API"));
        version.clone_into(words.get_mut(1).filter(|_| is_level)?);
        Some(profile)
    }

    /// The same, lent. Each is read once only.
    pub(in crate::policy) fn whole(name: &str) -> Option<&'static Profile> {
        // One may extend another, so each is read by itself.
        static READ: [OnceLock<Option<Profile>>; BUILT_IN.len()] =
            [const { OnceLock::new() }; BUILT_IN.len()];
        let at = BUILT_IN.iter().position(|(known, _)| *known == name)?;
        let read_it = || {
            // A test reads every one of them.
            let mut profile = read(&format!("profile {name}"), BUILT_IN[at].1, None).ok()?;
            profile.base = Some(name.to_owned());
            Some(profile)
        };
        READ[at].get_or_init(read_it).as_ref()
    }

    /// The names of the profiles that come with Plimsoll.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Reads a configuration, which extends the profile `nvcf` unless it says otherwise. Keys: `name`, `title`, `extends`,
    /// `mode`, `fail-on`, `baseline`, `trust`, `select`, `ignore`, `severity`, `parameters`, `allow`, `values-sets`, `kube-versions`,
    /// `catalogue`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn parse(text: &str) -> Result<Profile, Problem> {
        Profile::parse_file("", text, DEFAULT)
    }

    /// The same of a file of that name, which extends the profile of that name unless it says otherwise.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn parse_file(name: &str, text: &str, base: &str) -> Result<Profile, Problem> {
        read(name, text, Some(base))
    }
}

/// Reads the file; what it extends is read first.
fn read(name: &str, text: &str, base: Option<&str>) -> Result<Profile, Problem> {
    let node = yaml::parse_strict(text)
        .map_err(|error| Problem { line: error.line(), message: error.to_string() })?;
    let reader = Reader { file: SourceFile::new(name, text) };
    // A file of comments sets nothing.
    if !matches!(node.data, Data::Map(_) | Data::Null) {
        return Err(reader.problem(&node, format!("a profile is a map, this is {}", node.kind_name())));
    }
    let base = match node.get("extends") {
        Some(node) => reader.base(node)?,
        None => base.and_then(Profile::built_in),
    };
    let mut profile = Profile {
        name: base.as_ref().map(|base| base.name.clone()).unwrap_or_default(),
        ..Profile::default()
    };
    for entry in node.entries() {
        reader.key(&mut profile, entry)?;
    }
    Ok(match base {
        Some(base) => profile.over(base),
        None => profile,
    })
}

struct Reader {
    file: SourceFile,
}

impl Reader {
    fn problem(&self, node: &Node, message: String) -> Problem {
        Problem { line: Some(self.file.line_of(node.span.start as usize)), message }
    }

    /// The place of a setting, as text.
    fn place(&self, offset: u32) -> String {
        let line = self.file.line_of(offset as usize);
        if self.file.name().starts_with("profile ") {
            return self.file.name().to_owned();
        }
        format!("{}:{line}", self.file.name())
    }

    /// The profile that is extended: none where it says so.
    fn base(&self, node: &Node) -> Result<Option<Profile>, Problem> {
        let name = self.text(node, "extends")?;
        if name == "none" {
            return Ok(None);
        }
        let found = Profile::built_in(&name).ok_or_else(|| {
            let known: Vec<&str> = Profile::built_in_names().collect();
            let meant = meant(&name, known.iter().copied());
            let known = known.join(", ");
            self.problem(
                node,
                format!("there is no profile `{name}` to extend{meant}; there is {known}, or none to start from nothing"),
            )
        })?;
        Ok(Some(found))
    }

    fn key(&self, profile: &mut Profile, entry: &Entry) -> Result<(), Problem> {
        let value = &entry.value;
        profile.note(&entry.key, &self.place(entry.key_span.start));
        match entry.key.as_str() {
            "extends" => {}
            "name" => profile.name = self.text(value, "name")?,
            "title" => profile.title = self.text(value, "title")?,
            "mode" => profile.mode = Some(self.word::<Mode>(value, "mode")?),
            "fail-on" => profile.fail_on = Some(self.fail_on(value)?),
            "trust" => profile.trust = Some(self.word::<Trust>(value, "trust")?),
            "baseline" => profile.baseline = Some(self.text(value, "baseline")?),
            "select" => profile.select = self.rules(profile, value, "select")?,
            "ignore" => profile.ignore = self.rules(profile, value, "ignore")?,
            "severity" => {
                let levels = self.levels(profile, value)?;
                profile.levels.extend(levels);
            }
            "parameters" => {
                for parameter in self.map(value, "parameters")? {
                    let read = self.parameter(parameter)?;
                    let place = self.place(parameter.key_span.start);
                    profile.note(&format!("parameters.{}", parameter.key), &place);
                    profile.parameters.insert(parameter.key.clone(), read);
                }
            }
            "allow" => {
                for item in self.items(value, "allow")? {
                    let allowance = self.allowance(item)?;
                    profile.named.push((allowance.rule.clone(), allowance.place.line.unwrap_or(1)));
                    profile.allowances.push(allowance);
                }
            }
            "values-sets" => {
                let sets = self.map(value, "values-sets")?;
                profile.values_sets =
                    sets.iter().map(|set| self.values_set(set)).collect::<Result<_, _>>()?;
            }
            "kube-versions" => profile.kube_versions = self.versions(value)?,
            "catalogue" => {
                let rows = self.map(value, "catalogue")?;
                profile.catalogue = rows.iter().map(|row| self.row(row)).collect::<Result<_, _>>()?;
            }
            other => {
                let meant = meant(other, KEYS.iter().copied());
                let message = format!(
                    "`{other}` is no key of a configuration{meant}; the keys are {}",
                    KEYS.join(", ")
                );
                let line = Some(self.file.line_of(entry.key_span.start as usize));
                return Err(Problem { line, message });
            }
        }
        Ok(())
    }

    fn text(&self, node: &Node, key: &str) -> Result<String, Problem> {
        let wanted = || self.problem(node, format!("`{key}` must be a string, this is {}", node.kind_name()));
        node.as_str().map(str::to_owned).ok_or_else(wanted)
    }

    fn word<T: FromStr<Err: fmt::Display>>(&self, node: &Node, key: &str) -> Result<T, Problem> {
        // `off` is a boolean in YAML 1.1.
        let text = if node.as_bool() == Some(false) { "off".to_owned() } else { self.text(node, key)? };
        text.parse().map_err(|error: T::Err| self.problem(node, error.to_string()))
    }

    fn fail_on(&self, node: &Node) -> Result<Option<Severity>, Problem> {
        if node.as_str() == Some("never") {
            return Ok(None);
        }
        let severity = self.word::<Severity>(node, "fail-on");
        severity
            .map(Some)
            .map_err(|problem| Problem { message: format!("{}, or `never`", problem.message), ..problem })
    }

    fn items<'a>(&self, node: &'a Node, key: &str) -> Result<&'a [Node], Problem> {
        match &node.data {
            Data::Seq(items) => Ok(items),
            _ => Err(self.problem(node, format!("`{key}` must be a list, this is {}", node.kind_name()))),
        }
    }

    fn map<'a>(&self, node: &'a Node, key: &str) -> Result<&'a [Entry], Problem> {
        match &node.data {
            Data::Map(entries) => Ok(entries),
            _ => Err(self.problem(node, format!("`{key}` must be a map, this is {}", node.kind_name()))),
        }
    }

    fn list(&self, node: &Node, key: &str) -> Result<Vec<String>, Problem> {
        self.items(node, key)?.iter().map(|item| self.text(item, key)).collect()
    }

    /// A list, or the only item of one.
    fn words(&self, node: &Node, key: &str) -> Result<Vec<String>, Problem> {
        match &node.data {
            Data::Seq(_) => self.list(node, key),
            _ => Ok(vec![self.text(node, key)?]),
        }
    }

    /// A list of versions, or one. As a number `1.30` would be 1.3, so it is taken as it is written.
    fn versions(&self, node: &Node) -> Result<Vec<String>, Problem> {
        let items = match &node.data {
            Data::Seq(items) => &items[..],
            _ => std::slice::from_ref(node),
        };
        let version = |item: &Node| match &item.data {
            Data::Float(_) | Data::Int(_) | Data::Uint(_) => {
                let written = self.file.text().get(item.span.range()).unwrap_or_default();
                Ok(written.trim().to_owned())
            }
            _ => self.text(item, "kube-versions"),
        };
        items.iter().map(version).collect()
    }

    /// A list of selectors, whose lines are kept for whoever knows the rules.
    fn rules(&self, profile: &mut Profile, node: &Node, key: &str) -> Result<Vec<String>, Problem> {
        for item in self.items(node, key)? {
            profile.named.push((self.text(item, key)?, self.file.line_of(item.span.start as usize)));
        }
        self.list(node, key)
    }

    fn levels(&self, profile: &mut Profile, node: &Node) -> Result<Vec<Setpoint>, Problem> {
        let mut levels = Vec::new();
        for entry in self.map(node, "severity")? {
            profile.named.push((entry.key.clone(), self.file.line_of(entry.key_span.start as usize)));
            profile.note(&format!("severity.{}", entry.key), &self.place(entry.key_span.start));
            levels.push((entry.key.clone(), self.level(&entry.value)?));
        }
        Ok(levels)
    }

    /// A set of values: one file, or several.
    fn values_set(&self, entry: &Entry) -> Result<ValuesSet, Problem> {
        Ok(ValuesSet { name: entry.key.clone(), files: self.words(&entry.value, &entry.key)? })
    }

    fn level(&self, node: &Node) -> Result<[Option<Level>; 3], Problem> {
        if !matches!(node.data, Data::Map(_)) {
            return Ok([Some(self.word(node, "severity")?); 3]);
        }
        let mut levels = [None; 3];
        for entry in node.entries() {
            let mode: Mode = entry
                .key
                .parse()
                .map_err(|error: UnknownWord| self.problem(&entry.value, error.to_string()))?;
            levels[mode as usize] = Some(self.word(&entry.value, "severity")?);
        }
        Ok(levels)
    }

    /// A parameter that rules know, of its shape, with its source or without.
    fn parameter(&self, entry: &Entry) -> Result<Parameter, Problem> {
        let described = entry.value.get("value").is_some();
        let value = entry.value.get("value").unwrap_or(&entry.value);
        let source = entry.value.get("source").filter(|_| described).and_then(Node::as_str);
        let key = &entry.key;
        let Some(shape) = parameters::shape(key) else {
            let meant = meant(key, parameters::names());
            return Err(self.problem(&entry.value, format!("there is no parameter `{key}` to set{meant}")));
        };
        let Some(setting) = Setting::of(value) else {
            let message = format!("`{key}` is {shape}, not {}", value.kind_name());
            return Err(self.problem(value, message));
        };
        if setting.shape() != shape {
            let message = format!("`{key}` must be {shape}, this is {}", setting.shape());
            return Err(self.problem(value, message));
        }
        Ok(Parameter { value: setting, source: source.unwrap_or("your configuration").to_owned() })
    }

    /// A row of the catalogue: the rules that judge it, or the reason why none does.
    fn row(&self, entry: &Entry) -> Result<Row, Problem> {
        let verdict = match &entry.value.data {
            Data::String(reason) => Verdict::Unjudged(reason.clone()),
            _ => Verdict::Judged(self.list(&entry.value, &entry.key)?),
        };
        Ok(Row { name: entry.key.clone(), verdict })
    }

    fn allowance(&self, node: &Node) -> Result<Allowance, Problem> {
        const FIELDS: [&str; 5] = ["rule", "reason", "object", "field", "until"];
        for entry in node.entries() {
            let key = entry.key.as_str();
            if !FIELDS.contains(&key) {
                let meant = meant(key, FIELDS.iter().copied());
                let line = Some(self.file.line_of(entry.key_span.start as usize));
                let message =
                    format!("`{key}` is no key of an allowance{meant}; the keys are {}", FIELDS.join(", "));
                return Err(Problem { line, message });
            }
        }
        let field = |key: &str| node.get(key).map(|value| self.text(value, key)).transpose();
        let needed = |key: &str| {
            field(key)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
                self.problem(node, format!("an item of `allow` needs `{key}`; it has `rule`, `reason` and may have `object`, `field` and `until`"))
            })
        };
        let path =
            |text: String| text.parse().map_err(|error: path::Error| self.problem(node, error.to_string()));
        let day = |text: String| {
            text.parse::<Date>().map_err(|_| {
                let message = format!("`until` must be a day such as 2027-01-01, this is `{text}`");
                self.problem(node.get("until").unwrap_or(node), message)
            })
        };
        let line = Some(self.file.line_of(node.span.start as usize));
        Ok(Allowance {
            rule: needed("rule")?,
            reason: needed("reason")?,
            object: field("object")?,
            field: field("field")?.map(path).transpose()?,
            until: field("until")?.map(day).transpose()?,
            place: FileLine { file: self.file.name().to_owned(), line, column: None },
        })
    }
}

/// The name that may have been meant, as a clause; nothing where none is like it.
fn meant<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    suggest::closest(word, names).map_or(String::new(), |name| format!(", did you mean `{name}`?"))
}
