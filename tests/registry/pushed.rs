//! Pushes to a registry that fails at any step: an error that names the step and the chart, and no manifest, so that nothing
//! half done can be pulled.

use super::server::{Answer, Server};
use super::{Place, digest};

/// A registry that takes everything, and a chart for it.
struct Target {
    place: Place,
    server: Server,
    archive: String,
}

impl Target {
    fn new() -> Target {
        let place = Place::new();
        place.archive("web");
        let archive = place.text("packed/web-1.2.3.tgz");
        let target = Target { place, server: Server::start(), archive };
        target.mend();
        target
    }

    fn mend(&self) {
        let place = |path: &str, status| Answer::status(status).header("Location", path);
        self.server.answer("POST /v2/charts/web/blobs/uploads/", place("/upload?state=a%20b", 202));
        self.server.answer("PUT /upload", place("/x", 201));
        self.server.answer("PUT /v2/charts/web/manifests/1.2.3", place("/x", 201));
    }

    fn push(&self) -> (u8, String, String) {
        let remote = format!("oci://{}/charts", self.server.host);
        self.place.run(&["push", &self.archive, &remote, "--plain-http"])
    }

    fn head(&self) -> String {
        let archive = std::fs::read(&self.archive).unwrap();
        format!("HEAD /v2/charts/web/blobs/{}", digest(&archive))
    }
}

#[test]
fn a_push_sends_what_is_missing_and_then_the_manifest() {
    let target = Target::new();
    let (code, out, err) = target.push();
    assert_eq!((code, err.as_str()), (0, ""));
    let name = format!("{}/charts/web:1.2.3", target.server.host);
    assert!(out.starts_with(&format!("Pushed: {name}\nDigest: sha256:")), "{out}");
    let seen = target.server.seen();
    assert!(seen.iter().any(|it| it.starts_with("PUT /upload?state=a%20b&digest=sha256%3A")), "{seen:?}");
    assert_eq!(seen.last().unwrap(), "PUT /v2/charts/web/manifests/1.2.3");
    assert_eq!(seen.len(), 7, "{seen:?}");
    // What is there is not sent again.
    target.server.answer(&target.head(), Answer::ok(""));
    assert_eq!(target.push().0, 0);
    assert_eq!(target.server.seen().len(), 7 + 5);
}

#[test]
fn a_provenance_that_is_a_link_or_a_device_is_not_sent() {
    let target = Target::new();
    let provenance = format!("{}.prov", target.archive);
    for elsewhere in ["/etc/hostname", "/dev/zero"] {
        std::os::unix::fs::symlink(elsewhere, &provenance).unwrap();
        let (code, _, err) = target.push();
        assert!(code == 1 && err.contains("is no regular file, and is not sent"), "{err}");
        std::fs::remove_file(&provenance).unwrap();
    }
    assert!(!target.server.seen().iter().any(|it| it.starts_with("PUT ")));
}

#[test]
fn no_fault_of_a_registry_leaves_a_manifest() {
    let target = Target::new();
    let host = &target.server.host;
    let name = format!("{host}/charts/web:1.2.3");
    let routes = [
        (target.head(), "uploading the blob sha256:"),
        ("POST /v2/charts/web/blobs/uploads/".to_owned(), "uploading the blob sha256:"),
        ("PUT /upload".to_owned(), "uploading the blob sha256:"),
        ("PUT /v2/charts/web/manifests/1.2.3".to_owned(), "uploading the manifest of"),
    ];
    for (route, step) in &routes {
        let (method, path) = route.split_once(' ').unwrap();
        let circle = Answer::status(307).header("Location", &format!("http://{host}{path}"));
        let mut faults = vec![("a redirect in circles".to_owned(), circle)];
        for after in [0, 1, 30] {
            faults.push((format!("cut after {after}"), Answer::status(202).cut(after)));
        }
        for status in [400, 401, 403, 404, 413, 429, 500, 503] {
            // For a blob to be missing is no fault.
            if !(method == "HEAD" && status == 404) {
                faults.push((format!("status {status}"), Answer::status(status)));
            }
        }
        if method == "POST" {
            faults.push(("no place".to_owned(), Answer::status(202)));
            faults.push(("nonsense".to_owned(), Answer::status(202).header("Location", "http://[")));
        }
        if path.contains("manifests") {
            let other = Answer::status(201).header("Docker-Content-Digest", &digest(b"another"));
            faults.push(("another digest".to_owned(), other));
        }
        for (fault, answer) in faults {
            target.mend();
            target.server.answer(route, answer);
            let before = target.server.seen().len();
            let (code, out, err) = target.push();
            assert_eq!((code, out.as_str()), (1, ""), "{route}: {fault}: {err}");
            assert!(err.contains(step) && err.contains(&name), "{route}: {fault}: {err}");
            let manifests =
                target.server.seen()[before..].iter().filter(|it| it.contains("/manifests/")).count();
            assert!(manifests == 0 || path.contains("manifests"), "{route}: {fault}");
        }
        target.server.answer(&target.head(), Answer::status(404));
    }
    target.mend();
    assert_eq!(target.push().0, 0);
}

#[test]
fn another_host_is_not_told_who_pushes() {
    let target = Target::new();
    let other = Server::start();
    let auths = format!("{{\"auths\":{{\"{}\":{{\"auth\":\"Ym9iOnNlY3JldA==\"}}}}}}", target.server.host);
    std::fs::write(target.place.path("registry.json"), auths).unwrap();
    let demand = || Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\"");
    let route = "POST /v2/charts/web/blobs/uploads/";
    target.server.answer(route, demand());
    let away = Answer::status(202).header("Location", &format!("http://{}/upload?_state=hidden", other.host));
    target.server.answer(&format!("{route} Basic Ym9iOnNlY3JldA=="), away);
    let (code, _, err) = target.push();
    assert!(code == 1 && err.contains("would be at another host"), "{err}");
    assert!(!["secret", "Ym9i", "hidden"].iter().any(|secret| err.contains(secret)), "{err}");
    assert_eq!(other.seen(), Vec::<String>::new());
}
