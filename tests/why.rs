//! Asks `plimsoll why` of the small charts in `testdata/why`. The chart of a file stands before its cases, a section `file`
//! each; a case says in `why` what is asked, and in `told` the answer: the template line, `<` the calls on the way, outermost
//! first, then each value with its path, what it is, and its layer, and `hides` the layers behind that.
//! `cargo xtask record why` writes what the program says now; look at the difference before you commit it.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Arguments;
use serde_json::Value as Json;
use testkit::cases::{Case, File, Section};
use testkit::record::Driver;

fn main() {
    let driver = Driver { recorded: &["told"], answer };
    let trials = driver.trials(&testkit::testdata().join("why")).expect("the cases are sound");
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn answer(file: &File, case: &Case) -> Result<Vec<Section>, String> {
    let question = case.sections.iter().find(|section| section.kind == "why").ok_or("no section `why`")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    write_chart(file, folder.path()).map_err(|error| error.to_string())?;
    let answer = ask(&question.name, folder.path()).map_err(|error| error.to_string())?;
    Ok(vec![Section::recorded("told", "", answer.trim())])
}

fn write_chart(file: &File, folder: &Path) -> std::io::Result<()> {
    for section in &file.shared {
        let path = folder.join(&section.name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, format!("{}\n", section.text))?;
    }
    Ok(())
}

/// Runs the question in the folder with the chart.
fn ask(words: &str, folder: &Path) -> std::io::Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["why", "."])
        .args(words.split_whitespace())
        .args(["--format", "json"])
        .current_dir(folder)
        .output()?;
    match serde_json::from_slice(&output.stdout) {
        Ok(answer) => Ok(told(&answer)),
        Err(_) => Ok(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// The answer in short.
fn told(answer: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    if answer["absent"] == true {
        return told_absence(answer);
    }
    let location = &answer["location"];
    let mut told = format!("{}:{}\n", text(&location["file"]), location["line"]);
    for site in list(&answer["includes"]) {
        told += &format!("< {}:{} {}\n", text(&site["file"]), site["line"], text(&site["template"]));
    }
    for value in list(&answer["values"]) {
        told += &told_value(&value);
    }
    for value in list(&answer["conditions"]) {
        told += &format!("if {}", told_value(&value));
    }
    told.trim_end().to_owned()
}

/// Why something is not there: the conditions, each with its values, and the flags that bring it.
fn told_absence(answer: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let mut told = "absent\n".to_owned();
    if let Some(moments) = answer["dropped"].as_str() {
        told += &format!("dropped: {moments} {}\n", text(&answer["location"]["file"]));
    }
    for obstacle in list(&answer["obstacles"]) {
        let location = &obstacle["location"];
        let place = format!("{}:{}", text(&location["file"]), location["line"]);
        let wanted = if obstacle["wants"] == true { "" } else { "not " };
        told += &format!("{place} {wanted}{} {}\n", text(&obstacle["word"]), text(&obstacle["condition"]));
        for value in list(&obstacle["values"]) {
            told += &told_value(&value);
        }
    }
    for flag in list(&answer["flags"]) {
        let note = if flag["example"] == true { " (example)" } else { "" };
        told += &format!("with {} {}{note}\n", text(&flag["flag"]), text(&flag["text"]));
    }
    for file in list(&answer["files"]) {
        told += &format!("with a file {}\n", text(&file));
    }
    told.trim_end().to_owned()
}

fn told_value(value: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |value: &Json| value.get("line").map_or(String::new(), |line| format!(":{line}"));
    let mut told = format!("{} ({}) = {} ", text(&value["key"]), text(&value["path"]), value["value"]);
    match (value["layer"].as_str(), value.get("nearest")) {
        (Some(layer), _) => told += &format!("{layer}{}", line(value)),
        (None, Some(near)) => {
            told += &format!("not set, {} {}{}", text(&near["path"]), text(&near["layer"]), line(near));
        }
        (None, None) => told += "not set",
    }
    told.push('\n');
    for shadow in value["shadows"].as_array().into_iter().flatten() {
        told += &format!("  hides {} {}{}\n", shadow["value"], text(&shadow["layer"]), line(shadow));
    }
    for list in value["replaced"].as_array().into_iter().flatten() {
        told += &format!("  replaces list {} {}{}\n", text(&list["path"]), text(&list["layer"]), line(list));
    }
    for null in value["nulls"].as_array().into_iter().flatten() {
        told += &format!("  in spite of null {}{}\n", text(&null["layer"]), line(null));
    }
    told
}
