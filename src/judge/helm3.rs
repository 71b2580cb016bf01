//! What Helm 3.18.5, with which NVCF's service renders, takes of a chart and of values that Helm 4 takes whole: of a values
//! file the first document, and of `--set-json` assignments alone.

use std::borrow::Cow;

use super::cluster;
use super::failure::{unreadable_layer, unusable_flag};
use super::inputs::Chosen;
use crate::chart::{Chart, File};
use crate::diagnostic::{Diagnostic, Layer};
use crate::manifest::HelmVersion;
use crate::values::{Content, User, UserLayer};
use crate::yaml;

/// The Helm that a chart is judged as: the service's own, where somebody asks what the service says.
pub fn helm_of(profiles: &[Chosen]) -> HelmVersion {
    match profiles.iter().any(|chosen| cluster::asks_service(&chosen.profile, chosen.mode)) {
        true => HelmVersion::Helm3,
        false => HelmVersion::Helm4,
    }
}

/// The chart as Helm 3 loads it, if Helm 4 loaded it. Helm: v3 pkg/chart/loader/load.go `LoadFiles`.
pub(super) fn chart(chart: &Chart) -> Cow<'_, Chart> {
    if !has_more(chart) {
        return Cow::Borrowed(chart);
    }
    let mut chart = chart.clone();
    cut(&mut chart);
    Cow::Owned(chart)
}

/// Whether the values of the chart, or of one below it, have more than one document.
fn has_more(chart: &Chart) -> bool {
    chart.raw_file("values.yaml").is_some_and(|file| first(&file.data).is_some())
        || chart.dependencies.iter().any(has_more)
}

/// The first document, where there are others.
fn first(text: &[u8]) -> Option<&[u8]> {
    // What separates documents has to stand at the start of a line, behind whatever ends the one before.
    let starts_line = |at: usize| at == 0 || matches!(text[at - 1], b'\n' | b'\r' | 0x80..);
    let separates = |marker: &[u8]| memchr::memmem::find_iter(text, marker).any(starts_line);
    if !separates(b"---") && !separates(b"...") {
        return None;
    }
    Some(yaml::first_document(text)).filter(|first| first.len() < text.len())
}

fn cut(chart: &mut Chart) {
    for file in chart.raw.iter_mut().filter(|file| file.name == "values.yaml") {
        if let Some(first) = first(&file.data) {
            // It was read before, without an error.
            chart.values = yaml::map_from_str(first).unwrap_or_default();
            *file = File { data: first.into(), ..file.clone() };
        }
    }
    chart.helm = HelmVersion::Helm3;
    chart.dependencies.iter_mut().for_each(cut);
}

/// The user's values as Helm 3 reads them. Helm: v3 pkg/cli/values/options.go `MergeValues`.
pub(super) fn user(user: &mut User) -> Result<(), Box<Diagnostic>> {
    let mut is_cut = false;
    user.helm = HelmVersion::Helm3;
    for UserLayer { layer, content } in &mut user.layers {
        match content {
            Content::Object(_) => return Err(Box::new(no_objects(layer))),
            Content::File(text) => {
                if let Some(first) = first(text) {
                    *text = first.into();
                    is_cut = true;
                }
            }
            Content::Expression { .. } => {}
        }
    }
    if is_cut {
        let layers = std::mem::take(&mut user.layers);
        *user = User::of_layers(layers, HelmVersion::Helm3)
            .map_err(|error| Box::new(unreadable_layer(&error)))?;
    }
    Ok(())
}

fn no_objects(layer: &Layer) -> Diagnostic {
    let text = match layer {
        Layer::Expression { text, .. } => text.as_str(),
        _ => "",
    };
    let mut diagnostic = unusable_flag(format!("failed parsing --set-json data {text}"));
    diagnostic.help = Some(
        "NVCF's service renders with Helm 3.18.5, whose --set-json takes no object: write --set-json KEY=JSON for each key"
            .to_owned(),
    );
    diagnostic
}
