//! Writes what was made, and the list of its sums.

use std::path::Path;

use crate::Outcome;

use super::member::{Member, sorted};
use super::sums::{self, SUMS};

/// Writes the files and their sums, in place of what was there.
pub fn write(files: Vec<Member>, out: &Path) -> Outcome {
    let files = sorted(files);
    let sums = Member::new(SUMS, sums::list(&files));
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    if out.join(SUMS).is_file() {
        std::fs::remove_dir_all(out).map_err(|error| failed(out, error))?;
    }
    for file in files.iter().chain([&sums]) {
        let path = out.join(&file.path);
        let folder = path.parent().unwrap_or(out);
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        std::fs::write(&path, &file.data).map_err(|error| failed(&path, error))?;
        println!("{:10.2} MB  {}", file.data.len() as f64 / 1e6, path.display());
    }
    Ok(())
}
