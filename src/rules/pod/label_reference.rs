use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Pods must not rely on their own labels.
    ///
    /// ## Why
    /// Where the service rewrites metadata, pods lose the labels that the chart gave them. Affinities and topology spread
    /// constraints then select nothing, and a variable that reads a label is empty, without an error anywhere.
    ///
    /// ```yaml bad
    /// topologySpreadConstraints:
    ///   - maxSkew: 1
    ///     topologyKey: kubernetes.io/hostname
    ///     whenUnsatisfiable: DoNotSchedule
    ///     labelSelector:
    ///       matchLabels:
    ///         app: web
    /// ```
    /// ```yaml good
    /// restartPolicy: Always
    /// ```
    ///
    /// ## Fix
    /// Remove the selector or the variable; set what the program must know in a value of its own.
    "POD112" "label-reference" {
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Warning },
        fix: None,
        sources: &[
            "page: only do so if modification will not break your chart",
            "service: rewrites labels where sanitising is on",
        ],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    for affinity in ["podAffinity", "podAntiAffinity"] {
        if pod.spec.node.at(&["affinity", affinity]).is_some_and(|node| !node.entries().is_empty()) {
            let path = pod.spec.path.keys(&["affinity", affinity]);
            r.report(path, format!("{affinity} selects by labels that the platform replaces"))
                .for_its_presence();
        }
    }
    let constraints = pod.field("topologySpreadConstraints").map_or(&[][..], Node::items);
    for (index, constraint) in constraints.iter().enumerate() {
        if constraint.get("labelSelector").is_some_and(|node| !node.entries().is_empty()) {
            let path = pod.path_of("topologySpreadConstraints").index(index).key("labelSelector");
            r.report(path, "constraint selects by labels that the platform replaces").for_its_presence();
        }
    }
    for container in pod.each_container() {
        let variables = container.at(&["env"]).map_or(&[][..], Node::items);
        for (index, variable) in variables.iter().enumerate() {
            let field = variable.at(&["valueFrom", "fieldRef", "fieldPath"]).and_then(Node::as_str);
            if field.is_some_and(|field| field.starts_with("metadata.labels")) {
                let path: FieldPath = container.path_of(&["env"]).item(variables, index);
                r.report(path.key("valueFrom"), "variable reads a label that the platform replaces");
            }
        }
    }
}
