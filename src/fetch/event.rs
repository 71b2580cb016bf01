//! [`Event`]: what a user is to be told while charts are brought.

/// Something to tell, in Helm's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// One or more lines for standard output.
    Said(String),
    /// A line of Helm's log, for standard error.
    Logged(String),
}

/// Hears of events as they happen. What runs in parallel is told in the order in which it was asked for.
pub type Listener<'a> = &'a mut dyn FnMut(Event);

/// Tells something on standard output.
pub(super) fn say(listener: Listener<'_>, text: impl Into<String>) {
    listener(Event::Said(text.into()));
}
