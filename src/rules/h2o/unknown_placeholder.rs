use super::layout::runtimes;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, parameters};
use crate::suggest;
use crate::yaml::Node;

declare_rule! {
    /// A placeholder in an environment variable is one that is known.
    ///
    /// ## Why
    /// A name in braces is replaced when a deployment is made. One that is not known stays as it is, and the program gets braces; so it
    /// does where a brace is missing.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           envs:
    ///             H2O_SCORER_GPU_COUNT: "{GPUS}"
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           envs:
    ///             H2O_SCORER_GPU_COUNT: "{GPU_COUNT}"
    /// ```
    ///
    /// ## Fix
    /// Write `{GPU_COUNT}`, the one that is documented.
    "H2O018" "unknown-placeholder" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: dynamic placeholder"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let known = r.profile().list(parameters::RUNTIME_PLACEHOLDERS);
    for runtime in runtimes(values) {
        let path = runtime.path.key("envs");
        for env in runtime.node.get("envs").map_or(&[][..], Node::entries) {
            let Some(text) = env.value.as_str() else { continue };
            let path = path.key(&env.key);
            if !is_balanced(text) {
                r.report(
                    path,
                    format!("environment variable {} has a brace without its other half", env.key),
                );
                continue;
            }
            for name in placeholders(text).filter(|name| !known.iter().any(|known| known == name)) {
                let message =
                    format!("placeholder {{{name}}} of environment variable {} is not known", env.key);
                let finding = r.report(path.clone(), message);
                if let Some(near) = suggest::closest(name, known.iter().map(String::as_str)) {
                    finding.help(format!("did you mean `{{{near}}}`?"));
                }
            }
        }
    }
}

/// The names that stand alone in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(is_name)
}

fn is_balanced(text: &str) -> bool {
    let depth = text.chars().try_fold(0_usize, |depth, c| match c {
        '{' => Some(depth + 1),
        '}' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}
