//! Reading a profile file, with errors that name the line, what stands there and what is wanted.

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Severity;
use crate::path;
use crate::source::SourceFile;
use crate::word::UnknownWord;
use crate::yaml::{self, Data, Entry, Node};

use super::super::level::{Level, Mode};
use super::super::parameters;
use super::super::suppression::Allowance;
use super::{Parameter, Profile, Row, Setpoint, Setting, Verdict};

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

impl Problem {
    pub(super) fn of_yaml(error: &yaml::Error) -> Problem {
        Problem { line: error.line(), message: error.to_string() }
    }
}

const KEYS: &str = "name, title, extends, mode, fail-on, baseline, select, ignore, severity, parameters, allow and catalogue";

/// Reads the file; what it extends is read first.
pub(super) fn profile(node: &Node, text: &str) -> Result<Profile, Problem> {
    let reader = Reader { file: SourceFile::new("", text) };
    if !matches!(node.data, Data::Map(_)) {
        return Err(reader.problem(node, format!("a profile is a map, this is {}", node.kind_name())));
    }
    let base = node.get("extends").map(|node| reader.base(node)).transpose()?;
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

    fn base(&self, node: &Node) -> Result<Profile, Problem> {
        let name = self.text(node, "extends")?;
        Profile::built_in(&name).ok_or_else(|| {
            let known: Vec<&str> = Profile::built_in_names().collect();
            self.problem(
                node,
                format!("there is no profile `{name}` to extend; there is {}", known.join(", ")),
            )
        })
    }

    fn key(&self, profile: &mut Profile, entry: &Entry) -> Result<(), Problem> {
        let value = &entry.value;
        match entry.key.as_str() {
            "extends" => {}
            "name" => profile.name = self.text(value, "name")?,
            "title" => profile.title = self.text(value, "title")?,
            "mode" => profile.mode = Some(self.word::<Mode>(value, "mode")?),
            "fail-on" => profile.fail_on = Some(self.fail_on(value)?),
            "baseline" => profile.baseline = Some(self.text(value, "baseline")?),
            "select" => profile.select = self.list(value, "select")?,
            "ignore" => profile.ignore = self.list(value, "ignore")?,
            "severity" => profile.levels = self.levels(value)?,
            "parameters" => {
                for parameter in self.map(value, "parameters")? {
                    let read = self.parameter(parameter)?;
                    profile.parameters.insert(parameter.key.clone(), read);
                }
            }
            "allow" => {
                let items = self.items(value, "allow")?;
                profile.allowances =
                    items.iter().map(|item| self.allowance(item)).collect::<Result<_, _>>()?;
            }
            "catalogue" => {
                let rows = self.map(value, "catalogue")?;
                profile.catalogue = rows.iter().map(|row| self.row(row)).collect::<Result<_, _>>()?;
            }
            other => {
                let message = format!("`{other}` is no key of a profile; those are {KEYS}");
                return Err(Problem {
                    line: Some(self.file.line_of(entry.key_span.start as usize)),
                    message,
                });
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
        self.word(node, "fail-on").map(Some)
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

    fn levels(&self, node: &Node) -> Result<Vec<Setpoint>, Problem> {
        let read = |entry: &Entry| Ok((entry.key.clone(), self.level(&entry.value)?));
        self.map(node, "severity")?.iter().map(read).collect()
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
            return Err(self.problem(&entry.value, format!("there is no parameter `{key}` to set")));
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
        let field = |key: &str| node.get(key).map(|value| self.text(value, key)).transpose();
        let needed = |key: &str| {
            field(key)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
                self.problem(node, format!("an item of `allow` needs `{key}`; it has `rule`, `reason` and may have `object` and `field`"))
            })
        };
        let path =
            |text: String| text.parse().map_err(|error: path::Error| self.problem(node, error.to_string()));
        Ok(Allowance {
            rule: needed("rule")?,
            reason: needed("reason")?,
            object: field("object")?,
            field: field("field")?.map(path).transpose()?,
        })
    }
}
