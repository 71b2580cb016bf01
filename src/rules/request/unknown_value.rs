use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, ClosedFile, Level, Levels, Release, Reporter, declare_rule};
use crate::suggest;
use crate::yaml::{Data, Node};

declare_rule! {
    /// The configuration of a request should set values that the chart has.
    ///
    /// ## Why
    /// `configuration` becomes the values of the chart. A key that the chart does not know changes nothing, and nobody says
    /// so.
    ///
    /// ```request values bad
    /// configuration:
    ///   replicaCuont: 2
    /// ```
    /// ```request values good
    /// configuration:
    ///   replicaCount: 2
    /// ```
    ///
    /// ## Fix
    /// Write the key as `values.yaml` of the chart does.
    "REQ111" "unknown-value" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: keys of a configuration against values.yaml"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let (Some(request), Some(chart)) = (&release.subject.request, &release.subject.chart) else { return };
    let Some(values) = chart.values.as_ref().and_then(ClosedFile::open) else { return };
    for (node, path) in request.parts() {
        let Some(configuration) = node.get("configuration") else { continue };
        let mut found = Vec::new();
        look(chart, configuration, &values.node, &FieldPath::root(), &mut found);
        for (key, near) in found {
            let finding = r.report_field(
                &request.body,
                path.key("configuration").join(&key),
                format!("the chart has no value `{key}`"),
            );
            if let Some(near) = near {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

/// Finds the keys that neither the values have nor a template reads, each with the known one that is most like it.
fn look(
    chart: &ChartSubject,
    given: &Node,
    known: &Node,
    at: &FieldPath,
    found: &mut Vec<(FieldPath, Option<String>)>,
) {
    for entry in given.entries() {
        let path = at.key(&entry.key);
        match known.get(&entry.key) {
            // A map that is empty takes any key.
            Some(below) if matches!(&below.data, Data::Map(entries) if !entries.is_empty()) => {
                look(chart, &entry.value, below, &path, found);
            }
            Some(_) => {}
            None if is_free(chart, &entry.key, at) || is_read(chart, &path) => {}
            None => found.push((path, nearest(&entry.key, known))),
        }
    }
}

/// Whether a key at the top belongs to no value of this chart: `global`, or the values of a subchart.
fn is_free(chart: &ChartSubject, key: &str, at: &FieldPath) -> bool {
    let dependencies = chart.metadata.node.get("dependencies").map_or(&[][..], Node::items);
    let named = |node: &Node, field: &str| node.get(field).and_then(Node::as_str) == Some(key);
    at.is_root()
        && (key == "global"
            || chart.vendored.iter().any(|name| name == key)
            || dependencies.iter().any(|node| named(node, "name") || named(node, "alias")))
}

/// Whether a template reads the value by its whole path.
fn is_read(chart: &ChartSubject, path: &FieldPath) -> bool {
    let wanted = format!(".Values.{path}");
    let read = |text: &str| {
        let mut rest = text.match_indices(&wanted).map(|(at, _)| &text[at + wanted.len()..]);
        rest.any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    chart.templates.iter().any(|file| read(file.text()))
}

/// The key that is most like the word, if one is much like it.
fn nearest(word: &str, known: &Node) -> Option<String> {
    suggest::closest(word, known.entries().iter().map(|entry| &*entry.key)).map(str::to_owned)
}
