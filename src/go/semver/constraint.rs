//! [`Constraints`]: ranges of versions. Spaces and commas mean "and", `||` means "or", ` - ` spans a range.

use std::fmt;

use super::error::Error;
use super::version::{Version, compare_pre, scan};
use crate::go::strconv::quote;

const MAX_LENGTH: usize = 512;
const MAX_GROUPS: usize = 32;

/// Ranges, of which a version must fit one. Semver: `Constraints`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints {
    groups: Vec<Group>,
}

/// Constraints that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    all: Vec<Constraint>,
    /// Whether one of them names a pre-release; only then may a version be one.
    pre: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Constraint {
    operator: &'static str,
    /// The version as it was written.
    text: String,
    version: Version,
    /// How many numbers were given before the first wildcard: 0 to 3.
    given: u8,
}

/// The longer ones first, so that the first that fits is the one.
const OPERATORS: [&str; 11] = ["!=", ">=", "=>", "<=", "=<", "~>", "=", ">", "<", "~", "^"];

impl Constraints {
    /// Reads ranges. Semver: `NewConstraint`.
    pub fn parse(text: &str) -> Result<Constraints, Error> {
        if text.len() > MAX_LENGTH {
            return Err(Error::ConstraintTooLong(MAX_LENGTH));
        }
        let text = rewrite_ranges(text);
        if text.split("||").count() > MAX_GROUPS {
            return Err(Error::TooManyGroups(MAX_GROUPS));
        }
        let groups = text.split("||").map(Group::parse).collect::<Result<_, _>>()?;
        Ok(Constraints { groups })
    }

    /// Whether the version fits. Semver: `Check`.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| group.all.iter().all(|it| it.check(version, group.pre).is_ok()))
    }

    /// Whether the version fits; if not, semver's reasons. Semver: `Validate`.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut told_pre = false;
        for group in &self.groups {
            let before = reasons.len();
            if group.pre || version.pre.is_empty() {
                reasons.extend(group.all.iter().filter_map(|it| it.check(version, group.pre).err()));
                if reasons.len() == before {
                    return Ok(());
                }
            } else if !told_pre {
                told_pre = true;
                reasons.push(is_pre_release(version));
            }
        }
        Err(reasons)
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, group) in self.groups.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " || " })?;
            for (at, constraint) in group.all.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { " " })?;
                write!(f, "{}{}", constraint.operator, constraint.text)?;
            }
        }
        Ok(())
    }
}

impl Group {
    fn parse(text: &str) -> Result<Group, Error> {
        let improper = || Error::Improper(text.to_owned());
        let mut all = Vec::new();
        let mut rest = trim_start(text);
        while all.is_empty() || !rest.is_empty() {
            let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator)).unwrap_or("");
            let word = trim_start(&rest[operator.len()..]);
            let end = word.find([' ', '\t', '\n', '\x0c', '\r', ',']).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            if scan(word, is_wild_digit).is_none_or(|scan| scan.end != word.len()) {
                return Err(improper());
            }
            all.push((operator, word));
            rest = trim_start(after);
            if let Some(next) = rest.strip_prefix(',') {
                rest = trim_start(next);
                if rest.is_empty() {
                    return Err(improper());
                }
            }
        }
        let all: Vec<Constraint> = all
            .into_iter()
            .map(|(operator, word)| Constraint::parse(operator, word))
            .collect::<Result<_, _>>()?;
        Ok(Group { pre: all.iter().any(|it| !it.version.pre.is_empty()), all })
    }
}

impl Constraint {
    /// Semver: `parseConstraint`.
    fn parse(operator: &'static str, text: &str) -> Result<Constraint, Error> {
        let scan = scan(text, is_wild_digit).ok_or(Error::Broken)?;
        let given = scan.numbers.iter().take_while(|number| !["", "x", "X", "*"].contains(*number)).count();
        let [major, minor, _] = scan.numbers;
        let dash = if scan.pre.is_empty() { "" } else { "-" };
        let version = match given {
            0 => format!("0.0.0{dash}{}", scan.pre),
            1 => format!("{major}.0.0{dash}{}", scan.pre),
            2 => format!("{major}.{minor}.0{dash}{}", scan.pre),
            _ => text.to_owned(),
        };
        let version = Version::parse(&version).map_err(|_| Error::Broken)?;
        Ok(Constraint { operator, text: text.to_owned(), version, given: given as u8 })
    }

    /// Whether the version fits; if not, why. Semver: the functions of `constraintOps`.
    fn check(&self, version: &Version, allow_pre: bool) -> Result<(), String> {
        if !version.pre.is_empty() && !allow_pre {
            return Err(is_pre_release(version));
        }
        let (fits, why) = match self.operator {
            "!=" => (self.differs(version), "is equal to"),
            ">" => (self.is_below(version), "is less than or equal to"),
            "<" => (version.compare(&self.version).is_lt(), "is greater than or equal to"),
            ">=" | "=>" => (version.compare(&self.version).is_ge(), "is less than"),
            "<=" | "=<" => (self.is_not_below(version), "is greater than"),
            "^" => return self.check_caret(version),
            "" | "=" if !self.dirty() => (version.compare(&self.version).is_eq(), "is not equal to"),
            _ => return self.check_tilde(version),
        };
        if fits { Ok(()) } else { Err(self.why(version, why)) }
    }

    /// Whether numbers are missing or wild. Semver: `dirty`.
    fn dirty(&self) -> bool {
        self.given < 3
    }

    /// Semver: `minorDirty`.
    fn minor_dirty(&self) -> bool {
        self.given == 1
    }

    /// Semver: `patchDirty`.
    fn patch_dirty(&self) -> bool {
        self.given == 2
    }

    /// Semver: `constraintNotEqual`.
    fn differs(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.dirty() {
            if own.major != version.major {
                return true;
            }
            if self.minor_dirty() {
                return false;
            }
            if own.minor != version.minor {
                return true;
            }
            if self.patch_dirty() {
                return compare_pre(&version.pre, &own.pre).is_ne();
            }
            if own.patch != version.patch {
                return true;
            }
        }
        version.compare(own).is_ne()
    }

    /// Semver: `constraintGreaterThan`: `>11` wants 12.
    fn is_below(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.dirty() && version.major != own.major {
            return version.major > own.major;
        }
        match self.given {
            1 => false,
            2 => version.minor > own.minor,
            _ => version.compare(own).is_gt(),
        }
    }

    /// Semver: `constraintLessThanEqual`: `<=11` takes 11.9.
    fn is_not_below(&self, version: &Version) -> bool {
        let own = &self.version;
        if !self.dirty() {
            return version.compare(own).is_le();
        }
        let above = version.major == own.major && version.minor > own.minor && !self.minor_dirty();
        version.major <= own.major && !above
    }

    /// `~1.2` is `>=1.2.0, <1.3.0`. Semver: `constraintTilde`.
    fn check_tilde(&self, version: &Version) -> Result<(), String> {
        let own = &self.version;
        if version.compare(own).is_lt() {
            return Err(self.why(version, "is less than"));
        }
        let zero = [own.major, own.minor, own.patch] == [0, 0, 0];
        if zero && !self.minor_dirty() && !self.patch_dirty() {
            return Ok(());
        }
        if version.major != own.major {
            return Err(self.why(version, "does not have same major version as"));
        }
        if version.minor != own.minor && !self.minor_dirty() {
            return Err(self.why(version, "does not have same major and minor version as"));
        }
        Ok(())
    }

    /// `^1.2` is `>=1.2.0, <2.0.0`; below 1 the first number that is not 0 must stay. Semver: `constraintCaret`.
    fn check_caret(&self, version: &Version) -> Result<(), String> {
        let own = &self.version;
        if version.compare(own).is_lt() {
            return Err(self.why(version, "is less than"));
        }
        let major = || self.why(version, "does not have same major version as");
        if own.major > 0 || self.minor_dirty() {
            return if version.major == own.major { Ok(()) } else { Err(major()) };
        }
        if version.major > 0 {
            return Err(major());
        }
        let minor = || self.why(version, "does not have same minor version as");
        if own.minor > 0 || self.patch_dirty() {
            let hint = ". Expected minor versions to match when constraint major version is 0";
            return if version.minor == own.minor { Ok(()) } else { Err(minor() + hint) };
        }
        if version.minor > 0 {
            return Err(minor());
        }
        let hint = ". Expect version and constraint to equal when major and minor versions are 0";
        if own.patch == version.patch { Ok(()) } else { Err(self.why(version, "does not equal") + hint) }
    }

    fn why(&self, version: &Version, what: &str) -> String {
        format!("{} {what} {}", quote(version.to_string()), quote(&self.text))
    }
}

fn is_pre_release(version: &Version) -> String {
    let version = quote(version.to_string());
    format!("{version} is a prerelease version and the constraint is only looking for release versions")
}

/// What stands for a number in a constraint; the bar is a slip in semver's regular expression.
fn is_wild_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || b"xX*|".contains(&byte)
}

/// `\s` of Go's regular expressions.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// Each `A - B` becomes `>= A, <= B `. Semver: `rewriteRange`.
fn rewrite_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    let mut at = 0;
    while at < text.len() {
        if let Some((found, low, high)) = text.is_char_boundary(at).then(|| range(&text[at..])).flatten() {
            out = out.replacen(found, &format!(">= {low}, <= {high} "), 1);
            at += found.len();
        } else {
            at += 1;
        }
    }
    out
}

/// A range at the very start of the text: all of it, its low and its high end.
fn range(text: &str) -> Option<(&str, &str, &str)> {
    let low = trim_start(text);
    let (low, rest) = low.split_at(scan(low, is_wild_digit)?.end);
    let dash = trim_start(rest).strip_prefix('-')?;
    let high = trim_start(dash);
    if dash.len() == high.len() || !rest.starts_with(is_space) {
        return None;
    }
    let (high, rest) = high.split_at(scan(high, is_wild_digit)?.end);
    Some((&text[..text.len() - trim_start(rest).len()], low, high))
}
