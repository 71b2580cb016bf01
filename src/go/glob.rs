//! gobwas/glob with '/' as separator, as `.Files.Glob` uses it.
