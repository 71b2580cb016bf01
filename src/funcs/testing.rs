//! For tests of functions that ask the host: one that repeats itself, and a context around it.

use crate::go::slog;
use crate::go::time::{Location, Time};
use crate::template::func::{Context, Failure};
use crate::template::host::Host;
use crate::value::{Str, Value};

/// A host with a fixed clock and chance that follows from a seed.
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }
}

impl Host for Seeded {
    fn now(&self) -> Time {
        Time::unix(1_700_000_000, 0, Location::local(jiff::tz::TimeZone::UTC))
    }

    fn random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 33) as u8;
        }
    }

    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, String> {
        Ok(Value::Nil)
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}

impl Context for Seeded {
    fn host(&mut self) -> &mut dyn Host {
        self
    }

    fn include(&mut self, _: &Str, _: &Value) -> Result<Str, Failure> {
        Err("no templates here".into())
    }

    fn tpl(&mut self, _: &Str, _: &Value) -> Result<Str, Failure> {
        Err("no templates here".into())
    }

    fn lint_mode(&self) -> bool {
        false
    }

    fn warn(&mut self, _: slog::Line) {}
}
