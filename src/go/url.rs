//! Go's `net/url`: parsing and joining, escaping.
