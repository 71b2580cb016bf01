//! A rule of a definition: `x-kubernetes-validations`, compiled for the part of the schema at which it stands.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/cel/compilation.go`.

use std::collections::HashMap;
use std::rc::Rc;

use crate::apiserver::tree::Tree;

use super::Program;
use super::check::{Extra, Scope};
use super::estimate::Sizes;
use super::shape::{Shape, Sort, Structs};
use super::types::Type;

/// The name that the type of an object gets; the server puts the time behind it.
pub const SELF_TYPE: &str = "selfType";

/// A rule, compiled.
#[derive(Debug)]
pub struct Rule {
    /// The program; nothing where the rule says nothing.
    pub program: Result<Option<Program>, String>,
    /// That of the message, where there is one and the rule is a program.
    pub message: Option<Result<Program, String>>,
}

impl Rule {
    /// Compiles a rule by the functions of a minor.
    pub fn compile(written: &Tree, shape: &Shape, structs: &HashMap<String, &Shape>, minor: u32) -> Rule {
        let text = written.str("rule");
        if text.trim().is_empty() {
            return Rule { program: Ok(None), message: None };
        }
        let own = shape.kind.clone().unwrap_or(Type::Dyn);
        let before = if written.is("optionalOldSelf") { Type::optional(own.clone()) } else { own.clone() };
        let structs = Structs(structs.clone());
        let variables = vec![("self", own), ("oldSelf", before)];
        let scope = Scope { minor, variables, fields: &structs, extra: Extra::Nothing };
        let renamed = |why: String| match &shape.kind {
            Some(Type::Message(name)) if &**name != SELF_TYPE => why.replace(&**name, SELF_TYPE),
            _ => why,
        };
        let program = match Program::compile(text, &scope) {
            Err(why) => Err(format!("compilation failed: {}", renamed(why))),
            Ok(program) if *program.kind() != Type::Bool => {
                Err("cel expression must evaluate to a bool".to_owned())
            }
            Ok(program) => match program.bad_constant() {
                Some(why) => Err(format!("program instantiation failed: {why}")),
                None => Ok(Some(program)),
            },
        };
        let message = written.str("messageExpression");
        if program.is_err() || message.is_empty() {
            return Rule { program, message: None };
        }
        let message = match Program::compile(message, &scope) {
            Err(why) => Err(format!("messageExpression compilation failed: {}", renamed(why))),
            Ok(program) if *program.kind() != Type::Text => {
                Err("messageExpression must evaluate to a string".to_owned())
            }
            Ok(program) => match program.bad_constant() {
                Some(why) => Err(format!("messageExpression instantiation failed: {why}")),
                None => Ok(program),
            },
        };
        Rule { program, message: Some(message) }
    }

    /// Whether it asks what the value was.
    pub fn uses_old(&self) -> bool {
        matches!(&self.program, Ok(Some(program)) if program.uses("oldSelf"))
    }
}

impl Sizes for Shape {
    fn most(&self, way: &[Rc<str>]) -> Option<u64> {
        let mut shape = self;
        for step in way {
            shape = match (&**step, &shape.sort) {
                ("@items" | "@values", _) => shape.below().filter(|below| below.kind.is_some())?,
                // A key is a text of which nobody says how long it is; the server counts none.
                ("@keys", Sort::Map(_)) => return Some(0),
                ("@keys", _) => return None,
                (name, _) => shape.field(name)?,
            };
        }
        Some(u64::try_from(shape.most).unwrap_or(0))
    }
}
