//! The bill of materials, in CycloneDX's JSON: the program, the crates in it, their licences, sums and who uses whom.
//!
//! Source: CycloneDX 1.6, <https://cyclonedx.org/docs/1.6/json/>.

use serde_json::{Value, json};

use super::moment::Moment;
use super::packages::{Package, Packages};
use super::sums::sha256;

/// The bill of a program.
pub fn bill(packages: &Packages, program: &[u8], moment: Moment) -> String {
    let digest = sha256(program);
    let mut own = component(&packages.own, "application");
    own["hashes"] = json!([{"alg": "SHA-256", "content": digest}]);
    let components: Vec<Value> =
        packages.others.iter().map(|package| component(package, "library")).collect();
    let all = std::iter::once(&packages.own).chain(&packages.others);
    let uses = |package: &Package| package.uses.iter().map(|id| url(id)).collect::<Vec<_>>();
    let dependencies: Vec<Value> =
        all.map(|package| json!({"ref": url(&package.id()), "dependsOn": uses(package)})).collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(&digest),
        "version": 1,
        "metadata": {
            "timestamp": moment.rfc3339(),
            "tools": {"components": [{"type": "application", "name": "cargo xtask dist"}]},
            "component": own,
        },
        "components": components,
        "dependencies": dependencies,
    });
    format!("{bill:#}\n")
}

fn component(package: &Package, kind: &str) -> Value {
    let id = url(&package.id());
    let mut component = json!({
        "type": kind,
        "bom-ref": id,
        "name": package.name,
        "version": package.version,
        "licenses": [{"expression": package.licence}],
        "purl": id,
    });
    if !package.authors.is_empty() {
        let authors = package.authors.iter().map(|author| json!({"name": author}));
        component["authors"] = authors.collect();
    }
    if let Some(sum) = &package.sum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    component
}

/// A package's URL, as tools that know of vulnerabilities look for it.
fn url(id: &str) -> String {
    format!("pkg:cargo/{}", id.replace('+', "%2B"))
}

/// A UUID that is the same for the same program: RFC 9562, version 8.
fn serial_number(digest: &str) -> String {
    let part = |from: usize, to: usize| &digest[from..to];
    format!("urn:uuid:{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn a_bill_names_each_crate_and_who_uses_it() {
        let package = |name: &str, uses: &[&str], sum: Option<&str>| Package {
            name: name.to_owned(),
            version: "1.0.0+1".to_owned(),
            licence: "MIT".to_owned(),
            authors: Vec::new(),
            folder: PathBuf::new(),
            sum: sum.map(str::to_owned),
            uses: uses.iter().map(|&name| name.to_owned()).collect(),
        };
        let packages = Packages {
            own: package("plimsoll", &["a@1.0.0+1"], None),
            others: vec![package("a", &[], Some("12"))],
            target_folder: PathBuf::new(),
        };
        let text = bill(&packages, b"program", Moment(1_700_000_001));
        assert_eq!(text, bill(&packages, b"program", Moment(1_700_000_001)));
        let bill: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(bill["metadata"]["timestamp"], "2023-11-14T22:13:21Z");
        assert_eq!(bill["components"][0]["purl"], "pkg:cargo/a@1.0.0%2B1");
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "12");
        assert_eq!(bill["dependencies"][0]["dependsOn"][0], bill["components"][0]["bom-ref"]);
        let number = bill["serialNumber"].as_str().unwrap();
        let lengths: Vec<usize> = number.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
    }
}
