//! What keeps a text of the templates from being written: [`ways`] finds the text in what no execution came to, names the
//! conditions around it, through `include` and variables too, and says what would have to be set for them to hold.
//!
//! It looks at the syntax tree alone. Whether what it says is true shows when it is set and the chart is rendered.

mod demand;
mod solve;
mod term;
mod test;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::ast::{Branch, List, Node, Source, Tree};
use super::calls::called;
use super::reach::{Executed, Trees};
use crate::diagnostic::FileLine;
use crate::path::FieldPath;
use crate::value::{Str, Value};
pub use demand::{Demand, To};
use solve::{Solver, arms, fields_of};
use term::{Ask, Names, Term};

/// A text that is not written, and what keeps it away.
#[derive(Clone, Debug)]
pub struct Way {
    /// The conditions that do not hold, outermost first.
    pub hurdles: Vec<Hurdle>,
}

/// A condition that does not hold.
#[derive(Clone, Debug)]
pub struct Hurdle {
    /// Its place; the file is named as it was parsed.
    pub place: FileLine,
    /// `if`, `with` or `range`.
    pub word: &'static str,
    /// What it asks.
    pub condition: String,
    /// Whether it would have to be true, or else false.
    pub wants: bool,
    /// The values that it reads, below `.Values`.
    pub reads: Vec<FieldPath>,
    /// What would make it hold: one of these, each of which is all to be met. None where nobody knows.
    pub ways: Vec<Vec<Demand>>,
}

/// How many nodes are looked at.
const MOST: usize = 300_000;

/// How many ways are told.
const MANY: usize = 24;

/// How deep calls are followed.
const DEEP: usize = 12;

/// The texts of a template and of those that it calls which are wanted and not written. `value` says what stands at a path
/// below `.Values`, `builtin` what Helm puts beside them, and `is_wanted` of a text, and of whether an action follows it, whether it is the one.
pub fn ways(
    trees: &Trees,
    name: &str,
    executed: &Executed,
    value: &dyn Fn(&FieldPath) -> Option<Value>,
    builtin: &dyn Fn(&str) -> Option<String>,
    is_wanted: &dyn Fn(&[u8], bool) -> bool,
) -> Vec<Way> {
    let name = Str::from(name);
    let Some(tree) = trees.get(&name) else { return Vec::new() };
    let solver = Solver { trees, value, builtin, reads: RefCell::default() };
    let leading = leading(trees, is_wanted);
    let mut walk =
        Walk { solver, executed, is_wanted, leading, found: Vec::new(), calls: vec![name], left: MOST };
    walk.list(&tree.root, tree, &mut Names::new(Term::Root), &[]);
    walk.found
}

/// The templates in which such a text stands, or that call one of them.
fn leading(trees: &Trees, is_wanted: &dyn Fn(&[u8], bool) -> bool) -> FxHashSet<Str> {
    let mut found: FxHashSet<Str> = FxHashSet::default();
    let mut callers: Vec<(Str, Vec<Str>)> = Vec::new();
    for tree in trees.all() {
        if holds(&tree.root, is_wanted) {
            found.insert(tree.name.clone());
        }
        let called = called(&tree.root).into_iter().map(|(name, _)| name).collect();
        callers.push((tree.name.clone(), called));
    }
    loop {
        let more = callers.iter().filter(|(name, called)| {
            !found.contains(name) && called.iter().any(|called| found.contains(called))
        });
        let more: Vec<Str> = more.map(|(name, _)| name.clone()).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn holds(list: &List, is_wanted: &dyn Fn(&[u8], bool) -> bool) -> bool {
    list.nodes.iter().enumerate().any(|(at, node)| match node {
        Node::Text(text) => is_wanted(text.bytes(), is_followed(list, at)),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            holds(&branch.list, is_wanted)
                || branch.else_list.as_ref().is_some_and(|list| holds(list, is_wanted))
        }
        _ => false,
    })
}

/// Whether an action comes behind a text.
fn is_followed(list: &List, at: usize) -> bool {
    matches!(list.nodes.get(at + 1), Some(Node::Action(_)))
}

struct Walk<'a> {
    solver: Solver<'a>,
    executed: &'a Executed,
    is_wanted: &'a dyn Fn(&[u8], bool) -> bool,
    leading: FxHashSet<Str>,
    found: Vec<Way>,
    calls: Vec<Str>,
    left: usize,
}

/// A branch around a place.
#[derive(Clone)]
struct Around<'t> {
    source: &'t Rc<Source>,
    branch: &'t Branch,
    word: &'static str,
    ask: Ask,
    /// Whether no execution took it.
    is_dead: bool,
}

impl Walk<'_> {
    fn list(&mut self, list: &List, tree: &Tree, names: &mut Names, around: &[Around<'_>]) {
        let mark = names.variables.len();
        for (at, node) in list.nodes.iter().enumerate() {
            if self.left == 0 || self.found.len() >= MANY {
                return;
            }
            self.left -= 1;
            match node {
                Node::Text(text) => {
                    let is_dead = around.iter().any(|around| around.is_dead);
                    let found = (self.is_wanted)(text.bytes(), is_followed(list, at));
                    if found && is_dead {
                        self.found.push(Way { hurdles: self.hurdles(around) });
                    }
                }
                Node::Action(action) => {
                    let value = names.pipe(&action.pipe);
                    self.visit(&value, around);
                }
                Node::If(branch) => self.branch("if", node, branch, tree, names, around),
                Node::With(branch) => self.branch("with", node, branch, tree, names, around),
                Node::Range(branch) => self.branch("range", node, branch, tree, names, around),
                Node::Template(template) => {
                    let dot = template.pipe.as_ref().map_or(Term::Other, |pipe| names.pipe(pipe));
                    self.call(&template.name, &dot, around);
                }
                Node::Break(_) | Node::Continue(_) => {}
            }
        }
        names.variables.truncate(mark);
    }

    fn branch(
        &mut self,
        word: &'static str,
        node: &Node,
        branch: &Branch,
        tree: &Tree,
        names: &mut Names,
        around: &[Around<'_>],
    ) {
        arms(node, branch, names, &[], &mut |list, names, asks| {
            let Some(ask) = asks.last().cloned() else { return };
            let is_dead = !self.executed.ran(&tree.source.name, branch.pos, ask.1);
            let one = Around { source: &tree.source, branch, word, ask, is_dead };
            let around: Vec<Around<'_>> = around.iter().cloned().chain([one]).collect();
            self.list(list, tree, names, &around);
        });
    }

    /// Follows the calls in what an action prints.
    fn visit(&mut self, term: &Term, around: &[Around<'_>]) {
        let Term::Call(name, args) = term else { return };
        if let ("include", [Term::Is(Json::String(name)), dot]) = (*name, args.as_slice()) {
            self.call(&Str::from(name.as_str()), dot, around);
        }
        for arg in args {
            self.visit(arg, around);
        }
    }

    fn call(&mut self, name: &Str, dot: &Term, around: &[Around<'_>]) {
        if !self.leading.contains(name) || self.calls.len() > DEEP || self.calls.contains(name) {
            return;
        }
        let Some(tree) = self.solver.trees.get(name).cloned() else { return };
        self.calls.push(name.clone());
        self.list(&tree.root, &tree, &mut Names::new(dot.clone()), around);
        self.calls.pop();
    }

    /// Those of the branches that keep a place away.
    fn hurdles(&self, around: &[Around<'_>]) -> Vec<Hurdle> {
        let mut hurdles: Vec<Hurdle> = Vec::new();
        for Around { source, branch, word, ask: (term, wants), is_dead } in around {
            if !is_dead {
                continue;
            }
            self.solver.reads.borrow_mut().clear();
            let mut ways = self.solver.truth(term, *wants);
            // Inside of what is not executed nobody knows, but what holds as it is will hold.
            if !hurdles.is_empty() && ways.iter().any(Vec::is_empty) {
                continue;
            }
            ways.retain(|way| !way.is_empty());
            for demand in ways.iter_mut().flatten() {
                if let (Term::Values(own), Demand::Value { path, to: To::True { fields, is_list } }) =
                    (term, demand)
                    && own == path
                    && *word != "if"
                {
                    *fields = fields_of(&branch.list);
                    *is_list = *word == "range";
                }
            }
            hurdles.push(Hurdle {
                place: place(source, branch.pos),
                word,
                condition: branch.pipe.to_string(),
                wants: *wants,
                reads: self.solver.reads.borrow().clone(),
                ways,
            });
        }
        hurdles
    }
}

fn place(source: &Source, pos: u32) -> FileLine {
    let place = source.place(pos);
    let column = place.column.map(|column| column + 1);
    FileLine { file: place.file.to_string(), line: Some(place.line), column }
}
