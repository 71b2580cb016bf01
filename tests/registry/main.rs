//! Charts to and from servers that behave and servers that do not. Whatever a server does: an error that names the chart
//! and the step, exit code 1, and no file, or the old file untouched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod credentials;
mod interop;
mod killed;
mod network;
mod provenance;
mod pushed;
mod recorded;
mod results;
mod server;
mod shared;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use server::{Answer, Server};

/// A folder with everything that a run may touch.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("out")).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The flags that keep a run inside the folder.
    fn settings(&self) -> Vec<OsString> {
        let settings = [
            ("--registry-config", "registry.json"),
            ("--repository-config", "repositories.yaml"),
            ("--repository-cache", "indexes"),
            ("--content-cache", "content"),
        ];
        settings.iter().flat_map(|(flag, name)| [(*flag).into(), self.path(name).into_os_string()]).collect()
    }

    /// The command line as a process of its own, whose temporary files lie in the folder, too.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.args(words).args(self.settings()).env("TMPDIR", self.folder.path());
        command
    }

    /// Runs a command line with its own settings: the exit code, standard output, standard error.
    fn run(&self, words: &[&str]) -> (u8, String, String) {
        let mut line: Vec<OsString> = vec!["plimsoll".into()];
        line.extend(words.iter().map(OsString::from));
        line.extend(self.settings());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = plimsoll::internals::cli::run(&line, &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    /// The files in the folder for results.
    fn results(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("out")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn chart(&self, name: &str, extra: &str) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir_all(folder.join("templates")).unwrap();
        fs::write(
            folder.join("Chart.yaml"),
            format!("apiVersion: v2\nname: {name}\nversion: 1.2.3\n{extra}"),
        )
        .unwrap();
        // Large enough to be cut anywhere, and hard to compress.
        let noise: String = (0..40_000_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
        fs::write(folder.join("templates/noise.txt"), format!("{{{{/* {noise} */}}}}")).unwrap();
        folder
    }

    /// The archive of a chart.
    fn archive(&self, name: &str) -> Vec<u8> {
        let folder = self.chart(name, "");
        let (code, _, err) =
            self.run(&["package", &folder.display().to_string(), "-d", &self.text("packed")]);
        assert_eq!(code, 0, "{err}");
        fs::read(self.path("packed").join(format!("{name}-1.2.3.tgz"))).unwrap()
    }
}

fn digest(content: &[u8]) -> String {
    let digits = hex::encode(Sha256::digest(content));
    format!("sha256:{digits}")
}

const TAGS: &str = r#"{"tags":["1.2.3","1.0.0"]}"#;
const MANIFEST: &str = "GET /v2/charts/web/manifests/1.2.3";

/// A registry with one chart, and the addresses of its parts.
struct Registry {
    server: Server,
    archive: Vec<u8>,
    blob: String,
    manifest: String,
}

impl Registry {
    fn new(place: &Place) -> Registry {
        let archive = place.archive("web");
        let manifest = format!(
            "{{\"schemaVersion\":2,\"config\":{{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\"{}\",\
             \"size\":2}},\"layers\":[{{\"mediaType\":\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\",\"digest\":\
             \"{}\",\"size\":{}}}]}}",
            digest(b"{}"),
            digest(&archive),
            archive.len()
        );
        let blob = format!("GET /v2/charts/web/blobs/{}", digest(&archive));
        let registry = Registry { server: Server::start(), archive, blob, manifest };
        registry.mend();
        registry
    }

    /// Makes it behave.
    fn mend(&self) {
        let manifest = Answer::ok(self.manifest.as_str())
            .header("Content-Type", "application/vnd.oci.image.manifest.v1+json");
        self.server.answer(MANIFEST, manifest);
        self.server.answer(&self.blob, Answer::ok(self.archive.as_slice()));
        self.server.answer("GET /v2/charts/web/tags/list", Answer::ok(TAGS));
    }

    fn reference(&self) -> String {
        format!("oci://{}/charts/web", self.server.host)
    }

    fn pull(&self, place: &Place, version: &str) -> (u8, String, String) {
        place.run(&[
            "pull",
            &self.reference(),
            "--version",
            version,
            "--plain-http",
            "-d",
            &place.text("out"),
        ])
    }
}

/// The faults of any answer, with a name.
fn faults(good: &Answer, host: &str, route: &str) -> Vec<(String, Answer)> {
    let path = route.split_once(' ').unwrap().1;
    let mut found: Vec<(String, Answer)> = [0, 1, 300, 20_000]
        .into_iter()
        .filter(|after| *after < good.body.len())
        .map(|after| (format!("cut after {after}"), good.clone().cut(after)))
        .collect();
    for status in [204, 301, 400, 401, 403, 404, 429, 500, 503] {
        found.push((format!("status {status}"), Answer::status(status)));
    }
    let circle = Answer::status(307).header("Location", &format!("http://{host}{path}"));
    found.push(("a redirect in circles".to_owned(), circle));
    let short = &good.body[..good.body.len() / 2];
    found.push(("half of it".to_owned(), Answer::ok(short)));
    let mut wrong = good.body.clone();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 1;
    found.push((
        "a wrong bit".to_owned(),
        Answer::ok(wrong).header("Docker-Content-Digest", &digest(&good.body)),
    ));
    let long = [good.body.as_slice(), &[b' '; 64]].concat();
    found
        .push(("too long".to_owned(), Answer::ok(long).header("Docker-Content-Digest", &digest(&good.body))));
    found
}

#[test]
fn a_chart_is_pulled_by_tag_constraint_and_digest() {
    let place = Place::new();
    let registry = Registry::new(&place);
    for version in ["1.2.3", "^1", ""] {
        let (code, out, err) = registry.pull(&place, version);
        assert_eq!((code, err.as_str()), (0, ""), "{version}");
        assert!(
            out.starts_with(&format!("Pulled: {}/charts/web:1.2.3\nDigest: sha256:", registry.server.host))
        );
        assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), registry.archive);
    }
    assert_eq!(place.results(), ["web-1.2.3.tgz"]);
}

#[test]
fn no_fault_of_a_registry_leaves_anything() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let manifest = Answer::ok(registry.manifest.as_str());
    let blob = Answer::ok(registry.archive.as_slice());
    let name = format!("{}/charts/web", registry.server.host);
    let tags = Answer::ok(TAGS);
    for (route, version, good, step) in [
        ("GET /v2/charts/web/tags/list", "^1", &tags, "reading the tags of"),
        (MANIFEST, "1.2.3", &manifest, "reading the manifest of"),
        (&registry.blob, "1.2.3", &blob, "downloading the blob"),
    ] {
        for (fault, answer) in faults(good, &registry.server.host, route) {
            // Of tags there is no digest, and spaces after them are no fault.
            if step.contains("tags") && ["a wrong bit", "too long"].contains(&fault.as_str()) {
                continue;
            }
            registry.mend();
            registry.server.answer(route, answer);
            for old in [None, Some("an older file")] {
                let file = place.path("out/web-1.2.3.tgz");
                let _ = fs::remove_file(&file);
                if let Some(text) = old {
                    fs::write(&file, text).unwrap();
                }
                let (code, _, err) = registry.pull(&place, version);
                assert_eq!(code, 1, "{route}: {fault}: {err}");
                assert!(err.contains(step) && err.contains(&name), "{route}: {fault}: {err}");
                let left = old.map(|_| "web-1.2.3.tgz".to_owned());
                assert_eq!(place.results(), Vec::from_iter(left), "{route}: {fault}");
                if let Some(text) = old {
                    assert_eq!(fs::read_to_string(&file).unwrap(), text);
                }
            }
        }
    }
    registry.mend();
    assert_eq!(registry.pull(&place, "1.2.3").0, 0);
}

#[test]
fn a_refusal_tells_who_was_refused() {
    let place = Place::new();
    let registry = Registry::new(&place);
    registry.server.answer(MANIFEST, Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""));
    let (_, _, err) = registry.pull(&place, "1.2.3");
    assert!(
        err.contains("no credentials for 127.0.0.1:") && err.contains("plimsoll registry login"),
        "{err}"
    );
    // bob:secret
    let auths = format!("{{\"auths\":{{\"{}\":{{\"auth\":\"Ym9iOnNlY3JldA==\"}}}}}}", registry.server.host);
    fs::write(place.path("registry.json"), auths).unwrap();
    let (code, _, err) = registry.pull(&place, "1.2.3");
    assert_eq!(code, 1);
    assert!(err.contains("tried as user \"bob\" of ") && err.contains("registry.json"), "{err}");
    assert!(!err.contains("secret"), "{err}");
    let manifest = Answer::ok(registry.manifest.as_str());
    registry.server.answer(&format!("{MANIFEST} Basic Ym9iOnNlY3JldA=="), manifest.clone());
    registry.server.answer(
        &format!("{} Basic Ym9iOnNlY3JldA==", registry.blob),
        Answer::ok(registry.archive.as_slice()),
    );
    assert_eq!(registry.pull(&place, "1.2.3").0, 0);
    // And with a token.
    let realm = format!("Bearer realm=\"http://{}/token\",service=\"s\"", registry.server.host);
    registry.server.answer(MANIFEST, Answer::status(401).header("WWW-Authenticate", &realm));
    registry.server.answer(&format!("{MANIFEST} Basic Ym9iOnNlY3JldA=="), Answer::status(401));
    registry.server.answer("GET /token", Answer::ok("{\"token\":\"a\\nb\"}"));
    let (code, _, err) = registry.pull(&place, "1.2.3");
    assert!(code == 1 && err.contains("no token that can be sent"), "{err}");
    registry.server.answer("GET /token", Answer::ok(r#"{"token":"abc"}"#));
    registry.server.answer(&format!("{MANIFEST} Bearer abc"), manifest);
    assert_eq!(registry.pull(&place, "1.2.3").0, 0);
}

#[test]
fn all_pages_of_tags_are_read_and_none_of_another_host() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let first = Answer::ok(r#"{"tags":["1.0.0"]}"#);
    let next = first.clone().header("Link", "</v2/charts/web/tags/list?last=1.0.0>; rel=\"next\"");
    registry.server.answer("GET /v2/charts/web/tags/list", next);
    registry.server.answer("GET /v2/charts/web/tags/list?last=1.0.0", Answer::ok(r#"{"tags":["1.2.3"]}"#));
    assert_eq!(registry.pull(&place, "").0, 0);
    let away = first.header("Link", "<http://127.0.0.1:1/x>; rel=\"next\"");
    registry.server.answer("GET /v2/charts/web/tags/list", away);
    let (code, _, err) = registry.pull(&place, "");
    assert!(code == 1 && err.contains("at another host"), "{err}");
    let circle = Answer::ok("{}").header("Link", "</v2/charts/web/tags/list>; rel=\"next\"");
    registry.server.answer("GET /v2/charts/web/tags/list", circle);
    let (code, _, err) = registry.pull(&place, "");
    assert!(code == 1 && err.contains("pages of tags"), "{err}");
    // More than anybody has is not read to its end.
    let long = format!(r#"{{"tags":["{}"]}}"#, "1.0.0\",\"".repeat(3_000_000));
    registry.server.answer("GET /v2/charts/web/tags/list", Answer::ok(long));
    let (code, _, err) = registry.pull(&place, "");
    assert!(code == 1 && err.contains("larger than"), "{err}");
}

#[test]
fn two_pulls_at_once_both_succeed() {
    let place = Place::new();
    let registry = Registry::new(&place);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| registry.pull(&place, "1.2.3").0)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 0);
        }
    });
    assert_eq!(place.results(), ["web-1.2.3.tgz"]);
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), registry.archive);
}

#[test]
fn a_chart_pulled_by_digest_is_there_offline() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let digest = digest(registry.manifest.as_bytes());
    let route = format!("GET /v2/charts/web/manifests/{digest}");
    registry.server.answer(&route, Answer::ok(registry.manifest.as_str()));
    let reference = format!("{}@{digest}", registry.reference());
    let template = |place: &Place, flag: &str| place.run(&["template", &reference, "--plain-http", flag]);
    let (code, _, err) = template(&place, "--offline");
    assert!(code == 1 && err.contains("needs the network, which --offline forbids"), "{err}");
    assert_eq!(template(&place, "--debug").0, 0);
    let asked = registry.server.seen().len();
    assert_eq!(template(&place, "--offline").0, 0);
    assert_eq!(registry.server.seen().len(), asked);
    // What does not hold what its name says is not used.
    spoil(&place.path("content"));
    assert_eq!(template(&place, "--offline").0, 1);
    assert_eq!(template(&place, "--debug").0, 0);
}

/// Changes every file below a folder.
fn spoil(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { spoil(&path) } else { fs::write(&path, "spoilt").unwrap() }
    }
}

/// A repository with one chart.
fn repository(archive: &[u8], digest: &str) -> Server {
    let server = Server::start();
    let index = format!(
        "apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.2.3\n    digest: {digest}\n    urls: [web-1.2.3.tgz]\n"
    );
    server.answer("GET /charts/index.yaml", Answer::ok(index));
    server.answer("GET /charts/web-1.2.3.tgz", Answer::ok(archive));
    server
}

#[test]
fn a_repository_s_chart_is_pulled_and_checked() {
    let place = Place::new();
    let archive = place.archive("web");
    let server = repository(&archive, digest(&archive).trim_start_matches("sha256:"));
    let url = format!("http://{}/charts", server.host);
    let pull = || place.run(&["pull", "web", "--repo", &url, "-d", &place.text("out")]);
    assert_eq!(pull().0, 0);
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), archive);
    fs::remove_file(place.path("out/web-1.2.3.tgz")).unwrap();
    for route in ["GET /charts/index.yaml", "GET /charts/web-1.2.3.tgz"] {
        let good = if route.ends_with("tgz") {
            Answer::ok(archive.as_slice())
        } else {
            Answer::ok("apiVersion: v1\n")
        };
        for at in 0..faults(&good, &server.host, route).len() {
            let server = repository(&archive, digest(&archive).trim_start_matches("sha256:"));
            let (fault, answer) = faults(&good, &server.host, route).swap_remove(at);
            let same = route.ends_with("yaml")
                && ["half of it", "a wrong bit", "too long"].contains(&fault.as_str());
            let url = format!("http://{}/charts", server.host);
            server.answer(route, answer);
            let (code, _, err) = place.run(&["pull", "web", "--repo", &url, "-d", &place.text("out")]);
            assert!(code == 1 && (same || err.contains("/charts")), "{route}: {fault}: {err}");
            assert_eq!(place.results(), Vec::<String>::new(), "{route}: {fault}");
        }
    }
    // Without a digest the archive itself tells whether it is whole.
    let cut =
        Answer { headers: vec![("Content-Length".into(), "100".into())], ..Answer::ok(&archive[..100]) };
    server.answer("GET /charts/web-1.2.3.tgz", cut);
    let direct = format!("{url}/web-1.2.3.tgz");
    let (code, _, err) = place.run(&["pull", &direct, "-d", &place.text("out")]);
    assert!(code == 1 && err.contains("no whole archive"), "{err}");
    assert_eq!(place.results(), Vec::<String>::new());
}

#[test]
fn dependencies_are_brought_and_locked() {
    let place = Place::new();
    let archive = place.archive("web");
    let server = repository(&archive, digest(&archive).trim_start_matches("sha256:"));
    let url = format!("http://{}/charts", server.host);
    let dependencies = format!(
        "dependencies:\n- {{name: web, version: ^1, repository: \"{url}\"}}\n- {{name: web, version: 1.2.3, alias: other, \
         repository: \"{url}\"}}\n- {{name: near, version: 1.x, repository: \
         \"file://../near\"}}\n"
    );
    place.chart("near", "");
    let top = place.chart("top", &dependencies).display().to_string();
    let (code, out, err) = place.run(&["dependency", "update", &top]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for name in ["web-1.2.3.tgz", "near-1.2.3.tgz"] {
        assert!(place.path("top/charts").join(name).is_file(), "{name}");
    }
    let lock = fs::read_to_string(place.path("top/Chart.lock")).unwrap();
    assert!(lock.contains("digest: sha256:") && lock.contains("version: 1.2.3"), "{lock}");
    // The index was asked for once, and the chart that two dependencies share.
    assert_eq!(server.seen().len(), 2, "{:?}", server.seen());
    assert_eq!(server.seen().iter().filter(|path| path.ends_with("index.yaml")).count(), 1);
    // A failure changes neither charts/ nor the lock.
    let older = fs::read(place.path("top/charts/near-1.2.3.tgz")).unwrap();
    fs::write(place.path("top/charts/web-1.2.3.tgz"), &older).unwrap();
    server.answer("GET /charts/web-1.2.3.tgz", Answer::status(500));
    let (code, _, err) = place.run(&["dependency", "update", &top]);
    assert!(code == 1 && err.contains("could not download") && err.contains("web-1.2.3.tgz"), "{err}");
    assert_eq!(fs::read(place.path("top/charts/web-1.2.3.tgz")).unwrap(), older);
    assert_eq!(fs::read_to_string(place.path("top/Chart.lock")).unwrap(), lock);
    assert_eq!(fs::read_dir(place.path("top")).unwrap().count(), 4, "no temporary folder is left");
}

#[test]
fn an_index_of_manifests_is_looked_into() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let name = digest(registry.manifest.as_bytes());
    let kind = "application/vnd.oci.image.index.v1+json";
    let size = registry.manifest.len();
    let one = format!(
        "{{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"{name}\",\"size\":{size}}}"
    );
    let index = |kind: &str, manifests: &str| {
        format!("{{\"schemaVersion\":2,\"mediaType\":\"{kind}\",\"manifests\":[{manifests}]}}")
    };
    let good = index(kind, &one);
    registry.server.answer(MANIFEST, Answer::ok(good.as_str()));
    let inner = format!("GET /v2/charts/web/manifests/{name}");
    for (fault, answer) in faults(&Answer::ok(registry.manifest.as_str()), &registry.server.host, &inner) {
        registry.server.answer(&inner, answer);
        let (code, _, err) = registry.pull(&place, "1.2.3");
        assert!(code == 1 && err.contains("reading the manifest of"), "{fault}: {err}");
        assert_eq!(place.results(), Vec::<String>::new(), "{fault}");
    }
    registry.server.answer(&inner, Answer::ok(registry.manifest.as_str()));
    let (code, out, err) = registry.pull(&place, "1.2.3");
    assert_eq!((code, err.as_str()), (0, ""));
    // The digest is that of the index, as with Helm.
    assert!(out.ends_with(&format!("Digest: {}\n", digest(good.as_bytes()))), "{out}");
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), registry.archive);
    for (text, wanted) in [
        (
            index(kind, ""),
            "manifest does not contain minimum number of descriptors (2), descriptors found: 1",
        ),
        (index("application/vnd.docker.distribution.manifest.list.v2+json", &one), "no manifest of a chart"),
        (index(kind, &vec![one.as_str(); 65].join(",")), "more than 64 manifests"),
        (index(kind, &one.replace("sha256", "md5")), "a digest that is not sha256"),
    ] {
        registry.server.answer(MANIFEST, Answer::ok(text));
        let (code, _, err) = registry.pull(&place, "1.2.3");
        assert!(code == 1 && err.contains(wanted), "{err}");
    }
}

#[test]
fn an_archive_of_another_chart_is_refused() {
    let place = Place::new();
    let other = place.archive("other");
    let server = repository(&other, digest(&other).trim_start_matches("sha256:"));
    let url = format!("http://{}/charts", server.host);
    for command in [&["pull", "web", "-d", &place.text("out")][..], &["show", "chart", "web"]] {
        let (code, _, err) = place.run(&[command, &["--repo", &url]].concat());
        assert!(code == 1 && err.contains("holds the chart \"other\", and \"web\" was asked for"), "{err}");
        assert_eq!(place.results(), Vec::<String>::new());
    }
    let mut registry = Registry::new(&place);
    registry.manifest = registry.manifest.replace(&digest(&registry.archive), &digest(&other));
    registry.manifest = registry
        .manifest
        .replace(&format!("\"size\":{}}}]", registry.archive.len()), &format!("\"size\":{}}}]", other.len()));
    registry.mend();
    registry
        .server
        .answer(&format!("GET /v2/charts/web/blobs/{}", digest(&other)), Answer::ok(other.as_slice()));
    let (code, _, err) = registry.pull(&place, "1.2.3");
    assert!(code == 1 && err.contains("holds the chart \"other\""), "{err}");
    assert_eq!(place.results(), Vec::<String>::new());
    // An address names no chart, and a file is called as the chart that was asked for whatever the index calls it.
    let direct = format!("{url}/web-1.2.3.tgz");
    assert_eq!(place.run(&["pull", &direct, "-d", &place.text("out")]).0, 0);
    fs::remove_file(place.path("out/web-1.2.3.tgz")).unwrap();
    let web = place.archive("web");
    let index =
        "apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.2.3, urls: [files/README.md]}\n";
    server.answer("GET /charts/index.yaml", Answer::ok(index));
    server.answer("GET /charts/files/README.md", Answer::ok(web.as_slice()));
    assert_eq!(place.run(&["pull", "web", "--repo", &url, "-d", &place.text("out")]).0, 0);
    assert_eq!(place.results(), ["web-1.2.3.tgz"]);
}

#[test]
fn another_version_than_was_asked_for_is_told() {
    let place = Place::new();
    let archive = place.archive("web");
    let server = repository(&archive, digest(&archive).trim_start_matches("sha256:"));
    let url = format!("http://{}/charts", server.host);
    let pull = |version: &str| {
        place.run(&["pull", "web", "--repo", &url, "--version", version, "-d", &place.text("out")])
    };
    let wanted = "level=WARN msg=\"unable to find exact version requested; falling back to closest available version\" \
                  chart=web requested=1.2 selected=1.2.3\n";
    assert_eq!(pull("1.2"), (0, String::new(), wanted.to_owned()));
    for version in ["1.2.3", "^1", "1.x", ""] {
        assert_eq!(pull(version), (0, String::new(), String::new()), "{version}");
    }
}
