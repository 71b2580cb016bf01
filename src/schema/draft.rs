//! The drafts of JSON Schema: where each keeps ids and subschemas, its vocabularies, its metaschemas.
//! Go: jsonschema draft.go. The metaschemas in `metaschemas/` are those that json-schema.org publishes.

use super::address::{append, split};
use super::document::{Json, Object};
use super::error::Error;

/// A version of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft2019,
    Draft2020,
}

/// The draft of a schema that names none.
pub const LATEST: Draft = Draft::Draft2020;

/// Where the subschemas of a keyword are.
enum At {
    /// The value itself.
    Value,
    /// Each item of the value.
    Items,
    /// Each value in the value.
    Values,
}

/// The keywords with subschemas, and the draft that brought them.
const SUBSCHEMAS: [(Draft, &str, At); 23] = [
    (Draft::Draft4, "definitions", At::Values),
    (Draft::Draft4, "not", At::Value),
    (Draft::Draft4, "allOf", At::Items),
    (Draft::Draft4, "anyOf", At::Items),
    (Draft::Draft4, "oneOf", At::Items),
    (Draft::Draft4, "properties", At::Values),
    (Draft::Draft4, "additionalProperties", At::Value),
    (Draft::Draft4, "patternProperties", At::Values),
    (Draft::Draft4, "items", At::Value),
    (Draft::Draft4, "items", At::Items),
    (Draft::Draft4, "additionalItems", At::Value),
    (Draft::Draft4, "dependencies", At::Values),
    (Draft::Draft6, "propertyNames", At::Value),
    (Draft::Draft6, "contains", At::Value),
    (Draft::Draft7, "if", At::Value),
    (Draft::Draft7, "then", At::Value),
    (Draft::Draft7, "else", At::Value),
    (Draft::Draft2019, "$defs", At::Values),
    (Draft::Draft2019, "dependentSchemas", At::Values),
    (Draft::Draft2019, "unevaluatedProperties", At::Value),
    (Draft::Draft2019, "unevaluatedItems", At::Value),
    (Draft::Draft2019, "contentSchema", At::Value),
    (Draft::Draft2020, "prefixItems", At::Items),
];

/// What a document's metaschema says that its keywords mean. Go: draft.go `dialect`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// The draft.
    pub draft: Draft,
    /// The vocabularies; `None` for those of the draft.
    pub vocabularies: Option<Vec<&'static str>>,
}

impl Dialect {
    /// What the draft itself says.
    pub fn plain(draft: Draft) -> Dialect {
        Dialect { draft, vocabularies: None }
    }

    /// Whether the keywords of a vocabulary mean anything. Go: `dialect.hasVocab`.
    pub fn has(&self, vocabulary: &str) -> bool {
        if vocabulary == "core" || self.draft < Draft::Draft2019 {
            return true;
        }
        match &self.vocabularies {
            Some(own) => own.contains(&vocabulary),
            None => self.draft.default_vocabularies().contains(&vocabulary),
        }
    }
}

impl Draft {
    /// The draft of that `$schema`. Go: `draftFromURL`.
    pub fn from_url(url: &str) -> Option<Draft> {
        let (url, fragment) = split(url);
        if !fragment.is_empty() {
            return None;
        }
        let path = url.strip_prefix("http://").or(url.strip_prefix("https://")).unwrap_or(url);
        Some(match path {
            "json-schema.org/schema" => LATEST,
            "json-schema.org/draft/2020-12/schema" => Draft::Draft2020,
            "json-schema.org/draft/2019-09/schema" => Draft::Draft2019,
            "json-schema.org/draft-07/schema" => Draft::Draft7,
            "json-schema.org/draft-06/schema" => Draft::Draft6,
            "json-schema.org/draft-04/schema" => Draft::Draft4,
            _ => return None,
        })
    }

    /// The URL of its metaschema.
    pub fn url(self) -> &'static str {
        match self {
            Draft::Draft4 => "http://json-schema.org/draft-04/schema",
            Draft::Draft6 => "http://json-schema.org/draft-06/schema",
            Draft::Draft7 => "http://json-schema.org/draft-07/schema",
            Draft::Draft2019 => "https://json-schema.org/draft/2019-09/schema",
            Draft::Draft2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword that holds the id.
    pub fn id_keyword(self) -> &'static str {
        if self == Draft::Draft4 { "id" } else { "$id" }
    }

    /// The id of a schema, without its fragment. Go: `Draft.getID`.
    pub fn id(self, schema: &Object) -> Option<&str> {
        if self < Draft::Draft2019 && schema.contains("$ref") {
            return None;
        }
        let (id, _) = split(schema.string(self.id_keyword())?);
        (!id.is_empty()).then_some(id)
    }

    /// The subschemas of a schema with their pointers. Go: position.go `SchemaPath.collect`.
    pub fn subschemas<'a>(self, schema: &'a Object, pointer: &str) -> Vec<(String, &'a Json)> {
        let mut found = Vec::new();
        for (since, keyword, at) in &SUBSCHEMAS {
            let Some(value) = schema.get(keyword).filter(|_| *since <= self) else { continue };
            let pointer = append(pointer, keyword);
            match (at, value) {
                (At::Value, value) => found.push((pointer, value)),
                (At::Items, Json::Array(items)) => {
                    let items = items.iter().enumerate();
                    found.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
                }
                (At::Values, Json::Object(object)) => {
                    found.extend(object.iter().map(|(key, value)| (append(&pointer, key.to_str()), value)));
                }
                _ => {}
            }
        }
        found
    }

    /// What its vocabularies' URLs begin with.
    fn vocabulary_prefix(self) -> &'static str {
        match self {
            Draft::Draft2019 => "https://json-schema.org/draft/2019-09/vocab/",
            Draft::Draft2020 => "https://json-schema.org/draft/2020-12/vocab/",
            _ => "",
        }
    }

    /// Its vocabularies, each with a metaschema.
    fn all_vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::Draft2019 => &["core", "applicator", "validation", "meta-data", "format", "content"],
            Draft::Draft2020 => &[
                "core",
                "applicator",
                "unevaluated",
                "validation",
                "meta-data",
                "format-annotation",
                "format-assertion",
                "content",
            ],
            _ => &[],
        }
    }

    fn default_vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::Draft2019 => &["core", "applicator", "validation"],
            Draft::Draft2020 => &["core", "applicator", "unevaluated", "validation"],
            _ => &[],
        }
    }

    /// The vocabularies that a metaschema asks for; `None` where it does not say. Go: `Draft.getVocabs`.
    pub fn vocabularies(self, url: &str, document: &Json) -> Result<Option<Vec<&'static str>>, Error> {
        let wanted = document.as_object().filter(|_| self >= Draft::Draft2019);
        let Some(wanted) = wanted.and_then(|it| it.get("$vocabulary")).and_then(Json::as_object) else {
            return Ok(None);
        };
        let mut found = Vec::new();
        for (vocabulary, required) in wanted.iter() {
            if !matches!(required, Json::Bool(true)) {
                continue;
            }
            let vocabulary = vocabulary.to_str();
            let name = vocabulary.strip_prefix(self.vocabulary_prefix());
            match self.all_vocabularies().iter().find(|known| Some(**known) == name) {
                Some(known) => found.push(*known),
                None => {
                    return Err(Error::UnsupportedVocabulary {
                        vocabulary: vocabulary.into_owned(),
                        url: url.to_owned(),
                    });
                }
            }
        }
        if !found.contains(&"core") {
            found.push("core");
        }
        Ok(Some(found))
    }

    /// The URL of the metaschema of one of its vocabularies.
    pub fn vocabulary_url(self, vocabulary: &str) -> String {
        format!("{}meta/{vocabulary}", self.url().trim_end_matches("schema"))
    }
}

/// The text of a metaschema. Go: loader.go `openMeta`.
pub fn metaschema(url: &str) -> Option<&'static str> {
    let path = url.strip_prefix("http://json-schema.org/").or(url.strip_prefix("https://json-schema.org/"))?;
    Some(match path {
        "schema" => return metaschema(LATEST.url()),
        "draft-04/schema" => include_str!("metaschemas/draft-04/schema.json"),
        "draft-06/schema" => include_str!("metaschemas/draft-06/schema.json"),
        "draft-07/schema" => include_str!("metaschemas/draft-07/schema.json"),
        "draft/2019-09/schema" => include_str!("metaschemas/draft/2019-09/schema.json"),
        "draft/2019-09/meta/core" => include_str!("metaschemas/draft/2019-09/meta/core.json"),
        "draft/2019-09/meta/applicator" => include_str!("metaschemas/draft/2019-09/meta/applicator.json"),
        "draft/2019-09/meta/validation" => include_str!("metaschemas/draft/2019-09/meta/validation.json"),
        "draft/2019-09/meta/meta-data" => include_str!("metaschemas/draft/2019-09/meta/meta-data.json"),
        "draft/2019-09/meta/format" => include_str!("metaschemas/draft/2019-09/meta/format.json"),
        "draft/2019-09/meta/content" => include_str!("metaschemas/draft/2019-09/meta/content.json"),
        "draft/2020-12/schema" => include_str!("metaschemas/draft/2020-12/schema.json"),
        "draft/2020-12/meta/core" => include_str!("metaschemas/draft/2020-12/meta/core.json"),
        "draft/2020-12/meta/applicator" => include_str!("metaschemas/draft/2020-12/meta/applicator.json"),
        "draft/2020-12/meta/unevaluated" => include_str!("metaschemas/draft/2020-12/meta/unevaluated.json"),
        "draft/2020-12/meta/validation" => include_str!("metaschemas/draft/2020-12/meta/validation.json"),
        "draft/2020-12/meta/meta-data" => include_str!("metaschemas/draft/2020-12/meta/meta-data.json"),
        "draft/2020-12/meta/format-annotation" => {
            include_str!("metaschemas/draft/2020-12/meta/format-annotation.json")
        }
        "draft/2020-12/meta/format-assertion" => {
            include_str!("metaschemas/draft/2020-12/meta/format-assertion.json")
        }
        "draft/2020-12/meta/content" => include_str!("metaschemas/draft/2020-12/meta/content.json"),
        _ => return None,
    })
}
