//! `cargo xtask dist try`: installs what `dist` made as people do, each kind in a folder of its own that is removed afterwards,
//! runs it on a chart, and prints how large it was and how long that took. What cannot be tried for want of a tool is told, and
//! is an error if `PLIMSOLL_REQUIRED` names what people use, such as `pip`.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use walkdir::WalkDir;

use crate::{Outcome, root};

use super::options::Options;
use super::packages::Packages;
use super::site::{Installed, Site, chart, copy, said};
use super::sums::{SUMS, sha256};
use super::target::Target;
use super::{trial_helm, trial_readme};

/// One way to install something.
struct Way {
    /// The kind of package, as `--only` names it.
    kind: &'static str,
    /// What people use.
    with: &'static str,
    /// The tools that must be there.
    tools: &'static [&'static str],
    install: fn(&Site) -> Result<Installed, String>,
}

const WAYS: [Way; 8] = [
    Way { kind: "archive", with: "tar", tools: &["tar"], install: archive },
    Way { kind: "wheel", with: "pip", tools: &["python3"], install: wheel },
    Way { kind: "wheel", with: "pre-commit", tools: &["pre-commit", "git"], install: pre_commit },
    Way { kind: "npm", with: "npm", tools: &["npm", "node"], install: npm },
    Way { kind: "image", with: "skopeo, umoci", tools: &["skopeo", "umoci", "chroot"], install: image },
    Way { kind: "debian", with: "dpkg", tools: &["dpkg"], install: debian },
    Way {
        kind: "plugin",
        with: "helm",
        tools: &["helm", "gpg"],
        install: |site| trial_helm::plugin(site, "helm"),
    },
    Way {
        kind: "plugin",
        with: "helm3",
        tools: &["helm3", "gpg"],
        install: |site| trial_helm::plugin(site, "helm3"),
    },
];

/// Runs the task.
pub fn run(options: &Options) -> Outcome {
    let target = options.target.as_deref().map_or_else(Target::of_this_machine, Target::named)?;
    let packages = Packages::of(target)?;
    let out = std::path::absolute(options.out(&packages.target_folder)).map_err(|error| error.to_string())?;
    check_sums(&out)?;
    let required = std::env::var("PLIMSOLL_REQUIRED").unwrap_or_default();
    let mut failed = Vec::new();
    println!(
        "| kind | file | MB | installed with | seconds | first check, seconds |\n|---|---|---|---|---|---|"
    );
    for way in WAYS.iter().filter(|way| options.wants(way.kind)) {
        let absent: Vec<&str> = way.tools.iter().copied().filter(|tool| !is_there(tool)).collect();
        if !absent.is_empty() {
            println!("| {} | not tried: no {} | | {} | | |", way.kind, absent.join(", "), way.with);
            if required.split(',').any(|name| name == way.with) {
                failed.push(format!("{} with {}: no {}", way.kind, way.with, absent.join(", ")));
            }
            continue;
        }
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let scratch = scratch.path();
        let version = packages.own.version.clone();
        let site = Site { out: out.clone(), scratch: scratch.to_owned(), version, target };
        match attempt(way, &site) {
            Ok(row) => println!("{row}"),
            Err(error) => failed.push(format!("{} with {}: {error}", way.kind, way.with)),
        }
    }
    if options.wants("archive") && is_there("tar") {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let version = packages.own.version.clone();
        let site = Site { out: out.clone(), scratch: scratch.path().to_owned(), version, target };
        failed.extend(archive(&site).and_then(|installed| trial_readme::run(&site, &installed)).err());
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

/// Every file is what the list of sums says.
fn check_sums(out: &Path) -> Outcome {
    let list = out.join(SUMS);
    let text = std::fs::read_to_string(&list)
        .map_err(|error| format!("{}: {error}; `cargo xtask dist` makes it", list.display()))?;
    for line in text.lines() {
        let (sum, name) = line.split_once("  ").ok_or_else(|| format!("{}: {line}", list.display()))?;
        let data = std::fs::read(out.join(name)).map_err(|error| format!("{name}: {error}"))?;
        if sha256(&data) != sum {
            return Err(format!("{name} is not what {SUMS} says"));
        }
    }
    Ok(())
}

/// Installs, runs, and tells how it went as a row of the table.
fn attempt(way: &Way, site: &Site) -> Result<String, String> {
    let start = Instant::now();
    let installed = (way.install)(site)?;
    let install = start.elapsed().as_secs_f64();
    let run = |words: &[&str]| {
        let (program, before) = installed.line.split_first().ok_or("nothing to run")?;
        said(Command::new(program).args(before).args(words).envs(installed.variables.iter().cloned()))
    };
    let version = run(&["--version"])?;
    if !version.starts_with(&format!("plimsoll {} ", site.version)) {
        return Err(format!("it says it is {version}"));
    }
    let start = Instant::now();
    let report = run(&["check", &installed.chart])?;
    let check = start.elapsed().as_secs_f64();
    if !report.contains("6 objects, 0 errors") {
        return Err(format!("the chart is judged otherwise: {report}"));
    }
    let size = installed.file.metadata().map_err(|error| error.to_string())?.len();
    let name = installed.file.strip_prefix(&site.out).unwrap_or(&installed.file).display();
    let size = size as f64 / 1e6;
    Ok(format!("| {} | `{name}` | {size:.1} | {} | {install:.1} | {check:.2} |", way.kind, way.with))
}

fn archive(site: &Site) -> Result<Installed, String> {
    let file = site.file("plimsoll-", ".tar.gz")?;
    said(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&site.scratch))?;
    let stem = format!("plimsoll-{}-{}", site.version, site.target.triple);
    let program = site.scratch.join(stem).join("plimsoll");
    Ok(Installed::here(file, vec![program.display().to_string()]))
}

fn wheel(site: &Site) -> Result<Installed, String> {
    let file = site.file("plimsoll-", ".whl")?;
    let venv = site.scratch.join("venv");
    said(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(venv.join("bin/pip"));
    said(pip.args(["install", "--quiet", "--no-index", "--disable-pip-version-check"]).arg(&file))?;
    Ok(Installed::here(file, vec![venv.join("bin/plimsoll").display().to_string()]))
}

/// The hook `plimsoll-python` of this repository, in a repository with one chart.
fn pre_commit(site: &Site) -> Result<Installed, String> {
    let file = site.file("plimsoll-", ".whl")?;
    let repository = site.scratch.join("repository");
    copy(&chart(), &repository.join("chart"))?;
    let here = root().display().to_string();
    let head = said(Command::new("git").args(["-C", &here, "rev-parse", "HEAD"]))?;
    let config =
        format!("repos: [{{repo: '{here}', rev: '{}', hooks: [{{id: plimsoll-python}}]}}]\n", head.trim());
    let path = repository.join(".pre-commit-config.yaml");
    std::fs::write(&path, config).map_err(|error| format!("{}: {error}", path.display()))?;
    for words in [&["init", "--quiet"][..], &["add", "."]] {
        said(Command::new("git").args(words).current_dir(&repository))?;
    }
    let home = site.scratch.join("home");
    let text = said(
        Command::new("pre-commit")
            .args(["run", "--all-files", "--verbose"])
            .current_dir(&repository)
            .env("PRE_COMMIT_HOME", &home)
            .env("PIP_FIND_LINKS", &site.out),
    )?;
    if !text.contains("6 objects, 0 errors") {
        return Err(format!("the hook did not judge the chart: {text}"));
    }
    let program =
        WalkDir::new(&home).into_iter().flatten().find(|entry| entry.path().ends_with("bin/plimsoll"));
    let program = program.ok_or("the hook has installed no program")?;
    Ok(Installed::here(file, vec![program.path().display().to_string()]))
}

fn npm(site: &Site) -> Result<Installed, String> {
    let (os, cpu) = site.target.node;
    let system = site.file(&format!("npm/plimsoll-{os}-{cpu}-"), ".tgz")?;
    let all = site.out.join(format!("npm/plimsoll-{}.tgz", site.version));
    // The package of the system is given by hand, as it is in no registry yet.
    let mut npm = Command::new("npm");
    npm.args(["install", "--offline", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]);
    said(npm.arg(&all).arg(&system).current_dir(&site.scratch))?;
    let program = site.scratch.join("node_modules/.bin/plimsoll");
    Ok(Installed::here(system, vec![program.display().to_string()]))
}

/// Unpacks the image and runs it as its user in its own root, in which there is nothing else.
fn image(site: &Site) -> Result<Installed, String> {
    let file = site.file("plimsoll-", ".oci.tar")?;
    let layout = site.scratch.join("layout");
    let from = format!("oci-archive:{}", file.display());
    said(Command::new("skopeo").args(["copy", "--quiet", &from, &format!("oci:{}:it", layout.display())]))?;
    let bundle = site.scratch.join("bundle");
    said(
        Command::new("umoci").args(["unpack", "--image", &format!("{}:it", layout.display())]).arg(&bundle),
    )?;
    let inside = bundle.join("rootfs");
    copy(&chart(), &inside.join("work/chart"))?;
    let line = ["chroot", "--userspec=65532:65532", &inside.display().to_string(), "/usr/bin/plimsoll"];
    let line = line.map(str::to_owned).to_vec();
    Ok(Installed { chart: "/work/chart".to_owned(), ..Installed::here(file, line) })
}

fn debian(site: &Site) -> Result<Installed, String> {
    let file = site.file("plimsoll_", ".deb")?;
    let inside = site.scratch.join("system");
    for folder in ["info", "updates", "triggers"] {
        let folder = inside.join("var/lib/dpkg").join(folder);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::write(inside.join("var/lib/dpkg/status"), "").map_err(|error| error.to_string())?;
    said(Command::new("dpkg").arg(format!("--root={}", inside.display())).arg("--install").arg(&file))?;
    Ok(Installed::here(file, vec![inside.join("usr/bin/plimsoll").display().to_string()]))
}

fn is_there(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}
