//! A chart and values become a rendered release.

pub mod capabilities;
