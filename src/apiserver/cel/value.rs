//! The values of expressions: what is made, and what is read of an object where it is needed.
//!
//! Go: cel-go `common/types`, k8s.io/apiserver `pkg/cel`, `pkg/cel/common/valuesunstructured.go`.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::apiserver::tree::Tree;
use crate::go::time::{Location, Time, parse_in_location};
use crate::go::url::Url;

use super::amounts::Amount;
use super::moments;
use super::shape::{ListKind, Shape, Sort, TextForm, escape, unescape};
use super::syntax::Literal;
use super::types::Type;
use super::versions::Version;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The server says so.
    Error(String),
    /// It costs more than a server lets an expression cost.
    Cost,
    /// It costs more than we let it cost.
    Budget,
}

impl Stop {
    pub fn error(text: impl Into<String>) -> Stop {
        Stop::Error(text.into())
    }

    pub fn no_overload() -> Stop {
        Stop::error("no such overload")
    }
}

pub type Got<'a> = Result<Value<'a>, Stop>;

#[derive(Clone, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Rc<str>),
    Bytes(Rc<[u8]>),
    List(Rc<Vec<Value<'a>>>),
    Map(Rc<Vec<(Value<'a>, Value<'a>)>>),
    /// A list of the object.
    Items(&'a [Tree], &'a Shape),
    /// A map of the object.
    Object(&'a [(String, Tree)], &'a Shape),
    /// A part of the object that its schema says nothing of.
    Kept(&'a Tree),
    /// In nanoseconds.
    Duration(i64),
    Time(Rc<Time>),
    Type(Rc<str>),
    Optional(Option<Rc<Value<'a>>>),
    Amount(Rc<Amount>),
    Ip(IpAddr),
    Cidr(IpAddr, u8),
    Url(Rc<Url>),
    Version(Rc<Version>),
    /// A format, by its name.
    Format(&'static str),
}

impl<'a> Value<'a> {
    pub fn text(text: &str) -> Value<'a> {
        Value::Text(text.into())
    }

    pub fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(Rc::new(items))
    }

    pub fn some(value: Value<'a>) -> Value<'a> {
        Value::Optional(Some(Rc::new(value)))
    }

    pub fn literal(literal: &Literal) -> Value<'a> {
        match literal {
            Literal::Null => Value::Null,
            Literal::Bool(flag) => Value::Bool(*flag),
            Literal::Int(value) => Value::Int(*value),
            Literal::Uint(value) => Value::Uint(*value),
            Literal::Double(value) => Value::Double(*value),
            Literal::Text(text) => Value::Text(text.clone()),
            Literal::Bytes(bytes) => Value::Bytes(bytes.clone()),
        }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<Result<Vec<Value<'a>>, Stop>> {
        match self {
            Value::List(items) => Some(Ok(items.to_vec())),
            Value::Items(items, shape) => Some(items.iter().map(|item| shape.item(item)).collect()),
            _ => None,
        }
    }

    /// The keys, if it is a map.
    pub fn keys(&self) -> Option<Vec<Value<'a>>> {
        match self {
            Value::Map(entries) => Some(entries.iter().map(|(key, _)| key.clone()).collect()),
            Value::Object(entries, shape) => {
                let known = entries.iter().filter(|(key, _)| shape.property(key).is_some());
                Some(known.map(|(key, _)| Value::text(&shape.key(key))).collect())
            }
            _ => None,
        }
    }

    pub fn is_list(&self) -> bool {
        matches!(self, Value::List(_) | Value::Items(..))
    }

    pub fn is_map(&self) -> bool {
        matches!(self, Value::Map(_) | Value::Object(..))
    }

    /// What stands under a key, if it is a map; nothing where nothing does.
    pub fn find(&self, key: &Value<'a>) -> Result<Option<Value<'a>>, Stop> {
        match self {
            Value::Map(entries) => {
                for (own, value) in entries.iter() {
                    if equal(own, key)? {
                        return Ok(Some(value.clone()));
                    }
                }
                Ok(None)
            }
            Value::Object(entries, shape) => match key {
                Value::Text(key) => shape.find(entries, key),
                _ => Err(Stop::no_overload()),
            },
            _ => Err(Stop::no_overload()),
        }
    }

    /// How much there is of it, for what it costs.
    pub fn size(&self) -> Option<u64> {
        Some(match self {
            Value::Text(text) => text.chars().count() as u64,
            Value::Bytes(bytes) => bytes.len() as u64,
            Value::List(items) => items.len() as u64,
            Value::Map(entries) => entries.len() as u64,
            Value::Items(items, _) => items.len() as u64,
            Value::Object(entries, _) => entries.len() as u64,
            Value::Ip(IpAddr::V4(_)) => 4,
            Value::Ip(IpAddr::V6(_)) => 16,
            Value::Cidr(_, bits) => u64::from(bits.div_ceil(8)),
            Value::Optional(Some(inner)) => return inner.size(),
            _ => return None,
        })
    }

    /// The name of its type.
    pub fn type_name(&self) -> String {
        match self {
            Value::Null => Type::Null.name(),
            Value::Bool(_) => Type::Bool.name(),
            Value::Int(_) => Type::Int.name(),
            Value::Uint(_) => Type::Uint.name(),
            Value::Double(_) => Type::Double.name(),
            Value::Text(_) => Type::Text.name(),
            Value::Bytes(_) => Type::Bytes.name(),
            Value::List(_) | Value::Items(..) => "list".to_owned(),
            Value::Map(_) | Value::Object(..) => "map".to_owned(),
            Value::Kept(_) => "unknown".to_owned(),
            Value::Duration(_) => Type::Duration.name(),
            Value::Time(_) => Type::Timestamp.name(),
            Value::Type(_) => "type".to_owned(),
            Value::Optional(_) => super::types::OPTIONAL.to_owned(),
            Value::Amount(_) => "kubernetes.Quantity".to_owned(),
            Value::Ip(_) => "net.IP".to_owned(),
            Value::Cidr(..) => "net.CIDR".to_owned(),
            Value::Url(_) => "kubernetes.URL".to_owned(),
            Value::Version(_) => "kubernetes.Semver".to_owned(),
            Value::Format(_) => "kubernetes.NamedFormat".to_owned(),
        }
    }
}

/// Whether two values are equal; those of different types are not, but for numbers.
///
/// Go: `types.Equal`
pub fn equal(a: &Value<'_>, b: &Value<'_>) -> Result<bool, Stop> {
    // Lists and maps are as deep as what they are made of.
    if crate::budget::spend(1).is_err() {
        return Err(Stop::Budget);
    }
    match numbers(a, b) {
        Order::Known(order) => return Ok(order == Ordering::Equal),
        Order::None => return Ok(false),
        Order::OfOthers => {}
    }
    Ok(match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Time(a), Value::Time(b)) => a.compare(b) == Ordering::Equal,
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => equal(a, b)?,
        (Value::Amount(a), Value::Amount(b)) => a.compare(b) == Ordering::Equal,
        (Value::Ip(a), Value::Ip(b)) => a == b,
        (Value::Cidr(a, of_a), Value::Cidr(b, of_b)) => a == b && of_a == of_b,
        (Value::Url(a), Value::Url(b)) => a.print() == b.print(),
        (Value::Version(a), Value::Version(b)) => a.compare(b) == Ordering::Equal,
        (Value::Format(a), Value::Format(b)) => a == b,
        (Value::Kept(a), Value::Kept(b)) => a == b,
        _ if a.is_list() && b.is_list() => equal_lists(a, b)?,
        _ if a.is_map() && b.is_map() => equal_maps(a, b)?,
        _ => false,
    })
}

fn equal_lists<'a>(a: &Value<'a>, b: &Value<'a>) -> Result<bool, Stop> {
    let (Some(left), Some(right)) = (a.items(), b.items()) else { return Ok(false) };
    let (left, right) = (left?, right?);
    if left.len() != right.len() {
        return Ok(false);
    }
    match a {
        Value::Items(_, Shape { sort: Sort::List { kind: ListKind::Set, .. }, .. }) => {
            for item in &right {
                if !contains(&left, item)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Value::Items(_, Shape { sort: Sort::List { kind: ListKind::Map(keys), .. }, .. }) => {
            for item in &right {
                match keyed(&left, item, keys)? {
                    Some(at) if equal(&left[at], item)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        _ => {
            for (a, b) in left.iter().zip(&right) {
                if !equal(a, b)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

fn equal_maps<'a>(a: &Value<'a>, b: &Value<'a>) -> Result<bool, Stop> {
    if a.size() != b.size() {
        return Ok(false);
    }
    for key in a.keys().unwrap_or_default() {
        match (a.find(&key)?, b.find(&key)?) {
            (Some(a), Some(b)) if equal(&a, &b)? => {}
            (None, None) => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Whether a list holds a value.
pub fn contains<'a>(items: &[Value<'a>], value: &Value<'a>) -> Result<bool, Stop> {
    for item in items {
        if equal(item, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How two numbers compare.
enum Order {
    Known(Ordering),
    /// One is not a number, though its type is.
    None,
    /// They are no numbers.
    OfOthers,
}

impl From<Option<Ordering>> for Order {
    fn from(order: Option<Ordering>) -> Order {
        order.map_or(Order::None, Order::Known)
    }
}

/// How two numbers compare, whatever their types are.
fn numbers(a: &Value<'_>, b: &Value<'_>) -> Order {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Order::Known(a.cmp(b)),
        (Value::Uint(a), Value::Uint(b)) => Order::Known(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b).into(),
        (Value::Int(a), Value::Uint(b)) => Order::Known(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Uint(a), Value::Int(b)) => Order::Known(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Double(a), Value::Int(b)) => with_float(*a, i128::from(*b)).into(),
        (Value::Double(a), Value::Uint(b)) => with_float(*a, i128::from(*b)).into(),
        (Value::Int(a), Value::Double(b)) => with_float(*b, i128::from(*a)).map(Ordering::reverse).into(),
        (Value::Uint(a), Value::Double(b)) => with_float(*b, i128::from(*a)).map(Ordering::reverse).into(),
        _ => Order::OfOthers,
    }
}

fn with_float(a: f64, b: i128) -> Option<Ordering> {
    a.partial_cmp(&(b as f64))
}

/// How two values compare.
pub fn compare(a: &Value<'_>, b: &Value<'_>) -> Result<Ordering, Stop> {
    match numbers(a, b) {
        Order::Known(order) => return Ok(order),
        Order::None => return Err(Stop::error("NaN values cannot be ordered")),
        Order::OfOthers => {}
    }
    Ok(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.compare(b),
        _ => return Err(Stop::no_overload()),
    })
}

impl Shape {
    /// What stands under a key as expressions know it.
    fn find<'a>(&'a self, entries: &'a [(String, Tree)], key: &str) -> Result<Option<Value<'a>>, Stop> {
        let is_struct = matches!(self.sort, Sort::Struct(_));
        let own = if is_struct { unescape(key) } else { Some(key.to_owned()) };
        let Some(own) = own else { return Ok(None) };
        let Some((_, value)) = entries.iter().find(|(name, _)| *name == own) else { return Ok(None) };
        match self.property(&own) {
            Some(shape) if !(is_struct && value.is_null()) => shape.value(value).map(Some),
            _ => Ok(None),
        }
    }

    /// An item of a list of this shape.
    pub fn item<'a>(&'a self, item: &'a Tree) -> Got<'a> {
        match &self.sort {
            Sort::List { items, .. } => items.value(item),
            _ => Ok(Value::Kept(item)),
        }
    }

    /// The value of a part of an object.
    ///
    /// Go: `UnstructuredToVal`
    pub fn value<'a>(&'a self, tree: &'a Tree) -> Got<'a> {
        if tree.is_null() {
            let words = "invalid data, got null for schema with nullable=false";
            return if self.nullable { Ok(Value::Null) } else { Err(Stop::error(words)) };
        }
        let wanted = |what: &str| Stop::error(format!("invalid data, expected {what}"));
        match (&self.sort, tree) {
            (Sort::IntOrString, Tree::Str(text)) => Ok(Value::text(text)),
            (Sort::IntOrString, Tree::Int(value)) => Ok(Value::Int(*value)),
            (Sort::IntOrString, _) => Err(wanted("XIntOrString value to be either a string or integer")),
            (Sort::Struct(_) | Sort::Map(_) | Sort::Loose, Tree::Map(entries)) => {
                Ok(Value::Object(entries, self))
            }
            (Sort::Struct(_) | Sort::Map(_) | Sort::Loose, _) => {
                Err(wanted("a map for the provided schema with type=object"))
            }
            (Sort::List { .. }, Tree::List(items)) => Ok(Value::Items(items, self)),
            (Sort::List { .. }, _) => Err(wanted("an array for the provided schema with type=array")),
            (Sort::Text(form), Tree::Str(text)) => of_text(*form, text),
            (Sort::Text(_), other) => Err(wanted(&format!("string, got {}", go_type(other)))),
            (Sort::Number, Tree::Int(value)) => Ok(Value::Double(*value as f64)),
            (Sort::Number, Tree::Float(value)) => Ok(Value::Double(*value)),
            (Sort::Number, other) => Err(wanted(&format!("float, got {}", go_type(other)))),
            (Sort::Integer, Tree::Int(value)) => Ok(Value::Int(*value)),
            (Sort::Integer, other) => Err(wanted(&format!("int, got {}", go_type(other)))),
            (Sort::Bool, Tree::Bool(flag)) => Ok(Value::Bool(*flag)),
            (Sort::Bool, other) => Err(wanted(&format!("bool, got {}", go_type(other)))),
            (Sort::Kept, other) => Ok(Value::Kept(other)),
            (Sort::None, _) => Err(Stop::error(
                "invalid type, expected object, array, number, integer, boolean or string, or no type with \
                 x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ",
            )),
        }
    }
}

fn go_type(tree: &Tree) -> &'static str {
    match tree {
        Tree::Null => "<nil>",
        Tree::Bool(_) => "bool",
        Tree::Int(_) => "int64",
        Tree::Float(_) => "float64",
        Tree::Str(_) | Tree::Bytes(_) => "string",
        Tree::List(_) => "[]interface {}",
        Tree::Map(_) => "map[string]interface {}",
    }
}

fn of_text<'a>(form: TextForm, text: &str) -> Got<'a> {
    match form {
        TextForm::Plain => Ok(Value::text(text)),
        TextForm::Bytes => match STANDARD.decode(text) {
            Ok(bytes) => Ok(Value::Bytes(bytes.into())),
            Err(_) => Err(Stop::error(format!("Invalid byte formatted string {text}: illegal base64 data"))),
        },
        TextForm::Duration => match moments::spelled(text) {
            Some(duration) => Ok(Value::Duration(duration)),
            None => Err(Stop::error(format!("Invalid duration {text}: unable to parse {text} as duration"))),
        },
        TextForm::Date | TextForm::Time => {
            let layout: &[u8] = match form {
                TextForm::Date => b"2006-01-02",
                _ => b"2006-01-02T15:04:05.999999999Z07:00",
            };
            let written = text.to_uppercase();
            match parse_in_location(layout, written.as_bytes(), &Location::Utc) {
                Ok(time) => Ok(Value::Time(Rc::new(time))),
                Err(why) => {
                    let what = if form == TextForm::Date { "date" } else { "date-time" };
                    Err(Stop::error(format!("Invalid {what} formatted string {text}: {why}")))
                }
            }
        }
    }
}

/// Which of the items of a list that is a map has the keys of another.
pub fn keyed<'a>(items: &[Value<'a>], like: &Value<'a>, keys: &[String]) -> Result<Option<usize>, Stop> {
    let names: Vec<Value<'a>> =
        keys.iter().map(|key| Value::text(&escape(key).unwrap_or_else(|| key.clone()))).collect();
    'items: for (at, item) in items.iter().enumerate() {
        for name in &names {
            match (item.find(name)?, like.find(name)?) {
                (Some(a), Some(b)) if equal(&a, &b)? => {}
                (None, None) => {}
                _ => continue 'items,
            }
        }
        return Ok(Some(at));
    }
    Ok(None)
}
