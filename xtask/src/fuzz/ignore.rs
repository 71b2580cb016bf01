//! Random `.helmignore` files and paths that they are held against.

use super::compare::Family;
use super::sections::{Sections, section};
use testkit::random::Random;

/// What patterns and paths are made of.
const NAMES: [&str; 14] =
    ["a", "b", "ab", "abc", "templates", "foo.txt", "bar.md", ".git", "_x", "é", "a b", "[a]", "x\\y", "..."];

const PATTERNS: [&str; 34] = [
    "*", "?", "a*", "*.txt", "*.*", "[a-c]", "[^a]", "[!a]", "[]", "[a", "a]", "[a-]", "[-a]", "[]a]", "\\*",
    "\\", "\\a", "**", "a**", "a?c", "*b*", "??", "[é-ü]", "[\\]]", "{a,b}", "a{1}", " a", "a ", "#a",
    "\\#a", "!", "!!", "~", "[z-a]",
];

/// A generator of cases.
pub struct Ignore {
    random: Random,
}

impl Ignore {
    fn line(&mut self) -> String {
        let random = &mut self.random;
        match random.below(20) {
            0 => return String::new(),
            1 => return "# comment".to_owned(),
            _ => {}
        }
        let mut line = String::new();
        let mut sometimes = |percent: usize, text: &str, line: &mut String| {
            if random.percent(percent) {
                line.push_str(text);
            }
        };
        sometimes(6, " ", &mut line);
        sometimes(20, "!", &mut line);
        sometimes(20, "/", &mut line);
        sometimes(4, "./", &mut line);
        for at in 0..=random.below(3) {
            line.push_str(if at > 0 { "/" } else { "" });
            line.push_str(if random.percent(55) { random.word(&NAMES) } else { random.word(&PATTERNS) });
        }
        let mut sometimes = |percent: usize, text: &str| {
            if random.percent(percent) {
                line.push_str(text);
            }
        };
        sometimes(25, "/");
        sometimes(4, "\t ");
        sometimes(3, "\r");
        line
    }

    fn name(&mut self) -> String {
        let parts: Vec<&str> = (0..=self.random.below(4)).map(|_| self.random.word(&NAMES)).collect();
        let name = parts.join("/");
        match self.random.below(20) {
            0 => String::new(),
            1 => format!("./{name}"),
            2 => ".".to_owned(),
            3..10 => name + "/",
            _ => name,
        }
    }
}

impl Family for Ignore {
    type Sample = Sections;

    fn new(seed: u64) -> Result<Ignore, String> {
        Ok(Ignore { random: Random::new(seed) })
    }

    fn sample(&mut self) -> Sections {
        let start = if self.random.percent(3) { "\u{feff}" } else { "" };
        let lines: Vec<String> = (0..=self.random.below(4)).map(|_| self.line()).collect();
        let names: Vec<String> = (0..=self.random.below(8)).map(|_| self.name()).collect();
        let rules = start.to_owned() + &lines.join("\n");
        Sections::new(
            "ignore",
            vec![section("helmignore", "", &rules), section("names", "", &names.join("\n"))],
        )
    }
}
