//! CEL, the language of rules in definitions of custom resources and in admission policies, as a server understands it: syntax,
//! types, values, costs, with the libraries of Kubernetes.
//!
//! Read [`Program`]: an expression that was read and checked, what it may cost at worst, and what it is worth. It knows no
//! definitions; [`shape`] makes the types of a schema. The reasons for an evaluator of our own stand in
//! `docs/decisions/0009-own-cel.md`.
//!
//! Source: cel-go v0.29 and k8s.io/apiserver `pkg/cel`.

mod amounts;
mod check;
mod convert;
mod cost;
mod declared;
mod estimate;
mod eval;
mod kinds;
mod lex;
mod lists;
mod literals;
mod macros;
mod moments;
mod nodes;
mod operators;
mod parse;
mod print;
pub mod rule;
pub mod shape;
mod source;
mod strings;
mod syntax;
mod types;
mod unify;
mod value;
mod verbs;
mod versions;

use std::rc::Rc;

use source::Issue;
use syntax::{Expr, Kind, Literal};

pub use check::{Extra, Fields, Known, Scope};
pub use estimate::Sizes;
pub use types::Type;
pub use value::{Stop, Value};

/// An expression that was read and checked.
#[derive(Debug)]
pub struct Program {
    expr: Expr,
    checked: check::Checked,
    minor: u32,
}

/// What an expression was worth, and what it cost.
pub struct Outcome<'a> {
    /// Its value.
    pub value: Result<Value<'a>, Stop>,
    /// In the units of the server.
    pub cost: u64,
}

impl Program {
    /// Reads and checks an expression; the error is the server's text.
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Program, String> {
        let told = |issues: Vec<Issue>| source::shown(text, issues);
        let parsed = parse::parse(text, scope.minor, scope.extra == Extra::Bindings).map_err(told)?;
        let parse::Parsed { mut expr, places } = parsed;
        let checked = check::check(&mut expr, &places, scope).map_err(told)?;
        let issues = literals::judge(&expr, &checked, &places, scope.minor);
        if !issues.is_empty() {
            return Err(told(issues));
        }
        Ok(Program { expr, checked, minor: scope.minor })
    }

    /// The type of its value.
    pub fn kind(&self) -> &Type {
        &self.checked.types[self.expr.id]
    }

    /// Whether it uses a variable.
    pub fn uses(&self, name: &str) -> bool {
        self.checked.names.iter().any(|own| &**own == name)
    }

    /// What it may cost at worst.
    pub fn worst_cost(&self, sizes: &dyn Sizes) -> u64 {
        estimate::worst(&self.expr, &self.checked, sizes)
    }

    /// Why no program can be made of it: a pattern that is none, or a value that stands there and cannot be what it is made.
    pub fn bad_constant(&self) -> Option<String> {
        let mut found = None;
        self.expr.walk(&mut |expr| {
            if let Kind::Call(call) = &expr.kind
                && found.is_none()
            {
                found = bad_call(call);
            }
        });
        found
    }

    /// Runs it with the values of its variables.
    pub fn run<'a>(&self, names: &[(&'static str, Value<'a>)]) -> Outcome<'a> {
        let mut run = eval::Run::new(names, self.minor);
        let value = run.eval(&self.expr);
        Outcome { value, cost: run.cost() }
    }
}

fn bad_call(call: &syntax::Call) -> Option<String> {
    let args: Vec<&Expr> = call.target.iter().chain(&call.args).collect();
    let told = |got: Result<Value<'_>, Stop>| match got {
        Err(Stop::Error(why)) => Some(why),
        _ => None,
    };
    match (&*call.function, &args[..]) {
        ("matches" | "find" | "findAll", [_, pattern, ..]) => match &pattern.kind {
            Kind::Literal(Literal::Text(text)) => {
                crate::go::regexp::compile(text.as_bytes()).err().map(|error| error.to_string())
            }
            _ => None,
        },
        (name @ ("bool" | "bytes" | "double" | "int" | "string" | "uint"), [arg]) => match &arg.kind {
            Kind::Literal(literal) => told(convert::call(name, &[Value::literal(literal)])?),
            _ => None,
        },
        ("_[_]" | "_[?_]", [_, Expr { kind: Kind::Call(index), .. }]) => {
            let kind = match &*index.function {
                "duration" => "Duration",
                "timestamp" => "Timestamp",
                _ => return None,
            };
            let is_constant = matches!(&index.args[..], [Expr { kind: Kind::Literal(_), .. }]);
            is_constant.then(|| format!("invalid qualifier type: types.{kind}"))
        }
        _ => None,
    }
}

/// The text of a value, if it is one.
pub fn text_of(value: &Value<'_>) -> Option<Rc<str>> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}
