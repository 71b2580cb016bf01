//! What a rule is and how rules run. It knows no rule: [`check`] receives them. The rules are in `crate::rules`.
//!
//! Read [`Rule`] for what a rule is, [`Subject`] for what is judged, [`check`] for how, [`Profile`] for what holds. The
//! platform's own verdict, which is kept apart from our findings, is in [`crate::nvcf`].

mod allowance;
pub mod answers;
mod baseline;
mod brief;
mod catalogue;
mod clusters;
mod docs;
mod driver;
pub mod kinds;
mod level;
mod mend;
mod page;
pub mod parameters;
mod parts;
pub mod pod_security;
mod profile;
mod release;
mod reporter;
mod request;
mod rule;
mod selection;
mod subject;
mod suppression;
mod trust;
mod values;
mod yaml_file;

pub use allowance::Allowance;
pub use baseline::Baseline;
pub use brief::brief;
pub use catalogue::Verdict;
pub use clusters::{Clusters, field_path};
pub use driver::{Judgement, check, in_release, judge};
pub use level::{Level, Levels, Mode};
pub use mend::{Mended, Refusal, mend};
pub use parameters::Shape;
pub use parts::{Parts, labels_of};
pub use profile::{DEFAULT, Profile, Setting, Today};
pub use release::Release;
pub use reporter::{Reporter, remove, set};
pub use request::{INFERENCE_PORT, Request};
pub(crate) use rule::declare_rule;
pub use rule::{Check, Rule};
pub use subject::{
    ChartSubject, Container, Document, FieldOfRelease, Object, OddUse, Oddities, PodSpec, Role, Subject,
    TemplateCall, UnreadKey,
};
pub use trust::Trust;
pub use values::{RepeatedKey, Values, ValuesSubject, repeated};
pub use yaml_file::{ClosedFile, YamlFile};
