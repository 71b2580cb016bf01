//! `--output-dir`: a release written to files, one a template, as Helm writes them.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::args::go_io_error;
use super::{Failure, Session};
use crate::manifest::{Hook, Manifest};
use crate::render::Crd;

/// Writes CRDs below `folder` and everything else below `below`, and says each write on standard output.
/// Helm: action/action.go `renderResources`, cmd/template.go `writeToFile`.
pub(super) fn write(
    folder: &Path,
    below: &Path,
    crds: &[Crd],
    manifests: &[Manifest],
    hooks: &[&Hook],
    session: &mut Session,
) -> Result<(), Failure> {
    let mut written: HashSet<&str> = HashSet::new();
    for crd in crds {
        let append = !written.insert(&crd.source);
        write_file(folder, &crd.source, crd.text.as_bytes(), append, session)?;
    }
    for manifest in manifests {
        let append = !written.insert(&manifest.source);
        write_file(below, &manifest.source, manifest.text.as_bytes(), append, session)?;
    }
    for hook in hooks {
        // Helm appends a hook to whatever file is there, be it of an earlier run.
        let append = below.join(&*hook.manifest.source).exists();
        write_file(below, &hook.manifest.source, hook.manifest.text.as_bytes(), append, session)?;
    }
    Ok(())
}

fn write_file(
    folder: &Path,
    name: &str,
    content: &[u8],
    append: bool,
    session: &mut Session,
) -> Result<(), Failure> {
    let path = format!("{}/{name}", folder.display());
    let failure = |doing: &str| {
        let doing = format!("{doing} {path}");
        move |error: std::io::Error| Failure::Error(format!("{doing}: {}", go_io_error(&error)))
    };
    if let Some(parent) = Path::new(&path).parent() {
        fs::create_dir_all(parent).map_err(failure("mkdir"))?;
    }
    let mut options = OpenOptions::new();
    if append {
        options.append(true)
    } else {
        options.create(true).truncate(true).write(true)
    };
    let mut file = options.open(&path).map_err(failure("open"))?;
    let mut text = format!("---\n# Source: {name}\n").into_bytes();
    text.extend_from_slice(content);
    text.push(b'\n');
    file.write_all(&text).map_err(failure("write"))?;
    writeln!(session.out, "wrote {path}")?;
    Ok(())
}
