//! `cargo xtask gen [--check]`: writes the documents that are made from the code. A page for each rule, their list and
//! `docs/nvcf.md` from the rules, `docs/functions.md` from the functions, `docs/cli.md` from the command line,
//! `docs/comparison.md` from the list of what cannot agree, and the picture of the README. With `--check` nothing is written and a page that would change is
//! an error.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use plimsoll::diagnostic::Applicability;
use plimsoll::internals::policy::{Mode, Rule};
use plimsoll::internals::{cli, funcs, judge, rules};

use crate::fuzz::{FAMILIES, cannot_agree};
use crate::{Outcome, catalogue, pictures, root};

const NOTICE: &str = "<!-- Written by `cargo xtask gen`; change the code, not this page. -->\n\n";

/// Runs the task.
pub fn run(check: bool) -> Outcome {
    let mut pages = BTreeMap::new();
    pages.insert("docs/rules/README.md".to_owned(), list_of_rules());
    for rule in rules::all() {
        pages.insert(page_path(rule), rule.page());
    }
    pages.insert("docs/nvcf.md".to_owned(), catalogue::page()?);
    pages.insert("docs/functions.md".to_owned(), functions());
    pages.insert("docs/cli.md".to_owned(), command_line());
    pages.insert(
        "docs/comparison.md".to_owned(),
        cannot_agree::page(&FAMILIES.map(|family| (family.name, family.what))),
    );
    pages.insert("docs/plimsoll.schema.json".to_owned(), format!("{:#}", judge::config_schema()));
    pages.insert("docs/pictures/check.svg".to_owned(), pictures::of_readme()?);
    let mut stale = pages_of_no_rule(&pages)?;
    for (path, text) in &pages {
        let notice = if path.ends_with(".md") { NOTICE } else { "" };
        let text = format!("{notice}{}\n", text.trim_end());
        let place = root().join(path);
        if std::fs::read_to_string(&place).is_ok_and(|old| old == text) {
            continue;
        }
        stale.push(place.clone());
        if !check {
            std::fs::create_dir_all(place.parent().expect("a page lies in a folder"))
                .and_then(|()| std::fs::write(&place, text))
                .map_err(|error| format!("{path}: {error}"))?;
        }
    }
    for place in &stale {
        println!("{} {}", if check { "stale" } else { "wrote" }, place.display());
    }
    println!("{} pages, {} {}", pages.len(), stale.len(), if check { "stale" } else { "written" });
    if check && !stale.is_empty() { Err("run `cargo xtask gen`".to_owned()) } else { Ok(()) }
}

/// Pages of rules that are no more. Without `--check` they stay too: deleting is left to whoever deleted the rule.
fn pages_of_no_rule(pages: &BTreeMap<String, String>) -> Result<Vec<PathBuf>, String> {
    let folder = root().join("docs/rules");
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let known = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        pages.contains_key(&format!("docs/rules/{name}"))
    };
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| !known(path)).collect())
}

fn page_path(rule: &Rule) -> String {
    format!("docs/rules/{}.md", rule.page_name())
}

fn list_of_rules() -> String {
    let mut text = String::from(
        "# Rules\n\nThe severity of each rule in the profile's three modes: `documented`, `service`, `strict`. Some findings of\n\
         a rule are less certain than the rest: `error (some warning)`. Setting the severity of the rule sets theirs too.\n\n\
         | code | name | documented | service | strict | fix |\n|---|---|---|---|---|---|\n",
    );
    for rule in rules::all() {
        let levels = Mode::ALL.map(|mode| rule.level_in_words(mode));
        let fix = rule.fix.map_or("", fix_word);
        let page = rule.page_name();
        let _ = writeln!(
            text,
            "| [{}]({page}.md) | `{}` | {} | {fix} |",
            rule.code,
            rule.name,
            levels.join(" | ")
        );
    }
    text
}

fn fix_word(fix: Applicability) -> &'static str {
    match fix {
        Applicability::DisplayOnly => "shown",
        Applicability::Unsafe => "unsafe",
        Applicability::Safe => "safe",
    }
}

fn functions() -> String {
    let mut all: Vec<_> = funcs::all().collect();
    all.sort_by_key(|function| function.name);
    let mut text = format!(
        "# Template functions\n\nThe {} functions that templates can call, besides Go's built-in ones.\n\n\
         | function | what it does |\n|---|---|\n",
        all.len()
    );
    for function in all {
        let doc = function.doc.replace('|', "\\|").replace('<', "&lt;");
        let _ = writeln!(text, "| `{}` | {doc} |", function.name);
    }
    text
}

fn command_line() -> String {
    let mut command = cli::command().term_width(100);
    command.build();
    let mut text = String::from(
        "# The command line\n\nEvery command takes the options that are listed first, too. `plimsoll help COMMAND` says more of a \
         command's own.\n",
    );
    describe(&mut command, "plimsoll", &mut text);
    text
}

/// The help of a command and of those below it. The flags that every command takes are shown once.
fn describe(command: &mut clap::Command, path: &str, text: &mut String) {
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    // What `-h` leaves to `--help` belongs here, but what is without effect.
    let with_more = |arg: clap::Arg| {
        let is_inert = arg.get_help_heading().is_some_and(|heading| heading.contains("without effect"));
        if is_inert { arg } else { arg.hide_short_help(false) }
    };
    let mut shown = command.clone().mut_args(with_more);
    if path.contains(' ') {
        let own = |arg: clap::Arg| {
            let is_common = arg.is_global_set() || arg.get_id() == "help";
            arg.hide(is_common)
        };
        shown = shown.mut_args(own).disable_help_flag(true);
    }
    // It stands above.
    shown = shown.long_about(None::<&str>).about(None::<&str>);
    let help = shown.render_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(text, "\n## `{path}`\n\n{}\n\n```text\n{}\n```\n", about.trim(), help.join("\n").trim());
    for child in command.get_subcommands_mut().filter(|child| !child.is_hide_set()) {
        let path = format!("{path} {}", child.get_name());
        describe(child, &path, text);
    }
}
