//! Killed at any moment: nothing half done stands under a name that counts, the next run works, and what a killed run left
//! behind is gone after it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::server::Answer;
use super::{Place, Registry, digest, repository};

/// How often each command is killed, each time a little later.
const KILLS: u32 = 25;

/// Kills a command again and again, then lets it end. `check` says whether what stands there is whole or absent. Gives how
/// often something passing was left behind.
fn kill_in_a_loop(place: &Place, words: &[&str], before: &dyn Fn(), check: &dyn Fn()) -> usize {
    let run = || {
        before();
        let mut command = place.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let start = Instant::now();
    assert!(run().wait().unwrap().success(), "{words:?}");
    // How long a run takes. On a busy machine that changes: it shrinks when a run was quicker than its killer.
    let mut whole = start.elapsed();
    let (mut killed, mut quicker, mut littered) = (0, 0, 0);
    while killed < KILLS {
        let mut child = run();
        std::thread::sleep(whole * killed / KILLS);
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        } else {
            quicker += 1;
            whole = whole * 9 / 10;
        }
        assert!(quicker < 8 * KILLS, "{words:?}: only {killed} runs were killed");
        child.kill().unwrap();
        child.wait().unwrap();
        check();
        let left = passing(place.folder.path());
        littered += usize::from(!left.is_empty());
        assert!(left.len() <= 3, "what is left behind grows: {left:?}");
    }
    let output = run().wait_with_output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    check();
    assert_eq!(passing(place.folder.path()), Vec::<PathBuf>::new(), "{words:?}");
    littered
}

/// What bears a passing name below a folder.
fn passing(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_str().unwrap().ends_with(".part") {
            found.push(entry.path());
        } else if entry.path().is_dir() {
            found.extend(passing(&entry.path()));
        }
    }
    found
}

/// Fails unless the file is absent or has this content.
fn absent_or(file: &Path, content: &[u8]) {
    if let Ok(found) = fs::read(file) {
        assert!(found == content, "{}: {} bytes of {}", file.display(), found.len(), content.len());
    }
}

fn slowly(content: &[u8]) -> Answer {
    Answer::ok(content).drip(content.len() / 20, Duration::from_millis(10))
}

#[test]
fn a_pull_may_be_killed() {
    let place = Place::new();
    let registry = Registry::new(&place);
    registry.server.answer(&registry.blob, slowly(&registry.archive));
    let (reference, out) = (registry.reference(), place.text("out"));
    let words = ["pull", &reference, "--version", "1.2.3", "--plain-http", "-d", &out];
    let file = place.path("out/web-1.2.3.tgz");
    let remove = || drop(fs::remove_file(&file));
    let littered = kill_in_a_loop(&place, &words, &remove, &|| absent_or(&file, &registry.archive));
    assert!(littered > 0, "no run was killed while it wrote");
    // And in place of an older file.
    let older = || fs::write(&file, "older").unwrap();
    kill_in_a_loop(&place, &words, &older, &|| {
        let found = fs::read(&file).unwrap();
        assert!(found == b"older" || found == registry.archive);
    });
}

#[test]
fn unpacking_may_be_killed() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let (reference, out) = (registry.reference(), place.text("out"));
    let words = ["pull", &reference, "--plain-http", "--untar", "-d", &out];
    let folder = place.path("out/web");
    let noise = fs::read(place.path("web/templates/noise.txt")).unwrap();
    kill_in_a_loop(&place, &words, &|| drop(fs::remove_dir_all(&folder)), &|| {
        if folder.exists() {
            assert_eq!(fs::read(folder.join("templates/noise.txt")).unwrap(), noise);
            assert!(folder.join("Chart.yaml").is_file());
        }
    });
}

#[test]
fn packaging_may_be_killed() {
    let place = Place::new();
    let archive = place.archive("web");
    let (folder, out) = (place.text("web"), place.text("out"));
    let file = place.path("out/web-1.2.3.tgz");
    let remove = || drop(fs::remove_file(&file));
    kill_in_a_loop(&place, &["package", &folder, "-d", &out], &remove, &|| absent_or(&file, &archive));
}

#[test]
fn an_update_of_dependencies_may_be_killed() {
    let place = Place::new();
    let archive = place.archive("web");
    let server = repository(&archive, digest(&archive).trim_start_matches("sha256:"));
    server.answer("GET /charts/web-1.2.3.tgz", slowly(&archive));
    let url = format!("http://{}/charts", server.host);
    let dependencies = format!("dependencies:\n- {{name: web, version: ^1, repository: \"{url}\"}}\n");
    let top = place.chart("top", &dependencies).display().to_string();
    let file = place.path("top/charts/web-1.2.3.tgz");
    let lock = place.path("top/Chart.lock");
    let remove = || [&file, &lock].into_iter().for_each(|file| drop(fs::remove_file(file)));
    let littered = kill_in_a_loop(&place, &["dependency", "update", &top], &remove, &|| {
        absent_or(&file, &archive);
        if let Ok(text) = fs::read_to_string(&lock) {
            assert!(text.starts_with("dependencies:") && text.contains("\ngenerated: "), "{text}");
            assert!(file.exists(), "what the lock promises is there");
        }
    });
    assert!(littered > 0, "no run was killed while it wrote");
}

#[test]
fn two_processes_pull_one_chart_at_once() {
    let place = Place::new();
    let registry = Registry::new(&place);
    registry.server.answer(&registry.blob, slowly(&registry.archive));
    let (reference, out) = (registry.reference(), place.text("out"));
    let words = ["pull", &reference, "--plain-http", "-d", &out];
    let children: Vec<_> =
        (0..2).map(|_| place.command(&words).stdout(Stdio::null()).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(place.results(), ["web-1.2.3.tgz"]);
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), registry.archive);
}
