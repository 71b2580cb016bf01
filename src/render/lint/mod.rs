//! `helm lint`: what Helm 4.3.1 says of a chart in a folder, check by check, in its order and words.
//!
//! Read [`lint`]. Each file here is one of Helm's groups of rules; unlike the rest of `render` they look at the chart as
//! it lies on the disk.

mod chartfile;
mod contents;
mod deprecations;
mod documents;
mod messages;
mod names;
mod templates;

pub use messages::{Context, Level, Lint};

use std::path::Path;

use crate::template::host::Host;

/// Checks the chart in a folder, which has a `Chart.yaml`. Helm: lint/lint.go `RunAll`.
pub fn lint(folder: &Path, context: &Context, host: &mut dyn Host) -> Lint {
    let mut lint = Lint::default();
    chartfile::check(folder, &mut lint);
    contents::check_values(folder, context, &mut lint);
    templates::check(folder, context, host, &mut lint);
    contents::check_dependencies(folder, &mut lint);
    contents::check_crds(folder, &mut lint);
    lint
}
