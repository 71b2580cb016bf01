//! [`Rule`]: a rule as data. What it is called, how severe it is, who says so, the one text about it, and the function
//! that looks. How rules run is in [`super::driver`]; the rules themselves are in `crate::rules`.

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::{Applicability, Severity};

use super::reporter::Reporter;
use super::subject::{ChartSubject, Container, Object, PodSpec, Release};

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
    /// All modes, in the order of [`Rule::levels`].
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
    type Err = String;

    fn from_str(text: &str) -> Result<Mode, String> {
        Mode::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| format!("`{text}` is no mode; it is one of `documented`, `service` and `strict`"))
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
    type Err = String;

    fn from_str(text: &str) -> Result<Level, String> {
        [Level::Off, Level::Advice, Level::Warning, Level::Error]
            .into_iter()
            .find(|level| level.name() == text)
            .ok_or_else(|| {
                format!("`{text}` is no severity; it is one of `error`, `warning`, `advice` and `off`")
            })
    }
}

/// The part of a release that a rule looks at. The driver calls the function once for each such part.
#[derive(Clone, Copy)]
pub enum Check {
    /// `Chart.yaml`, the templates and other files of the chart, its values.
    Chart(fn(&ChartSubject, &mut Reporter<'_>)),
    /// All that was rendered, together.
    Release(fn(&Release<'_>, &mut Reporter<'_>)),
    /// Each object; items of a `List` too.
    Object(fn(&Object<'_>, &mut Reporter<'_>)),
    /// The pod spec of each workload, of whatever kind.
    PodSpec(fn(&PodSpec<'_>, &mut Reporter<'_>)),
    /// Each container of each pod spec: init, regular and ephemeral ones.
    Container(fn(&Container<'_>, &mut Reporter<'_>)),
}

impl Check {
    /// The word for the part, for `plimsoll rules`.
    pub fn subject(self) -> &'static str {
        match self {
            Check::Chart(_) => "chart",
            Check::Release(_) => "release",
            Check::Object(_) => "object",
            Check::PodSpec(_) => "pod spec",
            Check::Container(_) => "container",
        }
    }
}

/// A rule. Declare it with `declare_rule!` in a file of its own under `src/rules`.
pub struct Rule {
    /// `POD101`: what is judged and a number; never reused.
    pub code: &'static str,
    /// `host-network`: names the defect, so that "allow host-network" reads well.
    pub name: &'static str,
    /// The doc comment of the declaration, a line each, as `///` left it.
    pub docs: &'static str,
    /// The rows of the NVCF catalogue that it judges.
    pub catalogue: &'static [&'static str],
    /// How severe it is in each mode, in the order of [`Mode::ALL`]. A profile may say otherwise.
    pub levels: [Level; 3],
    /// How far its fixes may be trusted, if it has any.
    pub fix: Option<Applicability>,
    /// Who says so. Each starts with the authority: `page:`, `service:`, `agent:`, `control plane:`, `Kubernetes:` or
    /// `Plimsoll:`.
    pub sources: &'static [&'static str],
    /// What it looks at, and the function that looks.
    pub check: Check,
}

impl Rule {
    /// The level in a mode, before any profile.
    pub fn level(&self, mode: Mode) -> Level {
        self.levels[mode as usize]
    }

    /// Whether a selector means this rule: its code, its name, or the letters that its code starts with (`POD`).
    pub fn is(&self, selector: &str) -> bool {
        self.name == selector
            || self.code.eq_ignore_ascii_case(selector)
            || (selector.len() == 3
                && self.code.get(..3).is_some_and(|kind| kind.eq_ignore_ascii_case(selector)))
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({} {})", self.code, self.name)
    }
}

/// Declares the `RULE` of a rule file. The doc comment is the only text about the rule: a sentence, `## Why`, a `bad` and
/// a `good` example (executed as tests), `## Fix`.
macro_rules! declare_rule {
    ($(#[doc = $line:literal])+ $code:literal $name:literal { $($field:ident: $value:expr),+ $(,)? }) => {
        #[doc = concat!("`", $code, "` `", $name, "`:")]
        $(#[doc = $line])+
        pub static RULE: $crate::policy::Rule = $crate::policy::Rule {
            code: $code,
            name: $name,
            docs: concat!($($line, "\n"),+),
            $($field: $value),+
        };
    };
}
pub(crate) use declare_rule;
