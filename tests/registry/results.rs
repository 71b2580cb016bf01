//! Results beside charts in a registry: what a known key signed is believed, and nothing else, whatever a server does.

use std::fs;

use serde_json::Value as Json;

use super::provenance::files;
use super::server::{Answer, Server};
use super::{Place, digest};

/// A registry that takes what is pushed, and a chart for it.
struct Registry {
    place: Place,
    server: Server,
    base: String,
}

impl Registry {
    fn new() -> Registry {
        let (place, server) = (Place::new(), Server::start());
        let location = "/v2/charts/web/blobs/uploads/1";
        let to = |status| Answer::status(status).header("Location", location);
        server.answer("POST /v2/charts/web/blobs/uploads/", to(202));
        server.answer("PUT *", to(201));
        let base = format!("oci://{}/charts", server.host);
        let folder = place.path("web");
        fs::create_dir_all(folder.join("templates")).unwrap();
        fs::write(folder.join("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.2.3\n").unwrap();
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true}\n";
        fs::write(folder.join("templates/a.yaml"), pod).unwrap();
        let registry = Registry { place, server, base };
        registry.package();
        registry
    }

    fn package(&self) {
        let (code, _, err) =
            self.place.run(&["package", &self.place.text("web"), "-d", &self.place.text("out")]);
        assert_eq!(code, 0, "{err}");
    }

    fn push(&self, more: &[&str]) -> (u8, String, String) {
        let (archive, secret) = (self.place.text("out/web-1.2.3.tgz"), files("secret.gpg"));
        let words = [
            "push",
            &archive,
            &self.base,
            "--plain-http",
            "--attest",
            "--key",
            "<rsa@",
            "--keyring",
            &secret,
        ];
        let settings = self.place.settings();
        let settings: Vec<&str> = settings.iter().map(|word| word.to_str().unwrap()).collect();
        // Behind `--` stand no flags of push.
        let mut line = vec!["plimsoll".into()];
        line.extend(words.iter().chain(&settings).chain(more).map(std::ffi::OsString::from));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = plimsoll::internals::cli::run(&line, &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    fn check(&self, more: &[&str]) -> (u8, String, String) {
        let (archive, public) = (self.place.text("out/web-1.2.3.tgz"), files("public.gpg"));
        let words =
            ["check", &archive, "--plain-http", "--attested", &self.base, "--keyring", &public, "--verbose"];
        self.place.run(&[&words[..], more].concat())
    }

    /// What is found without anybody's help.
    fn plain(&self, more: &[&str]) -> (u8, String) {
        let archive = self.place.text("out/web-1.2.3.tgz");
        let (code, out, _) = self.place.run(&[&["check", &archive], more].concat());
        (code, out)
    }

    /// The tag under which the results are, and its manifest.
    fn result(&self) -> (String, Json) {
        let taken = self.server.taken();
        let (route, manifest) = taken.iter().find(|(path, _)| path.contains("/manifests/plimsoll-")).unwrap();
        (route.clone(), serde_json::from_slice(manifest).unwrap())
    }
}

fn known(said: &str) -> &str {
    let line = said.lines().find(|line| line.ends_with("results were in the cache"));
    line.unwrap_or(said)
}

#[test]
fn what_was_pushed_and_signed_is_believed() {
    let registry = Registry::new();
    let (code, out, err) = registry.push(&[]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let host = &registry.server.host;
    assert!(out.contains(&format!("Attested: {host}/charts/web:plimsoll-")), "{out}");
    let (code, told, said) = registry.check(&[]);
    assert_eq!(known(&said), "1 of 1 results were in the cache");
    assert_eq!((code, told), registry.plain(&[]));
    // A folder with the same files is the same chart; with other flags it is another question.
    let folder = registry.place.text("web");
    let public = files("public.gpg");
    let words = ["check", &folder, "--plain-http", "--attested", &registry.base, "--keyring", &public, "-v"];
    let (_, _, said) = registry.place.run(&words);
    assert_eq!(
        known(&said),
        "0 of 1 results were in the cache",
        "a folder may hold schemas that no archive has"
    );
    assert_eq!(known(&registry.check(&["--mode", "strict"]).2), "0 of 1 results were in the cache");
    let (code, _, err) = registry.push(&["--", "--mode", "strict"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(known(&registry.check(&["--mode", "strict"]).2), "1 of 1 results were in the cache");
    // It is about the chart's manifest, and says so where a registry looks for referrers.
    let (_, manifest) = registry.result();
    let chart = registry.server.taken()["/v2/charts/web/manifests/1.2.3"].clone();
    assert_eq!(manifest["subject"]["digest"], digest(&chart).as_str());
    assert_eq!(manifest["artifactType"], "application/vnd.plimsoll.result.v1");
    let statement = manifest["layers"][0]["digest"].as_str().unwrap();
    let statement = registry.server.taken()[&format!("/v2/charts/web/blobs/{statement}")].clone();
    assert!(statement.starts_with(b"-----BEGIN PGP SIGNED MESSAGE-----"));
    // In a cache of this machine it is kept, and the registry is asked no more.
    let (cache, key) = (registry.place.text("cache"), registry.place.text("key"));
    let local = ["--cache-dir", &cache, "--cache-key", &key];
    registry.check(&local);
    let before = registry.server.seen().len();
    assert_eq!(known(&registry.check(&local).2), "1 of 1 results were in the cache");
    assert_eq!(registry.server.seen().len(), before);
}

#[test]
fn no_fault_of_a_registry_is_a_wrong_answer() {
    let registry = Registry::new();
    assert_eq!(registry.push(&[]).0, 0);
    let wanted = registry.plain(&[]);
    let (route, manifest) = registry.result();
    let layer = format!("/v2/charts/web/blobs/{}", manifest["layers"][0]["digest"].as_str().unwrap());
    let taken = registry.server.taken();
    let is_same = |what: &str, believed: bool| {
        let (code, told, said) = registry.check(&[]);
        assert_eq!((code, told), wanted, "{what}: {said}");
        assert_eq!(known(&said).starts_with("1 of 1"), believed, "{what}: {said}");
    };
    for path in [&route, &layer] {
        let good = &taken[path];
        let mut faults = Vec::new();
        for status in [204, 301, 400, 401, 403, 404, 429, 500, 503] {
            faults.push((format!("status {status}"), Answer::status(status)));
        }
        let circle =
            Answer::status(307).header("Location", &format!("http://{}{path}", registry.server.host));
        faults.push(("a circle".to_owned(), circle));
        for after in [0, 1, 40, 400] {
            faults.push((format!("cut after {after}"), Answer::ok(good.as_slice()).cut(after)));
        }
        for body in
            [&b""[..], b"{}", b"[]", b"\xff", &good[..good.len() / 2], &[good.as_slice(), b"]"].concat()]
        {
            faults.push((format!("{} bytes", body.len()), Answer::ok(body)));
        }
        for (what, answer) in faults {
            registry.server.answer(&format!("GET {path}"), answer);
            is_same(&format!("{path}: {what}"), false);
        }
        registry.server.answer(&format!("GET {path}"), Answer::ok(good.as_slice()));
        is_same("mended", true);
    }
    // What has the right digests, and is not what was signed, or not by somebody who is known.
    let text = String::from_utf8(taken[&layer].clone()).unwrap();
    let serve = |what: &str, text: &str| {
        let blob = digest(text.as_bytes());
        registry.server.answer(&format!("GET /v2/charts/web/blobs/{blob}"), Answer::ok(text));
        let mut manifest = manifest.clone();
        manifest["layers"][0]["digest"] = blob.into();
        manifest["layers"][0]["size"] = text.len().into();
        registry.server.answer(&format!("GET {route}"), Answer::ok(manifest.to_string()));
        is_same(what, false);
    };
    serve("another result", &text.replace("\"severity\":\"error\"", "\"severity\":\"advice\""));
    serve("no signature", text.split("-----BEGIN PGP SIGNATURE").next().unwrap());
    serve("no statement", "nothing");
    serve("a signature of something else", &fs::read_to_string(files("rsa.prov")).unwrap());
    registry.server.answer(&format!("GET {layer}"), Answer::ok(text.as_str()));
    registry.server.answer(&format!("GET {route}"), Answer::ok(taken[&route].as_slice()));
    is_same("as it was", true);
    let (archive, other) = (registry.place.text("out/web-1.2.3.tgz"), files("subkeys.gpg"));
    let words =
        ["check", &archive, "--plain-http", "--attested", &registry.base, "--keyring", &other, "--verbose"];
    let (code, told, said) = registry.place.run(&words);
    assert_eq!((code, told), wanted);
    assert!(said.contains("is not believed") && known(&said).starts_with("0 of 1"), "{said}");
}

#[test]
fn a_statement_holds_for_its_own_chart_and_question() {
    let registry = Registry::new();
    assert_eq!(registry.push(&[]).0, 0);
    let (route, _) = registry.result();
    let manifest = registry.server.taken()[&route].clone();
    // The server gives the result of one question as the answer to every other.
    registry.server.answer("GET *", Answer::ok(manifest));
    for (path, body) in registry.server.taken() {
        if path.contains("/blobs/sha256:") {
            registry.server.answer(&format!("GET {path}"), Answer::ok(body));
        }
    }
    let (code, told, said) = registry.check(&["--mode", "strict"]);
    assert_eq!((code, told), registry.plain(&["--mode", "strict"]));
    assert!(said.contains("it is signed, and says something about something else"), "{said}");
    fs::write(registry.place.path("web/templates/b.yaml"), "a: b\n").unwrap();
    registry.package();
    let (code, told, said) = registry.check(&[]);
    assert_eq!((code, told), registry.plain(&[]));
    assert!(said.contains("something else"), "{said}");
}

#[test]
fn what_cannot_be_attested_is_not_pushed() {
    let registry = Registry::new();
    let refused = |more: &[&str], why: &str| {
        let (code, _, err) = registry.push(more);
        assert!(code == 1 && err.contains(why), "{err}");
        assert!(registry.server.taken().keys().all(|path| !path.contains("/manifests/")), "{why}");
    };
    refused(&["--", "--nonsense"], "behind `--`: unexpected argument '--nonsense' found");
    refused(&["--", "other"], "behind `--` stand flags of `check`, and no charts");
    refused(&["--", "-f", "missing.yaml"], "cannot be judged, so nothing is attested");
    fs::write(registry.place.path("web/templates/b.yaml"), "a: {{ uuidv4 }}\n").unwrap();
    registry.package();
    refused(&[], "hint: give it the same each time: -- --deterministic");
    let (code, out, err) = registry.push(&["--", "--deterministic"]);
    assert!(code == 0 && out.contains("Attested: "), "{err}");
}

#[test]
fn no_fault_leaves_half_a_result() {
    let registry = Registry::new();
    assert_eq!(registry.push(&[]).0, 0);
    let (route, _) = registry.result();
    for status in [400, 401, 403, 500] {
        registry.server.answer(&format!("PUT {route}"), Answer::status(status));
        let (code, out, err) = registry.push(&[]);
        assert!(code == 1 && !out.contains("Attested"), "{out}");
        assert!(err.contains("uploading the manifest of") && err.contains(":plimsoll-"), "{err}");
    }
}
