use crate::diagnostic::{Applicability, Severity};
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule, remove, set};

declare_rule! {
    /// Every value that is set should be read.
    ///
    /// ## Why
    /// A key that no template reads has no effect, and nobody says so: it is misspelt, stands at another level, below another
    /// subchart, or `global` is missing before it. What only a branch would read that these values do not take is not told.
    /// The chart's own defaults that nothing reads are advice. The examples are read by a template that reads
    /// `.Values.replicaCount`.
    ///
    /// ```values bad
    /// replicaCount: 1
    /// replicaCuont: 2
    /// ```
    /// ```values good
    /// replicaCount: 2
    /// ```
    ///
    /// ## Fix
    /// Remove the key, or give it the name and place that a template reads. Where only one is likely, `plimsoll fix --unsafe` moves
    /// the key there.
    "VAL102" "unread-value" {
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: Some(Applicability::Unsafe),
        sources: &["Plimsoll: no template reads it, in no branch"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for key in &chart.unread {
        let path = key.value.path.to_set_expression();
        let mut finding = r
            .report_set(&key.value, key.excerpt.as_deref(), format!("nothing reads `{path}`"))
            .suggestions(&key.suggestions);
        if let Some(meant) = key.suggestions.first() {
            finding = finding.help(format!("did you mean `{}`?", meant.to_set_expression()));
        }
        if let [meant] = key.suggestions.as_slice() {
            finding = finding.unsafe_fix([remove(&key.value.path), set(meant, key.value.value.clone())]);
        }
        if key.is_own {
            finding.lowered();
        }
    }
}
