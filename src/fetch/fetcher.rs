//! [`Fetcher`]: what everything that brings charts here shares: settings, connections, tokens, and what was read or looked
//! up already.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::files;
use crate::go::os::PathError;
use crate::oci::client::Client;
use crate::oci::request::Request;
use crate::oci::{Http, Reference, TlsOptions};

use super::artifact::Artifact;
use super::cache::Cache;
use super::error::Error;
use super::event::{Event, Listener};
use super::index::Index;
use super::repositories::Entry;
use super::settings::{Access, Settings};
use super::web::{Web, resolve_url};

/// The most bytes of an index.
const INDEX_LIMIT: u64 = 256 * 1024 * 1024;

/// Brings charts here, for any number of threads at once.
#[derive(Debug)]
pub struct Fetcher {
    /// Where things are kept.
    pub settings: Settings,
    /// How to reach servers and with which credentials.
    pub access: Access,
    https: Mutex<HashMap<TlsOptions, Arc<Http>>>,
    registries: OnceLock<Client>,
    indexes: Mutex<HashMap<PathBuf, Arc<Index>>>,
    pub(super) artifacts: Mutex<HashMap<Reference, Arc<Artifact>>>,
}

impl Fetcher {
    /// A fetcher; nothing is read or asked yet.
    pub fn new(settings: Settings, access: Access) -> Fetcher {
        Fetcher {
            settings,
            access,
            https: Mutex::default(),
            registries: OnceLock::new(),
            indexes: Mutex::default(),
            artifacts: Mutex::default(),
        }
    }

    /// The client for all servers that are reached with these certificates.
    pub(super) fn http(&self, options: &TlsOptions) -> Result<Arc<Http>, Error> {
        let mut known = lock(&self.https);
        if let Some(http) = known.get(options) {
            return Ok(Arc::clone(http));
        }
        let http = Arc::new(Http::new(options, &self.settings.network)?);
        known.insert(options.clone(), Arc::clone(&http));
        Ok(http)
    }

    /// The client of registries.
    pub(super) fn registries(&self) -> Result<&Client, Error> {
        if let Some(client) = self.registries.get() {
            return Ok(client);
        }
        let (http, access) = (self.http(&self.access.tls)?, &self.access);
        let client = || Client::new(http, access.plain_http, self.settings.store(), access.credential());
        Ok(self.registries.get_or_init(client))
    }

    pub(super) fn cache(&self) -> Cache {
        Cache::new(self.settings.content_cache.clone())
    }

    /// Refuses what needs the network where it must not be used.
    pub(super) fn online(&self, doing: impl Into<String>) -> Result<(), Error> {
        if self.settings.offline { Err(Error::Offline(doing.into())) } else { Ok(()) }
    }

    /// An index on disk, read once however often it is asked for.
    pub(super) fn index(&self, file: &Path, listener: Listener<'_>) -> Result<Arc<Index>, Error> {
        if let Some(index) = lock(&self.indexes).get(file) {
            return Ok(Arc::clone(index));
        }
        let data = files::read(file).map_err(|error| PathError::new("open", file, &error))?;
        let source = file.display().to_string();
        let index = Index::parse(&data, &source)
            .map_err(|error| Error::from(error).while_doing(format!("error loading {source}")))?;
        Ok(self.keep_index(file.to_owned(), index, listener))
    }

    /// Takes an index that was just read, so that it is not read again.
    pub(super) fn keep_index(&self, file: PathBuf, mut index: Index, listener: Listener<'_>) -> Arc<Index> {
        index.warnings.drain(..).for_each(|line| listener(Event::Logged(line)));
        let index = Arc::new(index);
        lock(&self.indexes).insert(file, Arc::clone(&index));
        index
    }

    /// The bytes of a repository's index. Helm: repo/v1/chartrepo.go `DownloadIndexFile`.
    pub(super) fn download_index(&self, repository: &Entry) -> Result<Vec<u8>, Error> {
        let url = resolve_url(&repository.url, "index.yaml")?;
        self.online(format!("reading {url}"))?;
        self.get(&Web::new(&url, repository)?, INDEX_LIMIT)
    }

    /// The content of an address, which may have so many bytes.
    pub(super) fn get(&self, web: &Web, limit: u64) -> Result<Vec<u8>, Error> {
        let request = Request { authorization: &web.authorization, ..Request::get(&web.url, limit) };
        let response = self.http(&web.tls)?.send(&request)?;
        match response.status.is_success() {
            true => Ok(response.body),
            false => Err(Error::Refused { url: web.url.clone(), reason: response.refusal() }),
        }
    }
}

/// Locks a mutex, even if a thread panicked that held it: what it guards is consistent at any time.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetcher_can_be_shared_by_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Fetcher>();
    }
}
