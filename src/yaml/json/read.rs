//! Reading JSON as encoding/json's `Unmarshal` into `any` does, its error texts included.

use super::error::{Error, StreamError};
use crate::budget;
use crate::go::runes;
use crate::value::{Cells, Elem, List, Map, Str, Value};

/// Units of work for a value, with what it takes.
const VALUE: u64 = 8;

/// What a text is read into.
pub trait Build {
    /// The values that are built.
    type Value;

    /// `null`
    fn null(&mut self) -> Self::Value;
    /// `true` or `false`
    fn bool(&mut self, b: bool) -> Self::Value;
    /// A number as it is written.
    fn number(&mut self, text: &str) -> Self::Value;
    /// A string.
    fn string(&mut self, text: Str) -> Self::Value;
    /// An array.
    fn array(&mut self, items: Vec<Self::Value>) -> Self::Value;
    /// An object; of two entries of one name the later holds.
    fn object(&mut self, entries: Vec<(Str, Self::Value)>) -> Self::Value;
}

/// Go's `any`, numbers being float64.
#[derive(Default)]
struct Any {
    /// The first number that no float64 holds.
    error: Option<Error>,
}

impl Build for Any {
    type Value = Value;

    fn null(&mut self) -> Value {
        Value::Nil
    }

    fn bool(&mut self, b: bool) -> Value {
        Value::Bool(b)
    }

    fn number(&mut self, text: &str) -> Value {
        match text.parse::<f64>() {
            Ok(x) if x.is_finite() => Value::Float64(x),
            _ => {
                self.error.get_or_insert_with(|| Error::mismatch(format!("number {text}"), "float64"));
                Value::Nil
            }
        }
    }

    fn string(&mut self, text: Str) -> Value {
        Value::Str(text)
    }

    fn array(&mut self, items: Vec<Value>) -> Value {
        Value::List(List::any(items).grown())
    }

    fn object(&mut self, entries: Vec<(Str, Value)>) -> Value {
        Value::Map(Map::of(Elem::Any, entries.into_iter().collect::<Cells>()))
    }
}

/// Go: encoding/json scanner.go `maxNestingDepth`.
const MAX_DEPTH: usize = 10_000;

/// A value that was read, and the first thing that did not fit its type, which stops nothing.
pub struct Decoded {
    /// The value; `Nil` stands where something did not fit.
    pub value: Value,
    /// What did not fit.
    pub error: Option<Error>,
}

/// The value in the text, numbers being float64. Go: `json.Unmarshal` into `any`.
pub fn from_json(text: &[u8]) -> Result<Value, Error> {
    let Decoded { value, error } = decode(text)?;
    error.map_or(Ok(value), Err)
}

/// The value at the start of the text, and where it ends. Go: `json.Decoder.Decode` and `InputOffset`.
pub fn from_json_prefix(text: &[u8]) -> Result<(Value, usize), Error> {
    let mut any = Any::default();
    let read = read_prefix(text, &mut any).map_err(|error| error.error)?;
    any.error.map_or(Ok(read), Err)
}

/// As [`from_json_prefix`], into values of another kind.
pub fn read_prefix<B: Build>(text: &[u8], build: &mut B) -> Result<(B::Value, usize), StreamError> {
    let mut reader = Reader { text, at: 0, depth: 0, build };
    match reader.value() {
        Ok(value) => Ok((value, reader.at)),
        Err(_) if reader.at >= text.len() => Err(StreamError { error: Error::EarlyEnd, offset: None }),
        Err(error) => Err(StreamError { error, offset: Some(reader.at + 1) }),
    }
}

/// As [`from_json`], but a number that no float64 holds leaves the rest readable, as it does in Go.
/// The error is that of the syntax.
pub fn decode(text: &[u8]) -> Result<Decoded, Error> {
    let mut any = Any::default();
    let mut reader = Reader { text, at: 0, depth: 0, build: &mut any };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        return reader.fail("after top-level value");
    }
    Ok(Decoded { value, error: any.error })
}

/// Why a text is not the JSON of a string.
pub struct NoText {
    /// What is wrong.
    pub error: Error,
    /// How far Go had read.
    pub offset: usize,
    /// What was found if the text is JSON: `bool`, `number` and so on.
    pub found: Option<&'static str>,
}

/// The string that the text is as JSON; null is an empty one. Go: `json.Unmarshal` into a `string`.
pub fn text_from_json(text: &[u8]) -> Result<Str, NoText> {
    let mut any = Any::default();
    let mut reader = Reader { text, at: 0, depth: 0, build: &mut any };
    reader.space();
    let (start, first) = (reader.at, reader.peek());
    let value = reader.value().and_then(|value| {
        let end = reader.at;
        reader.space();
        if reader.at < text.len() { reader.fail("after top-level value") } else { Ok((value, end)) }
    });
    let offset = text.len().min(reader.at + 1);
    let (value, end) = value.map_err(|error| NoText { error, offset, found: None })?;
    let (found, offset) = match (value, first) {
        (Value::Str(text), _) => return Ok(text),
        (_, Some(b'n')) => return Ok(Str::new()),
        (_, Some(b'{')) => ("object", start + 1),
        (_, Some(b'[')) => ("array", start + 1),
        (Value::Bool(_), _) => ("bool", end),
        _ => ("number", end),
    };
    Err(NoText { error: Error::mismatch(found, "string"), offset, found: Some(found) })
}

struct Reader<'a, B> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    build: &'a mut B,
}

impl<B: Build> Reader<'_, B> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// An error at the current byte, or of the end of the text where a space would have been right.
    fn fail<T>(&self, context: &str) -> Result<T, Error> {
        match self.peek() {
            Some(byte) => Err(Error::Character { byte, context: context.to_owned() }),
            None => Err(Error::End),
        }
    }

    /// The same where a space would have been wrong: Go ends every text with one.
    fn fail_inside<T>(&self, context: &str) -> Result<T, Error> {
        let byte = self.peek().unwrap_or(b' ');
        Err(Error::Character { byte, context: context.to_owned() })
    }

    fn value(&mut self) -> Result<B::Value, Error> {
        self.space();
        budget::spend(VALUE).map_err(|over| Error::limit(over.to_string()))?;
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.build.string(text))
            }
            Some(b't') => self.word("true").map(|()| self.build.bool(true)),
            Some(b'f') => self.word("false").map(|()| self.build.bool(false)),
            Some(b'n') => self.word("null").map(|()| self.build.null()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.fail("looking for beginning of value"),
        }
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("exceeded max depth");
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn object(&mut self) -> Result<B::Value, Error> {
        self.enter()?;
        let mut entries = Vec::new();
        if self.peek() != Some(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return self.fail("looking for beginning of object key string");
                }
                let key = self.string()?;
                self.space();
                if self.peek() != Some(b':') {
                    return self.fail("after object key");
                }
                self.at += 1;
                let value = self.value()?;
                entries.push((key, value));
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return self.fail("after object key:value pair"),
                }
                self.space();
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(self.build.object(entries))
    }

    fn array(&mut self) -> Result<B::Value, Error> {
        self.enter()?;
        let mut items = Vec::new();
        if self.peek() != Some(b']') {
            loop {
                items.push(self.value()?);
                self.space();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return self.fail("after array element"),
                }
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(self.build.array(items))
    }

    fn word(&mut self, word: &str) -> Result<(), Error> {
        for expected in word.chars() {
            if self.peek() != Some(expected as u8) {
                return self.fail_inside(&format!("in literal {word} (expecting '{expected}')"));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn digits(&mut self, context: &str) -> Result<(), Error> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fail_inside(context);
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<B::Value, Error> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        Ok(self.build.number(text))
    }

    /// A string, its quotes included.
    fn string(&mut self) -> Result<Str, Error> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<Vec<u8>> = None;
        let mut done = start;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let bytes = owned.get_or_insert_with(Vec::new);
                    bytes.extend_from_slice(&self.text[done..self.at]);
                    let c = self.escape()?;
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    done = self.at;
                }
                None | Some(0..=0x1F) => return self.fail("in string literal"),
                Some(_) => self.at += 1,
            }
        }
        let rest = &self.text[done..self.at];
        self.at += 1;
        Ok(match owned {
            Some(mut bytes) => {
                bytes.extend_from_slice(rest);
                runes::to_valid(&bytes).into()
            }
            None => runes::to_valid(rest).into(),
        })
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0C',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fail_inside("in string escape code"),
        };
        self.at += 1;
        Ok(c)
    }

    /// `u` and four digits, and the second half of a pair if one follows.
    fn unicode(&mut self) -> Result<char, Error> {
        let high = self.code()?;
        if (0xD800..0xDC00).contains(&high) && self.text[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 1;
            let low = self.code()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code(&mut self) -> Result<u32, Error> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.fail_inside("in \\u hexadecimal character escape");
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}
