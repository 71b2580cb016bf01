//! [`Error`]: why a chart does not render. Its `Display` is Helm's text, without what the command puts around it.

use std::fmt;

use super::output::Output;
use crate::manifest::ParseError;
use crate::{template, values};

/// Why a chart does not render.
#[derive(Debug)]
pub enum Error {
    /// The name of the release cannot be one.
    Name(String),
    /// The chart is none that is installed, such as a library chart.
    NotInstallable(String),
    /// Dependencies are named in `Chart.yaml` and not there.
    MissingDependencies(Vec<String>),
    /// Dependencies cannot be processed.
    Dependencies(values::Error),
    /// Values cannot be coalesced, or do not fit a schema.
    Values(values::Error),
    /// The chart wants another Kubernetes.
    KubeVersion {
        /// The constraint in `Chart.yaml`.
        wanted: String,
        /// The version that is there.
        given: String,
    },
    /// A template does not parse or execute.
    Template(Box<template::Error>),
    /// What a template wrote is not YAML.
    Yaml {
        /// The document and what is wrong with it.
        error: Box<ParseError>,
        /// What all templates wrote.
        outputs: Vec<Output>,
    },
}

impl Error {
    /// Whether Helm had begun with the release when it failed, so that `--debug` shows what there is of it.
    pub fn has_release(&self) -> bool {
        matches!(self, Error::KubeVersion { .. } | Error::Template(_) | Error::Yaml { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Name(text) => write!(f, "release name check failed: {text}"),
            Error::NotInstallable(kind) => write!(f, "{kind} charts are not installable"),
            Error::MissingDependencies(names) => {
                let names = names.join(", ");
                write!(
                    f,
                    "an error occurred while checking for chart dependencies. You may need to run 'helm dependency \
                     build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: \
                     {names}"
                )
            }
            Error::Dependencies(error) => write!(f, "chart dependencies processing failed: {error}"),
            Error::Values(error) => error.fmt(f),
            Error::KubeVersion { wanted, given } => {
                write!(
                    f,
                    "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {given}"
                )
            }
            Error::Template(error) => error.fmt(f),
            Error::Yaml { error, .. } => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
