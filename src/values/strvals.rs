//! The little languages of `--set`, `--set-string`, `--set-file`, `--set-json` and `--set-literal`.
//! Helm: pkg/strvals.
