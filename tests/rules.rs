//! What each rule finds in the examples of its text, and in the cases beyond them in `testdata/rules/CODE.txt`.
//!
//! A case has a section `bad` or `good`, whose heading may say what the text is (`bad template`, `good request service`);
//! else it is what the rule looks at. A bad one must break the rule of the file, a good one must not; other rules do not
//! matter there. The bad examples of the text come first and are called `example-1` and so on; they have no text here. The
//! section `found` is what the rule found in strict mode: severity, place, value, words, and what would mend it.
//! `cargo xtask record rules` writes it down; look at the difference before you commit it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::diagnostic::{Applicability, Diagnostic, Edit, Severity};
use plimsoll::internals::policy::{self, Mode, Profile, Rule};
use plimsoll::internals::rules;
use testkit::cases::{self, Case, File, Section};
use testkit::examples;
use testkit::record::{self, Driver};

/// What the cases of a rule's own examples are called, but for the number.
const EXAMPLE: &str = "example-";

fn main() {
    let args = Arguments::from_args();
    let driver = Driver { recorded: &["found"], answer };
    let mut trials = Vec::new();
    for rule in rules::all() {
        let mut file = cases_of(rule).expect("the cases are sound");
        if record::is_wanted() {
            driver.record(&mut file).expect("every case has an answer");
        }
        let declared = file.clone();
        trials.extend(driver.of_file(file));
        let name = |what: &str| format!("rules::{}::{what}", rule.code);
        trials.push(Trial::test(name("examples"), || only_bad_examples_break_it(rule)));
        trials.push(Trial::test(name("declaration"), move || {
            finds_what_it_declares(rule, &declared).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&args, trials).exit();
}

/// The cases of a rule: its own examples, then those of its file.
fn cases_of(rule: &Rule) -> Result<File, String> {
    let path = testkit::testdata().join(format!("rules/{}.txt", rule.code));
    let mut file = if path.exists() { cases::read(&path)? } else { File::empty(&path) };
    let (own, other): (Vec<Case>, Vec<Case>) =
        file.cases.drain(..).partition(|case| case.name.starts_with(EXAMPLE));
    let count = rule.explained().examples.iter().filter(|example| example.bad).count();
    let names: Vec<String> = (1..=count).map(|number| format!("{EXAMPLE}{number}")).collect();
    if let Some(stale) = own.iter().find(|case| !names.contains(&case.name) && !record::is_wanted()) {
        return Err(format!("{}: {} is no bad example of the rule", path.display(), stale.name));
    }
    let example = |name: String| {
        let recorded = own.iter().find(|case| case.name == name).cloned();
        recorded.unwrap_or(Case { name, line: 1, sections: Vec::new() })
    };
    file.cases = names.into_iter().map(example).chain(other).collect();
    Ok(file)
}

/// What the rule of the file finds in a case.
fn answer(file: &File, case: &Case) -> Result<Vec<Section>, String> {
    let rule =
        file.path.file_stem().and_then(|code| rules::find(code.to_str()?)).ok_or("no rule has that code")?;
    let Given { bad, language, text } = Given::new(rule, case)?;
    let found = findings(&[rule], rule, &language, &text, Mode::Strict)?;
    match (bad, found.first()) {
        (true, None) => Err("the rule found nothing".to_owned()),
        (false, Some(first)) => Err(format!("the rule found: {}", first.message)),
        (false, None) => Ok(Vec::new()),
        (true, Some(_)) => {
            let found: String = found.iter().map(|one| told(rule, one)).collect();
            Ok(vec![Section::recorded("found", "", found.trim_end())])
        }
    }
}

/// What a case gives to the rule.
struct Given {
    bad: bool,
    language: String,
    text: String,
}

impl Given {
    fn new(rule: &Rule, case: &Case) -> Result<Given, String> {
        if let Some(number) = case.name.strip_prefix(EXAMPLE) {
            let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let examples = rule.explained().examples.into_iter().filter(|example| example.bad);
            let example =
                at.and_then(|at| examples.into_iter().nth(at)).ok_or("the rule has no such example")?;
            return Ok(Given { bad: true, language: example.language, text: example.text });
        }
        let section = case.sections.iter().find(|section| ["bad", "good"].contains(&section.kind.as_str()));
        let section = section.ok_or("no section `bad` or `good`")?;
        let language = if section.name.is_empty() { "yaml" } else { &section.name };
        Ok(Given {
            bad: section.kind == "bad",
            language: language.to_owned(),
            text: format!("{}\n", section.text),
        })
    }
}

fn findings(
    rules: &[&'static Rule],
    rule: &Rule,
    language: &str,
    text: &str,
    mode: Mode,
) -> Result<Vec<Diagnostic>, String> {
    let subject = examples::subject(rule, language, text)?;
    Ok(policy::check(&subject, rules, &profile_of(rule), mode))
}

/// The first built-in profile in whose catalogue the rule is, or else the first that names its family.
fn profile_of(rule: &Rule) -> Profile {
    let profiles = Profile::built_in_names().filter_map(Profile::built_in);
    let of_rule: Vec<Profile> =
        profiles.filter(|profile| profile.selectors().any(|selector| rule.is(selector))).collect();
    let own = of_rule.iter().find(|profile| profile.rows_of(rule).next().is_some());
    own.or(of_rule.first()).expect("every family is in a profile").clone()
}

/// A finding in a few lines.
fn told(rule: &Rule, found: &Diagnostic) -> String {
    let location = &found.location;
    let object = location.object.as_ref().map(ToString::to_string);
    let source = location.source.as_ref().map(|source| match source.line {
        Some(line) => format!("{}:{line}", source.file),
        None => source.file.clone(),
    });
    let line = location.rendered.map(|at| format!("line {}", at.line));
    let field = location.field.as_ref().map(ToString::to_string);
    let place = [object.or(source), line, field].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let value = found.value.as_ref().map_or(String::new(), |value| format!(" = {value}"));
    let mut text = format!("{} {place}{value}\n  {}\n", found.severity, found.message);
    if let Some(help) = found.help.as_ref().filter(|help| rule.summary_of_fix().as_ref() != Some(*help)) {
        let _ = writeln!(text, "  help: {help}");
    }
    for related in &found.related {
        let object = related.object.as_ref().map_or(String::new(), ToString::to_string);
        let field = related.field.as_ref().map_or(String::new(), |field| format!(" {field}"));
        let _ = writeln!(text, "  beside: {object}{field}");
    }
    if let Some(fix) = &found.fix {
        for edit in &fix.edits {
            let _ = writeln!(text, "  {} fix: {}", fix.applicability.name(), told_edit(edit));
        }
    }
    text
}

fn told_edit(edit: &Edit) -> String {
    match edit {
        Edit::Set { path, value } if path.is_root() => format!("write {value}"),
        Edit::Set { path, value } => format!("set {path} to {value}"),
        Edit::Remove { path } => format!("remove {path}"),
        Edit::Drop => "drop the object".to_owned(),
        Edit::Expand => "take the list apart".to_owned(),
    }
}

/// The bad examples of the text break their rule and no other in strict mode, but for advice; the good ones break none.
fn only_bad_examples_break_it(rule: &'static Rule) -> Result<(), Failed> {
    let examples = rule.explained().examples;
    for (bad, what) in [(true, "bad"), (false, "good")] {
        if !examples.iter().any(|example| example.bad == bad) {
            return Err(format!("there is no {what} example").into());
        }
    }
    for example in examples {
        let found = findings(&rules::all(), rule, &example.language, &example.text, Mode::Strict)?;
        let counts = |one: &&Diagnostic| one.code == rule.code || one.severity >= Severity::Warning;
        let broken: BTreeSet<&str> = found.iter().filter(counts).map(|one| one.code).collect();
        let wanted = if example.bad { BTreeSet::from([rule.code]) } else { BTreeSet::new() };
        if broken != wanted {
            return Err(format!("breaks {broken:?}:\n{}", example.text).into());
        }
    }
    Ok(())
}

/// The severities and fixes of a rule's findings, in all its cases and every mode, are those that it declares, and each that
/// it declares is found.
fn finds_what_it_declares(rule: &'static Rule, file: &File) -> Result<(), String> {
    let mut lowered = BTreeSet::new();
    let mut fixes: BTreeSet<Applicability> = BTreeSet::new();
    for case in &file.cases {
        let Given { language, text, .. } = Given::new(rule, case)?;
        for mode in Mode::ALL {
            let level = rule.level(mode).severity();
            for found in findings(&[rule], rule, &language, &text, mode)? {
                if Some(found.severity) != level {
                    lowered.insert(found.severity);
                }
                fixes.extend(found.fix.map(|fix| fix.applicability));
            }
        }
    }
    let declared = Vec::from_iter(rule.lowered_to);
    if !lowered.iter().eq(&declared) {
        return Err(format!("it declares findings lowered to {declared:?}, its cases have {lowered:?}"));
    }
    let declared = Vec::from_iter(rule.fix);
    if !fixes.iter().eq(&declared) {
        return Err(format!("it declares fixes that are {declared:?}, its cases have {fixes:?}"));
    }
    Ok(())
}
