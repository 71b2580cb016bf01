//! Calls in a fixed form: of functions whose results two programs, or two runs, cannot have in common, wrapped so that what
//! is left can be compared; and of functions that random arguments would hardly ever suit.
//!
//! A form is a template's expression with holes: see [`HOLES`]. What stands in [`super::cannot_agree`] is called in no other
//! way.

use super::random::Random;

/// How often a form is chosen.
#[derive(Clone, Copy, PartialEq)]
pub enum Weight {
    Usual,
    /// It takes Go or us a tenth of a second or more.
    Slow,
}
use Weight::{Slow, Usual};

/// What may stand in a hole. `{e}` and `{s}` besides are any operand and any string.
const HOLES: [(&str, &[&str]); 8] = [
    ("{n}", &["0", "1", "2", "5", "-1", "20"]),
    (
        "{t}",
        &[
            "(toDate \"2006-01-02\" \"2021-03-04\")",
            "(toDate \"2006-01-02T15:04:05Z07:00\" \"2024-02-29T23:59:59.123456789+05:30\")",
            "(toDate \"2006\" \"x\")",
            "(mustToDate \"Jan _2 2006 15:04\" \"Dec  9 1969 07:08\")",
            "(unixEpoch (toDate \"2006-01-02\" \"1999-12-31\") | atoi)",
        ],
    ),
    (
        "{layout}",
        &[
            "\"2006-01-02\"",
            "\"2006-01-02T15:04:05Z07:00\"",
            "\"Mon Jan _2 15:04:05 MST 2006\"",
            "\"3:04PM .000 .999 -0700 Z0700 002\"",
            "\"January Monday 06 1 2 __2 04 05,999999 pm\"",
            "\"\"",
            "\"x 2006\"",
        ],
    ),
    (
        "{date}",
        &[
            "\"2021-03-04\"",
            "\"2024-02-29T23:59:59.5+05:30\"",
            "\"2023-02-29\"",
            "\"12:34PM\"",
            "\"x 1999\"",
            "\"\"",
            "\"Tue Mar  4 05:06:07 CET 2025\"",
            "\"2021-13-04\"",
        ],
    ),
    (
        "{zone}",
        &["\"UTC\"", "\"Europe/Berlin\"", "\"America/New_York\"", "\"Nowhere/Land\"", "\"\"", "\"Local\""],
    ),
    (
        "{d}",
        &["\"1h\"", "\"-5m30s\"", "\"1.5h\"", "\"720h\"", "\"1\"", "\"x\"", "\"\"", "\"100000h\"", "\"1ns\""],
    ),
    ("{key}", &["(genPrivateKey \"ed25519\")", "(genPrivateKey \"ecdsa\")", "\"none\"", "\"\""]),
    (
        "{toml}",
        &[
            "a = 1\\nb = \\\"x\\\"",
            "[t]\\nk = true\\n[t.u]\\nx = 1.5",
            "[[a]]\\nx = 1\\n[[a]]\\ny = 2",
            "d = 2021-03-04\\nt = 07:08:09\\ndt = 2021-03-04T07:08:09Z",
            "l = [1, 2, [3]]",
            "i = { a = 1, b.c = 2 }",
            "a = ",
            "a",
            "= 1",
            "a = 1\\na = 2",
            "[a\\nb = 1",
            "a = \\\"x",
            "a = 01",
            "a = 1__0",
            "a = [1, 2",
            "a.b = 1\\na = 2",
            "a = 'x' y",
            "h = 0xff\\no = 0o7\\nb = 0b1\\nf = inf\\nn = -nan",
        ],
    ),
];

/// The forms.
pub const FORMS: &[(&str, Weight, &[&str])] = &[
    ("now", Usual, &["(now | typeOf)", "((now).IsZero)", "(date \"2006\" (now) | len)"]),
    ("ago", Usual, &["(ago {e} | typeOf)", "(ago {t} | empty)"]),
    ("date", Usual, &["(date {layout} {t})", "(date {layout} {n})", "(date {layout} {e} | typeOf)"]),
    ("dateInZone", Usual, &["(dateInZone {layout} {t} {zone})", "(dateInZone {layout} {n} {zone})"]),
    ("date_in_zone", Usual, &["(date_in_zone {layout} {t} {zone})"]),
    ("dateModify", Usual, &["(dateModify {d} {t})", "({t} | dateModify {d})"]),
    ("date_modify", Usual, &["(date_modify {d} {t})"]),
    ("mustDateModify", Usual, &["(mustDateModify {d} {t})"]),
    ("must_date_modify", Usual, &["(must_date_modify {d} {t})"]),
    ("htmlDate", Usual, &["(htmlDate {t})", "(htmlDate {n})", "(htmlDate {e} | len)"]),
    ("htmlDateInZone", Usual, &["(htmlDateInZone {t} {zone})"]),
    ("durationRound", Usual, &["(durationRound {d})", "(durationRound {n})", "(durationRound {t} | typeOf)"]),
    ("unixEpoch", Usual, &["(unixEpoch {t})"]),
    (
        "toDate",
        Usual,
        &[
            "(toDate {layout} {date})",
            "({t}).Year",
            "(({t}).Month)",
            "(({t}).Weekday)",
            "(({t}).YearDay)",
            "(({t}).Unix)",
            "(({t}).Zone)",
            "(({t}).Clock)",
            "(({t}).ISOWeek)",
            "(({t}).AddDate 1 {n} 3)",
            "(({t}).Format {layout})",
            "(({t}).Sub {t})",
            "(({t}).UTC)",
            "(printf \"%v %s %d %T\" {t} ({t}).Month ({t}).Weekday {t})",
            "(toJson {t})",
            "(toYaml (dict \"t\" {t}))",
            "(eq {t} {t})",
        ],
    ),
    ("mustToDate", Usual, &["(mustToDate {layout} {date})"]),
    ("randAlpha", Usual, &["(randAlpha {n} | len)", "(regexMatch \"^[a-zA-Z]*$\" (randAlpha {n}))"]),
    (
        "randAlphaNum",
        Usual,
        &["(randAlphaNum {n} | len)", "(regexMatch \"^[a-zA-Z0-9]*$\" (randAlphaNum {n}))"],
    ),
    ("randAscii", Usual, &["(randAscii {n} | len)"]),
    ("randNumeric", Usual, &["(randNumeric {n} | len)", "(regexMatch \"^[0-9]*$\" (randNumeric {n}))"]),
    ("randInt", Usual, &["(randInt {n} {n} | typeOf)", "(randInt 5 6)"]),
    ("randBytes", Usual, &["(randBytes {n} | len)", "(randBytes {n} | b64dec | typeOf)"]),
    ("shuffle", Usual, &["(shuffle {s} | len)", "(shuffle \"aaa\")"]),
    ("uuidv4", Usual, &["(uuidv4 | len)", "(uuidv4 | substr 14 15)"]),
    ("bcrypt", Slow, &["(bcrypt {s} | len)"]),
    ("htpasswd", Slow, &["(htpasswd {s} {s} | len)", "(htpasswd \"a:b\" {s})"]),
    ("encryptAES", Usual, &["(encryptAES {s} {s} | len)", "(encryptAES \"k\" {s} | decryptAES \"k\")"]),
    ("decryptAES", Usual, &["(encryptAES \"k\" {s} | decryptAES \"k\" | len)"]),
    (
        "derivePassword",
        Slow,
        &["(derivePassword 1 \"long\" {s} {s} {s})", "(derivePassword {n} {s} \"p\" \"u\" \"s\")"],
    ),
    (
        "genPrivateKey",
        Usual,
        &[
            "(genPrivateKey \"ed25519\" | len)",
            "(genPrivateKey \"ecdsa\" | trunc 27)",
            "(genPrivateKey \"abc\")",
        ],
    ),
    ("genCA", Slow, &["((genCA {s} {n}).Cert | trunc 27)"]),
    (
        "genCAWithKey",
        Usual,
        &[
            "((genCAWithKey {s} {n} {key}).Cert | trunc 27)",
            "((genCAWithKey {s} {n} {key}).Key | trunc 31)",
            "(genCAWithKey {s} {n} {key} | typeOf)",
        ],
    ),
    (
        "genSelfSignedCert",
        Slow,
        &["((genSelfSignedCert {s} (list \"1.2.3.4\") (list {s}) {n}).Cert | trunc 27)"],
    ),
    (
        "genSelfSignedCertWithKey",
        Usual,
        &[
            "((genSelfSignedCertWithKey {s} (list {s}) (list {s}) {n} {key}).Cert | trunc 27)",
            "((genSelfSignedCertWithKey {s} nil (list {e}) {n} {key}).Key | trunc 27)",
            "((genSelfSignedCertWithKey {s} (list \"::1\" \"1.2.3.4\") list {n} {key}).Cert | trunc 27)",
        ],
    ),
    (
        "genSignedCert",
        Slow,
        &[
            "((genSignedCert {s} nil nil {n} (genCAWithKey \"ca\" 1 (genPrivateKey \"ed25519\"))).Cert | trunc 27)",
        ],
    ),
    (
        "genSignedCertWithKey",
        Usual,
        &[
            "((genSignedCertWithKey {s} nil (list {s}) {n} (genCAWithKey \"ca\" 1 (genPrivateKey \"ecdsa\")) {key}).Cert | trunc 27)",
            "(genSignedCertWithKey {s} nil nil {n} {e} {key})",
        ],
    ),
    (
        "buildCustomCert",
        Usual,
        &[
            "(buildCustomCert (b64enc {s}) {s})",
            "(buildCustomCert {s} {s})",
            "(buildCustomCert {s} (b64enc {key}))",
        ],
    ),
    ("fail", Usual, &["(ternary (fail {s}) {e} false)"]),
    ("keys", Usual, &["(keys {e} | sortAlpha)", "(keys (dict {s} 1))", "(keys .Values.m .Values.em | len)"]),
    ("values", Usual, &["(values (dict \"k\" {e}))", "(values .Values.m | len)", "(values (dict {s} {e}))"]),
    (
        "fromToml",
        Usual,
        &["(fromToml \"{toml}\")", "(fromToml \"{toml}\" | toJson)", "(fromToml \"{toml}\").a"],
    ),
    ("semverCompare", Usual, &["(semverCompare \">=1.19-0\" .Capabilities.KubeVersion.Version)"]),
    ("regexMatch", Usual, &["(regexMatch \"^[0-9.]+$\" {e})"]),
];

/// The form with its holes filled; `operand` and `string` fill `{e}` and `{s}`.
pub fn fill(form: &str, random: &mut Random, mut other: impl FnMut(&mut Random, bool) -> String) -> String {
    let mut text = form.to_owned();
    // What fills a hole may have holes itself, but not of a kind before its own.
    for (hole, words) in HOLES {
        while text.contains(hole) {
            text = text.replacen(hole, random.pick::<&str>(words), 1);
        }
    }
    for (hole, operand) in [("{e}", true), ("{s}", false)] {
        while text.contains(hole) {
            text = text.replacen(hole, &other(random, operand), 1);
        }
    }
    text
}
