//! Pipelines, commands, variables and fields. Go: exec.go from `evalPipeline` to `evalField`.

use super::{Dot, Item, Result, State};
use crate::go::strconv;
use crate::template::ast::{Arg, At, Chain, Command, Field, Pipe, Variable};
use crate::template::trace::Tracer;
use crate::value::{Elem, Kind, Map, MapMethod, Method, Object, Str, Value};

/// What a method is called on.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'r> {
    Object(&'r Method, &'r Value),
    Map(&'r MapMethod, &'r Map),
}

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    /// The value of the pipeline, out of its interface. What it declares is pushed on the stack and stays there.
    pub(super) fn eval_pipeline(&mut self, dot: Dot<'_>, pipe: &'s Pipe) -> Result<Item> {
        self.at = At::Pipe(pipe);
        let Some((first, rest)) = pipe.cmds.split_first() else { return Ok(Item::default()) };
        let mut value = self.eval_command(dot, first, None)?.elem();
        for command in rest {
            value = self.eval_command(dot, command, Some(value))?.elem();
        }
        if !pipe.decl.is_empty() {
            if T::ON {
                value.origin = self.machine.tracer.declared(value.origin);
            }
            self.declare(pipe, &value)?;
        }
        Ok(value)
    }

    fn not_a_function(&self, args: &'s [Arg], last: Option<&Item>) -> Result<()> {
        match args {
            [first, rest @ ..] if !rest.is_empty() || last.is_some() => {
                Err(self.error(format!("can't give argument to non-function {first}")))
            }
            _ => Ok(()),
        }
    }

    fn eval_command(&mut self, dot: Dot<'_>, command: &'s Command, last: Option<Item>) -> Result<Item> {
        let args = command.args.as_slice();
        let first = &args[0];
        match first {
            Arg::Field(field) => return self.eval_field_node(dot, field, first, args, last),
            Arg::Chain(chain) => return self.eval_chain_node(dot, chain, first, args, last),
            Arg::Identifier(identifier) => {
                self.at = At::Arg(first);
                return self.eval_call(dot, identifier, At::Command(command), args, last);
            }
            Arg::Pipe(pipe) => {
                self.not_a_function(args, last.as_ref())?;
                self.check_stack()?;
                return self.eval_pipeline(dot, pipe);
            }
            Arg::Variable(variable) => return self.eval_variable_node(dot, variable, first, args, last),
            _ => {}
        }
        self.at = At::Arg(first);
        self.not_a_function(args, last.as_ref())?;
        match first {
            Arg::Dot(_) => Ok(self.read(dot)),
            Arg::Nil(_) => Err(self.error("nil is not a command")),
            _ => self.constant(first),
        }
    }

    /// The value of a boolean, number or string where any type will do.
    pub(super) fn constant(&self, arg: &'s Arg) -> Result<Item> {
        match arg {
            Arg::Bool(_, truth) => Ok(Item::new(Value::Bool(*truth))),
            Arg::String(string) => Ok(Item::new(string.value.clone())),
            Arg::Number(number) => match &number.ideal {
                Some(value) => Ok(Item::new(value.clone())),
                None => Err(self.error(format!("{} overflows int", number.text))),
            },
            _ => Err(self.error(format!("can't evaluate command {}", strconv::quote(arg.to_string())))),
        }
    }

    /// The dot as a value of its own.
    pub(super) fn read(&mut self, dot: Dot<'_>) -> Item {
        if T::ON {
            self.machine.tracer.read(dot.origin);
        }
        dot.to_item()
    }

    pub(super) fn eval_field_node(
        &mut self,
        dot: Dot<'_>,
        field: &'s Field,
        node: &'s Arg,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        self.at = At::Arg(node);
        if !T::ON
            && args.len() <= 1
            && last.is_none()
            && let Some(item) = plain_field(dot, &field.names)
        {
            return Ok(item);
        }
        self.eval_field_chain(dot, dot, node, &field.names, args, last)
    }

    pub(super) fn eval_chain_node(
        &mut self,
        dot: Dot<'_>,
        chain: &'s Chain,
        node: &'s Arg,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        self.at = At::Arg(node);
        self.check_stack()?;
        let receiver = self.eval_arg(dot, None, &chain.node)?;
        self.eval_field_chain(dot, receiver.dot(), node, &chain.fields, args, last)
    }

    pub(super) fn eval_variable_node(
        &mut self,
        dot: Dot<'_>,
        variable: &'s Variable,
        node: &'s Arg,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        self.at = At::Arg(node);
        let at = self.find_variable(variable)?;
        if variable.fields.is_empty() {
            self.not_a_function(args, last.as_ref())?;
            let item = &self.machine.vars[at].1;
            if T::ON {
                self.machine.tracer.read(item.origin);
            }
            return Ok(item.clone());
        }
        if !T::ON
            && args.len() <= 1
            && last.is_none()
            && let Some(item) = plain_field(self.machine.vars[at].1.dot(), &variable.fields)
        {
            return Ok(item);
        }
        let receiver = self.machine.vars[at].1.clone();
        self.eval_field_chain(dot, receiver.dot(), node, &variable.fields, args, last)
    }

    /// Where the variable stands on the stack. Go: `varValue`, `setVar`.
    pub(super) fn find_variable(&self, variable: &'s Variable) -> Result<usize> {
        self.variable_slot(variable)
            .ok_or_else(|| self.error(format!("undefined variable: {}", variable.name)))
    }

    /// The same, or nothing. Its slot is right unless a declaration inside `and` or `or` was jumped over.
    pub(super) fn variable_slot(&self, variable: &'s Variable) -> Option<usize> {
        let vars = &self.machine.vars;
        let at = self.base + variable.slot as usize;
        if vars.get(at).is_some_and(|(id, _)| *id == variable.id) {
            return Some(at);
        }
        let found = vars[self.base..].iter().rposition(|(id, _)| *id == variable.id);
        found.map(|at| self.base + at)
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
        names: &'s [Str],
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        let has_args = args.len() > 1 || last.is_some();
        let plain = if has_args { names.len() - 1 } else { names.len() };
        let (mut item, mut done) = if T::ON {
            (receiver.to_item(), 0)
        } else {
            follow(receiver, &names[..plain], |found, left| (found.to_item(), plain - left.len()))
        };
        while done < names.len() {
            let is_last = done + 1 == names.len();
            let (args, last) = if is_last && has_args { (args, last.clone()) } else { (&args[..0], None) };
            let mut next = self.eval_field(dot, &names[done], node, args, last, &item)?;
            if T::ON {
                next.origin = self.machine.tracer.field(item.origin, &item.value, &names[done], &next.value);
            }
            item = next;
            done += 1;
        }
        if T::ON {
            self.machine.tracer.read(item.origin);
        }
        Ok(item)
    }

    fn eval_field(
        &mut self,
        dot: Dot<'_>,
        name: &'s Str,
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
                match name.as_str().and_then(|name| object.field(name)) {
                    Some(_) if has_args => {
                        Err(self.error(format!("{name} has arguments but cannot be invoked as function")))
                    }
                    Some(field) => Ok(Item::new(field)),
                    None if has_field(object.as_ref(), name) => {
                        let typ = object.type_name();
                        Err(self.error(format!("{name} is an unexported field of struct type {typ}")))
                    }
                    None => Err(self.no_field(name, receiver)),
                }
            }
            _ => Err(self.no_field(name, receiver)),
        }
    }

    fn field_of_nil(&self, name: &Str, receiver: &Item) -> Result<Item> {
        if let Value::Error(_) = receiver.value {
            return Err(self.error(format!("nil pointer evaluating error.{name}")));
        }
        if receiver.is_interface {
            return Err(self.error(format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if self.names.set.options.strict {
            let name = strconv::quote(name);
            return Err(self.error(format!("nil data; no entry for key {name}")));
        }
        Ok(Item::default())
    }

    fn field_of_map(&self, map: &Map, name: &Str, has_args: bool) -> Result<Item> {
        if has_args {
            return Err(self.error(format!("{name} is not a method but has arguments")));
        }
        let elem = map.elem();
        let value = match map.get(name) {
            Some(value) => value,
            None if self.names.set.options.strict => {
                return Err(self.error(format!("map has no entry for key {}", strconv::quote(name))));
            }
            None => elem.zero(),
        };
        Ok(Item { value, is_interface: elem == Elem::Any, origin: 0 })
    }

    fn no_field(&self, name: &Str, receiver: &Item) -> super::Error {
        let static_type =
            if receiver.is_interface { "interface {}".into() } else { receiver.value.type_name() };
        if let Value::Object(object) = receiver.value.out_of_interface()
            && object.fields().is_some_and(|fields| fields.iter().any(|field| *name == *field.name))
        {
            return self.error(format!("{name} is an unexported field of struct type {static_type}"));
        }
        self.error(format!("can't evaluate field {name} in type {static_type}"))
    }
}

/// Whether a struct has the field at all, exported or not.
fn has_field(object: &dyn Object, name: &Str) -> bool {
    object.fields().is_some_and(|fields| fields.iter().any(|field| *name == *field.name))
}

fn find_method<'r>(value: &'r Value, name: &Str) -> Option<Receiver<'r>> {
    match value {
        Value::Object(object) => {
            let method = object.methods().iter().find(|method| *name == *method.name)?;
            Some(Receiver::Object(method, value))
        }
        Value::Map(map) => {
            let method = map.named_type()?.methods.iter().find(|method| *name == *method.name)?;
            Some(Receiver::Map(method, map))
        }
        Value::Error(error) => find_method(error, name),
        _ => None,
    }
}

/// What the names lead to if that goes through plain maps only.
fn plain_field(from: Dot<'_>, names: &[Str]) -> Option<Item> {
    follow(from, names, |found, left| left.is_empty().then(|| found.to_item()))
}

/// Follows the names through plain maps as far as it goes, cloning nothing, and hands over what is there and the names
/// that are left. `take` must not write to the maps.
pub(super) fn follow<R>(from: Dot<'_>, names: &[Str], take: impl FnOnce(Dot<'_>, &[Str]) -> R) -> R {
    if let (Value::Map(map), [name, rest @ ..]) = (from.value, names)
        && !has_method(map, name.as_bytes())
        && let Some(cells) = map.borrow()
        && let Some(value) = cells.get(name.as_bytes())
    {
        let next = Dot { value, is_interface: map.elem() == Elem::Any, origin: 0 };
        return follow(next, rest, take);
    }
    take(from, names)
}

fn has_method(map: &Map, name: &[u8]) -> bool {
    map.named_type().is_some_and(|named| named.methods.iter().any(|method| method.name.as_bytes() == name))
}

/// Whether a value of this kind has a length. Go: funcs.go `length`.
pub(super) fn has_length(kind: Kind) -> bool {
    matches!(kind, Kind::Array | Kind::Map | Kind::Slice | Kind::String)
}
