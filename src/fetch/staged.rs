//! [`Staged`]: a file that appears under its name only when it is whole. Until then it is a temporary file in the same
//! folder, which is gone when anything fails.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file on its way to a name.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// A file that is to stand at `target`. The folder is made where it is missing. Errors are Helm's, and Go's texts.
    pub fn beside(target: &Path) -> Result<Staged, String> {
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        match fs::metadata(folder) {
            Ok(metadata) if !metadata.is_dir() => {
                return Err(format!("is not a directory: {}", folder.display()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(folder).map_err(|error| failed("mkdir", folder, &error))?;
            }
            Err(error) => return Err(failed("stat", folder, &error)),
        }
        let file = tempfile::Builder::new()
            .prefix(".plimsoll-")
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(folder)
            .map_err(|error| failed("open", target, &error))?;
        Ok(Staged { file, target: target.to_owned() })
    }

    /// Where its content is written to.
    pub fn writer(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where the content stands for now, to be read before it is kept.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Puts it under its name, readable by everybody (0644), in place of what was there.
    pub fn keep(self) -> Result<(), String> {
        self.keep_as(0o644)
    }

    /// Puts it at another path of the same file system.
    pub fn keep_at(self, target: &Path) -> Result<(), String> {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("mkdir", folder, &error))?;
        }
        Staged { target: target.to_owned(), ..self }.keep()
    }

    /// As [`Staged::keep`], with this mode.
    pub fn keep_as(self, mode: u32) -> Result<(), String> {
        let Staged { file, target } = self;
        file.as_file()
            .set_permissions(Permissions::from_mode(mode))
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| failed("write", &target, &error))?;
        file.persist(&target).map_err(|error| failed("rename", &target, &error.error))?;
        Ok(())
    }
}

fn failed(doing: &str, path: &Path, error: &io::Error) -> String {
    format!("{doing} {}: {}", path.display(), crate::go::os::error_text(error))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn nothing_is_left_of_a_file_that_was_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let mut staged = Staged::beside(&target).unwrap();
        staged.writer().write_all(b"half").unwrap();
        drop(staged);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_kept_file_replaces_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("below").join("a");
        for text in ["one", "two"] {
            let mut staged = Staged::beside(&target).unwrap();
            staged.writer().write_all(text.as_bytes()).unwrap();
            staged.keep().unwrap();
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "two");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o644);
    }
}
