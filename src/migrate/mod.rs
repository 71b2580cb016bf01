//! Carries values files from version to version of what they are for. What changed is data, a [`Table`]; the edits are made
//! at bytes, by [`crate::yaml::edit`]. Nothing here reads or writes a disk.
//!
//! Read `tables/h2o-mlops.yaml` for what a table says, [`migrate`] for what is done with it.

mod condition;
mod pattern;
mod read;
mod run;
mod table;
mod version;

#[cfg(test)]
mod tests;

pub use read::{h2o_mlops, table as read_table};
pub use run::{By, Found, Migration, Told, migrate};
pub use table::{Kind, Table};
