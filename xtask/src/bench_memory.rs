//! `cargo xtask bench memory`: processor time and peak memory of `template` beside Helm's as charts grow, by the number of
//! objects and by the size of the user's values. It fails where ours wants more memory than Helm.
//!
//! The charts are generated; what is in them is like what charts hold: deployments of thirty lines, tables of settings.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{Cost, measure};
use crate::{Outcome, parity};

/// How often each render runs; the least counts.
const RUNS: usize = 3;
/// How many objects the charts render.
const OBJECTS: [usize; 3] = [2_500, 5_000, 10_000];
/// How many bytes the values files have.
const VALUES: [usize; 3] = [2_500_000, 5_000_000, 10_000_000];
/// How many templates write the objects.
const TEMPLATES: usize = 50;

const METADATA: &str = "apiVersion: v2\nname: large\nversion: 0.1.0\n";

const HELPERS: &str = r#"{{- define "labels" }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
"#;

/// A template that writes some deployments.
const TEMPLATE: &str = r#"{{- range $i := untilStep FIRST END 1 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $.Release.Name }}-{{ $i }}
  labels:
    {{- include "labels" $ | trim | nindent 4 }}
spec:
  replicas: {{ $.Values.replicas }}
  selector:
    matchLabels:
      {{- include "labels" $ | trim | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "labels" $ | trim | nindent 8 }}
    spec:
      containers:
        - name: main
          image: "{{ $.Values.image.repository }}:{{ $.Values.image.tag | default $.Chart.Version }}"
          ports:
            - containerPort: {{ add 8000 $i }}
          resources:
            {{- toYaml $.Values.resources | nindent 12 }}
          env:
            {{- range $name, $value := $.Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
{{- end }}
"#;

const OWN_VALUES: &str = "\
replicas: 2
image: {repository: registry.example/app, tag: ''}
resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {cpu: 100m, memory: 128Mi}}
env: {ONE: first, TWO: '2', THREE: three words here}
";

/// A template that reads all the values and writes a part of them.
const READER: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  count: {{ len .Values.entries | quote }}
  some: |
    {{- range $at, $entry := .Values.entries }}
    {{- if eq (mod $at 100) 0 }}
    {{ $entry.name }}={{ $entry.settings.level }}
    {{- end }}
    {{- end }}
"#;

/// Runs the task.
pub fn run() -> Outcome {
    let ours = parity::build_ours()?;
    let helm = parity::find_helm()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    println!("{:24} {:>9} {:>9} {:>11} {:>11}", "size", "ours ms", "helm ms", "ours KiB", "helm KiB");
    let mut above = 0;
    let mut compare = |name: &str, words: &[String]| -> Outcome {
        if output(&ours, words)? != output(&helm, words)? {
            return Err(format!("{name}: ours and Helm's differ"));
        }
        let (mine, theirs) = (measure(&ours, words, RUNS)?, measure(&helm, words, RUNS)?);
        let kibibytes = |cost: Cost| cost.mebibytes * 1024.0;
        println!(
            "{name:24} {:>9.0} {:>9.0} {:>11.0} {:>11.0}",
            mine.milliseconds,
            theirs.milliseconds,
            kibibytes(mine),
            kibibytes(theirs)
        );
        above += usize::from(mine.mebibytes > theirs.mebibytes);
        Ok(())
    };
    for objects in OBJECTS {
        let chart = folder.path().join(format!("objects-{objects}"));
        write_objects(&chart, objects).map_err(|error| error.to_string())?;
        compare(&format!("{objects} objects"), &parity::words(&chart, None))?;
    }
    let chart = folder.path().join("values");
    write_chart(&chart, "", &[("values.yaml".to_owned(), READER.to_owned())])
        .map_err(|error| error.to_string())?;
    for bytes in VALUES {
        let file = folder.path().join(format!("values-{bytes}.yaml"));
        fs::write(&file, values(bytes)).map_err(|error| error.to_string())?;
        compare(&format!("{bytes} bytes of values"), &parity::words(&chart, Some(&file)))?;
    }
    if above == 0 { Ok(()) } else { Err(format!("{above} renders want more memory than Helm's")) }
}

/// What the program writes, which must not fail.
fn output(program: &Path, words: &[String]) -> Result<Vec<u8>, String> {
    let output = Command::new(program).args(words).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into())
    }
}

fn write_objects(chart: &Path, objects: usize) -> std::io::Result<()> {
    let share = objects / TEMPLATES;
    let mut templates = vec![("_helpers.tpl".to_owned(), HELPERS.to_owned())];
    templates.extend((0..TEMPLATES).map(|at| {
        let (first, end) = (at * share, (at + 1) * share);
        let text = TEMPLATE.replace("FIRST", &first.to_string()).replace("END", &end.to_string());
        (format!("part-{at}.yaml"), text)
    }));
    write_chart(chart, OWN_VALUES, &templates)
}

fn write_chart(chart: &Path, values: &str, templates: &[(String, String)]) -> std::io::Result<()> {
    fs::create_dir_all(chart.join("templates"))?;
    fs::write(chart.join("Chart.yaml"), METADATA)?;
    fs::write(chart.join("values.yaml"), values)?;
    templates.iter().try_for_each(|(name, text)| fs::write(chart.join("templates").join(name), text))
}

/// A values file of at least that many bytes.
fn values(bytes: usize) -> String {
    let mut text = String::from("entries:\n");
    let mut at = 0;
    while text.len() < bytes {
        let _ = write!(
            text,
            "  - name: entry-{at}\n    enabled: {}\n    settings:\n      level: {at}\n      ratio: 0.{at}\n      \
             description: \"the entry of number {at}, quoted\"\n      labels: [one, two, \"{at}\"]\n",
            at % 2 == 0
        );
        at += 1;
    }
    text
}
