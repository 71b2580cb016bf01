//! Provenance files from registries and repositories: whatever is wrong with one, nothing is left but what was there before.

use std::cell::RefCell;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::server::{Answer, Server};
use super::{Place, digest};

const MANIFEST: &str = "GET /v2/charts/web/manifests/1.2.3";

pub fn files(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/provenance/files");
    folder.join(name).display().to_string()
}

fn read(name: &str) -> Vec<u8> {
    fs::read(files(name)).unwrap()
}

/// Who signs in these tests, as is told of him.
const SIGNED: &str = "Signed by: Plimsoll test RSA <rsa@test.invalid>\nUsing Key With Fingerprint: ";

/// A server that is a registry and a repository with one chart.
pub struct Signed {
    pub server: Server,
    archive: Vec<u8>,
    manifest: RefCell<Vec<u8>>,
}

impl Signed {
    /// The manifest of the chart.
    pub fn manifest(&self) -> Vec<u8> {
        self.manifest.borrow().clone()
    }

    pub fn new() -> Signed {
        let archive = read("web-1.2.3.tgz");
        let signed = Signed { server: Server::start(), archive, manifest: RefCell::default() };
        let digits = digest(&signed.archive).split_off("sha256:".len());
        let index = format!(
            "apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.2.3\n    digest: {digits}\n    urls: \
             [web-1.2.3.tgz]\n"
        );
        signed.server.answer("GET /charts/index.yaml", Answer::ok(index));
        signed.server.answer("GET /charts/web-1.2.3.tgz", Answer::ok(signed.archive.as_slice()));
        signed.offer(Some(&read("rsa.prov")));
        signed
    }

    /// Puts a provenance file beside the chart, or takes it away.
    fn offer(&self, provenance: Option<&[u8]>) {
        let missing = Answer::status(404);
        let answer = provenance.map_or(missing, Answer::ok);
        self.server.answer("GET /charts/web-1.2.3.tgz.prov", answer);
        let layer = |kind: &str, content: &[u8]| {
            self.server.answer(&format!("GET /v2/charts/web/blobs/{}", digest(content)), Answer::ok(content));
            let (digest, size) = (digest(content), content.len());
            format!(
                "{{\"mediaType\":\"application/vnd.cncf.helm.{kind}\",\"digest\":\"{digest}\",\"size\":{size}}}"
            )
        };
        let mut layers = vec![layer("chart.content.v1.tar+gzip", &self.archive)];
        layers.extend(provenance.map(|text| layer("chart.provenance.v1.prov", text)));
        let (config, layers) = (layer("config.v1+json", b"{}"), layers.join(","));
        let manifest = format!("{{\"schemaVersion\":2,\"config\":{config},\"layers\":[{layers}]}}");
        *self.manifest.borrow_mut() = manifest.clone().into_bytes();
        let manifest =
            Answer::ok(manifest).header("Content-Type", "application/vnd.oci.image.manifest.v1+json");
        self.server.answer(MANIFEST, manifest);
        self.server.answer("GET /v2/charts/web/tags/list", Answer::ok(r#"{"tags":["1.2.3"]}"#));
    }

    /// The ways to name the chart.
    pub fn ways(&self) -> [Vec<String>; 3] {
        let host = &self.server.host;
        let words = |text: String| text.split(' ').map(str::to_owned).collect();
        [
            words(format!("oci://{host}/charts/web --plain-http")),
            words(format!("http://{host}/charts/web-1.2.3.tgz")),
            words(format!("web --repo http://{host}/charts")),
        ]
    }
}

pub fn run(place: &Place, words: &[&str], way: &[String]) -> (u8, String, String) {
    let way: Vec<&str> = way.iter().map(String::as_str).collect();
    place.run(&[words, &way].concat())
}

/// Provenance files that are none, or not of this chart by this key, with what is said of them.
fn wrong() -> Vec<(Option<Vec<u8>>, &'static str)> {
    let good = String::from_utf8(read("rsa.prov")).unwrap();
    vec![
        (None, "failed to fetch provenance"),
        (Some(Vec::new()), "signature block not found"),
        (Some(read("ed25519.prov")), "openpgp: signature made by unknown entity"),
        (Some(good.replace("A chart", "B chart").into_bytes()), "RSA verification failure"),
        (Some(read("notation.prov")), "unknown critical notation"),
        (Some(vec![b'a'; 6 * 1024 * 1024]), "failed to fetch provenance"),
    ]
}

#[test]
fn a_signed_chart_is_pulled_with_its_provenance() {
    let (place, signed, keys) = (Place::new(), Signed::new(), files("rsa.gpg"));
    for way in signed.ways() {
        for flags in [&["--verify", "--keyring", &keys][..], &["--prov"]] {
            let out = place.text("out");
            let words = [&["pull", "-d", &out][..], flags].concat();
            let (code, out, err) = run(&place, &words, &way);
            assert_eq!((code, err.as_str()), (0, ""), "{way:?}");
            assert_eq!(out.contains(SIGNED), flags[0] == "--verify", "{out}");
            assert_eq!(place.results(), ["web-1.2.3.tgz", "web-1.2.3.tgz.prov"]);
            assert_eq!(fs::read(place.path("out/web-1.2.3.tgz.prov")).unwrap(), read("rsa.prov"));
            fs::remove_dir_all(place.path("out")).unwrap();
            fs::create_dir(place.path("out")).unwrap();
        }
    }
}

#[test]
fn what_is_not_signed_leaves_nothing() {
    let (place, signed, keys) = (Place::new(), Signed::new(), files("rsa.gpg"));
    for (provenance, said) in wrong() {
        signed.offer(provenance.as_deref());
        for way in signed.ways() {
            let words = ["pull", "-d", &place.text("out"), "--verify", "--keyring", &keys];
            for more in [&[][..], &["--untar"]] {
                let (code, out, err) = run(&place, &[&words[..], more].concat(), &way);
                assert!(
                    code == 1 && err.contains(said) && !out.contains("Signed by"),
                    "{way:?}: {said}: {err}"
                );
                assert_eq!(place.results(), Vec::<String>::new(), "{way:?}: {said}");
            }
            // What was there stays.
            fs::write(place.path("out/web-1.2.3.tgz"), "older").unwrap();
            assert_eq!(run(&place, &words, &way).0, 1);
            assert_eq!(fs::read_to_string(place.path("out/web-1.2.3.tgz")).unwrap(), "older");
            fs::remove_file(place.path("out/web-1.2.3.tgz")).unwrap();
        }
    }
}

#[test]
fn a_missing_provenance_is_only_told_where_it_is_not_required() {
    let (place, signed) = (Place::new(), Signed::new());
    signed.offer(None);
    for way in signed.ways() {
        let (code, out, err) = run(&place, &["pull", "-d", &place.text("out"), "--prov"], &way);
        assert_eq!((code, err.as_str()), (0, ""));
        let (name, why) = match way[0].starts_with("oci") {
            true => (way[0].clone(), "manifest does not contain a layer with mediatype"),
            false => {
                (format!("http://{}/charts/web-1.2.3.tgz", signed.server.host), "failed to fetch http://")
            }
        };
        assert!(out.contains(&format!("WARNING: Verification not found for {name}: {why}")), "{out}");
        assert_eq!(place.results(), ["web-1.2.3.tgz"]);
    }
}

#[test]
fn a_chart_is_verified_before_it_is_rendered() {
    let (signed, keys) = (Signed::new(), files("rsa.gpg"));
    for way in signed.ways() {
        let place = Place::new();
        for (provenance, said) in wrong() {
            signed.offer(provenance.as_deref());
            for command in [&["template"][..], &["show", "chart"]] {
                let words = [command, &["--verify", "--keyring", &keys]].concat();
                let (code, out, err) = run(&place, &words, &way);
                assert!(code == 1 && err.contains(said) && !out.contains("apiVersion"), "{said}: {err}");
            }
        }
        signed.offer(Some(&read("rsa.prov")));
        let words = ["template", "--verify", "--keyring", &keys];
        let (code, out, err) = run(&place, &words, &way);
        assert!(code == 0 && out.contains("kind: ConfigMap"), "{err}");
        // From now on it is known, and right whatever the server says; but not by other keys.
        signed.offer(None);
        assert_eq!(run(&place, &words, &way).0, 0);
        let (code, _, err) = run(&place, &["template", "--verify", "--keyring", &files("two.asc")], &way);
        assert!(code == 1 && err.contains("failed to fetch provenance"), "{err}");
        signed.offer(Some(&read("rsa.prov")));
    }
}

#[test]
fn offline_the_kept_provenance_serves_and_none_is_an_error() {
    let (place, signed, keys) = (Place::new(), Signed::new(), files("rsa.gpg"));
    let archive = fs::read(files("web-1.2.3.tgz")).unwrap();
    let digits = digest(&archive).split_off("sha256:".len());
    let index = format!(
        "apiVersion: v1\nentries:\n  web:\n  - {{name: web, version: 1.2.3, digest: {digits}, urls: [web-1.2.3.tgz]}}\n"
    );
    fs::create_dir_all(place.path("indexes")).unwrap();
    fs::write(place.path("indexes/known-index.yaml"), index).unwrap();
    let known = format!(
        "apiVersion: v1\nrepositories:\n- {{name: known, url: \"http://{}/charts\"}}\n",
        signed.server.host
    );
    fs::write(place.path("repositories.yaml"), known).unwrap();
    let template = |more: &[&str]| place.run(&[&["template", "known/web"], more].concat());
    assert_eq!(template(&[]).0, 0);
    let offline = ["--offline", "--verify", "--keyring", &keys];
    let (code, _, err) = template(&offline);
    assert!(code == 1 && err.contains("which --offline forbids"), "{err}");
    assert_eq!(template(&offline[1..]).0, 0);
    assert_eq!(template(&offline).0, 0);
    let (code, _, err) = template(&["--offline", "--verify", "--keyring", &files("two.asc")]);
    assert!(code == 1 && err.contains("signature made by unknown entity"), "{err}");
}

#[test]
fn dependencies_are_verified() {
    let (signed, keys) = (Signed::new(), files("rsa.gpg"));
    let repository = format!("http://{}/charts", signed.server.host);
    let dependencies = format!("dependencies:\n- {{name: web, version: ^1, repository: \"{repository}\"}}\n");
    let verify = ["--verify", "--keyring", &keys];
    let place = Place::new();
    let top = place.chart("top", &dependencies).display().to_string();
    let charts = || {
        let entries = fs::read_dir(place.path("top/charts")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    for (provenance, said) in wrong() {
        signed.offer(provenance.as_deref());
        let (code, _, err) = place.run(&[&["dependency", "update", &top], &verify[..]].concat());
        assert!(code == 1 && err.contains("could not download") && err.contains(said), "{err}");
        assert_eq!(charts(), Vec::<String>::new());
        assert!(!place.path("top/Chart.lock").exists());
    }
    signed.offer(Some(&read("rsa.prov")));
    let (code, _, err) = place.run(&[&["dependency", "update", &top], &verify[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(charts(), ["web-1.2.3.tgz"]);
    // `build` takes what has no provenance, and says so, but not what has a wrong one.
    let known = format!("apiVersion: v1\nrepositories:\n- {{name: known, url: \"{repository}\"}}\n");
    fs::write(place.path("repositories.yaml"), known).unwrap();
    let build = || place.run(&[&["dependency", "build", &top], &verify[..]].concat());
    signed.offer(None);
    let (code, out, err) = build();
    assert_eq!((code, err.as_str()), (0, ""));
    let warning = format!("WARNING: Verification not found for {repository}/web-1.2.3.tgz: failed to fetch");
    assert!(out.contains(&warning), "{out}");
    signed.offer(Some(&read("ed25519.prov")));
    let (code, _, err) = build();
    assert!(code == 1 && err.contains("signature made by unknown entity"), "{err}");
    assert_eq!(charts(), ["web-1.2.3.tgz"]);
}

/// A terminal: the end at which somebody sits, and the end that a program gets.
fn terminal() -> (fs::File, fs::File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let mine = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&mine).unwrap();
    unlockpt(&mine).unwrap();
    let name = ptsname(&mine, Vec::new()).unwrap().into_string().unwrap();
    (mine.into(), fs::File::open(name).unwrap())
}

/// Types something once the program asked for it, and gives what the program said and whether anything typed was shown.
fn typed(mut command: Command, prompt: &str, keys: &str) -> (bool, String, bool) {
    let (mut mine, theirs) = terminal();
    let kept = theirs.try_clone().unwrap();
    let mut child = command.stdin(theirs).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut said = vec![0; prompt.len()];
    out.read_exact(&mut said).unwrap();
    assert_eq!(String::from_utf8_lossy(&said), prompt);
    mine.write_all(keys.as_bytes()).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
    let good = child.wait().unwrap().success();
    let shown = rustix::io::ioctl_fionread(&mine).unwrap() > 0;
    drop(kept);
    (good, rest, shown)
}

#[test]
fn what_is_typed_is_not_seen() {
    let place = Place::new();
    let (chart, secret) = (place.chart("web", "").display().to_string(), files("secret.gpg"));
    let out = place.text("out");
    let key = "locked Ed25519";
    let sign = ["package", &chart, "-d", &out, "--sign", "--key", key, "--keyring", &secret];
    let prompt = format!("Password for key \"Plimsoll test {key} <locked-ed25519@test.invalid>\" >  ");
    for (keys, said) in [
        ("wrong\n", "\nError: openpgp: invalid data: private key checksum failure\n"),
        ("\u{3}", "\nError: interrupted\n"),
        ("\u{4}", "\nError: EOF\n"),
    ] {
        let (good, rest, shown) = typed(place.command(&sign), &prompt, keys);
        assert_eq!((good, rest.as_str(), shown), (false, said, false));
        assert_eq!(place.results(), Vec::<String>::new());
    }
    let (good, rest, shown) = typed(place.command(&sign), &prompt, "opem\u{7f}n sesame\n");
    assert!(good && !shown && rest.starts_with("\nSuccessfully packaged"), "{rest}");
    let server = Server::start();
    server.answer("GET /v2/ Basic Ym9iOnNlY3JldA==", Answer::ok("{}"));
    server.answer("GET /v2/", Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""));
    let login = ["registry", "login", &server.host, "--plain-http", "-u", "bob"];
    let (good, rest, shown) = typed(place.command(&login), "Password: ", "secret\n");
    assert_eq!((good, rest.as_str(), shown), (true, "\nLogin Succeeded\n", false));
    // Without a terminal there is nothing to type at.
    for (words, wanted) in [
        (&login[..], "Password: Error: inappropriate ioctl for device\n"),
        (&login[..4], "Username: Error: EOF\n"),
        (&sign[..], &format!("{prompt}\nError: inappropriate ioctl for device\n")),
    ] {
        let output = place.command(words).stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert_eq!(String::from_utf8(said).unwrap(), wanted);
    }
}

#[test]
fn a_package_that_cannot_be_signed_is_not_written() {
    let place = Place::new();
    let chart = place.chart("web", "").display().to_string();
    fs::write(place.path("wrong"), "wrong\n").unwrap();
    fs::write(place.path("right"), "open sesame\n").unwrap();
    let package = |key: &str, keyring: &str, passphrase: &str| {
        let passphrase = place.text(passphrase);
        let words =
            ["package", &chart, "-d", &place.text("out"), "--sign", "--key", key, "--keyring", keyring];
        place.run(&[&words[..], &["--passphrase-file", &passphrase]].concat())
    };
    let secret = files("secret.gpg");
    for (key, keyring, passphrase) in [
        ("nobody", &secret, "right"),
        ("Plimsoll", &secret, "right"),
        ("test RSA", &files("public.gpg"), "right"),
        ("locked RSA", &secret, "none"),
        ("locked Ed25519", &secret, "wrong"),
        ("with subkeys", &files("dummy-secret.gpg"), "right"),
    ] {
        let (code, out, err) = package(key, keyring, passphrase);
        assert_eq!((code, out.as_str(), place.results()), (1, "", Vec::new()), "{key}: {err}");
    }
    let (code, out, err) = package("locked Ed25519", &secret, "right");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Successfully packaged chart and saved it to: "), "{out}");
    assert_eq!(place.results(), ["web-1.2.3.tgz", "web-1.2.3.tgz.prov"]);
    let archive = place.text("out/web-1.2.3.tgz");
    let (code, out, err) = place.run(&["verify", &archive, "--keyring", &files("public.kbx")]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Signed by: Plimsoll test locked Ed25519 <"), "{out}");
}
