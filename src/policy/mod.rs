//! What a rule is and how rules run. It knows no rule: [`check`] receives them. The rules are in `crate::rules`.
//!
//! Read [`Rule`] for what a rule is, [`Subject`] for what is judged, [`check`] for how, [`Profile`] for what holds. The
//! platform's own verdict, which is kept apart from our findings, is in [`crate::nvcf`].

mod baseline;
mod brief;
mod docs;
mod driver;
mod level;
mod mend;
mod page;
pub mod parameters;
mod profile;
mod reporter;
mod request;
mod rule;
mod subject;
mod suppression;
mod values;

pub use baseline::Baseline;
pub use brief::brief;
pub use driver::check;
pub use level::{Level, Levels, Mode};
pub use mend::{Mended, Refusal, mend};
pub use profile::{Profile, Setting, Verdict};
pub use reporter::{Reporter, remove, set};
pub use request::{INFERENCE_PORT, Request};
pub(crate) use rule::declare_rule;
pub use rule::{Check, Rule};
pub use subject::{
    ChartSubject, Container, Document, Object, PodSpec, Release, Role, Subject, TemplateCall, YamlFile,
};
pub use values::{Values, ValuesSubject};
