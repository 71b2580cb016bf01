//! What the environment says: Helm's variables and the flags that overrule them, the way to the network, the times of
//! archives. Nothing here prints; `env` does that with [`settings`].

use std::path::{Path, PathBuf};

use crate::chart::package::Times;
use crate::cli::args::globals::{Cluster, Globals};
use crate::cli::args::number::float;
use crate::cli::args::switch::Switch;
use crate::cli::error::Error;
use crate::cli::progress;
use crate::go::{raw, strconv};
use crate::oci::network::{Network, Timeouts};

/// The setting of that name.
pub(crate) fn setting(globals: &Globals, name: &str) -> String {
    let found = settings(globals).into_iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

/// Helm: cli/environment.go `EnvVars`, sorted by name.
pub(crate) fn settings(globals: &Globals) -> Vec<(&'static str, String)> {
    let home = |name, xdg, default| raw::of_path(&home(name, xdg, default)).into_owned();
    let cache = home("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache");
    let config = home("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config");
    let data = home("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share");
    let below = |folder: &str, rest: &str| format!("{}/{rest}", folder.trim_end_matches('/'));
    let given = |flag: &Option<String>, default: String| flag.clone().unwrap_or(default);
    let program = std::env::args_os()
        .next()
        .map_or_else(|| "plimsoll".to_owned(), |name| raw::of_path(&name).into_owned());
    let mut settings = vec![
        ("HELM_BIN", program),
        ("HELM_CONTENT_CACHE", given(&globals.content_cache, below(&cache, "content"))),
        ("HELM_DEBUG", globals.debug().to_string()),
        ("HELM_MAX_HISTORY", integer("HELM_MAX_HISTORY", 10).to_string()),
        ("HELM_NAMESPACE", globals.namespace().to_owned()),
        ("HELM_PLUGINS", variable("HELM_PLUGINS").unwrap_or_else(|| below(&data, "plugins"))),
        ("HELM_REGISTRY_CONFIG", given(&globals.registry_config, below(&config, "registry/config.json"))),
        ("HELM_REPOSITORY_CACHE", given(&globals.repository_cache, below(&cache, "repository"))),
        ("HELM_REPOSITORY_CONFIG", given(&globals.repository_config, below(&config, "repositories.yaml"))),
        ("HELM_CACHE_HOME", cache),
        ("HELM_CONFIG_HOME", config),
        ("HELM_DATA_HOME", data),
    ];
    settings.extend(cluster_settings(&globals.cluster));
    settings.sort_unstable();
    settings
}

/// The settings that only matter to a cluster.
fn cluster_settings(flags: &Cluster) -> Vec<(&'static str, String)> {
    let text = |flag: &Option<String>, name| flag.clone().or_else(|| variable(name)).unwrap_or_default();
    let insecure = flags.kube_insecure_skip_tls_verify.or_else(|| variable(INSECURE)?.parse().ok());
    let qps = flags.qps.or_else(|| float(&variable("HELM_QPS")?).ok()).unwrap_or(0.0);
    let groups = match &flags.kube_as_group[..] {
        [] => text(&None, "HELM_KUBEASGROUPS"),
        // Helm reads its flags twice.
        groups => [groups, groups].concat().join(","),
    };
    let mut settings = vec![
        (
            "HELM_BURST_LIMIT",
            flags.burst_limit.unwrap_or_else(|| integer("HELM_BURST_LIMIT", 100)).to_string(),
        ),
        ("HELM_KUBEAPISERVER", text(&flags.kube_apiserver, "HELM_KUBEAPISERVER")),
        ("HELM_KUBEASGROUPS", groups),
        ("HELM_KUBEASUSER", text(&flags.kube_as_user, "HELM_KUBEASUSER")),
        ("HELM_KUBECAFILE", text(&flags.kube_ca_file, "HELM_KUBECAFILE")),
        ("HELM_KUBECONTEXT", text(&flags.kube_context, "HELM_KUBECONTEXT")),
        (INSECURE, insecure.is_some_and(Switch::is_on).to_string()),
        ("HELM_KUBETLS_SERVER_NAME", text(&flags.kube_tls_server_name, "HELM_KUBETLS_SERVER_NAME")),
        ("HELM_KUBETOKEN", text(&flags.kube_token, "HELM_KUBETOKEN")),
        ("HELM_QPS", format!("{qps:.2}")),
    ];
    // The flag's default hides the variable.
    settings
        .extend(flags.kubeconfig.clone().filter(|path| !path.is_empty()).map(|path| ("KUBECONFIG", path)));
    settings
}

const INSECURE: &str = "HELM_KUBEINSECURE_SKIP_TLS_VERIFY";

/// The variable of that name, if it is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(|value| raw::of_path(&value).into_owned())
}

/// The number in the variable; the default where it is none.
fn integer(name: &str, default: i64) -> i64 {
    variable(name).and_then(|text| strconv::atoi(text).ok()).unwrap_or(default)
}

/// How the network is reached: the variables that Go knows, the capital ones first.
pub(crate) fn network() -> Network {
    let any =
        |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase())).unwrap_or_default();
    Network {
        http_proxy: any("HTTP_PROXY"),
        https_proxy: any("HTTPS_PROXY"),
        no_proxy: any("NO_PROXY"),
        ssl_cert_file: variable("SSL_CERT_FILE").unwrap_or_default(),
        ssl_cert_dir: variable("SSL_CERT_DIR").unwrap_or_default(),
        timeouts: Timeouts::default(),
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

/// The folder for what a program keeps to itself, below that of XDG or in the home; none where there is no home.
pub(crate) fn state() -> Option<PathBuf> {
    let xdg = variable("XDG_STATE_HOME").map(PathBuf::from);
    let base = xdg.or_else(|| Some(Path::new(&variable("HOME")?).join(".local/state")));
    Some(base?.join("plimsoll"))
}

/// The times that members of archives get: those of `SOURCE_DATE_EPOCH` if it is set. Helm: cmd/source_date_epoch.go.
pub(crate) fn times() -> Result<Times, Error> {
    let Some(text) = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|text| !text.is_empty()) else {
        return Ok(Times::OwnOr(jiff::Timestamp::now().as_second()));
    };
    match strconv::parse_int(&text, 10, 64) {
        Err(error) => Err(Error::new(format!("invalid SOURCE_DATE_EPOCH: {error}"))),
        Ok(epoch) if epoch < 0 => Err(Error::new("invalid SOURCE_DATE_EPOCH: must not be negative")),
        Ok(epoch) => Ok(Times::All(epoch)),
    }
}
