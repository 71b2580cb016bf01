//! [`Release`]: what a chart is told of the release that it is rendered for.

use crate::value::{Map, Str, Value};

/// The release, as `.Release` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `.Release.Name`
    pub name: String,
    /// `.Release.Namespace`
    pub namespace: String,
    /// `.Release.IsUpgrade`
    pub is_upgrade: bool,
    /// `.Release.IsInstall`
    pub is_install: bool,
    /// `.Release.Revision`
    pub revision: i64,
}

impl Release {
    /// The first revision of a release.
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Release {
        Release {
            name: name.into(),
            namespace: namespace.into(),
            is_upgrade: false,
            is_install: true,
            revision: 1,
        }
    }

    /// The same, rendered as an upgrade where `is_upgrade` says so.
    pub fn upgrade(self, is_upgrade: bool) -> Release {
        Release { is_upgrade, is_install: !is_upgrade, ..self }
    }

    /// `.Release`. Helm: common/util/values.go `ToRenderValuesWithSchemaValidation`.
    pub(super) fn to_map(&self) -> Map {
        [
            ("Name", Value::from(self.name.as_str())),
            ("Namespace", Value::Str(Str::of_name(&self.namespace))),
            ("IsUpgrade", Value::Bool(self.is_upgrade)),
            ("IsInstall", Value::Bool(self.is_install)),
            ("Revision", Value::Int(self.revision)),
            ("Service", Value::from("Helm")),
        ]
        .into_iter()
        .collect()
    }

    /// Whether the name can be a release's; the error is Helm's text. Helm: chart/common/validate_name.go
    /// `ValidateReleaseName`.
    pub fn check_name(name: &str) -> Result<(), String> {
        const WANTED: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
        if name.is_empty() {
            return Err("no name provided".to_owned());
        }
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let label = |label: &str| {
            let bytes = label.as_bytes();
            !bytes.is_empty()
                && word(bytes[0])
                && word(bytes[bytes.len() - 1])
                && bytes.iter().all(|byte| word(*byte) || *byte == b'-')
        };
        if name.len() <= 53 && name.split('.').all(label) {
            return Ok(());
        }
        Err(format!(
            "invalid release name, must match regex {WANTED} and the length must not be longer than 53"
        ))
    }
}
