use crate::path::FieldPath;
use crate::policy::{
    ChartSubject, Check, ClosedFile, Level, Levels, Reporter, Request, declare_rule, parameters,
};

declare_rule! {
    /// The chart of a task should declare the values that the platform sets.
    ///
    /// ## Why
    /// The agent adds `nvctTaskId`, `nvctResultsDir` and their like to the values of a task where they are missing or
    /// empty. A chart that declares them as `""` renders alone too, and shows that it reads them. Without a request, or with
    /// that of a function, this rule is silent.
    ///
    /// ```values bad task
    /// replicas: 1
    /// ```
    /// ```values good task
    /// nvctNcaId: ""
    /// nvctTaskId: ""
    /// nvctTaskName: ""
    /// nvctResultsDir: ""
    /// nvctProgressFilePath: ""
    /// ```
    ///
    /// ## Fix
    /// Add the keys to `values.yaml` with the value `""`.
    "VAL101" "task-values" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: values of tasks", "agent: adds them where they are missing or empty"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let is_task = r.subject().request.as_ref().is_some_and(Request::is_task);
    let values = chart.values.as_ref().filter(|_| is_task).and_then(ClosedFile::open);
    let Some(values) = values else { return };
    let missing = |key: &&String| values.node.get(key).is_none();
    let missing: Vec<&str> =
        r.profile().list(parameters::TASK_VALUES).iter().filter(missing).map(String::as_str).collect();
    if !missing.is_empty() {
        r.report_field(values, FieldPath::root(), format!("values do not declare {}", missing.join(", ")));
    }
}
