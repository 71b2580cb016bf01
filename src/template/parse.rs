//! The parser. Go: parse/parse.go, function by function. It resolves names as it goes: functions against the table of the
//! set, variables to where they will stand in the evaluator's stack.

mod control;
mod scope;

use std::rc::Rc;

use super::ast::{Arg, Chain, Command, Field, Identifier, List, Node, Number, Pipe, StringLiteral};
use super::ast::{Source, Text, Tree, Variable};
use super::error::{Error, ErrorKind, Frame, Place};
use super::functions::Functions;
use super::lex::{Item, ItemType, Lexer};
use crate::go::{raw, strconv, unquote};
use crate::value::{FieldName, Str, Value};
use crate::{budget, stack};
use rustc_hash::FxHashMap;
use scope::Scope;

/// How deep parentheses may nest. Go: `maxStackDepth`.
const MAX_STACK_DEPTH: usize = 10_000;

/// Units of work for a node or an argument, with what it takes.
const NODE: u64 = 8;

/// Parses a text into the template of that name and those that it defines. Go: `parse.Parse`.
pub fn parse(name: &Str, text: impl Into<Rc<[u8]>>, funcs: &Functions) -> Result<Vec<Rc<Tree>>, Error> {
    let text: Rc<[u8]> = text.into();
    if u32::try_from(text.len()).is_err() {
        let text =
            format!("template {name} has {} bytes; no more than {} can be parsed", text.len(), u32::MAX);
        return Err(Error::new(ErrorKind::TooMuch, Frame::Text(text)));
    }
    let source = Rc::new(Source::new(name.clone(), Rc::clone(&text)));
    let _watch = stack::Watch::start();
    let lex = Lexer::new(&text);
    let scope = Scope::new(name.clone());
    let valid = std::str::from_utf8(&text).ok();
    let mut parser = Parser {
        lex,
        valid,
        funcs,
        source,
        trees: Vec::new(),
        numbers: FxHashMap::default(),
        scope,
        open: Open::new(),
    };
    let root = parser.parse()?;
    parser.add(root)?;
    Ok(parser.trees)
}

type Result<T, E = Error> = std::result::Result<T, E>;

struct Parser<'s> {
    lex: Lexer<'s>,
    /// The whole text, if it is UTF-8: then its parts need not be checked one by one.
    valid: Option<&'s str>,
    funcs: &'s Functions,
    source: Rc<Source>,
    trees: Vec<Rc<Tree>>,
    /// Where the template of a name stands among them.
    numbers: FxHashMap<Str, usize>,
    /// What is known of the template being parsed.
    scope: Scope,
    open: Open,
}

/// What belongs to lists that are not complete, innermost last: a list is made when it is known how long it is, since most of
/// what a chart defines is parsed for nothing but the memory that it takes.
struct Open {
    nodes: Vec<Node>,
    commands: Vec<Command>,
    args: Vec<Arg>,
    fields: Vec<FieldName>,
}

impl Open {
    /// Nothing yet, with room for what is open at once in most files.
    fn new() -> Open {
        Open {
            nodes: Vec::with_capacity(64),
            commands: Vec::with_capacity(16),
            args: Vec::with_capacity(32),
            fields: Vec::with_capacity(16),
        }
    }
}

/// What was added from the start on, as a list of its own: of one, most of the time.
fn close<T>(open: &mut Vec<T>, start: usize) -> Box<[T]> {
    match open.len() - start {
        0 => Box::default(),
        1 => open.pop().map_or_else(Box::default, |only| Box::new([only]) as Box<[T]>),
        _ => open.split_off(start).into_boxed_slice(),
    }
}

/// What ends a list.
#[derive(Clone, Copy, PartialEq)]
enum Stop {
    End,
    Else,
}

impl Stop {
    fn show(self) -> &'static str {
        match self {
            Stop::End => "{{end}}",
            Stop::Else => "{{else}}",
        }
    }
}

impl Parser<'_> {
    fn next(&mut self) -> Item {
        if self.scope.peek_count > 0 {
            self.scope.peek_count -= 1;
        } else {
            self.scope.token[0] = self.lex.next_item();
        }
        self.scope.token[self.scope.peek_count]
    }

    fn backup(&mut self) {
        self.scope.peek_count += 1;
    }

    fn backup2(&mut self, first: Item) {
        self.scope.token[1] = first;
        self.scope.peek_count = 2;
    }

    fn backup3(&mut self, first: Item, second: Item) {
        self.scope.token[1] = second;
        self.scope.token[2] = first;
        self.scope.peek_count = 3;
    }

    fn peek(&mut self) -> &Item {
        if self.scope.peek_count == 0 {
            self.scope.peek_count = 1;
            self.scope.token[0] = self.lex.next_item();
        }
        &self.scope.token[self.scope.peek_count - 1]
    }

    #[inline]
    fn next_non_space(&mut self) -> Item {
        if self.scope.peek_count == 0 {
            self.lex.skip_space();
        }
        loop {
            let token = self.next();
            if token.typ != ItemType::Space {
                return token;
            }
        }
    }

    /// The next item, if it is a field.
    fn next_field(&mut self) -> Option<Item> {
        if self.scope.peek_count == 0
            && let Some(field) = self.lex.next_field()
        {
            return Some(field);
        }
        (self.peek().typ == ItemType::Field).then(|| self.next())
    }

    fn peek_non_space(&mut self) -> &Item {
        self.next_non_space();
        self.backup();
        self.peek()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        self.error_of(ErrorKind::Syntax, message)
    }

    fn error_of<T>(&self, kind: ErrorKind, message: impl Into<String>) -> Result<T> {
        let place =
            Place { file: self.source.name.clone(), line: self.scope.token[0].line as usize, column: None };
        Err(Error::new(kind, Frame::Parse { place, message: message.into() }))
    }

    fn expect(&mut self, expected: ItemType, context: &str) -> Result<Item> {
        let token = self.next_non_space();
        if token.typ == expected { Ok(token) } else { self.unexpected(token, context) }
    }

    fn unexpected<T>(&self, token: Item, context: &str) -> Result<T> {
        if token.typ != ItemType::Error {
            return self.error(format!("unexpected {} in {context}", self.lex.show(token)));
        }
        let message = self.lex.problem();
        let started = self.scope.action_line;
        if started == 0 || started == token.line as usize {
            return self.error(message);
        }
        let in_action = if message.ends_with(" action") { "" } else { " in action" };
        self.error(format!(
            "{message}{in_action} started at {}:{started}",
            raw::text(self.source.name.as_bytes())
        ))
    }

    /// Counts a node that is about to be made.
    #[inline]
    fn count(&self) -> Result<()> {
        match budget::spend(NODE) {
            Ok(()) => Ok(()),
            Err(over) => self.error_of(ErrorKind::TooMuch, over.to_string()),
        }
    }

    /// Refuses to go deeper where the stack would not bear it.
    fn check_depth(&self) -> Result<()> {
        if stack::is_low() {
            self.error_of(ErrorKind::TooDeep, "max expression depth exceeded")
        } else {
            Ok(())
        }
    }

    /// Adds the template that the scope is about.
    fn add(&mut self, root: List) -> Result<()> {
        let name = self.scope.name.clone();
        let old = self.numbers.get(&name).copied();
        let replaces = old.is_none_or(|at| self.trees[at].root.is_empty());
        if !replaces && !root.is_empty() {
            let name = strconv::quote(&name);
            return self.error(format!("template: multiple definition of template {name}"));
        }
        if replaces {
            let tree = Rc::new(Tree { name, source: Rc::clone(&self.source), root });
            if let Some(at) = old {
                self.trees[at] = tree;
            } else {
                self.numbers.insert(tree.name.clone(), self.trees.len());
                self.trees.push(tree);
            }
        }
        Ok(())
    }

    /// The top level: a list that may hold definitions.
    fn parse(&mut self) -> Result<List> {
        let start = self.open.nodes.len();
        while self.peek().typ != ItemType::Eof {
            if self.peek().typ == ItemType::LeftDelim {
                let delim = self.next();
                if self.next_non_space().typ == ItemType::Define {
                    self.parse_definition()?;
                    continue;
                }
                self.backup2(delim);
            }
            if let Some(stop) = self.text_or_action()? {
                return self.error(format!("unexpected {}", stop.show()));
            }
        }
        Ok(List { nodes: close(&mut self.open.nodes, start) })
    }

    fn parse_definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.scope, Scope::new(Str::from("definition")));
        let name = self.next_non_space();
        if !matches!(name.typ, ItemType::String | ItemType::RawString) {
            return self.unexpected(name, CONTEXT);
        }
        self.scope.name = self.unquote(name)?;
        self.expect(ItemType::RightDelim, CONTEXT)?;
        self.finish_tree(CONTEXT)?;
        self.scope = outer;
        Ok(())
    }

    /// The body of a `define` or `block`, up to its end.
    fn finish_tree(&mut self, context: &str) -> Result<()> {
        let (root, stop) = self.item_list()?;
        if stop != Stop::End {
            return self.error(format!("unexpected {} in {context}", stop.show()));
        }
        self.add(root)
    }

    fn unquote(&self, literal: Item) -> Result<Str> {
        self.plain_string(literal).map_or_else(|| self.unescape(literal), Ok)
    }

    /// A string in double quotes that stands for itself. Go: `strconv.Unquote`, whose quick way is the same.
    fn plain_string(&self, literal: Item) -> Option<Str> {
        let (b'"', text) = (self.lex.val(literal).first()?, self.valid?) else { return None };
        let body = text.get(literal.pos as usize + 1..literal.end as usize - 1)?;
        memchr::memchr(b'\\', body.as_bytes()).is_none().then(|| Str::from(body))
    }

    /// Any other string.
    fn unescape(&self, literal: Item) -> Result<Str> {
        match unquote::unquote(self.lex.val(literal)) {
            Ok(text) => Ok(Str::from(text)),
            Err(error) => self.error(error),
        }
    }

    /// The text of an item.
    fn text(&self, item: Item) -> Str {
        self.part(item.pos as usize, item.end as usize)
    }

    /// The field that an item names behind its dot.
    fn field(&self, item: Item) -> FieldName {
        FieldName::new(self.part(item.pos as usize + 1, item.end as usize))
    }

    fn part(&self, from: usize, to: usize) -> Str {
        let valid = self.valid.and_then(|text| text.get(from..to));
        valid.map_or_else(|| Str::from(&self.source.text[from..to]), Str::from)
    }

    fn item_list(&mut self) -> Result<(List, Stop)> {
        let start = self.open.nodes.len();
        while self.peek_non_space().typ != ItemType::Eof {
            if let Some(stop) = self.text_or_action()? {
                return Ok((List { nodes: close(&mut self.open.nodes, start) }, stop));
            }
        }
        self.error_of(ErrorKind::MissingEnd, "unexpected EOF")
    }

    /// Opens what comes next, or says that it ends the list.
    ///
    /// This and what it calls push rather than give back: what they make is large, and not moved while it is fresh.
    fn text_or_action(&mut self) -> Result<Option<Stop>> {
        self.count()?;
        let token = self.next_non_space();
        match token.typ {
            ItemType::Text => {
                let source = Rc::clone(&self.source);
                self.open.nodes.push(Node::Text(Text { pos: token.pos, end: token.end, source }));
                Ok(None)
            }
            ItemType::LeftDelim => {
                self.scope.action_line = token.line as usize;
                let stop = self.action();
                if stop.is_ok() {
                    self.scope.action_line = 0;
                }
                stop
            }
            _ => self.unexpected(token, "input"),
        }
    }

    /// A pipeline up to `end`, which is consumed.
    fn pipeline(&mut self, context: &str, end: ItemType) -> Result<Pipe> {
        let pos = self.peek_non_space().pos;
        let (mut decl, is_assign) = self.declarations(context)?;
        let start = self.open.commands.len();
        loop {
            let token = self.next_non_space();
            match token.typ {
                typ if typ == end => {
                    self.check_pipeline(&self.open.commands[start..], context)?;
                    break;
                }
                ItemType::Bool
                | ItemType::CharConstant
                | ItemType::Complex
                | ItemType::Dot
                | ItemType::Field
                | ItemType::Identifier
                | ItemType::Number
                | ItemType::Nil
                | ItemType::RawString
                | ItemType::String
                | ItemType::Variable
                | ItemType::LeftParen => {
                    self.backup();
                    self.command()?;
                }
                _ => return self.unexpected(token, context),
            }
        }
        // Only now: the pipeline itself does not see what it declares.
        for variable in &mut decl {
            variable.slot = self.scope.declare_or_find(variable.id, is_assign);
        }
        let cmds = close(&mut self.open.commands, start);
        Ok(Pipe { pos, is_assign, decl: decl.into(), cmds })
    }

    /// `$x :=`, `$x =`, and in a range `$x, $y :=`; and whether it assigns rather than declares.
    fn declarations(&mut self, context: &str) -> Result<(Vec<Variable>, bool)> {
        let mut decl = Vec::new();
        loop {
            let variable = *self.peek_non_space();
            if variable.typ != ItemType::Variable {
                return Ok((decl, false));
            }
            self.next();
            // Space is a token, so this needs up to three tokens of look-ahead: in `$x foo` we must read `foo` to
            // know that `$x` is an argument.
            let after = *self.peek();
            let next = *self.peek_non_space();
            match next.typ {
                ItemType::Assign | ItemType::Declare => {
                    self.next_non_space();
                    decl.push(self.declared(variable));
                    return Ok((decl, next.typ == ItemType::Assign));
                }
                ItemType::Char if self.lex.val(next) == b"," => {
                    self.next_non_space();
                    decl.push(self.declared(variable));
                    if context != "range" || decl.len() >= 2 {
                        return self.error(format!("too many declarations in {context}"));
                    }
                    if !matches!(
                        self.peek_non_space().typ,
                        ItemType::Variable | ItemType::RightDelim | ItemType::RightParen
                    ) {
                        return self.error("range can only initialize variables");
                    }
                }
                _ if after.typ == ItemType::Space => {
                    self.backup3(variable, after);
                    return Ok((decl, false));
                }
                _ => {
                    self.backup2(variable);
                    return Ok((decl, false));
                }
            }
        }
    }

    fn declared(&mut self, token: Item) -> Variable {
        let name = self.text(token);
        let id = self.scope.declare_name(&name);
        Variable { pos: token.pos, name, id, slot: 0, fields: Box::default() }
    }

    fn check_pipeline(&self, cmds: &[Command], context: &str) -> Result<()> {
        if cmds.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        // Only the first command of a pipeline can start with a non executable operand.
        for (at, command) in cmds.iter().enumerate().skip(1) {
            if command.args.first().is_some_and(Arg::is_constant) {
                return self.error(format!("non executable command in pipeline stage {}", at + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<()> {
        let pos = self.peek_non_space().pos;
        let start = self.open.args.len();
        loop {
            self.peek_non_space();
            self.count()?;
            self.operand()?;
            if self.scope.peek_count == 0 && self.lex.skip_space() {
                continue;
            }
            let token = self.next();
            match token.typ {
                ItemType::Space => continue,
                ItemType::RightDelim | ItemType::RightParen => self.backup(),
                ItemType::Pipe => {}
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        if self.open.args.len() == start {
            return self.error("empty command");
        }
        let args = close(&mut self.open.args, start);
        self.open.commands.push(Command { pos, args });
        Ok(())
    }

    /// Opens a term with the fields behind it, if a term stands here.
    fn operand(&mut self) -> Result<()> {
        let before = self.open.args.len();
        let start = self.open.fields.len();
        self.term()?;
        if self.open.args.len() == before {
            return Ok(());
        }
        let mut pos = None;
        while let Some(token) = self.next_field() {
            pos.get_or_insert(token.pos);
            let field = self.field(token);
            self.open.fields.push(field);
        }
        let fields = close(&mut self.open.fields, start);
        match self.open.args.last_mut() {
            Some(Arg::Field(field)) => {
                field.names = fields;
                field.pos = pos.unwrap_or(field.pos);
            }
            _ if pos.is_none() => {}
            Some(Arg::Variable(variable)) => {
                variable.pos = pos.unwrap_or(variable.pos);
                variable.fields = fields;
            }
            _ => {
                let Some(node) = self.open.args.pop() else { return Ok(()) };
                if node.is_constant() {
                    let term = strconv::quote(node.to_string());
                    return self.error(format!("unexpected . after term {term}"));
                }
                let pos = pos.unwrap_or_default();
                self.open.args.push(Arg::Chain(Box::new(Chain { pos, node, fields })));
            }
        }
        Ok(())
    }

    /// Opens a term, if one stands here; the name of a field is opened for itself.
    fn term(&mut self) -> Result<()> {
        let token = self.next_non_space();
        let pos = token.pos;
        let arg = match token.typ {
            ItemType::Identifier => self.identifier(token)?,
            ItemType::Dot => Arg::Dot(pos),
            ItemType::Nil => Arg::Nil(pos),
            ItemType::Variable => self.use_variable(token)?,
            ItemType::Field => {
                let name = self.field(token);
                self.open.fields.push(name);
                Arg::Field(Field { pos, names: Box::default() })
            }
            ItemType::Bool => Arg::Bool(pos, self.lex.val(token) == b"true"),
            ItemType::CharConstant | ItemType::Complex | ItemType::Number => {
                match Number::new(pos, self.lex.val(token), token.typ) {
                    Ok(number) => Arg::Number(Box::new(number)),
                    Err(message) => return self.error(message),
                }
            }
            ItemType::LeftParen => {
                if self.scope.stack_depth >= MAX_STACK_DEPTH {
                    return self.error_of(ErrorKind::TooDeep, "max expression depth exceeded");
                }
                self.check_depth()?;
                self.scope.stack_depth += 1;
                let pipe = self.pipeline("parenthesized pipeline", ItemType::RightParen)?;
                self.scope.stack_depth -= 1;
                Arg::Pipe(Box::new(pipe))
            }
            ItemType::String | ItemType::RawString => {
                let plain = self.plain_string(token);
                let quoted = if plain.is_none() { Some(self.text(token)) } else { None };
                let value = Value::Str(plain.map_or_else(|| self.unescape(token), Ok)?);
                Arg::String(Box::new(StringLiteral { pos, quoted, value }))
            }
            _ => {
                self.backup();
                return Ok(());
            }
        };
        self.open.args.push(arg);
        Ok(())
    }

    fn identifier(&self, token: Item) -> Result<Arg> {
        let name = self.lex.val(token);
        if let Some((func, special)) = self.funcs.get(name) {
            return Ok(Arg::Identifier(Identifier { pos: token.pos, func, special }));
        }
        let kind = ErrorKind::UndefinedFunction(String::from_utf8_lossy(name).into_owned());
        self.error_of(kind, format!("function {} not defined", strconv::quote(name)))
    }

    fn use_variable(&mut self, token: Item) -> Result<Arg> {
        let val = self.lex.val(token);
        let Some((id, name)) = self.scope.declared(val) else {
            let kind = ErrorKind::UndefinedVariable(String::from_utf8_lossy(val).into_owned());
            return self.error_of(kind, format!("undefined variable {}", strconv::quote(val)));
        };
        let slot = self.scope.find(id);
        Ok(Arg::Variable(Variable { pos: token.pos, name, id, slot, fields: Box::default() }))
    }
}

impl Arg {
    fn is_constant(&self) -> bool {
        matches!(self, Arg::Bool(..) | Arg::Dot(_) | Arg::Nil(_) | Arg::Number(_) | Arg::String(_))
    }
}
