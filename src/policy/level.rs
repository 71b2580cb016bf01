//! How severe a rule is: its [`Level`] in each [`Mode`].

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;

use crate::diagnostic::Severity;
use crate::word::{self, UnknownWord};

/// What judges: NVIDIA's page, a service as it is shipped, or everything that the service can enforce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum Mode {
    /// What the documentation says.
    #[default]
    Documented,
    /// What a stock self-hosted installation refuses.
    Service,
    /// Everything that the platform can enforce.
    Strict,
}

impl Mode {
    /// All modes.
    pub const ALL: [Mode; 3] = [Mode::Documented, Mode::Service, Mode::Strict];
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&word::of(self))
    }
}

impl FromStr for Mode {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Mode, UnknownWord> {
        word::parse(text, "mode")
    }
}

/// A severity, or none: what a rule is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// [`Severity::Advice`]
    Advice,
    /// [`Severity::Warning`]
    Warning,
    /// [`Severity::Error`]
    Error,
}

impl Level {
    /// The severity, unless it is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Off => None,
            Level::Advice => Some(Severity::Advice),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&word::of(self))
    }
}

impl FromStr for Level {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Level, UnknownWord> {
        word::parse(text, "severity")
    }
}

/// The level of a rule in each mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// In [`Mode::Documented`].
    pub documented: Level,
    /// In [`Mode::Service`].
    pub service: Level,
    /// In [`Mode::Strict`].
    pub strict: Level,
}

impl Levels {
    /// The same in every mode.
    pub const fn all(level: Level) -> Levels {
        Levels { documented: level, service: level, strict: level }
    }

    /// The level in a mode.
    pub fn of(self, mode: Mode) -> Level {
        match mode {
            Mode::Documented => self.documented,
            Mode::Service => self.service,
            Mode::Strict => self.strict,
        }
    }
}
