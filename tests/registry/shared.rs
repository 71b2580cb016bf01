//! What is asked once: a tag, a token, a connection.

use std::time::Duration;

use super::provenance::{self, Signed};
use super::server::Answer;
use super::{MANIFEST, Place, Registry, digest};

#[test]
fn a_tag_is_looked_up_once() {
    let (signed, keys) = (Signed::new(), provenance::files("rsa.gpg"));
    let chart = format!("oci://{}/charts/web", signed.server.host);
    let named = digest(&signed.manifest());
    let pinned = format!("{chart}@{named}");
    signed.server.answer(&format!("GET /v2/charts/web/manifests/{named}"), Answer::ok(signed.manifest()));
    let verify = ["--verify", "--keyring", &keys];
    for words in [
        &["pull", &chart, "--version", "1.2.3", "--prov"][..],
        &["pull", &chart, "--version", "^1", "--verify", "--keyring", &keys],
        &["pull", &chart, "--version", "1.2.3", "--untar", "--verify", "--keyring", &keys],
        &["template", &chart, "--version", "1.2.3", "--verify", "--keyring", &keys],
        // What is pinned is compared with its tag, and not asked for again.
        &["pull", &pinned, "--version", "1.2.3", "--prov"],
        &["show", "chart", &pinned, "--version", "1.2.3"],
    ] {
        let place = Place::new();
        let out = place.text("out");
        let folder: &[&str] = if words[0] == "pull" { &["-d", &out] } else { &[] };
        let before = signed.server.asked("GET /v2/charts/web/manifests/");
        let (code, _, err) = place.run(&[words, folder, &["--plain-http"]].concat());
        assert_eq!((code, err.is_empty() || words[0] != "pull"), (0, true), "{words:?}: {err}");
        let asked = signed.server.asked("GET /v2/charts/web/manifests/") - before;
        assert_eq!(asked, 1, "{words:?}: {:?}", signed.server.seen());
    }
    // A dependency's provenance goes by the same look-up as its chart.
    let place = Place::new();
    let repository = chart.trim_end_matches("/web");
    let dependency =
        format!("dependencies:\n- {{name: web, version: 1.2.3, repository: \"{repository}\"}}\n");
    let top = place.chart("top", &dependency).display().to_string();
    let before = signed.server.asked(MANIFEST);
    let (code, _, err) = place.run(&[&["dependency", "update", &top, "--plain-http"], &verify[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(signed.server.asked(MANIFEST) - before, 1);
}

#[test]
fn a_chart_comes_over_one_connection() {
    let keys = provenance::files("rsa.gpg");
    for at in 0..3 {
        let (place, signed) = (Place::new(), Signed::new());
        signed.server.keep_alive();
        let way = &signed.ways()[at];
        let words = ["pull", "-d", &place.text("out"), "--verify", "--keyring", &keys];
        let (code, _, err) = provenance::run(&place, &words, way);
        assert_eq!((code, err.as_str()), (0, ""), "{way:?}");
        assert!(signed.server.seen().len() > 1);
        assert_eq!(signed.server.connections(), 1, "{way:?}: {:?}", signed.server.seen());
    }
    // The same with what a chart depends on: the index or the tags, and then, in a thread of its own, the chart.
    for scheme in ["http", "oci"] {
        let (place, signed) = (Place::new(), Signed::new());
        signed.server.keep_alive();
        let repository = format!("{scheme}://{}/charts", signed.server.host);
        let dependency =
            format!("dependencies:\n- {{name: web, version: ^1, repository: \"{repository}\"}}\n");
        let top = place.chart("top", &dependency).display().to_string();
        let (code, _, err) = place.run(&["dependency", "update", &top, "--plain-http"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(signed.server.seen().len() > 1);
        assert_eq!(signed.server.connections(), 1, "{:?}", signed.server.seen());
    }
}

#[test]
fn what_is_downloaded_in_parallel_shares_a_token() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let (server, host) = (&registry.server, &registry.server.host);
    let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
    let versions = ["1.2.3", "1.0.0", "1.1.0"];
    for version in versions {
        let route = format!("GET /v2/charts/web/manifests/{version}");
        server.answer(&route, Answer::status(401).header("WWW-Authenticate", &challenge));
        server.answer(&format!("{route} Bearer abc"), Answer::ok(registry.manifest.as_str()));
    }
    server.answer(&registry.blob, Answer::status(401));
    server.answer(&format!("{} Bearer abc", registry.blob), Answer::ok(registry.archive.as_slice()));
    // Slowly, so that everybody else has asked before it is there.
    let token = Answer::ok(r#"{"token":"abc"}"#).drip(20, Duration::from_millis(100));
    server.answer("GET /token", token);
    let dependency = |(at, version): (usize, &&str)| {
        format!("- {{name: web, version: {version}, repository: \"oci://{host}/charts\", alias: web{at}}}\n")
    };
    let dependencies: String = versions.iter().enumerate().map(dependency).collect();
    let top = place.chart("top", &format!("dependencies:\n{dependencies}")).display().to_string();
    let (code, out, err) = place.run(&["dependency", "update", &top, "--plain-http"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(server.asked("GET /token"), 1, "{:?}", server.seen());
    // With a password, one refusal is enough for the whole registry.
    let basic = "Basic Ym9iOnNlY3JldA==";
    for route in ["GET /v2/charts/web/tags/list", MANIFEST, &registry.blob] {
        server.answer(route, Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""));
    }
    server.answer(&format!("GET /v2/charts/web/tags/list {basic}"), Answer::ok(super::TAGS));
    server.answer(&format!("{MANIFEST} {basic}"), Answer::ok(registry.manifest.as_str()));
    server.answer(&format!("{} {basic}", registry.blob), Answer::ok(registry.archive.as_slice()));
    let before = server.seen().len();
    let bob = ["--username", "bob", "--password", "secret"];
    let words = ["pull", &registry.reference(), "--plain-http", "-d", &place.text("out")];
    let (code, _, err) = place.run(&[&words[..], &bob].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(server.seen().len() - before, 4, "{:?}", &server.seen()[before..]);
}
