//! What a template wrote.

use crate::value::Str;

/// What a template wrote.
#[derive(Clone, Debug)]
pub struct Output<T = ()> {
    /// The template: `top/charts/redis/templates/a.yaml`.
    pub name: String,
    /// The text.
    pub text: Str,
    /// What the tracer learned.
    pub trace: T,
}
