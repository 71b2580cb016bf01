//! `init`: writes a configuration, a hook and a workflow for the charts that it finds. Nothing that is there is overwritten:
//! what would have been written is shown instead.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::cli::args::Switch;
use crate::cli::args::bytes;
use crate::cli::args::configuration::CONFIG;
use crate::cli::args::locate;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::go::os::error_text;

/// Write a configuration, a pre-commit hook and a workflow for the charts below a folder
///
/// Writes .plimsoll.yaml, .pre-commit-config.yaml and .github/workflows/plimsoll.yaml, or .gitlab-ci.yml where the folder has
/// one of GitLab's. A file that is there stays as it is; what would have been written is printed, to be copied.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll init [FOLDER] [flags]")]
pub(crate) struct Args {
    /// The folder, usually the root of the repository [default: the current folder]
    #[arg(value_name = "FOLDER", default_value = ".", hide_default_value = true, value_parser = bytes::path())]
    folder: PathBuf,
    /// Print the files instead of writing them
    #[arg(long)]
    dry_run: Switch,
}

/// Where this program comes from.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (found, _) = locate::charts(&[self.folder.display().to_string()]);
        if let Some(missing) = found.iter().find_map(|found| found.missing.as_ref()) {
            return Err(Error::new(missing.clone())
                .hint("run it in the folder that holds your charts, or name that folder"));
        }
        let relative = |path: &Path| path.strip_prefix(&self.folder).unwrap_or(path).display().to_string();
        let charts: Vec<String> = found.iter().map(|found| relative(&found.path)).collect();
        let many = if charts.len() == 1 { "1 chart".to_owned() } else { format!("{} charts", charts.len()) };
        context.say(format!("found {many}: {}", shortened(&charts)));
        let is_gitlab = self.folder.join(".gitlab-ci.yml").exists();
        let pipeline = match is_gitlab {
            true => (".gitlab-ci.yml", gitlab()),
            false => (".github/workflows/plimsoll.yaml", github()),
        };
        for (name, text) in [(CONFIG, configuration()), (".pre-commit-config.yaml", hook()), pipeline] {
            self.place(name, &text, context)?;
        }
        context.say("next: plimsoll check, and --write-baseline if there is much to do");
        Ok(Done::Clean)
    }

    /// Writes a file, or shows it where it may not be written.
    fn place(&self, name: &str, text: &str, context: &mut Context) -> Result<(), Error> {
        let path = self.folder.join(name);
        if self.dry_run.is_on() || path.exists() {
            if !self.dry_run.is_on() {
                context.say(format!("kept {name}, which is there; this would be new in it:"));
            }
            writeln!(context.out, "# {name}\n{text}")?;
            return Ok(());
        }
        let failed = |error: std::io::Error| {
            Error::new(format!("cannot write {}: {}", path.display(), error_text(&error)))
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&path, text).map_err(failed)?;
        context.say(format!("wrote {name}"));
        Ok(())
    }
}

/// The first of the names, and how many more there are.
fn shortened(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len().saturating_sub(5) {
        0 => shown.join(", "),
        more => format!("{}, … {more} more", shown.join(", ")),
    }
}

fn configuration() -> String {
    format!(
        "# yaml-language-server: $schema={HOME}/raw/main/docs/plimsoll.schema.json\n\
         # What is not said here is as in the profile `nvcf`. `plimsoll config show` prints everything.\n\
         \n\
         # Whose judgement counts: documented (the platform's page), service (a stock service), strict (all it can enforce).\n\
         mode: documented\n\
         # From which severity on a run fails: error, warning, advice or never.\n\
         fail-on: error\n\
         \n\
         # severity:\n\
         #   floating-tag: error\n\
         # allow:\n\
         #   - rule: host-network\n\
         #     object: DaemonSet/exporter\n\
         #     reason: the exporter reads the node's interfaces\n\
         #     until: 2027-12-31\n"
    )
}

fn hook() -> String {
    format!(
        "repos:\n  - repo: {HOME}\n    rev: v{}\n    hooks:\n      - id: plimsoll-build\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn github() -> String {
    let action = HOME.trim_start_matches("https://github.com/");
    format!(
        "name: charts\n\
         on: [push, pull_request]\n\
         permissions:\n\
         \x20 contents: read\n\
         jobs:\n\
         \x20 plimsoll:\n\
         \x20   runs-on: ubuntu-latest\n\
         \x20   steps:\n\
         \x20     - uses: actions/checkout@v4\n\
         \x20     - uses: {action}@v{}\n\
         \x20       with:\n\
         \x20         charts: .\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn gitlab() -> String {
    format!("include:\n  - remote: {HOME}/raw/v{}/ci/gitlab.yml\n", env!("CARGO_PKG_VERSION"))
}
