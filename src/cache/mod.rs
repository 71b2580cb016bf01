//! What was found before: a folder of results of judging, each under a key that is a digest of everything that it was made
//! from, and sealed with a secret, so that what somebody else put there is never believed.
//!
//! There may be another in a registry, where results are signed: [`Attested`].
//!
//! Read [`Key`] for what a result depends on, [`Cache`] for the folder, [`Seal`] for who is believed. Only what asked the
//! world nothing is kept: see [`crate::outside`].

mod attested;
mod error;
mod key;
mod program;
mod seal;
mod store;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Value as Json, json};

pub use attested::{Attested, MEDIA_TYPE, statement, tag};
pub use key::{ChartDigest, Key};
pub use seal::Seal;
pub use store::{Contents, Store};

use crate::chart::Chart;
use crate::judge::{self, ChartReport, Inputs, record};
use crate::{budget, outside};

/// The most bytes of a result that is believed.
const LARGEST: u64 = 256 << 20;
/// How many charts have times.
const MOST_TIMES: usize = 200_000;

/// Results of judging that were kept, or nothing where there is no cache.
#[derive(Debug, Default)]
pub struct Cache {
    local: Option<(Store, Seal)>,
    attested: Option<Attested>,
    /// What is found, where somebody wants to attest it.
    collected: Option<Mutex<Vec<Finding>>>,
    asked: AtomicUsize,
    known: AtomicUsize,
}

/// What was found in a chart, for whoever attests it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The digest of the chart.
    pub chart: ChartDigest,
    /// The key.
    pub key: Key,
    /// What is found.
    pub result: Json,
}

/// How long charts took, in milliseconds, by their paths.
pub type Times = BTreeMap<String, u64>;

impl Cache {
    /// The cache in the folder, and the one in a registry.
    pub fn new(local: Option<(Store, Seal)>, attested: Option<Attested>) -> Cache {
        Cache { local, attested, ..Cache::default() }
    }

    /// Knows nothing, and collects what is found.
    pub fn collecting() -> Cache {
        Cache { collected: Some(Mutex::default()), ..Cache::default() }
    }

    /// What was found and may be kept.
    pub fn collected(self) -> Vec<Finding> {
        let all = self.collected.unwrap_or_default();
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The report of a chart with these inputs, and how long judging it takes: what is known, or else what judging finds, which
    /// is kept if it may be. What cannot be kept is judged anew the next time, and no error.
    pub fn judge(
        &self,
        path: &str,
        chart: &Chart,
        digest: &ChartDigest,
        inputs: Inputs,
        limits: &str,
    ) -> (ChartReport, Duration) {
        let key = Key::new(digest, &inputs, limits);
        self.asked.fetch_add(1, Ordering::Relaxed);
        if let Some((report, time)) = self.get(chart.name(), digest, &key) {
            self.known.fetch_add(1, Ordering::Relaxed);
            return (ChartReport { path: path.to_owned(), ..report }, time);
        }
        let start = Instant::now();
        let (report, asked) = outside::watch(|| judge::chart(path, Ok(chart.clone()), Ok(inputs)));
        let time = start.elapsed();
        if !asked && !report.failed && budget::check().is_ok() {
            let result = packed(&report, time);
            self.write(&key, &result);
            if let Some(collected) = &self.collected {
                let finding = Finding { chart: digest.clone(), key, result };
                collected.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
            }
        }
        (report, time)
    }

    fn get(&self, name: &str, chart: &ChartDigest, key: &Key) -> Option<(ChartReport, Duration)> {
        if let Some(known) = self.read(key).and_then(unpacked) {
            return Some(known);
        }
        let result = self.attested.as_ref()?.get(name, chart, key)?;
        let known = unpacked(result.clone())?;
        self.write(key, &result);
        Some(known)
    }

    /// Why results of a registry were not believed.
    pub fn told(&self) -> Vec<String> {
        self.attested.as_ref().map(Attested::told).unwrap_or_default()
    }

    /// How long charts took the last time that all of a run were known.
    pub fn times(&self) -> Times {
        self.read(&Key::of_times()).and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default()
    }

    /// Notes how long charts took.
    pub fn note_times(&self, new: Times) {
        let mut times = self.times();
        times.extend(new);
        while times.len() > MOST_TIMES {
            times.pop_first();
        }
        self.write(&Key::of_times(), &json!(times));
    }

    /// How many results were known, of how many that were asked for.
    pub fn known(&self) -> (usize, usize) {
        (self.known.load(Ordering::Relaxed), self.asked.load(Ordering::Relaxed))
    }

    /// Ends a run: notes the times, where all of its charts were judged here, and removes what was not used for longest, where
    /// the folder holds more than it may. A run that found nothing new changes nothing.
    pub fn end(&self, times: Option<Times>) {
        let (known, asked) = self.known();
        if known < asked {
            if let Some(times) = times {
                self.note_times(times);
            }
            if let Some((store, _)) = &self.local {
                store.trim();
            }
        }
    }

    fn read(&self, key: &Key) -> Option<Json> {
        let (store, seal) = self.local.as_ref()?;
        let packed = seal.open(key, &store.read(key)?)?.to_owned();
        let mut text = Vec::new();
        ZlibDecoder::new(&packed[..]).take(LARGEST).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, key: &Key, json: &Json) {
        let Some((store, seal)) = &self.local else { return };
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        let packed = packed.write_all(json.to_string().as_bytes()).and_then(|()| packed.finish());
        // A result that cannot be kept is judged anew.
        if let Ok(packed) = packed {
            store.write(key, &seal.close(key, &packed));
        }
    }
}

/// What is kept of a report. Where the chart lies is no part of what is found in it.
fn packed(report: &ChartReport, time: Duration) -> Json {
    let mut report = record::write(report);
    report.as_object_mut().map(|report| report.remove("path"));
    json!({"milliseconds": time.as_millis() as u64, "report": report})
}

fn unpacked(mut kept: Json) -> Option<(ChartReport, Duration)> {
    let kept = kept.as_object_mut()?;
    let time = kept.remove("milliseconds")?.as_u64()?;
    Some((record::read(kept.remove("report")?)?, Duration::from_millis(time)))
}
