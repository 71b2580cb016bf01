//! What is fuzzed: a function for each kind of text that comes from strangers, with what it begins from. `cargo fuzz` and
//! `cargo xtask fuzz` run the same ones. Each runs as a chart does, within the budget that is shipped, so that whatever comes
//! of a text, it must come soon, in little memory and without a panic.
//!
//! A case that was found is committed below `fuzz/corpus/TARGET`, where every driver begins.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use plimsoll::internals::budget::Run;
use plimsoll::internals::chart::{self, Chart, File, IgnoreRules, Metadata};
use plimsoll::internals::fetch::index::Index;
use plimsoll::internals::judge::{self, Inputs};
use plimsoll::internals::manifest::HelmVersion;
use plimsoll::internals::oci::manifest::{Content, refusal};
use plimsoll::internals::oci::reference::Reference;
use plimsoll::internals::policy::{Profile, Request, YamlFile};
use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::render::{self, Release};
use plimsoll::internals::report::{Format, Look};
use plimsoll::internals::value::{Map, Value};
use plimsoll::internals::values::strvals::{self, Mode};
use plimsoll::internals::{schema, values, yaml};

use crate::{archive, cases, testdata};

/// A target: its name, what it does with a text, and the kinds of sections of `testdata` that it begins from.
pub struct Target {
    /// The name, which is that of its folder below `fuzz/corpus`.
    pub name: &'static str,
    /// Does with a text what the product does with one of its kind.
    pub run: fn(&[u8]),
    /// The kinds of sections in `testdata`.
    pub kinds: &'static [&'static str],
}

/// Every target.
pub const TARGETS: [Target; 9] = [
    Target { name: "template", run: template, kinds: &["template", "in", "text"] },
    Target { name: "yaml", run: yaml, kinds: &["yaml", "values"] },
    Target { name: "values", run: expressions, kinds: &["set", "string", "literal", "json-values"] },
    Target { name: "archive", run: archive_of, kinds: &["archive"] },
    Target { name: "reference", run: reference, kinds: &["set"] },
    Target { name: "index", run: index, kinds: &["values"] },
    Target { name: "manifest", run: manifest, kinds: &["yaml"] },
    Target { name: "configuration", run: configuration, kinds: &["yaml"] },
    Target { name: "request", run: request, kinds: &["yaml", "json-values"] },
];

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// What it begins from: the committed corpus, and the sections of `testdata`.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds = Vec::new();
        let corpus = testdata().with_file_name("fuzz").join("corpus").join(self.name);
        let mut files: Vec<_> = std::fs::read_dir(corpus).into_iter().flatten().flatten().collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        seeds.extend(files.iter().filter_map(|file| std::fs::read(file.path()).ok()));
        let recorded = cases::read_all(&testdata()).unwrap_or_default();
        for case in recorded.iter().flat_map(|file| &file.cases) {
            if self.name == "template" {
                seeds.extend(case.templates().map(|(_, text)| text.into_bytes()));
            }
            for section in case.sections.iter().filter(|section| self.kinds.contains(&section.kind.as_str()))
            {
                match section.kind.as_str() {
                    // Those that are large on purpose are left to their own cases.
                    "archive" if section.text.contains("zeros") => {}
                    "archive" => {
                        let plain = format!("{}\nplain", section.text.trim_end());
                        seeds.extend(archive::build(plain.trim_start()).ok());
                    }
                    _ => seeds.push(section.text.clone().into_bytes()),
                }
            }
        }
        if seeds.is_empty() {
            seeds.push(b"a: 1\n".to_vec());
        }
        seeds
    }
}

/// A chart of one template, rendered.
fn template(text: &[u8]) {
    let _run = Run::of_chart();
    let chart = Chart {
        metadata: Metadata { name: "c".to_owned(), version: "0.1.0".to_owned(), ..Metadata::default() },
        full_path: "c".to_owned(),
        is_root: true,
        templates: vec![File { name: "templates/t.yaml".to_owned(), data: text.into(), modified: 0 }],
        ..Chart::default()
    };
    let given = yaml::map_from_str("{s: text, i: 3, l: [1, two, null], m: {a: 1, b: {c: x}}, n: null}");
    let request = render::Request::new(Release::new("release", "default"));
    let given = given.unwrap_or_default();
    if let Ok(values) =
        values::to_render_values(&chart, &given, request.helm, request.schema, &mut Vec::new())
    {
        let _ = render::templates::<()>(&chart, &values, &request, &mut FixedHost::new("fuzz", 0));
    }
}

/// YAML, JSON and TOML, read and written again, and a schema for values.
fn yaml(text: &[u8]) {
    let _run = Run::of_chart();
    let _ = yaml::parse_all(text);
    let _ = yaml::map_from_str_strict(text);
    let values = chart::load_values(text, HelmVersion::Helm4).unwrap_or_default();
    let _ = schema::validate(&values, text, schema::Options::default(), None, &mut Vec::new());
    let value = Value::Map(values);
    let _ = (yaml::to_yaml(&value), yaml::to_yaml_pretty(&value), yaml::json::to_json(&value));
    if let Ok(map) = yaml::toml::from_toml(text) {
        let _ = yaml::toml::to_toml(&Value::Map(map));
    }
    let _ = IgnoreRules::parse(text).map(|rules| rules.ignores("templates/a b/[x].yaml", false));
}

/// The expressions of `--set` and its sisters.
fn expressions(text: &[u8]) {
    let _run = Run::of_chart();
    let text = String::from_utf8_lossy(text);
    for mode in [Mode::Typed, Mode::String, Mode::Literal, Mode::Json] {
        let _ = strvals::parse_into(&text, mode, &Map::new());
    }
    let _ = values::split_list(&text);
}

/// An archive; the bytes are packed here, so that what is changed is the archive and not its packing.
fn archive_of(bytes: &[u8]) {
    let _run = Run::of_chart();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    if encoder.write_all(bytes).is_ok()
        && let Ok(packed) = encoder.finish()
    {
        let _ = chart::load_archive(&packed[..]);
    }
    let _ = chart::load_archive(bytes);
}

/// A reference to a chart in a registry.
fn reference(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    if let Ok(reference) = Reference::parse(&text) {
        let printed = reference.to_string();
        let again = Reference::parse(&printed).map(|again| again.to_string());
        assert_eq!(again.as_ref(), Ok(&printed), "what is printed is read again");
    }
    let _ = Reference::parse_strict(&text);
}

/// The index of a repository, and what a registry answers.
fn index(text: &[u8]) {
    let _run = Run::of_chart();
    if let Ok(index) = Index::parse(text, "here") {
        let _ = (index.names(), index.get("a", ">0.0.0-0").is_ok());
    }
    let _ = (Content::parse(text).is_ok(), refusal(text));
}

fn inputs() -> Inputs {
    Inputs::new(Release::new("fuzz", "default"), FixedHost::new("fuzz", 0))
}

/// Rendered YAML, judged and told in every format.
fn manifest(text: &[u8]) {
    let _run = Run::of_chart();
    let text = String::from_utf8_lossy(text).into_owned();
    let report = judge::Report { charts: vec![judge::manifests("fuzz.yaml", text, &inputs())] };
    for format in [Format::Human, Format::Junit, Format::Tap, Format::Sarif] {
        let _ = format.write(&report, Look::default(), &mut Vec::new());
    }
}

/// A configuration.
fn configuration(text: &[u8]) {
    let _run = Run::of_chart();
    let _ = Profile::parse(&String::from_utf8_lossy(text)).is_ok();
}

/// A request, judged with an object.
fn request(text: &[u8]) {
    let _run = Run::of_chart();
    if let Ok(body) = YamlFile::parse("request.json", &String::from_utf8_lossy(text)) {
        let inputs = Inputs { request: Some(Request { body }), ..inputs() };
        let pod = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 8000}]}\n";
        let _ = judge::manifests("fuzz.yaml", pod.to_owned(), &inputs);
    }
}
