//! The format of the files under `testdata/`: named cases of named sections. Tests, `cargo xtask oracle` and `cargo xtask
//! record` read it; the latter two also write it. It knows nothing of what a section means.
//!
//! ```text
//! Lines before the first case are a comment.
//! --- case-name ---
//! === values
//! a: 1
//! === template templates/t.yaml
//! {{ .Values.a }}
//! === want templates/t.yaml
//! 1
//! ```
//!
//! The text of a section is its lines joined by line breaks, without one after the last. Sections before the first case are
//! those of the whole file. Read [`parse`] first.

use std::path::{Path, PathBuf};

/// One file of cases.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Where it was read from.
    pub path: PathBuf,
    /// The folder and the name, as tests are called: `template::actions`.
    pub title: String,
    /// The comment before the first case.
    pub comment: String,
    /// The sections before the first case, which all cases share.
    pub shared: Vec<Section>,
    /// The cases in order.
    pub cases: Vec<Case>,
}

/// A case: what is given, and what was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, unique in its file.
    pub name: String,
    /// The line of its heading, from 1.
    pub line: usize,
    /// Its sections in order.
    pub sections: Vec<Section>,
}

/// A section: `=== KIND NAME` and the lines below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The first word of the heading.
    pub kind: String,
    /// The rest of the heading, or nothing.
    pub name: String,
    /// The lines below, joined.
    pub text: String,
}

/// The folders of `testdata/` whose files are of this format. Others have a format and a driver of their own.
pub const FAMILIES: [&str; 18] = [
    "charts",
    "errors",
    "funcs",
    "glob",
    "helm3",
    "ignore",
    "layers",
    "lint",
    "match",
    "methods",
    "provenance",
    "schema",
    "semver",
    "show",
    "strvals",
    "template",
    "values",
    "yaml",
];

/// The sections that the oracle records; all others are given by whoever writes the case.
pub const RECORDED: [&str; 8] = ["want", "want-json", "json", "stdout", "stderr", "error", "wrote", "dies"];

impl Section {
    /// A section that says `text`; where lines cannot hold it exactly, its kind gets `-json` and it is a JSON string.
    pub fn recorded(kind: &str, name: &str, text: &str) -> Section {
        let awkward = text.contains('\r') || text.contains('\u{fffd}') || text.lines().any(is_heading);
        let name = name.to_owned();
        if awkward {
            let text = serde_json::Value::from(text).to_string();
            return Section { kind: format!("{kind}-json"), name, text };
        }
        Section { kind: kind.to_owned(), name, text: text.to_owned() }
    }

    fn heading(&self) -> String {
        let Section { kind, name, .. } = self;
        if name.is_empty() { format!("=== {kind}\n") } else { format!("=== {kind} {name}\n") }
    }

    /// Whether the oracle wrote it.
    pub fn is_recorded(&self) -> bool {
        RECORDED.contains(&self.kind.trim_end_matches("-json"))
    }
}

impl Case {
    /// The case as it stands in a file.
    pub fn to_text(&self) -> String {
        File { cases: vec![self.clone()], ..File::empty(Path::new("")) }.to_text()
    }

    /// Every section of that kind, or of its `-json` form, with its name and its text.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, String)> {
        self.sections.iter().filter_map(move |section| {
            let text = match section.kind.strip_prefix(kind)? {
                "" => section.text.clone(),
                "-json" => serde_json::from_str(&section.text).unwrap_or_else(|_| section.text.clone()),
                _ => return None,
            };
            Some((section.name.as_str(), text))
        })
    }

    /// The text of the first section of that kind.
    pub fn get(&self, kind: &str) -> Option<String> {
        self.all(kind).next().map(|(_, text)| text)
    }

    /// Whether there is a section of that kind.
    pub fn has(&self, kind: &str) -> bool {
        self.get(kind).is_some()
    }

    /// The texts of the `template` sections, by the name of their file.
    pub fn templates(&self) -> impl Iterator<Item = (&str, String)> {
        self.all("template").map(|(name, text)| (or_default(name), text))
    }
}

/// The name of a template, or that which stands for none.
pub fn or_default(name: &str) -> &str {
    if name.is_empty() { "templates/t.yaml" } else { name }
}

/// Every file of cases below a folder, in order of their paths.
pub fn read_all(testdata: &Path) -> Result<Vec<File>, String> {
    let files = FAMILIES.iter().map(|family| read_folder(&testdata.join(family)));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}

/// Every file of cases in a folder, in order of their names; none where there is no such folder.
pub fn read_folder(folder: &Path) -> Result<Vec<File>, String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// Reads a file of cases.
pub fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(path, &text).map_err(|error| format!("{}:{error}", path.display()))
}

/// Takes the text of a file apart. The error begins with its line.
pub fn parse(path: &Path, text: &str) -> Result<File, String> {
    let mut file = File::empty(path);
    let mut lines: Vec<&str> = Vec::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        let number = index + 1;
        if !is_heading(line) {
            lines.push(line);
            continue;
        }
        close(&mut file, &mut lines, number)?;
        if let Some(name) = case_heading(line) {
            if file.cases.iter().any(|case| case.name == name) {
                return Err(format!("{number}: a second case called {name}"));
            }
            file.cases.push(Case { name: name.to_owned(), line: number, sections: Vec::new() });
        } else {
            let heading = line.trim_start_matches("===").trim();
            let (kind, name) = heading.split_once(' ').unwrap_or((heading, ""));
            let section =
                Section { kind: kind.to_owned(), name: name.trim().to_owned(), text: String::new() };
            match file.cases.last_mut() {
                Some(case) => case.sections.push(section),
                None => file.shared.push(section),
            }
        }
    }
    let end = text.lines().count();
    close(&mut file, &mut lines, end)?;
    Ok(file)
}

/// Gives the lines so far to the section that they stand in.
fn close(file: &mut File, lines: &mut Vec<&str>, number: usize) -> Result<(), String> {
    let text = lines.join("\n");
    let blank = lines.iter().all(|line| line.trim().is_empty());
    lines.clear();
    match file.cases.last_mut() {
        None => match file.shared.last_mut() {
            Some(section) => section.text = text,
            None => file.comment = text,
        },
        Some(case) => match case.sections.last_mut() {
            Some(section) => section.text = text,
            None if blank => {}
            None => return Err(format!("{number}: lines before the first section of {}", case.name)),
        },
    }
    Ok(())
}

fn is_heading(line: &str) -> bool {
    line.starts_with("=== ") || case_heading(line).is_some()
}

fn case_heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix("--- ")?.strip_suffix(" ---")?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

impl File {
    /// A file of no cases.
    pub fn empty(path: &Path) -> File {
        let name = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let folder = name(path.parent().and_then(Path::file_name));
        let title = format!("{folder}::{}", name(path.file_stem())).replace('-', "_");
        File { path: path.to_owned(), title, comment: String::new(), shared: Vec::new(), cases: Vec::new() }
    }

    /// The text that [`parse`] reads back as this.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut block = |heading: String, lines: &str| {
            text.push_str(&heading);
            if !lines.is_empty() {
                text.push_str(lines);
                text.push('\n');
            }
        };
        block(String::new(), &self.comment);
        self.shared.iter().for_each(|section| block(section.heading(), &section.text));
        for case in &self.cases {
            block(format!("--- {} ---\n", case.name), "");
            case.sections.iter().for_each(|section| block(section.heading(), &section.text));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let text = "a comment\n=== file a.yaml\na: 1\n\n--- one ---\n=== why Pod/x spec.a\n=== want\n1\n";
        let file = parse(Path::new("testdata/why/a-b.txt"), text).unwrap();
        assert_eq!((file.title.as_str(), file.to_text().as_str()), ("why::a_b", text));
        assert_eq!(file.shared[0].text, "a: 1\n");
        assert_eq!(file.cases[0].get("want").as_deref(), Some("1"));
        assert!(parse(Path::new("a"), "--- one ---\n--- one ---\n").is_err());
    }
}
