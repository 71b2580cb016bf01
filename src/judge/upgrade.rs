//! The release before an upgrade: its objects, which the new ones take the place of.

use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::manifest::{HelmVersion, workload};
use crate::policy::Role;
use crate::render::{self, Release};
use crate::template;
use crate::values::User;
use crate::yaml::Node;

use super::documents::Documents;
use super::failure;
use super::inputs::{Before, Inputs};

/// The objects that were installed; `chart` is the one that is judged.
///
/// # Errors
/// Why the release before cannot be known.
pub(super) fn objects(
    before: &Before,
    chart: Option<&Chart>,
    inputs: &Inputs,
) -> Result<Vec<Node>, Box<Diagnostic>> {
    match (before, chart) {
        (Before::Manifests(text), _) => {
            let documents = Documents::of_yaml(text.clone(), inputs.threads)
                .map_err(|error| of_before(failure::unreadable_manifests("the release before", &error)))?;
            Ok(documents.nodes(Role::Manifest).flat_map(taken_apart).collect())
        }
        (Before::Chart(chart), _) => rendered(chart, inputs, &inputs.user),
        (Before::Values(user), Some(chart)) => rendered(chart, inputs, user),
        (Before::Values(_), None) => Ok(Vec::new()),
    }
}

fn rendered(chart: &Chart, inputs: &Inputs, user: &User) -> Result<Vec<Node>, Box<Diagnostic>> {
    let release = Release::new(&inputs.release.name, &inputs.release.namespace);
    let mut rendering = super::rendering(chart, inputs, user, release, HelmVersion::Helm3);
    // Its files may have the names of others.
    rendering.request.engine = template::Options::default();
    let failed = |error: &render::Error| of_before(failure::unrenderable(error));
    let executed = rendering.execute().map_err(|why| failed(&why.error))?;
    let sorted = executed
        .sort(HelmVersion::Helm4)
        .map_err(|error| failed(&render::Error::Yaml { error, outputs: Vec::new() }))?;
    Ok(sorted.manifests.iter().flat_map(|manifest| taken_apart(&manifest.node)).collect())
}

/// The objects of a document, lists taken apart.
fn taken_apart(node: &Node) -> Vec<Node> {
    workload::objects(node).into_iter().map(|object| object.node.clone()).collect()
}

fn of_before(mut why: Diagnostic) -> Box<Diagnostic> {
    why.message = format!("the release before, which --upgrade-from names, cannot be known: {}", why.message);
    Box::new(why)
}
