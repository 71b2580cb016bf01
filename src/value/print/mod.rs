//! Go's `fmt`: how values print (`%v` and every other verb), and what `fmt.Sprint`, `Sprintln` and `Sprintf` make of a
//! list of values. Start with [`sprint`] and [`sprintf`]; formats are read in `verbs`, laid out in `layout`.
//!
//! Go overflows its stack on a map that holds itself and its memory on data that doubles at each level. Here such a value
//! has no text but an error ([`Endless`]); where an error text shows it, it ends in `...`.

mod layout;
mod number;
mod value;
mod verbs;

use std::fmt;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::{Kind, Pointee, Str, Value};
use crate::budget::{self, Growth};
use layout::Flags;

/// What Go's `fmt` calls `pp`: the text so far and the state of the verb at hand.
#[derive(Default)]
struct Printer {
    out: Vec<u8>,
    growth: Growth,
    flags: Flags,
    /// The lists and maps around the value at hand.
    depth: usize,
    /// The addresses of the maps around it, where they are so many that one of them may hold itself.
    maps: FxHashSet<usize>,
    /// Why no more is printed.
    endless: Option<Endless>,
    /// Whether methods of the value are out of reach: it lies in a field that is not exported, or says what a verb does
    /// not fit.
    is_plain: bool,
}

/// From here on a text asks before it is copied.
const LARGE: usize = 64 << 10;

/// Below so many lists and maps a map is looked for within itself.
const WATCH_FROM: usize = 1_000;

/// Why a value cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endless {
    /// A map holds itself.
    Cycle,
    /// Lists and maps are nested deeper than the stack bears.
    Depth,
    /// The text is longer than the budget allows.
    Length,
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endless::Cycle => f.write_str("cannot print a map that holds itself"),
            Endless::Depth => f.write_str("cannot print a value that is nested too deeply"),
            Endless::Length => f.write_str("cannot print a value whose text is longer than memory allows"),
        }
    }
}

impl From<Endless> for String {
    fn from(endless: Endless) -> String {
        endless.to_string()
    }
}

/// Go: `fmt.Sprint(value)`, which is `%v` of one value.
pub fn text(value: &Value) -> Result<Str, Endless> {
    if let Value::Str(text) = value {
        return Ok(text.clone());
    }
    let mut out = Vec::with_capacity(24);
    append(&mut out, value)?;
    Ok(out.into())
}

/// The same for error texts and for what has an end: a value without one is cut short.
pub fn sprint(value: &Value) -> Str {
    let mut out = Vec::with_capacity(24);
    let _ = append(&mut out, value);
    out.into()
}

/// Appends `%v` of the value. Go: `fmt.Fprint`.
pub fn append(out: &mut Vec<u8>, value: &Value) -> Result<(), Endless> {
    match value {
        Value::Str(text) => {
            // What it is appended to may have to be made anew, twice as large.
            if text.len() >= LARGE && budget::make(text.len().saturating_mul(3)).is_err() {
                return Err(Endless::Length);
            }
            out.extend_from_slice(text.as_bytes());
        }
        // What most values are needs no printer.
        Value::Int(n) | Value::Int64(n) => append_int(out, *n),
        Value::Float64(x) if append_short_float(out, *x) => {}
        Value::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        _ => return with_printer(out, |printer| printer.print_arg(value, 'v')),
    }
    Ok(())
}

/// What a pointer points to. Go: text/template exec.go `indirect`.
pub fn indirect(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.kind() == Kind::Ptr => {
            Value::Object(Rc::new(Pointee(object.clone())))
        }
        value => value.clone(),
    }
}

/// What an action prints of a value: what a pointer points to, unless the pointer says what to print. Go: text/template
/// exec.go `printableValue`.
pub fn printable(value: &Value) -> Value {
    match value {
        Value::Nil => Value::from("<no value>"),
        Value::Object(object) if object.address_string().is_some() => value.clone(),
        value => indirect(value),
    }
}

/// Appends a float of few digits, which Go shows without exponent below 10⁶: the fewest digits behind the point that,
/// read again, give the float. `false`, and nothing done, where that is not so simple.
fn append_short_float(out: &mut Vec<u8>, x: f64) -> bool {
    if !(1e-3..1e6).contains(&x.abs()) {
        let is_zero = x == 0.0 && x.is_sign_positive();
        if is_zero {
            out.push(b'0');
        }
        return is_zero;
    }
    // Both numbers are exact, and so few digits that no other text of so few stands for the same float.
    let mut scale = 1.0;
    for decimals in 0..=6 {
        let scaled = (x * scale + 0.5_f64.copysign(x)) as i64;
        if scaled as f64 / scale == x {
            append_decimal(out, scaled, decimals);
            return true;
        }
        scale *= 10.0;
    }
    false
}

/// Appends a number with its last digits behind a point.
fn append_decimal(out: &mut Vec<u8>, n: i64, decimals: usize) {
    if n < 0 {
        out.push(b'-');
    }
    let scale = 10_u64.pow(decimals as u32);
    let (whole, mut fraction) = (n.unsigned_abs() / scale, n.unsigned_abs() % scale);
    append_int(out, whole as i64);
    if decimals > 0 {
        let mut digits = [0; 6];
        for digit in digits[..decimals].iter_mut().rev() {
            *digit = b'0' + (fraction % 10) as u8;
            fraction /= 10;
        }
        out.push(b'.');
        out.extend_from_slice(&digits[..decimals]);
    }
}

fn append_int(out: &mut Vec<u8>, n: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = n.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Go: `fmt.Sprint(values...)`: a space goes between two values when neither is a string.
pub fn sprint_all(values: &[Value]) -> Result<Str, Endless> {
    let mut out = Vec::new();
    with_printer(&mut out, |printer| {
        let is_string = |value: &Value| value.kind() == Kind::String;
        for (place, value) in values.iter().enumerate() {
            if place > 0 && !is_string(value) && !is_string(&values[place - 1]) {
                printer.out.push(b' ');
            }
            if printer.is_at_end() {
                break;
            }
            printer.print_arg(value, 'v');
        }
    })?;
    Ok(out.into())
}

/// Go: `fmt.Sprintln(values...)`.
pub fn sprintln(values: &[Value]) -> Result<Str, Endless> {
    let mut out = Vec::new();
    with_printer(&mut out, |printer| {
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                printer.out.push(b' ');
            }
            if printer.is_at_end() {
                break;
            }
            printer.print_arg(value, 'v');
        }
        printer.out.push(b'\n');
    })?;
    Ok(out.into())
}

/// Go: `fmt.Sprintf(format, values...)`, mismatches included (`%!d(string=x)`).
pub fn sprintf(format: impl AsRef<[u8]>, values: &[Value]) -> Result<Str, Endless> {
    let mut out = Vec::new();
    with_printer(&mut out, |printer| printer.print_format(format.as_ref(), values))?;
    Ok(out.into())
}

/// Runs `print` with a fresh printer that appends to `out`.
fn with_printer(out: &mut Vec<u8>, print: impl FnOnce(&mut Printer)) -> Result<(), Endless> {
    let mut printer = Printer { out: std::mem::take(out), ..Printer::default() };
    print(&mut printer);
    *out = printer.out;
    printer.endless.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack;
    use crate::value::{List, Map};

    #[test]
    fn a_map_within_itself_ends() {
        let map = Map::new();
        map.insert("a", Value::Map(map.clone()));
        map.insert("b", Value::Int(1));
        let value = Value::Map(map.clone());
        assert!(text(&value).is_err());
        assert!(sprint(&value).to_str().contains("map[...]"));
        map.remove("a");
        let outcome = stack::with_stack(|| {
            let map = Map::new();
            map.insert("a", Value::Map(map.clone()));
            let outcome = text(&Value::Map(map.clone()));
            map.remove("a");
            outcome.map(|_| ())
        });
        assert_eq!(outcome, Ok(Err(Endless::Cycle)));
    }

    #[test]
    fn short_floats_print_as_all_others() {
        let mut printed = Vec::new();
        for n in -30_000..30_000 {
            for x in [1.0, 0.5, 0.001, 1e-4, 37.123, 0.3, 1.0 / 3.0].map(|step| f64::from(n) * step) {
                printed.clear();
                append(&mut printed, &Value::Float64(x)).unwrap();
                let wanted = crate::go::strconv::format_float(x, b'g', None, 64);
                assert_eq!(String::from_utf8_lossy(&printed), wanted);
            }
        }
    }

    #[test]
    fn deep_lists_end() {
        let deep = (0..3_000).fold(Value::Nil, |inner, _| Value::List(List::any(vec![inner])));
        assert_eq!(text(&deep), Err(Endless::Depth));
        assert!(sprint(&deep).to_str().contains("[...]"));
    }

    #[test]
    fn values_print_as_in_go() {
        let list = Value::List(List::any(vec![Value::Int(1), Value::Nil, "a".into(), Value::Float64(1e6)]));
        let shown = |format: &str| sprintf(format, std::slice::from_ref(&list)).unwrap().to_string();
        assert_eq!(shown("%v"), "[1 <nil> a 1e+06]");
        assert_eq!(shown("%#v"), r#"[]interface {}{1, interface {}(nil), "a", 1e+06}"#);
        assert_eq!(shown("%03d"), "[001 <nil> %!d(string=00a) %!d(float64=1e+06)]");
        assert_eq!(
            sprintf("%d%%|%s|%q", &["x".into(), Value::Int(3)]).unwrap(),
            "%!d(string=x)%|%!s(int=3)|%!q(MISSING)"
        );
        assert_eq!(
            sprintf("%[2]*[1]d|%[5]d|%!|%", &[Value::Int(1), Value::Int(4)]).unwrap(),
            "   1|%!d(BADINDEX)|%!!(int=4)|%!(NOVERB)"
        );
        assert_eq!(sprintf("", &[Value::Int(1), Value::Nil]).unwrap(), "%!(EXTRA int=1, <nil>)");
        assert_eq!(sprint_all(&["a".into(), Value::Int(1), Value::Int(2), "b".into()]).unwrap(), "a1 2b");
    }
}
