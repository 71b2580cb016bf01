//! Whether an object's name is one that Kubernetes takes, in its words.

/// The complaint about the name of an object of that kind. Helm: lint/rules/template.go `validateMetadataName`.
pub(super) fn complaint(kind: &str, name: &str) -> Option<String> {
    let found = match kind.to_lowercase().as_str() {
        "service" => dns_1035_label(name),
        "namespace" => dns_1123_label(name),
        "certificatesigningrequest" => Vec::new(),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => path_segment(name),
        _ => dns_1123_subdomain(name),
    };
    let quoted = crate::go::strconv::quote(name);
    let mut found: Vec<String> =
        found.into_iter().map(|text| format!("metadata.name: Invalid value: {quoted}: {text}")).collect();
    found.dedup();
    let joined = match &found[..] {
        [] => return None,
        [one] => one.clone(),
        more => format!("[{}]", more.join(", ")),
    };
    Some(format!("object name does not conform to Kubernetes naming requirements: {quoted}: {joined}"))
}

fn too_long(name: &str, limit: usize) -> Option<String> {
    (name.len() > limit).then(|| format!("must be no more than {limit} characters"))
}

/// Whether the text is small letters, digits and hyphens, with neither end a hyphen.
fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    !bytes.is_empty() && bytes.iter().all(inner) && bytes[0] != b'-' && bytes[bytes.len() - 1] != b'-'
}

/// Go: k8s.io/apimachinery validation `IsDNS1123Subdomain`.
fn dns_1123_subdomain(name: &str) -> Vec<String> {
    let mut found: Vec<String> = too_long(name, 253).into_iter().collect();
    if !name.split('.').all(is_label) {
        found.push(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_owned(),
        );
    }
    found
}

/// Go: k8s.io/apimachinery validation `IsDNS1123Label`.
fn dns_1123_label(name: &str) -> Vec<String> {
    let mut found: Vec<String> = too_long(name, 63).into_iter().collect();
    if is_label(name) {
        return found;
    }
    found.push(if name.split('.').all(is_label) {
        "must not contain dots".to_owned()
    } else {
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
         with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            .to_owned()
    });
    found
}

/// Go: k8s.io/apimachinery validation `IsDNS1035Label`.
fn dns_1035_label(name: &str) -> Vec<String> {
    let mut found: Vec<String> = too_long(name, 63).into_iter().collect();
    if !is_label(name) || name.starts_with(|c: char| c.is_ascii_digit()) {
        found.push(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
             validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                .to_owned(),
        );
    }
    found
}

/// Go: k8s.io/apimachinery content `IsPathSegmentName`.
fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let bad = ["/", "%"].into_iter().filter(|bad| name.contains(bad));
    bad.map(|bad| format!("may not contain '{bad}'")).collect()
}
