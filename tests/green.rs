//! What `check` writes and compares from run to run: baselines, what git knows, several reports of one run.

use std::path::Path;
use std::process::{Command, Output};

/// A folder with two charts, the second of which takes in the first.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  hostNetwork: true\n  hostPID: true\n";
    write("base/Chart.yaml", "apiVersion: v2\nname: base\nversion: 1.0.0\n");
    write("base/templates/pod.yaml", pod);
    write(
        "top/Chart.yaml",
        "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n  - {name: base, version: 1.0.0, repository: \"file://../base\"}\n",
    );
    write("top/charts/base/Chart.yaml", "apiVersion: v2\nname: base\nversion: 1.0.0\n");
    write("top/templates/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: top}\n");
    write("other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.0.0\n");
    write("other/templates/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n");
    folder
}

fn plimsoll(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(words)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn git(folder: &Path, words: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").args(identity).args(words).current_dir(folder).output();
    assert!(output.expect("git runs").status.success(), "git {words:?}");
}

#[test]
fn a_baseline_is_read_where_it_was_written_and_pruned() {
    let folder = repository();
    let root = folder.path();
    assert_eq!(plimsoll(root, &["check", "base"]).status.code(), Some(1));
    let written = plimsoll(root, &["check", "base", "--write-baseline"]);
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let later = plimsoll(root, &["check", "base"]);
    assert_eq!(later.status.code(), Some(0), "{}", stdout(&later));
    let told = stdout(&later);
    assert!(told.contains("0 errors") && told.contains(" in the baseline"), "{told}");
    assert!(told.contains("no verdict; ") && told.contains("findings are in the baseline"), "{told}");

    let pod = root.join("base/templates/pod.yaml");
    let text = std::fs::read_to_string(&pod).expect("it is there").replace("  hostPID: true\n", "");
    std::fs::write(&pod, text).expect("it can be written");
    assert!(stdout(&plimsoll(root, &["check", "base"])).contains("SUP003 stale-baseline"));
    let pruned = plimsoll(root, &["check", "base", "--prune-baseline"]);
    let said = String::from_utf8_lossy(&pruned.stderr).into_owned();
    assert!(said.starts_with("took 1 finding out of .plimsoll-baseline.json"), "{said}");
    assert!(!stdout(&plimsoll(root, &["check", "base"])).contains("SUP003"));
    let back = "  hostNetwork: true\n  hostPID: true\n";
    let text = std::fs::read_to_string(&pod).expect("it is there").replace("  hostNetwork: true\n", back);
    std::fs::write(&pod, text).expect("it can be written");
    assert_eq!(plimsoll(root, &["check", "base"]).status.code(), Some(1));
}

#[test]
fn only_what_changed_is_judged_and_what_takes_it_in() {
    let folder = repository();
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "all"]);
    let charts = |since: &str| {
        let output =
            plimsoll(root, &["check", ".", "--since", since, "--format", "json", "--fail-on", "never"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let charts = report["charts"].as_array().expect("a list").clone();
        charts.iter().map(|chart| chart["path"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(charts("HEAD"), Vec::<String>::new());
    let file = root.join("base/templates/pod.yaml");
    let text = std::fs::read_to_string(&file).expect("it is there");
    std::fs::write(&file, format!("{text}# new\n")).expect("it can be written");
    assert_eq!(charts("HEAD"), ["base", "top"]);
    std::fs::write(root.join("other/values.yaml"), "a: 1\n").expect("it can be written");
    assert_eq!(charts("HEAD"), ["base", "other", "top"]);
    git(root, &["checkout", "--quiet", "--", "."]);
    std::fs::remove_file(root.join("other/values.yaml")).expect("it is there");
    std::fs::write(root.join(".plimsoll.yaml"), "fail-on: never\n").expect("it can be written");
    assert_eq!(charts("HEAD"), ["base", "other", "top"]);
    let unknown = plimsoll(root, &["check", "--since", "nonsense"]);
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.starts_with("Error: git knows no revision nonsense\nhint: "), "{said}");
}

#[test]
fn one_run_writes_several_reports() {
    let folder = repository();
    let root = folder.path();
    let words = ["check", ".", "--format", "concise", "--format", "sarif=out.sarif", "--report", "out.html"];
    let output = plimsoll(root, &words);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let line = stdout(&output).lines().find(|line| line.contains("POD101")).unwrap_or_default().to_owned();
    assert!(
        line.starts_with("base/templates/pod.yaml:5:16: error[POD101 host-network] Pod/x spec.hostNetwork: "),
        "{line}"
    );
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("it was written");
    let sarif: serde_json::Value = serde_json::from_str(&read("out.sarif")).expect("it is JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list").len();
    assert_eq!(results, stdout(&output).lines().count() - 1);
    let page = read("out.html");
    assert!(page.contains("<td>templates/pod.yaml:5</td>"), "{page}");
    assert!(!page.contains("http://") && !page.contains("src="), "it brings everything along");
}

#[test]
fn a_configuration_names_its_baseline_beside_itself_and_init_overwrites_nothing() {
    let folder = repository();
    let root = folder.path();
    std::fs::write(root.join(".plimsoll.yaml"), "baseline: old.json\n").expect("it can be written");
    assert_eq!(plimsoll(root, &["check", "base", "--write-baseline"]).status.code(), Some(0));
    assert!(root.join("old.json").is_file());
    assert_eq!(plimsoll(&root.join("base"), &["check"]).status.code(), Some(0));
    let output = plimsoll(root, &["init"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let config = std::fs::read_to_string(root.join(".plimsoll.yaml")).expect("it is there");
    assert_eq!(config, "baseline: old.json\n");
    assert!(root.join(".github/workflows/plimsoll.yaml").is_file());
    std::fs::remove_file(root.join(".plimsoll.yaml")).expect("it is there");
    assert_eq!(plimsoll(root, &["init"]).status.code(), Some(0));
    let shown = plimsoll(root, &["config", "show", "base"]);
    assert!(stdout(&shown).contains("mode: documented  # "), "{}", stdout(&shown));
    assert!(stdout(&shown).contains(".plimsoll.yaml:5\n"), "{}", stdout(&shown));
}

#[test]
fn the_action_hands_words_over_as_they_are_quoted() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let program = folder.path().join("plimsoll");
    std::fs::write(&program, "#!/bin/sh\nfor word in \"$@\"; do echo \"[$word]\"; done\nexit 1\n")
        .expect("it can be written");
    let status = Command::new("chmod").arg("+x").arg(&program).status().expect("chmod runs");
    assert!(status.success());
    let path = std::env::var("PATH").unwrap_or_default();
    let run = |inputs: &[(&str, &str)]| {
        let output = Command::new("bash")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/action.sh"))
            .env_remove("GITHUB_STEP_SUMMARY")
            .env_remove("GITHUB_OUTPUT")
            .env("PATH", format!("{}:{path}", folder.path().display()))
            .envs(inputs.iter().copied())
            .output()
            .expect("bash runs");
        assert_eq!(output.status.code(), Some(1), "the exit code is plimsoll's: {output:?}");
        stdout(&output).replace('\n', "")
    };
    assert_eq!(run(&[]), "[check][--format][github][--][.]");
    let inputs = [
        ("CHARTS", "charts/* 'my charts/web'\n$(id)"),
        ("MODE", "strict"),
        ("ARGS", "--set \"a=b c\" -f values.yaml"),
        ("OUTPUT", "out.txt"),
    ];
    assert_eq!(
        run(&inputs),
        "[check][--mode][strict][--format][github=out.txt][--format][human][--set][a=b c][-f][values.yaml]\
         [--][charts/*][my charts/web][$(id)]"
    );
}

/// Where a Chromium is installed, it opens the page from disk: nothing of it needs a network, and its script works.
#[test]
fn a_browser_shows_the_page_from_disk() {
    let folder = repository();
    let root = folder.path();
    plimsoll(root, &["check", "base", "--report", "out.html", "--quiet"]);
    let page = root.join("out.html");
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    let Some(browser) = browser else { return };
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .env("HOME", root)
        .output()
        .expect("the browser runs");
    let shown = stdout(&output);
    assert!(shown.contains("<form id=\"filters\">"), "the script shows the filters: {shown}");
    assert!(shown.contains("Pod/x") && shown.contains("templates/pod.yaml:5"), "{shown}");
}

/// What Helm 3.18.5 printed of the same charts, by `helm template c`, with values and with `-f`.
#[test]
fn nvcf_is_judged_as_its_helm_renders() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    write("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  {{ .Values.a }}: {{ .Values.b }}\n";
    write("c/templates/pod.yaml", pod);
    let finds = |words: &[&str]| {
        let output = plimsoll(folder.path(), &[&["check", "c", "--format", "concise"], words].concat());
        (output.status.code(), stdout(&output))
    };
    // Of a values file it reads the first document, which YAML finds and no line of dashes.
    for (values, is_set) in [
        ("a: hostPID\nb: true\n", true),
        ("a: hostPID\n---\nb: true\n", false),
        ("# first\n---\na: hostPID\nb: true\n---\nb: false\n", true),
        ("---\n---\na: hostPID\nb: true\n", false),
        // Helm 4 refuses what stands behind a separator, wherever that is.
        ("--- {a: hostPID, b: true}\n", true),
        ("--- !!map\na: hostPID\nb: true\n---\nb: false\n", true),
        ("%YAML 1.1\n--- &x\na: hostPID\nb: true\n", true),
        ("a: hostPID\nb: true\n--- x\n", true),
        ("a: hostPID\nb: true\n---\n- [\n", true),
    ] {
        write("c/values.yaml", values);
        write("v.yaml", values);
        let is_true = |told: &str| told.contains("POD102");
        let told = finds(&[]).1;
        assert_eq!(is_true(&told), is_set, "{values:?}: {told}");
        write("c/values.yaml", "{}\n");
        let told = finds(&["-f", "v.yaml"]).1;
        assert_eq!(is_true(&told), is_set, "-f {values:?}: {told}");
    }
    // A dependency is loaded by the same Helm as its parent.
    write("c/charts/d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 0.1.0\n");
    write("c/charts/d/values.yaml", "--- {a: 1}\n");
    assert_eq!(finds(&["-f", "v.yaml"]).0, Some(1));
    for (values, why) in
        [("--- x\n", "json: cannot unmarshal string into"), ("a: 1\n---x\nb: 1\n", "could not find")]
    {
        write("c/charts/d/values.yaml", values);
        let (code, told) = finds(&[]);
        assert_eq!((code, told.contains(why)), (Some(2), true), "{values:?}: {told}");
    }
    write("c/charts/d/values.yaml", "{}\n");
    let (code, told) = finds(&["--set-json", r#"{"a":"hostPID","b":true}"#]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(r#"failed parsing --set-json data {"a":"hostPID","b":true}"#), "{told}");
    write("c/templates/pod.yaml", "{{ mustToYaml .Values }}\n");
    let (code, told) = finds(&[]);
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains(r#"parse error at (c/templates/pod.yaml:1): function "mustToYaml" not defined"#),
        "{told}"
    );
    // No service stands behind other profiles, which judge what Helm 4 renders.
    let output = plimsoll(folder.path(), &["check", "c", "--profile", "pss-baseline"]);
    assert!(!stdout(&output).contains("not defined"), "{}", stdout(&output));
}

/// The fix of a finding in a file is told as the lines of it that change; what a template writes stands in none.
#[test]
fn sarif_tells_what_a_fix_changes_in_a_file() {
    let folder = repository();
    let text = "# first\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  hostPID: true\n  containers: []\n";
    std::fs::write(folder.path().join("m.yaml"), text).expect("it can be written");
    let fixes = |words: &[&str]| {
        let output = plimsoll(folder.path(), &[&["check", "--format", "sarif"], words].concat());
        let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let results = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        assert!(results.iter().any(|result| result["ruleId"] == "POD102"), "{log:#}");
        let of_rule = results.into_iter().filter(|result| result["ruleId"] == "POD102");
        of_rule.filter_map(|result| result.get("fixes").cloned()).collect::<Vec<_>>()
    };
    let told = fixes(&["--manifests", "m.yaml"]);
    let change = &told[0][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "m.yaml");
    let replacement = &change["replacements"][0];
    let region = serde_json::json!({"startLine": 7, "startColumn": 1, "endLine": 8, "endColumn": 1});
    assert_eq!(replacement["deletedRegion"], region, "{told:?}");
    assert_eq!(replacement["insertedContent"]["text"], "");
    assert_eq!(fixes(&["base"]), Vec::<serde_json::Value>::new());
}
