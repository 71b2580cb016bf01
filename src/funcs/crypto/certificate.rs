//! Certificates as sprig has Go's `x509` write them: self-signed ones, authorities, and those that an authority signs.

use std::any;
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use der::asn1::{Any, AnyRef, BitString, Ia5String, OctetString, SetOfVec, Uint};
use der::oid::AssociatedOid;
use der::oid::db::{rfc4519, rfc5280};
use der::pem::{self, LineEnding};
use der::{Encode, Sequence, Tag};
use pkcs8::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use sha2::{Digest, Sha256};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};

use super::key::{self, PrivateKey};
use super::pem::Pem;
use super::private;
use super::x509::{self, Parent};
use crate::go::encoding::base64_decode;
use crate::go::netip::{Addr, parse_addr};
use crate::go::strconv::quote;
use crate::go::time::{Duration, Location, Time};
use crate::template::func::Context;
use crate::value::print::sprint;
use crate::value::{Field, Kind, List, Object, Str, Value};

/// Why there is no certificate; `Display` is sprig's text.
#[derive(Debug)]
pub enum Error {
    /// Base 64 that is none, of this.
    Base64(&'static str),
    /// A text without a block of PEM, which should be a certificate.
    NoCertificate,
    /// A certificate that cannot be read, and what sprig calls it.
    Certificate(&'static str, x509::Error),
    /// The key of an authority or of a finished certificate cannot be read.
    SignerKey(private::Error),
    /// The key that a certificate should be made for cannot be read.
    Key(private::Error),
    /// An address that is none.
    Address(String),
    /// A name that is no text.
    Name(String),
    /// The making.
    Create(Create),
}

/// What stops the making of a certificate.
#[derive(Debug)]
pub enum Create {
    /// Something that `crypto/x509` does not do.
    Refused(&'static str),
    /// A public key of a type that no certificate can hold.
    PublicKey(&'static str),
    /// A name with letters that the certificate has no place for.
    NotAscii(Str),
    /// A name that is no UTF-8.
    NotUtf8,
    /// A time that cannot be written.
    Time,
    /// The key does not sign.
    Sign(key::Error),
    /// More than DER can hold.
    Encode(der::Error),
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Base64(what) => write!(out, "unable to decode base64 {what}"),
            Error::NoCertificate => out.write_str("unable to decode certificate"),
            Error::Certificate(name, error) => {
                write!(out, "error parsing certificate: {name}.Bytes: {error}")
            }
            Error::SignerKey(error) => write!(out, "error parsing private key: {error}"),
            Error::Key(error) => write!(out, "parsing private key: {error}"),
            Error::Address(found) => write!(out, "error parsing ip: {found}"),
            Error::Name(found) => write!(out, "error processing alternate dns name: {found}"),
            Error::Create(error) => write!(out, "error creating certificate: {error}"),
        }
    }
}

impl Display for Create {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Create::Refused(problem) => write!(out, "x509: {problem}"),
            Create::PublicKey(package) => {
                write!(out, "x509: unsupported public key type: *{package}.PublicKey")
            }
            Create::NotAscii(name) => write!(out, "x509: {} cannot be encoded as an IA5String", quote(name)),
            Create::NotUtf8 => out.write_str("asn1: string not valid UTF-8"),
            Create::Time => out.write_str("asn1: structure error: cannot represent time as GeneralizedTime"),
            Create::Sign(error) => error.fmt(out),
            Create::Encode(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for Error {}
impl std::error::Error for Create {}

impl From<Create> for Error {
    fn from(error: Create) -> Error {
        Error::Create(error)
    }
}

impl From<der::Error> for Error {
    fn from(error: der::Error) -> Error {
        Error::Create(Create::Encode(error))
    }
}

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

    fn fields(&self) -> Option<Vec<Field>> {
        Some(vec![Field::new("Cert", self.cert.clone()), Field::new("Key", self.key.clone())])
    }

    fn as_any(&self) -> &dyn any::Any {
        self
    }
}

/// What a certificate says of its subject.
struct Subject {
    name: Any,
    addresses: Vec<OctetString>,
    dns_names: Vec<Str>,
    days: i64,
    is_authority: bool,
}

/// Who signs: name and key, and the identifier of the key where the certificate of the signer has one.
struct Signer<'a> {
    name: Any,
    key: &'a PrivateKey,
    key_id: Vec<u8>,
    /// The public key that the signer's certificate holds, with its algorithm.
    public_info: Option<Vec<u8>>,
}

/// The part of a certificate that is signed. RFC 5280's `TBSCertificate`, where times and names may be any that Go writes.
#[derive(Sequence)]
struct Body {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: Uint,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Any,
    validity: Validity,
    subject: Any,
    public_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// From when to when; years that the crate's own times do not reach.
#[derive(Sequence)]
struct Validity {
    from: Any,
    until: Any,
}

/// RFC 5280's `Certificate`.
#[derive(Sequence)]
struct Signed {
    body: Body,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// The result as a template value; sprig gives an empty certificate beside an error, which no template sees.
type Made = Result<Value, Error>;

/// sprig: crypto.go `generateCertificateAuthority`, with a given key `…WithPEMKey`.
pub fn authority(cx: &mut dyn Context, name: &Str, days: i64, key: Option<&Str>) -> Made {
    let key = given_or_new(cx, key)?;
    let subject =
        Subject { name: name_of(name)?, addresses: vec![], dns_names: vec![], days, is_authority: true };
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
    let pem = Pem::find(authority.cert.as_bytes()).ok_or(Error::NoCertificate)?;
    let parent = Parent::read(&pem.bytes).map_err(|error| Error::Certificate("decodedSignerCert", error))?;
    let signer_key = private::parse_pem(authority.key.as_bytes()).map_err(Error::SignerKey)?;
    let subject = subject(name, ips, dns, days)?;
    let signer = Signer {
        name: AnyRef::try_from(&*parent.name)?.into(),
        key: &signer_key,
        key_id: parent.key_id,
        public_info: Some(parent.public_info),
    };
    create(cx, &subject, &key, &signer)
}

/// sprig: crypto.go `buildCustomCertificate`.
pub fn custom(cert: &Str, key: &Str) -> Made {
    let cert = base64_decode(cert.as_bytes()).map_err(|_| Error::Base64("certificate"))?;
    let key = base64_decode(key.as_bytes()).map_err(|_| Error::Base64("private key"))?;
    let pem = Pem::find(&cert).ok_or(Error::NoCertificate)?;
    Parent::read(&pem.bytes).map_err(|error| Error::Certificate("decodedCert", error))?;
    private::parse_pem(&key).map_err(Error::SignerKey)?;
    Ok(Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.into() })))
}

fn given_or_new(cx: &mut dyn Context, key: Option<&Str>) -> Result<PrivateKey, Error> {
    match key {
        None => Ok(key::generate_rsa(cx.host(), 2048)),
        Some(pem) => private::parse_pem(pem.as_bytes()).map_err(Error::Key),
    }
}

fn self_signed(cx: &mut dyn Context, subject: &Subject, key: &PrivateKey) -> Made {
    let signer = Signer { name: subject.name.clone(), key, key_id: vec![], public_info: None };
    create(cx, subject, key, &signer)
}

/// sprig: crypto.go `getBaseCertTemplate`.
fn subject(name: &Str, ips: &List, dns: &List, days: i64) -> Result<Subject, Error> {
    let addresses = ips.items().iter().map(address).collect::<Result<_, _>>()?;
    let dns_names = dns.items().iter().map(dns_name).collect::<Result<_, _>>()?;
    Ok(Subject { name: name_of(name)?, addresses, dns_names, days, is_authority: false })
}

/// sprig: crypto.go `getNetIPs`, with Go's `net.ParseIP`, which knows no zones.
fn address(value: &Value) -> Result<OctetString, Error> {
    let Value::Str(text) = value else {
        return Err(Error::Address(format!("{} is not a string", sprint(value))));
    };
    match parse_addr(text.as_bytes()) {
        Ok(Addr::V4(bytes)) => Ok(OctetString::new(bytes)?),
        Ok(Addr::V6(bytes, zone)) if zone.is_empty() => {
            let mapped = bytes.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
            Ok(OctetString::new(if mapped { &bytes[12..] } else { &bytes[..] })?)
        }
        _ => Err(Error::Address(text.to_string())),
    }
}

/// sprig: crypto.go `getAlternateDNSStrs`.
fn dns_name(value: &Value) -> Result<Str, Error> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        other => Err(Error::Name(format!("{} is not a string", sprint(other)))),
    }
}

/// A name of a common name alone, or of nothing. Go: `pkix.Name.ToRDNSequence`.
fn name_of(common_name: &Str) -> Result<Any, Error> {
    let mut parts: Vec<SetOfVec<AttributeTypeAndValue>> = vec![];
    if !common_name.is_empty() {
        let text = common_name.as_str().ok_or(Create::NotUtf8)?;
        let printable = |c: u8| c.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&c);
        let tag = if text.bytes().all(printable) { Tag::PrintableString } else { Tag::Utf8String };
        let value = Any::new(tag, text.as_bytes())?;
        parts.push(SetOfVec::from_iter([AttributeTypeAndValue { oid: rfc4519::COMMON_NAME, value }])?);
    }
    Ok(Any::encode_from(&parts)?)
}

/// Go: `x509.CreateCertificate`, then sprig: crypto.go `getCertAndKey`.
fn create(cx: &mut dyn Context, subject: &Subject, key: &PrivateKey, signer: &Signer<'_>) -> Made {
    let mut serial = [0; 16];
    cx.host().random(&mut serial);
    if matches!(signer.key, PrivateKey::Dsa(_) | PrivateKey::X25519(_)) {
        return Err(Create::Refused("certificate private key does not implement crypto.Signer").into());
    }
    let (Some(public_bytes), Some(public_info)) = (key.public_bytes()?, key.public_info()?) else {
        return Err(Create::PublicKey(if matches!(key, PrivateKey::Dsa(_)) { "dsa" } else { "ecdh" }).into());
    };
    if let Some(public_info) = &signer.public_info {
        let of_key = signer.key.public_info()?.map(|info| info.to_der()).transpose()?;
        if of_key.as_ref() != Some(public_info) {
            return Err(Create::Refused("provided PrivateKey doesn't match parent's PublicKey").into());
        }
    }
    if let Some(name) = subject.dns_names.iter().find(|name| !name.as_bytes().is_ascii()) {
        return Err(Create::NotAscii(name.clone()).into());
    }
    let from = cx.host().now().in_location(Location::Utc);
    let until = from.add(Duration(subject.days.wrapping_mul(24 * 3_600_000_000_000)));
    let algorithm = signer.key.signature_algorithm()?;
    let body = Body {
        version: 2,
        serial: Uint::new(&serial)?,
        algorithm: algorithm.clone(),
        issuer: signer.name.clone(),
        validity: Validity { from: time(&from)?, until: time(&until)? },
        subject: subject.name.clone(),
        public_info,
        extensions: extensions(subject, &public_bytes, signer)?,
    };
    let signature = signer.key.sign(&body.to_der()?).map_err(Create::Sign)?;
    let signed = Signed { body, algorithm, signature: BitString::from_bytes(&signature)? };
    let cert =
        pem::encode_string("CERTIFICATE", LineEnding::LF, &signed.to_der()?).map_err(der::Error::from)?;
    Ok(Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.to_pem()?.into() })))
}

/// `UTCTime` from 1950 to 2049, else `GeneralizedTime`.
fn time(time: &Time) -> Result<Any, Error> {
    match time.civil().year {
        1950..2050 => Ok(Any::new(Tag::UtcTime, time.format(b"060102150405Z"))?),
        0..10_000 => Ok(Any::new(Tag::GeneralizedTime, time.format(b"20060102150405Z"))?),
        _ => Err(Create::Time.into()),
    }
}

/// Go: x509.go `buildCertExtensions`, of what sprig's template sets.
fn extensions(subject: &Subject, public_bytes: &[u8], signer: &Signer<'_>) -> der::Result<Vec<Extension>> {
    let mut usage = KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment;
    if subject.is_authority {
        usage |= KeyUsages::KeyCertSign;
    }
    let both = ExtendedKeyUsage(vec![rfc5280::ID_KP_SERVER_AUTH, rfc5280::ID_KP_CLIENT_AUTH]);
    let constraints = BasicConstraints { ca: subject.is_authority, path_len_constraint: None };
    let mut out =
        vec![extension(true, &KeyUsage(usage))?, extension(false, &both)?, extension(true, &constraints)?];
    if subject.is_authority {
        let sum = Sha256::digest(public_bytes);
        out.push(extension(false, &SubjectKeyIdentifier(OctetString::new(&sum[..20])?))?);
    }
    if signer.name != subject.name && !signer.key_id.is_empty() {
        let key_identifier = Some(OctetString::new(&*signer.key_id)?);
        out.push(extension(false, &AuthorityKeyIdentifier { key_identifier, ..Default::default() })?);
    }
    let dns_names =
        subject.dns_names.iter().map(|name| Ok(GeneralName::DnsName(Ia5String::new(name.as_bytes())?)));
    let addresses = subject.addresses.iter().map(|address| Ok(GeneralName::IpAddress(address.clone())));
    let names = dns_names.chain(addresses).collect::<der::Result<Vec<_>>>()?;
    if !names.is_empty() {
        out.push(extension(subject.name.value().is_empty(), &SubjectAltName(names))?);
    }
    Ok(out)
}

fn extension<T: Encode + AssociatedOid>(critical: bool, value: &T) -> der::Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}
