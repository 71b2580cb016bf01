//! [`Allowance`]: an item of `allow` in a configuration. Comments and annotations that allow are read in
//! [`super::suppression`].

use jiff::civil::Date;

use crate::diagnostic::FileLine;
use crate::path::FieldPath;

/// An item of `allow` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Name or code.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// `Deployment/web`, or every object.
    pub object: Option<String>,
    /// `spec.template.spec.hostNetwork`, or every field.
    pub field: Option<FieldPath>,
    /// The last day on which it holds, or for ever.
    pub until: Option<Date>,
    /// Where it is written.
    pub place: FileLine,
}
