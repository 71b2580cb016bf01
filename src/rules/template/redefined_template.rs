use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// No two templates of a release may have the same name.
    ///
    /// ## Why
    /// All charts of a release share the names of their templates, and of two with one name the one that is parsed last is
    /// called everywhere. Which one that is depends on the names of files and on how deep a chart lies. Two that say the same are
    /// not told.
    ///
    /// ```chart bad
    /// --- templates/_helpers.tpl
    /// {{- define "example.name" }}web{{ end }}
    /// --- templates/_names.tpl
    /// {{- define "example.name" }}db{{ end }}
    /// --- templates/config.yaml
    /// name: {{ include "example.name" . }}
    /// ```
    /// ```chart good
    /// --- templates/_helpers.tpl
    /// {{- define "example.name" }}web{{ end }}
    /// --- templates/config.yaml
    /// name: {{ include "example.name" . }}
    /// ```
    ///
    /// ## Fix
    /// Begin the name of each template with that of its chart, and keep one of the two.
    "TPL114" "redefined-template" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Go's templates keep the last of a name"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for spot in &chart.oddities.templates.redefined {
        r.report_spot(
            spot,
            format!("another template is called `{}` too, and says something else", spot.what),
        );
    }
}
