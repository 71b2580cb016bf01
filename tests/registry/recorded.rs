//! What Helm does, recorded in `testdata/registry`: the manifest that it pushes, the file of credentials that it writes, the
//! charts and the lock that it makes of dependencies. Ours must do the same, and Helm still, where it is installed.
//! `cargo xtask interop --record` records anew.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use flate2::read::GzDecoder;

use super::interop::{on_path, skipped};
use super::server::{Answer, Server};
use super::{Place, digest};

/// A moment for everything that has one.
const EPOCH: u64 = 1_700_000_000;

/// The last word of a command line that fails.
const FAILS: &str = "(fails)";

/// Runs a command line and gives what it says.
type Run<'a> = &'a dyn Fn(&[&str]) -> String;

/// Fails unless ours gives what is recorded under this name, and Helm, too. `run` does the same thing with either: in a
/// fresh place, by a command that lacks only its words.
fn same_as_helm(name: &str, run: &dyn Fn(&Place, Run<'_>) -> String) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/registry").join(name);
    let helm = on_path("helm");
    if let Some(helm) = helm {
        let place = Place::new();
        let answer = run(&place, &|words| said(Command::new(&helm).args(words), &place));
        if std::env::var_os("PLIMSOLL_RECORD").is_some() {
            fs::write(&file, &answer).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), answer, "{name}: Helm does not do what is recorded");
    } else {
        skipped(&format!("{name} asked of Helm itself"), "helm", "helm is not installed");
    }
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_plimsoll");
    let answer = run(&place, &|words| said(Command::new(program).args(words), &place));
    assert_eq!(fs::read_to_string(&file).unwrap(), answer, "{name}: not as Helm");
}

/// What a command says, on standard output and then on standard error. It must succeed unless its last word is [`FAILS`],
/// which it does not see, and must fail then.
fn said(command: &Command, place: &Place) -> String {
    let words: Vec<&OsStr> = command.get_args().collect();
    let fails = words.last().is_some_and(|word| *word == FAILS);
    let mut command = Command::new(command.get_program());
    command.args(&words[..words.len() - usize::from(fails)]);
    command.env("HOME", place.folder.path()).env("TZ", "UTC").env("SOURCE_DATE_EPOCH", EPOCH.to_string());
    command.env("HELM_REGISTRY_CONFIG", place.path("registry.json"));
    command.env("HELM_CACHE_HOME", place.path("cache"));
    let output = command.output().unwrap();
    assert_eq!(output.status.success(), !fails, "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The headers of the members of an archive, and digests of their contents.
fn listing(archive: &Path) -> String {
    let mut text = Vec::new();
    GzDecoder::new(File::open(archive).unwrap()).read_to_end(&mut text).unwrap();
    let mut lines = format!("the archive itself, unpacked: {}\n", digest(&text));
    let mut unpacked = tar::Archive::new(text.as_slice());
    for entry in unpacked.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let header = entry.header();
        lines.push_str(&format!(
            "{} {:o} {} {}\n",
            String::from_utf8_lossy(&entry.path_bytes()),
            header.mode().unwrap(),
            header.mtime().unwrap(),
            digest(&content)
        ));
    }
    lines
}

/// A chart with something of everything.
fn rich_chart(place: &Place, api_version: &str) -> String {
    let folder = place.chart("rich", "");
    let text = format!(
        "apiVersion: {api_version}\nname: rich\nversion: 1.2.3+build.4\nappVersion: \"7\"\ndescription: A <rich> & \"quoted\" chart\n\
         home: https://example.test/rich\nsources: [https://example.test/source, https://example.test/other]\nkeywords: [a, b]\n\
         maintainers: [{{name: Ann, email: ann@example.test}}, {{name: Bob}}]\nicon: https://example.test/icon.png\n\
         annotations: {{team: x, org.opencontainers.image.title: no, org.opencontainers.image.licenses: MIT}}\n"
    );
    fs::write(folder.join("Chart.yaml"), text).unwrap();
    fs::write(folder.join("values.yaml"), "a: 1\n").unwrap();
    fs::write(folder.join("README.md"), "# rich\n").unwrap();
    fs::write(folder.join(".helmignore"), "*.bak\n").unwrap();
    fs::write(folder.join("templates/a.bak"), "no").unwrap();
    fs::create_dir_all(folder.join("crds")).unwrap();
    fs::write(folder.join("crds/a.yaml"), "kind: CustomResourceDefinition\n").unwrap();
    folder.display().to_string()
}

#[test]
fn packages_hold_what_helm_s_do() {
    for api_version in ["v1", "v2"] {
        same_as_helm(&format!("package-{api_version}.txt"), &|place, run| {
            let folder = rich_chart(place, api_version);
            run(&["package", &folder, "-d", &place.text("out")]);
            listing(&place.path("out/rich-1.2.3+build.4.tgz"))
        });
    }
}

#[test]
fn manifests_are_helm_s() {
    same_as_helm("push.txt", &|place, run| {
        let server = Server::start();
        let upload = |status| Answer::status(status).header("Location", "/upload?x=1");
        server.answer("POST /v2/charts/rich/blobs/uploads/", upload(202));
        server.answer("PUT /upload", upload(201));
        server.answer("PUT *", upload(201));
        // An archive that is the same whoever packs: the test is about what is said of it.
        let archive = place.path("out/rich-1.2.3+build.4.tgz");
        let data =
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/registry/rich.tgz")).unwrap();
        fs::write(&archive, data).unwrap();
        fs::write(place.path("out/rich-1.2.3+build.4.tgz.prov"), "a provenance").unwrap();
        let when = SystemTime::UNIX_EPOCH + Duration::from_secs(EPOCH);
        File::options().append(true).open(&archive).unwrap().set_modified(when).unwrap();
        let remote = format!("oci://{}/charts", server.host);
        let said = run(&["push", &archive.display().to_string(), &remote, "--plain-http"]);
        said.replace(&server.host, "HOST")
    });
}

#[test]
fn credentials_are_kept_as_helm_keeps_them() {
    same_as_helm("login.txt", &|place, run| {
        let server = Server::start();
        server.answer("GET /v2/", Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""));
        server.answer("GET /v2/ Basic Ym9iOnNlY3JldA==", Answer::ok("{}"));
        let file = place.path("registry.json");
        fs::write(&file, r#"{"auths":{"other.test":{"auth":"YTpi"}},"unknown":{"kept":true}}"#).unwrap();
        let mut text = run(&["registry", "login", &server.host, "--plain-http", "-u", "bob", "-p", "secret"]);
        text.push_str(&fs::read_to_string(&file).unwrap());
        text.push('\n');
        text.push_str(&run(&["registry", "logout", &server.host]));
        text.push_str(&fs::read_to_string(&file).unwrap());
        text.push('\n');
        text.replace(&server.host, "HOST")
    });
}

#[test]
fn dependencies_are_locked_and_brought_as_by_helm() {
    for api_version in ["v1", "v2"] {
        same_as_helm(&format!("dependencies-{api_version}.txt"), &|place, run| {
            let near = place.chart("near", "");
            fs::write(near.join("values.yaml"), "a: 1\n").unwrap();
            let dependencies = "dependencies:\n- {name: near, version: 1.x, repository: file://../near, alias: nigh}\n\
                                - {name: near, version: ^1.2, repository: file://../near, condition: near.on}\n";
            let top = place.chart("top", if api_version == "v2" { dependencies } else { "" });
            if api_version == "v1" {
                fs::write(top.join("Chart.yaml"), "apiVersion: v1\nname: top\nversion: 1.0.0\n").unwrap();
                fs::write(top.join("requirements.yaml"), dependencies).unwrap();
            }
            let folder = top.display().to_string();
            let mut text = run(&["dependency", "update", &folder]);
            let lock = ["Chart.lock", "requirements.lock"].map(|name| top.join(name));
            let lock = lock.iter().find(|lock| lock.exists()).unwrap();
            let lock = fs::read_to_string(lock).unwrap();
            text.extend(
                lock.lines().filter(|line| !line.starts_with("generated:")).map(|line| format!("{line}\n")),
            );
            text.push_str(&listing(&top.join("charts/near-1.2.3.tgz")));
            fs::remove_dir_all(top.join("charts")).unwrap();
            text.push_str(&run(&["dependency", "build", &folder]));
            text.push_str(&listing(&top.join("charts/near-1.2.3.tgz")));
            text.push_str(&run(&["dependency", "list", &folder]));
            text
        });
    }
}

/// What Helm 2 wrote into a lock: no digest of what is locked, but of `requirements.yaml` alone.
#[test]
fn a_lock_of_helm_2_serves() {
    same_as_helm("dependencies-helm-2.txt", &|place, run| {
        place.chart("near", "");
        let top = place.chart("top", "");
        fs::write(top.join("Chart.yaml"), "apiVersion: v1\nname: top\nversion: 1.0.0\n").unwrap();
        let dependency = "name: near\n  version: 1.x\n  repository: file://../near\n";
        fs::write(top.join("requirements.yaml"), format!("dependencies:\n- {dependency}")).unwrap();
        let json = r#"{"dependencies":[{"name":"near","version":"1.x","repository":"file://../near"}]}"#;
        let locked = dependency.replace("1.x", "1.2.3");
        let lock = format!(
            "dependencies:\n- {locked}digest: {}\ngenerated: \"2019-01-01T00:00:00Z\"\n",
            digest(json.as_bytes())
        );
        fs::write(top.join("requirements.lock"), lock).unwrap();
        let said = run(&["dependency", "build", &top.display().to_string()]);
        said + &listing(&top.join("charts/near-1.2.3.tgz"))
    });
}

/// References that Helm does not take, though they may look like good ones.
#[test]
fn references_are_refused_as_by_helm() {
    same_as_helm("references.txt", &|_, run| {
        let server = Server::start();
        server.answer("GET /v2/charts/web/tags/list", Answer::ok(r#"{"tags":["1.2.3_b","1.0.0"]}"#));
        let chart = format!("oci://{}/charts/web", server.host);
        let (plus, underscore) = (format!("{chart}:1.2.3+b"), format!("{chart}:1.2.3_b"));
        let mut text = String::new();
        for words in [
            &["pull", &plus][..],
            &["show", "chart", &plus],
            &["template", &plus],
            &["pull", &plus, "--version", "1.2.3+b"],
            &["pull", &underscore],
            &["pull", &underscore, "--version", "1.2.3+b"],
            &["pull", &format!("{chart}:-x")],
            &["pull", &chart.replace("web", "WEB")],
            &["pull", &chart, "--version", "^2"],
        ] {
            text.push_str(&run(&[words, &["--plain-http", FAILS]].concat()));
        }
        text.replace(&server.host, "HOST")
    });
}

/// Whatever is at an address is saved, unless it is called an archive.
#[test]
fn what_is_no_archive_is_saved_as_by_helm() {
    same_as_helm("saved.txt", &|place, run| {
        let server = Server::start();
        let index = "apiVersion: v1\nentries: {}\n";
        server.answer("GET /charts/index.yaml", Answer::ok(index));
        server.answer("GET /charts/README", Answer::ok("read me\n"));
        let mut text = String::new();
        for name in ["index.yaml", "README"] {
            let url = format!("http://{}/charts/{name}", server.host);
            text.push_str(&run(&["pull", &url, "-d", &place.text("out")]));
            text.push_str(&fs::read_to_string(place.path("out").join(name)).unwrap());
            // It is still no chart.
            let said = run(&["template", &url, FAILS]);
            text.push_str(said.split("(details").next().unwrap());
            text.push('\n');
        }
        text.replace(&server.host, "HOST").replace(&place.text(""), "")
    });
}
