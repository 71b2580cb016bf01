//! `object-quota`

use crate::manifest::FieldPath;
use crate::policy::{Check, Level, Release, Reporter, declare_rule};

declare_rule! {
    /// The self-managed stack limits how many objects of a kind there may be.
    ///
    /// ## Why
    /// The quota is far below 300, and the platform's own objects count too. What is beyond it is refused when the release
    /// is applied.
    ///
    /// ```yaml bad quota
    /// Job 11
    /// ```
    /// ```yaml good quota
    /// Job 10
    /// ```
    ///
    /// ## Fix
    /// Merge objects of the kind, or split the chart.
    "REL105" "object-quota" {
        catalogue: &["NVCF113"],
        levels: [Level::Warning, Level::Error, Level::Error],
        fix: None,
        sources: &["Kubernetes: ResourceQuota max-objects of the self-managed stack"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for (kind, limit) in r.profile().numbers("object-quotas") {
        let limit = usize::try_from(limit).unwrap_or_default();
        let mut objects = release.objects.iter().filter(|object| object.id.kind == kind && !object.is_hook());
        let count = objects.clone().count();
        if let Some(first) = objects.nth(limit) {
            let message = format!("release has {count} of {kind}, the quota is {limit}");
            r.report_on(first, FieldPath::root().key("kind"), message);
        }
    }
}
