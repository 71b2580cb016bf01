//! Which values a text is said to come from, behind functions that hand values on, make maps and lists of them, merge them,
//! or write and read them. What is not sure is not said.

#![allow(clippy::panic, reason = "a test fails by panicking")]

use plimsoll::internals::funcs;
use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::template::{self, Options, Set, Trace};
use plimsoll::internals::value::{Map, Value};
use plimsoll::internals::yaml;

const VALUES: &str = r#"
name: web
empty: ""
count: 3
csv: "one,two"
names: [n0, n1, n2]
more: [m0, m1]
twice: [a, b, a]
ports: [{name: http, number: 80}, {name: tls, number: 443}]
image: {registry: "", repository: "", tag: "1"}
labels: {team: a, tier: b}
own: {team: c}
nested: {deep: {key: v}}
defaults: {kind: d, volume: {name: dn, size: 1}}
singleton: {volume: {name: sn}}
"#;

/// A template, and for each text that it writes the keys of what the text came from.
const CASES: &[(&str, &str)] = &[
    // One of the arguments, or a value taken out of one.
    ("{{ $x := default \"d\" .Values.name }}{{ $x }}", "name"),
    ("{{ $x := default \"d\" .Values.empty }}{{ $x }}", "empty"),
    ("{{ $x := coalesce .Values.empty .Values.name }}{{ $x }}", "name"),
    ("{{ $x := required \"no\" .Values.name }}{{ $x }}", "name"),
    ("{{ with .Values.labels | default dict }}{{ .team }}{{ end }}", "labels.team"),
    ("{{ first .Values.names }}", "names[0]"),
    ("{{ mustFirst .Values.names }}", "names[0]"),
    ("{{ last .Values.names }}", "names[2]"),
    ("{{ mustLast .Values.names }}", "names[2]"),
    ("{{ index .Values.ports 1 \"name\" }}", "ports[1].name"),
    ("{{ get .Values.labels \"tier\" }}", "labels.tier"),
    ("{{ dig \"deep\" \"key\" \"\" .Values.nested }}", "nested.deep.key"),
    ("{{ (first .Values.ports).name }}", "ports[0].name"),
    // In a template that is given a part of the values, also of each item there.
    ("{{ define \"t\" }}{{ . }}{{ end }}{{ include \"t\" .Values.name }}", "name"),
    (
        "{{ define \"t\" }}{{ range . }}{{ . }} {{ end }}{{ end }}{{ include \"t\" .Values.more }}",
        "more[0] more[1]",
    ),
    (
        "{{ define \"t\" }}{{ range . }}{{ .name }} {{ end }}{{ end }}{{ include \"t\" .Values.ports }}",
        "ports[0].name ports[1].name",
    ),
    (
        "{{ define \"t\" }}{{ range $k, $v := . }}{{ with $v }}{{ .key }}{{ end }}{{ end }}{{ end }}{{ include \"t\" .Values.nested }}",
        "nested.deep.key",
    ),
    (
        "{{ define \"t\" }}{{ range $k, $v := . }}{{ if kindIs \"map\" $v }}{{ include \"t\" $v }}{{ else }}{{ $v }}{{ end }}{{ end }}{{ end }}{{ include \"t\" .Values.nested }}",
        "nested.deep.key",
    ),
    // Maps and lists of some.
    ("{{ range rest .Values.names }}{{ . }} {{ end }}", "names[1] names[2]"),
    ("{{ range initial .Values.names }}{{ . }} {{ end }}", "names[0] names[1]"),
    ("{{ range slice .Values.names 1 2 }}{{ . }} {{ end }}", "names[1]"),
    ("{{ range reverse .Values.names }}{{ . }} {{ end }}", "names[2] names[1] names[0]"),
    ("{{ range without .Values.names \"n0\" }}{{ . }} {{ end }}", "names[1] names[2]"),
    ("{{ range uniq .Values.twice }}{{ . }} {{ end }}", "twice[0] twice[1]"),
    ("{{ range sortAlpha .Values.more }}{{ . }} {{ end }}", "more[0] more[1]"),
    ("{{ range sortAlpha .Values.twice }}{{ . }} {{ end }}", "twice[1]"),
    (
        "{{ range concat .Values.names .Values.more }}{{ . }} {{ end }}",
        "names[0] names[1] names[2] more[0] more[1]",
    ),
    ("{{ range append .Values.more .Values.name }}{{ . }} {{ end }}", "more[0] more[1] name"),
    ("{{ range prepend .Values.more .Values.name }}{{ . }} {{ end }}", "name more[0] more[1]"),
    (
        "{{ range chunk 2 .Values.names }}{{ range . }}{{ . }} {{ end }}{{ end }}",
        "names[0] names[1] names[2]",
    ),
    ("{{ range list .Values.name .Values.csv }}{{ . }} {{ end }}", "name csv"),
    ("{{ range values .Values.labels }}{{ . }} {{ end }}", "labels.team labels.tier"),
    ("{{ range pluck \"team\" .Values.own .Values.labels }}{{ . }} {{ end }}", "own.team labels.team"),
    ("{{ (pick .Values.labels \"tier\").tier }}", "labels.tier"),
    ("{{ range $k, $v := omit .Values.labels \"team\" }}{{ $v }}{{ end }}", "labels.tier"),
    ("{{ (dict \"a\" .Values.name).a }}", "name"),
    ("{{ (deepCopy .Values.nested).deep.key }}", "nested.deep.key"),
    ("{{ join \"-\" .Values.names }}", "names"),
    // What was made of values has no path below them.
    ("{{ range $i := until (int .Values.count) }}{{ $i }} {{ end }}", "count count count"),
    ("{{ range splitList \",\" .Values.csv }}{{ . }} {{ end }}", "csv csv"),
    ("{{ range keys .Values.labels | sortAlpha }}{{ . }} {{ end }}", "labels labels"),
    // Merged, in place.
    ("{{ (merge (dict) .Values.own .Values.labels).team }}", "own.team"),
    ("{{ (merge (dict) .Values.own .Values.labels).tier }}", "labels.tier"),
    ("{{ (mergeOverwrite (dict) .Values.own .Values.labels).team }}", "labels.team"),
    ("{{ (merge .Values.singleton .Values.defaults).volume.name }}", "singleton.volume.name"),
    ("{{ (merge .Values.singleton .Values.defaults).volume.size }}", "defaults.volume.size"),
    (
        "{{ $_ := mergeOverwrite .Values.defaults .Values.singleton }}{{ .Values.defaults.volume.name }}",
        "singleton.volume.name",
    ),
    (
        "{{ $_ := mergeOverwrite .Values.defaults .Values.singleton }}{{ .Values.defaults.volume.size }}",
        "defaults.volume.size",
    ),
    (
        "{{ $_ := mergeOverwrite (deepCopy .Values.defaults) .Values.singleton }}{{ .Values.defaults.volume.name }}",
        "defaults.volume.name",
    ),
    (
        "{{ $m := mergeOverwrite (deepCopy .Values.defaults) .Values.singleton }}{{ $m.volume.name }} {{ $m.volume.size }} {{ $m.kind }}",
        "singleton.volume.name defaults.volume.size defaults.kind",
    ),
    ("{{ $_ := set .Values.labels \"team\" .Values.name }}{{ .Values.labels.team }}", "name"),
    ("{{ $_ := set .Values.labels \"team\" \"x\" }}{{ .Values.labels.team }}", ""),
    // Written and read.
    ("{{ (fromYaml (toYaml .Values.labels)).team }}", "labels.team"),
    ("{{ range fromYamlArray (toYaml .Values.names) }}{{ . }} {{ end }}", "names[0] names[1] names[2]"),
    ("{{ (fromJson (toJson .Values.labels)).team }}", "labels.team"),
    ("{{ merge (fromYaml (tpl (toYaml .Values.own) .)) .Values.labels | toYaml }}", "own.team labels.tier"),
    // Empty texts are values.
    (
        "\"{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}\"",
        "image.registry image.repository image.tag",
    ),
    ("{{ .Values.name }}{{ .Values.empty }}", "name empty"),
];

#[test]
fn values_are_followed() {
    let mut wrong = Vec::new();
    for (text, wanted) in CASES {
        let got = keys(text);
        if got != *wanted {
            wrong.push(format!("{text}\n  wanted {wanted}\n  got    {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

/// The keys of each word of what the template writes.
fn keys(text: &str) -> String {
    let mut set = Set::new(funcs::table(), Options::default());
    set.parse("t.yaml", text).expect("the template is sound");
    let data = Map::new();
    data.insert("Values", Value::Map(yaml::map_from_str(VALUES).expect("the values are sound")));
    let mut trace = Trace::new();
    let mut host = FixedHost::new("", 0);
    let text = template::execute(&set, "t.yaml", &Value::Map(data), &mut host, &mut trace)
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    let text = text.to_str().into_owned();
    let (mut at, mut keys) = (0, Vec::new());
    for part in text.split_inclusive([' ', '\n']) {
        let value = part.trim().trim_matches('"');
        if !value.is_empty() && !value.ends_with(':') {
            let start = at + part.find(value).expect("it is a part of it");
            let found = trace.range(start..start + value.len()).keys;
            keys.extend(found.iter().map(ToString::to_string));
        }
        at += part.len();
    }
    keys.join(" ")
}
