//! Files of the user that are changed in place: read as text, shown as a diff, written whole or not at all.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::context::Context;
use super::error::Error;
use super::input::read_file;
use crate::go::os::error_text;
use crate::staged::Staged;

/// A file: its name, its text before, its text after.
pub(crate) type Rewritten<'a> = (&'a str, &'a str, &'a str);

/// The text of a file, which must be UTF-8.
pub(crate) fn text_of(path: &str) -> Result<String, Error> {
    let bytes = read_file(path)?;
    String::from_utf8(bytes).map_err(|error| {
        Error::new(format!("{path}: this is not UTF-8: {}", error.utf8_error()))
            .hint("save the file as UTF-8")
    })
}

/// Prints what changes as a unified diff.
pub(crate) fn print_diff<'a>(
    files: impl Iterator<Item = Rewritten<'a>>,
    context: &mut Context,
) -> Result<(), Error> {
    for (name, before, after) in files.filter(|(_, before, after)| before != after) {
        let diff = TextDiff::from_lines(before, after);
        write!(context.out, "{}", diff.unified_diff().header(name, name))?;
    }
    Ok(())
}

/// Writes the files that change, once it is sure that all can be written, and says which.
///
/// # Errors
/// One of them is read-only, a symbolic link, or cannot be written; then none is.
pub(crate) fn all<'a>(files: impl Iterator<Item = Rewritten<'a>>) -> Result<Vec<&'a str>, Error> {
    let changed: Vec<Rewritten<'_>> = files.filter(|(_, before, after)| before != after).collect();
    let staged = changed.iter().map(|(name, _, after)| stage(name, after)).collect::<Result<Vec<_>, _>>()?;
    for (file, mode) in staged {
        file.keep_as(mode)?;
    }
    Ok(changed.into_iter().map(|(name, ..)| name).collect())
}

/// The file's new text beside it, and the mode that the file has.
fn stage(name: &str, text: &str) -> Result<(Staged, u32), Error> {
    let path = Path::new(name);
    let refused = |error: std::io::Error| Error::new(format!("cannot write {name}: {}", error_text(&error)));
    let metadata = std::fs::symlink_metadata(path).map_err(refused)?;
    if metadata.is_symlink() {
        let target = std::fs::read_link(path).unwrap_or_else(|_| PathBuf::from("elsewhere"));
        return Err(Error::new(format!("{name} is a symbolic link to {}", target.display()))
            .hint("name the file itself"));
    }
    if metadata.permissions().readonly() {
        return Err(Error::new(format!("cannot write {name}: it is read-only"))
            .hint("make it writable, or take the diff"));
    }
    let mut staged = Staged::beside(path)?;
    staged.writer().write_all(text.as_bytes()).map_err(refused)?;
    Ok((staged, metadata.permissions().mode() & 0o7777))
}
