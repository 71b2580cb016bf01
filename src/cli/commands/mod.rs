//! The commands: a file each, which holds its flags and what it does with them.

use clap::Subcommand;

use crate::cli::context::{Context, Done, Failure};

pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod dependency;
pub(crate) mod env;
pub(crate) mod explain;
pub(crate) mod lint;
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

/// Every command: Helm's first, then ours.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
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
    Check(Box<check::Args>),
    Config(config::Args),
    Explain(explain::Args),
    Patch(Box<patch::Args>),
    Rules(rules::Args),
    Why(Box<why::Args>),
}

impl Command {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Failure> {
        match self {
            Command::Completion(args) => args.run(context),
            Command::Env(args) => args.run(context),
            Command::Dependency(args) => args.run(context),
            Command::Lint(args) => args.run(context),
            Command::Package(args) => args.run(context),
            Command::Pull(args) => args.run(context),
            Command::Push(args) => args.run(context),
            Command::Registry(args) => args.run(context),
            Command::Show(args) => args.run(context),
            Command::Template(args) => args.run(context),
            Command::Verify(args) => args.run(context),
            Command::Version(args) => args.run(context),
            Command::Check(args) => args.run(context),
            Command::Config(args) => args.run(context),
            Command::Explain(args) => args.run(context),
            Command::Patch(args) => args.run(context),
            Command::Rules(args) => args.run(context),
            Command::Why(args) => args.run(context),
        }
    }
}
