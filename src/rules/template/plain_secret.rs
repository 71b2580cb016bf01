use memchr::memmem;

use crate::policy::{Check, Level, Levels, Object, Release, Reporter, Role, declare_rule};
use crate::yaml::{Data, Node};

use super::scalars::Place;

declare_rule! {
    /// Passwords, tokens and keys should stand in Secrets.
    ///
    /// ## Why
    /// What stands in a ConfigMap, an environment variable or an annotation is read by everybody who may look at the object, and is
    /// kept in logs and backups. Told are variables and keys that are called so, with a plain value, and texts in the form of well-known
    /// tokens. The value itself is not shown.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   db-password: hunter2
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: settings
    /// stringData:
    ///   db-password: hunter2
    /// ```
    ///
    /// ## Fix
    /// Put it into a Secret, and read it with `secretKeyRef`.
    "TPL116" "plain-secret" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: anybody who may read the object reads it"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for (_, object) in
        release.asked().filter(|(_, object)| object.id.kind != "Secret" && !object.id.kind.is_empty())
    {
        if object.document.role != Role::Crd {
            walk(object, object.node, &Place::ROOT, r);
        }
    }
}

fn walk(object: &Object<'_>, node: &Node, place: &Place<'_>, r: &mut Reporter<'_>) {
    match &node.data {
        Data::Map(entries) => {
            let variable = node.get("name").and_then(Node::as_str).zip(node.get("value"));
            if let Some((name, _)) = variable.filter(|(name, value)| is_secret(name, value)) {
                r.report_on(object, place.key("value").path(), format!("`{name}` is a secret in plain text"))
                    .unshown();
                return;
            }
            let is_data = object.id.kind == "ConfigMap" && place.is_field("data");
            for entry in entries {
                let below = place.key(&entry.key);
                let is_secret = is_data && is_secret(&entry.key, &entry.value);
                if is_secret {
                    r.report_on(object, below.path(), format!("`{}` is a secret in plain text", entry.key))
                        .unshown();
                } else {
                    walk(object, &entry.value, &below, r);
                }
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(object, item, &place.item(items, at), r);
            }
        }
        Data::String(text) => {
            if let Some(what) = token(text) {
                r.report_on(object, place.path(), format!("the text holds {what} in plain text")).unshown();
            }
        }
        _ => {}
    }
}

/// What the names of passwords end with, and those of what is a secret only if it looks as if made by chance.
const PASSWORDS: [&str; 3] = ["password", "passwd", "passphrase"];
const KEYS: [&str; 8] =
    ["secret", "token", "apikey", "api_key", "access_key", "secret_key", "private_key", "credentials"];

/// Whether a value of that name is a secret in plain text.
fn is_secret(name: &str, value: &Node) -> bool {
    let Some(text) = value.as_str().filter(|text| is_plain(text)) else { return false };
    let name = name.to_lowercase().replace(['-', '.'], "_");
    let ends = |ends: &[&str]| {
        let before = ends.iter().filter_map(|end| name.strip_suffix(end));
        before.into_iter().any(|before| before.is_empty() || before.ends_with('_'))
    };
    ends(&PASSWORDS) || ends(&KEYS) && is_made_by_chance(text)
}

/// Whether a text may be a secret itself, and not where one is, or whether there is to be one.
fn is_plain(text: &str) -> bool {
    const SWITCHES: [&str; 8] = ["yes", "no", "true", "false", "none", "null", "on", "off"];
    let is_elsewhere = text.starts_with(['/', '$', '<', '{']) || text.contains("://") || text.contains("{{");
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_switch = SWITCHES.iter().any(|word| text.eq_ignore_ascii_case(word));
    !text.trim().is_empty()
        && !text.contains(char::is_whitespace)
        && !is_elsewhere
        && !is_number
        && !is_switch
}

/// Whether a text is no word that somebody chose.
fn is_made_by_chance(text: &str) -> bool {
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    text.len() >= 16
        && count(u8::is_ascii_digit) >= 4
        && count(u8::is_ascii_alphabetic) >= 4
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte))
}

/// What well-known tokens begin with, how long they are at least, and what they are.
const TOKENS: [(&str, usize, &str); 13] = [
    ("AKIA", 20, "an access key of AWS"),
    ("ghp_", 40, "a token of GitHub"),
    ("gho_", 40, "a token of GitHub"),
    ("ghs_", 40, "a token of GitHub"),
    ("github_pat_", 60, "a token of GitHub"),
    ("glpat-", 26, "a token of GitLab"),
    ("xoxb-", 30, "a token of Slack"),
    ("xoxp-", 30, "a token of Slack"),
    ("sk_live_", 24, "a key of Stripe"),
    ("AIza", 39, "a key of Google"),
    ("nvapi-", 40, "a key of NVIDIA"),
    ("hf_", 30, "a token of Hugging Face"),
    ("eyJhbGciOi", 60, "a JSON web token"),
];

/// How long the shortest of them is.
const SHORTEST: usize = 20;

/// What well-known token a text holds.
fn token(text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    let holds = |part: &str| memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    if holds("PRIVATE KEY-----") && holds("-----BEGIN ") {
        return Some("a private key");
    }
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let words = text.as_bytes().split(|byte| !is_part(*byte));
    words.filter(|word| word.len() >= SHORTEST).find_map(|word| {
        let is = |start: &str, least: usize| word.starts_with(start.as_bytes()) && word.len() >= least;
        let known = TOKENS.iter().find(|(start, least, _)| is(start, *least));
        known.filter(|_| word.iter().any(u8::is_ascii_digit)).map(|(_, _, what)| *what)
    })
}
