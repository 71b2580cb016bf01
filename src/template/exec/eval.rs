//! Pipelines, commands, variables and fields. Go: exec.go from `evalPipeline` to `evalField`.

use super::{Dot, ErrorKind, Item, Meta, Result, State};
use crate::go::strconv;
use crate::template::ast::{Arg, At, Chain, Command, Field, Pipe, Variable};
use crate::template::trace::Tracer;
use crate::value::{Elem, FieldName, Kind, Map, MapMethod, Method, Value};

/// Where the variable stands among those from `base` on, if it does. Its slot is right unless a declaration inside `and` or
/// `or` was jumped over.
#[inline]
pub(super) fn variable_slot(vars: &[(u32, Item)], base: usize, variable: &Variable) -> Option<usize> {
    let at = base + variable.slot as usize;
    if vars.get(at).is_some_and(|(id, _)| *id == variable.id) {
        return Some(at);
    }
    let found = vars[base..].iter().rposition(|(id, _)| *id == variable.id);
    found.map(|at| base + at)
}

/// What a method is called on.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'r> {
    Object(&'r Method, &'r Value),
    Map(&'r MapMethod, &'r Map),
}

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    /// The value of the pipeline, out of its interface. What it declares is pushed on the stack and stays there.
    ///
    /// This and what it calls put the value into `item` rather than give it back: it is not moved while it is fresh.
    pub(super) fn eval_pipeline(&mut self, dot: Dot<'_>, pipe: &'s Pipe, item: &mut Item) -> Result<()> {
        self.at = At::Pipe(pipe);
        for (at, command) in pipe.cmds.iter().enumerate() {
            self.eval_command(dot, command, at > 0, item)?;
            item.meta = Meta::default().with_origin(item.meta.origin());
        }
        if !pipe.decl.is_empty() {
            if T::ON {
                let origin = self.machine.tracer.declared(item.meta.origin());
                item.meta = item.meta.with_origin(origin);
            }
            self.declare(pipe, item)?;
        }
        Ok(())
    }

    fn not_a_function(&self, args: &'s [Arg], has_last: bool) -> Result<()> {
        match args {
            [first, rest @ ..] if !rest.is_empty() || has_last => {
                Err(self
                    .error(ErrorKind::NotFunction, format!("can't give argument to non-function {first}")))
            }
            _ => Ok(()),
        }
    }

    /// `item` holds the value of the command before, if it `has_last`, and then that of this one.
    #[inline]
    fn eval_command(
        &mut self,
        dot: Dot<'_>,
        command: &'s Command,
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        let args = &*command.args;
        let first = &args[0];
        match first {
            Arg::Field(field) => return self.eval_field_node(dot, field, first, args, has_last, item),
            Arg::Chain(chain) => return self.eval_chain_node(dot, chain, first, args, has_last, item),
            Arg::Identifier(identifier) => {
                self.at = At::Arg(first);
                return self.eval_call(dot, identifier, At::Command(command), args, has_last, item);
            }
            Arg::Pipe(pipe) => {
                self.not_a_function(args, has_last)?;
                self.check_stack()?;
                return self.eval_pipeline(dot, pipe, item);
            }
            Arg::Variable(variable) => {
                return self.eval_variable_node(dot, variable, first, args, has_last, item);
            }
            _ => {}
        }
        self.at = At::Arg(first);
        self.not_a_function(args, has_last)?;
        match first {
            Arg::Dot(_) => self.read(dot, item),
            Arg::Nil(_) => return Err(self.error(ErrorKind::NotFunction, "nil is not a command")),
            _ => *item = self.constant(first)?,
        }
        Ok(())
    }

    /// The value of a boolean, number or string where any type will do.
    pub(super) fn constant(&self, arg: &'s Arg) -> Result<Item> {
        match arg {
            Arg::Bool(_, truth) => Ok(Item::new(Value::Bool(*truth))),
            Arg::String(string) => Ok(Item::new(string.value.clone())),
            Arg::Number(number) => match &number.ideal {
                Some(value) => Ok(Item::new(value.clone())),
                None => Err(self.error(ErrorKind::Other, format!("{} overflows int", number.text))),
            },
            _ => {
                let message = format!("can't evaluate command {}", strconv::quote(arg.to_string()));
                Err(self.error(ErrorKind::Other, message))
            }
        }
    }

    /// The dot as a value of its own.
    #[inline]
    pub(super) fn read(&mut self, dot: Dot<'_>, item: &mut Item) {
        if T::ON {
            self.machine.tracer.read(dot.meta.origin());
        }
        item.set(dot);
    }

    pub(super) fn eval_field_node(
        &mut self,
        dot: Dot<'_>,
        field: &'s Field,
        node: &'s Arg,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        self.at = At::Arg(node);
        if !T::ON && args.len() <= 1 && !has_last && follow(dot, &field.names, self.is_strict, all(item)) {
            return Ok(());
        }
        let last = has_last.then(|| std::mem::take(item));
        *item = self.eval_field_chain(dot, dot, node, &field.names, args, last)?;
        Ok(())
    }

    pub(super) fn eval_chain_node(
        &mut self,
        dot: Dot<'_>,
        chain: &'s Chain,
        node: &'s Arg,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        self.at = At::Arg(node);
        self.check_stack()?;
        let last = has_last.then(|| std::mem::take(item));
        let reads = if T::ON { self.machine.tracer.reads() } else { 0 };
        let mut receiver = Item::default();
        self.eval_arg(dot, None, &chain.node, &mut receiver)?;
        *item = self.eval_field_chain(dot, receiver.dot(), node, &chain.fields, args, last)?;
        if T::ON {
            self.machine.tracer.narrow(reads, item.meta.origin());
        }
        Ok(())
    }

    pub(super) fn eval_variable_node(
        &mut self,
        dot: Dot<'_>,
        variable: &'s Variable,
        node: &'s Arg,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        self.at = At::Arg(node);
        let at = self.find_variable(variable)?;
        if variable.fields.is_empty() {
            self.not_a_function(args, has_last)?;
            let found = &self.machine.vars[at].1;
            if T::ON {
                self.machine.tracer.read(found.meta.origin());
            }
            item.set(found.dot());
            return Ok(());
        }
        let from = self.machine.vars[at].1.dot();
        if !T::ON && args.len() <= 1 && !has_last && follow(from, &variable.fields, self.is_strict, all(item))
        {
            return Ok(());
        }
        let last = has_last.then(|| std::mem::take(item));
        let receiver = from.to_item();
        *item = self.eval_field_chain(dot, receiver.dot(), node, &variable.fields, args, last)?;
        Ok(())
    }

    /// Where the variable stands on the stack. Go: `varValue`, `setVar`.
    pub(super) fn find_variable(&self, variable: &'s Variable) -> Result<usize> {
        variable_slot(&self.machine.vars, self.base, variable).ok_or_else(|| {
            let kind = ErrorKind::UndefinedVariable(variable.name.to_string());
            self.error(kind, format!("undefined variable: {}", variable.name))
        })
    }

    pub(super) fn assign(&mut self, variable: &'s Variable, item: Item) -> Result<()> {
        let at = self.find_variable(variable)?;
        self.machine.vars[at].1 = item;
        Ok(())
    }

    /// `.X.Y.Z`, the last of them perhaps a method with arguments. `dot` is for the arguments, `receiver` for the walk.
    fn eval_field_chain(
        &mut self,
        dot: Dot<'_>,
        receiver: Dot<'_>,
        node: &'s Arg,
        names: &'s [FieldName],
        args: &'s [Arg],
        mut last: Option<Item>,
    ) -> Result<Item> {
        let has_args = args.len() > 1 || last.is_some();
        let plain = if has_args { names.len() - 1 } else { names.len() };
        let (mut item, mut done) = if T::ON {
            (receiver.to_item(), 0)
        } else {
            follow(receiver, &names[..plain], true, |found, left| (found.to_item(), plain - left.len()))
        };
        while done < names.len() {
            let is_last = done + 1 == names.len();
            let (args, last) = if is_last && has_args { (args, last.take()) } else { (&args[..0], None) };
            let next = self.eval_field(dot, &names[done], node, args, last, &item);
            if T::ON && next.is_err() {
                self.machine.tracer.failed_field(item.meta.origin(), &item.value);
            }
            let mut next = next?;
            if T::ON {
                let (origin, name) = (item.meta.origin(), names[done].text());
                if find_method(item.value.out_of_interface(), &names[done]).is_some() {
                    self.machine.tracer.seen_whole(origin, &item.value);
                }
                let origin = self.machine.tracer.field(origin, &item.value, name, &next.value);
                next.meta = next.meta.with_origin(origin);
            }
            item = next;
            done += 1;
        }
        if T::ON {
            self.machine.tracer.read(item.meta.origin());
        }
        Ok(item)
    }

    fn eval_field(
        &mut self,
        dot: Dot<'_>,
        name: &'s FieldName,
        node: &'s Arg,
        args: &'s [Arg],
        last: Option<Item>,
        receiver: &Item,
    ) -> Result<Item> {
        let value = receiver.value.out_of_interface();
        if matches!(value, Value::Nil) {
            return self.field_of_nil(name, receiver);
        }
        let has_args = args.len() > 1 || last.is_some();
        if let Some(method) = find_method(value, name) {
            return self.eval_method(dot, method, node, name, args, last);
        }
        match value {
            Value::Map(map) => self.field_of_map(map, name, has_args),
            Value::Object(object) => {
                if let Some(Value::Map(map)) = object.underlying() {
                    return self.field_of_map(&map, name, has_args);
                }
                match name.text().as_str().and_then(|name| object.field(name)) {
                    Some(_) if has_args => {
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        Err(self.error(ErrorKind::NotFunction, message))
                    }
                    Some(field) => Ok(Item::new(field)),
                    None => Err(self.no_field(name, receiver)),
                }
            }
            _ => Err(self.no_field(name, receiver)),
        }
    }

    fn field_of_nil(&self, name: &FieldName, receiver: &Item) -> Result<Item> {
        let kind = || ErrorKind::Nil { field: Some(name.to_string()) };
        if let Value::Error(_) = receiver.value {
            return Err(self.error(kind(), format!("nil pointer evaluating error.{name}")));
        }
        if receiver.meta.is_interface() {
            return Err(self.error(kind(), format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if self.is_strict {
            let name = strconv::quote(name.text());
            return Err(self.error(kind(), format!("nil data; no entry for key {name}")));
        }
        Ok(Item::default())
    }

    fn field_of_map(&self, map: &Map, name: &FieldName, has_args: bool) -> Result<Item> {
        if has_args {
            return Err(
                self.error(ErrorKind::NotFunction, format!("{name} is not a method but has arguments"))
            );
        }
        let elem = map.elem();
        let value = match map.field(name) {
            Some(value) => value,
            None if self.is_strict => {
                let message = format!("map has no entry for key {}", strconv::quote(name.text()));
                return Err(self.error(ErrorKind::MissingKey(name.to_string()), message));
            }
            None => elem.zero(),
        };
        Ok(Item { value, meta: Meta::new(elem == Elem::Any) })
    }

    fn no_field(&self, name: &FieldName, receiver: &Item) -> super::Error {
        let static_type =
            if receiver.meta.is_interface() { "interface {}".into() } else { receiver.value.type_name() };
        let kind = ErrorKind::NoField { field: name.to_string(), of: receiver.value.type_name().into() };
        if let Value::Object(object) = receiver.value.out_of_interface()
            && object.fields().is_some_and(|fields| fields.iter().any(|field| *name.text() == *field.name))
        {
            return self.error(kind, format!("{name} is an unexported field of struct type {static_type}"));
        }
        self.error(kind, format!("can't evaluate field {name} in type {static_type}"))
    }
}

fn find_method<'r>(value: &'r Value, name: &FieldName) -> Option<Receiver<'r>> {
    match value {
        Value::Object(object) => {
            let method = object.methods().iter().find(|method| *name.text() == *method.name)?;
            Some(Receiver::Object(method, value))
        }
        Value::Map(map) => Some(Receiver::Map(map.method(name)?, map)),
        Value::Error(error) => find_method(error, name),
        _ => None,
    }
}

/// Follows the names through plain maps as far as it goes, cloning nothing, and hands over what is there and the names that
/// are left. A key that is not there is the nil it stands for, unless that `is_strict`ly an error. `take` must not write to
/// the maps.
pub(super) fn follow<R>(
    from: Dot<'_>,
    names: &[FieldName],
    is_strict: bool,
    take: impl FnOnce(Dot<'_>, &[FieldName]) -> R,
) -> R {
    if let (Value::Map(map), [name, rest @ ..]) = (from.value, names)
        && map.method(name).is_none()
        && let Some(cells) = map.borrow()
    {
        let meta = Meta::new(map.elem() == Elem::Any);
        match (cells.field(name), rest) {
            (Some(value), []) => return take(Dot { value, meta }, rest),
            (Some(value), _) => return follow(Dot { value, meta }, rest, is_strict, take),
            (None, []) if meta.is_interface() && !is_strict => {
                return take(Dot { value: &Value::Nil, meta }, rest);
            }
            (None, _) => {}
        }
    }
    take(from, names)
}

/// Takes the value at the end of all names, if plain maps led there.
fn all(item: &mut Item) -> impl FnOnce(Dot<'_>, &[FieldName]) -> bool {
    |found, left| {
        if left.is_empty() {
            item.set(found);
        }
        left.is_empty()
    }
}

/// Whether a value of this kind has a length. Go: funcs.go `length`.
pub(super) fn has_length(kind: Kind) -> bool {
    matches!(kind, Kind::Array | Kind::Map | Kind::Slice | Kind::String)
}
