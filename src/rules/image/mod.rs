//! Rules about the images of containers.

use crate::policy::Rule;

mod bad_image_reference;
mod floating_tag;
mod missing_image;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&missing_image::RULE, &bad_image_reference::RULE, &floating_tag::RULE];
