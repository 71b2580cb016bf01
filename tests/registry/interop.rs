//! With a real registry, Debian's `docker-registry`, and with real Helm where it is installed: what one pushes the other
//! pulls, the same bytes under the same digest; what one logs in with the other uses. Without the registry these tests say
//! that they were skipped; what `PLIMSOLL_REQUIRED` names (`registry`, `helm`, `gpg`) may not be skipped.

mod provenance;
mod tls;

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Place;

/// bob and "secret", as `htpasswd -B` writes them.
const HTPASSWD: &str = "bob:$2y$05$aIpTVSknzP5LKUw3HNYVEeFJ6QDMQaX2kaJqs1fh2vtwt6NQLV62K\n";

/// A registry that ends with the test.
struct Running {
    child: Child,
    host: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says on the real standard error, which the test harness does not capture, that something was left out.
pub fn skipped(test: &str, needed: &str, why: &str) {
    let required = std::env::var("PLIMSOLL_REQUIRED").unwrap_or_default();
    assert!(!required.split(',').any(|name| name == needed), "{test}: {why}");
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}

pub fn on_path(program: &str) -> Option<String> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join("go/bin"));
    let folders: Vec<_> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let found =
        folders.into_iter().chain(home).map(|folder| folder.join(program)).find(|file| file.is_file())?;
    Some(found.display().to_string())
}

/// Starts a registry; `more` goes into its configuration.
fn start(place: &Place, http: &str, more: &str) -> Option<Running> {
    let program = on_path("docker-registry")?;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let host = format!("127.0.0.1:{port}");
    let store = place.text("store");
    let config = format!(
        "version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {store}}}\nhttp:\n  addr: {host}\n{http}{more}"
    );
    fs::write(place.path("registry.yml"), config).unwrap();
    let quiet = || Stdio::null();
    let child = Command::new(program)
        .args(["serve", &place.text("registry.yml")])
        .stdout(quiet())
        .stderr(quiet())
        .spawn()
        .unwrap();
    let running = Running { child, host };
    for _ in 0..100 {
        if TcpStream::connect(&running.host).is_ok() {
            return Some(running);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("docker-registry does not answer at {}", running.host);
}

/// Runs Helm with the settings of the place.
fn helm(place: &Place, program: &str, words: &[&str]) -> String {
    let output = Command::new(program)
        .args(words)
        .env("HELM_REGISTRY_CONFIG", place.path("registry.json"))
        .env("HELM_CACHE_HOME", place.path("helm"))
        .env("HOME", place.folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "helm {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The second line of what a push or a pull says: the digest.
fn digest(said: &str) -> &str {
    said.lines().find(|line| line.starts_with("Digest: ")).unwrap()
}

#[test]
fn interop_with_a_registry_and_helm() {
    let place = Place::new();
    let Some(registry) = start(&place, "", "") else {
        return skipped("interop", "registry", "docker-registry is not installed");
    };
    let archive = place.archive("web");
    let file = place.text("packed/web-1.2.3.tgz");
    let [ours, theirs] = ["ours", "theirs"].map(|name| format!("oci://{}/{name}", registry.host));
    let (code, pushed, err) = place.run(&["push", &file, &ours, "--plain-http"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let pull = |from: &str| {
        let chart = format!("{from}/web");
        place.run(&["pull", &chart, "--version", "^1", "--plain-http", "-d", &place.text("out")])
    };
    let (code, pulled, err) = pull(&ours);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(digest(&pulled), digest(&pushed));
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), archive);
    let Some(program) = on_path("helm") else {
        return skipped("interop with Helm", "helm", "helm is not installed");
    };
    let helm_pushed = helm(&place, &program, &["push", &file, &theirs, "--plain-http"]);
    assert_eq!(digest(&helm_pushed), digest(&pushed), "the same manifest, byte for byte");
    fs::remove_file(place.path("out/web-1.2.3.tgz")).unwrap();
    assert_eq!(pull(&theirs).0, 0);
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), archive);
    fs::remove_file(place.path("out/web-1.2.3.tgz")).unwrap();
    let chart = format!("{ours}/web");
    helm(&place, &program, &["pull", &chart, "--plain-http", "-d", &place.text("out")]);
    assert_eq!(fs::read(place.path("out/web-1.2.3.tgz")).unwrap(), archive);
    // What Helm packs we read, and what we pack it reads.
    helm(&place, &program, &["package", &place.text("web"), "-d", &place.text("helm-packed")]);
    let shown = helm(&place, &program, &["template", &file]);
    let (_, own, _) = place.run(&["template", &place.text("helm-packed/web-1.2.3.tgz")]);
    assert_eq!(shown, own);
}

#[test]
fn interop_with_a_password_and_tls() {
    let place = Place::new();
    let Some(openssl) = on_path("openssl").filter(|_| on_path("docker-registry").is_some()) else {
        return skipped("interop with TLS", "registry", "docker-registry or openssl is not installed");
    };
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| place.text(name));
    let made = Command::new(openssl)
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=plimsoll test"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-out", &certificate, "-keyout", &key])
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    fs::write(place.path("htpasswd"), HTPASSWD).unwrap();
    let tls = format!("  tls: {{certificate: {certificate}, key: {key}}}\n");
    let auth = format!("auth:\n  htpasswd: {{realm: r, path: {}}}\n", place.text("htpasswd"));
    let registry = start(&place, &tls, &auth).unwrap();
    place.archive("web");
    let file = place.text("packed/web-1.2.3.tgz");
    let remote = format!("oci://{}/charts", registry.host);
    let (code, _, err) = place.run(&["push", &file, &remote]);
    assert!(code == 1 && err.contains("certificate"), "{err}");
    let login = |password: &str| {
        place.run(&[
            "registry",
            "login",
            &registry.host,
            "-u",
            "bob",
            "-p",
            password,
            "--ca-file",
            &certificate,
        ])
    };
    let (code, _, err) = login("wrong");
    assert!(code == 1 && err.contains("401") && !err.contains("wrong"), "{err}");
    assert!(!place.path("registry.json").exists());
    let (code, out, err) = login("secret");
    assert_eq!((code, out.as_str()), (0, "Login Succeeded\n"), "{err}");
    for flag in [["--ca-file", &certificate], ["--insecure-skip-tls-verify", "--debug"]] {
        let (code, _, err) = place.run(&[&["push", &file, &remote][..], &flag[..]].concat());
        assert_eq!((code, err.as_str()), (0, ""));
        let chart = format!("{remote}/web");
        let (code, _, err) =
            place.run(&[&["pull", &chart, "-d", &place.text("out")][..], &flag[..]].concat());
        assert_eq!((code, err.as_str()), (0, ""));
    }
    if let Some(program) = on_path("helm") {
        let chart = format!("{remote}/web");
        helm(&place, &program, &["pull", &chart, "--ca-file", &certificate, "-d", &place.text("out")]);
    }
    let (code, out, _) = place.run(&["registry", "logout", &registry.host]);
    assert_eq!((code, out), (0, format!("Removing login credentials for {}\n", registry.host)));
    let (code, _, err) = place.run(&["push", &file, &remote, "--ca-file", &certificate]);
    assert!(code == 1 && err.contains("no credentials"), "{err}");
}
