//! How severe a rule is: its [`Level`] in each [`Mode`].

use clap::ValueEnum;

use crate::diagnostic::Severity;
use crate::word;

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

word::written!(Mode, "mode");

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

word::written!(Level, "severity");

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
