//! `--output-dir`: a release written to files, one a template, as Helm writes them.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::go::os::PathError;
use crate::go::path;
use crate::manifest::{Hook, Manifest, source};
use crate::render::Crd;

/// Writes CRDs below `folder` and manifests below `below`, and says each write. The error is Helm's text.
/// Helm: action/action.go `renderResources`.
pub(crate) fn write_release(
    folder: &str,
    below: &str,
    crds: &[Crd],
    manifests: &[Manifest],
    out: &mut dyn Write,
) -> Result<(), PathError> {
    let mut written: HashSet<&str> = HashSet::new();
    for crd in crds {
        let append = !written.insert(&crd.source);
        write_file(folder, &crd.source, crd.text.as_bytes(), append, out)?;
    }
    for manifest in manifests {
        let append = !written.insert(&manifest.source);
        write_file(below, &manifest.source, manifest.text.as_bytes(), append, out)?;
    }
    Ok(())
}

/// Writes hooks, each appended to whatever file is there, be it of an earlier run. Helm: cmd/template.go.
pub(crate) fn write_hooks(below: &str, hooks: &[&Hook], out: &mut dyn Write) -> Result<(), PathError> {
    for Hook { manifest, .. } in hooks {
        let append = Path::new(&path::join(&[below, &manifest.source])).exists();
        write_file(below, &manifest.source, manifest.text.as_bytes(), append, out)?;
    }
    Ok(())
}

/// Helm: cmd/template.go `writeToFile`.
fn write_file(
    folder: &str,
    name: &str,
    content: &[u8],
    append: bool,
    out: &mut dyn Write,
) -> Result<(), PathError> {
    let file = format!("{folder}/{name}");
    make_folder(&path::dir(&file))?;
    let mut options = OpenOptions::new();
    if append {
        options.append(true)
    } else {
        options.create(true).truncate(true).write(true)
    };
    let mut text = source::head(name).into_bytes();
    text.extend_from_slice(content);
    text.push(b'\n');
    let mut opened = options.open(&file).map_err(|error| PathError::new("open", &file, &error))?;
    opened.write_all(&text).map_err(|error| PathError::new("write", &file, &error))?;
    writeln!(out, "wrote {file}").map_err(|error| PathError::new("write", "/dev/stdout", &error))
}

/// Go: `os.Stat`, then `os.MkdirAll`, which names the folder that cannot be made.
fn make_folder(folder: &str) -> Result<(), PathError> {
    match fs::metadata(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(PathError::new("stat", folder, &error));
        }
        Ok(found) if found.is_dir() => return Ok(()),
        _ => {}
    }
    let ancestors: Vec<&Path> = Path::new(folder).ancestors().collect();
    for ancestor in ancestors.into_iter().rev().filter(|ancestor| !ancestor.as_os_str().is_empty()) {
        let made = if ancestor.is_dir() { Ok(()) } else { fs::create_dir(ancestor) };
        made.map_err(|error| PathError::new("mkdir", ancestor, &error))?;
    }
    Ok(())
}
