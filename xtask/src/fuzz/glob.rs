//! Random patterns of `.Files.Glob` and names that nearly fit them.

use super::compare::Family;
use super::sections::{Sections, section};
use testkit::random::Random;

/// What stands for itself.
const TEXTS: [&str; 12] = ["a", "b", "c", "/", "ab", "é", "日", "x.y", ".", "-", ",", "!"];
/// What does not, or not everywhere.
const ODD: [&str; 9] = ["\\*", "\\{", "\\", "}", "]", "\\a", "{", "[", "[]"];
const CLASSES: [&str; 18] = [
    "[a-c]",
    "[!a-c]",
    "[a]",
    "[!a]",
    "[!/]",
    "[/]",
    "[ab/]",
    "[!ab]",
    "[é-日]",
    "[!é-日]",
    "[\\]]",
    "[c-a]",
    "[a-",
    "[!",
    "[a-]",
    "[-]",
    "[!-b]",
    "[é]",
];
const LETTERS: [&str; 6] = ["a", "b", "c", "/", "é", "."];

/// A generator of cases.
pub struct Globs {
    random: Random,
}

impl Globs {
    fn letters(&mut self, from: &[&'static str]) -> String {
        (0..self.random.below(4)).map(|_| self.random.word(from)).collect()
    }

    /// A pattern, and a name that may fit it.
    fn pattern(&mut self, depth: usize) -> (String, String) {
        let (mut pattern, mut name) = (String::new(), String::new());
        for _ in 0..self.random.below(6) {
            let (part, fits) = self.part(depth);
            pattern += &part;
            name += &fits;
        }
        (pattern, name)
    }

    fn part(&mut self, depth: usize) -> (String, String) {
        match self.random.below(20) {
            0..6 => {
                let text = self.random.word(&TEXTS).to_owned();
                (text.clone(), text)
            }
            6..9 => ("*".to_owned(), self.letters(&["a", "b", "c", "é"])),
            9 | 10 => ("**".to_owned(), self.letters(&LETTERS)),
            11..14 => ("?".to_owned(), self.random.word(&["a", "b", "é", "/"]).to_owned()),
            14 | 15 => (self.random.word(&CLASSES).to_owned(), self.random.word(&LETTERS).to_owned()),
            16..19 if depth > 0 => {
                let patterns: Vec<_> = (0..=self.random.below(3)).map(|_| self.pattern(depth - 1)).collect();
                let (_, fits) = self.random.pick(&patterns).clone();
                let texts: Vec<String> = patterns.into_iter().map(|(pattern, _)| pattern).collect();
                let close = if self.random.percent(92) { "}" } else { "" };
                (format!("{{{}{close}", texts.join(",")), fits)
            }
            _ => (self.random.word(&ODD).to_owned(), String::new()),
        }
    }
}

impl Family for Globs {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Globs, String> {
        Ok(Globs { random: Random::new(seed) })
    }

    fn sample(&mut self) -> Sections {
        let (pattern, fits) = self.pattern(2);
        let mut name = fits.clone();
        if self.random.percent(50) {
            // One character is another.
            let at = self.random.below(name.chars().count() + 1);
            let other = self.random.word(&LETTERS);
            name = name.chars().take(at).collect::<String>() + other;
            name.extend(fits.chars().skip(at + 1));
        }
        let other = self.letters(&LETTERS);
        Sections::new(
            "glob",
            vec![section("pattern", "", &pattern), section("names", "", &[fits, name, other].join("\n"))],
        )
    }
}
