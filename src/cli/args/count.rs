//! How many words a command takes. Clap could count them, too, but not in Helm's words.

use std::ops::RangeInclusive;

use crate::cli::error::Error;

/// Refuses a number of words that a command does not take; the usage is what follows `plimsoll`.
/// Helm: cmd/require/args.go.
pub(crate) fn check_count(words: &[String], wanted: RangeInclusive<usize>, usage: &str) -> Result<(), Error> {
    if wanted.contains(&words.len()) {
        return Ok(());
    }
    let command: Vec<&str> =
        usage.split(' ').take_while(|word| word.starts_with(char::is_lowercase)).collect();
    let count = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
    let complaint = match (*wanted.start(), *wanted.end()) {
        (_, 0) => "accepts no arguments".to_owned(),
        (low, high) if low == high => format!("requires {}", count(low)),
        (low, _) if words.len() < low => format!("requires at least {}", count(low)),
        (_, high) => format!("accepts at most {}", count(high)),
    };
    let command = command.join(" ");
    Err(Error::new(format!("\"plimsoll {command}\" {complaint}\n\nUsage:  plimsoll {usage} [flags]")))
}
