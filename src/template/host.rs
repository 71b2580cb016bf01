//! [`Host`]: the only door from a template to the outside world. `render::host` has the real ones.

use crate::go::time::Time;
use crate::value::Value;

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

    /// Says a line to the user's standard error, as Helm's log does; without one who listens it is lost.
    fn warn(&mut self, _line: String) {}
}
