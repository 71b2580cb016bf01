//! Objects that are only ever seen printed, so that they need no types of their own: [`Part`], which lies in a field of one
//! of Go's structs, and [`Pointee`], which a pointer points to.

use std::any::Any;

use super::{Elem, Field, Kind, List, Object, ObjectRef, Str, Value};

/// A value of a type that no template can do anything with but print it.
#[derive(Debug)]
pub struct Part {
    type_name: &'static str,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Struct(Vec<Field>),
    /// `None` is the nil pointer.
    Pointer(Option<Vec<Field>>),
    Slice(List),
    /// What says of itself that it is so.
    Named(&'static str),
}

impl Part {
    /// A struct.
    pub fn of_struct(type_name: &'static str, fields: Vec<Field>) -> Value {
        Part { type_name, content: Content::Struct(fields) }.into()
    }

    /// A pointer to a struct with these fields, or the nil pointer. The name is that of the pointer's type.
    pub fn of_pointer(type_name: &'static str, fields: Option<Vec<Field>>) -> Value {
        Part { type_name, content: Content::Pointer(fields) }.into()
    }

    /// A slice; the nil slice where there are no items. The name is that of the slice's type.
    pub fn of_slice(type_name: &'static str, items: Vec<Value>) -> Value {
        let list = if items.is_empty() { List::nil(Elem::Any) } else { List::any(items) };
        Part { type_name, content: Content::Slice(list) }.into()
    }

    /// Go's `reflect.Type` of that name, which encoders take for a struct without fields.
    pub fn of_type(name: &'static str) -> Value {
        Part { type_name: "*reflect.rtype", content: Content::Named(name) }.into()
    }
}

impl From<Part> for Value {
    fn from(part: Part) -> Value {
        Value::Object(std::rc::Rc::new(part))
    }
}

impl Object for Part {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> Kind {
        match self.content {
            Content::Struct(_) => Kind::Struct,
            Content::Pointer(_) | Content::Named(_) => Kind::Ptr,
            Content::Slice(_) => Kind::Slice,
        }
    }

    fn string(&self) -> Option<Str> {
        match self.content {
            Content::Named(name) => Some(name.into()),
            Content::Struct(_) | Content::Pointer(_) | Content::Slice(_) => None,
        }
    }

    fn fields(&self) -> Option<Vec<Field>> {
        match &self.content {
            Content::Named(_) => Some(Vec::new()),
            Content::Struct(fields) | Content::Pointer(Some(fields)) => Some(fields.clone()),
            Content::Pointer(None) | Content::Slice(_) => None,
        }
    }

    fn underlying(&self) -> Option<Value> {
        match &self.content {
            Content::Slice(list) => Some(Value::List(list.clone())),
            Content::Struct(_) | Content::Pointer(_) | Content::Named(_) => None,
        }
    }

    fn to_plain(&self) -> Result<Value, String> {
        // None of the fields is exported.
        Ok(self.underlying().unwrap_or_else(|| Value::Map(super::Map::new())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What a pointer points to.
#[derive(Debug)]
pub struct Pointee(pub ObjectRef);

impl Object for Pointee {
    fn type_name(&self) -> &str {
        self.0.type_name().trim_start_matches('*')
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn string(&self) -> Option<Str> {
        self.0.string().filter(|_| self.0.address_string().is_none())
    }

    fn go_string(&self) -> Option<Str> {
        self.0.go_string()
    }

    fn fields(&self) -> Option<Vec<Field>> {
        self.0.fields()
    }

    fn is_marshaler(&self) -> bool {
        self.0.is_marshaler()
    }

    fn to_plain(&self) -> Result<Value, String> {
        self.0.to_plain()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
