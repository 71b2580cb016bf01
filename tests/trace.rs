//! Renders with the tracer on and asks for each line of the output who wrote it, on which way, and from which values.

use plimsoll::internals::template::{self, Options, Set, Trace, host::Host};
use plimsoll::internals::value::{Map, Value};
use plimsoll::internals::{funcs, go, yaml};

const HELPERS: &str = r#"{{- define "labels" -}}
app: {{ .Values.name }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "image" -}}
{{ printf "%s:%s" .repository (.tag | default "latest") }}
{{- end }}
"#;

const TEMPLATE: &str = r#"kind: Deployment
metadata:
  name: {{ .Values.name | quote }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  {{- $fixed := .Values.replicas }}
  replicas: {{ $fixed }}
  image: {{ include "image" .Values.image }}
  ports:
  {{- range $index, $port := .Values.ports }}
  - number: {{ $port.number }}
    index: {{ $index }}
  {{- end }}
  resources: {{- toYaml .Values.resources | nindent 4 }}
  note: {{ .Values.missing }}{{ .Values.missing }}{{ .Values.missing }}.
  {{- tpl .Values.text . | nindent 2 }}
  extra: {{ tpl (toYaml .Values.extra) . | nindent 4 }}
"#;

const VALUES: &str = r#"
name: web
labels: {team: a, example.com/tier: b}
replicas: 2
image: {repository: nginx}
ports: [{number: 80}, {number: 443}]
resources:
  limits: {cpu: 1, memory: 2Gi}
  requests:
    cpu: 100m
text: "from: {{ .Values.name }}"
extra: {url: "http://{{ .Values.name }}"}
"#;

/// Each line of the output, who wrote its first text, on which way, and from which values.
const WANTED: &str = r#"
kind: Deployment              | t.yaml:1
metadata:                     | t.yaml:2
  name: "web"                 | t.yaml:3 name
  labels:                     | t.yaml:4
    app: web                  | _h.tpl:2 < t.yaml:5 name
    example.com/tier: b       | _h.tpl:4 < t.yaml:5 labels[example.com/tier]
    team: a                   | _h.tpl:4 < t.yaml:5 labels.team
spec:                         | t.yaml:6
  replicas: 2                 | t.yaml:8 replicas
  image: nginx:latest         | t.yaml:9 image.repository image.tag
  ports:                      | t.yaml:10
  - number: 80                | t.yaml:12 ports[0].number
    index: 0                  | t.yaml:13
  - number: 443               | t.yaml:12 ports[1].number
    index: 1                  | t.yaml:13
  resources:                  | t.yaml:15
    limits:                   | t.yaml:15 resources.limits
      cpu: 1                  | t.yaml:15 resources.limits.cpu
      memory: 2Gi             | t.yaml:15 resources.limits.memory
    requests:                 | t.yaml:15 resources.requests
      cpu: 100m               | t.yaml:15 resources.requests.cpu
  note: .                     | t.yaml:16 missing
  from: web                   | t.yaml:17 text name
  extra:                      | t.yaml:18
    url: http://web           | t.yaml:18 extra.url name
"#;

#[test]
fn every_line_knows_where_it_came_from() {
    let (text, trace) = render();
    let mut got = String::from("\n");
    for (at, line) in text.lines().enumerate() {
        let origin = trace.line(at + 1);
        let source = origin.source.expect("every line was written by somebody");
        let mut told = format!("{}:{}", source.file, source.line.unwrap_or_default());
        for site in origin.includes.iter().rev() {
            told += &format!(" < {}:{}", site.file, site.line);
        }
        for key in &origin.keys {
            told += &format!(" {key}");
        }
        got += &format!("{:<30}| {told}\n", line.trim_end());
    }
    assert_eq!(got, WANTED);
}

#[test]
fn a_place_in_a_line_is_told_apart() {
    let (text, trace) = render();
    let line = text.lines().position(|line| line.contains("nginx:latest")).expect("the fixture is sound") + 1;
    let origin = trace.at(line, 10);
    assert_eq!(origin.source.expect("the fixture is sound").line, Some(8));
    assert_eq!(origin.includes[0].template, "image");
    assert_eq!(origin.keys[0].to_string(), "image.repository");
}

fn render() -> (String, Trace) {
    let mut set = Set::new(funcs::table(), Options::default());
    set.parse("t.yaml", TEMPLATE).expect("the fixture is sound");
    set.parse("_h.tpl", HELPERS).expect("the fixture is sound");
    let data = Map::new();
    data.insert("Values", Value::Map(yaml::map_from_str(VALUES).expect("the fixture is sound")));
    let mut trace = Trace::new();
    let text = template::execute(&set, "t.yaml", &Value::Map(data), &mut Still, &mut trace)
        .expect("the fixture is sound");
    (text.to_str().into_owned(), trace)
}

/// A world in which nothing moves.
struct Still;

impl Host for Still {
    fn now(&self) -> go::time::Time {
        go::time::Time::unix(0, 0, go::time::Location::Utc)
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }

    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, String> {
        Ok(Value::Map(Map::new()))
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}
