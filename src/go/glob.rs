//! github.com/gobwas/glob with `/` as its separator, which is what `.Files.Glob` takes: `*` and `?` stay inside one
//! folder, `**` does not, `{a,b}` are alternatives, `[!a-c]` classes.
//!
//! Its grammar and its errors are taken over; what its optimiser gets wrong is not.

use std::iter::Peekable;
use std::str::Chars;

/// A compiled glob.
#[derive(Clone, Debug)]
pub struct Glob(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(Vec<char>),
    /// `*`
    Any,
    /// `**`
    Super,
    /// `?`
    Single,
    Class {
        chars: Vec<char>,
        range: Option<(char, char)>,
        negated: bool,
    },
    Alternatives(Vec<Vec<Part>>),
}

/// Alternatives nested deeper than this are refused.
const MAX_DEPTH: usize = 200;

impl Glob {
    /// Compiles a pattern. The error is gobwas' text. gobwas/glob: `Compile(pattern, '/')`.
    pub fn new(pattern: &str) -> Result<Glob, String> {
        let mut parser = Parser { chars: pattern.chars().peekable(), depth: 0 };
        // Without a brace open, only the end ends a pattern.
        Ok(Glob(parser.pattern()?))
    }

    /// Whether the whole text fits.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut starts = vec![false; text.len() + 1];
        starts[0] = true;
        ends(&self.0, &text, starts)[text.len()]
    }
}

/// Where matches of the parts can end, if they can start at the given places.
fn ends(parts: &[Part], text: &[char], starts: Vec<bool>) -> Vec<bool> {
    parts.iter().fold(starts, |starts, part| part_ends(part, text, &starts))
}

fn part_ends(part: &Part, text: &[char], starts: &[bool]) -> Vec<bool> {
    let mut out = vec![false; starts.len()];
    let places = || starts.iter().enumerate().filter(|(_, start)| **start).map(|(at, _)| at);
    match part {
        Part::Text(literal) => {
            places()
                .filter(|at| text[*at..].starts_with(literal))
                .for_each(|at| out[at + literal.len()] = true);
        }
        Part::Single => {
            places().filter(|at| text.get(*at).is_some_and(|c| *c != '/')).for_each(|at| out[at + 1] = true);
        }
        Part::Class { chars, range, negated } => {
            let fits = |c: &char| {
                (chars.contains(c) || range.is_some_and(|(low, high)| (low..=high).contains(c))) != *negated
            };
            places().filter(|at| text.get(*at).is_some_and(fits)).for_each(|at| out[at + 1] = true);
        }
        Part::Any | Part::Super => {
            let mut open = false;
            for at in 0..out.len() {
                open |= starts[at];
                out[at] = open;
                open &= matches!(part, Part::Super) || text.get(at).is_some_and(|c| *c != '/');
            }
        }
        Part::Alternatives(alternatives) => {
            for alternative in alternatives {
                let found = ends(alternative, text, starts.to_vec());
                out.iter_mut().zip(found).for_each(|(out, found)| *out |= found);
            }
        }
    }
    out
}

struct Parser<'a> {
    chars: Peekable<Chars<'a>>,
    /// How many braces are open.
    depth: usize,
}

impl Parser<'_> {
    /// The next character; a NUL ends the pattern, as it does in gobwas' lexer.
    fn peek(&mut self) -> Result<Option<char>, String> {
        match self.chars.peek() {
            Some('\u{fffd}') => Err("could not read rune".to_owned()),
            Some('\0') | None => Ok(None),
            Some(c) => Ok(Some(*c)),
        }
    }

    fn next(&mut self) -> Result<Option<char>, String> {
        let c = self.peek()?;
        if c.is_some() {
            self.chars.next();
        }
        Ok(c)
    }

    /// A pattern up to the end, or inside braces up to a comma or brace, which is left.
    fn pattern(&mut self) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek()? {
            match c {
                ',' | '}' if self.depth > 0 => return Ok(parts),
                '{' => {
                    self.chars.next();
                    parts.push(self.alternatives()?);
                }
                '[' => {
                    self.chars.next();
                    parts.push(self.class()?);
                }
                '?' => {
                    self.chars.next();
                    parts.push(Part::Single);
                }
                '*' => {
                    self.chars.next();
                    if self.peek()? == Some('*') {
                        self.chars.next();
                        parts.push(Part::Super);
                    } else {
                        parts.push(Part::Any);
                    }
                }
                _ => {
                    let breakers: &[char] =
                        if self.depth > 0 { &['?', '*', '[', '{', '}', ','] } else { &['?', '*', '[', '{'] };
                    parts.push(Part::Text(self.text(breakers)?));
                }
            }
        }
        Ok(parts)
    }

    /// After an opening brace. That it is never closed is no error.
    fn alternatives(&mut self) -> Result<Part, String> {
        if self.depth == MAX_DEPTH {
            return Err(format!("alternatives are nested more than {MAX_DEPTH} deep"));
        }
        self.depth += 1;
        let mut alternatives = vec![self.pattern()?];
        while self.next()? == Some(',') {
            alternatives.push(self.pattern()?);
        }
        self.depth -= 1;
        Ok(Part::Alternatives(alternatives))
    }

    /// Characters up to one of the breakers, which is left; a backslash takes the next one as it is.
    fn text(&mut self, breakers: &[char]) -> Result<Vec<char>, String> {
        let mut out = Vec::new();
        while let Some(c) = self.peek()? {
            if breakers.contains(&c) {
                break;
            }
            self.chars.next();
            if c != '\\' {
                out.push(c);
            } else if let Some(escaped) = self.next()? {
                out.push(escaped);
            }
        }
        Ok(out)
    }

    /// After an opening bracket.
    fn class(&mut self) -> Result<Part, String> {
        let end = || "unexpected end of input".to_owned();
        let negated = self.peek()? == Some('!');
        if negated {
            self.chars.next();
        }
        let first = self.peek()?.ok_or_else(end)?;
        let mut ahead = self.chars.clone();
        ahead.next();
        let mut chars = Vec::new();
        let mut range = None;
        if ahead.peek() == Some(&'-') {
            self.chars = ahead;
            self.chars.next();
            range = Some((first, self.next()?.ok_or_else(end)?));
        } else {
            chars = self.text(&[']'])?;
        }
        if self.next()?.ok_or_else(end)? != ']' {
            return Err("expected close range character".to_owned());
        }
        if let Some((low, high)) = range
            && high < low
        {
            return Err(format!("hi character '{high}' should be greater than lo '{low}'"));
        }
        if range.is_none() && chars.is_empty() {
            return Err("could not parse range".to_owned());
        }
        Ok(Part::Class { chars, range, negated })
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn matches_folders_and_alternatives() {
        let matches = |pattern: &str, text: &str| Glob::new(pattern).map(|glob| glob.matches(text));
        assert_eq!(matches("config/*.yaml", "config/a.yaml"), Ok(true));
        assert_eq!(matches("config/*.yaml", "config/b/a.yaml"), Ok(false));
        assert_eq!(matches("**.yaml", "config/b/a.yaml"), Ok(true));
        assert_eq!(matches("{a,b/[!x]}?", "b/yz"), Ok(true));
        assert_eq!(matches("[a-", "a"), Err("unexpected end of input".to_owned()));
        assert_eq!(matches("[b-a]", "a"), Err("hi character 'a' should be greater than lo 'b'".to_owned()));
    }
}
