//! The flags that name a cache of results.

use std::path::PathBuf;

use clap::Args;

use super::bytes;
use super::number;
use super::switch::Switch;
use crate::cache::{Attested, Cache, Seal, Store};
use crate::cli::environment;
use crate::cli::error::Error;

/// Where results are kept.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Cache")]
pub struct CacheArgs {
    /// Keep what is found in this folder, and judge nothing twice [default: $PLIMSOLL_CACHE_DIR, or no cache]
    #[arg(long, value_name = "DIR", env = "PLIMSOLL_CACHE_DIR", hide_env = true, value_parser = bytes::path())]
    cache_dir: Option<PathBuf>,
    /// File with the secret that tells own results from others, made where it is missing [default: $PLIMSOLL_CACHE_KEY, or
    /// plimsoll/cache.key in ~/.local/state]
    #[arg(long, value_name = "FILE", env = "PLIMSOLL_CACHE_KEY", hide_env = true, value_parser = bytes::path())]
    cache_key: Option<PathBuf>,
    /// Bytes that the folder may hold, such as 512MiB [default: 1GiB]
    #[arg(long, value_name = "SIZE", value_parser = number::size)]
    cache_size: Option<u64>,
    /// Use no cache, whatever the environment names
    #[arg(long)]
    no_cache: Switch,
}

const SIZE: u64 = 1 << 30;

impl CacheArgs {
    /// The cache, where one is named; with the results in a registry, where there are some.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(&self, attested: Option<Attested>) -> Result<Option<Cache>, Error> {
        let Some(store) = self.store()? else {
            return Ok(attested.map(|attested| Cache::new(None, Some(attested))));
        };
        let key = match &self.cache_key {
            Some(key) => key.clone(),
            None => environment::state().map(|folder| folder.join("cache.key")).ok_or_else(|| {
                Error::new("there is no place for the key of the cache, since HOME is not set")
                    .hint("name a file for it with --cache-key")
            })?,
        };
        Ok(Some(Cache::new(Some((store, Seal::of_file(&key)?)), attested)))
    }

    /// Its folder alone, where one is named.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn store(&self) -> Result<Option<Store>, Error> {
        let folder =
            self.cache_dir.as_ref().filter(|folder| !folder.as_os_str().is_empty() && !self.no_cache.is_on());
        Ok(folder.map(|folder| Store::open(folder, self.cache_size.unwrap_or(SIZE))).transpose()?)
    }
}
