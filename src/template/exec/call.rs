//! Calls of functions and methods, and the check of their arguments. Go: exec.go from `evalCall` to `evalEmptyInterface`.

use super::eval::{Receiver, has_length};
use super::{Dot, Error, Frame, Item, Result, State};
use crate::template::ast::{Arg, At, Identifier, Special};
use crate::template::func::{Failure, Func};
use crate::template::trace::Tracer;
use crate::value::{Elem, Kind, List, Map, Method, Sized, Str, Type, Value};

/// The type of the parameter that takes the argument at this index; a variadic one takes all that are left.
#[inline]
fn param_type(params: &[Type], at: usize) -> Type {
    params.get(at).or(params.last()).copied().unwrap_or(Type::Any)
}

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    /// Calls a function with the arguments behind its name and, at the end, what the pipeline brought.
    pub(super) fn eval_call(
        &mut self,
        dot: Dot<'_>,
        identifier: &'s Identifier,
        node: At<'s>,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        let func = identifier.func;
        let args = args.get(1..).unwrap_or_default();
        self.check_count(func.name, func.params, func.variadic, args, last.is_some())?;
        match identifier.special {
            Special::None => {}
            Special::And => return self.eval_and_or(dot, false, args, last),
            Special::Or => return self.eval_and_or(dot, true, args, last),
            Special::Len => return self.eval_len(dot, node, args, last),
            Special::Call => return self.eval_call_builtin(dot, func, node, args, last),
        }
        let mark = self.machine.args.len();
        self.push_args(dot, func.params, args, last)?;
        self.call(func, node, mark)
    }

    /// Runs the function on the arguments from `mark` on.
    fn call(&mut self, func: &'static Func, node: At<'s>, mark: usize) -> Result<Item> {
        // The function may execute templates in its turn; they get a stack of their own.
        let mut args = std::mem::take(&mut self.machine.args);
        if T::ON {
            self.machine.tracer.enter_function(&self.tree.source, node.pos(), args.len() - mark);
        }
        let answer = (func.call)(self, &args[mark..]);
        let mut item = match answer {
            Ok(value) => Item::new(value),
            Err(failure) => {
                self.at = node;
                return Err(self.call_error(func.name, failure));
            }
        };
        if T::ON {
            item.origin = self.machine.tracer.leave_function(func.name, &args[mark..], &item.value);
        }
        args.truncate(mark);
        self.machine.args = args;
        Ok(item)
    }

    fn call_error(&self, name: &str, failure: Failure) -> Error {
        let frame = self.frame(format!("error calling {name}"));
        match failure {
            Failure::Text(text) => Error::new(Frame::Text(text)).within(frame),
            Failure::Fail(text) => Error::new(Frame::Fail(text)).within(frame),
            Failure::Template(error) => (*error).within(frame),
        }
    }

    pub(super) fn eval_method(
        &mut self,
        dot: Dot<'_>,
        receiver: Receiver<'_>,
        node: &'s Arg,
        name: &Str,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        let args = args.get(1..).unwrap_or_default();
        let (params, variadic) = match receiver {
            Receiver::Object(method, _) => (method.params, method.variadic),
            Receiver::Map(method, _) => (method.params, false),
        };
        self.check_count(&name.to_str(), params, variadic, args, last.is_some())?;
        if let Receiver::Object(Method { unfit: Some(why), .. }, _) = receiver {
            return Err(self.error(*why));
        }
        let mark = self.machine.args.len();
        self.push_args(dot, params, args, last)?;
        let args: Vec<Value> = self.machine.args.drain(mark..).collect();
        if T::ON {
            self.machine.tracer.forget_arguments(args.len());
        }
        let answer = match receiver {
            Receiver::Object(method, Value::Object(object)) => (method.call)(object.as_ref(), &args),
            Receiver::Map(method, map) => (method.call)(map, &args),
            Receiver::Object(..) => Ok(Value::Nil),
        };
        answer.map(Item::new).map_err(|text| {
            self.at = At::Arg(node);
            self.call_error(&name.to_str(), Failure::Text(text))
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
        let (wanted, got) = (params.len(), args.len());
        if variadic && given + 1 < wanted {
            let wanted = wanted - 1;
            let message = format!("wrong number of args for {name}: want at least {wanted} got {got}");
            return Err(self.error(message));
        }
        if !variadic && given != wanted {
            return Err(self.error(format!("wrong number of args for {name}: want {wanted} got {given}")));
        }
        Ok(())
    }

    /// Evaluates the arguments and pushes them, each checked against its parameter.
    fn push_args(
        &mut self,
        dot: Dot<'_>,
        params: &'static [Type],
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<()> {
        for (at, arg) in args.iter().enumerate() {
            let item = self.eval_arg(dot, Some(param_type(params, at)), arg)?;
            if T::ON {
                self.machine.tracer.argument(item.origin);
            }
            self.machine.args.push(item.value);
        }
        if let Some(last) = last {
            let item = self.validate_type(last, Some(param_type(params, args.len())))?;
            if T::ON {
                self.machine.tracer.argument(item.origin);
            }
            self.machine.args.push(item.value);
        }
        Ok(())
    }

    /// `and` and `or` evaluate no more than they need.
    fn eval_and_or(
        &mut self,
        dot: Dot<'_>,
        stop_at: bool,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        let mut item = Item::default();
        for arg in args {
            item = self.eval_arg(dot, Some(Type::Reflect), arg)?;
            if item.value.truth() == stop_at {
                return Ok(item);
            }
        }
        match last {
            Some(last) => self.validate_type(last, Some(Type::Reflect)),
            None => Ok(item),
        }
    }

    /// Go: funcs.go `length`; it alone tells a nil in an interface from no value.
    fn eval_len(&mut self, dot: Dot<'_>, node: At<'s>, args: &'s [Arg], last: Option<Item>) -> Result<Item> {
        let item = match (args, last) {
            ([arg], _) => self.eval_arg(dot, Some(Type::Reflect), arg)?,
            (_, Some(last)) => self.validate_type(last, Some(Type::Reflect))?,
            _ => Item::default(),
        };
        let message = match item.value.out_of_interface() {
            Value::Nil if item.is_interface || matches!(item.value, Value::Error(_)) => {
                "len of nil pointer".to_owned()
            }
            Value::Nil => "reflect: call of reflect.Value.Type on zero Value".to_owned(),
            Value::Str(text) => return Ok(Item::new(Value::Int(text.len() as i64))),
            Value::List(list) => return Ok(Item::new(Value::Int(list.len() as i64))),
            Value::Map(map) => return Ok(Item::new(Value::Int(map.len() as i64))),
            Value::Bytes(bytes) => {
                return Ok(Item::new(Value::Int(bytes.as_ref().map_or(0, |bytes| bytes.len()) as i64)));
            }
            Value::Object(object) if has_length(object.kind()) => {
                let len = match object.underlying() {
                    Some(Value::Map(map)) => map.len(),
                    Some(Value::List(list)) => list.len(),
                    Some(Value::Str(text)) => text.len(),
                    _ => 0,
                };
                return Ok(Item::new(Value::Int(len as i64)));
            }
            value => format!("len of type {}", value.type_name().trim_start_matches('*')),
        };
        self.at = node;
        Err(self.call_error("len", Failure::Text(message)))
    }

    /// Go: funcs.go `call`; no value of a template is a function, so it can only fail.
    fn eval_call_builtin(
        &mut self,
        dot: Dot<'_>,
        func: &'static Func,
        node: At<'s>,
        args: &'s [Arg],
        last: Option<Item>,
    ) -> Result<Item> {
        let mark = self.machine.args.len();
        let name = match (args.first(), &last) {
            (Some(arg), _) => arg.to_string(),
            (None, Some(last)) => reflect_string(&last.value),
            (None, None) => String::new(),
        };
        self.push_args(dot, func.params, args, last)?;
        let callee = self.machine.args.get(mark).cloned().unwrap_or_default();
        let message = match callee.out_of_interface() {
            Value::Nil => "call of nil".to_owned(),
            value => format!("non-function {name} of type {}", value.type_name()),
        };
        self.at = node;
        Err(self.call_error(func.name, Failure::Text(message)))
    }

    /// An argument for a parameter of the type; `None` takes anything as it is.
    pub(super) fn eval_arg(&mut self, dot: Dot<'_>, typ: Option<Type>, arg: &'s Arg) -> Result<Item> {
        self.at = At::Arg(arg);
        let item = match arg {
            Arg::String(string) if matches!(typ, Some(Type::String | Type::Any | Type::Reflect)) => {
                return Ok(Item::new(string.value.clone()));
            }
            Arg::Dot(_) => self.read(dot),
            Arg::Nil(_) => {
                let typ = typ.unwrap_or(Type::Any);
                return match zero_if_nillable(typ) {
                    Some(value) => Ok(Item { value, is_interface: typ == Type::Any, origin: 0 }),
                    None => Err(self.error(format!("cannot assign nil to {}", typ.name()))),
                };
            }
            Arg::Field(field) => self.eval_field_node(dot, field, arg, &[], None)?,
            Arg::Variable(variable) => self.eval_variable_node(dot, variable, arg, &[], None)?,
            Arg::Pipe(pipe) => {
                self.check_stack()?;
                self.eval_pipeline(dot, pipe)?
            }
            Arg::Identifier(identifier) => {
                self.at = At::Arg(arg);
                self.eval_call(dot, identifier, At::Arg(arg), &[], None)?
            }
            Arg::Chain(chain) => self.eval_chain_node(dot, chain, arg, &[], None)?,
            Arg::Bool(..) | Arg::Number(_) | Arg::String(_) => {
                return self.eval_constant(typ.unwrap_or(Type::Any), arg);
            }
        };
        self.validate_type(item, typ)
    }

    /// A literal for a parameter of the type. Go: the second half of `evalArg`.
    fn eval_constant(&self, typ: Type, arg: &'s Arg) -> Result<Item> {
        let expected = |what: &str| Err(self.error(format!("expected {what}; found {arg}")));
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
            _ => return Err(self.error(format!("can't handle {arg} for arg of type {}", typ.name()))),
        };
        Ok(Item::new(value))
    }

    /// Checks that the value can be given to a parameter of the type.
    #[inline]
    fn validate_type(&self, item: Item, typ: Option<Type>) -> Result<Item> {
        match (typ, &item.value) {
            // What most arguments are.
            (None, _) | (Some(Type::String), Value::Str(_)) => Ok(item),
            (Some(Type::Any | Type::Reflect), value)
                if !matches!(value, Value::Object(_) | Value::Error(_)) =>
            {
                Ok(item)
            }
            (Some(typ), _) => self.assign_type(item, typ),
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
            Value::Nil if item.is_interface => {
                let typ = typ.name();
                Err(self.error(format!("wrong type for value; expected {typ}; got interface {{}}")))
            }
            Value::Nil => match zero_if_nillable(typ) {
                Some(value) => Ok(Item::new(value)),
                None => Err(self.error(format!("invalid value; expected {}", typ.name()))),
            },
            value if !typ.accepts(value) => {
                let (typ, got) = (typ.name(), value.type_name());
                Err(self.error(format!("wrong type for value; expected {typ}; got {got}")))
            }
            _ => Ok(Item { value: typ.assign(item.value), ..item }),
        }
    }
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
            (Type::Map, Value::Map(map)) if map.named_type().is_some() => Value::Map(map.plain()),
            (Type::List | Type::Map | Type::Strings | Type::Bytes, Value::Object(object)) => {
                object.underlying().unwrap_or(value)
            }
            (Type::Any, Value::Object(object)) => object.passed().map_or(value, Value::Object),
            _ => value,
        }
    }
}
