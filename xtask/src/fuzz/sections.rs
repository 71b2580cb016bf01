//! Cases that are nothing but sections of text: how one is made, and what makes it smaller.

use super::compare::Sample;
use testkit::cases::{Case, Section};

/// How many pieces one step takes out of a section at most.
const PIECES: usize = 60;

/// A random case of a family of `testdata/`.
#[derive(Clone, Debug)]
pub struct Sections {
    family: &'static str,
    case: Case,
}

impl Sections {
    /// A case of these sections.
    pub fn new(family: &'static str, sections: Vec<Section>) -> Sections {
        Sections { family, case: case_of(sections) }
    }

    /// The sections.
    pub fn into_sections(self) -> Vec<Section> {
        self.case.sections
    }
}

/// A random case of these sections.
pub fn case_of(sections: Vec<Section>) -> Case {
    Case { name: "random".to_owned(), line: 0, sections }
}

impl Sample for Sections {
    fn family(&self) -> &'static str {
        self.family
    }

    fn case(&self) -> Case {
        self.case.clone()
    }

    /// Without a section, without some lines of one, without some characters of one.
    fn smaller(&self) -> Vec<Sections> {
        let mut found = Vec::new();
        for (at, section) in self.case.sections.iter().enumerate() {
            let mut with = |text: Option<String>| {
                let mut smaller = self.clone();
                match text {
                    Some(text) => smaller.case.sections[at].text = text,
                    None => drop(smaller.case.sections.remove(at)),
                }
                found.push(smaller);
            };
            if self.case.sections.len() > 1 && !["args", "template"].contains(&&*section.kind) {
                with(None);
            }
            let lines: Vec<&str> = section.text.split_inclusive('\n').collect();
            let characters: Vec<&str> = section.text.split_inclusive(|_: char| true).collect();
            without(&lines, &mut with);
            if section.kind != "args" && characters.len() < 400 {
                without(&characters, &mut with);
            }
        }
        found
    }
}

/// The text without each half of its parts, each quarter, and so on down to single parts while those are few.
fn without(parts: &[&str], found: &mut impl FnMut(Option<String>)) {
    let mut size = parts.len() / 2;
    while size > 0 && parts.len() / size <= PIECES {
        for start in (0..parts.len()).step_by(size) {
            let end = (start + size).min(parts.len());
            found(Some([&parts[..start], &parts[end..]].concat().concat()));
        }
        size /= 2;
    }
}

/// A section.
pub fn section(kind: &str, name: &str, text: &str) -> Section {
    Section { kind: kind.to_owned(), name: name.to_owned(), text: text.to_owned() }
}
