//! Rendered Kubernetes objects: how text is split into documents and ordered, where pods and containers are in an object,
//! and how a field is named. It knows neither charts nor rules.
//!
//! Read [`workload`] for the way from a document to its containers, [`path`] for field paths.

pub mod path;
pub mod workload;

pub use path::FieldPath;
