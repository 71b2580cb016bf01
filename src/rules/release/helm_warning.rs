use crate::go::slog;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// Helm must render the chart without a word of warning.
    ///
    /// ## Why
    /// Helm goes on where values do not fit: it skips a value that is no table where the chart has one, takes a condition
    /// that is no boolean for no condition at all, and leaves hooks out that it does not know. It says so on standard error,
    /// where nobody looks, and the release is not what its author meant.
    ///
    /// ```log bad
    /// level=WARN msg="returned non-bool value" path=redis.enabled chart=redis
    /// ```
    /// ```log good
    /// level=DEBUG msg="chart is fine"
    /// ```
    ///
    /// ## Fix
    /// Set the value that the line names to what the chart expects there.
    "REL108" "helm-warning" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: the lines are those that Helm itself prints"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let mut told: Vec<&slog::Line> = Vec::new();
    for line in &release.subject.log {
        if line.level == slog::Level::Debug || told.contains(&line) {
            continue;
        }
        told.push(line);
        r.report(FieldPath::root(), format!("Helm warns while it renders: {line}"));
    }
}
