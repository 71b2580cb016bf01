//! [`Trust`]: what the configuration of a chart may say where another one is that of whoever judges it.

use clap::ValueEnum;

use crate::word;

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

word::written!(Trust, "trust");
