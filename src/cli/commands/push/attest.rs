//! What `push --attest` attests: that which `check` with the same flags would find.

use clap::{Args as ClapArgs, Command, FromArgMatches};

use crate::cache::{Cache, Finding};
use crate::cli::args::globals::Globals;
use crate::cli::args::locate;
use crate::cli::args::switch::as_pflag;
use crate::cli::commands::check;
use crate::cli::error::Error;

/// Judges the chart with these flags of `check`, and gives all that was found, with each set of values and for each version.
///
/// # Errors
/// A flag is wrong, the chart cannot be judged, or what is found would be another thing the next time.
pub(super) fn findings(chart: &str, flags: &[String], globals: &Globals) -> Result<Vec<Finding>, Error> {
    let command = as_pflag(check::Args::augment_args(Command::new("check").no_binary_name(true)));
    let matches = command.try_get_matches_from(flags).map_err(|error| {
        let text = error.to_string();
        Error::new(format!(
            "behind `--`: {}",
            text.lines().next().unwrap_or_default().trim_start_matches("error: ")
        ))
        .hint("`plimsoll check --help` lists the flags that may stand there")
    })?;
    let args = check::Args::from_arg_matches(&matches)?;
    if args.names_something() {
        return Err(Error::new("behind `--` stand flags of `check`, and no charts"));
    }
    let cache = Cache::collecting();
    for found in locate::charts(&[chart.to_owned()]).0 {
        let report = args.report(&found, &cache, globals);
        if report.failed {
            let why = report.diagnostics.first().map_or(String::new(), |why| why.message.clone());
            return Err(Error::new(format!("{chart} cannot be judged, so nothing is attested: {why}")));
        }
    }
    let (_, asked) = cache.known();
    let found = cache.collected();
    if found.len() < asked || found.is_empty() {
        let message = format!(
            "{chart} asks for chance, the time or the cluster, so what is found is true of one moment"
        );
        return Err(Error::new(message).hint("give it the same each time: -- --deterministic"));
    }
    Ok(found)
}
