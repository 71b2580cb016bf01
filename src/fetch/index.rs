//! [`Index`]: `index.yaml`, the list of what a chart repository offers, and the choice of a version from it.
//!
//! Source: Helm repo/v1/index.go `loadIndex`, `IndexFile.Get`.

use std::collections::BTreeMap;

use crate::go::semver::{Constraints, Version};
use crate::yaml::{self, Node};

/// A chart in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its version.
    pub version: String,
    /// Where its archive is; the first counts.
    pub urls: Vec<String>,
    /// The hexadecimal digits of the archive's SHA-256, if the index tells them.
    pub digest: String,
}

/// What a repository offers, by name, the newest version first.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: BTreeMap<String, Vec<Offer>>,
}

impl Index {
    /// Reads an index. Entries without a name or a version that can be read are left out.
    pub fn parse(data: &[u8]) -> Result<Index, String> {
        if data.is_empty() {
            return Err("empty index.yaml file".to_owned());
        }
        let node = yaml::parse(data).map_err(|error| error.to_string())?;
        let mut entries = BTreeMap::new();
        for entry in node.get("entries").map(Node::entries).unwrap_or_default() {
            let mut offers: Vec<(Version, Offer)> = entry.value.items().iter().filter_map(offer).collect();
            offers.sort_by(|(one, _), (other, _)| other.compare(one));
            entries.insert(entry.key.clone(), offers.into_iter().map(|(_, offer)| offer).collect());
        }
        if node.get("apiVersion").and_then(Node::as_str).is_none_or(str::is_empty) {
            return Err("no API version specified".to_owned());
        }
        Ok(Index { entries })
    }

    /// What is offered under a name.
    pub fn offers(&self, name: &str) -> Option<&[Offer]> {
        self.entries.get(name).map(Vec::as_slice)
    }

    /// The names, one a line.
    pub fn names(&self) -> String {
        self.entries.keys().map(|name| format!("{name}\n")).collect()
    }

    /// Whether a chart's archive is at this address.
    pub fn has_url(&self, url: &str) -> bool {
        let offers = self.entries.values().flatten();
        offers.flat_map(|offer| &offer.urls).any(|known| super::repositories::same_url(known, url))
    }

    /// The newest offer that the version, a constraint or nothing, allows.
    pub fn get(&self, name: &str, version: &str) -> Result<&Offer, String> {
        let offers = self.entries.get(name).ok_or("no chart name found")?;
        if offers.is_empty() {
            return Err("no chart version found".to_owned());
        }
        let constraint = Constraints::parse(if version.is_empty() { "*" } else { version })?;
        if let Some(exact) = offers.iter().find(|offer| offer.version == version) {
            return Ok(exact);
        }
        let fits =
            |offer: &&Offer| Version::parse(&offer.version).is_ok_and(|version| constraint.check(&version));
        offers.iter().find(fits).ok_or_else(|| format!("no chart version found for {name}-{version}"))
    }
}

fn offer(node: &Node) -> Option<(Version, Offer)> {
    let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let version = Version::parse(&text("version")).ok()?;
    let urls = node.get("urls").map(Node::items).unwrap_or_default();
    let urls = urls.iter().filter_map(Node::as_str).map(str::to_owned).collect();
    Some((version, Offer { version: text("version"), urls, digest: text("digest") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "apiVersion: v1\nentries:\n  a:\n  - {version: 1.0.0, urls: [x]}\n  - {version: 1.2.0, digest: d}\n\
                        \x20 - {version: 2.0.0-rc.1}\n  - {version: nope}\n  b: []\n";

    #[test]
    fn the_newest_that_fits_is_chosen() {
        let index = Index::parse(TEXT.as_bytes()).unwrap();
        for (version, wanted) in [
            ("", "1.2.0"),
            ("1.0.0", "1.0.0"),
            ("<1.2", "1.0.0"),
            (">0.0.0-0", "2.0.0-rc.1"),
            ("1.0", "1.0.0"),
        ] {
            assert_eq!(index.get("a", version).unwrap().version, wanted, "{version:?}");
        }
        assert_eq!(index.get("a", "9").unwrap_err(), "no chart version found for a-9");
        assert_eq!(index.get("b", "").unwrap_err(), "no chart version found");
        assert_eq!(index.get("c", "").unwrap_err(), "no chart name found");
        assert!(index.has_url("x") && !index.has_url("y"));
    }

    #[test]
    fn what_is_no_index_is_refused() {
        assert_eq!(Index::parse(b"").unwrap_err(), "empty index.yaml file");
        assert_eq!(Index::parse(b"entries: {}").unwrap_err(), "no API version specified");
    }
}
