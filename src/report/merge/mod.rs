//! One run out of the JSON reports of its shards: what each report is ([`head`]), whether together they are a run
//! ([`Parts::new`]), and its charts in their order ([`Parts::charts`]). However many charts there are, few of them are held at
//! a time.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::Shard;
use crate::judge::{ChartReport, record};

#[cfg(test)]
mod tests;

/// How many charts of a report are read before they are asked for.
const AHEAD: usize = 4;
/// How many shards that are missing are named.
const NAMED: usize = 16;

/// Why reports are no run.
#[derive(Debug)]
pub enum Error {
    /// It is no JSON report of a shard; why.
    NoShard(String, String),
    /// Two reports differ in what must be the same: the reports, and what.
    Different(String, String, String),
    /// Two reports are the same shard: the reports, and which.
    Doubled(String, String, String),
    /// Shards that no report is of.
    Missing(Vec<String>),
    /// A report does not hold the charts that it says.
    Torn(String),
    /// A chart has several renderings, and the format tells one.
    Several(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoShard(file, why) => write!(f, "{file} is no JSON report of a shard: {why}"),
            Error::Different(one, other, what) => {
                write!(f, "{one} and {other} are not of the same run: {what}")
            }
            Error::Doubled(one, other, shard) => write!(f, "{one} and {other} are both shard {shard}"),
            Error::Missing(shards) if shards.is_empty() => f.write_str("there is no report of a shard"),
            Error::Missing(shards) => {
                let plural = if shards.len() == 1 { "shard is" } else { "shards are" };
                write!(f, "the {plural} missing: {}", shards.join(", "))
            }
            Error::Torn(file) => write!(f, "{file} does not hold the charts that it says it holds"),
            Error::Several(chart) => {
                write!(f, "{chart} was judged with several sets of values, and this format tells one answer")
            }
        }
    }
}

impl std::error::Error for Error {}

/// What a report says of itself: which shard it is, without reading its charts.
///
/// # Errors
/// It is no JSON report of a shard. `file` is what it is called.
pub fn head(file: &str, reader: impl Read) -> Result<Shard, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        schema_version: u32,
        charts: Count,
        shard: Option<Shard>,
    }
    let refuse = |why: &str| Error::NoShard(file.to_owned(), why.to_owned());
    let head: Head =
        serde_json::from_reader(BufReader::new(reader)).map_err(|why| refuse(&why.to_string()))?;
    if head.schema_version != 1 {
        return Err(refuse(&format!("its schemaVersion is {}, it should be 1", head.schema_version)));
    }
    let shard = head.shard.ok_or_else(|| refuse("it has no key `shard`"))?;
    if shard.count == 0 || shard.index == 0 || shard.index > shard.count {
        return Err(refuse(&format!("there is no shard {}", shard.name())));
    }
    let charts = shard.positions.len();
    let in_order = shard.positions.is_sorted_by(|one, next| one < next);
    let in_range = shard.positions.last().is_none_or(|last| *last < shard.charts);
    if charts != head.charts.0 || charts != shard.milliseconds.len() || !in_order || !in_range {
        return Err(Error::Torn(file.to_owned()));
    }
    Ok(shard)
}

/// How many items a list has.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of charts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while items.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}

/// The reports that are a run, and who has which chart.
#[derive(Debug)]
pub struct Parts {
    shards: Vec<(String, Shard)>,
    /// The report, by the chart's place in the run.
    holder: Vec<usize>,
}

impl Parts {
    /// The run that these reports, each with what it is called, are the parts of.
    ///
    /// # Errors
    /// Which part is missing or there twice, or which of them are of other runs.
    pub fn new(shards: Vec<(String, Shard)>) -> Result<Parts, Error> {
        let Some(((first, one), others)) = shards.split_first() else {
            return Err(Error::Missing(Vec::new()));
        };
        for (other, shard) in others {
            if let Some(what) = difference(one, shard) {
                return Err(Error::Different(first.clone(), other.clone(), what));
            }
        }
        different_files(&shards)?;
        let mut seen: BTreeMap<usize, &str> = BTreeMap::new();
        for (file, shard) in &shards {
            if let Some(before) = seen.insert(shard.index, file) {
                return Err(Error::Doubled(before.to_owned(), file.clone(), shard.name()));
            }
        }
        let missing = (1..=one.count).filter(|index| !seen.contains_key(index));
        // A report may say that there are any number of them.
        let missing: Vec<String> =
            missing.map(|index| format!("{index}/{}", one.count)).take(NAMED).collect();
        if !missing.is_empty() {
            return Err(Error::Missing(missing));
        }
        let charts: usize = shards.iter().map(|(_, shard)| shard.positions.len()).sum();
        if charts != one.charts {
            return Err(Error::Torn(first.clone()));
        }
        let mut holder = vec![None; charts];
        for (at, (file, shard)) in shards.iter().enumerate() {
            for position in &shard.positions {
                match holder.get_mut(*position) {
                    Some(held @ None) => *held = Some(at),
                    _ => return Err(Error::Torn(file.clone())),
                }
            }
        }
        // All shards are there and of one division, so that a chart that nobody has was taken out of a report.
        let holder: Option<Vec<usize>> = holder.into_iter().collect();
        let holder = holder.ok_or_else(|| Error::Torn(first.clone()))?;
        Ok(Parts { shards, holder })
    }

    /// Whether something is as severe as fails a run.
    pub fn found(&self) -> bool {
        self.shards.iter().any(|(_, shard)| shard.found)
    }

    /// Whether the whole release of each chart is there.
    pub fn has_release(&self) -> bool {
        self.shards.iter().all(|(_, shard)| shard.has_release)
    }

    /// Whether each chart was rendered once, for an answer of somebody else.
    pub fn answers_once(&self) -> bool {
        self.shards.iter().all(|(_, shard)| shard.answers_once)
    }

    /// How many milliseconds judging the charts took, in the order of the run.
    pub fn milliseconds(&self) -> Vec<u64> {
        let mut times = vec![0; self.holder.len()];
        for (_, shard) in &self.shards {
            for (position, time) in shard.positions.iter().zip(&shard.milliseconds) {
                times[*position] = *time;
            }
        }
        times
    }

    /// Hands over the charts in the order of the run; `readers` are the reports once more, in the order in which they were
    /// given.
    ///
    /// # Errors
    /// Those of `take`, or that a report is not what it was.
    pub fn charts<E: From<Error>>(
        &self,
        readers: Vec<impl Read + Send>,
        take: &mut dyn FnMut(ChartReport) -> Result<(), E>,
    ) -> Result<(), E> {
        thread::scope(|scope| {
            let mut receivers = Vec::new();
            for reader in readers {
                let (sender, receiver) = sync_channel(AHEAD);
                scope.spawn(move || send(reader, &sender));
                receivers.push(receiver);
            }
            self.holder.iter().try_for_each(|holder| take(self.next(*holder, &receivers)?))
        })
    }

    /// The next chart of a report.
    fn next(&self, holder: usize, receivers: &[Receiver<Read1>]) -> Result<ChartReport, Error> {
        let file = &self.shards[holder].0;
        let read = receivers.get(holder).and_then(|receiver| receiver.recv().ok());
        match read {
            Some(Ok(chart)) => Ok(*chart),
            Some(Err(why)) => Err(Error::NoShard(file.clone(), why)),
            None => Err(Error::Torn(file.clone())),
        }
    }
}

/// What must be the same in all shards of a run, and is not.
fn difference(one: &Shard, other: &Shard) -> Option<String> {
    let differ = |what: &str, one: &dyn fmt::Display, other: &dyn fmt::Display| {
        Some(format!("{what} {one} there and {other} here"))
    };
    if one.version != other.version {
        return differ("the version is", &one.version, &other.version);
    }
    if one.count != other.count {
        return differ("the number of shards is", &one.count, &other.count);
    }
    let names = one.flags.keys().chain(other.flags.keys());
    if let Some(name) = names.into_iter().find(|name| one.flags.get(*name) != other.flags.get(*name)) {
        return Some(format!("they differ in {name}"));
    }
    if one.charts != other.charts {
        return differ("the number of charts is", &one.charts, &other.charts);
    }
    if one.list != other.list {
        return Some("they were given other charts, or the same in another order".to_owned());
    }
    if one.division != other.division {
        return Some(
            "the charts were divided by other times; give all shards the same cache, or none".to_owned(),
        );
    }
    if one.has_release != other.has_release || one.answers_once != other.answers_once {
        return Some("they differ in --format or --report".to_owned());
    }
    None
}

/// Refuses reports that read a shared file, such as values or a configuration, with other contents.
fn different_files(shards: &[(String, Shard)]) -> Result<(), Error> {
    let mut known: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (file, shard) in shards {
        for (path, digest) in &shard.files {
            let (first, before) = *known.entry(path).or_insert((file, digest));
            if before != digest {
                let what = format!("{path} was another one");
                return Err(Error::Different(first.to_owned(), file.clone(), what));
            }
        }
    }
    Ok(())
}

/// A chart, or why it cannot be read.
type Read1 = Result<Box<ChartReport>, String>;

/// Reads a report and sends its charts. That nobody takes them any more ends it.
fn send(reader: impl Read, to: &SyncSender<Read1>) {
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(reader));
    if let Err(why) = serde::Deserializer::deserialize_map(&mut json, Document(to)) {
        let _ = to.send(Err(why.to_string()));
    }
}

struct Document<'a>(&'a SyncSender<Read1>);

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "charts" {
                map.next_value_seed(Charts(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Charts<'a>(&'a SyncSender<Read1>);

impl<'de> DeserializeSeed<'de> for Charts<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Charts<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of charts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        #[derive(Deserialize)]
        struct Chart {
            record: Json,
        }
        while let Some(Chart { record }) = items.next_element()? {
            let chart =
                record::read(record).ok_or_else(|| A::Error::custom("a `record` is none of this version"))?;
            if self.0.send(Ok(Box::new(chart))).is_err() {
                return Err(A::Error::custom("nobody listens"));
            }
        }
        Ok(())
    }
}
