//! What tests throw at code that must bear any input: sound texts, changed, cut, doubled and mixed by a chance that repeats.
//! `HOSTILE_CASES` and `HOSTILE_SEED` set how many and which.

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How many cases are wanted.
pub fn cases(default: u64) -> u64 {
    setting("HOSTILE_CASES", default)
}

/// A stream of numbers that is the same in each run with one seed.
pub struct Chance(u64);

impl Chance {
    /// The stream that the environment names.
    pub fn new() -> Chance {
        Chance(setting("HOSTILE_SEED", 1))
    }

    /// The next number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Damages a text once: with bits of another, with `seeds`, or by doubling less than `longest` bytes of itself.
    pub fn damage(&mut self, text: &mut Vec<u8>, other: &[u8], seeds: &[&[u8]], longest: usize) {
        let at = self.below(text.len() + 1);
        match self.below(7) {
            0 => {
                if let Some(byte) = text.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => text.truncate(at),
            2 => {
                let end = (at + self.below(12)).min(text.len());
                text.drain(at..end);
            }
            3 => {
                let copy = text[at..(at + self.below(longest)).min(text.len())].to_vec();
                text.splice(at..at, copy);
            }
            4 => {
                let from = self.below(other.len() + 1);
                let piece = other[from..(from + self.below(60)).min(other.len())].to_vec();
                text.splice(at..at, piece);
            }
            5 => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = self.below(256) as u8;
                }
            }
            _ => {
                let seed = *self.pick(seeds);
                text.splice(at..at, seed.iter().copied());
            }
        }
    }
}
