//! The checks of `templates/`: whether they render, and what they render to. Helm: lint/rules/template.go.

use std::path::Path;

use super::messages::Level::{Error, Warning};
use super::messages::{Context, Lint};
use super::{deprecations, documents, names};
use crate::go::bytes::{index, lines, trim_space};
use crate::go::path;
use crate::go::strconv::quote;
use crate::render::host::Listening;
use crate::render::{self, Capabilities, Output, Release, Request};
use crate::template::host::Host;
use crate::values;

const FOLDER: &str = "templates/";

/// Checks the templates of the chart in the folder.
pub(super) fn check(folder: &Path, context: &Context, host: &mut dyn Host, lint: &mut Lint) {
    let templates = folder.join("templates");
    if !templates.exists() {
        return lint.say(Warning, FOLDER, "directory does not exist");
    }
    if !templates.is_dir() {
        return lint.say(Error, FOLDER, "not a directory");
    }
    let Some(chart) = lint.load(folder, FOLDER, "") else { return };
    let mut request = Request::new(Release {
        is_install: false,
        revision: 0,
        ..Release::new("test-release", context.namespace)
    });
    request.engine.lint = true;
    request.capabilities = Capabilities::new(context.kube_version.clone(), &[]);
    let warnings = &mut lint.warnings;
    let Ok(chart) = values::process_dependencies(&chart, context.values, request.helm, warnings) else {
        return;
    };
    // Helm coalesces twice, and only then complains.
    let Ok(coalesced) = values::coalesce(&chart, context.values, request.helm, warnings) else { return };
    let values = match values::to_render_values(&chart, &coalesced, request.helm, context.schema, warnings) {
        Ok(values) => values,
        Err(error) => return lint.say(Error, FOLDER, error.to_string()),
    };
    let host = &mut Listening { host, warnings };
    let outputs = match render::templates::<()>(&chart, &values, &request, host) {
        Ok(outputs) => outputs,
        Err(error) => return lint.say(Error, FOLDER, error.to_string()),
    };
    for file in &chart.templates {
        if !check_template(&file.name, &chart.full_path, &outputs, context, lint) {
            return;
        }
    }
}

/// Checks what a template rendered to; `false` if it is no YAML, which ends the checks.
fn check_template(name: &str, chart: &str, outputs: &[Output], context: &Context, lint: &mut Lint) -> bool {
    let extension = path::ext(name);
    if ![".yaml", ".yml", ".tpl", ".txt"].contains(&extension) {
        let text = format!(
            "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"
        );
        lint.say(Error, name, text);
    }
    if ![".yaml", ".yml"].contains(&extension.to_lowercase().as_str()) {
        return true;
    }
    let full_name = path::join(&[chart, name]);
    let output = outputs.iter().find(|output| output.name == full_name);
    let text = output.map_or(&b""[..], |output| output.text.as_bytes());
    if trim_space(text).is_empty() {
        return true;
    }
    lint.check(Warning, name, indent_complaint(text));
    for document in documents::read(text) {
        let document = match document {
            Ok(Some(document)) => document,
            Ok(None) => continue,
            Err(error) => {
                lint.say(Error, name, error.to_string());
                return false;
            }
        };
        lint.check(Warning, name, names::complaint(&document.kind, &document.name));
        let deprecated = deprecations::warning(&document.api_version, &document.kind, context.kube_version);
        lint.check(Warning, name, deprecated);
        lint.check(Error, name, selector_complaint(&document, text));
        if document.kind == "List" {
            lint.check(Error, name, documents::list_complaint(text));
        }
    }
    true
}

/// Helm: `validateTopIndentLevel`.
fn indent_complaint(text: &[u8]) -> Option<String> {
    // Go: bufio scan.go `MaxScanTokenSize`, which a line break has to fit into, too.
    const LONGEST: usize = 64 * 1024;
    let line = lines(text).find(|line| !trim_space(line).is_empty() || line.len() >= LONGEST)?;
    if line.len() >= LONGEST {
        return Some("bufio.Scanner: token too long".to_owned());
    }
    line.starts_with(b" ").then_some(()).or_else(|| line.starts_with(b"\t").then_some(()))?;
    Some(format!("document starts with an illegal indent: {}, which may cause parsing problems", quote(line)))
}

/// Helm: `validateMatchSelector`, which looks for the words anywhere in the text.
fn selector_complaint(document: &documents::Document, text: &[u8]) -> Option<String> {
    let wants = matches!(document.kind.as_str(), "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet");
    let says = |word: &str| index(text, word.as_bytes()).is_some();
    (wants && !says("matchLabels") && !says("matchExpressions")).then(|| {
        let name = quote(&document.name);
        format!("a {} must contain matchLabels or matchExpressions, and {name} does not", document.kind)
    })
}
