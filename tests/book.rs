//! The documents as a book: every page of the folder is in its table of contents, and every link leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path);
    assert!(text.is_ok(), "{}: {text:?}", path.display());
    text.unwrap_or_default()
}

/// The targets of the links of a text, code left out.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        found.extend(targets.map(str::to_owned));
    }
    found
}

/// The anchors of a text's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    let anchor = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

fn pages() -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name().into_iter();
    let files = all.map(|entry| entry.expect("the folder can be read").into_path());
    files.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    for page in pages().into_iter().chain([root().join("README.md"), root().join("CONTRIBUTING.md")]) {
        let folder = page.parent().expect("a page lies in a folder");
        for link in links(&read(&page)) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { page.clone() } else { folder.join(file) };
            assert!(target.exists(), "{}: {link} leads nowhere", page.display());
            let is_there = anchor.is_empty() || anchors(&read(&target)).contains(anchor);
            assert!(is_there, "{}: {link} leads to no heading", page.display());
        }
    }
    assert!(count > 50, "{count} links");
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let docs = root().join("docs");
    let listed: BTreeSet<PathBuf> =
        links(&read(&docs.join("SUMMARY.md"))).into_iter().map(|link| docs.join(link)).collect();
    for page in pages() {
        let is_listed = listed.contains(&page) || page.ends_with("SUMMARY.md");
        // Rules and decisions are many; the page that lists them is in it.
        let below = page.strip_prefix(&docs).expect("it lies there");
        let is_one_of_many = below.starts_with("rules") || below.starts_with("decisions");
        assert!(is_listed || is_one_of_many, "{} is not in docs/SUMMARY.md", below.display());
    }
}

#[test]
fn pictures_are_there_and_small() {
    let picture = root().join("docs/pictures/check.svg");
    let text = read(&picture);
    assert!(text.starts_with("<svg ") && text.contains("plimsoll check"), "{}", picture.display());
    assert!(text.len() < 100_000, "{} bytes", text.len());
}
