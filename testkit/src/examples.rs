//! Makes a [`Subject`] of an example in a rule's text, or of a section of `testdata/rules`: what the rule looks at is put
//! into a chart or an object that breaks no rule.

use std::ops::Range;

use plimsoll::FieldPath;
use plimsoll::internals::chart::{BufferedFile, load_files};
use plimsoll::internals::diagnostic::{Layer, ValueOrigin};
use plimsoll::internals::go::slog;
use plimsoll::internals::judge::subject_of_chart;
use plimsoll::internals::manifest::{HelmVersion, split};
use plimsoll::internals::policy::{
    ChartSubject, Check, ClosedFile, Clusters, Document, OddUse, Oddities, RepeatedKey, Request, Role, Rule,
    Subject, TemplateCall, UnreadKey, ValuesSubject, YamlFile,
};
use plimsoll::internals::source::SourceFile;
use plimsoll::internals::template::Parsed;
use plimsoll::internals::values::{Layers, Sources, read_all};
use plimsoll::internals::yaml;
use serde_json::{Map, Value as Json, json};

/// The subject of an example. `language` is that of the fence: `yaml` is what the rule looks at (a whole object where it has
/// a `kind`), `chart` a chart of several files, `values`, `template`, `request` and `log` (what Helm logs) say what they are, `values`, `gpus` and `templated` behind
/// `request` give it a chart to go with, `task` behind one adds the request of a task, `extra` a validation policy, and `many`, `large` and `quota`
/// make objects of a number. Of a rule on values it is values laid over those of
/// `values.yaml`; `values previous` are two texts, the old values and the new ones, and `yaml upgrade` an
/// object as it was and as it is to be.
///
/// # Errors
/// Why the example cannot be read.
pub fn subject(rule: &Rule, language: &str, text: &str) -> Result<Subject, String> {
    let (language, task) = match language.strip_suffix(" task") {
        Some(language) => (language, true),
        None => (language, false),
    };
    let mut subject =
        Subject { chart: Some(chart(&json!({}), None, None)?), ..of_manifests("", Vec::new())? };
    match (language, rule.check) {
        ("values previous", _) => {
            let (before, after) =
                text.split_once("---\n").ok_or("write the old values, `---` and the new ones")?;
            subject.values = Some(values(after, Some(before))?);
        }
        (_, Check::Values(_)) => subject.values = Some(values(text, None)?),
        ("chart", _) => subject.chart = Some(rendered(text)?),
        ("values", _) => subject.chart = Some(chart(&json!({}), Some(text), None)?),
        ("log", _) => subject.log = text.lines().map(logged).collect::<Result<_, _>>()?,
        ("template", _) => subject.chart = Some(chart(&json!({}), None, Some(text))?),
        ("request", _) => subject.request = Some(request(text)?),
        ("request service", _) => {
            subject = with_manifests(subject, SERVICES)?;
            subject.request = Some(request(text)?);
        }
        ("request values", _) => {
            subject.chart =
                Some(chart(&json!({}), Some("replicaCount: 1\nimage:\n  tag: latest\nextra: {}\n"), None)?);
            subject.request = Some(request(text)?);
        }
        ("request gpus", _) => {
            subject = with_manifests(subject, &four_gpus())?;
            subject.request = Some(request(text)?);
        }
        ("request templated", _) => {
            let template = SERVICES.replacen("name: entry", "name: {{ .Values.service }}", 1);
            subject = with_manifests(subject, SERVICES)?;
            subject.chart = Some(chart(&json!({}), None, Some(&template))?);
            subject
                .documents
                .iter_mut()
                .for_each(|document| document.source = "templates/example.yaml".into());
            subject.request = Some(request(text)?);
        }
        ("yaml upgrade", _) => {
            let (before, after) =
                text.split_once("---\n").ok_or("write the old object, `---` and the new one")?;
            let old = yaml::parse(before).map_err(|error| error.to_string())?;
            subject = with_manifests(subject, after)?;
            subject.clusters = Clusters::default().before(vec![old], "default");
        }
        (_, Check::Chart(_)) => subject.chart = Some(chart(&read(text)?, None, None)?),
        ("yaml many", _) => {
            let count: usize = text.trim().parse().map_err(|_| "not a number".to_owned())?;
            subject = with_manifests(subject, &claims(count))?;
        }
        ("yaml large", _) => {
            let size: usize = text.trim().parse().map_err(|_| "not a number".to_owned())?;
            subject = with_manifests(subject, &config_map_of(size))?;
        }
        ("yaml extra", _) => {
            subject = with_manifests(subject, text)?;
            subject.extra_kinds.push("nvidia.com/v1alpha1/DynamoGraphDeployment".to_owned());
        }
        ("yaml quota", _) => subject = with_manifests(subject, &several(text)?)?,
        (_, check) => subject = with_manifests(subject, &manifests(check, text)?)?,
    }
    if task {
        subject.request = Some(request("maxRuntimeDuration: PT1H\n")?);
    }
    Ok(subject)
}

/// A subject of rendered text alone: documents between lines of `---`.
///
/// # Errors
/// The first document that is not YAML.
pub fn of_manifests(text: &str, extra_kinds: Vec<String>) -> Result<Subject, String> {
    let mut documents = Vec::new();
    for range in split::split(text, HelmVersion::Helm4) {
        let node = yaml::parse(&text[range.clone()]).map_err(|error| error.to_string())?;
        let hook = node.at(&["metadata", "annotations", "helm.sh/hook"]).is_some();
        let role = if hook { Role::Hook } else { Role::Manifest };
        let (source, template) = (String::new(), String::new());
        let Range { start, end } = range;
        documents.push(Document { source, template, offset: start, node: node.into(), start, end, role });
    }
    let text = SourceFile::new("", text);
    Ok(Subject {
        chart: None,
        text,
        documents,
        request: None,
        namespace: "default".into(),
        values: None,
        extra_kinds,
        log: Vec::new(),
        clusters: Clusters::default(),
        own_names: None,
    })
}

/// Values that break no rule, with those of an example laid over them, and with others before.
///
/// # Errors
/// Why they cannot be read.
pub fn values(text: &str, previous: Option<&str>) -> Result<ValuesSubject, String> {
    let layers = |text: &str| {
        let files = ["base.yaml", "values.yaml"].map(str::to_owned);
        let sources = Sources { files: files.to_vec(), ..Sources::default() };
        let mut read = |name: &str| {
            let text = if name == "base.yaml" { VALUES } else { text };
            Ok(text.as_bytes().to_vec())
        };
        let user = read_all(&sources, &mut read).map_err(|error| error.to_string())?;
        Ok::<Layers, String>(Layers::of_user(&user))
    };
    let previous = previous.map(layers).transpose()?;
    Ok(ValuesSubject::new(layers(text)?, previous.as_ref()))
}

fn with_manifests(subject: Subject, text: &str) -> Result<Subject, String> {
    Ok(Subject { chart: subject.chart, ..of_manifests(text, Vec::new())? })
}

fn read(text: &str) -> Result<Json, String> {
    yaml::parse(text).map(|node| node.to_json()).map_err(|error| error.to_string())
}

fn request(text: &str) -> Result<Request, String> {
    let body = YamlFile::parse("request.yaml", text).map_err(|error| error.to_string())?;
    Ok(Request { body })
}

fn chart(metadata: &Json, values: Option<&str>, template: Option<&str>) -> Result<ChartSubject, String> {
    let mut base = json!({"apiVersion": "v2", "name": "example", "version": "1.0.0"});
    merge(&mut base, metadata);
    let file = |name: &str, text: &str| YamlFile::parse(name, text).map_err(|error| error.to_string());
    let templates: Vec<SourceFile> =
        template.map(|text| SourceFile::new("templates/example.yaml", text)).into_iter().collect();
    Ok(ChartSubject {
        metadata: file("Chart.yaml", &format!("{base:#}"))?,
        values: values.map(|text| ClosedFile::new("values.yaml", text)),
        calls: TemplateCall::all_in(&templates, &Parsed::default(), &|_| true).collect(),
        templates,
        unread: values.map(unread).unwrap_or_default(),
        oddities: values.map(oddities).unwrap_or_default(),
        repeated: values.map(repeated).unwrap_or_default(),
        vendored: Vec::new(),
        missing_imports: Vec::new(),
    })
}

/// What there is to see of a chart that is given file by file: each begins with a line `--- PATH`, or `--- -f PATH` where it is
/// a values file of the user. `Chart.yaml` may be left out.
fn rendered(text: &str) -> Result<ChartSubject, String> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("--- "), files.last_mut()) {
            (Some(name), _) => files.push((name.to_owned(), String::new())),
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => return Err(format!("{line:?} stands before the first file")),
        }
    }
    if files.iter().all(|(name, _)| name != "Chart.yaml") {
        let text = "apiVersion: v2\nname: example\nversion: 1.0.0\n";
        files.push(("Chart.yaml".to_owned(), text.to_owned()));
    }
    let (given, own): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.starts_with("-f "));
    let own = own.into_iter().map(|(name, text)| BufferedFile {
        name,
        data: text.into_bytes().into(),
        modified: 0,
    });
    let chart = load_files(own.collect()).map_err(|error| error.to_string())?;
    let name = |given: &str| given.trim_start_matches("-f ").to_owned();
    let sources = Sources { files: given.iter().map(|(file, _)| name(file)).collect(), ..Sources::default() };
    let mut read = |wanted: &str| {
        let text = given.iter().find(|(file, _)| name(file) == wanted);
        Ok(text.map(|(_, text)| text.clone().into_bytes()).unwrap_or_default())
    };
    let user = read_all(&sources, &mut read).map_err(|error| error.to_string())?;
    subject_of_chart(&chart, user)
}

/// What a template does that reads each key with `default true` and asks for it with `if`.
fn oddities(values: &str) -> Oddities {
    let used = |wanted: Json| {
        let keys = unread(values).into_iter().filter(|key| key.value.value == wanted);
        keys.map(|key| OddUse { value: key.value, excerpt: None, place: None }).collect()
    };
    Oddities { overruled: used(Json::from(false)), texts: used(Json::from("false")), ..Oddities::default() }
}

fn repeated(values: &str) -> Vec<RepeatedKey> {
    let files = vec!["values.yaml".to_owned()];
    let sources = Sources { files, ..Sources::default() };
    let user = read_all(&sources, &mut |_| Ok(values.as_bytes().to_vec()));
    user.map(|user| plimsoll::internals::policy::repeated(&Layers::of_user(&user))).unwrap_or_default()
}

/// The keys of values that a template does not read which reads `replicaCount` alone.
fn unread(values: &str) -> Vec<UnreadKey> {
    let Ok(node) = yaml::parse(values) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in node.entries().iter().filter(|entry| entry.key != "replicaCount") {
        let path = FieldPath::root().key(&entry.key);
        let value = ValueOrigin {
            key: path.clone(),
            path,
            value: entry.value.to_json(),
            layer: Some(Layer::Chart("values.yaml".to_owned())),
            line: Some(values[..entry.key_span.start as usize].matches('\n').count() + 1),
            ..ValueOrigin::default()
        };
        let suggestions = vec![FieldPath::root().key("replicaCount")];
        found.push(UnreadKey { value, excerpt: None, is_own: true, suggestions });
    }
    found
}

fn manifests(check: Check, text: &str) -> Result<String, String> {
    let given = read(text)?;
    let whole = given.get("kind").is_some() || given.get("apiVersion").is_some();
    Ok(match check {
        _ if whole => text.to_owned(),
        Check::Container(_) | Check::AnyContainer(_) => pod(&json!({}), &given),
        _ => pod(&given, &json!({})),
    })
}

/// Values of H2O MLOps that break no rule.
const VALUES: &str = include_str!("values.yaml");

/// A pod with a port, a Service `entry` that leads to it, and a Service `unserved` that leads to a port that it has not.
const SERVICES: &str = include_str!("examples.yaml");

/// A pod that breaks no rule, with the fields of the example in its spec or container.
fn pod(spec: &Json, container: &Json) -> String {
    let mut main = json!({
        "name": "main",
        "image": "registry.example.com/app:1.0",
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "runAsNonRoot": true,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    });
    merge(&mut main, container);
    let mut whole = json!({"containers": [main]});
    merge(&mut whole, spec);
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "example"}, "spec": whole});
    // A mapping, not JSON text: a document that starts with a brace is a matter of its own.
    pod.as_object()
        .into_iter()
        .flatten()
        .fold(String::new(), |text, (key, value)| text + &format!("{key}: {value}\n"))
}

/// A pod that takes four GPUs.
fn four_gpus() -> String {
    let limits = json!({"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": 4});
    pod(&json!({}), &json!({"resources": {"limits": limits}}))
}

/// Lays `over` over `base`: maps are merged, `null` removes, everything else replaces.
fn merge(base: &mut Json, over: &Json) {
    let (Json::Object(base), Json::Object(over)) = (base, over) else { return };
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (_, Json::Null) => drop(base.remove(key)),
            (Some(below @ Json::Object(_)), Json::Object(_)) => merge(below, value),
            _ => drop(Map::insert(base, key.clone(), value.clone())),
        }
    }
}

/// Claims, of which no quota speaks.
fn claims(count: usize) -> String {
    let one = |at| format!("apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: c{at}}}\n");
    (0..count).map(one).collect::<Vec<_>>().join("---\n")
}

fn config_map_of(size: usize) -> String {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata:\n  text: ";
    format!("{head}{}", "x".repeat(size.saturating_sub(head.len())))
}

/// `Job 11`: that many of a kind of `batch/v1`, with nothing else about them.
fn several(text: &str) -> Result<String, String> {
    let (kind, count) = text.trim().split_once(' ').ok_or("write KIND COUNT")?;
    let count: usize = count.parse().map_err(|_| "not a number".to_owned())?;
    let one = |at| format!("apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: j{at}}}\nspec: {{}}\n");
    Ok((0..count).map(one).collect::<Vec<_>>().join("---\n"))
}

/// A line of Helm's log from its text: `level=WARN msg="two words" key=value`.
fn logged(line: &str) -> Result<slog::Line, String> {
    let mut inside = false;
    let outside = |c: char| {
        inside ^= c == '"';
        c == ' ' && !inside
    };
    let mut pairs = line.split(outside).map(|word| {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is no key=value"))?;
        let value = match value.starts_with('"') {
            true => serde_json::from_str(value).map_err(|error| error.to_string())?,
            false => value.to_owned(),
        };
        Ok::<_, String>((key, value))
    });
    let level = match pairs.next().transpose()? {
        Some(("level", level)) => match level.as_str() {
            "DEBUG" => slog::Level::Debug,
            "INFO" => slog::Level::Info,
            "WARN" => slog::Level::Warn,
            _ => return Err(format!("no level of a log is called {level:?}")),
        },
        _ => return Err(format!("{line:?} does not begin with level=")),
    };
    let Some(("msg", message)) = pairs.next().transpose()? else {
        return Err(format!("{line:?} says no msg="));
    };
    let attributes: Vec<(&str, String)> = pairs.collect::<Result<_, _>>()?;
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(key, text)| (*key, text.as_str())).collect();
    Ok(slog::Line::new(level, message, &attributes))
}
