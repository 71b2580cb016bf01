//! Capacity that several may share: which amounts of it may be asked for.

use std::cmp::Ordering;

use crate::kubernetes::Quantity;

use super::super::error::{Errors, Path};
use super::super::pod::resources::{compare, is_fractional, is_negative, is_zero_amount};
use super::super::tree::Tree;

/// How many amounts may be listed.
const MOST_OPTIONS: usize = 10;
/// The first minor that knows ranges of amounts that are no whole numbers.
const KNOWS_PARTS: u32 = 37;

/// Go: `validateRequestPolicy`
pub fn policy(most: &str, policy: &Tree, path: &Path, errors: &mut Errors) {
    let (values, has_range) = (policy.list("validValues"), policy.has("validRange"));
    let field = match (values.is_empty(), has_range) {
        (false, true) => {
            let words = "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time";
            return errors.forbidden(path, words);
        }
        (false, false) => "validValues",
        (true, true) => "validRange",
        (true, false) => return,
    };
    if !policy.has("default") {
        let words = format!("required when {field} is defined");
        return errors.required(&path.child("default"), &words);
    }
    let (default, path) = (policy.str("default"), path.child(field));
    match has_range {
        true => range(default, most, policy.get("validRange"), &path, errors),
        false => options(default, most, values, &path, errors),
    }
}

/// Go: `validateRequestPolicyValidValues`
fn options(default: &str, most: &str, values: &[Tree], path: &Path, errors: &mut Errors) {
    for (at, pair) in values.windows(2).enumerate() {
        if compare(pair[0].text(), pair[1].text()) == Ordering::Greater {
            let words = "values must be sorted in ascending order";
            errors.invalid(&path.index(at + 1), pair[1].text(), words);
        }
    }
    let mut has_default = false;
    if values.len() > MOST_OPTIONS {
        errors.too_many(path, values.len(), MOST_OPTIONS);
    } else {
        for (at, option) in values.iter().map(Tree::text).enumerate() {
            if compare(option, most) == Ordering::Greater {
                let words = format!("option is larger than capacity value: {most}");
                errors.invalid(&path.index(at), option, &words);
            }
            has_default |= compare(option, default) == Ordering::Equal;
        }
        let mut seen: Vec<String> = Vec::new();
        for (at, option) in values.iter().map(Tree::text).enumerate() {
            let key = key(option, errors.since(KNOWS_PARTS));
            if seen.contains(&key) {
                errors.duplicate(&path.index(at), &key);
            }
            seen.push(key);
        }
    }
    if !has_default {
        errors.invalid(path, default, "default value is not valid according to the requestPolicy");
    }
}

/// What tells an amount from others.
///
/// Go: `quantityKeyAsDec`, `quantityKeyInt`
fn key(amount: &str, knows_parts: bool) -> String {
    let Some(amount) = Quantity::parse(amount) else { return amount.to_owned() };
    match knows_parts {
        true => amount.decimal(),
        false => amount.ceil().to_string(),
    }
}

/// Go: `validateRequestPolicyRange`
fn range(default: &str, most: &str, range: &Tree, path: &Path, errors: &mut Errors) {
    let [min, max, step] = ["min", "max", "step"].map(|field| range.has(field).then(|| range.str(field)));
    let Some(min) = min else {
        return errors.required(&path.child("min"), "required when validRange is defined");
    };
    let is_more = |a: &str, b: &str| compare(a, b) == Ordering::Greater;
    if is_more(min, most) {
        errors.invalid(&path.child("min"), min, &format!("min is larger than capacity value: {most}"));
    }
    let names_default = errors.since(KNOWS_PARTS);
    if is_more(min, default) {
        let field = if names_default { "default" } else { "min" };
        errors.invalid(&path.child(field), default, &format!("default is less than min: {min}"));
    }
    if let Some(max) = max {
        let place = path.child("max");
        if is_more(min, max) {
            errors.invalid(&place, min, &format!("min is larger than max: {max}"));
        }
        if is_more(max, most) {
            errors.invalid(&place, max, &format!("max is larger than capacity value: {most}"));
        }
        if is_more(default, max) {
            let field = if names_default { "default" } else { "max" };
            errors.invalid(&path.child(field), default, &format!("default is more than max: {max}"));
        }
    }
    let parts = [("default", Some(default)), ("min", Some(min)), ("max", max), ("step", step)];
    let in_thousandths =
        errors.since(KNOWS_PARTS) && parts.iter().any(|(_, part)| part.is_some_and(is_fractional));
    if in_thousandths && !all_fit(&parts, true, path, errors) {
        return;
    }
    let Some(step) = step else { return };
    steps(Steps { default, most, min, max, step, in_thousandths }, &parts, path, errors);
}

/// A range with steps.
struct Steps<'a> {
    default: &'a str,
    most: &'a str,
    min: &'a str,
    max: Option<&'a str>,
    step: &'a str,
    in_thousandths: bool,
}

type Parts<'a> = [(&'static str, Option<&'a str>); 4];

fn steps(range: Steps<'_>, parts: &Parts<'_>, path: &Path, errors: &mut Errors) {
    let Steps { default, most, min, max, step, in_thousandths } = range;
    let place = path.child("step");
    if errors.since(KNOWS_PARTS) && (is_negative(step) || is_zero_amount(step)) {
        return errors.invalid(&place, step, "must be greater than zero");
    }
    let (Some(low), Some(one)) = (Quantity::parse(min), Quantity::parse(step)) else { return };
    let added = low.plus(&one, false).canonical();
    if compare(&added, most) == Ordering::Greater {
        let words = format!("one step {added} is larger than capacity value: {most}");
        errors.invalid(&place, step, &words);
    }
    if !in_thousandths && errors.since(KNOWS_PARTS) && !all_fit(parts, false, path, errors) {
        return;
    }
    let number = |amount: &str| {
        let amount = Quantity::parse(amount)?;
        if in_thousandths { amount.thousandths() } else { Some(i128::from(amount.ceil())) }
    };
    let (Some(low), Some(one)) = (number(min), number(step).filter(|one| *one != 0)) else { return };
    for amount in [Some(default), max].into_iter().flatten() {
        if number(amount).is_some_and(|amount| (amount - low) % one != 0) {
            let words = format!("value is not a multiple of a given step ({step}) from ({min})");
            errors.invalid(&place, amount, &words);
        }
    }
}

/// Whether the server can count with all of the amounts, in thousandths or as whole numbers.
fn all_fit(parts: &Parts<'_>, in_thousandths: bool, path: &Path, errors: &mut Errors) -> bool {
    let before = errors.len();
    for (name, amount) in parts {
        let Some((text, amount)) = amount.and_then(|text| Some((text, Quantity::parse(text)?))) else {
            continue;
        };
        let place = path.child(name);
        if in_thousandths {
            if amount.thousandths().is_none_or(|count| i64::try_from(count).is_err()) {
                errors.invalid(&place, text, "value cannot be represented as a milli value");
            }
        } else if amount.signum() < 0 {
            errors.invalid(&place, text, "must be greater than or equal to 0");
        } else if compare(text, "9223372036854775807") == Ordering::Greater {
            errors.invalid(&place, text, "must not be larger than 9223372036854775807");
        }
    }
    errors.len() == before
}

/// Go: `semverRe`
pub fn is_semver(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, tail) = text.split_once('-').map_or((text, None), |(core, tail)| (core, Some(tail)));
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|c| c.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    let words = |text: &str| text.split('.').all(|part| !part.is_empty() && part.chars().all(is_word));
    let is_tail = |tail: &str| words(tail) && tail.split('.').all(|part| !is_digits(part) || is_number(part));
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && tail.is_none_or(is_tail)
        && build.is_none_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_versions() {
        for good in ["0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3-a-b+c.01", "1.2.3-0"] {
            assert!(is_semver(good), "{good}");
        }
        for bad in
            ["", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3.4", "v1.2.3", "1.2.3-a..b"]
        {
            assert!(!is_semver(bad), "{bad}");
        }
    }
}
