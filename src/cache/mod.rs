//! What was found before: a folder of results of judging, each under a key that is a digest of everything that it was made
//! from, and sealed with a secret, so that what somebody else put there is never believed.
//!
//! Read [`Key`] for what a result depends on, [`Cache`] for the folder, [`Seal`] for who is believed. Only what asked the
//! world nothing is kept: see [`crate::outside`].

mod error;
mod key;
mod program;
mod seal;
mod store;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Value as Json, json};

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
#[derive(Debug)]
pub struct Cache {
    store: Store,
    seal: Seal,
    asked: AtomicUsize,
    known: AtomicUsize,
}

/// How long charts took, in milliseconds, by their paths.
pub type Times = BTreeMap<String, u64>;

impl Cache {
    /// The cache in the folder.
    pub fn new(store: Store, seal: Seal) -> Cache {
        Cache { store, seal, asked: AtomicUsize::new(0), known: AtomicUsize::new(0) }
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
        if let Some((report, time)) = self.get(&key) {
            self.known.fetch_add(1, Ordering::Relaxed);
            return (ChartReport { path: path.to_owned(), ..report }, time);
        }
        let start = Instant::now();
        let (report, asked) = outside::watch(|| judge::chart(path, Ok(chart.clone()), Ok(inputs)));
        let time = start.elapsed();
        if !asked && !report.failed && budget::check().is_ok() {
            self.put(&key, &report, time);
        }
        (report, time)
    }

    fn get(&self, key: &Key) -> Option<(ChartReport, Duration)> {
        let mut kept = self.read(key)?;
        let kept = kept.as_object_mut()?;
        let time = kept.remove("milliseconds")?.as_u64()?;
        Some((record::read(kept.remove("report")?)?, Duration::from_millis(time)))
    }

    fn put(&self, key: &Key, report: &ChartReport, time: Duration) {
        let mut report = record::write(report);
        // Where the chart lies is no part of what is found in it.
        report.as_object_mut().map(|report| report.remove("path"));
        self.write(key, &json!({"milliseconds": time.as_millis() as u64, "report": report}));
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
            self.store.trim();
        }
    }

    fn read(&self, key: &Key) -> Option<Json> {
        let packed = self.seal.open(key, &self.store.read(key)?)?.to_owned();
        let mut text = Vec::new();
        ZlibDecoder::new(&packed[..]).take(LARGEST).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, key: &Key, json: &Json) {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        let packed = packed.write_all(json.to_string().as_bytes()).and_then(|()| packed.finish());
        // A result that cannot be kept is judged anew.
        if let Ok(packed) = packed {
            self.store.write(key, &self.seal.close(key, &packed));
        }
    }
}
