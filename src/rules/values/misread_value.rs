use crate::diagnostic::{Applicability, Layer, Severity, ValueOrigin};
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule, set};
use crate::values::{Misread, Slip};

declare_rule! {
    /// A value should be read as what it looks like.
    ///
    /// ## Why
    /// YAML 1.1, by which Helm reads values, takes `yes`, `no`, `on`, `off`, `y` and `n` for true and false, as keys too, a number
    /// that begins with 0 for an octal one, and the version `1.20` for the number 1.2. Permissions such as `mode: 0644` are not told.
    /// Words for true and false, and what the chart itself says, are advice.
    ///
    /// ```chart bad
    /// --- -f prod.yaml
    /// image:
    ///   tag: 1.20
    /// --- templates/config.yaml
    /// image: "web:{{ .Values.image.tag }}"
    /// ```
    /// ```chart bad
    /// --- values.yaml
    /// country: NO
    /// --- templates/config.yaml
    /// country: {{ .Values.country | quote }}
    /// ```
    /// ```chart good
    /// --- values.yaml
    /// country: "NO"
    /// image:
    ///   tag: "1.20"
    /// --- templates/config.yaml
    /// country: {{ .Values.country | quote }}
    /// image: "web:{{ .Values.image.tag }}"
    /// ```
    ///
    /// ## Fix
    /// Put it in quotes, as `plimsoll fix --unsafe` does, or write `true` or `false` where that is meant.
    "VAL104" "misread-value" {
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: Some(Applicability::Unsafe),
        sources: &["Plimsoll: YAML 1.1 reads it so"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for (layer, misread) in &chart.oddities.misread {
        let Misread { path, written, read, slip, line, column } = misread;
        let place = path.to_set_expression();
        let message = match slip {
            Slip::Key => format!("the key `{written}` is read as `{read}`"),
            Slip::Word => format!("`{written}` in `{place}` is read as {read}"),
            Slip::Notation => format!("`{written}` in `{place}` is the number {read}"),
            Slip::Version => format!("the version `{written}` in `{place}` is the number {read}"),
        };
        let value = ValueOrigin {
            key: path.clone(),
            path: path.clone(),
            value: serde_json::from_str(read).unwrap_or_default(),
            layer: Some(layer.clone()),
            line: Some(*line),
            column: Some(*column),
            ..ValueOrigin::default()
        };
        let mut finding = r.report_set(&value, None, message);
        if *slip != Slip::Key {
            finding = finding.unsafe_fix([set(path, written.as_str())]);
        }
        if *slip == Slip::Word || matches!(layer, Layer::Chart(_)) {
            finding.lowered();
        }
    }
}
