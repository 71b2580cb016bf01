//! Lines that are slow, dead, or lead nowhere.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use plimsoll::internals::fetch::provenance::Proof;
use plimsoll::internals::fetch::{Access, Fetcher, Settings};
use plimsoll::internals::oci::network::{Network, Timeouts};

use super::server::{Answer, Server};
use super::{MANIFEST, Place, Registry, digest};

/// A fetcher that does not wait for long.
fn impatient(place: &Place) -> Fetcher {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        idle: Duration::from_millis(400),
        least: 2000,
        whole: Duration::from_secs(4),
    };
    let settings = Settings {
        registry_config: place.path("registry.json"),
        docker_config: None,
        native_helper: None,
        repository_config: place.path("repositories.yaml"),
        repository_cache: place.path("indexes"),
        content_cache: place.path("content"),
        offline: false,
        network: Network { timeouts, ..Network::default() },
    };
    Fetcher::new(settings, Access { plain_http: true, ..Access::default() })
}

fn pull(place: &Place, reference: &str) -> Result<(), String> {
    let fetcher = impatient(place);
    let ignore = &mut |_| {};
    let located = fetcher.locate(reference, "", ignore).map_err(|error| error.to_string())?;
    let pulled = fetcher.pull(&located, reference, &place.path("out"), &Proof::Never, ignore);
    pulled.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_line_that_drips_or_falls_silent_is_given_up() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let reference = format!("{}:1.2.3", registry.reference());
    let manifest = || Answer::ok(registry.manifest.as_str());
    let archive = || Answer::ok(registry.archive.as_slice());
    let drip = Duration::from_millis(50);
    let silent = Duration::from_secs(30);
    for (route, answer, step, why) in [
        (MANIFEST, manifest().drip(1, drip), "reading the manifest", "no answer came for 0.4 s"),
        (MANIFEST, manifest().drip(100, silent), "reading the manifest", "bytes came in 0.4 s"),
        (&registry.blob, archive().drip(1, drip), "downloading the blob", "no answer came for 0.4 s"),
        (&registry.blob, archive().drip(100, drip), "downloading the blob", "at least 2000 must"),
        (&registry.blob, archive().drip(20_000, silent), "downloading the blob", "only 0 bytes came"),
    ] {
        registry.mend();
        registry.server.answer(route, answer);
        let start = Instant::now();
        let error = pull(&place, &reference).unwrap_err();
        assert!(error.contains(step) && error.contains(why), "{error}");
        assert!(error.contains("/charts/web:1.2.3"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_eq!(place.results(), Vec::<String>::new());
    }
    // One that is quick enough and has no end.
    registry.mend();
    let step = Duration::from_millis(20);
    registry.server.answer(MANIFEST, Answer::ok(vec![b' '; 4 << 20]).drip(4_000, step));
    let start = Instant::now();
    let error = pull(&place, &reference).unwrap_err();
    assert!(error.contains("bytes came in 4 s without an end"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
    // Slow is not dead.
    registry.mend();
    let length = registry.archive.len();
    registry.server.answer(&registry.blob, archive().drip(length / 15, drip * 2));
    pull(&place, &reference).unwrap();
    assert_eq!(place.results(), ["web-1.2.3.tgz"]);
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let place = Place::new();
    let error = pull(&place, "oci://no.such.host.invalid/charts/web:1.2.3").unwrap_err();
    assert!(error.contains("no.such.host.invalid/charts/web:1.2.3"), "{error}");
    assert!(error.contains("failed to lookup address information"), "{error}");
    // A proxy that is not understood is no reason to go without.
    let mut fetcher = impatient(&place);
    fetcher.settings.network.http_proxy = "socks5://127.0.0.1:1".to_owned();
    let ignore = &mut |_| {};
    let located = fetcher.locate("oci://registry.invalid/charts/web:1.2.3", "", ignore).unwrap();
    let pulled = fetcher.pull(&located, "web", &place.path("out"), &Proof::Never, ignore);
    let error = pulled.unwrap_err().to_string();
    assert!(error.contains("and not by socks5"), "{error}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = pull(&place, &format!("oci://{closed}/charts/web:1.2.3")).unwrap_err();
    assert!(error.contains("/charts/web:1.2.3: GET http://127.0.0.1:"), "{error}");
    assert!(error.ends_with("connection refused"), "{error}");
    assert_eq!(place.results(), Vec::<String>::new());
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let reference = format!("{}:1.2.3", registry.reference());
    for (status, wait) in [(429, Some("1")), (429, None), (503, Some("1")), (500, None)] {
        registry.mend();
        let mut busy = Answer { headers: Vec::new(), ..Answer::status(status) };
        if let Some(seconds) = wait {
            busy = busy.header("Retry-After", seconds);
        }
        registry.server.once(MANIFEST, busy);
        let before = registry.server.seen().len();
        let start = Instant::now();
        pull(&place, &reference).unwrap();
        let least = if wait.is_some() { Duration::from_secs(1) } else { Duration::from_millis(250) };
        assert!(start.elapsed() >= least, "{status} {wait:?}");
        let asked = registry.server.seen()[before..].iter().filter(|it| it.contains("/manifests/")).count();
        assert_eq!(asked, 2, "{status}");
    }
    // And not forever.
    registry.server.answer(MANIFEST, Answer::status(503));
    let before = registry.server.seen().len();
    let error = pull(&place, &reference).unwrap_err();
    assert!(error.contains("503 Service Unavailable"), "{error}");
    assert_eq!(registry.server.seen().len() - before, 6);
}

#[test]
fn a_refusal_without_a_way_in_is_told_at_once() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let answer = Answer {
        body: br#"{"errors":[{"code":"DENIED","message":"not\nyours"}]}"#.to_vec(),
        ..Answer::status(403)
    };
    registry.server.answer(MANIFEST, answer);
    let error = pull(&place, &format!("{}:1.2.3", registry.reference())).unwrap_err();
    assert!(error.contains("403 Forbidden: not yours; no credentials for 127.0.0.1:"), "{error}");
    // A manifest that names another size than there is.
    registry.mend();
    let longer = registry.archive.len() + 1;
    let manifest = registry.manifest.replace(&registry.archive.len().to_string(), &longer.to_string());
    registry.server.answer(MANIFEST, Answer::ok(manifest.as_str()));
    let error = pull(&place, &format!("{}:1.2.3", registry.reference())).unwrap_err();
    assert!(error.contains(&format!("the manifest says {longer} bytes, and {} came", longer - 1)), "{error}");
    let huge = registry.manifest.replace(&registry.archive.len().to_string(), "999999999999");
    registry.server.answer(MANIFEST, Answer::ok(huge));
    let error = pull(&place, &format!("{}:1.2.3", registry.reference())).unwrap_err();
    assert!(error.contains("a size beyond"), "{error}");
    let endless = Answer::ok(vec![b' '; 5 * 1024 * 1024]);
    registry.server.answer(MANIFEST, endless);
    let error = pull(&place, &format!("{}:1.2.3", registry.reference())).unwrap_err();
    assert!(error.contains("larger than 4194304 bytes") && error.contains("reading the manifest"), "{error}");
    let tags = format!("{{\"tags\":[\"{}\"]}}", digest(b"").repeat(300_000));
    registry.server.answer("GET /v2/charts/web/tags/list", Answer::ok(tags));
    let error = pull(&place, &registry.reference()).unwrap_err();
    assert!(error.contains("larger than 16777216 bytes") && error.contains("reading the tags of"), "{error}");
    assert_eq!(place.results(), Vec::<String>::new());
}

#[test]
fn who_answers_after_a_redirect_gets_no_credentials() {
    let place = Place::new();
    let registry = Registry::new(&place);
    let other = Server::start();
    let auths = format!("{{\"auths\":{{\"{}\":{{\"auth\":\"Ym9iOnNlY3JldA==\"}}}}}}", registry.server.host);
    std::fs::write(place.path("registry.json"), auths).unwrap();
    let away = Answer::status(302).header("Location", &format!("http://{}/blob", other.host));
    registry.server.answer(&registry.blob, away);
    let demand = format!("Bearer realm=\"http://{}/token\"", other.host);
    other.answer("GET /blob", Answer::status(401).header("WWW-Authenticate", &demand));
    other.answer("GET /token", Answer::ok("{\"token\": \"t\"}"));
    let error = pull(&place, &format!("{}:1.2.3", registry.reference())).unwrap_err();
    assert!(error.contains("401"), "{error}");
    assert_eq!(other.seen(), ["GET /blob"]);
}
