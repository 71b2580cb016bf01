//! How each kind of value prints under a verb. Go: fmt print.go `printArg` and `printValue`.

use std::rc::Rc;

use super::layout::{Flags, LOWER_DIGITS, UPPER_DIGITS};
use super::{Endless, Printer, WATCH_FROM};
use crate::stack;
use crate::value::{Kind, List, Map, ObjectRef, Sized, Value};

impl Printer {
    /// Go: print.go `printArg`.
    pub(super) fn print_arg(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(verb, value),
            (_, 'T') => self.fmt_s(value.type_name().as_bytes()),
            (_, 'p') => {
                if !self.fmt_pointer(value, verb) {
                    self.bad_verb(verb, value);
                }
            }
            _ => self.print_value(value, verb),
        }
    }

    /// Go: print.go `badVerb`. The value prints as if nothing were around it, and without its methods.
    fn bad_verb(&mut self, verb: char, value: &Value) {
        self.write("%!");
        self.write(verb.encode_utf8(&mut [0; 4]));
        self.out.push(b'(');
        if matches!(value, Value::Nil) {
            self.write("<nil>");
        } else {
            self.write(&value.type_name());
            self.out.push(b'=');
            let around = (self.depth, self.is_plain);
            (self.depth, self.is_plain) = (0, true);
            self.print_value(value, 'v');
            (self.depth, self.is_plain) = around;
        }
        self.out.push(b')');
    }

    /// Go: print.go `printValue`; a nil value is one inside a list or map.
    fn print_value(&mut self, value: &Value, verb: char) {
        if !self.try_value(value, verb) {
            self.bad_verb(verb, value);
        }
    }

    /// Prints the value, unless what it is of has no such verb.
    fn try_value(&mut self, value: &Value, verb: char) -> bool {
        match value {
            Value::Nil if self.flags.sharp_v => {
                self.write("interface {}(nil)");
                true
            }
            Value::Nil => {
                self.write("<nil>");
                true
            }
            Value::Bool(b) if matches!(verb, 't' | 'v') => {
                self.pad(if *b { b"true" } else { b"false" });
                true
            }
            Value::Bool(_) => false,
            Value::Int(n) | Value::Int64(n) => self.fmt_integer(*n as u64, true, verb),
            Value::Float64(x) => self.fmt_float(*x, 64, verb),
            Value::Complex(re, im) => self.fmt_complex(*re, *im, verb),
            Value::Sized(number) => self.print_sized(*number, verb),
            Value::Str(text) => self.fmt_string(text.as_bytes(), verb),
            Value::Bytes(bytes) => {
                self.print_bytes(bytes.as_deref(), verb);
                true
            }
            Value::List(_) | Value::Map(_) if verb == 'w' => false,
            Value::List(list) => {
                let name = if self.flags.sharp_v { value.type_name() } else { "".into() };
                self.print_list(list, verb, &name);
                true
            }
            Value::Map(map) => {
                self.print_map(map, verb, map.type_name());
                true
            }
            Value::Error(error) => self.try_value(error, verb),
            Value::Object(object) => self.print_object(object, verb),
        }
    }

    fn print_sized(&mut self, number: Sized, verb: char) -> bool {
        match number {
            Sized::Int8(n) => self.fmt_integer(i64::from(n) as u64, true, verb),
            Sized::Int16(n) => self.fmt_integer(i64::from(n) as u64, true, verb),
            Sized::Int32(n) => self.fmt_integer(i64::from(n) as u64, true, verb),
            Sized::Uint(n) | Sized::Uint64(n) => self.fmt_integer(n, false, verb),
            Sized::Uint8(n) => self.fmt_integer(n.into(), false, verb),
            Sized::Uint16(n) => self.fmt_integer(n.into(), false, verb),
            Sized::Uint32(n) => self.fmt_integer(n.into(), false, verb),
            Sized::Float32(x) => self.fmt_float(x.into(), 32, verb),
        }
    }

    /// Go: print.go `fmtBytes`.
    fn print_bytes(&mut self, bytes: Option<&[u8]>, verb: char) {
        let content = bytes.unwrap_or_default();
        match verb {
            's' => self.fmt_s(content),
            'x' => self.fmt_sbx(content, LOWER_DIGITS),
            'X' => self.fmt_sbx(content, UPPER_DIGITS),
            'q' => self.fmt_q(content),
            'v' | 'd' if self.flags.sharp_v => {
                let count = bytes.map(<[u8]>::len);
                // Go names the type as it is written in its source, and within another value as reflection has it.
                let name = if self.depth == 0 { "[]byte" } else { "[]uint8" };
                self.print_items(name, count, |printer, place| {
                    printer.fmt_0x64(content[place].into(), true);
                });
            }
            // Whole files are printed so.
            'v' | 'd' if self.flags == Flags::default() => {
                self.print_items("[]uint8", bytes.map(<[u8]>::len), |printer, place| {
                    printer.write_decimal(content[place]);
                });
            }
            _ => self.print_items("[]uint8", bytes.map(<[u8]>::len), |printer, place| {
                printer.print_value(&Value::Sized(Sized::Uint8(content[place])), verb);
            }),
        }
    }

    fn write_decimal(&mut self, byte: u8) {
        let digit = |number: u8| b'0' + number % 10;
        if byte >= 100 {
            self.out.push(digit(byte / 100));
        }
        if byte >= 10 {
            self.out.push(digit(byte / 10));
        }
        self.out.push(digit(byte));
    }

    fn print_list(&mut self, list: &List, verb: char, type_name: &str) {
        if self.is_at_end() {
            return;
        }
        self.depth += 1;
        let count = (!list.is_nil()).then_some(list.len());
        self.print_items(type_name, count, |printer, place| {
            printer.print_value(&list.items()[place], verb);
        });
        self.depth -= 1;
    }

    /// Brackets around the items, or braces with the type before them; `None` is the nil slice.
    fn print_items(&mut self, name: &str, count: Option<usize>, print: impl Fn(&mut Printer, usize)) {
        let sharp = self.flags.sharp_v;
        let Some(count) = count.or(if sharp { None } else { Some(0) }) else {
            self.write(name);
            return self.write("(nil)");
        };
        if sharp {
            self.write(name);
        }
        self.out.push(if sharp { b'{' } else { b'[' });
        for place in 0..count {
            if self.is_at_end() {
                break;
            }
            if place > 0 {
                self.write(if sharp { ", " } else { " " });
            }
            print(self, place);
        }
        self.out.push(if sharp { b'}' } else { b']' });
    }

    /// Whether one cannot go deeper, or further.
    pub(super) fn is_at_end(&mut self) -> bool {
        if self.endless.is_none() {
            if stack::is_too_deep(self.depth) {
                self.end(Endless::Depth);
            } else if self.growth.to(self.out.len()).is_err() {
                self.end(Endless::Length);
            }
        }
        self.endless.is_some()
    }

    fn end(&mut self, endless: Endless) {
        self.write("...");
        self.endless = Some(endless);
    }

    /// Goes into a map, unless one is in it already.
    fn enter_map(&mut self, map: &Map) -> bool {
        if self.is_at_end() {
            return false;
        }
        if self.depth > WATCH_FROM && !self.maps.insert(map.address()) {
            self.end(Endless::Cycle);
            return false;
        }
        self.depth += 1;
        true
    }

    fn leave_map(&mut self, map: &Map) {
        self.depth -= 1;
        if self.depth > WATCH_FROM {
            self.maps.remove(&map.address());
        }
    }

    fn print_map(&mut self, map: &Map, verb: char, type_name: &str) {
        let sharp = self.flags.sharp_v;
        self.write(if sharp { type_name } else { "map[" });
        if map.is_nil() {
            return self.write(if sharp { "(nil)" } else { "]" });
        }
        let (open, close) = if sharp { ("{", "}") } else { ("", "]") };
        self.write(open);
        if self.enter_map(map) {
            map.with(|cells| {
                for (place, (key, value)) in cells.iter().enumerate() {
                    if self.is_at_end() {
                        break;
                    }
                    if place > 0 {
                        self.write(if sharp { ", " } else { " " });
                    }
                    if !self.fmt_string(key.as_bytes(), verb) {
                        self.bad_verb(verb, &Value::Str(key.clone()));
                    }
                    self.out.push(b':');
                    self.print_value(value, verb);
                }
            });
            self.leave_map(map);
        }
        self.write(close);
    }

    /// Go: print.go `printArg` and `printValue` on what is of a named type.
    fn print_object(&mut self, object: &ObjectRef, verb: char) -> bool {
        if self.is_at_end() {
            return true;
        }
        if let Some(done) = self.handle_methods(object, verb) {
            return done;
        }
        match object.underlying() {
            Some(Value::Map(map)) => self.print_map(&map, verb, object.type_name()),
            Some(Value::List(list)) => self.print_list(&list, verb, object.type_name()),
            Some(below) => return self.try_value(&below, verb),
            None => return self.print_struct(object, verb),
        }
        true
    }

    /// Go: print.go `handleMethods`: the text that the value has of itself for the verb; `None` if it has none.
    fn handle_methods(&mut self, object: &ObjectRef, verb: char) -> Option<bool> {
        if self.is_plain {
            return None;
        }
        match verb {
            'w' => Some(false),
            _ if self.flags.sharp_v => object.go_string().map(|text| {
                self.fmt_s(text.as_bytes());
                true
            }),
            'v' | 's' | 'x' | 'X' | 'q' => object.string().map(|text| self.fmt_string(text.as_bytes(), verb)),
            _ => None,
        }
    }

    /// A struct, or a pointer to one: what it points to where nothing is around it, else where that lies.
    fn print_struct(&mut self, object: &ObjectRef, verb: char) -> bool {
        let is_pointer = object.kind() == Kind::Ptr;
        let Some(fields) = object.fields().filter(|_| !is_pointer || self.depth == 0) else {
            return self.fmt_pointer(&Value::Object(object.clone()), verb);
        };
        if is_pointer {
            self.out.push(b'&');
        }
        let sharp = self.flags.sharp_v;
        if sharp {
            self.write(object.type_name().trim_start_matches('*'));
        }
        self.out.push(b'{');
        self.depth += 1;
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.write(if sharp { ", " } else { " " });
            }
            if sharp || self.flags.plus_v {
                self.write(field.name);
                self.out.push(b':');
            }
            let around = self.is_plain;
            self.is_plain |= !field.is_exported();
            self.print_value(&field.value, verb);
            self.is_plain = around;
        }
        self.depth -= 1;
        self.out.push(b'}');
        true
    }

    /// Go: print.go `fmtPointer`; `false` if pointers have no such verb or the value is none.
    fn fmt_pointer(&mut self, value: &Value, verb: char) -> bool {
        let Some(address) = address(value) else { return false };
        match verb {
            'v' if self.flags.sharp_v => {
                self.write("(");
                self.write(&value.type_name());
                self.write(")(");
                match address {
                    0 => self.write("nil"),
                    _ => self.fmt_0x64(address, true),
                }
                self.write(")");
            }
            'v' if address == 0 => self.pad(b"<nil>"),
            'v' | 'p' => self.fmt_0x64(address, !self.flags.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => return self.fmt_integer(address, false, verb),
            _ => return false,
        }
        true
    }
}

/// Where what the value points to lies; 0 is nowhere. `None` for what points to nothing.
fn address(value: &Value) -> Option<u64> {
    let address = match value {
        Value::Map(map) => map.address(),
        Value::List(list) => list.address(),
        Value::Bytes(bytes) => bytes.as_ref().map_or(0, |bytes| bytes.as_ptr().addr()),
        Value::Object(object) => match object.kind() {
            Kind::Ptr if object.fields().is_none() => 0,
            Kind::Ptr | Kind::Map | Kind::Slice => Rc::as_ptr(object).cast::<()>().addr(),
            _ => return None,
        },
        _ => return None,
    };
    Some(address as u64)
}
