//! What the packages of Kubernetes 1.37 say of rules in CEL, beside what ours says: `testdata/kubernetes/rules.jsonl.gz`, a line
//! of JSON for each rule, put into the definition in the first line: what is said of the definition, and of an object by it.
//! `cargo xtask kubernetes rules` records them anew.
//!
//! Who makes it better writes the new numbers.
//!
//! What a real server answered to expressions of admission policies is in `testdata/kubernetes/policies.jsonl.gz`.

use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use libtest_mimic::Failed;
use plimsoll::internals::apiserver::{Definitions, answer, update};
use plimsoll::internals::yaml;
use serde_json::{Value, json};

use super::causes;

/// How often ours has to agree: whether the definition is refused, in what words, whether the object is, in what words.
const WANTED: [usize; 4] = [4257, 4219, 2681, 2673];
/// How many rules there are, and to how many of them an object.
const CASES: [usize; 2] = [4258, 2683];

/// Rules, and objects by them.
pub fn are_judged_as_the_server_judges_them() -> Result<(), Failed> {
    let path = testkit::testdata().join("kubernetes/rules.jsonl.gz");
    let mut lines = BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    let definition: Value = serde_json::from_str(&lines.next().ok_or("there is no definition")??)?;
    let (mut count, mut cases, mut objects) = ([0; 4], 0, 0);
    let mut differs = Vec::new();
    for line in lines {
        let case: Value = serde_json::from_str(&line?)?;
        let definition = yaml::parse(with_rule(&definition, &case).to_string())?;
        let ours = causes::ours(&answer(&definition, 37, &Definitions::default()));
        let theirs = causes::recorded(&case["defined"]);
        cases += 1;
        count[0] += usize::from(ours.is_empty() == theirs.is_empty());
        count[1] += usize::from(ours == theirs);
        if ours != theirs {
            differs.push(format!("{}\n  {:?}\n  {theirs:?}\n  {ours:?}", case["rule"], case["message"]));
        }
        if case["object"].is_null() {
            continue;
        }
        objects += 1;
        let definitions = Definitions::of([&definition]);
        let object = yaml::parse(case["object"].to_string())?;
        let ours = match &case["old"] {
            Value::Null => answer(&object, 37, &definitions),
            old => update::answer(&yaml::parse(old.to_string())?, &object, 37, &definitions),
        };
        let ours = causes::ours(&ours);
        let theirs = causes::recorded(&case["causes"]);
        count[2] += usize::from(ours.is_empty() == theirs.is_empty());
        count[3] += usize::from(ours == theirs);
        if ours != theirs {
            differs.push(format!("{} {}\n  {theirs:?}\n  {ours:?}", case["rule"], case["object"]));
        }
    }
    differs.truncate(5);
    let differs = differs.join("\n");
    assert_eq!([cases, objects], CASES);
    assert_eq!(count, WANTED, "of {cases} and {objects}:\n{differs}");
    Ok(())
}

/// What a real API server of 1.37 answered to admission policies and webhooks with expressions, word for word:
/// `testdata/kubernetes/policies.jsonl.gz`.
pub fn of_policies_are_compiled_as_the_server_does_it() -> Result<(), Failed> {
    const CASES: usize = 423;
    const REFUSED: usize = 331;
    let path = testkit::testdata().join("kubernetes/policies.jsonl.gz");
    let (mut cases, mut refused, mut differs) = (0, 0, Vec::new());
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let object = yaml::parse(case["object"].to_string())?;
        let ours = answer(&object, 37, &Definitions::default());
        cases += 1;
        refused += usize::from(!ours.is_taken());
        if case["code"] != ours.code || case["message"] != ours.message {
            differs.push(format!("{}\n  {}\n  {}", case["object"], case["message"], ours.message));
        }
    }
    assert_eq!((cases, refused), (CASES, REFUSED));
    assert!(differs.is_empty(), "{} differ:\n{}", differs.len(), differs[..differs.len().min(3)].join("\n"));
    Ok(())
}

/// The definition with a rule at a place in its schema.
fn with_rule(definition: &Value, case: &Value) -> Value {
    let mut definition = definition.clone();
    let mut schema = &mut definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    for step in case["place"].as_str().unwrap_or_default().split('.').filter(|step| !step.is_empty()) {
        schema = match step {
            "[]" => &mut schema["items"],
            "{}" => &mut schema["additionalProperties"],
            name => &mut schema["properties"][name],
        };
    }
    let mut rule = json!({"rule": case["rule"]});
    if case["message"].is_string() {
        rule["messageExpression"] = case["message"].clone();
    }
    schema["x-kubernetes-validations"] = json!([rule]);
    definition
}
