//! Random edits of a chart and of all that it is judged with, after each of which `check` with a cache must say what it says
//! without one: the property that no result is ever stale. Edits come from small sets, and many are taken back, so that states
//! come again and the cache is asked for what it knows.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use plimsoll::internals::cli;

use crate::random::Random;

/// What was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// How many edits were made.
    pub edits: usize,
    /// How many results were asked for.
    pub asked: usize,
    /// How many of them the cache knew.
    pub known: usize,
}

/// The texts that a file of the chart may have; none is no file.
const FILES: [(&str, &[Option<&str>]); 16] = [
    (
        "web/Chart.yaml",
        &[
            Some("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            Some("apiVersion: v2\nname: web\nversion: 1.0.1\n"),
            Some("apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"2\"\n"),
            Some("apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: \">=1.30\"\n"),
        ],
    ),
    (
        "web/values.yaml",
        &[
            Some("host: true\n"),
            Some("host: false\n"),
            Some("host: true\nname: b\n"),
            Some("host: true # \n"),
            Some("host: [\n"),
            None,
        ],
    ),
    (
        "web/templates/a.yaml",
        &[
            Some(POD),
            Some("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: {{ .Values.host }}\n"),
            Some("{{ include \"h\" . }}"),
            Some("a: [\n"),
            Some(""),
        ],
    ),
    (
        "web/templates/b.yaml",
        &[
            None,
            Some(
                "{{ if .Values.name }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.name }}}\n{{ end }}",
            ),
            Some(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Namespace }}-{{ .Capabilities.KubeVersion.Minor }}}\n",
            ),
            Some(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: {{ .Files.Get \"f.txt\" | quote }}}\n",
            ),
            Some(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: {{ now | date \"2006\" | quote }}}\n",
            ),
            Some(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: {{ tpl (.Files.Get \"f.txt\") . | quote }}}\n",
            ),
        ],
    ),
    (
        "web/templates/_h.tpl",
        &[
            Some(
                "{{ define \"h\" }}apiVersion: v1\nkind: Pod\nmetadata: {name: h}\nspec: {hostIPC: true}\n{{ end }}",
            ),
            Some("{{ define \"h\" }}apiVersion: v1\nkind: Secret\nmetadata: {name: h}\n{{ end }}"),
            None,
        ],
    ),
    ("web/f.txt", &[None, Some("one"), Some("{{ .Values.host }}"), Some("two")]),
    ("web/.helmignore", &[None, Some("f.txt\n"), Some("templates/b.yaml\n"), Some("values-prod.yaml\n")]),
    (
        "web/values-prod.yaml",
        &[None, Some("host: false\n"), Some("name: prod\n"), Some("sub: {enabled: true}\n")],
    ),
    ("web/ci/small-values.yaml", &[None, Some("name: ci\n"), Some("host: 1\n")]),
    (
        "web/values.schema.json",
        &[
            None,
            Some("{}"),
            Some("{\"required\": [\"name\"]}"),
            Some("{\"properties\": {\"host\": {\"type\": \"boolean\"}}}"),
        ],
    ),
    (
        "web/charts/sub/Chart.yaml",
        &[
            None,
            Some("apiVersion: v2\nname: sub\nversion: 1.0.0\n"),
            Some("apiVersion: v2\nname: sub\nversion: 2.0.0\n"),
        ],
    ),
    ("web/charts/sub/values.yaml", &[None, Some("kind: Service\n"), Some("kind: Pod\n")]),
    (
        "web/charts/sub/templates/s.yaml",
        &[
            None,
            Some("apiVersion: v1\nkind: {{ .Values.kind }}\nmetadata: {name: s}\nspec: {type: NodePort}\n"),
            Some("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer}\n"),
        ],
    ),
    (
        "web/.plimsoll.yaml",
        &[
            None,
            Some("mode: strict\n"),
            Some("ignore: [POD]\n"),
            Some("severity: {host-network: advice}\n"),
            Some("allow: [{rule: host-network, reason: tests}]\n"),
            Some("kube-versions: [\"1.30\", \"1.34\"]\n"),
            Some("fail-on: never\n"),
            Some("profil: x\n"),
        ],
    ),
    ("extra.yaml", &[Some("name: extra\n"), Some("host: false\n"), Some("sub: {kind: Pod}\n")]),
    (
        "request.json",
        &[
            Some("{\"helmChartServiceName\": \"s\", \"inferencePort\": 80}"),
            Some("{\"helmChartServiceName\": \"a\", \"inferencePort\": 81}"),
            Some("{\"configuration\": {\"name\": \"r\"}}"),
        ],
    ),
];

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostNetwork: {{ .Values.host }}\n";

/// The flags that may be given.
const FLAGS: [&[&[&str]]; 12] = [
    &[&[], &["--mode", "strict"], &["--mode", "service"]],
    &[&[], &["-f", "extra.yaml"], &["--values-set", "x=extra.yaml"], &["--no-values-sets"]],
    &[
        &[],
        &["--set", "name=a"],
        &["--set", "name=b"],
        &["--set-string", "host=1"],
        &["--set-json", "{\"host\": 1}"],
        &["--set-json", "{\"host\": 2}"],
    ],
    &[&[], &["--set-file", "name=extra.yaml"], &["--set-literal", "name=extra.yaml"]],
    &[&[], &["--kube-version", "1.30"], &["--kube-version", "1.34"], &["--kube-version", "1.30,1.34"]],
    &[&[], &["--api-versions", "a/v1"]],
    &[&[], &["--request", "request.json"]],
    &[
        &[],
        &["--select", "POD"],
        &["--ignore", "POD101"],
        &["--severity", "POD101=warning"],
        &["--no-config"],
    ],
    &[&[], &["--profile", "kubernetes"], &["--profile", "nvcf", "--profile", "kubernetes"]],
    &[&[], &["--namespace", "other"], &["--release", "other"]],
    &[
        &[],
        &["--validation-policy", "Unrestricted"],
        &["--validation-extra-type", "apps/v1/Deployment"],
        &["--deterministic"],
        &["--deterministic=x"],
    ],
    &[
        &["--format", "json"],
        &["--format", "human", "--full"],
        &["--format", "html"],
        &["--format", "reval"],
        &["--format", "sarif"],
    ],
];

/// What holds now: the text of each file, the choice of each flag.
#[derive(Clone)]
struct State {
    files: Vec<Option<String>>,
    flags: Vec<usize>,
}

/// Makes so many edits, and says what the first is whose answer is another with the cache than without.
///
/// # Errors
/// That edit, and both answers.
pub fn run(folder: &Path, edits: usize, seed: u64) -> Result<Outcome, String> {
    let mut random = Random::new(seed);
    let files = FILES.iter().map(|(_, texts)| texts[0].map(str::to_owned)).collect();
    let mut state = State { files, flags: vec![0; FLAGS.len()] };
    let mut before = vec![state.clone()];
    let mut outcome = Outcome::default();
    apply(folder, &state, None)?;
    for edit in 0..edits {
        let next = match random.below(3) {
            0 => before[random.below(before.len())].clone(),
            _ => edited(&state, &mut random),
        };
        apply(folder, &next, Some(&state))?;
        state = next;
        before.push(state.clone());
        if before.len() > 12 {
            before.remove(0);
        }
        outcome.edits += 1;
        compare(folder, &state, &mut outcome)
            .map_err(|why| format!("edit {edit} of seed {seed}, in {}: {why}", folder.display()))?;
    }
    Ok(outcome)
}

fn edited(state: &State, random: &mut Random) -> State {
    let mut next = state.clone();
    for _ in 0..=random.below(3) {
        if random.below(3) == 0 {
            let at = random.below(FLAGS.len());
            next.flags[at] = random.below(FLAGS[at].len());
            continue;
        }
        let at = random.below(FILES.len());
        let texts = FILES[at].1;
        next.files[at] = texts[random.below(texts.len())].map(str::to_owned);
        // Now and then a byte that no set knows.
        if random.below(4) == 0
            && let Some(text) = &mut next.files[at]
        {
            text.push_str(&format!("\n# {}\n", random.below(4)));
        }
    }
    next
}

fn apply(folder: &Path, next: &State, now: Option<&State>) -> Result<(), String> {
    for (at, (name, _)) in FILES.iter().enumerate() {
        if now.is_some_and(|now| now.files[at] == next.files[at]) {
            continue;
        }
        let path = folder.join(name);
        let done = match &next.files[at] {
            Some(text) => {
                fs::create_dir_all(path.parent().unwrap_or(folder)).and_then(|()| fs::write(&path, text))
            }
            None if path.exists() => fs::remove_file(&path),
            None => Ok(()),
        };
        done.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn compare(folder: &Path, state: &State, outcome: &mut Outcome) -> Result<(), String> {
    let path = |name: &str| folder.join(name).display().to_string();
    let mut line = vec!["plimsoll".to_owned(), "check".to_owned(), path("web"), "--jobs=1".to_owned()];
    for (choice, flags) in state.flags.iter().zip(FLAGS) {
        let place = |word: &&str| {
            word.replace("extra.yaml", &path("extra.yaml")).replace("request.json", &path("request.json"))
        };
        line.extend(flags[*choice].iter().map(place));
    }
    let whole = answer(&line);
    line.extend([
        "--verbose".to_owned(),
        format!("--cache-dir={}", path("cache")),
        format!("--cache-key={}", path("key")),
    ]);
    let kept = answer(&line);
    let said = kept.2.lines().find_map(|line| line.strip_suffix(" results were in the cache"));
    if let Some((known, asked)) = said.and_then(|said| said.split_once(" of ")) {
        outcome.known += known.parse::<usize>().unwrap_or_default();
        outcome.asked += asked.parse::<usize>().unwrap_or_default();
    }
    if (whole.0, &whole.1) == (kept.0, &kept.1) {
        return Ok(());
    }
    Err(format!("{line:?}\nwithout a cache {}:\n{}\nwith it {}:\n{}", whole.0, whole.1, kept.0, kept.1))
}

fn answer(line: &[String]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words: Vec<OsString> = line.iter().map(OsString::from).collect();
    let code = cli::run(&words, &mut out, &mut err);
    (code, String::from_utf8_lossy(&out).into_owned(), String::from_utf8_lossy(&err).into_owned())
}
