//! Dotted paths into values. Helm: pkg/chart/common/values.go.
