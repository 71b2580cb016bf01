//! However charts are shared out, their merged report is that of one run, in every format.

use std::io::Cursor;

use clap::ValueEnum;
use proptest::prelude::*;

use super::{Error, Parts, head};
use crate::diagnostic::{
    Applicability, Diagnostic, Edit, FileLine, Fix, IncludeSite, Layer, Location, ObjectId, RenderedPosition,
    Severity, ShadowedValue, ValueOrigin,
};
use crate::judge::view::{Line, Page, Shown, View};
use crate::judge::{Answer, ChartReport, Report, Root, Run, Tally, Verdict};
use crate::path::{FieldPath, Step};
use crate::policy::Mode;
use crate::report::{Detail, Format, Look, Shard, Stream, Style};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}( [a-z]{1,8}){0,6}",
        ".{0,12}",
        Just("\u{1b}[2J\u{202e}\u{fffe}a\"b<c>&\n::error::x\nok 9 - y #\u{10ffff}\\x80".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = FieldPath> {
    let step = prop_oneof![
        "[a-z]{1,6}".prop_map(Step::Key),
        text().prop_map(Step::Item),
        (0_usize..30).prop_map(Step::Index)
    ];
    prop::collection::vec(step, 0..5).prop_map(FieldPath::new)
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn layer() -> impl Strategy<Value = Layer> {
    prop_oneof![
        text().prop_map(Layer::Chart),
        text().prop_map(Layer::File),
        text().prop_map(Layer::Request),
        text().prop_map(|text| Layer::Expression { flag: "--set", text }),
    ]
}

fn origin() -> impl Strategy<Value = ValueOrigin> {
    (path(), path(), value(), prop::option::of(layer()), layer()).prop_map(
        |(key, path, value, layer, below)| ValueOrigin {
            key,
            path,
            shadows: vec![ShadowedValue { layer: below, line: Some(2), value: value.clone() }],
            value,
            layer,
            line: Some(7),
            ..ValueOrigin::default()
        },
    )
}

fn location() -> impl Strategy<Value = Location> {
    let kind = prop::sample::select(vec!["Pod", "Secret", "Deployment", ""]);
    let object = (kind, text()).prop_map(|(kind, name)| ObjectId {
        kind: kind.to_owned(),
        name,
        api_version: "v1".to_owned(),
        namespace: None,
    });
    let source = ("[a-z]{1,6}/[a-zä ]{1,6}", prop::option::of(1_usize..90), prop::option::of(1_usize..9))
        .prop_map(|(file, line, column)| FileLine { file, line, column: column.filter(|_| line.is_some()) });
    let lines = (prop::option::of(text()), prop::option::of(text()), 1_usize..9, any::<bool>());
    (prop::option::of(object), prop::option::of(source), prop::option::of(path()), lines).prop_map(
        |(object, source, field, (source_excerpt, excerpt, line, is_given))| Location {
            object,
            source,
            field,
            source_excerpt,
            excerpt,
            is_given,
            rendered: Some(RenderedPosition { line, column: 1 }),
            ..Location::default()
        },
    )
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    let severity = prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Advice]);
    let rules: Vec<(&str, &str)> = crate::rules::all()
        .iter()
        .map(|rule| (rule.code, rule.name))
        .chain([("LOD002", "nothing-to-judge")])
        .collect();
    let what = (prop::sample::select(rules), severity, text(), prop::option::of(text()), any::<bool>());
    let whence = (location(), prop::collection::vec(origin(), 0..3), prop::option::of(value()), text());
    let fix = (prop::option::of(path()), any::<bool>());
    (what, whence, fix).prop_map(|((rule, severity, message, help, profile), whence, (fix, is_safe))| {
        let (location, values, value, template) = whence;
        let edits = |path| vec![Edit::Remove { path }, Edit::Drop];
        let applicability = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
        let mut diagnostic = Diagnostic::new(rule.0, rule.1, severity, message);
        diagnostic.origin.includes = vec![IncludeSite { template, file: "templates/a".to_owned(), line: 3 }];
        diagnostic.origin.conditions = values.iter().take(1).cloned().collect();
        diagnostic.origin.values = values;
        diagnostic.profile = profile.then(|| "nvcf".to_owned());
        diagnostic.related = vec![location.clone()];
        diagnostic.location = location;
        diagnostic.fix = fix.map(|path| Fix { applicability, edits: edits(path) });
        (diagnostic.value, diagnostic.help) = (value, help);
        diagnostic
    })
}

fn chart() -> impl Strategy<Value = ChartReport> {
    let head = (text(), text(), 0_usize..9, any::<bool>(), 0_usize..3);
    let root = prop::sample::select(vec![Root::Archive, Root::Folder]);
    let lines = prop::collection::vec((prop::option::of(text()), 1_usize..9), 0..4);
    let view = (lines, prop::collection::vec(origin(), 0..2)).prop_map(|(lines, values)| {
        let line = |(text, number)| Line { number, text, ..Line::default() };
        let page = Page { lines: lines.into_iter().map(line).collect(), ..Page::default() };
        let shown = |origin| Shown { origin, reaches: true, is_secret: false };
        View { documents: vec![page], values: values.into_iter().map(shown).collect() }
    });
    let found = prop::collection::vec(diagnostic(), 0..5);
    (head, root, found, view, prop::option::of(text()), any::<bool>()).prop_map(
        |((name, version, objects, failed, allowed), root, diagnostics, view, answer, several)| {
            let run =
                |name: &str| Run { name: name.to_owned(), values_set: name.to_owned(), ..Run::default() };
            let verdict = Verdict {
                profile: "nvcf".to_owned(),
                mode: Mode::Strict,
                valid: diagnostics.is_empty(),
                reason: name.clone(),
                withheld: failed,
            };
            ChartReport {
                path: format!("charts/{version}"),
                root,
                name,
                version,
                objects,
                verdicts: vec![verdict],
                diagnostics,
                failed,
                answer: answer.map(|word| Answer { valid: false, errors: vec![word], policy: None }),
                allowed,
                view: Some(view),
                runs: if several { vec![run("default"), run("prod")] } else { Vec::new() },
                ..ChartReport::default()
            }
        },
    )
}

/// Charts, and the shard of each.
fn shared() -> impl Strategy<Value = (Vec<ChartReport>, Vec<usize>, usize)> {
    (prop::collection::vec(chart(), 0..7), 1_usize..5).prop_flat_map(|(charts, count)| {
        let shards = prop::collection::vec(0..count, charts.len());
        (Just(charts), shards, Just(count))
    })
}

fn told(charts: &[ChartReport], mut stream: Box<dyn Stream>) -> String {
    let mut text = Vec::new();
    charts.iter().try_for_each(|chart| stream.chart(chart, &mut text)).unwrap();
    let report = Report { charts: charts.to_vec() };
    stream.end(&Tally::of(&report), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// The JSON report of a shard.
fn part(charts: &[ChartReport], shards: &[usize], index: usize, count: usize) -> String {
    let positions: Vec<usize> = (0..charts.len()).filter(|at| shards[*at] == index).collect();
    let shard = Shard {
        index: index + 1,
        count,
        charts: charts.len(),
        milliseconds: vec![1; positions.len()],
        positions: positions.clone(),
        ..Shard::default()
    };
    let mut stream = Format::Json.stream(Style { has_records: true, ..Style::default() });
    stream.shard(&shard);
    let own: Vec<ChartReport> = positions.into_iter().map(|at| charts[at].clone()).collect();
    told(&own, stream)
}

fn merged(parts: &[String]) -> Result<Vec<ChartReport>, Error> {
    let head = |(at, text): (usize, &String)| Ok((format!("{at}.json"), head("x", Cursor::new(text))?));
    let heads: Vec<(String, Shard)> = parts.iter().enumerate().map(head).collect::<Result<_, Error>>()?;
    let readers = parts.iter().map(Cursor::new).collect();
    let mut charts = Vec::new();
    Parts::new(heads)?.charts(readers, &mut |chart| {
        charts.push(chart);
        Ok::<(), Error>(())
    })?;
    Ok(charts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_merged_report_is_that_of_one_run((charts, shards, count) in shared(), details in 0_usize..3) {
        let parts: Vec<String> = (0..count).rev().map(|index| part(&charts, &shards, index, count)).collect();
        let back = merged(&parts).unwrap();
        let detail = [Detail::Folded, Detail::Full, Detail::Quiet][details];
        for format in Format::value_variants() {
            for has_records in [false, true] {
                let style = Style { look: Look::default(), detail, statistics: true, has_records, read: None };
                prop_assert_eq!(
                    told(&back, format.stream(style)),
                    told(&charts, format.stream(style)),
                    "{:?}", format
                );
            }
        }
    }
}

fn parts() -> Vec<String> {
    let charts: Vec<ChartReport> = ["a", "b", "c", "d"]
        .iter()
        .map(|path| ChartReport { path: (*path).to_owned(), ..ChartReport::default() })
        .collect();
    (0..3).map(|index| part(&charts, &[0, 1, 0, 1], index, 3)).collect()
}

fn why(parts: &[String]) -> String {
    merged(parts).unwrap_err().to_string()
}

#[test]
fn what_is_no_whole_run_is_refused() {
    let [one, two, three] = &parts()[..] else { panic!() };
    assert!(merged(&parts()).is_ok());
    assert_eq!(why(&[one.clone(), three.clone()]), "the shard is missing: 2/3");
    assert_eq!(why(std::slice::from_ref(one)), "the shards are missing: 2/3, 3/3");
    assert_eq!(why(&[]), "there is no report of a shard");
    let doubled = [one.clone(), two.clone(), three.clone(), two.clone()];
    assert_eq!(why(&doubled), "1.json and 3.json are both shard 2/3");
    let (plain, _) = one.split_once(",\n  \"shard\"").unwrap();
    let plain = format!("{plain}}}");
    assert_eq!(why(&[plain]), "x is no JSON report of a shard: it has no key `shard`");
    assert!(why(&[one[..one.len() / 2].to_owned()]).contains("EOF while parsing"));
    assert!(why(&["[]".to_owned()]).contains("x is no JSON report of a shard"));
    let later = one.replace("\"schemaVersion\": 1", "\"schemaVersion\": 2");
    assert!(why(&[later]).ends_with("its schemaVersion is 2, it should be 1"));
}

#[test]
fn reports_of_different_runs_are_told_apart() {
    let all = parts();
    let changed = |from: &str, to: &str| {
        let mut changed = all.clone();
        changed[1] = changed[1].replacen(from, to, 1);
        assert_ne!(changed[1], all[1], "{from}");
        why(&changed)
    };
    let not = "0.json and 1.json are not of the same run: ";
    assert_eq!(
        changed(r#""version":"""#, r#""version":"9""#),
        format!("{not}the version is  there and 9 here")
    );
    let flags = changed(r#""flags":{}"#, r#""flags":{"--mode":"x"}"#);
    assert_eq!(flags, format!("{not}they differ in --mode"));
    assert!(changed(r#""list":"""#, r#""list":"x""#).contains("given other charts"));
    assert!(changed(r#""division":"""#, r#""division":"x""#).contains("divided by other times"));
    assert!(changed(r#""hasRelease":false"#, r#""hasRelease":true"#).contains("--report"));
    assert!(changed(r#""charts":4"#, r#""charts":5"#).contains("the number of charts is 4 there and 5 here"));
    assert!(changed(r#""index":2,"count":3"#, r#""index":2,"count":4"#).contains("the number of shards"));
    let torn = "1.json does not hold the charts that it says it holds";
    assert_eq!(changed(r#""positions":[1,3]"#, r#""positions":[0,3]"#), torn);
    assert!(changed(r#""positions":[1,3]"#, r#""positions":[3,1]"#).contains("does not hold"));
    assert!(changed(r#""positions":[1,3]"#, r#""positions":[1]"#).contains("does not hold"));
    assert!(changed(r#""positions":[1,3]"#, r#""positions":[1,4]"#).contains("does not hold"));
    assert!(changed(r#""record": {"#, r#""record": {"x": 1, "#).contains("none of this version"));
    assert!(changed(r#""record""#, r#""racord""#).contains("missing field `record`"));
}

#[test]
fn shared_files_must_be_the_same() {
    let mut all = parts();
    for (at, digest) in [(0, "x"), (2, "y")] {
        let files = format!(r#""files":{{"values.yaml":"{digest}"}}"#);
        all[at] = all[at].replace(r#""files":{}"#, &files);
    }
    assert_eq!(why(&all), "0.json and 2.json are not of the same run: values.yaml was another one");
}

#[test]
fn a_report_that_says_that_there_are_any_number_costs_nothing() {
    let all = |from: &str, to: &str| {
        let changed: Vec<String> = parts().iter().map(|part| part.replacen(from, to, 1)).collect();
        why(&changed)
    };
    let huge = usize::MAX.to_string();
    assert!(all(r#""charts":4"#, &format!(r#""charts":{huge}"#)).contains("does not hold the charts"));
    assert!(all(r#""count":3"#, &format!(r#""count":{huge}"#)).starts_with("the shards are missing: 4/"));
}
