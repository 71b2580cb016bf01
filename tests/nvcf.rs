//! What NVCF's helm-reval answered about rendered releases, against what `plimsoll::internals::nvcf::reval` answers.
//!
//! A case is a line of `testdata/nvcf/*.jsonl` (or of the files named in `NVCF_CASES`): `id`, the rendered `manifest`, the
//! request (`service`, `port`, `policy`, `extra`), and the service's answer with object validation on (`strict`) and as it
//! is shipped (`stock`). Label values that the service draws at random are masked.

use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::internals::nvcf::reval::{self, Options, PolicyName, Stage, Target};
use serde_json::Value;

fn main() {
    let args = Arguments::from_args();
    libtest_mimic::run(&args, trials()).exit();
}

fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for file in files() {
        let text = std::fs::read_to_string(&file).expect("the case file is readable");
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).expect("each line is a JSON object");
            for mode in ["strict", "stock"] {
                let case = case.clone();
                let name = format!("{}::{mode}", case["id"].as_str().unwrap_or_default());
                trials.push(Trial::test(name, move || check(&case, mode)));
            }
        }
    }
    trials
}

fn files() -> Vec<PathBuf> {
    if let Some(named) = std::env::var_os("NVCF_CASES") {
        return std::env::split_paths(&named).collect();
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/nvcf");
    let entries = std::fs::read_dir(folder).expect("testdata/nvcf exists");
    let paths = entries.map(|entry| entry.expect("the folder is readable").path());
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    files.sort();
    files
}

fn check(case: &Value, mode: &str) -> Result<(), Failed> {
    let want = &case[mode];
    let answer = reval::answer(case["manifest"].as_str().unwrap_or_default(), &options(case, mode));
    let stage = if answer.stage == Stage::Decode { "decode" } else { "policy" };
    let errors: Value = answer.errors.into();
    for (what, got, want) in [
        ("valid", &Value::from(answer.valid), &want["valid"]),
        ("stage", &stage.into(), &want["stage"]),
        ("errors", &errors, &want["errors"]),
    ] {
        if got != want {
            return Err(format!("{what}\n  ours:    {got}\n  service: {want}\n  errors:  {errors}").into());
        }
    }
    let objects = if answer.valid { Value::from(answer.objects) } else { Value::Null };
    let (got, want) = (masked(&objects), masked(&want["rendered"]));
    if got == want { Ok(()) } else { Err(format!("objects\n  ours:    {got}\n  service: {want}").into()) }
}

fn options(case: &Value, mode: &str) -> Options {
    let strict = mode == "strict";
    let service = case["service"].as_str().filter(|name| !name.is_empty());
    let extra = case["extra"].as_array().into_iter().flatten();
    Options {
        validate_objects: strict,
        sanitize_metadata: strict,
        target: service.map(|service| Target {
            service: service.to_owned(),
            port: case["port"].as_i64().unwrap_or(0) as i32,
        }),
        policy: if case["policy"] == "Unrestricted" { PolicyName::Unrestricted } else { PolicyName::Default },
        extra_kinds: extra.filter_map(|kind| kind.as_str()?.parse().ok()).collect(),
        ..Options::default()
    }
}

/// The objects as text, each `x<digits>x` without its digits.
fn masked(objects: &Value) -> String {
    let text = objects.to_string();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("\"x") {
        let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + 2 + digits;
        out.push_str(&rest[..at + 2]);
        if digits == 0 || !rest[end..].starts_with("x\"") {
            out.push_str(&rest[at + 2..end]);
        }
        rest = &rest[end..];
    }
    out + rest
}
