//! `env`: the settings that Helm's environment variables and global flags come to, in Helm's form.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::args::globals::Globals;
use super::{Done, Failure, Session, progress};
use crate::oci::network::{Network, Patience};

/// Print the settings that environment variables and global flags come to
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Print only the value of this setting
    name: Option<String>,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session) -> Result<Done, Failure> {
        let settings = settings(session.globals);
        match &self.name {
            Some(name) => {
                let value = settings.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
                writeln!(session.out, "{value}")?;
            }
            None => {
                for (name, value) in &settings {
                    writeln!(session.out, "{name}=\"{value}\"")?;
                }
            }
        }
        Ok(Done::Clean)
    }
}

/// The setting of that name.
pub(super) fn setting(globals: &Globals, name: &str) -> String {
    let found = settings(globals).into_iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

/// Helm: cli/environment.go `EnvVars`, sorted by name.
fn settings(globals: &Globals) -> Vec<(&'static str, String)> {
    let variable = |name: &str, default: &str| {
        std::env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
    };
    let home = |name, xdg, default| home(name, xdg, default).display().to_string();
    let cache = home("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache");
    let config = home("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config");
    let data = home("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share");
    let below = |folder: &str, rest: &str| Path::new(folder).join(rest).display().to_string();
    let given = |flag: &Option<String>, default: String| flag.clone().unwrap_or(default);
    let program = std::env::args().next().unwrap_or_else(|| "plimsoll".to_owned());
    let mut settings = vec![
        ("HELM_BIN", program),
        ("HELM_BURST_LIMIT", variable("HELM_BURST_LIMIT", "100")),
        ("HELM_CONTENT_CACHE", given(&globals.content_cache, below(&cache, "content"))),
        ("HELM_DEBUG", globals.debug().to_string()),
        ("HELM_KUBEAPISERVER", variable("HELM_KUBEAPISERVER", "")),
        ("HELM_KUBEASGROUPS", variable("HELM_KUBEASGROUPS", "")),
        ("HELM_KUBEASUSER", variable("HELM_KUBEASUSER", "")),
        ("HELM_KUBECAFILE", variable("HELM_KUBECAFILE", "")),
        ("HELM_KUBECONTEXT", variable("HELM_KUBECONTEXT", "")),
        ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", variable("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "false")),
        ("HELM_KUBETLS_SERVER_NAME", variable("HELM_KUBETLS_SERVER_NAME", "")),
        ("HELM_KUBETOKEN", variable("HELM_KUBETOKEN", "")),
        ("HELM_MAX_HISTORY", variable("HELM_MAX_HISTORY", "10")),
        ("HELM_NAMESPACE", globals.namespace().to_owned()),
        ("HELM_PLUGINS", variable("HELM_PLUGINS", &below(&data, "plugins"))),
        ("HELM_QPS", format!("{:.2}", variable("HELM_QPS", "0").parse::<f32>().unwrap_or(0.0))),
        ("HELM_REGISTRY_CONFIG", given(&globals.registry_config, below(&config, "registry/config.json"))),
        ("HELM_REPOSITORY_CACHE", given(&globals.repository_cache, below(&cache, "repository"))),
        ("HELM_REPOSITORY_CONFIG", given(&globals.repository_config, below(&config, "repositories.yaml"))),
        ("HELM_CACHE_HOME", cache),
        ("HELM_CONFIG_HOME", config),
        ("HELM_DATA_HOME", data),
    ];
    if let Ok(kubeconfig) = std::env::var("KUBECONFIG")
        && !kubeconfig.is_empty()
    {
        settings.push(("KUBECONFIG", kubeconfig));
    }
    settings.sort_unstable();
    settings
}

/// How the network is reached: the variables that Go knows, the capital ones first.
pub(super) fn network() -> Network {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let any =
        |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase())).unwrap_or_default();
    Network {
        http_proxy: any("HTTP_PROXY"),
        https_proxy: any("HTTPS_PROXY"),
        no_proxy: any("NO_PROXY"),
        ssl_cert_file: variable("SSL_CERT_FILE").unwrap_or_default(),
        ssl_cert_dir: variable("SSL_CERT_DIR").unwrap_or_default(),
        patience: Patience::default(),
        progress: progress::on_terminal(),
    }
}

/// Helm: helmpath/lazypath.go: the variable of Helm's own, that of XDG with `helm` below it, or the place in the home.
fn home(own: &str, xdg: &str, default: &str) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = variable(own) {
        return folder;
    }
    let base = variable(xdg).unwrap_or_else(|| variable("HOME").unwrap_or_default().join(default));
    base.join("helm")
}
