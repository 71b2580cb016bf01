//! Judges a chart and says what is wrong with it: `cargo run --example check -- CHART`.

#![allow(clippy::print_stdout, reason = "an example is a program")]

use plimsoll::{Chart, Options, Values, check};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let chart = Chart::load(std::env::args().nth(1).ok_or("name a chart")?)?;
    let report = check(&chart, &Values::new(), &Options::default())?;
    for finding in &report.diagnostics {
        let source = finding.location.source.as_ref();
        let place = source.map_or(String::new(), |at| format!("{}:{}: ", at.file, at.line.unwrap_or(1)));
        println!("{place}{} {}: {}", finding.severity, finding.code, finding.message);
    }
    for verdict in &report.verdicts {
        println!("{}: {}", verdict.profile, if verdict.valid { "valid" } else { "not valid" });
    }
    Ok(())
}
