//! What real API servers of 1.31, 1.34 and 1.37 answered to objects with one to three faults, or none, beside what ours
//! answers: `testdata/kubernetes/answers.jsonl.gz`, a line of JSON for each object. An answer of 1.34 or 1.31 that is not
//! there is that of the next newer version.
//!
//! What Pod Security admission says of pods is in `testdata/kubernetes/pod-security.jsonl.gz`.
//!
//! Ours has to agree in as many cases as it did when the numbers below were written: who makes it better writes the new
//! ones. Never may it refuse what a server takes.

mod causes;
mod rules;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::RangeInclusive;
use std::process::Command;

use flate2::read::GzDecoder;
use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::FieldPath;
use plimsoll::internals::apiserver::pod_security::{self, Level, Pod};
use plimsoll::internals::apiserver::{Answer, Definitions, answer, update};
use plimsoll::internals::yaml;
use serde_json::Value;

/// How often ours has to agree, out of [`CASES`]: the verdict, the reasons and fields, the words, the warnings.
const WANTED: [(u32, [usize; 4]); 3] =
    [(31, [1553, 1553, 1527, 1553]), (34, [1553, 1553, 1543, 1553]), (37, [1553, 1553, 1543, 1553])];
const CASES: usize = 1553;

/// How many files the test data of Pod Security admission has.
const FILES: usize = 4537;

fn main() {
    let args = Arguments::from_args();
    let trials = WANTED
        .map(|(minor, wanted)| Trial::test(format!("kubernetes::1.{minor}"), move || agrees(minor, wanted)));
    let mut trials = Vec::from(trials);
    trials.push(Trial::test("kubernetes::pod_security", pod_security));
    trials.push(Trial::test("kubernetes::custom_resources", custom_resources));
    trials.push(Trial::test("kubernetes::fresh", fresh));
    trials.push(Trial::test("kubernetes::threads", threads));
    trials.push(Trial::test("kubernetes::updates", updates));
    trials.push(Trial::test("kubernetes::tightened", tightened));
    trials.push(Trial::test("kubernetes::rare_kinds", rare_kinds));
    trials.push(Trial::test("kubernetes::cluster_kinds", cluster_kinds));
    trials.push(Trial::test("kubernetes::rules", rules::are_judged_as_the_server_judges_them));
    trials.push(Trial::test("kubernetes::policies", rules::of_policies_are_compiled_as_the_server_does_it));
    libtest_mimic::run(&args, trials).exit();
}

/// Every pod of the test data of Pod Security admission, and random ones: what is said of it at each level in each minor, word
/// for word; and each file of the test data passes or fails as its folder says.
fn pod_security() -> Result<(), Failed> {
    let path = testkit::testdata().join("kubernetes/pod-security.jsonl.gz");
    let (mut files, mut said, mut differs) = (0, 0, Vec::new());
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let object = yaml::parse(case["pod"].to_string())?;
        let pod = Pod::new(&object, &FieldPath::root()).ok_or("no pod")?;
        for (name, level) in [("baseline", Level::Baseline), ("restricted", Level::Restricted)] {
            for range in case["answers"][name].as_array().into_iter().flatten() {
                for minor in minors(&range[0])? {
                    let ours = pod_security::whole(&pod, level, minor);
                    said += 1;
                    if range[1] != ours {
                        differs.push(format!("{name} 1.{minor} {}:\n  {}\n  {ours}", case["pod"], range[1]));
                    }
                }
            }
        }
        for test in case["tests"].as_array().into_iter().flatten() {
            let words: Vec<&str> = test.as_str().unwrap_or_default().split(' ').collect();
            let [level, folder, _, range] = words[..] else {
                return Err(format!("{test} is no test").into());
            };
            let level = if level == "baseline" { Level::Baseline } else { Level::Restricted };
            for minor in minors(&range.into())? {
                files += 1;
                if pod_security::whole(&pod, level, minor).is_empty() != (folder == "pass") {
                    differs.push(format!("{test} in 1.{minor}"));
                }
            }
        }
    }
    if files != FILES {
        return Err(format!("{files} files instead of {FILES}").into());
    }
    let count = differs.len();
    differs.truncate(5);
    if count == 0 { Ok(()) } else { Err(format!("{count} of {said} differ:\n{}", differs.join("\n")).into()) }
}

/// What a real API server of 1.37 answered to objects of charts with one to three faults, among them all that were once answered
/// in another way here: code, reasons, fields, words and warnings.
fn fresh() -> Result<(), Failed> {
    each_recorded("kubernetes/fresh.jsonl.gz", (500, 300), |case| {
        let ours = answer(&yaml::parse(case["object"].to_string())?, 37, &Definitions::default());
        let mut warned: Vec<&str> = ours.warnings.iter().map(|warning| warning.text.as_str()).collect();
        warned.sort_unstable();
        let theirs: Vec<&str> =
            case["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let is_right = case["code"] == ours.code
            && causes::recorded(&case["causes"]) == causes::ours(&ours)
            && theirs == warned;
        Ok((ours, is_right))
    })
}

/// On whatever number of threads a file is judged, the same is told of it, what cannot be read among it.
fn threads() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("objects.yaml");
    let object = |at: usize| {
        let kind = if at.is_multiple_of(7) { "Secret" } else { "ConfigMap" };
        format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: a{at}}}\ndata: {{k: {at}}}\n")
    };
    let whole: String = (0..400).map(object).collect();
    for text in [whole.clone(), whole.replacen("{k: 300}", "{k: 300", 1)] {
        fs::write(&file, text)?;
        let told = |jobs: &str| {
            let words = ["check", "--profile", "kubernetes", "--kube-version", "1.31,1.37", "--no-config"];
            let run = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
                .args(words)
                .args(["--format", "json", "--jobs", jobs, "--manifests"])
                .arg(&file)
                .output();
            run.map(|run| (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned()))
        };
        let alone = told("1")?;
        if alone.1.is_empty() || alone != told("4")? {
            return Err("four threads tell another thing than one".into());
        }
    }
    Ok(())
}

/// What a real API server of 1.37 answered where an object was there and was applied anew, as `updates.jsonl.gz` has it: code,
/// reasons and fields of all, and words where they hold nothing that is drawn by lot.
fn updates() -> Result<(), Failed> {
    each_recorded("kubernetes/updates.jsonl.gz", (900, 250), |case| {
        let [old, new] = ["old", "object"].map(|key| yaml::parse(case[key].to_string()));
        let ours = update::answer(&old?, &new?, 37, &Definitions::default());
        let theirs = &case["answer"];
        let mut wanted: Vec<[String; 3]> = causes::recorded(&theirs["causes"]);
        let mut given = causes::ours(&ours);
        // The words of a Job's template have its identity in them.
        for cause in wanted.iter_mut().chain(&mut given).filter(|cause| cause[1].starts_with("spec.template"))
        {
            cause[2].clear();
        }
        let is_right = theirs["code"] == ours.code && wanted == given;
        Ok((ours, is_right))
    })
}

/// What a real API server of 1.37 answered where custom resources are changed that were made before their definition asked what
/// it asks now: what is wrong with parts that do not change is let be.
fn tightened() -> Result<(), Failed> {
    let folder = testkit::testdata().join("kubernetes");
    let definitions = yaml::parse_all(fs::read_to_string(folder.join("tightened.yaml"))?)?;
    let definitions = Definitions::of(&definitions);
    each_recorded("kubernetes/tightened.jsonl.gz", (1500, 500), |case| {
        let [old, new] = ["old", "object"].map(|key| yaml::parse(case[key].to_string()));
        let ours = update::answer(&old?, &new?, 37, &definitions);
        let wanted = case["message"].as_str().unwrap_or_default();
        let is_right = case["code"] == ours.code
            && (ours.code != 400 || ours.message == wanted)
            && causes::recorded(&case["causes"]) == causes::ours(&ours);
        Ok((ours, is_right))
    })
}

/// What a real API server of 1.37 answered to objects of kinds that charts rarely have: priority and fairness, admission policies
/// and their bindings, drivers of storage. What its compiler of CEL says is left out.
fn rare_kinds() -> Result<(), Failed> {
    each_recorded("kubernetes/rare-kinds.jsonl.gz", (1500, 900), |case| {
        let ours = answer(&yaml::parse(case["object"].to_string())?, 37, &Definitions::default());
        let is_right = case["code"] == ours.code && causes::recorded(&case["causes"]) == causes::ours(&ours);
        Ok((ours, is_right))
    })
}

/// What a real API server of 1.37 answered to objects of kinds that clusters make rather than charts: claims on devices and
/// their classes, certificates, events, nodes, address ranges, attachments, questions of access.
fn cluster_kinds() -> Result<(), Failed> {
    each_recorded("kubernetes/cluster-kinds.jsonl.gz", (1500, 1000), |case| {
        let ours = answer(&yaml::parse(case["object"].to_string())?, 37, &Definitions::default());
        let is_right = case["code"] == ours.code && causes::recorded(&case["causes"]) == causes::ours(&ours);
        Ok((ours, is_right))
    })
}

/// Holds our answer to each recorded case against the server's; there must be so many cases, and so many refused.
fn each_recorded(
    file: &str,
    (least, least_refused): (usize, usize),
    compare: impl Fn(&Value) -> Result<(Answer, bool), Failed>,
) -> Result<(), Failed> {
    let path = testkit::testdata().join(file);
    let (mut cases, mut refused, mut differs) = (0, 0, Vec::new());
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let (ours, is_right) = compare(&case)?;
        if !is_right {
            differs.push(format!("{case}\n  {ours:?}"));
        }
        cases += 1;
        refused += usize::from(!ours.is_taken());
    }
    if cases < least || refused < least_refused {
        return Err(format!("{cases} cases only, {refused} of them refused").into());
    }
    let count = differs.len();
    differs.truncate(3);
    if count == 0 {
        Ok(())
    } else {
        Err(format!("{count} of {cases} differ:\n{}", differs.join("\n")).into())
    }
}

/// Random custom resources of the definitions in `definitions.yaml`: code, words of what cannot be decoded, reasons, fields and
/// words of what is refused.
fn custom_resources() -> Result<(), Failed> {
    let folder = testkit::testdata().join("kubernetes");
    let definitions = yaml::parse_all(fs::read_to_string(folder.join("definitions.yaml"))?)?;
    let definitions = Definitions::of(&definitions);
    each_recorded("kubernetes/custom-resources.jsonl.gz", (1600, 0), |case| {
        let ours = answer(&yaml::parse(case["object"].to_string())?, 37, &definitions);
        let wanted = case["message"].as_str().unwrap_or_default();
        let is_right = case["code"] == ours.code
            && (ours.code != 400 || ours.message.ends_with(&format!(": {wanted}")))
            && causes::recorded(&case["causes"]) == causes::ours(&ours);
        Ok((ours, is_right))
    })
}

/// `8-37`
fn minors(range: &Value) -> Result<RangeInclusive<u32>, Failed> {
    let (first, last) = range.as_str().and_then(|range| range.split_once('-')).ok_or("no range")?;
    Ok(first.parse()?..=last.parse()?)
}

fn agrees(minor: u32, wanted: [usize; 4]) -> Result<(), Failed> {
    let path = testkit::testdata().join("kubernetes/answers.jsonl.gz");
    let (mut count, mut refused, mut differs) = ([0; 4], Vec::new(), Vec::new());
    let mut cases = 0;
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let object = yaml::parse(case["object"].to_string())?;
        let theirs = recorded(&case["answers"], minor);
        let ours = answer(&object, minor, &Definitions::default());
        let right = [
            is_taken(theirs) == ours.is_taken(),
            fields(theirs) == our_fields(&ours),
            theirs["message"].as_str().unwrap_or_default() == ours.message
                && words(theirs) == our_words(&ours),
            warnings(theirs) == our_warnings(&ours),
        ];
        for (count, right) in count.iter_mut().zip(right) {
            *count += usize::from(right);
        }
        if is_taken(theirs) && !ours.is_taken() {
            refused.push(case["id"].to_string());
        }
        if right.contains(&false) {
            differs.push(format!("{} {right:?}", case["id"]));
        }
        cases += 1;
    }
    if cases != CASES {
        return Err(format!("{cases} cases instead of {CASES}").into());
    }
    if !refused.is_empty() {
        return Err(format!("objects are refused that 1.{minor} takes: {}", refused.join(", ")).into());
    }
    if count == wanted {
        return Ok(());
    }
    Err(format!(
        "1.{minor}: {count:?} are right instead of {wanted:?}; these differ:
{}",
        differs.join(
            "
"
        )
    )
    .into())
}

/// The answer of a minor, or of the next newer one that is recorded.
fn recorded(answers: &Value, minor: u32) -> &Value {
    let found =
        [31, 34, 37].into_iter().filter(|at| *at >= minor).find_map(|at| answers.get(format!("1.{at}")));
    found.unwrap_or(&Value::Null)
}

fn is_taken(answer: &Value) -> bool {
    // 0: the server serves no such kind, and so has nothing against it.
    answer["code"].as_u64().is_some_and(|code| (200..300).contains(&code))
}

fn causes(answer: &Value, parts: [usize; 2]) -> Vec<[String; 2]> {
    let causes = answer["causes"].as_array().into_iter().flatten();
    let part = |cause: &Value, at: usize| cause[at].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = causes.map(|cause| parts.map(|at| part(cause, at))).collect();
    all.sort();
    all
}

fn fields(answer: &Value) -> Vec<[String; 2]> {
    causes(answer, [0, 1])
}

fn words(answer: &Value) -> Vec<[String; 2]> {
    causes(answer, [0, 2])
}

fn our_fields(answer: &Answer) -> Vec<[String; 2]> {
    let mut all: Vec<_> =
        answer.causes.iter().map(|cause| [cause.path.to_string(), cause.reason.word().to_owned()]).collect();
    all.sort();
    all
}

fn our_words(answer: &Answer) -> Vec<[String; 2]> {
    let mut all: Vec<_> =
        answer.causes.iter().map(|cause| [cause.path.to_string(), cause.message.clone()]).collect();
    all.sort();
    all
}

fn warnings(answer: &Value) -> Vec<&str> {
    let mut all: Vec<&str> =
        answer["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    all.sort_unstable();
    all
}

fn our_warnings(answer: &Answer) -> Vec<&str> {
    let mut all: Vec<&str> = answer.warnings.iter().map(|warning| warning.text.as_str()).collect();
    all.sort_unstable();
    all
}
