//! What is said of texts that stand in an expression before it is ever run: durations, times, patterns, formats, and lists of one
//! kind.
//!
//! Go: cel-go `cel/validator.go`, `ext/formatting.go` (`stringFormatValidator`).

use crate::go::regexp;

use super::check::Checked;
use super::moments;
use super::source::Issue;
use super::syntax::{Call, Entry, Expr, Item, Kind, Literal};
use super::types::Type;
use super::verbs::{self, Verb};

/// Everything that is wrong with the literals of an expression.
pub fn judge(expr: &Expr, checked: &Checked, places: &[usize], minor: u32) -> Vec<Issue> {
    let mut found = Vec::new();
    let mut tell = |id: usize, message: String| found.push(Issue { at: Some(places[id]), message });
    for name in ["duration", "timestamp", "matches"] {
        expr.walk(&mut |expr| {
            if let Kind::Call(call) = &expr.kind
                && &*call.function == name
                && let Some(arg) = call.args.first()
                && let Kind::Literal(Literal::Text(text)) = &arg.kind
                && !is_good(name, text)
            {
                tell(arg.id, format!("invalid {name} argument"));
            }
        });
    }
    let judge = Judge { checked };
    judge.alike(expr, false, &mut tell);
    if minor >= FORMATS {
        expr.walk(&mut |expr| {
            if let Kind::Call(call) = &expr.kind {
                judge.format(expr.id, call, &mut tell);
            }
        });
    }
    found
}

/// The first minor that has `format`.
const FORMATS: u32 = 29;

fn is_good(name: &str, text: &str) -> bool {
    match name {
        "duration" => moments::duration(text).is_some(),
        "timestamp" => moments::timestamp(text).is_ok(),
        _ => regexp::compile(text.as_bytes()).is_ok(),
    }
}

struct Judge<'a> {
    checked: &'a Checked,
}

type Tell<'t> = dyn FnMut(usize, String) + 't;

impl Judge<'_> {
    fn kind(&self, expr: &Expr, is_optional: bool) -> Type {
        let kind = self.checked.types[expr.id].clone();
        if is_optional { kind.in_optional().cloned().unwrap_or(Type::Dyn) } else { kind }
    }

    /// Lists and maps hold values of one type, but in what is formatted.
    fn alike(&self, expr: &Expr, is_exempt: bool, tell: &mut Tell<'_>) {
        match &expr.kind {
            Kind::List(items) if !is_exempt => self.items(items, tell),
            Kind::Map(entries) if !is_exempt => self.entries(entries, tell),
            _ => {}
        }
        let is_format = matches!(&expr.kind, Kind::Call(call) if &*call.function == "format");
        for below in expr.below() {
            self.alike(below, is_exempt || is_format, tell);
        }
    }

    fn items(&self, items: &[Item], tell: &mut Tell<'_>) {
        let Some(first) = items.first() else { return };
        let wanted = self.kind(&first.expr, first.is_optional);
        for item in items {
            let kind = self.kind(&item.expr, item.is_optional);
            if kind != wanted {
                return tell(item.expr.id, format!("expected type '{wanted}' but found '{kind}'"));
            }
        }
    }

    fn entries(&self, entries: &[Entry], tell: &mut Tell<'_>) {
        let Some(first) = entries.first() else { return };
        let (keys, values) = (self.kind(&first.key, false), self.kind(&first.value, first.is_optional));
        for entry in entries {
            let (key, value) = (self.kind(&entry.key, false), self.kind(&entry.value, entry.is_optional));
            if key != keys {
                tell(entry.key.id, format!("expected type '{keys}' but found '{key}'"));
            }
            if value != values {
                tell(entry.value.id, format!("expected type '{values}' but found '{value}'"));
            }
        }
    }

    fn format(&self, id: usize, call: &Call, tell: &mut Tell<'_>) {
        let Some(Kind::Literal(Literal::Text(text))) = call.target.as_ref().map(|target| &target.kind) else {
            return;
        };
        let ("format", [arg]) = (&*call.function, &call.args[..]) else { return };
        let Kind::List(items) = &arg.kind else { return };
        let mut count = 0;
        let mut wrong: Option<(usize, String)> = None;
        let parsed = verbs::pieces(text, &mut |verb| {
            count += 1;
            let Some(item) = items.get(count - 1) else {
                return Err(format!("index {} out of range", count - 1));
            };
            if let Some(verb) = verb
                && let Some((at, words)) = self.unfit(verb, &item.expr)
            {
                wrong = Some((at, words.clone()));
                return Err(words);
            }
            Ok(String::new())
        });
        match (parsed, wrong) {
            (Err(_), Some((at, words))) => {
                tell(at, format!("error during formatting: {words}"));
            }
            (Err(words), None) => tell(id, words),
            (Ok(_), _) if items.len() > count => {
                let found = items.len();
                let words =
                    format!("too many arguments supplied to string.format (expected {count}, got {found})");
                tell(id, words);
            }
            _ => {}
        }
    }

    /// Why a value does not fit a verb, and which part of it.
    fn unfit(&self, verb: &Verb, expr: &Expr) -> Option<(usize, String)> {
        let kind = &self.checked.types[expr.id];
        if *kind == Type::Dyn {
            return None;
        }
        let fits = match verb {
            Verb::Text => return self.unfit_text(expr),
            Verb::Decimal | Verb::Octal => matches!(kind, Type::Int | Type::Uint),
            Verb::Fixed(_) | Verb::Scientific(_) => matches!(kind, Type::Double | Type::Text),
            Verb::Binary => matches!(kind, Type::Int | Type::Uint | Type::Bool),
            Verb::Hex(_) => matches!(kind, Type::Int | Type::Uint | Type::Text | Type::Bytes),
        };
        (!fits).then(|| (expr.id, verbs::unfit(verb, &kind.name())))
    }

    fn unfit_text(&self, expr: &Expr) -> Option<(usize, String)> {
        let kind = &self.checked.types[expr.id];
        if matches!(kind, Type::Opaque(..) | Type::Message(_)) {
            return Some((expr.id, verbs::unfit(&Verb::Text, &kind.name())));
        }
        match &expr.kind {
            Kind::List(_) | Kind::Map(_) => expr.below().into_iter().find_map(|below| self.unfit_text(below)),
            _ => None,
        }
    }
}
