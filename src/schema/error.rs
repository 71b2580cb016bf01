//! Why a schema cannot be used. The texts are those of jsonschema's error types.

use std::fmt::{self, Display, Formatter};

use crate::go::strconv::quote;

/// What is wrong with a schema.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are Go's")]
pub enum Error {
    ParseUrl(String, String),
    InvalidPointer(String),
    PointerNotFound(String),
    AnchorNotFound {
        url: String,
        reference: String,
    },
    ParseId(String),
    ParseAnchor(String),
    DuplicateId {
        id: String,
        url: String,
        first: String,
        second: String,
    },
    DuplicateAnchor {
        anchor: String,
        url: String,
        first: String,
        second: String,
    },
    UnsupportedDraft(String),
    MetaSchemaCycle(String),
    InvalidMetaSchemaUrl(String, String),
    UnsupportedVocabulary {
        vocabulary: String,
        url: String,
    },
    InvalidRegex {
        regex: String,
        url: String,
        why: String,
    },
    Load {
        url: String,
        why: String,
    },
    /// Our own: a schema on another server, which is not asked without being allowed to.
    Remote {
        url: String,
        wanted_by: String,
    },
    /// The document is no valid schema: the report of the metaschema.
    NotValid {
        url: String,
        report: String,
    },
    /// Text as it is.
    Plain(String),
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::ParseUrl(url, why) => write!(f, "error in parsing {}: {why}", quote(url)),
            Error::InvalidPointer(url) => write!(f, "invalid json-pointer {}", quote(url)),
            Error::PointerNotFound(url) => write!(f, "json-pointer in {} not found", quote(url)),
            Error::AnchorNotFound { url, reference } => {
                write!(f, "anchor in {} not found in schema {}", quote(reference), quote(url))
            }
            Error::ParseId(url) => write!(f, "error in parsing id at {}", quote(url)),
            Error::ParseAnchor(url) => write!(f, "error in parsing anchor at {}", quote(url)),
            Error::DuplicateId { id, url, first, second } => duplicate(f, "id", id, url, (first, second)),
            Error::DuplicateAnchor { anchor, url, first, second } => {
                duplicate(f, "anchor", anchor, url, (first, second))
            }
            Error::UnsupportedDraft(url) => write!(f, "draft {} is not supported", quote(url)),
            Error::MetaSchemaCycle(url) => write!(f, "cycle in resolving $schema in {}", quote(url)),
            Error::InvalidMetaSchemaUrl(url, why) => write!(f, "invalid $schema in {}: {why}", quote(url)),
            Error::UnsupportedVocabulary { vocabulary, url } => {
                write!(f, "unsupported vocabulary {} in {}", quote(vocabulary), quote(url))
            }
            Error::InvalidRegex { regex, url, why } => {
                write!(f, "invalid regex {} at {}: {why}", quote(regex), quote(url))
            }
            Error::Load { url, why } => write!(f, "failing loading {}: {why}", quote(url)),
            Error::Remote { url, wanted_by } => write!(
                f,
                "failing loading {}: values.schema.json has {wanted_by}, and remote schemas are not fetched: bundle it \
                 ({}), or let it be fetched with --allow-remote-schemas",
                quote(url),
                match wanted_by.starts_with("\"$schema\"") {
                    true => "name the published draft that it extends",
                    false => {
                        "copy that schema into values.schema.json below \"$defs\", \"definitions\" before draft \
                         2019-09, and refer to it as \"#/$defs/NAME\""
                    }
                }
            ),
            Error::NotValid { url, report } => {
                write!(f, "{} is not valid against metaschema: {report}", quote(url))
            }
            Error::Plain(text) => f.write_str(text),
        }
    }
}

fn duplicate(
    f: &mut Formatter<'_>,
    what: &str,
    name: &str,
    url: &str,
    (first, second): (&str, &str),
) -> fmt::Result {
    write!(f, "duplicate {what} {} in {} at {} and {}", quote(name), quote(url), quote(first), quote(second))
}
