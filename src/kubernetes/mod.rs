//! Kubernetes' own types: what its clients know of each kind, amounts, and what a typed round trip does to an object.
//! Nothing here knows charts or rules. Read [`typed`] first; the data is `types.txt`.

pub mod jsonpath;
pub mod quantity;
pub mod typed;
mod types;

pub use quantity::Quantity;
pub use types::find_kind;
