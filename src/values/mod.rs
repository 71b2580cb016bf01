//! Layers of values.
