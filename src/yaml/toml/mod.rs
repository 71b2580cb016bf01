//! TOML as github.com/BurntSushi/toml reads and writes it: [`to_toml`] writes, [`from_toml`] reads.

mod lex;
mod read;
mod write;

pub use read::from_toml;
pub use write::to_toml;
