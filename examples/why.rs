//! Says where a field comes from: `cargo run --example why -- CHART KIND/NAME [FIELD]`.

#![allow(clippy::print_stdout, reason = "an example is a program")]

use plimsoll::{Chart, Options, Values, why};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [chart, object, field @ ..] = &words[..] else { return Err("name a chart and an object".into()) };
    let field = field.first().map_or("", String::as_str);
    let explanation = why(&Chart::load(chart)?, &Values::new(), &Options::default(), object, field)?;
    if let Some(line) = &explanation.location {
        println!("{}:{}", line.file, line.line.unwrap_or(1));
    }
    for value in &explanation.origin.values {
        let layer = value.layer.as_ref().map_or("nothing".to_owned(), ToString::to_string);
        println!("{} = {}, set by {layer}", value.template_key(), value.value);
    }
    Ok(())
}
