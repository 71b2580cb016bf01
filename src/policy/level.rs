//! How severe a rule is: its [`Level`] in each [`Mode`].

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Severity;

/// What judges: NVIDIA's page, a service as it is shipped, or everything that the service can enforce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Documented => "documented",
            Mode::Service => "service",
            Mode::Strict => "strict",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mode {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Mode, UnknownWord> {
        let unknown = || UnknownWord {
            word: text.to_owned(),
            what: "mode",
            known: "`documented`, `service` and `strict`",
        };
        Mode::ALL.into_iter().find(|mode| mode.name() == text).ok_or_else(unknown)
    }
}

/// A severity, or none: what a rule is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.severity().map_or("off", Severity::name)
    }
}

impl FromStr for Level {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Level, UnknownWord> {
        let unknown = || UnknownWord {
            word: text.to_owned(),
            what: "severity",
            known: "`error`, `warning`, `advice` and `off`",
        };
        let all = [Level::Off, Level::Advice, Level::Warning, Level::Error];
        all.into_iter().find(|level| level.name() == text).ok_or_else(unknown)
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

/// A word that is none of those that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    word: String,
    /// What was wanted: `mode`.
    what: &'static str,
    /// What may stand there.
    known: &'static str,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no {}; it is one of {}", self.word, self.what, self.known)
    }
}

impl std::error::Error for UnknownWord {}
