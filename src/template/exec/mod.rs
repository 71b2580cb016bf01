//! The evaluator. Go: text/template exec.go, function by function: [`State`] and the walk over nodes are here, evaluation
//! of pipelines and fields in `eval`, calls and their arguments in `call`, `range` in `range`; what functions may ask of an
//! execution (`include`, `tpl`) in `context`.

mod call;
mod context;
mod eval;
mod range;

use super::ast::{Arg, At, Branch, List, Node, Pipe, Template, Tree};
use super::error::{Error, ErrorKind, Frame};
use super::host::Host;
use super::set::{Names, Set};
use super::trace::Tracer;
use crate::budget::{self, Growth, Over};
use crate::go::strconv;
use crate::stack;
use crate::value::print::Endless;
use crate::value::{FieldName, Str, Value, print};

type Result<T> = std::result::Result<T, Error>;

/// Go: `maxExecDepth`.
const MAX_EXEC_DEPTH: u32 = 100_000;

/// A longer text asks the budget before it is copied.
const LARGE: usize = 64 << 10;

/// Room for what most templates write.
const OUTPUT: usize = 4 << 10;

/// A value and what is known beside it.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// The value.
    pub value: Value,
    /// The rest.
    pub meta: Meta,
}

/// What Go's `reflect` and the tracer know of a value beside it. One word, so that a [`Dot`] goes through registers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta(u32);

/// A borrowed [`Item`]: the dot, or what fields are taken of.
#[derive(Clone, Copy)]
pub struct Dot<'d> {
    pub value: &'d Value,
    pub meta: Meta,
}

impl Meta {
    const INTERFACE: u32 = 1 << 31;

    /// Of a value of its own type, or of one whose static type is `interface {}`.
    #[inline]
    pub fn new(is_interface: bool) -> Meta {
        Meta(if is_interface { Meta::INTERFACE } else { 0 })
    }

    /// Whether the static type is `interface {}`: the value came out of a map or list of them. A nil of that kind is a nil
    /// pointer to Go, any other nil is no value at all; error texts differ too.
    #[inline]
    pub fn is_interface(self) -> bool {
        self.0 & Meta::INTERFACE != 0
    }

    /// For the tracer: where the value came from.
    #[inline]
    pub fn origin(self) -> u32 {
        self.0 & !Meta::INTERFACE
    }

    /// The same with another origin.
    #[inline]
    pub fn with_origin(self, origin: u32) -> Meta {
        Meta(self.0 & Meta::INTERFACE | origin & !Meta::INTERFACE)
    }
}

impl Item {
    /// A value of its own type.
    #[inline]
    pub fn new(value: Value) -> Item {
        Item { value, meta: Meta::default() }
    }

    /// The same, borrowed.
    #[inline]
    pub fn dot(&self) -> Dot<'_> {
        Dot { value: &self.value, meta: self.meta }
    }

    /// Becomes the dot.
    #[inline]
    fn set(&mut self, dot: Dot<'_>) {
        self.value.clone_from(dot.value);
        self.meta = dot.meta;
    }
}

impl Dot<'_> {
    #[inline]
    fn to_item(self) -> Item {
        Item { value: self.value.clone(), meta: self.meta }
    }
}

/// What outlives the single template: the output, the stacks, the budgets.
struct Machine<'h, T> {
    host: &'h mut dyn Host,
    tracer: &'h mut T,
    out: Vec<u8>,
    vars: Vec<(u32, Item)>,
    included: context::Included,
    /// How long the output is when the budget is asked next.
    growth: Growth,
}

/// The execution of one template. Go: `state`.
pub struct State<'s, 'm, 'h, T> {
    machine: &'m mut Machine<'h, T>,
    names: &'s Names<'s>,
    tree: &'s Tree,
    at: At<'s>,
    /// Where the variables of this template start.
    base: usize,
    depth: u32,
    is_strict: bool,
}

/// Whether the walk goes on, or leaves the iteration or the loop.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Next,
    Break,
    Continue,
}

/// See [`super::execute`].
pub fn execute<T: Tracer>(
    set: &Set,
    name: &str,
    data: &Value,
    host: &mut dyn Host,
    tracer: &mut T,
) -> Result<Str> {
    let _watch = stack::Watch::start();
    let _run = budget::Run::start();
    let names = Names::new(set);
    let Some(tree) = names.lookup(&Str::of_name(name)) else {
        return Err(no_template(name));
    };
    let mut machine = Machine {
        host,
        tracer,
        out: Vec::with_capacity(OUTPUT),
        vars: Vec::new(),
        included: context::Included::default(),
        growth: Growth::new(),
    };
    let data = Item::new(data.clone());
    if T::ON {
        machine.tracer.begin(&data.value);
    }
    let mut state = State::new(&mut machine, &names, tree, 0);
    state.run(data.dot())?;
    state.step()?;
    let text = match set.options.keep_no_value {
        true => Str::from(std::mem::take(&mut machine.out)),
        false => remove_no_value(&mut machine),
    };
    if T::ON {
        machine.tracer.finish(&text);
    }
    Ok(text)
}

/// Helm: engine.go `render`: `strings.ReplaceAll(buf.String(), "<no value>", "")`.
fn remove_no_value<T: Tracer>(machine: &mut Machine<'_, T>) -> Str {
    let mut out = std::mem::take(&mut machine.out);
    without_no_value(&mut out, machine.tracer);
    Str::from(out)
}

/// Takes each `<no value>` out of the text.
fn without_no_value<T: Tracer>(text: &mut Vec<u8>, tracer: &mut T) {
    const NO_VALUE: &[u8] = b"<no value>";
    let mut removed = Vec::new();
    let mut kept = 0;
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &text[from..]).map(|at| from + at) {
        let found = text[at..].starts_with(NO_VALUE);
        let next = at + if found { NO_VALUE.len() } else { 1 };
        let keep = if found { at } else { next };
        if kept != from {
            text.copy_within(from..keep, kept);
        }
        kept += keep - from;
        from = next;
        if found && T::ON {
            removed.push(at);
        }
    }
    if kept != from {
        let len = text.len();
        text.copy_within(from..len, kept);
        text.truncate(kept + len - from);
    }
    if T::ON && !removed.is_empty() {
        tracer.removed(&removed, NO_VALUE.len());
    }
}

fn no_template(name: impl AsRef<[u8]>) -> Error {
    let kind = ErrorKind::UndefinedTemplate(String::from_utf8_lossy(name.as_ref()).into_owned());
    let (name, root) = (strconv::quote(name), super::set::ROOT);
    let text = format!("template: no template {name} associated with template \"{root}\"");
    Error::new(kind, Frame::NoTemplate(text))
}

impl<'s, 'm, 'h, T: Tracer> State<'s, 'm, 'h, T> {
    fn new(machine: &'m mut Machine<'h, T>, names: &'s Names<'s>, tree: &'s Tree, depth: u32) -> Self {
        State { machine, names, tree, at: At::Start, base: 0, depth, is_strict: names.set.options.strict }
    }
}

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    /// Walks the whole template with its variables afresh.
    fn run(&mut self, dot: Dot<'_>) -> Result<()> {
        self.base = self.machine.vars.len();
        self.machine.vars.push((0, dot.to_item()));
        if T::ON {
            self.machine.tracer.enter_template(&self.tree.name);
        }
        self.walk_list(dot, &self.tree.root)?;
        self.pop(self.base);
        Ok(())
    }

    fn mark(&self) -> usize {
        self.machine.vars.len()
    }

    fn pop(&mut self, mark: usize) {
        self.machine.vars.truncate(mark);
    }

    /// The error with this message at the current node. Go: `errorf`.
    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, self.frame(message.into()))
    }

    fn frame(&self, message: String) -> Frame {
        let place = self.tree.source.place(self.at.pos());
        Frame::Exec { place, executing: self.tree.name.clone(), node: self.at.to_string(), message }
    }

    /// Counts one step against the budget.
    #[inline]
    fn step(&self) -> Result<()> {
        budget::spend(1).map_err(|over| self.too_much(over))
    }

    #[cold]
    fn too_much(&self, over: Over) -> Error {
        self.error(ErrorKind::TooMuch, over.to_string())
    }

    fn walk_list(&mut self, dot: Dot<'_>, list: &'s List) -> Result<Flow> {
        for node in &list.nodes {
            let flow = self.walk(dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn walk(&mut self, dot: Dot<'_>, node: &'s Node) -> Result<Flow> {
        self.at = At::Node(node);
        self.step()?;
        match node {
            Node::Text(text) => self.write(text.bytes(), text.pos)?,
            Node::Action(action) => {
                if T::ON {
                    self.machine.tracer.enter_action();
                } else if self.print_field(dot, &action.pipe) {
                    return self.check_output().map(|()| Flow::Next);
                }
                let mut item = Item::default();
                self.eval_pipeline(dot, &action.pipe, &mut item)?;
                if action.pipe.decl.is_empty() {
                    self.at = At::Node(node);
                    self.print_value(&item, action.pos)?;
                }
            }
            Node::If(branch) => return self.walk_if_or_with(false, dot, branch),
            Node::With(branch) => return self.walk_if_or_with(true, dot, branch),
            Node::Range(branch) => return self.walk_range(dot, branch, node),
            Node::Template(template) => self.walk_template(dot, template, node)?,
            Node::Break(_) => return Ok(Flow::Break),
            Node::Continue(_) => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn walk_if_or_with(&mut self, is_with: bool, dot: Dot<'_>, branch: &'s Branch) -> Result<Flow> {
        self.check_stack()?;
        let mark = self.mark();
        if T::ON {
            self.machine.tracer.enter_action();
        }
        let mut item = Item::default();
        let truth = if let Some(truth) = self.truth_of_field(is_with, dot, &branch.pipe) {
            truth
        } else {
            self.eval_pipeline(dot, &branch.pipe, &mut item)?;
            item.value.truth()
        };
        if T::ON {
            self.machine.tracer.tested(item.meta.origin(), &item.value);
            self.machine.tracer.enter_branch();
            self.machine.tracer.enter_arm(&self.tree.source, branch.pos, truth);
        }
        let flow = if truth {
            self.walk_list(if is_with { item.dot() } else { dot }, &branch.list)?
        } else if let Some(else_list) = &branch.else_list {
            self.walk_list(dot, else_list)?
        } else {
            Flow::Next
        };
        if T::ON {
            self.machine.tracer.leave_branch();
        }
        self.pop(mark);
        Ok(flow)
    }

    fn walk_template(&mut self, dot: Dot<'_>, template: &'s Template, node: &'s Node) -> Result<()> {
        self.at = At::Node(node);
        let Some(tree) = self.names.lookup(&template.name) else {
            let kind = ErrorKind::UndefinedTemplate(template.name.to_string());
            let name = strconv::quote(&template.name);
            return Err(self.error(kind, format!("template {name} not defined")));
        };
        if self.depth == MAX_EXEC_DEPTH || stack::is_low_for_call() {
            return Err(self.too_deep());
        }
        if T::ON {
            self.machine.tracer.enter_action();
        }
        let mut item = Item::default();
        if let Some(pipe) = &template.pipe {
            self.eval_pipeline(dot, pipe, &mut item)?;
        }
        if T::ON {
            self.machine.tracer.enter_call(&template.name, &self.tree.source, template.pos);
        }
        State::new(&mut *self.machine, self.names, tree, self.depth + 1).run(item.dot())?;
        if T::ON {
            self.machine.tracer.leave_call();
        }
        Ok(())
    }

    fn too_deep(&self) -> Error {
        self.error(ErrorKind::TooDeep, format!("exceeded maximum template depth ({MAX_EXEC_DEPTH})"))
    }

    fn check_stack(&self) -> Result<()> {
        if stack::is_low() { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Writes text that stands in the template at `pos`.
    fn write(&mut self, text: &[u8], pos: u32) -> Result<()> {
        let length = self.machine.out.len() + text.len();
        self.machine.growth.to(length).map_err(|over| self.too_much(over))?;
        if T::ON {
            self.machine.tracer.write_text(self.machine.out.len(), &self.tree.source, pos, text);
        }
        self.machine.out.extend_from_slice(text);
        Ok(())
    }

    /// Prints what most actions are, a variable or a field in plain maps, without making a value of its own of it.
    /// `false`, and nothing done, where there is more to do.
    #[inline]
    fn print_field(&mut self, dot: Dot<'_>, pipe: &'s Pipe) -> bool {
        let Machine { vars, out, .. } = &mut *self.machine;
        let Some((from, names)) = only_field(vars, self.base, dot, pipe) else { return false };
        eval::follow(from, names, self.is_strict, |found, left| {
            let before = out.len();
            let is_done = left.is_empty() && append_value(out, found.value).is_ok();
            if !is_done {
                out.truncate(before);
            }
            is_done
        })
    }

    /// Whether a variable or a field in plain maps is true, if that is all that an `if` wants to know.
    #[inline]
    fn truth_of_field(&self, is_with: bool, dot: Dot<'_>, pipe: &'s Pipe) -> Option<bool> {
        if T::ON || is_with {
            return None;
        }
        let (from, names) = only_field(&self.machine.vars, self.base, dot, pipe)?;
        eval::follow(from, names, self.is_strict, |found, left| left.is_empty().then(|| found.value.truth()))
    }

    /// Go: `printValue`.
    fn print_value(&mut self, item: &Item, pos: u32) -> Result<()> {
        if T::ON {
            let mut printed = Vec::new();
            append_value(&mut printed, &item.value)
                .map_err(|endless| self.error(ErrorKind::TooDeep, endless))?;
            let (at, origin) = (self.machine.out.len(), item.meta.origin());
            if matches!(item.value, Value::Map(_) | Value::List(_)) {
                self.machine.tracer.seen_whole(origin, &item.value);
            }
            self.machine.tracer.write_value(at, &self.tree.source, pos, &printed, origin);
            self.machine.out.append(&mut printed);
        } else {
            let printed = append_value(&mut self.machine.out, &item.value);
            printed.map_err(|endless| self.error(ErrorKind::TooDeep, endless))?;
        }
        // The printer asks for itself, so that the length may be looked at afterwards.
        self.check_output()
    }

    #[inline]
    fn check_output(&mut self) -> Result<()> {
        self.machine.growth.to(self.machine.out.len()).map_err(|over| self.too_much(over))
    }

    /// Pushes or sets what the pipeline declares.
    fn declare(&mut self, pipe: &'s Pipe, item: &Item) -> Result<()> {
        for variable in &pipe.decl {
            if pipe.is_assign {
                let at = self.find_variable(variable)?;
                self.machine.vars[at].1.set(item.dot());
            } else {
                self.machine.vars.push((variable.id, Item::default()));
                if let Some((_, pushed)) = self.machine.vars.last_mut() {
                    pushed.set(item.dot());
                }
            }
        }
        Ok(())
    }
}

/// The variable or field that is all of a pipeline: what to start from, and the names behind it.
#[inline]
fn only_field<'d, 's>(
    vars: &'d [(u32, Item)],
    base: usize,
    dot: Dot<'d>,
    pipe: &'s Pipe,
) -> Option<(Dot<'d>, &'s [FieldName])> {
    let ([command], []) = (&*pipe.cmds, &*pipe.decl) else { return None };
    match &*command.args {
        [Arg::Field(field)] => Some((dot, &field.names)),
        [Arg::Variable(variable)] => {
            let at = eval::variable_slot(vars, base, variable)?;
            Some((vars[at].1.dot(), &variable.fields))
        }
        _ => None,
    }
}

/// What an action prints of the value. Go: `printValue`, `printableValue`.
fn append_value(out: &mut Vec<u8>, value: &Value) -> std::result::Result<(), Endless> {
    match value {
        Value::Str(text) if text.len() < LARGE => out.extend_from_slice(text.as_bytes()),
        Value::Nil => out.extend_from_slice(b"<no value>"),
        Value::Object(object) => match object.address_string() {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => return print::append(out, &print::printable(value)),
        },
        value => return print::append(out, value),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_no_value;

    #[test]
    fn takes_out_what_go_prints_for_nothing() {
        for (text, wanted) in [
            ("a<no value>b<c<no value>", "ab<c"),
            ("<<no value>>", "<>"),
            ("<no <no value>value>", "<no value>"),
            ("", ""),
            ("<no value", "<no value"),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            without_no_value(&mut bytes, &mut ());
            assert_eq!(String::from_utf8(bytes).unwrap(), wanted);
        }
    }
}
