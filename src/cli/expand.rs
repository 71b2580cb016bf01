//! The files of a chart's archive, written below a folder.

use std::fs;
use std::path::Path;

use crate::chart::BufferedFile;
use crate::go::os::PathError;
use crate::go::raw;

/// Writes the files, which have names as the archive was found to have them: none leads out of the folder.
/// Helm: chart/v2/util/expand.go `Expand`.
pub(crate) fn expand(files: &[BufferedFile], folder: &Path) -> Result<(), PathError> {
    for file in files {
        let path = folder.join(raw::path(&file.name));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| PathError::new("mkdir", parent, &error))?;
        }
        fs::write(&path, &file.data).map_err(|error| PathError::new("open", &path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_files_and_the_folders_that_they_need() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| BufferedFile {
            name: name.into(),
            data: text.as_bytes().into(),
            modified: 0,
        };
        let files = [file("Chart.yaml", "name: a"), file("charts/b/Chart.yaml", "name: b")];
        expand(&files, folder.path()).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("Chart.yaml"), read("charts/b/Chart.yaml")), ("name: a".into(), "name: b".into()));
        // A file stands where a folder is needed.
        let error = expand(&[file("Chart.yaml/x", "")], folder.path()).unwrap_err();
        assert_eq!((error.operation, error.reason.as_str()), ("mkdir", "file exists"));
    }
}
