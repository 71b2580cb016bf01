//! A chart as Helm reads it from a folder or an archive: its metadata, values, templates, files and dependencies.
//!
//! Read [`Chart`] first, then [`load()`](load::load). Nothing here renders, merges values or decides which dependencies
//! hold: that is `values`.

mod archive;
mod decode;
mod dependency;
mod encode;
mod error;
mod folder;
mod ignore;
pub mod load;
mod metadata;
pub mod package;
mod repository_index;
mod sniff;
mod text;

use std::borrow::Cow;
use std::path::PathBuf;
use std::rc::Rc;

pub use archive::{BufferedFile, load_archive_files};
pub use dependency::{Dependency, Import, Lock};
pub use encode::{lock_digest, old_lock_digest};
pub use error::{Error, ErrorKind};
pub use ignore::IgnoreRules;
pub use load::{
    lay_over, load, load_any_version, load_archive, load_as, load_changed, load_files, load_files_as,
    load_metadata, load_values,
};
pub use metadata::{InvalidMetadata, Maintainer, Metadata};
pub use repository_index::{ChartVersion, RepositoryIndex};

use crate::go::slog;
use crate::helm::HelmVersion;
use crate::value::Map;

/// A file of a chart, its byte order mark removed. Cheap to clone. Helm: `common.File`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path inside the chart, with `/`: `templates/deployment.yaml`.
    pub name: String,
    /// The content.
    pub data: Rc<[u8]>,
    /// When it was last changed, in seconds since 1970; 0 where that is not known.
    pub modified: i64,
}

impl File {
    /// The content as text, invalid UTF-8 replaced.
    pub fn text(&self) -> Cow<'_, str> {
        // Nearly all are UTF-8, and whether they are is found out faster than what to replace.
        std::str::from_utf8(&self.data).map_or_else(|_| String::from_utf8_lossy(&self.data), Cow::Borrowed)
    }
}

/// A chart with its dependencies. Helm: `chart.Chart` (v2).
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// `Chart.yaml`, with what `requirements.yaml` adds.
    pub metadata: Metadata,
    /// `Chart.lock` or `requirements.lock`.
    pub lock: Option<Lock>,
    /// `values.yaml` as templates see it; after `values::process_dependencies` with what `import-values` brings.
    pub values: Map,
    /// The bytes of `values.schema.json`.
    pub schema: Option<Rc<[u8]>>,
    /// The files below `templates/`, in Helm's order.
    pub templates: Vec<File>,
    /// The files that `.Files` sees, `crds/` included.
    pub files: Vec<File>,
    /// Every file as it was loaded, `charts/` and all.
    pub raw: Vec<File>,
    /// The charts below `charts/`; after `values::process_dependencies` those that hold, under their aliases.
    pub dependencies: Vec<Chart>,
    /// The path that Helm gives its templates: `top`, `top/charts/redis`. Helm: `ChartFullPath`.
    pub full_path: String,
    /// Where it lies relative to the top chart: empty for that one, `charts/redis` for a dependency, whatever its alias.
    pub dir: String,
    /// The folder on this disk that the top chart was loaded from, if it was one.
    pub folder: Option<PathBuf>,
    /// Whether it is the top chart.
    pub is_root: bool,
    /// As which Helm it was loaded.
    pub helm: HelmVersion,
    /// What Helm logs while loading, one line each.
    pub warnings: Vec<slog::Line>,
}

impl Chart {
    /// The name; for an aliased dependency the alias.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Whether the chart only offers named templates. Helm: `IsLibraryChart`.
    pub fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }

    /// The file of that name as it was loaded.
    pub fn raw_file(&self, name: &str) -> Option<&File> {
        self.raw.iter().find(|file| file.name == name)
    }

    /// The path on disk, relative to this chart, of a file by the name that Helm gives it (`top/charts/cache/templates/a.yaml`):
    /// without the name of the chart, and with the folders of dependencies in place of their aliases.
    pub fn on_disk(&self, name: &str) -> String {
        let (chart, rest) = self.holder(name);
        if chart.dir.is_empty() { rest.to_owned() } else { format!("{}/{rest}", chart.dir) }
    }

    /// What is in a template or other file by the name that Helm gives it.
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        let (chart, rest) = self.holder(name);
        let file = chart.templates.iter().chain(&chart.files).find(|file| file.name == rest)?;
        Some(&file.data)
    }

    /// The chart that a file belongs to by the name that Helm gives it, and the file's name below that chart.
    fn holder<'a>(&self, name: &'a str) -> (&Chart, &'a str) {
        let (_, mut rest) = name.split_once('/').unwrap_or(("", name));
        let mut chart = self;
        while let Some((alias, below)) = rest.strip_prefix("charts/").and_then(|path| path.split_once('/')) {
            let aliased = chart.metadata.dependencies().iter().find(|dependency| dependency.alias == alias);
            let own = aliased.map_or(alias, |dependency| dependency.name.as_str());
            let Some(dependency) = chart.dependencies.iter().find(|dependency| dependency.name() == own)
            else {
                break;
            };
            (chart, rest) = (dependency, below);
        }
        (chart, rest)
    }

    /// The files of `crds/` of this chart and then of its dependencies, each with its name below the chart's full path.
    /// Helm: `CRDObjects`.
    pub fn crds(&self) -> Vec<Crd<'_>> {
        let own = self.files.iter().filter(|file| is_crd(&file.name));
        let own = own.map(|file| Crd { filename: format!("{}/{}", self.full_path, file.name), file });
        own.chain(self.dependencies.iter().flat_map(Chart::crds)).collect()
    }
}

/// A file of `crds/`.
#[derive(Clone, Debug)]
pub struct Crd<'a> {
    /// The name with the chart's full path before it.
    pub filename: String,
    /// The file.
    pub file: &'a File,
}

/// Helm: `hasManifestExtension`, below `crds/`.
fn is_crd(name: &str) -> bool {
    let extension = crate::go::path::ext(name);
    name.starts_with("crds/")
        && [".yaml", ".yml", ".json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
