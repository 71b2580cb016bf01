//! `cargo xtask bench kubeconform [SWAGGER]`: `plimsoll check --profile kubernetes` beside kubeconform, both without the network:
//! how often each says what a real API server of 1.37 answered to the recorded objects, how long they take and how much memory.
//! kubeconform gets strict schemas made of the server's own OpenAPI: SWAGGER, or that of the Go module `k8s.io/kubernetes`.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use flate2::read::GzDecoder;
use plimsoll::internals::yaml;
use serde_json::{Map, Value, json};

use crate::{Outcome, parity, root};

/// The minor of the answers.
const MINOR: &str = "1.37";
/// The module whose OpenAPI it is.
const MODULE: &str = "k8s.io/kubernetes@v1.37.2";
/// How often each is run; the least counts.
const RUNS: usize = 5;

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let version = Command::new("kubeconform").arg("-v").output().map_err(|error| {
        format!("kubeconform: {error}: go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0")
    })?;
    let swagger = match words {
        [file] => PathBuf::from(file),
        _ => of_module()?,
    };
    let ours = parity::build_ours()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let schemas = folder.path().join("schemas");
    let count = write_schemas(&swagger, &schemas)?;
    let cases = recorded()?;
    let file = folder.path().join("objects.yaml");
    let text: Result<Vec<String>, String> = cases.iter().map(|(object, _)| document(object)).collect();
    fs::write(&file, text?.concat()).map_err(|error| error.to_string())?;
    println!(
        "{} objects, {} of them refused by {MINOR}; kubeconform {}, {count} schemas",
        cases.len(),
        cases.iter().filter(|(_, is_refused)| *is_refused).count(),
        String::from_utf8_lossy(&version.stdout).trim(),
    );
    println!("| | refused rightly | refused wrongly | let through wrongly | seconds | MiB |");
    println!("|---|---|---|---|---|---|");
    let of_ours = [
        "check",
        "--manifests",
        &file.to_string_lossy(),
        "--profile",
        "kubernetes",
        "--kube-version",
        MINOR,
        "--format",
        "apiserver",
        "--no-config",
    ]
    .map(str::to_owned);
    let (cost, said) = measure(&ours, &of_ours)?;
    let verdicts = said.lines().filter(|line| line.starts_with('{')).map(|line| {
        let answer: Value = serde_json::from_str(line).unwrap_or_default();
        answer["code"].as_u64().is_none_or(|code| code != 201)
    });
    show("plimsoll", &cases, &verdicts.collect::<Vec<_>>(), cost)?;
    let location = format!("{}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json", schemas.display());
    // With one job it tells of the objects in their order.
    let of_theirs = [
        "-strict",
        "-output",
        "json",
        "-verbose",
        "-n",
        "1",
        "-schema-location",
        &location,
        &file.to_string_lossy(),
    ]
    .map(str::to_owned);
    let (cost, said) = measure(Path::new("kubeconform"), &of_theirs)?;
    show("kubeconform", &cases, &theirs(&said)?, cost)?;
    Ok(())
}

fn of_module() -> Result<PathBuf, String> {
    let found = Command::new("go").args(["env", "GOMODCACHE"]).output();
    let found = found.map_err(|error| format!("go: {error}"))?;
    let cache = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let file = PathBuf::from(cache).join(MODULE).join("api/openapi-spec/swagger.json");
    if !file.exists() {
        return Err(format!("{} is not there: go mod download {MODULE}", file.display()));
    }
    Ok(file)
}

/// The recorded objects, and whether the server refuses each.
fn recorded() -> Result<Vec<(Value, bool)>, String> {
    let path = root().join("testdata/kubernetes/answers.jsonl.gz");
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut cases = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line = line.map_err(|error| error.to_string())?;
        let case: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let code = case["answers"]["1.37"]["code"].as_u64().unwrap_or_default();
        // What has no kind is no object to kubeconform.
        if case["object"]["kind"].is_string() && case["object"]["apiVersion"].is_string() {
            cases.push((case["object"].clone(), code != 201));
        }
    }
    Ok(cases)
}

/// Whether kubeconform refuses each object.
fn theirs(said: &str) -> Result<Vec<bool>, String> {
    let report: Value = serde_json::from_str(said).map_err(|error| format!("kubeconform's JSON: {error}"))?;
    let resources = report["resources"].as_array().ok_or("kubeconform tells no resources")?;
    Ok(resources.iter().map(|resource| resource["status"] != "statusValid").collect())
}

/// An object as Helm prints it.
fn document(object: &Value) -> Result<String, String> {
    let value = yaml::from_str(object.to_string()).map_err(|error| error.to_string())?;
    let text = yaml::to_yaml(&value).map_err(|_| format!("no YAML: {object}"))?;
    Ok(format!("---\n{text}\n"))
}

/// Time of the wall, and the most memory.
type Cost = (f64, f64);

/// The least time of several runs, and what the last said.
fn measure(program: &Path, words: &[String]) -> Result<(Cost, String), String> {
    let (mut best, mut memory, mut said) = (f64::MAX, 0.0, String::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let output = Command::new("/usr/bin/time")
            .args(["-f", "%M"])
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("/usr/bin/time: {error}: install GNU time"))?;
        best = best.min(start.elapsed().as_secs_f64());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let kibibytes: f64 = told.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(0.0);
        memory = kibibytes / 1024.0;
        said = String::from_utf8_lossy(&output.stdout).into_owned();
    }
    Ok(((best, memory), said))
}

fn show(name: &str, cases: &[(Value, bool)], verdicts: &[bool], (seconds, memory): Cost) -> Outcome {
    if verdicts.len() != cases.len() {
        return Err(format!("{name} tells {} of {} objects", verdicts.len(), cases.len()));
    }
    let count = |wanted: bool, told: bool| {
        cases.iter().zip(verdicts).filter(|((_, is), own)| *is == wanted && **own == told).count()
    };
    println!(
        "| {name} | {} | {} | {} | {seconds:.2} | {memory:.0} |",
        count(true, true),
        count(false, true),
        count(true, false),
    );
    Ok(())
}

/// Writes a strict schema for each kind, as kubeconform's own are made: each whole in itself.
fn write_schemas(swagger: &Path, folder: &Path) -> Result<usize, String> {
    let text = fs::read(swagger).map_err(|error| format!("{}: {error}", swagger.display()))?;
    let whole: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let definitions = whole["definitions"].as_object().ok_or("the OpenAPI has no definitions")?;
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut count = 0;
    for (name, definition) in definitions {
        for kind in definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
            let word = |field: &str| kind[field].as_str().unwrap_or_default().to_lowercase();
            let group = word("group");
            let group = group.split('.').next().filter(|group| !group.is_empty());
            let parts: Vec<String> = [Some(word("kind")), group.map(str::to_owned), Some(word("version"))]
                .into_iter()
                .flatten()
                .collect();
            let mut schema = strict(definition, definitions, &mut vec![name]);
            for (field, value) in [("apiVersion", "version"), ("kind", "kind")] {
                let own = kind[value].as_str().unwrap_or_default();
                let own = match (field, kind["group"].as_str().unwrap_or_default()) {
                    ("apiVersion", group) if !group.is_empty() => format!("{group}/{own}"),
                    _ => own.to_owned(),
                };
                schema["properties"][field]["enum"] = json!([own]);
            }
            let file = folder.join(format!("{}.json", parts.join("-")));
            fs::write(file, schema.to_string()).map_err(|error| error.to_string())?;
            count += 1;
        }
    }
    Ok(count)
}

/// A schema with everything in its place and nothing unknown let through; what holds itself ends where it begins anew.
fn strict<'a>(schema: &'a Value, all: &'a Map<String, Value>, on_way: &mut Vec<&'a str>) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/")) {
        if on_way.contains(&name) {
            return json!({});
        }
        on_way.push(name);
        let found = all.get(name).map_or(json!({}), |found| strict(found, all, on_way));
        on_way.pop();
        return found;
    }
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let mut out: HashMap<String, Value> = HashMap::new();
    for (key, value) in fields.iter().filter(|(key, _)| !key.starts_with("x-") && *key != "description") {
        let below = match (key.as_str(), value.as_object()) {
            ("properties", Some(properties)) => {
                let each = properties.iter().map(|(name, below)| {
                    let mut below = strict(below, all, on_way);
                    // What is left empty may be null to the server.
                    if let Some(kind) = below["type"].as_str().map(str::to_owned) {
                        below["type"] = json!([kind, "null"]);
                    }
                    (name.clone(), below)
                });
                Value::Object(each.collect())
            }
            ("items" | "additionalProperties", Some(_)) => strict(value, all, on_way),
            _ => value.clone(),
        };
        out.insert(key.clone(), below);
    }
    if out.get("format").is_some_and(|format| format == "int-or-string") {
        return json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    }
    if out.contains_key("properties") {
        out.insert("additionalProperties".to_owned(), json!(false));
    }
    Value::Object(out.into_iter().collect())
}
