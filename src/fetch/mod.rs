//! Charts from elsewhere: registries, repositories, the content cache, and what a chart's dependencies resolve to.
//!
//! Read [`Fetcher`] first: it holds what all of it shares. [`locate`] says where a chart is, [`download`] brings it here,
//! [`provenance`] says who signed it, [`publish`] sends one away. What a user is to be told
//! meanwhile is kept in [`Fetcher::said`].

pub mod cache;
pub mod dependencies;
pub mod download;
pub mod index;
pub mod locate;
pub mod provenance;
pub mod publish;
pub mod repositories;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::oci::auth::Authorization;
use crate::oci::client::Client;
use crate::oci::credentials::{Credential, Store};
use crate::oci::http::{Http, Question, Transport};
use crate::oci::network::Network;

use cache::Cache;
use index::Index;

/// The most bytes of an index.
const INDEX_LIMIT: u64 = 256 * 1024 * 1024;

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Helm's file of credentials for registries.
    pub registry_config: PathBuf,
    /// Docker's, where a home is known.
    pub docker_config: Option<PathBuf>,
    /// The system's own credential helper, where there is one.
    pub native_helper: Option<String>,
    /// `repositories.yaml`.
    pub repository_config: PathBuf,
    /// The folder of cached indexes.
    pub repository_cache: PathBuf,
    /// The folder of cached contents.
    pub content_cache: PathBuf,
    /// Whether the network is left alone.
    pub offline: bool,
    /// How it is reached.
    pub network: Network,
}

impl Settings {
    /// Where credentials are kept.
    pub fn store(&self) -> Store {
        let files = Store::new(self.registry_config.clone(), self.docker_config.clone());
        files.with_native(self.native_helper.clone())
    }
}

/// How and as whom servers are asked.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// TLS and its absence.
    pub transport: Transport,
    /// The name of the command line; empty if there is none.
    pub username: String,
    /// Its password.
    pub password: String,
    /// Whether these go to any host.
    pub pass_credentials: bool,
}

/// What brings charts here.
#[derive(Debug)]
pub struct Fetcher {
    /// Where things are kept.
    pub settings: Settings,
    /// How and as whom servers are asked.
    pub access: Access,
    client: OnceCell<Client>,
    indexes: RefCell<HashMap<PathBuf, Rc<Index>>>,
    said: RefCell<Vec<String>>,
    warned: RefCell<Vec<String>>,
}

impl Fetcher {
    /// A fetcher; nothing is read or asked yet.
    pub fn new(settings: Settings, access: Access) -> Fetcher {
        Fetcher {
            settings,
            access,
            client: OnceCell::new(),
            indexes: RefCell::default(),
            said: RefCell::default(),
            warned: RefCell::default(),
        }
    }

    /// What the user is to be told since this was last asked, one line each.
    pub fn said(&self) -> Vec<String> {
        self.said.take()
    }

    /// What is to be logged since this was last asked, one line each.
    pub fn warned(&self) -> Vec<String> {
        self.warned.take()
    }

    fn say(&self, line: impl Into<String>) {
        self.said.borrow_mut().push(line.into());
    }

    /// The client of registries. Helm takes the name of the command line only with a password.
    pub fn client(&self) -> Result<&Client, String> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let Access { transport, username, password, .. } = &self.access;
        let given = !username.is_empty() && !password.is_empty();
        let given = given.then(|| Credential::basic(username, password));
        let client = Client::new(transport, &self.settings.network, self.settings.store(), given)?;
        Ok(self.client.get_or_init(|| client))
    }

    fn cache(&self) -> Cache {
        Cache::new(self.settings.content_cache.clone())
    }

    /// Refuses what needs the network where it is to be left alone.
    fn online(&self, what: &str) -> Result<(), String> {
        if self.settings.offline {
            return Err(format!("{what} needs the network, which --offline forbids"));
        }
        Ok(())
    }

    /// An index on disk, read once however often it is asked for.
    fn index(&self, file: &Path) -> Result<Rc<Index>, String> {
        if let Some(index) = self.indexes.borrow().get(file) {
            return Ok(Rc::clone(index));
        }
        let data = std::fs::read(file)
            .map_err(|error| format!("open {}: {}", file.display(), crate::go::os::error_text(&error)))?;
        let source = file.display().to_string();
        let index =
            Index::parse(&data, &source).map_err(|error| format!("error loading {source}: {error}"))?;
        Ok(self.keep_index(file.to_owned(), index))
    }

    /// Takes an index that was just read, so that it is not read again.
    fn keep_index(&self, file: PathBuf, mut index: Index) -> Rc<Index> {
        self.warned.borrow_mut().append(&mut index.warnings);
        let index = Rc::new(index);
        self.indexes.borrow_mut().insert(file, Rc::clone(&index));
        index
    }

    /// The bytes of a repository's index. Helm: repo/v1/chartrepo.go `DownloadIndexFile`.
    fn download_index(&self, repository: &repositories::Entry) -> Result<Vec<u8>, String> {
        let url = locate::resolve_url(&repository.url, "index.yaml")?;
        self.online(&format!("reading {url}"))?;
        let web = locate::Web::of(&url, repository, false)?;
        let own;
        let http = if web.transport == self.access.transport {
            self.client()?.http()
        } else {
            own = Http::new(&web.transport, &self.settings.network)?;
            &own
        };
        let authorization: &Authorization = &web.authorization;
        let question = Question { url: &url, authorization, limit: INDEX_LIMIT, ..Question::default() };
        let (answer, body) = http.get(&question)?;
        if !answer.status.is_success() {
            return Err(format!("failed to fetch {url} : {}", answer.complaint()));
        }
        Ok(body)
    }
}
