//! What is said of a command, a flag or a rule that is not there, and which one may have been meant; for commands and flags
//! in Helm's words.

use clap::Command;

use crate::go::raw;
use crate::go::strconv::quote;
use crate::judge::codes;
use crate::{rules, suggest};

/// The text for a word that is no command of `parent`, which is the whole command line or a command that holds others;
/// `is_own` says which commands are ours and not Helm's.
/// Cobra: `legacyArgs`.
pub(crate) fn command(word: &str, parent: &Command, is_own: fn(&str) -> bool) -> String {
    let path = parent.get_bin_name().unwrap_or(parent.get_name());
    format!(
        "unknown command {} for \"{path}\"\n{}Run '{path} --help' for usage.",
        quote(raw::bytes(word)),
        likely_commands(word, parent, is_own)
    )
}

/// The commands that the word may have been meant for, as Cobra chooses them: those that begin with it, and those that two
/// changed letters make of it. Cobra: `SuggestionsFor`.
fn likely_commands(word: &str, parent: &Command, is_own: fn(&str) -> bool) -> String {
    let word = word.to_lowercase();
    // Helm has not ours: they are meant where one letter is wrong, and never instead of what Helm would say.
    let most = |name: &str| if is_own(name) { 1 } else { 2 };
    let is_like = |name: &&str| name.starts_with(&word) || strsim::levenshtein(&word, name) <= most(name);
    let mut names: Vec<&str> = parent.get_subcommands().map(Command::get_name).filter(is_like).collect();
    if names.is_empty() {
        return String::new();
    }
    names.sort_unstable();
    let lines: String = names.iter().map(|name| format!("\t{name}\n")).collect();
    format!("\nDid you mean this?\n{lines}\n")
}

/// pflag's text for a flag that is not there; a word too many is named as what it is.
pub(crate) fn flag(flag: &str) -> String {
    let name = flag.split('=').next().unwrap_or(flag);
    if name.starts_with("--") {
        format!("unknown flag: {name}")
    } else if let Some(letter) = name.strip_prefix('-').and_then(|rest| rest.chars().next()) {
        // pflag takes the first byte of the letter's text, and that for a character.
        let text = raw::byte(letter).map_or(letter, char::from).to_string();
        format!("unknown shorthand flag: '{}' in {flag}", char::from(text.as_bytes()[0]))
    } else {
        format!("unexpected argument: {flag}")
    }
}

/// A hint at the flag of the command that may have been meant. Helm gives none, so its commands give none, either.
pub(crate) fn likely_flag(flag: &str, command: &Command) -> Option<String> {
    let name = flag.split('=').next()?.strip_prefix("--")?;
    let known = command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(clap::Arg::get_long);
    suggest::closest(name, known).map(|name| format!("hint: did you mean `--{name}`?"))
}

/// A hint at the rule that may have been meant, by name or code.
pub(crate) fn likely_rule(word: &str) -> String {
    let names = rules::all().into_iter().flat_map(|rule| [rule.name, rule.code]);
    let names = names.chain(codes::CODES.iter().flat_map(|code| [code.name, code.code]));
    match suggest::closest(word, names) {
        Some(name) => format!("did you mean `{name}`? `plimsoll rules` lists them all"),
        None => "`plimsoll rules` lists them all".to_owned(),
    }
}
