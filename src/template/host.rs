//! [`Host`]: the only door from a template to the outside world. `render::host` has the real ones.

use crate::go::slog;
use crate::go::time::Time;
use crate::value::Value;

/// How many bytes of its chance a host has given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stand(pub u64);

/// What a template may ask of the world: the time, chance, the cluster, a name server.
pub trait Host {
    /// The current time, in the zone that Go would call local.
    fn now(&self) -> Time;

    /// Fills the buffer with random bytes fit for keys.
    fn random(&mut self, buffer: &mut [u8]);

    /// `lookup`: the object or list, or an empty map where there is no cluster to ask.
    fn lookup(&mut self, api_version: &str, kind: &str, namespace: &str, name: &str)
    -> Result<Value, String>;

    /// `getHostByName`: an address, or the empty string where DNS is not enabled.
    fn resolve(&mut self, name: &str) -> String;

    /// What was made here for `what` when chance stood as it stands now, if this host repeats itself and remembers it; chance
    /// then stands behind the making. Otherwise where it stands, for [`Host::remember`].
    fn recall(&mut self, _what: &str) -> Result<Vec<u8>, Stand> {
        Err(Stand(0))
    }

    /// Remembers what was made for `what` from there on, which is costly to make.
    fn remember(&mut self, _what: &str, _from: Stand, _made: &[u8]) {}

    /// Says a line to the user's standard error, as Helm's log does; without one who listens it is lost.
    fn warn(&mut self, _line: slog::Line) {}
}
