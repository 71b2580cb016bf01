//! The grammar of a glob: from text to a tree. gobwas/glob: syntax/lexer/lexer.go and syntax/ast/parser.go, whose tokens are
//! read and parsed in one go here.

use super::error::{Error, MAX_DEPTH};
use crate::go::runes;

/// What `*` and `?` do not match.
pub(super) const SEPARATOR: char = '/';

/// A part of a pattern. gobwas/glob: `ast.Node`.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// What is left of an alternative all of which the others share.
    Nothing,
    /// Parts in a row.
    Pattern(Vec<Node>),
    /// `[abc]`
    List {
        /// The characters.
        chars: Vec<char>,
        /// Whether `!` stands before them.
        not: bool,
    },
    /// `[a-c]`
    Range {
        /// The first character.
        low: char,
        /// The last character.
        high: char,
        /// Whether `!` stands before them.
        not: bool,
    },
    /// Characters that stand for themselves.
    Text(String),
    /// `*`
    Any,
    /// `**`
    Super,
    /// `?`
    Single,
    /// `{a,b}`
    AnyOf(Vec<Node>),
}

/// The end of the pattern, and so is a NUL.
const END: char = '\0';

/// The tree of a pattern.
pub fn parse(pattern: &str) -> Result<Node, Error> {
    let mut parser = Parser { data: pattern.as_bytes(), at: 0, depth: 0, ended: false };
    // Without a brace open, only the end ends a pattern.
    parser.pattern()
}

struct Parser<'a> {
    data: &'a [u8],
    at: usize,
    /// How many braces are open.
    depth: usize,
    /// Whether the end was read where a part could begin: a brace that is never closed is no error.
    ended: bool,
}

impl Parser<'_> {
    /// The next character and its width. gobwas/glob: `lexer.peek`.
    fn peek(&self) -> Result<(char, usize), Error> {
        match runes::decode(&self.data[self.at..]) {
            (_, 0) => Ok((END, 0)),
            (char::REPLACEMENT_CHARACTER, _) => Err(Error::NotUtf8),
            found => Ok(found),
        }
    }

    fn read(&mut self) -> Result<char, Error> {
        let (c, width) = self.peek()?;
        self.at += width;
        Ok(c)
    }

    fn unread(&mut self, c: char) {
        self.at -= if c == END && self.at == self.data.len() { 0 } else { c.len_utf8() };
    }

    /// Parts up to the end, or inside braces up to a comma or brace, which is left. gobwas/glob: `lexer.fetchItem`.
    fn pattern(&mut self) -> Result<Node, Error> {
        let mut parts = Vec::new();
        while !self.ended {
            let c = self.read()?;
            match c {
                END => self.ended = true,
                '{' => parts.push(self.any_of()?),
                ',' | '}' if self.depth > 0 => {
                    self.unread(c);
                    break;
                }
                '[' => parts.push(self.class()?),
                '?' => parts.push(Node::Single),
                '*' if self.peek()?.0 == '*' => {
                    self.at += 1;
                    parts.push(Node::Super);
                }
                '*' => parts.push(Node::Any),
                _ => {
                    self.unread(c);
                    let breakers: &[char] =
                        if self.depth > 0 { &['?', '*', '[', '{', '}', ','] } else { &['?', '*', '[', '{'] };
                    let text = self.text(breakers)?;
                    if !text.is_empty() {
                        parts.push(Node::Text(text));
                    }
                }
            }
        }
        Ok(Node::Pattern(parts))
    }

    /// After an opening brace.
    fn any_of(&mut self) -> Result<Node, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth += 1;
        let mut patterns = vec![self.pattern()?];
        while !self.ended && self.read()? == ',' {
            patterns.push(self.pattern()?);
        }
        self.depth -= 1;
        Ok(Node::AnyOf(patterns))
    }

    /// Characters up to one of the breakers, which is left, or a NUL, which is not; a backslash takes the next one as it is.
    fn text(&mut self, breakers: &[char]) -> Result<String, Error> {
        let mut out = String::new();
        let mut escaped = false;
        loop {
            let c = self.read()?;
            match c {
                END => break,
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                _ if !escaped && breakers.contains(&c) => {
                    self.unread(c);
                    break;
                }
                _ => out.push(c),
            }
            escaped = false;
        }
        Ok(out)
    }

    /// After an opening bracket. gobwas/glob: `lexer.fetchRange`, in which what cannot be read is the end, and `parserRange`.
    fn class(&mut self) -> Result<Node, Error> {
        let next = |parser: &mut Self| match parser.read() {
            Ok(END) | Err(_) => Err(Error::UnexpectedEnd),
            Ok(c) => Ok(c),
        };
        let mut first = next(self)?;
        let not = first == '!';
        if not {
            first = next(self)?;
        }
        let ahead = self.peek().map(|(c, _)| c);
        let range = ahead == Ok('-');
        let (mut high, mut chars) = (END, String::new());
        if range {
            self.at += 1;
            high = next(self)?;
        } else {
            self.unread(first);
            chars = self.text(&[']']).map_err(|_| Error::UnexpectedEnd)?;
        }
        if next(self)? != ']' {
            return Err(Error::NoCloseRange);
        }
        ahead?;
        match range {
            true if high < first => Err(Error::Reversed { high, low: first }),
            true => Ok(Node::Range { low: first, high, not }),
            false if chars.is_empty() => Err(Error::EmptyClass),
            false => Ok(Node::List { chars: chars.chars().collect(), not }),
        }
    }
}
