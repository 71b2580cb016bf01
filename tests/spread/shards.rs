//! `check --shard` and `merge`.

use std::path::Path;

use super::{plimsoll, program, repository, text, write};

/// Judges the shards of a run, each with these flags, and gives their reports.
fn shards(root: &Path, count: usize, flags: &[&str]) -> Vec<String> {
    let shard = |index: usize| {
        let (part, json) = (format!("{index}/{count}"), format!("json=part-{index}.json"));
        let words = [&["check", ".", "--shard", &part, "--format", &json], flags].concat();
        let output = plimsoll(root, &words);
        assert!(output.status.code().is_some_and(|code| code < 3), "{}", text(&output.stderr));
        format!("part-{index}.json")
    };
    (1..=count).map(shard).collect()
}

/// Merges reports with these flags: the code, what was said, the report.
fn merge(root: &Path, reports: &[String], flags: &[&str]) -> (Option<i32>, String, String) {
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let output = plimsoll(root, &[&["merge"], &reports[..], flags].concat());
    (output.status.code(), text(&output.stderr), text(&output.stdout))
}

fn same(root: &Path, reports: &[String], flags: &[&str]) {
    let whole = plimsoll(root, &[&["check", "."], flags].concat());
    let (code, said, report) = merge(root, reports, flags);
    assert_eq!((code, said.as_str()), (whole.status.code(), ""), "{flags:?}");
    assert_eq!(report, text(&whole.stdout), "{flags:?}");
}

#[test]
fn the_merged_report_is_that_of_a_run_without_shards() {
    let folder = repository();
    let root = folder.path();
    let plain = shards(root, 3, &[]);
    for format in ["human", "concise", "json", "sarif", "junit", "github", "gitlab", "tap", "markdown"] {
        same(root, &plain, &["--format", format]);
    }
    same(root, &plain, &["--full", "--statistics"]);
    same(root, &plain, &["--quiet"]);
    same(root, &plain, &["--fail-on", "never"]);
    for format in ["html", "reval", "apiserver"] {
        let more = format!("{format}=part.out");
        let flags = ["--format", &more, "--profile", "nvcf", "--profile", "kubernetes"];
        let reports = shards(root, 4, &flags);
        let whole = plimsoll(
            root,
            &["check", ".", "--format", format, "--profile", "nvcf", "--profile", "kubernetes"],
        );
        assert_eq!(merge(root, &reports, &["--format", format]).2, text(&whole.stdout), "{format}");
    }
}

#[test]
fn the_code_is_that_of_check() {
    let folder = repository();
    let root = folder.path();
    let code = |chart: &str, flags: &[&str]| {
        let one = plimsoll(
            root,
            &[&["check", chart, "--shard", "1/1", "--format", "json=one.json"], flags].concat(),
        );
        let merged = plimsoll(root, &["merge", "one.json", "--format", "concise"]);
        assert_eq!(one.status.code(), merged.status.code(), "{chart}");
        merged.status.code()
    };
    assert_eq!(code("clean", &["--ignore", "unread-value"]), Some(0));
    assert_eq!(code("host", &[]), Some(1));
    assert_eq!(code("fails", &[]), Some(2));
    assert_eq!(code("config", &[]), Some(0));
    assert_eq!(plimsoll(root, &["merge", "one.json", "--fail-on", "error"]).status.code(), Some(1));
}

#[test]
fn reports_that_are_no_run_are_refused_and_nothing_is_told() {
    let folder = repository();
    let root = folder.path();
    let reports = shards(root, 3, &[]);
    let refused = |reports: &[String], flags: &[&str]| {
        let (code, said, report) = merge(root, reports, flags);
        assert_eq!((code, report.as_str()), (Some(2), ""), "{said}");
        said
    };
    assert_eq!(refused(&reports[..2], &[]), "Error: the shard is missing: 3/3\n");
    let doubled = [&reports[..], &reports[..1]].concat();
    assert_eq!(refused(&doubled, &[]), "Error: part-1.json and part-1.json are both shard 1/3\n");
    assert!(refused(&[], &[]).contains("there is no report to merge"));
    assert!(
        refused(&["none.json".to_owned()], &[]).contains("cannot read the report none.json: no such file")
    );
    assert!(refused(&reports, &["--format", "html"]).contains("hint: run `check` with --format html=FILE"));
    assert!(
        refused(&reports, &["--format", "reval"]).contains("sets was judged with several sets of values")
    );
    let not = "Error: part-1.json and part-3.json are not of the same run: ";
    let other = |words: &[&str]| {
        let output = plimsoll(root, &[words, &["--format", "json=part-3.json"]].concat());
        assert!(output.status.code().is_some_and(|code| code < 3), "{}", text(&output.stderr));
        refused(&reports, &[])
    };
    let part = ["check", ".", "--shard", "3/3"];
    assert_eq!(other(&[&part[..], &["--mode", "strict"]].concat()), format!("{not}they differ in --mode\n"));
    assert_eq!(other(&[&part[..], &["--set", "a=1"]].concat()), format!("{not}they differ in --set\n"));
    assert_eq!(
        other(&["check", "./clean", "./host", "--shard", "3/3"]),
        format!("{not}the number of charts is 9 there and 2 here\n")
    );
    assert!(
        other(&["check", "."]).contains("part-3.json is no JSON report of a shard: it has no key `shard`")
    );
    write(root, "all.yaml", "a: 1\n");
    let reports = shards(root, 2, &["-f", "all.yaml"]);
    write(root, "all.yaml", "a: 2\n");
    let output =
        plimsoll(root, &["check", ".", "--shard", "2/2", "-f", "all.yaml", "--format", "json=part-2.json"]);
    assert!(output.status.code().is_some());
    let said = refused(&reports, &[]);
    assert_eq!(
        said,
        "Error: part-1.json and part-2.json are not of the same run: all.yaml was another one\n"
    );
}

#[test]
fn the_environment_says_which_shard_it_is() {
    let folder = repository();
    let root = folder.path();
    for index in 0..2 {
        let json = format!("json=part-{}.json", index + 1);
        let output = program(root, &["check", ".", "--shard", "auto", "--format", &json])
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .env("JOB_COMPLETIONS", "2")
            .output()
            .expect("the program runs");
        assert!(output.status.code().is_some_and(|code| code < 3), "{}", text(&output.stderr));
    }
    same(root, &["part-1.json".to_owned(), "part-2.json".to_owned()], &[]);
    let none = plimsoll(root, &["check", ".", "--shard", "auto"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("JOB_COMPLETION_INDEX"), "{}", text(&none.stderr));
}

#[test]
fn what_was_reached_is_told_by_shards_as_by_one_run() {
    let folder = repository();
    let root = folder.path();
    write(
        &root.join("sets"),
        "templates/b.yaml",
        "{{- if .Values.host }}\nkind: A\n{{- else if .Values.more }}\nkind: B\n{{- end }}\n{{- define \"x\" }}{{ end }}\n",
    );
    write(&root.join("sets"), "values-more.yaml", "host: false\nmore: [1]\n");
    let reports = shards(root, 3, &["--coverage"]);
    for format in ["human", "json", "concise"] {
        same(root, &reports, &["--coverage", "--format", format]);
    }
    for kind in ["info", "lcov", "json"] {
        let (whole, merged) = (format!("whole.{kind}"), format!("merged.{kind}"));
        plimsoll(root, &["check", ".", &format!("--coverage={whole}"), "--quiet"]);
        let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
        let target = format!("--coverage={merged}");
        let output = plimsoll(root, &[&["merge"], &reports[..], &[&target, "--quiet"]].concat());
        assert_eq!(text(&output.stderr), "", "{kind}");
        let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("it was written");
        let (whole, merged) = (read(&whole), read(&merged));
        assert!(whole.contains("templates/b.yaml"), "{kind}: {whole}");
        assert_eq!(merged, whole, "{kind}");
    }
    let reports = shards(root, 4, &["--coverage", "--format", "html=part.out"]);
    let whole = plimsoll(root, &["check", ".", "--coverage", "--format", "html"]);
    let page = text(&whole.stdout);
    assert!(page.contains("reached"), "the page tells what was reached");
    assert_eq!(merge(root, &reports, &["--coverage", "--format", "html"]).2, page);
}
