//! The types of expressions, and how they are named.
//!
//! Go: cel-go `common/types/types.go`, `checker/format.go`.

use std::fmt;
use std::sync::Arc;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    Bytes,
    Double,
    Duration,
    /// Known only when the expression is worth something.
    Dyn,
    /// Of something that is wrong already.
    Error,
    Int,
    Null,
    Text,
    Timestamp,
    Uint,
    /// What a declared function leaves open.
    Param(Arc<str>),
    /// What is to be found out.
    Open(usize),
    List(Arc<Type>),
    Map(Arc<(Type, Type)>),
    /// A type with parameters that nothing is known of.
    Opaque(Arc<str>, Arc<[Type]>),
    /// A type with fields.
    Message(Arc<str>),
    /// A type as a value.
    Kind(Arc<Type>),
}

/// The name of types of what may not be there.
pub const OPTIONAL: &str = "optional_type";

impl Type {
    pub fn list(items: Type) -> Type {
        Type::List(Arc::new(items))
    }

    pub fn map(key: Type, value: Type) -> Type {
        Type::Map(Arc::new((key, value)))
    }

    pub fn optional(inner: Type) -> Type {
        Type::Opaque(OPTIONAL.into(), Arc::new([inner]))
    }

    pub fn message(name: &str) -> Type {
        Type::Message(name.into())
    }

    /// What is in it, if it is of what may not be there.
    pub fn in_optional(&self) -> Option<&Type> {
        match self {
            Type::Opaque(name, params) if &**name == OPTIONAL => params.first(),
            _ => None,
        }
    }

    /// The name with the types in it.
    pub fn long_name(&self) -> String {
        let with = |params: &[&Type]| {
            let params: Vec<String> = params.iter().map(|param| param.long_name()).collect();
            format!("{}({})", self.name(), params.join(", "))
        };
        match self {
            Type::List(items) => with(&[items]),
            Type::Map(map) => with(&[&map.0, &map.1]),
            Type::Kind(inner) => with(&[inner]),
            Type::Opaque(_, params) if !params.is_empty() => with(&params.iter().collect::<Vec<_>>()),
            _ => self.name(),
        }
    }

    /// The type that a word names in a declaration: `list(A)`, `map(string, int)`.
    pub fn read(text: &str) -> Type {
        Reader { rest: text }.read()
    }

    /// The name without parameters.
    pub fn name(&self) -> String {
        match self {
            Type::Bool => "bool",
            Type::Bytes => "bytes",
            Type::Double => "double",
            Type::Duration => "google.protobuf.Duration",
            Type::Dyn => "dyn",
            Type::Error => "error",
            Type::Int => "int",
            Type::Null => "null_type",
            Type::Text => "string",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::Uint => "uint",
            Type::List(_) => "list",
            Type::Map(_) => "map",
            Type::Kind(_) => "type",
            Type::Opaque(name, _) | Type::Message(name) | Type::Param(name) => name,
            Type::Open(number) => return format!("_var{number}"),
        }
        .to_owned()
    }
}

/// Reads declarations, which are ours and well formed.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn read(&mut self) -> Type {
        let end = self.rest.find(['(', ')', ',']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut params = Vec::new();
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            loop {
                params.push(self.read());
                match self.rest.strip_prefix(", ") {
                    Some(rest) => self.rest = rest,
                    None => break,
                }
            }
            self.rest = self.rest.strip_prefix(')').unwrap_or(self.rest);
        }
        named(name, params)
    }
}

fn named(name: &str, mut params: Vec<Type>) -> Type {
    match name {
        "bool" => Type::Bool,
        "bytes" => Type::Bytes,
        "double" => Type::Double,
        "duration" => Type::Duration,
        "dyn" => Type::Dyn,
        "int" => Type::Int,
        "null" => Type::Null,
        "string" => Type::Text,
        "timestamp" => Type::Timestamp,
        "uint" => Type::Uint,
        "list" => Type::list(params.pop().unwrap_or(Type::Dyn)),
        "map" => {
            let value = params.pop().unwrap_or(Type::Dyn);
            Type::map(params.pop().unwrap_or(Type::Dyn), value)
        }
        "type" => Type::Kind(Arc::new(params.pop().unwrap_or(Type::Dyn))),
        _ if name.starts_with("kubernetes.") => Type::message(name),
        _ if name.len() == 1 => Type::Param(name.into()),
        _ => Type::Opaque(name.into(), params.into()),
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Duration => f.write_str("duration"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Error => f.write_str("!error!"),
            Type::Null => f.write_str("null"),
            Type::List(items) => write!(f, "list({items})"),
            Type::Map(map) => write!(f, "map({}, {})", map.0, map.1),
            Type::Kind(inner) => write!(f, "type({inner})"),
            Type::Opaque(name, params) if !params.is_empty() => {
                let params: Vec<String> = params.iter().map(Type::to_string).collect();
                write!(f, "{name}({})", params.join(", "))
            }
            other => f.write_str(&other.name()),
        }
    }
}
