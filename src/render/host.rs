//! The doors from templates to the outside world: [`SystemHost`], which is what Helm does, and [`FixedHost`], with which
//! every render gives the same text.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use super::fixtures::Fixtures;
use crate::go::slog;
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
    chance: Chance,
    /// What was made of chance, and where chance stood behind it.
    made: Arc<Mutex<Made>>,
    /// What it shares with other hosts, and how often it asked for each.
    shared: Option<(Costly, HashMap<String, u64>)>,
    /// Its own chance while something is made that is shared.
    aside: Option<Chance>,
}

/// What was made, by what it is and where chance stood.
type Made = HashMap<(String, Stand), (Vec<u8>, Chance)>;

/// SHA-256 of the seed and a counter, block after block: the same on every machine and in every version.
#[derive(Clone, Debug)]
struct Chance {
    seed: [u8; 32],
    counter: u64,
    pool: Vec<u8>,
}

impl Chance {
    fn new(seed: [u8; 32]) -> Chance {
        Chance { seed, counter: 0, pool: Vec::new() }
    }

    fn stand(&self) -> Stand {
        Stand(self.counter * <Sha256 as Digest>::output_size() as u64 - self.pool.len() as u64)
    }

    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            if self.pool.is_empty() {
                let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes());
                self.pool.extend_from_slice(&block.finalize());
                self.counter += 1;
            }
            *byte = self.pool.pop().unwrap_or_default();
        }
    }
}

/// What is costly to make from chance and is shared by releases of which nobody keeps what is in it: the third prime of so many
/// bits is the same in all of them. A clone is the same store.
#[derive(Clone, Debug)]
pub struct Costly {
    seed: [u8; 32],
    made: Arc<Mutex<Numbered>>,
}

/// What was made, by what it is and its number among those of a release.
type Numbered = HashMap<(String, u64), Vec<u8>>;

impl Costly {
    /// An empty store. What is made depends on the seed alone, whoever asks first.
    pub fn new(seed: [u8; 32]) -> Costly {
        Costly { seed, made: Arc::default() }
    }
}

impl FixedHost {
    /// A host whose clock stands at `now`, in seconds since 1970, and whose local zone is UTC. The randomness depends on the seed alone.
    pub fn new(seed: &str, now: i64) -> FixedHost {
        FixedHost {
            fixtures: Fixtures::default(),
            is_given: false,
            now,
            chance: Chance::new(Sha256::digest(seed.as_bytes()).into()),
            made: Arc::default(),
            shared: None,
            aside: None,
        }
    }

    /// The same host, which makes nothing costly that is in the store.
    pub fn sharing(self, costly: Costly) -> FixedHost {
        FixedHost { shared: Some((costly, HashMap::new())), ..self }
    }

    /// Where the clock stands, and what randomness depends on.
    pub fn given(&self) -> (i64, [u8; 32]) {
        (self.now, self.chance.seed)
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

    fn random(&mut self, buffer: &mut [u8]) {
        self.ask();
        self.chance.fill(buffer);
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
        if let Some((costly, counts)) = &mut self.shared {
            let count = counts.entry(what.to_owned()).or_default();
            let number = *count;
            *count += 1;
            let made = costly.made.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(made) = made.get(&(what.to_owned(), number)) {
                return Ok(made.clone());
            }
            let seed = Sha256::new().chain_update(costly.seed).chain_update(number.to_be_bytes());
            let own = Chance::new(seed.chain_update(what).finalize().into());
            self.aside = Some(std::mem::replace(&mut self.chance, own));
            return Err(Stand(number));
        }
        let stand = self.chance.stand();
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((bytes, behind)) = made.get(&(what.to_owned(), stand)) else { return Err(stand) };
        self.chance.clone_from(behind);
        Ok(bytes.clone())
    }

    fn remember(&mut self, what: &str, from: Stand, made: &[u8]) {
        if let Some((costly, _)) = &self.shared {
            let mut all = costly.made.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert((what.to_owned(), from.0), made.to_owned());
            if let Some(own) = self.aside.take() {
                self.chance = own;
            }
            return;
        }
        let made = (made.to_owned(), self.chance.clone());
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert((what.to_owned(), from), made);
    }
}

/// A host whose log somebody keeps.
pub(super) struct Listening<'a> {
    /// The host.
    pub host: &'a mut dyn Host,
    /// What templates said, a line each.
    pub warnings: &'a mut Vec<slog::Line>,
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

    fn warn(&mut self, line: slog::Line) {
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
    fn releases_share_what_is_costly_and_nothing_else() {
        let costly = Costly::new([7; 32]);
        let mut times = 0;
        let mut make = |host: &mut FixedHost, what: &str| {
            host.recall(what).unwrap_or_else(|stand| {
                times += 1;
                let mut made = vec![0; 40];
                host.random(&mut made);
                host.remember(what, stand, &made);
                made
            })
        };
        let random = |host: &mut FixedHost| {
            let mut bytes = [0; 8];
            host.random(&mut bytes);
            bytes
        };
        let (mut one, mut plain) = (FixedHost::new("a", 0).sharing(costly.clone()), FixedHost::new("a", 0));
        let mut other = FixedHost::new("b", 0).sharing(costly);
        let (first, second) = (make(&mut one, "key"), make(&mut one, "key"));
        // Two of one release differ, those of another are the same in the same order, and chance goes on as without them.
        assert_ne!(first, second);
        random(&mut other);
        assert_eq!((make(&mut other, "key"), make(&mut other, "key")), (first.clone(), second));
        assert_eq!(random(&mut one), random(&mut plain));
        assert_ne!(make(&mut one, "salt"), first);
        let mut elsewhere = FixedHost::new("c", 0).sharing(Costly::new([7; 32]));
        assert_eq!(make(&mut elsewhere, "key"), first);
        assert_eq!(times, 4);
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
