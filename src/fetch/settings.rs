//! [`Settings`]: where Helm's files are and how the network is reached. [`Access`]: how to reach servers and
//! with which credentials.

use std::path::PathBuf;

use crate::oci::TlsOptions;
use crate::oci::credentials::{Credential, Store};
use crate::oci::network::Network;

use super::repositories::Entry;

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Helm's file of credentials for registries.
    pub registry_config: PathBuf,
    /// Docker's, where a home is known.
    pub docker_config: Option<PathBuf>,
    /// The system's own credential helper, where there is one.
    pub native_helper: Option<String>,
    /// `repositories.yaml`.
    pub repository_config: PathBuf,
    /// The folder of cached indexes.
    pub repository_cache: PathBuf,
    /// The folder of cached contents.
    pub content_cache: PathBuf,
    /// Whether the network must not be used.
    pub offline: bool,
    /// How it is reached.
    pub network: Network,
}

impl Settings {
    /// Where credentials are kept.
    pub fn store(&self) -> Store {
        let files = Store::new(self.registry_config.clone(), self.docker_config.clone());
        files.with_native(self.native_helper.clone())
    }
}

/// How to reach servers and with which credentials, as the command line says.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Certificates.
    pub tls: TlsOptions,
    /// Whether registries are reached without TLS.
    pub plain_http: bool,
    /// The name of a user; empty if there is none.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// Whether name and password go to any host.
    pub pass_credentials: bool,
}

impl Access {
    /// Name and password for registries. Helm takes the name only with a password.
    pub(super) fn credential(&self) -> Option<Credential> {
        let complete = !self.username.is_empty() && !self.password.is_empty();
        complete.then(|| Credential::basic(&self.username, &self.password))
    }

    /// The repository at an address as the command line describes it.
    pub(super) fn entry(&self, url: &str) -> Entry {
        let text = |file: &Option<String>| file.clone().unwrap_or_default();
        Entry {
            url: url.to_owned(),
            username: self.username.clone(),
            password: self.password.clone(),
            cert_file: text(&self.tls.cert_file),
            key_file: text(&self.tls.key_file),
            ca_file: text(&self.tls.ca_file),
            insecure: self.tls.insecure,
            pass_credentials: self.pass_credentials,
            ..Entry::default()
        }
    }

    /// A repository of `repositories.yaml`; what it does not say of TLS the command line says.
    pub(super) fn complete(&self, entry: &Entry) -> Entry {
        let own = self.entry(&entry.url);
        let or = |one: &str, other: String| if one.is_empty() { other } else { one.to_owned() };
        let named = !entry.username.is_empty() && !entry.password.is_empty();
        let (username, password) = match named {
            true => (entry.username.clone(), entry.password.clone()),
            false => (own.username, own.password),
        };
        Entry {
            username,
            password,
            cert_file: or(&entry.cert_file, own.cert_file),
            key_file: or(&entry.key_file, own.key_file),
            ca_file: or(&entry.ca_file, own.ca_file),
            insecure: entry.insecure || own.insecure,
            pass_credentials: entry.pass_credentials || own.pass_credentials,
            ..entry.clone()
        }
    }
}
