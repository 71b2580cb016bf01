//! Go's `encoding/asn1` as far as private keys need it: reads DER by a description of what should stand there, and says in
//! Go's words what does not. It writes nothing; the crates do.

use std::fmt::{self, Display, Formatter};

use num_bigint::{BigInt, Sign};

/// What should stand at a place, by the Go type that takes it.
pub enum Type {
    /// `int`
    Int,
    /// `*big.Int`
    Big,
    /// `asn1.ObjectIdentifier`
    Oid,
    /// `asn1.BitString`
    Bits,
    /// `[]byte`
    Octets,
    /// `asn1.RawValue`, which takes anything
    Raw,
    /// A structure of that name.
    Struct(&'static str, &'static [Field]),
    /// A slice of structures.
    List(&'static Type),
}

/// A field of a structure.
pub struct Field {
    typ: Type,
    is_optional: bool,
    /// The tag that is laid around it.
    explicit: Option<u64>,
}

impl Field {
    /// One that must be there.
    pub const fn new(typ: Type) -> Field {
        Field { typ, is_optional: false, explicit: None }
    }

    /// One that may be missing.
    pub const fn optional(typ: Type) -> Field {
        Field { typ, is_optional: true, explicit: None }
    }

    /// One that may be missing, and has a tag around it.
    pub const fn optional_tagged(typ: Type, tag: u64) -> Field {
        Field { typ, is_optional: true, explicit: Some(tag) }
    }
}

/// What was read.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// Nothing, where that is allowed.
    Absent,
    /// A small number.
    Int(i64),
    /// A number.
    Big(BigInt),
    /// The content of an identifier, an octet string or a bit string, or a whole element of any type.
    Bytes(&'a [u8]),
    /// The fields of a structure, or the elements of a slice.
    Items(Vec<Item<'a>>),
}

/// Tag and length of an element. Go: asn1 `tagAndLength`.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    class: u8,
    tag: u64,
    length: usize,
    is_compound: bool,
}

/// What is wrong with DER; `Display` is Go's text.
#[derive(Debug)]
pub enum Error {
    /// It is no DER. Go: `asn1.SyntaxError`.
    Syntax(&'static str),
    /// It is DER, but not of what should stand there. Go: `asn1.StructuralError`.
    Structure(&'static str),
    /// Another element than should stand there. Go: asn1.go `parseField`.
    Mismatch {
        /// The tag wanted.
        tag: u64,
        /// What was found.
        found: Head,
        /// The name of the Go type that should take it, if it has one.
        name: &'static str,
        /// The byte behind tag and length.
        at: usize,
    },
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Syntax(problem) => write!(out, "asn1: syntax error: {problem}"),
            Error::Structure(problem) => write!(out, "asn1: structure error: {problem}"),
            // Go shows its own structures.
            Error::Mismatch { tag, found: Head { class, tag: found, length, is_compound }, name, at } => {
                write!(
                    out,
                    "asn1: structure error: tags don't match ({tag} vs {{class:{class} tag:{found} length:{length} \
                 isCompound:{is_compound}}}) {{optional:false explicit:false application:false private:false \
                 defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}} {name} @{at}"
                )
            }
        }
    }
}

impl std::error::Error for Error {}

type Outcome<T> = Result<T, Error>;

fn syntax<T>(problem: &'static str) -> Outcome<T> {
    Err(Error::Syntax(problem))
}

fn structure<T>(problem: &'static str) -> Outcome<T> {
    Err(Error::Structure(problem))
}

/// Reads one element and gives what follows it. Go: `asn1.Unmarshal`.
pub fn unmarshal<'a>(bytes: &'a [u8], typ: &'static Type) -> Outcome<(Item<'a>, &'a [u8])> {
    let (item, end) = read(bytes, 0, typ, false, None)?;
    Ok((item, &bytes[end..]))
}

/// Go: asn1 `parseField`.
fn read<'a>(
    bytes: &'a [u8],
    start: usize,
    typ: &'static Type,
    is_optional: bool,
    explicit: Option<u64>,
) -> Outcome<(Item<'a>, usize)> {
    if start == bytes.len() {
        return if is_optional { Ok((Item::Absent, start)) } else { syntax("sequence truncated") };
    }
    let (mut head, mut at) = read_head(bytes, start)?;
    if let Some(tag) = explicit {
        if at == bytes.len() {
            return structure("explicit tag has no child");
        }
        if head.class != 2 || head.tag != tag || (head.length > 0 && !head.is_compound) {
            return Ok((Item::Absent, start));
        }
        if head.length == 0 {
            return structure("zero length explicit tag was not an asn1.Flag");
        }
        (head, at) = read_head(bytes, at)?;
    }
    if let Some((tag, is_compound)) = typ.universal()
        && (head.class != 0 || head.tag != tag || head.is_compound != is_compound)
    {
        return if is_optional {
            Ok((Item::Absent, start))
        } else {
            Err(Error::Mismatch { tag, found: head, name: typ.name(), at })
        };
    }
    let Some(content) = bytes[at..].get(..head.length) else { return syntax("data truncated") };
    let end = at + head.length;
    let item = match typ {
        Type::Int => Item::Int(small_integer(content)?),
        Type::Big => Item::Big(integer(content)?),
        Type::Oid => Item::Bytes(identifier(content)?),
        Type::Bits => Item::Bytes(bits(content)?),
        Type::Octets => Item::Bytes(content),
        Type::Raw => Item::Bytes(&bytes[start..end]),
        Type::Struct(_, fields) => {
            let (mut items, mut at) = (Vec::with_capacity(fields.len()), 0);
            for field in *fields {
                let (item, end) = read(content, at, &field.typ, field.is_optional, field.explicit)?;
                items.push(item);
                at = end;
            }
            Item::Items(items)
        }
        Type::List(element) => Item::Items(list(content, element)?),
    };
    Ok((item, end))
}

impl Type {
    /// Tag and form; `None` takes anything. Go: asn1 `getUniversalType`.
    fn universal(&self) -> Option<(u64, bool)> {
        Some(match self {
            Type::Int | Type::Big => (2, false),
            Type::Bits => (3, false),
            Type::Octets => (4, false),
            Type::Oid => (6, false),
            Type::Struct(..) | Type::List(_) => (16, true),
            Type::Raw => return None,
        })
    }

    /// The name of the Go type, where that has one.
    fn name(&self) -> &'static str {
        match self {
            Type::Int => "int",
            Type::Oid => "ObjectIdentifier",
            Type::Bits => "BitString",
            Type::Struct(name, _) => name,
            Type::Big | Type::Octets | Type::Raw | Type::List(_) => "",
        }
    }
}

/// Go: asn1 `parseTagAndLength`.
fn read_head(bytes: &[u8], mut at: usize) -> Outcome<(Head, usize)> {
    const TRUNCATED: &str = "truncated tag or length";
    let first = bytes[at];
    at += 1;
    let mut tag = u64::from(first & 0x1f);
    if tag == 0x1f {
        (tag, at) = base_128(bytes, at)?;
        if tag < 0x1f {
            return syntax("non-minimal tag");
        }
    }
    let Some(&byte) = bytes.get(at) else { return syntax(TRUNCATED) };
    at += 1;
    let mut length = usize::from(byte & 0x7f);
    if byte & 0x80 != 0 {
        let digits = std::mem::take(&mut length);
        if digits == 0 {
            return syntax("indefinite length found (not DER)");
        }
        for _ in 0..digits {
            let Some(&byte) = bytes.get(at) else { return syntax(TRUNCATED) };
            at += 1;
            if length >= 1 << 23 {
                return structure("length too large");
            }
            length = length << 8 | usize::from(byte);
            if length == 0 {
                return structure("superfluous leading zeros in length");
            }
        }
        if length < 0x80 {
            return structure("non-minimal length");
        }
    }
    Ok((Head { class: first >> 6, tag, length, is_compound: first & 0x20 != 0 }, at))
}

/// Go: asn1 `parseBase128Int`.
fn base_128(bytes: &[u8], start: usize) -> Outcome<(u64, usize)> {
    let mut number = 0_u64;
    for (place, &byte) in bytes[start..].iter().enumerate() {
        if place == 5 {
            return structure("base 128 integer too large");
        }
        if place == 0 && byte == 0x80 {
            return syntax("integer is not minimally encoded");
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            let fits = i32::try_from(number).is_ok();
            return if fits {
                Ok((number, start + place + 1))
            } else {
                structure("base 128 integer too large")
            };
        }
    }
    syntax("truncated base 128 integer")
}

/// Go: asn1 `checkInteger`.
fn check_integer(content: &[u8]) -> Outcome<()> {
    match content {
        [] => structure("empty integer"),
        [0, next, ..] if next & 0x80 == 0 => structure("integer not minimally-encoded"),
        [0xff, next, ..] if next & 0x80 != 0 => structure("integer not minimally-encoded"),
        _ => Ok(()),
    }
}

fn small_integer(content: &[u8]) -> Outcome<i64> {
    check_integer(content)?;
    if content.len() > 8 {
        return structure("integer too large");
    }
    let start = if content[0] & 0x80 == 0 { 0 } else { -1 };
    Ok(content.iter().fold(start, |number: i64, byte| number << 8 | i64::from(*byte)))
}

fn integer(content: &[u8]) -> Outcome<BigInt> {
    check_integer(content)?;
    Ok(BigInt::from_signed_bytes_be(content))
}

/// Go: asn1 `parseBitString`; the bits without the count of those that are left over.
fn bits(content: &[u8]) -> Outcome<&[u8]> {
    let [padding, bits @ ..] = content else { return syntax("zero length BIT STRING") };
    let is_padded = |last: &u8| u32::from(*last) & ((1 << padding) - 1) == 0;
    if *padding > 7 || (bits.is_empty() && *padding > 0) || !content.last().is_some_and(is_padded) {
        return syntax("invalid padding bits in BIT STRING");
    }
    Ok(bits)
}

/// Go: asn1 `parseObjectIdentifier`.
fn identifier(content: &[u8]) -> Outcome<&[u8]> {
    if content.is_empty() {
        return syntax("zero length OBJECT IDENTIFIER");
    }
    let mut at = 0;
    while at < content.len() {
        at = base_128(content, at)?.1;
    }
    Ok(content)
}

/// Go: asn1 `parseSequenceOf`, of structures.
fn list<'a>(content: &'a [u8], element: &'static Type) -> Outcome<Vec<Item<'a>>> {
    let mut at = 0;
    while at < content.len() {
        let (head, start) = read_head(content, at)?;
        if element.universal() != Some((head.tag, head.is_compound)) || head.class != 0 {
            return structure("sequence tag mismatch");
        }
        if content.len() - start < head.length {
            return syntax("truncated sequence");
        }
        at = start + head.length;
    }
    let (mut items, mut at) = (Vec::new(), 0);
    while at < content.len() {
        let (item, end) = read(content, at, element, false, None)?;
        items.push(item);
        at = end;
    }
    Ok(items)
}

impl<'a> Item<'a> {
    /// The fields of a structure, or the elements of a slice.
    pub fn items(&self) -> &[Item<'a>] {
        match self {
            Item::Items(items) => items,
            _ => &[],
        }
    }

    /// A small number.
    pub fn int(&self) -> i64 {
        if let Item::Int(number) = self { *number } else { 0 }
    }

    /// A number that may be missing.
    pub fn big(&self) -> Option<&BigInt> {
        if let Item::Big(number) = self { Some(number) } else { None }
    }

    /// Whether it is a number that is not above zero.
    pub fn is_not_positive(&self) -> bool {
        self.big().is_some_and(|number| number.sign() != Sign::Plus)
    }

    /// What stands in an octet string, or in an identifier.
    pub fn bytes(&self) -> &'a [u8] {
        if let Item::Bytes(bytes) = self { bytes } else { &[] }
    }
}

/// An object identifier as people write it.
pub fn dotted(content: &[u8]) -> String {
    let (mut numbers, mut at) = (Vec::new(), 0);
    while let Ok((number, end)) = base_128(content, at)
        && at < content.len()
    {
        if numbers.is_empty() {
            let first = (number / 40).min(2);
            numbers.extend([first, number - first * 40]);
        } else {
            numbers.push(number);
        }
        at = end;
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}
