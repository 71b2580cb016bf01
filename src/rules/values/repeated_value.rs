use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// No key may stand twice in a values file.
    ///
    /// ## Why
    /// The last one holds, with all that stands below it; what the first said is lost without a word.
    ///
    /// ```values bad
    /// image:
    ///   repository: web
    /// image:
    ///   tag: "1.0"
    /// ```
    /// ```values good
    /// image:
    ///   repository: web
    ///   tag: "1.0"
    /// ```
    ///
    /// ## Fix
    /// Put what stands below both under one, and remove the other.
    "VAL103" "repeated-value" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: of equal keys the last one is read"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for key in &chart.repeated {
        let path = key.path.to_set_expression();
        r.report_repeated(key, format!("`{path}` stands in line {} already, which is lost", key.first));
    }
}
