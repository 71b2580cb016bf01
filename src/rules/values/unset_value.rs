use crate::policy::{ChartSubject, Check, Level, Levels, OddUse, Reporter, declare_rule};
use crate::template::odd::Spot;

declare_rule! {
    /// A value that is printed should be set, or have a default.
    ///
    /// ## Why
    /// A template that prints a value which no layer sets prints nothing. Where that is meant, a `default`, `with` or `if`
    /// says so, or `values.yaml` sets it to an empty text, and then it is not told. Nor is what an item of a list that `range` goes
    /// through does not have: whoever lists it decides.
    ///
    /// ```chart bad
    /// --- templates/config.yaml
    /// host: {{ .Values.host }}
    /// ```
    /// ```chart good
    /// --- templates/config.yaml
    /// host: {{ .Values.host }}
    /// port: {{ .Values.port | default 80 }}
    /// mounts:
    /// {{- range .Values.mounts }}
    ///   - {path: {{ .path }}, mode: {{ .mode }}}
    /// {{- end }}
    /// --- values.yaml
    /// host: localhost
    /// mounts: [{path: /a}]
    /// ```
    ///
    /// ## Fix
    /// Set it in `values.yaml`, give it a `default`, or ask for it with `required`.
    "VAL109" "unset-value" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: Helm prints nothing for a value that is not set"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for OddUse { value, place, .. } in &chart.oddities.unset {
        let place = place.clone().unwrap_or_default();
        // No layer has a line of it: what is shown is the template's.
        let template = chart.templates.iter().find(|template| template.name() == place.file);
        let excerpt = template.zip(place.line).map(|(template, line)| template.line(line).to_owned());
        let spot = Spot { place, excerpt, ..Spot::default() };
        let message = format!("`{}` is printed, and nothing sets it", value.path.to_set_expression());
        r.report_spot(&spot, message).about(value);
    }
}
