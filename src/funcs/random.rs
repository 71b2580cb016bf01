//! Sprig's random texts and numbers. Chance is the host's alone, so that a host that repeats itself repeats them.

use crate::budget;
use crate::func;
use crate::go::encoding::base64_encode;
use crate::template::func::{Context, Failure, Func};
use crate::template::host::Host;
use crate::value::{Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("randAlpha", "randAlpha COUNT: random letters (sprig: strings.go randAlpha)", rand_alpha(cx, int)),
    func!(
        "randAlphaNum",
        "randAlphaNum COUNT: random letters and digits (sprig: strings.go randAlphaNumeric)",
        rand_alpha_num(cx, int)
    ),
    func!(
        "randAscii",
        "randAscii COUNT: random characters that print (sprig: strings.go randAscii)",
        rand_ascii(cx, int)
    ),
    func!(
        "randBytes",
        "randBytes COUNT: random bytes in base 64 (sprig: crypto.go randBytes)",
        rand_bytes(cx, int)
    ),
    func!(
        "randInt",
        "randInt FROM TO: a random number below TO (sprig: functions.go randInt)",
        rand_int(cx, int, int)
    ),
    func!(
        "randNumeric",
        "randNumeric COUNT: random digits (sprig: strings.go randNumeric)",
        rand_numeric(cx, int)
    ),
    func!("shuffle", "shuffle TEXT: its characters in random order (xstrings: Shuffle)", shuffle(cx, str)),
    func!("uuidv4", "uuidv4: a random UUID (sprig: crypto.go uuidv4)", uuidv4(cx)),
];

/// Units of work for a random character.
const CHARACTER: u64 = 3;

/// What Go says when it cannot make a slice of the length.
const TOO_LONG: &str = "runtime error: makeslice: len out of range";

/// A random number below `bound`, each as likely as another.
pub fn below(host: &mut dyn Host, bound: u64) -> u64 {
    let mask = u64::MAX >> (bound.max(2) - 1).leading_zeros();
    loop {
        let mut bytes = [0; 8];
        host.random(&mut bytes);
        let number = u64::from_le_bytes(bytes) & mask;
        if number < bound {
            return number;
        }
    }
}

/// goutils: `CryptoRandom` over those characters of a list. A negative count gives nothing.
fn pick(cx: &mut dyn Context, count: i64, from: impl Fn(u8) -> bool) -> Result<String, Failure> {
    ask(count)?;
    let letters: Vec<char> = (b' '..127).filter(|c| from(*c)).map(char::from).collect();
    let host = cx.host();
    Ok((0..count).map(|_| letters[below(host, letters.len() as u64) as usize]).collect())
}

/// Asks for so many random characters; none for a negative count.
fn ask(count: i64) -> Result<(), Failure> {
    let count = u64::try_from(count).unwrap_or(0);
    budget::make(usize::try_from(count).unwrap_or(usize::MAX))?;
    Ok(budget::spend(count.saturating_mul(CHARACTER))?)
}

fn rand_alpha(cx: &mut dyn Context, count: i64) -> Result<String, Failure> {
    pick(cx, count, |c| c.is_ascii_alphabetic())
}

fn rand_alpha_num(cx: &mut dyn Context, count: i64) -> Result<String, Failure> {
    pick(cx, count, |c| c.is_ascii_alphanumeric())
}

fn rand_ascii(cx: &mut dyn Context, count: i64) -> Result<String, Failure> {
    pick(cx, count, |_| true)
}

fn rand_numeric(cx: &mut dyn Context, count: i64) -> Result<String, Failure> {
    pick(cx, count, |c| c.is_ascii_digit())
}

fn rand_bytes(cx: &mut dyn Context, count: i64) -> Result<String, Failure> {
    let length = usize::try_from(count).map_err(|_| TOO_LONG)?;
    ask(count)?;
    let mut bytes = vec![0; length];
    cx.host().random(&mut bytes);
    Ok(base64_encode(&bytes))
}

fn rand_int(cx: &mut dyn Context, from: i64, to: i64) -> Result<Value, &'static str> {
    let width = to.wrapping_sub(from);
    if width <= 0 {
        return Err("invalid argument to Intn");
    }
    Ok(Value::Int((below(cx.host(), width as u64) as i64).wrapping_add(from)))
}

fn shuffle(cx: &mut dyn Context, text: &Str) -> Result<String, Failure> {
    // A character has four bytes here, and six with its place in a text.
    budget::make(text.len().saturating_mul(6))?;
    ask(text.len() as i64)?;
    let mut letters: Vec<char> = crate::go::runes::runes(text.as_bytes()).map(|(_, c)| c).collect();
    for at in (1..letters.len()).rev() {
        letters.swap(at, below(cx.host(), at as u64 + 1) as usize);
    }
    Ok(letters.into_iter().collect())
}

fn uuidv4(cx: &mut dyn Context) -> String {
    let mut bytes = [0; 16];
    cx.host().random(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode(bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
