//! [`Term`]: what an expression of a template says, without evaluating it: which values it reads and what it does with them.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::path::{FieldPath, Step};
use crate::template::ast::{Arg, Command, Pipe};
use crate::value::{FieldName, Str, Value};

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// The dot of a file.
    Root,
    /// What stands at a path below `.Values`.
    Values(FieldPath),
    /// What Helm puts beside them: `Release.IsUpgrade`.
    Builtin(String),
    /// A literal.
    Is(Json),
    /// A map that the template makes.
    Record(Rc<BTreeMap<Str, Term>>),
    /// A list that the template makes.
    Items(Vec<Term>),
    /// What a function gives for these.
    Call(&'static str, Vec<Term>),
    /// One of these, each where what is asked holds.
    Choice(Vec<(Vec<Ask>, Term)>),
    /// Something else.
    Other,
}

/// A term, and whether it is wanted to be true.
pub(super) type Ask = (Term, bool);

/// What a template knows where it stands.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) dot: Term,
    /// What `$` is.
    pub(super) top: Term,
    pub(super) variables: Vec<(Str, Term)>,
}

impl Names {
    /// Those of a template that is given this.
    pub(super) fn new(dot: Term) -> Names {
        Names { top: dot.clone(), dot, variables: Vec::new() }
    }

    pub(super) fn pipe(&mut self, pipe: &Pipe) -> Term {
        let mut value: Option<Term> = None;
        for command in &pipe.cmds {
            value = Some(self.command(command, value));
        }
        let value = value.unwrap_or(Term::Other);
        for variable in &pipe.decl {
            self.set(&variable.name, value.clone(), !pipe.is_assign);
        }
        value
    }

    pub(super) fn set(&mut self, name: &Str, value: Term, is_new: bool) {
        let old = self.variables.iter_mut().rev().find(|(own, _)| own == name);
        match old.filter(|_| !is_new) {
            Some((_, old)) => *old = value,
            None => self.variables.push((name.clone(), value)),
        }
    }

    fn command(&mut self, command: &Command, last: Option<Term>) -> Term {
        let Some((first, rest)) = command.args.split_first() else { return Term::Other };
        let args: Vec<Term> = rest.iter().map(|arg| self.arg(arg)).chain(last).collect();
        match first {
            Arg::Identifier(identifier) => called(identifier.func.name, args),
            first => match self.arg(first) {
                Term::Builtin(name) if name.ends_with(".Has") => {
                    Term::Call("Has", std::iter::once(Term::Builtin(name)).chain(args).collect())
                }
                Term::Builtin(name) if name.starts_with("Files.") => {
                    const ASKED: [&str; 4] = ["Files.Get", "Files.GetBytes", "Files.Lines", "Files.Glob"];
                    ASKED
                        .into_iter()
                        .find(|asked| *asked == name)
                        .map_or(Term::Other, |it| Term::Call(it, args))
                }
                value if args.is_empty() => value,
                _ => Term::Other,
            },
        }
    }

    fn arg(&mut self, arg: &Arg) -> Term {
        match arg {
            Arg::Dot(_) => self.dot.clone(),
            Arg::Field(field) => fields(self.dot.clone(), &field.names),
            Arg::Variable(variable) => {
                let own = self.variables.iter().rev().find(|(name, _)| *name == variable.name);
                let value = match own {
                    Some((_, value)) => value.clone(),
                    None if variable.name.as_bytes() == b"$" => self.top.clone(),
                    None => Term::Other,
                };
                fields(value, &variable.fields)
            }
            Arg::Chain(chain) => fields(self.arg(&chain.node), &chain.fields),
            Arg::Pipe(pipe) => self.pipe(pipe),
            Arg::Identifier(identifier) => called(identifier.func.name, Vec::new()),
            Arg::String(string) => Term::Is(literal(&string.value)),
            Arg::Bool(_, value) => Term::Is(Json::Bool(*value)),
            Arg::Number(number) => {
                number.ideal.as_ref().map_or(Term::Other, |ideal| Term::Is(literal(ideal)))
            }
            Arg::Nil(_) => Term::Is(Json::Null),
        }
    }
}

fn fields(value: Term, names: &[FieldName]) -> Term {
    names.iter().fold(value, |value, name| step(value, name.text()))
}

/// What a field of it is.
fn step(value: Term, name: &Str) -> Term {
    match value {
        Term::Root if name.as_bytes() == b"Values" => Term::Values(FieldPath::root()),
        Term::Root => Term::Builtin(name.to_string()),
        Term::Builtin(path) => Term::Builtin(format!("{path}.{name}")),
        Term::Values(path) => Term::Values(path.key(name.to_string())),
        Term::Record(record) => record.get(name).cloned().unwrap_or(Term::Other),
        Term::Choice(some) => {
            Term::Choice(some.into_iter().map(|(asks, one)| (asks, step(one, name))).collect())
        }
        // What is made of files is nothing where there are none.
        Term::Call("Files.Glob", args) => Term::Call("Files.Glob", args),
        _ => Term::Other,
    }
}

/// What one of its items is.
pub(super) fn element(value: &Term) -> Term {
    match value {
        Term::Values(path) => Term::Values(path.then(Step::Index(0))),
        Term::Items(items) => items.first().cloned().unwrap_or(Term::Other),
        _ => Term::Other,
    }
}

/// What a function gives, as far as it only takes apart or puts together.
fn called(name: &'static str, args: Vec<Term>) -> Term {
    let text = |term: &Term| match term {
        Term::Is(Json::String(text)) => Some(Str::from(text.as_str())),
        _ => None,
    };
    match (name, args.as_slice()) {
        ("dict", args) => {
            let pairs = args.chunks(2);
            let record = pairs.filter_map(|pair| Some((text(&pair[0])?, pair.get(1)?.clone())));
            Term::Record(Rc::new(record.collect()))
        }
        ("list" | "tuple", _) => Term::Items(args),
        ("index" | "get", [value, keys @ ..]) => {
            keys.iter().fold(value.clone(), |value, key| match text(key) {
                Some(key) => step(value, &key),
                None => Term::Other,
            })
        }
        ("dig", [keys @ .., other, map]) => {
            let found = keys.iter().fold(map.clone(), |value, key| match text(key) {
                Some(key) => step(value, &key),
                None => Term::Other,
            });
            Term::Call("default", vec![other.clone(), found])
        }
        ("required", [_, value]) | ("tpl", [value, _]) => value.clone(),
        ("deepCopy" | "mustDeepCopy" | "pick" | "omit", [value, ..]) => value.clone(),
        _ => Term::Call(name, args),
    }
}

/// A literal as data.
fn literal(value: &Value) -> Json {
    match value {
        Value::Str(text) => Json::from(text.to_string()),
        Value::Bool(truth) => Json::from(*truth),
        Value::Int(number) | Value::Int64(number) => Json::from(*number),
        Value::Float64(number) => Json::from(*number),
        _ => Json::Null,
    }
}
