//! The documents that schemas refer to, each loaded once: the chart's schema, metaschemas, files, other servers.
//! Go: jsonschema loader.go, Helm's `SchemeURLLoader` with its loaders.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use super::address::{Place, parse, split};
use super::document::Json;
use super::draft::{Draft, metaschema};
use super::error::Error;
use crate::go::os::PathError;
use crate::go::slog;
use crate::go::strconv::quote;
use crate::{files, outside};

/// The documents loaded so far.
pub struct Loader {
    options: Options,
    /// Where the chart lies, as the system knows it.
    folder: Option<PathBuf>,
    documents: FxHashMap<Rc<str>, Rc<Json>>,
    /// What the document that is loaded now is wanted by, as the keyword is written.
    pub wanted_by: String,
    /// What Helm would log.
    pub warnings: Vec<slog::Line>,
}

impl Loader {
    /// A loader that knows the metaschemas.
    pub fn new(options: Options, folder: Option<&Path>) -> Loader {
        let folder = folder.and_then(|folder| folder.canonicalize().ok());
        Loader {
            options,
            folder,
            documents: FxHashMap::default(),
            wanted_by: String::new(),
            warnings: Vec::new(),
        }
    }

    /// Adds a document. Go: `defaultLoader.add`.
    pub fn add(&mut self, url: &str, document: Json) {
        self.documents.insert(url.into(), Rc::new(document));
    }

    /// The document of that URL. Go: `defaultLoader.load`.
    pub fn load(&mut self, url: &Rc<str>) -> Result<Rc<Json>, Error> {
        if let Some(known) = self.documents.get(url) {
            return Ok(known.clone());
        }
        let document = match metaschema(url) {
            Some(text) => Json::read(text.as_bytes()).map_err(Error::Plain)?,
            None => self.fetch(url)?,
        };
        let document = Rc::new(document);
        self.documents.insert(url.clone(), document.clone());
        Ok(document)
    }

    /// Helm: `SchemeURLLoader.Load`.
    fn fetch(&mut self, url: &Rc<str>) -> Result<Json, Error> {
        let fail = |why: String| Error::Load { url: url.to_string(), why };
        let parsed = parse(url).map_err(fail)?;
        // What is there, or not, is no part of the chart as it was loaded.
        outside::touch();
        match parsed.scheme.as_slice() {
            b"urn" => {
                // Helm takes a name that nobody resolves for a schema that everything fits.
                let message = "unresolved URN reference ignored; using permissive schema";
                self.warnings.push(slog::Line::warn(message, &[("urn", url)]));
                Ok(Json::Bool(true))
            }
            b"file" => self.read_file(&String::from_utf8_lossy(&parsed.path)).map_err(fail),
            b"http" | b"https" => match self.options.fetch {
                Some(fetch) => fetch(url).and_then(|text| Json::read(&text)).map_err(fail),
                None => Err(Error::Remote {
                    url: url.to_string(),
                    wanted_by: std::mem::take(&mut self.wanted_by),
                }),
            },
            _ => {
                let url = String::from_utf8_lossy(&parsed.print()).into_owned();
                Err(fail(format!("no URLLoader registered for {}", quote(url))))
            }
        }
    }

    /// The schema in a file of the chart; no other is opened.
    fn read_file(&self, path: &str) -> Result<Json, String> {
        let path = Path::new(path);
        let failed = |operation, error: &io::Error| PathError::new(operation, path, error).to_string();
        let real = path.canonicalize().map_err(|error| failed("open", &error))?;
        if real.is_dir() {
            return Err(failed("read", &ErrorKind::IsADirectory.into()));
        }
        let own = |folder: &&PathBuf| real.starts_with(folder) && path.starts_with(folder);
        let real = self.folder.as_ref().filter(own).map(|_| real.as_path());
        let real = real.ok_or_else(|| {
            format!("{} lies outside of the chart, whose schemas read nothing there", path.display())
        })?;
        let text = files::read(real).map_err(|error| failed("open", &error))?;
        Json::read(&text)
    }

    /// The draft that `$schema` leads to. Go: `defaultLoader.getDraft`.
    pub fn draft(&mut self, place: &Place, document: &Json, fallback: Draft) -> Result<Draft, Error> {
        let mut seen = FxHashSet::default();
        let mut place = place.clone();
        let mut metaschema: Option<Rc<Json>> = None;
        loop {
            let document = metaschema.as_deref().unwrap_or(document);
            let Some(schema) = document.as_object().and_then(|it| it.string("$schema")) else {
                return Ok(fallback);
            };
            if let Some(draft) = Draft::from_url(schema) {
                return Ok(draft);
            }
            let (url, _) = split(schema);
            parse(url).map_err(|why| Error::InvalidMetaSchemaUrl(place.to_string(), why))?;
            if place.pointer.is_empty() && url == &*place.url {
                return Err(Error::UnsupportedDraft(url.to_owned()));
            }
            let url: Rc<str> = url.into();
            if !seen.insert(url.clone()) {
                return Err(Error::MetaSchemaCycle(url.to_string()));
            }
            self.wanted_by = format!("\"$schema\": {}", quote(schema));
            metaschema = Some(self.load(&url)?);
            place = Place::new(&url, "");
        }
    }

    /// The vocabularies of the metaschema that `$schema` names. Go: `defaultLoader.getMetaVocabs`.
    pub fn vocabularies(
        &mut self,
        document: &Json,
        draft: Draft,
    ) -> Result<Option<Vec<&'static str>>, Error> {
        let Some(schema) = document.as_object().and_then(|it| it.string("$schema")) else { return Ok(None) };
        if Draft::from_url(schema).is_some() {
            return Ok(None);
        }
        let (url, _) = split(schema);
        parse(url).map_err(|why| Error::ParseUrl(url.to_owned(), why))?;
        let url: Rc<str> = url.into();
        let metaschema = self.load(&url)?;
        draft.vocabularies(&url, &metaschema)
    }
}
