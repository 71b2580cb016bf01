use crate::apiserver::pod_security::Control;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// Volumes must be of a type that holds nothing of the node or of others.
    ///
    /// ## Why
    /// What a volume of another type can be made to show depends on the node and its drivers; storage belongs behind a
    /// claim.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: data
    ///     nfs:
    ///       server: files.example.com
    ///       path: /
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: data
    ///     persistentVolumeClaim:
    ///       claimName: data
    /// ```
    ///
    /// ## Fix
    /// Use `configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `image`, `persistentVolumeClaim`, `projected` or
    /// `secret`.
    "PSS101" "unrestricted-volume" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: Pod Security Standards, Restricted, Volume Types"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::Volumes, |_| Vec::new());
}
