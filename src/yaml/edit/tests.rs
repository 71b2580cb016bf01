//! What each change makes of a text, and that no other byte moves.

use serde_json::json;

use super::*;

const TEXT: &str = "\
# values
global:
  registry: \"a\" # of all
tls: # mutual
  enabled: true
deployer:
  # nothing else is there
  tls: {}
scorer:
  envs:
    PORT: 8080 # HTTP
    'MODE': plain
  items: [a, b]
  volumes:
  - name: tmp
    paths: [/tmp]
  - name: data
last: |
  text
";

fn path(text: &str) -> FieldPath {
    text.parse().unwrap()
}

fn put(at: &str, value: Json) -> Change {
    Change::Set { path: path(at), value }
}

fn take(at: &str) -> Change {
    Change::Remove { path: path(at) }
}

fn call(at: &str, key: &str) -> Change {
    Change::Rename { path: path(at), key: key.to_owned() }
}

fn shift(at: &str, to: &str) -> Change {
    Change::Move { path: path(at), to: path(to) }
}

/// The lines that differ, as a diff without context; in a text with other line ends the same.
fn changed(changes: &[Change]) -> String {
    let after = apply(TEXT, changes).unwrap();
    let windows = apply(&TEXT.replace('\n', "\r\n"), changes).unwrap();
    assert_eq!(windows, after.replace('\n', "\r\n"));
    let marked = apply(&format!("\u{feff}{TEXT}"), changes).unwrap();
    assert_eq!(marked, format!("\u{feff}{after}"));
    diff(TEXT, &after)
}

fn diff(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let lines = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    lines.map(|change| format!("{}{}", change.tag(), change.value())).collect()
}

#[test]
fn scalars_keep_their_quotes() {
    let want = "-    PORT: 8080 # HTTP\n+    PORT: \"8080\" # HTTP\n";
    assert_eq!(changed(&[put("scorer.envs.PORT", json!("8080"))]), want);
    let want = "-  registry: \"a\" # of all\n+  registry: \"b\" # of all\n";
    assert_eq!(changed(&[put("global.registry", json!("b"))]), want);
    let want = "-    'MODE': plain\n+    'MODE': other\n";
    assert_eq!(changed(&[put("scorer.envs.MODE", json!("other"))]), want);
    let want = "-  items: [a, b]\n+  items: [a, 1]\n";
    assert_eq!(changed(&[put("scorer.items[1]", json!(1))]), want);
    let want = "-  enabled: true\n+  enabled: false\n-    PORT: 8080 # HTTP\n+    PORT: 80 # HTTP\n";
    assert_eq!(changed(&[put("scorer.envs.PORT", json!(80)), put("tls.enabled", json!(false))]), want);
}

#[test]
fn what_is_missing_is_added_behind_its_neighbours() {
    let want = "+  cors:\n+    allowedOrigin: x\n";
    assert_eq!(changed(&[put("global.cors.allowedOrigin", json!("x"))]), want);
    assert_eq!(changed(&[put("new.list", json!(["a"]))]), "+new:\n+  list:\n+  - a\n");
    let want = "-  tls: {}\n+  tls:\n+    a:\n+      b: 1\n";
    assert_eq!(changed(&[put("deployer.tls.a.b", json!(1))]), want);
    assert_eq!(apply("a: {b: 1} # c", &[put("a.c", json!("x"))]).unwrap(), "a: {b: 1, c: x} # c");
    assert_eq!(apply("a:\nb: 1", &[put("a", json!(2)), put("c", json!(3))]).unwrap(), "a: 2\nb: 1\nc: 3");
    assert_eq!(apply("# only\n", &[put("a", json!(1))]).unwrap(), "# only\na: 1\n");
    assert_eq!(apply("", &[put("a", json!({"b": 1}))]).unwrap(), "a:\n  b: 1\n");
}

#[test]
fn entries_and_items_are_removed_whole() {
    assert_eq!(changed(&[take("tls")]), "-tls: # mutual\n-  enabled: true\n");
    assert_eq!(changed(&[take("tls.enabled")]), "-tls: # mutual\n-  enabled: true\n+tls: {} # mutual\n");
    let want = "-deployer:\n+deployer: {}\n-  tls: {}\n";
    assert_eq!(changed(&[take("deployer.tls")]), want);
    assert_eq!(changed(&[take("scorer.items[0]")]), "-  items: [a, b]\n+  items: [b]\n");
    let want = "-  - name: tmp\n-    paths: [/tmp]\n";
    assert_eq!(changed(&[take("scorer.volumes[tmp]")]), want);
    let want = "-  - name: tmp\n-    paths: [/tmp]\n+  - paths: [/tmp]\n";
    assert_eq!(changed(&[take("scorer.volumes[0].name")]), want);
    assert_eq!(changed(&[take("scorer.volumes[1].name")]), "-  - name: data\n+  - {}\n");
    assert_eq!(changed(&[take("last")]), "-last: |\n-  text\n");
    assert_eq!(changed(&[take("scorer.none"), take("none.at.all")]), "");
    let want = "-  volumes:\n-  - name: tmp\n-    paths: [/tmp]\n-  - name: data\n+  volumes: []\n";
    assert_eq!(changed(&[take("scorer.volumes[0]"), take("scorer.volumes[0]")]), want);
    assert_eq!(apply("# c\na: 1", &[take("a")]).unwrap(), "# c");
    assert_eq!(apply("a: 1\nb: 2", &[take("b")]).unwrap(), "a: 1");
    assert_eq!(apply("a:\n  - x: 1\n    z: 2\n", &[take("a[0].z")]).unwrap(), "a:\n  - x: 1\n");
}

#[test]
fn keys_are_renamed_where_they_stand() {
    let want = "-    'MODE': plain\n+    'KIND': plain\n";
    assert_eq!(changed(&[call("scorer.envs.MODE", "KIND")]), want);
    let want = "-  items: [a, b]\n+  list: [a, b]\n";
    assert_eq!(changed(&[call("scorer.items", "list")]), want);
    let error = apply(TEXT, &[call("scorer.items", "envs")]).unwrap_err();
    assert_eq!(error, Refusal::Taken(path("scorer.envs")));
}

#[test]
fn values_move_as_they_are_written() {
    let want = "-    PORT: 8080 # HTTP\n+port:\n+  http: 8080 # HTTP\n";
    assert_eq!(changed(&[shift("scorer.envs.PORT", "port.http")]), want);
    let text = "a:\n  b:\n    # why\n    c: 'x' # y\n\n    d: [1,\n      2]\nglobal:\n  e: 1\n";
    let want = "a: {}\nglobal:\n  e: 1\n  f:\n    # why\n    c: 'x' # y\n\n    d: [1,\n      2]\n";
    let moved = apply(text, &[shift("a.b", "global.f")]).unwrap();
    // The comment above the first key is no part of the value.
    assert_eq!(moved.replace("    # why\n", ""), want.replace("    # why\n", ""));
    let error = apply(TEXT, &[shift("tls", "global.registry")]).unwrap_err();
    assert_eq!(error, Refusal::Taken(path("global.registry")));
}

#[test]
fn what_is_shared_is_never_torn() {
    let text = "base: &b\n  x: {y: 1}\ncopy: *b\nmerged:\n  <<: *b\n  own: 1\nlone: &l {z: 1}\n";
    let refused = |change: Change| apply(text, &[change]).unwrap_err().to_string();
    let used = "line 3 uses the anchor `b` that stands here, and would change too; write it out there first";
    assert_eq!(refused(put("base.x.y", json!(2))), used);
    assert_eq!(refused(take("base")), used);
    assert_eq!(refused(take("base.x")), used);
    let through = "line 3 takes it from the anchor `b`; change it there, or write it out";
    assert_eq!(refused(take("copy.x")), through);
    let merged = "the merge key in line 5 brings it; change it where it is written, or write it out";
    assert_eq!(refused(take("merged.x")), merged);
    assert_eq!(refused(call("merged.x", "w")), merged);
    assert_eq!(apply(text, &[take("copy")]).unwrap(), text.replace("copy: *b\n", ""));
    let own = apply(text, &[put("merged.own", json!(2)), take("lone.z")]).unwrap();
    assert_eq!(own, text.replace("own: 1", "own: 2").replace("{z: 1}", "{}"));
}

#[test]
fn what_cannot_be_edited_says_why() {
    let refused = |text: &str, change: Change| apply(text, &[change]).unwrap_err().to_string();
    let wanted = "line 3 begins a second document; put each into a file of its own";
    assert_eq!(refused("a: 1\n---\nb: 1\n", take("a")), wanted);
    assert_eq!(refused("a: 1\na: 2\n", take("a")), "`a` stands there twice, in lines 1 and 2; leave one");
    assert_eq!(refused("a: 1\n", put("a.b", json!(1))), "there is no place for `a.b`");
    assert!(matches!(apply("a: [1\n", &[take("a")]), Err(Refusal::Yaml(_))));
    let odd = refused("? a\n: 1\nb: 1\n", take("a"));
    assert_eq!(odd, "the text around line 1 is laid out so that it is better changed by hand");
    assert_eq!(check("a: 1\nb:\n  c: 1\n  c: 2\n").unwrap_err().line(), Some(4));
    assert_eq!(check("a: &x {}\nb: {<<: *x, c: 1}\n"), Ok(()));
    assert_eq!(repeated("a: {b: 1, b: 2}\nc: 1\n"), [(path("a.b"), vec![1, 1])]);
}

proptest::proptest! {
    /// Whatever a text holds besides, a change of one field leaves every other line as it is.
    #[test]
    fn no_other_line_moves(
        keys in proptest::collection::vec("[a-z]{1,4}", 1..6),
        values in proptest::collection::vec("[a-z0-9\"'# ]{0,6}", 6),
        at in 0_usize..6,
        comments in proptest::collection::vec("( # [a-z]{0,3})?", 6),
        windows: bool,
    ) {
        let mut text = String::new();
        let mut known = std::collections::BTreeSet::new();
        for (number, key) in keys.iter().enumerate().filter(|(_, key)| known.insert((*key).clone())) {
            let value = serde_json::Value::from(values[number].as_str());
            text.push_str(&format!("{key}0:{}\n  sub: {value}{}\n", comments[number], comments[5 - number]));
        }
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let key = format!("{}0", keys[at % keys.len()]);
        let field = FieldPath::root().key(&key).key("sub");
        let set = apply(&text, &[Change::Set { path: field.clone(), value: json!("new") }]).unwrap();
        let differing = text.lines().zip(set.lines()).filter(|(old, new)| old != new).count();
        proptest::prop_assert!(differing <= 1 && text.lines().count() == set.lines().count());
        let gone = apply(&text, &[Change::Remove { path: FieldPath::root().key(&key) }]).unwrap();
        let kept: Vec<&str> = text.lines().collect();
        let start = kept.iter().position(|line| line.starts_with(&format!("{key}:"))).unwrap();
        let wanted: Vec<&str> = kept[..start].iter().chain(&kept[start + 2..]).copied().collect();
        proptest::prop_assert_eq!(gone.lines().collect::<Vec<_>>(), wanted);
    }
}
