//! Groups of flags that several commands share, a file a group, and the types of their values.

pub mod access;
pub mod answer_format;
pub mod cache;
pub mod capabilities;
pub mod configuration;
pub mod count;
mod definitions;
pub mod globals;
pub mod inert;
pub mod invalid;
pub mod judged;
pub mod keyring;
pub mod locate;
pub mod name;
pub mod number;
pub mod output;
pub mod policy;
pub mod post_render;
mod remote_schema;
pub mod repeat;
pub mod sets;
pub mod sign;
pub mod source;
pub mod switch;
pub mod validation_policy;
pub mod values;

pub use answer_format::AnswerFormat;
pub use capabilities::CapabilitiesArgs;
pub use definitions::definition_files;
pub use judged::JudgedArgs;
pub use keyring::KeyringArg;
pub use repeat::RepeatArgs;
pub use sets::SetsArgs;
pub use source::SourceArgs;
pub use switch::Switch;
pub use values::ValuesArgs;
