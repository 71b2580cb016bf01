//! Reads private keys from PEM as sprig has Go read them, and says what is wrong with them in Go's words. `key` is what they
//! become; `asn1` takes their DER apart.

use std::fmt::{self, Display, Formatter};

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;

use super::asn1::{self, Field, Item, Type, dotted};
use super::key::{Dsa, PrivateKey};
use super::oid;
use super::pem::Pem;
use super::rsa::Rsa;

/// Why a text is no private key that sprig reads; `Display` is Go's text.
#[derive(Debug)]
pub enum Error {
    /// There is no block of PEM in the text.
    NoPem,
    /// The block of PEM is of this type, which is none of a key.
    NoKey(String),
    /// The key is of this type, which sprig does not read.
    UnknownType(String),
    /// The DER holds something else.
    Asn1(asn1::Error),
    /// The DER holds a key in another format; this is Go's function for that.
    OtherFormat(&'static str),
    /// The key of an elliptic curve is of this version.
    EcVersion(i64),
    /// The key for Ed25519 has so many bytes.
    Ed25519Length(usize),
    /// The algorithm of this name, which has no parameters, has some.
    Parameters(&'static str),
    /// The key is for the algorithm of this identifier.
    UnknownAlgorithm(String),
    /// Numbers or bytes of the key are not what they should be, in the words of the Go package that looks at them.
    Unsound(&'static str),
    /// What was being done, and what went wrong there.
    While(String, Box<Error>),
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoPem => out.write_str("no PEM data in input"),
            Error::NoKey(kind) => write!(out, "no private key data in PEM block of type {kind}"),
            Error::UnknownType(kind) => write!(out, "invalid private key type {kind}"),
            Error::Asn1(error) => error.fmt(out),
            Error::OtherFormat(function) => {
                write!(out, "x509: failed to parse private key (use {function} instead for this key format)")
            }
            Error::EcVersion(version) => write!(out, "x509: unknown EC private key version {version}"),
            Error::Ed25519Length(length) => write!(out, "x509: invalid Ed25519 private key length: {length}"),
            Error::Parameters(name) => write!(out, "x509: invalid {name} private key parameters"),
            Error::UnknownAlgorithm(name) => {
                write!(out, "x509: PKCS#8 wrapping contained private key with unknown algorithm: {name}")
            }
            Error::Unsound(problem) => out.write_str(problem),
            Error::While(what, error) => write!(out, "{what}: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<asn1::Error> for Error {
    fn from(error: asn1::Error) -> Error {
        Error::Asn1(error)
    }
}

type Outcome<T> = Result<T, Error>;

fn unsound<T>(problem: &'static str) -> Outcome<T> {
    Err(Error::Unsound(problem))
}

/// What was read has another form than its description says, which cannot be.
const OTHER_FORM: Error = Error::Unsound("x509: internal error");

fn within(what: impl Into<String>) -> impl FnOnce(Error) -> Error {
    |error| Error::While(what.into(), Box::new(error))
}

/// Go: x509 `pkcs1PrivateKey`.
static PKCS1: Type = Type::Struct(
    "pkcs1PrivateKey",
    &[
        Field::new(Type::Int),
        Field::new(Type::Big),
        Field::new(Type::Int),
        Field::new(Type::Big),
        Field::new(Type::Big),
        Field::new(Type::Big),
        Field::optional(Type::Big),
        Field::optional(Type::Big),
        Field::optional(Type::Big),
        Field::optional(Type::List(&Type::Struct(
            "pkcs1AdditionalRSAPrime",
            &[Field::new(Type::Big), Field::new(Type::Big), Field::new(Type::Big)],
        ))),
    ],
);

/// Go: x509 `pkcs8`.
static PKCS8: Type = Type::Struct(
    "pkcs8",
    &[
        Field::new(Type::Int),
        Field::new(Type::Struct("AlgorithmIdentifier", &[Field::new(Type::Oid), Field::optional(Type::Raw)])),
        Field::new(Type::Octets),
    ],
);

/// Go: x509 `ecPrivateKey`.
static SEC1: Type = Type::Struct(
    "ecPrivateKey",
    &[
        Field::new(Type::Int),
        Field::new(Type::Octets),
        Field::optional_tagged(Type::Oid, 0),
        Field::optional_tagged(Type::Bits, 1),
    ],
);

/// sprig: crypto.go `DSAKeyFormat`.
static DSA: Type = Type::Struct(
    "DSAKeyFormat",
    &[
        Field::new(Type::Int),
        Field::new(Type::Big),
        Field::new(Type::Big),
        Field::new(Type::Big),
        Field::new(Type::Big),
        Field::new(Type::Big),
    ],
);

/// sprig: crypto.go `parsePrivateKeyPEM`.
pub fn parse_pem(text: &[u8]) -> Outcome<PrivateKey> {
    let pem = Pem::find(text).ok_or(Error::NoPem)?;
    if pem.kind == "PRIVATE KEY" {
        return pkcs8(&pem.bytes).map_err(within("decoding PEM as PKCS#8"));
    }
    let Some(kind) = pem.kind.strip_suffix(" PRIVATE KEY") else {
        return Err(Error::NoKey(pem.kind));
    };
    let parsed = match kind {
        "RSA" => pkcs1(&pem.bytes),
        "EC" => sec1(None, &pem.bytes),
        "DSA" => dsa(&pem.bytes),
        _ => return Err(Error::UnknownType(pem.kind)),
    };
    parsed.map_err(within(format!("parsing {kind} private key from PEM")))
}

/// A number without its sign.
fn magnitude(number: &Item<'_>) -> BigUint {
    number.big().map(BigInt::magnitude).cloned().unwrap_or_default()
}

fn dsa(bytes: &[u8]) -> Outcome<PrivateKey> {
    let (read, _) = asn1::unmarshal(bytes, &DSA)?;
    let [_, p, q, g, y, x] = read.items() else { return Err(OTHER_FORM) };
    let [p, q, g, y, x] = [p, q, g, y, x].map(magnitude);
    Ok(PrivateKey::Dsa(Box::new(Dsa { p, q, g, y, x })))
}

/// What Go says when the key is in another format, if it is.
fn other_format(bytes: &[u8], others: [(&'static Type, &'static str); 2]) -> Option<Error> {
    let found = others.into_iter().find(|(typ, _)| asn1::unmarshal(bytes, typ).is_ok());
    found.map(|(_, function)| Error::OtherFormat(function))
}

/// Go: `x509.ParsePKCS1PrivateKey`.
fn pkcs1(bytes: &[u8]) -> Outcome<PrivateKey> {
    let (read, rest) = asn1::unmarshal(bytes, &PKCS1).map_err(|error| {
        let others = [(&SEC1, "ParseECPrivateKey"), (&PKCS8, "ParsePKCS8PrivateKey")];
        other_format(bytes, others).unwrap_or(Error::Asn1(error))
    })?;
    if !rest.is_empty() {
        return unsound("asn1: syntax error: trailing data");
    }
    let [version, n, e, d, p, q, dp, dq, inverse, more] = read.items() else { return Err(OTHER_FORM) };
    if version.int() > 1 {
        return unsound("x509: unsupported private key version");
    }
    if [n, d, p, q, dp, dq, inverse].into_iter().any(Item::is_not_positive) {
        return unsound("x509: private key contains zero or negative value");
    }
    let primes = more.items().iter().filter_map(|more| more.items().first());
    if primes.clone().any(Item::is_not_positive) {
        return unsound("x509: private key contains zero or negative prime");
    }
    let others = primes.map(magnitude).collect();
    let given = [dp, dq, inverse].map(|number| number.big().map(BigInt::magnitude).cloned());
    let [n, d, p, q] = [n, d, p, q].map(magnitude);
    check_public(&n, e.int(), &d)?;
    let key = Rsa { n, e: BigUint::from(e.int().unsigned_abs()), d, p, q, others };
    if key.others.is_empty() {
        check_rsa(&key, given)?;
    } else {
        check_primes(&key)?;
    }
    Ok(PrivateKey::Rsa(Box::new(key)))
}

fn one() -> BigUint {
    BigUint::from(1_u8)
}

/// Go: crypto/internal/fips140/rsa `checkPublicKey`, and what makes numbers by the modulus before it.
fn check_public(n: &BigUint, e: i64, d: &BigUint) -> Outcome<()> {
    match e {
        _ if *n <= one() => unsound("modulus must be > 1"),
        _ if d.bits().div_ceil(64) > n.bits().div_ceil(64) => unsound("input overflows the modulus size"),
        _ if d >= n => unsound("input overflows the modulus"),
        _ if n.is_even() => unsound("crypto/rsa: public modulus is even"),
        ..2 => unsound("crypto/rsa: public exponent too small or negative"),
        e if e & 1 == 0 => unsound("crypto/rsa: public exponent is even"),
        e if e > i64::from(i32::MAX) => unsound("crypto/rsa: public exponent too large"),
        _ => Ok(()),
    }
}

/// Go: rsa.go `precomputeLegacy`, of keys with more than two primes.
fn check_primes(key: &Rsa) -> Outcome<()> {
    let mut product = one();
    for prime in [&key.p, &key.q].into_iter().chain(&key.others) {
        if *prime <= one() {
            return unsound("crypto/rsa: prime factor is <= 1");
        }
        if product.gcd(prime) != one() {
            return unsound("crypto/rsa: prime factors are not relatively prime");
        }
        product *= prime;
    }
    Ok(())
}

/// Go: crypto/internal/fips140/rsa `checkPrivateKey`; what the file does not say is reckoned, and so right.
fn check_rsa(key: &Rsa, given: [Option<BigUint>; 3]) -> Outcome<()> {
    let Rsa { n, e, d, p, q, .. } = key;
    if *p <= one() || *q <= one() {
        return unsound("modulus must be > 1");
    }
    if p >= n || q >= n {
        return unsound("crypto/rsa: invalid prime");
    }
    if (p * q) % n != BigUint::ZERO {
        return unsound("crypto/rsa: p * q != n");
    }
    let (less_p, less_q) = (p - 1_u8, q - 1_u8);
    if less_p <= one() || less_q <= one() {
        return unsound("crypto/rsa: invalid prime");
    }
    let (dp, dq) = (d % &less_p, d % &less_q);
    let (given_dp, given_dq, given_inverse) = match given {
        [Some(dp), Some(dq), Some(inverse)] => (dp, dq, Some(inverse)),
        _ => (dp.clone(), dq.clone(), None),
    };
    if given_inverse.as_ref().is_some_and(|inverse| inverse >= p) {
        return unsound("input overflows the modulus");
    }
    for (exponent, less) in [(&given_dp, &less_p), (&given_dq, &less_q)] {
        if exponent >= less || (exponent * e) % less != one() {
            return unsound("crypto/rsa: invalid CRT exponent");
        }
    }
    let inverse = given_inverse.or_else(|| q.modinv(p)).unwrap_or_default();
    if (q * inverse) % p != one() {
        return unsound("crypto/rsa: invalid CRT coefficient");
    }
    if given_dp != dp {
        return unsound("crypto/rsa: d does not match dP");
    }
    if given_dq != dq {
        return unsound("crypto/rsa: d does not match dQ");
    }
    let apart = if p > q { p - q } else { q - p };
    if (apart.bits() as i64) <= n.bits() as i64 / 2 - 100 {
        return unsound("crypto/rsa: |p - q| too small");
    }
    if d.bits() <= n.bits() / 2 {
        return unsound("crypto/rsa: d too small");
    }
    Ok(())
}

/// Go: x509 `parseECPrivateKey`: the curve is named inside, or by PKCS#8.
fn sec1(curve: Option<&[u8]>, bytes: &[u8]) -> Outcome<PrivateKey> {
    let (read, _) = asn1::unmarshal(bytes, &SEC1).map_err(|error| {
        let others = [(&PKCS8, "ParsePKCS8PrivateKey"), (&PKCS1, "ParsePKCS1PrivateKey")];
        other_format(bytes, others)
            .unwrap_or_else(|| within("x509: failed to parse EC private key")(error.into()))
    })?;
    let [version, scalar, named, _] = read.items() else { return Err(OTHER_FORM) };
    if version.int() != 1 {
        return Err(Error::EcVersion(version.int()));
    }
    let length = match curve.unwrap_or(named.bytes()) {
        oid::P256 => 32,
        oid::P384 => 48,
        oid::P521 => 66,
        _ => return unsound("x509: unknown elliptic curve"),
    };
    // Some tools cut leading zeros, others write too many.
    let mut scalar = scalar.bytes();
    while scalar.len() > length {
        scalar = scalar.strip_prefix(&[0]).ok_or(Error::Unsound("x509: invalid private key length"))?;
    }
    let scalar = [&vec![0; length - scalar.len()], scalar].concat();
    if scalar.iter().all(|byte| *byte == 0) {
        return unsound("ecdsa: invalid public key encoding");
    }
    let key = match length {
        32 => p256::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P256),
        48 => p384::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P384),
        _ => p521::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P521),
    };
    key.ok_or(Error::Unsound("input overflows the modulus"))
}

/// Go: `x509.ParsePKCS8PrivateKey`.
fn pkcs8(bytes: &[u8]) -> Outcome<PrivateKey> {
    let (read, _) = asn1::unmarshal(bytes, &PKCS8).map_err(|error| {
        let others = [(&SEC1, "ParseECPrivateKey"), (&PKCS1, "ParsePKCS1PrivateKey")];
        other_format(bytes, others).unwrap_or(Error::Asn1(error))
    })?;
    let [_, algorithm, key] = read.items() else { return Err(OTHER_FORM) };
    let [name, parameters] = algorithm.items() else { return Err(OTHER_FORM) };
    let embedded =
        |kind: &str| within(format!("x509: failed to parse {kind} private key embedded in PKCS#8"));
    match name.bytes() {
        oid::RSA => pkcs1(key.bytes()).map_err(embedded("RSA")),
        oid::EC => {
            let curve = asn1::unmarshal(parameters.bytes(), &Type::Oid).ok().map(|(curve, _)| curve.bytes());
            sec1(curve, key.bytes()).map_err(embedded("EC"))
        }
        oid::ED25519 => {
            let seed = octets("Ed25519", parameters, key)?;
            let seed = seed.try_into().map_err(|_| Error::Ed25519Length(seed.len()))?;
            Ok(PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))))
        }
        oid::X25519 => {
            let key = octets("X25519", parameters, key)?;
            let key = key.try_into().map_err(|_| Error::Unsound("crypto/ecdh: invalid private key size"))?;
            Ok(PrivateKey::X25519(key))
        }
        other => Err(Error::UnknownAlgorithm(dotted(other))),
    }
}

/// A key that is nothing but bytes.
fn octets<'a>(name: &'static str, parameters: &Item<'_>, key: &Item<'a>) -> Outcome<&'a [u8]> {
    if !parameters.bytes().is_empty() {
        return Err(Error::Parameters(name));
    }
    let (key, _) = asn1::unmarshal(key.bytes(), &Type::Octets)
        .map_err(|error| within(format!("x509: invalid {name} private key"))(error.into()))?;
    Ok(key.bytes())
}
