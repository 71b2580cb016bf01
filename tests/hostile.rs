//! Templates that nobody would write: those of `testdata/` with bytes changed, cut, doubled and mixed. Whatever comes of
//! them, it must come: no panic, no hang, no output without end.
//!
//! `HOSTILE_CASES` and `HOSTILE_SEED` set how many and which.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use plimsoll::internals::budget::Run;
use plimsoll::internals::chart::{Chart, File, Metadata};
use plimsoll::internals::render::{self, Release, Request, host::FixedHost};
use plimsoll::internals::{stack, values, yaml};

use testkit::{cases, damage};

/// What a single template may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bits of syntax that are sown into templates.
const SEEDS: [&[u8]; 24] = [
    b"{{",
    b"}}",
    b"{{-",
    b"-}}",
    b"(",
    b")",
    b"|",
    b"\"",
    b"`",
    b"'",
    b".",
    b"$",
    b":=",
    b"=",
    b",",
    b"{{ end }}",
    b"{{ else }}",
    b"/*",
    b"*/",
    b"%!*[9]d",
    b"\0",
    b"1e999",
    b"{{ range . }}",
    b"{{ define \"t\" }}",
];

#[test]
fn no_template_panics_or_hangs() {
    let texts = texts();
    let mut chance = damage::chance();
    for _ in 0..damage::cases(3_000) {
        let mut text = chance.pick(&texts).clone();
        for _ in 0..=chance.below(4) {
            let other = chance.pick(&texts);
            damage::damage(&mut chance, &mut text, other, &SEEDS, 40);
        }
        let start = Instant::now();
        let outcome = run(&text);
        let shown = String::from_utf8_lossy(&text).into_owned();
        assert!(outcome.is_ok(), "this template panics:\n{shown}");
        assert!(start.elapsed() < PATIENCE, "this template takes {:?}:\n{shown}", start.elapsed());
    }
}

/// The templates of every recorded case.
fn texts() -> Vec<Vec<u8>> {
    let testdata = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let files = cases::read_all(&testdata).expect("testdata is sound");
    let of_engine =
        files.iter().filter(|file| file.title.starts_with("template") || file.title.starts_with("funcs"));
    let texts = of_engine
        .flat_map(|file| &file.cases)
        .flat_map(|case| case.templates().map(|(_, text)| text.into_bytes()).collect::<Vec<_>>());
    texts.collect()
}

/// Renders a chart of that one template with the limits that are shipped; an error is a panic.
fn run(text: &[u8]) -> Result<usize, String> {
    stack::with_stack(|| {
        let _run = Run::start();
        let chart = Chart {
            metadata: Metadata { name: "c".to_owned(), version: "0.1.0".to_owned(), ..Metadata::default() },
            full_path: "c".to_owned(),
            is_root: true,
            templates: vec![File { name: "templates/t.yaml".to_owned(), data: text.into(), modified: 0 }],
            ..Chart::default()
        };
        let given = yaml::map_from_str("{s: text, i: 3, l: [1, two, null], m: {a: 1, b: {c: x}}, n: null}")
            .expect("the values are sound");
        let request = Request::new(Release::new("release", "default"));
        let values = values::to_render_values(&chart, &given, request.helm, request.schema, &mut Vec::new());
        let Ok(values) = values else { return 0 };
        let mut host = FixedHost::new("hostile", 0);
        match render::templates::<()>(&chart, &values, &request, &mut host) {
            Ok(outputs) => outputs.iter().map(|output| output.text.len()).sum(),
            Err(error) => error.to_string().len(),
        }
    })
}
