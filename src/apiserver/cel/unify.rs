//! [`Open`]: what is found out of types that are open, and whether a value of one type may stand where another is wanted.
//!
//! Go: cel-go `checker/types.go`, `checker/mapping.go`.

use std::collections::HashMap;
use std::sync::Arc;

use super::types::Type;

/// What each open type turned out to be.
#[derive(Default)]
pub struct Open {
    known: Vec<Option<Type>>,
    /// What was found out, for what is taken back.
    trail: Vec<(usize, Option<Type>)>,
}

impl Open {
    /// A type that is to be found out.
    pub fn fresh(&mut self) -> Type {
        self.known.push(None);
        Type::Open(self.known.len() - 1)
    }

    fn find(&self, kind: &Type) -> Option<&Type> {
        match kind {
            Type::Open(number) => self.known.get(*number).and_then(Option::as_ref),
            _ => None,
        }
    }

    fn learn(&mut self, number: usize, kind: Type) {
        self.trail.push((number, self.known[number].replace(kind)));
    }

    /// Does something, and takes back what was found out where it fails.
    fn trying(&mut self, work: impl FnOnce(&mut Open) -> bool) -> bool {
        let before = self.trail.len();
        let holds = work(self);
        while !holds && self.trail.len() > before {
            let Some((number, old)) = self.trail.pop() else { break };
            self.known[number] = old;
        }
        holds
    }

    /// Whether a value of the second type may stand where the first is wanted.
    pub fn is_assignable(&mut self, first: &Type, second: &Type) -> bool {
        self.trying(|own| own.assign(first, second))
    }

    /// Whether the arguments are of the types that are wanted.
    pub fn are_assignable(&mut self, first: &[Type], second: &[Type]) -> bool {
        self.trying(|own| own.assign_all(first, second))
    }

    fn assign_all(&mut self, first: &[Type], second: &[Type]) -> bool {
        first.len() == second.len() && first.iter().zip(second).all(|(a, b)| self.assign(a, b))
    }

    fn assign(&mut self, first: &Type, second: &Type) -> bool {
        if let Type::Open(number) = second {
            match self.substitute_one(first, *number) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Type::Open(number) = first {
            return self.substitute_one(second, *number).0;
        }
        match (first, second) {
            (Type::Dyn | Type::Error, _) | (_, Type::Dyn | Type::Error) => true,
            (Type::Null, other) | (other, Type::Null) => may_be_null(other),
            (Type::Kind(_), Type::Kind(_)) => true,
            (Type::List(a), Type::List(b)) => self.assign(a, b),
            (Type::Map(a), Type::Map(b)) => self.assign(&a.0, &b.0) && self.assign(&a.1, &b.1),
            (Type::Opaque(a, of_a), Type::Opaque(b, of_b)) => a == b && self.assign_all(of_a, of_b),
            (a, b) => a == b,
        }
    }

    /// Whether the open type can be this one, and whether it was known before.
    fn substitute_one(&mut self, kind: &Type, number: usize) -> (bool, bool) {
        let open = Type::Open(number);
        if *kind == open {
            return (true, true);
        }
        if let Some(known) = self.find(&open).cloned() {
            if *kind == known {
                return (true, true);
            }
            if !self.assign(kind, &known) {
                return (false, true);
            }
            let general = if is_less_specific(kind, &known) { kind.clone() } else { known };
            if self.is_apart(&open, &general) {
                self.learn(number, general);
            }
            return (true, true);
        }
        if self.is_apart(&open, kind) {
            self.learn(number, kind.clone());
            return (true, false);
        }
        (false, false)
    }

    /// Whether a type does not occur within another.
    fn is_apart(&self, kind: &Type, within: &Type) -> bool {
        if kind == within {
            return false;
        }
        match within {
            Type::Open(_) => self.find(within).is_none_or(|known| self.is_apart(kind, known)),
            Type::List(items) | Type::Kind(items) => self.is_apart(kind, items),
            Type::Map(map) => self.is_apart(kind, &map.0) && self.is_apart(kind, &map.1),
            Type::Opaque(_, params) => params.iter().all(|param| self.is_apart(kind, param)),
            _ => true,
        }
    }

    /// The type with all that was found out; what is open still is as it is, or dynamic at the end.
    pub fn settle(&self, kind: &Type, at_end: bool) -> Type {
        match kind {
            Type::Open(_) => match self.find(kind) {
                Some(known) => self.settle(known, at_end),
                None if at_end => Type::Dyn,
                None => kind.clone(),
            },
            Type::List(items) => Type::list(self.settle(items, at_end)),
            Type::Map(map) => Type::map(self.settle(&map.0, at_end), self.settle(&map.1, at_end)),
            Type::Kind(inner) => Type::Kind(Arc::new(self.settle(inner, at_end))),
            Type::Opaque(name, params) => {
                let params = params.iter().map(|param| self.settle(param, at_end)).collect();
                Type::Opaque(name.clone(), params)
            }
            other => other.clone(),
        }
    }

    /// A declared type with what it leaves open made to be found out.
    pub fn instance(&mut self, kind: &Type, params: &mut HashMap<Arc<str>, Type>) -> Type {
        match kind {
            Type::Param(name) => {
                if let Some(open) = params.get(name) {
                    return open.clone();
                }
                let open = self.fresh();
                params.insert(name.clone(), open.clone());
                open
            }
            Type::List(items) => Type::list(self.instance(items, params)),
            Type::Map(map) => {
                let key = self.instance(&map.0, params);
                Type::map(key, self.instance(&map.1, params))
            }
            Type::Kind(inner) => Type::Kind(Arc::new(self.instance(inner, params))),
            Type::Opaque(name, of) => {
                let of = of.iter().map(|param| self.instance(param, params)).collect();
                Type::Opaque(name.clone(), of)
            }
            other => other.clone(),
        }
    }
}

fn may_be_null(kind: &Type) -> bool {
    matches!(kind, Type::Null | Type::Opaque(..) | Type::Message(_) | Type::Duration | Type::Timestamp)
}

/// Of two types that fit, the one that says less.
pub fn more_general(first: Type, second: Type) -> Type {
    if is_less_specific(&first, &second) { first } else { second }
}

fn is_less_specific(first: &Type, second: &Type) -> bool {
    match (first, second) {
        (Type::Dyn | Type::Open(_), _) => true,
        (_, Type::Dyn | Type::Open(_)) => false,
        (Type::Opaque(a, of_a), Type::Opaque(b, of_b)) => {
            a == b
                && of_a.len() == of_b.len()
                && of_a.iter().zip(&**of_b).all(|(a, b)| is_less_specific(a, b))
        }
        (Type::List(a), Type::List(b)) => is_less_specific(a, b),
        (Type::Map(a), Type::Map(b)) => is_less_specific(&a.0, &b.0) && is_less_specific(&a.1, &b.1),
        (Type::Kind(_), Type::Kind(_)) => true,
        (a, b) => a == b,
    }
}
