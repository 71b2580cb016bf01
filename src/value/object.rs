//! [`Object`]: a Go value of a named type, with fields and methods that templates can reach (`.Files`, `.Capabilities`,
//! times, versions). Methods take values only, so that objects know neither the engine nor the chart.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use super::compare::deep_equal;
use super::{Kind, Str, Value};

/// The type of a parameter of a method or of a template function, as Go's `reflect` sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface {}`: takes anything, nil included.
    Any,
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `int32` (and `rune`)
    Int32,
    /// `uint32`
    Uint32,
    /// `float64`
    Float64,
    /// `[]uint8`
    Bytes,
    /// `[]string`
    Strings,
    /// `[]interface {}`
    List,
    /// `map[string]interface {}`
    Map,
    /// `reflect.Value`: takes anything, and is told apart from `interface {}` by what the built-ins do with it.
    Reflect,
    /// A named type, by its Go name (`time.Time`, `time.Duration`).
    Named(&'static str),
}

impl Type {
    /// Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Type::Any => "interface {}",
            Type::String => "string",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Int64 => "int64",
            Type::Int32 => "int32",
            Type::Uint32 => "uint32",
            Type::Float64 => "float64",
            Type::Bytes => "[]uint8",
            Type::Strings => "[]string",
            Type::List => "[]interface {}",
            Type::Map => "map[string]interface {}",
            Type::Reflect => "reflect.Value",
            Type::Named(name) => name,
        }
    }
}

/// A method of an object, as a template calls it.
pub struct Method {
    /// Its Go name.
    pub name: &'static str,
    /// Its parameters; when `variadic`, the last one may stand any number of times.
    pub params: &'static [Type],
    /// Whether the last parameter repeats.
    pub variadic: bool,
    /// Why no template can call it: its results are too many. Go's text.
    pub unfit: Option<&'static str>,
    /// Runs it on an object of its type with arguments that were checked against `params`; an error is the text that
    /// Go's method would return or panic with.
    pub call: fn(&dyn Object, &[Value]) -> Result<Value, String>,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its Go name.
    pub name: &'static str,
    /// What it holds.
    pub value: Value,
    /// What its tag says to `encoding/json`, as Go writes it: `git_commit,omitempty`.
    tag: &'static str,
}

impl Field {
    /// A field without a tag.
    pub fn new(name: &'static str, value: impl Into<Value>) -> Field {
        Field::tagged(name, name, value)
    }

    /// A field with a tag.
    pub fn tagged(name: &'static str, tag: &'static str, value: impl Into<Value>) -> Field {
        Field { name, value: value.into(), tag }
    }

    /// Its key and value as `encoding/json` writes them, if it does.
    fn in_json(&self) -> Option<(&'static str, Value)> {
        let (key, option) = self.tag.split_once(',').unwrap_or((self.tag, ""));
        let is_left_out = option == "omitempty" && !self.value.truth();
        (self.is_exported() && !is_left_out).then(|| (key, self.value.out_of_interface().clone()))
    }

    /// Whether other packages reach it. Methods of what a hidden field holds are out of `fmt`'s reach.
    pub fn is_exported(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// A Go value of a named type.
pub trait Object: fmt::Debug {
    /// Go's name of the type, as `%T` prints it (`*common.Capabilities`, `time.Time`).
    fn type_name(&self) -> &str;

    /// The kind: `Struct` or `Ptr`, `Map` or `Slice` for named maps and slices, `Int64` for `time.Duration`, and so on.
    fn kind(&self) -> Kind;

    /// The exported field of that name.
    fn field(&self, name: &str) -> Option<Value> {
        let field = self.fields()?.into_iter().find(|field| field.name == name)?;
        field.is_exported().then_some(field.value)
    }

    /// The methods that templates can call.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// What its `String` gives, where the type has one. Go: `fmt.Stringer`.
    fn string(&self) -> Option<Str> {
        None
    }

    /// What the `String` of its address gives, or of the pointer that it is, where only that has the method. An action finds
    /// it.
    fn address_string(&self) -> Option<Str> {
        None
    }

    /// What its `GoString` gives, where the type has one. Go: `fmt.GoStringer`.
    fn go_string(&self) -> Option<Str> {
        None
    }

    /// Every field of a struct, or of the struct that a pointer points to, in Go's order, as `fmt` prints it. `None` for
    /// what is no struct, and for a nil pointer.
    fn fields(&self) -> Option<Vec<Field>> {
        None
    }

    /// What a function with a parameter of type `interface {}` gets of it: a copy without an address, which has no
    /// methods of the pointer. `None` where that is all the same.
    fn passed(&self) -> Option<ObjectRef> {
        None
    }

    /// What a deep copy makes of it, which leaves out fields that are not exported; `None` where that changes nothing.
    fn deep_copied(&self) -> Option<ObjectRef> {
        None
    }

    /// The plain value below a named type: `Int64` for a duration, `Map` for a named map, `List` for a named slice.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// The part of a named slice from `start` to `end`; `None` where that is beyond its capacity.
    fn slice(&self, _start: usize, _end: usize) -> Option<ObjectRef> {
        None
    }

    /// Another value of the same named integer type; `None` for what is no integer.
    fn with_number(&self, _number: i64) -> Option<Value> {
        None
    }

    /// Whether `if` takes it for true; a struct always is.
    fn truth(&self) -> bool {
        true
    }

    /// Whether it tells encoders itself what to write, which is what [`Object::to_plain`] gives. Go: `json.Marshaler`,
    /// `encoding.TextMarshaler`.
    fn is_marshaler(&self) -> bool {
        false
    }

    /// What `encoding/json` makes of it, as a plain value; the error is the text of the marshaller's.
    fn to_plain(&self) -> Result<Value, String> {
        Ok(Value::Map(self.json_fields().into_iter().flatten().collect()))
    }

    /// The fields of a struct as `encoding/json` writes them, in Go's order; `None` for what is no struct to it.
    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let fields = self.fields().filter(|_| !self.is_marshaler())?;
        Some(fields.iter().filter_map(Field::in_json).collect())
    }

    /// The exported fields of a struct in Go's order, each with its place among all fields; `None` for what an encoder
    /// that reflects takes for no struct.
    fn struct_fields(&self) -> Option<Vec<(usize, &'static str)>> {
        let fields = self.fields().filter(|_| !self.is_marshaler())?.into_iter().enumerate();
        Some(
            fields
                .filter(|(_, field)| field.is_exported())
                .map(|(place, field)| (place, field.name))
                .collect(),
        )
    }

    /// `reflect.DeepEqual` with another object.
    fn equal(&self, other: &dyn Object) -> bool {
        let values = |fields: Option<Vec<Field>>| -> Vec<Value> {
            fields.into_iter().flatten().map(|field| field.value).collect()
        };
        let (own, others) = (values(self.fields()), values(other.fields()));
        self.type_name() == other.type_name()
            && own.len() == others.len()
            && own.iter().zip(&others).all(|(own, other)| deep_equal(own, other))
            && deep_equal(&self.underlying().unwrap_or_default(), &other.underlying().unwrap_or_default())
    }

    /// `==` with another object, a struct or a pointer: it asks where a pointer points and not at what.
    fn identical(&self, other: &dyn Object) -> bool {
        self.kind() == Kind::Struct && self.equal(other)
    }

    /// For methods: the object as its own type.
    fn as_any(&self) -> &dyn Any;
}

/// A shared object.
pub type ObjectRef = Rc<dyn Object>;
