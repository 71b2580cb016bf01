//! [`Inputs`]: everything that judging goes by besides the chart, as data. Whoever judges makes them from flags, from a
//! configuration, or by hand.

use std::sync::Arc;

use super::documents::Crds;
use crate::chart::Chart;
use crate::nvcf::reval::{GroupVersionKind, PolicyName};
use crate::policy::{self, Mode, Profile, Request};
use crate::render::host::FixedHost;
use crate::render::{KubeVersion, Release};
use crate::rules;
use crate::schema;
use crate::template::Parsed;
use crate::values::User;
use crate::yaml::Node;

/// What a chart is rendered with, and what it is judged by.
pub struct Inputs {
    /// The release that it is rendered for.
    pub release: Release,
    /// The user's values, those of the request's configuration among them.
    pub user: User,
    /// The values before, where what changed is judged too.
    pub previous: Option<User>,
    /// The cluster's Kubernetes version, where somebody knows it.
    pub kube_version: Option<KubeVersion>,
    /// Custom resource definitions that the cluster has, beside those of the chart.
    pub definitions: Arc<Vec<Node>>,
    /// The release before, where it is changed.
    pub before: Option<Before>,
    /// API versions that the cluster serves beyond those that Helm knows.
    pub api_versions: Vec<String>,
    /// How values are checked against schemas; `None` for not at all.
    pub schema: Option<schema::Options>,
    /// Clock, chance and cluster, the same each time the chart is rendered.
    pub host: FixedHost,
    /// The function or task request that goes with the chart.
    pub request: Option<Request>,
    /// The profiles to judge by.
    pub profiles: Vec<Chosen>,
    /// The cluster's validation policy.
    pub policy: ValidationPolicy,
    /// Whether the report shows the whole release, each line with its origin.
    pub view: bool,
    /// What is known of the chart from judging it with other values.
    pub known: Known,
    /// Whether the report says which lines, branches and values were reached.
    pub coverage: bool,
    /// On how many threads the documents of one text are read and judged.
    pub threads: usize,
}

/// What is the same of a chart whatever its values are, and is made once. A clone knows the same.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its templates.
    pub templates: Parsed,
    /// Its files of `crds/`.
    pub crds: Crds,
}

/// What a release was before it is changed.
#[derive(Clone, Debug)]
pub enum Before {
    /// What another chart renders, with the same values.
    Chart(Box<Chart>),
    /// What the chart renders with other values.
    Values(User),
    /// YAML that is already rendered.
    Manifests(String),
}

/// A profile and the mode to judge by.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The profile.
    pub profile: Profile,
    /// The mode.
    pub mode: Mode,
}

/// The validation policy of a cluster, as NVCF's service is given it.
#[derive(Clone, Debug, Default)]
pub struct ValidationPolicy {
    /// Its name, where one was given.
    pub name: Option<PolicyName>,
    /// The kinds that it allows beyond the usual ones.
    pub extra_kinds: Vec<GroupVersionKind>,
}

impl ValidationPolicy {
    /// Whether it takes any object of the kinds that it allows.
    pub fn is_unrestricted(&self) -> bool {
        self.name == Some(PolicyName::Unrestricted)
    }

    /// Whether anybody said anything about it.
    pub(super) fn is_given(&self) -> bool {
        self.name.is_some() || !self.extra_kinds.is_empty()
    }
}

impl Chosen {
    /// Whether it is about what API servers answer.
    pub fn asks_servers(&self) -> bool {
        super::cluster::asks_servers(&self.profile, self.mode)
    }

    /// Whether it judges values and nothing else.
    pub fn is_on_values(&self) -> bool {
        self.profile.is_on_values(&rules::all(), self.mode)
    }
}

impl Inputs {
    /// Whether all profiles judge values and nothing else, so that nothing need be rendered.
    pub fn is_on_values(&self) -> bool {
        !self.profiles.is_empty() && self.profiles.iter().all(Chosen::is_on_values)
    }

    /// A first installation with a chart's own values, judged by the profile `nvcf`.
    ///
    /// The host decides what clock and chance give; the same host gives the same release.
    pub fn new(release: Release, host: FixedHost) -> Inputs {
        let profile = Profile::built_in("nvcf").unwrap_or_default();
        Inputs {
            release,
            user: User::default(),
            previous: None,
            kube_version: None,
            definitions: Arc::default(),
            before: None,
            api_versions: Vec::new(),
            schema: Some(schema::Options::default()),
            host,
            request: None,
            profiles: vec![Chosen { profile, mode: Mode::default() }],
            policy: ValidationPolicy::default(),
            view: false,
            known: Known::default(),
            coverage: false,
            threads: 1,
        }
    }

    /// Whether some profile has one of the rules on.
    pub(super) fn asks(&self, rules: &[&policy::Rule]) -> bool {
        let is_on = |Chosen { profile, mode }: &Chosen, rule: &&policy::Rule| {
            profile.level(rule, self.rules_mode(*mode)).severity().is_some()
        };
        self.profiles.iter().any(|chosen| rules.iter().any(|rule| is_on(chosen, rule)))
    }

    /// The mode that rules judge by: an unrestricted policy takes what a service with object validation off takes.
    pub(super) fn rules_mode(&self, mode: Mode) -> Mode {
        if mode == Mode::Strict && self.policy.is_unrestricted() { Mode::Service } else { mode }
    }
}
