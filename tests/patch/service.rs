//! What the service gives back, by way of the command line: `patch --mutations service` against the answers recorded in
//! `testdata/nvcf/cases.jsonl`, with everything that the service can enforce and as it is shipped.

use std::ffi::OsString;
use std::path::Path;

use libtest_mimic::Failed;
use plimsoll::internals::cli;
use serde_json::{Value, json};

pub fn answers() -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/nvcf/cases.jsonl");
    let text = std::fs::read_to_string(path)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("manifests.yaml");
    let request = folder.path().join("request.json");
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line)?;
        std::fs::write(&file, case["manifest"].as_str().unwrap_or_default())?;
        for (mode, recorded) in [("strict", "strict"), ("service", "stock")] {
            let words = ["plimsoll", "patch", "--mutations", "service", "--format", "json", "--mode", mode];
            let mut words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
            words.extend(["--manifests".into(), file.clone().into_os_string()]);
            for kind in case["extra"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                words.extend(["--validation-extra-type".into(), kind.into()]);
            }
            if let Some(policy) = case["policy"].as_str() {
                words.extend(["--validation-policy".into(), policy.into()]);
            }
            if case["service"].is_string() {
                let body = json!({"helmChartServiceName": case["service"], "inferencePort": case["port"]});
                std::fs::write(&request, body.to_string())?;
                words.extend(["--request".into(), request.clone().into_os_string()]);
            }
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let code = cli::run(&words, &mut out, &mut err);
            if let Err(why) = compare(&case[recorded], code, &out, &String::from_utf8_lossy(&err)) {
                wrong.push(format!("{} {mode}: {why}", case["id"]));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn compare(want: &Value, code: u8, out: &[u8], err: &str) -> Result<(), String> {
    if want["valid"] == true {
        let got: Value = serde_json::from_slice(out).map_err(|error| format!("{error}: {code} {err}"))?;
        let (got, want) = (masked(&got), masked(&want["rendered"]));
        return if code == 0 && got == want { Ok(()) } else { Err(format!("{code}\n{got}\n{want}")) };
    }
    let errors: Vec<&str> = err.lines().filter_map(|line| line.strip_prefix("error: ")).collect();
    if code == 1 && want["errors"] == Value::from(errors) { Ok(()) } else { Err(format!("{code} {err}")) }
}

/// The objects with each `x<digits>x` without its digits: the service draws them at random.
fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let digits = text.strip_prefix('x').and_then(|text| text.strip_suffix('x'));
            let drawn = digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            if drawn { "xx".into() } else { value.clone() }
        }
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), masked(value))).collect(),
        _ => value.clone(),
    }
}
