use crate::diagnostic::Applicability;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule, set};

declare_rule! {
    /// A text should not stand where a template asks for true or false.
    ///
    /// ## Why
    /// Every text but the empty one is true, `"false"` too. It comes from quotes in a values file, or from `--set-string`.
    /// A text that is printed somewhere is not told.
    ///
    /// ```values bad
    /// enabled: "false"
    /// ```
    /// ```values good
    /// enabled: false
    /// ```
    ///
    /// ## Fix
    /// Write it without quotes, as `plimsoll fix --unsafe` does.
    "TPL110" "text-as-condition" {
        levels: Levels::all(Level::Warning),
        fix: Some(Applicability::Unsafe),
        sources: &["Plimsoll: Go's templates take a text for true unless it is empty"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for oddity in &chart.oddities.texts {
        let path = oddity.value.path.to_set_expression();
        let message = format!("the text {} in `{path}` is taken for true", oddity.value.value);
        let finding = r.report_set(&oddity.value, oddity.excerpt.as_deref(), message);
        finding.at(oddity.place.clone()).unsafe_fix([set(&oddity.value.path, false)]);
    }
}
