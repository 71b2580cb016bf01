use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::source::SourceFile;
use crate::template::calls::Call;

declare_rule! {
    /// What a chart renders should not change by chance.
    ///
    /// ## Why
    /// A password, key or certificate that a template makes is another at each upgrade: pods read the new one while the
    /// program behind them has the old one, and everything that holds it is rolled. A file that asks the cluster for the
    /// one that is there, with `lookup` or by a template that does, is not told; nor are notes, and hooks that no upgrade runs.
    ///
    /// ```template bad
    /// password: {{ randAlphaNum 16 | b64enc }}
    /// ```
    /// ```template good
    /// password: {{ required "set password" .Values.password | b64enc }}
    /// ```
    /// ```chart good
    /// --- templates/test.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: test-{{ randAlphaNum 5 | lower }}
    ///   annotations:
    ///     helm.sh/hook: test
    /// ```
    ///
    /// ## Fix
    /// Take the value from values or from a Secret that exists, or keep the one that `lookup` finds.
    "TPL108" "changing-output" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: the function gives something else each time"],
        check: Check::Chart(check),
    }
}

/// The functions that give something else each time.
pub const FUNCTIONS: [&str; 18] = [
    "bcrypt",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
];

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let asking: Vec<&str> = chart.templates.iter().filter(|file| looks_up(file)).flat_map(defined).collect();
    for call in chart.calls.iter().filter(|call| call.is_upgraded && is_meant(&call.call)) {
        let asks = |file: &SourceFile| looks_up(file) || asking.iter().any(|name| file.text().contains(name));
        if !chart.templates.get(call.file).is_some_and(asks) {
            r.report_call(
                chart,
                call,
                format!("`{}` gives something else at each upgrade", call.call.function),
            );
        }
    }
}

/// Whether a file asks the cluster for what is there.
fn looks_up(file: &SourceFile) -> bool {
    file.text().contains("lookup")
}

/// The names that a file defines.
fn defined(file: &SourceFile) -> impl Iterator<Item = &str> {
    let names = file.text().split("define \"").skip(1);
    names.filter_map(|rest| rest.split('"').next()).filter(|name| !name.is_empty())
}

/// Whether a call gives something else each time.
pub fn is_meant(call: &Call) -> bool {
    FUNCTIONS.contains(&call.function)
}
