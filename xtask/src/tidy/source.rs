//! [`Source`]: a Rust file, its text and what `syn` reads in it, and [`Module`], its place among the modules of its crate.

use std::path::Path;

use walkdir::WalkDir;

/// The folders with Rust in them. The first three are crates whose modules are files.
const FOLDERS: [&str; 5] = ["src", "xtask/src", "testkit/src", "tests", "benches"];

/// The crates whose modules are looked at, by the folders of their roots.
pub const CRATES: [&str; 3] = ["src", "xtask/src", "testkit/src"];

/// A Rust file.
pub struct Source {
    /// Its path from the root, with slashes.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// The text as Rust.
    pub syntax: syn::File,
}

/// The names that lead from the root of a crate to a module.
pub type Module = Vec<String>;

/// Every Rust file of the workspace, by path.
pub fn read_all(root: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        for entry in WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(entry.path())
                    .map_err(|error| format!("{}: {error}", entry.path().display()))?;
                let path = entry.path().strip_prefix(root).expect("it was found below the root");
                sources.push(Source::new(path.to_string_lossy().replace('\\', "/"), text)?);
            }
        }
    }
    Ok(sources)
}

impl Source {
    /// Reads a text.
    pub fn new(path: String, text: String) -> Result<Source, String> {
        let syntax = syn::parse_file(&text).map_err(|error| format!("{path}: {error}"))?;
        Ok(Source { path, text, syntax })
    }

    /// The module that the file is, in the crate whose root lies in that folder. Of a package with a library, `main.rs` is
    /// none.
    pub fn module(&self, folder: &str) -> Option<Module> {
        let inside = self.path.strip_prefix(folder)?.strip_prefix('/')?;
        if self.path == "src/main.rs" {
            return None;
        }
        let names = inside.trim_end_matches(".rs").split('/').map(str::to_owned);
        let mut names: Module = names.collect();
        names.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
        Some(names)
    }
}
