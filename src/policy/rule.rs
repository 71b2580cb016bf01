//! [`Rule`]: a rule as data. What it is called, how severe it is, who says so, the one text about it, and the function
//! that looks. How rules run is in [`super::driver`]; the rules themselves are in `crate::rules`.

use std::fmt;

use crate::diagnostic::{Applicability, Severity};

use super::level::{Level, Levels, Mode};
use super::release::Release;
use super::reporter::Reporter;
use super::subject::{ChartSubject, Container, Object, PodSpec};
use super::values::Values;

/// The part of a release that a rule looks at. The driver calls the function once for each such part.
#[derive(Clone, Copy)]
pub enum Check {
    /// `Chart.yaml`, the templates and other files of the chart, its values.
    Chart(fn(&ChartSubject, &mut Reporter<'_>)),
    /// The values that a chart sees, or those of values files alone. Nothing is rendered for it.
    Values(fn(&Values, &mut Reporter<'_>)),
    /// All that was rendered, together.
    Release(fn(&Release<'_>, &mut Reporter<'_>)),
    /// Each object that is installed, so no hook; items of a `List` too.
    Object(fn(&Object<'_>, &mut Reporter<'_>)),
    /// The pod spec of each workload, of whatever kind.
    PodSpec(fn(&PodSpec<'_>, &mut Reporter<'_>)),
    /// Each container that a new pod may have: init and regular ones. The service and the pod security standards look at
    /// no others.
    Container(fn(&Container<'_>, &mut Reporter<'_>)),
    /// Each container, ephemeral ones too.
    AnyContainer(fn(&Container<'_>, &mut Reporter<'_>)),
}

impl Check {
    /// The word for the part, for `plimsoll rules`.
    pub fn subject(self) -> &'static str {
        match self {
            Check::Chart(_) => "chart",
            Check::Values(_) => "values",
            Check::Release(_) => "release",
            Check::Object(_) => "object",
            Check::PodSpec(_) => "pod spec",
            Check::Container(_) | Check::AnyContainer(_) => "container",
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
    /// How severe it is in each mode. A profile may say otherwise.
    pub levels: Levels,
    /// How severe those of its findings are at most that are less certain than the rest: see
    /// [`Finding::lowered`](super::reporter::Finding::lowered).
    pub lowered_to: Option<Severity>,
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
        self.levels.of(mode)
    }

    /// The severity that some findings have where the rule is set to that level and nobody said so: none where all have
    /// the same.
    pub fn lowered_from(&self, level: Level) -> Option<Severity> {
        self.lowered_to.filter(|lowered| level.severity().is_some_and(|severity| severity > *lowered))
    }

    /// The level in a mode in words: `error (some warning)`.
    pub fn level_in_words(&self, mode: Mode) -> String {
        in_words(self.level(mode), self.lowered_from(self.level(mode)))
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

/// A level, and the severity that some findings have instead.
pub(super) fn in_words(level: Level, lowered: Option<Severity>) -> String {
    match lowered {
        Some(lowered) => format!("{level} (some {lowered})"),
        None => level.to_string(),
    }
}

/// Declares the `RULE` of a rule file. The doc comment is the only text about the rule: a sentence, `## Why`, a `bad` and
/// a `good` example (executed as tests), `## Fix`. `lowered_to` may be left out.
macro_rules! declare_rule {
    ($(#[doc = $line:literal])+ $code:literal $name:literal { levels: $levels:expr, fix: $($rest:tt)+ }) => {
        $crate::policy::declare_rule! {
            $(#[doc = $line])+
            $code $name { levels: $levels, lowered_to: None, fix: $($rest)+ }
        }
    };
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
