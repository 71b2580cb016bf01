//! Go's dynamic values as templates see them: every kind that Helm's engine and functions can produce, kept apart as in
//! Go (`int` from a literal, `int64` from `--set`, `float64` from a values file, typed nil slices and maps).
//!
//! Read [`Value`] first. Printing is in [`mod@print`], conversions of sprig's kind in [`convert`], equality in [`compare`].

mod cells;
pub mod compare;
pub mod convert;
mod drop;
mod error;
mod list;
mod map;
mod object;
mod part;
pub mod print;
mod text;
pub mod time;

use std::borrow::Cow;
use std::rc::Rc;

pub use cells::{Cells, FieldName};
pub use error::ErrorObject;
pub use list::{Elem, List};
pub use map::{Map, MapMethod, MapType};
pub use object::{Field, Method, Object, ObjectRef, Type};
pub use part::{Part, Pointee};
pub use text::Str;

/// A Go value in an interface. Cloning is cheap: everything large is shared.
#[derive(Debug, Default)]
pub enum Value {
    /// The nil interface; also what Go's `reflect` calls the invalid value.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`: literals, `len`, most functions.
    Int(i64),
    /// `int64`: `--set`, `int64`, arithmetic of sprig.
    Int64(i64),
    /// `float64`: every number of a values file.
    Float64(f64),
    /// `string`
    Str(Str),
    /// A slice other than `[]uint8`.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// `[]uint8`; `None` is the nil slice.
    Bytes(Option<Rc<[u8]>>),
    /// The integer types that templates meet rarely.
    Sized(Sized),
    /// `complex128`, real and imaginary part.
    Complex(f64, f64),
    /// A value of the interface type `error`: nil, or an object that is one. Only a method hands it out, and it loses the
    /// type where it goes into a list, a map or a parameter of another type.
    Error(Rc<Value>),
    /// A value of a named type.
    Object(ObjectRef),
}

/// Moves of a value are kept short; what grows beyond this belongs behind a pointer.
const _: () = assert!(size_of::<Value>() <= 24);

impl Clone for Value {
    #[inline]
    fn clone(&self) -> Value {
        let mut copy = Value::Nil;
        copy.clone_from(self);
        copy
    }

    /// Each kind is written where it belongs: a value that is moved right after it was put together waits for the
    /// processor to finish the parts.
    #[inline]
    fn clone_from(&mut self, source: &Value) {
        match source {
            Value::Nil => *self = Value::Nil,
            Value::Bool(truth) => *self = Value::Bool(*truth),
            Value::Int(n) => *self = Value::Int(*n),
            Value::Int64(n) => *self = Value::Int64(*n),
            Value::Float64(x) => *self = Value::Float64(*x),
            Value::Str(text) => *self = Value::Str(text.clone()),
            Value::List(list) => *self = Value::List(list.clone()),
            Value::Map(map) => *self = Value::Map(map.clone()),
            Value::Bytes(bytes) => *self = Value::Bytes(bytes.clone()),
            Value::Sized(number) => *self = Value::Sized(*number),
            Value::Complex(re, im) => *self = Value::Complex(*re, *im),
            Value::Error(error) => *self = Value::Error(Rc::clone(error)),
            Value::Object(object) => *self = Value::Object(Rc::clone(object)),
        }
    }
}

/// An integer or float type other than `int`, `int64` and `float64`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sized {
    /// `int8`
    Int8(i8),
    /// `int16`
    Int16(i16),
    /// `int32`, `rune`
    Int32(i32),
    /// `uint`
    Uint(u64),
    /// `uint8`, `byte`: what `index` gives of a string.
    Uint8(u8),
    /// `uint16`
    Uint16(u16),
    /// `uint32`
    Uint32(u32),
    /// `uint64`
    Uint64(u64),
    /// `float32`
    Float32(f32),
}

/// Go's `reflect.Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex128,
    Array,
    Func,
    Interface,
    Map,
    Ptr,
    Slice,
    String,
    Struct,
}

impl Kind {
    /// Go's name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Int8 => "int8",
            Kind::Int16 => "int16",
            Kind::Int32 => "int32",
            Kind::Int64 => "int64",
            Kind::Uint => "uint",
            Kind::Uint8 => "uint8",
            Kind::Uint16 => "uint16",
            Kind::Uint32 => "uint32",
            Kind::Uint64 => "uint64",
            Kind::Float32 => "float32",
            Kind::Float64 => "float64",
            Kind::Complex128 => "complex128",
            Kind::Array => "array",
            Kind::Func => "func",
            Kind::Interface => "interface",
            Kind::Map => "map",
            Kind::Ptr => "ptr",
            Kind::Slice => "slice",
            Kind::String => "string",
            Kind::Struct => "struct",
        }
    }
}

impl Sized {
    /// The kind, which is also the name of the type.
    pub fn kind(self) -> Kind {
        match self {
            Sized::Int8(_) => Kind::Int8,
            Sized::Int16(_) => Kind::Int16,
            Sized::Int32(_) => Kind::Int32,
            Sized::Uint(_) => Kind::Uint,
            Sized::Uint8(_) => Kind::Uint8,
            Sized::Uint16(_) => Kind::Uint16,
            Sized::Uint32(_) => Kind::Uint32,
            Sized::Uint64(_) => Kind::Uint64,
            Sized::Float32(_) => Kind::Float32,
        }
    }
}

/// A number of any of Go's three families, widened: what comparison and printing work on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Any signed type.
    Signed(i64),
    /// Any unsigned type.
    Unsigned(u64),
    /// Any float type.
    Float(f64),
}

impl Value {
    /// Go's `reflect.Kind` of the value in the interface; `Invalid` for nil.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Invalid,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Int64(_) => Kind::Int64,
            Value::Float64(_) => Kind::Float64,
            Value::Str(_) => Kind::String,
            Value::List(_) | Value::Bytes(_) => Kind::Slice,
            Value::Map(_) => Kind::Map,
            Value::Sized(number) => number.kind(),
            Value::Complex(..) => Kind::Complex128,
            Value::Error(_) => Kind::Interface,
            Value::Object(object) => object.kind(),
        }
    }

    /// Go's name of the dynamic type, as `%T` prints it; `<nil>` for nil.
    pub fn type_name(&self) -> Cow<'_, str> {
        match self {
            Value::Nil => "<nil>".into(),
            Value::List(list) => format!("[]{}", list.elem().name()).into(),
            Value::Map(map) => map.type_name().into(),
            Value::Bytes(_) => "[]uint8".into(),
            Value::Error(_) => "error".into(),
            Value::Object(object) => object.type_name().into(),
            _ => self.kind().name().into(),
        }
    }

    /// The number in the value, named integer types included.
    pub fn number(&self) -> Option<Number> {
        Some(match self {
            Value::Int(n) | Value::Int64(n) => Number::Signed(*n),
            Value::Float64(x) => Number::Float(*x),
            Value::Sized(sized) => match *sized {
                Sized::Int8(n) => Number::Signed(n.into()),
                Sized::Int16(n) => Number::Signed(n.into()),
                Sized::Int32(n) => Number::Signed(n.into()),
                Sized::Uint(n) | Sized::Uint64(n) => Number::Unsigned(n),
                Sized::Uint8(n) => Number::Unsigned(n.into()),
                Sized::Uint16(n) => Number::Unsigned(n.into()),
                Sized::Uint32(n) => Number::Unsigned(n.into()),
                Sized::Float32(x) => Number::Float(x.into()),
            },
            Value::Object(object) => return object.underlying()?.number(),
            _ => return None,
        })
    }

    /// Go's `IsTrue` of text/template: the value is not the zero of its type, or has elements.
    pub fn truth(&self) -> bool {
        match self {
            Value::Nil => false,
            Value::Bool(b) => *b,
            Value::Str(text) => !text.is_empty(),
            Value::List(list) => !list.is_empty(),
            Value::Map(map) => !map.is_empty(),
            Value::Bytes(bytes) => bytes.as_ref().is_some_and(|bytes| !bytes.is_empty()),
            Value::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Value::Error(error) => !error.is_nil(),
            Value::Object(object) => object.truth(),
            Value::Int(_) | Value::Int64(_) | Value::Float64(_) | Value::Sized(_) => match self.number() {
                Some(Number::Signed(n)) => n != 0,
                Some(Number::Unsigned(n)) => n != 0,
                Some(Number::Float(x)) => x != 0.0,
                None => false,
            },
        }
    }

    /// Whether this is the nil interface, or a nil slice or map inside one.
    pub fn is_nil(&self) -> bool {
        match self {
            Value::Nil | Value::Bytes(None) => true,
            Value::List(list) => list.is_nil(),
            Value::Map(map) => map.is_nil(),
            _ => false,
        }
    }

    /// What is in the interface. Go: text/template funcs.go `indirectInterface`.
    #[inline]
    pub fn out_of_interface(&self) -> &Value {
        match self {
            Value::Error(error) => error,
            value => value,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&Str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The slice, if it is one other than `[]uint8`.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The object as the Rust type behind it.
    pub fn as_object<T: 'static>(&self) -> Option<&T> {
        match self {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// A `[]uint8`.
    pub fn bytes(bytes: impl Into<Rc<[u8]>>) -> Value {
        Value::Bytes(Some(bytes.into()))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Float64(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Str(text.into())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Value {
        Value::Str(text.into())
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Value {
        Value::Str(text)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Value {
        Value::List(list)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map)
    }
}
