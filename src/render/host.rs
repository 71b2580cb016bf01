//! The doors from templates to the outside world: [`SystemHost`], which is what Helm does, and [`FixedHost`], with which
//! every render gives the same text.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use super::fixtures::Fixtures;
use crate::go::time::{Location, Time};
use crate::outside;
use crate::template::host::{Host, Stand};
use crate::value::Value;

/// Clock, randomness and, where it is allowed, the name server of this machine; `lookup` answers from fixtures.
#[derive(Debug)]
pub struct SystemHost {
    /// Whether `getHostByName` asks a name server.
    pub enable_dns: bool,
    /// What `lookup` finds.
    pub fixtures: Fixtures,
    started: Instant,
}

impl SystemHost {
    /// A host that finds nothing in its cluster and asks no name server.
    pub fn new() -> SystemHost {
        SystemHost { enable_dns: false, fixtures: Fixtures::default(), started: Instant::now() }
    }
}

impl Default for SystemHost {
    fn default() -> SystemHost {
        SystemHost::new()
    }
}

impl Host for SystemHost {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let location = Location::local(jiff::tz::TimeZone::system());
        let monotonic = self.started.elapsed().as_nanos() as i64;
        Time::unix(since.as_secs() as i64, since.subsec_nanos().into(), location).with_monotonic(monotonic)
    }

    fn random(&mut self, buffer: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), buffer);
    }

    fn lookup(
        &mut self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Value, String> {
        Ok(self.fixtures.lookup(api_version, kind, namespace, name))
    }

    /// sprig: network.go `getHostByName`, which takes any of the addresses.
    fn resolve(&mut self, name: &str) -> String {
        if !self.enable_dns {
            return String::new();
        }
        let addresses = std::net::ToSocketAddrs::to_socket_addrs(&(name, 0));
        let first = addresses.ok().and_then(|mut addresses| addresses.next());
        first.map(|address| address.ip().to_string()).unwrap_or_default()
    }
}

/// A host whose clock stands still and whose randomness comes from a seed. What a clone gives, the original gives too, and
/// what was costly to make from it is made once for all of them.
#[derive(Clone, Debug)]
pub struct FixedHost {
    /// What `lookup` finds.
    pub fixtures: Fixtures,
    /// Whether somebody gave clock and seed, so that they are inputs; else they stand for those of this moment.
    pub is_given: bool,
    now: i64,
    seed: [u8; 32],
    counter: u64,
    pool: Vec<u8>,
    made: Arc<Mutex<HashMap<(String, Stand), Made>>>,
}

/// What was made of chance.
#[derive(Debug)]
struct Made {
    bytes: Vec<u8>,
    /// Where chance stood behind it.
    counter: u64,
    pool: Vec<u8>,
}

impl FixedHost {
    /// A host whose clock stands at `now`, in seconds since 1970, and whose local zone is UTC. The randomness depends on the seed alone.
    pub fn new(seed: &str, now: i64) -> FixedHost {
        FixedHost {
            fixtures: Fixtures::default(),
            is_given: false,
            now,
            seed: Sha256::digest(seed.as_bytes()).into(),
            counter: 0,
            pool: Vec::new(),
            made: Arc::default(),
        }
    }

    fn stand(&self) -> Stand {
        Stand(self.counter * <Sha256 as Digest>::output_size() as u64 - self.pool.len() as u64)
    }

    /// Where the clock stands, and what randomness depends on.
    pub fn given(&self) -> (i64, [u8; 32]) {
        (self.now, self.seed)
    }

    fn ask(&self) {
        if !self.is_given {
            outside::touch();
        }
    }
}

impl Host for FixedHost {
    fn now(&self) -> Time {
        self.ask();
        Time::unix(self.now, 0, Location::local_utc())
    }

    /// SHA-256 of the seed and a counter, block after block: the same on every machine and in every version.
    fn random(&mut self, buffer: &mut [u8]) {
        self.ask();
        for byte in buffer {
            if self.pool.is_empty() {
                let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes());
                self.pool.extend_from_slice(&block.finalize());
                self.counter += 1;
            }
            *byte = self.pool.pop().unwrap_or_default();
        }
    }

    fn lookup(
        &mut self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Value, String> {
        outside::touch();
        Ok(self.fixtures.lookup(api_version, kind, namespace, name))
    }

    fn resolve(&mut self, _name: &str) -> String {
        outside::touch();
        String::new()
    }

    fn recall(&mut self, what: &str) -> Result<Vec<u8>, Stand> {
        self.ask();
        let stand = self.stand();
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(made) = made.get(&(what.to_owned(), stand)) else { return Err(stand) };
        self.counter = made.counter;
        self.pool.clone_from(&made.pool);
        Ok(made.bytes.clone())
    }

    fn remember(&mut self, what: &str, from: Stand, made: &[u8]) {
        let made = Made { bytes: made.to_owned(), counter: self.counter, pool: self.pool.clone() };
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert((what.to_owned(), from), made);
    }
}

/// A host whose log somebody keeps.
pub(super) struct Listening<'a> {
    /// The host.
    pub host: &'a mut dyn Host,
    /// What templates said, a line each.
    pub warnings: &'a mut Vec<String>,
}

impl Host for Listening<'_> {
    fn now(&self) -> Time {
        self.host.now()
    }

    fn random(&mut self, buffer: &mut [u8]) {
        self.host.random(buffer);
    }

    fn lookup(
        &mut self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Value, String> {
        self.host.lookup(api_version, kind, namespace, name)
    }

    fn resolve(&mut self, name: &str) -> String {
        self.host.resolve(name)
    }

    fn recall(&mut self, what: &str) -> Result<Vec<u8>, Stand> {
        self.host.recall(what)
    }

    fn remember(&mut self, what: &str, from: Stand, made: &[u8]) {
        self.host.remember(what, from, made);
    }

    fn warn(&mut self, line: String) {
        self.warnings.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn randomness_depends_on_the_seed_alone() {
        let bytes = |seed, sizes: &[usize]| {
            let mut host = FixedHost::new(seed, 0);
            let mut all = Vec::new();
            for size in sizes {
                let mut buffer = vec![0; *size];
                host.random(&mut buffer);
                all.extend(buffer);
            }
            all
        };
        assert_eq!(bytes("a", &[100]), bytes("a", &[1, 40, 59]));
        assert_ne!(bytes("a", &[32]), bytes("b", &[32]));
    }

    #[test]
    fn what_was_made_is_made_once_for_all_clones() {
        let host = FixedHost::new("a", 0);
        let mut times = 0;
        let mut make = |host: &mut FixedHost, what: &str, skipped: usize| {
            host.random(&mut vec![0; skipped]);
            let made = host.recall(what).unwrap_or_else(|stand| {
                times += 1;
                let mut made = vec![0; 40];
                host.random(&mut made);
                host.remember(what, stand, &made);
                made
            });
            let mut next = [0; 8];
            host.random(&mut next);
            (made, next, times)
        };
        let first = make(&mut host.clone(), "key", 3);
        assert_eq!(make(&mut host.clone(), "key", 3), first);
        assert_eq!(make(&mut host.clone(), "hash", 3).2, 2);
        assert_eq!(make(&mut host.clone(), "key", 4).2, 3);
    }
}
