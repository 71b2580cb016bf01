use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// Templates should not decide by the name or namespace of the release.
    ///
    /// ## Why
    /// On the platform the release is always named `mini-service`, and its namespace is made for each instance. A template
    /// that compares them with a word of its own never takes that branch.
    ///
    /// ```template bad
    /// {{ if eq .Release.Name "production" }}{{ end }}
    /// ```
    /// ```template good
    /// {{ if eq .Values.stage "production" }}{{ end }}
    /// ```
    ///
    /// ## Fix
    /// Decide by a value.
    "TPL102" "release-identity" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["service: renders as mini-service"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for file in &chart.templates {
        for action in super::actions(file.text()) {
            let text = &file.text()[action.clone()];
            let compares = ["eq", "ne", "hasPrefix", "hasSuffix", "contains", "regexMatch"]
                .iter()
                .any(|function| !super::calls(file.text(), &action, function).is_empty());
            for field in [".Release.Name", ".Release.Namespace"] {
                let at =
                    text.find(field).filter(|at| !text[at + field.len()..].starts_with(char::is_alphabetic));
                if let (true, Some(at), true) = (compares, at, text.contains('"')) {
                    r.report_in(file, action.start + at, format!("template decides by {field}"));
                }
            }
        }
    }
}
