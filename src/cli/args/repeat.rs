//! The flags, ours and not Helm's, that make a rendering repeatable and give `lookup` something to find.

use clap::Args;

use crate::render::fixtures::Fixtures;
use crate::render::host::{FixedHost, SystemHost};
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
}

impl RepeatArgs {
    /// The host. With `--deterministic` its clock stands at `SOURCE_DATE_EPOCH`, or at the beginning of 1970.
    pub fn host(&self, enable_dns: bool) -> Result<Box<dyn Host>, String> {
        let fixtures = match &self.lookup_fixtures {
            None => Fixtures::default(),
            Some(path) => {
                let text = super::read_file(path)?;
                Fixtures::read(&String::from_utf8_lossy(&text))
                    .map_err(|error| format!("cannot read --lookup-fixtures {path}: {error}"))?
            }
        };
        if let Some(seed) = &self.deterministic {
            let now = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
            let mut host = FixedHost::new(seed, now.unwrap_or(0));
            host.fixtures = fixtures;
            return Ok(Box::new(host));
        }
        let mut host = SystemHost::new();
        (host.enable_dns, host.fixtures) = (enable_dns, fixtures);
        Ok(Box::new(host))
    }
}
