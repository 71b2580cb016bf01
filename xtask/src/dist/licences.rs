//! The licences of everything that is in the program, as one text: each crate with its licence, then the texts that lie in the
//! crates' sources, each once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use walkdir::{DirEntry, WalkDir};

use super::packages::{Package, Packages};
use super::target::Target;

/// How the names of files begin that hold a licence or what it demands to be handed on.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
/// Endings of such files; code is none of them.
const ENDINGS: [&str; 3] = ["", "md", "txt"];
/// What is in the program beside crates: name, licence and text.
const STANDARD_LIBRARY: (&str, &str) = ("The standard library of Rust", "MIT OR Apache-2.0");
const MUSL: (&str, &str) = ("musl", "MIT");
const MUSL_AUTHORS: &str = "2005-2020 Rich Felker, et al.";
/// The texts of licences that crates name without having them in their sources.
const TEXTS: [(&str, &str); 2] = [
    ("MIT", include_str!("../../../packaging/licences/mit.txt")),
    ("BSD-3-Clause", include_str!("../../../packaging/licences/bsd-3-clause.txt")),
];

/// The text for a target.
pub fn third_party(packages: &Packages, target: &Target) -> Result<String, String> {
    let mut texts = Texts::default();
    let mut list = String::new();
    for package in &packages.others {
        let _ = writeln!(list, "{} {}: {}", package.name, package.version, package.licence);
        for text in texts_of(package)? {
            texts.add(&text, &package.id());
        }
    }
    let _ = writeln!(list, "{}: {}", STANDARD_LIBRARY.0, STANDARD_LIBRARY.1);
    texts.add(&filled(TEXTS[0].1, "The Rust Project Contributors"), STANDARD_LIBRARY.0);
    if target.has_musl() {
        let _ = writeln!(list, "{}: {}", MUSL.0, MUSL.1);
        texts.add(&filled(TEXTS[0].1, MUSL_AUTHORS), MUSL.0);
    }
    Ok(format!(
        "Plimsoll contains the following works of others. Where a licence leaves a choice, it is taken in Plimsoll's favour: \
         Apache-2.0\nwhere that is offered. The text of Apache-2.0 is Plimsoll's own licence, too.\n\n{list}{}",
        texts.written()
    ))
}

/// The texts that lie in a crate; for one that has none, what its licence says.
fn texts_of(package: &Package) -> Result<Vec<String>, String> {
    let is_text = |entry: &DirEntry| {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_named = NAMES.iter().any(|begin| name.starts_with(begin));
        let is_ending =
            ENDINGS.contains(&ending.as_str()) || !ending.contains(|c: char| c.is_ascii_lowercase());
        // `LICENSE-APACHE-2.0`, `LICENSE.MIT`
        let is_suffix = ["mit", "apache", "bsd"].iter().any(|word| ending.starts_with(word));
        entry.file_type().is_file() && is_named && (is_ending || is_suffix)
    };
    let mut texts = Vec::new();
    for entry in WalkDir::new(&package.folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        if is_text(&entry) {
            let text = std::fs::read(entry.path())
                .map_err(|error| format!("{}: {error}", entry.path().display()))?;
            texts.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    let offers = |name: &str| package.licence.split([' ', '(', ')']).any(|word| word == name);
    // The text of Apache-2.0 is there in any case.
    if texts.is_empty() && !offers("Apache-2.0") {
        let Some((_, text)) = TEXTS.iter().find(|(name, _)| offers(name)) else {
            return Err(format!(
                "{} is {} and its sources hold no text of that",
                package.id(),
                package.licence
            ));
        };
        let authors = if package.authors.is_empty() {
            format!("the authors of {}", package.name)
        } else {
            package.authors.join(", ")
        };
        texts.push(filled(text, &authors));
    }
    Ok(texts)
}

fn filled(text: &str, owner: &str) -> String {
    text.replacen("COPYRIGHT", &format!("Copyright (c) {owner}"), 1)
}

/// Texts, and whose they are. Texts that differ in nothing but white space are one.
#[derive(Default)]
struct Texts {
    owners: BTreeMap<String, (String, Vec<String>)>,
}

impl Texts {
    fn add(&mut self, text: &str, owner: &str) {
        let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let entry = self.owners.entry(key).or_insert_with(|| (text.trim().to_owned(), Vec::new()));
        if entry.1.last().is_none_or(|last| last != owner) {
            entry.1.push(owner.to_owned());
        }
    }

    /// The texts, in the order of their first owners.
    fn written(self) -> String {
        let mut texts: Vec<(String, Vec<String>)> = self.owners.into_values().collect();
        texts.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        let line = "=".repeat(80);
        texts.iter().fold(String::new(), |all, (text, owners)| {
            let text: Vec<&str> = text.lines().map(str::trim_end).collect();
            all + &format!("\n{line}\n{}\n{line}\n\n{}\n", owners.join(", "), text.join("\n"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn package(folder: &Path, licence: &str) -> Package {
        Package {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors: vec!["Ada".to_owned()],
            folder: folder.to_owned(),
            sum: None,
            uses: Vec::new(),
        }
    }

    #[test]
    fn the_texts_of_a_crate_are_found_wherever_they_lie_and_code_is_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("c_src/lib")).unwrap();
        for (name, text) in [
            ("LICENSE-MIT", "mit"),
            ("License-Apache-2.0.txt", "apache"),
            ("license.rs", "code"),
            ("c_src/lib/LICENSE", "bsd"),
            ("README.md", "no"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(texts_of(&package(folder.path(), "MIT")).unwrap(), ["mit", "apache", "bsd"]);
    }

    #[test]
    fn a_crate_without_a_text_gets_the_one_that_it_names_or_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let of = |licence: &str| texts_of(&package(folder.path(), licence));
        assert_eq!(of("MIT OR Apache-2.0").unwrap(), [""; 0]);
        assert!(of("Unlicense OR MIT").unwrap()[0].contains("Copyright (c) Ada\n"));
        assert_eq!(of("Zlib").unwrap_err(), "a@1.0.0 is Zlib and its sources hold no text of that");
    }

    #[test]
    fn a_text_of_several_crates_stands_once() {
        let mut texts = Texts::default();
        texts.add("one  text\n", "a@1");
        texts.add("one\ntext", "b@1");
        let line = "=".repeat(80);
        assert_eq!(texts.written(), format!("\n{line}\na@1, b@1\n{line}\n\none  text\n"));
    }
}
