//! [`Trust`]: what the configuration of a chart may say where another one is that of whoever judges it.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;

use crate::word::{self, UnknownWord};

/// What a configuration further in may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Trust {
    /// Nothing: it is not read.
    None,
    /// It may ask for more, and let nothing through.
    #[default]
    Tighten,
    /// Everything: it holds in place of the outer one.
    All,
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&word::of(self))
    }
}

impl FromStr for Trust {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Trust, UnknownWord> {
        word::parse(text, "trust")
    }
}
