use memchr::memchr;

use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

use super::scalars;

declare_rule! {
    /// No action of a Helm template should be left in what was rendered.
    ///
    /// ## Why
    /// A value that holds `{{ .Values... }}` is text: it is executed only where the template gives it to `tpl`. What other
    /// programs execute, such as `{{ $labels.pod }}` of Prometheus, is not told.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   host: "{{ .Release.Name }}-db"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   host: "release-db"
    /// ```
    ///
    /// ## Fix
    /// Print the value with `tpl`, as in `{{ tpl .Values.host . }}`, or write what it stands for.
    "TPL105" "unexecuted-action" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm executes templates once"],
        check: Check::Release(check),
    }
}

/// What only Helm's templates say.
const WORDS: [&str; 8] =
    [".Values.", "$.Values.", ".Release.", "$.Release.", ".Chart.", "$.Chart.", "include \"", "toYaml "];

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    scalars::each(release, |object, place, node| {
        if let Some(action) = node.as_str().and_then(action) {
            r.report_on(object, place.path(), format!("`{action}` was not executed"));
        }
    });
}

/// The first action of Helm's in a text.
fn action(text: &str) -> Option<&str> {
    memchr(b'{', text.as_bytes())?;
    text.match_indices("{{").find_map(|(at, _)| {
        let inside = text[at + 2..].trim_start_matches('-').trim_start();
        let end = text[at..].find("}}").map(|end| at + end + 2)?;
        let is_helm = WORDS.iter().any(|word| inside.starts_with(word));
        (is_helm && !text[at..end].contains('\n')).then(|| &text[at..end])
    })
}
