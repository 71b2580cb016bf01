//! Requests for certificates, authorities that are trusted, and names of signers. The signature of a request is not checked,
//! only that there is a request.
//!
//! Source: `pkg/apis/certificates/validation/validation.go`, `pkg/apis/core/validation/names.go` of k8s.io/kubernetes.

use der::{Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::request::CertReq;

use super::error::{Bad, Errors, Path};
use super::pem;
use super::print::{go_syntax, json_of};
use super::tree::Tree;
use super::{meta, text};

/// What a certificate may be used for.
const USAGES: [&str; 23] = [
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

/// How many bytes of authorities there may be.
const LONGEST_BUNDLE: usize = 1024 * 1024;
/// How long a certificate lasts at least, at most, and at most by a signer of Kubernetes' own.
const SHORTEST: i64 = 3_600;
const LONGEST: i64 = 7_862_400;
const LONGEST_OF_OURS: i64 = 86_400;
/// How many bytes a request by a pod may have.
const LONGEST_REQUEST: usize = 10 * 1024;
/// How long an identity may be.
const LONGEST_IDENTITY: usize = 128;

/// Go: `ValidateCertificateSigningRequestCreate`
pub fn signing_request(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, |_| Vec::new(), errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let request = spec.get("request");
    if let Err(why) = parse_request(bytes(request)) {
        let shown =
            if errors.since(34) { json_of(request) } else { go_syntax(errors.known, request, "[]byte") };
        errors.invalid(&path.child("request"), Bad::Raw(shown), &why);
    }
    let usages: Vec<&str> = spec.list("usages").iter().map(Tree::text).collect();
    let place = path.child("usages");
    if usages.is_empty() {
        errors.required(&place, "");
    }
    for (at, usage) in usages.iter().enumerate() {
        if !USAGES.contains(usage) {
            errors.not_supported(&place.index(at), *usage, &USAGES);
        }
    }
    for (at, usage) in usages.iter().enumerate() {
        if usages[..at].contains(usage) {
            errors.duplicate(&place.index(at), *usage);
        }
    }
    let (signer, place) = (spec.str("signerName"), path.child("signerName"));
    if signer == "kubernetes.io/legacy-unknown" {
        errors.invalid(&place, signer, "the legacy signerName is not allowed via this API version");
    } else {
        signer_name(signer, &place, errors);
    }
    if let Some(seconds) = spec.int("expirationSeconds").filter(|seconds| *seconds < 600) {
        let words = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.invalid(&path.child("expirationSeconds"), seconds, words);
    }
}

fn bytes(tree: &Tree) -> &[u8] {
    match tree {
        Tree::Bytes(bytes) => bytes,
        _ => &[],
    }
}

/// Go: `certificates.ParseCSR`
fn parse_request(text: &[u8]) -> Result<(), String> {
    let first = pem::blocks(&String::from_utf8_lossy(text)).into_iter().next();
    match first.filter(|block| block.kind == "CERTIFICATE REQUEST") {
        None => Err("PEM block type must be CERTIFICATE REQUEST".to_owned()),
        Some(block) => CertReq::from_der(&block.bytes).map(drop).map_err(|why| why.to_string()),
    }
}

/// Go: `ValidateClusterTrustBundle`
pub fn trust_bundle(object: &Tree, errors: &mut Errors) {
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let signer = spec.str("signerName");
    meta::core_object(object, false, |name| bundle_name(name, signer), errors);
    if !signer.is_empty() {
        signer_name(signer, &path.child("signerName"), errors);
    }
    bundle(spec.str("trustBundle"), &path.child("trustBundle"), errors);
}

/// Go: `ValidateClusterTrustBundleName`
fn bundle_name(name: &str, signer: &str) -> Vec<String> {
    if signer.is_empty() {
        return match name.contains(':') {
            true => vec!["ClusterTrustBundle without signer name must not have \":\" in its name".to_owned()],
            false => text::dns_subdomain(name),
        };
    }
    let prefix = format!("{}:", signer.replace('/', ":"));
    match name.strip_prefix(&prefix) {
        Some(rest) => text::dns_subdomain(rest),
        None => {
            vec![format!("ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}")]
        }
    }
}

/// Go: `validateTrustBundle`
fn bundle(text: &str, path: &Path, errors: &mut Errors) {
    if text.len() > LONGEST_BUNDLE {
        return errors.too_long(path, LONGEST_BUNDLE);
    }
    let before = errors.len();
    let blocks = pem::blocks(text);
    for (at, block) in blocks.iter().enumerate() {
        if let Some(why) = bad_authority(block) {
            errors.invalid(path, "<value omitted>", &format!("entry {at} {why}"));
        }
    }
    if errors.len() > before {
        return;
    }
    if blocks.is_empty() {
        errors.invalid(path, "<value omitted>", "at least one trust anchor must be provided");
    }
    for (at, block) in blocks.iter().enumerate() {
        let is_same = |other: &pem::Block| other.bytes == block.bytes;
        let same: Vec<String> =
            (0..blocks.len()).filter(|other| is_same(&blocks[*other])).map(|at| at.to_string()).collect();
        if same.len() > 1 && !blocks[..at].iter().any(is_same) {
            let words = format!("duplicate trust anchor (indices [{}])", same.join(" "));
            errors.invalid(path, "<value omitted>", &words);
        }
    }
}

/// Why a block is no authority.
fn bad_authority(block: &pem::Block) -> Option<String> {
    if block.kind != "CERTIFICATE" {
        return Some(format!("has bad block type: {}", block.kind));
    }
    if block.has_headers {
        return Some("has PEM block headers".to_owned());
    }
    let Ok(certificate) = Certificate::from_der(&block.bytes) else {
        return Some("does not parse as X.509".to_owned());
    };
    let constraints = certificate.tbs_certificate().get_extension::<BasicConstraints>();
    match constraints {
        Ok(Some((_, constraints))) if constraints.ca => None,
        Err(_) => Some("does not parse as X.509".to_owned()),
        Ok(_) => Some("does not have the CA bit set".to_owned()),
    }
}

/// Go: `ValidatePodCertificateRequestCreate`
pub fn pod_request(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let signer = spec.str("signerName");
    signer_name(signer, &path.child("signerName"), errors);
    let place = path.child("unverifiedUserAnnotations");
    for (key, _) in spec.map("unverifiedUserAnnotations") {
        domain_key(&key.to_lowercase(), &place, errors);
    }
    for (name, identity) in
        [("podName", "podUID"), ("serviceAccountName", "serviceAccountUID"), ("nodeName", "nodeUID")]
    {
        let (value, identity_value) = (spec.str(name), spec.str(identity));
        errors.invalid_each(&path.child(name), value, text::dns_subdomain(value));
        if identity_value.is_empty() {
            errors.invalid(&path.child(identity), "", "must not be empty");
        }
        if identity_value.len() > LONGEST_IDENTITY {
            errors.too_long(&path.child(identity), LONGEST_IDENTITY);
        }
    }
    let place = path.child("maxExpirationSeconds");
    let Some(seconds) = spec.int("maxExpirationSeconds") else {
        return errors.required(&place, "must be set");
    };
    let domain = signer.split('/').next().unwrap_or_default();
    let is_ours = domain == "kubernetes.io" || domain.ends_with(".kubernetes.io");
    let most = if is_ours { LONGEST_OF_OURS } else { LONGEST };
    if !(SHORTEST..=most).contains(&seconds) {
        errors.invalid(&place, seconds, &format!("must be in the range [{SHORTEST}, {most}]"));
    }
    let request = bytes(spec.get("stubPKCS10Request"));
    let place = path.child("stubPKCS10Request");
    if request.is_empty() {
        let words = "exactly one of (stubPKCS10Request) or (pkixPublicKey, proofOfPossession) must be set";
        errors.invalid_omitted(&path, words);
    } else if request.len() > LONGEST_REQUEST {
        errors.too_long(&place, LONGEST_REQUEST);
    } else if !CertReq::from_der(request).is_ok_and(|request| request.to_der().is_ok()) {
        errors.invalid_omitted(&place, "must be a valid PKCS#10 CSR");
    }
}

/// Go: `IsDomainPrefixedKey`
fn domain_key(key: &str, path: &Path, errors: &mut Errors) {
    if key.is_empty() {
        return errors.required(path, "");
    }
    let before = errors.len();
    meta::label_name(key, path, errors);
    if errors.len() == before && !key.contains('/') {
        errors.invalid(path, key, "must be a domain-prefixed key (such as \"acme.io/foo\")");
    }
}

/// How long the domain of a signer may be, and its whole name.
const LONGEST_DOMAIN: usize = 253;
const LONGEST_SIGNER: usize = LONGEST_DOMAIN + LONGEST_DOMAIN + 63 + 2;

/// Go: `ValidateSignerName`
pub fn signer_name(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    let parts: Vec<&str> = name.split('/').collect();
    let [domain, rest] = parts[..] else {
        let words = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        return errors.invalid(path, name, words);
    };
    if domain.len() > LONGEST_DOMAIN {
        errors.too_long(path, LONGEST_DOMAIN);
    }
    labels(domain, text::dns_label, path, errors);
    if !domain.contains('.') {
        errors.invalid(path, domain, "should be a domain with at least two segments separated by dots");
    }
    labels(rest, text::dns_subdomain, path, errors);
    if name.len() > LONGEST_SIGNER {
        errors.too_long(path, LONGEST_SIGNER);
    }
}

/// Tells what is wrong with the first label that is no good.
fn labels(part: &str, rule: meta::NameRule, path: &Path, errors: &mut Errors) {
    let wrong = |label: &str| (label.to_owned(), rule(label));
    let first = part.split('.').map(wrong).find(|(_, wrong)| !wrong.is_empty());
    for (label, wrong) in first.iter().flat_map(|(label, wrong)| wrong.iter().map(move |why| (label, why))) {
        let label = crate::go::strconv::quote(label);
        errors.invalid(path, part, &format!("validating label {label}: {wrong}"));
    }
}
