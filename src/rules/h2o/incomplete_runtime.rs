use super::layout::{runtimes, runtimes_path, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Data;

declare_rule! {
    /// A runtime has an id of its own, a model type and an image.
    ///
    /// ## Why
    /// A runtime ties an image to a type of model. Without the one it handles nothing, without the other it runs nothing; of two with
    /// the same id the later takes the place of the earlier without a word.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           modelType: ""
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           modelType: dai_mojo
    ///           runtimeImage: scorer-image
    /// ```
    ///
    /// ## Fix
    /// Write `modelType` and `runtimeImage`, and each id once.
    "H2O012" "incomplete-runtime" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: unique runtime ID, model type this runtime handles, references runtimeImages key"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let path = runtimes_path();
    if let Some(node) =
        path.lookup(&values.node).filter(|node| !node.is_null() && !matches!(node.data, Data::Map(_)))
    {
        r.report(path.clone(), format!("runtimes are {}, they must be a map by id", node.kind_name()));
    }
    for runtime in runtimes(values) {
        if !matches!(runtime.node.data, Data::Map(_)) {
            let message =
                format!("runtime `{}` is {}, it must be a map", runtime.key, runtime.node.kind_name());
            r.report(runtime.path, message);
            continue;
        }
        for field in ["modelType", "runtimeImage"] {
            if runtime.text(field).is_none() {
                let found = runtime.get(field).map_or("none".to_owned(), words);
                let message = format!("{field} of runtime `{}` is {found}, it must be a text", runtime.key);
                r.report(runtime.path.key(field), message);
            }
        }
    }
    for key in values.repeated_in(&path) {
        let message =
            format!("the id of runtime `{}` stands here again, after line {}", key.key(), key.first);
        r.report_repeated(key, message);
    }
}
