//! Mends a chart where it lies: [`values`] says what the fixes of rules on values change in values files, [`chart`] mends what
//! is rendered, in templates and values, and shows by rendering that nothing else changes.
//!
//! Read [`chart::mend`] first. Where a rendered field is written is in [`place`], the files as they are changed in
//! [`draft`], what is compared in [`release`], why a fix is left in [`why`].

pub mod chart;
mod draft;
mod insert;
mod place;
mod release;
mod values;
mod why;

pub use draft::File;
pub use values::{Replacement, Wanted, apply, replacements, wanted};
