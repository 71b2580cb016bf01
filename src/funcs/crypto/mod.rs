//! Sprig's crypto functions: sums, passwords, ciphers, keys and certificates. Chance and clock are the host's.

mod asn1;
mod certificate;
mod cryptobyte;
mod key;
mod oid;
mod password;
mod pem;
mod prime;
mod private;
mod rsa;
mod x509;

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use self::certificate::Certificate;
use crate::budget;
use crate::func;
use crate::template::func::{Context, Failure, Func};
use crate::value::{List, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!(
        "adler32sum",
        "adler32sum TEXT: Adler's checksum, a decimal number (sprig: crypto.go adler32sum)",
        adler32sum(str)
    ),
    func!("bcrypt", "bcrypt TEXT: its bcrypt hash of cost 10 (sprig: crypto.go bcrypt)", bcrypt(cx, str)),
    func!(
        "buildCustomCert",
        "buildCustomCert CERT KEY: a certificate from base 64 of PEM (sprig: crypto.go buildCustomCertificate)",
        build_custom_cert(str, str)
    ),
    func!(
        "decryptAES",
        "decryptAES PASSWORD TEXT: what encryptAES encrypted (sprig: crypto.go decryptAES)",
        decrypt_aes(str, str)
    ),
    func!(
        "derivePassword",
        "derivePassword COUNTER TYPE PASSWORD USER SITE: a site's password (sprig: crypto.go derivePassword)",
        derive_password(uint32, str, str, str, str)
    ),
    func!(
        "encryptAES",
        "encryptAES PASSWORD TEXT: in AES-256-CBC, as base 64 (sprig: crypto.go encryptAES)",
        encrypt_aes(cx, str, str)
    ),
    func!(
        "genCA",
        "genCA NAME DAYS: a certificate authority (sprig: crypto.go generateCertificateAuthority)",
        gen_ca(cx, str, int)
    ),
    func!(
        "genCAWithKey",
        "genCAWithKey NAME DAYS KEY: a certificate authority (sprig: crypto.go generateCertificateAuthorityWithPEMKey)",
        gen_ca_with_key(cx, str, int, str)
    ),
    func!(
        "genPrivateKey",
        "genPrivateKey TYPE: a key as PEM; rsa, dsa, ecdsa, ed25519 (sprig: crypto.go generatePrivateKey)",
        gen_private_key(cx, str)
    ),
    func!(
        "genSelfSignedCert",
        "genSelfSignedCert NAME IPS DNS DAYS (sprig: crypto.go generateSelfSignedCertificate)",
        gen_self_signed_cert(cx, str, list, list, int)
    ),
    func!(
        "genSelfSignedCertWithKey",
        "genSelfSignedCertWithKey NAME IPS DNS DAYS KEY (sprig: crypto.go generateSelfSignedCertificateWithPEMKey)",
        gen_self_signed_cert_with_key(cx, str, list, list, int, str)
    ),
    func!(
        "genSignedCert",
        "genSignedCert NAME IPS DNS DAYS CA (sprig: crypto.go generateSignedCertificate)",
        gen_signed_cert(cx, str, list, list, int, certificate)
    ),
    func!(
        "genSignedCertWithKey",
        "genSignedCertWithKey NAME IPS DNS DAYS CA KEY (sprig: crypto.go generateSignedCertificateWithPEMKey)",
        gen_signed_cert_with_key(cx, str, list, list, int, certificate, str)
    ),
    func!(
        "htpasswd",
        "htpasswd USER PASSWORD: a line of a password file (sprig: crypto.go htpasswd)",
        htpasswd(cx, str, str)
    ),
    func!("sha1sum", "sha1sum TEXT: its SHA-1 sum in hexadecimal (sprig: crypto.go sha1sum)", sha1sum(str)),
    func!(
        "sha256sum",
        "sha256sum TEXT: its SHA-256 sum in hexadecimal (sprig: crypto.go sha256sum)",
        sha256sum(str)
    ),
    func!(
        "sha512sum",
        "sha512sum TEXT: its SHA-512 sum in hexadecimal (sprig: crypto.go sha512sum)",
        sha512sum(str)
    ),
];

impl From<certificate::Error> for Failure {
    fn from(error: certificate::Error) -> Failure {
        Failure::Text(error.to_string())
    }
}

impl From<password::Error> for Failure {
    fn from(error: password::Error) -> Failure {
        Failure::Text(error.to_string())
    }
}

/// Counts that a text is digested; whoever asks next hears of it.
fn read(text: &Str) {
    let _ = budget::spend(text.len() as u64 / 4);
}

fn sha1sum(text: &Str) -> String {
    read(text);
    hex::encode(Sha1::digest(text.as_bytes()))
}

fn sha256sum(text: &Str) -> String {
    read(text);
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn sha512sum(text: &Str) -> String {
    read(text);
    hex::encode(Sha512::digest(text.as_bytes()))
}

fn adler32sum(text: &Str) -> String {
    read(text);
    adler2::adler32_slice(text.as_bytes()).to_string()
}

fn bcrypt(cx: &mut dyn Context, text: &Str) -> String {
    password::bcrypt(cx.host(), text)
}

fn htpasswd(cx: &mut dyn Context, user: &Str, text: &Str) -> Str {
    if user.as_bytes().contains(&b':') {
        return [b"invalid username: ", user.as_bytes()].concat().into();
    }
    let hash = password::bcrypt(cx.host(), text);
    [user.as_bytes(), b":", hash.as_bytes()].concat().into()
}

fn derive_password(counter: u32, kind: &Str, password: &Str, user: &Str, site: &Str) -> Str {
    password::derive(counter, kind, password, user, site)
}

fn encrypt_aes(cx: &mut dyn Context, password: &Str, text: &Str) -> Result<String, Failure> {
    budget::make(text.len().saturating_mul(4))?;
    Ok(password::encrypt(cx.host(), password, text))
}

fn decrypt_aes(password: &Str, text: &Str) -> Result<Str, password::Error> {
    password::decrypt(password, text)
}

fn gen_private_key(cx: &mut dyn Context, kind: &Str) -> Result<Str, certificate::Error> {
    let host = cx.host();
    let key = match kind.as_bytes() {
        b"" | b"rsa" => key::generate_rsa(host, 4096),
        b"dsa" => key::generate_dsa(host),
        b"ecdsa" => key::generate_p256(host),
        b"ed25519" => key::generate_ed25519(host),
        other => return Ok([b"Unknown type ", other].concat().into()),
    };
    Ok(key.to_pem()?.into())
}

fn build_custom_cert(cert: &Str, key: &Str) -> Result<Value, certificate::Error> {
    certificate::custom(cert, key)
}

fn gen_ca(cx: &mut dyn Context, name: &Str, days: i64) -> Result<Value, certificate::Error> {
    certificate::authority(cx, name, days, None)
}

fn gen_ca_with_key(
    cx: &mut dyn Context,
    name: &Str,
    days: i64,
    key: &Str,
) -> Result<Value, certificate::Error> {
    certificate::authority(cx, name, days, Some(key))
}

fn gen_self_signed_cert(
    cx: &mut dyn Context,
    name: &Str,
    ips: List,
    dns: List,
    days: i64,
) -> Result<Value, certificate::Error> {
    certificate::own(cx, name, &ips, &dns, days, None)
}

fn gen_self_signed_cert_with_key(
    cx: &mut dyn Context,
    name: &Str,
    ips: List,
    dns: List,
    days: i64,
    key: &Str,
) -> Result<Value, certificate::Error> {
    certificate::own(cx, name, &ips, &dns, days, Some(key))
}

fn gen_signed_cert(
    cx: &mut dyn Context,
    name: &Str,
    ips: List,
    dns: List,
    days: i64,
    authority: &Value,
) -> Result<Value, certificate::Error> {
    certificate::signed(cx, (name, &ips, &dns, days), &as_certificate(authority), None)
}

fn gen_signed_cert_with_key(
    cx: &mut dyn Context,
    name: &Str,
    ips: List,
    dns: List,
    days: i64,
    authority: &Value,
    key: &Str,
) -> Result<Value, certificate::Error> {
    certificate::signed(cx, (name, &ips, &dns, days), &as_certificate(authority), Some(key))
}

/// An argument that was declared as a certificate.
fn as_certificate(value: &Value) -> Certificate {
    value.as_object::<Certificate>().cloned().unwrap_or_default()
}
