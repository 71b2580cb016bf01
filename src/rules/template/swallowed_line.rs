use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// A trim marker should not take the line break that a line needs.
    ///
    /// ## Why
    /// `-}}` takes the white space behind it and `{{-` that before it, line breaks too. Where both meet, a line goes on where
    /// another ended: in a comment, where it is lost, or in a value. What comes of it is YAML all the same.
    ///
    /// ```chart bad
    /// --- templates/config.yaml
    /// mode: fast
    /// # how many there may be
    /// {{- with .Values.limit -}}
    /// limit: {{ . }}
    /// {{- end }}
    /// --- values.yaml
    /// limit: 5
    /// ```
    /// ```chart good
    /// --- templates/config.yaml
    /// mode: fast
    /// # how many there may be
    /// {{- with .Values.limit }}
    /// limit: {{ . }}
    /// {{- end }}
    /// --- values.yaml
    /// limit: 5
    /// ```
    ///
    /// ## Fix
    /// Write `}}` for `-}}` before the line.
    "TPL115" "swallowed-line" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: the text of the template begins a line, and what is rendered does not"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for spot in &chart.oddities.templates.swallowed {
        r.report_spot(spot, format!("`{}` stands in the comment before it, and is lost", spot.what));
    }
    for spot in &chart.oddities.templates.glued {
        r.report_spot(spot, format!("`{}` stands behind the line before it", spot.what));
    }
}
