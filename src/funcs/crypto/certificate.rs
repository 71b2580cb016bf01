//! Certificates as sprig has Go's `x509` write them: self-signed ones, authorities, and those that an authority signs.

use std::any::Any;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::der::{self, Pem, bit_string, element, integer, sequence};
use super::key::{self, PrivateKey};
use super::x509::Parent;
use super::{prime, private};
use crate::go::encoding::base64_decode;
use crate::go::netip::{Addr, parse_addr};
use crate::go::strconv::quote;
use crate::go::time::{Duration, Location, Time};
use crate::template::func::Context;
use crate::value::print::sprint;
use crate::value::{Field, Kind, List, Map, Object, Str, Value};

/// sprig: crypto.go `certificate`: both as PEM.
#[derive(Clone, Debug, Default)]
pub struct Certificate {
    cert: Str,
    key: Str,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(self.cert.clone().into()),
            "Key" => Some(self.key.clone().into()),
            _ => None,
        }
    }

    fn fields(&self) -> Option<Vec<Field>> {
        Some(vec![Field::new("Cert", self.cert.clone()), Field::new("Key", self.key.clone())])
    }

    fn to_plain(&self) -> Result<Value, String> {
        let fields = [("Cert", self.cert.clone()), ("Key", self.key.clone())];
        Ok(Value::Map(fields.into_iter().map(|(name, text)| (name, text.into())).collect::<Map>()))
    }

    fn struct_fields(&self) -> Option<&'static [(usize, &'static str)]> {
        Some(&[(0, "Cert"), (1, "Key")])
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What a certificate says of its subject.
struct Subject {
    name: Vec<u8>,
    addresses: Vec<Vec<u8>>,
    dns_names: Vec<Str>,
    days: i64,
    is_authority: bool,
}

/// Who signs: name and key, and the identifier of the key where the certificate of the signer has one.
struct Signer<'a> {
    name: Vec<u8>,
    key: &'a PrivateKey,
    key_id: Vec<u8>,
    /// The public key that the signer's certificate holds, with its algorithm.
    public_info: Option<Vec<u8>>,
}

/// The result as a template value; sprig gives an empty certificate beside an error, which no template sees.
type Made = Result<Value, String>;

/// sprig: crypto.go `generateCertificateAuthority`, with a given key `…WithPEMKey`.
pub fn authority(cx: &mut dyn Context, name: &Str, days: i64, key: Option<&Str>) -> Made {
    let key = given_or_new(cx, key)?;
    let subject =
        Subject { name: name_bytes(name)?, addresses: vec![], dns_names: vec![], days, is_authority: true };
    self_signed(cx, &subject, &key)
}

/// sprig: crypto.go `generateSelfSignedCertificate`, with a given key `…WithPEMKey`.
pub fn own(cx: &mut dyn Context, name: &Str, ips: &List, dns: &List, days: i64, key: Option<&Str>) -> Made {
    let key = given_or_new(cx, key)?;
    let subject = subject(name, ips, dns, days)?;
    self_signed(cx, &subject, &key)
}

/// sprig: crypto.go `generateSignedCertificate`, with a given key `…WithPEMKey`.
pub fn signed(
    cx: &mut dyn Context,
    (name, ips, dns, days): (&Str, &List, &List, i64),
    authority: &Certificate,
    key: Option<&Str>,
) -> Made {
    let key = given_or_new(cx, key)?;
    let pem = Pem::find(authority.cert.as_bytes()).ok_or("unable to decode certificate")?;
    let parent = Parent::read(&pem.bytes)
        .map_err(|error| format!("error parsing certificate: decodedSignerCert.Bytes: {error}"))?;
    let signer_key = private::parse_pem(authority.key.as_bytes())
        .map_err(|error| format!("error parsing private key: {error}"))?;
    let subject = subject(name, ips, dns, days)?;
    let signer = Signer {
        name: parent.name,
        key: &signer_key,
        key_id: parent.key_id,
        public_info: Some(parent.public_info),
    };
    create(cx, &subject, &key, &signer)
}

/// sprig: crypto.go `buildCustomCertificate`.
pub fn custom(cert: &Str, key: &Str) -> Made {
    let cert = base64_decode(cert.as_bytes()).map_err(|_| "unable to decode base64 certificate")?;
    let key = base64_decode(key.as_bytes()).map_err(|_| "unable to decode base64 private key")?;
    let pem = Pem::find(&cert).ok_or("unable to decode certificate")?;
    Parent::read(&pem.bytes)
        .map_err(|error| format!("error parsing certificate: decodedCert.Bytes: {error}"))?;
    private::parse_pem(&key).map_err(|error| format!("error parsing private key: {error}"))?;
    Ok(Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.into() })))
}

fn given_or_new(cx: &mut dyn Context, key: Option<&Str>) -> Result<PrivateKey, String> {
    match key {
        None => Ok(key::generate_rsa(cx.host(), 2048)),
        Some(pem) => {
            private::parse_pem(pem.as_bytes()).map_err(|error| format!("parsing private key: {error}"))
        }
    }
}

fn self_signed(cx: &mut dyn Context, subject: &Subject, key: &PrivateKey) -> Made {
    let signer = Signer { name: subject.name.clone(), key, key_id: vec![], public_info: None };
    create(cx, subject, key, &signer)
}

/// sprig: crypto.go `getBaseCertTemplate`.
fn subject(name: &Str, ips: &List, dns: &List, days: i64) -> Result<Subject, String> {
    let addresses = ips.items().iter().map(address).collect::<Result<_, _>>()?;
    let dns_names = dns.items().iter().map(dns_name).collect::<Result<_, _>>()?;
    Ok(Subject { name: name_bytes(name)?, addresses, dns_names, days, is_authority: false })
}

/// sprig: crypto.go `getNetIPs`, with Go's `net.ParseIP`, which knows no zones.
fn address(value: &Value) -> Result<Vec<u8>, String> {
    let Value::Str(text) = value else {
        return Err(format!("error parsing ip: {} is not a string", sprint(value)));
    };
    match parse_addr(text.as_bytes()) {
        Ok(Addr::V4(bytes)) => Ok(bytes.to_vec()),
        Ok(Addr::V6(bytes, zone)) if zone.is_empty() => {
            let mapped = bytes.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
            Ok(if mapped { bytes[12..].to_vec() } else { bytes.to_vec() })
        }
        _ => Err(format!("error parsing ip: {text}")),
    }
}

/// sprig: crypto.go `getAlternateDNSStrs`.
fn dns_name(value: &Value) -> Result<Str, String> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        other => Err(format!("error processing alternate dns name: {} is not a string", sprint(other))),
    }
}

/// A name of a common name alone, or of nothing. Go: `pkix.Name.ToRDNSequence`.
fn name_bytes(common_name: &Str) -> Result<Vec<u8>, String> {
    if common_name.is_empty() {
        return Ok(sequence(&[]));
    }
    let Some(text) = common_name.as_str() else {
        return Err("error creating certificate: asn1: string not valid UTF-8".into());
    };
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    let printable = |c: u8| c.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&c);
    let tag = if text.bytes().all(printable) { 0x13 } else { 0x0c };
    let attribute = sequence(&[element(der::OID, COMMON_NAME), element(tag, text.as_bytes())]);
    Ok(sequence(&[element(0x31, &attribute)]))
}

/// Go: `x509.CreateCertificate`, then sprig: crypto.go `getCertAndKey`.
fn create(cx: &mut dyn Context, subject: &Subject, key: &PrivateKey, signer: &Signer<'_>) -> Made {
    let fail = |why: &str| Err(format!("error creating certificate: x509: {why}"));
    let serial = prime::random_bits(cx.host(), 128);
    if matches!(signer.key, PrivateKey::Dsa(_) | PrivateKey::X25519(_)) {
        return fail("certificate private key does not implement crypto.Signer");
    }
    let (Some(public_bytes), Some(public_info)) = (key.public_bytes(), key.public_info()) else {
        let package = if matches!(key, PrivateKey::Dsa(_)) { "dsa" } else { "ecdh" };
        return fail(&format!("unsupported public key type: *{package}.PublicKey"));
    };
    if signer.public_info.is_some() && signer.public_info != signer.key.public_info() {
        return fail("provided PrivateKey doesn't match parent's PublicKey");
    }
    if let Some(name) = subject.dns_names.iter().find(|name| !name.as_bytes().is_ascii()) {
        return fail(&format!("{} cannot be encoded as an IA5String", quote(name)));
    }
    let from = cx.host().now().in_location(Location::Utc);
    let hours = Duration(subject.days.wrapping_mul(24 * 3_600_000_000_000));
    let until = from.add(hours);
    let (Some(from), Some(until)) = (time_bytes(&from), time_bytes(&until)) else {
        return Err(
            "error creating certificate: asn1: structure error: cannot represent time as GeneralizedTime"
                .into(),
        );
    };
    let algorithm = signer.key.signature_algorithm();
    let body = sequence(&[
        element(0xa0, &element(der::INTEGER, &[2])),
        integer(&serial),
        algorithm.clone(),
        signer.name.clone(),
        sequence(&[from, until]),
        subject.name.clone(),
        public_info,
        element(0xa3, &sequence(&extensions(subject, &public_bytes, signer))),
    ]);
    let signature = signer.key.sign(&body).map_err(|error| format!("error creating certificate: {error}"))?;
    let bytes = sequence(&[body, algorithm, bit_string(&signature)]);
    let cert = Pem { kind: "CERTIFICATE".to_owned(), bytes }.print();
    Ok(Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.to_pem().into() })))
}

/// `UTCTime` up to 2049, `GeneralizedTime` after it and before 1950; `None` beyond what either can hold.
fn time_bytes(time: &Time) -> Option<Vec<u8>> {
    match time.civil().year {
        1950..2050 => Some(element(0x17, &time.format(b"060102150405Z"))),
        0..10_000 => Some(element(0x18, &time.format(b"20060102150405Z"))),
        _ => None,
    }
}

/// Go: x509.go `buildCertExtensions`, of what sprig's template sets.
fn extensions(subject: &Subject, public_bytes: &[u8], signer: &Signer<'_>) -> Vec<Vec<u8>> {
    const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
    // Digital signature and key encipherment; an authority signs certificates too.
    let usage: &[u8] = if subject.is_authority { &[2, 0xa4] } else { &[5, 0xa0] };
    let is_authority: &[u8] = if subject.is_authority { &[1, 1, 0xff] } else { &[] };
    let mut out = vec![
        extension(15, true, &element(der::BIT_STRING, usage)),
        extension(37, false, &sequence(&[SERVER_AUTH, CLIENT_AUTH].map(|use_| element(der::OID, use_)))),
        extension(19, true, &element(der::SEQUENCE, is_authority)),
    ];
    if subject.is_authority {
        let sum = Sha256::digest(public_bytes);
        out.push(extension(14, false, &element(der::OCTET_STRING, &sum[..20])));
    }
    if signer.name != subject.name && !signer.key_id.is_empty() {
        out.push(extension(35, false, &sequence(&[element(0x80, &signer.key_id)])));
    }
    let dns_names = subject.dns_names.iter().map(|name| element(0x82, name.as_bytes()));
    let addresses = subject.addresses.iter().map(|address| element(0x87, address));
    let names: Vec<Vec<u8>> = dns_names.chain(addresses).collect();
    if !names.is_empty() {
        out.push(extension(17, subject.name == sequence(&[]), &sequence(&names)));
    }
    out
}

/// An extension of the family 2.5.29.
fn extension(number: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(0x01, &[0xff]) } else { vec![] };
    sequence(&[element(der::OID, &[0x55, 0x1d, number]), critical, element(der::OCTET_STRING, value)])
}
