//! Random workloads with everything that rules mend, right and wrong: after mending, no rule finds again what it mended, and
//! mending again changes nothing.

use libtest_mimic::Failed;
use plimsoll::diagnostic::{Applicability, Diagnostic};
use plimsoll::internals::manifest::edit;
use plimsoll::internals::policy::{self, Mended, Mode, Profile, Subject};
use plimsoll::internals::rules;
use serde_json::{Map, Value, json};
use testkit::examples;
use testkit::random::Random;

const PODS: u64 = 24;

pub fn pods() -> Result<(), Failed> {
    for seed in 1..=PODS {
        let mut random = Random::new(seed);
        let object = workload(&mut random);
        let text = match random.below(4) {
            0 => format!("{object}\n"),
            1 => {
                let list =
                    json!({"apiVersion": "v1", "kind": "List", "items": [object, workload(&mut random)]});
                format!("# a list\n{}\n", edit::block(&list))
            }
            _ => format!("# a comment\n{} # the end\n", edit::block(&object)),
        };
        for least in [Applicability::Safe, Applicability::Unsafe] {
            check(&text, least).map_err(|why| format!("seed {seed}, {least:?}: {why}\n{text}"))?;
        }
    }
    Ok(())
}

/// What breaks no rule stays as it is, byte for byte.
pub fn clean_pods() -> Result<(), Failed> {
    for rule in rules::all() {
        for example in rule.explained().examples.iter().filter(|example| !example.bad) {
            let subject = examples::subject(rule, &example.language, &example.text)?;
            let before = subject.text.text().to_owned();
            let clean = findings(&subject).iter().all(|found| found.fix.is_none());
            let mended = mend(subject, Applicability::Unsafe);
            if clean && (mended.subject.text.text() != before || !mended.changes.is_empty()) {
                return Err(format!("{}: {:?}", rule.code, mended.changes).into());
            }
        }
    }
    Ok(())
}

fn check(text: &str, least: Applicability) -> Result<(), String> {
    let subject = || examples::of_manifests(text, Vec::new());
    let fixable = |subject: &Subject| {
        let found = findings(subject).into_iter();
        found.filter(|one| one.fix.as_ref().is_some_and(|fix| fix.applicability >= least)).collect::<Vec<_>>()
    };
    let before = fixable(&subject()?).len();
    let mended = mend(subject()?, least);
    if let Some(refusal) = mended.refused.first() {
        return Err(format!("{} refused: {}", refusal.fix, refusal.why));
    }
    let patched = mended.subject.text.text().to_owned();
    if let Some(left) = fixable(&examples::of_manifests(&patched, Vec::new())?).first() {
        return Err(format!("{} {} is left in\n{patched}", left.code, left.message));
    }
    if before > 0 && mended.changes.is_empty() {
        return Err(format!("{before} findings were mended and nothing was said"));
    }
    let again = mend(examples::of_manifests(&patched, Vec::new())?, least);
    if !again.changes.is_empty() || again.subject.text.text() != patched {
        return Err(format!("mending again changes {:?} in\n{patched}", again.changes));
    }
    Ok(())
}

fn profile() -> Profile {
    Profile::built_in("nvcf").expect("the profile nvcf comes with Plimsoll")
}

fn findings(subject: &Subject) -> Vec<Diagnostic> {
    policy::check(subject, &rules::all(), &profile(), Mode::Strict)
}

fn mend(subject: Subject, least: Applicability) -> Mended {
    policy::mend(subject, &rules::all(), &profile(), Mode::Strict, least)
}

/// Fields, each with a chance of a half, and one of its values.
fn fields(random: &mut Random, table: &[(&str, Value)]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, values) in table {
        let values = values.as_array().expect("a table lists values");
        if random.below(2) == 0 {
            fields.insert((*name).to_owned(), random.pick(values).clone());
        }
    }
    fields
}

fn workload(random: &mut Random) -> Value {
    let spec = pod_spec(random);
    let metadata = fields(
        random,
        &[
            ("namespace", json!(["production", ""])),
            ("labels", json!([{"app": "web"}, {"task-id": "1", "app": "web"}])),
            ("annotations", json!([{}, {"nvcf.nvidia.io/region": "here", "a/b": "c"}])),
        ],
    );
    let mut metadata = Value::Object(metadata);
    metadata["name"] = format!("w{}", random.below(1000)).into();
    let template = json!({"metadata": {"labels": {"app": "web", "gpu-name": "x"}}, "spec": spec});
    match random.below(6) {
        0 => json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}),
        1 => json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata,
            "spec": {"template": template, "selector": {"matchLabels": {"app": "web"}}}}),
        2 => json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata,
            "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": template}}}}),
        3 => json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata,
            "spec": {"type": (["NodePort", "LoadBalancer", "ClusterIP"][random.below(3)]),
                "loadBalancerSourceRanges": ["10.0.0.0/8"], "selector": {"app": "web"},
                "ports": [{"port": 80, "nodePort": 30080}, {"name": "b", "port": 81, "nodePort": 30081}]}}),
        4 => json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata,
            "spec": {"template": template, "selector": {"matchLabels": {"app": "web"}}, "serviceName": "w"}}),
        _ => json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {"template": template, "selector": {"matchLabels": {"app": "web"}}}}),
    }
}

fn pod_spec(random: &mut Random) -> Value {
    let mut spec = fields(
        random,
        &[
            ("hostNetwork", json!([true, false, null])),
            ("hostPID", json!([true, false])),
            ("hostIPC", json!([true, "true"])),
            ("automountServiceAccountToken", json!([true, false])),
            ("serviceAccountName", json!(["", "account"])),
            ("priorityClassName", json!(["high"])),
            ("schedulerName", json!(["mine"])),
            ("nodeName", json!(["node"])),
            ("nodeSelector", json!([{}, {"disk": "ssd"}, null])),
            (
                "affinity",
                json!([{"nodeAffinity": {"a": []}}, {"podAffinity": {}, "nodeAffinity": {"a": 1}}, {}]),
            ),
            ("imagePullSecrets", json!([[], [{"name": ""}, {}, {"name": "a"}, {"name": null}], [{}]])),
            (
                "volumes",
                json!([
                    [{"name": "a"}, {"name": "a"}, {"name": "b", "emptyDir": {}}],
                    [{"name": "c", "hostPath": {"path": "/"}}, {}],
                    null,
                ]),
            ),
        ],
    );
    let table = security();
    if random.below(3) > 0 {
        let mut context = fields(random, &table[..6]);
        if random.below(3) == 0 {
            context.insert(
                "sysctls".into(),
                json!([{"name": "a", "value": "1"}, {"name": "a", "value": "2"}, {"name": "b"}]),
            );
        }
        spec.insert("securityContext".into(), context.into());
    }
    for (list, most) in [("containers", 3), ("initContainers", 2), ("ephemeralContainers", 2)] {
        let count = random.below(most) + usize::from(list == "containers");
        let containers: Vec<Value> = (0..count).map(|at| container(random, list, at)).collect();
        if !containers.is_empty() {
            spec.insert(list.to_owned(), containers.into());
        }
    }
    spec.into()
}

/// Fields of security contexts; the first six are pods' too.
fn security() -> [(&'static str, Value); 12] {
    [
        ("runAsNonRoot", json!([true, false, "true", null])),
        ("runAsUser", json!([0, 1000, null])),
        (
            "seccompProfile",
            json!([{"type": "Unconfined"}, {"type": "RuntimeDefault"}, {}, null, {"localhostProfile": "x"}]),
        ),
        ("appArmorProfile", json!([{"type": "Unconfined"}, {"type": "Localhost", "localhostProfile": "x"}])),
        ("seLinuxOptions", json!([{"user": "u", "role": "r", "type": "spc_t", "level": "s0"}, {}])),
        ("windowsOptions", json!([{"hostProcess": true}, {"hostProcess": false}])),
        ("privileged", json!([true, false])),
        ("allowPrivilegeEscalation", json!([true, false])),
        ("readOnlyRootFilesystem", json!([true, false])),
        ("procMount", json!(["Unmasked", "Default"])),
        (
            "capabilities",
            json!([
                null,
                {"drop": ["NET_RAW"]},
                {"drop": ["all"], "add": ["NET_BIND_SERVICE", "IPC_LOCK"]},
                {"add": ["CAP_SYS_ADMIN"]},
                {"add": ["net_bind_service", "NET_BIND_SERVICE"]},
            ]),
        ),
        ("runAsGroup", json!([0, 1000])),
    ]
}

fn container(random: &mut Random, list: &str, at: usize) -> Value {
    let mut container = fields(
        random,
        &[
            (
                "ports",
                json!([[{"containerPort": 80, "hostPort": 80}, {"name": "b", "containerPort": 81, "hostPort": 81}]]),
            ),
            (
                "env",
                json!([
                    [{"name": "NVCF_ENV", "value": "x"}, {"name": "A", "value": 1.10}, {"name": "B", "value": true}],
                    [{"name": "NVCF_ENV", "value": "x"}, {"name": "NVCF_ENV", "value": 2}, {"name": "NVCF_MINE", "value": "y"}],
                ]),
            ),
            (
                "resources",
                json!([
                    {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": 2}},
                    {"requests": {"nvidia.com/gpu": 1}},
                    {"limits": {"cpu": "1", "memory": "1Gi"}},
                ]),
            ),
        ],
    );
    if random.below(4) > 0 {
        container.insert("securityContext".into(), fields(random, &security()).into());
    }
    container.insert("name".into(), format!("{}{at}", &list[..1]).into());
    container.insert("image".into(), "registry.example.com/app:1.0".into());
    container.into()
}
