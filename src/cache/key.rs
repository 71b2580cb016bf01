//! [`Key`]: a digest of everything that a result of judging depends on. What is looked at here field by field must be all that
//! there is: a new field does not compile until somebody has said what it means.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Arc;

use hex::encode;
use sha2::{Digest, Sha256};

use super::program::program;
use crate::chart::{Chart, File};
use crate::judge::{Before, Chosen, Inputs};
use crate::policy::{Profile, Request, YamlFile};
use crate::schema::Options;
use crate::values::User;
use crate::values::read::{Content, UserLayer};
use crate::yaml::Node;

/// What the form of keys and results is called: another one knows nothing of these.
const FORM: &str = "plimsoll result 1";

/// The name of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// The digest of a chart with all its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartDigest([u8; 32]);

impl ChartDigest {
    /// Of a chart as it was loaded: every file that counts, by name and content, whatever its time.
    pub fn of(chart: &Chart) -> ChartDigest {
        let mut hash = Hash::new("chart");
        // All else is made from the files.
        let Chart { raw, warnings, folder, .. } = chart;
        hash.number(raw.len());
        for File { name, data, modified: _ } in raw {
            hash.bytes(name.as_bytes());
            hash.bytes(data);
        }
        hash.debug(warnings);
        // Schemas may refer to files of a folder; which of them, is looked at when they do.
        hash.debug(&folder.is_some());
        ChartDigest(hash.end())
    }

    /// Its hexadecimal digits.
    pub(super) fn digits(&self) -> String {
        encode(self.0)
    }
}

impl Key {
    /// Of a chart that is judged with these inputs and limits.
    pub fn new(chart: &ChartDigest, inputs: &Inputs, limits: &str) -> Key {
        let mut hash = Hash::new(FORM);
        hash.bytes(program().as_bytes());
        hash.bytes(&chart.0);
        hash.bytes(limits.as_bytes());
        let Inputs {
            release,
            user,
            previous,
            kube_version,
            definitions,
            before,
            api_versions,
            schema,
            host,
            request,
            profiles,
            policy,
            view,
            // It is what the files of the chart parse to.
            known: _,
            coverage,
            // The report is the same on any number.
            threads: _,
        } = inputs;
        hash.debug(release);
        hash.user(user);
        hash.number(usize::from(previous.is_some()));
        if let Some(previous) = previous {
            hash.user(previous);
        }
        hash.debug(kube_version);
        hash.bytes(&digest_of_definitions(definitions));
        match before {
            None => hash.number(0),
            Some(Before::Chart(chart)) => {
                hash.number(1);
                hash.bytes(&ChartDigest::of(chart).0);
            }
            Some(Before::Values(user)) => {
                hash.number(2);
                hash.user(user);
            }
            Some(Before::Manifests(text)) => {
                hash.number(3);
                hash.bytes(text.as_bytes());
            }
        }
        hash.debug(api_versions);
        hash.debug(&schema.as_ref().map(|Options { fetch }| fetch.is_some()));
        // A clock and a seed that nobody gave are not kept if they are asked; what `lookup` finds is never kept.
        hash.debug(&host.is_given.then(|| host.given()));
        hash.number(usize::from(request.is_some()));
        if let Some(Request { body: YamlFile { file, node: _ } }) = request {
            hash.debug(file);
        }
        hash.number(profiles.len());
        for Chosen { profile, mode } in profiles {
            hash.bytes(&digest_of(profile));
            hash.debug(mode);
        }
        hash.debug(policy);
        hash.debug(view);
        hash.debug(coverage);
        Key(hash.end())
    }

    /// Of the times of charts.
    pub(super) fn of_times() -> Key {
        Key(Hash::new("plimsoll times 1").end())
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        encode(self.0)
    }
}

/// The digest of a profile, whatever the day: who looks at that says so. Charts that follow each other mostly have the same.
fn digest_of(profile: &Profile) -> [u8; 32] {
    thread_local! {
        static LAST: RefCell<Option<(Profile, [u8; 32])>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        if let Some((known, digest)) = last
            && known == profile
        {
            return *digest;
        }
        let mut hash = Hash::new("profile");
        // All of it is derived, so that nothing is left out.
        let mut any_day = profile.clone();
        any_day.today = None;
        hash.debug(&any_day);
        let digest = hash.end();
        *last = Some((profile.clone(), digest));
        digest
    })
}

/// The digest of custom resource definitions, which are the same for all charts of a run.
fn digest_of_definitions(definitions: &Arc<Vec<Node>>) -> [u8; 32] {
    type Known = (Arc<Vec<Node>>, [u8; 32]);
    thread_local! {
        static LAST: RefCell<Option<Known>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        // What is kept cannot change, and nothing else can have its address.
        if let Some((known, digest)) = last
            && Arc::ptr_eq(known, definitions)
        {
            return *digest;
        }
        let mut hash = Hash::new("definitions");
        hash.debug(definitions);
        let digest = hash.end();
        *last = Some((Arc::clone(definitions), digest));
        digest
    })
}

/// A hash of texts whose ends are known.
struct Hash(Sha256);

impl Hash {
    fn new(what: &str) -> Hash {
        let mut hash = Hash(Sha256::new());
        hash.bytes(what.as_bytes());
        hash
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    fn debug(&mut self, it: &impl Debug) {
        let mut text = String::new();
        // A text takes whatever is written.
        let _ = write!(text, "{it:?}");
        self.bytes(text.as_bytes());
    }

    fn user(&mut self, user: &User) {
        // The values are what the layers make together.
        let User { values: _, layers, helm } = user;
        self.debug(helm);
        self.number(layers.len());
        for UserLayer { layer, content } in layers {
            self.debug(layer);
            match content {
                Content::File(text) => {
                    self.number(1);
                    self.bytes(text);
                }
                // It is what the text of the layer says.
                Content::Object(_) => self.number(2),
                Content::Expression { text, language, files } => {
                    self.number(3);
                    self.bytes(text.as_bytes());
                    self.debug(language);
                    self.number(files.len());
                    for file in files {
                        self.bytes(file);
                    }
                }
            }
        }
    }

    fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
