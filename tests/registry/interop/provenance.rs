//! What one signs the others verify: GnuPG, Helm and plimsoll, keys of every kind, with and without a passphrase, keyrings in
//! every form.

use std::fs;
use std::process::{Command, Output};

use super::super::Place;
use super::{on_path, skipped};

const PASSPHRASE: &str = "open sesame";
/// Kinds of keys, and whether they are locked.
const KEYS: [(&str, bool); 10] = [
    ("rsa2048", false),
    ("rsa4096", true),
    ("ed25519", false),
    ("ed25519", true),
    ("dsa2048", false),
    ("dsa2048", true),
    ("nistp256", false),
    ("nistp384", true),
    ("nistp521", false),
    ("secp256k1", false),
];

/// A home of GnuPG whose agent ends with the test.
struct Gnupg<'a> {
    place: &'a Place,
    program: String,
}

impl Drop for Gnupg<'_> {
    fn drop(&mut self) {
        let mut kill = Command::new("gpgconf");
        let _ = kill.args(["--kill", "all"]).env("GNUPGHOME", self.place.path("gnupg")).output();
    }
}

impl Gnupg<'_> {
    fn start(place: &Place) -> Option<Gnupg<'_>> {
        let gnupg = Gnupg { place, program: on_path("gpg")? };
        let folder = place.path("gnupg");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        fs::write(folder.join("gpg-agent.conf"), "allow-loopback-pinentry\n").unwrap();
        Some(gnupg)
    }

    /// Runs it with a passphrase.
    fn output(&self, passphrase: &str, words: &[&str]) -> Output {
        Command::new(&self.program)
            .args(["--batch", "--yes", "--quiet", "--no-tty", "--pinentry-mode", "loopback"])
            .args(["--passphrase", passphrase])
            .args(words)
            .env("GNUPGHOME", self.place.path("gnupg"))
            .env("LC_ALL", "C")
            .output()
            .unwrap()
    }

    /// Runs it with a passphrase and gives what it writes. It has to succeed.
    fn run(&self, passphrase: &str, words: &[&str]) -> Vec<u8> {
        let output = self.output(passphrase, words);
        assert!(output.status.success(), "gpg {words:?}: {}", text(&output.stderr));
        output.stdout
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn helm(place: &Place, program: &str, words: &[&str]) -> (bool, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(program).args(words).env("HOME", place.folder.path()).output().unwrap();
    (status.success(), text(&stdout), text(&stderr))
}

#[test]
fn interop_of_signatures() {
    const TEST: &str = "interop of signatures";
    let place = Place::new();
    let Some(gnupg) = Gnupg::start(&place) else {
        return skipped(TEST, "gpg", "gpg is not installed");
    };
    let Some(program) = on_path("helm") else {
        return skipped(TEST, "helm", "helm is not installed");
    };
    let name = |kind: &str, locked: bool| format!("{kind} {}", if locked { "locked" } else { "open" });
    for (kind, locked) in KEYS {
        let passphrase = if locked { PASSPHRASE } else { "" };
        gnupg.run(passphrase, &["--quick-gen-key", &name(kind, locked), kind, "sign", "never"]);
    }
    fs::write(place.path("public.gpg"), gnupg.run("", &["--export"])).unwrap();
    fs::write(place.path("public.asc"), gnupg.run("", &["--export", "--armor"])).unwrap();
    fs::write(place.path("secret.gpg"), gnupg.run(PASSPHRASE, &["--export-secret-keys"])).unwrap();
    fs::write(place.path("passphrase"), PASSPHRASE).unwrap();
    let chart = place.chart("web", "").display().to_string();
    let keyrings = ["public.gpg", "public.asc", "gnupg/pubring.kbx"].map(|file| place.text(file));
    let (out, secret, passphrase) = (place.text("out"), place.text("secret.gpg"), place.text("passphrase"));
    let archive = place.text("out/web-1.2.3.tgz");
    let provenance = format!("{archive}.prov");
    for (number, (kind, locked)) in KEYS.into_iter().enumerate() {
        let key = name(kind, locked);
        let keyring = &keyrings[number % keyrings.len()];
        let sign = ["package", &chart, "-d", &out, "--sign", "--key", &key, "--keyring", &secret];
        let sign = [&sign[..], &["--passphrase-file", &passphrase]].concat();
        let check = |by: &str| {
            let (good, said, err) = helm(&place, &program, &["verify", &archive, "--keyring", keyring]);
            assert!(good, "{key} by {by}: helm: {err}");
            let (code, own, err) = place.run(&["verify", &archive, "--keyring", keyring]);
            assert_eq!((code, own, err), (0, said, String::new()), "{key} by {by}");
            // Without a checksum, as Helm writes, GnuPG reads some files too far; what it says of the signature is right.
            let said = text(&gnupg.output("", &["--verify", &provenance]).stderr);
            assert!(said.contains(&format!("Good signature from \"{key}\"")), "{key} by {by}: gpg: {said}");
        };
        let (code, _, err) = place.run(&sign);
        assert_eq!(code, 0, "{key}: {err}");
        check("plimsoll");
        let signed = fs::read_to_string(&provenance).unwrap();
        let (good, _, err) = helm(&place, &program, &sign);
        assert!(good, "{key}: helm: {err}");
        check("helm");
        // Of the same archive they say the same, and their signatures are as long.
        let (code, _, _) = place.run(&["package", &chart, "-d", &out]);
        assert_eq!(code, 0);
        let message = |text: &str| {
            let body = text.split("-----BEGIN PGP SIGNATURE-----").next().unwrap();
            body.split("files:").next().unwrap().to_owned()
        };
        assert_eq!(message(&fs::read_to_string(&provenance).unwrap()), message(&signed));
        // By hand.
        let body = signed.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n");
        let body = body.split("\n-----BEGIN").next().unwrap();
        fs::write(place.path("message"), body).unwrap();
        let sign = ["--digest-algo", "SHA512", "--local-user", &key, "--output", &provenance, "--clearsign"];
        gnupg.run(PASSPHRASE, &[&sign[..], &[&place.text("message")]].concat());
        check("gpg");
        // And what is spoilt none of them takes.
        let spoilt = fs::read_to_string(&provenance).unwrap().replace("name: web", "name: wob");
        fs::write(&provenance, spoilt).unwrap();
        let (good, _, said) = helm(&place, &program, &["verify", &archive, "--keyring", keyring]);
        let (code, _, err) = place.run(&["verify", &archive, "--keyring", keyring]);
        assert_eq!((good, code, err), (false, 1, said), "{key}");
    }
}
