//! The parser. It stops at the first word that it does not expect.
//!
//! Go: cel-go `parser/parser.go`, `parser/gen/CEL.g4`. The words about what was expected are those of ANTLR.

use std::rc::Rc;

use super::lex::{self, Kind as Word, Token};
use super::macros;
use super::nodes::Nodes;
use super::source::Issue;
use super::syntax::{Call, Entry, Expr, Field, Item, Kind, Literal, Select};

/// How deep an expression may nest.
const DEEPEST: usize = 250;
/// How many characters an expression may have.
const LONGEST: usize = 100_000;

/// What may begin a value.
const OPERAND: &str = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
/// What may stand before a value, by what surrounds it.
const PLAIN: &str = "{'[', '{', '(', '.', '-', '!', ";
const FIRST_ARG: &str = "{'[', '{', '(', ')', '.', '-', '!', ";
const MAYBE: &str = "{'[', '{', '(', '.', '-', '!', '?', ";
const FIRST_ITEM: &str = "{'[', ']', '{', '(', '.', ',', '-', '!', '?', ";
const FIRST_ENTRY: &str = "{'[', '{', '}', '(', '.', ',', '-', '!', '?', ";
/// What may follow a value, whatever surrounds it.
const AFTER: [&str; 18] =
    ["==", "!=", "in", "<", "<=", ">=", ">", "&&", "||", "[", ".", "-", "?", "+", "*", "/", "%", "{"];

const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "package",
    "namespace",
    "null",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A tree, and where its nodes stand.
pub struct Parsed {
    pub expr: Expr,
    /// How many characters stand before each node.
    pub places: Vec<usize>,
}

/// Reads an expression by the macros of a minor, and by that which binds values to names.
pub fn parse(text: &str, minor: u32, has_bind: bool) -> Result<Parsed, Vec<Issue>> {
    let size = text.chars().count();
    if size > LONGEST {
        let message = format!("expression code point size exceeds limit: size: {size}, limit {LONGEST}");
        return Err(vec![Issue { at: None, message }]);
    }
    let (tokens, issues) = lex::tokens(text);
    let nodes = Nodes { places: vec![0], issues, minor, has_bind };
    let mut parser = Parser { tokens, at: 0, depth: 0, nodes, around: vec!["<EOF>"] };
    let expr = parser.expr(PLAIN).and_then(|expr| parser.wants("<EOF>").map(|_| expr));
    match expr {
        Ok(expr) if parser.nodes.issues.is_empty() => Ok(Parsed { expr, places: parser.nodes.places }),
        _ => Err(parser.nodes.issues),
    }
}

/// What was wrong is among the issues.
struct Stopped;
type Got<T = Expr> = Result<T, Stopped>;

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
    nodes: Nodes,
    /// What may follow the value that is being read, by all that surrounds it.
    around: Vec<&'static str>,
}

/// The operators whose second side may not matter, loosest first.
const LOGIC: [(&str, &str); 2] = [("||", "_||_"), ("&&", "_&&_")];

/// The operators with two sides, loosest first, with their names; those of a line bind alike.
const BINARY: [&[(&str, &str)]; 3] = [
    &[
        ("==", "_==_"),
        ("!=", "_!=_"),
        ("<", "_<_"),
        ("<=", "_<=_"),
        (">", "_>_"),
        (">=", "_>=_"),
        ("in", "@in"),
    ],
    &[("+", "_+_"), ("-", "_-_")],
    &[("*", "_*_"), ("/", "_/_"), ("%", "_%_")],
];

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        let last = self.tokens.len() - 1;
        &self.tokens[self.at.min(last)]
    }

    fn sign(&self, sign: &str) -> bool {
        let token = self.peek();
        token.kind == Word::Sign && token.text == sign || sign == "in" && token.text == "in"
    }

    /// Takes a sign, and says where it stood.
    fn takes(&mut self, sign: &str) -> Option<usize> {
        let is_it = self.sign(sign);
        let at = self.peek().at;
        self.at += usize::from(is_it);
        is_it.then_some(at)
    }

    /// The words for a sign that was expected.
    fn unexpected<T>(&mut self, expecting: &str) -> Got<T> {
        self.tell("mismatched input", &format!("expecting {expecting}"));
        Err(Stopped)
    }

    fn tell(&mut self, what: &str, rest: &str) {
        let token = self.peek().clone();
        let message = format!("Syntax error: {what} '{}' {rest}", token.text);
        self.nodes.issues.push(Issue { at: Some(token.at), message });
    }

    /// Takes a sign that must be there. A word too many before it is passed over, and a sign that is missing is taken as there
    /// where what stands there may follow it; both are told.
    ///
    /// Go: ANTLR's `RecoverInline`
    fn wants(&mut self, sign: &'static str) -> Got<usize> {
        if sign == "<EOF>" && self.peek().kind == Word::End {
            return Ok(self.peek().at);
        }
        if let Some(at) = self.takes(sign) {
            return Ok(at);
        }
        let shown = if sign == "<EOF>" { sign.to_owned() } else { format!("'{sign}'") };
        if self.tokens.get(self.at + 1).is_some_and(|next| next.text == sign) {
            self.tell("extraneous input", &format!("expecting {shown}"));
            self.at += 2;
            return Ok(0);
        }
        let text = self.peek().text;
        let may_follow = match sign {
            "<EOF>" => false,
            ":" => self.begins(0),
            _ => AFTER.contains(&text) || self.around.last().is_some_and(|around| around.contains(text)),
        };
        if may_follow {
            let at = self.peek().at;
            self.tell(&format!("missing {shown} at"), "");
            if let Some(issue) = self.nodes.issues.last_mut() {
                issue.message = issue.message.trim_end().to_owned();
            }
            return Ok(at);
        }
        self.unexpected(&shown)
    }

    /// Whether a value begins so many words on.
    fn begins(&self, further: usize) -> bool {
        let Some(token) = self.tokens.get(self.at + further) else { return false };
        match token.kind {
            Word::Ident => token.text != "in",
            Word::Sign => matches!(token.text, "[" | "{" | "(" | "." | "-" | "!"),
            Word::Int | Word::Uint | Word::Float | Word::Text | Word::Bytes => true,
            Word::Quoted | Word::End => false,
        }
    }

    /// Looks whether a value begins; a word too many before it is passed over.
    fn operand(&mut self, before: &str) -> Got<()> {
        if self.begins(0) {
            return Ok(());
        }
        let expecting = format!("expecting {before}{OPERAND}");
        if self.begins(1) && self.peek().kind != Word::End {
            self.tell("extraneous input", &expecting);
            self.at += 1;
            return Ok(());
        }
        self.unexpected(&format!("{before}{OPERAND}"))
    }

    /// Reads what is surrounded by something that ends it.
    fn within<T>(&mut self, around: &'static str, read: impl FnOnce(&mut Self) -> Got<T>) -> Got<T> {
        self.around.push(around);
        let got = read(self);
        self.around.pop();
        got
    }

    /// The end of a list of things with commas between: whether there is more.
    fn goes_on(&mut self, end: &'static str) -> Got<bool> {
        if self.takes(",").is_some() {
            return Ok(true);
        }
        if self.takes(end).is_some() {
            return Ok(false);
        }
        let expecting = format!("{{'{end}', ','}}");
        if self.tokens.get(self.at + 1).is_some_and(|next| next.text == end || next.text == ",") {
            self.tell("extraneous input", &format!("expecting {expecting}"));
            self.at += 1;
            return self.goes_on(end);
        }
        self.unexpected(&expecting)
    }

    fn deeper<T>(&mut self, by: usize, read: impl FnOnce(&mut Self) -> Got<T>) -> Got<T> {
        self.depth += by;
        if self.depth > DEEPEST {
            let message = format!("expression recursion limit exceeded: {DEEPEST}");
            self.nodes.issues.push(Issue { at: None, message });
            return Err(Stopped);
        }
        let got = read(self);
        self.depth -= by;
        got
    }

    fn expr(&mut self, before: &str) -> Got {
        self.operand(before)?;
        self.deeper(1, |own| {
            let condition = own.logic(&LOGIC)?;
            let Some(at) = own.takes("?") else { return Ok(condition) };
            let id = own.nodes.id(at);
            let yes = own.within(":", |own| {
                own.operand(PLAIN)?;
                own.logic(&LOGIC)
            })?;
            own.wants(":")?;
            let no = own.expr(PLAIN)?;
            let call = Call { target: None, function: "_?_:_".into(), args: vec![condition, yes, no] };
            Ok(Expr { id, kind: Kind::Call(Box::new(call)) })
        })
    }

    /// `||` and `&&`, as a tree that is as deep on either side.
    fn logic(&mut self, levels: &[(&str, &str)]) -> Got {
        let Some(((sign, function), tighter)) = levels.split_first() else { return self.binary(0) };
        let mut terms = vec![self.logic(tighter)?];
        let mut places = Vec::new();
        while let Some(at) = self.takes(sign) {
            places.push(at);
            self.operand(PLAIN)?;
            terms.push(self.logic(tighter)?);
        }
        let mut terms: Vec<Option<Expr>> = terms.into_iter().map(Some).collect();
        Ok(self.balanced(function, &mut terms, &places))
    }

    fn balanced(&mut self, function: &str, terms: &mut [Option<Expr>], places: &[usize]) -> Expr {
        if places.is_empty() {
            return terms[0].take().unwrap_or(Expr { id: 0, kind: Kind::Missing });
        }
        let middle = places.len() / 2;
        let (before, after) = terms.split_at_mut(middle + 1);
        let left = self.balanced(function, before, &places[..middle]);
        let right = self.balanced(function, after, &places[middle + 1..]);
        self.nodes.call(places[middle], function, vec![left, right])
    }

    fn binary(&mut self, level: usize) -> Got {
        let Some(signs) = BINARY.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        let mut count = 0;
        while let Some((_, function)) = signs.iter().find(|(sign, _)| self.sign(sign)) {
            let at = self.peek().at;
            self.at += 1;
            self.operand(PLAIN)?;
            let id = self.nodes.id(at);
            count += 1;
            let right = self.deeper(count, |own| own.binary(level + 1))?;
            let call = Call { target: None, function: (*function).into(), args: vec![left, right] };
            left = Expr { id, kind: Kind::Call(Box::new(call)) };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Got {
        for (sign, function) in [("!", "!_"), ("-", "-_")] {
            let Some(first) = self.takes(sign) else { continue };
            let mut count = 1;
            let mut last = first;
            while let Some(at) = self.takes(sign) {
                (count, last) = (count + 1, at);
            }
            if sign == "-" && matches!(self.peek().kind, Word::Int | Word::Float) {
                // The last minus belongs to the number.
                let number = self.number(last, true);
                let member = self.member(number)?;
                return Ok(if count % 2 == 1 {
                    member
                } else {
                    self.nodes.call(first, function, vec![member])
                });
            }
            let primary = self.primary()?;
            let member = self.member(primary)?;
            return Ok(if count % 2 == 0 { member } else { self.nodes.call(first, function, vec![member]) });
        }
        let primary = self.primary()?;
        self.member(primary)
    }

    fn member(&mut self, mut expr: Expr) -> Got {
        let mut count = 0;
        loop {
            count += 1;
            if let Some(at) = self.takes(".") {
                expr = self.deeper(count, |own| own.field(at, expr))?;
            } else if let Some(at) = self.takes("[") {
                let is_optional = self.takes("?").is_some();
                let id = self.nodes.id(at);
                let before = if is_optional { PLAIN } else { MAYBE };
                let index = self.deeper(count, |own| own.within("]", |own| own.expr(before)))?;
                self.wants("]")?;
                let function = if is_optional { "_[?_]" } else { "_[_]" };
                let call = Call { target: None, function: function.into(), args: vec![expr, index] };
                expr = Expr { id, kind: Kind::Call(Box::new(call)) };
            } else {
                return Ok(expr);
            }
        }
    }

    fn field(&mut self, at: usize, operand: Expr) -> Got {
        let is_optional = self.takes("?").is_some();
        let token = self.peek().clone();
        match token.kind {
            Word::Quoted => {
                self.at += 1;
                self.nodes.wrong(token.at, "unsupported syntax: '`'");
                return Ok(self.nodes.node(at, Kind::Missing));
            }
            Word::Ident if !matches!(token.text, "in" | "true" | "false" | "null") => self.at += 1,
            _ if is_optional => return self.unexpected("{IDENTIFIER, ESC_IDENTIFIER}"),
            // Words of the language are names to the reader of words alone.
            Word::Ident if token.text != "in" => {
                self.tell("mismatched input", "expecting IDENTIFIER");
                return Err(Stopped);
            }
            _ => {
                let gap = " ".repeat(token.at.saturating_sub(at + 1));
                let end =
                    if token.kind == Word::End { String::new() } else { format!("{gap}{}", token.text) };
                let message = format!("Syntax error: no viable alternative at input '.{end}'");
                self.nodes.issues.push(Issue { at: Some(token.at), message });
                return Err(Stopped);
            }
        }
        if is_optional {
            let field = self.nodes.node(token.at, Kind::Literal(Literal::Text(token.text.into())));
            return Ok(self.nodes.call(at, "_?._", vec![operand, field]));
        }
        let Some(open) = self.takes("(") else {
            let select = Select { operand, field: token.text.into(), is_test: false };
            return Ok(self.nodes.node(at, Kind::Select(Box::new(select))));
        };
        let id = self.nodes.id(open);
        let args = self.args()?;
        Ok(macros::expand(
            &mut self.nodes,
            id,
            Call { target: Some(operand), function: token.text.into(), args },
        ))
    }

    fn args(&mut self) -> Got<Vec<Expr>> {
        let mut found = Vec::new();
        if self.takes(")").is_some() {
            return Ok(found);
        }
        let mut before = FIRST_ARG;
        loop {
            found.push(self.within("),", |own| own.expr(before))?);
            before = PLAIN;
            if self.takes(",").is_none() {
                break;
            }
        }
        self.wants(")")?;
        Ok(found)
    }

    fn number(&mut self, at: usize, is_negative: bool) -> Expr {
        let token = self.peek().clone();
        self.at += 1;
        let sign = if is_negative { "-" } else { "" };
        let whole = |text: &str, radix: u32| i64::from_str_radix(&format!("{sign}{text}"), radix).ok();
        let literal = match token.kind {
            Word::Float => {
                token.text.parse::<f64>().ok().map(|x| Literal::Double(if is_negative { -x } else { x }))
            }
            Word::Uint => {
                let digits = &token.text[..token.text.len() - 1];
                let value = match digits.strip_prefix("0x") {
                    Some(hex) => u64::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                value.ok().map(Literal::Uint)
            }
            _ => match token.text.strip_prefix("0x") {
                Some(hex) => whole(hex, 16),
                None => whole(token.text, 10),
            }
            .map(Literal::Int),
        };
        match (literal, token.kind) {
            (Some(literal), _) => self.nodes.node(at, Kind::Literal(literal)),
            (None, Word::Float) => self.nodes.wrong(at, "invalid double literal"),
            (None, Word::Uint) => self.nodes.wrong(at, "invalid uint literal"),
            (None, _) => self.nodes.wrong(at, "invalid int literal"),
        }
    }

    fn primary(&mut self) -> Got {
        let token = self.peek().clone();
        match token.kind {
            Word::Int | Word::Uint | Word::Float => Ok(self.number(token.at, false)),
            Word::Text | Word::Bytes => Ok(self.quoted(&token)),
            Word::Ident => self.named(None),
            Word::Sign => match token.text {
                "(" => {
                    self.at += 1;
                    let expr = self.within(")", |own| own.expr(PLAIN))?;
                    self.wants(")")?;
                    Ok(expr)
                }
                "[" => self.list(),
                "{" => self.map(),
                "." => {
                    self.at += 1;
                    match self.peek().kind {
                        Word::Ident => self.named(Some(token.at)),
                        _ => self.unexpected("IDENTIFIER"),
                    }
                }
                _ => self.unexpected(&format!("{PLAIN}{OPERAND}")),
            },
            Word::End | Word::Quoted => self.unexpected(&format!("{PLAIN}{OPERAND}")),
        }
    }

    fn quoted(&mut self, token: &Token<'_>) -> Expr {
        self.at += 1;
        let is_bytes = token.kind == Word::Bytes;
        match lex::unquote(token.text, is_bytes) {
            Ok(bytes) if is_bytes => self.nodes.node(token.at, Kind::Literal(Literal::Bytes(bytes.into()))),
            Ok(bytes) => {
                let text: Rc<str> = String::from_utf8_lossy(&bytes).into();
                self.nodes.node(token.at, Kind::Literal(Literal::Text(text)))
            }
            Err(why) => self.nodes.wrong(token.at, why),
        }
    }

    /// What begins with a name: a value, a call, a message. `dot` is where one before it stands.
    fn named(&mut self, dot: Option<usize>) -> Got {
        let token = self.peek().clone();
        let literal = match token.text {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            "null" => Some(Literal::Null),
            "in" => return self.unexpected(&format!("{PLAIN}{OPERAND}")),
            _ => None,
        };
        if let Some(literal) = literal {
            self.at += 1;
            return Ok(self.nodes.node(token.at, Kind::Literal(literal)));
        }
        if let Some(end) = self.message() {
            return self.fields(dot.is_some(), end);
        }
        self.at += 1;
        let place = dot.unwrap_or(token.at);
        if RESERVED.contains(&token.text) {
            let open = self.takes("(");
            if open.is_some() {
                self.args()?;
            }
            return Ok(self.nodes.wrong(place, &format!("reserved identifier: {}", token.text)));
        }
        let name: Rc<str> = if dot.is_some() { format!(".{}", token.text).into() } else { token.text.into() };
        let Some(open) = self.takes("(") else { return Ok(self.nodes.node(token.at, Kind::Ident(name))) };
        let id = self.nodes.id(open);
        let args = self.args()?;
        Ok(macros::expand(&mut self.nodes, id, Call { target: None, function: name, args }))
    }

    /// Where the brace stands if names with dots and a brace follow: a message.
    fn message(&self) -> Option<usize> {
        let mut at = self.at;
        while self.tokens.get(at).is_some_and(|token| token.kind == Word::Ident) {
            match self.tokens.get(at + 1).map(|token| token.text) {
                Some("{") => return Some(at + 1),
                Some(".") => at += 2,
                _ => return None,
            }
        }
        None
    }

    fn fields(&mut self, has_dot: bool, brace: usize) -> Got {
        let names: String = self.tokens[self.at..brace].iter().map(|token| token.text).collect();
        let name = if has_dot { format!(".{names}") } else { names };
        let id = self.nodes.id(self.tokens[brace].at);
        self.at = brace + 1;
        let mut fields = Vec::new();
        while self.takes("}").is_none() {
            let is_optional = self.takes("?").is_some();
            let token = self.peek().clone();
            if token.kind != Word::Ident {
                return self.unexpected("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}");
            }
            self.at += 1;
            let colon = self.wants(":")?;
            let id = self.nodes.id(colon);
            let value = self.within("},", |own| own.expr(PLAIN))?;
            fields.push(Field { id, name: token.text.into(), value, is_optional });
            if !self.goes_on("}")? {
                break;
            }
        }
        Ok(Expr { id, kind: Kind::Message(name.into(), fields) })
    }

    fn list(&mut self) -> Got {
        let at = self.peek().at;
        self.at += 1;
        let id = self.nodes.id(at);
        let mut items = Vec::new();
        let mut before = FIRST_ITEM;
        while self.takes("]").is_none() {
            let is_optional = self.takes("?").is_some();
            let before_item = if is_optional { PLAIN } else { before };
            let expr = self.within("],", |own| own.expr(before_item))?;
            items.push(Item { expr, is_optional });
            before = MAYBE;
            if !self.goes_on("]")? {
                break;
            }
        }
        Ok(Expr { id, kind: Kind::List(items) })
    }

    fn map(&mut self) -> Got {
        let at = self.peek().at;
        self.at += 1;
        let id = self.nodes.id(at);
        let mut entries = Vec::new();
        let mut before = FIRST_ENTRY;
        while self.takes("}").is_none() {
            let is_optional = self.takes("?").is_some();
            let before_key = if is_optional { PLAIN } else { before };
            let key = self.within(":", |own| own.expr(before_key))?;
            self.wants(":")?;
            let value = self.within("},", |own| own.expr(PLAIN))?;
            entries.push(Entry { key, value, is_optional });
            before = MAYBE;
            if !self.goes_on("}")? {
                break;
            }
        }
        Ok(Expr { id, kind: Kind::Map(entries) })
    }
}
