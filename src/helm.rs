//! [`HelmVersion`]: which Helm is followed where the two that matter differ.

/// Which Helm to follow. NVCF's service renders with Helm 3's libraries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HelmVersion {
    /// Helm 4.3.1.
    #[default]
    Helm4,
    /// Helm 3.18.5.
    Helm3,
}
