//! Cases that are nothing but sections of text: how one is made, and what makes it smaller.

use crate::cases::{Case, Section};

/// How many pieces one step takes out of a section at most.
const PIECES: usize = 60;

/// A random case of a family of `testdata/`.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The family that answers it.
    pub family: &'static str,
    /// The case.
    pub case: Case,
}

impl Sample {
    /// A case of these sections.
    pub fn new(family: &'static str, sections: Vec<Section>) -> Sample {
        Sample { family, case: Case { name: "random".to_owned(), line: 0, sections } }
    }

    /// Without a section, without some lines of one, without some characters of one.
    pub fn smaller(&self) -> Vec<Sample> {
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
