//! Why something is not there, told to people and to machines.

use std::io::{self, Write};

use serde::Serialize;

use super::json::Value as ValueJson;
use super::look::{Look, cut, flat};
use super::place::in_chart;
use super::why::write_value;
use crate::diagnostic::{FileLine, ObjectId, ValueOrigin};
use crate::judge::ChartReport;
use crate::judge::absent::{Absence, FILE, Flag};
use crate::render::Obstacle;

#[derive(Serialize)]
struct Document<'a> {
    object: &'a ObjectId,
    field: Option<String>,
    /// That it is not there.
    absent: bool,
    obstacles: Vec<ObstacleJson<'a>>,
    /// The moments of a hook that Helm does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a FileLine>,
    flags: Vec<FlagJson<'a>>,
    /// The files that the chart has to have.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    files: &'a [String],
}

#[derive(Serialize)]
struct ObstacleJson<'a> {
    location: &'a FileLine,
    word: &'a str,
    condition: &'a str,
    wants: bool,
    values: Vec<ValueJson<'a>>,
}

#[derive(Serialize)]
struct FlagJson<'a> {
    flag: &'a str,
    text: &'a str,
    example: bool,
}

impl ObstacleJson<'_> {
    fn of(obstacle: &Obstacle) -> ObstacleJson<'_> {
        let Obstacle { place, word, condition, wants, values, .. } = obstacle;
        let values = values.iter().map(ValueJson::of).collect();
        ObstacleJson { location: place, word, condition, wants: *wants, values }
    }
}

impl FlagJson<'_> {
    fn of(flag: &Flag) -> FlagJson<'_> {
        FlagJson { flag: flag.name, text: &flag.text, example: flag.is_example }
    }
}

/// Writes it as JSON: keys are added, never renamed or removed.
///
/// # Errors
/// Those of the writer.
pub fn write_json(absence: &Absence, out: &mut dyn Write) -> io::Result<()> {
    let Absence { object, field, obstacles, dropped, flags, files } = absence;
    let document = Document {
        object,
        field: field.as_ref().map(ToString::to_string),
        absent: true,
        obstacles: obstacles.iter().map(ObstacleJson::of).collect(),
        dropped: dropped.as_ref().map(|(moments, _)| moments.as_str()),
        location: dropped.as_ref().map(|(_, place)| place),
        flags: flags.iter().map(FlagJson::of).collect(),
        files,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Writes it for people.
///
/// # Errors
/// Those of the writer.
pub fn write_human(
    absence: &Absence,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Absence { object, field, obstacles, dropped, flags, files } = absence;
    let shown = field.as_ref().map_or(String::new(), |field| format!(" {field}"));
    writeln!(out, "{}{} is not there", look.bold(&flat(&object.to_string())), flat(&shown))?;
    if let Some((moments, place)) = dropped {
        writeln!(out, "  {} {}", look.dim("-->"), flat(&in_chart(chart, &place.file)))?;
        writeln!(
            out,
            "  Helm leaves it out: `helm.sh/hook: {}` names no moment that it knows",
            flat(moments)
        )?;
        return Ok(());
    }
    let mut told: Vec<&ValueOrigin> = Vec::new();
    for obstacle in obstacles {
        write_obstacle(obstacle, chart, look, out)?;
        for value in &obstacle.values {
            if !told.contains(&value) {
                write_value(value, chart, look, out)?;
                told.push(value);
            }
        }
        writeln!(out)?;
    }
    let note = if flags.iter().any(|flag| flag.is_example) { " (with values of your own)" } else { "" };
    let said = [command_line(flags)].into_iter().filter(|said| !said.is_empty());
    let files = files.iter().map(|file| format!("a file {file} in the chart"));
    let said = said.chain(files).collect::<Vec<_>>().join(", and ");
    writeln!(out, "{}{note}: {}", look.bold("it is there with"), flat(&said))
}

fn write_obstacle(
    obstacle: &Obstacle,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Obstacle { place, excerpt, word, condition, wants, .. } = obstacle;
    let line = place.line.map_or(String::new(), |line| format!(":{line}"));
    writeln!(out, "  {} {}{line}", look.dim("-->"), flat(&in_chart(chart, &place.file)))?;
    if let (Some(excerpt), Some(line)) = (excerpt, place.line) {
        let number = line.to_string();
        let room = look.columns().saturating_sub(number.len() + 6);
        writeln!(out, "  {} {} {}", look.dim(&number), look.dim("|"), cut(excerpt, room))?;
    }
    if matches!(*word, "condition" | "tags") {
        return writeln!(out, "  the dependency is switched off by its {word} {}", flat(condition));
    }
    match (*word, wants) {
        ("range", true) => writeln!(out, "  there is nothing to go through"),
        (_, true) => writeln!(out, "  it would have to be true"),
        (_, false) => writeln!(out, "  it would have to be false"),
    }
}

/// Flags as one types them.
pub fn command_line(flags: &[Flag]) -> String {
    let flag = |Flag { name, text, .. }: &Flag| match *name {
        FILE => format!("a file {text} in the chart"),
        name => format!("{name} {}", quoted(text)),
    };
    flags.iter().map(flag).collect::<Vec<_>>().join(" ")
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
