//! Names of signers of certificates.
//!
//! Source: `ValidateSignerName` of k8s.io/kubernetes `pkg/apis/core/validation/names.go`.

use super::error::{Errors, Path};
use super::text;

/// Go: `ValidateSignerName`
pub fn signer_name(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    let Some((domain, rest)) = name.split_once('/') else {
        let words = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        return errors.invalid(path, name, words);
    };
    if rest.contains('/') {
        let words = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        return errors.invalid(path, name, words);
    }
    for why in text::dns_subdomain(domain) {
        errors.invalid(path, name, &format!("validating label \"{domain}\": {why}"));
    }
    if domain.split('.').count() < 2 {
        errors.invalid(path, name, "should be a domain with at least two segments separated by dots");
    }
    for why in text::dns_subdomain(rest) {
        errors.invalid(path, name, &format!("validating label \"{rest}\": {why}"));
    }
}
