use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// A file that a template prints with `.Files.Get`, or names in `.Files.Glob`, should be there.
    ///
    /// ## Why
    /// Of a file that the chart does not have Helm gives nothing, and says nothing: it is misspelt, lies among the templates,
    /// or `.helmignore` keeps it out. Where a condition or a `default` takes care of it, it is not told, nor a pattern with `*` that
    /// fits nothing: it is for files of those who use the chart.
    ///
    /// ```chart bad
    /// --- templates/config.yaml
    /// app.conf: {{ .Files.Get "config/app.conf" | quote }}
    /// ```
    /// ```chart bad
    /// --- templates/config.yaml
    /// data:
    ///   {{- (.Files.Glob "config/app.conf").AsConfig | nindent 2 }}
    /// ```
    /// ```chart good
    /// --- templates/config.yaml
    /// app.conf: {{ .Files.Get "config/app.conf" | quote }}
    /// --- config/app.conf
    /// level: info
    /// ```
    ///
    /// ## Fix
    /// Put the file into the chart, outside of `templates`, or correct its name.
    "TPL111" "absent-file" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm gives an empty text for a file that is not there"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for spot in &chart.oddities.templates.files {
        r.report_spot(spot, format!("the chart has no file `{}`, and nothing is printed", spot.what));
    }
}
