//! `github.com/Masterminds/semver/v3`: versions and constraints.
