//! Prime numbers of key size from the host's random bytes. `crypto-primes` sieves and tests, `crypto-bigint` reckons; what is
//! here passes over most numbers that are not prime a fifth sooner. Why not more, why not less: docs/decisions/0007.

use std::convert::Infallible;
use std::thread;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BitOps, BoxedUint, NonZero, Odd, RandomBits, Resize};
use crypto_primes::fips::{self, FipsOptions};
use crypto_primes::hazmat::{SetBits, SmallFactorsSieveFactory};
use crypto_primes::{Flavor, is_prime, sieve_and_find};
use rand::rngs::StdRng;
use rand::{SeedableRng, TryCryptoRng, TryRng};

use crate::budget;
use crate::template::host::Host;

/// Units of work for two primes side by side, for the fourth and the third power of the words of one. How many numbers are
/// tried is chance, and what a chart may do may not depend on that; this is twice what they take on the average, since they need
/// two processors and may have one.
const PAIR: [u64; 2] = [20, 660];
/// Units of work for a power by a number, for the cube of its words.
const POWER: u64 = 10;

/// The host as these crates ask for chance.
pub struct Chance<'a>(pub &'a mut dyn Host);

impl Chance<'_> {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.random(&mut bytes);
        bytes
    }
}

impl TryRng for Chance<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.random(buffer);
        Ok(())
    }
}

/// [`Host::random`] promises bytes fit for keys.
impl TryCryptoRng for Chance<'_> {}

/// Two random primes with the two highest bits of so many set, so that their product has twice as many: made at the same time,
/// each from a seed that the host gives. A host that repeats itself has them made once.
pub fn pair(host: &mut dyn Host, bits: u32) -> (BoxedUint, BoxedUint) {
    let what = format!("primes {bits}");
    let stand = match host.recall(&what) {
        Ok(bytes) => {
            let (p, q) = bytes.split_at(bytes.len() / 2);
            return (BoxedUint::from_be_slice_vartime(p), BoxedUint::from_be_slice_vartime(q));
        }
        Err(stand) => stand,
    };
    // Whoever asks next hears of it: the key at hand is finished, and no other begun.
    let _ = budget::spend(price(bits));
    let seeds = [Chance(host).bytes(), Chance(host).bytes()];
    let (p, q) = budget::untimed(|| side_by_side(seeds, bits));
    host.remember(&what, stand, &[p.to_be_bytes(), q.to_be_bytes()].concat());
    (p, q)
}

/// Units of work for a pair of primes of so many bits.
fn price(bits: u32) -> u64 {
    let words = u64::from(bits / 64);
    (PAIR[0] * words + PAIR[1]) * words.pow(3)
}

/// A prime from each seed. Where the system has no thread to give, one is made after the other.
fn side_by_side(seeds: [[u8; 32]; 2], bits: u32) -> (BoxedUint, BoxedUint) {
    let [one, other] = seeds.map(|seed| move || make(&mut StdRng::from_seed(seed), bits));
    thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, other).ok();
        let p = one();
        let q = beside.and_then(|beside| beside.join().ok()).unwrap_or_else(other);
        (p, q)
    })
}

/// A random prime, as of [`pair`], alone.
pub fn prime(host: &mut dyn Host, bits: u32) -> BoxedUint {
    let what = format!("prime {bits}");
    let stand = match host.recall(&what) {
        Ok(bytes) => return BoxedUint::from_be_slice_vartime(&bytes),
        Err(stand) => stand,
    };
    let prime = make(&mut Chance(host), bits);
    host.remember(&what, stand, &prime.to_be_bytes());
    prime
}

fn make(chance: &mut impl TryCryptoRng<Error = Infallible>, bits: u32) -> BoxedUint {
    loop {
        let found = SmallFactorsSieveFactory::new(Flavor::Any, bits, SetBits::TwoMsb)
            .and_then(|sieve| sieve_and_find(chance, sieve, |_, number| passes_all_tests(number)));
        if let Ok(Some(prime)) = found {
            return prime;
        }
    }
}

/// A prime of so many bits that leaves 1 when divided by twice `factor`; `None` if that many tries found none.
pub fn prime_above_multiple(
    host: &mut dyn Host,
    bits: u32,
    factor: &BoxedUint,
    tries: usize,
) -> Option<BoxedUint> {
    let trial_division = FipsOptions::with_mr_iterations(0).with_trial_division_test();
    let step = NonZero::new(factor.resize(bits).shl_vartime(1)?).into_option()?;
    let mut chance = Chance(host);
    (0..tries).find_map(|_| {
        let mut number = BoxedUint::random_bits(&mut chance, bits);
        number.set_bit_vartime(bits - 1, true);
        let number = number.wrapping_sub(number.rem_vartime(&step)).wrapping_add(BoxedUint::one());
        let is_found = number.bit_width_vartime() == bits
            && fips::is_prime(&mut chance, Flavor::Any, &number, trial_division)
            && {
                let _ = budget::spend(POWER * u64::from(bits / 64).pow(3));
                passes_all_tests(&number)
            };
        is_found.then_some(number)
    })
}

/// Whether a number is prime: no other is known that passes these tests (Baillie, Fiori and Wagstaff, 2021).
fn passes_all_tests(number: &BoxedUint) -> bool {
    passes_fermat(number) && is_prime(Flavor::Any, number)
}

/// Whether 2ⁿ⁻¹ is 1 by n, as it is by every odd prime and by hardly any other number. Squares and doublings alone make
/// that power, while `is_prime` multiplies too, since it may not show the exponent by the time it takes.
fn passes_fermat(number: &BoxedUint) -> bool {
    let Some(modulus) = Odd::new(number.clone()).into_option() else { return false };
    let one = BoxedMontyForm::one(&BoxedMontyParams::new_vartime(modulus));
    // The highest bits first, without the last: what this makes is the root.
    let root = (1..number.bit_width_vartime()).rev().fold(one.clone(), |root, bit| {
        let square = root.square();
        if number.bit_vartime(bit) { square.double() } else { square }
    });
    root.square() == one
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funcs::testing::Seeded;

    #[test]
    fn tells_primes_from_others() {
        let prime = BoxedUint::one_with_precision(1088).shl(521).wrapping_sub(BoxedUint::one());
        assert!(passes_all_tests(&prime));
        // By this one 2 is no square, by the one before it is.
        let other = BoxedUint::one_with_precision(256).shl(255).wrapping_sub(BoxedUint::from(19_u8));
        assert!(passes_all_tests(&other));
        assert!(!passes_all_tests(&prime.wrapping_mul(BoxedUint::from(3_u8))));
        assert!(!passes_all_tests(&prime.wrapping_mul(&prime)));
    }

    #[test]
    fn a_chart_may_have_some_keys_of_each_length() {
        let keys = |bits: u32| budget::Limits::STEPS / price(bits / 2);
        assert_eq!((keys(4096), keys(2048)), (4, 49));
        // What the chart of etcd makes.
        assert!(3 * price(2048) < budget::Limits::STEPS * 3 / 4);
    }

    #[test]
    fn primes_are_as_long_as_asked_for() {
        let mut host = Seeded::new(1);
        let (one, two) = pair(&mut host, 256);
        assert_eq!((one.bit_width(), two.bit_width()), (256, 256));
        assert_ne!(one, two);
        let prime = prime(&mut host, 256);
        assert_eq!(prime.bit_width(), 256);
        let other = prime_above_multiple(&mut host, 512, &prime, 10_000).expect("there are enough");
        assert_eq!(other.bit_width(), 512);
        assert!(
            other.rem_vartime(&NonZero::new(prime.resize(512)).expect("it is not zero")).is_one().to_bool()
        );
    }
}
