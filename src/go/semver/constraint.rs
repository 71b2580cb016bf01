//! [`Constraints`]: ranges of versions.

use super::Version;

/// One or more ranges, of which a version must fit one. Semver: `Constraints`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints {}

impl Constraints {
    /// Reads ranges. The error is semver's text. Semver: `NewConstraint`.
    pub fn parse(text: &str) -> Result<Constraints, String> {
        let _ = text;
        Ok(Constraints {})
    }

    /// Whether the version fits. Semver: `Check`.
    pub fn check(&self, version: &Version) -> bool {
        self.validate(version).is_ok()
    }

    /// Whether the version fits; if not, semver's reasons. Semver: `Validate`.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let _ = version;
        Ok(())
    }
}
