//! What would have to be set for a condition to hold: the condition is taken apart, down to the values that it reads.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::demand::{Demand, To, in_words, is_true};
use super::term::{Ask, Names, Term, element};
use super::test::{Test, value_of};
use crate::path::FieldPath;
use crate::template::ast::{Arg, Branch, List, Node, Pipe};
use crate::template::reach::Trees;
use crate::value::{Str, Value, print};

/// Ways to make something hold: each a list of demands that are all met. None where nobody knows one; an empty one where it
/// holds as it is.
pub(super) type Ways = Vec<Vec<Demand>>;

/// How many ways are kept, and how many demands one has at most.
const MOST: usize = 6;
const LONG: usize = 16;

/// How deep conditions and calls are followed.
const DEEP: usize = 10;

/// How many outputs of a template are looked at.
const OUTPUTS: usize = 40;

/// What a condition is asked with.
pub(super) struct Solver<'a> {
    pub(super) trees: &'a Trees,
    /// What stands at a path below `.Values` now.
    pub(super) value: &'a dyn Fn(&FieldPath) -> Option<Value>,
    /// What Helm puts beside them: `Release.Name`.
    pub(super) builtin: &'a dyn Fn(&str) -> Option<String>,
    /// The values that conditions read.
    pub(super) reads: RefCell<Vec<FieldPath>>,
}

/// Something that a template writes: where that holds, which text, or what an action prints.
type Output = (Vec<Ask>, Term);

impl Solver<'_> {
    /// What makes a term true, or else false.
    pub(super) fn truth(&self, term: &Term, wanted: bool) -> Ways {
        self.truth_of(term, wanted, DEEP)
    }

    fn truth_of(&self, term: &Term, wanted: bool, depth: usize) -> Ways {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let holds = |truth: bool| if truth == wanted { vec![Vec::new()] } else { Vec::new() };
        match term {
            Term::Root => holds(true),
            Term::Is(value) => holds(is_true(value)),
            Term::Record(record) => holds(!record.is_empty()),
            Term::Items(items) => holds(!items.is_empty()),
            Term::Builtin(name) => match name.as_str() {
                "Release.IsUpgrade" => holds(false),
                name if name.starts_with("Files") => Vec::new(),
                _ => holds(true),
            },
            Term::Values(path) => {
                let to = if wanted { To::True { fields: Vec::new(), is_list: false } } else { To::False };
                self.demand(path, to)
            }
            Term::Choice(some) => union(
                some.iter()
                    .map(|(asks, one)| both(self.asked(asks, depth), || self.truth_of(one, wanted, depth))),
            ),
            Term::Call(name, args) => self.truth_of_call(name, args, wanted, depth),
            Term::Other => Vec::new(),
        }
    }

    fn truth_of_call(&self, name: &str, args: &[Term], wanted: bool, depth: usize) -> Ways {
        let all = |truth: bool| {
            let first = vec![Vec::new()];
            args.iter().fold(first, |ways, arg| both(ways, || self.truth_of(arg, truth, depth)))
        };
        let any = |truth: bool| union(args.iter().map(|arg| self.truth_of(arg, truth, depth)));
        match (name, args) {
            ("not" | "empty", [arg]) => self.truth_of(arg, !wanted, depth),
            ("and", _) => {
                if wanted {
                    all(true)
                } else {
                    any(false)
                }
            }
            ("or" | "coalesce" | "default", _) => {
                if wanted {
                    any(true)
                } else {
                    all(false)
                }
            }
            ("semverCompare", [Term::Is(Json::String(constraint)), version]) => {
                self.tested(version, &Test::Fits(constraint), wanted, depth)
            }
            ("kindIs" | "typeIs", [Term::Is(Json::String(kind)), value]) => {
                self.tested(value, &Test::Kind(kind), wanted, depth)
            }
            ("contains" | "hasPrefix" | "hasSuffix", [Term::Is(Json::String(part)), text]) => {
                self.tested(text, &Test::Part(name, part), wanted, depth)
            }
            ("Files.Get" | "Files.GetBytes" | "Files.Lines", [Term::Is(Json::String(file))]) if wanted => {
                vec![vec![Demand::File(file.clone())]]
            }
            ("Files.Glob", [Term::Is(Json::String(pattern))]) if wanted => {
                vec![vec![Demand::File(file_of(pattern))]]
            }
            ("eq", [one, others @ ..]) if wanted => {
                union(others.iter().map(|other| self.equal(one, other, true, depth)))
            }
            ("eq", [one, others @ ..]) => others
                .iter()
                .fold(vec![Vec::new()], |ways, other| both(ways, || self.equal(one, other, false, depth))),
            ("ne", [one, other]) => self.equal(one, other, !wanted, depth),
            ("gt" | "ge" | "lt" | "le", [one, other]) => self.compared(name, one, other, wanted, depth),
            ("ternary", [yes, no, condition]) => union([
                both(self.truth_of(condition, true, depth), || self.truth_of(yes, wanted, depth)),
                both(self.truth_of(condition, false, depth), || self.truth_of(no, wanted, depth)),
            ]),
            ("hasKey", [Term::Values(path), Term::Is(Json::String(key))]) => {
                let path = path.key(key.as_str());
                self.demand(&path, if wanted { To::Set } else { To::Unset })
            }
            ("has", [Term::Is(item), Term::Values(path)]) if wanted => {
                self.demand(path, To::Has(item.clone()))
            }
            ("Has", [_, Term::Is(Json::String(name))]) if wanted => vec![vec![Demand::Api(name.clone())]],
            ("include", [Term::Is(Json::String(name)), dot]) => {
                let outputs = self.outputs(name, dot, depth);
                let outputs = outputs.iter().filter(|(_, output)| !is_blank(output));
                if wanted {
                    return union(outputs.map(|(asks, output)| {
                        both(self.asked(asks, depth), || self.truth_of(output, true, depth))
                    }));
                }
                // Nothing at all may be written: of what stands before each text something does not hold.
                outputs.fold(vec![Vec::new()], |ways, (asks, output)| {
                    both(ways, || {
                        let otherwise = asks.iter().map(|(term, is)| self.truth_of(term, !is, depth));
                        union(otherwise.chain([self.truth_of(output, false, depth)]))
                    })
                })
            }
            _ => passed(name, args).map_or_else(Vec::new, |arg| self.truth_of(arg, wanted, depth)),
        }
    }

    /// What makes all of it hold.
    fn asked(&self, asks: &[Ask], depth: usize) -> Ways {
        asks.iter()
            .fold(vec![Vec::new()], |ways, (term, wanted)| both(ways, || self.truth_of(term, *wanted, depth)))
    }

    /// What makes one equal to the other, or else not.
    fn equal(&self, one: &Term, other: &Term, wanted: bool, depth: usize) -> Ways {
        match (one, other) {
            (term, Term::Is(is)) | (Term::Is(is), term) => self.tested(term, &Test::Is(is), wanted, depth),
            // Of two values either may be made what the other is.
            (one, other) => {
                let sides = [(one, other), (other, one)].into_iter();
                union(sides.filter_map(|(term, other)| {
                    let is = self.known(other)?;
                    Some(self.tested(term, &Test::Is(&is), wanted, depth))
                }))
            }
        }
    }

    /// What a term is now, as far as that is seen at once.
    fn known(&self, term: &Term) -> Option<Json> {
        match term {
            Term::Is(is) => Some(is.clone()),
            Term::Builtin(name) => (self.builtin)(name).map(Json::from),
            Term::Values(path) => {
                self.note(path);
                match (self.value)(path)? {
                    Value::Map(_) | Value::List(_) | Value::Object(_) | Value::Nil => None,
                    Value::Bool(truth) => Some(Json::from(truth)),
                    value => Some(Json::from(print::sprint(&value).to_string())),
                }
            }
            Term::Call(name, args) => self.known(passed(name, args)?),
            _ => None,
        }
    }

    /// What makes a term pass a test, or else not.
    fn tested(&self, term: &Term, test: &Test<'_>, wanted: bool, depth: usize) -> Ways {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let holds = |value: Option<&Value>| match test.holds(value) == wanted {
            true => vec![Vec::new()],
            false => Vec::new(),
        };
        match term {
            Term::Is(value) => holds(Some(&value_of(value))),
            Term::Values(path) => {
                self.note(path);
                let value = (self.value)(path);
                if test.holds(value.as_ref()) == wanted {
                    return vec![Vec::new()];
                }
                let demand = |to| vec![Demand::Value { path: path.clone(), to }];
                test.asks_for(value.as_ref(), wanted).map(demand).into_iter().collect()
            }
            Term::Builtin(name) => match (self.builtin)(name) {
                Some(now) if test.holds(Some(&Value::Str(Str::from(now.as_str())))) == wanted => {
                    vec![Vec::new()]
                }
                Some(now) => {
                    test.asks_of(name, &now, wanted).map(|demand| vec![demand]).into_iter().collect()
                }
                None => Vec::new(),
            },
            Term::Choice(some) => {
                union(some.iter().map(|(asks, one)| {
                    both(self.asked(asks, depth), || self.tested(one, test, wanted, depth))
                }))
            }
            Term::Call(name, args) => self.tested_call(term, name, args, test, wanted, depth),
            Term::Root | Term::Record(_) | Term::Items(_) | Term::Other => Vec::new(),
        }
    }

    fn tested_call(
        &self,
        term: &Term,
        name: &str,
        args: &[Term],
        test: &Test<'_>,
        wanted: bool,
        depth: usize,
    ) -> Ways {
        match (name, args, test) {
            ("default", [fallback, value], _) => union([
                both(self.truth_of(value, true, depth), || self.tested(value, test, wanted, depth)),
                both(self.truth_of(value, false, depth), || self.tested(fallback, test, wanted, depth)),
            ]),
            ("coalesce", [first, rest @ ..], _) => {
                let rest = Term::Call("coalesce", rest.to_vec());
                union([
                    both(self.truth_of(first, true, depth), || self.tested(first, test, wanted, depth)),
                    both(self.truth_of(first, false, depth), || self.tested(&rest, test, wanted, depth)),
                ])
            }
            ("ternary", [yes, no, condition], _) => union([
                both(self.truth_of(condition, true, depth), || self.tested(yes, test, wanted, depth)),
                both(self.truth_of(condition, false, depth), || self.tested(no, test, wanted, depth)),
            ]),
            ("include", [Term::Is(Json::String(name)), dot], _) => {
                let outputs = self.outputs(name, dot, depth);
                let outputs = outputs.iter().filter(|(_, output)| !is_blank(output));
                union(outputs.map(|(asks, output)| {
                    both(self.asked(asks, depth), || self.tested(output, test, wanted, depth))
                }))
            }
            ("kindOf", [value], Test::Is(Json::String(kind))) => {
                self.tested(value, &Test::Kind(kind), wanted, depth)
            }
            ("len", [arg], Test::Is(is)) => match is.as_i64() {
                Some(0) => self.truth_of(arg, !wanted, depth),
                _ => Vec::new(),
            },
            _ => match (passed(name, args), test) {
                (Some(arg), _) => self.tested(arg, test, wanted, depth),
                (None, Test::Is(is)) => match in_words(is).as_str() {
                    "true" => self.truth_of(term, wanted, depth),
                    "false" => self.truth_of(term, !wanted, depth),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
        }
    }

    /// Remembers that a condition reads a value.
    fn note(&self, path: &FieldPath) {
        let mut reads = self.reads.borrow_mut();
        if !reads.contains(path) {
            reads.push(path.clone());
        }
    }

    /// What makes a number more or less than another.
    fn compared(&self, name: &str, one: &Term, other: &Term, wanted: bool, depth: usize) -> Ways {
        let number = |term: &Term| match term {
            Term::Is(value) => value.as_i64(),
            _ => None,
        };
        let (term, bound, is_flipped) = match (number(one), number(other)) {
            (None, Some(bound)) => (one, bound, false),
            (Some(bound), None) => (other, bound, true),
            _ => return Vec::new(),
        };
        let mut term = term;
        let mut is_length = false;
        while let Term::Call(name, args) = term {
            is_length |= *name == "len";
            match passed(name, args).or(args.first().filter(|_| *name == "len")) {
                Some(arg) => term = arg,
                None => return Vec::new(),
            }
        }
        let is_more = matches!(name, "gt" | "ge") == (wanted != is_flipped);
        if is_length {
            return self.truth_of(term, is_more, depth);
        }
        if let Term::Builtin(name) = term
            && let (MINOR, Some(now)) = (name.as_str(), (self.builtin)(MINOR))
        {
            let now: i64 = now.parse().unwrap_or_default();
            let minor = if is_more { bound + 1 } else { bound - 1 };
            return match if is_more { now > bound } else { now < bound } {
                true => vec![Vec::new()],
                false => vec![vec![Demand::Kube(format!("1.{minor}.0"))]],
            };
        }
        let Term::Values(path) = term else { return Vec::new() };
        // Strictly more or less is right for either word but at the bound itself.
        self.demand(path, if is_more { To::Above(bound) } else { To::Below(bound) })
    }

    /// The demand, unless it is met.
    fn demand(&self, path: &FieldPath, to: To) -> Ways {
        self.note(path);
        let value = (self.value)(path);
        if to.is_met(value.as_ref()) {
            return vec![Vec::new()];
        }
        vec![vec![Demand::Value { path: path.clone(), to }]]
    }

    /// What a template writes, given this.
    fn outputs(&self, name: &str, dot: &Term, depth: usize) -> Vec<Output> {
        let mut outputs = Vec::new();
        if let Some(tree) = self.trees.get(&Str::from(name)) {
            let mut names = Names::new(dot.clone());
            collect(&tree.root, &mut names, &[], &mut outputs, depth);
        }
        outputs
    }
}

/// The second number of the cluster's version.
const MINOR: &str = "Capabilities.KubeVersion.Minor";

/// Whether it writes nothing but space.
fn is_blank(output: &Term) -> bool {
    matches!(output, Term::Is(Json::String(text)) if text.trim().is_empty())
}

/// A file whose name fits a pattern.
fn file_of(pattern: &str) -> String {
    let mut name = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' | '?' if name.ends_with('x') => {}
            '*' | '?' => name.push('x'),
            '{' => {
                let all: String = rest.by_ref().take_while(|c| *c != '}').collect();
                name.push_str(all.split(',').next().unwrap_or_default());
            }
            '[' => name.extend(rest.by_ref().take_while(|c| *c != ']').find(|c| *c != '!' && *c != '^')),
            c => name.push(c),
        }
    }
    name
}

/// What a list of nodes writes.
fn collect(list: &List, names: &mut Names, asks: &[Ask], outputs: &mut Vec<Output>, depth: usize) {
    let mark = names.variables.len();
    for node in &list.nodes {
        if outputs.len() >= OUTPUTS || depth == 0 {
            return;
        }
        match node {
            Node::Text(text) => {
                let text = String::from_utf8_lossy(text.bytes().trim_ascii());
                outputs.push((asks.to_vec(), Term::Is(Json::from(text))));
            }
            Node::Action(action) => {
                let value = names.pipe(&action.pipe);
                if action.pipe.decl.is_empty() {
                    outputs.push((asks.to_vec(), value));
                }
            }
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                let mut arm = |arm: &List, names: &mut Names, asks: &[Ask]| {
                    collect(arm, names, asks, outputs, depth - 1);
                };
                arms(node, branch, names, asks, &mut arm);
            }
            Node::Template(template) => {
                let dot = template.pipe.as_ref().map_or(Term::Other, |pipe| names.pipe(pipe));
                let name = Term::Is(Json::from(template.name.to_string()));
                outputs.push((asks.to_vec(), Term::Call("include", vec![name, dot])));
            }
            Node::Break(_) | Node::Continue(_) => {}
        }
    }
    names.variables.truncate(mark);
}

/// Walks the arms of a branch, each with what must hold for it, and lets variables be what either made of them.
pub(super) fn arms(
    node: &Node,
    branch: &Branch,
    names: &mut Names,
    asks: &[Ask],
    walk: &mut dyn FnMut(&List, &mut Names, &[Ask]),
) {
    let mark = names.variables.len();
    let term = names.pipe(&branch.pipe);
    let dot = match node {
        Node::With(_) => Some(term.clone()),
        Node::Range(_) => Some(element(&term)),
        _ => None,
    };
    if let (Node::Range(_), Some(item)) = (node, &dot) {
        let count = branch.pipe.decl.len();
        for (at, variable) in branch.pipe.decl.iter().enumerate() {
            names.set(&variable.name, if at + 1 == count { item.clone() } else { Term::Other }, true);
        }
    }
    let before = names.variables.clone();
    let mut ends = Vec::new();
    for (list, wanted) in [(Some(&branch.list), true), (branch.else_list.as_ref(), false)] {
        let mut inner = Names { variables: before.clone(), ..names.clone() };
        if let (Some(dot), true) = (&dot, wanted) {
            inner.dot = dot.clone();
        }
        let asks: Vec<Ask> = asks.iter().cloned().chain([(term.clone(), wanted)]).collect();
        if let Some(list) = list {
            walk(list, &mut inner, &asks);
        }
        ends.push(inner.variables);
    }
    let [yes, no] = ends.as_slice() else { return };
    for (at, (_, value)) in names.variables.iter_mut().enumerate() {
        let (Some((_, yes)), Some((_, no))) = (yes.get(at), no.get(at)) else { continue };
        *value = match yes == no {
            true => yes.clone(),
            false => Term::Choice(vec![
                (vec![(term.clone(), true)], yes.clone()),
                (vec![(term.clone(), false)], no.clone()),
            ]),
        };
    }
    names.variables.truncate(mark);
}

/// The argument that a function hands on or only writes differently.
fn passed<'a>(name: &str, args: &'a [Term]) -> Option<&'a Term> {
    match name {
        "toString" | "quote" | "squote" | "trim" | "lower" | "upper" | "int" | "int64" | "float64"
        | "toYaml" | "toJson" | "indent" | "nindent" | "trimSuffix" | "trunc" | "keys" | "values"
        | "uniq" | "compact" | "sortAlpha" | "fromYaml" | "fromJson" | "atoi" | "len" => args.last(),
        _ => None,
    }
}

/// Ways in which both hold.
fn both(some: Ways, others: impl FnOnce() -> Ways) -> Ways {
    if some.is_empty() {
        return some;
    }
    let others = others();
    let mut all: Ways = Vec::new();
    for one in &some {
        for other in &others {
            let mut way = one.clone();
            way.extend(other.iter().filter(|demand| !one.contains(demand)).cloned());
            if all.len() < MOST && way.len() <= LONG && !all.contains(&way) {
                all.push(way);
            }
        }
    }
    all
}

/// Ways in which one of them holds, the shortest first.
fn union(some: impl IntoIterator<Item = Ways>) -> Ways {
    let mut all: Ways = Vec::new();
    for way in some.into_iter().flatten() {
        if !all.contains(&way) {
            all.push(way);
        }
    }
    all.sort_by_key(Vec::len);
    all.truncate(MOST);
    all
}

/// The fields of the dot that a list of nodes reads, by which one sees what it is to be.
pub(super) fn fields_of(list: &List) -> Vec<String> {
    fn in_pipe(pipe: &Pipe, found: &mut Vec<String>) {
        for arg in pipe.cmds.iter().flat_map(|command| &command.args) {
            match arg {
                Arg::Field(field) => {
                    let name = field.names.first().map(|name| name.text().to_string());
                    found.extend(name.filter(|name| !found.contains(name)));
                }
                Arg::Pipe(pipe) => in_pipe(pipe, found),
                _ => {}
            }
        }
    }
    fn in_list(list: &List, found: &mut Vec<String>) {
        for node in &list.nodes {
            match node {
                Node::Action(action) => in_pipe(&action.pipe, found),
                Node::If(branch) => {
                    in_pipe(&branch.pipe, found);
                    in_list(&branch.list, found);
                    branch.else_list.iter().for_each(|list| in_list(list, found));
                }
                Node::With(branch) | Node::Range(branch) => in_pipe(&branch.pipe, found),
                Node::Template(template) => {
                    template.pipe.iter().for_each(|pipe| in_pipe(pipe, found));
                }
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    in_list(list, &mut found);
    found
}
