//! Sprig's `semver` and `semverCompare`, and a version as templates see it. What versions and constraints mean is in
//! [`crate::go::semver`].

use std::any::Any;
use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::func;
use crate::go::semver::{Constraints, Error, Version};
use crate::template::func::Func;
use crate::value::{ErrorObject, Field, Kind, Method, Object, ObjectRef, Part, Sized, Str, Type, Value};
use crate::yaml::json::{self, NoText};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("semver", "semver TEXT: a version (sprig: semver.go semver)", semver(str)),
    func!(
        "semverCompare",
        "semverCompare CONSTRAINT TEXT: whether it holds (sprig: semver.go semverCompare)",
        semver_compare(str, str)
    ),
];

fn semver(text: &Str) -> Result<Value, String> {
    Ok(pointer(Version::parse(&text.to_str())?))
}

fn semver_compare(constraint: &Str, version: &Str) -> Result<bool, String> {
    let constraints = Constraints::parse(&constraint.to_str())?;
    Ok(constraints.check(&Version::parse(&version.to_str())?))
}

/// Go: `*semver.Version`, as `semver` gives it, or `semver.Version`, as its methods do.
#[derive(Debug)]
struct VersionValue {
    /// What a pointer points to can be read anew.
    version: RefCell<Version>,
    is_pointer: bool,
}

fn pointer(version: Version) -> Value {
    Value::Object(Rc::new(VersionValue { version: version.into(), is_pointer: true }))
}

fn plain(version: Version) -> Value {
    Value::Object(Rc::new(VersionValue { version: version.into(), is_pointer: false }))
}

impl Object for VersionValue {
    fn type_name(&self) -> &'static str {
        if self.is_pointer { "*semver.Version" } else { "semver.Version" }
    }

    fn kind(&self) -> Kind {
        if self.is_pointer { Kind::Ptr } else { Kind::Struct }
    }

    fn methods(&self) -> &'static [Method] {
        if self.is_pointer { METHODS } else { METHODS.split_at(POINTER_METHODS).1 }
    }

    fn string(&self) -> Option<Str> {
        Some(self.version.borrow().to_string().into())
    }

    fn fields(&self) -> Option<Vec<Field>> {
        let Version { major, minor, patch, pre, metadata, original } = &*self.version.borrow();
        let number = |number: u64| Value::Sized(Sized::Uint64(number));
        Some(vec![
            Field::new("major", number(*major)),
            Field::new("minor", number(*minor)),
            Field::new("patch", number(*patch)),
            Field::new("pre", pre.as_str()),
            Field::new("metadata", metadata.as_str()),
            Field::new("original", original.as_str()),
        ])
    }

    /// None of its fields is exported.
    fn deep_copied(&self) -> Option<ObjectRef> {
        Some(Rc::new(VersionValue { version: RefCell::default(), is_pointer: self.is_pointer }))
    }

    fn is_marshaler(&self) -> bool {
        true
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(self.version.borrow().to_string().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Go's panic on what a nil pointer points to.
const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

fn own(object: &dyn Object) -> Result<&VersionValue, String> {
    object.as_any().downcast_ref::<VersionValue>().ok_or_else(|| NIL_POINTER.to_owned())
}

/// The version behind an object or an argument.
fn version(object: &dyn Object) -> Result<Ref<'_, Version>, String> {
    Ok(own(object)?.version.borrow())
}

/// How the version compares with the argument.
fn compare(object: &dyn Object, args: &[Value]) -> Result<std::cmp::Ordering, String> {
    match args.first() {
        Some(Value::Object(other)) => Ok(version(object)?.compare(&*version(other.as_ref())?)),
        _ => Err(NIL_POINTER.to_owned()),
    }
}

fn text_arg(args: &[Value]) -> std::borrow::Cow<'_, str> {
    args.first().and_then(Value::as_text).map(Str::to_str).unwrap_or_default()
}

/// The next version, or the panic of the library on the largest number.
fn next(next: Option<Version>, part: &str) -> Result<Value, String> {
    next.map(plain).ok_or_else(|| format!("{part} version increment would overflow uint64"))
}

/// Makes it the version that the text is. Semver: `UnmarshalText`.
fn become_(object: &dyn Object, text: &str) -> Result<Value, String> {
    let outcome = Version::parse(text).map(|version| own(object).map(|own| own.version.replace(version)));
    Ok(outcome.map(drop).map_err(parse_error).into())
}

/// Semver's error as Go's value. Semver: `NewVersion`.
fn parse_error(error: Error) -> ErrorObject {
    let Error::Segment(cause) = &error else { return ErrorObject::global(error.to_string()) };
    let range = ErrorObject::global(cause.cause.to_string());
    let number = Str::from(&*cause.text);
    let fields =
        vec![Field::new("Func", cause.function), Field::new("Num", number), Field::new("Err", range.clone())];
    let number = ErrorObject::with_fields("*strconv.NumError", cause.to_string(), fields).caused_by(range);
    ErrorObject::wrapping(error.to_string(), number)
}

/// Semver: `Scan`, which databases call.
fn scan(object: &dyn Object, args: &[Value]) -> Result<Value, String> {
    match args.first() {
        Some(Value::Str(text)) => become_(object, &text.to_str()),
        Some(Value::Bytes(_)) => become_(object, &bytes_arg(args).to_str()),
        None | Some(Value::Nil) => Ok(ErrorObject::new("cannot scan nil into Version").into()),
        Some(other) => Ok(ErrorObject::new(format!("unsupported Scan type {}", other.type_name())).into()),
    }
}

fn bytes_arg(args: &[Value]) -> Str {
    match args.first() {
        Some(Value::Bytes(Some(bytes))) => Str::from(&**bytes),
        _ => Str::new(),
    }
}

/// Semver: `UnmarshalJSON`.
fn unmarshal_json(object: &dyn Object, args: &[Value]) -> Result<Value, String> {
    let NoText { error, offset, found } = match json::text_from_json(bytes_arg(args).as_bytes()) {
        Ok(text) => return become_(object, &text.to_str()),
        Err(error) => error,
    };
    let text = error.to_string();
    let offset = Field::new("Offset", Value::Int64(offset as i64));
    let Some(found) = found else {
        let fields = vec![Field::new("msg", text.as_str()), offset];
        return Ok(ErrorObject::with_fields("*json.SyntaxError", text, fields).into());
    };
    let fields = vec![
        Field::new("Value", found),
        Field::new("Type", Part::of_type("string")),
        offset,
        Field::new("Struct", ""),
        Field::new("Field", ""),
    ];
    Ok(ErrorObject::with_fields("*json.UnmarshalTypeError", text, fields).into())
}

/// A method with its parameters.
macro_rules! method {
    ($name:literal, [$($param:expr),*], $run:expr) => {
        Method { name: $name, params: &[$($param),*], variadic: false, unfit: None, call: $run }
    };
}

const OTHER: Type = Type::Named("*semver.Version");

/// How many methods at the front of the list a pointer alone has.
const POINTER_METHODS: usize = 10;

const METHODS: &[Method] = &[
    method!("Compare", [OTHER], |o, args| Ok(Value::Int(compare(o, args)? as i64))),
    method!("Equal", [OTHER], |o, args| match args.first() {
        Some(Value::Object(_)) => Ok(compare(o, args)?.is_eq().into()),
        _ => Ok(false.into()),
    }),
    method!("GreaterThan", [OTHER], |o, args| Ok(compare(o, args)?.is_gt().into())),
    method!("GreaterThanEqual", [OTHER], |o, args| Ok(compare(o, args)?.is_ge().into())),
    method!("LessThan", [OTHER], |o, args| Ok(compare(o, args)?.is_lt().into())),
    method!("LessThanEqual", [OTHER], |o, args| Ok(compare(o, args)?.is_le().into())),
    method!("Original", [], |o, _| Ok(version(o)?.original.as_str().into())),
    method!("Scan", [Type::Any], scan),
    method!("UnmarshalJSON", [Type::Bytes], unmarshal_json),
    method!("UnmarshalText", [Type::Bytes], |o, args| become_(o, &bytes_arg(args).to_str())),
    method!("IncMajor", [], |o, _| next(version(o)?.next_major(), "major")),
    method!("IncMinor", [], |o, _| next(version(o)?.next_minor(), "minor")),
    method!("IncPatch", [], |o, _| next(version(o)?.next_patch(), "patch")),
    method!("Major", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.major)))),
    method!("MarshalJSON", [], |o, _| { Ok(Value::bytes(format!("\"{}\"", *version(o)?).into_bytes())) }),
    method!("MarshalText", [], |o, _| Ok(Value::bytes(version(o)?.to_string().into_bytes()))),
    method!("Metadata", [], |o, _| Ok(version(o)?.metadata.as_str().into())),
    method!("Minor", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.minor)))),
    method!("Patch", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.patch)))),
    method!("Prerelease", [], |o, _| Ok(version(o)?.pre.as_str().into())),
    method!("SetMetadata", [Type::String], |o, args| {
        Ok(plain(version(o)?.with_metadata(&text_arg(args))?))
    }),
    method!("SetPrerelease", [Type::String], |o, args| { Ok(plain(version(o)?.with_pre(&text_arg(args))?)) }),
    method!("String", [], |o, _| Ok(version(o)?.to_string().into())),
    method!("Value", [], |o, _| Ok(version(o)?.to_string().into())),
];
