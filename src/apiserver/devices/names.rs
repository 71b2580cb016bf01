//! What the names of pools, attributes and requests must look like.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::pod::volume_source::driver_name;
use crate::apiserver::text;

/// How long the identifier of an attribute may be.
const LONGEST: usize = 32;

/// Go: `validateRequestName`, `validateDeviceName`, `validateCounterName`
pub fn label(name: &str, path: &Path, errors: &mut Errors) {
    errors.invalid_each(path, name, text::dns_label(name));
}

/// A name that must be there, and be a label.
pub fn required_label(name: &str, path: &Path, errors: &mut Errors) {
    match name {
        "" => errors.required(path, ""),
        _ => label(name, path, errors),
    }
}

/// Go: `validateDeviceClass`
pub fn class(name: &str, path: &Path, errors: &mut Errors) {
    match name {
        "" => errors.required(path, ""),
        _ => errors.invalid_each(path, name, text::dns_subdomain(name)),
    }
}

/// Go: `validatePoolName`
pub fn pool(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    if name.len() > 253 {
        errors.too_long(path, 253);
    }
    for part in name.split('/') {
        errors.invalid_each(path, part, text::dns_subdomain(part));
    }
}

/// Go: `validateQualifiedName`
pub fn qualified(name: &str, path: &Path, errors: &mut Errors) {
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        [id] => identifier(id, path, errors),
        [domain, id] => {
            match domain {
                "" => errors.invalid(path, "", "the domain must not be empty"),
                _ => driver_name(domain, path, errors),
            }
            match id {
                "" => errors.invalid(path, "", "the name must not be empty"),
                _ => identifier(id, path, errors),
            }
        }
        // More than one slash is overlooked.
        _ => {}
    }
}

/// Go: `validateFullyQualifiedName`
pub fn fully_qualified(name: &str, path: &Path, errors: &mut Errors) {
    qualified(name, path, errors);
    if !name.contains('/') {
        let words = "a fully qualified name must be a domain and a name separated by a slash";
        errors.invalid(path, name, words);
    }
}

/// Go: `validateCIdentifier`
fn identifier(id: &str, path: &Path, errors: &mut Errors) {
    if id.len() > LONGEST {
        errors.too_long(path, LONGEST);
    }
    errors.invalid_each(path, id, text::c_identifier(id));
}

/// A label value; every fault is told by itself.
pub fn label_value(value: &str, path: &Path, errors: &mut Errors) {
    let minor = errors.minor();
    errors.invalid_each(path, value, text::label_value(value, minor));
}
