//! [`Breach`]: something that a control forbids.

use crate::path::FieldPath;

use super::control::Control;

/// Who says what is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The pod.
    Pod,
    /// A container, by its number among all and its name.
    Container(usize, String),
    /// A volume.
    Volume(String),
    /// An annotation.
    Annotation(String),
}

/// Which of the things that a control looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The value of the field.
    Value,
    /// That the field is not there.
    Missing,
    /// The user of SELinux.
    User,
    /// The role of SELinux.
    Role,
}

/// Something that a control forbids.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The control.
    pub control: Control,
    /// Who says it.
    pub by: By,
    /// Which thing.
    pub part: Part,
    /// What is said.
    pub value: String,
    /// Where, or where it is missing.
    pub path: FieldPath,
}
