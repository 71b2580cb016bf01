use std::collections::BTreeSet;

use super::layout::{defaults_path, global, items, registries, words};
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Registries are host names, once each, and pull secrets the names of secrets.
    ///
    /// ## Why
    /// Secrets are attached to pods by their names: those of the global registry to all, those of another to the pods with its images.
    /// A registry matches an image by its exact name.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         registries:
    ///           - name: https://ghcr.io/team
    ///             secrets: [ghcr-secret]
    /// ```
    /// ```yaml bad
    /// global:
    ///   imagePullSecrets:
    ///     - name: registry-secret
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         registries:
    ///           - name: ghcr.io
    ///             secrets: [ghcr-secret]
    /// global:
    ///   imagePullSecrets:
    ///     - registry-secret
    /// ```
    ///
    /// ## Fix
    /// Write hosts without scheme and path, and names of secrets as plain texts.
    "H2O011" "malformed-registry" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, image pull secrets and registry allowlist: exact registry hostname, list of Kubernetes secret names"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let path = global("imagePullSecrets");
    secrets(path.lookup(&values.node), &path, r);
    let path = defaults_path().key("registries");
    match path.lookup(&values.node) {
        Some(node) if !node.is_null() && !matches!(node.data, Data::Seq(_)) => {
            r.report(path, format!("registries are {}, they must be a list", node.kind_name()));
        }
        _ => {}
    }
    let mut seen = BTreeSet::new();
    for registry in registries(values) {
        let path = registry.path.key("name");
        match registry.text("name") {
            None => {
                let found = registry.get("name").map_or("none".to_owned(), words);
                r.report(path, format!("name of a registry is {found}, it must be a host"));
            }
            Some(name) if !is_host(name) => {
                let message =
                    format!("name of a registry is `{name}`, it must be a host without scheme and path");
                r.report(path, message);
            }
            Some(name) if !seen.insert(name) => {
                r.report(path, format!("registry `{name}` is listed already"));
            }
            Some(_) => {}
        }
        secrets(registry.node.get("secrets"), &registry.path.key("secrets"), r);
    }
}

fn secrets(list: Option<&Node>, path: &FieldPath, r: &mut Reporter<'_>) {
    let Some(list) = list.filter(|node| !node.is_null()) else { return };
    if !matches!(list.data, Data::Seq(_)) {
        r.report(
            path.clone(),
            format!("pull secrets are {}, they must be a list of names", list.kind_name()),
        );
    }
    for secret in items(Some(list), path) {
        if secret.node.as_str().is_some_and(is_subdomain) {
            continue;
        }
        let message = format!("pull secret is {}, it must be the name of a secret", words(secret.node));
        let finding = r.report(secret.path, message);
        if let Some(name) = secret.node.get("name").and_then(Node::as_str) {
            finding.help(format!("write `{name}` in place of the map"));
        }
    }
}

/// A host with a port or without.
fn is_host(name: &str) -> bool {
    let (host, port) = name.split_once(':').unwrap_or((name, "0"));
    is_subdomain(&host.to_ascii_lowercase()) && port.parse::<u16>().is_ok()
}

/// Kubernetes: a DNS subdomain by RFC 1123.
fn is_subdomain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        bytes.first().is_some_and(|byte| plain(*byte))
            && bytes.last().is_some_and(|byte| plain(*byte))
            && bytes.iter().all(|byte| plain(*byte) || *byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
