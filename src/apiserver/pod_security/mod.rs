//! Pod Security admission: what it forbids in a pod at a level (`baseline`, `restricted`) and minor, in its own words.
//!
//! Read [`Policy`], then [`of_control`]; what each [`Control`] looks at is in [`look`], its words in [`words`]. Go:
//! k8s.io/pod-security-admission.

mod breach;
mod control;
mod level;
mod look;
mod pod;
mod policy;
mod words;

pub use breach::{Breach, By, Part};
pub use control::Control;
pub use level::{Level, Version};
pub use look::of_control;
pub use pod::Pod;
pub use policy::{ENFORCE, Policy, faults};
pub use words::{one, whole};
