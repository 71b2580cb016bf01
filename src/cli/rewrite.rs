//! Files of the user that are changed in place: read as text, shown as a diff, written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use super::context::Context;
use super::error::Error;
use super::input::read_file;
use crate::go::os::error_text;
use crate::staged::Staged;
use crate::system;

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

/// The mode of a file that was not there.
const NEW: u32 = 0o644;

/// The file's new text beside it, and the mode that the file has.
fn stage(name: &str, text: &str) -> Result<(Staged, u32), Error> {
    let path = Path::new(name);
    let refused = |error: std::io::Error| Error::new(format!("cannot write {name}: {}", error_text(&error)));
    let metadata = match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut staged = Staged::beside(path)?;
            staged.writer().write_all(text.as_bytes()).map_err(refused)?;
            return Ok((staged, NEW));
        }
        metadata => metadata.map_err(refused)?,
    };
    if metadata.is_symlink() {
        let target = std::fs::read_link(path).unwrap_or_else(|_| PathBuf::from("elsewhere"));
        return Err(Error::new(format!("{name} is a symbolic link to {}", target.display()))
            .hint("name the file itself"));
    }
    if !metadata.is_file() {
        return Err(Error::new(format!("cannot write {name}: it is no file")));
    }
    if metadata.permissions().readonly() {
        return Err(Error::new(format!("cannot write {name}: it is read-only"))
            .hint("make it writable, or take the diff"));
    }
    let mut staged = Staged::beside(path)?;
    staged.writer().write_all(text.as_bytes()).map_err(refused)?;
    Ok((staged, system::mode_of(&metadata)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// What comes of writing `new` into files that hold `old`, the last of which is made unwritable so.
    fn refused(spoil: impl Fn(&Path)) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (first, last) = (path("first.yaml"), path("last.yaml"));
        fs::write(&first, "old").unwrap();
        fs::write(&last, "old").unwrap();
        spoil(Path::new(&last));
        let files = [(first.as_str(), "old", "new"), (last.as_str(), "old", "new")];
        let error = all(files.into_iter())
            .unwrap_err()
            .to_string()
            .replace(&format!("{}/", folder.path().display()), "");
        let names = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
        let left_over = names.filter(|name| name.to_string_lossy().ends_with(".part")).count();
        assert_eq!(left_over, 0);
        (error, fs::read_to_string(&first).unwrap())
    }

    #[test]
    fn nothing_is_written_where_one_file_cannot_be() {
        let read_only = |path: &Path| {
            let mut permissions = fs::metadata(path).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(path, permissions).unwrap();
        };
        let said = "cannot write last.yaml: it is read-only\nhint: make it writable, or take the diff";
        assert_eq!(refused(read_only), (said.to_owned(), "old".to_owned()));
        let link = |path: &Path| {
            fs::rename(path, path.with_file_name("target")).unwrap();
            std::os::unix::fs::symlink("target", path).unwrap();
        };
        let said = "last.yaml is a symbolic link to target\nhint: name the file itself";
        assert_eq!(refused(link), (said.to_owned(), "old".to_owned()));
        let (error, text) =
            refused(|path| fs::remove_file(path).and_then(|()| fs::create_dir(path)).unwrap());
        assert!(error.contains("last.yaml"), "{error}");
        assert_eq!(text, "old");
    }

    #[test]
    fn a_file_keeps_its_mode_and_what_does_not_change_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let name = path.display().to_string();
        assert_eq!(
            all([(name.as_str(), "old", "new"), ("missing", "same", "same")].into_iter()).unwrap(),
            [name.as_str()]
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
