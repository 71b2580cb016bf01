//! Reads private keys from PEM as sprig has Go read them, and says what is wrong with them in Go's words. `key` is what they
//! become; `asn1` takes their DER apart.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;

use super::asn1::{self, Field, Item, Type, dotted};
use super::der::Pem;
use super::key::{Dsa, PrivateKey, Rsa, oid};

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
pub fn parse_pem(text: &[u8]) -> Result<PrivateKey, String> {
    let pem = Pem::find(text).ok_or("no PEM data in input")?;
    if pem.kind == "PRIVATE KEY" {
        return pkcs8(&pem.bytes).map_err(|error| format!("decoding PEM as PKCS#8: {error}"));
    }
    let Some(kind) = pem.kind.strip_suffix(" PRIVATE KEY") else {
        return Err(format!("no private key data in PEM block of type {}", pem.kind));
    };
    let parsed = match kind {
        "RSA" => pkcs1(&pem.bytes),
        "EC" => sec1(None, &pem.bytes),
        "DSA" => dsa(&pem.bytes),
        _ => return Err(format!("invalid private key type {}", pem.kind)),
    };
    parsed.map_err(|error| format!("parsing {kind} private key from PEM: {error}"))
}

/// A number without its sign.
fn magnitude(number: &Item<'_>) -> BigUint {
    number.big().map(BigInt::magnitude).cloned().unwrap_or_default()
}

fn dsa(bytes: &[u8]) -> Result<PrivateKey, String> {
    let (read, _) = asn1::unmarshal(bytes, &DSA)?;
    let [_, p, q, g, y, x] = read.items() else { return Err(String::new()) };
    let [p, q, g, y, x] = [p, q, g, y, x].map(magnitude);
    Ok(PrivateKey::Dsa(Box::new(Dsa { p, q, g, y, x })))
}

/// What Go says when the key is in another format, if it is.
fn other_format(bytes: &[u8], others: [(&'static Type, &str); 2]) -> Option<String> {
    let found = others.into_iter().find(|(typ, _)| asn1::unmarshal(bytes, typ).is_ok());
    found.map(|(_, name)| {
        format!("x509: failed to parse private key (use {name} instead for this key format)")
    })
}

/// Go: `x509.ParsePKCS1PrivateKey`.
fn pkcs1(bytes: &[u8]) -> Result<PrivateKey, String> {
    let (read, rest) = asn1::unmarshal(bytes, &PKCS1).map_err(|error| {
        let others = [(&SEC1, "ParseECPrivateKey"), (&PKCS8, "ParsePKCS8PrivateKey")];
        other_format(bytes, others).unwrap_or(error)
    })?;
    if !rest.is_empty() {
        return Err("asn1: syntax error: trailing data".into());
    }
    let [version, n, e, d, p, q, dp, dq, inverse, more] = read.items() else { return Err(String::new()) };
    if version.int() > 1 {
        return Err("x509: unsupported private key version".into());
    }
    if [n, d, p, q, dp, dq, inverse].into_iter().any(Item::is_not_positive) {
        return Err("x509: private key contains zero or negative value".into());
    }
    let primes = more.items().iter().filter_map(|more| more.items().first());
    if primes.clone().any(Item::is_not_positive) {
        return Err("x509: private key contains zero or negative prime".into());
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
fn check_public(n: &BigUint, e: i64, d: &BigUint) -> Result<(), String> {
    let problem = match e {
        _ if *n <= one() => return Err("modulus must be > 1".into()),
        _ if d.bits().div_ceil(64) > n.bits().div_ceil(64) => {
            return Err("input overflows the modulus size".into());
        }
        _ if d >= n => return Err("input overflows the modulus".into()),
        _ if n.is_even() => "public modulus is even",
        ..2 => "public exponent too small or negative",
        e if e & 1 == 0 => "public exponent is even",
        e if e > i64::from(i32::MAX) => "public exponent too large",
        _ => return Ok(()),
    };
    Err(format!("crypto/rsa: {problem}"))
}

/// Go: rsa.go `precomputeLegacy`, of keys with more than two primes.
fn check_primes(key: &Rsa) -> Result<(), String> {
    let mut product = one();
    for prime in [&key.p, &key.q].into_iter().chain(&key.others) {
        if *prime <= one() {
            return Err("crypto/rsa: prime factor is <= 1".into());
        }
        if product.gcd(prime) != one() {
            return Err("crypto/rsa: prime factors are not relatively prime".into());
        }
        product *= prime;
    }
    Ok(())
}

/// Go: crypto/internal/fips140/rsa `checkPrivateKey`; what the file does not say is reckoned, and so right.
fn check_rsa(key: &Rsa, given: [Option<BigUint>; 3]) -> Result<(), String> {
    let Rsa { n, e, d, p, q, .. } = key;
    if *p <= one() || *q <= one() {
        return Err("modulus must be > 1".into());
    }
    if p >= n || q >= n {
        return Err("crypto/rsa: invalid prime".into());
    }
    if (p * q) % n != BigUint::ZERO {
        return Err("crypto/rsa: p * q != n".into());
    }
    let (less_p, less_q) = (p - 1_u8, q - 1_u8);
    if less_p <= one() || less_q <= one() {
        return Err("crypto/rsa: invalid prime".into());
    }
    let (dp, dq) = (d % &less_p, d % &less_q);
    let (given_dp, given_dq, given_inverse) = match given {
        [Some(dp), Some(dq), Some(inverse)] => (dp, dq, Some(inverse)),
        _ => (dp.clone(), dq.clone(), None),
    };
    if given_inverse.as_ref().is_some_and(|inverse| inverse >= p) {
        return Err("input overflows the modulus".into());
    }
    for (exponent, less) in [(&given_dp, &less_p), (&given_dq, &less_q)] {
        if exponent >= less || (exponent * e) % less != one() {
            return Err("crypto/rsa: invalid CRT exponent".into());
        }
    }
    let inverse = given_inverse.or_else(|| q.modinv(p)).unwrap_or_default();
    if (q * inverse) % p != one() {
        return Err("crypto/rsa: invalid CRT coefficient".into());
    }
    if given_dp != dp {
        return Err("crypto/rsa: d does not match dP".into());
    }
    if given_dq != dq {
        return Err("crypto/rsa: d does not match dQ".into());
    }
    let apart = if p > q { p - q } else { q - p };
    if (apart.bits() as i64) <= n.bits() as i64 / 2 - 100 {
        return Err("crypto/rsa: |p - q| too small".into());
    }
    if d.bits() <= n.bits() / 2 {
        return Err("crypto/rsa: d too small".into());
    }
    Ok(())
}

/// Go: x509 `parseECPrivateKey`: the curve is named inside, or by PKCS#8.
fn sec1(curve: Option<&[u8]>, bytes: &[u8]) -> Result<PrivateKey, String> {
    let (read, _) = asn1::unmarshal(bytes, &SEC1).map_err(|error| {
        let others = [(&PKCS8, "ParsePKCS8PrivateKey"), (&PKCS1, "ParsePKCS1PrivateKey")];
        other_format(bytes, others).unwrap_or(format!("x509: failed to parse EC private key: {error}"))
    })?;
    let [version, scalar, named, _] = read.items() else { return Err(String::new()) };
    if version.int() != 1 {
        return Err(format!("x509: unknown EC private key version {}", version.int()));
    }
    let length = match curve.unwrap_or(named.bytes()) {
        oid::P256 => 32,
        oid::P384 => 48,
        oid::P521 => 66,
        _ => return Err("x509: unknown elliptic curve".into()),
    };
    // Some tools cut leading zeros, others write too many.
    let mut scalar = scalar.bytes();
    while scalar.len() > length {
        scalar = scalar.strip_prefix(&[0]).ok_or("x509: invalid private key length")?;
    }
    let scalar = [&vec![0; length - scalar.len()], scalar].concat();
    if scalar.iter().all(|byte| *byte == 0) {
        return Err("ecdsa: invalid public key encoding".into());
    }
    let key = match length {
        32 => p256::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P256),
        48 => p384::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P384),
        _ => p521::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P521),
    };
    key.ok_or_else(|| "input overflows the modulus".to_owned())
}

/// Go: `x509.ParsePKCS8PrivateKey`.
fn pkcs8(bytes: &[u8]) -> Result<PrivateKey, String> {
    let (read, _) = asn1::unmarshal(bytes, &PKCS8).map_err(|error| {
        let others = [(&SEC1, "ParseECPrivateKey"), (&PKCS1, "ParsePKCS1PrivateKey")];
        other_format(bytes, others).unwrap_or(error)
    })?;
    let [_, algorithm, key] = read.items() else { return Err(String::new()) };
    let [name, parameters] = algorithm.items() else { return Err(String::new()) };
    let embedded = |kind: &str, error: String| {
        format!("x509: failed to parse {kind} private key embedded in PKCS#8: {error}")
    };
    match name.bytes() {
        oid::RSA => pkcs1(key.bytes()).map_err(|error| embedded("RSA", error)),
        oid::EC => {
            let curve = asn1::unmarshal(parameters.bytes(), &Type::Oid).ok().map(|(curve, _)| curve.bytes());
            sec1(curve, key.bytes()).map_err(|error| embedded("EC", error))
        }
        oid::ED25519 => {
            let seed = octets("Ed25519", parameters, key)?;
            let seed = <[u8; 32]>::try_from(seed)
                .map_err(|_| format!("x509: invalid Ed25519 private key length: {}", seed.len()))?;
            Ok(PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))))
        }
        oid::X25519 => {
            let key = octets("X25519", parameters, key)?;
            let key = key.try_into().map_err(|_| "crypto/ecdh: invalid private key size")?;
            Ok(PrivateKey::X25519(key))
        }
        other => Err(format!(
            "x509: PKCS#8 wrapping contained private key with unknown algorithm: {}",
            dotted(other)
        )),
    }
}

/// A key that is nothing but bytes.
fn octets<'a>(name: &str, parameters: &Item<'_>, key: &Item<'a>) -> Result<&'a [u8], String> {
    if !parameters.bytes().is_empty() {
        return Err(format!("x509: invalid {name} private key parameters"));
    }
    let read = asn1::unmarshal(key.bytes(), &Type::Octets);
    read.map(|(key, _)| key.bytes()).map_err(|error| format!("x509: invalid {name} private key: {error}"))
}
