//! Sprig's `semver` and `semverCompare`, and a version as templates see it. What versions and constraints mean is in
//! [`crate::go::semver`].

use std::any::Any;
use std::rc::Rc;

use crate::func;
use crate::go::semver::{Constraints, Version};
use crate::template::func::Func;
use crate::value::{Field, Kind, Method, Object, ObjectRef, Sized, Str, Type, Value};

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
    version: Version,
    is_pointer: bool,
}

fn pointer(version: Version) -> Value {
    Value::Object(Rc::new(VersionValue { version, is_pointer: true }))
}

fn plain(version: Version) -> Value {
    Value::Object(Rc::new(VersionValue { version, is_pointer: false }))
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
        Some(self.version.to_string().into())
    }

    fn fields(&self) -> Option<Vec<Field>> {
        let Version { major, minor, patch, pre, metadata, original } = &self.version;
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
        let version = Version::parse("0.0.0").ok()?;
        let version = Version { original: String::new(), ..version };
        Some(Rc::new(VersionValue { version, is_pointer: self.is_pointer }))
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(self.version.to_string().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The version behind an object or an argument.
fn version(object: &dyn Object) -> Result<&Version, String> {
    object
        .as_any()
        .downcast_ref::<VersionValue>()
        .map(|value| &value.version)
        .ok_or_else(|| "runtime error: invalid memory address or nil pointer dereference".to_owned())
}

/// How the version compares with the argument.
fn compare(object: &dyn Object, args: &[Value]) -> Result<std::cmp::Ordering, String> {
    match args.first() {
        Some(Value::Object(other)) => Ok(version(object)?.compare(version(other.as_ref())?)),
        _ => Err("runtime error: invalid memory address or nil pointer dereference".to_owned()),
    }
}

fn text_arg(args: &[Value]) -> std::borrow::Cow<'_, str> {
    args.first().and_then(Value::as_text).map(Str::to_str).unwrap_or_default()
}

/// What the library's panic on the largest number would be: it wraps instead.
fn next(version: &Version, next: Option<Version>) -> Value {
    plain(next.unwrap_or_else(|| version.clone()))
}

/// A method with its parameters.
macro_rules! method {
    ($name:literal, [$($param:expr),*], $run:expr) => {
        Method { name: $name, params: &[$($param),*], variadic: false, unfit: None, call: $run }
    };
}

const OTHER: Type = Type::Named("*semver.Version");

/// How many methods at the front of the list a pointer alone has.
const POINTER_METHODS: usize = 7;

const METHODS: &[Method] = &[
    method!("Compare", [OTHER], |o, args| Ok(Value::Int(compare(o, args)? as i64))),
    method!("Equal", [OTHER], |o, args| Ok(compare(o, args)?.is_eq().into())),
    method!("GreaterThan", [OTHER], |o, args| Ok(compare(o, args)?.is_gt().into())),
    method!("GreaterThanEqual", [OTHER], |o, args| Ok(compare(o, args)?.is_ge().into())),
    method!("LessThan", [OTHER], |o, args| Ok(compare(o, args)?.is_lt().into())),
    method!("LessThanEqual", [OTHER], |o, args| Ok(compare(o, args)?.is_le().into())),
    method!("Original", [], |o, _| Ok(version(o)?.original.as_str().into())),
    method!("IncMajor", [], |o, _| version(o).map(|v| next(v, v.next_major()))),
    method!("IncMinor", [], |o, _| version(o).map(|v| next(v, v.next_minor()))),
    method!("IncPatch", [], |o, _| version(o).map(|v| next(v, v.next_patch()))),
    method!("Major", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.major)))),
    method!("MarshalJSON", [], |o, _| { Ok(Value::bytes(format!("\"{}\"", version(o)?).into_bytes())) }),
    method!("MarshalText", [], |o, _| Ok(Value::bytes(version(o)?.to_string().into_bytes()))),
    method!("Metadata", [], |o, _| Ok(version(o)?.metadata.as_str().into())),
    method!("Minor", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.minor)))),
    method!("Patch", [], |o, _| Ok(Value::Sized(Sized::Uint64(version(o)?.patch)))),
    method!("Prerelease", [], |o, _| Ok(version(o)?.pre.as_str().into())),
    method!("SetMetadata", [Type::String], |o, args| {
        version(o)?.with_metadata(&text_arg(args)).map(plain)
    }),
    method!("SetPrerelease", [Type::String], |o, args| { version(o)?.with_pre(&text_arg(args)).map(plain) }),
    method!("String", [], |o, _| Ok(version(o)?.to_string().into())),
    method!("Value", [], |o, _| Ok(version(o)?.to_string().into())),
];
