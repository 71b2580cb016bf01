//! What tests throw at code that must bear any input: sound texts, changed, cut, doubled and mixed by a chance that repeats.
//! `HOSTILE_CASES` and `HOSTILE_SEED` set how many and which.

use crate::random::Random;

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How many cases are wanted.
pub fn cases(default: u64) -> u64 {
    setting("HOSTILE_CASES", default)
}

/// The chance that the environment names.
pub fn chance() -> Random {
    Random::new(setting("HOSTILE_SEED", 1))
}

/// Damages a text once: with bits of another, with `seeds`, or by doubling less than `longest` bytes of itself.
pub fn damage(chance: &mut Random, text: &mut Vec<u8>, other: &[u8], seeds: &[&[u8]], longest: usize) {
    let at = chance.below(text.len() + 1);
    match chance.below(7) {
        0 => {
            if let Some(byte) = text.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => text.truncate(at),
        2 => {
            let end = (at + chance.below(12)).min(text.len());
            text.drain(at..end);
        }
        3 => {
            let copy = text[at..(at + chance.below(longest)).min(text.len())].to_vec();
            text.splice(at..at, copy);
        }
        4 => {
            let from = chance.below(other.len() + 1);
            let piece = other[from..(from + chance.below(60)).min(other.len())].to_vec();
            text.splice(at..at, piece);
        }
        5 => {
            if let Some(byte) = text.get_mut(at) {
                *byte = chance.below(256) as u8;
            }
        }
        _ => {
            let seed = *chance.pick(seeds);
            text.splice(at..at, seed.iter().copied());
        }
    }
}
