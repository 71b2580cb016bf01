use crate::diagnostic::Severity;
use crate::policy::{Check, Level, Levels, Mode, Release, Reporter, declare_rule, parameters};

declare_rule! {
    /// A release may have at most 300 objects.
    ///
    /// ## Why
    /// The service counts documents, those with nothing but a comment too, and stops at the 302nd; the page says 300.
    ///
    /// ```yaml bad many
    /// 301
    /// ```
    /// ```yaml good many
    /// 300
    /// ```
    ///
    /// ## Fix
    /// Merge ConfigMaps and Secrets, or split the chart.
    "REL101" "too-many-objects" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["page: maximum of 300 of the aforementioned objects", "service: decode"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(limit) =
        r.profile().number(parameters::MAX_OBJECTS).and_then(|limit| usize::try_from(limit).ok())
    else {
        return;
    };
    let counted = release.documents();
    let count = counted.clone().count();
    let objects = release.objects().count();
    if count.max(objects) <= limit {
        return;
    }
    let message = format!("release has {} objects, it may have {limit}", count.max(objects));
    // The service counts from 0 and takes one more than the page says.
    let tolerated = count == limit + 1 && r.mode() != Mode::Documented;
    let finding = match counted.clone().nth(limit) {
        Some(first) => r.report_text(first.start, message),
        None => r.report(crate::path::FieldPath::root(), message),
    };
    if tolerated {
        finding.lowered();
    }
}
