//! `cargo xtask kubernetes`: writes `src/apiserver/known.zz`, what the API server of each Kubernetes minor knows, from the Go
//! modules of `xtask/oracle/kubeapi/versions.txt`. Go downloads them; the program beside that file reads them.
//!
//! `cargo xtask kubernetes pod-security` records what Pod Security admission says of pods, `custom-resources` what is said of
//! custom resources by their schema, `rules` what is said of rules in CEL; `functions` writes down which functions rules have.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::{Outcome, root};

/// What is written.
const KNOWN: &str = "src/apiserver/known.zz";

/// Runs the task.
pub fn run() -> Outcome {
    let program = root().join("xtask/oracle/kubeapi");
    let versions =
        std::fs::read_to_string(program.join("versions.txt")).map_err(|error| error.to_string())?;
    for module in modules(&versions) {
        go(&program, &["mod", "download", &module])?;
    }
    let cache = go(&program, &["env", "GOMODCACHE"])?;
    let folder = PathBuf::from(cache.trim()).join("k8s.io");
    let known = go(&program, &["run", ".", "versions.txt", &folder.to_string_lossy()])?;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(known.as_bytes()).and_then(|()| packed.finish());
    let packed = packed.map_err(|error| error.to_string())?;
    println!("{KNOWN}: {} lines, {} bytes", known.lines().count(), packed.len());
    std::fs::write(root().join(KNOWN), packed).map_err(|error| error.to_string())
}

/// What Pod Security admission says is written here.
const POD_SECURITY: &str = "testdata/kubernetes/pod-security.jsonl.gz";

/// How many random pods it is asked about beside those of its own test data.
const RANDOM_PODS: &str = "250";

/// Records what Pod Security admission says.
pub fn pod_security() -> Outcome {
    let program = root().join("xtask/oracle/podsecurity");
    let module = go(&program, &["list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission"])?;
    let pods = PathBuf::from(module.trim()).join("test/testdata");
    record(&program, &pods, RANDOM_PODS, POD_SECURITY)
}

/// What the server says of custom resources of the definitions is written here.
const CUSTOM: &str = "testdata/kubernetes/custom-resources.jsonl.gz";

/// Records what the server says of random custom resources.
pub fn custom_resources() -> Outcome {
    let definitions = root().join("testdata/kubernetes/definitions.yaml");
    record(&root().join("xtask/oracle/customresources"), &definitions, "800", CUSTOM)
}

/// What is said of rules in CEL is written here.
const RULES: &str = "testdata/kubernetes/rules.jsonl.gz";

/// How many random rules there are beside those that somebody wrote.
const RANDOM_RULES: &str = "4000";

/// Records what the server says of rules in CEL.
pub fn rules() -> Outcome {
    let definition = root().join("testdata/kubernetes/rules.yaml");
    let words = ["run", ".", "rules", &definition.to_string_lossy(), RANDOM_RULES];
    pack(&go(&root().join("xtask/oracle/celrules"), &words)?, RULES)
}

/// The functions that rules in CEL have are written here.
const FUNCTIONS: &str = "src/apiserver/cel/functions.txt";

/// Writes down the functions that each minor has.
pub fn functions() -> Outcome {
    let known = go(&root().join("xtask/oracle/celrules"), &["run", ".", "functions"])?;
    std::fs::write(root().join(FUNCTIONS), known).map_err(|error| error.to_string())
}

/// Runs a program on something, with a number of random cases, and packs what it prints.
fn record(program: &Path, what: &Path, count: &str, to: &str) -> Outcome {
    pack(&go(program, &["run", ".", &what.to_string_lossy(), count])?, to)
}

fn pack(said: &str, to: &str) -> Outcome {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(said.as_bytes()).and_then(|()| packed.finish());
    let packed = packed.map_err(|error| error.to_string())?;
    println!("{to}: {} lines, {} bytes", said.lines().count(), packed.len());
    std::fs::write(root().join(to), packed).map_err(|error| error.to_string())
}

/// `k8s.io/api@v0.37.1` and so on.
fn modules(versions: &str) -> Vec<String> {
    let words = versions.lines().flat_map(|line| line.split_whitespace().skip(1));
    words
        .filter_map(|word| word.split_once('='))
        .map(|(name, version)| format!("k8s.io/{name}@{version}"))
        .collect()
}

fn go(folder: &Path, words: &[&str]) -> Result<String, String> {
    let output = Command::new("go").args(words).current_dir(folder).env("GOFLAGS", "-mod=mod").output();
    let output =
        output.map_err(|error| format!("go cannot be started ({error}): install Go 1.24 or newer"))?;
    if !output.status.success() {
        return Err(format!(
            "go {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr).trim_end()
        ));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
