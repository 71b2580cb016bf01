//! The evaluator: a walk over the tree. An error on one side of `&&` and `||` does not matter where the other side decides.
//!
//! Go: cel-go `interpreter`.

use std::rc::Rc;

use crate::budget;

use super::syntax::{Call, Entry, Expr, Fold, Item, Kind, Literal, Select};
use super::value::{Got, Stop, Value};
use super::{convert, cost, kinds, lists, operators, strings};

/// What a call of an expression may cost.
///
/// Go: `celconfig.PerCallLimit`
const PER_CALL: u64 = 1_000_000;
/// What a step costs of our own budget.
const WORK: u64 = 4;

/// An evaluation: its names, and what it cost.
pub struct Run<'a> {
    names: Vec<(Rc<str>, Value<'a>)>,
    cost: u64,
    minor: u32,
}

impl<'a> Run<'a> {
    /// With variables, by what a minor knows.
    pub fn new(names: &[(&'static str, Value<'a>)], minor: u32) -> Run<'a> {
        let names = names.iter().map(|(name, value)| (Rc::from(*name), value.clone())).collect();
        Run { names, cost: 0, minor }
    }

    /// What it has cost so far.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// Counts what a server counts.
    fn pay(&mut self, units: u64) -> Result<(), Stop> {
        budget::spend(WORK).map_err(|_| Stop::Budget)?;
        self.cost = self.cost.saturating_add(units);
        if self.cost > PER_CALL { Err(Stop::Cost) } else { Ok(()) }
    }

    /// The value of an expression.
    pub fn eval(&mut self, expr: &Expr) -> Got<'a> {
        match &expr.kind {
            Kind::Missing | Kind::Message(..) => Err(Stop::no_overload()),
            Kind::Literal(literal) => Ok(Value::literal(literal)),
            Kind::TypeName(name) => Ok(Value::Type(name.clone())),
            Kind::Ident(name) => {
                self.pay(1)?;
                let own = self.names.iter().rev().find(|(own, _)| own == name);
                let own = own.map(|(_, value)| value.clone());
                own.ok_or_else(|| Stop::error(format!("no such attribute(s): {name}")))
            }
            Kind::Select(select) => self.select(select),
            Kind::Call(call) => self.call(call),
            Kind::List(items) => self.list(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Fold(fold) => self.fold(fold),
        }
    }

    fn select(&mut self, select: &Select) -> Got<'a> {
        let before = self.cost;
        let operand = self.eval(&select.operand);
        if select.is_test {
            // It costs nothing to ask whether something is there, but what leads to it.
            self.cost = self.cost.max(before);
            return has(&operand?, &select.field);
        }
        let operand = operand?;
        self.pay(1)?;
        Self::access(&operand, &Value::Text(select.field.clone()), false)
    }

    /// The entry or item; of an optional value the optional.
    fn access(value: &Value<'a>, index: &Value<'a>, is_optional: bool) -> Got<'a> {
        if let Value::Optional(inner) = value {
            return match inner {
                None => Ok(Value::Optional(None)),
                Some(inner) => Self::access(inner, index, true),
            };
        }
        match (operators::at(value, index)?, is_optional) {
            (Some(found), false) => Ok(found),
            (Some(found @ Value::Optional(_)), true) => Ok(found),
            (Some(found), true) => Ok(Value::some(found)),
            (None, true) => Ok(Value::Optional(None)),
            (None, false) => Err(operators::missing(value, index)),
        }
    }

    fn list(&mut self, items: &[Item]) -> Got<'a> {
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match (self.eval(&item.expr)?, item.is_optional) {
                (Value::Optional(None), true) => {}
                (Value::Optional(Some(value)), true) => found.push((*value).clone()),
                (_, true) => return Err(Stop::no_overload()),
                (value, _) => found.push(value),
            }
        }
        self.pay(cost::LIST)?;
        Ok(Value::list(found))
    }

    fn map(&mut self, entries: &[Entry]) -> Got<'a> {
        let mut found: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.eval(&entry.key)?;
            let value = match (self.eval(&entry.value)?, entry.is_optional) {
                (Value::Optional(None), true) => continue,
                (Value::Optional(Some(value)), true) => (*value).clone(),
                (_, true) => return Err(Stop::no_overload()),
                (value, _) => value,
            };
            match found.iter_mut().find(|(own, _)| matches!(super::value::equal(own, &key), Ok(true))) {
                Some((_, own)) => *own = value,
                None => found.push((key, value)),
            }
        }
        self.pay(cost::MAP)?;
        Ok(Value::Map(Rc::new(found)))
    }

    fn call(&mut self, call: &Call) -> Got<'a> {
        match (&call.target, &*call.function, &call.args[..]) {
            (None, name @ ("_&&_" | "_||_"), [left, right]) => {
                return self.logic(name == "_||_", left, right);
            }
            (None, "_?_:_", [condition, yes, no]) => {
                return match self.eval(condition)? {
                    Value::Bool(true) => self.eval(yes),
                    Value::Bool(false) => self.eval(no),
                    _ => Err(Stop::no_overload()),
                };
            }
            (None, name @ ("_[_]" | "_[?_]"), [value, index]) => {
                let value = self.eval(value)?;
                if let Value::Optional(None) = value {
                    return Ok(value);
                }
                let index = self.eval(index)?;
                self.pay(1)?;
                return Self::access(&value, &index, name == "_[?_]");
            }
            // What is in nothing is not asked for.
            (None, "@in", [_, Expr { kind: Kind::List(items), .. }]) if items.is_empty() => {
                return Ok(Value::Bool(false));
            }
            (None, "_?._", [value, field]) => {
                let value = self.eval(value)?;
                self.pay(1)?;
                let Kind::Literal(Literal::Text(field)) = &field.kind else {
                    return Err(Stop::no_overload());
                };
                return Self::access(&value, &Value::Text(field.clone()), true);
            }
            (Some(target), name @ ("or" | "orValue"), [other]) => {
                return match self.eval(target)? {
                    Value::Optional(Some(inner)) if name == "orValue" => Ok((*inner).clone()),
                    Value::Optional(None) => self.eval(other),
                    own @ Value::Optional(Some(_)) => Ok(own),
                    _ => Err(Stop::no_overload()),
                };
            }
            _ => {}
        }
        let mut args = Vec::with_capacity(call.args.len() + 1);
        for arg in call.target.iter().chain(&call.args) {
            args.push(self.eval(arg)?);
        }
        let name = &*call.function;
        // What a function does is paid for afterwards, as the server does it; our own budget is asked before.
        let size: u64 = args.iter().filter_map(Value::size).fold(0, u64::saturating_add);
        budget::spend(size / 8).map_err(|_| Stop::Budget)?;
        let got = self.function(name, &args);
        self.pay(cost::of(name, &args, got.as_ref().ok()))?;
        got
    }

    fn function(&self, name: &str, args: &[Value<'a>]) -> Got<'a> {
        operators::call(name, args)
            .or_else(|| strings::call(name, args))
            .or_else(|| lists::call(name, args))
            .or_else(|| convert::call(name, args))
            .or_else(|| kinds::call(name, args, self.minor))
            .unwrap_or_else(|| Err(Stop::no_overload()))
    }

    /// `decides` is the value of a side that makes the other not matter.
    fn logic(&mut self, decides: bool, left: &Expr, right: &Expr) -> Got<'a> {
        let left = self.eval(left);
        match &left {
            Err(Stop::Cost | Stop::Budget) => return left,
            Ok(Value::Bool(flag)) if *flag == decides => return left,
            _ => {}
        }
        let right = self.eval(right);
        match (left, right) {
            (_, Err(stop @ (Stop::Cost | Stop::Budget))) => Err(stop),
            (_, Ok(Value::Bool(flag))) if flag == decides => Ok(Value::Bool(decides)),
            (Err(stop), _) | (Ok(Value::Bool(_)), Err(stop)) => Err(stop),
            (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(!decides)),
            _ => Err(Stop::no_overload()),
        }
    }

    /// What a loop goes over: the values of its one or two variables.
    fn range(&mut self, fold: &Fold) -> Result<Vec<(Value<'a>, Option<Value<'a>>)>, Stop> {
        let range = self.eval(&fold.range)?;
        if let Some(items) = range.items() {
            let items = items?;
            budget::make_many::<Value<'_>>(items.len()).map_err(|_| Stop::Budget)?;
            if fold.second.is_none() {
                return Ok(items.into_iter().map(|item| (item, None)).collect());
            }
            return Ok((0..).zip(items).map(|(at, item)| (Value::Int(at), Some(item))).collect());
        }
        let Some(keys) = range.keys() else { return Err(Stop::no_overload()) };
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let value = if fold.second.is_some() { range.find(&key)? } else { None };
            found.push((key, value));
        }
        Ok(found)
    }

    fn fold(&mut self, fold: &Fold) -> Got<'a> {
        let range = self.range(fold)?;
        let mut kept = self.eval(&fold.init);
        let depth = self.names.len();
        for (first, second) in range {
            if !self.goes_on(fold, &kept)? {
                break;
            }
            self.names.push((fold.variable.clone(), first));
            if let (Some(name), Some(value)) = (&fold.second, second) {
                self.names.push((name.clone(), value));
            }
            kept = self.step(fold, kept);
            self.names.truncate(depth);
            if let Err(Stop::Cost | Stop::Budget) = kept {
                return kept;
            }
        }
        if let Kind::Ident(name) = &fold.result.kind
            && *name == fold.accumulator
        {
            self.pay(1)?;
            return kept;
        }
        self.names.push((fold.accumulator.clone(), kept?));
        let got = self.eval(&fold.result);
        self.names.truncate(depth);
        got
    }

    /// Whether the loop goes on with what it has kept.
    fn goes_on(&mut self, fold: &Fold, kept: &Got<'a>) -> Result<bool, Stop> {
        match &fold.condition.kind {
            Kind::Literal(Literal::Bool(flag)) => return Ok(*flag),
            // The names of what was found, and a call or two.
            Kind::Call(call) => {
                let is_not = matches!(&call.args[..], [Expr { kind: Kind::Call(_), .. }]);
                self.pay(if is_not { 3 } else { 2 })?;
                return Ok(match kept {
                    Ok(Value::Bool(flag)) => *flag != is_not,
                    _ => true,
                });
            }
            _ => {}
        }
        Ok(true)
    }

    /// A step of a loop: what it kept is an error perhaps, which a later step may outweigh.
    fn step(&mut self, fold: &Fold, kept: Got<'a>) -> Got<'a> {
        let is_kept = |expr: &Expr| matches!(&expr.kind, Kind::Ident(name) if *name == fold.accumulator);
        if let Kind::Call(call) = &fold.step.kind {
            match (&*call.function, &call.args[..]) {
                (name @ ("_&&_" | "_||_"), [left, right]) if is_kept(left) => {
                    self.pay(1)?;
                    return self.outweighed(name == "_||_", kept, right);
                }
                ("_?_:_", [condition, yes, no]) if is_kept(no) => {
                    return match self.eval(condition)? {
                        Value::Bool(true) => self.grown(fold, yes, kept?),
                        Value::Bool(false) => {
                            self.pay(1)?;
                            kept
                        }
                        _ => Err(Stop::no_overload()),
                    };
                }
                _ => {}
            }
        }
        self.grown(fold, &fold.step, kept?)
    }

    fn outweighed(&mut self, decides: bool, kept: Got<'a>, right: &Expr) -> Got<'a> {
        if matches!(kept, Ok(Value::Bool(flag)) if flag == decides) {
            return kept;
        }
        match (kept, self.eval(right)) {
            (_, Err(stop @ (Stop::Cost | Stop::Budget))) => Err(stop),
            (_, Ok(Value::Bool(flag))) if flag == decides => Ok(Value::Bool(decides)),
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(_), Ok(Value::Bool(_))) => Ok(Value::Bool(!decides)),
            _ => Err(Stop::no_overload()),
        }
    }

    /// What is kept with more in it; lists grow in place.
    fn grown(&mut self, fold: &Fold, step: &Expr, kept: Value<'a>) -> Got<'a> {
        if let Kind::Call(call) = &step.kind
            && let ("_+_", [left, right]) = (&*call.function, &call.args[..])
            && matches!(&left.kind, Kind::Ident(name) if *name == fold.accumulator)
            && matches!(right.kind, Kind::List(_))
        {
            self.pay(1)?;
            let more = self.eval(right)?;
            self.pay(1)?;
            return operators::append(kept, more);
        }
        self.names.push((fold.accumulator.clone(), kept));
        let got = self.eval(step);
        self.names.pop();
        got
    }
}

/// Whether a field is there.
fn has<'a>(value: &Value<'a>, field: &str) -> Got<'a> {
    match value {
        Value::Optional(None) => Ok(Value::Bool(false)),
        Value::Optional(Some(inner)) => has(inner, field),
        value if value.is_map() => Ok(Value::Bool(value.find(&Value::text(field))?.is_some())),
        _ => Ok(Value::Bool(false)),
    }
}
