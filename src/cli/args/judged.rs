//! The flags of the commands that judge a chart, and the [`Inputs`] that they make: what is rendered, for which request, by
//! which rules.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use clap::Args;

use super::bytes;
use super::capabilities::CapabilitiesArgs;
use super::definitions;
use super::globals::Globals;
use super::policy::PolicyArgs;
use super::repeat::RepeatArgs;
use super::source::SourceArgs;
use super::switch::Switch;
use super::values::ValuesArgs;
use crate::chart::{self, Chart};
use crate::cli::error::Error;
use crate::cli::input::read_file;
use crate::diagnostic::{Diagnostic, Layer};
use crate::go::raw;
use crate::helm::HelmVersion;
use crate::judge::{self, Inputs, Known};
use crate::policy::{Request, YamlFile};
use crate::render::Release;
use crate::values::{self, User};
use crate::yaml::{Data, Node};

/// The flags that mean something for charts only, and nothing for YAML that is already rendered.
pub const OF_CHARTS: [&str; 24] = [
    "release",
    "files",
    "set",
    "set_string",
    "set_file",
    "set_json",
    "set_literal",
    "api_versions",
    "deterministic",
    "lookup_fixtures",
    "allow_remote_schemas",
    "version",
    "verify",
    "keyring",
    "repo",
    "username",
    "password",
    "cert_file",
    "key_file",
    "insecure_skip_tls_verify",
    "plain_http",
    "ca_file",
    "pass_credentials",
    "offline",
];

/// What is rendered and judged.
#[derive(Args, Clone, Debug)]
pub struct JudgedArgs {
    /// Name of the release
    #[arg(long, value_name = "NAME", default_value = "mini-service")]
    pub release: String,
    /// Function or task request that goes with the chart, JSON or YAML
    #[arg(long, value_name = "FILE")]
    pub request: Option<String>,
    /// Custom resource definitions of the cluster: a file, a folder or a chart (can specify multiple)
    #[arg(long, value_name = "PATH", value_parser = bytes::path())]
    pub crd: Vec<PathBuf>,
    /// What is read there, once for all charts.
    #[arg(skip)]
    pub definitions: Arc<OnceLock<Arc<Vec<Node>>>>,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub capabilities: CapabilitiesArgs,
    #[command(flatten)]
    pub repeat: RepeatArgs,
    #[command(flatten)]
    pub source: SourceArgs,
}

impl JudgedArgs {
    /// The Helm that a chart at the path is judged as, as far as it is known which profiles judge it.
    pub fn helm(&self, path: &Path) -> HelmVersion {
        self.policy.profiles(path).map_or_else(|_| HelmVersion::default(), |chosen| judge::helm_of(&chosen))
    }

    /// What a chart that lies at the path, or rendered YAML in that folder, is judged by, with values as that Helm reads them.
    ///
    /// # Errors
    /// What is wrong with a flag, or with a file that one names.
    pub fn inputs(
        &self,
        path: &Path,
        globals: &Globals,
        helm: HelmVersion,
    ) -> Result<Inputs, Box<Diagnostic>> {
        let unusable = |error: Error| Box::new(judge::unusable_flag(error.to_string()));
        let request = self.request.as_deref().map(read_request).transpose()?;
        Ok(Inputs {
            release: Release::new(&self.release, globals.namespace()),
            user: self.user_values(request.as_ref(), helm)?,
            previous: None,
            kube_version: self.capabilities.named_kube_version().map_err(unusable)?,
            definitions: self.definitions()?,
            before: None,
            api_versions: self.capabilities.api_versions().map_err(|error| unusable(error.into()))?,
            schema: Some(self.repeat.schemas()),
            host: self.repeat.repeatable().map_err(unusable)?,
            request,
            profiles: self.policy.profiles(path)?,
            policy: self.policy.validation_policy(),
            view: false,
            known: Known::default(),
            coverage: false,
            threads: 1,
        })
    }

    fn definitions(&self) -> Result<Arc<Vec<Node>>, Box<Diagnostic>> {
        if let Some(known) = self.definitions.get() {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(definitions::read(&self.crd)?);
        Ok(Arc::clone(self.definitions.get_or_init(|| read)))
    }

    /// The chart at the path, which may be a reference to one elsewhere, as that Helm loads it; the inner error is why it does not.
    ///
    /// # Errors
    /// There is none.
    pub fn chart(
        &self,
        path: &Path,
        globals: &Globals,
        helm: HelmVersion,
    ) -> Result<Result<Chart, chart::Error>, Box<Diagnostic>> {
        let located = self.source.locate(&raw::of_path(path), Switch(false), globals);
        let (located, _) = located.map_err(|error| Box::new(judge::not_found(path, &error.to_string())))?;
        Ok(chart::load_as(&located, helm))
    }

    /// The values that the flags give, laid over the configuration of the request: the platform renders with it.
    fn user_values(&self, request: Option<&Request>, helm: HelmVersion) -> Result<User, Box<Diagnostic>> {
        let configuration = request.and_then(Request::configuration);
        let (Some(path), Some(text)) = (&self.request, &configuration) else {
            return self.values.read_over(None, helm).map_err(unreadable);
        };
        let mut user = self.values.read_over(Some((path, text)), helm).map_err(unreadable)?;
        if let Some(layer) = user.layers.first_mut() {
            layer.layer = Layer::Request(path.clone());
        }
        Ok(user)
    }
}

/// Why values cannot be read, as a finding.
pub fn unreadable(error: Error) -> Box<Diagnostic> {
    Box::new(match error.is::<values::Error>() {
        Some(error) => judge::unreadable_layer(error),
        None => judge::unreadable_values(&error.to_string()),
    })
}

/// A file as an argument of `-f`, which would be split at commas otherwise.
pub fn as_argument(file: &Path) -> String {
    let text = raw::of_path(file).into_owned();
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// Reads the request, which must be a map.
fn read_request(path: &str) -> Result<Request, Box<Diagnostic>> {
    let unusable = |line, message: String| Box::new(judge::unreadable_request(path, line, &message));
    if path.trim() == "-" {
        return Err(unusable(None, "standard input is not read for it, name a file".to_owned()));
    }
    let text = read_file(path).map_err(|error| unusable(None, error.to_string()))?;
    let text = String::from_utf8(text)
        .map_err(|error| unusable(None, format!("it is not UTF-8: {}", error.utf8_error())))?;
    let body = YamlFile::parse(path, &text).map_err(|error| unusable(error.line(), error.to_string()))?;
    match body.node.data {
        Data::Map(_) => Ok(Request { body }),
        _ => Err(unusable(Some(1), format!("it is {}, it must be a map", body.node.kind_name()))),
    }
}
