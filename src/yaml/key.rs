//! [`Key`]: what tells the keys of a mapping apart.

use std::borrow::Cow;

/// A key as go-yaml tells keys apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// Its bits.
    Float(u64),
    Text(Cow<'t, str>),
}

impl Key<'_> {
    /// A float as a key: both zeros are one.
    pub fn float(x: f64) -> Self {
        Key::Float(if x == 0.0 { 0 } else { x.to_bits() })
    }
}
