//! What every command shares ([`Context`]) and how it ends that did its work ([`Done`]).

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use terminal_size::terminal_size_of;

use crate::chart::{self, Chart};
use crate::cli::args::globals::Globals;
use crate::cli::error::Error;
use crate::fetch::{self, Event, Listener};
use crate::go::slog;
use crate::oci::secret::hidden;
use crate::report::{Look, safe};

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Nothing to complain of: 0.
    Clean,
    /// The work is done and something was found: 1.
    Findings,
    /// A part of the work could not be done, and the report says why: 2.
    Unable,
}

/// What every command shares: global flags, output, talk.
pub struct Context<'a> {
    /// The flags that stand before or after any command.
    pub globals: &'a Globals,
    /// Makes the whole command line as clap knows it, for the commands that describe it.
    pub line: fn() -> clap::Command,
    /// Whether a command of that name is our own and not Helm's.
    pub is_own: fn(&str) -> bool,
    /// Standard output: the command's data.
    pub out: &'a mut dyn Write,
    /// Standard error: talk.
    pub err: &'a mut dyn Write,
}

impl Context<'_> {
    /// Whether standard output takes colour: by flag, or where it is a terminal and `NO_COLOR` and its like do not forbid.
    pub fn color(&self) -> bool {
        match self.globals.color.as_deref() {
            Some("always") => true,
            Some("never") => false,
            _ => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        }
    }

    /// What a report is seen on: colours, and the width of the terminal, if standard output is one.
    pub fn look(&self) -> Look {
        let size = io::stdout().is_terminal().then(|| terminal_size_of(io::stdout())).flatten();
        let width = size.map(|(width, _)| usize::from(width.0)).filter(|columns| *columns > 0);
        Look { color: self.color(), width }
    }

    /// Says what Helm's log would say; what only helps to find mistakes where verbose output was asked for.
    pub fn log(&mut self, lines: &[slog::Line]) {
        let is_debug = self.globals.debug();
        for line in lines.iter().filter(|line| is_debug || line.level > slog::Level::Debug) {
            self.say(line.to_string());
        }
    }

    /// Says on standard error what happened while a chart was brought, whose output is for something else.
    pub fn told(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Said(text) => self.say(text),
                Event::Logged(line) => self.log(&[line]),
            }
        }
    }

    /// The chart that was loaded; if it was not, what Helm logs until it finds out is said.
    pub fn loaded(&mut self, outcome: Result<Chart, chart::Error>) -> Result<Chart, Error> {
        Ok(outcome.inspect_err(|error| self.log(&error.warnings))?)
    }

    /// Says a line of Helm's log that only helps to find mistakes.
    pub fn debug(&mut self, message: &str, attributes: &[(&str, &str)]) {
        self.log(&[slog::Line::debug(message, attributes)]);
    }

    /// Says a line on standard error, without what would play with a terminal or a log; that nobody listens there does not matter.
    pub fn say(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.err, "{}", safe(&hidden(line.as_ref())));
    }

    /// Does something that brings charts or sends one away, and says what happens meanwhile.
    pub fn telling<T>(
        &mut self,
        work: impl FnOnce(Listener<'_>) -> Result<T, fetch::Error>,
    ) -> Result<T, Error> {
        let mut written = Ok(());
        let outcome = work(&mut |event| match event {
            Event::Said(text) if written.is_ok() => written = writeln!(self.out, "{}", safe(&hidden(&text))),
            Event::Said(_) => {}
            Event::Logged(line) => self.log(&[line]),
        });
        written?;
        outcome.map_err(Error::new)
    }
}
