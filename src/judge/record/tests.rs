//! What is written comes back the same.

use serde_json::{Value as Json, json};

use super::{read, write};
use crate::apiserver::{Answer as ApiAnswer, Answers, Change, Fault, FieldError, Path, Reason, Warning};
use crate::diagnostic::*;
use crate::judge::report::{Answer, ChartReport, Reads, Root, Run, Verdict};
use crate::judge::view::{Line, Page, Shown, View};
use crate::path::{FieldPath, Step};
use crate::policy::Mode;
use crate::render::{BranchCoverage, Coverage, DefineCoverage, FileCoverage, KeyCoverage};

fn path() -> FieldPath {
    FieldPath::new([Step::Key("spec".into()), Step::Index(2), Step::Item("main [x]".into())])
}

fn value(depth: usize) -> Json {
    let leaf = json!({"l": [1, -2, 0.1, 1e300, "é\u{1b}", null, true, {}], "t": "t"});
    (0..depth).fold(leaf, |inner, at| if at % 2 == 0 { json!([inner]) } else { json!({"m": inner}) })
}

fn origin() -> ValueOrigin {
    let layers =
        [Layer::Chart("values.yaml".into()), Layer::File(String::new()), Layer::Request("r.json".into())];
    let shadow = |layer: &Layer| ShadowedValue { layer: layer.clone(), line: Some(3), value: value(3) };
    let expression = Layer::Expression { flag: "--set-json", text: "a=1".into() };
    ValueOrigin {
        key: path(),
        path: FieldPath::root(),
        value: value(300),
        layer: Some(expression.clone()),
        line: Some(0),
        column: None,
        shadows: layers.iter().map(shadow).collect(),
        nulls: vec![shadow(&layers[0])],
        replaced: vec![ReplacedList { path: path(), layer: layers[1].clone(), line: None, item: Some(9) }],
        nearest: Some(NearestValue { path: path(), layer: expression, line: None }),
    }
}

fn diagnostic() -> Diagnostic {
    let location = Location {
        object: Some(ObjectId { namespace: Some(String::new()), ..ObjectId::default() }),
        target: Some(Target { document: 4, path: path() }),
        field: Some(FieldPath::root()),
        is_presence: true,
        source: Some(FileLine { file: "a".into(), line: Some(1), column: Some(2) }),
        source_excerpt: Some(String::new()),
        is_given: true,
        rendered: Some(RenderedPosition { line: 1, column: 0 }),
        excerpt: Some("x".into()),
    };
    let edits = vec![
        Edit::Set { path: path(), value: Json::Null },
        Edit::Set { path: path(), value: value(2) },
        Edit::Remove { path: FieldPath::root() },
        Edit::Drop,
        Edit::Expand,
    ];
    Diagnostic {
        profile: Some("nvcf".into()),
        value: Some(Json::Null),
        origin: Origin {
            includes: vec![IncludeSite { template: "t".into(), file: "f".into(), line: 7 }],
            values: vec![origin()],
            conditions: vec![ValueOrigin::default()],
        },
        related: vec![location.clone(), Location::default()],
        location,
        suggestions: vec![path()],
        help: Some("h".into()),
        fix: Some(Fix { applicability: Applicability::Unsafe, edits }),
        sources: vec![String::new(), "s".into()],
        runs: vec!["default".into()],
        ..Diagnostic::new("LOD001", "unloadable-chart", Severity::Advice, "m")
    }
}

fn coverage() -> Coverage {
    let branch = |word| BranchCoverage {
        word,
        condition: ".Values.a".into(),
        line: 3,
        column: 1,
        asked: 2,
        entered: 0,
        passed: 2,
    };
    Coverage {
        sets: vec!["default".into(), "values-prod.yaml".into()],
        files: vec![FileCoverage {
            file: "templates/a.yaml".into(),
            lines: [(1, 2), (3, 0)].into_iter().collect(),
            branches: ["if", "with", "range"].map(branch).into(),
            defines: vec![DefineCoverage { name: "x".into(), line: 9, executed: 1 }],
        }],
        values: vec![KeyCoverage { path: path(), line: None, read: 1 }],
    }
}

/// A report in which everything is something.
fn report() -> ChartReport {
    let api = ApiAnswer {
        code: 422,
        message: "m".into(),
        causes: vec![FieldError {
            reason: Reason::TooMany,
            path: Path::new("spec").index(3).key("a/b").child("c"),
            message: String::new(),
        }],
        changes: vec![Change {
            error: FieldError { reason: Reason::Invalid, path: Path::new("data"), message: "i".into() },
            path: Path::new("data").key("a"),
            from: None,
            to: Some("1".into()),
        }],
        warnings: vec![Warning { path: Path::default(), text: "w".into(), of_kind: true }],
        faults: vec![Fault { path: Path::new("x"), message: "f".into(), is_strict: true }],
        is_defined: true,
    };
    let line = Line { number: 1, text: None, source: Some((String::new(), 3)), values: vec!["a.b".into()] };
    ChartReport {
        coverage: Some(coverage()),
        path: "charts/ä".into(),
        root: Root::Folder,
        name: "n".into(),
        version: "1".into(),
        objects: 3,
        verdicts: vec![Verdict {
            profile: "nvcf".into(),
            mode: Mode::Strict,
            valid: true,
            reason: String::new(),
            withheld: true,
        }],
        diagnostics: vec![diagnostic()],
        failed: true,
        answer: Some(Answer { valid: false, errors: vec!["e".into()], policy: Some(String::new()) }),
        api_answers: vec![Answers { minor: 37, answers: vec![api, ApiAnswer::default()] }],
        allowed: 1,
        in_baseline: 2,
        configurations: vec![".plimsoll.yaml".to_owned()],
        view: Some(View {
            documents: vec![Page { is_hook: true, lines: vec![line, Line::default()], ..Page::default() }],
            values: vec![Shown { origin: origin(), reaches: true, is_secret: false }],
        }),
        runs: vec![Run { kube_version: Some("1.37".into()), ..Run::default() }],
        reads: Reads::default(),
    }
}

/// Through text, as it is kept.
fn again(report: &ChartReport) -> Option<ChartReport> {
    read(serde_json::from_str(&write(report).to_string()).unwrap())
}

#[test]
fn a_report_comes_back_the_same() {
    for report in [report(), ChartReport::default()] {
        let back = again(&report).unwrap();
        assert_eq!(format!("{back:?}"), format!("{report:?}"));
        assert_eq!(write(&back), write(&report));
    }
}

#[test]
fn steps_of_paths_keep_their_kinds() {
    let mut report = ChartReport { diagnostics: vec![diagnostic()], ..ChartReport::default() };
    let odd = [Step::Item("0".into()), Step::Key("0".into()), Step::Index(0), Step::Key(String::new())];
    report.diagnostics[0].location.field = Some(FieldPath::new(odd));
    let back = again(&report).unwrap();
    assert_eq!(format!("{back:?}"), format!("{report:?}"));
}

#[test]
fn what_nobody_wrote_is_no_record() {
    let change = |edit: fn(&mut Json)| {
        let mut record = write(&report());
        edit(&mut record);
        read(record).is_none()
    };
    assert!(!change(|_| {}));
    assert!(change(|record| record["new"] = json!(1)));
    assert!(change(|record| record["path"] = json!(1)));
    assert!(change(|record| record["objects"] = json!(-1)));
    assert!(change(|record| record["root"] = json!("elsewhere")));
    assert!(change(|record| record["diagnostics"][0]["code"] = json!("LOD999")));
    assert!(change(|record| record["diagnostics"][0]["name"] = json!("host-network")));
    assert!(change(|record| record["diagnostics"][0]["fix"]["edits"][0]["op"] = json!("burn")));
    assert!(change(|record| record["diagnostics"][0]["value"] = json!([1])));
    assert!(change(|record| record["coverage"]["files"][0]["branches"][0]["word"] = json!("while")));
    assert!(change(|record| record["coverage"]["files"][0]["lines"] = json!([1])));
    assert!(change(|record| *record = json!([])));
}

#[test]
fn what_a_secret_holds_is_not_written() {
    let mut report = report();
    let secret = Some(ObjectId { kind: "Secret".into(), ..ObjectId::default() });
    report.diagnostics[0].location.object = secret;
    report.diagnostics[0].location.excerpt = Some("password: hunter2".into());
    assert!(!write(&report).to_string().contains("hunter2"));
}
