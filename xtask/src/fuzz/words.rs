//! What random templates are made of: strings, numbers, fields, and what suits the functions that take no just any text.

pub const STRINGS: &[&str] = &[
    "",
    "a",
    "b",
    "abc",
    "Hello World",
    "héllo wörld",
    "日本",
    " x ",
    "a-b_c.d",
    "camelCaseWord",
    "1",
    "-7",
    "0x1f",
    "010",
    "1.5",
    "1e3",
    "true",
    "false",
    "null",
    "a,b,c",
    "a b  c",
    "line1\\nline2\\n",
    "\\ttab",
    "%d",
    "%v|%s",
    "%05.2f",
    "%q",
    "%x",
    "[a-z]+",
    "(a)(b)?",
    "a.*",
    "^\\\\d+$",
    "${1}x",
    "1.2.3",
    ">=1.0.0",
    "^1.2",
    "~1",
    "1.2.x || 2",
    "v1.0.0-rc.1",
    "aGVsbG8=",
    "not base64!",
    "http://u:p@h.x:80/a?q=1#f",
    "/a/b/../c.txt",
    "x.tar.gz",
    "{a: 1, b: [x]}",
    "[1, 2]",
    "{\\\"a\\\": 1}",
    "a: b: c",
    "{{ .Values.s }}",
    "{{ fail \\\"x\\\" }}",
    "5m30s",
    "1h",
    "2006-01-02",
    "<b>&'",
    "é",
    "\\xff",
];

pub const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "63",
    "100",
    "1.5",
    "-0.5",
    "1e3",
    "2.0",
    "1e6",
    "123456789",
    "0x10",
    "0b11",
    "0o7",
    "'a'",
    "1_000",
    "9223372036854775807",
    "1i",
];

pub const FIELDS: &[&str] = &[
    ".Values.s",
    ".Values.i",
    ".Values.f",
    ".Values.b",
    ".Values.n",
    ".Values.l",
    ".Values.m",
    ".Values.e",
    ".Values.big",
    ".Values.m.a",
    ".Values.m.b.c",
    ".Values.l2",
    ".Values.ls",
    ".Values.lm",
    ".Values.missing",
    ".Values.missing.x",
    ".Values.s.x",
    ".Values.m.a.b",
    ".Values.em",
    ".Values.el",
    ".Values",
    ".Chart.Name",
    ".Release.Name",
    ".Release.Revision",
    ".Release.IsInstall",
    ".Values.u",
    ".Values.neg",
    ".Values.bt",
    ".Values.bf",
    ".Chart",
    ".Release",
    ".Template",
    ".Template.Name",
    ".Subcharts",
    ".Files",
    "(.Files.Get \"a\")",
    "(.Files.Lines \"a\")",
    "(.Files.Glob \"*\")",
    ".Capabilities",
    ".Capabilities.KubeVersion",
    ".Capabilities.KubeVersion.Minor",
    ".Capabilities.APIVersions",
    ".Capabilities.HelmVersion",
    "(.Capabilities.APIVersions.Has \"v1\")",
    ".Values.AsMap",
    ".Values.YAML",
    "(.Values.Table \"m.b\")",
    "(.Values.PathValue \"m.a\")",
];

pub const TEXTS: &[&str] = &["x", " ", "\n", "a: ", "\n  ", "- ", " \t", "é"];

/// What a loop can go over.
pub const RANGES: &[&str] = &[
    ".Values.l",
    ".Values.ls",
    ".Values.m",
    ".Values.lm",
    ".Values.l2",
    ".Values.em",
    "3",
    "(until 3)",
    "(list 1 \"a\" nil)",
    "(dict \"a\" 1 \"b\" nil)",
    ".Values.el",
    ".Values.n",
    "(seq 1 3 | splitList \" \")",
    "(int .Values.i)",
    "(keys .Values.m | sortAlpha)",
    "(.Files.Glob \"*\")",
    ".",
];

/// Pieces of syntax that damage a template.
pub const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{ end }}",
    "{{ else }}",
    "{{ else if }}",
    "{{ break }}",
    "{{ define \"x\" }}",
    "(",
    ")",
    "|",
    "\"",
    "`",
    "'",
    ".",
    "$",
    ":=",
    "=",
    ",",
    "/*",
    "*/",
    "{{/*",
    " ",
    "\n",
    "$x",
    ".5",
    "0x",
    "1e",
    "..",
    "@",
    "\u{0}",
    "é",
    "{{ template }}",
    "{{ block }}",
    "nil",
    "{{ range $a, $b, $c := . }}",
    "\\",
    "-",
    "+1",
    "nosuch",
    "{{ end x }}",
];

/// Maps.
const MAPS: &[&str] = &[
    ".Values.m",
    ".Values.em",
    "(dict \"a\" 1)",
    "(dict \"a\" (dict \"b\" 1))",
    "(dict)",
    "(deepCopy .Values.m)",
];
/// Lists.
const LISTS: &[&str] = &[
    ".Values.l",
    ".Values.ls",
    ".Values.l2",
    ".Values.el",
    "(list 1 2 3)",
    "(list)",
    "(list \"b\" \"a\" nil)",
];
/// Regular expressions.
const PATTERNS: &[&str] = &[
    "\"[a-z]+\"",
    "\"(a)(b)?\"",
    "\"a.*\"",
    "\"^\\\\d+$\"",
    "\"l+\"",
    "\"\"",
    "\"(?i)H(?P<x>.)\"",
    "\"\\\\s\"",
    "\"(\"",
    "\"[^a]\"",
];
/// Versions and constraints.
const VERSIONS: &[&str] = &[
    "\"1.2.3\"",
    "\"v1.0.0-rc.1\"",
    "\">=1.0.0\"",
    "\"^1.2\"",
    "\"~1\"",
    "\"1.2.x || 2\"",
    "\"1\"",
    "\"x\"",
    "\"1.2.3+b\"",
];
/// Spans of time.
const DURATIONS: &[&str] =
    &["\"1h\"", "\"5m30s\"", "\"-1.5h\"", "\"90\"", "\"x\"", "60", "1.5", "\"1000h\"", "\"3ms\"", "\"\""];
/// Names of kinds and types.
const KINDS: &[&str] = &[
    "\"string\"",
    "\"map\"",
    "\"slice\"",
    "\"int\"",
    "\"float64\"",
    "\"map[string]interface {}\"",
    "\"[]interface {}\"",
    "\"x\"",
];
/// Documents.
const DOCUMENTS: &[&str] = &[
    "\"{a: 1, b: [x]}\"",
    "\"[1, 2]\"",
    "\"{\\\"a\\\": 1}\"",
    "\"a: b: c\"",
    "\"a: 1\\nb:\\n- x\\n\"",
    "\"null\"",
    "\"\"",
    "\"[{\\\"a\\\":null}]\"",
    "\"{\"",
    "\"\\t\"",
];
/// Paths within maps.
const KEYS: &[&str] = &["\"a\"", "\"b\"", "\"z\"", "\"10\"", "\"x\""];

/// What mostly suits that argument of that function, where the type of the parameter says too little.
pub fn pool(function: &str, at: usize) -> Option<&'static [&'static str]> {
    let name = function.strip_prefix("must").map_or(function.to_owned(), |rest| {
        let mut letters = rest.chars();
        letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
    });
    Some(match (name.as_str(), at) {
        (
            "regexMatch"
            | "regexFind"
            | "regexFindAll"
            | "regexSplit"
            | "regexReplaceAll"
            | "regexReplaceAllLiteral",
            0,
        ) => PATTERNS,
        ("semver" | "semverCompare", _) => VERSIONS,
        (
            "append" | "push" | "prepend" | "first" | "last" | "rest" | "initial" | "reverse" | "compact"
            | "uniq" | "without" | "slice" | "sortAlpha" | "toStrings",
            0,
        )
        | ("has" | "chunk", 1)
        | ("concat", _) => LISTS,
        ("get" | "set" | "unset" | "hasKey" | "pick" | "omit", 0) | ("pluck", 1) => MAPS,
        ("get" | "set" | "unset" | "hasKey" | "pick" | "omit", _) | ("pluck", 0) => KEYS,
        ("dig", 0) => KEYS,
        ("dig", _) => MAPS,
        ("deepCopy", 0) => MAPS,
        ("kindIs" | "typeIs" | "typeIsLike", 0) => KINDS,
        ("fromJson" | "fromYaml" | "fromJsonArray" | "fromYamlArray", 0) => DOCUMENTS,
        ("all" | "any" | "coalesce", _) => return None,
        (name, 0) if name.starts_with("duration") || name == "toDuration" => DURATIONS,
        ("urlJoin", 0) => &[
            "(urlParse \"http://u:p@h.x:80/a?q=1#f\")",
            "(dict \"host\" \"h\" \"path\" \"p\")",
            "(dict)",
            ".Values.m",
        ],
        ("dict", 0 | 2) => KEYS,
        _ => return None,
    })
}
