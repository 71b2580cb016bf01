use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::values::{Clash, Conflict};

declare_rule! {
    /// A layer of values should not put a table where another has none, or the reverse.
    ///
    /// ## Why
    /// Tables are merged, and anything else is replaced. Helm logs a warning, puts one in the place of the other, and the template
    /// meets what it was not written for.
    ///
    /// ```chart bad
    /// --- values.yaml
    /// ingress:
    ///   enabled: false
    /// --- -f prod.yaml
    /// ingress: true
    /// --- templates/config.yaml
    /// ingress: {{ toJson .Values.ingress }}
    /// ```
    /// ```chart bad
    /// --- values.yaml
    /// image: web
    /// --- -f prod.yaml
    /// image:
    ///   name: web
    /// --- templates/config.yaml
    /// image: {{ toJson .Values.image }}
    /// ```
    /// ```chart good
    /// --- values.yaml
    /// ingress:
    ///   enabled: false
    /// --- -f prod.yaml
    /// ingress:
    ///   enabled: true
    /// --- templates/config.yaml
    /// ingress: {{ toJson .Values.ingress }}
    /// ```
    ///
    /// ## Fix
    /// Set the key that the other layer has, below the table or instead of it.
    "VAL105" "mismatched-table" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm merges tables with tables alone"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for Conflict { clash, value, excerpt } in &chart.oddities.conflicts {
        let path = value.path.to_set_expression();
        let message = match clash {
            Clash::Table => format!("`{path}` is a table here, and none in another layer"),
            Clash::Scalar => format!("`{path}` is no table here, and one in another layer"),
            _ => continue,
        };
        r.report_set(value, excerpt.as_deref(), message);
    }
}
