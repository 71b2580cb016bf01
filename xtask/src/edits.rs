//! `cargo xtask edits`: the property that no result of the cache is stale, for very many random edits.

use crate::task::Outcome;
use testkit::edits;

/// Edits of each folder: a run that is found to be wrong can then be looked at.
const RUN: usize = 1000;

/// Makes so many edits, from that seed on.
pub fn run(words: &[&str]) -> Outcome {
    let number = |name: &str, usual: u64| match words.iter().position(|word| *word == name) {
        None => Ok(usual),
        Some(at) => {
            words.get(at + 1).and_then(|word| word.parse().ok()).ok_or(format!("{name} wants a number"))
        }
    };
    let (wanted, seed) = (number("--edits", 100_000)? as usize, number("--seed", 1)?);
    let mut all = edits::Outcome::default();
    for at in 0..wanted.div_ceil(RUN) {
        let folder = std::env::temp_dir().join(format!("plimsoll-edits-{}-{at}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        // What is wrong stays where it is.
        let one = edits::run(&folder, RUN.min(wanted - at * RUN), seed + at as u64)?;
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        all.edits += one.edits;
        all.asked += one.asked;
        all.known += one.known;
    }
    println!("{} edits: {} of {} results were known, none was stale", all.edits, all.known, all.asked);
    Ok(())
}
