//! `--output-dir`: a release written to files, one a template, as Helm writes them.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::files;
use crate::go::os::PathError;
use crate::go::{path, raw};
use crate::manifest::{Hook, Manifest, source};
use crate::render::Crd;
use crate::staged;

/// Writes CRDs below `folder` and manifests below `below`, and says each write. The error is Helm's text.
/// Helm: action/action.go `renderResources`.
pub(crate) fn write_release(
    folder: &str,
    below: &str,
    crds: &[Crd],
    manifests: &[Manifest],
    out: &mut dyn Write,
) -> Result<(), PathError> {
    let crds = crds.iter().map(|crd| (folder, crd.source.as_str(), crd.text.as_bytes()));
    let manifests = manifests.iter().map(|it| (below, &*it.source, it.text.as_bytes()));
    write_files(&crds.collect::<Vec<_>>(), false, out)?;
    write_files(&manifests.collect::<Vec<_>>(), false, out)
}

/// Writes hooks, each appended to whatever file is there, be it of an earlier run. Helm: cmd/template.go.
pub(crate) fn write_hooks(below: &str, hooks: &[&Hook], out: &mut dyn Write) -> Result<(), PathError> {
    let hooks = hooks.iter().map(|hook| (below, &*hook.manifest.source, hook.manifest.text.as_bytes()));
    write_files(&hooks.collect::<Vec<_>>(), true, out)
}

/// A text for a file: the folder, the template that the file is named after, and the text.
type Part<'a> = (&'a str, &'a str, &'a [u8]);

/// Writes each file whole when the first of its texts has its turn, and says each text. Helm: cmd/template.go `writeToFile`.
fn write_files(parts: &[Part<'_>], append: bool, out: &mut dyn Write) -> Result<(), PathError> {
    let mut whole: HashMap<String, Vec<u8>> = HashMap::new();
    for (folder, name, content) in parts {
        let text = whole.entry(format!("{folder}/{name}")).or_default();
        text.extend_from_slice(&raw::bytes(&source::head(name)));
        text.extend_from_slice(content);
        text.push(b'\n');
    }
    for (folder, name, _) in parts {
        let file = format!("{folder}/{name}");
        if let Some(text) = whole.remove(&file) {
            make_folder(&path::dir(&file))?;
            write_file(&file, text, append)?;
        }
        out.write_all(&raw::bytes(&format!("wrote {file}\n")))
            .map_err(|error| PathError::new("write", "/dev/stdout", &error))?;
    }
    Ok(())
}

fn write_file(file: &str, text: Vec<u8>, append: bool) -> Result<(), PathError> {
    let path = &*raw::path(file);
    let text = match append && path.exists() {
        false => text,
        true => [files::read(path).map_err(|error| PathError::new("open", file, &error))?, text].concat(),
    };
    staged::write(path, &text).map_err(|error| match error {
        staged::Error::Path(error) => PathError { path: file.to_owned(), ..error },
        staged::Error::NotAFolder(_) => {
            PathError::new("open", file, &io::Error::from(io::ErrorKind::NotADirectory))
        }
    })
}

/// Go: `os.Stat`, then `os.MkdirAll`, which names the folder that cannot be made.
fn make_folder(folder: &str) -> Result<(), PathError> {
    let path = raw::path(folder);
    match fs::metadata(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(PathError::new("stat", folder, &error));
        }
        Ok(found) if found.is_dir() => return Ok(()),
        _ => {}
    }
    let ancestors: Vec<&Path> = path.ancestors().collect();
    for ancestor in ancestors.into_iter().rev().filter(|ancestor| !ancestor.as_os_str().is_empty()) {
        let made = if ancestor.is_dir() { Ok(()) } else { fs::create_dir(ancestor) };
        made.map_err(|error| PathError::new("mkdir", ancestor, &error))?;
    }
    Ok(())
}
