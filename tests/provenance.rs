//! Keyrings and provenance files that somebody spoilt: whatever is in them, an error comes back, in time, and nothing that was
//! not signed is taken for signed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll::internals::signing::armor;
use plimsoll::internals::signing::entity::read_ring;
use plimsoll::internals::signing::{Error, Keyring, Signer, message, openpgp};
use plimsoll::internals::value::Map;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

const NAME: &str = "web-1.2.3.tgz";
/// A day on which every key of the test data is valid.
const NOW: u64 = 1_736_000_000;
/// How often each file is spoilt; `PLIMSOLL_SPOIL` says otherwise.
fn times() -> usize {
    std::env::var("PLIMSOLL_SPOIL").ok().and_then(|times| times.parse().ok()).unwrap_or(300)
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/provenance/files").join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(file(name)).unwrap()
}

fn keyring(name: &str) -> Keyring {
    Keyring::read(&file(name)).unwrap()
}

/// The sum that every provenance file of the test data promises.
fn digits() -> String {
    let text = String::from_utf8(read("rsa.prov")).unwrap();
    text.split("sha256:").nth(1).unwrap()[..64].to_owned()
}

/// Changes, removes, doubles or inserts a few bytes.
fn spoil(rng: &mut StdRng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..bytes.len());
        let length = rng.random_range(1..8.min(bytes.len() - at + 1).max(2)).min(bytes.len() - at);
        match rng.random_range(0..6) {
            0 => bytes[at] ^= 1 << rng.random_range(0..8),
            1 => bytes[at] = *[0, 1, 2, 0x7f, 0x80, 0xfe, 0xff].get(rng.random_range(0..7)).unwrap(),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let more = bytes[at..at + length].to_vec();
                bytes.splice(at..at, more);
            }
            4 => bytes.truncate(at.max(1)),
            _ => rng.fill_bytes(&mut bytes[at..at + length]),
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

#[test]
fn spoilt_provenance_never_passes_for_another_file() {
    let (ring, mut rng) = (keyring("public.gpg"), StdRng::seed_from_u64(1));
    let other = "0".repeat(64);
    for name in ["rsa", "ed25519", "dsa", "p256", "locked-p384", "p521", "k256"] {
        let good = read(&format!("{name}.prov"));
        assert!(ring.verify(&good, NAME, &digits(), NOW).is_ok());
        assert!(ring.verify(&good, NAME, &other, NOW).is_err());
        for _ in 0..times() {
            let spoilt = spoil(&mut rng, &good);
            assert!(ring.verify(&spoilt, NAME, &other, NOW).is_err(), "{name}");
            // It may still be good, if what was spoilt was not signed; then it says the same.
            if let Ok(verified) = ring.verify(&spoilt, NAME, &digits(), NOW) {
                assert_eq!(verified.file_hash, format!("sha256:{}", digits()));
            }
        }
    }
}

#[test]
fn spoilt_signature_packets_are_errors() {
    let (ring, mut rng) = (keyring("public.gpg"), StdRng::seed_from_u64(2));
    for name in ["rsa", "ed25519", "dsa", "p256", "p521"] {
        let text = read(&format!("{name}.prov"));
        let at = text.windows(14).position(|it| it == b"-----BEGIN PGP").unwrap();
        let start = text[at + 1..].windows(14).position(|it| it == b"-----BEGIN PGP").unwrap() + at + 1;
        let (block, _) = armor::decode(&text[start..]).unwrap();
        for _ in 0..times() {
            let packets = armor::encode("PGP SIGNATURE", &spoil(&mut rng, &block.bytes));
            let spoilt = [&text[..start], packets.as_bytes()].concat();
            let _ = ring.verify(&spoilt, NAME, &digits(), NOW);
        }
    }
}

#[test]
fn spoilt_keyrings_are_errors_or_have_fewer_keys() {
    let mut rng = StdRng::seed_from_u64(3);
    let names =
        ["public.gpg", "secret.gpg", "subkeys.gpg", "dummy-secret.gpg", "revoked.gpg", "go-secret.gpg"];
    for name in names {
        let good = read(name);
        let whole = read_ring(&good, None).unwrap();
        for _ in 0..times() / 10 {
            if let Ok(ring) = read_ring(&spoil(&mut rng, &good), None) {
                for entity in ring {
                    let known =
                        |fingerprint: &[u8]| whole.iter().any(|it| it.primary.fingerprint == fingerprint);
                    assert!(known(&entity.primary.fingerprint), "{name}: a key that nobody made");
                    // Locked keys take long to open.
                    let _ = Signer::unlock(Some(&entity), |_| Err("locked".to_owned()))
                        .and_then(|signer| signer.clear_sign(b"text\n", NOW));
                }
            }
        }
    }
}

#[test]
fn spoilt_keyring_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = StdRng::seed_from_u64(4);
    for name in ["public.asc", "public.kbx", "secret.asc", "two.asc"] {
        let good = read(name);
        for _ in 0..times() / 10 {
            let path = folder.path().join("keys");
            fs::write(&path, spoil(&mut rng, &good)).unwrap();
            let _ = Keyring::read(&path);
        }
    }
}

#[test]
fn bytes_of_chance_are_no_keyring() {
    let mut rng = StdRng::seed_from_u64(5);
    for _ in 0..times() {
        let mut bytes = vec![0; rng.random_range(1..300)];
        rng.fill_bytes(&mut bytes);
        bytes[0] |= 0xc0;
        assert!(
            read_ring(&bytes, None).is_ok_and(|ring| ring.is_empty()) || read_ring(&bytes, None).is_err()
        );
    }
}

#[test]
fn every_key_signs_what_its_public_half_verifies() {
    let (secret, public) = (keyring("secret.gpg"), keyring("public.gpg"));
    assert_eq!(secret.0.len(), 9);
    for entity in &secret.0 {
        let signer = Signer::unlock(Some(entity), |_| Ok(b"open sesame".to_vec())).unwrap();
        let metadata = Map::new();
        metadata.insert("name", "- web".into());
        let text = message(&metadata, NAME, &digits()).unwrap();
        let signed = signer.clear_sign(&text, NOW).unwrap();
        let verified = public.verify(&signed, NAME, &digits(), NOW).unwrap();
        assert_eq!(verified.signed_by, [entity.identities[0].name.clone()]);
        // From the future, and by a stranger.
        let early = public.verify(&signed, NAME, &digits(), NOW - 1).unwrap_err();
        assert_eq!(early, Error::OpenPgp(openpgp::Error::SignatureExpired));
        assert!(keyring("subkeys.gpg").verify(&signed, NAME, &digits(), NOW).is_err());
        let wrong = Signer::unlock(Some(entity), |_| Ok(b"wrong".to_vec()));
        assert_eq!(wrong.is_err(), entity.identities[0].name.contains("locked"));
    }
}

/// Keys of version 6, Ed448, and locked in each way that Helm opens, made by the library that Helm uses.
#[test]
fn every_kind_of_key_of_helms_library_is_opened_and_used() {
    let (secret, public) = (keyring("go-secret.gpg"), keyring("go-public.gpg"));
    assert_eq!((secret.0.len(), public.0.len()), (16, 16));
    for entity in &secret.0 {
        let name = entity.identities[0].name.trim_start_matches("Plimsoll test ").split(' ').next().unwrap();
        let theirs = public.verify(&read(&format!("{name}.prov")), NAME, &digits(), NOW).unwrap();
        assert_eq!(theirs.signed_by, [entity.identities[0].name.clone()]);
        let signer = Signer::unlock(Some(entity), |_| Ok(b"open sesame".to_vec())).unwrap();
        let signed = signer.clear_sign(&message(&Map::new(), NAME, &digits()).unwrap(), NOW).unwrap();
        let ours = public.verify(&signed, NAME, &digits(), NOW).unwrap();
        assert_eq!(ours.signed_by, theirs.signed_by);
        let is_locked = !["go-ed25519", "go-ed448"].contains(&name) && !name.starts_with("go-v6");
        let wrong = Signer::unlock(Some(entity), |_| Ok(b"wrong".to_vec()));
        assert_eq!(wrong.is_err(), is_locked, "{name}");
    }
}

/// Numbers of keys that somebody spoilt: no signature fits, and nothing panics.
#[test]
fn spoilt_numbers_of_keys_fit_nothing() {
    let mut rng = StdRng::seed_from_u64(6);
    for name in ["rsa", "dsa", "p256", "p521", "k256", "ed25519", "go-ed448"] {
        let good = read(if name.starts_with("go") { "go-public.gpg" } else { "public.gpg" });
        let signed = read(&format!("{name}.prov"));
        for _ in 0..times() / 3 {
            let mut spoilt = good.clone();
            let at = rng.random_range(0..spoilt.len());
            spoilt[at] ^= 1 << rng.random_range(0..8);
            let Ok(ring) = read_ring(&spoilt, None) else { continue };
            // What is left whole still fits.
            if let Ok(verified) = Keyring(ring).verify(&signed, NAME, &digits(), NOW) {
                assert_eq!(verified.file_hash, format!("sha256:{}", digits()));
            }
        }
    }
}

#[test]
fn all_names_of_a_key_are_told_in_order() {
    let ring = keyring("names-secret.gpg");
    let verified = ring.verify(&read("names.prov"), NAME, &digits(), NOW).unwrap();
    let name = |name: &str| format!("Plimsoll test {name} name <{name}@test.invalid>");
    assert_eq!(verified.signed_by, [name("first"), name("second")]);
    // Each of them finds the key, and what both contain is two names.
    for part in ["first", "second@"] {
        assert!(ring.find(part).unwrap().is_some());
    }
    let error = ring.find("name").unwrap_err();
    assert_eq!(error.to_string(), "more than one key contain the id \"name\"");
    assert!(ring.find("third").unwrap().is_none());
}

#[test]
fn a_keyring_of_any_length_ends() {
    // The same revocation again and again: each would have to be checked.
    let key = read("revoked.gpg");
    let revocation = &key[53..];
    let many: Vec<u8> = [&key[..53], &revocation.repeat(2000)].concat();
    let _ = read_ring(&many, None);
    // A packet that says it is longer than anything.
    assert!(read_ring(&[0xc6, 0xff, 0xff, 0xff, 0xff, 0xff, 4], None).is_err());
    // Parts without end.
    assert!(read_ring(&[&[0xc6][..], &[0xe0, 0].repeat(100_000)].concat(), None).is_err());
}
