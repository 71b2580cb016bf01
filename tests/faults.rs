//! Asks `plimsoll check` about the small faulty charts in `testdata/faults`. The files that a file's charts share stand before
//! its cases, those of a case in it, a section `file` each; `args` are further arguments, one a line. `told` is what was
//! found: severity, code and name with the place, `<` the calls on the way, `=` the rendered line, the values with their
//! layers, `&` other places, `?` suggestions, `:` the help.
//! `cargo xtask record faults` writes what the program says now; look at the difference before you commit it.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Arguments;
use serde_json::Value as Json;
use testkit::cases::{Case, File, Section};
use testkit::record::Driver;

fn main() {
    let driver = Driver { recorded: &["told"], answer };
    let trials = driver.trials(&testkit::testdata().join("faults")).expect("the cases are sound");
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn answer(file: &File, case: &Case) -> Result<Vec<Section>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let sections = file.shared.iter().chain(&case.sections);
    write_files(sections.clone(), folder.path()).map_err(|error| error.to_string())?;
    let args = sections.filter(|section| section.kind == "args").flat_map(|section| section.text.lines());
    let told = ask(args, folder.path()).map_err(|error| error.to_string())?;
    Ok(vec![Section::recorded("told", "", told.trim())])
}

fn write_files<'a>(sections: impl Iterator<Item = &'a Section>, folder: &Path) -> std::io::Result<()> {
    for section in sections.filter(|section| section.kind == "file") {
        let path = folder.join(&section.name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, format!("{}\n", section.text))?;
    }
    Ok(())
}

fn ask<'a>(args: impl Iterator<Item = &'a str>, folder: &Path) -> std::io::Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", ".", "--format", "json", "--deterministic"])
        .args(args)
        .current_dir(folder)
        .output()?;
    match serde_json::from_slice::<Json>(&output.stdout) {
        Ok(answer) => {
            Ok(list(&answer["charts"]).flat_map(|chart| list(&chart["diagnostics"])).map(told).collect())
        }
        Err(_) => Ok(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn list(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn place(location: &Json) -> String {
    let number = |key: &str| location.get(key).map_or(String::new(), |number| format!(":{number}"));
    format!("{}{}{}", text(&location["file"]), number("line"), number("column"))
}

/// A finding in short.
fn told(finding: &Json) -> String {
    let head =
        format!("{} {} {}", text(&finding["severity"]), text(&finding["code"]), text(&finding["name"]));
    let mut told =
        format!("{head} {}\n  {}\n", place(&finding["location"]), text(&finding["message"]).trim());
    for site in list(&finding["includes"]) {
        told += &format!("  < {}:{} {}\n", text(&site["file"]), site["line"], text(&site["template"]));
    }
    if finding["rendered"].is_object() {
        told += &format!("  = {}:{}\n", finding["rendered"]["line"], finding["rendered"]["column"]);
    }
    for value in list(&finding["values"]) {
        let layer = value["layer"].as_str().map_or("not set".to_owned(), str::to_owned);
        let line = value.get("line").map_or(String::new(), |line| format!(":{line}"));
        told += &format!(
            "  {} ({}) = {} {layer}{line}\n",
            text(&value["key"]),
            text(&value["path"]),
            value["value"]
        );
    }
    for value in list(&finding["conditions"]) {
        told += &format!("  if {} ({}) = {}\n", text(&value["key"]), text(&value["path"]), value["value"]);
    }
    for related in list(&finding["related"]) {
        told += &format!("  & {}\n", place(&related["location"]));
    }
    for path in list(&finding["suggestions"]) {
        told += &format!("  ? {}\n", text(path));
    }
    if let Some(help) = finding["help"].as_str() {
        told += &format!("  : {help}\n");
    }
    told
}
