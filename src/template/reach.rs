//! What templates would read in the branches that no execution took: [`possible`] walks the syntax tree with values of which
//! only is known where they stand below `.Values`. It follows `include` with what is passed on, so that a `define` is looked at
//! for each kind of dot that it is given.

mod places;

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::{Arg, Branch, Command, List, Node, Pipe, Tree};
use super::error::Error;
use super::func::{Effect, Func, Looks, Makes, Selects};
use super::functions::Functions;
use super::parse;
use super::parsed::Parsed;
use super::reads::Reads;
use super::trace::Trace;
use crate::value::{FieldName, Str, Value, print};
use places::{Met, Place, Places, TOP};

/// Parsed templates by name.
pub struct Trees(FxHashMap<Str, Rc<Tree>>);

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Known {
    /// The dot of a file: `.Values` is in it.
    Root,
    /// What stands at that path below `.Values`.
    At(Place),
    /// A text that the template says.
    Text(Str),
    /// A map that the template made.
    Record(Rc<BTreeMap<Str, Known>>),
    /// A list of these.
    Items(Rc<[Known]>),
    /// One of these.
    Either(Rc<[Known]>),
    /// Nothing that has to do with values.
    Other,
}

/// What was executed: branches and templates by name.
#[derive(Clone, Debug, Default)]
pub struct Executed {
    /// The branches of each file.
    arms: FxHashMap<Str, Arms>,
    /// The templates.
    pub templates: FxHashSet<Str>,
}

/// The branches of a file: by their place, and whether their body was entered.
type Arms = FxHashSet<(u32, bool)>;

impl Executed {
    /// What executions did, by their traces.
    pub fn of<'a>(traces: impl IntoIterator<Item = &'a Trace>) -> Executed {
        let mut executed = Executed::default();
        for trace in traces {
            for (file, pos, is_body) in trace.arms() {
                executed.add(file, *pos, *is_body);
            }
            executed.templates.extend(trace.templates().iter().cloned());
        }
        executed
    }

    /// Notes that a branch was executed.
    pub(super) fn add(&mut self, file: &Str, pos: u32, is_body: bool) {
        match self.arms.get_mut(file) {
            Some(arms) => arms.insert((pos, is_body)),
            None => self.arms.entry(file.clone()).or_default().insert((pos, is_body)),
        };
    }

    /// Whether the `if`, `with` or `range` at that place of a file ever executed its body, or, if that is not asked for,
    /// ever did not.
    pub(super) fn ran(&self, file: &Str, pos: u32, is_body: bool) -> bool {
        self.arms.get(file).is_some_and(|arms| arms.contains(&(pos, is_body)))
    }
}

/// How many nodes are looked at.
const MOST: usize = 2_000_000;

/// How deep calls and values are followed.
const DEEP: usize = 48;

/// How many values one may be.
const MANY: usize = 12;

impl Trees {
    /// Parses files, given by name and in the order in which they are parsed.
    ///
    /// # Errors
    /// A file is no template.
    pub fn parse<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        parsed: &Parsed,
        funcs: &Functions,
    ) -> Result<Trees, Error> {
        let mut trees = FxHashMap::default();
        for (name, text) in files {
            for tree in &*parsed.file(&Str::from(name), text, funcs)? {
                // Go: `associate`.
                if !(tree.root.is_empty() && trees.contains_key(&tree.name)) {
                    trees.insert(tree.name.clone(), Rc::clone(tree));
                }
            }
        }
        Ok(Trees(trees))
    }

    /// The template of that name.
    pub(super) fn get(&self, name: &Str) -> Option<&Rc<Tree>> {
        self.0.get(name)
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<Tree>> {
        self.0.values()
    }

    /// What the templates of these names would read, each executed with the dot of a chart, where no execution came.
    pub fn possible<'a>(&self, names: impl IntoIterator<Item = &'a str>, executed: &Executed) -> Reads {
        let mut walk = Walk::new(self, executed);
        for name in names {
            let name = Str::from(name);
            let Some(tree) = self.0.get(&name) else { continue };
            let is_dead = !executed.templates.contains(&name);
            walk.tree(tree, &Known::Root, is_dead, DEEP);
        }
        walk.places.reads()
    }

    /// What a text would read as a template with the dot of a chart.
    pub fn possible_in_text(&self, text: &str, funcs: &Functions) -> Reads {
        let executed = Executed::default();
        let mut walk = Walk::new(self, &executed);
        let trees = parse::parse(&Str::from("text"), text.as_bytes(), funcs).unwrap_or_default();
        for tree in &trees {
            walk.tree(tree, &Known::Root, true, DEEP);
        }
        walk.places.reads()
    }
}

struct Walk<'a> {
    trees: &'a Trees,
    executed: &'a Executed,
    places: Places,
    /// The templates that were looked at, with their dots, and whether nothing of them was executed.
    done: FxHashSet<(Str, Known, bool)>,
    /// Whether a template gives variables new values; of most none does.
    assigns: FxHashMap<*const Tree, bool>,
    left: usize,
}

/// The branches that there are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    If,
    With,
    Range,
}

/// What a template looks at as it goes.
struct Scope<'d> {
    dot: &'d Known,
    /// What `$` is.
    top: &'d Known,
    variables: Vec<(Str, Known)>,
    /// Whether some of them get new values.
    assigns: bool,
    /// The branches of the file that were executed.
    arms: Option<&'d Arms>,
    /// Whether this was not executed.
    is_dead: bool,
    depth: usize,
}

impl<'d> Scope<'d> {
    /// That of a branch, with a dot and variables of its own.
    fn inner<'b>(&self, dot: &'b Known, variables: Vec<(Str, Known)>, is_dead: bool) -> Scope<'b>
    where
        'd: 'b,
    {
        Scope { dot, variables, is_dead, ..*self }
    }
}

impl<'a> Walk<'a> {
    fn new(trees: &'a Trees, executed: &'a Executed) -> Walk<'a> {
        Walk {
            trees,
            executed,
            places: Places::default(),
            done: FxHashSet::default(),
            assigns: FxHashMap::default(),
            left: MOST,
        }
    }

    fn tree(&mut self, tree: &Tree, dot: &Known, is_dead: bool, depth: usize) {
        if depth == 0 || !self.done.insert((tree.name.clone(), dot.clone(), is_dead)) {
            return;
        }
        let assigns = *self.assigns.entry(tree).or_insert_with(|| assigns(&tree.root));
        let arms = self.executed.arms.get(&tree.source.name);
        let mut scope = Scope { dot, top: dot, variables: Vec::new(), assigns, arms, is_dead, depth };
        self.list(&tree.root, tree, &mut scope);
    }

    fn list(&mut self, list: &List, tree: &Tree, scope: &mut Scope<'_>) {
        let mark = scope.variables.len();
        for node in &list.nodes {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            match node {
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
                Node::Action(action) => {
                    let value = self.pipe(&action.pipe, scope);
                    if action.pipe.decl.is_empty() {
                        self.whole(&value, scope.is_dead);
                    }
                }
                Node::If(branch) => self.branch(Kind::If, branch, tree, scope),
                Node::With(branch) => self.branch(Kind::With, branch, tree, scope),
                Node::Range(branch) => self.branch(Kind::Range, branch, tree, scope),
                Node::Template(template) => {
                    let value = template.pipe.as_ref().map_or(Known::Other, |pipe| self.pipe(pipe, scope));
                    self.call(&template.name, &value, scope);
                }
            }
        }
        scope.variables.truncate(mark);
    }

    fn branch(&mut self, kind: Kind, branch: &Branch, tree: &Tree, scope: &mut Scope<'_>) {
        let mark = scope.variables.len();
        let value = self.pipe(&branch.pipe, scope);
        if kind == Kind::Range {
            self.listed(&value, scope.is_dead);
            let count = branch.pipe.decl.len();
            for (at, variable) in branch.pipe.decl.iter().enumerate() {
                let known = if at + 1 == count { self.element(&value) } else { Known::Other };
                set(scope, &variable.name, known, true);
            }
        }
        let was_dead = scope.is_dead;
        let ran = |is_body: bool| scope.arms.is_some_and(|arms| arms.contains(&(branch.pos, is_body)));
        let (body, other) = (ran(true), ran(false));
        if let (Kind::Range, Known::Items(items)) = (kind, &value)
            && (1..=MANY * 2).contains(&items.len())
        {
            return self.unrolled(branch, tree, items, !body, scope);
        }
        let dot = match kind {
            Kind::If => scope.dot.clone(),
            Kind::With => value,
            Kind::Range => self.element(&value),
        };
        let outer = scope.dot.clone();
        if !scope.assigns {
            for (list, dot, ran) in
                [(Some(&branch.list), &dot, body), (branch.else_list.as_ref(), &outer, other)]
            {
                let Some(list) = list else { continue };
                let variables = std::mem::take(&mut scope.variables);
                let mut inner = scope.inner(dot, variables, was_dead || !ran);
                self.list(list, tree, &mut inner);
                scope.variables = inner.variables;
            }
            scope.variables.truncate(mark);
            return;
        }
        let mut after = Vec::new();
        let arms = [(Some(&branch.list), &dot, body), (branch.else_list.as_ref(), &outer, other)];
        for (at, (list, dot, ran)) in arms.into_iter().enumerate() {
            let Some(list) = list else {
                after.push(scope.variables.clone());
                continue;
            };
            let mut inner = scope.inner(dot, scope.variables.clone(), was_dead || !ran);
            self.list(list, tree, &mut inner);
            // What one iteration sets the next one finds.
            if kind == Kind::Range && at == 0 && inner.variables != scope.variables {
                join(&mut inner.variables, &scope.variables);
                self.list(list, tree, &mut inner);
            }
            after.push(inner.variables);
        }
        if kind == Kind::Range {
            after.push(scope.variables.clone());
        }
        let mut after = after.into_iter();
        scope.variables = after.next().unwrap_or_default();
        for other in after {
            join(&mut scope.variables, &other);
        }
        scope.variables.truncate(mark);
    }

    /// A `range` over a list of which each item is known: what one iteration sets the next one finds.
    fn unrolled(
        &mut self,
        branch: &Branch,
        tree: &Tree,
        items: &[Known],
        is_dead: bool,
        scope: &mut Scope<'_>,
    ) {
        let mark = scope.variables.len();
        let mut variables = scope.variables.clone();
        for item in items {
            if let Some(variable) = branch.pipe.decl.last() {
                variables.push((variable.name.clone(), item.clone()));
            }
            let mut inner = scope.inner(item, variables, scope.is_dead || is_dead);
            self.list(&branch.list, tree, &mut inner);
            variables = inner.variables;
            variables.truncate(mark);
        }
        scope.variables = variables;
    }

    fn pipe(&mut self, pipe: &Pipe, scope: &mut Scope<'_>) -> Known {
        let mut value: Option<Known> = None;
        for command in &pipe.cmds {
            value = Some(self.command(command, value, scope));
        }
        let value = value.unwrap_or(Known::Other);
        for variable in &pipe.decl {
            set(scope, &variable.name, value.clone(), !pipe.is_assign);
        }
        value
    }

    fn command(&mut self, command: &Command, last: Option<Known>, scope: &mut Scope<'_>) -> Known {
        let Some((first, rest)) = command.args.split_first() else { return Known::Other };
        let Arg::Identifier(identifier) = first else {
            let value = self.arg(first, scope);
            for arg in rest {
                let arg = self.arg(arg, scope);
                self.whole(&arg, scope.is_dead);
            }
            return value;
        };
        let is_lazy = matches!(identifier.func.name, "and" | "or");
        let mut args = Vec::with_capacity(rest.len() + 1);
        for (at, arg) in rest.iter().enumerate() {
            let was_dead = scope.is_dead;
            // Go evaluates no more of them than it needs.
            scope.is_dead |= is_lazy && at > 0;
            args.push(self.arg(arg, scope));
            scope.is_dead = was_dead;
        }
        args.extend(last);
        self.function(identifier.func, &args, scope)
    }

    fn arg(&mut self, arg: &Arg, scope: &mut Scope<'_>) -> Known {
        match arg {
            Arg::Dot(_) => scope.dot.clone(),
            Arg::Field(field) => self.fields(scope.dot.clone(), &field.names, scope),
            Arg::Variable(variable) => {
                let is_meant = |(name, _): &&(Str, Known)| *name == variable.name;
                // `$` is no variable here. Where a declaration was jumped over, another stands there.
                let slot = (variable.slot as usize).checked_sub(1);
                let own = slot.and_then(|slot| scope.variables.get(slot)).filter(is_meant);
                let own = own.or_else(|| scope.variables.iter().rev().find(is_meant));
                let value = match own {
                    Some((_, value)) => value.clone(),
                    None if variable.name.as_bytes() == b"$" => scope.top.clone(),
                    None => Known::Other,
                };
                self.fields(value, &variable.fields, scope)
            }
            Arg::Chain(chain) => {
                let value = self.arg(&chain.node, scope);
                self.fields(value, &chain.fields, scope)
            }
            Arg::Pipe(pipe) => self.pipe(pipe, scope),
            Arg::Identifier(identifier) => self.function(identifier.func, &[], scope),
            Arg::String(string) => match &string.value {
                Value::Str(text) => Known::Text(text.clone()),
                _ => Known::Other,
            },
            Arg::Bool(..) | Arg::Nil(_) | Arg::Number(_) => Known::Other,
        }
    }

    fn fields(&mut self, value: Known, names: &[FieldName], scope: &Scope<'_>) -> Known {
        names.iter().fold(value, |value, name| self.step(&value, name.text(), scope.is_dead))
    }

    fn step(&mut self, value: &Known, name: &Str, is_dead: bool) -> Known {
        match value {
            Known::Root if name.as_bytes() == b"Values" => Known::At(TOP),
            Known::Root | Known::Text(_) | Known::Items(_) | Known::Other => Known::Other,
            Known::At(place) => {
                let place = self.places.below(*place, Some(name));
                self.places.all[place as usize].is_touched |= is_dead;
                Known::At(place)
            }
            Known::Record(record) => record.get(name).cloned().unwrap_or(Known::Other),
            Known::Either(some) => either(some.iter().map(|one| self.step(one, name, is_dead))),
        }
    }

    /// All of a value is looked at.
    fn whole(&mut self, value: &Known, is_dead: bool) {
        self.each(value, is_dead, &mut |place: &mut Met| place.is_whole = true);
    }

    fn listed(&mut self, value: &Known, is_dead: bool) {
        self.each(value, is_dead, &mut |place: &mut Met| place.has_keys = true);
    }

    fn each_whole(&mut self, values: &[Known], is_dead: bool) {
        for value in values {
            self.whole(value, is_dead);
        }
    }

    fn each_listed(&mut self, values: &[Known], is_dead: bool) {
        for value in values {
            self.listed(value, is_dead);
        }
    }

    fn each(&mut self, value: &Known, is_dead: bool, note: &mut dyn FnMut(&mut Met)) {
        if !is_dead {
            return;
        }
        match value {
            Known::At(place) => {
                let met = &mut self.places.all[*place as usize];
                if met.depth < DEEP && met.is_said {
                    note(met);
                }
            }
            Known::Record(record) => {
                for value in record.values() {
                    self.each(value, is_dead, note);
                }
            }
            Known::Items(some) | Known::Either(some) => {
                for value in &**some {
                    self.each(value, is_dead, note);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, name: &Str, dot: &Known, scope: &Scope<'_>) {
        let Some(tree) = self.trees.0.get(name).cloned() else { return };
        let is_dead = scope.is_dead || !self.executed.templates.contains(name);
        self.tree(&tree, dot, is_dead, scope.depth.saturating_sub(1));
    }

    fn function(&mut self, func: &Func, args: &[Known], scope: &mut Scope<'_>) -> Known {
        let is_dead = scope.is_dead;
        let get = |at: usize| args.get(at).cloned().unwrap_or(Known::Other);
        if let Some(text) = printed(func.name, args) {
            return Known::Text(text);
        }
        match func.effect {
            Effect::Executes => {
                self.execute(&get(0), &get(1), scope);
                Known::Other
            }
            Effect::Passes => either(args.iter().cloned()),
            Effect::Selects(Selects::First | Selects::Last) => self.element(&get(0)),
            Effect::Selects(Selects::Keys) => self.steps(&get(0), args.get(1..).unwrap_or_default(), is_dead),
            Effect::Selects(Selects::Dig) => {
                let (keys, default) = args.split_at(args.len().saturating_sub(2));
                let found = default.get(1).map_or(Known::Other, |map| self.steps(map, keys, is_dead));
                either([found, default.first().cloned().unwrap_or(Known::Other)])
            }
            Effect::Makes(makes) => self.made(makes, args, is_dead),
            Effect::Looks(Looks::Key) => {
                self.steps(&get(0), args.get(1..).unwrap_or_default(), is_dead);
                Known::Other
            }
            Effect::Looks(Looks::Keys) => {
                self.each_listed(args, is_dead);
                Known::Other
            }
            Effect::Looks(_) => Known::Other,
            Effect::New if matches!(func.name, "and" | "or") => either(args.iter().cloned()),
            Effect::New if func.name == "len" => {
                self.each_listed(args, is_dead);
                Known::Other
            }
            _ => {
                self.each_whole(args, is_dead);
                Known::Other
            }
        }
    }

    /// What `include` and `tpl` execute.
    fn execute(&mut self, name: &Known, dot: &Known, scope: &Scope<'_>) {
        match name {
            Known::Text(name) if self.trees.0.contains_key(name) => self.call(name, dot, scope),
            Known::Either(names) => names.iter().for_each(|name| self.execute(name, dot, scope)),
            name => {
                self.whole(name, scope.is_dead);
                // Nobody knows what it does with what it is given.
                if *dot != Known::Root {
                    self.whole(dot, scope.is_dead);
                }
            }
        }
    }

    /// An item of a list, or a value of a map, whichever.
    fn element(&mut self, value: &Known) -> Known {
        match value {
            Known::At(place) => Known::At(self.places.below(*place, None)),
            Known::Items(some) => either(some.iter().cloned()),
            Known::Record(record) => either(record.values().cloned()),
            Known::Either(some) => either(some.iter().map(|one| self.element(one))),
            Known::Root | Known::Text(_) | Known::Other => Known::Other,
        }
    }

    /// A list of what stands in these.
    fn elements(&mut self, lists: &[Known]) -> Known {
        Known::Items(lists.iter().map(|list| self.element(list)).collect())
    }

    fn steps(&mut self, value: &Known, keys: &[Known], is_dead: bool) -> Known {
        keys.iter().fold(value.clone(), |value, key| self.step_by(&value, key, is_dead))
    }

    fn step_by(&mut self, value: &Known, key: &Known, is_dead: bool) -> Known {
        match key {
            Known::Text(name) => self.step(value, name, is_dead),
            Known::Either(keys) => either(keys.iter().map(|key| self.step_by(value, key, is_dead))),
            key => {
                self.whole(key, is_dead);
                let element = self.element(value);
                self.each(&element, is_dead, &mut |place: &mut Met| place.is_touched = true);
                element
            }
        }
    }

    fn made(&mut self, makes: Makes, args: &[Known], is_dead: bool) -> Known {
        match makes {
            Makes::Dict => {
                let mut record = BTreeMap::new();
                for pair in args.chunks(2) {
                    let value = pair.get(1).cloned().unwrap_or(Known::Other);
                    match &pair[0] {
                        Known::Text(key) => {
                            record.insert(key.clone(), value);
                        }
                        _ => self.whole(&value, is_dead),
                    }
                }
                Known::Record(Rc::new(record))
            }
            Makes::List => Known::Items(args.into()),
            Makes::Concat => self.elements(args),
            Makes::Append | Makes::Prepend => {
                let first = args.first().map(|list| self.element(list));
                Known::Items(first.into_iter().chain(args.get(1).cloned()).collect())
            }
            Makes::Set => {
                // What is put into a map may be read through any other name of it.
                args.iter().skip(1).for_each(|arg| self.whole(arg, is_dead));
                args.first().cloned().unwrap_or(Known::Other)
            }
            Makes::Some | Makes::Unset | Makes::Copy => args.first().cloned().unwrap_or(Known::Other),
            Makes::Merge | Makes::MergeOverwrite => either(args.iter().cloned()),
            Makes::Values => {
                self.each_listed(args, is_dead);
                self.elements(args)
            }
            Makes::Pluck => {
                let Some((key, maps)) = args.split_first() else { return Known::Other };
                let key = std::slice::from_ref(key);
                Known::Items(maps.iter().map(|map| self.steps(map, key, is_dead)).collect())
            }
            Makes::Chunk => Known::Items(args.get(1).cloned().into_iter().collect()),
            Makes::Split if matches!(args, [Known::Text(_), Known::Text(_)]) => split(args),
            Makes::Split => {
                self.each_whole(args, is_dead);
                Known::Other
            }
            _ => {
                self.each_listed(args, is_dead);
                args.first().cloned().unwrap_or(Known::Other)
            }
        }
    }
}

/// Whether some variable gets a new value.
fn assigns(list: &List) -> bool {
    let in_pipe = |pipe: &Pipe| pipe.is_assign && !pipe.decl.is_empty();
    list.nodes.iter().any(|node| match node {
        Node::Text(_) | Node::Break(_) | Node::Continue(_) | Node::Template(_) => false,
        Node::Action(action) => in_pipe(&action.pipe),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            in_pipe(&branch.pipe) || assigns(&branch.list) || branch.else_list.as_ref().is_some_and(assigns)
        }
    })
}

/// What is printed of texts alone.
fn printed(function: &str, args: &[Known]) -> Option<Str> {
    if !matches!(function, "printf" | "print") {
        return None;
    }
    let texts = args.iter().map(|arg| match arg {
        Known::Text(text) => Some(Value::Str(text.clone())),
        _ => None,
    });
    let texts: Vec<Value> = texts.collect::<Option<_>>()?;
    match (function, texts.split_first()?) {
        ("printf", (format, values)) => print::sprintf(format.as_text()?.as_bytes(), values).ok(),
        ("print", (first, rest)) => rest.iter().try_fold(first.as_text()?.clone(), |text, more| {
            Some(Str::from([text.as_bytes(), more.as_text()?.as_bytes()].concat().as_slice()))
        }),
        _ => None,
    }
}

/// The parts of a text between separators.
fn split(args: &[Known]) -> Known {
    let [Known::Text(separator), Known::Text(text)] = args else { return Known::Other };
    let (separator, text) = (separator.to_str(), text.to_str());
    if separator.is_empty() {
        return Known::Other;
    }
    Known::Items(text.split(&*separator).map(|part| Known::Text(Str::from(part))).collect())
}

fn either(some: impl IntoIterator<Item = Known>) -> Known {
    let mut some = some.into_iter().filter(|one| *one != Known::Other);
    let Some(first) = some.next() else { return Known::Other };
    let Some(second) = some.next() else { return first };
    let mut flat: Vec<Known> = Vec::new();
    for one in [first, second].into_iter().chain(some) {
        let parts = match &one {
            Known::Either(parts) => parts,
            one => std::slice::from_ref(one),
        };
        for part in parts {
            if flat.len() < MANY && !flat.contains(part) {
                flat.push(part.clone());
            }
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Known::Either(flat.into()) }
}

fn set(scope: &mut Scope<'_>, name: &Str, value: Known, is_new: bool) {
    if is_new {
        scope.variables.push((name.clone(), value));
        return;
    }
    if let Some((_, old)) = scope.variables.iter_mut().rev().find(|(own, _)| own == name) {
        *old = value;
    }
}

/// What variables may be where one branch or another may have set them.
fn join(some: &mut [(Str, Known)], other: &[(Str, Known)]) {
    for ((_, one), (_, other)) in some.iter_mut().zip(other) {
        if one != other {
            *one = either([one.clone(), other.clone()]);
        }
    }
}
