//! Rendered Kubernetes objects: how text is split into documents and ordered, where pods and containers are in an object,
//! and how they are edited. It knows neither charts nor rules.
//!
//! Read [`sorted`] for the way from text to documents, [`workload`] for the way from a document to its containers.

pub mod document;
pub mod edit;
pub mod head;
pub mod hook;
pub mod order;
pub mod sorted;
pub mod source;
pub mod split;
pub mod workload;

pub use crate::helm::HelmVersion;
pub use document::{Depth, Manifest, ParseError};
pub use hook::Hook;
pub use sorted::{Sorted, sort, sort_each};
