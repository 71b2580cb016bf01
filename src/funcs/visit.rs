//! Counting what is walked: [`visit`] is asked before each value that is copied or merged.

use crate::budget;
use crate::stack;

/// Units of work for a value that is copied or merged.
pub(super) const VISIT: u64 = 10;

/// Counts a visit at that depth: a value that holds another twice, and so on, has no end otherwise.
pub(super) fn visit(depth: usize, what: &str) -> Result<(), String> {
    if stack::is_too_deep(depth) {
        return Err(format!("cannot {what} a value that is nested too deeply"));
    }
    budget::spend(VISIT).map_err(|over| over.to_string())
}
