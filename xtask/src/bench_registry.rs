//! `cargo xtask bench registry`: what it costs to push a chart of 90 MB to a registry on this machine and to pull it again:
//! time, processor time and peak memory, beside Helm's where it is installed. Needs `docker-registry` and GNU `time`.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{Outcome, parity};

/// How often each thing is done; the least counts.
const RUNS: usize = 5;
/// The chart: that many files of the largest size that Helm reads, of noise that cannot be compressed.
const FILES: u64 = 18;
const FILE_SIZE: usize = 5_000_000;
/// The memory that may be used, in MiB.
const MEMORY: f64 = 64.0;

/// A registry that ends with the task.
struct Registry {
    child: Child,
    host: String,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run cost: seconds, seconds of the processor, MiB.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    processor: f64,
    memory: f64,
}

impl Cost {
    fn least(self, other: Cost) -> Cost {
        Cost {
            wall: self.wall.min(other.wall),
            processor: self.processor.min(other.processor),
            // Of memory the most counts.
            memory: self.memory.max(other.memory),
        }
    }
}

/// Runs the task.
pub fn run() -> Outcome {
    let folder = Folder::new()?;
    let ours = parity::build_ours()?;
    let helm = parity::find_helm().ok();
    let registry = start(&folder.0)?;
    let archive = archive(&folder.0, &ours)?;
    let size = fs::metadata(&archive).map_err(|error| format!("{}: {error}", archive.display()))?.len();
    println!("a chart of {:.1} MB, {RUNS} runs each", size as f64 / 1e6);
    println!("{:6} {:6} {:>8} {:>12} {:>9}", "", "", "seconds", "processor s", "peak MiB");
    let programs: Vec<(&str, &Path)> = std::iter::once(("ours", ours.as_path()))
        .chain(helm.iter().map(|it| ("Helm", it.as_path())))
        .collect();
    let mut failed = Vec::new();
    for verb in ["push", "pull"] {
        let mut costs: Vec<Option<Cost>> = vec![None; programs.len()];
        for round in 0..RUNS {
            for ((name, program), least) in programs.iter().zip(&mut costs) {
                // A repository that the registry has not seen, so that everything is sent.
                let remote = format!("oci://{}/{}{round}", registry.host, name.to_lowercase());
                let words = match verb {
                    "push" => [verb.to_owned(), archive.display().to_string(), remote],
                    _ => [verb.to_owned(), format!("{remote}/large"), "--version=1.0.0".to_owned()],
                };
                let cost = measure(&folder.0, program, &words)?;
                *least = Some(least.map_or(cost, |least| least.least(cost)));
            }
        }
        for ((name, _), cost) in programs.iter().zip(&costs) {
            let Some(Cost { wall, processor, memory }) = cost else { continue };
            println!("{verb:6} {name:6} {wall:>8.2} {processor:>12.2} {memory:>9.1}");
        }
        if let [Some(ours), rest @ ..] = &costs[..] {
            if ours.memory >= MEMORY {
                failed.push(format!("{verb} takes {:.1} MiB, and {MEMORY} are allowed", ours.memory));
            }
            if rest.iter().flatten().any(|helm| helm.wall < ours.wall) {
                failed.push(format!("{verb} is slower than with Helm"));
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

/// A folder that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        let path = std::env::temp_dir().join(format!("plimsoll-bench-{}", std::process::id()));
        fs::create_dir_all(path.join("large")).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Path) -> Result<Registry, String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let host = port.map_err(|error| format!("no free port: {error}"))?.to_string();
    let config = format!(
        "version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {}}}\nhttp:\n  addr: {host}\n",
        folder.join("store").display()
    );
    let file = folder.join("registry.yml");
    fs::write(&file, config).map_err(|error| format!("{}: {error}", file.display()))?;
    let quiet = Stdio::null;
    let child =
        Command::new("docker-registry").arg("serve").arg(&file).stdout(quiet()).stderr(quiet()).spawn();
    let child = child.map_err(|error| format!("docker-registry: {error}"))?;
    let registry = Registry { child, host };
    for _ in 0..100 {
        if TcpStream::connect(&registry.host).is_ok() {
            return Ok(registry);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("docker-registry does not answer".to_owned())
}

/// The archive of the chart, packed by ours.
fn archive(folder: &Path, ours: &Path) -> Result<PathBuf, String> {
    let chart = folder.join("large");
    let write = |name: &str, data: &[u8]| {
        fs::write(chart.join(name), data).map_err(|error| format!("{name}: {error}"))
    };
    write("Chart.yaml", b"apiVersion: v2\nname: large\nversion: 1.0.0\n")?;
    let mut state: u64 = 1;
    for file in 0..FILES {
        let noise: Vec<u8> = (0..FILE_SIZE)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        write(&format!("noise-{file}"), &noise)?;
    }
    measure(folder, ours, &["package".to_owned(), chart.display().to_string()])?;
    Ok(folder.join("large-1.0.0.tgz"))
}

/// Runs a command in the folder, over plain HTTP and with its own settings.
fn measure(folder: &Path, program: &Path, words: &[String]) -> Result<Cost, String> {
    let pulled = folder.join("pulled");
    fs::create_dir_all(&pulled).map_err(|error| format!("{}: {error}", pulled.display()))?;
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%e %U %S %M"]).arg(program).args(words).arg("--plain-http");
    match words[0].as_str() {
        "pull" => command.arg("--destination").arg(&pulled),
        "package" => command.arg("--destination").arg(folder),
        _ => &mut command,
    };
    let output = command.env("HOME", folder).output().map_err(|error| format!("/usr/bin/time: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let failed = || format!("{} {}: {said}", program.display(), words.join(" "));
    if !output.status.success() {
        return Err(failed());
    }
    let numbers: Vec<f64> =
        said.lines().last().unwrap_or_default().split(' ').filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [wall, user, system, kibibytes] => {
            Ok(Cost { wall, processor: user + system, memory: kibibytes / 1024.0 })
        }
        _ => Err(failed()),
    }
}
