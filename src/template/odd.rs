//! [`OddTemplates`]: what templates do that was hardly meant, as data: found where a release is rendered, told by rules.

use crate::diagnostic::{FileLine, IncludeSite};

/// A place in a template, and what is said there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// The name of the file or template, or the text.
    pub what: String,
    /// The place, in a file relative to the chart.
    pub place: FileLine,
    /// What stands in that line.
    pub excerpt: Option<String>,
    /// The name that was likely meant.
    pub meant: Option<String>,
    /// Another place that matters.
    pub beside: Option<FileLine>,
    /// The calls that led there, outermost first.
    pub includes: Vec<IncludeSite>,
}

/// What was found, each in the order of the places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OddTemplates {
    /// Calls of templates that nothing defines, where no execution came.
    pub undefined: Vec<Spot>,
    /// Templates that nothing calls.
    pub unused: Vec<Spot>,
    /// Templates of a name that another has too, which says something else.
    pub redefined: Vec<Spot>,
    /// Lines that a trim marker put into the comment before them.
    pub swallowed: Vec<Spot>,
    /// Lines that a trim marker put behind another.
    pub glued: Vec<Spot>,
    /// Files that are printed and not there.
    pub files: Vec<Spot>,
}
