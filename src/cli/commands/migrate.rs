//! `migrate`: carries values files from version to version of what they are for. What is done is in [`crate::migrate`]; here
//! are the flags, the files and what is printed.

use std::io::Write;

use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;
use serde_json::Value as Json;

use crate::cli::args::Switch;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::rewrite;
use crate::diagnostic::FileLine;
use crate::migrate::{self, By, Found, Migration, Table, Told};

/// Carry values files from one version of a chart to another
///
/// Goes through every change between the two versions, by the table of H2O MLOps or one of your own, and lists what concerns
/// the files: what changed, why, since when, what to do, at which line. --diff shows what the machine would change, --write
/// changes it in place; comments, order, quoting and line ends stay as they are to the byte. What no machine can decide is
/// left for a person.
///
/// Exits with 0 where nothing is left to do, with 1 where something is left, and with 2 where the work could not be done; then
/// no file was touched.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll migrate --from VERSION --to VERSION -f FILE [flags]")]
pub(crate) struct Args {
    /// Version that the files were written for
    #[arg(long, value_name = "VERSION")]
    from: String,
    /// Version that they shall serve
    #[arg(long, value_name = "VERSION")]
    to: String,
    /// Values file, or `-` for standard input (can specify multiple)
    #[arg(short = 'f', long = "values", value_name = "FILE", required = true)]
    files: Vec<String>,
    /// Table of changes [default: that of H2O MLOps]
    #[arg(long, value_name = "FILE")]
    table: Option<String>,
    /// Print what would change as a unified diff
    #[arg(long)]
    diff: Switch,
    /// Change the files in place
    #[arg(long)]
    write: Switch,
    /// Format of the list
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: Format,
}

/// How the list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs; keys are added, never renamed or removed.
    Json,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        if self.diff.is_on() && self.format == Format::Json {
            return Err(Error::new("--diff is a format of its own, leave --format json out"));
        }
        let table = self.read_table()?;
        let files = self.read()?;
        let migration = migrate::migrate(&table, &self.from, &self.to, &files)?;
        let texts = || {
            migration.files.iter().map(|file| (file.name.as_str(), file.before.as_str(), file.after.as_str()))
        };
        let written = if self.write.is_on() { rewrite::all(texts())? } else { Vec::new() };
        let is_applied = |change: &Found| self.write.is_on() && change.by == By::Machine;
        match self.format {
            Format::Json => self.print_json(&migration, &is_applied, context)?,
            Format::Human if self.diff.is_on() => rewrite::print_diff(texts(), context)?,
            Format::Human => self.print(&table, &migration, &is_applied, context)?,
        }
        for name in written {
            context.say(format!("wrote {name}"));
        }
        let is_left = migration.changes.iter().any(|change| !is_applied(change));
        Ok(if is_left { Done::Findings } else { Done::Clean })
    }

    fn read_table(&self) -> Result<Table, Error> {
        let Some(path) = &self.table else { return Ok(migrate::h2o_mlops()?) };
        let text = rewrite::text_of(path)?;
        migrate::read_table(&text).map_err(|problem| {
            let place = problem.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
            Error::new(format!("{place}: {}", problem.message))
                .hint("docs/migrate.md says how a table is written")
        })
    }

    /// The files with their texts, each once.
    fn read(&self) -> Result<Vec<(String, String)>, Error> {
        let mut files: Vec<(String, String)> = Vec::new();
        for name in &self.files {
            if files.iter().any(|(known, _)| known == name) {
                continue;
            }
            if name.trim() == "-" && self.write.is_on() {
                return Err(Error::new(
                    "standard input cannot be written to; give -f a file, or leave --write out",
                ));
            }
            files.push((name.clone(), rewrite::text_of(name)?));
        }
        Ok(files)
    }

    fn print_json(
        &self,
        migration: &Migration,
        is_applied: &dyn Fn(&Found) -> bool,
        context: &mut Context,
    ) -> Result<(), Error> {
        let change = |change| Change::of(change, is_applied(change));
        let document = Document {
            from: &self.from,
            to: &self.to,
            changes: migration.changes.iter().map(change).collect(),
            notes: migration.notes.iter().map(Note::of).collect(),
        };
        serde_json::to_writer_pretty(&mut *context.out, &document).map_err(std::io::Error::from)?;
        writeln!(context.out)?;
        Ok(())
    }

    fn print(
        &self,
        table: &Table,
        migration: &Migration,
        is_applied: &dyn Fn(&Found) -> bool,
        context: &mut Context,
    ) -> Result<(), Error> {
        let out = &mut *context.out;
        let names: Vec<&str> = migration.files.iter().map(|file| file.name.as_str()).collect();
        writeln!(out, "{}: {} from {} to {}", names.join(", "), table.title, self.from, self.to)?;
        for version in &table.versions {
            let since = version.to_string();
            let changes: Vec<&Found> =
                migration.changes.iter().filter(|change| change.since == since).collect();
            let notes: Vec<&Told> = migration.notes.iter().filter(|note| note.since == since).collect();
            if changes.is_empty() && notes.is_empty() {
                continue;
            }
            writeln!(out, "\n{since}")?;
            for change in changes {
                print_change(change, is_applied(change), out)?;
            }
            for note in notes {
                print_note(note, out)?;
            }
        }
        let count = |wanted: &dyn Fn(&&Found) -> bool| migration.changes.iter().filter(wanted).count();
        let by_machine = count(&|change| change.by == By::Machine);
        let left = migration.changes.len() - by_machine;
        let done = if self.write.is_on() { "made" } else { "that --write makes" };
        if migration.changes.is_empty() {
            writeln!(out, "\nnothing to do")?;
        } else {
            writeln!(out, "\n{by_machine} {} {done}, {left} left for you", plural(by_machine, "change"))?;
        }
        Ok(())
    }
}

/// The list for programs: keys are added, never renamed or removed.
#[derive(Serialize)]
struct Document<'a> {
    from: &'a str,
    to: &'a str,
    changes: Vec<Change<'a>>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
#[allow(clippy::struct_field_names, reason = "the names are the contract's")]
struct Change<'a> {
    path: String,
    change: &'a str,
    since: &'a str,
    replacement: Option<&'a str>,
    message: &'a str,
    applied: bool,
    location: Option<&'a FileLine>,
    by: &'a str,
    todo: Option<String>,
}

impl Change<'_> {
    fn of(change: &Found, applied: bool) -> Change<'_> {
        Change {
            path: change.path.to_set_expression(),
            change: change.change.word(),
            since: &change.since,
            replacement: change.replacement.as_deref(),
            message: &change.message,
            applied,
            location: change.location.as_ref(),
            by: if change.by == By::Machine { "machine" } else { "person" },
            todo: todo(change),
        }
    }
}

#[derive(Serialize)]
struct Note<'a> {
    since: &'a str,
    path: Option<&'a str>,
    default: Option<&'a Json>,
    message: &'a str,
}

impl Note<'_> {
    fn of(note: &Told) -> Note<'_> {
        Note {
            since: &note.since,
            path: note.path.as_deref(),
            default: note.default.as_ref(),
            message: &note.message,
        }
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// What is left to do about a change.
fn todo(change: &Found) -> Option<String> {
    match &change.by {
        By::Machine => None,
        By::Person => change.to_do.clone(),
        By::Refused(why) => Some(format!("change it by hand: {why}")),
    }
}

fn print_change(change: &Found, is_applied: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let place = match &change.location {
        Some(FileLine { file, line: Some(line), column: Some(column) }) => {
            format!("{file}:{line}:{column}: ")
        }
        Some(place) => format!("{}: ", place.file),
        None => String::new(),
    };
    writeln!(out, "  {place}{} {}", change.path.to_set_expression(), change.change)?;
    writeln!(out, "    why: {}", change.message)?;
    if let Some(replacement) = &change.replacement {
        writeln!(out, "    now: {replacement}")?;
    }
    let doing = match (todo(change), is_applied) {
        (Some(todo), _) => format!("to do: {todo}"),
        (None, true) => "done".to_owned(),
        (None, false) if change.by == By::Machine => "--write does it".to_owned(),
        (None, false) => "to do: decide what becomes of it".to_owned(),
    };
    writeln!(out, "    {doing}")
}

fn print_note(note: &Told, out: &mut dyn Write) -> std::io::Result<()> {
    match (&note.path, &note.default) {
        (Some(path), Some(default)) => {
            writeln!(out, "  new: {path} ({default} by default): {}", note.message)
        }
        (Some(path), None) => writeln!(out, "  new: {path}: {}", note.message),
        (None, _) => writeln!(out, "  note: {}", note.message),
    }
}
