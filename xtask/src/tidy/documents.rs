//! A path that a document names exists: the target of a link, and what stands in backticks and begins with a folder of the
//! repository. A part in angle brackets, capitals or with a star stands for something and is not looked up.

use std::path::Path;

use walkdir::WalkDir;

use super::breach::Breach;

/// The breaches of all documents.
pub fn check(root: &Path) -> Result<Vec<Breach>, String> {
    let mut breaches = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_ours).flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path())
            .map_err(|error| format!("{}: {error}", entry.path().display()))?;
        let name = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().into_owned();
        let folder = entry.path().parent().unwrap_or(root);
        for (index, line) in text.lines().enumerate() {
            let quoted = line.split('`').skip(1).step_by(2).filter(|path| is_path(root, path));
            let missing = quoted.filter(|path| !exists(root, path));
            let linked = links(line).filter(|path| !folder.join(path).exists());
            for path in missing.chain(linked) {
                breaches.push(Breach::new(&name, index + 1, format!("`{path}` does not exist")));
            }
        }
    }
    Ok(breaches)
}

fn is_ours(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    !(entry.depth() == 1 && (name == "target" || name == ".git"))
}

/// Whether the words in backticks name a path from the root.
fn is_path(root: &Path, words: &str) -> bool {
    let Some((first, _)) = words.split_once('/') else { return false };
    let plain = |c: char| c.is_alphanumeric() || "/._-*<>{},+".contains(c);
    !first.is_empty() && words.chars().all(plain) && root.join(first).is_dir()
}

/// Whether the path is there, down to its first part that stands for something.
fn exists(root: &Path, path: &str) -> bool {
    let stands_for = |part: &str| {
        part.contains(['<', '*', '{'])
            || part.chars().any(|c| c.is_ascii_uppercase()) && !root.join(path).exists()
    };
    let known: Vec<&str> = path.split('/').take_while(|part| !stands_for(part)).collect();
    root.join(known.join("/")).exists()
}

/// The targets of the links in a line that point into the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', '#', ' ']).next()?;
        (!target.is_empty() && !target.contains(':')).then_some(target)
    })
}
