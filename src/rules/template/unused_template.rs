use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// A template that is defined should be called.
    ///
    /// ## Why
    /// What nothing calls has no effect: it is left from an older version, or its name is misspelt where it was to be called.
    /// Names that are put together, with `printf` for example, count for all that they may stand for.
    ///
    /// ```chart bad
    /// --- templates/_helpers.tpl
    /// {{- define "example.labels" }}app: web{{ end }}
    /// --- templates/config.yaml
    /// name: web
    /// ```
    /// ```chart good
    /// --- templates/_helpers.tpl
    /// {{- define "example.labels" }}app: web{{ end }}
    /// --- templates/config.yaml
    /// labels: { {{- include "example.labels" . }} }
    /// ```
    ///
    /// ## Fix
    /// Remove it, or call it.
    "TPL113" "unused-template" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: no file of the release calls it"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for spot in &chart.oddities.templates.unused {
        r.report_spot(spot, format!("nothing calls the template `{}`", spot.what));
    }
}
