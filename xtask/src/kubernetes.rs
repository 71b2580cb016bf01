//! `cargo xtask kubernetes`: writes `src/apiserver/known.zz`, what the API server of each Kubernetes minor knows, from the Go
//! modules of `xtask/oracle/kubeapi/versions.txt`. Go downloads them; the program beside that file reads them.
//!
//! `cargo xtask kubernetes pod-security` records what Pod Security admission says of pods.

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
    let said = go(&program, &["run", ".", &pods.to_string_lossy(), RANDOM_PODS])?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(said.as_bytes()).and_then(|()| packed.finish());
    let packed = packed.map_err(|error| error.to_string())?;
    println!("{POD_SECURITY}: {} pods, {} bytes", said.lines().count(), packed.len());
    std::fs::write(root().join(POD_SECURITY), packed).map_err(|error| error.to_string())
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
