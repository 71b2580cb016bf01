//! The parser. Go: parse/parse.go, function by function. It resolves names as it goes: functions against the table of the
//! set, variables to where they will stand in the evaluator's stack.

mod control;
mod scope;

use std::borrow::Cow;
use std::rc::Rc;

use super::ast::{Arg, Chain, Command, Field, Identifier, List, Node, Number, Pipe, StringLiteral};
use super::ast::{Source, Text, Tree, Variable};
use super::error::{Error, Frame, Place};
use super::lex::{Item, ItemType, Lexer};
use super::set::Functions;
use crate::go::{strconv, unquote};
use crate::stack;
use crate::value::{Str, Value};
use scope::Scope;

/// How deep parentheses may nest. Go: `maxStackDepth`.
const MAX_STACK_DEPTH: usize = 10_000;

/// Parses a text into the template of that name and those that it defines. Go: `parse.Parse`.
pub fn parse(name: &Str, text: &[u8], funcs: &Functions) -> Result<Vec<Rc<Tree>>, Error> {
    let source = Rc::new(Source { name: name.clone(), text: text.to_vec() });
    let lex = Lexer::new(text);
    let mut parser = Parser { lex, funcs, source, trees: Vec::new(), scope: Scope::new(name.clone()) };
    let root = parser.parse()?;
    parser.add(root)?;
    Ok(parser.trees)
}

type Result<T, E = Error> = std::result::Result<T, E>;

struct Parser<'s> {
    lex: Lexer<'s>,
    funcs: &'s Functions,
    source: Rc<Source>,
    trees: Vec<Rc<Tree>>,
    /// What is known of the template being parsed.
    scope: Scope<'s>,
}

/// What stands between two pieces of text.
enum Parsed {
    Node(Node),
    /// The end of the list: `end` or `else`.
    Stop(Stop),
}

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

impl<'s> Parser<'s> {
    fn next(&mut self) -> Item<'s> {
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

    fn backup2(&mut self, first: Item<'s>) {
        self.scope.token[1] = first;
        self.scope.peek_count = 2;
    }

    fn backup3(&mut self, first: Item<'s>, second: Item<'s>) {
        self.scope.token[1] = second;
        self.scope.token[2] = first;
        self.scope.peek_count = 3;
    }

    fn peek(&mut self) -> &Item<'s> {
        if self.scope.peek_count == 0 {
            self.scope.peek_count = 1;
            self.scope.token[0] = self.lex.next_item();
        }
        &self.scope.token[self.scope.peek_count - 1]
    }

    fn next_non_space(&mut self) -> Item<'s> {
        loop {
            let token = self.next();
            if token.typ != ItemType::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Item<'s> {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        let place = Place { file: self.source.name.clone(), line: self.scope.token[0].line, column: None };
        Err(Error::new(Frame::Parse { place, message: message.into() }))
    }

    fn expect(&mut self, expected: ItemType, context: &str) -> Result<Item<'s>> {
        let token = self.next_non_space();
        if token.typ == expected { Ok(token) } else { self.unexpected(&token, context) }
    }

    fn unexpected<T>(&self, token: &Item<'s>, context: &str) -> Result<T> {
        if token.typ != ItemType::Error {
            return self.error(format!("unexpected {} in {context}", token.show()));
        }
        let message = self.lex.problem();
        let started = self.scope.action_line;
        if started == 0 || started == token.line {
            return self.error(message);
        }
        let in_action = if message.ends_with(" action") { "" } else { " in action" };
        self.error(format!("{message}{in_action} started at {}:{started}", self.source.name))
    }

    /// Refuses to go deeper where the stack would not bear it.
    fn check_depth(&self) -> Result<()> {
        if stack::is_low() { self.error("max expression depth exceeded") } else { Ok(()) }
    }

    /// Adds the template that the scope is about.
    fn add(&mut self, root: List) -> Result<()> {
        let name = self.scope.name.clone();
        let old = self.trees.iter().position(|tree| tree.name == name);
        let replaces = old.is_none_or(|at| self.trees[at].root.is_empty());
        if !replaces && !root.is_empty() {
            let name = strconv::quote(&name);
            return self.error(format!("template: multiple definition of template {name}"));
        }
        if replaces {
            let tree = Rc::new(Tree { name, source: Rc::clone(&self.source), root });
            match old {
                Some(at) => self.trees[at] = tree,
                None => self.trees.push(tree),
            }
        }
        Ok(())
    }

    /// The top level: a list that may hold definitions.
    fn parse(&mut self) -> Result<List> {
        let mut root = List { nodes: Vec::new() };
        while self.peek().typ != ItemType::Eof {
            if self.peek().typ == ItemType::LeftDelim {
                let delim = self.next();
                if self.next_non_space().typ == ItemType::Define {
                    self.parse_definition()?;
                    continue;
                }
                self.backup2(delim);
            }
            match self.text_or_action()? {
                Parsed::Node(node) => root.nodes.push(node),
                Parsed::Stop(stop) => return self.error(format!("unexpected {}", stop.show())),
            }
        }
        Ok(root)
    }

    fn parse_definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.scope, Scope::new(Str::from("definition")));
        let name = self.next_non_space();
        if !matches!(name.typ, ItemType::String | ItemType::RawString) {
            return self.unexpected(&name, CONTEXT);
        }
        self.scope.name = self.unquote(&name)?;
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

    fn unquote(&self, literal: &Item<'s>) -> Result<Str> {
        // Without a backslash it stands for itself. Go: `strconv.Unquote`, whose quick way is the same.
        if let [b'"', body @ .., b'"'] = literal.val
            && !body.contains(&b'\\')
            && let Ok(text) = std::str::from_utf8(body)
        {
            return Ok(Str::from(text));
        }
        match unquote::unquote(literal.val) {
            Ok(text) => Ok(Str::from(text)),
            Err(error) => self.error(error),
        }
    }

    fn item_list(&mut self) -> Result<(List, Stop)> {
        let mut list = List { nodes: Vec::new() };
        while self.peek_non_space().typ != ItemType::Eof {
            match self.text_or_action()? {
                Parsed::Node(node) => list.nodes.push(node),
                Parsed::Stop(stop) => return Ok((list, stop)),
            }
        }
        self.error("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Result<Parsed> {
        let token = self.next_non_space();
        match token.typ {
            ItemType::Text => {
                let text = Text { pos: token.pos as u32, text: Str::from(token.val) };
                Ok(Parsed::Node(Node::Text(text)))
            }
            ItemType::LeftDelim => {
                self.scope.action_line = token.line;
                let parsed = self.action();
                if parsed.is_ok() {
                    self.scope.action_line = 0;
                }
                parsed
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    /// A pipeline up to `end`, which is consumed.
    fn pipeline(&mut self, context: &str, end: ItemType) -> Result<Pipe> {
        let pos = self.peek_non_space().pos as u32;
        let mut pipe = Pipe { pos, is_assign: false, decl: Vec::new(), cmds: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_non_space();
            match token.typ {
                typ if typ == end => {
                    self.check_pipeline(&pipe, context)?;
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
                    let command = self.command()?;
                    pipe.cmds.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
        // Only now: the pipeline itself does not see what it declares.
        for variable in &mut pipe.decl {
            variable.slot = self.scope.declare_or_find(variable.id, pipe.is_assign);
        }
        Ok(pipe)
    }

    /// `$x :=`, `$x =`, and in a range `$x, $y :=`.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<()> {
        loop {
            let variable = self.peek_non_space();
            if variable.typ != ItemType::Variable {
                return Ok(());
            }
            self.next();
            // Space is a token, so this needs up to three tokens of look-ahead: in `$x foo` we must read `foo` to
            // know that `$x` is an argument.
            let after = *self.peek();
            let next = self.peek_non_space();
            match next.typ {
                ItemType::Assign | ItemType::Declare => {
                    pipe.is_assign = next.typ == ItemType::Assign;
                    self.next_non_space();
                    pipe.decl.push(self.declared(&variable));
                    return Ok(());
                }
                ItemType::Char if next.val == b"," => {
                    self.next_non_space();
                    pipe.decl.push(self.declared(&variable));
                    if context != "range" || pipe.decl.len() >= 2 {
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
                    return Ok(());
                }
                _ => {
                    self.backup2(variable);
                    return Ok(());
                }
            }
        }
    }

    fn declared(&mut self, token: &Item<'s>) -> Variable {
        let name = Str::from(token.val);
        let id = self.scope.declare_name(&name);
        Variable { pos: token.pos as u32, name, id, slot: 0, fields: Vec::new() }
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Result<()> {
        if pipe.cmds.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        // Only the first command of a pipeline can start with a non executable operand.
        for (at, command) in pipe.cmds.iter().enumerate().skip(1) {
            if command.args.first().is_some_and(Arg::is_constant) {
                return self.error(format!("non executable command in pipeline stage {}", at + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command> {
        let mut command = Command { pos: self.peek_non_space().pos as u32, args: Vec::new() };
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                command.args.push(operand);
            }
            let token = self.next();
            match token.typ {
                ItemType::Space => continue,
                ItemType::RightDelim | ItemType::RightParen => self.backup(),
                ItemType::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.args.is_empty() { self.error("empty command") } else { Ok(command) }
    }

    /// A term and the fields behind it, or `None` if no term stands here.
    fn operand(&mut self) -> Result<Option<Arg>> {
        let Some(node) = self.term()? else { return Ok(None) };
        if self.peek().typ != ItemType::Field {
            return Ok(Some(node));
        }
        let pos = self.peek().pos as u32;
        let mut fields = Vec::new();
        while self.peek().typ == ItemType::Field {
            fields.push(Str::from(&self.next().val[1..]));
        }
        Ok(Some(match node {
            Arg::Field(mut field) => {
                field.pos = pos;
                field.names.append(&mut fields);
                Arg::Field(field)
            }
            Arg::Variable(variable) => Arg::Variable(Variable { pos, fields, ..variable }),
            node if node.is_constant() => {
                let term = strconv::quote(node.to_string());
                return self.error(format!("unexpected . after term {term}"));
            }
            node => Arg::Chain(Box::new(Chain { pos, node, fields })),
        }))
    }

    fn term(&mut self) -> Result<Option<Arg>> {
        let token = self.next_non_space();
        let pos = token.pos as u32;
        Ok(Some(match token.typ {
            ItemType::Identifier => self.identifier(&token)?,
            ItemType::Dot => Arg::Dot(pos),
            ItemType::Nil => Arg::Nil(pos),
            ItemType::Variable => self.use_variable(&token)?,
            ItemType::Field => Arg::Field(Field { pos, names: vec![Str::from(&token.val[1..])] }),
            ItemType::Bool => Arg::Bool(pos, token.val == b"true"),
            ItemType::CharConstant | ItemType::Complex | ItemType::Number => {
                match Number::new(pos, token.val, token.typ) {
                    Ok(number) => Arg::Number(Box::new(number)),
                    Err(message) => return self.error(message),
                }
            }
            ItemType::LeftParen => {
                if self.scope.stack_depth >= MAX_STACK_DEPTH {
                    return self.error("max expression depth exceeded");
                }
                self.check_depth()?;
                self.scope.stack_depth += 1;
                let pipe = self.pipeline("parenthesized pipeline", ItemType::RightParen)?;
                self.scope.stack_depth -= 1;
                Arg::Pipe(Box::new(pipe))
            }
            ItemType::String | ItemType::RawString => {
                let value = Value::Str(self.unquote(&token)?);
                let quoted = Str::from(token.val);
                Arg::String(Box::new(StringLiteral { pos, quoted, value }))
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        }))
    }

    fn identifier(&self, token: &Item<'s>) -> Result<Arg> {
        let pos = token.pos as u32;
        let name = text(token.val);
        match self.funcs.get(name.as_ref()) {
            Some((func, special)) => Ok(Arg::Identifier(Identifier { pos, func, special })),
            None => self.error(format!("function {} not defined", strconv::quote(name.as_bytes()))),
        }
    }

    fn use_variable(&mut self, token: &Item<'s>) -> Result<Arg> {
        let name = Str::from(token.val);
        if !self.scope.is_declared(&name) {
            return self.error(format!("undefined variable {}", strconv::quote(&name)));
        }
        let id = self.scope.id(&name);
        let slot = self.scope.find(id);
        Ok(Arg::Variable(Variable { pos: token.pos as u32, name, id, slot, fields: Vec::new() }))
    }
}

impl Arg {
    fn is_constant(&self) -> bool {
        matches!(self, Arg::Bool(..) | Arg::Dot(_) | Arg::Nil(_) | Arg::Number(_) | Arg::String(_))
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
