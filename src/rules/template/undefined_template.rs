use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// A template that is called should be defined.
    ///
    /// ## Why
    /// A chart with such a call renders until somebody sets the values that lead to it, and fails then. What is called with
    /// these values and not defined is an error of its own.
    ///
    /// ```chart bad
    /// --- templates/config.yaml
    /// name: web
    /// {{- if .Values.tls }}
    /// tls: {{ include "example.tls" . }}
    /// {{- end }}
    /// --- values.yaml
    /// tls: false
    /// ```
    /// ```chart good
    /// --- templates/config.yaml
    /// name: web
    /// {{- if .Values.tls }}
    /// tls: {{ include "example.tls" . }}
    /// {{- end }}
    /// --- templates/_helpers.tpl
    /// {{- define "example.tls" }}on{{ end }}
    /// --- values.yaml
    /// tls: false
    /// ```
    ///
    /// ## Fix
    /// Define it, or correct the name.
    "TPL112" "undefined-template" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: no file of the release defines it"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for spot in &chart.oddities.templates.undefined {
        let finding = r.report_spot(spot, format!("no template is called `{}`", spot.what));
        if let Some(meant) = &spot.meant {
            finding.help(format!("did you mean `{meant}`?"));
        }
    }
}
