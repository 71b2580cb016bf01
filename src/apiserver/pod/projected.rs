//! Projected volumes: secrets, config maps, fields, tokens and certificates in one folder.
//!
//! Source: `validateProjectionSources`.

use crate::apiserver::certificates::signer_name;
use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::meta;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::files::{downward_file, file_mode, key_to_path, user};
use super::mounts::non_reserved_path;

/// Go: `validateProjectedVolumeSource`
pub fn projected(tree: &Tree, path: &Path, errors: &mut Errors) {
    file_mode(tree, "defaultMode", path, errors);
    user(tree, "defaultUser", path, errors);
    let mut paths = Paths(Vec::new());
    for (at, source) in tree.list("sources").iter().enumerate() {
        let place = path.child("sources").index(at);
        let mut count = 0;
        for kind in ["secret", "configMap"] {
            if source.has(kind) {
                count += 1;
                keyed(source.get(kind), &place.child(kind), path, &mut paths, errors);
            }
        }
        if source.has("downwardAPI") {
            count += 1;
            for file in source.get("downwardAPI").list("items") {
                downward_file(file, &place.child("downwardAPI"), errors);
                paths.take(file.str("path"), file.str("path"), path, errors);
            }
        }
        if source.has("serviceAccountToken") {
            count += 1;
            token(source.get("serviceAccountToken"), &place.child("serviceAccountToken"), path, errors);
        }
        // Fields of features that are off are dropped.
        if source.has("clusterTrustBundle") && errors.since(37) {
            count += 1;
            let bundle = source.get("clusterTrustBundle");
            trust_bundle(bundle, &place.child("clusterTrustBundle"), errors);
            let file = bundle.str("path");
            if paths.0.iter().any(|known| known == file) {
                errors.invalid(path, file, "conflicting duplicate paths");
            } else {
                paths.0.push(file.to_owned());
            }
        }
        if source.has("podCertificate") && errors.since(37) {
            count += 1;
            certificate(
                source.get("podCertificate"),
                &place.child("podCertificate"),
                path,
                &mut paths,
                errors,
            );
        }
        if count > 1 {
            errors.forbidden(&place, "may not specify more than 1 volume type per source");
        }
    }
}

/// The paths that are taken.
struct Paths(Vec<String>);

impl Paths {
    fn take(&mut self, file: &str, shown: &str, path: &Path, errors: &mut Errors) {
        if file.is_empty() {
        } else if self.0.iter().any(|known| known == file) {
            errors.invalid(path, shown, "conflicting duplicate paths");
        } else {
            self.0.push(file.to_owned());
        }
    }
}

fn keyed(source: &Tree, place: &Path, path: &Path, paths: &mut Paths, errors: &mut Errors) {
    if source.str("name").is_empty() {
        errors.required(&place.child("name"), "");
    }
    for (at, item) in source.list("items").iter().enumerate() {
        key_to_path(item, &place.child("items").index(at), errors);
        paths.take(item.str("path"), source.str("name"), path, errors);
    }
}

fn token(token: &Tree, place: &Path, path: &Path, errors: &mut Errors) {
    let expiration = place.child("expirationSeconds");
    match token.int("expirationSeconds") {
        None => errors.required(&expiration, ""),
        Some(seconds) if seconds < 600 => {
            errors.invalid(&expiration, seconds, "may not specify a duration less than 10 minutes");
        }
        Some(seconds) if seconds > 1 << 32 => {
            errors.invalid(&expiration, seconds, "may not specify a duration larger than 2^32 seconds");
        }
        Some(_) => {}
    }
    if token.str("path").is_empty() {
        errors.required(&path.child("path"), "");
    } else {
        non_reserved_path(token.str("path"), &path.child("path"), errors);
    }
    user(token, "user", place, errors);
}

fn trust_bundle(bundle: &Tree, place: &Path, errors: &mut Errors) {
    match (bundle.has("name"), bundle.has("signerName")) {
        (true, true) => {
            let bad = Bad::Typed(bundle, "core.ClusterTrustBundleProjection");
            errors.invalid(place, bad, "only one of name and signerName may be used");
        }
        (true, false) => {
            let name = bundle.str("name");
            if name.is_empty() {
                errors.required(&place.child("name"), "must be a valid object name");
            }
            for why in text::dns_subdomain(name.rsplit(':').next().unwrap_or(name)) {
                let words = format!("not a valid clustertrustbundlename: {why}");
                errors.invalid(&place.child("name"), name, &words);
            }
            if bundle.has("labelSelector") {
                let bad = Bad::Typed(bundle.get("labelSelector"), "meta/v1.LabelSelector");
                errors.invalid(
                    &place.child("labelSelector"),
                    bad,
                    "labelSelector must be unset if name is specified",
                );
            }
        }
        (false, true) => {
            let signer = bundle.str("signerName");
            if signer.is_empty() {
                errors.required(&place.child("signerName"), "must be a valid signer name");
            }
            signer_name(signer, &place.child("signerName"), errors);
            meta::label_selector(bundle.get("labelSelector"), &place.child("labelSelector"), errors);
        }
        (false, false) => errors.required(place, "either name or signerName must be specified"),
    }
    if bundle.str("path").is_empty() {
        errors.required(&place.child("path"), "");
    }
    user(bundle, "user", place, errors);
    non_reserved_path(bundle.str("path"), &place.child("path"), errors);
}

fn certificate(certificate: &Tree, place: &Path, path: &Path, paths: &mut Paths, errors: &mut Errors) {
    const KEYS: [&str; 6] = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
    let signer = certificate.str("signerName");
    signer_name(signer, &place.child("signerName"), errors);
    user(certificate, "user", place, errors);
    if !KEYS.contains(&certificate.str("keyType")) {
        errors.not_supported(&place.child("keyType"), certificate.str("keyType"), &KEYS);
    }
    if let Some(seconds) = certificate.int("maxExpirationSeconds") {
        let place = place.child("maxExpirationSeconds");
        let is_kubernetes = signer
            .split('/')
            .next()
            .is_some_and(|domain| domain == "kubernetes.io" || domain.ends_with(".kubernetes.io"));
        let most = if is_kubernetes { 24 * 3600 } else { 91 * 24 * 3600 };
        if seconds < 3600 {
            errors.invalid(&place, seconds, "if provided, maxExpirationSeconds must be >= 3600");
        }
        if seconds > most {
            errors.invalid(&place, seconds, &format!("if provided, maxExpirationSeconds must be <= {most}"));
        }
    }
    let files = ["credentialBundlePath", "keyPath", "certificateChainPath"];
    for field in files {
        let file = certificate.str(field);
        if !file.is_empty() {
            non_reserved_path(file, &place.child(field), errors);
            paths.take(file, file, path, errors);
        }
    }
    if files.iter().all(|field| certificate.str(field).is_empty()) {
        errors.required(
            place,
            "specify at least one of credentialBundlePath, keyPath, and certificateChainPath",
        );
    }
}
