//! Errors as values: what a method hands back whose only result is an `error`, such as `Scan` of a version. A template sees
//! a value of the interface type, [`Value::Error`]; what is in it is an [`ErrorObject`].

use std::any::Any;
use std::rc::Rc;

use super::{Field, Kind, Method, Object, ObjectRef, Str, Value};

/// A pointer to one of Go's structs that are errors.
#[derive(Clone, Debug)]
pub struct ErrorObject {
    type_name: &'static str,
    text: Str,
    fields: Vec<Field>,
    /// The error that `Unwrap` gives, of a type that has the method.
    cause: Option<Value>,
    /// Whether it is one that a package declares, and so the same each time.
    is_global: bool,
}

impl ErrorObject {
    /// One that is nothing but its text. Go: `errors.New`, and `fmt.Errorf` without `%w`.
    pub fn new(text: impl Into<Str>) -> ErrorObject {
        let text = text.into();
        let fields = vec![Field::new("s", text.clone())];
        ErrorObject { type_name: "*errors.errorString", text, fields, cause: None, is_global: false }
    }

    /// The same that a package declares as a variable.
    pub fn global(text: impl Into<Str>) -> ErrorObject {
        ErrorObject { is_global: true, ..ErrorObject::new(text) }
    }

    /// One with fields of its own.
    pub fn with_fields(type_name: &'static str, text: impl Into<Str>, fields: Vec<Field>) -> ErrorObject {
        ErrorObject { type_name, fields, ..ErrorObject::new(text) }
    }

    /// The same with another in it.
    pub fn caused_by(self, cause: ErrorObject) -> ErrorObject {
        ErrorObject { cause: Some(cause.into()), ..self }
    }

    /// Go: `fmt.Errorf` with `%w`.
    pub fn wrapping(text: impl Into<Str>, cause: ErrorObject) -> ErrorObject {
        let (text, cause) = (text.into(), Value::from(cause));
        let inner = if let Value::Error(inner) = &cause { (**inner).clone() } else { Value::Nil };
        let fields = vec![Field::new("msg", text.clone()), Field::new("err", inner)];
        ErrorObject { type_name: "*fmt.wrapError", text, fields, cause: Some(cause), is_global: false }
    }
}

impl From<ErrorObject> for Value {
    fn from(error: ErrorObject) -> Value {
        Value::Error(Rc::new(Value::Object(Rc::new(error))))
    }
}

impl From<Result<(), ErrorObject>> for Value {
    fn from(outcome: Result<(), ErrorObject>) -> Value {
        outcome.map_or_else(Value::from, |()| Value::Error(Rc::new(Value::Nil)))
    }
}

/// The error in an object, which the engine vouches for.
fn own(object: &dyn Object) -> Result<&ErrorObject, String> {
    object.as_any().downcast_ref().ok_or_else(|| "reflect: Call using wrong receiver type".to_owned())
}

const METHODS: &[Method] = &[
    Method {
        name: "Error",
        params: &[],
        variadic: false,
        unfit: None,
        call: |object, _| Ok(Value::Str(own(object)?.text.clone())),
    },
    Method {
        name: "Unwrap",
        params: &[],
        variadic: false,
        unfit: None,
        call: |object, _| Ok(own(object)?.cause.clone().unwrap_or_default()),
    },
];

impl Object for ErrorObject {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn methods(&self) -> &'static [Method] {
        if self.cause.is_some() { METHODS } else { &METHODS[..1] }
    }

    fn string(&self) -> Option<Str> {
        Some(self.text.clone())
    }

    fn address_string(&self) -> Option<Str> {
        self.string()
    }

    fn fields(&self) -> Option<Vec<Field>> {
        Some(self.fields.clone())
    }

    /// Fields that are not exported are left out, and with them what `Error` says.
    fn deep_copied(&self) -> Option<ObjectRef> {
        let mut copy = ErrorObject { is_global: false, cause: None, ..self.clone() };
        for field in copy.fields.iter_mut().filter(|field| !field.is_exported()) {
            copy.text = Str::new();
            field.value = if field.name == "err" { Value::Nil } else { "".into() };
        }
        copy.cause = self.cause.as_ref().map(|_| Value::Error(Rc::new(Value::Nil)));
        Some(Rc::new(copy))
    }

    fn identical(&self, other: &dyn Object) -> bool {
        own(other).is_ok_and(|other| self.is_global && other.is_global && self.text == other.text)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
