//! What `docs/security.md` promises of the program as a process: limits, files that have no end, output that nobody reads, texts
//! that play with a terminal, files that are there whole or not at all. Each promise of that page names a test.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers: [{name: a, image: x}]\n";

fn chart(template: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("templates")).unwrap();
    fs::write(folder.path().join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 0.1.0\n").unwrap();
    fs::write(folder.path().join("templates/t.yaml"), template).unwrap();
    folder
}

fn plimsoll(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(words).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = plimsoll(words).output().unwrap();
    assert_eq!(status.signal(), None, "{words:?} ends with a signal");
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_limit_names_the_place_and_the_flag() {
    let chart = chart("a: 1\nx: {{ range 100000000 }}{{ end }}\n");
    let (code, _, said) = run(&["template", path(&chart), "--limit-steps", "100000"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("c/templates/t.yaml:2") && said.contains("--limit-steps"), "{said}");
    let doubling =
        self::chart("{{ $s := \"aaaaaaaaaaaaaaaa\" }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}");
    let (code, _, said) = run(&["template", path(&doubling)]);
    assert_eq!(code, Some(1));
    assert!(said.contains("c/templates/t.yaml:1") && said.contains("--limit-memory"), "{said}");
    let (code, told, _) = run(&["check", path(&doubling)]);
    assert_eq!(code, Some(2));
    assert!(told.contains("--limit-memory") && told.contains("could not be judged"), "{told}");
    let keys = self::chart("{{ range 9 }}{{ $_ := genCA \"a\" 1 }}{{ end }}");
    let (code, _, said) = run(&["template", path(&keys), "--limit-steps", "2000000"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("c/templates/t.yaml:1") && said.contains("--limit-steps"), "{said}");
    let (code, ..) = run(&["template", path(&self::chart("x: 1\n")), "--limit-memory", "64MiB"]);
    assert_eq!(code, Some(0));
}

#[test]
fn what_nobody_counts_is_ended_by_time() {
    // Ten seconds of work that counts little: the second net is what ends it.
    let chart = chart("{{ range 100000000000 }}{{ end }}");
    let began = Instant::now();
    let (code, _, said) =
        run(&["template", path(&chart), "--limit-time", "1", "--limit-steps", "18446744073709551614"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("--limit-time") && said.contains("c/templates/t.yaml"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_nobody_counts_is_ended_by_memory() {
    // What comes by a pipe is held before anybody counts it.
    let chart = chart("x: 1\n");
    let words = ["template", path(&chart), "-f", "-", "--limit-memory", "24MiB"];
    let mut child = plimsoll(&words).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let piece = "# nothing\n".repeat(200 << 10);
    for _ in 0..28 {
        if pipe.write_all(piece.as_bytes()).is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(60));
    }
    // The pipe stays open: only the limit can have ended it.
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    drop(pipe);
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("held more than 24 MiB") && said.contains("--limit-memory"), "{said}");
    assert!(said.contains("at work on standard input"), "{said}");
}

#[test]
fn no_file_without_an_end_is_read() {
    let chart = chart(POD);
    let beside = tempfile::tempdir().unwrap();
    let fifo = beside.path().join("fifo");
    pipe(&fifo);
    let fifo = fifo.to_str().unwrap();
    let began = Instant::now();
    let chart_path = path(&chart);
    for (flag, file, wanted) in [
        ("-f", fifo, "nobody writes"),
        ("-f", "/dev/zero", "more than 64 MiB"),
        ("--config", fifo, "is no regular file"),
        ("--baseline", fifo, "is no regular file"),
        ("--baseline", "/dev/zero", "is no regular file"),
        ("--request", fifo, "nobody writes"),
        ("--set-file", &format!("a={fifo}"), "nobody writes"),
        ("--crd", fifo, "there is no CustomResourceDefinition"),
        ("--crd", "/dev/zero", "there is no CustomResourceDefinition"),
        ("--output", fifo, "nobody reads"),
    ] {
        let (code, told, said) = run(&["check", chart_path, flag, file]);
        assert_eq!(code, Some(2), "{flag} {file}");
        assert!(told.contains(wanted) || said.contains(wanted), "{flag} {file}: {told}{said}");
    }
    let endless = fs::File::open("/dev/zero").unwrap();
    let stdin = plimsoll(&["template", chart_path, "-f", "-"]).stdin(endless).output().unwrap();
    let said = String::from_utf8(stdin.stderr).unwrap();
    assert!(stdin.status.code() == Some(1) && said.contains("more than 64 MiB"), "{said}");
    let archive = beside.path().join("c-0.1.0.tgz");
    fs::write(&archive, b"no archive").unwrap();
    for words in [
        &["verify", archive.to_str().unwrap(), "--keyring", fifo][..],
        &["pull", "oci://127.0.0.1:9/c", "--registry-config", fifo],
        &["pull", "a/c", "--repository-config", fifo],
        &["template", fifo],
        &["show", "chart", fifo],
        &["push", fifo, "oci://127.0.0.1:9/x"],
        &["check", "--manifests", fifo],
        &["merge", fifo],
    ] {
        let (code, _, said) = run(words);
        assert!(code.is_some_and(|code| code > 0) && !said.is_empty(), "{words:?}: {said}");
    }
    let schema = chart.path().join("values.schema.json");
    fs::write(&schema, format!(r#"{{"$ref": "file://{fifo}"}}"#)).unwrap();
    assert_eq!(run(&["template", chart_path]).0, Some(1));
    fs::remove_file(&schema).unwrap();
    // Somebody who comes late is waited for.
    let reader = std::thread::spawn({
        let fifo = fifo.to_owned();
        move || {
            std::thread::sleep(Duration::from_millis(500));
            fs::read_to_string(fifo).unwrap()
        }
    });
    assert_eq!(run(&["check", chart_path, "--output", fifo]).0, Some(1));
    assert!(reader.join().unwrap().contains("POD101"));
    for name in ["Chart.yaml", ".helmignore", "templates/u.yaml"] {
        let place = chart.path().join(name);
        let before = fs::read(&place).ok();
        let _ = fs::remove_file(&place);
        pipe(&place);
        let (code, ..) = run(&["template", chart_path]);
        assert_eq!(code, Some(1), "{name}");
        fs::remove_file(&place).unwrap();
        if let Some(before) = before {
            fs::write(&place, before).unwrap();
        }
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn a_reader_that_goes_away_changes_no_verdict() {
    // More is told of these than a pipe holds.
    let chart = chart(&format!("{POD}---\n").repeat(60));
    let mut child = plimsoll(&["check", path(&chart)]).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 1]).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn no_text_plays_with_a_terminal_or_a_log() {
    let chart =
        chart("{{ fail \"\\x1b[31mred\\x1b]0;t\\x07\\r\\n::error::pwn\\n##[error]pwn\\u202e\\u009b2J\" }}");
    for command in [["template", path(&chart)], ["check", path(&chart)], ["lint", path(&chart)]] {
        let (_, told, said) = run(&command);
        let all = if command[0] == "lint" { said } else { told + &said };
        let is_bad = |c: &char| c.is_control() && *c != '\n' && *c != '\t' || matches!(c, '\u{202e}');
        assert_eq!(all.chars().find(is_bad), None, "{command:?}: {all:?}");
        assert!(!all.lines().any(|line| line.trim_start().starts_with("::")), "{command:?}: {all}");
        assert!(!all.contains("##[error]"), "{command:?}: {all}");
    }
    let (_, _, said) = run(&["template", "--\u{1b}[31mnope\n::error::x"]);
    assert!(!said.contains('\u{1b}') && !said.lines().any(|line| line.starts_with("::")), "{said:?}");
}

#[test]
fn no_line_of_a_page_is_a_command() {
    let lines = "    ::error::pwn\n    ##[error]pwn\n";
    let chart =
        chart(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: |\n{lines}"));
    let (code, told, _) = run(&["check", path(&chart), "--format", "html"]);
    assert!(code == Some(0) && told.contains("error]pwn"), "{told}");
    let is_command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
    assert_eq!(told.lines().find(is_command), None);
}

#[test]
fn what_stands_in_many_places_is_followed_once() {
    let chart = chart(
        "{{ $d := dict \"k\" \"v\" }}{{ range until 60 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}\
         {{ $_ := set .Values \"x\" $d }}a: {{ kindOf (deepEqual .Values.x .Values.x) }}\n\
         b: {{ repeat 9223372036854775807 .Values.none }}\n",
    );
    fs::write(chart.path().join("values.yaml"), "none: \"\"\n").unwrap();
    let began = Instant::now();
    let (code, told, said) = run(&["check", path(&chart)]);
    assert_eq!(code, Some(0), "{told}{said}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn who_gives_no_answer_says_why() {
    let broken = chart("{{ fail \"so\" }}");
    let (code, told, said) =
        run(&["check", path(&broken), "--format", "apiserver", "--profile", "kubernetes"]);
    assert!(code == Some(2) && told.is_empty() && said.contains("so"), "{told}{said}");
    let (_, told, said) = run(&["check", path(&chart(POD)), "--format", "apiserver"]);
    assert!(told.is_empty() && said.contains("--profile kubernetes"), "{told}{said}");
}

#[test]
fn json_escapes_what_may_harm_a_reader() {
    let chart = chart(POD);
    fs::write(chart.path().join("Chart.yaml"), "apiVersion: v2\nname: \"a\\u202e\\u0085\"\nversion: 1\n")
        .unwrap();
    for format in ["json", "sarif", "gitlab"] {
        let (_, told, _) = run(&["check", path(&chart), "--format", format]);
        assert!(!told.chars().any(|c| matches!(c, '\u{202e}' | '\u{85}')), "{told:?}");
        assert!(serde_json::from_str::<serde_json::Value>(&told).is_ok(), "{told}");
    }
}

#[test]
fn a_report_is_there_whole_or_not_at_all() {
    let chart = chart(POD);
    let report = chart.path().join("report.json");
    fs::write(&report, "old").unwrap();
    let words = ["check", path(&chart), "--format", "json", "--output", report.to_str().unwrap()];
    // No file may have more bytes than these: the disk is full, as far as the program can tell.
    let script = format!("ulimit -f 0; exec \"$0\" {}", words.map(|word| format!("'{word}'")).join(" "));
    let full = Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_plimsoll")]).output().unwrap();
    assert!(!full.status.success());
    assert_eq!(fs::read_to_string(&report).unwrap(), "old");
    assert_eq!(run(&words).0, Some(1));
    assert!(fs::read_to_string(&report).unwrap().starts_with('{'));
    let hidden = fs::read_dir(chart.path()).unwrap().filter_map(Result::ok);
    let left: Vec<_> =
        hidden.filter(|file| file.file_name().to_string_lossy().starts_with(".plimsoll-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn small_limits_of_the_system_are_errors() {
    let chart = chart(POD);
    let beside = tempfile::tempdir().unwrap();
    let out = beside.path().join("out");
    for (limit, words) in [
        ("-v 300000", &["version"][..]),
        ("-v 300000", &["--help"]),
        ("-v 300000", &["template", path(&chart)]),
        ("-d 20000", &["version"]),
        ("-d 20000", &["template", path(&chart)]),
        ("-d 20000", &["check", path(&chart)]),
        ("-d 40000", &["template", path(&chart)]),
        ("-d 40000", &["check", path(&chart)]),
        ("-s 256", &["template", path(&chart)]),
        ("-n 8", &["template", path(&chart)]),
        ("-f 0", &["template", path(&chart)]),
        ("-f 0", &["check", path(&chart)]),
    ] {
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let script = format!("ulimit {limit}; exec \"$0\" {words} >'{}'", out.display());
        let done =
            Command::new("bash").args(["-c", &script, env!("CARGO_BIN_EXE_plimsoll")]).output().unwrap();
        assert_eq!(done.status.signal(), None, "ulimit {limit}: {words}: {done:?}");
        assert!(done.status.code().is_some_and(|code| code <= 2), "ulimit {limit}: {words}: {done:?}");
    }
}

#[test]
fn what_is_no_utf_8_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.yaml");
    fs::write(&file, b"apiVersion: v1\nkind: Pod\nmetadata: {name: \xff}\n").unwrap();
    let file = file.to_str().unwrap();
    for command in ["check", "patch"] {
        let (code, _, said) = run(&[command, "--manifests", file]);
        assert_eq!(code, Some(2), "{command}");
        assert!(said.contains("is not UTF-8"), "{command}: {said}");
    }
    let chart = chart(POD);
    for flag in ["--config", "--baseline", "--request", "-f", "--crd", "--previous"] {
        let (code, told, said) = run(&["check", path(&chart), flag, file]);
        assert_eq!(code, Some(2), "{flag}: {told}{said}");
    }
    for name in ["values.yaml", "Chart.yaml", "values.schema.json", "templates/t.yaml"] {
        let chart = self::chart(POD);
        fs::copy(file, chart.path().join(name)).unwrap();
        let (code, told, said) = run(&["check", path(&chart)]);
        assert_eq!(code, Some(2), "{name}: {told}{said}");
    }
}

#[test]
fn a_configuration_can_be_left_out() {
    let chart = chart(POD);
    fs::write(chart.path().join(".plimsoll.yaml"), "extends: nvcf\nseverity: {host-network: off}\n").unwrap();
    let found = |words: &[&str]| check_in(chart.path(), words).1.contains("POD101");
    assert!(!found(&["."]) && found(&[".", "--no-config"]));
}

/// `check` in a folder, at the exit code and what is told and said.
fn check_in(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output = plimsoll(&["check"]).args(words).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_a_chart_elsewhere_says_of_itself_may_only_tighten() {
    let [outer, inner] = [tempfile::tempdir().unwrap(), chart(POD)];
    let write = |folder: &TempDir, text: &str| fs::write(folder.path().join(".plimsoll.yaml"), text).unwrap();
    write(
        &inner,
        "ignore: [host-network]\nfail-on: never\nallow: [{rule: host-network, reason: so}]\nseverity: {floating-tag: error}\n",
    );
    let found = |words: &[&str]| {
        let (code, told, _) = check_in(outer.path(), &[&[path(&inner)], words].concat());
        (code, told.contains("POD101"), told)
    };
    // Nobody's configuration, one that says nothing of trust, and each word for it.
    let (code, is_found, told) = found(&[]);
    assert!(code == Some(1) && is_found && told.contains(".plimsoll.yaml (may only tighten)"), "{told}");
    write(&outer, "fail-on: error\n");
    let (code, is_found, told) = found(&[]);
    assert!(code == Some(1) && is_found && told.contains("configuration: .plimsoll.yaml, "), "{told}");
    write(&outer, "trust: none\n");
    let (code, is_found, told) = found(&[]);
    assert!(code == Some(1) && is_found && told.contains("(not read, as"), "{told}");
    write(&outer, "trust: all\n");
    let (code, is_found, told) = found(&[]);
    assert!(code == Some(0) && !is_found, "{told}");
    // Below the folder that one stands in, it holds only within the same checkout.
    fs::remove_file(outer.path().join(".plimsoll.yaml")).unwrap();
    let below = outer.path().join("charts");
    assert!(Command::new("cp").arg("-r").args([inner.path(), &below]).status().unwrap().success());
    assert_eq!(check_in(outer.path(), &["charts"]).0, Some(1));
    fs::create_dir(outer.path().join(".git")).unwrap();
    assert_eq!(check_in(outer.path(), &["charts"]).0, Some(0));
    fs::create_dir(below.join(".git")).unwrap();
    assert_eq!(check_in(outer.path(), &["charts"]).0, Some(1));
    // Whoever stands in it judges by it.
    assert_eq!(check_in(&below, &["."]).0, Some(0));
    // What asks for more is heard.
    write(&inner, "fail-on: advice\nseverity: {floating-tag: error}\n");
    let (code, _, told) = found(&["--ignore", "host-network", "--format", "concise"]);
    assert!(code == Some(1) && told.contains("error[IMG103"), "{told}");
}

#[test]
fn what_a_chart_elsewhere_allows_itself_counts_for_nothing() {
    let allowed = POD.replace("{name: p}", "{name: p, annotations: {allow.plimsoll/host-network: because}}");
    let [outer, inner] = [tempfile::tempdir().unwrap(), chart(&allowed)];
    let found = |here: &Path, chart: &str| {
        let (_, told, _) = check_in(here, &[chart]);
        (told.contains("POD101"), told.contains("counts for nothing"))
    };
    assert_eq!(found(outer.path(), path(&inner)), (true, true));
    // A comment in the template, or in rendered text, says no more.
    for comment in
        ["{{/* plimsoll: allow host-network because */}}", "# plimsoll: allow host-network because"]
    {
        let text = POD.replace("  hostNetwork", &format!("  {comment}\n  hostNetwork"));
        let other = chart(&text);
        assert_eq!(found(outer.path(), path(&other)), (true, true), "{comment}");
        assert_eq!(found(other.path(), "."), (false, false), "{comment}");
    }
    fs::write(outer.path().join(".plimsoll.yaml"), "trust: all\n").unwrap();
    assert_eq!(found(outer.path(), path(&inner)), (false, false));
    fs::remove_file(outer.path().join(".plimsoll.yaml")).unwrap();
    // One's own charts are believed: those in the same checkout, or below where one stands.
    let below = outer.path().join("charts");
    assert!(Command::new("cp").arg("-r").args([inner.path(), &below]).status().unwrap().success());
    assert_eq!(found(outer.path(), "charts"), (false, false));
    fs::create_dir(outer.path().join(".git")).unwrap();
    assert_eq!(found(outer.path(), "charts"), (false, false));
    fs::create_dir(below.join(".git")).unwrap();
    assert_eq!(found(outer.path(), "charts"), (true, true));
}

#[test]
fn every_report_says_which_configuration_was_read() {
    let chart = chart(POD);
    fs::write(chart.path().join(".plimsoll.yaml"), "fail-on: never\n").unwrap();
    for format in [
        "human",
        "concise",
        "json",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "tap",
        "markdown",
        "html",
        "reval",
        "apiserver",
    ] {
        let (code, told, said) = check_in(chart.path(), &[".", "--format", format]);
        assert!(code == Some(0) || format == "reval", "{format}: {code:?} {said}");
        let place = if matches!(format, "gitlab" | "reval" | "apiserver") { said } else { told };
        assert!(place.contains(".plimsoll.yaml"), "{format}: {place}");
    }
}

#[test]
fn a_configuration_writes_nothing_outside_its_checkout() {
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path().join("chart");
    let pod = self::chart(POD);
    assert!(Command::new("cp").arg("-r").args([pod.path(), &chart]).status().unwrap().success());
    let outside = folder.path().join("outside.json");
    std::os::unix::fs::symlink(&outside, chart.join("link.json")).unwrap();
    for name in ["../outside.json", "templates/../../outside.json", path(&folder), "link.json", ".."] {
        fs::write(chart.join(".plimsoll.yaml"), format!("baseline: {name}\n")).unwrap();
        let (code, _, said) = check_in(&chart, &[".", "--write-baseline"]);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains("lies outside") && !outside.exists(), "{name}: {said}");
    }
    fs::remove_file(chart.join("link.json")).unwrap();
    fs::write(chart.join(".plimsoll.yaml"), "baseline: own.json\n").unwrap();
    assert_eq!(check_in(&chart, &[".", "--write-baseline"]).0, Some(0));
    assert!(chart.join("own.json").is_file());
}

#[test]
fn no_secret_is_told() {
    let chart = chart(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: hunter2!, n: 7654321}\nstringData: {x: {y: hunter2}}\n\
         stringdata: hunter2\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: x\n    \
         env:\n    - {name: A, value: {k: hunter2}}\n    - name: B\n      value: 7654321\n    - {name: C, value: hunter2, valu: hunter2}\n\
         ---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: S_}, data: {k: hunter2!}}\n",
    );
    for format in ["human", "concise", "json", "sarif", "junit", "github", "gitlab", "tap", "markdown"] {
        for more in [&[][..], &["--profile", "kubernetes"], &["--full"]] {
            let words = ["check", path(&chart), "--format", format];
            let (_, told, said) = run(&[&words[..], more].concat());
            for secret in ["hunter2", "7654321"] {
                let line = told.lines().chain(said.lines()).find(|line| line.contains(secret));
                assert_eq!(line, None, "{format} {more:?}");
            }
            assert!(told.contains("OBJ112") || !more.is_empty(), "{told}");
        }
    }
}

#[test]
fn a_difference_shows_no_secret() {
    let chart = chart(&format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{a: hunter2}}\n---\n{}",
        POD.replace("image: x", "image: x, env: [{name: A, value: hunter2}]")
    ));
    for more in [&[][..], &["--unsafe"]] {
        let (code, told, said) = run(&[&["patch", path(&chart), "--diff"], more].concat());
        assert!(code == Some(0) && !told.contains("hunter2") && !said.contains("hunter2"), "{told}{said}");
    }
    // What is printed to be installed is whole.
    assert!(run(&["patch", path(&chart)]).1.contains("hunter2"));
}

#[test]
fn values_that_are_called_as_secrets_are_stay_out_of_findings() {
    let chart = chart("a: {{ .Values.known }}\n");
    fs::write(chart.path().join("values.yaml"), "known: 1\n").unwrap();
    fs::write(
        chart.path().join("values.schema.json"),
        r#"{"properties": {"token": {"pattern": "^x"}, "auth": {"properties": {"password": {"type": "number"}}}}}"#,
    )
    .unwrap();
    let values = chart.path().join("mine.yaml");
    for text in [
        "rootPasswrod: hunter2\nroot-password: hunter2\nauth: {user: a, apiKey: hunter2}\n",
        "token: hunter2\n",
        "auth: {password: hunter2}\n",
    ] {
        fs::write(&values, text).unwrap();
        for format in ["human", "json", "sarif", "markdown", "concise", "junit"] {
            let (code, told, said) =
                run(&["check", path(&chart), "-f", values.to_str().unwrap(), "--format", format]);
            assert!(code.is_some_and(|code| code > 0) || told.contains("VAL102"), "{text}: {told}{said}");
            let line = told.lines().find(|line| line.contains("hunter2"));
            assert_eq!(line, None, "{format}: {text}");
        }
    }
}

#[test]
fn git_runs_nothing_of_the_checkout() {
    let chart = chart(POD);
    let mark = chart.path().join("ran");
    let script = chart.path().join("evil.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&script).status().unwrap().success());
    let evil = script.to_str().unwrap();
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    for words in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "-m", "all"]] {
        let status =
            Command::new("git").args(identity).args(words).current_dir(chart.path()).status().unwrap();
        assert!(status.success(), "{words:?}");
    }
    // What it says of files, each in a driver that is called otherwise.
    let odd = "filter.b=c.\"d";
    let odd = format!("{odd}.clean");
    fs::write(chart.path().join(".gitattributes"), "* filter=a diff=a\n*.yaml filter=b=c.\"d\n").unwrap();
    let programs = [
        "core.fsmonitor",
        "diff.external",
        "core.pager",
        "filter.a.clean",
        "filter.a.process",
        &odd,
        "diff.a.textconv",
    ];
    let settings = programs.map(|name| (name, evil));
    for (name, value) in settings.into_iter().chain([("filter.a.required", "true")]) {
        let status =
            Command::new("git").args(["config", name, value]).current_dir(chart.path()).status().unwrap();
        assert!(status.success(), "{name}");
    }
    fs::write(chart.path().join("values.yaml"), "a: 1\n").unwrap();
    fs::write(chart.path().join("templates/t.yaml"), format!("{POD}\n")).unwrap();
    let (code, told, said) = check_in(chart.path(), &[".", "--since", "HEAD"]);
    assert!(code == Some(1) && told.contains("POD101"), "{told}{said}");
    assert!(!mark.exists());
}
