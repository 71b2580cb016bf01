//! The commands: a file each, which holds its flags and what it does with them.

use clap::Subcommand;

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;

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

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Helm(Helm),
    #[command(flatten)]
    Own(Own),
}

/// The commands that Helm has, too: they say what Helm says, and their errors end with 1.
#[derive(Debug, Subcommand)]
pub(crate) enum Helm {
    Completion(completion::Args),
    #[command(alias = "dep", alias = "dependencies")]
    Dependency(dependency::Args),
    Env(env::Args),
    Lint(Box<lint::Args>),
    Package(Box<package::Args>),
    #[command(alias = "fetch")]
    Pull(Box<pull::Args>),
    Push(push::Args),
    Registry(registry::Args),
    #[command(alias = "inspect")]
    Show(Box<show::Args>),
    Template(Box<template::Args>),
    Verify(verify::Args),
    Version(version::Args),
}

/// The commands of our own. With 1 they say that something was found; their errors end with 2.
#[derive(Debug, Subcommand)]
pub(crate) enum Own {
    Check(Box<check::Args>),
    Config(config::Args),
    Explain(explain::Args),
    Fix(Box<fix::Args>),
    Help(help::Args),
    Init(init::Args),
    Merge(merge::Args),
    Migrate(migrate::Args),
    Patch(Box<patch::Args>),
    Rules(rules::Args),
    Why(Box<why::Args>),
}

/// Whether a command of that name is our own.
pub(crate) fn is_own(name: &str) -> bool {
    Own::has_subcommand(name)
}

impl Command {
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

impl Helm {
    fn run(&self, context: &mut Context) -> Result<Done, Error> {
        match self {
            Helm::Completion(args) => args.run(context),
            Helm::Dependency(args) => args.run(context),
            Helm::Env(args) => args.run(context),
            Helm::Lint(args) => args.run(context),
            Helm::Package(args) => args.run(context),
            Helm::Pull(args) => args.run(context),
            Helm::Push(args) => args.run(context),
            Helm::Registry(args) => args.run(context),
            Helm::Show(args) => args.run(context),
            Helm::Template(args) => args.run(context),
            Helm::Verify(args) => args.run(context),
            Helm::Version(args) => args.run(context),
        }
    }
}

impl Own {
    fn run(&self, context: &mut Context) -> Result<Done, Error> {
        match self {
            Own::Check(args) => args.run(context),
            Own::Config(args) => args.run(context),
            Own::Explain(args) => args.run(context),
            Own::Fix(args) => args.run(context),
            Own::Help(args) => args.run(context),
            Own::Init(args) => args.run(context),
            Own::Merge(args) => args.run(context),
            Own::Migrate(args) => args.run(context),
            Own::Patch(args) => args.run(context),
            Own::Rules(args) => args.run(context),
            Own::Why(args) => args.run(context),
        }
    }
}
