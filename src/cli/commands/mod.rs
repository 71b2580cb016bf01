//! The commands: a file each, which holds its flags and what it does with them.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;

pub(crate) mod cache;
pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod dependency;
pub(crate) mod env;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod help;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod merge;
pub(crate) mod migrate;
pub(crate) mod package;
pub(crate) mod patch;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod registry;
pub(crate) mod rules;
pub(crate) mod show;
pub(crate) mod template;
pub(crate) mod verify;
pub(crate) mod version;
pub(crate) mod why;

/// Declares a group of commands, each by the file that it is in, its name and its other names.
macro_rules! commands {
    ($(#[$about:meta])* $group:ident { $($variant:ident: $file:ident = $name:literal $(| $alias:literal)*;)+ }) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) enum $group {
            $($variant(Box<$file::Args>),)+
        }

        impl $group {
            /// Whether it has a command of that name.
            fn has(name: &str) -> bool {
                [$($name $(, $alias)*),+].contains(&name)
            }

            /// Adds those commands to the line that are wanted, by one of their names.
            fn add_to(line: clap::Command, wanted: &dyn Fn(&str) -> bool) -> clap::Command {
                $(let names = [$name $(, $alias)*];
                let line = if names.iter().any(|name| wanted(name)) {
                    let command = clap::Command::new($name).aliases(&names[1..]);
                    line.subcommand($file::Args::augment_args(command))
                } else {
                    line
                };)+
                line
            }

            /// The command of that name.
            fn from(name: &str, matches: &ArgMatches) -> Result<$group, clap::Error> {
                match name {
                    $($name => Ok($group::$variant(Box::new($file::Args::from_arg_matches(matches)?))),)+
                    _ => Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
                }
            }

            fn run(&self, context: &mut Context) -> Result<Done, Error> {
                match self {
                    $($group::$variant(args) => args.run(context),)+
                }
            }
        }
    };
}

commands! {
    /// The commands that Helm has, too: they say what Helm says, and their errors end with 1.
    Helm {
        Completion: completion = "completion";
        Dependency: dependency = "dependency" | "dep" | "dependencies";
        Env: env = "env";
        Lint: lint = "lint";
        Package: package = "package";
        Pull: pull = "pull" | "fetch";
        Push: push = "push";
        Registry: registry = "registry";
        Show: show = "show" | "inspect";
        Template: template = "template";
        Verify: verify = "verify";
        Version: version = "version";
    }
}

commands! {
    /// The commands of our own. With 1 they say that something was found; their errors end with 2.
    Own {
        Cache: cache = "cache";
        Check: check = "check";
        Config: config = "config";
        Explain: explain = "explain";
        Fix: fix = "fix";
        Help: help = "help";
        Init: init = "init";
        Merge: merge = "merge";
        Migrate: migrate = "migrate";
        Patch: patch = "patch";
        Rules: rules = "rules";
        Why: why = "why";
    }
}

/// The command that was called.
#[derive(Debug)]
pub(crate) enum Command {
    Helm(Helm),
    Own(Own),
}

/// Whether a command of that name is our own.
pub(crate) fn is_own(name: &str) -> bool {
    Own::has(name)
}

impl Command {
    /// Adds those commands to the line that are wanted, by one of their names.
    pub(crate) fn add_to(line: clap::Command, wanted: &dyn Fn(&str) -> bool) -> clap::Command {
        Own::add_to(Helm::add_to(line, wanted), wanted)
    }

    /// The command that was called; a line without one is not read as far as this.
    pub(crate) fn from(matches: &ArgMatches) -> Result<Command, clap::Error> {
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        Ok(match Helm::has(name) {
            true => Command::Helm(Helm::from(name, matches)?),
            false => Command::Own(Own::from(name, matches)?),
        })
    }

    /// The exit code where the command cannot do its work.
    pub(crate) fn failure_code(&self) -> u8 {
        match self {
            Command::Helm(_) => 1,
            Command::Own(_) => 2,
        }
    }

    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        match self {
            Command::Helm(command) => command.run(context),
            Command::Own(command) => command.run(context),
        }
    }
}
