//! The container image, as an archive in OCI's layout, made from nothing: the program, certificates of the authorities that
//! servers show, an empty `/tmp` and a home for a user who is not root. No daemon is needed; `skopeo copy oci-archive:…` carries
//! it to a registry.
//!
//! Source: OCI image format 1.1, image-layout.md, config.md.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::member::{Folder, Member, gzip, tar, untar};
use super::moment::Moment;
use super::release::{REPOSITORY, Release, SUMMARY, THIRD_PARTY};
use super::sums::sha256;

/// The licence of the list of authorities.
const AUTHORITIES_LICENCE: &str = include_str!("../../../packaging/licences/cdla-permissive-2.0.txt");
/// Nobody in particular; the number that other images without a system use.
const USER: u64 = 65532;
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const FOLDERS: [Folder; 3] = [
    Folder { path: "home/plimsoll", mode: 0o755, owner: USER },
    Folder { path: "tmp", mode: 0o1777, owner: 0 },
    Folder { path: "work", mode: 0o755, owner: USER },
];

/// Makes it.
pub fn make(release: &Release) -> io::Result<Member> {
    let layer = tar(files(release), &FOLDERS, release.moment)?;
    let unpacked = format!("sha256:{}", sha256(&layer));
    let mut blobs = Blobs::default();
    let layer = blobs.add(LAYER, gzip(&layer)?);
    let config = blobs.add_json(CONFIG, &config(release, &unpacked));
    let mut manifest = blobs.add_json(
        MANIFEST,
        &json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer],
            "annotations": labels(release),
        }),
    );
    let (os, architecture) = release.target.go;
    manifest["platform"] = json!({"os": os, "architecture": architecture});
    manifest["annotations"] = json!({"org.opencontainers.image.ref.name": release.version});
    let name = format!("plimsoll-{}-{os}-{architecture}.oci.tar", release.version);
    blobs.archive(name, &[manifest], release.moment)
}

/// One image of those for several systems, from which everybody gets the one for theirs.
pub fn join(images: &[&Member], version: &str, moment: Moment) -> io::Result<Member> {
    let mut blobs = Blobs::default();
    let mut manifests = Vec::new();
    for image in images {
        for mut file in untar(&image.data)? {
            if file.path == "index.json" {
                let mut index: Value = serde_json::from_slice(&file.data)?;
                manifests.extend(index["manifests"].as_array_mut().map(std::mem::take).unwrap_or_default());
            } else if file.path.starts_with("blobs/") && blobs.0.iter().all(|blob| blob.path != file.path) {
                file.runs = false;
                blobs.0.push(file);
            }
        }
    }
    for manifest in &mut manifests {
        manifest.as_object_mut().map(|manifest| manifest.remove("annotations"));
    }
    let mut index = blobs.add_json(INDEX, &index(&manifests));
    index["annotations"] = json!({"org.opencontainers.image.ref.name": version});
    blobs.archive(format!("plimsoll-{version}.oci.tar"), &[index], moment)
}

fn index(manifests: &[Value]) -> Value {
    json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests})
}

fn files(release: &Release) -> Vec<Member> {
    let user = format!("plimsoll:x:{USER}:{USER}::/home/plimsoll:/nonexistent\n");
    vec![
        Member::program("usr/bin/plimsoll", release.program.clone()),
        Member::new("etc/passwd", format!("root:x:0:0:root:/:/nonexistent\n{user}")),
        Member::new("etc/group", format!("root:x:0:\nplimsoll:x:{USER}:\n")),
        Member::new("etc/ssl/certs/ca-certificates.crt", authorities()),
        release.text("LICENSE").below("usr/share/doc/plimsoll"),
        release.text(THIRD_PARTY).below("usr/share/doc/plimsoll"),
        Member::new("usr/share/doc/plimsoll/plimsoll.cdx.json", release.bill.as_bytes()),
        Member::new("usr/share/doc/plimsoll/ca-certificates.LICENSE", AUTHORITIES_LICENCE),
    ]
}

/// Mozilla's list of authorities, in the version that the lock names.
fn authorities() -> String {
    let certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|certificate| {
        let text = STANDARD.encode(certificate);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    });
    certificates.collect()
}

fn config(release: &Release, layer: &str) -> Value {
    let (os, architecture) = release.target.go;
    let created = release.moment.rfc3339();
    json!({
        "created": created,
        "os": os,
        "architecture": architecture,
        "config": {
            "User": format!("{USER}:{USER}"),
            "Env": ["PATH=/usr/bin", "HOME=/home/plimsoll"],
            "Entrypoint": ["/usr/bin/plimsoll"],
            "Cmd": ["--help"],
            "WorkingDir": "/work",
            "Labels": labels(release),
        },
        "rootfs": {"type": "layers", "diff_ids": [layer]},
        "history": [{"created": created, "created_by": "cargo xtask dist"}],
    })
}

fn labels(release: &Release) -> Value {
    json!({
        "org.opencontainers.image.created": release.moment.rfc3339(),
        "org.opencontainers.image.description": SUMMARY,
        "org.opencontainers.image.licenses": "Apache-2.0",
        "org.opencontainers.image.source": REPOSITORY,
        "org.opencontainers.image.title": "plimsoll",
        "org.opencontainers.image.version": release.version,
    })
}

/// What an image consists of, each by its sum.
#[derive(Default)]
struct Blobs(Vec<Member>);

impl Blobs {
    /// Adds one and gives its description.
    fn add(&mut self, media_type: &str, data: Vec<u8>) -> Value {
        let digits = sha256(&data);
        let size = data.len();
        self.0.push(Member::new(format!("blobs/sha256/{digits}"), data));
        json!({"mediaType": media_type, "digest": format!("sha256:{digits}"), "size": size})
    }

    /// The archive of all of them.
    fn archive(mut self, name: String, manifests: &[Value], moment: Moment) -> io::Result<Member> {
        self.0.push(Member::new("index.json", index(manifests).to_string()));
        self.0.push(Member::new("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#));
        Ok(Member::new(name, tar(self.0, &[], moment)?))
    }

    fn add_json(&mut self, media_type: &str, value: &Value) -> Value {
        self.add(media_type, value.to_string().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;
    use crate::dist::target::TARGETS;
    use std::collections::BTreeMap;
    use std::io::Read;

    #[test]
    fn every_blob_is_what_its_name_says_and_the_layer_what_the_configuration_says() {
        let image = make(&samples::release()).unwrap();
        assert_eq!(image.path, "plimsoll-1.2.3-linux-amd64.oci.tar");
        let files = untar(&image.data).unwrap();
        let blobs: BTreeMap<String, Vec<u8>> = files.into_iter().map(|file| (file.path, file.data)).collect();
        let read = |path: &str| -> Value { serde_json::from_slice(&blobs[path]).unwrap() };
        let blob = |of: &Value| {
            let digest = of["digest"].as_str().unwrap().replace(':', "/");
            let data = &blobs[&format!("blobs/{digest}")];
            assert_eq!(digest, format!("sha256/{}", sha256(data)));
            assert_eq!(of["size"], data.len());
            data.clone()
        };
        let manifest: Value = serde_json::from_slice(&blob(&read("index.json")["manifests"][0])).unwrap();
        let config: Value = serde_json::from_slice(&blob(&manifest["config"])).unwrap();
        assert_eq!(config["config"]["User"], "65532:65532");
        let mut layer = Vec::new();
        flate2::read::GzDecoder::new(blob(&manifest["layers"][0]).as_slice())
            .read_to_end(&mut layer)
            .unwrap();
        assert_eq!(config["rootfs"]["diff_ids"][0], format!("sha256:{}", sha256(&layer)));
    }

    #[test]
    fn an_image_for_several_systems_leads_to_the_one_of_each() {
        let one = make(&samples::release()).unwrap();
        let other = make(&Release { target: &TARGETS[2], ..samples::release() }).unwrap();
        let all = join(&[&one, &other], "1.2.3", Moment(0)).unwrap();
        assert_eq!(all.path, "plimsoll-1.2.3.oci.tar");
        let files: BTreeMap<String, Vec<u8>> =
            untar(&all.data).unwrap().into_iter().map(|file| (file.path, file.data)).collect();
        let blob = |of: &Value| -> Value {
            let path = format!("blobs/{}", of["digest"].as_str().unwrap().replace(':', "/"));
            serde_json::from_slice(&files[&path]).unwrap()
        };
        let top: Value = serde_json::from_slice(&files["index.json"]).unwrap();
        let index = blob(&top["manifests"][0]);
        let systems: Vec<Value> = index["manifests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|manifest| {
                assert_eq!(
                    blob(&blob(manifest)["config"])["architecture"],
                    manifest["platform"]["architecture"]
                );
                manifest["platform"]["architecture"].clone()
            })
            .collect();
        assert_eq!(systems, ["amd64", "arm64"]);
    }

    #[test]
    fn the_authorities_are_certificates() {
        let text = authorities();
        assert!(text.matches("-----BEGIN CERTIFICATE-----\nMII").count() > 100);
        assert!(text.lines().all(|line| line.len() <= 64));
    }
}
