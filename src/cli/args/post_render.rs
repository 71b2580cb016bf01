//! `--post-renderer`: an executable that reads the manifests and writes others in their stead. As with Helm 3 it is a
//! program, not a plugin, and hooks do not pass through it.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Args;

use crate::cli::error::Error;
use crate::files;
use crate::go::os::error_text;
use crate::go::raw;

/// The flags of a post-renderer.
#[derive(Args, Debug)]
#[command(next_help_heading = "Post-rendering")]
pub(crate) struct PostRenderArgs {
    /// An executable that the manifests (not the hooks) are piped through
    #[arg(long, value_name = "PROGRAM", value_parser = executable)]
    post_renderer: Option<String>,
    /// An argument to the post-renderer (can specify multiple)
    #[arg(long, value_name = "ARG")]
    post_renderer_args: Vec<String>,
}

/// The name of a program that is there. Helm refuses the name of a plugin that it does not know before it looks at the chart.
fn executable(name: &str) -> Result<String, String> {
    let is_there = |path: &Path| path.metadata().is_ok_and(|about| !about.is_dir());
    let alone = raw::path(name);
    // The name alone is looked for where programs are.
    let folders = match alone.components().count() {
        1 if !alone.is_absolute() => std::env::var_os("PATH").unwrap_or_default(),
        _ => OsString::from("."),
    };
    let whole = [alone.to_path_buf(), raw::path(&format!("{name}{EXE_SUFFIX}")).into_owned()];
    let mut places =
        std::env::split_paths(&folders).flat_map(|folder| whole.each_ref().map(|name| folder.join(name)));
    match name.is_empty() || places.any(|place| is_there(&place)) {
        true => Ok(name.to_owned()),
        false => Err(format!("plugin: {{Name:{name} Type:postrenderer/v1}} not found")),
    }
}

impl PostRenderArgs {
    /// Refuses what cannot be done: a stream that a program wrote has no files.
    pub(crate) fn check(&self, has_folder: bool) -> Result<(), Error> {
        if has_folder && self.program().is_some() {
            return Err(Error::new(
                "--post-renderer with --output-dir is not done here: what a program writes cannot be told apart \
                        into the files of the templates; leave one of them out",
            ));
        }
        Ok(())
    }

    fn program(&self) -> Option<&str> {
        self.post_renderer.as_deref().filter(|program| !program.is_empty())
    }

    /// What the post-renderer makes of the manifests; the manifests where there is none.
    pub(crate) fn run(&self, manifests: Vec<u8>) -> Result<Vec<u8>, Error> {
        let Some(program) = self.program() else { return Ok(manifests) };
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(format!("error while running post render on files: {program}: {error}"))
        };
        let mut child = Command::new(raw::path(program).as_os_str())
            .args(&self.post_renderer_args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => {
                    failed(&"there is no such program (plugins of Helm 4 are not run: give an executable)")
                }
                _ => failed(&error_text(&error)),
            })?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let output = std::thread::scope(|scope| {
            // A program that does not read its input to the end closes the pipe, which is its own affair.
            scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(&manifests)));
            let written = stdout.map_or(Ok(Vec::new()), |stdout| files::read_to_end(stdout, files::LARGEST));
            if written.is_err() {
                let _ = child.kill();
            }
            let status = child.wait();
            written.and_then(|written| Ok((written, status?)))
        });
        let (written, status) = output.map_err(|error| failed(&error_text(&error)))?;
        if !status.success() {
            return Err(failed(&format!("ended with {status}")));
        }
        if written.trim_ascii().is_empty() {
            return Err(failed(&"wrote nothing"));
        }
        Ok(written)
    }
}
