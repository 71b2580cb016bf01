//! Groups of flags that several commands share, a file a group, and the types of their values.

pub mod globals;
pub mod switch;

pub use switch::Switch;
