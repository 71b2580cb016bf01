//! Plimsoll renders Helm charts exactly as Helm does, says whether they may be deployed, and says where to mend them.
//!
//! ```
//! use plimsoll::{Chart, Options, Values, check, render, why};
//!
//! # fn main() -> Result<(), plimsoll::Error> {
//! let chart = Chart::load("charts/mini-service")?;
//! let values = Values::new().set("replicas=2");
//! let options = Options { release: "web".to_owned(), ..Options::default() };
//!
//! let release = render(&chart, &values, &options)?;
//! assert!(release.to_string().contains("kind: Deployment"));
//!
//! let report = check(&chart, &values, &options)?;
//! assert!(report.verdicts.iter().all(|verdict| verdict.valid));
//!
//! let reason = why(&chart, &values, &options, "Deployment/web-server", "spec.replicas")?;
//! assert_eq!(reason.origin.values[0].template_key(), ".Values.replicas");
//! # Ok(())
//! # }
//! ```
//!
//! [`render()`] gives what `helm template` prints, [`check`] a [`ChartReport`] with [`Diagnostic`]s that know the line of the
//! template and the layer of the value, [`why`] the same for any field, [`patch`] the manifests with the fixes of rules
//! applied. None of them prints, exits, reads the environment or asks a network; a chart is read from disk by
//! [`Chart::load`] and by nothing else. `examples/` has a small program for each.
//!
//! Templates may call each other deep: run the work on a thread with a large stack, as [`with_stack`] does, or such a chart
//! ends in an error sooner than with Helm.

#![warn(clippy::disallowed_methods, reason = "the environment is read in `cli` alone")]

mod api;
mod apiserver;
mod budget;
mod cache;
mod chart;
mod cli;
pub mod diagnostic;
mod fetch;
mod files;
mod funcs;
mod go;
mod helm;
#[doc(hidden)]
pub mod internals;
mod judge;
mod kubernetes;
mod manifest;
mod migrate;
mod nvcf;
mod oci;
mod outside;
pub mod path;
mod policy;
mod render;
mod report;
mod rules;
mod schema;
mod signing;
mod source;
mod stack;
mod staged;
mod suggest;
mod system;
mod template;
mod threads;
mod value;
mod values;
mod word;
mod yaml;

pub use api::{Chart, Document, Error, Options, Rendered, Values, check, patch, profiles, render, why};
pub use diagnostic::{Applicability, Diagnostic, Severity};
pub use judge::patch::Patched;
pub use judge::why::Explanation;
pub use judge::{Answer, ChartReport, Counts, Root, Verdict};
pub use path::FieldPath;
pub use policy::Mode;
pub use stack::with_stack;
