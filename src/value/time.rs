//! Go's `time.Time`, `time.Duration`, `time.Month`, `time.Weekday` and `*time.Location` as values, with the methods that
//! templates call. What they do is in [`crate::go::time`].

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::{Field, Kind, Method, Object, ObjectRef, Part, Sized, Str, Type, Value};
use crate::go::time::{Duration, Location, Month, Time, Weekday};

/// A point in time, and the zone that `Local` means.
#[derive(Clone, Debug)]
pub struct TimeValue {
    /// The time.
    pub time: Time,
    /// Go's `time.Local`.
    pub local: Location,
}

impl TimeValue {
    /// As a template value.
    pub fn value(time: Time, local: &Location) -> Value {
        Value::Object(Rc::new(TimeValue { time, local: local.clone() }))
    }

    fn with(&self, time: Time) -> Value {
        TimeValue::value(time, &self.local)
    }
}

/// A value of a named integer type.
macro_rules! named_integer {
    ($name:ident, $type_name:literal, $kind:expr, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        struct $name(i64);

        impl Object for $name {
            fn type_name(&self) -> &str {
                $type_name
            }

            fn kind(&self) -> Kind {
                $kind
            }

            fn methods(&self) -> &'static [Method] {
                Self::METHODS
            }

            fn string(&self) -> Option<Str> {
                Some(self.text().into())
            }

            fn underlying(&self) -> Option<Value> {
                Some(if $kind == Kind::Int { Value::Int(self.0) } else { Value::Int64(self.0) })
            }

            fn with_number(&self, number: i64) -> Option<Value> {
                Some(Value::Object(Rc::new($name(number))))
            }

            fn truth(&self) -> bool {
                self.0 != 0
            }

            fn to_plain(&self) -> Result<Value, String> {
                Ok(if $kind == Kind::Int { Value::Int(self.0) } else { Value::Int64(self.0) })
            }

            fn equal(&self, other: &dyn Object) -> bool {
                other.as_any().downcast_ref::<$name>().is_some_and(|other| other.0 == self.0)
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    };
}

named_integer!(DurationValue, "time.Duration", Kind::Int64, "Go: `time.Duration`.");
named_integer!(MonthValue, "time.Month", Kind::Int, "Go: `time.Month`.");
named_integer!(WeekdayValue, "time.Weekday", Kind::Int, "Go: `time.Weekday`.");

/// A duration as a template value.
pub fn duration(duration: Duration) -> Value {
    Value::Object(Rc::new(DurationValue(duration.0)))
}

/// The duration in a value, if it is one.
pub fn as_duration(value: &Value) -> Option<Duration> {
    value.as_object::<DurationValue>().map(|duration| Duration(duration.0))
}

const DURATION: Type = Type::Named("time.Duration");
const TIME: Type = Type::Named("time.Time");

/// Go's `time.Local` as a type of parameter.
const LOCATION: Type = Type::Named("*time.Location");

/// A method without parameters or with those named, on an object of the Rust type.
macro_rules! method {
    ($name:literal, $object:ty, $run:expr) => {
        method!($name, $object, [], |object: &$object, _: &[Value]| -> Value { $run(object) })
    };
    ($name:literal, $object:ty, [$($param:expr),*], $run:expr) => {
        method!(try $name, $object, [$($param),*], |object: &$object, args: &[Value]| Ok($run(object, args)))
    };
    // One that may fail.
    (try $name:literal, $object:ty, [$($param:expr),*], $run:expr) => {
        Method {
            name: $name,
            params: &[$($param),*],
            variadic: false,
            unfit: None,
            call: |object, args| match object.as_any().downcast_ref::<$object>() {
                Some(object) => $run(object, args),
                None => Err(concat!($name, ": called on another type").to_owned()),
            },
        }
    };
}

/// A method with more results than a template can take; it is never called.
macro_rules! unfit {
    ($name:literal, $why:literal) => {
        Method {
            name: $name,
            params: &[],
            variadic: false,
            unfit: Some($why),
            call: |_, _| Err($why.to_owned()),
        }
    };
}

/// An argument that was declared as a duration: one, or an integer constant.
fn duration_arg(args: &[Value]) -> Duration {
    match args.first().and_then(Value::number) {
        Some(super::Number::Signed(nanoseconds)) => Duration(nanoseconds),
        _ => Duration(0),
    }
}

fn int_arg(args: &[Value], index: usize) -> i64 {
    match args.get(index).and_then(Value::number) {
        Some(super::Number::Signed(number)) => number,
        _ => 0,
    }
}

/// An argument that was declared as a time.
fn time_arg(args: &[Value]) -> Time {
    args.first().and_then(Value::as_object::<TimeValue>).map_or_else(Time::zero, |value| value.time.clone())
}

fn text(bytes: Vec<u8>) -> Value {
    Value::Str(bytes.into())
}

impl DurationValue {
    fn text(self) -> String {
        Duration(self.0).to_string()
    }

    const METHODS: &'static [Method] = &[
        method!("Abs", DurationValue, |d: &DurationValue| duration(Duration(d.0).abs())),
        method!("Hours", DurationValue, |d: &DurationValue| {
            Value::Float64(Duration(d.0).in_units(3_600_000_000_000))
        }),
        method!("Microseconds", DurationValue, |d: &DurationValue| Value::Int64(d.0 / 1_000)),
        method!("Milliseconds", DurationValue, |d: &DurationValue| Value::Int64(d.0 / 1_000_000)),
        method!("Minutes", DurationValue, |d: &DurationValue| {
            Value::Float64(Duration(d.0).in_units(60_000_000_000))
        }),
        method!("Nanoseconds", DurationValue, |d: &DurationValue| Value::Int64(d.0)),
        method!("Round", DurationValue, [DURATION], |d: &DurationValue, args: &[Value]| {
            duration(Duration(d.0).round(duration_arg(args)))
        }),
        method!("Seconds", DurationValue, |d: &DurationValue| {
            Value::Float64(Duration(d.0).in_units(1_000_000_000))
        }),
        method!("String", DurationValue, |d: &DurationValue| d.text().into()),
        method!("Truncate", DurationValue, [DURATION], |d: &DurationValue, args: &[Value]| {
            duration(Duration(d.0).truncate(duration_arg(args)))
        }),
    ];
}

impl MonthValue {
    fn text(self) -> String {
        Month(self.0).to_string()
    }

    const METHODS: &'static [Method] =
        &[method!("String", MonthValue, |month: &MonthValue| month.text().into())];
}

impl WeekdayValue {
    fn text(self) -> String {
        Weekday(self.0).to_string()
    }

    const METHODS: &'static [Method] =
        &[method!("String", WeekdayValue, |day: &WeekdayValue| day.text().into())];
}

/// Go: `*time.Location`.
#[derive(Clone, Debug)]
struct LocationValue(Location);

impl Object for LocationValue {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn methods(&self) -> &'static [Method] {
        &[method!("String", LocationValue, |location: &LocationValue| location.0.name().into())]
    }

    fn string(&self) -> Option<Str> {
        self.address_string()
    }

    fn address_string(&self) -> Option<Str> {
        Some(self.0.name().into())
    }

    fn fields(&self) -> Option<Vec<Field>> {
        Some(location_fields(&self.0))
    }

    fn identical(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<LocationValue>().is_some_and(|other| self.0.is_same(&other.0))
    }

    /// None of its fields is exported, so that nothing is left of it: a location without a name, at no offset.
    fn deep_copied(&self) -> Option<ObjectRef> {
        Some(Rc::new(LocationValue(Location::nameless())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What Go's location holds. The tables of the local zone are left out: `fmt` shows them beside an address, if at all.
fn location_fields(location: &Location) -> Vec<Field> {
    let (fixed, cached) = match location {
        Location::Fixed(name, offset) => (Some((&**name, *offset)), (i64::MIN, i64::MAX)),
        Location::Utc | Location::Zone(..) | Location::Local(..) => (None, (0, 0)),
    };
    let zone = fixed.map(|(name, offset)| {
        vec![
            Field::new("name", name),
            Field::new("offset", Value::Int(offset.into())),
            Field::new("isDST", false),
        ]
    });
    let transition = vec![
        Field::new("when", Value::Int64(i64::MIN)),
        Field::new("index", Value::Sized(Sized::Uint8(0))),
        Field::new("isstd", false),
        Field::new("isutc", false),
    ];
    let zones = zone.iter().map(|zone| Part::of_struct("time.zone", zone.clone())).collect();
    let transitions = zone.iter().map(|_| Part::of_struct("time.zoneTrans", transition.clone())).collect();
    vec![
        Field::new("name", location.name()),
        Field::new("zone", Part::of_slice("[]time.zone", zones)),
        Field::new("tx", Part::of_slice("[]time.zoneTrans", transitions)),
        Field::new("extend", ""),
        Field::new("cacheStart", Value::Int64(cached.0)),
        Field::new("cacheEnd", Value::Int64(cached.1)),
        Field::new("cacheZone", Part::of_pointer("*time.zone", zone)),
    ]
}

impl Object for TimeValue {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn methods(&self) -> &'static [Method] {
        TIME_METHODS
    }

    fn string(&self) -> Option<Str> {
        Some(self.time.print().into())
    }

    fn go_string(&self) -> Option<Str> {
        Some(self.time.go_string().into())
    }

    fn fields(&self) -> Option<Vec<Field>> {
        let (wall, ext) = self.time.wall_and_ext();
        let location = match self.time.location() {
            Location::Utc => None,
            other => Some(location_fields(other)),
        };
        Some(vec![
            Field::new("wall", Value::Sized(Sized::Uint64(wall))),
            Field::new("ext", Value::Int64(ext)),
            Field::new("loc", Part::of_pointer("*time.Location", location)),
        ])
    }

    fn is_marshaler(&self) -> bool {
        true
    }

    fn to_plain(&self) -> Result<Value, String> {
        self.time.to_json().map(Value::from)
    }

    fn identical(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<TimeValue>().is_some_and(|other| {
            self.time.wall_and_ext() == other.time.wall_and_ext()
                && self.time.location().is_same(other.time.location())
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A method that gives an `int` of the calendar or the clock.
macro_rules! part {
    ($name:literal, $field:ident) => {
        method!($name, TimeValue, |t: &TimeValue| Value::Int(t.time.civil().$field))
    };
}

/// The methods of a time.
const TIME_METHODS: &[Method] = &[
    method!("Add", TimeValue, [DURATION], |t: &TimeValue, args: &[Value]| {
        t.with(t.time.add(duration_arg(args)))
    }),
    method!("AddDate", TimeValue, [Type::Int, Type::Int, Type::Int], |t: &TimeValue, args: &[Value]| {
        t.with(t.time.add_date(int_arg(args, 0), int_arg(args, 1), int_arg(args, 2)))
    }),
    method!("After", TimeValue, [TIME], |t: &TimeValue, args: &[Value]| {
        Value::Bool(t.time.compare(&time_arg(args)) == Ordering::Greater)
    }),
    method!(try "AppendBinary", TimeValue, [Type::Bytes], |t: &TimeValue, args: &[Value]| {
        Ok(appended(args, &t.time.to_binary()?))
    }),
    method!("AppendFormat", TimeValue, [Type::Bytes, Type::String], |t: &TimeValue, args: &[Value]| {
        let layout = args.get(1).and_then(Value::as_text).cloned().unwrap_or_default();
        appended(args, &t.time.format(layout.as_bytes()))
    }),
    method!(try "AppendText", TimeValue, [Type::Bytes], |t: &TimeValue, args: &[Value]| {
        Ok(appended(args, &text_of(t, "AppendText")?))
    }),
    method!("Before", TimeValue, [TIME], |t: &TimeValue, args: &[Value]| {
        Value::Bool(t.time.compare(&time_arg(args)) == Ordering::Less)
    }),
    method!("Compare", TimeValue, [TIME], |t: &TimeValue, args: &[Value]| {
        Value::Int(t.time.compare(&time_arg(args)) as i64)
    }),
    unfit!("Clock", "function Clock has 3 return values; should be 1 or 2"),
    unfit!("Date", "function Date has 3 return values; should be 1 or 2"),
    part!("Day", day),
    method!("Equal", TimeValue, [TIME], |t: &TimeValue, args: &[Value]| {
        Value::Bool(t.time.compare(&time_arg(args)) == Ordering::Equal)
    }),
    method!("Format", TimeValue, [Type::String], |t: &TimeValue, args: &[Value]| {
        let layout = args.first().and_then(Value::as_text).cloned().unwrap_or_default();
        text(t.time.format(layout.as_bytes()))
    }),
    method!(try "GobEncode", TimeValue, [], marshal_binary),
    method!("GoString", TimeValue, |t: &TimeValue| t.time.go_string().into()),
    part!("Hour", hour),
    method!(try "In", TimeValue, [LOCATION], |t: &TimeValue, args: &[Value]| {
        match args.first().and_then(Value::as_object::<LocationValue>) {
            Some(location) => Ok(t.with(t.time.in_location(location.0.clone()))),
            None => Err("time: missing Location in call to Time.In".to_owned()),
        }
    }),
    unfit!("ISOWeek", "invalid function signature for ISOWeek: second return value should be error; is int"),
    method!("IsDST", TimeValue, |t: &TimeValue| Value::Bool(t.time.zone().is_dst)),
    method!("IsZero", TimeValue, |t: &TimeValue| Value::Bool(t.time.is_zero())),
    method!("Local", TimeValue, |t: &TimeValue| t.with(t.time.in_location(t.local.clone()))),
    method!("Location", TimeValue, |t: &TimeValue| {
        Value::Object(Rc::new(LocationValue(t.time.location().clone())))
    }),
    method!(try "MarshalBinary", TimeValue, [], marshal_binary),
    method!(try "MarshalJSON", TimeValue, [], |t: &TimeValue, _: &[Value]| {
        Ok(Value::bytes(format!("\"{}\"", t.time.to_json()?).into_bytes()))
    }),
    method!(try "MarshalText", TimeValue, [], |t: &TimeValue, _: &[Value]| text_of(t, "MarshalText").map(Value::bytes)),
    part!("Minute", minute),
    method!("Month", TimeValue, |t: &TimeValue| { Value::Object(Rc::new(MonthValue(t.time.civil().month))) }),
    method!("Nanosecond", TimeValue, |t: &TimeValue| Value::Int(t.time.nanosecond())),
    method!("Round", TimeValue, [DURATION], |t: &TimeValue, args: &[Value]| {
        t.with(t.time.round(duration_arg(args)))
    }),
    part!("Second", second),
    method!("String", TimeValue, |t: &TimeValue| t.time.print().into()),
    method!("Sub", TimeValue, [TIME], |t: &TimeValue, args: &[Value]| {
        duration(t.time.sub(&time_arg(args)))
    }),
    method!("Truncate", TimeValue, [DURATION], |t: &TimeValue, args: &[Value]| {
        t.with(t.time.truncate(duration_arg(args)))
    }),
    method!("UTC", TimeValue, |t: &TimeValue| t.with(t.time.in_location(Location::Utc))),
    method!("Unix", TimeValue, |t: &TimeValue| Value::Int64(t.time.unix_seconds())),
    method!("UnixMicro", TimeValue, |t: &TimeValue| Value::Int64(t.time.unix_units(1_000_000))),
    method!("UnixMilli", TimeValue, |t: &TimeValue| Value::Int64(t.time.unix_units(1_000))),
    method!("UnixNano", TimeValue, |t: &TimeValue| Value::Int64(t.time.unix_units(1_000_000_000))),
    method!("Weekday", TimeValue, |t: &TimeValue| {
        Value::Object(Rc::new(WeekdayValue(t.time.civil().weekday)))
    }),
    part!("Year", year),
    part!("YearDay", year_day),
    unfit!("Zone", "invalid function signature for Zone: second return value should be error; is int"),
    unfit!(
        "ZoneBounds",
        "invalid function signature for ZoneBounds: second return value should be error; is time.Time"
    ),
];

/// Go: `Time.MarshalText`, whose error names the method.
fn text_of(value: &TimeValue, method: &str) -> Result<Vec<u8>, String> {
    let text = value.time.to_json().map_err(|error| error.replace("MarshalJSON", method))?;
    Ok(text.into_bytes())
}

/// Go: `Time.MarshalBinary`.
fn marshal_binary(value: &TimeValue, _: &[Value]) -> Result<Value, String> {
    Ok(Value::bytes(value.time.to_binary()?))
}

/// The bytes given first with more behind them.
fn appended(args: &[Value], more: &[u8]) -> Value {
    let before = match args.first() {
        Some(Value::Bytes(Some(bytes))) => &**bytes,
        _ => &[],
    };
    Value::bytes([before, more].concat())
}
