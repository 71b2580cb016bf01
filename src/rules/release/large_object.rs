use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, parameters};

declare_rule! {
    /// A document must not be larger than 1 MiB and 1 KiB.
    ///
    /// ## Why
    /// The service reads no more of a document, and Kubernetes keeps Secrets and ConfigMaps to 1 MiB.
    ///
    /// ```yaml bad large
    /// 1049601
    /// ```
    /// ```yaml good large
    /// 1049600
    /// ```
    ///
    /// ## Fix
    /// Put large files into the image or into a volume.
    "REL102" "large-object" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["service: decode"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(limit) =
        r.profile().number(parameters::MAX_OBJECT_BYTES).and_then(|limit| usize::try_from(limit).ok())
    else {
        return;
    };
    for document in release.documents() {
        let size = document.text(&release.subject.text).len();
        if size > limit {
            r.report_text(document.start, format!("document has {size} bytes, it may have {limit}"));
        }
    }
}
