//! [`Event`]: what a user is to be told while charts are brought.

use crate::go::slog;

/// Something to tell, in Helm's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// One or more lines for standard output.
    Said(String),
    /// A line of Helm's log, for standard error.
    Logged(slog::Line),
}

/// Takes events as they happen. Those of parallel work come in the order in which the work was asked for.
pub type Listener<'a> = &'a mut dyn FnMut(Event);

/// Tells something on standard output.
pub(super) fn say(listener: Listener<'_>, text: impl Into<String>) {
    listener(Event::Said(text.into()));
}
