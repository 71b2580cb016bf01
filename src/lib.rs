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
pub mod chart;
pub mod cli;
pub mod diagnostic;
pub mod fetch;
pub mod funcs;
pub mod go;
pub mod judge;
pub mod kubernetes;
pub mod manifest;
pub mod nvcf;
pub mod oci;
pub mod path;
pub mod policy;
pub mod render;
pub mod report;
pub mod rules;
pub mod schema;
pub mod signing;
pub mod source;
pub mod stack;
pub mod staged;
pub mod suggest;
pub mod template;
pub mod value;
pub mod values;
pub mod word;
pub mod yaml;

pub use api::{Chart, Document, Error, Options, Rendered, Values, check, patch, profiles, render, why};
pub use diagnostic::{Applicability, Diagnostic, Severity};
pub use judge::patch::Patched;
pub use judge::why::Explanation;
pub use judge::{ChartReport, Verdict};
pub use path::FieldPath;
pub use policy::Mode;
pub use stack::with_stack;
