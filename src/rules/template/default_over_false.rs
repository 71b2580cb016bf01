use crate::diagnostic::Severity;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// `default` should not take the place of a `false` or `0` that somebody set.
    ///
    /// ## Why
    /// To `default`, `false` and `0` are nothing: `{{ default true .Values.enabled }}` is `true` whatever is set, so that the
    /// value cannot be switched off. Where the chart itself sets the value, it is advice.
    ///
    /// ```values bad
    /// enabled: false
    /// ```
    /// ```values good
    /// enabled: true
    /// ```
    ///
    /// ## Fix
    /// Set the default in `values.yaml` and leave `default` out, or ask with `hasKey`, `kindIs` or `ternary`.
    "TPL109" "default-over-false" {
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: None,
        sources: &["Plimsoll: sprig's default takes what is empty for what is not set"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for oddity in &chart.oddities.overruled {
        let path = oddity.value.path.to_set_expression();
        let message =
            format!("`default` puts another value in the place of {} in `{path}`", oddity.value.value);
        let finding = r.report_set(&oddity.value, oddity.excerpt.as_deref(), message);
        let finding = finding.at(oddity.place.clone());
        if oddity.is_own() {
            finding.lowered();
        }
    }
}
