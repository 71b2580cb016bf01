//! What an expression may cost at worst, before it is ever run: the server refuses definitions whose rules may cost too much.
//!
//! Go: cel-go `checker/cost.go`, k8s.io/apiserver `pkg/cel/library/cost.go`.

use std::collections::HashMap;
use std::rc::Rc;

use super::check::Checked;
use super::cost::{LIST, MAP, PATTERN, TRAVERSAL};
use super::syntax::{Call, Expr, Fold, Kind, Literal};
use super::types::Type;

/// The least and the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub min: u64,
    pub max: u64,
}

const UNKNOWN: Range = Range { min: 0, max: u64::MAX };

impl Range {
    pub fn fixed(value: u64) -> Range {
        Range { min: value, max: value }
    }

    fn new(min: u64, max: u64) -> Range {
        Range { min, max }
    }

    fn add(self, other: Range) -> Range {
        Range::new(self.min.saturating_add(other.min), self.max.saturating_add(other.max))
    }

    fn times(self, other: Range) -> Range {
        Range::new(self.min.saturating_mul(other.min), self.max.saturating_mul(other.max))
    }

    fn by(self, factor: f64) -> Range {
        let by = |value: u64| {
            let found = (value as f64 * factor).ceil();
            if found >= 18_446_744_073_709_551_616.0 { u64::MAX } else { found as u64 }
        };
        Range::new(by(self.min), by(self.max))
    }

    fn union(self, other: Range) -> Range {
        Range::new(self.min.min(other.min), self.max.max(other.max))
    }
}

/// A step on the way to a part of the object.
type Step = Rc<str>;
type Way = Option<Rc<[Step]>>;

/// How many items, entries or characters there may be at the end of a way; nothing where nobody says.
pub trait Sizes {
    fn most(&self, way: &[Rc<str>]) -> Option<u64>;
}

/// The most that an expression may cost.
pub fn worst(expr: &Expr, checked: &Checked, sizes: &dyn Sizes) -> u64 {
    let mut coster = Coster {
        checked,
        sizes,
        ways: HashMap::new(),
        found: HashMap::new(),
        entries: HashMap::new(),
        locals: Vec::new(),
    };
    coster.cost(expr).max
}

/// The sizes of keys and of items.
#[derive(Clone, Copy)]
struct Entries {
    is_list: bool,
    key: Range,
    value: Range,
}

struct Local {
    name: Rc<str>,
    way: Way,
    size: Option<Range>,
    entries: Option<Entries>,
}

/// What is known of an argument.
struct Node<'e> {
    expr: Option<&'e Expr>,
    way: Way,
    kind: Type,
    size: Option<Range>,
}

/// What a call costs, and how large its result is.
struct Estimate {
    cost: Range,
    size: Option<Range>,
}

impl From<Range> for Estimate {
    fn from(cost: Range) -> Estimate {
        Estimate { cost, size: None }
    }
}

struct Coster<'a> {
    checked: &'a Checked,
    sizes: &'a dyn Sizes,
    ways: HashMap<usize, Rc<[Step]>>,
    found: HashMap<usize, Range>,
    entries: HashMap<usize, Entries>,
    locals: Vec<Local>,
}

impl Coster<'_> {
    fn kind(&self, expr: &Expr) -> &Type {
        &self.checked.types[expr.id]
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| &*local.name == name)
    }

    fn way(&self, expr: &Expr) -> Way {
        if let Kind::Ident(name) = &expr.kind
            && let Some(local) = self.local(name)
        {
            return local.way.clone();
        }
        self.ways.get(&expr.id).cloned()
    }

    fn longer(&self, expr: &Expr, step: &str) -> Way {
        let before = self.way(expr);
        let mut way: Vec<Step> = before.map_or(Vec::new(), |way| way.to_vec());
        way.push(step.into());
        Some(way.into())
    }

    fn size_at(&self, way: &Way) -> Option<Range> {
        let way = way.as_ref().filter(|way| !way.is_empty())?;
        self.sizes.most(&way[1..]).map(|most| Range::new(0, most))
    }

    /// Go: `computeSize`
    fn size(&mut self, expr: &Expr) -> Option<Range> {
        if let Some(found) = self.found.get(&expr.id) {
            return Some(*found);
        }
        let own = match &expr.kind {
            Kind::Literal(Literal::Text(text)) => Some(text.chars().count() as u64),
            Kind::Literal(Literal::Bytes(bytes)) => Some(bytes.len() as u64),
            Kind::Literal(_) => Some(1),
            Kind::List(items) => Some(items.len() as u64),
            Kind::Map(entries) => Some(entries.len() as u64),
            _ => None,
        };
        if let Some(own) = own {
            return Some(Range::fixed(own));
        }
        if let Some(found) = self.size_at(&self.way(expr)) {
            self.found.insert(expr.id, found);
            return Some(found);
        }
        if is_scalar(self.kind(expr)) {
            return Some(Range::fixed(1));
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name).and_then(|local| local.size),
            _ => None,
        }
    }

    fn size_or_unknown(&mut self, expr: &Expr) -> Range {
        self.size(expr).unwrap_or(UNKNOWN)
    }

    fn entries_of(&self, expr: &Expr) -> Option<Entries> {
        if let Some(found) = self.entries.get(&expr.id) {
            return Some(*found);
        }
        match &expr.kind {
            Kind::Ident(name) => self.local(name).and_then(|local| local.entries),
            _ => None,
        }
    }

    fn node<'e>(&mut self, expr: &'e Expr) -> Node<'e> {
        let way = self
            .way(expr)
            .filter(|way| way.first().is_none_or(|first| &**first != super::syntax::ACCUMULATOR));
        Node { expr: Some(expr), way, kind: self.kind(expr).clone(), size: self.size(expr) }
    }

    /// Go: `sizeEstimate`
    fn node_size(&self, node: &Node<'_>) -> Range {
        node.size.or_else(|| self.size_at(&node.way)).unwrap_or(UNKNOWN)
    }

    fn cost(&mut self, expr: &Expr) -> Range {
        match &expr.kind {
            Kind::Missing | Kind::Literal(_) => Range::fixed(0),
            Kind::TypeName(name) => {
                self.ways.insert(expr.id, [name.clone()].into());
                Range::fixed(1)
            }
            Kind::Ident(name) => {
                let way = match self.local(name) {
                    Some(local) => local.way.clone(),
                    None => Some([name.clone()].into()),
                };
                if let Some(way) = way {
                    self.ways.insert(expr.id, way);
                }
                Range::fixed(1)
            }
            Kind::Select(select) => {
                let cost = self.cost(&select.operand);
                if select.is_test {
                    return cost;
                }
                let is_map = matches!(self.kind(&select.operand), Type::Map(_) | Type::Message(_));
                if let Some(way) = self.longer(&select.operand, &select.field) {
                    self.ways.insert(expr.id, way);
                }
                if is_map { cost.add(Range::fixed(1)) } else { cost }
            }
            Kind::Call(call) => self.call(expr, call),
            Kind::List(items) => {
                let mut cost = Range::fixed(LIST);
                let mut size = Range::new(if items.is_empty() { 0 } else { u64::MAX }, 0);
                for item in items {
                    cost = cost.add(self.cost(&item.expr));
                    size = size.union(self.size_or_unknown(&item.expr));
                }
                self.entries.insert(expr.id, Entries { is_list: true, key: Range::fixed(1), value: size });
                cost
            }
            Kind::Map(entries) => {
                let mut cost = Range::fixed(MAP);
                let none = Range::new(if entries.is_empty() { 0 } else { u64::MAX }, 0);
                let (mut key, mut value) = (none, none);
                for entry in entries {
                    cost = cost.add(self.cost(&entry.key)).add(self.cost(&entry.value));
                    key = key.union(self.size_or_unknown(&entry.key));
                    value = value.union(self.size_or_unknown(&entry.value));
                }
                self.entries.insert(expr.id, Entries { is_list: false, key, value });
                cost
            }
            Kind::Message(_, fields) => {
                const MESSAGE: u64 = 40;
                fields.iter().fold(Range::fixed(MESSAGE), |cost, field| cost.add(self.cost(&field.value)))
            }
            Kind::Fold(fold) if fold.is_bind() => self.bind(expr, fold),
            Kind::Fold(fold) => self.fold(expr, fold),
        }
    }

    fn bind(&mut self, expr: &Expr, fold: &Fold) -> Range {
        let cost = self.cost(&fold.range).add(self.cost(&fold.init));
        self.push(fold);
        let cost = cost.add(self.cost(&fold.result));
        self.locals.pop();
        self.copy(expr, &fold.result);
        cost
    }

    /// Names the accumulator of a loop.
    fn push(&mut self, fold: &Fold) {
        let size = self.size(&fold.init);
        let local = Local {
            name: fold.accumulator.clone(),
            way: self.way(&fold.init),
            size,
            entries: self.entries_of(&fold.init),
        };
        self.locals.push(local);
    }

    fn copy(&mut self, to: &Expr, from: &Expr) {
        if let Some(size) = self.size(from) {
            self.found.insert(to.id, size);
        }
        if let Some(entries) = self.entries_of(from) {
            self.entries.insert(to.id, entries);
        }
    }

    fn fold(&mut self, expr: &Expr, fold: &Fold) -> Range {
        let mut cost = self.cost(&fold.range).add(self.cost(&fold.init));
        self.push(fold);
        let depth = self.locals.len();
        self.variables(fold);
        let turn = self.cost(&fold.condition).add(self.cost(&fold.step));
        self.locals.truncate(depth);
        cost = cost.add(self.cost(&fold.result));
        self.locals.truncate(depth - 1);
        let count = self.size_or_unknown(&fold.range);
        cost = cost.add(count.times(turn));
        match fold.init.kind {
            Kind::Literal(_) => {
                if let Some(size) = self.size(&fold.init) {
                    self.found.insert(expr.id, size);
                }
            }
            Kind::List(_) | Kind::Map(_) => {
                self.found.insert(expr.id, count);
                if let Some(entries) = self.entries_of(&fold.step) {
                    self.entries.insert(expr.id, entries);
                }
            }
            _ => {}
        }
        cost
    }

    fn variables(&mut self, fold: &Fold) {
        let entries = self.entries_of(&fold.range);
        let is_list =
            entries.map_or(matches!(self.kind(&fold.range), Type::List(_)), |entries| entries.is_list);
        let (key, value) = (entries.map(|entries| entries.key), entries.map(|entries| entries.value));
        let push = |own: &Self, name: &Rc<str>, step: &str, size: Option<Range>| Local {
            name: name.clone(),
            way: own.longer(&fold.range, step),
            size,
            entries: None,
        };
        let found = match &fold.second {
            Some(second) => vec![
                push(self, &fold.variable, if is_list { "@indices" } else { "@keys" }, key),
                push(self, second, if is_list { "@items" } else { "@values" }, value),
            ],
            None if is_list => vec![push(self, &fold.variable, "@items", value)],
            None => vec![push(self, &fold.variable, "@keys", key)],
        };
        self.locals.extend(found);
    }

    fn call(&mut self, expr: &Expr, call: &Call) -> Range {
        if let ("dyn", [arg]) = (&*call.function, &call.args[..]) {
            let cost = self.cost(arg);
            self.copy(expr, arg);
            return cost.add(Range::fixed(1));
        }
        let costs: Vec<Range> = call.args.iter().map(|arg| self.cost(arg)).collect();
        let args: Vec<Node<'_>> = call.args.iter().map(|arg| self.node(arg)).collect();
        let overloads = &self.checked.overloads[expr.id];
        if overloads.is_empty() {
            return Range::fixed(0);
        }
        let mut sum = Range::fixed(0);
        let target = call.target.as_ref().map(|target| {
            sum = self.cost(target);
            self.node(target)
        });
        let mut cost = Range::new(u64::MAX, 0);
        let mut size: Option<Range> = None;
        for overload in overloads {
            let found = self.overload(expr, (&call.function, overload), target.as_ref(), &args, &costs);
            cost = cost.union(found.cost);
            size = match (size, found.size) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => b.or(a),
            };
            let step = match *overload {
                "index_list" => "@items",
                "index_map" => "@values",
                _ => "",
            };
            if let ([first, ..], true) = (&call.args[..], !step.is_empty()) {
                size = self.entries_of(first).map(|entries| entries.value);
                if let Some(way) = self.longer(first, step) {
                    self.ways.insert(expr.id, way);
                }
            }
            if size.is_none() {
                size = self.size(expr);
            }
        }
        if let Some(size) = size {
            self.found.insert(expr.id, size);
        }
        sum.add(cost)
    }

    fn overload(
        &mut self,
        expr: &Expr,
        (function, overload): (&str, &str),
        target: Option<&Node<'_>>,
        args: &[Node<'_>],
        costs: &[Range],
    ) -> Estimate {
        let sum = costs.iter().fold(Range::fixed(0), |sum, cost| sum.add(*cost));
        let own = self
            .of_lists(overload, target, args)
            .or_else(|| self.of_library(function, overload, target, args))
            .or_else(|| of_language(overload, target, args));
        if let Some(own) = own {
            return Estimate { cost: own.cost.add(sum), size: own.size };
        }
        match (overload, args, costs) {
            ("logical_or" | "logical_and", _, [left, right]) => {
                Range::new(left.min, left.add(*right).max).into()
            }
            ("conditional", [_, yes, no], [condition, of_yes, of_no]) => {
                let size = yes.size.unwrap_or(UNKNOWN).union(no.size.unwrap_or(UNKNOWN));
                self.join(expr, yes, no);
                Estimate { cost: condition.add(of_yes.union(*of_no)), size: Some(size) }
            }
            ("add_string" | "add_bytes" | "add_list", [left, right], _) => {
                let size = left.size.unwrap_or(UNKNOWN).add(right.size.unwrap_or(UNKNOWN));
                self.join(expr, left, right);
                let own = if overload == "add_list" { Range::fixed(1) } else { size.by(TRAVERSAL) };
                Estimate { cost: own.add(sum), size: Some(size) }
            }
            _ => Range::fixed(1).add(sum).into(),
        }
    }

    /// The entries of what is one of two, or both in a row.
    fn join(&mut self, expr: &Expr, left: &Node<'_>, right: &Node<'_>) {
        let of = |own: &Self, node: &Node<'_>| node.expr.and_then(|expr| own.entries_of(expr));
        if let (Some(a), Some(b)) = (of(self, left), of(self, right)) {
            let joined =
                Entries { is_list: a.is_list, key: a.key.union(b.key), value: a.value.union(b.value) };
            self.entries.insert(expr.id, joined);
        }
    }

    /// Go: cel-go `ext/lists.go`, `ext/sets.go`
    fn of_lists(&self, overload: &str, target: Option<&Node<'_>>, args: &[Node<'_>]) -> Option<Estimate> {
        let made = |factor: f64, size: Range| Estimate {
            cost: size.by(factor).add(Range::fixed(1 + LIST)),
            size: Some(size),
        };
        let squared = |node: &Node<'_>, factor: f64| {
            let size = self.node_size(node);
            made(factor, size.times(size))
        };
        let is_text = overload.starts_with("list_string_") || overload.starts_with("list_bytes_");
        let factor = if is_text { 2.0 + TRAVERSAL } else { 2.0 };
        Some(match (overload, target, args) {
            ("list_slice", Some(target), [from, to]) => {
                let most = self.node_size(target).max;
                made(1.0, Range::fixed(whole(to, most).wrapping_sub(whole(from, 0))))
            }
            ("lists_range", None, [count]) => made(1.0, Range::fixed(whole(count, u64::MAX))),
            ("list_reverse", Some(target), []) => made(1.0, self.node_size(target)),
            ("list_flatten", Some(target), []) => made(1.0, self.node_size(target)),
            ("list_flatten_int", Some(target), [depth]) => {
                made(whole(depth, u64::MAX) as f64, self.node_size(target))
            }
            ("list_distinct", Some(target), []) => squared(target, 2.0),
            (name, Some(target), []) if name.starts_with("list_") && name.ends_with("_sort") => {
                squared(target, factor)
            }
            (name, Some(_), [keys]) if name.ends_with("_sortByAssociatedKeys") => squared(keys, factor),
            (
                "list_sets_contains_list" | "list_sets_intersects_list" | "list_sets_equivalent_list",
                _,
                [a, b],
            ) => {
                let factor = if overload.contains("equivalent") { 2.0 } else { 1.0 };
                self.node_size(a).times(self.node_size(b)).by(factor).add(Range::fixed(1)).into()
            }
            _ => return None,
        })
    }

    /// Go: `EstimateCallCost` of k8s.io/apiserver
    fn of_library(
        &self,
        function: &str,
        overload: &str,
        target: Option<&Node<'_>>,
        args: &[Node<'_>],
    ) -> Option<Estimate> {
        const CHECK: u64 = 350_000;
        let first = || args.first().map(|arg| self.node_size(arg));
        let address = Range::new(4, 16);
        Some(match function {
            "check" => Range::fixed(CHECK).into(),
            "serviceAccount" | "path" | "group" | "resource" | "subresource" | "namespace" | "name"
            | "allowed" | "reason" | "error" | "errored" => Range::fixed(1).into(),
            "fieldSelector" | "labelSelector" if args.len() == 1 => {
                let size = first()?;
                Range::fixed(LIST).add(size.by(TRAVERSAL)).add(size.by(0.5).by(50.0)).into()
            }
            "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" | "includes" => {
                self.gone_through(function, target?)
            }
            "url" | "jsonpatch.escapeKey" if args.len() == 1 => {
                let size = first()?;
                Estimate { cost: size.by(TRAVERSAL), size: Some(size) }
            }
            "lowerAscii" | "upperAscii" | "substring" | "trim" => {
                let size = self.node_size(target?);
                Estimate { cost: size.by(TRAVERSAL), size: Some(size) }
            }
            "replace" if args.len() >= 2 => self.replaced(target?, args),
            "split" => {
                let size = self.node_size(target?);
                let max = args.get(1).map_or(size.max, |count| match literal(count) {
                    Some(count) => count as u64,
                    None => size.max,
                });
                Estimate { cost: size.by(2.0 * TRAVERSAL), size: Some(Range::new(0, max)) }
            }
            "join" => self.joined(target?, args),
            "find" | "findAll" if !args.is_empty() => {
                let size = self.node_size(target?);
                let of_text = size.add(Range::fixed(1)).by(TRAVERSAL);
                let cost = of_text.times(first()?.by(PATTERN));
                Estimate { cost, size: Some(Range::new(0, size.max)) }
            }
            "ip" if overload == "cidr_ip" => Range::fixed(1).into(),
            "cidr" | "isIP" | "isCIDR" | "ip" | "quantity" | "isQuantity" | "semver" | "isSemver"
                if !args.is_empty() =>
            {
                first()?.by(TRAVERSAL).into()
            }
            "ip.isCanonical" => first()?.by(2.0 * TRAVERSAL).into(),
            "containsIP" | "containsCIDR" => {
                let mut cost = address.add(address).by(TRAVERSAL);
                if function == "containsCIDR" {
                    cost = cost.add(address.by(TRAVERSAL)).add(Range::fixed(1));
                }
                if overload.ends_with("_string") {
                    cost = cost.add(first()?.by(TRAVERSAL));
                }
                cost.into()
            }
            "validate" => first()?.by(TRAVERSAL).by(128.0 * PATTERN).into(),
            "masked"
            | "prefixLength"
            | "family"
            | "isUnspecified"
            | "isLoopback"
            | "isLinkLocalMulticast"
            | "isLinkLocalUnicast"
            | "isGlobalUnicast"
            | "format.named"
            | "sign"
            | "asInteger"
            | "isInteger"
            | "asApproximateFloat"
            | "isGreaterThan"
            | "isLessThan"
            | "compareTo"
            | "add"
            | "sub"
            | "major"
            | "minor"
            | "patch"
            | "getScheme"
            | "getHostname"
            | "getHost"
            | "getPort"
            | "getEscapedPath"
            | "getQuery" => Range::fixed(1).into(),
            "_==_" => return same(args),
            _ => return None,
        })
    }

    fn gone_through(&self, function: &str, target: &Node<'_>) -> Estimate {
        let size = self.node_size(target);
        let Some(below) = items(target) else {
            let each = if function == "includes" { 1.0 } else { TRAVERSAL };
            return size.by(each).into();
        };
        let mut each = Range::fixed(1);
        if matches!(below.kind, Type::Text | Type::Bytes) {
            each = each.add(self.node_size(&below).by(TRAVERSAL));
        }
        size.times(each).into()
    }

    fn replaced(&self, target: &Node<'_>, args: &[Node<'_>]) -> Estimate {
        let (size, old, new) = (self.node_size(target), self.node_size(&args[0]), self.node_size(&args[1]));
        let mut count = Range::fixed(0);
        let mut kept = Range::fixed(0);
        if old.min == 0 {
            (count.max, kept.max) = (size.max.saturating_add(1), size.max);
        } else if new.max <= old.min {
            (count.max, kept.max) = (0, size.max);
        } else {
            count.max = (size.max as f64 / old.min as f64).ceil() as u64;
        }
        if old.max == 0 {
            (count.min, kept.min) = (size.min.saturating_add(1), size.min);
        } else if old.max <= new.min {
            (count.min, kept.min) = (0, size.min);
        } else {
            count.min = (size.min as f64 / old.max as f64).ceil() as u64;
        }
        Estimate { cost: size.by(2.0 * TRAVERSAL), size: Some(count.times(new).add(kept)) }
    }

    fn joined(&self, target: &Node<'_>, args: &[Node<'_>]) -> Estimate {
        let list = self.node_size(target);
        let mut size = Range::fixed(0);
        if let Some(below) = items(target) {
            size = list.times(self.node_size(&below));
        }
        if let Some(by) = args.first() {
            let between = Range::new(list.min.saturating_sub(1), list.max.saturating_sub(1));
            size = size.add(self.node_size(by).times(between));
        }
        Estimate { cost: size.by(TRAVERSAL), size: Some(size) }
    }
}

fn is_scalar(kind: &Type) -> bool {
    match kind {
        Type::Bool | Type::Double | Type::Duration | Type::Int | Type::Timestamp | Type::Uint => true,
        kind => kind.in_optional().is_some_and(is_scalar),
    }
}

fn literal(node: &Node<'_>) -> Option<i64> {
    match node.expr.map(|expr| &expr.kind) {
        Some(Kind::Literal(Literal::Int(value))) => Some(*value),
        _ => None,
    }
}

/// Go: `nodeAsUintValue`
fn whole(node: &Node<'_>, otherwise: u64) -> u64 {
    literal(node).map_or(otherwise, |value| u64::try_from(value).unwrap_or(0))
}

/// Go: cel-go `functionCost`
fn of_language(overload: &str, target: Option<&Node<'_>>, args: &[Node<'_>]) -> Option<Estimate> {
    let size = |node: &Node<'_>| node.size.unwrap_or(UNKNOWN);
    let sized = |size: Range, result: Range| Estimate { cost: size.by(TRAVERSAL), size: Some(result) };
    Some(match (overload, target, args) {
        ("string_format", Some(target), _) => size(target).by(TRAVERSAL).into(),
        ("string_to_bytes", _, [arg]) => {
            let own = size(arg);
            sized(own, Range::new(own.min, own.max.wrapping_mul(4)))
        }
        ("bytes_to_string", _, [arg]) => {
            let own = size(arg);
            sized(own, Range::new(own.min / 4, own.max))
        }
        ("strings_quote", _, [arg]) => {
            let own = size(arg);
            let max = own.max.wrapping_mul(2).wrapping_add(2);
            sized(own, Range::new(own.min.wrapping_add(2), max))
        }
        ("starts_with_string" | "ends_with_string", _, [arg]) => size(arg).by(TRAVERSAL).into(),
        ("in_list", _, [_, list]) => size(list).into(),
        ("matches_string", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
            let of_text = size(text).add(Range::fixed(1)).by(TRAVERSAL);
            of_text.times(size(pattern).by(PATTERN)).into()
        }
        ("contains_string", Some(target), [part]) => {
            size(target).by(TRAVERSAL).times(size(part).by(TRAVERSAL)).into()
        }
        (
            "less_string"
            | "greater_string"
            | "less_equals_string"
            | "greater_equals_string"
            | "less_bytes"
            | "greater_bytes"
            | "less_equals_bytes"
            | "greater_equals_bytes"
            | "equals"
            | "not_equals",
            _,
            [left, right],
        ) => {
            let max = size(left).max.min(size(right).max);
            Range::new(u64::from(max > 0), max).by(TRAVERSAL).into()
        }
        _ => return None,
    })
}

fn same(args: &[Node<'_>]) -> Option<Estimate> {
    let [left, right] = args else { return None };
    if left.kind != right.kind {
        return None;
    }
    match &left.kind {
        Type::Opaque(name, _) if matches!(&**name, "net.IP" | "net.CIDR") => Some(Range::fixed(1).into()),
        Type::Message(name) => match &**name {
            "kubernetes.Quantity" | "kubernetes.Semver" => Some(Range::fixed(1).into()),
            "kubernetes.NamedFormat" => Some(Range::new(1, 64).by(TRAVERSAL).into()),
            "kubernetes.URL" => {
                let max = right.size.map_or(1, |size| size.max);
                Some(Range::new(1, max).by(TRAVERSAL).into())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The items of a list, as a node.
fn items<'e>(list: &Node<'e>) -> Option<Node<'e>> {
    let kind = match &list.kind {
        Type::List(items) => (**items).clone(),
        Type::Map(map) => map.0.clone(),
        Type::Opaque(_, params) => params.first()?.clone(),
        _ => return None,
    };
    let way = list.way.as_ref().map(|way| {
        let mut way = way.to_vec();
        way.push("@items".into());
        way.into()
    });
    Some(Node { expr: None, way, kind, size: None })
}
