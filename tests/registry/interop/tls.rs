//! Certificates and proxies: which servers are trusted, which certificate is shown to them, and through which proxy; with Helm
//! as well where it is installed.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::{fs, io, thread};

use super::{Place, Running, on_path, skipped, start};

/// A place with a chart, a registry that speaks TLS, and what makes certificates.
struct Secure {
    place: Place,
    registry: Running,
}

/// The end of a test that cannot be run.
fn missing() {
    skipped("interop with TLS", "registry", "docker-registry or openssl is not installed");
}

/// Makes a certificate `NAME.pem` and its key `NAME.key`, signed by `signer` or by itself.
fn certificate(place: &Place, openssl: &str, name: &str, signer: Option<&str>, more: &[&str]) {
    let [pem, key] = ["pem", "key"].map(|end| place.text(&format!("{name}.{end}")));
    let mut command = Command::new(openssl);
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    command.args(["-subj", &format!("/CN={name}"), "-out", &pem, "-keyout", &key]).args(more);
    if let Some(signer) = signer {
        command.args(["-CA", &place.text(&format!("{signer}.pem"))]);
        command.args(["-CAkey", &place.text(&format!("{signer}.key"))]);
    }
    let made = command.stderr(Stdio::piped()).output().unwrap();
    assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
}

const NAMES: &str = "subjectAltName=IP:127.0.0.1,DNS:registry.test";

/// A registry with the certificate `server`, which `make` makes; `more` goes into its configuration of TLS.
fn secure(make: &dyn Fn(&Place, &str), more: &dyn Fn(&Place) -> String) -> Option<Secure> {
    let openssl = on_path("openssl")?;
    let place = Place::new();
    make(&place, &openssl);
    let (pem, key) = (place.text("server.pem"), place.text("server.key"));
    let tls = format!("  tls:\n    certificate: {pem}\n    key: {key}\n{}", more(&place));
    let registry = start(&place, &tls, "")?;
    place.archive("web");
    Some(Secure { place, registry })
}

/// One that needs no credentials, with a self-signed certificate that calls itself an authority.
fn own_authority() -> Option<Secure> {
    let make = |place: &Place, openssl: &str| {
        let more = ["-days", "2", "-addext", NAMES, "-addext", "basicConstraints=critical,CA:TRUE"];
        certificate(place, openssl, "server", None, &more);
    };
    secure(&make, &|_| String::new())
}

impl Secure {
    /// Pushes and pulls with these flags and this environment, at this host: what went wrong.
    fn there_and_back(&self, host: &str, flags: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
        let remote = format!("oci://{host}/charts");
        let (file, chart, out) =
            (self.place.text("packed/web-1.2.3.tgz"), format!("{remote}/web"), self.place.text("out"));
        for words in [&["push", &file, &remote][..], &["pull", &chart, "--version", "1.2.3", "-d", &out]] {
            let mut command = self.place.command(&[words, flags].concat());
            let output = command.envs(environment.iter().copied()).output().unwrap();
            if !output.status.success() {
                return Err(String::from_utf8(output.stderr).unwrap());
            }
        }
        let pulled = self.place.path("out/web-1.2.3.tgz");
        assert_eq!(fs::read(&pulled).unwrap(), fs::read(&file).unwrap());
        fs::remove_file(pulled).unwrap();
        Ok(())
    }

    /// Whether Helm pushes and pulls so; as `ours` where it is not installed.
    fn with_helm(&self, host: &str, flags: &[&str], environment: &[(&str, &str)], ours: bool) -> bool {
        let Some(helm) = on_path("helm") else {
            skipped("interop with Helm and TLS", "helm", "helm is not installed");
            return ours;
        };
        let remote = format!("oci://{host}/theirs");
        let (file, chart, out) =
            (self.place.text("packed/web-1.2.3.tgz"), format!("{remote}/web"), self.place.text("out"));
        [&["push", &file, &remote][..], &["pull", &chart, "--version", "1.2.3", "-d", &out]].iter().all(
            |words| {
                let mut command = Command::new(&helm);
                command.args(*words).args(flags).envs(environment.iter().copied());
                command.env("HOME", self.place.folder.path()).output().unwrap().status.success()
            },
        )
    }
}

/// Flags, and variables of the environment.
type Way<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);

#[test]
fn an_authority_of_one_s_own_making_is_believed_where_it_is_named() {
    let Some(secure) = own_authority() else { return missing() };
    let (host, ca) = (secure.registry.host.as_str(), secure.place.text("server.pem"));
    let folder = secure.place.path("certificates");
    fs::create_dir(&folder).unwrap();
    fs::copy(&ca, folder.join("any-name.pem")).unwrap();
    let folder = folder.display().to_string();
    let ways: [Way<'_>; 4] = [
        (&["--ca-file", &ca], &[]),
        (&["--insecure-skip-tls-verify"], &[]),
        (&[], &[("SSL_CERT_FILE", &ca)]),
        (&[], &[("SSL_CERT_DIR", &folder)]),
    ];
    for (flags, environment) in ways {
        secure.there_and_back(host, flags, environment).unwrap();
        assert!(secure.with_helm(host, flags, environment, true), "Helm: {flags:?} {environment:?}");
    }
    let error = secure.there_and_back(host, &[], &[]).unwrap_err();
    assert!(error.contains("certificate") && error.contains("/charts/web:1.2.3"), "{error}");
    // By a name that it does not bear.
    let other = host.replace("127.0.0.1", "localhost");
    let error = secure.there_and_back(&other, &["--ca-file", &ca], &[]).unwrap_err();
    assert!(error.contains("not valid for name \"localhost\""), "{error}");
    assert!(!secure.with_helm(&other, &["--ca-file", &ca], &[], false));
}

#[test]
fn a_certificate_of_ours_is_shown_to_who_asks_for_it() {
    let make = |place: &Place, openssl: &str| {
        let leaf = ["-days", "2", "-addext", NAMES, "-addext", "basicConstraints=critical,CA:FALSE"];
        certificate(place, openssl, "authority", None, &["-days", "2"]);
        certificate(place, openssl, "server", Some("authority"), &leaf);
        certificate(place, openssl, "client", Some("authority"), &leaf);
    };
    let clients = |place: &Place| format!("    clientcas: [{}]\n", place.text("authority.pem"));
    let Some(secure) = secure(&make, &clients) else { return missing() };
    let place = &secure.place;
    let [ca, pem, key] = ["authority.pem", "client.pem", "client.key"].map(|name| place.text(name));
    let host = secure.registry.host.as_str();
    for flags in [&["--ca-file", &ca][..], &["--insecure-skip-tls-verify"]] {
        let error = secure.there_and_back(host, flags, &[]).unwrap_err();
        assert!(error.contains("uploading the blob"), "{error}");
        let mine = [flags, &["--cert-file", &pem, "--key-file", &key]].concat();
        secure.there_and_back(host, &mine, &[]).unwrap();
        assert!(secure.with_helm(host, &mine, &[], true));
        let error =
            secure.there_and_back(host, &[flags, &["--cert-file", &ca, "--key-file", &ca]].concat(), &[]);
        assert!(error.unwrap_err().contains("authority.pem"));
    }
}

/// A proxy that tunnels everything to one place and remembers what it was asked.
fn proxy(to: &str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (to, seen) = (to.to_owned(), Arc::<Mutex<Vec<String>>>::default());
    let remembered = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (to, seen) = (to.clone(), Arc::clone(&remembered));
            thread::spawn(move || tunnel(stream, &to, &seen));
        }
    });
    (address, seen)
}

fn tunnel(mut client: TcpStream, to: &str, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut head = String::new();
    while reader.read_line(&mut head).ok()? > 2 {}
    let allowed = head.to_ascii_lowercase().contains("proxy-authorization: basic dtpz");
    seen.lock().unwrap().push(head.lines().next()?.to_owned());
    if !allowed {
        return client.write_all(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n").ok();
    }
    let mut server = TcpStream::connect(to).ok()?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
    let (mut back, mut out) = (server.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || {
        let _ = io::copy(&mut back, &mut out);
        let _ = out.shutdown(Shutdown::Both);
    });
    let _ = io::copy(&mut reader, &mut server);
    server.shutdown(Shutdown::Write).ok()
}

#[test]
fn a_proxy_is_used_where_the_environment_names_one() {
    let Some(secure) = own_authority() else { return missing() };
    let ca = secure.place.text("server.pem");
    let flags = ["--ca-file", &ca];
    let (address, seen) = proxy(&secure.registry.host);
    // A host that only the proxy can reach.
    let host = "registry.test";
    let by = format!("http://u:s@{address}");
    secure.there_and_back(host, &flags, &[("HTTPS_PROXY", &by)]).unwrap();
    assert!(seen.lock().unwrap().iter().all(|line| line == "CONNECT registry.test:443 HTTP/1.1"));
    assert!(!seen.lock().unwrap().is_empty());
    assert!(secure.with_helm(host, &flags, &[("HTTPS_PROXY", &by)], true));
    secure.there_and_back(host, &flags, &[("https_proxy", &by)]).unwrap();
    // What NO_PROXY names, and this machine itself, are reached without.
    let asked = seen.lock().unwrap().len();
    let around = [("HTTPS_PROXY", by.as_str()), ("NO_PROXY", "other.test,.test")];
    let error = secure.there_and_back(host, &flags, &around).unwrap_err();
    assert!(error.contains("failed to lookup address information"), "{error}");
    secure.there_and_back(&secure.registry.host, &flags, &around[..1]).unwrap();
    assert!(secure.with_helm(&secure.registry.host, &flags, &around[..1], true));
    assert_eq!(seen.lock().unwrap().len(), asked);
    // A proxy that wants credentials, and one that is not there.
    let stranger = format!("http://u:guess@{address}");
    let error = secure.there_and_back(host, &flags, &[("HTTPS_PROXY", &stranger)]).unwrap_err();
    assert!(error.contains(&format!("(by the proxy http://{address}/)")), "{error}");
    assert!(error.contains("/charts/web:1.2.3") && !error.contains("guess"), "{error}");
    let error = secure.there_and_back(host, &flags, &[("HTTPS_PROXY", "127.0.0.1:1")]).unwrap_err();
    assert!(error.contains("connection refused (by the proxy http://127.0.0.1:1/)"), "{error}");
}
