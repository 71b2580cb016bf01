//! [`Func`]: a template function as the engine calls it, and the [`func!`](crate::func) macro that makes one from an
//! ordinary Rust function. The engine checks and converts arguments against `params`, as Go's `reflect` does, before it
//! calls; a function can rely on the types that it named.

use std::fmt;

pub use super::effect::{Edits, Effect, Looks, Makes, Selects};
use super::error::{Error, ErrorKind};
use super::host::Host;
use crate::budget::Over;
use crate::go::time::Time;
use crate::go::{regexp, slog};
use crate::value::print::Endless;
use crate::value::time::TimeValue;
use crate::value::{List, Map, Number, Str, Type, Value};
use crate::yaml::Fault;

/// A function that templates can call.
pub struct Func {
    /// Its name in templates.
    pub name: &'static str,
    /// One line: how it is called, what it does, where the behaviour comes from.
    pub doc: &'static str,
    /// The types of its parameters, the last one repeated when `variadic`.
    pub params: &'static [Type],
    /// Whether the last parameter may stand any number of times.
    pub variadic: bool,
    /// What its answer has of its arguments.
    pub effect: Effect,
    /// Runs it. The arguments have the types of `params`; the answer is put in place of the last value.
    pub call: fn(&mut dyn Context, &[Value], &mut Value) -> Result<(), Failure>,
}

/// Why a function failed.
#[derive(Debug)]
pub enum Failure {
    /// The text that Go's function would have returned as its error, or panicked with.
    Text(String),
    /// Such a text, and what it means where the engine's users tell that apart.
    Kind(ErrorKind, String),
    /// What the chart itself wants to say with `fail`; Helm shows it without the way to it.
    Fail(String),
    /// The same with `required`.
    Required(String),
    /// A template that the function ran failed (`include`, `tpl`).
    Template(Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Text(text) | Failure::Kind(_, text) | Failure::Fail(text) | Failure::Required(text) => {
                f.write_str(text)
            }
            Failure::Template(error) => f.write_str(&error.go_text()),
        }
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Failure {
        Failure::Text(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Failure {
        Failure::Text(text.to_owned())
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Text(fault.into())
    }
}

impl From<Over> for Failure {
    fn from(over: Over) -> Failure {
        Failure::Kind(ErrorKind::TooMuch, over.to_string())
    }
}

impl From<regexp::Error> for Failure {
    fn from(error: regexp::Error) -> Failure {
        match error {
            regexp::Error::Syntax(_) => Failure::Text(error.to_string()),
            regexp::Error::TooLarge { .. } => Failure::Kind(ErrorKind::TooMuch, error.to_string()),
            regexp::Error::Over(over) => over.into(),
        }
    }
}

impl From<Endless> for Failure {
    fn from(endless: Endless) -> Failure {
        Failure::Text(endless.into())
    }
}

/// What a function may ask of the execution that called it.
pub trait Context {
    /// The door to the outside world.
    fn host(&mut self) -> &mut dyn Host;

    /// Executes a template of the set with `data` as its dot. Helm: engine.go `includeFun`.
    fn include(&mut self, name: &Str, data: &Value) -> Result<Str, Failure>;

    /// Parses and executes `text` beside the set with `data` as its dot. Helm: engine.go `tplFun`.
    fn tpl(&mut self, text: &Str, data: &Value) -> Result<Str, Failure>;

    /// Whether Helm's lint mode is on, in which `required` and `fail` do not fail.
    fn lint_mode(&self) -> bool;

    /// Says something to the user's standard error (a line without its end), as Helm's log does.
    fn warn(&mut self, line: slog::Line);
}

/// The checked arguments of a call, taken one after the other.
pub struct Args<'a>(std::slice::Iter<'a, Value>);

impl<'a> Args<'a> {
    /// Starts at the first argument.
    #[inline]
    pub fn new(args: &'a [Value]) -> Args<'a> {
        Args(args.iter())
    }

    /// A parameter of type `interface {}`.
    #[inline]
    pub fn any(&mut self) -> &'a Value {
        self.0.next().unwrap_or(const { &Value::Nil })
    }

    /// A parameter of type `reflect.Value`.
    pub fn reflect(&mut self) -> &'a Value {
        self.any()
    }

    /// The rest, for a variadic parameter.
    pub fn rest(&mut self) -> &'a [Value] {
        let rest = self.0.as_slice();
        self.0 = [].iter();
        rest
    }

    /// A parameter of type `string`.
    #[inline]
    pub fn str(&mut self) -> &'a Str {
        self.any().as_text().unwrap_or(const { &Str::new() })
    }

    /// A parameter of type `int`.
    pub fn int(&mut self) -> i64 {
        match self.any() {
            Value::Int(n) | Value::Int64(n) => *n,
            _ => 0,
        }
    }

    /// A parameter of type `uint32`.
    pub fn uint32(&mut self) -> u32 {
        match self.any().number() {
            Some(Number::Signed(n)) => n as u32,
            Some(Number::Unsigned(n)) => n as u32,
            _ => 0,
        }
    }

    /// A parameter of type `time.Time`.
    pub fn time(&mut self) -> Time {
        self.any().as_object::<TimeValue>().map_or_else(Time::zero, |value| value.time.clone())
    }

    /// A parameter of type `sprig.certificate`, which the functions that take one know.
    pub fn certificate(&mut self) -> &'a Value {
        self.any()
    }

    /// A parameter of type `bool`.
    pub fn bool(&mut self) -> bool {
        matches!(self.any(), Value::Bool(true))
    }

    /// A parameter of type `[]interface {}`.
    pub fn list(&mut self) -> List {
        self.any().as_list().cloned().unwrap_or_else(|| List::nil(crate::value::Elem::Any))
    }

    /// A parameter of type `map[string]interface {}`.
    pub fn map(&mut self) -> Map {
        self.any().as_map().cloned().unwrap_or_else(|| Map::nil(crate::value::Elem::Any))
    }
}

/// What a Rust function may give back to a template.
pub trait Answer {
    /// Puts it where the engine wants it.
    fn put(self, to: &mut Value) -> Result<(), Failure>;
}

macro_rules! answers {
    ($($type:ty),*) => {$(
        impl Answer for $type {
            #[inline]
            fn put(self, to: &mut Value) -> Result<(), Failure> {
                *to = self.into();
                Ok(())
            }
        }
        impl<E: Into<Failure>> Answer for Result<$type, E> {
            #[inline]
            fn put(self, to: &mut Value) -> Result<(), Failure> {
                *to = self.map_err(Into::into)?.into();
                Ok(())
            }
        }
    )*};
}

answers!(Value, Str, String, &'static str, bool, f64, List, Map);

/// The types behind the parameter words of [`func!`](crate::func).
#[allow(non_upper_case_globals, missing_docs)]
pub mod types {
    use crate::value::Type;
    pub const any: Type = Type::Any;
    pub const reflect: Type = Type::Reflect;
    pub const str: Type = Type::String;
    pub const int: Type = Type::Int;
    pub const float: Type = Type::Float64;
    pub const uint32: Type = Type::Uint32;
    pub const time: Type = Type::Named("time.Time");
    pub const certificate: Type = Type::Named("sprig.certificate");
    pub const bool: Type = Type::Bool;
    pub const list: Type = Type::List;
    pub const map: Type = Type::Map;
}

/// Makes a [`Func`] from a Rust function:
///
/// ```text
/// func!("trunc", "trunc LENGTH STRING: … (sprig: strings.go trunc)", trunc(int, str)),
/// func!("list", "list ITEM...: …", list(; any)),             // after `;` the variadic parameter, given as &[Value]
/// func!("now", "now: …", now(cx)),                            // `cx` first: the function wants the Context
/// func!("first", "first LIST: …", first(any) => Selects First), // behind `=>` the [`Effect`] that it has
/// ```
#[macro_export]
macro_rules! func {
    ($name:literal, $doc:literal, $run:ident(cx $(, $param:ident)* $(; $rest:ident)?) $(=> $effect:ident $($which:ident)?)?) => {
        $crate::func!(@func $name, $doc, [$($param)*], [$($rest)?], [$($effect $($which)?)?], |cx: &mut dyn $crate::template::func::Context, args: &[$crate::value::Value], to: &mut $crate::value::Value| {
            #[allow(unused_mut, unused_variables)]
            let mut args = $crate::template::func::Args::new(args);
            $crate::template::func::Answer::put($run(cx $(, args.$param())* $(, $crate::func!(@rest args $rest))?), to)
        })
    };
    ($name:literal, $doc:literal, $run:ident($($param:ident),* $(; $rest:ident)?) $(=> $effect:ident $($which:ident)?)?) => {
        $crate::func!(@func $name, $doc, [$($param)*], [$($rest)?], [$($effect $($which)?)?], |_cx: &mut dyn $crate::template::func::Context, args: &[$crate::value::Value], to: &mut $crate::value::Value| {
            #[allow(unused_mut, unused_variables)]
            let mut args = $crate::template::func::Args::new(args);
            $crate::template::func::Answer::put($run($(args.$param(),)* $($crate::func!(@rest args $rest))?), to)
        })
    };
    (@rest $args:ident $rest:ident) => { $args.rest() };
    (@func $name:literal, $doc:literal, [$($param:ident)*], [$($rest:ident)?], [$($effect:tt)*], $call:expr) => {
        $crate::template::func::Func {
            name: $name,
            doc: $doc,
            params: &[$($crate::template::func::types::$param,)* $($crate::template::func::types::$rest)?],
            variadic: $crate::func!(@variadic $($rest)?),
            effect: $crate::func!(@effect $($effect)*),
            call: $call,
        }
    };
    (@effect) => { $crate::template::func::Effect::New };
    (@effect $effect:ident) => { $crate::template::func::Effect::$effect };
    (@effect $effect:ident $which:ident) => {
        $crate::template::func::Effect::$effect($crate::template::func::$effect::$which)
    };
    (@variadic) => { false };
    (@variadic $rest:ident) => { true };
}
