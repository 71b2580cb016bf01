//! Sprig's arithmetic on integers and floats. Integers wrap around as Go's do. (`addf` and its like are in `decimal`.)

use crate::budget::Growth;
use crate::func;
use crate::go::strconv;
use crate::template::func::Func;
use crate::value::convert::{to_float64, to_int64};
use crate::value::print::sprint;
use crate::value::{Elem, List, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("atoi", "atoi STRING: the integer in it, 0 if there is none (Go: strconv.Atoi)", atoi(str)),
    func!("int", "int VALUE: as an int (sprig: numeric.go toInt)", int(any)),
    func!("int64", "int64 VALUE: as an int64 (sprig: numeric.go toInt64)", int64(any)),
    func!("float64", "float64 VALUE: as a float64 (sprig: numeric.go toFloat64)", float64(any)),
    func!(
        "toDecimal",
        "toDecimal VALUE: the number that its octal digits stand for (sprig: numeric.go toDecimal)",
        to_decimal(any)
    ),
    func!("add", "add NUMBER...: the sum of integers (sprig: functions.go add)", add(; any)),
    func!("add1", "add1 NUMBER: one more (sprig: functions.go add1)", add1(any)),
    func!("sub", "sub A B: the difference of integers (sprig: functions.go sub)", sub(any, any)),
    func!("mul", "mul NUMBER...: the product of integers (sprig: functions.go mul)", mul(any; any)),
    func!("div", "div A B: the quotient of integers (sprig: functions.go div)", div(any, any)),
    func!("mod", "mod A B: the remainder (sprig: functions.go mod)", modulo(any, any)),
    func!("max", "max NUMBER...: the greatest integer (sprig: numeric.go max)", max(any; any)),
    func!("biggest", "biggest NUMBER...: the old name of max", max(any; any)),
    func!("min", "min NUMBER...: the least integer (sprig: numeric.go min)", min(any; any)),
    func!("maxf", "maxf NUMBER...: the greatest float (sprig: numeric.go maxf)", maxf(any; any)),
    func!("minf", "minf NUMBER...: the least float (sprig: numeric.go minf)", minf(any; any)),
    func!("ceil", "ceil NUMBER: rounded up (sprig: numeric.go ceil)", ceil(any)),
    func!("floor", "floor NUMBER: rounded down (sprig: numeric.go floor)", floor(any)),
    func!("round", "round NUMBER PLACES UP-FROM: rounded to PLACES digits (sprig: numeric.go round)", round(any, int; float)),
    func!("until", "until COUNT: the integers from 0 up to COUNT (sprig: numeric.go until)", until(int)),
    func!(
        "untilStep",
        "untilStep START STOP STEP: the integers between (sprig: numeric.go untilStep)",
        until_step(int, int, int)
    ),
    func!("seq", "seq FIRST STEP LAST: the integers as a text, like seq(1) (sprig: numeric.go seq)", seq(; int)),
];

fn atoi(text: &Str) -> Value {
    Value::Int(strconv::atoi(text).unwrap_or_else(|error| error.value))
}

fn int(value: &Value) -> Value {
    Value::Int(to_int64(value))
}

fn int64(value: &Value) -> Value {
    Value::Int64(to_int64(value))
}

fn float64(value: &Value) -> Value {
    Value::Float64(to_float64(value))
}

fn to_decimal(value: &Value) -> Value {
    Value::Int64(strconv::parse_int(sprint(value), 8, 64).unwrap_or(0))
}

fn add(values: &[Value]) -> Value {
    Value::Int64(values.iter().fold(0, |sum: i64, value| sum.wrapping_add(to_int64(value))))
}

fn add1(value: &Value) -> Value {
    Value::Int64(to_int64(value).wrapping_add(1))
}

fn sub(a: &Value, b: &Value) -> Value {
    Value::Int64(to_int64(a).wrapping_sub(to_int64(b)))
}

fn mul(first: &Value, rest: &[Value]) -> Value {
    Value::Int64(rest.iter().fold(to_int64(first), |product, value| product.wrapping_mul(to_int64(value))))
}

/// The divisor, which must not be zero.
fn divisor(value: &Value) -> Result<i64, &'static str> {
    match to_int64(value) {
        0 => Err("runtime error: integer divide by zero"),
        n => Ok(n),
    }
}

fn div(a: &Value, b: &Value) -> Result<Value, &'static str> {
    Ok(Value::Int64(to_int64(a).wrapping_div(divisor(b)?)))
}

fn modulo(a: &Value, b: &Value) -> Result<Value, &'static str> {
    Ok(Value::Int64(to_int64(a).wrapping_rem(divisor(b)?)))
}

fn max(first: &Value, rest: &[Value]) -> Value {
    Value::Int64(rest.iter().map(to_int64).fold(to_int64(first), i64::max))
}

fn min(first: &Value, rest: &[Value]) -> Value {
    Value::Int64(rest.iter().map(to_int64).fold(to_int64(first), i64::min))
}

fn maxf(first: &Value, rest: &[Value]) -> Value {
    Value::Float64(rest.iter().map(to_float64).fold(to_float64(first), |a, b| {
        let infinite = a == f64::INFINITY || b == f64::INFINITY;
        match () {
            () if infinite => f64::INFINITY,
            () if a.is_nan() || b.is_nan() => f64::NAN,
            () if a == 0.0 && b == 0.0 => {
                if a.is_sign_negative() {
                    b
                } else {
                    a
                }
            }
            () => a.max(b),
        }
    }))
}

fn minf(first: &Value, rest: &[Value]) -> Value {
    Value::Float64(rest.iter().map(to_float64).fold(to_float64(first), |a, b| {
        let infinite = a == f64::NEG_INFINITY || b == f64::NEG_INFINITY;
        match () {
            () if infinite => f64::NEG_INFINITY,
            () if a.is_nan() || b.is_nan() => f64::NAN,
            () if a == 0.0 && b == 0.0 => {
                if a.is_sign_negative() {
                    a
                } else {
                    b
                }
            }
            () => a.min(b),
        }
    }))
}

fn ceil(value: &Value) -> Value {
    Value::Float64(to_float64(value).ceil())
}

fn floor(value: &Value) -> Value {
    Value::Float64(to_float64(value).floor())
}

fn round(value: &Value, places: i64, up_from: &[Value]) -> Value {
    let up_from = up_from.first().map_or(0.5, to_float64);
    let power = power_of_ten(places);
    let digit = power * to_float64(value);
    let fraction = if digit.is_infinite() { f64::NAN } else { digit.fract() };
    Value::Float64(if fraction >= up_from { digit.ceil() } else { digit.floor() } / power)
}

/// Go: `math.Pow(10, exponent)`, by the same multiplications, so that the last bit is the same. Go: math pow.go.
fn power_of_ten(exponent: i64) -> f64 {
    if exponent == 0 {
        return 1.0;
    }
    if exponent.unsigned_abs() >= 1 << 12 {
        return if exponent > 0 { f64::INFINITY } else { 0.0 };
    }
    // 10 = 0.625 * 2^4; the result is factor * 2^binary.
    let (mut factor, mut binary) = (1.0, 0_i32);
    let (mut square, mut square_binary) = (0.625, 4_i32);
    let mut rest = exponent.unsigned_abs();
    while rest != 0 {
        if rest & 1 == 1 {
            factor *= square;
            binary += square_binary;
        }
        square *= square;
        square_binary <<= 1;
        if square < 0.5 {
            square += square;
            square_binary -= 1;
        }
        rest >>= 1;
    }
    if exponent < 0 {
        factor = 1.0 / factor;
        binary = -binary;
    }
    // In two steps, since one power of two alone may not fit.
    let half = binary / 2;
    factor * 2_f64.powi(half) * 2_f64.powi(binary - half)
}

fn until(count: i64) -> Result<List, String> {
    until_step(0, count, if count < 0 { -1 } else { 1 })
}

fn until_step(start: i64, stop: i64, step: i64) -> Result<List, String> {
    Ok(List::of(Elem::Int, steps(start, stop, step)?.into_iter().map(Value::Int).collect()).grown())
}

fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, String> {
    let mut steps = Vec::new();
    let mut growth = Growth::new();
    let down = stop < start;
    if down && step >= 0 || !down && step <= 0 {
        return Ok(steps);
    }
    let mut at = start;
    while if down { at > stop } else { at < stop } {
        // A number becomes a value, or a text.
        growth.to(steps.len() * 5 * size_of::<i64>()).map_err(|over| over.to_string())?;
        steps.push(at);
        at = at.wrapping_add(step);
    }
    Ok(steps)
}

fn seq(params: &[Value]) -> Result<String, String> {
    let numbers: Vec<i64> = params.iter().map(to_int64).collect();
    let (start, step, end) = match *numbers.as_slice() {
        [end] => (1, if end < 1 { -1 } else { 1 }, end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] if end < start && step > 0 => return Ok(String::new()),
        [start, step, end] => (start, step, end),
        _ => return Ok(String::new()),
    };
    let beyond = end.wrapping_add(if end < start { -1 } else { 1 });
    let steps = steps(start, beyond, step)?;
    Ok(steps.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))
}
