//! `cargo xtask ci`: everything that CI runs, in order; each step named and timed. It goes on after a step that failed, so that
//! one run tells everything, and fails at the end.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::{Outcome, root};

/// The steps: a name, and the words after `cargo`.
const STEPS: [(&str, &[&str]); 10] = [
    ("format", &["fmt", "--all", "--check"]),
    ("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    ("tidy", &["xtask", "tidy"]),
    ("generated documents", &["xtask", "gen", "--check"]),
    ("tests, examples in documents", &["test", "--workspace"]),
    ("fuzz: a moment for each target", &["xtask", "fuzz", "--seconds", "5"]),
    ("example: render", &["run", "--quiet", "--example", "render", "--", "charts/mini-service"]),
    ("example: check", &["run", "--quiet", "--example", "check", "--", "charts/mini-service"]),
    (
        "example: why",
        &[
            "run",
            "--quiet",
            "--example",
            "why",
            "--",
            "charts/mini-service",
            "Deployment/release-name-server",
        ],
    ),
    ("documentation build", &["doc", "--workspace", "--no-deps"]),
];

/// Runs the task.
pub fn run() -> Outcome {
    let mut failed = Vec::new();
    let mut lines = Vec::new();
    let program = program();
    let packages = packages(&program);
    for (name, words) in STEPS.iter().copied().chain(packages.iter().map(|(name, words)| (*name, &words[..])))
    {
        println!("\n== {name}: cargo {}", words.join(" "));
        let start = Instant::now();
        let status = Command::new(env!("CARGO"))
            .args(words)
            .current_dir(root())
            // The pages are read by those who work on the code: what is private may be named.
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")
            .status()
            .map_err(|error| format!("cargo: {error}"))?;
        let verdict = if status.success() { "ok" } else { "FAILED" };
        lines.push(format!("{verdict:6} {:7.1} s  {name}", start.elapsed().as_secs_f64()));
        if !status.success() {
            failed.push(name);
        }
    }
    lines.push(with_tool("book", "mdbook", &["build"], &mut failed));
    let deny = ["--locked", "--workspace", "check", "bans", "licenses", "sources"];
    lines.push(with_tool("licences, versions and sources of crates", "cargo-deny", &deny, &mut failed));
    println!("\n{}", lines.join("\n"));
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// The program that the tests were made with.
fn program() -> String {
    let folder = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from);
    folder.join("debug/plimsoll").display().to_string()
}

/// Packing and installing. It is the packages that are tried here, so the program need not be the one that is released.
fn packages(program: &str) -> [(&'static str, Vec<&str>); 2] {
    let of = ["--only", "archive,wheel", "--out", "target/ci-packages"];
    [
        ("packages", [&["xtask", "dist", "--program", program], &of[..]].concat()),
        ("packages: installed", [&["xtask", "dist", "try"], &of[..]].concat()),
    ]
}

/// A step whose tool is not everywhere: mdBook (`cargo install mdbook`), which makes a book of the documents (that its links lead
/// somewhere is tested in `tests/book.rs`); cargo-deny (`cargo install --locked cargo-deny`). The latter leaves out known advisories, whose list lies
/// where CI may not be able to look; `.github/workflows/advisories.yml` asks for them.
fn with_tool(name: &'static str, tool: &str, words: &[&str], failed: &mut Vec<&'static str>) -> String {
    println!("\n== {name}: {tool} {}", words.join(" "));
    let start = Instant::now();
    let required = std::env::var("PLIMSOLL_REQUIRED").unwrap_or_default();
    let verdict = match Command::new(tool).args(words).current_dir(root()).status() {
        Err(_) if !required.split(',').any(|name| name == tool) => "absent",
        Ok(status) if status.success() => "ok",
        _ => {
            failed.push(name);
            "FAILED"
        }
    };
    format!("{verdict:6} {:7.1} s  {name}", start.elapsed().as_secs_f64())
}
