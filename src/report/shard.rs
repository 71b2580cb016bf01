//! A part of a run that several machines share ([`Shard`]): which part its JSON report is, and all that must be the same in the
//! reports of the others for them to be one run. [`super::merge`] reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which part of which run a JSON report is: its key `shard`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shard {
    /// Which of them, from 1.
    pub index: usize,
    /// How many there are.
    pub count: usize,
    /// The version of the program.
    pub version: String,
    /// How many charts the whole run has.
    pub charts: usize,
    /// The digest of their paths, in their order.
    pub list: String,
    /// The digest of which shard gets which.
    pub division: String,
    /// The digests of the flags that were given, by flag.
    pub flags: BTreeMap<String, String>,
    /// The digests of the files that do not belong to one chart alone, such as values and configurations, by path.
    pub files: BTreeMap<String, String>,
    /// Whether records hold the whole release, which a page of HTML shows.
    pub has_release: bool,
    /// Whether each chart was rendered once, for an answer of somebody else.
    pub answers_once: bool,
    /// Where the charts of this report stand in the run, from 0.
    pub positions: Vec<usize>,
    /// How long judging each of them took, in milliseconds.
    pub milliseconds: Vec<u64>,
    /// Whether something is as severe as fails a run.
    pub found: bool,
}

impl Shard {
    /// `3/8`
    pub fn name(&self) -> String {
        format!("{}/{}", self.index, self.count)
    }
}
