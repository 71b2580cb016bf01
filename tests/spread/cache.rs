//! `check --cache-dir`: what is known is what would be found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::{home, plimsoll, program, repository, text, write};

/// Judges with the cache `cache`, outside of the charts.
fn cached(root: &Path, words: &[&str]) -> Output {
    plimsoll(root, &[&["check"], words, &["--cache-dir", "../cache", "--cache-key", "../key"]].concat())
}

/// How many results were known, of how many.
fn known(root: &Path, words: &[&str]) -> (usize, usize) {
    let output = cached(root, &[words, &["--verbose"]].concat());
    let said = text(&output.stderr);
    let line = said.lines().find(|line| line.ends_with("results were in the cache")).unwrap_or(&said);
    let numbers: Vec<usize> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

/// A folder with charts, in one that has room beside it.
fn charts() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let charts = repository();
    let root = folder.path().join("charts");
    fs::rename(charts.path(), &root).expect("it can be moved");
    (folder, root)
}

/// The results that there are.
fn results(root: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(root.join("../cache/results")).sort_by_file_name().into_iter();
    let files = all.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

#[test]
fn what_is_known_is_told_as_what_is_found() {
    let (_folder, root) = charts();
    for format in ["human", "json", "sarif", "html", "junit", "gitlab"] {
        let whole = plimsoll(&root, &["check", ".", "--format", format]);
        for _ in 0..2 {
            let output = cached(&root, &[".", "--format", format]);
            assert_eq!(output.status.code(), whole.status.code());
            assert_eq!(text(&output.stdout), text(&whole.stdout), "{format}");
        }
    }
    let (hits, all) = known(&root, &["."]);
    assert!(hits == 7 && all == 10, "{hits} of {all}");
    // A chart that lies elsewhere is the same chart.
    fs::rename(root.join("host"), root.join("moved")).expect("it can be moved");
    assert_eq!(known(&root, &["moved"]), (1, 1));
    let moved = plimsoll(&root, &["check", "moved"]);
    assert_eq!(text(&cached(&root, &["moved"]).stdout), text(&moved.stdout));
}

#[test]
fn what_asks_the_world_is_not_kept() {
    let (folder, root) = charts();
    let schema = root.canonicalize().expect("it is there").join("asks/own.json");
    write(&root, "asks/Chart.yaml", "apiVersion: v2\nname: asks\nversion: 1.0.0\n");
    let template = |expression: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {expression}\n")
    };
    let asks = |expression: &str| {
        write(&root, "asks/templates/a.yaml", &template(expression));
        known(&root, &["asks"]);
        known(&root, &["asks"]).0 == 0
    };
    for expression in [
        "{{ now | quote }}",
        "{{ now | date \"2006\" | quote }}",
        "{{ randAlphaNum 5 | quote }}",
        "{{ randInt 1 9 | quote }}",
        "{{ shuffle \"abc\" }}",
        "{{ uuidv4 }}",
        "{{ randBytes 4 | quote }}",
        "{{ genPrivateKey \"ed25519\" | quote }}",
        "{{ (genSelfSignedCert \"a\" nil nil 3).Cert | quote }}",
        "{{ htpasswd \"a\" \"b\" | quote }}",
        "{{ bcrypt \"a\" | quote }}",
        "{{ encryptAES \"a\" \"b\" | quote }}",
        "{{ lookup \"v1\" \"Pod\" \"a\" \"b\" | len | quote }}",
        "{{ getHostByName \"localhost\" | quote }}",
        "{{ \"0\" | ago | quote }}",
        "{{ toDate \"2006\" \"2020\" | quote }}",
    ] {
        assert!(asks(expression), "{expression} was kept");
    }
    assert!(!asks("{{ .Values | toYaml | quote }}"), "what asks nothing is kept");
    // Who gives the seed gives all that the answer depends on.
    write(&root, "asks/templates/a.yaml", &template("{{ randAlphaNum 5 | quote }}{{/* a */}}"));
    assert_eq!(known(&root, &["asks", "--deterministic"]), (0, 1));
    assert_eq!(known(&root, &["asks", "--deterministic"]), (1, 1));
    assert_eq!(known(&root, &["asks", "--deterministic=other"]), (0, 1));
    // Schemas in files that the chart ignores.
    write(&root, "asks/templates/a.yaml", &template("a"));
    write(&root, "asks/own.json", "true");
    write(&root, "asks/.helmignore", "own.json\n");
    write(&root, "asks/values.schema.json", &format!("{{\"$ref\": \"file://{}\"}}", schema.display()));
    known(&root, &["asks"]);
    assert_eq!(known(&root, &["asks"]).0, 0);
    // Allowances that end on a day.
    fs::remove_file(root.join("asks/values.schema.json")).expect("it is there");
    write(
        &root,
        "asks/templates/a.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  # plimsoll: allow host-network because of tests until 2999-01-01\n  hostNetwork: true\n",
    );
    known(&root, &["asks"]);
    assert_eq!(known(&root, &["asks"]).0, 0);
    drop(folder);
}

#[test]
fn a_result_that_somebody_else_made_is_not_believed() {
    let (folder, root) = charts();
    let charts = ["clean", "host", "kinds", "secret"];
    let whole = plimsoll(&root, &[&["check"], &charts[..]].concat());
    let check = |what: &str| {
        let output = cached(&root, &charts);
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (whole.status.code(), String::new()),
            "{what}"
        );
        assert_eq!(text(&output.stdout), text(&whole.stdout), "{what}");
    };
    check("cold");
    let all = results(&root);
    let good: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).expect("it is there")).collect();
    let restore = || {
        all.iter().zip(&good).for_each(|(path, bytes)| {
            let _ = fs::remove_file(path);
            let _ = fs::remove_dir(path);
            fs::write(path, bytes).expect("it can be written");
        });
    };
    for at in [0, 7, 31, 32, 33, 40, 80] {
        all.iter().zip(&good).for_each(|(path, bytes)| {
            let mut bytes = bytes.clone();
            // How long the one of times is depends on how fast the machine is.
            let last = bytes.len() - 1;
            bytes[at.min(last)] ^= 1;
            fs::write(path, bytes).expect("it can be written");
        });
        assert_eq!(known(&root, &charts).0, 0, "byte {at}");
        restore();
    }
    for at in [0, 1, 31, 32, 60] {
        all.iter()
            .zip(&good)
            .for_each(|(path, bytes)| fs::write(path, &bytes[..at]).expect("it can be written"));
        check("cut off");
        restore();
    }
    // A result under the name of another.
    all.iter()
        .zip(good.iter().cycle().skip(1))
        .for_each(|(path, bytes)| fs::write(path, bytes).expect("it can be written"));
    assert_eq!(known(&root, &charts).0, 0);
    check("swapped");
    for path in &all {
        fs::remove_file(path).expect("it is there");
        fs::create_dir(path).expect("it can be made");
    }
    check("folders");
    for path in &all {
        fs::remove_dir(path).expect("it is there");
        assert!(std::process::Command::new("mkfifo").arg(path).status().expect("it runs").success());
    }
    check("pipes");
    for path in &all {
        fs::remove_file(path).expect("it is there");
        fs::File::create(path).expect("it can be made").set_len(1 << 40).expect("it can be made long");
    }
    check("endless");
    restore();
    assert_eq!(known(&root, &charts).0, 4);
    // What comes with a checkout was sealed by somebody else.
    fs::remove_file(folder.path().join("key")).expect("it is there");
    assert_eq!(known(&root, &charts).0, 0);
    check("another key");
}

#[test]
fn the_key_is_its_owner_s() {
    let (folder, root) = charts();
    let key = folder.path().join("key");
    cached(&root, &["clean"]);
    let mode =
        |path: &Path| std::os::unix::fs::MetadataExt::mode(&fs::metadata(path).expect("it is there")) & 0o777;
    assert_eq!((mode(&key), mode(&folder.path().join("cache"))), (0o600, 0o700));
    let refused = |why: &str| {
        let output = cached(&root, &["clean"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
    };
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o666)).expect("it is ours");
    refused("others than its owner may write the key ../key");
    fs::remove_file(&key).expect("it is there");
    fs::write(&key, "short").expect("it can be written");
    refused("the key ../key has fewer than 32 bytes");
    fs::remove_file(&key).expect("it is there");
    // Without the flag it lies in the home, and without a home nowhere.
    let words = ["check", "clean", "--cache-dir", "../cache"];
    assert!(program(&root, &words).output().expect("it runs").status.success());
    assert!(home(&root).join(".local/state/plimsoll/cache.key").is_file());
    fs::remove_dir_all(home(&root)).expect("it is there");
    let homeless = program(&root, &words).env_remove("HOME").output().expect("it runs");
    assert!(text(&homeless.stderr).contains("HOME is not set\nhint: name a file for it with --cache-key"));
}

#[test]
fn many_processes_use_it_at_once() {
    let (_folder, root) = charts();
    let whole = plimsoll(&root, &["check", ".", "--format", "json"]);
    let words = [
        "check",
        ".",
        "--format",
        "json",
        "--cache-dir",
        "../cache",
        "--cache-key",
        "../key",
        "--cache-size",
        "9K",
    ];
    for _ in 0..3 {
        let running: Vec<_> = (0..8)
            .map(|_| program(&root, &words).stdout(std::process::Stdio::piped()).spawn().expect("it runs"))
            .collect();
        for process in running {
            let output = process.wait_with_output().expect("it ends");
            assert_eq!(text(&output.stdout), text(&whole.stdout));
        }
    }
    let left = fs::read_dir(root.join("../cache/new")).expect("it is there").count();
    assert_eq!(left, 0);
}

#[test]
fn it_is_shown_emptied_and_kept_small() {
    let (folder, root) = charts();
    let cache = |words: &[&str]| {
        let output = plimsoll(&root, &[&["cache"], words, &["--cache-dir", "../cache"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    cached(&root, &["."]);
    // Those of seven charts or sets, and the times.
    assert!(cache(&["show"]).starts_with("folder:  ../cache\nresults: 8\nsize:    "), "{}", cache(&["show"]));
    cached(&root, &[".", "--mode", "strict", "--cache-size", "4K"]);
    let bytes: u64 = results(&root).iter().map(|path| fs::metadata(path).expect("it is there").len()).sum();
    assert!(bytes <= 4096, "{bytes}");
    write(folder.path(), "cache/notes.txt", "mine");
    write(folder.path(), "cache/results/zz/notes.txt", "mine");
    assert!(cache(&["clean"]).starts_with("removed "));
    assert_eq!(results(&root).len(), 1);
    assert!(folder.path().join("cache/notes.txt").exists());
    let refused = plimsoll(&root, &["cache", "clean", "--cache-dir", "."]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains(". holds something else than a cache"),
        "{}",
        text(&refused.stderr)
    );
    let nameless = plimsoll(&root, &["cache", "show"]);
    assert!(text(&nameless.stderr).contains("no cache is named"));
    let named =
        program(&root, &["cache", "show"]).env("PLIMSOLL_CACHE_DIR", "../cache").output().expect("it runs");
    assert!(named.status.success());
    let mut unused = program(&root, &["check", "clean", "--no-cache"]);
    assert!(unused.env("PLIMSOLL_CACHE_DIR", "../other").output().expect("it runs").status.success());
    assert!(!folder.path().join("other").exists());
}

#[test]
fn shards_are_divided_by_the_times_that_are_known() {
    let (_folder, root) = charts();
    let cache = ["--cache-dir", "../cache", "--cache-key", "../key"];
    cached(&root, &["."]);
    let mut reports = Vec::new();
    for index in 1..=3 {
        let (part, json) = (format!("{index}/3"), format!("json=part-{index}.json"));
        plimsoll(&root, &[&["check", ".", "--shard", &part, "--format", &json], &cache[..]].concat());
        reports.push(format!("part-{index}.json"));
    }
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let merged = plimsoll(&root, &[&["merge"], &reports[..], &cache].concat());
    assert_eq!(text(&merged.stdout), text(&plimsoll(&root, &["check", "."]).stdout));
    plimsoll(&root, &["check", ".", "--shard", "3/3", "--format", "json=part-3.json"]);
    let other = plimsoll(&root, &[&["merge"], &reports[..]].concat());
    assert!(
        text(&other.stderr).contains("the charts were divided by other times"),
        "{}",
        text(&other.stderr)
    );
}

#[test]
fn no_result_is_stale() {
    // `cargo xtask edits` makes a hundred thousand.
    std::thread::scope(|scope| {
        for seed in 1..=2 {
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a folder can be made");
                let outcome =
                    testkit::edits::run(folder.path(), 600, seed).unwrap_or_else(|why| panic!("{why}"));
                assert!(outcome.known * 20 > outcome.asked, "{outcome:?}");
            });
        }
    });
}
