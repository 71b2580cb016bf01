//! Credentials for registries: files, helpers, tokens; and errors that name where a credential came from and never the secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use super::server::Answer;
use super::{MANIFEST, Place, Registry};

/// bob:secret
const BASIC: &str = "Basic Ym9iOnNlY3JldA==";

/// A registry that knows bob alone, and a folder with a credential helper that knows him, too.
struct Guarded {
    place: Place,
    registry: Registry,
}

impl Guarded {
    fn new() -> Guarded {
        let place = Place::new();
        let registry = Registry::new(&place);
        let server = &registry.server;
        server.answer(&format!("{MANIFEST} {BASIC}"), Answer::ok(registry.manifest.as_str()));
        server.answer(&format!("{} {BASIC}", registry.blob), Answer::ok(registry.archive.as_slice()));
        server.answer(&format!("GET /v2/ {BASIC}"), Answer::ok("{}"));
        for route in [MANIFEST, &registry.blob, "GET /v2/"] {
            server.answer(route, Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""));
        }
        fs::create_dir(place.path("bin")).unwrap();
        Guarded { place, registry }
    }

    /// Makes `docker-credential-NAME`, which writes down what it is told and answers so.
    fn helper(&self, name: &str, answer: &str) {
        let file = self.place.path("bin").join(format!("docker-credential-{name}"));
        let log = self.place.text("told");
        let script = format!("#!/bin/sh\n{{ echo \"$1\"; cat; }} > {log}\n{answer}\n");
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, words: &[&str]) -> (bool, String) {
        let mut command = self.place.command(words);
        let home = self.place.folder.path();
        let path = format!("{}:/usr/bin:/bin", self.place.text("bin"));
        command.env("PATH", path).env("HOME", home).env_remove("DOCKER_CONFIG");
        let Output { status, stdout, stderr } = command.output().unwrap();
        (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
    }

    fn pull(&self) -> (bool, String) {
        let (reference, out) = (self.registry.reference(), self.place.text("out"));
        self.run(&["pull", &reference, "--version", "1.2.3", "--plain-http", "-d", &out])
    }

    /// Writes Helm's file, or else Docker's; `HOST` stands for the registry.
    fn config(&self, helm: bool, text: &str) {
        let file = if helm { "registry.json" } else { ".docker/config.json" };
        fs::create_dir_all(self.place.path(".docker")).unwrap();
        fs::write(self.place.path(file), text.replace("HOST", &self.registry.server.host)).unwrap();
    }
}

const BOB: &str = "echo '{\"ServerURL\":\"x\",\"Username\":\"bob\",\"Secret\":\"secret\"}'";

#[test]
fn helpers_are_asked_for_credentials() {
    let guarded = Guarded::new();
    guarded.helper("fake", BOB);
    for (helm, config) in [
        (true, r#"{"credHelpers":{"HOST":"fake"}}"#),
        (true, r#"{"credsStore":"fake"}"#),
        (false, r#"{"auths":{"other":{}},"credHelpers":{"HOST":"fake"}}"#),
        (false, r#"{"auths":{"HOST":{}},"credsStore":"fake"}"#),
    ] {
        guarded.config(true, "{}");
        guarded.config(false, "{}");
        guarded.config(helm, config);
        let (done, said) = guarded.pull();
        assert!(done, "{config}: {said}");
        let told = fs::read_to_string(guarded.place.path("told")).unwrap();
        assert_eq!(told, format!("get\n{}", guarded.registry.server.host));
    }
    // One that is refused is named, its secret is not.
    guarded.helper("fake", &BOB.replace("secret", "guess"));
    let (done, said) = guarded.pull();
    assert!(!done && said.contains("tried as user \"bob\" of docker-credential-fake"), "{said}");
    assert!(!said.contains("guess"), "{said}");
}

#[test]
fn a_helper_that_fails_is_named() {
    let guarded = Guarded::new();
    guarded.config(true, r#"{"credsStore":"fake"}"#);
    let (done, said) = guarded.pull();
    assert!(!done && said.contains("docker-credential-fake get: "), "{said}");
    for (answer, wanted) in [
        (
            "echo the password is hunter2; echo hunter2 >&2; exit 1",
            "docker-credential-fake get: it ended with exit status: 1",
        ),
        ("sleep 60", "docker-credential-fake get: it did not answer for 4 s and was ended"),
        ("exec yes", "docker-credential-fake get: it answered more than 65536 bytes and was ended"),
        ("echo nonsense", "docker-credential-fake get: its answer is no JSON"),
        ("echo credentials not found in native keychain; exit 1", "no credentials for 127.0.0.1:"),
    ] {
        guarded.helper("fake", answer);
        let (done, said) = guarded.pull();
        assert!(!done && said.contains(wanted) && said.contains("/charts/web:1.2.3"), "{answer}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert_eq!(guarded.place.results(), Vec::<String>::new());
}

#[test]
fn a_helper_keeps_what_is_logged_in_with() {
    let guarded = Guarded::new();
    guarded.helper("fake", "");
    guarded.config(true, r#"{"credsStore":"fake"}"#);
    let host = guarded.registry.server.host.clone();
    let login =
        |password| guarded.run(&["registry", "login", &host, "--plain-http", "-u", "bob", "-p", password]);
    let told = || fs::read_to_string(guarded.place.path("told")).unwrap();
    let (done, said) = login("guess");
    assert!(!done && !guarded.place.path("told").exists(), "{said}");
    let (done, said) = login("secret");
    assert!(done, "{said}");
    assert!(told().starts_with("store\n{") && told().contains("\"Secret\":\"secret\""), "{}", told());
    assert!(guarded.run(&["registry", "logout", &host]).0);
    assert_eq!(told(), format!("erase\n{host}"));
    assert_eq!(fs::read_to_string(guarded.place.path("registry.json")).unwrap(), r#"{"credsStore":"fake"}"#);
}

#[test]
fn an_identity_token_is_changed_for_another() {
    let guarded = Guarded::new();
    let (registry, host) = (&guarded.registry, &guarded.registry.server.host);
    let realm = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
    for route in [MANIFEST, &registry.blob] {
        registry.server.answer(route, Answer::status(401).header("WWW-Authenticate", &realm));
    }
    registry.server.answer(&format!("{MANIFEST} Bearer abc"), Answer::ok(registry.manifest.as_str()));
    registry.server.answer(&format!("{} Bearer abc", registry.blob), Answer::ok(registry.archive.as_slice()));
    guarded.helper("fake", &BOB.replace("bob", "<token>"));
    guarded.config(true, r#"{"credsStore":"fake"}"#);
    let good = Answer::ok(r#"{"access_token":"abc"}"#);
    registry.server.answer("POST /token", good.clone());
    let (done, said) = guarded.pull();
    assert!(done, "{said}");
    fs::remove_file(guarded.place.path("out/web-1.2.3.tgz")).unwrap();
    // Whatever the token server does: it is named, with the step and the chart.
    let endless = Answer::ok(vec![b' '; 2 * 1024 * 1024]);
    let circle = Answer::status(307).header("Location", &format!("http://{host}/token"));
    let mut faults = vec![endless, circle, Answer::ok("{}"), Answer::ok("[")];
    faults.extend([0, 1, 30].map(|after| good.clone().cut(after)));
    faults.extend([400, 401, 403, 404, 429, 500, 503].map(Answer::status));
    for fault in faults {
        registry.server.answer("POST /token", fault.clone());
        let (done, said) = guarded.pull();
        assert!(!done && said.contains("the token server \"http://127.0.0.1:"), "{fault:?}: {said}");
        assert!(said.contains("reading the manifest of") && said.contains("/charts/web:1.2.3"), "{said}");
        assert!(said.contains("tried as a token of docker-credential-fake"), "{said}");
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(guarded.place.results(), Vec::<String>::new());
    }
}

#[test]
fn what_is_kept_is_for_its_owner_alone() {
    let guarded = Guarded::new();
    let host = &guarded.registry.server.host;
    let (done, said) = guarded.run(&["registry", "login", host, "--plain-http", "-u", "bob", "-p", "secret"]);
    assert!(done, "{said}");
    let file = guarded.place.path("registry.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(guarded.pull().0);
    // A link stays one, and its target keeps to its owner.
    let target = guarded.place.path("elsewhere.json");
    fs::rename(&file, &target).unwrap();
    std::os::unix::fs::symlink(&target, &file).unwrap();
    assert!(guarded.run(&["registry", "logout", host]).0);
    assert!(file.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
    let (done, said) = guarded.pull();
    assert!(!done && said.contains("no credentials for 127.0.0.1:"), "{said}");
    // A file that cannot be understood is named.
    fs::write(&target, "{\"auths\":").unwrap();
    let (done, said) = guarded.pull();
    assert!(
        !done && said.contains("cannot understand the credentials in ") && said.contains("registry.json")
    );
}
