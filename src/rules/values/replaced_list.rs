use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::values::{Clash, Conflict};

declare_rule! {
    /// A list that replaces another should have all of its items.
    ///
    /// ## Why
    /// Lists are never merged: one of a later layer stands in the place of the whole list before it. Where both have an item of a
    /// name, the later one was likely meant to change that item alone. Lists that share no name are not told.
    ///
    /// ```chart bad
    /// --- values.yaml
    /// env:
    ///   - name: LEVEL
    ///     value: info
    ///   - name: HOME
    ///     value: /srv
    /// --- -f prod.yaml
    /// env:
    ///   - name: LEVEL
    ///     value: debug
    /// --- templates/config.yaml
    /// env: {{ toJson .Values.env }}
    /// ```
    /// ```chart good
    /// --- values.yaml
    /// env:
    ///   - name: LEVEL
    ///     value: info
    ///   - name: HOME
    ///     value: /srv
    /// --- -f prod.yaml
    /// env:
    ///   - name: LEVEL
    ///     value: debug
    ///   - name: HOME
    ///     value: /srv
    /// --- templates/config.yaml
    /// env: {{ toJson .Values.env }}
    /// ```
    ///
    /// ## Fix
    /// Write the items that are missing, or let the chart take a map, which is merged.
    "VAL106" "replaced-list" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: Helm replaces lists whole"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for Conflict { clash, value, excerpt } in &chart.oddities.conflicts {
        let Clash::List { lost } = clash else { continue };
        let shown = lost.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = if lost.len() > 5 { format!(" and {} more", lost.len() - 5) } else { String::new() };
        let path = value.path.to_set_expression();
        let message = format!("the list `{path}` replaces another whole, which has {shown}{more} too");
        r.report_set(value, excerpt.as_deref(), message);
    }
}
