//! What holds for every table and every file: the schema and the reader agree, and migrating in one step, in several or twice
//! comes to the same.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::run::Error;
use super::*;
use crate::schema;
use crate::yaml;

const SCHEMA: &str = include_str!("tables/table.schema.json");
const H2O: &str = include_str!("tables/h2o-mlops.yaml");

/// What the schema says against a table.
fn refused_by_schema(text: &str) -> Option<String> {
    let values = yaml::map_from_str(text).map_err(|error| error.to_string());
    let judged = values.and_then(|values| {
        schema::validate(&values, SCHEMA.as_bytes(), schema::Options::default(), None, &mut Vec::new())
            .map_err(|refusal| refusal.to_string())
    });
    judged.err()
}

#[test]
fn schema_and_reader_agree() {
    assert_eq!(refused_by_schema(H2O), None);
    h2o_mlops().unwrap();
    let row = "name: a\nversions: ['1.0', '1.1']\nchanges:\n- path: a\n  change: removed\n  since: '1.1'\n  message: m\n";
    assert_eq!(refused_by_schema(row), None);
    read_table(row).unwrap();
    for (bad, said) in [
        ("name: a\nversions: ['1.0']\n", "line 1: a table needs `changes`"),
        (
            &row.replace("'1.1']", "1.1]"),
            "line 2: a version is a text such as \"1.1\", this is a number; put it in quotes",
        ),
        (
            &row.replace("removed", "gone"),
            "line 5: `gone` is no change; it is one of removed, renamed, changed, added",
        ),
        (
            &row.replace("message", "mesage"),
            "line 7: `mesage` is no key of a change; did you mean `message`?",
        ),
        (&format!("{row}  edit: rename\n"), "line 8: `edit: rename` needs `replacement`"),
        (&format!("{row}  edit: set\n"), "line 8: `edit: set` needs `value`"),
        (
            &format!("{row}  edit: drop\n"),
            "line 8: `drop` is no edit; it is one of remove, rename, move, set",
        ),
        (
            &format!("{row}  edit: remove\n  until: '1.1'\n"),
            "line 4: what the machine does holds for good: take `until` out",
        ),
        (&format!("{row}  is-needed: true\n"), "line 4: `is-needed` and `default` belong to what is added"),
        (&format!("{row}  if: {{kind: map}}\n"), "line 8: `kind` is no key of `if`; those are"),
        (&format!("{row}  if: {{is: [table]}}\n"), "line 8: `table` is no kind of value; it is one of"),
        (&format!("{row}  with: {{value: x}}\n"), "line 8: `with` needs `path`"),
        (&format!("{row}notes: [{{since: '1.1'}}]\n"), "line 8: a note needs `message`"),
        ("[]\n", "line 1: a table is a map, this is a list"),
    ] {
        let problem = read_table(bad).unwrap_err().to_string();
        assert!(problem.starts_with(said), "{bad}\n{problem}");
        assert!(refused_by_schema(bad).is_some(), "the schema takes {bad}");
    }
    // What no schema can say.
    for (bad, said) in [
        (
            row.replace("'1.1'\n  message", "'1.2'\n  message"),
            "line 6: `1.2` is none of `versions`, which are 1.0, 1.1",
        ),
        (row.replace("['1.0', '1.1']", "['1.1', '1.0']"), "line 2: versions stand in order, each once"),
        (format!("{row}  if: {{key: '('}}\n"), "line 8: `key` is no regular expression:"),
        (row.replace("path: a", "path: a..b"), "line 4: a path is a text such as storage.tls"),
        (format!("{row}name: b\n"), ""),
    ] {
        let problem = read_table(&bad).unwrap_err().to_string();
        assert!(problem.contains(said), "{bad}\n{problem}");
    }
}

fn error(from: &str, to: &str, text: &str) -> String {
    let table = h2o_mlops().unwrap();
    migrate(&table, from, to, &[("v.yaml".to_owned(), text.to_owned())]).unwrap_err().to_string()
}

#[test]
fn bad_input_is_told_and_nothing_done() {
    let known = "0.66.1, 0.67.0, 0.68.0, 0.69.0, 0.69.1, 0.70.0, 1.0.0, 1.1";
    for (from, to, unknown) in
        [("0.5", "1.1", "0.5"), ("0.67", "1.2", "1.2"), ("1", "1.1", "1"), ("x", "1.1", "x")]
    {
        let wanted = format!("the table does not know version `{unknown}`; it knows {known}");
        assert_eq!(error(from, to, "a: 1\n"), wanted);
    }
    let reversed = "version 1.1 is after 0.67: values are carried forwards only";
    assert_eq!(error("1.1", "0.67", "a: 1\n"), reversed);
    assert!(error("0.67", "1.1", "a: [\n").starts_with("v.yaml:"), "{}", error("0.67", "1.1", "a: [\n"));
    assert_eq!(error("0.67", "1.1", "- a\n"), "v.yaml: values are a map, this is a list");
    let twice = "v.yaml:3: `a.b` stands there twice, in lines 2 and 3; leave one";
    assert_eq!(error("0.67", "1.1", "a:\n  b: 1\n  b: 2\n"), twice);
    let documents = "v.yaml:3: line 3 begins a second document; put each into a file of its own";
    assert_eq!(error("0.67", "1.1", "a: 1\n---\nb: 1\n"), documents);
    let table = h2o_mlops().unwrap();
    let equal = migrate(&table, "1.1", "v1.1.0", &[("v.yaml".to_owned(), "tls: 1\n".to_owned())]);
    assert!(matches!(equal, Ok(Migration { changes, .. }) if changes.is_empty()));
    let unknown = migrate(&table, "a", "b", &[]);
    assert!(matches!(unknown, Err(Error::UnknownVersion { .. })));
}

/// A part of a values file: a listed key in one of several layouts, or one that is not listed.
fn part() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "tls:\n  enabled: true\n",
        "tls: {} # none\n",
        "storage:\n  # old\n  tls: {a: 1}\n  persistence:\n    size: 1Gi\n  cloudPersistence:\n    enabled: true\n    url: s3://b\n",
        "storage: {persistence: {enabled: true}, keep: 'x'}\n",
        "storage:\n  env:\n  - name: ENABLE_USER_EXTERNALID_UPDATE\n    value: 'true'\n  - name: B # kept\n    value: x\n",
        "deployer:\n  tls: {}\n  telemetry:\n    auth: {tlsEnabled: true, b: 1}\n",
        "ingest:\n  tls:\n  - a\n",
        "apiGateway:\n  authorization:\n    enabled: false\n    allowedUserRoles: [a]\n  config: {userJwtClaim: x, y: 1}\n",
        "apiGateway:\n  tls: 1\n  authorization: {enabled: true}\n",
        "monitoringAppBackend: {tls: {}}\n",
        "telemetry:\n  serverSecurityEnabled: true # no\n  enabled: true\n",
        "deploymentEnvironment:\n  corsOrigin: \"x\" # why\n  other: 1\n",
        "global:\n  imageRegistry: r\n",
        "global: {cors: {}}\n",
        "securityOptions: [1, 2]\n",
        "affinity:\n  terms:\n  - matchExpression:\n    - a\n  - matchExpression: [] # b\n",
        "config:\n  deployer:\n    composition:\n      runtimes:\n        s:\n          envs:\n            H2O_SCORER_AUTHORIZATION_HEADER: 'a'\n            H2O_SCORER_WORKERS: \"4\"\n            PORT: \"1\"\n",
        "# a comment\nreplicas: 2\n",
        "text: |\n  tls: no\n\n  end\n",
        "list: [a,\n  b]\n",
        "\n\nnull_one:\n",
    ])
}

/// The parts in order, each top-level key once.
fn file(parts: Vec<&str>, windows: bool, cut: bool) -> String {
    let mut known = std::collections::BTreeSet::new();
    let key = |part: &&str| part.trim_start_matches(['#', '\n', ' ']).split(':').next().map(str::to_owned);
    let text: String = parts.into_iter().filter(|part| known.insert(key(part))).collect();
    let text = if windows { text.replace('\n', "\r\n") } else { text };
    if cut { text.trim_end().to_owned() } else { text }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| h2o_mlops().unwrap());

fn after(from: &str, to: &str, text: &str) -> (String, Migration) {
    let migration = migrate(&TABLE, from, to, &[("v.yaml".to_owned(), text.to_owned())]).unwrap();
    (migration.files[0].after.clone(), migration)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_step_is_all_the_steps(parts in proptest::collection::vec(part(), 0..9), windows: bool, cut: bool) {
        let text = file(parts, windows, cut);
        let (whole, _) = after("0.66", "1.1", &text);
        let versions = ["0.66", "0.67", "0.68", "0.69", "0.70", "1.0", "1.1"];
        let step = |text: String, pair: &[&str]| after(pair[0], pair[1], &text).0;
        let stepped = versions.windows(2).fold(text, step);
        prop_assert_eq!(whole, stepped);
    }

    #[test]
    fn a_second_run_changes_nothing(parts in proptest::collection::vec(part(), 0..9), windows: bool, cut: bool) {
        let text = file(parts, windows, cut);
        let (once, _) = after("0.66", "1.1", &text);
        let (twice, again) = after("0.66", "1.1", &once);
        prop_assert_eq!(&once, &twice);
        let left: Vec<_> = again.changes.iter().filter(|change| change.by == By::Machine).collect();
        prop_assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn every_line_without_a_listed_key_stays(parts in proptest::collection::vec(part(), 0..9), windows: bool) {
        let text = file(parts, windows, false);
        let (whole, _) = after("0.66", "1.1", &text);
        for kept in ["keep: 'x'", "name: B # kept", "PORT: \"1\"", "replicas: 2", "  tls: no", "# a comment", "list: [a,"] {
            prop_assert_eq!(text.contains(kept), whole.contains(kept), "{}", kept);
        }
        let (breaks, of_windows) = (whole.matches('\n').count(), whole.matches("\r\n").count());
        prop_assert_eq!(of_windows, if windows { breaks } else { 0 });
    }

    #[test]
    fn a_file_without_a_listed_key_is_the_same(
        keys in proptest::collection::vec("[b-d]{1,3}", 0..6),
        values in proptest::collection::vec("[ -~]{0,12}", 6),
        windows: bool,
    ) {
        let mut known = std::collections::BTreeSet::new();
        let lines = keys.iter().zip(&values).filter(|(key, _)| known.insert((*key).clone()));
        let text: String = lines.map(|(key, value)| format!("{key}:   {} # {key}\n", serde_json::json!(value))).collect();
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        let (whole, migration) = after("0.66", "1.1", &text);
        prop_assert_eq!(whole, text);
        prop_assert!(migration.changes.is_empty());
    }
}
