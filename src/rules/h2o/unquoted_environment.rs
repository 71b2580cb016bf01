use super::layout::{runtimes, words};
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, set};
use crate::yaml::Data;

declare_rule! {
    /// Environment variables are texts.
    ///
    /// ## Why
    /// Kubernetes takes texts only for the environment of a container: a number or boolean without quotes is refused when a deployment
    /// is made. Numbers also change on the way: `1.10` becomes 1.1.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           envs:
    ///             H2O_SCORER_PORT: 8080
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           envs:
    ///             H2O_SCORER_PORT: "8080"
    /// ```
    ///
    /// ## Fix
    /// Put the value in quotes.
    "H2O017" "unquoted-environment" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: environment variables, all in quotes"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for runtime in runtimes(values) {
        let path = runtime.path.key("envs");
        let Some(envs) = runtime.get("envs") else { continue };
        if !matches!(envs.data, Data::Map(_)) {
            let message =
                format!("environment of runtime `{}` is {}, it must be a map", runtime.key, envs.kind_name());
            r.report(path, message);
            continue;
        }
        for env in envs.entries().iter().filter(|env| env.value.as_str().is_none()) {
            let path = path.key(&env.key);
            let message =
                format!("environment variable {} is {}, it must be a text", env.key, words(&env.value));
            let written = r.written(&path);
            let plain = env.value.to_json().to_string();
            let finding = r.report(path.clone(), message);
            // What reads back as something else than it is written needs a person who knows what is meant.
            match written {
                Some(written) if written == plain && !env.value.is_null() => {
                    finding.fix([set(&path, written)]);
                }
                Some(written) if !env.value.is_null() && !written.is_empty() => {
                    finding.help(format!("write `\"{written}\"` or `\"{plain}\"`, as the program wants it"));
                }
                _ => {}
            }
        }
    }
}
