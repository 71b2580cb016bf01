//! The flags, ours and not Helm's, that make a rendering repeatable, give `lookup` something to find and let schemas be
//! fetched.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use super::remote_schema;
use super::switch::Switch;
use crate::cli::error::Error;
use crate::cli::input;
use crate::render::fixtures::Fixtures;
use crate::render::host::{Costly, FixedHost, SystemHost};
use crate::schema;
use crate::template::host::Host;

/// What stands for clock, chance and cluster.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Repeatable rendering (not Helm's)")]
pub struct RepeatArgs {
    /// Make random functions, key generation, now and uuidv4 give the same in every run
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "plimsoll")]
    pub deterministic: Option<String>,
    /// Let lookup find the objects in this file of manifests
    #[arg(long, value_name = "FILE")]
    pub lookup_fixtures: Option<String>,
    /// Fetch schemas on other servers that a values.schema.json refers to, as Helm does
    #[arg(long)]
    pub allow_remote_schemas: Switch,
}

impl RepeatArgs {
    /// The host. With `--deterministic` its clock stands at `SOURCE_DATE_EPOCH`, or at the beginning of 1970.
    pub fn host(&self, enable_dns: bool) -> Result<Box<dyn Host>, Error> {
        if let Some(seed) = &self.deterministic {
            return Ok(Box::new(self.fixed(seed, epoch().unwrap_or(0))?));
        }
        let mut host = SystemHost::new();
        (host.enable_dns, host.fixtures) = (enable_dns, self.fixtures()?);
        Ok(Box::new(host))
    }

    /// A host that can be cloned, so that a chart renders to the same text twice; without `--deterministic` the text of
    /// this run only.
    pub fn repeatable(&self) -> Result<FixedHost, Error> {
        if let Some(seed) = &self.deterministic {
            let mut host = self.fixed(seed, epoch().unwrap_or(0))?;
            host.is_given = true;
            return Ok(host);
        }
        let seed: [u8; 16] = rand::random();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.fixed(&format!("{seed:?}"), now.as_secs() as i64)
    }

    /// What charts share that are judged by one process: keys are costly, and only their form is judged.
    pub fn costly() -> Costly {
        static COSTLY: OnceLock<Costly> = OnceLock::new();
        COSTLY.get_or_init(|| Costly::new(rand::random())).clone()
    }

    /// How schemas are looked up.
    pub fn schemas(&self) -> schema::Options {
        schema::Options { fetch: self.allow_remote_schemas.is_on().then_some(remote_schema::fetch) }
    }

    fn fixed(&self, seed: &str, now: i64) -> Result<FixedHost, Error> {
        let mut host = FixedHost::new(seed, now);
        host.fixtures = self.fixtures()?;
        Ok(host)
    }

    fn fixtures(&self) -> Result<Fixtures, Error> {
        let Some(path) = &self.lookup_fixtures else { return Ok(Fixtures::default()) };
        let text = input::read_file(path)?;
        Fixtures::read(&String::from_utf8_lossy(&text))
            .map_err(|error| Error::new(format!("cannot read --lookup-fixtures {path}: {error}")))
    }
}

/// The time that `SOURCE_DATE_EPOCH` names.
fn epoch() -> Option<i64> {
    std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok())
}
