//! Renders a chart as `helm template` does: `cargo run --example render -- CHART [KEY=VALUE]`.

#![allow(clippy::print_stdout, reason = "an example is a program")]

use plimsoll::{Chart, Options, Values, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let chart = Chart::load(words.next().ok_or("name a chart")?)?;
    let values = words.fold(Values::new(), Values::set);
    print!("{}", render(&chart, &values, &Options::default())?);
    Ok(())
}
