//! Reading TOML into the values that BurntSushi's decoder gives: int64, float64, times, `[]map[string]interface {}` for
//! arrays of tables. What is TOML is the crate `toml`'s to say; an error names the line as Go does, its words are ours.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use ::toml::value::{Datetime, Offset};

use crate::go::time::{Location, Time, parse_in_location};
use crate::value::time::TimeValue;
use crate::value::{Elem, List, Map, Str, Value};

/// The TOML document as a map. The error is Helm's but for the words after the line.
pub fn from_toml(text: &[u8]) -> Result<Map, String> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let line = line_of(text, error.valid_up_to());
        let byte = text[error.valid_up_to()];
        format!("toml: line {line}: invalid UTF-8 byte: 0x{byte:02x}")
    })?;
    let table = DeTable::parse(text).map_err(|error| {
        let line = line_of(text.as_bytes(), error.span().map_or(0, |span| span.start));
        format!("toml: line {line}: {}", error.message())
    })?;
    Reader { text }.table(table.get_ref())
}

fn line_of(text: &[u8], at: usize) -> usize {
    text.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn table(&self, table: &DeTable<'_>) -> Result<Map, String> {
        let entries = table
            .iter()
            .map(|(key, value)| Ok((Str::from(key.get_ref().as_ref()), self.value(value)?)))
            .collect::<Result<Vec<_>, String>>()?;
        Ok(entries.into_iter().collect())
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Result<Value, String> {
        let line = || line_of(self.text.as_bytes(), value.span().start);
        Ok(match value.get_ref() {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Integer(n) => {
                Value::Int64(i64::from_str_radix(n.as_str(), n.radix()).map_err(|_| {
                    format!("toml: line {}: {} is out of range for int64", line(), n.as_str())
                })?)
            }
            DeValue::Float(x) => {
                Value::Float64(x.as_str().parse().map_err(|_| {
                    format!("toml: line {}: {} is out of range for float64", line(), x.as_str())
                })?)
            }
            DeValue::Datetime(datetime) => time(*datetime)
                .ok_or_else(|| format!("toml: line {}: invalid datetime: \"{datetime}\"", line()))?,
            DeValue::Array(items) => {
                // An array of tables has the headers of its tables for its items, an array in brackets has braces.
                let brackets = items
                    .iter()
                    .all(|item| !item.get_ref().is_table() || self.text[item.span()].starts_with('{'));
                let elem = if brackets { Elem::Any } else { Elem::Map };
                List::of(elem, items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?).into()
            }
            DeValue::Table(table) => Value::Map(self.table(table)?),
        })
    }
}

/// Go: BurntSushi parse.go `valueDatetime`: what has no offset gets a location that says so.
fn time(datetime: Datetime) -> Option<Value> {
    let (layout, location): (&[u8], Location) = match (datetime.date, datetime.time, datetime.offset) {
        (Some(_), Some(_), Some(Offset::Z | Offset::Custom { .. })) => {
            (b"2006-01-02T15:04:05.999999999Z07:00", Location::Utc)
        }
        (Some(_), Some(_), None) => {
            (b"2006-01-02T15:04:05.999999999", Location::Fixed("datetime-local".into(), 0))
        }
        (Some(_), None, _) => (b"2006-01-02", Location::Fixed("date-local".into(), 0)),
        _ => (b"15:04:05.999999999", Location::Fixed("time-local".into(), 0)),
    };
    let time: Time = parse_in_location(layout, datetime.to_string().as_bytes(), &location).ok()?;
    Some(TimeValue::value(time, &Location::Utc))
}
