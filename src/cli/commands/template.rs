//! `template`: renders a chart and prints it as `helm template` of 4.3.1 does, every flag included. The rendering itself is
//! in [`crate::render`]; here are its flags and the form of what is printed.

use std::fmt;
use std::io;
use std::mem::ManuallyDrop;

use clap::Args as ClapArgs;

use crate::chart;
use crate::cli::args::count::check_count;
use crate::cli::args::inert;
use crate::cli::args::name;
use crate::cli::args::post_render::PostRenderArgs;
use crate::cli::args::{CapabilitiesArgs, RepeatArgs, SourceArgs, Switch, ValuesArgs};
use crate::cli::context::{Context, Done};
use crate::cli::environment::times;
use crate::cli::error::Error;
use crate::cli::output_dir;
use crate::fetch::Fetcher;
use crate::fetch::dependencies::Dependencies;
use crate::fetch::provenance::Proof;
use crate::go::bytes::trim_space;
use crate::go::{self, raw, slog};
use crate::manifest::{HelmVersion, Hook, source, split};
use crate::render::{self, Failed, Rendered, Request};

/// Locally render templates
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll template [NAME] [CHART] [flags]")]
pub(crate) struct Args {
    /// The name of the release, if it is not `release-name`, and the chart: a folder or an archive
    #[arg(value_name = "[NAME] CHART")]
    words: Vec<String>,
    #[command(flatten)]
    values: ValuesArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    release: name::NameArgs,
    #[command(flatten)]
    print: PrintArgs,
    /// Set .Release.IsUpgrade instead of .Release.IsInstall
    #[arg(long)]
    is_upgrade: Switch,
    /// Enable DNS lookups when rendering templates
    #[arg(long)]
    enable_dns: Switch,
    /// Disable JSON schema validation
    #[arg(long)]
    skip_schema_validation: Switch,
    /// Update dependencies if they are missing before installing the chart
    #[arg(long)]
    dependency_update: Switch,
    #[command(flatten)]
    post_render: PostRenderArgs,
    #[command(flatten)]
    repeat: RepeatArgs,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    inert: inert::InertArgs,
}

/// What of a release is printed, and where to.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Output")]
struct PrintArgs {
    /// Only show manifests rendered from the given templates
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,
    /// Write the executed templates to files in this folder instead of stdout
    #[arg(long, value_name = "DIR")]
    output_dir: Option<String>,
    /// Use release name in the output-dir path
    #[arg(long)]
    release_name: Switch,
    /// Include CRDs in the templated output
    #[arg(long)]
    include_crds: Switch,
    /// Skip tests from templated output
    #[arg(long)]
    skip_tests: Switch,
    /// Leave hooks out
    #[arg(long)]
    no_hooks: Switch,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        check_count(&self.words, 1..=usize::MAX, "template [NAME] [CHART]")?;
        self.inert.announce(context);
        let capabilities = self.capabilities.read()?;
        self.inert.check(context)?;
        self.post_render.check(self.output_folder().is_some())?;
        context.debug(
            "Original chart version",
            &[("version", self.source.version.as_deref().unwrap_or_default())],
        );
        let (name, reference) = self.release.name_and_chart(&self.words)?;
        let (path, said) =
            self.source.locate(reference, self.inert.devel, context.globals).map_err(Error::new)?;
        context.told(said);
        context.debug("Chart path", &[("path", &raw::of_path(&path))]);
        let user = self.values.read()?;
        // What is large is not taken apart at the end: the process ends with it.
        let chart = ManuallyDrop::new(context.loaded(chart::load(&path))?);
        let release =
            render::Release::new(name, context.globals.namespace()).upgrade(self.is_upgrade.is_on());
        let schema = (!self.skip_schema_validation.is_on()).then(|| self.repeat.schemas());
        let request = ManuallyDrop::new(Request { capabilities, schema, ..Request::new(release) });
        let mut host = self.repeat.host(self.enable_dns.is_on())?;
        let mut rendered = render::render(&chart, &user.values, &request, host.as_mut());
        if let Err(Failed { error: render::Error::MissingDependencies(_), .. }) = &rendered
            && self.dependency_update.is_on()
        {
            update_dependencies(&self.source.fetcher(context.globals), &raw::of_path(&path), context)?;
            let chart = chart::load(&path)
                .map_err(|error| Error::new(format!("failed reloading chart after repo update: {error}")))?;
            rendered = render::render(&chart, &user.values, &request, host.as_mut());
        }
        match rendered {
            Ok(rendered) => {
                context.log(&rendered.warnings);
                self.print(&rendered, &request.release.name, context)?;
                Ok(Done::Clean)
            }
            Err(failed) => {
                context.log(&failed.warnings);
                Err(self.failure(failed.error, context)?)
            }
        }
    }

    /// What is printed and said of a rendering that failed. Helm: cmd/template.go.
    fn failure(&self, error: render::Error, context: &mut Context) -> Result<Error, Error> {
        match &error {
            render::Error::Name(text) => {
                context.log(&[slog::Line::error("release name check failed", &[("error", text)])]);
            }
            render::Error::Dependencies(inner) => {
                let text = inner.to_string();
                context
                    .log(&[slog::Line::error("chart dependencies processing failed", &[("error", &text)])]);
            }
            _ => {}
        }
        if !error.has_release() {
            return Ok(error.into());
        }
        if !context.globals.debug() {
            return Ok(invalid_yaml(error));
        }
        let mut text = Vec::new();
        if let render::Error::Yaml { outputs, .. } = &error {
            for output in outputs.iter().filter(|output| !trim_space(output.text.as_bytes()).is_empty()) {
                document(&mut text, &output.name, output.text.as_bytes());
            }
        }
        let mut text = trim_space(&text).to_vec();
        text.push(b'\n');
        // A template that is not there may be in what could not be rendered.
        let _ = self.show(&text, context)?;
        Ok(error.into())
    }

    /// Where `--output-dir` points, if it does.
    fn output_folder(&self) -> Option<&str> {
        self.print.output_dir.as_deref().filter(|folder| !folder.is_empty())
    }

    /// Prints a release, or writes it to files.
    fn print(&self, rendered: &Rendered, release: &str, context: &mut Context) -> Result<(), Error> {
        let hooks: Vec<&Hook> = rendered
            .hooks
            .iter()
            .filter(|hook| !(self.print.no_hooks.is_on() || self.print.skip_tests.is_on() && hook.is_test()))
            .collect();
        let crds = if self.print.include_crds.is_on() { &rendered.crds[..] } else { &[] };
        let text = match self.output_folder() {
            Some(folder) => {
                let below = match self.print.release_name.is_on() {
                    true => go::path::join(&[folder, release]),
                    false => folder.to_owned(),
                };
                let written =
                    output_dir::write_release(folder, &below, crds, &rendered.manifests, context.out);
                written.map_err(|error| match context.globals.debug() {
                    true => Error::new(error),
                    false => invalid_yaml(error),
                })?;
                output_dir::write_hooks(&below, &hooks, context.out)?;
                b"\n".to_vec()
            }
            None => {
                self.post_render.run(whole(crds, rendered)).map(|manifests| with_hooks(manifests, &hooks))?
            }
        };
        Ok(self.show(&text, context)??)
    }

    /// Prints the text, or the documents of it that `--show-only` wants; the error inside is that there is none.
    fn show(&self, text: &[u8], context: &mut Context) -> io::Result<Result<(), NoTemplate>> {
        if self.print.show_only.is_empty() {
            return context.out.write_all(text).map(Ok);
        }
        let documents = match show_only(text, &self.print.show_only) {
            Ok(documents) => documents,
            Err(error) => return Ok(Err(error)),
        };
        for document in documents {
            context.out.write_all(b"---\n")?;
            context.out.write_all(document)?;
            context.out.write_all(b"\n")?;
        }
        Ok(Ok(()))
    }
}

/// Chooses the dependencies of the chart in a folder anew and brings them. Helm: downloader `Manager.Update`.
fn update_dependencies(fetcher: &Fetcher, folder: &str, context: &mut Context) -> Result<(), Error> {
    let times = times()?;
    let (skip_refresh, proof) = (false, Proof::Never);
    context
        .telling(|listener| Dependencies { fetcher, folder, skip_refresh, times, proof, listener }.update())
}

/// An error of a release that Helm would print with `--debug`.
fn invalid_yaml(error: impl fmt::Display) -> Error {
    Error::new(format!("{error}\n\nUse --debug flag to render out invalid YAML"))
}

/// A document as Helm prints it.
fn document(text: &mut Vec<u8>, template: &str, content: &[u8]) {
    text.extend_from_slice(&raw::bytes(&source::head(template)));
    text.extend_from_slice(content);
    text.push(b'\n');
}

/// Everything but hooks. Helm: action/action.go `renderResources`.
fn whole(crds: &[render::Crd], rendered: &Rendered) -> Vec<u8> {
    let size: usize = rendered.manifests.iter().map(|manifest| manifest.text.len() + 64).sum();
    let mut text = Vec::with_capacity(size);
    for crd in crds {
        document(&mut text, &crd.source, crd.text.as_bytes());
    }
    for manifest in &rendered.manifests {
        document(&mut text, &manifest.source, manifest.text.as_bytes());
    }
    text
}

/// The release as it is printed: trimmed, then the hooks. Helm: cmd/template.go.
fn with_hooks(manifests: Vec<u8>, hooks: &[&Hook]) -> Vec<u8> {
    let mut text = trim_space(&manifests).to_vec();
    text.push(b'\n');
    for hook in hooks {
        document(&mut text, &hook.manifest.source, hook.manifest.text.as_bytes());
    }
    text
}

/// The documents of the templates that the patterns match, pattern by pattern. Helm: cmd/template.go.
fn show_only<'a>(text: &'a [u8], patterns: &[String]) -> Result<Vec<&'a [u8]>, NoTemplate> {
    let documents: Vec<&[u8]> =
        split::split(text, HelmVersion::Helm4).into_iter().map(|range| &text[range]).collect();
    let mut shown = Vec::new();
    for pattern in patterns {
        let matching = documents.iter().filter(|document| {
            source_in_chart(document)
                .is_some_and(|path| go::path::matches(&*raw::bytes(pattern), path) == Ok(true))
        });
        let before = shown.len();
        shown.extend(matching.copied());
        if shown.len() == before {
            return Err(NoTemplate(pattern.clone()));
        }
    }
    Ok(shown)
}

/// A pattern of `--show-only` that no template has.
#[derive(Debug)]
struct NoTemplate(String);

impl fmt::Display for NoTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not find template {} in chart", self.0)
    }
}

impl std::error::Error for NoTemplate {}

/// Go: the first match of `# Source: [^/]+/(.+)`, the group.
fn source_in_chart(document: &[u8]) -> Option<&[u8]> {
    const SOURCE: &[u8] = b"# Source: ";
    let mut rest = document;
    while let Some(at) = go::bytes::index(rest, SOURCE) {
        rest = &rest[at + SOURCE.len()..];
        // `[^/]+` may run over line ends, `.+` may not.
        let Some(end) = memchr::memchr(b'/', rest) else { continue };
        let (chart, after) = (&rest[..end], &rest[end + 1..]);
        let path = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if !chart.is_empty() && !path.is_empty() {
            return Some(path);
        }
    }
    None
}
