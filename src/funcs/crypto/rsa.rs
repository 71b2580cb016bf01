//! RSA keys: made, written as PKCS#1, and signing. The `rsa` crate does the work; keys are kept as numbers, since Go takes
//! and prints some that the crate refuses. `private` reads them.

use ::rsa::traits::{PrivateKeyParts, PublicKeyParts};
use crypto_bigint::BoxedUint;
use der::Encode;
use der::asn1::UintRef;
use num_bigint::BigUint;
use pkcs1::{OtherPrimeInfo, RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;

use super::prime;
use crate::template::host::Host;

/// An RSA key.
pub struct Rsa {
    pub n: BigUint,
    pub e: BigUint,
    pub d: BigUint,
    pub p: BigUint,
    pub q: BigUint,
    /// Further primes, which hardly any key has.
    pub others: Vec<BigUint>,
}

const PUBLIC_EXPONENT: u32 = 65_537;

/// A number from one crate to the other.
pub fn to_big(number: &BoxedUint) -> BigUint {
    BigUint::from_bytes_be(&number.to_be_bytes())
}

fn to_boxed(number: &BigUint) -> BoxedUint {
    let bytes = number.to_bytes_be();
    BoxedUint::from_be_slice_vartime(&bytes)
}

impl Rsa {
    /// Go: `rsa.GenerateKey`.
    pub fn generate(host: &mut dyn Host, bits: u32) -> Rsa {
        loop {
            let (p, q) = prime::pair(host, bits / 2);
            // Two that are the same are drawn again, and such as leave 1 when divided by the exponent.
            if let Ok(key) = ::rsa::PrivateKey::from_p_q(p.clone(), q.clone(), PUBLIC_EXPONENT.into()) {
                let [n, e, d] = [key.n().as_ref(), key.e(), key.d()].map(to_big);
                return Rsa { n, e, d, p: to_big(&p), q: to_big(&q), others: vec![] };
            }
        }
    }

    /// Go: `x509.MarshalPKCS1PrivateKey`.
    pub fn to_pkcs1(&self) -> der::Result<Vec<u8>> {
        let Rsa { n, e, d, p, q, others } = self;
        let (dp, dq) = (d % (p - 1_u8), d % (q - 1_u8));
        let inverse = q.modinv(p).unwrap_or_default();
        let mut product = p * q;
        let others = others.iter().map(|prime| {
            let numbers = [prime.clone(), d % (prime - 1_u8), product.modinv(prime).unwrap_or_default()];
            product *= prime;
            numbers.map(|number| number.to_bytes_be())
        });
        let others: Vec<[Vec<u8>; 3]> = others.collect();
        let infos = others.iter().map(|[prime, exponent, coefficient]| {
            let [prime, exponent, coefficient] = [prime, exponent, coefficient].map(|n| UintRef::new(n));
            Ok(OtherPrimeInfo { prime: prime?, exponent: exponent?, coefficient: coefficient? })
        });
        let infos = infos.collect::<der::Result<Vec<_>>>()?;
        let numbers = [n, e, d, p, q, &dp, &dq, &inverse].map(BigUint::to_bytes_be);
        let [n, e, d, p, q, dp, dq, inverse] = numbers.each_ref().map(|number| UintRef::new(number));
        let key = RsaPrivateKey {
            modulus: n?,
            public_exponent: e?,
            private_exponent: d?,
            prime1: p?,
            prime2: q?,
            exponent1: dp?,
            exponent2: dq?,
            coefficient: inverse?,
            other_prime_infos: (!infos.is_empty()).then_some(infos),
        };
        key.to_der()
    }

    /// Go: `x509.MarshalPKCS1PublicKey`.
    pub fn public_to_pkcs1(&self) -> der::Result<Vec<u8>> {
        let (n, e) = (self.n.to_bytes_be(), self.e.to_bytes_be());
        RsaPublicKey { modulus: UintRef::new(&n)?, public_exponent: UintRef::new(&e)? }.to_der()
    }

    /// Go: `rsa.SignPKCS1v15` of the SHA-256 sum.
    pub fn sign(&self, message: &[u8]) -> ::rsa::Result<Vec<u8>> {
        let [n, e, d] = [&self.n, &self.e, &self.d].map(to_boxed);
        let primes = [&self.p, &self.q].into_iter().chain(&self.others).map(to_boxed).collect();
        // The crate takes primes that differ much in length from nobody who does not say so.
        let is_uneven =
            self.others.is_empty() && self.p.bits().max(self.q.bits()) > self.n.bits().div_ceil(2);
        let key = if is_uneven {
            ::rsa::PrivateKey::from_components_with_wide_primes(n, e, d, primes)
        } else {
            ::rsa::PrivateKey::from_components(n, e, d, primes)
        };
        key?.pkcs1v15_sign::<Sha256>(message)
    }
}
