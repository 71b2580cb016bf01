//! [`Attested`]: results that somebody signed and pushed beside a chart. One is a statement in the form of in-toto about the digest
//! of the chart's files, below an OpenPGP signature as provenance files have it, under a tag that is its key. What cannot be
//! had, or is not signed by a key of the keyring, or says something about something else, is not believed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::key::{ChartDigest, Key};
use crate::fetch::Fetcher;
use crate::signing::{self, Keyring};

/// The media type of a signed statement.
pub const MEDIA_TYPE: &str = "application/vnd.plimsoll.result.v1";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/result/v1");
/// The most bytes of a statement.
const LARGEST: u64 = 64 << 20;

/// Results in a registry.
#[derive(Debug)]
pub struct Attested {
    fetcher: Fetcher,
    /// `oci://HOST/PATH`, below which each chart has its repository.
    base: String,
    keyring: Keyring,
    /// Whether the registry cannot be reached: then it is not asked again.
    is_gone: AtomicBool,
    /// Why results were not believed.
    told: Mutex<Vec<String>>,
}

#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Deserialize)]
struct Subject {
    digest: Digests,
}

#[derive(Deserialize)]
struct Digests {
    sha256: String,
}

#[derive(Deserialize)]
struct Predicate {
    key: String,
    result: Json,
}

/// The text that is signed.
pub fn statement(name: &str, chart: &ChartDigest, key: &Key, result: &Json) -> String {
    let statement = json!({
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": chart.digits()}}],
        "predicateType": PREDICATE,
        "predicate": {"key": key.name(), "result": result},
    });
    format!("{statement}\n")
}

/// The tag of a result.
pub fn tag(key: &Key) -> String {
    format!("plimsoll-{}", key.name())
}

impl Attested {
    /// The results below `oci://HOST/PATH` that a key of the keyring signed.
    pub fn new(fetcher: Fetcher, base: &str, keyring: Keyring) -> Attested {
        let (is_gone, told) = (AtomicBool::new(false), Mutex::default());
        Attested { fetcher, base: base.to_owned(), keyring, is_gone, told }
    }

    /// The result of the chart under the key, if one is there that can be believed.
    pub(super) fn get(&self, name: &str, chart: &ChartDigest, key: &Key) -> Option<Json> {
        if self.is_gone.load(Ordering::Relaxed) {
            return None;
        }
        let place = (self.base.as_str(), name, tag(key));
        let text = match self.fetcher.text_beside((place.0, place.1, &place.2), MEDIA_TYPE, LARGEST) {
            Ok(text) => text?,
            Err(error) => {
                // What is wrong with one answer may be right with the next; a registry that cannot be reached is not asked again.
                self.is_gone.store(!error.is_answer(), Ordering::Relaxed);
                self.tell(format!("the results of {name} cannot be read: {error}"));
                return None;
            }
        };
        match self.believe(&text, chart, key) {
            Ok(result) => Some(result),
            Err(why) => {
                self.tell(format!("the result of {name} in {} is not believed: {why}", self.base));
                None
            }
        }
    }

    fn believe(&self, text: &[u8], chart: &ChartDigest, key: &Key) -> Result<Json, String> {
        let signed = self.keyring.open(text, signing::now()).map_err(|error| error.to_string())?;
        let statement: Statement = serde_json::from_slice(&signed).map_err(|error| error.to_string())?;
        let Statement { kind, subject, predicate_type, predicate } = statement;
        let is_about = matches!(&subject[..], [one] if one.digest.sha256 == chart.digits());
        if kind != STATEMENT || predicate_type != PREDICATE || !is_about || predicate.key != key.name() {
            return Err("it is signed, and says something about something else".to_owned());
        }
        Ok(predicate.result)
    }

    fn tell(&self, line: String) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Why results were not believed, each reason once.
    pub(super) fn told(&self) -> Vec<String> {
        let mut told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        told.sort_unstable();
        told.dedup();
        told
    }
}
