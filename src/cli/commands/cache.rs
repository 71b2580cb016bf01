//! `cache`: what the cache of results holds, and emptying it.

use clap::{Args as ClapArgs, Subcommand};

use crate::cache::{Contents, Store};
use crate::cli::args::cache::CacheArgs;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;

/// Show or empty the cache of results of `check`
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
    Clean(Clean),
}

/// Say where the cache is and what it holds
#[derive(ClapArgs, Debug)]
struct Show {
    #[command(flatten)]
    cache: CacheArgs,
}

/// Remove all results
#[derive(ClapArgs, Debug)]
struct Clean {
    #[command(flatten)]
    cache: CacheArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        match &self.command {
            Command::Show(Show { cache }) => {
                let store = opened(cache)?;
                let Contents { results, bytes } = store.contents();
                writeln!(context.out, "folder:  {}", store.folder().display())?;
                writeln!(context.out, "results: {results}")?;
                writeln!(context.out, "size:    {} of {}", size(bytes), size(store.limit()))?;
            }
            Command::Clean(Clean { cache }) => {
                let Contents { results, bytes } = opened(cache)?.clean();
                let plural = if results == 1 { "result" } else { "results" };
                writeln!(context.out, "removed {results} {plural}, {}", size(bytes))?;
            }
        }
        Ok(Done::Clean)
    }
}

fn opened(cache: &CacheArgs) -> Result<Store, Error> {
    cache.store()?.ok_or_else(|| {
        Error::new("no cache is named").hint("name its folder with --cache-dir or in PLIMSOLL_CACHE_DIR")
    })
}

/// `12.3 MiB`
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
