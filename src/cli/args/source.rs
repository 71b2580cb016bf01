//! Where a chart comes from: the flags of Helm's chart sources, and the way from a word to a path.

use std::path::{Path, PathBuf};

use clap::Args;

use super::globals::Globals;
use super::keyring::KeyringArg;
use super::switch::Switch;
use crate::cli::environment;
use crate::fetch::locate::Located;
use crate::fetch::provenance::{Proof, verify_chart};
use crate::fetch::{Access, Error, Event, Fetcher, Listener, Settings};
use crate::go::strconv::quote;
use crate::go::{path, raw};
use crate::oci::TlsOptions;

/// Flags that say where and how to get a chart that is not on this disk.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Chart source")]
pub struct SourceArgs {
    /// Version constraint for the chart version to use
    #[arg(long, value_name = "CONSTRAINT")]
    pub version: Option<String>,
    /// Verify the package before using it
    #[arg(long)]
    pub verify: Switch,
    /// Where the keys are.
    #[command(flatten)]
    pub keyring: KeyringArg,
    /// Chart repository url where to locate the requested chart
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// Chart repository username where to locate the requested chart
    #[arg(long, value_name = "NAME")]
    pub username: Option<String>,
    /// Chart repository password where to locate the requested chart
    #[arg(long, value_name = "PASSWORD")]
    pub password: Option<String>,
    /// Identify HTTPS client using this SSL certificate file
    #[arg(long, value_name = "FILE")]
    pub cert_file: Option<String>,
    /// Identify HTTPS client using this SSL key file
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<String>,
    /// Skip tls certificate checks for the chart download
    #[arg(long)]
    pub insecure_skip_tls_verify: Switch,
    /// Use insecure HTTP connections for the chart download
    #[arg(long)]
    pub plain_http: Switch,
    /// Verify certificates of HTTPS-enabled servers using this CA bundle
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,
    /// Pass credentials to all domains
    #[arg(long)]
    pub pass_credentials: Switch,
    /// Leave the network alone: use only what is on this disk or in the cache
    #[arg(long)]
    pub offline: Switch,
}

impl SourceArgs {
    /// The path of a chart: its own where it is on this disk, or else that of its archive in the content cache, with what
    /// happened on the way there. Helm: action/install.go `LocateChart`.
    pub fn locate(
        &self,
        reference: &str,
        devel: Switch,
        globals: &Globals,
    ) -> Result<(PathBuf, Vec<Event>), Error> {
        let name = reference.trim();
        let repository = self.repository();
        if repository.is_none() {
            if raw::path(name).exists() {
                let path = absolute(name);
                if self.verify.is_on() {
                    let file = raw::of_path(&path).into_owned();
                    verify_chart(&file, &format!("{file}.prov"), &self.keyring.path())?;
                }
                return Ok((path, Vec::new()));
            }
            if Path::new(name).is_absolute() || name.starts_with('.') {
                return Err(Error::other(format!("path {} not found", quote(raw::bytes(name)))));
            }
        }
        let fetcher = self.fetcher(globals);
        let mut told = Vec::new();
        let listener = &mut |event| told.push(event);
        let located = self.find(&fetcher, name, devel, listener)?;
        let path = fetcher.cached(&located, &self.proof(Switch(false)), listener)?;
        Ok((path, told))
    }

    /// Where the chart of that name is: in the repository of `--repo`, or as the reference itself says.
    pub fn find(
        &self,
        fetcher: &Fetcher,
        name: &str,
        devel: Switch,
        listener: Listener<'_>,
    ) -> Result<Located, Error> {
        let version = match self.version.as_deref().map(str::trim).filter(|version| !version.is_empty()) {
            Some(version) => version,
            None if devel.is_on() => ">0.0.0-0",
            None => "",
        };
        match self.repository() {
            Some(address) => fetcher.locate_in_repository(address, name, version, listener),
            None => fetcher.locate(name, version, listener),
        }
    }

    /// What brings charts here, as these flags and the settings have it.
    pub fn fetcher(&self, globals: &Globals) -> Fetcher {
        let tls = TlsOptions {
            insecure: self.insecure_skip_tls_verify.is_on(),
            ca_file: self.ca_file.clone(),
            cert_file: self.cert_file.clone(),
            key_file: self.key_file.clone(),
        };
        let access = Access {
            tls,
            plain_http: self.plain_http.is_on(),
            username: self.username.clone().unwrap_or_default(),
            password: self.password.clone().unwrap_or_default(),
            pass_credentials: self.pass_credentials.is_on(),
        };
        Fetcher::new(settings(globals, self.offline.is_on()), access)
    }

    /// What is asked of the chart's provenance; `later` is that its file comes along. Helm: action/pull.go `Run`.
    pub fn proof(&self, later: Switch) -> Proof {
        match (self.verify.is_on(), later.is_on()) {
            (true, _) => Proof::Always(self.keyring.path()),
            (false, true) => Proof::Later,
            (false, false) => Proof::Never,
        }
    }

    /// The address of the repository that is asked, if one is.
    pub fn repository(&self) -> Option<&str> {
        self.repo.as_deref().filter(|address| !address.is_empty())
    }
}

/// Where Helm's environment and flags say that things are kept.
pub fn settings(globals: &Globals, offline: bool) -> Settings {
    let setting = |name: &str| raw::path(&environment::setting(globals, name)).into_owned();
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let docker = variable("DOCKER_CONFIG").or_else(|| Some(variable("HOME")?.join(".docker")));
    Settings {
        registry_config: setting("HELM_REGISTRY_CONFIG"),
        docker_config: docker.map(|folder| folder.join("config.json")),
        native_helper: native_helper(),
        repository_config: setting("HELM_REPOSITORY_CONFIG"),
        repository_cache: setting("HELM_REPOSITORY_CACHE"),
        content_cache: setting("HELM_CONTENT_CACHE"),
        offline,
        network: environment::network(),
    }
}

/// Go: `filepath.Abs`.
pub fn absolute(name: &str) -> PathBuf {
    if path::is_abs(name) {
        return raw::path(&path::clean(name)).into_owned();
    }
    let here = std::env::current_dir().unwrap_or_default();
    raw::path(&path::join(&[&raw::of_path(&here), name])).into_owned()
}

/// The credential helper that Helm uses where its file names none: that of `pass`, or of the desktop's keyring.
fn native_helper() -> Option<String> {
    let paths = std::env::var_os("PATH")?;
    let on_path = |program: &str| std::env::split_paths(&paths).any(|folder| folder.join(program).is_file());
    let native = if on_path("pass") { "pass" } else { "secretservice" };
    on_path(&format!("docker-credential-{native}")).then(|| native.to_owned())
}
