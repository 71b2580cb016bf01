//! The commands of the README as somebody types them who has just unpacked the archive: no home, no variables, and nothing on the
//! `PATH` but the program. What is printed is held by the test `documents`; here it is that they end as promised, and when.

use std::process::Command;
use std::time::Instant;

use crate::{Outcome, root};

use super::site::{Installed, Site, copy};

/// Runs each command of the README's consoles and prints a table of them.
pub fn run(site: &Site, installed: &Installed) -> Outcome {
    let text =
        std::fs::read_to_string(root().join("README.md")).map_err(|error| format!("README.md: {error}"))?;
    let commands = commands(&text);
    if commands.is_empty() {
        return Err("README.md has no command in a console".to_owned());
    }
    let (work, home) = (site.scratch.join("work"), site.scratch.join("home"));
    copy(&root().join("charts"), &work.join("charts"))?;
    std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    let program = installed.line.first().ok_or("nothing to run")?;
    println!("\n| command of the README | seconds |\n|---|---|");
    for (words, wanted) in commands {
        let start = Instant::now();
        let output = Command::new(program)
            .args(&words)
            .current_dir(&work)
            .env_clear()
            .env("HOME", &home)
            .output()
            .map_err(|error| format!("{program}: {error}"))?;
        let seconds = start.elapsed().as_secs_f64();
        let line = words.join(" ");
        if output.status.code() != Some(wanted) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("README.md: plimsoll {line}: {}, not {wanted}: {said}", output.status));
        }
        println!("| `plimsoll {line}` | {seconds:.2} |");
    }
    Ok(())
}

/// The words behind `plimsoll` of each command, and what it ends with: 0, or what the line `? N` below it says.
fn commands(text: &str) -> Vec<(Vec<&str>, i32)> {
    let mut found: Vec<(Vec<&str>, i32)> = Vec::new();
    let mut is_console = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_console = line == "```console";
        } else if let Some(words) = line.strip_prefix("$ plimsoll ").filter(|_| is_console) {
            found.push((words.split_whitespace().collect(), 0));
        } else if let Some(code) = line.strip_prefix("? ").filter(|_| is_console)
            && let Some((last, code)) = found.last_mut().zip(code.trim().parse().ok())
        {
            last.1 = code;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_of_consoles_are_found_with_how_they_end() {
        let text = "```sh\n$ plimsoll no\n```\n```console\n$ plimsoll check a\n? 1\nout\n\n$ plimsoll why b\n```\n? 2\n";
        assert_eq!(commands(text), [(vec!["check", "a"], 1), (vec!["why", "b"], 0)]);
    }
}
