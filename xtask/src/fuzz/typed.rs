//! Values of every Go type that a template can come by, as forms of [`super::forms`], and the values file and the files that
//! random templates find.

use serde_json::{Value, json};

use testkit::random::Random;

/// Expressions of a type that literals and values files have not, and of values at the edge of theirs.
pub const TYPED: &[&str] = &[
    // Integers and floats.
    "(int {n})",
    "(int64 {n})",
    "(float64 {n})",
    "(int64 9223372036854775807)",
    "(mul -1 9223372036854775807)",
    "(index \"abc\" 1)",
    "(index (.Files.GetBytes \"a.txt\") 0)",
    "(len .Values.l)",
    "(atoi \"-12\")",
    "(toDecimal \"0777\")",
    "(divf 1 3)",
    "(mulf 1e300 1e300)",
    "(subf (mulf 1e300 1e300) (mulf 1e300 1e300))",
    "(mulf -1 0)",
    "(float64 \"NaN\")",
    "5e-324",
    "1.7976931348623157e308",
    "-0.0",
    "0x1p-2",
    "'\\n'",
    "'日'",
    "-2i",
    "(1.5)",
    "(unixEpoch {t})",
    "({v}.Major)",
    // Texts, some of which are no UTF-8, and bytes.
    "(b64dec \"//79\")",
    "(trunc 1 \"é\")",
    "(printf \"%c\" 0)",
    "(.Files.GetBytes \"a.txt\")",
    "(.Files.GetBytes \"none\")",
    "({t}.MarshalText)",
    "({v}.MarshalJSON)",
    "(repeat 20 \"ab \")",
    "(.Files.Get \"dir/b.yaml\")",
    // Lists.
    "(splitList \",\" \"a,b,,c\")",
    "(until 3)",
    "(untilStep 6 0 -2)",
    "(chunk 2 (list 1 2 3))",
    "(regexFindAll \"a.\" \"abacad\" -1)",
    "(regexFindAll \"x\" \"abacad\" -1)",
    "(.Files.Lines \"a.txt\")",
    "(.Files.Lines \"none\")",
    "(sortAlpha .Values.ls)",
    "(keys (dict \"k\" 1))",
    "(values (dict \"k\" 1))",
    "(pluck \"name\" (dict \"name\" 1) (dict))",
    "(rest (list 1))",
    "(rest list)",
    "(initial (list nil))",
    "(compact (list 0 \"\" nil))",
    "(fromJsonArray \"[1,{\\\"a\\\":2}]\")",
    "(fromYamlArray \"- 1\\n- a: b\\n\")",
    "(fromJsonArray \"{\")",
    "(toStrings (list 1 nil 2.5))",
    "(list (list nil) (dict) \"\" 0)",
    "(list .Values.l2 (list 1.0 1 (int64 1)))",
    "(slice (list 1 2 3 4) 1 3)",
    "(slice .Capabilities.APIVersions 0 2)",
    "(uniq (list 1 1.0 \"1\" 1))",
    "(without (list 1 2 nil) 1)",
    "(mustToJson (list 1 nil) | fromJsonArray)",
    // Maps.
    "(split \".\" \"a.b.c\")",
    "(splitn \".\" 2 \"a.b.c\")",
    "(urlParse \"http://u:p@h.x:80/a?q=1#f\")",
    "(fromJson \"{\\\"a\\\":{\\\"b\\\":[1,null]}}\")",
    "(fromYaml \"a: {b: [1, x]}\\nc: 2020-01-02\")",
    "(fromYaml \"null\")",
    "(fromYaml \": :\")",
    "(fromToml \"a = 1\\nt = 2021-03-04T05:06:07Z\\n[b]\\nc = [1.5]\")",
    "(dict \"\" 1 \"a.b\" 2 \"é\" nil)",
    "(dict \"a\" (dict \"a\" (dict \"a\" list)))",
    "(dict \"<&>\" \"<&>\" \"x\\ny\" \"\\t\")",
    "(merge (dict \"a\" 1) .Values.m)",
    "(deepCopy .Values)",
    "(pick .Values \"m\" \"l\")",
    "(set (dict) \"a\" (list 1))",
    "(.Files.Glob \"dir/*\")",
    // Named types.
    "{t}",
    "{dur}",
    "({t}.Month)",
    "({t}.Weekday)",
    "({t}.Location)",
    "({t}.UTC)",
    "{v}",
    "({v}.IncMinor)",
    "(list {t} {v})",
    "(dict \"t\" {t} \"d\" {dur} \"v\" {v})",
    ".Capabilities.KubeVersion",
    "(genCAWithKey \"x\" 1 \"none\")",
    // Nothing.
    "(index (list nil) 0)",
    "(dict).x",
    "(first list)",
    "(get (dict) \"x\")",
    "(ternary nil 1 true)",
    "(coalesce nil 0 \"\")",
];

/// The files of the chart.
pub const FILES: [(&str, &str); 4] = [
    ("a.txt", "one\ntwo\n\nthree"),
    ("dir/b.yaml", "a: 1\nb: [x, y]\n"),
    ("dir/c.tpl", "{{ .Values.s }}-{{ template \"none\" }}"),
    ("é.json", "{\"k\": \"<&>\"}\n"),
];

/// A values file, as JSON.
pub fn values(random: &mut Random) -> String {
    let values = json!({
        "s": *random.pick(&["hello", "", "Ünïcode", "a-b c", "1.2.3", "multi\nline\n", "true", "0", "  ", "~", "{{ .Values.i }}", "👍🏽 e\u{301}"]),
        "i": random.below(2000),
        "f": *random.pick(&[0.5, 1e21, 123_456_789.25, 1e-7, 3.0, -0.0, 5e-324, 1e300, 0.1, 9_007_199_254_740_993.0]),
        "b": random.percent(50), "bt": true, "bf": false, "n": null, "neg": -42, "big": 12_345_678_901_i64,
        "huge": *random.pick(&[i64::MAX, i64::MIN, 9_007_199_254_740_993, 1_000_000, 999_999]),
        "u": "日本語 <&> \"q\"", "e": any(random, 2), "em": {}, "el": [],
        "l": [1, "two", 3.5, null, true], "l2": [[1, 2], [], [3]], "ls": ["b", "a", "c", "a"],
        "lm": [{"name": "x", "v": 1}, {"name": "y"}],
        "num": *random.pick(&["0x1F", "1_000", "1e3", "-0", "010", "+7", ".5", "1.", "Inf", "9223372036854775808", " 1"]),
        "m": {"a": "v", "b": {"c": any(random, 1), "d": [1]}, "z": any(random, 1), "10": 1, "9": 2},
        "odd": {"": 1, "a.b": {"c d": 2}, "é": "x", "<&>": null, "null": true, "1.5": [], "y": {"n": -1.5}},
    });
    values.to_string()
}

/// Any value that JSON can hold.
fn any(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 0 { 16 } else { 13 }) {
        0 => json!(null),
        1 => json!(true),
        2 => json!(random.below(100)),
        3 => json!(1.5),
        4 => json!(-3),
        5 => json!(1_234_567),
        6 => json!("text"),
        7 => json!(""),
        8 => json!(false),
        9 => json!("a: [b]\n- c"),
        10 => json!(1e-9),
        11 => json!("yes"),
        12 => json!([]),
        13 => json!({}),
        14 => (0..random.below(4)).map(|_| any(random, depth - 1)).collect(),
        _ => {
            let keys = ["a", "x", "name", "b", "10"];
            let count = random.below(keys.len());
            Value::Object(
                keys[..count].iter().map(|key| ((*key).to_owned(), any(random, depth - 1))).collect(),
            )
        }
    }
}

/// A format of `printf`: texts and verbs with flags, widths, precisions and indexes, some of which fit nothing.
pub fn format(random: &mut Random) -> String {
    const VERBS: &[&str] = &[
        "v", "v", "v", "s", "s", "d", "d", "q", "x", "X", "t", "f", "g", "e", "G", "E", "F", "b", "o", "O",
        "c", "U", "T", "p", "z", "w", "!", "%", "日", "",
    ];
    const FLAGS: &[&str] = &["", "", "", "", "+", "-", "#", " ", "0", "+0", "-0", "#+", "# ", "+-# 0"];
    const WIDTHS: &[&str] = &["", "", "", "", "5", "12", "*", "0", "1000001"];
    const PRECISIONS: &[&str] = &["", "", "", "", ".2", ".0", ".", ".*", ".17", ".-1"];
    const INDEXES: &[&str] = &["[1]", "[2]", "[3]", "[0]", "[x]", "[", "[]"];
    let mut format = String::new();
    for _ in 0..=random.below(3) {
        format.push_str(random.word(&["", "", "a", " ", "é|", "\\n"]));
        format.push('%');
        format.push_str(random.word(FLAGS));
        format.push_str(random.word(WIDTHS));
        format.push_str(random.word(PRECISIONS));
        if random.percent(5) {
            format.push_str(random.word(INDEXES));
        }
        format.push_str(random.word(VERBS));
    }
    format
}
