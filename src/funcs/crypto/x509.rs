//! Reads certificates as Go's `x509.ParseCertificate` does, and says what is wrong in its words. Kept is what a signer's
//! certificate is needed for; of extensions only those are looked into that common tools write.

use std::fmt::{self, Display, Formatter};

use num_bigint::BigUint;

use super::asn1::dotted;
use super::cryptobyte::{BOOLEAN, INTEGER, OCTET_STRING, OID, Reader};
use super::oid;
use crate::go::strconv::quote;
use crate::go::time::{Location, parse_in_location};

/// What is needed of the certificate of a signer.
pub struct Parent {
    /// Its subject.
    pub name: Vec<u8>,
    /// Its public key with the algorithm.
    pub public_info: Vec<u8>,
    /// The identifier of its key, if it has one.
    pub key_id: Vec<u8>,
}

/// What is wrong with a certificate; `Display` is Go's text.
#[derive(Debug)]
pub enum Error {
    /// A part of it, in the words of `crypto/x509`.
    Part(&'static str),
    /// A text in a name, which has characters that this type of texts has not.
    Text(&'static str),
    /// A text in a name, of a type with this tag.
    TextType(u8),
    /// Two extensions have this identifier.
    DuplicateExtension(String),
    /// An address of so many bytes.
    AddressLength(usize),
    /// A name of this kind that is not ASCII.
    AlternativeName(&'static str),
    /// The public key, in the words of the Go package that looks at it.
    Key(&'static str),
    /// The public key is of this curve, and no point of it.
    Point(&'static str, Point),
}

/// What is wrong with a point of a curve.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// It has another length.
    Length,
    /// A coordinate is too large.
    Coordinate,
    /// It lies elsewhere.
    NotOnCurve,
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Part(problem) => write!(out, "x509: {problem}"),
            Error::Text(kind) => {
                write!(out, "x509: invalid RDNSequence: invalid attribute value: invalid {kind}")
            }
            Error::TextType(tag) => write!(
                out,
                "x509: invalid RDNSequence: invalid attribute value: unsupported string type: {tag}"
            ),
            Error::DuplicateExtension(name) => {
                let name = quote(name.as_bytes());
                write!(out, "x509: certificate contains duplicate extension with OID {name}")
            }
            Error::AddressLength(length) => write!(out, "x509: cannot parse IP address of length {length}"),
            Error::AlternativeName(kind) => write!(out, "x509: SAN {kind} is malformed"),
            Error::Key(problem) => out.write_str(problem),
            Error::Point(curve, Point::Length) => write!(out, "invalid {curve} point encoding"),
            Error::Point("P256", Point::Coordinate) => out.write_str("invalid P256 element encoding"),
            Error::Point(curve, Point::Coordinate) => write!(out, "invalid {curve}Element encoding"),
            Error::Point(curve, Point::NotOnCurve) => write!(out, "{curve} point not on curve"),
        }
    }
}

impl std::error::Error for Error {}

type Outcome<T> = Result<T, Error>;

/// `Option` with Go's text for what is missing.
trait OrSay<T> {
    fn or_say(self, problem: &'static str) -> Outcome<T>;
}

impl<T> OrSay<T> for Option<T> {
    fn or_say(self, problem: &'static str) -> Outcome<T> {
        self.ok_or(Error::Part(problem))
    }
}

fn say<T>(problem: &'static str) -> Outcome<T> {
    Err(Error::Part(problem))
}

impl Parent {
    /// Go: `x509.ParseCertificate`.
    pub fn read(bytes: &[u8]) -> Outcome<Parent> {
        let mut outer = Reader(bytes);
        let mut fields = outer.sequence().or_say("malformed certificate")?;
        let mut body = fields.sequence().or_say("malformed tbs certificate")?;
        let version = version(&mut body)?;
        let serial = body.integer().or_say("malformed serial number")?;
        if serial[0] & 0x80 != 0 {
            return say("negative serial number");
        }
        let inner = body.sequence().or_say("malformed signature algorithm identifier")?;
        let algorithm = fields.sequence().or_say("malformed algorithm identifier")?;
        if inner.0 != algorithm.0 {
            return say("inner and outer signature algorithm identifiers don't match");
        }
        check_algorithm(inner)?;
        check_name(body.sequence().or_say("malformed issuer")?)?;
        let mut times = body.sequence().or_say("malformed validity")?;
        check_time(&mut times)?;
        check_time(&mut times)?;
        let start = body.0;
        check_name(body.sequence().or_say("malformed issuer")?)?;
        let name = start[..start.len() - body.0.len()].to_vec();
        let start = body.0;
        let info = body.sequence().or_say("malformed spki")?;
        let public_info = start[..start.len() - body.0.len()].to_vec();
        check_public_info(info)?;
        let key_id = if version > 0 { after_keys(body, version)? } else { vec![] };
        fields.bits().or_say("malformed signature")?;
        if !outer.is_at_end() {
            return say("trailing data");
        }
        Ok(Parent { name, public_info, key_id })
    }
}

/// The version, from 0.
fn version(body: &mut Reader<'_>) -> Outcome<u8> {
    if !body.is_at(0xa0) {
        return Ok(0);
    }
    let mut inside = Reader(body.expect(0xa0).or_say("malformed version")?);
    let number =
        inside.integer().filter(|number| inside.is_at_end() && number.len() <= 8 && number[0] & 0x80 == 0);
    match number.or_say("malformed version")? {
        [version @ ..3] => Ok(*version),
        _ => say("invalid version"),
    }
}

/// Go: x509 `parseAI`; gives the identifier and what follows it.
fn check_algorithm(mut fields: Reader<'_>) -> Outcome<(&[u8], &[u8])> {
    let name = fields.identifier().or_say("malformed OID")?;
    if fields.is_at_end() {
        return Ok((name, &[]));
    }
    let parameters = fields.next().or_say("malformed parameters")?;
    Ok((name, parameters.whole))
}

/// Go: x509 `parseName`.
fn check_name(mut sets: Reader<'_>) -> Outcome<()> {
    const INVALID: &str = "invalid RDNSequence";
    while !sets.is_at_end() {
        let mut set = Reader(sets.expect(0x31).or_say(INVALID)?);
        while !set.is_at_end() {
            let mut attribute = set.sequence().or_say("invalid RDNSequence: invalid attribute")?;
            attribute.identifier().or_say("invalid RDNSequence: invalid attribute type")?;
            let value = attribute.next().or_say("invalid RDNSequence: invalid attribute value")?;
            check_text(value.tag, value.content)?;
        }
    }
    Ok(())
}

/// Go: x509 `parseASN1String`.
fn check_text(tag: u8, text: &[u8]) -> Outcome<()> {
    let printable = |c: &u8| c.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(c);
    let (name, is_valid) = match tag {
        0x14 => return Ok(()),
        0x13 => ("PrintableString", text.iter().all(printable)),
        0x0c => ("UTF-8 string", str::from_utf8(text).is_ok()),
        0x1e => ("BMPString", is_bmp(text)),
        0x16 => ("IA5String", text.is_ascii()),
        0x12 => ("NumericString", text.iter().all(|c| c.is_ascii_digit() || *c == b' ')),
        _ => return Err(Error::TextType(tag)),
    };
    if is_valid { Ok(()) } else { Err(Error::Text(name)) }
}

/// Whether the text is of 16 bits a character, none of them reserved.
fn is_bmp(text: &[u8]) -> bool {
    let text = text.strip_suffix(&[0, 0]).filter(|_| text.len().is_multiple_of(2)).unwrap_or(text);
    let is_reserved = |unit: u16| matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff);
    text.len().is_multiple_of(2)
        && !text.chunks(2).any(|pair| is_reserved(u16::from_be_bytes([pair[0], pair[1]])))
}

/// Go: x509 `parseTime`.
fn check_time(times: &mut Reader<'_>) -> Outcome<()> {
    let fits = |text: &[u8], layouts: &[&[u8]]| {
        layouts.iter().any(|layout| {
            parse_in_location(layout, text, &Location::Utc).is_ok_and(|time| time.format(layout) == text)
        })
    };
    if times.is_at(0x17) {
        let text = times.expect(0x17).filter(|text| fits(text, &[b"060102150405Z0700", b"0601021504Z0700"]));
        return text.map(|_| ()).or_say("malformed UTCTime");
    }
    if times.is_at(0x18) {
        let text = times.expect(0x18).filter(|text| fits(text, &[b"20060102150405Z0700"]));
        return text.map(|_| ()).or_say("malformed GeneralizedTime");
    }
    say("unsupported time format")
}

/// Go: x509 `parsePublicKey`, and what stands before it.
fn check_public_info(mut info: Reader<'_>) -> Outcome<()> {
    let algorithm = info.sequence().or_say("malformed public key algorithm identifier")?;
    let (name, parameters) = check_algorithm(algorithm)?;
    let (key, padding) = info.bits().or_say("malformed subjectPublicKey")?;
    // Go shifts the bits that count to the right; no key has other than whole bytes.
    let key = if padding == 0 { key } else { &[] };
    match name {
        oid::RSA => check_rsa(parameters, key),
        oid::EC => check_ec(parameters, key),
        oid::DSA => check_dsa(parameters, key),
        oid::ED25519 if !parameters.is_empty() => say("Ed25519 key encoded with illegal parameters"),
        oid::ED25519 if key.len() != 32 => say("wrong Ed25519 public key size"),
        oid::X25519 if !parameters.is_empty() => say("X25519 key encoded with illegal parameters"),
        oid::X25519 if key.len() != 32 => Err(Error::Key("crypto/ecdh: invalid public key")),
        _ => Ok(()),
    }
}

/// Whether what `Reader::integer` gave is above zero.
fn is_positive(number: &[u8]) -> bool {
    number[0] & 0x80 == 0 && number != [0]
}

fn check_rsa(parameters: &[u8], key: &[u8]) -> Outcome<()> {
    if parameters != [5, 0] {
        return say("RSA key missing NULL parameters");
    }
    let mut fields = Reader(key).sequence().or_say("invalid RSA public key")?;
    let modulus = fields.integer().or_say("invalid RSA modulus")?;
    let exponent =
        fields.integer().filter(|number| number.len() <= 8).or_say("invalid RSA public exponent")?;
    if !is_positive(modulus) {
        return say("RSA modulus is not a positive number");
    }
    if !is_positive(exponent) {
        return say("RSA public exponent is not a positive number");
    }
    Ok(())
}

fn check_ec(parameters: &[u8], key: &[u8]) -> Outcome<()> {
    let curve = Reader(parameters).identifier().or_say("invalid ECDSA parameters")?;
    let (name, length, is_point) = match curve {
        oid::P256 => ("P256", 65, p256::PublicKey::from_sec1_bytes(key).is_ok()),
        oid::P384 => ("P384", 97, p384::PublicKey::from_sec1_bytes(key).is_ok()),
        oid::P521 => ("P521", 133, p521::PublicKey::from_sec1_bytes(key).is_ok()),
        oid::P224 => ("P224", 57, is_on_p224(key)),
        _ => return say("unsupported elliptic curve"),
    };
    if key.first() != Some(&4) {
        return Err(Error::Key("ecdsa: invalid uncompressed public key"));
    }
    if key.len() != length {
        return Err(Error::Point(name, Point::Length));
    }
    if is_point {
        return Ok(());
    }
    let prime = field_prime(curve);
    let is_number = |half: &[u8]| BigUint::from_bytes_be(half) < prime;
    let are_numbers = key[1..].chunks(length / 2).all(is_number);
    Err(Error::Point(name, if are_numbers { Point::NotOnCurve } else { Point::Coordinate }))
}

/// The prime that a curve's coordinates lie below.
fn field_prime(curve: &[u8]) -> BigUint {
    let two_to = |bits: u32| BigUint::from(1_u8) << bits;
    match curve {
        oid::P224 => two_to(224) - two_to(96) + 1_u8,
        oid::P256 => two_to(256) - two_to(224) + two_to(192) + two_to(96) - 1_u8,
        oid::P384 => two_to(384) - two_to(128) - two_to(96) + two_to(32) - 1_u8,
        _ => two_to(521) - 1_u8,
    }
}

/// Whether an uncompressed point lies on P-224: y² = x³ − 3x + b by p.
fn is_on_p224(key: &[u8]) -> bool {
    const B: &[u8] = b"b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4";
    let (Some(b), Some([x, y])) = (
        BigUint::parse_bytes(B, 16),
        key.get(1..29).zip(key.get(29..57)).map(|(x, y)| [x, y].map(BigUint::from_bytes_be)),
    ) else {
        return false;
    };
    let p = field_prime(oid::P224);
    x < p && y < p && (&y * &y + 3_u8 * &x) % &p == (&x * &x * &x + b) % &p
}

fn check_dsa(parameters: &[u8], key: &[u8]) -> Outcome<()> {
    let public = Reader(key).integer().or_say("invalid DSA public key")?;
    let mut fields = Reader(parameters).sequence().or_say("invalid DSA parameters")?;
    let mut numbers = vec![public];
    for _ in 0..3 {
        numbers.push(fields.integer().or_say("invalid DSA parameters")?);
    }
    if numbers.iter().all(|number| is_positive(number)) {
        Ok(())
    } else {
        say("zero or negative DSA parameter")
    }
}

/// What follows the public key; gives the identifier of the key.
fn after_keys(mut body: Reader<'_>, version: u8) -> Outcome<Vec<u8>> {
    for (tag, problem) in [(0x81, "malformed issuerUniqueID"), (0x82, "malformed subjectUniqueID")] {
        if body.is_at(tag) {
            body.expect(tag).or_say(problem)?;
        }
    }
    let mut key_id = vec![];
    if version < 2 || !body.is_at(0xa3) {
        return Ok(key_id);
    }
    let extensions = body.expect(0xa3).or_say("malformed extensions")?;
    let mut extensions = Reader(extensions).sequence().or_say("malformed extensions")?;
    let mut seen = Vec::new();
    while !extensions.is_at_end() {
        let mut fields = extensions.sequence().or_say("malformed extension")?;
        let name = fields.identifier().or_say("malformed extension OID field")?;
        let mut is_critical = false;
        if fields.is_at(BOOLEAN) {
            is_critical = fields.boolean().or_say("malformed extension critical field")?;
        }
        let value = fields.expect(OCTET_STRING).or_say("malformed extension value field")?;
        if seen.iter().any(|(other, _, _)| *other == name) {
            return Err(Error::DuplicateExtension(dotted(name)));
        }
        seen.push((name, is_critical, value));
    }
    for (name, is_critical, value) in seen {
        if let [0x55, 0x1d, number] = name {
            check_extension(*number, is_critical, Reader(value))?;
            if *number == 14 {
                key_id = Reader(value).expect(OCTET_STRING).unwrap_or_default().to_vec();
            }
        }
    }
    Ok(key_id)
}

/// Go: x509 `processExtensions`, those of the family 2.5.29.
fn check_extension(number: u8, is_critical: bool, mut value: Reader<'_>) -> Outcome<()> {
    match number {
        14 if is_critical => say("subject key identifier incorrectly marked critical"),
        14 => value.expect(OCTET_STRING).map(|_| ()).or_say("invalid subject key identifier"),
        15 => value.bits().map(|_| ()).or_say("invalid key usage"),
        17 => check_names(value),
        19 => check_constraints(value).or_say("invalid basic constraints"),
        31 => check_distribution_points(value),
        32 => check_policies(value).or_say("invalid certificate policies"),
        35 if is_critical => say("authority key identifier incorrectly marked critical"),
        35 => {
            let mut fields = value.sequence().or_say("invalid authority key identifier")?;
            if fields.is_at(0x80) {
                fields.expect(0x80).or_say("invalid authority key identifier")?;
            }
            Ok(())
        }
        37 => {
            let mut usages = value.sequence().or_say("invalid extended key usages")?;
            while !usages.is_at_end() {
                usages.identifier().or_say("invalid extended key usages")?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut fields = value.sequence()?;
    if fields.is_at(BOOLEAN) {
        fields.boolean()?;
    }
    if fields.is_at(INTEGER) {
        fields.integer().filter(|number| number.len() <= 8 && number[0] & 0x80 == 0)?;
    }
    Some(())
}

fn check_distribution_points(mut value: Reader<'_>) -> Outcome<()> {
    const INVALID: &str = "invalid CRL distribution point";
    let mut points = value.sequence().or_say("invalid CRL distribution points")?;
    while !points.is_at_end() {
        let mut point = points.sequence().or_say(INVALID)?;
        if !point.is_at(0xa0) {
            continue;
        }
        let mut names = Reader(point.expect(0xa0).or_say(INVALID)?);
        let mut names = Reader(names.expect(0xa0).or_say(INVALID)?);
        while names.is_at(0x86) {
            names.expect(0x86).or_say(INVALID)?;
        }
    }
    Ok(())
}

/// Go: x509 `parseCertificatePoliciesExtension`.
fn check_policies(mut value: Reader<'_>) -> Option<()> {
    let mut policies = value.sequence()?;
    let mut seen = Vec::new();
    while !policies.is_at_end() {
        let name = policies.sequence()?.expect(OID)?;
        let numbers = name.split_inclusive(|byte| byte & 0x80 == 0);
        let is_sound = name.last()? & 0x80 == 0 && numbers.clone().all(|number| number[0] != 0x80);
        if !is_sound || seen.contains(&name) {
            return None;
        }
        seen.push(name);
    }
    Some(())
}

/// Go: x509 `parseSANExtension`; what a URI says is not looked into.
fn check_names(mut value: Reader<'_>) -> Outcome<()> {
    let mut names = value.sequence().or_say("invalid subject alternative names")?;
    while !names.is_at_end() {
        let name = names.next().or_say("invalid subject alternative name")?;
        let kind = match name.tag {
            0x81 => "rfc822Name",
            0x82 => "dNSName",
            0x86 => "uniformResourceIdentifier",
            0x87 if ![4, 16].contains(&name.content.len()) => {
                return Err(Error::AddressLength(name.content.len()));
            }
            _ => continue,
        };
        if !name.content.is_ascii() {
            return Err(Error::AlternativeName(kind));
        }
    }
    Ok(())
}
