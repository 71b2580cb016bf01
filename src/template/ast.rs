//! The nodes of a parsed template. Go: parse/node.go, but resolved: functions are references, literals are values,
//! variables know where in the stack they should be. `Display` gives what Go's `String` gives, since errors print it.

use std::cell::OnceCell;
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use super::error::Place;
use super::func::Func;
use crate::go::strconv;
use crate::value::{FieldName, Str, Value};

/// A text that was parsed, for error messages and traces.
#[derive(Debug)]
pub struct Source {
    /// Go's `ParseName`.
    pub name: Str,
    /// The text.
    pub text: Rc<[u8]>,
    /// Where its lines end, once somebody asks.
    line_ends: OnceCell<Box<[u32]>>,
}

impl Source {
    /// A text of that name, no longer than offsets reach.
    pub fn new(name: Str, text: Rc<[u8]>) -> Source {
        Source { name, text, line_ends: OnceCell::new() }
    }

    /// Line and column of an offset. Go: `ErrorContext`.
    pub fn place(&self, pos: u32) -> Place {
        let (ends, line) = (self.line_ends(), self.line(pos));
        let line_start = line.checked_sub(2).map_or(0, |before| ends[before] as usize + 1);
        let column = (pos as usize).min(self.text.len()) - line_start;
        Place { file: self.name.clone(), line, column: Some(column) }
    }

    /// The line of an offset, from 1.
    pub fn line(&self, pos: u32) -> usize {
        self.line_ends().partition_point(|end| *end < pos) + 1
    }

    fn line_ends(&self) -> &[u32] {
        let ends = || memchr::memchr_iter(b'\n', &self.text).map(|end| end as u32).collect();
        self.line_ends.get_or_init(ends)
    }
}

/// A template of its own: a file, a `define` or a `block`.
pub struct Tree {
    /// Its name.
    pub name: Str,
    /// The text that it stands in.
    pub source: Rc<Source>,
    /// What it does.
    pub root: List,
}

/// A sequence of nodes.
pub struct List {
    /// The nodes.
    pub nodes: Box<[Node]>,
}

/// What a list holds.
pub enum Node {
    /// Plain text.
    Text(Text),
    /// `{{ pipeline }}`
    Action(Action),
    /// `{{ if }}`
    If(Branch),
    /// `{{ with }}`
    With(Branch),
    /// `{{ range }}`
    Range(Branch),
    /// `{{ template }}`, and what `{{ block }}` leaves behind
    Template(Template),
    /// `{{ break }}`
    Break(u32),
    /// `{{ continue }}`
    Continue(u32),
}

/// Plain text.
pub struct Text {
    /// Where it starts.
    pub pos: u32,
    /// Where it ends.
    pub end: u32,
    /// The text that it is a part of.
    pub source: Rc<Source>,
}

impl Text {
    /// What it says.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.source.text[self.pos as usize..self.end as usize]
    }

    /// Whether there is nothing in it but space.
    fn is_space(&self) -> bool {
        std::str::from_utf8(self.bytes()).is_ok_and(|text| text.trim().is_empty())
    }
}

/// An action that prints or declares.
pub struct Action {
    /// Where its pipeline starts.
    pub pos: u32,
    /// What it evaluates.
    pub pipe: Pipe,
}

/// `if`, `with` or `range`.
pub struct Branch {
    /// Where its pipeline starts.
    pub pos: u32,
    /// The condition, or what to range over.
    pub pipe: Pipe,
    /// What to do if it is not empty.
    pub list: List,
    /// What to do if it is.
    pub else_list: Option<List>,
}

/// A call of a template by name.
pub struct Template {
    /// Where the name stands.
    pub pos: u32,
    /// The name.
    pub name: Str,
    /// What becomes its dot.
    pub pipe: Option<Pipe>,
}

/// Commands, each fed with the result of the one before.
pub struct Pipe {
    /// Where it starts.
    pub pos: u32,
    /// `=` rather than `:=`.
    pub is_assign: bool,
    /// The variables that it declares or assigns.
    pub decl: Box<[Variable]>,
    /// The commands.
    pub cmds: Box<[Command]>,
}

/// A function, method or operand, and its arguments.
pub struct Command {
    /// Where it starts.
    pub pos: u32,
    /// The operands, the function first.
    pub args: Box<[Arg]>,
}

/// An operand.
pub enum Arg {
    /// `true`
    Bool(u32, bool),
    /// `(pipeline).field` and the like
    Chain(Box<Chain>),
    /// `.`
    Dot(u32),
    /// `.field.field`
    Field(Field),
    /// A function's name
    Identifier(Identifier),
    /// `nil`
    Nil(u32),
    /// A number or a character
    Number(Box<Number>),
    /// `(pipeline)`
    Pipe(Box<Pipe>),
    /// A string
    String(Box<StringLiteral>),
    /// `$name.field.field`
    Variable(Variable),
}

/// Fields of an operand that is no variable and not the dot.
pub struct Chain {
    /// Where the first field starts.
    pub pos: u32,
    /// The operand.
    pub node: Arg,
    /// The fields.
    pub fields: Box<[FieldName]>,
}

/// Fields of the dot.
pub struct Field {
    /// Where it starts, or its second name, if there is one.
    pub pos: u32,
    /// The names.
    pub names: Box<[FieldName]>,
}

/// A variable and perhaps fields of it.
pub struct Variable {
    /// Where it starts, or its first field, if there is one.
    pub pos: u32,
    /// Its name with the dollar.
    pub name: Str,
    /// The number that the name has in its tree.
    pub id: u32,
    /// Where in the stack it stands, unless a declaration was jumped over.
    pub slot: u32,
    /// The fields.
    pub fields: Box<[FieldName]>,
}

/// A function by its name.
pub struct Identifier {
    /// Where it stands.
    pub pos: u32,
    /// What it stands for.
    pub func: &'static Func,
    /// What the evaluator itself has to do with it.
    pub special: Special,
}

/// Built-in functions that the evaluator has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// None of them.
    None,
    /// `and` stops at the first false argument.
    And,
    /// `or` stops at the first true one.
    Or,
    /// `len` tells a nil in an interface from nothing at all.
    Len,
    /// `call` wants to know what its function was called.
    Call,
}

/// A number under all the types that can hold it. Go: `NumberNode`.
pub struct Number {
    /// Where it stands.
    pub pos: u32,
    /// As it was written.
    pub text: String,
    /// As a signed integer.
    pub int: Option<i64>,
    /// As an unsigned integer.
    pub uint: Option<u64>,
    /// As a float.
    pub float: Option<f64>,
    /// As a complex number, real and imaginary part.
    pub complex: Option<(f64, f64)>,
    /// What it is where nobody says which type is wanted; `None` overflows.
    pub ideal: Option<Value>,
}

/// A string.
pub struct StringLiteral {
    /// Where it stands.
    pub pos: u32,
    /// As it was written, if that is anything but the string between double quotes.
    pub quoted: Option<Str>,
    /// What it says.
    pub value: Value,
}

impl Arg {
    /// Where it stands.
    pub fn pos(&self) -> u32 {
        match self {
            Arg::Bool(pos, _) | Arg::Dot(pos) | Arg::Nil(pos) => *pos,
            Arg::Chain(chain) => chain.pos,
            Arg::Field(field) => field.pos,
            Arg::Identifier(identifier) => identifier.pos,
            Arg::Number(number) => number.pos,
            Arg::Pipe(pipe) => pipe.pos,
            Arg::String(string) => string.pos,
            Arg::Variable(variable) => variable.pos,
        }
    }
}

impl List {
    /// Whether there is nothing in it but space. Go: `IsEmptyTree`.
    pub fn is_empty(&self) -> bool {
        self.nodes.iter().all(|node| match node {
            Node::Text(text) => text.is_space(),
            _ => false,
        })
    }
}

/// Any node that an error can point at, by reference.
#[derive(Clone, Copy)]
pub enum At<'t> {
    /// Nothing yet.
    Start,
    /// A node of a list.
    Node(&'t Node),
    /// A pipeline.
    Pipe(&'t Pipe),
    /// A command.
    Command(&'t Command),
    /// An operand.
    Arg(&'t Arg),
}

impl At<'_> {
    /// Where it stands.
    pub fn pos(self) -> u32 {
        match self {
            At::Start => 0,
            At::Node(node) => node.pos(),
            At::Pipe(pipe) => pipe.pos,
            At::Command(command) => command.pos,
            At::Arg(arg) => arg.pos(),
        }
    }
}

impl Node {
    /// Where it stands.
    pub fn pos(&self) -> u32 {
        match self {
            Node::Text(text) => text.pos,
            Node::Action(action) => action.pos,
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => branch.pos,
            Node::Template(template) => template.pos,
            Node::Break(pos) | Node::Continue(pos) => *pos,
        }
    }
}

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            At::Start => Ok(()),
            At::Node(node) => node.fmt(f),
            At::Pipe(pipe) => pipe.fmt(f),
            At::Command(command) => command.fmt(f),
            At::Arg(arg) => arg.fmt(f),
        }
    }
}

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.nodes.iter().try_for_each(|node| node.fmt(f))
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Text(text) => String::from_utf8_lossy(text.bytes()).fmt(f),
            Node::Action(action) => write!(f, "{{{{{}}}}}", action.pipe),
            Node::If(branch) => branch.write(f, "if"),
            Node::With(branch) => branch.write(f, "with"),
            Node::Range(branch) => branch.write(f, "range"),
            Node::Template(template) => template.fmt(f),
            Node::Break(_) => f.write_str("{{break}}"),
            Node::Continue(_) => f.write_str("{{continue}}"),
        }
    }
}

impl Branch {
    fn write(&self, f: &mut Formatter<'_>, name: &str) -> fmt::Result {
        write!(f, "{{{{{name} {}}}}}{}", self.pipe, self.list)?;
        if let Some(else_list) = &self.else_list {
            write!(f, "{{{{else}}}}{else_list}")?;
        }
        f.write_str("{{end}}")
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", strconv::quote(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, variable) in self.decl.iter().enumerate() {
            write!(f, "{}{variable}", if at > 0 { ", " } else { "" })?;
        }
        if !self.decl.is_empty() {
            f.write_str(if self.is_assign { " = " } else { " := " })?;
        }
        for (at, command) in self.cmds.iter().enumerate() {
            write!(f, "{}{command}", if at > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, arg) in self.args.iter().enumerate() {
            f.write_str(if at > 0 { " " } else { "" })?;
            arg.write_operand(f)?;
        }
        Ok(())
    }
}

impl Arg {
    /// As part of something larger, where a pipeline has its parentheses.
    fn write_operand(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Arg::Pipe(pipe) => write!(f, "({pipe})"),
            _ => self.fmt(f),
        }
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Arg::Bool(_, value) => value.fmt(f),
            Arg::Chain(chain) => {
                chain.node.write_operand(f)?;
                write_fields(f, &chain.fields)
            }
            Arg::Dot(_) => f.write_str("."),
            Arg::Field(field) => write_fields(f, &field.names),
            Arg::Identifier(identifier) => f.write_str(identifier.func.name),
            Arg::Nil(_) => f.write_str("nil"),
            Arg::Number(number) => f.write_str(&number.text),
            Arg::Pipe(pipe) => pipe.fmt(f),
            Arg::String(string) => match (&string.quoted, &string.value) {
                (None, Value::Str(text)) => write!(f, "\"{text}\""),
                (quoted, _) => quoted.as_ref().map_or(Ok(()), |quoted| quoted.fmt(f)),
            },
            Arg::Variable(variable) => variable.fmt(f),
        }
    }
}

impl Display for Variable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)?;
        write_fields(f, &self.fields)
    }
}

fn write_fields(f: &mut Formatter<'_>, fields: &[FieldName]) -> fmt::Result {
    fields.iter().try_for_each(|field| write!(f, ".{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_from_the_start_of_its_line() {
        let source = Source::new(Str::from("t"), Rc::from(&b"ab\n\ncd"[..]));
        let places =
            (0..=9).map(|pos| source.place(pos)).map(|place| (place.line, place.column.unwrap_or(99)));
        let wanted = [(1, 0), (1, 1), (1, 2), (2, 0), (3, 0), (3, 1), (3, 2), (3, 2), (3, 2), (3, 2)];
        assert_eq!(places.collect::<Vec<_>>(), wanted);
    }
}
