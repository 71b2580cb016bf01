//! From the text of a template to its nodes. client-go: util/jsonpath/parser.go.

use crate::go::strconv;
use crate::go::unicode::{is_digit, is_letter, is_print};
use crate::go::unquote::{SYNTAX, unquote_char};

/// How deep filters may stand in each other; client-go knows no limit.
const DEPTH: usize = 64;

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Text, outside of braces or quoted inside.
    Text(Vec<u8>),
    /// What stands between braces: each node works on what the one before it gave.
    List(Vec<Node>),
    /// `.name`
    Field(String),
    /// `.*`
    Wildcard,
    /// `..`
    Recursive,
    /// `[1]`, `[1:3]`, `[::2]`
    Array(Slice),
    /// `[?(left operator right)]`
    Filter { left: Vec<Node>, operator: String, right: Vec<Node> },
    /// `[a, b]`
    Union(Vec<Vec<Node>>),
    /// `range`, `end`, or a word that means nothing.
    Identifier(String),
    /// A number without a fraction.
    Int(i64),
    /// A number.
    Float(f64),
    /// `true` or `false`
    Bool(bool),
}

/// The numbers between brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slice {
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// Whether there was but one number, from which `to` was made.
    pub is_index: bool,
    pub step: Option<i64>,
}

/// The nodes of a template: texts and lists.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    Parser { input: text, at: 0, start: 0, depth: 0 }.template()
}

/// The nodes of what could stand between braces.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    if depth > DEPTH {
        return Err(format!("filters stand in each other more than {DEPTH} deep"));
    }
    let text = format!("{{{text}}}");
    let nodes = Parser { input: &text, at: 0, start: 0, depth }.template()?;
    // A brace inside ends it early; what follows is read and means nothing.
    match nodes.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Parser<'a> {
    input: &'a str,
    /// Where reading goes on.
    at: usize,
    /// Where the text begins that was read and not yet taken.
    start: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn template(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        while let Some(brace) = self.rest().find('{') {
            if brace > 0 {
                nodes.push(Node::Text(self.rest().as_bytes()[..brace].to_vec()));
            }
            self.at += brace + 1;
            self.start = self.at;
            nodes.push(Node::List(self.action()?));
        }
        if !self.rest().is_empty() {
            nodes.push(Node::Text(self.rest().as_bytes().to_vec()));
        }
        Ok(nodes)
    }

    fn rest(&self) -> &'a str {
        &self.input[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += next.map_or(0, char::len_utf8);
        next
    }

    /// Reads on while the characters are such.
    fn skip(&mut self, is_such: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !is_such(c)).unwrap_or(rest.len());
    }

    /// What was read since the last time.
    fn take(&mut self) -> &'a str {
        let text = &self.input[self.start..self.at];
        self.start = self.at;
        text
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let is_next = self.rest().starts_with(prefix);
        if is_next {
            self.at += prefix.len();
        }
        is_next
    }

    /// What stands between braces, the first of which was read; reads the other one.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        loop {
            if self.eat("}") {
                self.take();
                return Ok(nodes);
            }
            if self.eat("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if self.eat("..") {
                if matches!(nodes.last(), Some(Node::Recursive)) {
                    return Err("invalid multiple recursive descent".to_owned());
                }
                self.take();
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_alphanumeric) {
                    nodes.push(self.field());
                }
                continue;
            }
            match self.next() {
                None | Some('\r' | '\n') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => _ = self.take(),
                Some('[') => self.array(&mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(self.quoted(quote)?),
                Some('.') => {
                    self.take();
                    nodes.push(self.field());
                }
                Some(c) if matches!(c, '+' | '-') || is_digit(c) => nodes.push(self.number()?),
                Some(c) if is_alphanumeric(c) => {
                    self.skip(|c| !is_terminator(c));
                    nodes.push(match self.take() {
                        "true" => Node::Bool(true),
                        "false" => Node::Bool(false),
                        word => Node::Identifier(word.to_owned()),
                    });
                }
                Some(c) => return Err(format!("unrecognized character in action: {}", name(c))),
            }
        }
    }

    /// A number, whose first character was read.
    fn number(&mut self) -> Result<Node, String> {
        self.skip(|c| c == '.' || is_digit(c));
        let text = self.take();
        if let Ok(n) = strconv::atoi(text) {
            return Ok(Node::Int(n));
        }
        strconv::parse_float(text).map(Node::Float).map_err(|_| format!("cannot parse number {text}"))
    }

    /// A name, to the next terminator that no backslash stands before.
    fn field(&mut self) -> Node {
        while let Some(c) = self.peek().filter(|c| !is_terminator(*c)) {
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        match self.take() {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    /// Whether the quote that was just read has a backslash before it.
    fn is_escaped(&self) -> bool {
        self.input.as_bytes()[self.at - 2] == b'\\'
    }

    /// A quoted text, whose first quote was read.
    fn quoted(&mut self, quote: char) -> Result<Node, String> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some(c) if c == quote && !self.is_escaped() => break,
                Some(_) => {}
            }
        }
        let literal = self.take();
        let text = unquote(literal).map_err(|error| format!("unquote string {literal} error {error}"))?;
        Ok(Node::Text(text))
    }

    /// What stands between brackets, the first of which was read.
    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = self.take();
        let text = &text[1..text.len() - 1];
        if text.contains(',') {
            let parts = text.split(',').map(|part| format!("[{}]", part.trim_matches(' ')));
            let parts: Result<_, _> = parts.map(|part| parse_action(&part, self.depth + 1)).collect();
            nodes.push(Node::Union(parts?));
        } else if let Some(key) = quoted_key(text) {
            nodes.extend(parse_action(&format!(".{key}"), self.depth + 1)?);
        } else {
            nodes.push(Node::Array(slice(if text == "*" { ":" } else { text })?));
        }
        Ok(())
    }

    /// A filter, up to whose first parenthesis all was read.
    fn filter(&mut self) -> Result<Node, String> {
        self.take();
        // Only the first quoted text is known as one: a parenthesis in it does not end the filter.
        let (mut quote, mut is_quote_closed) = (None, false);
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_owned()),
                Some(c @ ('"' | '\'')) if quote.is_none() => quote = Some(c),
                Some(c) if Some(c) == quote => is_quote_closed |= !self.is_escaped(),
                Some(')') if quote.is_some() == is_quote_closed => break,
                Some(_) => {}
            }
        }
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        let text = self.take();
        let text = &text[..text.len() - 2];
        let depth = self.depth + 1;
        let Some((left, operator, right)) = comparison(text) else {
            let left = parse_action(text, depth)?;
            return Ok(Node::Filter { left, operator: "exists".to_owned(), right: Vec::new() });
        };
        let (left, right) = (parse_action(left, depth)?, parse_action(right, depth)?);
        Ok(Node::Filter { left, operator: operator.to_owned(), right })
    }
}

/// Go: `^'([^']*)'$`, the group.
fn quoted_key(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|key| !key.contains('\''))
}

/// Go: `^([^!<>=]+)([!<>=]+)(.+?)$`, the groups.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    let is_operator = |c| matches!(c, '!' | '<' | '>' | '=');
    let (left, rest) = text.split_at(text.find(is_operator)?);
    let mut end = rest.find(|c| !is_operator(c)).unwrap_or(rest.len());
    if end == rest.len() {
        // The operator leaves one of its characters to the right side, which must not be empty.
        end -= 1;
    }
    let (operator, right) = rest.split_at(end);
    (!left.is_empty() && !operator.is_empty()).then_some((left, operator, right))
}

/// The numbers of `from:to:step`. Go: `^(-?[\d]*)(:-?[\d]*)?(:-?[\d]*)?$`.
fn slice(text: &str) -> Result<Slice, String> {
    let invalid = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    let is_number =
        |part: &&str| part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(is_number) {
        return Err(invalid());
    }
    let number = |at: usize| match parts.get(at).copied().unwrap_or_default() {
        "" => Ok(None),
        part => strconv::atoi(part).map(Some).map_err(|_| format!("array index {part} is not a number")),
    };
    let from = number(0)?;
    let is_index = parts.len() == 1;
    let to = if is_index { Some(from.unwrap_or(0).wrapping_add(1)) } else { number(1)? };
    Ok(Slice { from, to, is_index, step: number(2)? })
}

/// client-go: `UnquoteExtend`: either quote may hold any number of characters.
fn unquote(literal: &str) -> Result<Vec<u8>, &'static str> {
    let [quote, body @ .., end] = literal.as_bytes() else { return Err(SYNTAX) };
    if quote != end {
        return Err(SYNTAX);
    }
    let (mut rest, mut text) = (body, Vec::with_capacity(body.len()));
    while !rest.is_empty() {
        let (unit, tail) = unquote_char(rest, *quote)?;
        unit.write(&mut text);
        rest = tail;
    }
    Ok(text)
}

/// Go: `%#U`.
fn name(c: char) -> String {
    let shown = if is_print(c) { format!(" '{c}'") } else { String::new() };
    format!("U+{:04X}{shown}", u32::from(c))
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
