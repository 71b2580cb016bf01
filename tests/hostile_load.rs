//! Charts, YAML and expressions that nobody would write: those of `testdata/` with bytes changed, cut, doubled and mixed,
//! archives both before and after they are packed. Whatever comes of them, it must come: no panic, no hang.
//!
//! `HOSTILE_CASES` and `HOSTILE_SEED` set how many and which.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll::internals::chart::{self, IgnoreRules, Metadata};
use plimsoll::internals::manifest::HelmVersion;
use plimsoll::internals::value::Map;
use plimsoll::internals::values::strvals::{self, Mode};
use plimsoll::internals::{stack, yaml};

use testkit::{archive, cases, damage};

/// What one input may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bits that are sown into texts.
const SEEDS: [&[u8]; 20] = [
    b"\n",
    b"  ",
    b"\t",
    b": ",
    b"- ",
    b"? ",
    b"&a ",
    b"*a",
    b"<<: *a",
    b"!!binary ",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"|\n",
    b"\0",
    b"\xff\xfe",
    b"\xEF\xBB\xBF",
    b"---\n",
];

/// An input and what reads it.
type Reader = fn(&[u8]);

#[test]
fn no_chart_panics_or_hangs() {
    let inputs = inputs();
    let mut chance = damage::chance();
    for _ in 0..damage::cases(4_000) {
        let (text, read) = chance.pick(&inputs);
        let mut text = text.clone();
        for _ in 0..=chance.below(4) {
            let (other, _) = chance.pick(&inputs);
            damage::damage(&mut chance, &mut text, other, &SEEDS, 700);
        }
        let start = Instant::now();
        let outcome = stack::with_stack(|| read(&text));
        let shown = String::from_utf8_lossy(&text[..text.len().min(4_000)]).into_owned();
        assert!(outcome.is_ok(), "this input panics:\n{shown}");
        assert!(start.elapsed() < PATIENCE, "this input takes {:?}:\n{shown}", start.elapsed());
    }
}

/// What the recorded cases are made of, each with all that reads such a thing.
fn inputs() -> Vec<(Vec<u8>, Reader)> {
    let testdata = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut inputs: Vec<(Vec<u8>, Reader)> = Vec::new();
    for case in cases::read_all(&testdata).expect("testdata is sound").iter().flat_map(|file| &file.cases) {
        for section in &case.sections {
            let text = section.text.clone().into_bytes();
            match section.kind.as_str() {
                "yaml" | "values" => inputs.push((text, read_yaml)),
                "set" | "string" | "literal" | "json-values" => inputs.push((text, read_expression)),
                "helmignore" => inputs.push((text, read_rules)),
                "file" if section.name.ends_with("Chart.yaml") => inputs.push((text, read_metadata)),
                "file" if section.name.ends_with("values.yaml") => inputs.push((text, read_yaml)),
                // Those that are large on purpose are left to their own cases.
                "archive" if !section.text.contains("zeros") => {
                    let packed = archive::build(&section.text).expect("testdata is sound");
                    inputs.push((packed, read_archive));
                    let plain = format!("{}\nplain", section.text.trim_end());
                    let plain = archive::build(plain.trim_start()).expect("testdata is sound");
                    inputs.push((plain, read_unpacked));
                }
                _ => {}
            }
        }
    }
    inputs
}

fn read_yaml(text: &[u8]) {
    let _ = yaml::parse_all(text);
    let _ = yaml::map_from_str_strict(text);
    let values = chart::load_values(text, HelmVersion::Helm4).unwrap_or_default();
    let value = plimsoll::internals::value::Value::Map(values);
    let _ = (yaml::to_yaml(&value), yaml::to_yaml_pretty(&value), yaml::json::to_json(&value));
}

fn read_expression(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for mode in [Mode::Typed, Mode::String, Mode::Literal, Mode::Json] {
        let _ = strvals::parse_into(&text, mode, &Map::new());
    }
}

fn read_rules(text: &[u8]) {
    if let Ok(rules) = IgnoreRules::parse(text) {
        rules.ignores("templates/a b/[x].yaml", false);
    }
}

fn read_metadata(text: &[u8]) {
    let _ = Metadata::parse_strict(text);
    if let Ok(mut metadata) = Metadata::parse(text) {
        let _ = metadata.validate();
    }
}

fn read_archive(bytes: &[u8]) {
    let _ = chart::load_archive(bytes);
}

/// Packs the bytes, so that what is damaged is the archive and not its packing.
fn read_unpacked(bytes: &[u8]) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    read_archive(&encoder.finish().expect("memory takes all"));
}
