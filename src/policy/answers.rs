//! [`report`]: findings out of what the API servers of the asked versions answer.

use std::collections::BTreeMap;

use super::{Release, Reporter};
use crate::apiserver::Answer;
use crate::path::FieldPath;

/// What an answer says about a field.
pub struct Told {
    /// The field.
    pub path: FieldPath,
    /// What is said of it.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Told {
    /// Words without help.
    pub fn new(path: FieldPath, message: impl Into<String>) -> Told {
        Told { path, message: message.into(), help: None }
    }
}

/// Reports what the answers of all versions say, each thing once, with the versions that say it where not all of them do.
pub fn report(release: &Release<'_>, r: &mut Reporter<'_>, told: impl Fn(&Answer, u32) -> Vec<Told>) {
    let versions = release.subject.api_answers();
    for (at, object) in release.asked() {
        let mut by_text: BTreeMap<(usize, String, String), (Told, Vec<u32>)> = BTreeMap::new();
        for version in versions {
            let Some(answer) = version.answers.get(at) else { continue };
            for (number, one) in told(answer, version.minor).into_iter().enumerate() {
                let key = (number, one.path.to_string(), one.message.clone());
                by_text.entry(key).or_insert_with(|| (one, Vec::new())).1.push(version.minor);
            }
        }
        for (one, minors) in by_text.into_values() {
            let message = match minors.len() == versions.len() {
                true => one.message,
                false => format!("{} ({})", one.message, in_words(&minors)),
            };
            let finding = r.report_on(object, one.path, message);
            if let Some(help) = one.help {
                finding.help(help);
            }
        }
    }
}

/// `Kubernetes 1.31, 1.34`
pub fn in_words(minors: &[u32]) -> String {
    let minors: Vec<String> = minors.iter().map(|minor| format!("1.{minor}")).collect();
    format!("Kubernetes {}", minors.join(", "))
}
