//! The user's values: files and expressions, in Helm's fixed order. Helm: pkg/cli/values/options.go.

use std::rc::Rc;

use super::strvals::{Mode, parse_into};
use super::{Error, ErrorKind};
use crate::budget;
use crate::chart::{lay_over, load_values};
use crate::diagnostic::Layer;
use crate::go::{raw, runes};
use crate::helm::HelmVersion;
use crate::value::{Map, Value};
use crate::yaml::json;

/// What the user gave on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `-f`, `--values`, comma lists split (see [`split_list`]).
    pub files: Vec<String>,
    /// `--set-json`
    pub set_json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub set_string: Vec<String>,
    /// `--set-file`
    pub set_file: Vec<String>,
    /// `--set-literal`
    pub set_literal: Vec<String>,
    /// As which Helm files are read.
    pub helm: HelmVersion,
}

/// Reads a file, standard input (`-`) or a URL that the user named; the error is Go's text.
pub type Read<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<u8>, String>;

/// The user's values.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// All of them, merged.
    pub values: Map,
    /// One by one, lowest first, for [`super::Layers`].
    pub layers: Vec<UserLayer>,
    /// As which Helm the files among them are read.
    pub helm: HelmVersion,
}

/// One of the user's layers.
#[derive(Clone, Debug)]
pub struct UserLayer {
    /// What it is.
    pub layer: Layer,
    /// What it says.
    pub content: Content,
}

/// What a layer says.
#[derive(Clone, Debug)]
pub enum Content {
    /// The text of a values file.
    File(Rc<[u8]>),
    /// The object of `--set-json`.
    Object(Map),
    /// An expression, with the files that it names in their order.
    Expression {
        /// What follows the flag.
        text: String,
        /// Its language.
        language: Language,
        /// What `--set-file` reads.
        files: Vec<Vec<u8>>,
    },
}

/// The languages of the `--set` family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `--set`
    Typed,
    /// `--set-string`
    String,
    /// `--set-json`
    Json,
    /// `--set-file`
    File,
    /// `--set-literal`
    Literal,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 5] =
        [Language::Typed, Language::String, Language::Json, Language::File, Language::Literal];

    /// The flag.
    pub fn flag(self) -> &'static str {
        match self {
            Language::Typed => "--set",
            Language::String => "--set-string",
            Language::Json => "--set-json",
            Language::File => "--set-file",
            Language::Literal => "--set-literal",
        }
    }

    /// How expressions of it are parsed, with what reads the files that they name.
    pub(super) fn mode(self, read: Read<'_>) -> Mode<'_> {
        match self {
            Language::Typed => Mode::Typed,
            Language::String => Mode::String,
            Language::Json => Mode::Json,
            Language::File => Mode::File(read),
            Language::Literal => Mode::Literal,
        }
    }
}

impl User {
    /// The values that layers make which were read before. An expression that does not fit what is below it is an error.
    pub fn of_layers(layers: Vec<UserLayer>, helm: HelmVersion) -> Result<User, Error> {
        let values = Map::new();
        for UserLayer { content, .. } in &layers {
            match content {
                Content::File(text) => {
                    let more = load_values(text, helm)
                        .map_err(|error| Error::new(ErrorKind::Yaml, error.to_string()))?;
                    lay_over(&values, &more, &|_, over| over);
                }
                Content::Object(map) => lay_over(&values, map, &|_, over| over),
                Content::Expression { text, language, files } => {
                    let mut files = files.iter().cloned();
                    let mut read = |_: &str| Ok(files.next().unwrap_or_default());
                    parse_into(text, language.mode(&mut read), &values).map_err(|error| {
                        let message = format!("failed parsing {} data: {error}", language.flag());
                        Error::new(ErrorKind::Expression, message)
                    })?;
                }
            }
        }
        Ok(User { values, layers, helm })
    }

    /// The same layers with other texts for those files that `text_of` knows, and a file above the others.
    ///
    /// # Errors
    /// A text that is no YAML, or an expression that does not fit what it is laid over.
    pub fn again(
        &self,
        text_of: &dyn Fn(&str) -> Option<Rc<[u8]>>,
        above: Option<(&str, Rc<[u8]>)>,
    ) -> Result<User, Error> {
        let mut layers = self.layers.clone();
        for UserLayer { layer, content } in &mut layers {
            if let (Content::File(text), Some(name)) = (content, layer.file()) {
                *text = text_of(name).unwrap_or_else(|| Rc::clone(text));
            }
        }
        if let Some((name, text)) = above {
            let is_file = |layer: &&UserLayer| matches!(layer.content, Content::File(_));
            let layer = UserLayer { layer: Layer::File(name.to_owned()), content: Content::File(text) };
            layers.insert(layers.iter().take_while(is_file).count(), layer);
        }
        User::of_layers(layers, self.helm)
    }

    /// The text of the file of that name, where it is one of the layers.
    pub fn text_of(&self, name: &str) -> Option<&[u8]> {
        self.layers.iter().find_map(|UserLayer { layer, content }| match content {
            Content::File(text) if layer.file() == Some(name) => Some(&**text),
            _ => None,
        })
    }

    fn push(&mut self, language: Language, text: &str, content: Content) {
        let layer = Layer::Expression { flag: language.flag(), text: text.to_owned() };
        self.layers.push(UserLayer { layer, content });
    }
}

/// Reads and merges the user's values. Helm: `Options.MergeValues`.
pub fn read(sources: &Sources, read: Read<'_>) -> Result<User, Error> {
    let mut user = User { helm: sources.helm, ..User::default() };
    for name in &sources.files {
        let text = read(name).map_err(|message| Error::new(ErrorKind::Io, message).in_file(name, None))?;
        budget::make(text.len())
            .map_err(|over| Error::new(ErrorKind::Io, over.to_string()).in_file(name, None))?;
        let values = load_values(&text, sources.helm).map_err(|error| {
            let message = format!("failed to parse {name}: {error}");
            let text = error.text;
            Error { text, ..Error::new(ErrorKind::Yaml, message).in_file(name, error.line) }
        })?;
        lay_over(&user.values, &values, &|_, over| over);
        let layer = Layer::File(name.clone());
        user.layers.push(UserLayer { layer, content: Content::File(text.into()) });
    }
    for expression in &sources.set_json {
        set_json(&mut user, expression)?;
    }
    let expressions = [
        (Language::Typed, &sources.set),
        (Language::String, &sources.set_string),
        (Language::File, &sources.set_file),
        (Language::Literal, &sources.set_literal),
    ];
    for (language, expressions) in expressions {
        for expression in expressions {
            set(&mut user, language, expression, read)?;
        }
    }
    Ok(user)
}

/// `--set-json`: an object, or assignments of JSON values. Helm shows no more of an error than the expression.
fn set_json(user: &mut User, expression: &str) -> Result<(), Error> {
    let given = expression;
    let expression = &*String::from(runes::to_valid(&raw::bytes(given)));
    let trimmed = expression.trim();
    if !trimmed.starts_with('{') {
        let set = set(user, Language::Json, expression, &mut |_| Ok(Vec::new()));
        let message = || format!("failed parsing --set-json data {given}");
        return set.map_err(|_| Error::new(ErrorKind::Expression, message()));
    }
    let Ok(Value::Map(map)) = json::from_json(trimmed.as_bytes()) else {
        let message = format!("failed parsing --set-json data JSON: {given}");
        return Err(Error::new(ErrorKind::Expression, message));
    };
    lay_over(&user.values, &map, &|_, over| over);
    user.push(Language::Json, expression, Content::Object(map));
    Ok(())
}

fn set(user: &mut User, language: Language, expression: &str, read: Read<'_>) -> Result<(), Error> {
    let mut files = Vec::new();
    let mut keep = |name: &str| {
        let content = read(name)?;
        files.push(content.clone());
        Ok(content)
    };
    parse_into(expression, language.mode(&mut keep), &user.values).map_err(|error| {
        let message = format!("failed parsing {} data: {error}", language.flag());
        Error::new(ErrorKind::Expression, message)
    })?;
    let text = expression.to_owned();
    user.push(language, expression, Content::Expression { text, language, files });
    Ok(())
}

/// Splits an argument of `-f` at its commas, as pflag's `StringSlice` does with encoding/csv; the error is pflag's text.
pub fn split_list(argument: &str) -> Result<Vec<String>, String> {
    if argument.is_empty() {
        return Ok(Vec::new());
    }
    // Only the first record counts.
    let line = argument.split('\n').next().unwrap_or_default();
    if !argument.contains('"') {
        return Ok(line.strip_suffix('\r').unwrap_or(line).split(',').map(str::to_owned).collect());
    }
    csv_record(argument)
}

/// The first record of a CSV text. Go: encoding/csv `readRecord`.
fn csv_record(text: &str) -> Result<Vec<String>, String> {
    let fault = |at: usize, what: &str| {
        let column = at + 1;
        Err(format!("parse error on line 1, column {column}: {what}"))
    };
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let Some(quoted) = rest.strip_prefix('"') else {
            let end = rest.find([',', '\n']).unwrap_or(rest.len());
            if let Some(quote) = rest[..end].find('"') {
                return fault(at + quote, "bare \" in non-quoted-field");
            }
            fields.push(rest[..end].to_owned());
            at += end + 1;
            if rest.as_bytes().get(end) == Some(&b',') {
                continue;
            }
            return Ok(fields);
        };
        let mut field = String::new();
        let mut inside = quoted;
        loop {
            let Some(quote) = inside.find('"') else {
                return fault(text.len(), "extraneous or missing \" in quoted-field");
            };
            field.push_str(&inside[..quote]);
            inside = &inside[quote + 1..];
            let Some(after) = inside.strip_prefix('"') else { break };
            field.push('"');
            inside = after;
        }
        fields.push(field);
        at = text.len() - inside.len();
        match inside.as_bytes().first() {
            Some(b',') => at += 1,
            None | Some(b'\n') => return Ok(fields),
            Some(_) => return fault(at - 1, "extraneous or missing \" in quoted-field"),
        }
    }
}
