//! [`sort`]: documents and hooks out of the text of all templates, in Helm's order.

use std::sync::Arc;

use super::document::{Depth, Manifest, ParseError};
use super::hook::{self, Hook};
use super::order;
use super::split;
use crate::helm::HelmVersion;
use crate::value::Str;

/// The documents of a release in the order of installing.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// What is installed.
    pub manifests: Vec<Manifest>,
    /// What runs at a moment.
    pub hooks: Vec<Hook>,
    /// The values of the hook annotations that name an unknown moment, whose documents Helm drops.
    pub dropped_hooks: Vec<(Arc<str>, String)>,
}

impl Sorted {
    /// What an upgrade installs again: all but hooks of other moments.
    pub fn upgraded(&self) -> impl Iterator<Item = &Manifest> {
        let hooks = self.hooks.iter().filter(|hook| hook.is_upgraded());
        self.manifests.iter().chain(hooks.map(|hook| &hook.manifest))
    }
}

/// Makes documents of the outputs of templates, given in the order of their paths and without partials, and sorts them.
///
/// Helm: release/v1/util/manifest_sorter.go `SortManifests`. Empty outputs are passed over. The error is that of the first
/// document that does not parse.
pub fn sort<'a>(
    outputs: impl IntoIterator<Item = (&'a str, &'a Str)>,
    helm: HelmVersion,
) -> Result<Sorted, Box<ParseError>> {
    sort_until(outputs, helm, Depth::Head, Err)
}

/// As [`sort`], of the documents that parse; those that do not stand beside.
pub fn sort_each<'a>(
    outputs: impl IntoIterator<Item = (&'a str, &'a Str)>,
    helm: HelmVersion,
) -> (Sorted, Vec<ParseError>) {
    let mut faulty = Vec::new();
    let sorted = sort_until(outputs, helm, Depth::Whole, |error| {
        faulty.push(*error);
        Ok(())
    });
    (sorted.unwrap_or_default(), faulty)
}

fn sort_until<'a>(
    outputs: impl IntoIterator<Item = (&'a str, &'a Str)>,
    helm: HelmVersion,
    depth: Depth,
    mut faulty: impl FnMut(Box<ParseError>) -> Result<(), Box<ParseError>>,
) -> Result<Sorted, Box<ParseError>> {
    let mut sorted = Sorted::default();
    for (path, text) in outputs {
        let source: Arc<str> = path.into();
        for range in split::split(text, helm) {
            let manifest = match Manifest::read(&source, text, range, depth) {
                Ok(manifest) => manifest,
                Err(error) => {
                    faulty(error)?;
                    continue;
                }
            };
            match hook::kind(&manifest.head) {
                hook::Kind::None => sorted.manifests.push(manifest),
                hook::Kind::Hook(events, weight) => sorted.hooks.push(Hook { manifest, events, weight }),
                hook::Kind::Unknown(names) => {
                    sorted.dropped_hooks.push((source.clone(), names.to_owned()));
                }
            }
        }
    }
    order::sort_by_kind(&mut sorted.manifests, helm, |manifest| &manifest.head.kind);
    order::sort_by_kind(&mut sorted.hooks, helm, |hook| &hook.manifest.head.kind);
    Ok(sorted)
}
