//! The text of a provenance file, before it is signed and after: a chart's metadata, a line of three dots, and the SHA-256 of its
//! archive.
//!
//! Source: Helm provenance/sign.go `messageBlock`, `parseMessageBlock`.

use crate::value::{Map, Value};
use crate::yaml;

use super::error::Error;

/// What stands between the metadata and the sums.
const SEPARATOR: &[u8] = b"\n...\n";

/// The text of a provenance file: the chart's metadata and the sum of its archive. Helm: `messageBlock`.
pub fn message(metadata: &Map, file_name: &str, digits: &str) -> Result<Vec<u8>, Error> {
    let files = Map::new();
    files.insert(file_name, Value::from(format!("sha256:{digits}")));
    let sums = Map::new();
    sums.insert("files", Value::Map(files));
    let write = |map| yaml::to_yaml(&Value::Map(map)).map_err(|error| Error::Marshal(error.into()));
    let (metadata, sums) = (write(metadata.clone())?, write(sums)?);
    Ok([metadata.as_bytes(), SEPARATOR, sums.as_bytes()].concat())
}

/// The sum that a provenance's text has for a file. Helm: `ParseMessageBlock`.
pub(super) fn sum(text: &[u8], file_name: &str) -> Result<String, Error> {
    let starts: Vec<usize> = text
        .windows(SEPARATOR.len())
        .enumerate()
        .filter(|(_, it)| *it == SEPARATOR)
        .map(|(at, _)| at)
        .collect();
    let Some(first) = starts.first() else {
        return Err(Error::NoSums);
    };
    let begin = first + SEPARATOR.len();
    let end = starts.iter().copied().find(|at| *at >= begin).unwrap_or(text.len());
    let sums = yaml::named_map_from_str(&text[begin..end], "provenance.SumCollection")
        .map_err(|error| Error::Sums(error.to_string()))?;
    let sum = match sums.get("files") {
        Some(Value::Map(files)) => files.get(file_name),
        _ => None,
    };
    match sum {
        Some(Value::Str(sum)) => Ok(sum.to_str().into_owned()),
        _ => Err(Error::NoSum(file_name.to_owned())),
    }
}
