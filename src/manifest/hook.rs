//! [`Hook`]: a document that Helm runs at a moment of a release's life instead of installing it.

use super::document::Manifest;
use super::head::Head;

/// The annotation that makes a document a hook; its value lists the moments.
pub const HOOK: &str = "helm.sh/hook";
/// The annotation with a hook's weight.
pub const WEIGHT: &str = "helm.sh/hook-weight";

/// A moment at which a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are Helm's own words")]
pub enum Event {
    PreInstall,
    PostInstall,
    PreDelete,
    PostDelete,
    PreUpgrade,
    PostUpgrade,
    PreRollback,
    PostRollback,
    Test,
}

/// A document with a hook annotation, all of whose moments Helm knows.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The document.
    pub manifest: Manifest,
    /// When it runs, in the order of the annotation.
    pub events: Vec<Event>,
    /// Hooks of one moment run by weight.
    pub weight: i64,
}

impl Event {
    /// The moment by its name in annotations, small letters. `test-success` is Helm 2's word for `test`.
    pub fn by_name(name: &str) -> Option<Event> {
        Some(match name {
            "pre-install" => Event::PreInstall,
            "post-install" => Event::PostInstall,
            "pre-delete" => Event::PreDelete,
            "post-delete" => Event::PostDelete,
            "pre-upgrade" => Event::PreUpgrade,
            "post-upgrade" => Event::PostUpgrade,
            "pre-rollback" => Event::PreRollback,
            "post-rollback" => Event::PostRollback,
            "test" | "test-success" => Event::Test,
            _ => return None,
        })
    }
}

impl Hook {
    /// Whether an upgrade runs it.
    pub fn is_upgraded(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::PreUpgrade | Event::PostUpgrade))
    }

    /// Whether it is a test, which `--skip-tests` leaves out.
    pub fn is_test(&self) -> bool {
        self.events.contains(&Event::Test)
    }
}

/// What an annotation makes of a document.
pub enum Kind<'a> {
    /// It is installed.
    None,
    /// It is a hook.
    Hook(Vec<Event>, i64),
    /// It names a moment that Helm does not know, so that Helm drops it; the annotation's value.
    Unknown(&'a str),
}

/// Helm: release/v1/util/manifest_sorter.go `sort`, `calculateHookWeight`.
pub fn kind(head: &Head) -> Kind<'_> {
    let Some(names) = head.annotations.get(HOOK) else { return Kind::None };
    let events = names.split(',').map(|name| Event::by_name(&name.trim().to_lowercase()));
    match events.collect() {
        Some(events) => {
            let weight = head.annotations.get(WEIGHT).and_then(|text| text.parse().ok()).unwrap_or(0);
            Kind::Hook(events, weight)
        }
        None => Kind::Unknown(names),
    }
}
