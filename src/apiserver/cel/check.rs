//! The checker: every node gets a type, every call the ways in which it can be meant.
//!
//! Go: cel-go `checker/checker.go`, `checker/env.go`, `checker/errors.go`.

use std::collections::HashMap;
use std::rc::Rc;

use crate::budget;

use super::declared::{self, Overload};
use super::source::Issue;
use super::syntax::{Call, Expr, Fold, Kind, Literal, Select};
use super::types::Type;
use super::unify::{Open, more_general};

/// What an expression may name.
pub struct Scope<'a> {
    /// The minor whose functions there are.
    pub minor: u32,
    /// The variables.
    pub variables: Vec<(&'static str, Type)>,
    /// The types with fields.
    pub fields: &'a dyn Fields,
    /// What it may do besides.
    pub extra: Extra,
}

/// What some expressions may do and others not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Nothing.
    Nothing,
    /// Make patches.
    Patches,
    /// Name values: `cel.bind(name, value, expression)`.
    Bindings,
}

/// The fields of the types that have some.
pub trait Fields {
    /// What is known of a field of a type.
    fn field(&self, message: &str, field: &str) -> Known;
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its type.
    Field(Type),
    /// The type has no such field.
    NoField,
    /// There is no such type.
    NoType,
}

/// What was found out of an expression.
#[derive(Debug)]
pub struct Checked {
    /// The type of each node.
    pub types: Vec<Type>,
    /// The ways in which each call can be meant.
    pub overloads: Vec<Vec<&'static str>>,
    /// The names that it uses.
    pub names: Vec<Rc<str>>,
}

/// The function that is there for patches only.
const FOR_PATCHES: &str = "jsonpatch.escapeKey";

/// Names that are types, and the types that they name.
const TYPE_NAMES: [(&str, &str); 15] = [
    ("bool", "bool"),
    ("bytes", "bytes"),
    ("double", "double"),
    ("google.protobuf.Duration", "duration"),
    ("google.protobuf.Timestamp", "timestamp"),
    ("int", "int"),
    ("list", "list(dyn)"),
    ("map", "map(dyn, dyn)"),
    ("null_type", "null"),
    ("string", "string"),
    ("type", "type"),
    ("uint", "uint"),
    ("optional_type", "optional_type"),
    ("net.IP", "net.IP"),
    ("net.CIDR", "net.CIDR"),
];

fn type_named(name: &str) -> Option<Type> {
    let (_, written) = TYPE_NAMES.iter().find(|(known, _)| *known == name)?;
    Some(Type::Kind(std::sync::Arc::new(Type::read(written))))
}

/// Finds the types; names of types and of functions with dots become nodes of their own.
pub fn check(expr: &mut Expr, places: &[usize], scope: &Scope<'_>) -> Result<Checked, Vec<Issue>> {
    let mut checker = Checker {
        scope,
        places,
        types: vec![None; places.len()],
        overloads: vec![Vec::new(); places.len()],
        names: Vec::new(),
        open: Open::default(),
        locals: Vec::new(),
        issues: Vec::new(),
    };
    checker.expr(expr);
    if !checker.issues.is_empty() {
        return Err(checker.issues);
    }
    let open = &checker.open;
    let types =
        checker.types.iter().map(|kind| kind.as_ref().map_or(Type::Dyn, |kind| open.settle(kind, true)));
    Ok(Checked { types: types.collect(), overloads: checker.overloads, names: checker.names })
}

struct Checker<'a> {
    scope: &'a Scope<'a>,
    places: &'a [usize],
    types: Vec<Option<Type>>,
    overloads: Vec<Vec<&'static str>>,
    names: Vec<Rc<str>>,
    open: Open,
    locals: Vec<(Rc<str>, Type)>,
    issues: Vec<Issue>,
}

/// What a node costs to check.
const WORK: u64 = 20;

impl Checker<'_> {
    fn tell(&mut self, id: usize, message: String) {
        self.issues.push(Issue { at: Some(self.places[id]), message });
    }

    fn mismatch(&mut self, id: usize, wanted: &Type, found: &Type) {
        self.tell(id, format!("expected type '{wanted}' but found '{found}'"));
    }

    fn kind(&self, expr: &Expr) -> Type {
        self.types[expr.id].clone().unwrap_or(Type::Error)
    }

    fn settled(&self, kind: &Type) -> Type {
        self.open.settle(kind, false)
    }

    fn expr(&mut self, expr: &mut Expr) {
        // What is over the budget is told by whoever started the run.
        if budget::spend(WORK).is_err() {
            self.types[expr.id] = Some(Type::Error);
            return self.tell(expr.id, "the budget is spent".to_owned());
        }
        let id = expr.id;
        let kind = match &mut expr.kind {
            Kind::Missing | Kind::TypeName(_) => Type::Error,
            Kind::Literal(literal) => literal_type(literal),
            Kind::Ident(name) => {
                let name = name.clone();
                self.ident(expr, &name)
            }
            Kind::Select(_) => self.select(expr),
            Kind::Call(_) => self.call(expr),
            Kind::List(_) => self.list(expr),
            Kind::Map(_) => self.map(expr),
            Kind::Message(..) => self.message(expr),
            Kind::Fold(fold) => self.fold(fold),
        };
        self.types[id] = Some(kind);
    }

    fn undeclared(&mut self, id: usize, name: &str) -> Type {
        self.tell(id, format!("undeclared reference to '{name}' (in container '')"));
        Type::Error
    }

    fn global(&self, name: &str) -> Option<Type> {
        let variable = self.scope.variables.iter().find(|(own, _)| *own == name);
        variable.map(|(_, kind)| kind.clone())
    }

    /// A name as a variable or a type.
    fn resolve(&mut self, expr: &mut Expr, name: &str) -> Option<Type> {
        let local = self.locals.iter().rev().find(|(own, _)| &**own == name);
        if let Some((_, kind)) = local {
            return Some(kind.clone());
        }
        let name = name.strip_prefix('.').unwrap_or(name);
        if let Some(kind) = self.global(name) {
            self.names.push(name.into());
            expr.kind = Kind::Ident(name.into());
            return Some(kind);
        }
        let kind = type_named(name)?;
        expr.kind = Kind::TypeName(name.into());
        Some(kind)
    }

    fn ident(&mut self, expr: &mut Expr, name: &str) -> Type {
        match self.resolve(expr, name) {
            Some(kind) => kind,
            None => self.undeclared(expr.id, name),
        }
    }

    fn select(&mut self, expr: &mut Expr) -> Type {
        if let Some(name) = dotted(expr)
            && let Some(first) = name.split('.').next()
            && !self.locals.iter().any(|(own, _)| &**own == first)
            && let Some(kind) = self.resolve(expr, &name)
        {
            return kind;
        }
        let id = expr.id;
        let Kind::Select(select) = &mut expr.kind else { return Type::Error };
        let Select { operand, field, is_test } = &mut **select;
        let found = self.field(id, operand, &field.clone(), false);
        if *is_test { Type::Bool } else { self.settled(&found) }
    }

    fn field(&mut self, id: usize, operand: &mut Expr, field: &str, is_optional: bool) -> Type {
        self.expr(operand);
        let kind = self.settled(&self.kind(operand));
        let inner = kind.in_optional().cloned();
        let is_optional = is_optional || inner.is_some();
        let target = inner.unwrap_or(kind);
        let found = match &target {
            Type::Map(map) => map.1.clone(),
            Type::Message(name) => self.message_field(id, name, field),
            Type::Open(_) => {
                self.open.is_assignable(&Type::Dyn, &target);
                Type::Dyn
            }
            Type::Dyn | Type::Error => Type::Dyn,
            _ => {
                self.tell(id, format!("type '{target}' does not support field selection"));
                Type::Dyn
            }
        };
        if is_optional { Type::optional(found) } else { found }
    }

    fn message_field(&mut self, id: usize, message: &str, field: &str) -> Type {
        match self.scope.fields.field(message, field) {
            Known::Field(kind) => kind,
            Known::NoField => {
                self.tell(id, format!("undefined field '{field}'"));
                Type::Error
            }
            Known::NoType => {
                self.tell(id, format!("unexpected failed resolution of '{message}'"));
                Type::Error
            }
        }
    }

    fn call(&mut self, expr: &mut Expr) -> Type {
        let id = expr.id;
        let Kind::Call(call) = &mut expr.kind else { return Type::Error };
        let Call { target, function, args } = &mut **call;
        if &**function == "_?._" && target.is_none() {
            return self.optional_select(id, args);
        }
        for arg in args.iter_mut() {
            self.expr(arg);
        }
        let plain: Rc<str> = function.strip_prefix('.').unwrap_or(function).into();
        let Some(owner) = target.as_mut() else {
            let Some(overloads) = self.function(&plain) else { return self.undeclared(id, function) };
            *function = plain.clone();
            let kinds: Vec<Type> = args.iter().map(|arg| self.kind(arg)).collect();
            let ids: Vec<usize> = args.iter().map(|arg| arg.id).collect();
            return self.overload(id, (&plain, overloads), false, &kinds, &ids);
        };
        let kinds: Vec<Type> = args.iter().map(|arg| self.kind(arg)).collect();
        if let Some(prefix) = dotted(owner) {
            let prefix = prefix.strip_prefix('.').unwrap_or(&prefix);
            let whole = format!("{prefix}.{function}");
            if let Some(overloads) = self.function(&whole) {
                *function = whole.as_str().into();
                *target = None;
                let ids: Vec<usize> = args.iter().map(|arg| arg.id).collect();
                return self.overload(id, (&whole, overloads), false, &kinds, &ids);
            }
        }
        self.expr(owner);
        let Some(overloads) = self.function(&plain) else { return self.undeclared(id, function) };
        let mut all = vec![self.kind(owner)];
        all.extend(kinds);
        self.overload(id, (&plain, overloads), true, &all, &[])
    }

    /// The ways to call a function that the minor has.
    fn function(&self, name: &str) -> Option<&'static [Overload]> {
        let all =
            declared::function(name).filter(|_| name != FOR_PATCHES || self.scope.extra == Extra::Patches)?;
        all.iter().any(|overload| overload.since <= self.scope.minor).then_some(all)
    }

    fn optional_select(&mut self, id: usize, args: &mut [Expr]) -> Type {
        let [operand, field] = args else { return Type::Error };
        let Kind::Literal(Literal::Text(name)) = &field.kind else { return Type::Error };
        let found = self.field(id, operand, &name.clone(), true);
        self.types[field.id] = Some(Type::Text);
        self.overloads[id] = vec!["select_optional_field"];
        self.settled(&found)
    }

    fn overload(
        &mut self,
        id: usize,
        (name, overloads): (&str, &'static [Overload]),
        is_member: bool,
        args: &[Type],
        ids: &[usize],
    ) -> Type {
        let mut found: Option<Type> = None;
        for overload in overloads {
            if overload.since > self.scope.minor || overload.is_member != is_member {
                continue;
            }
            if matches!(name, "_&&_" | "_||_") {
                return self.logic(id, overload, args, ids);
            }
            let mut params = HashMap::new();
            let wanted: Vec<Type> =
                overload.args.iter().map(|arg| self.open.instance(arg, &mut params)).collect();
            let result = self.open.instance(&overload.result, &mut params);
            let _ = budget::spend(WORK);
            if !self.open.are_assignable(args, &wanted) {
                continue;
            }
            self.overloads[id].push(overload.id);
            let result = self.settled(&result);
            found = Some(match found {
                None => result,
                Some(Type::Dyn) => Type::Dyn,
                Some(before) if before == result => before,
                Some(_) => Type::Dyn,
            });
        }
        if let Some(found) = found {
            return found;
        }
        let args: Vec<String> = args.iter().map(|arg| self.open.settle(arg, true).to_string()).collect();
        let (target, args) = match args.split_first() {
            Some((target, args)) if is_member => (format!("{target}."), args),
            _ => (String::new(), &args[..]),
        };
        let applied = format!("{target}({})", args.join(", "));
        self.tell(id, format!("found no matching overload for '{name}' applied to '{applied}'"));
        Type::Error
    }

    fn logic(&mut self, id: usize, overload: &'static Overload, args: &[Type], ids: &[usize]) -> Type {
        self.overloads[id] = vec![overload.id];
        let mut result = Type::Bool;
        for (arg, id) in args.iter().zip(ids) {
            if !self.open.is_assignable(arg, &Type::Bool) {
                self.mismatch(*id, &Type::Bool, arg);
                result = Type::Error;
            }
        }
        result
    }

    /// The type of what may not be there, without that.
    fn unwrapped(&mut self, expr: &Expr, is_optional: bool) -> Type {
        let kind = self.kind(expr);
        if !is_optional {
            return kind;
        }
        if let Some(inner) = kind.in_optional() {
            return inner.clone();
        }
        if kind != Type::Dyn {
            self.mismatch(expr.id, &Type::optional(kind.clone()), &kind);
        }
        kind
    }

    /// The type of what is of the one or the other; that lists hold things of one type is told of literals alone.
    fn join(&mut self, before: Option<Type>, kind: Type) -> Type {
        let Some(before) = before else { return kind };
        if self.open.is_assignable(&before, &kind) { more_general(before, kind) } else { Type::Dyn }
    }

    fn list(&mut self, expr: &mut Expr) -> Type {
        let Kind::List(items) = &mut expr.kind else { return Type::Error };
        let mut found = None;
        for item in items {
            self.expr(&mut item.expr);
            let kind = self.unwrapped(&item.expr, item.is_optional);
            found = Some(self.join(found, kind));
        }
        Type::list(found.unwrap_or_else(|| self.open.fresh()))
    }

    fn map(&mut self, expr: &mut Expr) -> Type {
        let Kind::Map(entries) = &mut expr.kind else { return Type::Error };
        let (mut keys, mut values) = (None, None);
        for entry in entries {
            self.expr(&mut entry.key);
            let kind = self.kind(&entry.key);
            keys = Some(self.join(keys, kind));
            self.expr(&mut entry.value);
            let kind = self.unwrapped(&entry.value, entry.is_optional);
            values = Some(self.join(values, kind));
        }
        let keys = keys.unwrap_or_else(|| self.open.fresh());
        Type::map(keys, values.unwrap_or_else(|| self.open.fresh()))
    }

    fn message(&mut self, expr: &mut Expr) -> Type {
        let id = expr.id;
        let Kind::Message(name, fields) = &mut expr.kind else { return Type::Error };
        let name = name.strip_prefix('.').unwrap_or(name).to_owned();
        if self.scope.fields.field(&name, "") == Known::NoType {
            let found = type_named(&name);
            let Some(Type::Kind(inner)) = found else { return self.undeclared(id, &name) };
            self.tell(id, format!("'{}' is not a message type", inner.name()));
            return Type::Error;
        }
        for field in fields {
            self.expr(&mut field.value);
            let wanted = self.message_field(field.id, &name, &field.name);
            let kind = self.unwrapped(&field.value, field.is_optional);
            if !self.open.is_assignable(&wanted, &kind) {
                let name = &field.name;
                self.tell(
                    field.id,
                    format!("expected type of field '{name}' is '{wanted}' but provided type is '{kind}'"),
                );
            }
        }
        Type::message(&name)
    }

    fn fold(&mut self, fold: &mut Fold) -> Type {
        self.expr(&mut fold.range);
        self.expr(&mut fold.init);
        let range = self.settled(&self.kind(&fold.range));
        let kept = self.kind(&fold.init);
        let depth = self.locals.len();
        self.locals.push((fold.accumulator.clone(), kept.clone()));
        let has_two = fold.second.is_some();
        let (first, second) = match &range {
            Type::List(items) if has_two => (Type::Int, (**items).clone()),
            Type::List(items) => ((**items).clone(), Type::Dyn),
            Type::Map(map) => (map.0.clone(), map.1.clone()),
            Type::Dyn | Type::Error | Type::Open(_) => {
                self.open.is_assignable(&Type::Dyn, &range);
                (Type::Dyn, Type::Dyn)
            }
            _ => {
                let words = "cannot be range of a comprehension (must be list, map, or dynamic)";
                self.tell(fold.range.id, format!("expression of type '{range}' {words}"));
                (Type::Error, Type::Error)
            }
        };
        self.locals.push((fold.variable.clone(), first));
        if let Some(name) = &fold.second {
            self.locals.push((name.clone(), second));
        }
        self.expr(&mut fold.condition);
        self.wants(&fold.condition, &Type::Bool);
        self.expr(&mut fold.step);
        self.wants(&fold.step, &kept);
        self.locals.truncate(depth + 1);
        self.expr(&mut fold.result);
        self.locals.truncate(depth);
        self.settled(&self.kind(&fold.result))
    }

    fn wants(&mut self, expr: &Expr, wanted: &Type) {
        let kind = self.kind(expr);
        if !self.open.is_assignable(wanted, &kind) {
            self.mismatch(expr.id, wanted, &kind);
        }
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::Text(_) => Type::Text,
        Literal::Bytes(_) => Type::Bytes,
    }
}

/// `a.b.c` as it is written.
fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Ident(name) => Some(name.to_string()),
        Kind::Select(select) if !select.is_test => {
            Some(format!("{}.{}", dotted(&select.operand)?, select.field))
        }
        _ => None,
    }
}
