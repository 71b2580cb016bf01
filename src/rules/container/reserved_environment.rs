use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, Request, declare_rule, parameters, remove};
use crate::yaml::Node;

declare_rule! {
    /// Environment variables whose names the platform keeps for itself are overwritten.
    ///
    /// ## Why
    /// The agent adds its own `NVCF_…` and `NVCT_…` variables to every container, in place of one of the same name. What
    /// the chart says is lost without a word.
    ///
    /// ```yaml bad
    /// env:
    ///   - name: NVCF_REGION
    ///     value: here
    /// ```
    /// ```yaml good
    /// env:
    ///   - name: REGION
    ///     value: here
    /// ```
    ///
    /// ## Fix
    /// Give the variable another name, or remove it and read what the platform sets.
    "CTR118" "reserved-environment" {
        levels: Levels::all(Level::Warning),
        fix: Some(Applicability::Safe),
        sources: &["agent: adds environment variables, overwriting those of the same name"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let is_task = r.subject().request.as_ref().is_some_and(Request::is_task);
    let variables = container.at(&["env"]).map_or(&[][..], Node::items);
    for (index, variable) in variables.iter().enumerate() {
        let Some(name) = variable.get("name").and_then(Node::as_str) else { continue };
        if r.profile()
            .list(parameters::RESERVED_ENVIRONMENT)
            .iter()
            .any(|start| name.starts_with(start.as_str()))
        {
            let item = container.path_of(&["env"]).item(variables, index);
            let platform =
                if is_task { parameters::TASK_ENVIRONMENT } else { parameters::FUNCTION_ENVIRONMENT };
            let is_set = r.profile().lists(platform, name) && container.is_judged();
            let finding = r.report(
                item.key("name"),
                format!("the platform may set `{name}` itself and overwrites it then"),
            );
            if is_set {
                finding.fix([remove(&item)]);
            }
        }
    }
}
