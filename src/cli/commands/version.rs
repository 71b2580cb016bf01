//! `version`: which Helm this program answers for, in the form of Helm's own `version`; `--version` says its own.

use std::rc::Rc;
use std::sync::LazyLock;

use clap::Args as ClapArgs;

use crate::cli::args::Switch;
use crate::cli::args::count::check_count;
use crate::cli::args::name::execute;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::render::capabilities::HELM_VERSION;
use crate::template::Functions;
use crate::value::Value;

/// What `plimsoll --version` prints after the name.
pub(crate) const LONG: &str =
    concat!(env!("CARGO_PKG_VERSION"), " (renders as Helm 4.3.1 for Kubernetes 1.37)");

/// What a version template may call.
static BUILT_IN: LazyLock<Functions> = LazyLock::new(|| Functions::new([]));

/// Print the version of Helm that this program stands in for
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Print the version number
    #[arg(long)]
    short: Switch,
    /// Template for version string format
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    #[arg(hide = true)]
    words: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        check_count(&self.words, 0..=0, "version")?;
        let version = HELM_VERSION;
        if let Some(template) = self.template.as_deref().filter(|text| !text.is_empty()) {
            let data = Value::Object(Rc::new(version));
            let text = execute("_", template, &BUILT_IN, &data)?;
            context.out.write_all(text.as_bytes())?;
        } else if self.short.is_on() {
            writeln!(context.out, "{}", version.version)?;
        } else {
            writeln!(context.out, "{}", version.go_syntax())?;
        }
        Ok(Done::Clean)
    }
}
