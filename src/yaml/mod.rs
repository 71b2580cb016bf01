//! YAML exactly as sigs.k8s.io/yaml reads and writes it, and JSON as encoding/json does.
//!
//! Read [`Node`] first: it is what parsing gives.

mod node;

pub use node::{Data, Entry, Node};
