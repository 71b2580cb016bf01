use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::template::calls::Call;

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
    for call in &chart.calls {
        if let Some(field) = field(&call.call) {
            r.report_call(chart, call, format!("template decides by {field}"));
        }
    }
}

/// The name or namespace of the release, if the call compares it with a word.
pub fn field(call: &Call) -> Option<&str> {
    let compares = call.has_text && FUNCTIONS.contains(&call.function);
    let field =
        call.fields.iter().find(|field| matches!(field.as_str(), ".Release.Name" | ".Release.Namespace"));
    field.filter(|_| compares).map(String::as_str)
}

/// The functions that compare texts.
pub const FUNCTIONS: [&str; 6] = ["eq", "ne", "hasPrefix", "hasSuffix", "contains", "regexMatch"];
