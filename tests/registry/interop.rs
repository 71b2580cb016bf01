//! With a real registry, Debian's `docker-registry`, and with real Helm where it is installed: what one pushes the other
//! pulls, the same bytes under the same digest; what one logs in with the other uses. Without the registry these tests say
//! that they were skipped; what `PLIMSOLL_REQUIRED` names (`registry`, `helm`, `gpg`) may not be skipped.

mod provenance;
mod tls;

use std::collections::BTreeMap;
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
    let login_again = || assert_eq!(login("secret").0, 0);
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
        // What Helm logs in with is used, and what it logs out of is gone.
        let pull = || place.run(&["pull", &chart, "--ca-file", &certificate, "-d", &place.text("out")]);
        place.run(&["registry", "logout", &registry.host]);
        assert_eq!(pull().0, 1);
        let login =
            ["registry", "login", &registry.host, "-u", "bob", "-p", "secret", "--ca-file", &certificate];
        helm(&place, &program, &login);
        let (code, _, err) = pull();
        assert_eq!((code, err.as_str()), (0, ""));
        helm(&place, &program, &["registry", "logout", &registry.host]);
        let (code, _, err) = pull();
        assert!(code == 1 && err.contains("no credentials"), "{err}");
        login_again();
    }
    let (code, out, _) = place.run(&["registry", "logout", &registry.host]);
    assert_eq!((code, out), (0, format!("Removing login credentials for {}\n", registry.host)));
    let (code, _, err) = place.run(&["push", &file, &remote, "--ca-file", &certificate]);
    assert!(code == 1 && err.contains("no credentials"), "{err}");
}

/// The files below a folder with their contents; of a lock what does not tell the time.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(tree(&path).into_iter().map(|(below, data)| (format!("{name}/{below}"), data)));
        } else if name.ends_with(".lock") {
            let text = fs::read_to_string(&path).unwrap();
            let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("generated:")).collect();
            found.insert(name, kept.join("\n").into_bytes());
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn interop_of_dependencies() {
    let place = Place::new();
    let Some(registry) = start(&place, "", "") else {
        return skipped("interop of dependencies", "registry", "docker-registry is not installed");
    };
    let archive = place.archive("web");
    let repository = super::repository(&archive, super::digest(&archive).trim_start_matches("sha256:"));
    let remote = format!("oci://{}/charts", registry.host);
    place.archive("api");
    let (code, _, err) = place.run(&["push", &place.text("packed/api-1.2.3.tgz"), &remote, "--plain-http"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let url = format!("http://{}/charts", repository.host);
    let dependencies = format!(
        "dependencies:\n- {{name: web, version: ^1, repository: \"{url}\"}}\n- {{name: api, version: '>0', alias: other, \
         repository: \"{remote}\", condition: api.on, import-values: [a]}}\n"
    );
    let [ours, theirs] = ["ours", "theirs"].map(|name| {
        let folder = place.chart(name, &dependencies);
        let text = fs::read_to_string(folder.join("Chart.yaml")).unwrap();
        fs::write(folder.join("Chart.yaml"), text.replace(name, "top")).unwrap();
        folder.display().to_string()
    });
    let Some(program) = on_path("helm") else {
        assert_eq!(place.run(&["dependency", "update", &ours, "--plain-http"]).0, 0);
        return skipped("interop of dependencies with Helm", "helm", "helm is not installed");
    };
    for verb in ["update", "build"] {
        if verb == "build" {
            // Only what a user added is asked for what is locked.
            helm(&place, &program, &["repo", "add", "r", &url]);
            let text = format!("repositories:\n- {{name: r, url: \"{url}\"}}\n");
            fs::write(place.path("repositories.yaml"), text).unwrap();
        }
        let (code, said, err) = place.run(&["dependency", verb, &ours, "--plain-http"]);
        assert_eq!((code, err.as_str()), (0, ""), "{verb}: {said}");
        helm(&place, &program, &["dependency", verb, &theirs, "--plain-http"]);
        assert_eq!(tree(Path::new(&ours)), tree(Path::new(&theirs)), "{verb}");
        for folder in [&ours, &theirs] {
            fs::remove_dir_all(Path::new(folder).join("charts")).unwrap();
        }
    }
}
