//! Which names of what is missing in a release its templates make up by themselves: those of the others come from values, so
//! that somebody says that it is there already.

use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::diagnostic::ValueOrigin;
use crate::manifest::{HelmVersion, workload};
use crate::policy::{self, FieldOfRelease, Subject};
use crate::render::Origins;
use crate::rules::reference::{Missing, SECRET, missing};
use crate::values::User;

use super::inputs::Inputs;
use super::rendering::Rendering;

/// The places where the templates make up the name of something that the release does not have.
pub(super) fn own(
    subject: &Subject,
    rendering: &Rendering<'_>,
    inputs: &Inputs,
) -> FxHashSet<FieldOfRelease> {
    policy::in_release(subject, |release| {
        let mut own = missing(release);
        own.retain(|it| is_own(it, rendering.origins(), inputs));
        if !own.is_empty() {
            // What the chart makes by its own values and not by the user's, the user has.
            let made = made_by_default(rendering, inputs);
            own.retain(|it| !made.contains(&(it.kind.to_owned(), it.name.to_owned())));
        }
        own.into_iter().map(|it| (it.by.number, it.by.path.clone(), it.path)).collect()
    })
}

/// Whether no value says the name, or a part of it that is no name of the chart or release.
fn is_own(missing: &Missing<'_>, origins: Option<&Origins>, inputs: &Inputs) -> bool {
    let document = missing.by.document;
    let Some(origins) = origins.filter(|_| !document.template.is_empty()) else { return false };
    // Secrets with a name that is the same in every release are made once, by hand.
    if missing.kind == SECRET && !missing.name.contains(&inputs.release.name) {
        return false;
    }
    let cause = origins.field(&document.template, document.offset, missing.by.node, &missing.path);
    !cause.origin.values.iter().any(supplies)
}

/// Whether a value may say a name, and not only what the chart calls itself.
fn supplies(value: &ValueOrigin) -> bool {
    let key = value.path.steps().last().map(|step| step.as_key().to_lowercase()).unwrap_or_default();
    let says = match &value.value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    says && !matches!(key.as_str(), "nameoverride" | "fullnameoverride")
}

/// The kinds and names of what the chart makes by its own values, where the user set others.
fn made_by_default(rendering: &Rendering<'_>, inputs: &Inputs) -> FxHashSet<(String, String)> {
    if rendering.user.layers.is_empty() {
        return FxHashSet::default();
    }
    let user = User::default();
    let plain =
        super::rendering(rendering.chart, inputs, &user, inputs.release.clone(), rendering.request.helm);
    let Ok((executed, _)) = plain.execute_each(false) else { return FxHashSet::default() };
    let (sorted, _) = executed.sort_each(HelmVersion::Helm4);
    let manifests = sorted.manifests.iter().chain(sorted.hooks.iter().map(|hook| &hook.manifest));
    let objects = manifests.flat_map(|manifest| workload::objects(&manifest.node));
    objects.map(|object| (object.id.kind, object.id.name)).collect()
}
