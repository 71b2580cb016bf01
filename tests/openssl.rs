//! Whether OpenSSL takes the keys and certificates that templates make. Where no `openssl` is installed it says so and
//! checks nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::{cases, engine};

/// What makes the keys: `genPrivateKey`, which then is given, or the function itself.
const KINDS: [&str; 4] = ["rsa", "ecdsa", "ed25519", "own"];

/// Authority, a certificate that it signed, and one that signed itself, with keys of the kind.
const TEMPLATE: &str = r#"
{{- $names := list "b.example.com" "*.c.example.com" }}{{ $ips := list "10.0.0.1" "fd00::1" }}
{{- $ca := dict }}{{ $leaf := dict }}{{ $self := dict }}
{{- if eq "KIND" "own" }}
{{- $ca = genCA "An authority, Inc." 365 }}
{{- $leaf = genSignedCert "a.example.com" $ips $names 30 $ca }}
{{- $self = genSelfSignedCert "é" $ips $names 30 }}
{{- else }}
{{- $key := genPrivateKey "KIND" }}
{{- $ca = genCAWithKey "An authority, Inc." 365 $key }}
{{- $leaf = genSignedCertWithKey "a.example.com" $ips $names 30 $ca $key }}
{{- $self = genSelfSignedCertWithKey "é" $ips $names 30 $key }}
{{- end }}
{{- toJson (dict "ca" $ca.Cert "caKey" $ca.Key "leaf" $leaf.Cert "leafKey" $leaf.Key "self" $self.Cert "selfKey" $self.Key) }}"#;

#[test]
#[allow(clippy::print_stderr, reason = "it says why it checks nothing")]
fn takes_what_templates_make() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("openssl is not installed: nothing was checked");
        return;
    }
    for kind in KINDS {
        let files = made(kind);
        let at = |name: &str| files.path().join(name);
        // The host of these tests has its clock at the beginning of 1970.
        let verify = ["verify", "-x509_strict", "-attime", "60", "-CAfile"];
        run(&verify, &[&at("ca"), &at("leaf")]);
        run(&verify, &[&at("self"), &at("self")]);
        for (cert, key) in [("ca", "caKey"), ("leaf", "leafKey"), ("self", "selfKey")] {
            run(&["pkey", "-check", "-noout", "-in"], &[&at(key)]);
            let in_cert = run(&["x509", "-noout", "-pubkey", "-in"], &[&at(cert)]);
            let in_key = run(&["pkey", "-pubout", "-in"], &[&at(key)]);
            assert_eq!(in_cert, in_key, "{kind}: the key of {cert}");
        }
        let text = run(&["x509", "-noout", "-text", "-in"], &[&at("leaf")]);
        for said in [
            "Issuer: CN = \"An authority, Inc.\"",
            "Subject: CN = a.example.com",
            "DNS:b.example.com, DNS:*.c.example.com, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1",
            "TLS Web Server Authentication, TLS Web Client Authentication",
            "Digital Signature, Key Encipherment",
            "CA:FALSE",
        ] {
            assert!(text.replace("CN=", "CN = ").contains(said), "{kind}: {said} is not in\n{text}");
        }
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "it says why it checks nothing")]
fn takes_dsa_keys() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("openssl is not installed: nothing was checked");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    std::fs::write(&key, rendered(r#"{{ genPrivateKey "dsa" }}"#)).expect("it can be written");
    let text = run(&["dsa", "-noout", "-text", "-in"], &[&key]);
    assert!(text.contains("2048 bit"), "{text}");
    // The parameters fit together: what the key signs, it verifies.
    let signature = folder.path().join("signature");
    run(&["dgst", "-sha256", "-sign"], &[&key, Path::new("-out"), &signature, &key]);
    run(&["dgst", "-sha256", "-prverify"], &[&key, Path::new("-signature"), &signature, &key]);
}

/// The certificates and keys of the kind as files.
fn made(kind: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = rendered(&TEMPLATE.replace("KIND", kind));
    let files: serde_json::Value = serde_json::from_str(&text).expect("toJson writes JSON");
    for (name, text) in files.as_object().expect("it is a dict") {
        std::fs::write(folder.path().join(name), text.as_str().unwrap_or_default())
            .expect("it can be written");
    }
    folder
}

fn rendered(template: &str) -> String {
    let text = format!("--- case ---\n=== template\n{template}\n");
    let file = cases::parse(Path::new("made/here.txt"), &text).expect("it is a case");
    engine::render(&file.cases[0]).expect("it renders").remove(0).1
}

/// Runs `openssl` and gives what it printed.
fn run(words: &[&str], files: &[&Path]) -> String {
    let files: Vec<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
    let output = Command::new("openssl").args(words).args(&files).output().expect("openssl starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {} {files:?}: {text}{problem}", words.join(" "));
    text
}
