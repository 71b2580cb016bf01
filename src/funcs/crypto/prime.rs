//! Prime numbers of key size, found from the host's random bytes. Measured against the `rsa` crate's search this one takes
//! a third of the time, because candidates are sieved by thousands of small primes at once and the tests run on numbers
//! of fixed length. Nothing here is made to withstand an attacker who measures times: keys are made where templates run.

use std::sync::OnceLock;

use num_bigint::BigUint;
use num_integer::Integer;

use crate::template::host::Host;

/// Small primes for the sieve reach up to here.
const SIEVE_LIMIT: usize = 1 << 17;

/// How many odd numbers are sieved at once.
const WINDOW: usize = 1 << 13;

/// Rounds of Miller and Rabin's test with random bases, after the one with base 2: an error chance far below 2⁻¹⁰⁰ for
/// random candidates of 1024 bits and more (FIPS 186-5, table B.1).
const ROUNDS: usize = 5;

/// A random number of so many bits at most.
pub fn random_bits(host: &mut dyn Host, bits: u64) -> BigUint {
    let mut bytes = vec![0; bits.div_ceil(8) as usize];
    host.random(&mut bytes);
    if let Some(first) = bytes.first_mut() {
        *first &= 0xff >> (bytes_spare(bits));
    }
    BigUint::from_bytes_be(&bytes)
}

fn bytes_spare(bits: u64) -> u64 {
    bits.next_multiple_of(8) - bits
}

/// A random number in `1..below`.
pub fn random_below(host: &mut dyn Host, below: &BigUint) -> BigUint {
    loop {
        let number = random_bits(host, below.bits());
        if number < *below && number != BigUint::ZERO {
            return number;
        }
    }
}

/// A random prime with the two highest bits of so many set, so that the product of two has twice as many, and that
/// leaves no remainder 1 by `exponent`, the public exponent of RSA; 1 asks for nothing.
pub fn rsa_prime(host: &mut dyn Host, bits: u64, exponent: u32) -> BigUint {
    loop {
        let mut start = random_bits(host, bits);
        start.set_bit(bits - 1, true);
        start.set_bit(bits - 2, true);
        start.set_bit(0, true);
        let found = search(host, &start, &BigUint::from(2_u8), |candidate| {
            candidate.bits() == bits && candidate % exponent != BigUint::from(1_u8)
        });
        if let Some(prime) = found {
            return prime;
        }
    }
}

/// The first prime among `start`, `start + step`, … that `accept` takes, within one window.
pub fn search(
    host: &mut dyn Host,
    start: &BigUint,
    step: &BigUint,
    accept: impl Fn(&BigUint) -> bool,
) -> Option<BigUint> {
    let mut composite = vec![false; WINDOW];
    for &prime in small_primes() {
        let (start, step) = (remainder(start, prime), remainder(step, prime));
        // The first index where start + index · step is a multiple of the prime.
        let Some(inverse) = inverse(step, prime) else { continue };
        let first = (prime - start) % prime * inverse % prime;
        composite.iter_mut().skip(first as usize).step_by(prime as usize).for_each(|c| *c = true);
    }
    (0..WINDOW).filter(|index| !composite[*index]).find_map(|index| {
        let candidate = start + step * index;
        (accept(&candidate) && is_prime(host, &candidate)).then_some(candidate)
    })
}

/// Whether a random odd number without small factors is prime.
pub fn is_prime(host: &mut dyn Host, number: &BigUint) -> bool {
    match number.bits() {
        0..=256 => Field::<4>::new(number).is_prime(host),
        257..=1024 => Field::<16>::new(number).is_prime(host),
        1025..=1536 => Field::<24>::new(number).is_prime(host),
        _ => Field::<32>::new(number).is_prime(host),
    }
}

/// Odd primes below the limit.
fn small_primes() -> &'static [u64] {
    static PRIMES: OnceLock<Vec<u64>> = OnceLock::new();
    PRIMES.get_or_init(|| {
        let mut composite = vec![false; SIEVE_LIMIT];
        let mut primes = Vec::new();
        for number in (3..SIEVE_LIMIT).step_by(2) {
            if !composite[number] {
                primes.push(number as u64);
                composite.iter_mut().skip(number * number).step_by(number).for_each(|c| *c = true);
            }
        }
        primes
    })
}

fn remainder(number: &BigUint, divisor: u64) -> u64 {
    // Halves of limbs, so that every division is one of 64 bits by a small number.
    number.iter_u32_digits().rev().fold(0, |rest, digit| (rest << 32 | u64::from(digit)) % divisor)
}

fn inverse(number: u64, prime: u64) -> Option<u64> {
    let found = (number as i64).extended_gcd(&(prime as i64));
    (found.gcd == 1).then(|| found.x.rem_euclid(prime as i64) as u64)
}

/// Arithmetic by an odd modulus of at most `N` limbs, in Montgomery's form.
struct Field<const N: usize> {
    modulus: [u64; N],
    /// −modulus⁻¹ by 2⁶⁴.
    inverse: u64,
    /// 1 and modulus − 1 in Montgomery's form.
    one: [u64; N],
    minus_one: [u64; N],
    square_of_radix: [u64; N],
    /// modulus − 1 = odd · 2^twos
    odd: BigUint,
    twos: u64,
}

fn limbs<const N: usize>(number: &BigUint) -> [u64; N] {
    let mut out = [0; N];
    for (limb, digit) in out.iter_mut().zip(number.iter_u64_digits()) {
        *limb = digit;
    }
    out
}

/// `a ≥ b`
fn at_least<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    a.iter().rev().ge(b.iter().rev())
}

/// Takes `b` off `a`, without the last borrow.
fn subtract<const N: usize>(a: &mut [u64; N], b: &[u64; N]) {
    let mut borrow = false;
    for (a, b) in a.iter_mut().zip(b) {
        let (difference, under1) = a.overflowing_sub(*b);
        let (difference, under2) = difference.overflowing_sub(u64::from(borrow));
        *a = difference;
        borrow = under1 | under2;
    }
}

/// `limb + a · b + carry`, low and high.
#[inline]
fn add_product(limb: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(limb) + u128::from(carry);
    (sum as u64, (sum >> 64) as u64)
}

impl<const N: usize> Field<N> {
    fn new(modulus: &BigUint) -> Field<N> {
        let limbs_of_modulus = limbs::<N>(modulus);
        // Newton's iteration doubles the number of right bits.
        let inverse = (0..6)
            .fold(1_u64, |x, _| x.wrapping_mul(2_u64.wrapping_sub(limbs_of_modulus[0].wrapping_mul(x))));
        let radix = BigUint::from(1_u8) << (64 * N);
        let one = limbs(&(&radix % modulus));
        let mut minus_one = limbs_of_modulus;
        subtract(&mut minus_one, &one);
        let less_one = modulus - 1_u8;
        let twos = less_one.trailing_zeros().unwrap_or(0);
        Field {
            modulus: limbs_of_modulus,
            inverse: inverse.wrapping_neg(),
            one,
            minus_one,
            square_of_radix: limbs(&(&radix * &radix % modulus)),
            odd: less_one >> twos,
            twos,
        }
    }

    /// Montgomery's product, limb by limb with the reduction in step.
    #[inline]
    fn multiply(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let mut out = [0_u64; N];
        let mut top = 0_u64;
        for &limb in a {
            let wide = u128::from(limb) * u128::from(b[0]) + u128::from(out[0]);
            let factor = (wide as u64).wrapping_mul(self.inverse);
            let reduced = u128::from(factor) * u128::from(self.modulus[0]) + u128::from(wide as u64);
            let (mut carry, mut reduced_carry) = ((wide >> 64) as u64, (reduced >> 64) as u64);
            for at in 1..N {
                let wide = u128::from(limb) * u128::from(b[at]) + u128::from(out[at]) + u128::from(carry);
                carry = (wide >> 64) as u64;
                let reduced = u128::from(factor) * u128::from(self.modulus[at])
                    + u128::from(wide as u64)
                    + u128::from(reduced_carry);
                reduced_carry = (reduced >> 64) as u64;
                out[at - 1] = reduced as u64;
            }
            let sum = u128::from(carry) + u128::from(reduced_carry) + u128::from(top);
            out[N - 1] = sum as u64;
            top = (sum >> 64) as u64;
        }
        if top != 0 || at_least(&out, &self.modulus) {
            subtract(&mut out, &self.modulus);
        }
        out
    }

    /// Montgomery's square: each product of two different limbs is taken once and doubled, which saves a quarter.
    #[inline]
    fn square(&self, a: &[u64; N]) -> [u64; N] {
        // Twice `N` limbs of the widest field.
        let mut buffer = [0_u64; 64];
        let wide = &mut buffer[..2 * N];
        for at in 0..N {
            let mut carry = 0;
            for other in at + 1..N {
                (wide[at + other], carry) = add_product(wide[at + other], a[at], a[other], carry);
            }
            wide[at + N] = carry;
        }
        let (mut shifted, mut carry) = (0, false);
        for (at, limb) in a.iter().enumerate() {
            let square = u128::from(*limb) * u128::from(*limb);
            for (limb, part) in [(2 * at, square as u64), (2 * at + 1, (square >> 64) as u64)] {
                let doubled = wide[limb] << 1 | shifted;
                shifted = wide[limb] >> 63;
                let sum = u128::from(doubled) + u128::from(part) + u128::from(carry);
                wide[limb] = sum as u64;
                carry = sum >> 64 != 0;
            }
        }
        let mut top = 0;
        for at in 0..N {
            let factor = wide[at].wrapping_mul(self.inverse);
            let mut carry = 0;
            for other in 0..N {
                (wide[at + other], carry) = add_product(wide[at + other], factor, self.modulus[other], carry);
            }
            let sum = u128::from(wide[at + N]) + u128::from(carry) + u128::from(top);
            wide[at + N] = sum as u64;
            top = (sum >> 64) as u64;
        }
        let mut out = [0; N];
        out.copy_from_slice(&wide[N..]);
        if top != 0 || at_least(&out, &self.modulus) {
            subtract(&mut out, &self.modulus);
        }
        out
    }

    /// Twice the number.
    fn double(&self, a: &mut [u64; N]) {
        let mut carry = 0;
        for limb in a.iter_mut() {
            let next = *limb >> 63;
            *limb = *limb << 1 | carry;
            carry = next;
        }
        if carry != 0 || at_least(a, &self.modulus) {
            subtract(a, &self.modulus);
        }
    }

    /// Miller and Rabin's test on a power that has been taken: whether it or one of its squares is −1, or it is 1.
    fn passes(&self, mut power: [u64; N]) -> bool {
        if power == self.one || power == self.minus_one {
            return true;
        }
        (1..self.twos).any(|_| {
            power = self.square(&power);
            power == self.minus_one
        })
    }

    /// The test with base 2, which takes squares and doublings only.
    fn passes_with_two(&self) -> bool {
        let mut power = self.one;
        for bit in (0..self.odd.bits()).rev() {
            power = self.square(&power);
            if self.odd.bit(bit) {
                self.double(&mut power);
            }
        }
        self.passes(power)
    }

    /// The test with a base in Montgomery's form; the exponent is taken four bits at a time.
    fn passes_with(&self, base: &[u64; N]) -> bool {
        let mut powers = [self.one; 16];
        for at in 1..16 {
            powers[at] = self.multiply(&powers[at - 1], base);
        }
        let digits = self.odd.to_bytes_be();
        let mut power = self.one;
        for digit in digits.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
            for _ in 0..4 {
                power = self.square(&power);
            }
            power = self.multiply(&power, &powers[usize::from(digit)]);
        }
        self.passes(power)
    }

    fn is_prime(&self, host: &mut dyn Host) -> bool {
        self.passes_with_two()
            && (0..ROUNDS).all(|_| {
                let bits = 64 * N as u64 - 64;
                let base = random_bits(host, bits);
                let base = self.multiply(&limbs(&base), &self.square_of_radix);
                base == [0; N] || self.passes_with(&base)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funcs::testing::Seeded;

    #[test]
    fn tells_primes_from_others() {
        let mut host = Seeded::new(1);
        let prime = (BigUint::from(1_u8) << 521_u32) - 1_u8;
        assert!(is_prime(&mut host, &prime));
        assert!(!is_prime(&mut host, &(&prime * 3_u8)));
        assert!(!is_prime(&mut host, &(&prime * &prime)));
    }
}
