//! The chart and the CI files that spread a run: what they would run is run here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use plimsoll::internals::yaml::{Node, parse, parse_all};

use super::{plimsoll, program, repository, text};

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The words of a list.
fn words(node: &Node, path: &[&str]) -> Vec<String> {
    let list = path.iter().fold(node.clone(), |node, key| node.get(key).expect("the key is there").clone());
    list.items().iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

/// What the Jobs of the chart run: their words, with the volumes in the folder.
fn jobs(root: &Path, flags: &[&str]) -> Vec<Vec<String>> {
    let chart = here("charts/spread").display().to_string();
    let output = plimsoll(root, &[&["template", "r", &chart], flags].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let documents = parse_all(text(&output.stdout)).expect("it is YAML");
    let is_job = |node: &&Node| node.get("kind").and_then(Node::as_str) == Some("Job");
    let jobs = documents.iter().filter(is_job).map(|job| {
        let containers = ["spec", "template", "spec", "containers"];
        let containers =
            containers.iter().fold(job.clone(), |node, key| node.get(key).expect("it is there").clone());
        let container = containers.items().first().expect("one").clone();
        words(&container, &["args"])
    });
    let reports = root.join("reports").display().to_string();
    jobs.map(|words| words.into_iter().map(|word| word.replace("/reports", &reports)).collect()).collect()
}

fn run(root: &Path, line: &[String], variables: &[(&str, String)]) -> Output {
    let expanded = line.iter().map(|word| {
        variables.iter().fold(word.clone(), |word, (name, value)| word.replace(&format!("$({name})"), value))
    });
    let expanded: Vec<String> = expanded.collect();
    let words: Vec<&str> = expanded.iter().map(String::as_str).collect();
    let variables = variables.iter().map(|(name, value)| (*name, value.clone()));
    program(root, &words).envs(variables).output().expect("the program runs")
}

#[test]
fn the_chart_judges_a_list_of_charts_and_merges() {
    let folder = repository();
    let root = folder.path();
    let charts = ["clean", "host", "fails", "sets", "kinds"];
    let list = format!("charts={{{}}}", charts.join(","));
    let jobs = jobs(root, &["--set", &list, "--set", "shards=3,page=true,wait=60,flags={--mode,strict}"]);
    let [check, merge] = &jobs[..] else { panic!("{jobs:?}") };
    // The merging Job may start first.
    let merging = {
        let (root, merge) = (root.to_owned(), merge.clone());
        std::thread::spawn(move || run(&root, &merge, &[]))
    };
    for index in 0..3 {
        let variables = [("JOB_COMPLETION_INDEX", index.to_string()), ("JOB_COMPLETIONS", "3".to_owned())];
        let output = run(root, check, &variables);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{}", text(&output.stderr));
    }
    let merged = merging.join().expect("it ends");
    let whole =
        plimsoll(root, &[&["check"], &charts[..], &["--mode", "strict", "--report", "whole.html"]].concat());
    assert_eq!(text(&merged.stderr), "");
    assert_eq!((merged.status.code(), text(&merged.stdout)), (whole.status.code(), text(&whole.stdout)));
    let page = fs::read(root.join("reports/r-1/report.html")).expect("it was written");
    assert!(page == fs::read(root.join("whole.html")).expect("it was written"), "the pages differ");
}

#[test]
fn the_chart_is_clean() {
    let chart = here("charts/spread").display().to_string();
    let folder = repository();
    // Its own allowances are those of whoever judges here.
    let config = folder.path().join("trusting.yaml").display().to_string();
    fs::write(&config, "trust: all\n").expect("it can be written");
    for values in [
        "",
        "page=true,chartsClaim=charts,registrySecret=registry,cacheSecret=key,reports.claim=mine,image.digest=sha256:00",
    ] {
        let words = [
            "check",
            &chart,
            "--config",
            &config,
            "--profile",
            "kubernetes",
            "--kube-version",
            "1.37",
            "--set",
            values,
        ];
        let output = plimsoll(folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        assert!(text(&output.stdout).contains("0 errors, 0 warnings, 0 advice"), "{}", text(&output.stdout));
    }
}

#[test]
fn a_merge_waits_for_its_reports_and_no_longer() {
    let folder = repository();
    let root = folder.path();
    let output = plimsoll(root, &["merge", "never.json", "--wait", "1"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.starts_with("Error: waited 1 s for the report never.json: no such file"), "{said}");
}

/// Runs the lines of a script with a program of ours first in the path.
fn shell(root: &Path, script: &str, variables: &[(&str, &str)]) -> Output {
    let bin = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().expect("it lies somewhere");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("sh")
        .args(["-euc", script])
        .current_dir(root)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .envs(variables.iter().copied())
        .output()
        .expect("a shell runs")
}

#[test]
fn gitlab_s_jobs_are_one_run() {
    let folder = repository();
    let root = folder.path();
    let file = fs::read_to_string(here("ci/gitlab-shards.yml")).expect("it is there");
    let file = parse(&file).expect("it is YAML");
    let shard = words(&file, &["plimsoll-shard", "script"]).join("\n");
    let count = file.get("plimsoll-shard").and_then(|job| job.get("parallel")).and_then(Node::as_i64);
    assert_eq!(count, Some(8));
    for index in 1..=8 {
        let index = index.to_string();
        let variables = [
            ("CI_NODE_INDEX", index.as_str()),
            ("CI_NODE_TOTAL", "8"),
            ("PLIMSOLL_CHARTS", "."),
            ("PLIMSOLL_FLAGS", ""),
        ];
        let output = shell(root, &shard, &variables);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{}", text(&output.stderr));
    }
    let merged = shell(root, &words(&file, &["plimsoll-merge", "script"]).join("\n"), &[]);
    let whole = plimsoll(root, &["check", "."]);
    assert_eq!((merged.status.code(), text(&merged.stdout)), (whole.status.code(), text(&whole.stdout)));
    assert!(root.join("plimsoll-quality.json").is_file() && root.join("plimsoll.xml").is_file());
}

#[test]
fn github_s_jobs_are_one_run() {
    let folder = repository();
    let root = folder.path();
    let file = fs::read_to_string(here("ci/github-shards.yml")).expect("it is there");
    let file = parse(&file).expect("it is YAML");
    let job = |name: &str| file.get("jobs").and_then(|jobs| jobs.get(name)).expect("the job is there");
    let steps = |name: &str| job(name).get("steps").expect("it has steps").items().to_vec();
    let matrix = job("check").get("strategy").and_then(|it| it.get("matrix")).expect("a matrix");
    let shards: Vec<i64> =
        matrix.get("shard").expect("shards").items().iter().filter_map(Node::as_i64).collect();
    let inputs = steps("check")
        .iter()
        .find_map(|step| step.get("with").filter(|with| with.get("args").is_some()).cloned());
    let inputs = inputs.expect("the action has inputs");
    let action = fs::read_to_string(here("ci/action.sh")).expect("it is there");
    for shard in shards {
        let shard = shard.to_string();
        let input = |name: &str| {
            let value = inputs.get(name).and_then(Node::as_str).unwrap_or_default();
            value.replace("${{ matrix.shard }}", &shard)
        };
        let (charts, args, output) = (input("charts"), input("args"), input("output"));
        let (format, fail_on) = (input("format"), input("fail-on"));
        let variables = [
            ("CHARTS", charts.as_str()),
            ("ARGS", &args),
            ("OUTPUT", &output),
            ("FORMAT", &format),
            ("FAIL_ON", &fail_on),
            ("SUMMARY", "false"),
        ];
        fs::write(root.join("action.sh"), &action).expect("it can be written");
        let output = shell(root, "exec bash ./action.sh", &variables);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{}", text(&output.stderr));
    }
    let merge = steps("merge").iter().find_map(|step| {
        step.get("run")
            .and_then(Node::as_str)
            .filter(|run| run.starts_with("plimsoll merge"))
            .map(str::to_owned)
    });
    let merged = shell(root, &merge.expect("a step merges"), &[]);
    let whole = plimsoll(root, &["check", ".", "--format", "github"]);
    assert_eq!((merged.status.code(), text(&merged.stdout)), (whole.status.code(), text(&whole.stdout)));
}
