//! What names, labels, ports, percentages and other short texts must look like: each function gives what is wrong with a
//! text, in the server's words, nothing where it is fine.
//!
//! Source: k8s.io/apimachinery `pkg/util/validation/validation.go`, `pkg/api/validate/content`.

const LABEL_FORM: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const DNS_LABEL_FORM: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN_FORM: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

/// The first minor that speaks of label keys, and counts bytes.
const LABEL_KEYS: u32 = 35;

/// Go: `RegexError`
pub fn mismatch(message: &str, form: &str, examples: &[&str]) -> String {
    if examples.is_empty() {
        return format!("{message} (regex used for validation is '{form}')");
    }
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{message} (e.g. {}regex used for validation is '{form}')", examples.join(" or "))
}

/// Go: `InclusiveRangeError`
pub fn between(low: i64, high: i64) -> String {
    format!("must be between {low} and {high}, inclusive")
}

fn too_long(most: usize) -> String {
    format!("must be no more than {most} characters")
}

fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether a text starts and ends as `edge` says, and is made of what `inner` says; all of it ASCII.
fn is_made_of(text: &str, edge: impl Fn(u8) -> bool, inner: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|first| edge(*first))
        && bytes.last().is_some_and(|last| edge(*last))
        && bytes.iter().all(|byte| inner(*byte))
}

fn is_lower(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    is_made_of(text, is_lower, |c| is_lower(c) || c == b'-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_label_part(text: &str) -> bool {
    let is_edge = |c: u8| c.is_ascii_alphanumeric();
    is_made_of(text, is_edge, |c| is_edge(c) || matches!(c, b'-' | b'_' | b'.'))
}

/// Go: `IsDNS1123Label`
pub fn dns_label(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(too_long(63));
    }
    if !is_label(text) {
        wrong.push(match is_subdomain(text) {
            true => "must not contain dots".to_owned(),
            false => mismatch(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
                 end with an alphanumeric character",
                DNS_LABEL_FORM,
                &["my-name", "123-abc"],
            ),
        });
    }
    wrong
}

/// Go: `IsDNS1123Subdomain`
pub fn dns_subdomain(text: &str) -> Vec<String> {
    subdomain(text, too_long)
}

fn subdomain(text: &str, too_long: impl Fn(usize) -> String) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(too_long(253));
    }
    if !is_subdomain(text) {
        wrong.push(mismatch(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start \
             and end with an alphanumeric character",
            DNS_SUBDOMAIN_FORM,
            &["example.com"],
        ));
    }
    wrong
}

/// Go: `IsDNS1123SubdomainCaseless`
pub fn dns_subdomain_caseless(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push("must be no more than 253 bytes".to_owned());
    }
    if !is_subdomain(&text.to_ascii_lowercase()) {
        wrong.push(mismatch(
            "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an \
             alphanumeric character",
            DNS_SUBDOMAIN_FORM,
            &["Example.com"],
        ));
    }
    wrong
}

/// Go: `IsDNS1123SubdomainWithUnderscore`
pub fn dns_subdomain_with_underscore(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(too_long(253));
    }
    let part = |text: &str| {
        let text = text.strip_prefix('_').unwrap_or(text);
        is_made_of(text, is_lower, |c| is_lower(c) || matches!(c, b'-' | b'_'))
    };
    if !text.split('.').all(part) {
        wrong.push(mismatch(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must \
             start and end with an alphanumeric character",
            "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*",
            &["example.com"],
        ));
    }
    wrong
}

/// Go: `IsDNS1035Label`
pub fn dns_1035_label(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(too_long(63));
    }
    if !is_label(text) || text.starts_with(|c: char| c.is_ascii_digit()) {
        wrong.push(mismatch(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character",
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            &["my-name", "abc-123"],
        ));
    }
    wrong
}

/// Go: `IsWildcardDNS1123Subdomain`
pub fn wildcard_subdomain(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(too_long(253));
    }
    if !text.strip_prefix("*.").is_some_and(is_subdomain) {
        wrong.push(mismatch(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of \
             lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            &format!("\\*\\.{DNS_SUBDOMAIN_FORM}"),
            &["*.example.com"],
        ));
    }
    wrong
}

/// Go: `IsQualifiedName`, which is `content.IsLabelKey` since 1.35.
pub fn qualified_name(text: &str, minor: u32) -> Vec<String> {
    const MESSAGE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
    let form = || mismatch(MESSAGE, LABEL_FORM, &["MyName", "my.name", "123-abc"]);
    let by_bytes = minor >= LABEL_KEYS;
    let long =
        |most: usize| if by_bytes { format!("must be no more than {most} bytes") } else { too_long(most) };
    let mut wrong = Vec::new();
    let name = match text.split_once('/') {
        None => text,
        Some((prefix, name)) if !name.contains('/') => {
            if prefix.is_empty() {
                wrong.push("prefix part must be non-empty".to_owned());
            } else {
                wrong.extend(subdomain(prefix, long).iter().map(|why| format!("prefix part {why}")));
            }
            name
        }
        _ => {
            let what = if by_bytes { "label key" } else { "qualified name" };
            return vec![format!(
                "a valid {what} {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
                form()
            )
            .replacen("a valid qualified name", "a qualified name", 1)];
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        wrong.push(format!("name part {}", long(63)));
    }
    if !is_label_part(name) {
        wrong.push(format!("name part {}", form()));
    }
    wrong
}

/// Go: `IsValidLabelValue`
pub fn label_value(text: &str, minor: u32) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 63 {
        wrong.push(match minor >= LABEL_KEYS {
            true => "must be no more than 63 bytes".to_owned(),
            false => too_long(63),
        });
    }
    if !text.is_empty() && !is_label_part(text) {
        wrong.push(mismatch(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start \
             and end with an alphanumeric character",
            &format!("({LABEL_FORM})?"),
            &["MyValue", "my_value", "12345"],
        ));
    }
    wrong
}

/// Go: `IsValidPortNum`
pub fn port_number(port: i64) -> Option<String> {
    (!(1..=65535).contains(&port)).then(|| between(1, 65535))
}

/// Go: `IsValidPortName`
pub fn port_name(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 15 {
        wrong.push(too_long(15));
    }
    let mut say = |words: &str| wrong.push(words.to_owned());
    if text.is_empty() || !text.bytes().all(|c| is_lower(c) || c == b'-') {
        say("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !text.contains(|c: char| c.is_ascii_lowercase()) {
        say("must contain at least one letter (a-z)");
    }
    if text.contains("--") {
        say("must not contain consecutive hyphens");
    }
    if text.starts_with('-') || text.ends_with('-') {
        say("must not begin or end with a hyphen");
    }
    wrong
}

/// Go: `IsValidPercent`
pub fn percent(text: &str) -> Option<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    let is_percent = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    (!is_percent).then(|| {
        mismatch(
            "a valid percent string must be a numeric string followed by an ending '%'",
            "[0-9]+%",
            &["1%", "93%"],
        )
    })
}

/// Go: `IsHTTPHeaderName`
pub fn header_name(text: &str) -> Option<String> {
    let is_header = !text.is_empty() && text.chars().all(|c| is_alphanumeric(c) || c == '-');
    (!is_header).then(|| {
        mismatch(
            "a valid HTTP header must consist of alphanumeric characters or '-'",
            "[-A-Za-z0-9]+",
            &["X-Header-Name"],
        )
    })
}

fn dots(text: &str) -> Option<String> {
    let words = match text {
        "." => "must not be '.'",
        ".." => "must not be '..'",
        _ if text.starts_with("..") => "must not start with '..'",
        _ => return None,
    };
    Some(words.to_owned())
}

/// Go: `IsEnvVarName`
pub fn environment_name(text: &str) -> Vec<String> {
    let inner = |c: char| is_alphanumeric(c) || matches!(c, '-' | '.' | '_');
    let mut wrong = Vec::new();
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(inner) {
        wrong.push(mismatch(
            "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must \
             not start with a digit",
            "[-._a-zA-Z][-._a-zA-Z0-9]*",
            &["my.env-name", "MY_ENV.NAME", "MyEnvName1"],
        ));
    }
    wrong.extend(dots(text));
    wrong
}

/// Go: `IsRelaxedEnvVarName`
pub fn relaxed_environment_name(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.is_empty() {
        wrong.push("environment variable name must be non-empty".to_owned());
    }
    if text.chars().any(|c| !(' '..='~').contains(&c) || c == '=') {
        wrong.push(
            "a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned(),
        );
    }
    wrong
}

/// Go: `IsConfigMapKey`
pub fn config_key(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if text.len() > 253 {
        wrong.push(too_long(253));
    }
    if text.is_empty() || !text.chars().all(|c| is_alphanumeric(c) || matches!(c, '-' | '.' | '_')) {
        wrong.push(mismatch(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "[-._a-zA-Z0-9]+",
            &["key.name", "KEY_NAME", "key-name"],
        ));
    }
    wrong.extend(dots(text));
    wrong
}

/// Go: `IsCIdentifier`
pub fn c_identifier(text: &str) -> Vec<String> {
    let is_word = |c: char| is_alphanumeric(c) || c == '_';
    let is_identifier =
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_word);
    let wrong = (!is_identifier).then(|| {
        mismatch(
            "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric \
             characters or '_'",
            "[A-Za-z_][A-Za-z0-9_]*",
            &["my_name", "MY_NAME", "MyName"],
        )
    });
    wrong.into_iter().collect()
}

/// Go: `validation.IsValidPathSegmentName`
pub fn path_segment(text: &str) -> Vec<String> {
    if text == "." || text == ".." {
        return vec![format!("may not be '{text}'")];
    }
    let contains = |what| text.contains(what).then(|| format!("may not contain '{what}'"));
    [contains("/"), contains("%")].into_iter().flatten().collect()
}

/// Go: `IsValidUserID` and `IsValidGroupID`
pub fn user_id(id: i64) -> Option<String> {
    const HIGHEST: i64 = i32::MAX as i64;
    (!(0..=HIGHEST).contains(&id)).then(|| between(0, HIGHEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_names_apart() {
        for good in ["a", "a-b", "0", "a.b-c.d"] {
            assert!(dns_subdomain(good).is_empty(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a..b", "a_b", "é"] {
            assert_eq!(dns_subdomain(bad).len(), 1, "{bad}");
            assert_eq!(dns_label(bad).len(), 1, "{bad}");
        }
        assert_eq!(dns_label("a.b"), ["must not contain dots"]);
        assert!(qualified_name("example.com/a.B_c", 37).is_empty());
        assert_eq!(qualified_name("/x", 37), ["prefix part must be non-empty"]);
        assert!(qualified_name("a/b/c", 31)[0].starts_with("a qualified name must consist"));
        assert!(qualified_name("a/b/c", 37)[0].starts_with("a valid label key must consist"));
        assert_eq!(qualified_name("", 37).len(), 2);
        assert!(label_value("", 37).is_empty());
        assert_eq!(port_name("").len(), 2);
        assert_eq!(port_name("80"), ["must contain at least one letter (a-z)"]);
        assert!(percent("5%").is_none() && percent("%").is_some() && percent("5").is_some());
        assert!(wildcard_subdomain("*.a.b").is_empty() && !wildcard_subdomain("*.*.b").is_empty());
    }
}
