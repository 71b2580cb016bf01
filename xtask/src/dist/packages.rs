//! What the program is made of: the crates that are linked into it for a target, as Cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::root;

use super::target::{Target, said};

/// A crate of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as SPDX writes it.
    pub licence: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Where its sources lie.
    pub folder: PathBuf,
    /// The SHA-256 of its archive, as the lock has it; `None` for our own.
    pub sum: Option<String>,
    /// The crates that it uses, by [`Package::id`].
    pub uses: Vec<String>,
}

impl Package {
    /// Name and version.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// The program and everything that is linked into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packages {
    /// The program itself.
    pub own: Package,
    /// The others, by name and version.
    pub others: Vec<Package>,
    /// Where Cargo builds.
    pub target_folder: PathBuf,
}

impl Packages {
    /// Asks Cargo.
    pub fn of(target: &Target) -> Result<Packages, String> {
        let manifest = root().join("Cargo.toml");
        let manifest = manifest.display().to_string();
        let words = ["metadata", "--format-version", "1", "--locked", "--filter-platform", target.triple];
        let text = said(env!("CARGO"), &[&words[..], &["--manifest-path", &manifest]].concat())?;
        let metadata = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
        let lock = root().join("Cargo.lock");
        let lock = std::fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
        Packages::read(&metadata, &sums(&lock))
    }

    fn read(metadata: &Value, sums: &BTreeMap<String, String>) -> Result<Packages, String> {
        let ids = by_id(&metadata["packages"]);
        let nodes = by_id(&metadata["resolve"]["nodes"]);
        let is_own = |package: &&&Value| package["name"] == "plimsoll" && package["source"].is_null();
        let own = ids.values().find(is_own).ok_or("cargo metadata knows no `plimsoll`")?;
        let mut waiting = vec![text(&own["id"])];
        let mut found = BTreeMap::new();
        while let Some(id) = waiting.pop() {
            if found.contains_key(id) {
                continue;
            }
            let (Some(package), Some(node)) = (ids.get(id), nodes.get(id)) else {
                return Err(format!("cargo metadata does not say what {id} is"));
            };
            let uses = linked(node);
            waiting.extend(&uses);
            let uses = uses.iter().filter_map(|id| ids.get(id)).map(|package| name(package)).collect();
            found.insert(id, read_package(package, uses, sums)?);
        }
        let own = found.remove(text(&own["id"])).ok_or("the program is not part of itself")?;
        let mut others: Vec<Package> = found.into_values().collect();
        others.sort_by_key(Package::id);
        Ok(Packages { own, others, target_folder: PathBuf::from(text(&metadata["target_directory"])) })
    }
}

/// The packages that a package is linked with: not those that only build or test it.
fn linked(node: &Value) -> Vec<&str> {
    let is_linked = |dependency: &&Value| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    node["deps"].as_array().into_iter().flatten().filter(is_linked).map(|it| text(&it["pkg"])).collect()
}

fn read_package(
    package: &Value,
    uses: BTreeSet<String>,
    sums: &BTreeMap<String, String>,
) -> Result<Package, String> {
    let id = name(package);
    let manifest = Path::new(text(&package["manifest_path"]));
    let licence = package["license"].as_str().ok_or_else(|| format!("{id} names no licence"))?;
    Ok(Package {
        name: text(&package["name"]).to_owned(),
        version: text(&package["version"]).to_owned(),
        // An older way to write it.
        licence: licence.replace(" / ", "/").replace('/', " OR "),
        authors: package["authors"].as_array().into_iter().flatten().map(|it| text(it).to_owned()).collect(),
        folder: manifest.parent().unwrap_or(manifest).to_owned(),
        sum: sums.get(&id).cloned(),
        uses: uses.into_iter().collect(),
    })
}

fn name(package: &Value) -> String {
    format!("{}@{}", text(&package["name"]), text(&package["version"]))
}

fn by_id(list: &Value) -> BTreeMap<&str, &Value> {
    list.as_array().into_iter().flatten().map(|item| (text(&item["id"]), item)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The SHA-256 of each crate's archive in a lock, by name and version.
fn sums(lock: &str) -> BTreeMap<String, String> {
    let fields = |block: &str| -> BTreeMap<String, String> {
        let pairs = block.lines().filter_map(|line| line.split_once(" = "));
        pairs.map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned())).collect()
    };
    let blocks = lock.split("[[package]]").map(fields);
    blocks
        .filter_map(|mut block| {
            let id = format!("{}@{}", block.remove("name")?, block.remove("version")?);
            Some((id, block.remove("checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_only_builds_or_tests_is_no_part_of_the_program() {
        let package = |name: &str, source: Value| {
            json!({
                "id": format!("{name} 1"), "name": name, "version": "1.0.0", "source": source,
                "license": "MIT/Apache-2.0", "authors": ["A"], "manifest_path": format!("/src/{name}/Cargo.toml"),
            })
        };
        let uses =
            |name: &str, kind: Value| json!({"pkg": format!("{name} 1"), "dep_kinds": [{"kind": kind}]});
        let node = |name: &str, deps: Vec<Value>| json!({"id": format!("{name} 1"), "deps": deps});
        let metadata = json!({
            "target_directory": "/target",
            "packages": [
                package("plimsoll", Value::Null), package("a", json!("registry")), package("b", json!("registry")),
                package("cc", json!("registry")), package("proptest", json!("registry")),
            ],
            "resolve": {"nodes": [
                node("plimsoll", vec![uses("a", Value::Null), uses("proptest", json!("dev"))]),
                node("a", vec![uses("b", Value::Null), uses("cc", json!("build"))]),
                node("b", vec![]), node("cc", vec![]), node("proptest", vec![]),
            ]},
        });
        let sums = sums("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"12\"\n");
        let packages = Packages::read(&metadata, &sums).unwrap();
        assert_eq!(packages.own.uses, ["a@1.0.0"]);
        let others: Vec<String> = packages.others.iter().map(Package::id).collect();
        assert_eq!(others, ["a@1.0.0", "b@1.0.0"]);
        assert_eq!(packages.others[0].sum.as_deref(), Some("12"));
        assert_eq!(packages.others[0].licence, "MIT OR Apache-2.0");
    }
}
