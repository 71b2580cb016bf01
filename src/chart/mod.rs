//! A chart on disk or in an archive.
