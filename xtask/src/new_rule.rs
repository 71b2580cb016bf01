//! `cargo xtask new-rule SUBJECT NAME`: writes a rule's file, its two lines in the subject's `mod.rs` and its page. The file
//! compiles and its tests fail until the rule is written: the text is made of blanks, and the bad example breaks nothing.

use std::fs;
use std::path::Path;

use plimsoll::internals::rules;

use crate::{Outcome, root};

/// The folders under `src/rules`, the letters of their codes, and what a rule there looks at.
const SUBJECTS: [(&str, &str, &str); 14] = [
    ("chart", "CHT", "Chart"),
    ("values", "VAL", "Chart"),
    ("template", "TPL", "Chart"),
    ("release", "REL", "Release"),
    ("object", "OBJ", "Object"),
    ("service", "SVC", "Object"),
    ("pod", "POD", "PodSpec"),
    ("container", "CTR", "Container"),
    ("volume", "VOL", "PodSpec"),
    ("image", "IMG", "Container"),
    ("request", "REQ", "Release"),
    ("h2o", "H2O", "Values"),
    ("pod_security", "PSS", "Release"),
    ("reference", "REF", "Release"),
];

/// Runs the task.
pub fn run(subject: &str, name: &str) -> Outcome {
    let Some((folder, letters, part)) = SUBJECTS.into_iter().find(|(folder, ..)| *folder == subject) else {
        let names: Vec<&str> = SUBJECTS.iter().map(|(folder, ..)| *folder).collect();
        return Err(format!("new-rule: `{subject}` is no subject; it is one of {}", names.join(", ")));
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!("new-rule: `{name}` is no name; name the defect, as in `host-network`"));
    }
    if rules::find(name).is_some() {
        return Err(format!("new-rule: there is a rule called `{name}`"));
    }
    let code = next_code(letters);
    let module = name.replace('-', "_");
    let folder = root().join("src/rules").join(folder);
    write_new(&folder.join(format!("{module}.rs")), &rule_file(&code, name, part))?;
    register(&folder.join("mod.rs"), &module)?;
    println!("wrote src/rules/{subject}/{module}.rs and its lines in src/rules/{subject}/mod.rs");
    println!(
        "next: write the rule, `cargo xtask record rules` for what it finds in testdata/rules/{code}.txt, then `cargo xtask \
         gen` for docs/rules/{code}-{name}.md"
    );
    Ok(())
}

/// One more than the highest code of those letters.
fn next_code(letters: &str) -> String {
    let numbers =
        rules::all().into_iter().filter_map(|rule| rule.code.strip_prefix(letters)?.parse::<u32>().ok());
    format!("{letters}{:03}", numbers.max().unwrap_or(100) + 1)
}

fn rule_file(code: &str, name: &str, part: &str) -> String {
    let subject = if part == "Chart" { "ChartSubject" } else { part };
    let borrowed = if matches!(part, "Chart" | "Values") { "" } else { "<'_>" };
    format!(
        r#"use crate::policy::{{Check, Level, Levels, Reporter, {subject}, declare_rule}};

declare_rule! {{
    /// One sentence that says what must not be.
    ///
    /// ## Why
    /// What happens otherwise, and to whom.
    ///
    /// ```yaml bad
    /// broken: true
    /// ```
    /// ```yaml good
    /// broken: false
    /// ```
    ///
    /// ## Fix
    /// What to do, in the imperative.
    "{code}" "{name}" {{
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: the sentence that demands it"],
        check: Check::{part}(check),
    }}
}}

fn check(subject: &{subject}{borrowed}, r: &mut Reporter<'_>) {{
    let _ = (subject, r);
}}
"#
    )
}

fn write_new(path: &Path, text: &str) -> Outcome {
    if path.exists() {
        return Err(format!("new-rule: {} exists", path.display()));
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Adds `mod` in its alphabetical place and the rule at the end of `RULES`.
fn register(path: &Path, module: &str) -> Outcome {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    fs::write(path, registered(&text, module)?).map_err(|error| format!("{}: {error}", path.display()))
}

fn registered(text: &str, module: &str) -> Result<String, String> {
    let line = format!("mod {module};");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let modules = lines.iter().position(|old| old.starts_with("mod ")).ok_or("new-rule: no `mod` line")?;
    let later = lines[modules..].iter().position(|old| !old.starts_with("mod ") || *old > line);
    lines.insert(modules + later.unwrap_or(0), line);
    let start = lines.iter().position(|old| old.contains("const RULES")).ok_or("new-rule: no `RULES`")?;
    if let Some(one) = lines[start].strip_suffix("];").map(str::to_owned) {
        lines[start] = format!("{one}{}&{module}::RULE];", if one.ends_with('[') { "" } else { ", " });
    } else {
        let end = lines[start..].iter().position(|old| old == "];").ok_or("new-rule: `RULES` has no end")?;
        lines.insert(start + end, format!("    &{module}::RULE,"));
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::registered;

    #[test]
    fn a_rule_is_registered_in_its_place() {
        let text = "mod a;\nmod c;\n\npub const RULES: &[&Rule] = &[\n    &c::RULE,\n    &a::RULE,\n];\n";
        let wanted = "mod a;\nmod b;\nmod c;\n\npub const RULES: &[&Rule] = &[\n    &c::RULE,\n    &a::RULE,\n    &b::RULE,\n];\n";
        assert_eq!(registered(text, "b").unwrap(), wanted);
        let short = "mod a;\n\npub const RULES: &[&Rule] = &[&a::RULE];\n";
        assert_eq!(
            registered(short, "b").unwrap(),
            "mod a;\nmod b;\n\npub const RULES: &[&Rule] = &[&a::RULE, &b::RULE];\n"
        );
    }
}
