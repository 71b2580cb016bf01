//! Calls of functions and methods, and the check of their arguments. Go: exec.go from `evalCall` to `evalEmptyInterface`.

use super::eval::{Receiver, follow, has_length, variable_slot};
use super::{Dot, Error, ErrorKind, Frame, Item, Meta, Result, State};
use crate::budget;
use crate::template::ast::{Arg, At, Identifier, Special};
use crate::template::func::{Failure, Func};
use crate::template::trace::Tracer;
use crate::value::{Elem, FieldName, Kind, List, Map, Method, Sized, Type, Value};

/// The type of the parameter that takes the argument at this index; a variadic one takes all that are left.
#[inline]
fn param_type(params: &'static [Type], at: usize) -> &'static Type {
    params.get(at).or(params.last()).unwrap_or(&Type::Any)
}

/// Whether the value goes as it is to a parameter of the type: what most arguments do.
#[inline]
fn fits_plainly(value: &Value, typ: &Type) -> bool {
    match typ {
        Type::String => matches!(value, Value::Str(_)),
        Type::Any | Type::Reflect => !matches!(value, Value::Object(_) | Value::Error(_)),
        _ => false,
    }
}

/// The work of a call, beside what the function itself counts.
const CALL: u64 = 5;

/// How many arguments nearly every call has at most.
const FEW: usize = 4;

/// Room for the arguments of nearly every call. It is a variable of each caller, and not handed back by a function, so
/// that the arguments stay where they are written.
const ROOM: [Value; FEW] = [const { Value::Nil }; FEW];

/// The places of so many arguments: in `few`, or else in `many`.
#[inline]
fn slots<'a>(few: &'a mut [Value; FEW], many: &'a mut Vec<Value>, count: usize) -> &'a mut [Value] {
    if count <= FEW {
        return &mut few[..count];
    }
    many.resize(count, Value::Nil);
    many
}

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    /// Calls a function with the arguments behind its name and, at the end, what the pipeline brought.
    pub(super) fn eval_call(
        &mut self,
        dot: Dot<'_>,
        identifier: &'s Identifier,
        node: At<'s>,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        let func = identifier.func;
        let args = args.get(1..).unwrap_or_default();
        self.check_count(func.name, func.params, func.variadic, args, has_last)?;
        match identifier.special {
            Special::None => {}
            Special::And => return self.eval_and_or(dot, false, args, has_last, item),
            Special::Or => return self.eval_and_or(dot, true, args, has_last, item),
            Special::Len => return self.eval_len(dot, node, args, item),
            Special::Call => return self.eval_call_builtin(dot, func, node, args, has_last, item),
        }
        let mut few = ROOM;
        let mut many = Vec::new();
        let values = slots(&mut few, &mut many, args.len() + usize::from(has_last));
        self.eval_args(dot, func.params, args, has_last.then_some(&mut *item), values)?;
        self.call(func, node, values, item)
    }

    /// Runs the function.
    #[inline]
    fn call(&mut self, func: &'static Func, node: At<'s>, args: &[Value], item: &mut Item) -> Result<()> {
        if T::ON {
            self.machine.tracer.enter_function(func, &self.tree.source, node.pos(), args);
        }
        item.meta = Meta::default();
        let outcome = (func.call)(self, args, &mut item.value);
        let spent = budget::spend(CALL);
        if let Err(failure) = outcome {
            if T::ON && !matches!(failure, Failure::Template(_)) {
                self.machine.tracer.failed_function(func, args);
            }
            self.at = node;
            return Err(self.call_error(func.name, failure));
        }
        if let Err(over) = spent {
            self.at = node;
            return Err(self.call_error(func.name, over.into()));
        }
        if T::ON {
            let origin = self.machine.tracer.leave_function(func, args, &item.value);
            item.meta = item.meta.with_origin(origin);
        }
        Ok(())
    }

    fn call_error(&self, name: &str, failure: Failure) -> Error {
        let failure = match (failure, budget::over()) {
            (failure @ Failure::Template(_), _) | (failure, None) => failure,
            (_, Some(over)) => over.into(),
        };
        let frame = self.frame(format!("error calling {name}"));
        match failure {
            Failure::Text(text) => {
                Error::new(ErrorKind::Function(name.to_owned()), Frame::Text(text)).within(frame)
            }
            Failure::Kind(kind, text) => Error::new(kind, Frame::Text(text)).within(frame),
            Failure::Fail(text) => Error::new(ErrorKind::Fail, Frame::Fail(text)).within(frame),
            Failure::Required(text) => Error::new(ErrorKind::Required, Frame::Fail(text)).within(frame),
            Failure::Template(error) => error.within(frame),
        }
    }

    pub(super) fn eval_method(
        &mut self,
        dot: Dot<'_>,
        receiver: Receiver<'_>,
        node: &'s Arg,
        name: &FieldName,
        args: &'s [Arg],
        mut last: Option<Item>,
    ) -> Result<Item> {
        let args = args.get(1..).unwrap_or_default();
        let (params, variadic) = match receiver {
            Receiver::Object(method, _) => (method.params, method.variadic),
            Receiver::Map(method, _) => (method.params, false),
        };
        self.check_count(&name.text().to_str(), params, variadic, args, last.is_some())?;
        if let Receiver::Object(Method { unfit: Some(why), .. }, _) = receiver {
            return Err(self.error(ErrorKind::Other, *why));
        }
        let (mut few, mut many) = (ROOM, Vec::new());
        let values = slots(&mut few, &mut many, args.len() + usize::from(last.is_some()));
        self.eval_args(dot, params, args, last.as_mut(), values)?;
        let args = &*values;
        if T::ON {
            self.machine.tracer.forget_arguments(args.len());
            if let Receiver::Object(_, Value::Object(object)) = receiver {
                let (method, source) = (name.text().to_str(), &self.tree.source);
                self.machine.tracer.asked(object.as_ref(), &method, args, source, node.pos());
            }
        }
        let answer = match receiver {
            Receiver::Object(method, Value::Object(object)) => (method.call)(object.as_ref(), args),
            Receiver::Map(method, map) => (method.call)(map, args),
            Receiver::Object(..) => Ok(Value::Nil),
        };
        let answer = match budget::spend(CALL) {
            Ok(()) => answer,
            Err(over) => Err(over.to_string()),
        };
        answer.map(Item::new).map_err(|text| {
            self.at = At::Arg(node);
            self.call_error(&name.text().to_str(), Failure::Text(text))
        })
    }

    #[inline]
    fn check_count(
        &self,
        name: &str,
        params: &[Type],
        variadic: bool,
        args: &'s [Arg],
        has_last: bool,
    ) -> Result<()> {
        let given = args.len() + usize::from(has_last);
        let fits = if variadic { given + 1 >= params.len() } else { given == params.len() };
        if fits {
            return Ok(());
        }
        // Go counts what the pipeline brought in one of the two only.
        let message = match variadic {
            true => {
                let (wanted, got) = (params.len() - 1, args.len());
                format!("wrong number of args for {name}: want at least {wanted} got {got}")
            }
            false => format!("wrong number of args for {name}: want {} got {given}", params.len()),
        };
        Err(self.error(ErrorKind::ArgumentCount { function: name.to_owned() }, message))
    }

    /// Evaluates the arguments into their slots, each checked against its parameter.
    #[inline]
    fn eval_args(
        &mut self,
        dot: Dot<'_>,
        params: &'static [Type],
        args: &'s [Arg],
        last: Option<&mut Item>,
        slots: &mut [Value],
    ) -> Result<()> {
        for (at, (arg, slot)) in args.iter().zip(&mut *slots).enumerate() {
            let typ = param_type(params, at);
            self.at = At::Arg(arg);
            if !T::ON && self.fetch(dot, typ, arg, slot) {
                continue;
            }
            let mut item = Item::default();
            self.eval_arg(dot, Some(*typ), arg, &mut item)?;
            if T::ON {
                self.machine.tracer.argument(item.meta.origin());
            }
            *slot = item.value;
        }
        if let (Some(last), Some(slot)) = (last, slots.last_mut()) {
            self.validate_type(last, Some(param_type(params, args.len())))?;
            if T::ON {
                self.machine.tracer.argument(last.meta.origin());
            }
            *slot = std::mem::take(&mut last.value);
        }
        Ok(())
    }

    /// Puts what most arguments are, a literal or a field in plain maps, into the slot. `false`, and nothing done, where
    /// there is more to do.
    #[inline]
    fn fetch(&self, dot: Dot<'_>, typ: &Type, arg: &'s Arg, slot: &mut Value) -> bool {
        let (from, names) = match arg {
            Arg::String(string) => {
                let fits = fits_plainly(&string.value, typ);
                if fits {
                    slot.clone_from(&string.value);
                }
                return fits;
            }
            Arg::Number(number) => {
                match (&number.ideal, number.int, typ) {
                    (Some(ideal), _, Type::Any | Type::Reflect) => slot.clone_from(ideal),
                    (_, Some(int), Type::Int) => *slot = Value::Int(int),
                    _ => return false,
                }
                return true;
            }
            Arg::Dot(_) => (dot, &[] as &[FieldName]),
            Arg::Field(field) => (dot, &*field.names),
            Arg::Variable(variable) => match variable_slot(&self.machine.vars, self.base, variable) {
                Some(at) => (self.machine.vars[at].1.dot(), &*variable.fields),
                None => return false,
            },
            _ => return false,
        };
        follow(from, names, self.is_strict, |found, left| {
            let fits = left.is_empty() && fits_plainly(found.value, typ);
            if fits {
                slot.clone_from(found.value);
            }
            fits
        })
    }

    /// `and` and `or` evaluate no more than they need.
    fn eval_and_or(
        &mut self,
        dot: Dot<'_>,
        stop_at: bool,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        let last = has_last.then(|| std::mem::take(item));
        for arg in args {
            self.eval_arg(dot, Some(Type::Reflect), arg, item)?;
            if T::ON {
                self.machine.tracer.tested(item.meta.origin(), &item.value);
            }
            if item.value.truth() == stop_at {
                return Ok(());
            }
        }
        if let Some(last) = last {
            *item = last;
            self.validate_type(item, Some(&Type::Reflect))?;
        }
        Ok(())
    }

    /// Go: funcs.go `length`; it alone tells a nil in an interface from no value.
    fn eval_len(&mut self, dot: Dot<'_>, node: At<'s>, args: &'s [Arg], item: &mut Item) -> Result<()> {
        match args {
            [arg] => self.eval_arg(dot, Some(Type::Reflect), arg, item)?,
            _ => self.validate_type(item, Some(&Type::Reflect))?,
        }
        if T::ON {
            self.machine.tracer.listed(item.meta.origin(), &item.value);
        }
        let length = length(item).map_err(|failure| {
            self.at = node;
            self.call_error("len", failure)
        })?;
        *item = Item::new(Value::Int(length as i64));
        Ok(())
    }

    /// Go: funcs.go `call`; no value of a template is a function, so it can only fail.
    fn eval_call_builtin(
        &mut self,
        dot: Dot<'_>,
        func: &'static Func,
        node: At<'s>,
        args: &'s [Arg],
        has_last: bool,
        item: &mut Item,
    ) -> Result<()> {
        let last = has_last.then_some(item);
        let name = match (args.first(), &last) {
            (Some(arg), _) => arg.to_string(),
            (None, Some(last)) => reflect_string(&last.value),
            (None, None) => String::new(),
        };
        let (mut few, mut many) = (ROOM, Vec::new());
        let values = slots(&mut few, &mut many, args.len() + usize::from(has_last));
        self.eval_args(dot, func.params, args, last, values)?;
        let callee = values.first().cloned().unwrap_or_default();
        let message = match callee.out_of_interface() {
            Value::Nil => "call of nil".to_owned(),
            value => format!("non-function {name} of type {}", value.type_name()),
        };
        self.at = node;
        Err(self.call_error(func.name, Failure::Kind(ErrorKind::NotFunction, message)))
    }

    /// An argument for a parameter of the type; `None` takes anything as it is.
    pub(super) fn eval_arg(
        &mut self,
        dot: Dot<'_>,
        typ: Option<Type>,
        arg: &'s Arg,
        item: &mut Item,
    ) -> Result<()> {
        self.at = At::Arg(arg);
        match arg {
            Arg::Dot(_) => self.read(dot, item),
            Arg::Nil(_) => {
                let typ = typ.unwrap_or(Type::Any);
                let Some(value) = zero_if_nillable(typ) else {
                    let message = format!("cannot assign nil to {}", typ.name());
                    return Err(self.error(argument_type(typ.name(), "nil"), message));
                };
                *item = Item { value, meta: Meta::new(typ == Type::Any) };
                return Ok(());
            }
            Arg::Field(field) => self.eval_field_node(dot, field, arg, &[], false, item)?,
            Arg::Variable(variable) => self.eval_variable_node(dot, variable, arg, &[], false, item)?,
            Arg::Pipe(pipe) => {
                self.check_stack()?;
                self.eval_pipeline(dot, pipe, item)?;
            }
            Arg::Identifier(identifier) => self.eval_call(dot, identifier, At::Arg(arg), &[], false, item)?,
            Arg::Chain(chain) => self.eval_chain_node(dot, chain, arg, &[], false, item)?,
            Arg::Bool(..) | Arg::Number(_) | Arg::String(_) => {
                *item = self.eval_constant(typ.unwrap_or(Type::Any), arg)?;
                return Ok(());
            }
        }
        self.validate_type(item, typ.as_ref())
    }

    /// A literal for a parameter of the type. Go: the second half of `evalArg`.
    fn eval_constant(&self, typ: Type, arg: &'s Arg) -> Result<Item> {
        let expected = |what: &str| {
            let message = format!("expected {what}; found {arg}");
            Err(self.error(argument_type(what, &arg.to_string()), message))
        };
        let value = match (typ.literal_kind(), arg) {
            (Kind::Interface, _) => return self.constant(arg),
            (Kind::Bool, Arg::Bool(_, truth)) => Value::Bool(*truth),
            (Kind::Bool, _) => return expected("bool"),
            (Kind::String, Arg::String(string)) => string.value.clone(),
            (Kind::String, _) => return expected("string"),
            (Kind::Float64, Arg::Number(number)) if number.float.is_some() => {
                Value::Float64(number.float.unwrap_or_default())
            }
            (Kind::Float64, _) => return expected("float"),
            (Kind::Int, Arg::Number(number)) if number.int.is_some() => {
                let int = number.int.unwrap_or_default();
                match typ {
                    Type::Int64 => Value::Int64(int),
                    Type::Int32 => Value::Sized(Sized::Int32(int as i32)),
                    _ => Value::Int(int),
                }
            }
            (Kind::Int, _) => return expected("integer"),
            (Kind::Uint32, Arg::Number(number)) if number.uint.is_some() => {
                Value::Sized(Sized::Uint32(number.uint.unwrap_or_default() as u32))
            }
            (Kind::Uint32, _) => return expected("unsigned integer"),
            _ => {
                let message = format!("can't handle {arg} for arg of type {}", typ.name());
                return Err(self.error(argument_type(typ.name(), &arg.to_string()), message));
            }
        };
        Ok(Item::new(value))
    }

    /// Checks that the value can be given to a parameter of the type, and makes it one of that type.
    #[inline]
    fn validate_type(&self, item: &mut Item, typ: Option<&Type>) -> Result<()> {
        match typ {
            Some(typ) if !fits_plainly(&item.value, typ) => {
                *item = self.assign_type(std::mem::take(item), *typ)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The value as one of the type, if it can be. Go: the body of `validateType`.
    fn assign_type(&self, item: Item, typ: Type) -> Result<Item> {
        match &item.value {
            Value::Nil if matches!(typ, Type::Any | Type::Reflect) => Ok(item),
            Value::Error(_) if typ == Type::Reflect => Ok(item),
            Value::Error(error) if typ == Type::Any || !matches!(**error, Value::Nil) => {
                self.assign_type(Item { value: (**error).clone(), ..item }, typ)
            }
            Value::Nil if item.meta.is_interface() => {
                let message = format!("wrong type for value; expected {}; got interface {{}}", typ.name());
                Err(self.error(argument_type(typ.name(), "nil"), message))
            }
            Value::Nil => zero_if_nillable(typ).map(Item::new).ok_or_else(|| {
                let message = format!("invalid value; expected {}", typ.name());
                self.error(argument_type(typ.name(), "nil"), message)
            }),
            value if !typ.accepts(value) => {
                let (typ, got) = (typ.name(), value.type_name());
                let message = format!("wrong type for value; expected {typ}; got {got}");
                Err(self.error(argument_type(typ, &got), message))
            }
            _ => Ok(Item { value: typ.assign(item.value), ..item }),
        }
    }
}

fn argument_type(wanted: &str, found: &str) -> ErrorKind {
    ErrorKind::ArgumentType { wanted: wanted.to_owned(), found: found.to_owned() }
}

/// Go: funcs.go `length`.
fn length(item: &Item) -> std::result::Result<usize, Failure> {
    let nil = |text: &str| Failure::Kind(ErrorKind::Nil { field: None }, text.to_owned());
    Ok(match item.value.out_of_interface() {
        Value::Nil if item.meta.is_interface() || matches!(item.value, Value::Error(_)) => {
            return Err(nil("len of nil pointer"));
        }
        Value::Nil => return Err(nil("reflect: call of reflect.Value.Type on zero Value")),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Bytes(bytes) => bytes.as_ref().map_or(0, |bytes| bytes.len()),
        Value::Object(object) if has_length(object.kind()) => match object.underlying() {
            Some(Value::Map(map)) => map.len(),
            Some(Value::List(list)) => list.len(),
            Some(Value::Str(text)) => text.len(),
            _ => 0,
        },
        value => return Err(format!("len of type {}", value.type_name().trim_start_matches('*')).into()),
    })
}

/// What Go's `reflect.Value.String` says of a value.
fn reflect_string(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_str().into_owned(),
        Value::Nil => "<invalid Value>".to_owned(),
        value => format!("<{} Value>", value.type_name()),
    }
}

/// The zero of a type to which nil can be assigned. Go: `canBeNil`, `reflect.Zero`.
fn zero_if_nillable(typ: Type) -> Option<Value> {
    match typ {
        Type::Any | Type::Reflect => Some(Value::Nil),
        Type::Bytes => Some(Value::Bytes(None)),
        Type::Strings => Some(Value::List(List::nil(Elem::String))),
        Type::List => Some(Value::List(List::nil(Elem::Any))),
        Type::Map => Some(Value::Map(Map::nil(Elem::Any))),
        Type::Named("io.Writer") => Some(Value::Nil),
        Type::Named(name) if name.starts_with(['*', '[']) || name.starts_with("map[") => Some(Value::Nil),
        _ => None,
    }
}

impl Type {
    /// The kind that decides which literals may stand for it.
    fn literal_kind(self) -> Kind {
        match self {
            Type::Any | Type::Reflect => Kind::Interface,
            Type::String => Kind::String,
            Type::Bool => Kind::Bool,
            Type::Int | Type::Int64 | Type::Int32 | Type::Named("time.Duration" | "time.Month") => Kind::Int,
            Type::Uint32 => Kind::Uint32,
            Type::Float64 => Kind::Float64,
            Type::Bytes | Type::Strings | Type::List => Kind::Slice,
            Type::Map => Kind::Map,
            Type::Named(_) => Kind::Struct,
        }
    }

    /// Whether a value can be assigned to it. Go: `AssignableTo`.
    fn accepts(self, value: &Value) -> bool {
        match (self, value) {
            (Type::Any | Type::Reflect, _)
            | (Type::String, Value::Str(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::Int, Value::Int(_))
            | (Type::Int64, Value::Int64(_))
            | (Type::Int32, Value::Sized(Sized::Int32(_)))
            | (Type::Uint32, Value::Sized(Sized::Uint32(_)))
            | (Type::Float64, Value::Float64(_))
            | (Type::Bytes, Value::Bytes(_)) => true,
            (Type::Strings, Value::List(list)) => list.elem() == Elem::String,
            (Type::List, Value::List(list)) => list.elem() == Elem::Any,
            (Type::Map, Value::Map(map)) => map.elem() == Elem::Any,
            (Type::Named(name), value) => value.type_name() == name,
            (Type::List | Type::Map | Type::Strings | Type::Bytes, Value::Object(object)) => {
                object.underlying().is_some_and(|plain| self.accepts(&plain))
            }
            _ => false,
        }
    }

    /// The value as one of this type, which accepts it: a map or slice of a named type loses its name, a field of a
    /// struct its address.
    fn assign(self, value: Value) -> Value {
        match (self, &value) {
            (Type::Map, Value::Map(map)) if map.is_named() => Value::Map(map.plain()),
            (Type::List | Type::Map | Type::Strings | Type::Bytes, Value::Object(object)) => {
                object.underlying().unwrap_or(value)
            }
            (Type::Any, Value::Object(object)) => object.passed().map_or(value, Value::Object),
            _ => value,
        }
    }
}
