use memchr::memchr;

use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Data;

use super::scalars;

declare_rule! {
    /// Whole numbers should not be printed as powers of ten.
    ///
    /// ## Why
    /// Helm reads numbers of values as floating-point numbers, and a template prints a large one as `1e+06`, in quotes too.
    /// Digits behind the sixteenth are lost, and few programs read it as the number that was meant.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   size: "5e+09"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   size: "5000000000"
    /// ```
    ///
    /// ## Fix
    /// Print it with `int64`, as in `{{ .Values.size | int64 | quote }}`, or write it in quotes in the values.
    "TPL104" "rounded-number" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Go's fmt prints large floating-point numbers so"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let text = &r.subject().text;
    scalars::each(release, |object, place, node| {
        let written = match &node.data {
            Data::String(text) => Some(text.as_str()),
            Data::Float(_) | Data::Int(_) | Data::Uint(_) => object.document.written(text, node),
            _ => None,
        };
        if let Some(number) = written.and_then(number) {
            r.report_on(object, place.path(), format!("a large number is printed as {number}"));
        }
    });
}

/// The number with an exponent that a text is, or ends with behind a sign that sets something.
fn number(text: &str) -> Option<&str> {
    memchr(b'+', text.as_bytes())?;
    let start = text.rfind(['=', ':', ' ']).map_or(0, |at| at + 1);
    let last = &text[start..];
    (!text.contains('\n') && text.len() < 200 && is_rounded(last)).then_some(last)
}

/// `1e+06`, `2.0260311e+07`
fn is_rounded(word: &str) -> bool {
    let Some((digits, exponent)) = word.strip_prefix('-').unwrap_or(word).split_once("e+") else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    whole.len() == 1 && is_number(whole) && is_number(fraction) && exponent.len() >= 2 && is_number(exponent)
}
