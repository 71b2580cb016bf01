//! `.helmignore`: Helm's rules, which are not git's: the first rule that fits decides, a negated rule ignores whatever it
//! does not fit, and `**` is not there. Helm: pkg/ignore.

use crate::go::{path, raw};

use super::{Error, ErrorKind};

/// The longest line that Go's `bufio.Scanner` takes.
const MAX_LINE: usize = 64 * 1024;

/// The rules of a `.helmignore`, in order.
#[derive(Clone, Debug, Default)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    /// Whether the pattern is for the last element of the path alone.
    base_only: bool,
    negated: bool,
    folders_only: bool,
}

/// What a path is held against; nearly all rules are names or endings.
#[derive(Clone, Debug)]
enum Pattern {
    /// The path itself.
    Name(String),
    /// Its end, of a path of one element.
    End(String),
    /// Anything else.
    Glob(String),
}

impl IgnoreRules {
    /// Reads a `.helmignore`. Helm: `ignore.Parse`.
    pub fn parse(text: &[u8]) -> Result<IgnoreRules, Error> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut rules = IgnoreRules::default();
        for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let fault = |message: &str| Error::new(ErrorKind::Ignore, message).at_line(Some(at + 1));
            if line.len() >= MAX_LINE {
                return Err(fault("bufio.Scanner: token too long"));
            }
            rules.add(&raw::text(line)).map_err(|message| fault(&message))?;
        }
        Ok(rules)
    }

    /// With Helm's own rule at the end: hidden files right below `templates/` are ignored. Helm: `AddDefaults`.
    #[must_use]
    pub fn with_defaults(mut self) -> IgnoreRules {
        // The pattern is a good one.
        let _ = self.add("templates/.?*");
        self
    }

    /// Whether the file or folder is to be left out. Helm: `Ignore`.
    pub fn ignores(&self, path: &str, is_folder: bool) -> bool {
        if ["", ".", "./"].contains(&path) {
            return false;
        }
        for rule in &self.rules {
            let wrong_kind = rule.folders_only && !is_folder;
            if rule.negated {
                if wrong_kind || !rule.fits(path) {
                    return true;
                }
            } else if !wrong_kind && rule.fits(path) {
                return true;
            }
        }
        false
    }

    /// Helm: `parseRule`.
    fn add(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        path::matches(&*raw::bytes(line), "abc").map_err(|error| error.to_string())?;
        let (negated, pattern) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders_only, pattern) = pattern.strip_suffix('/').map_or((false, pattern), |rest| (true, rest));
        let rooted = pattern.strip_prefix('/');
        let base_only = !pattern.contains('/');
        self.rules.push(Rule {
            pattern: Pattern::new(rooted.unwrap_or(pattern), base_only),
            base_only,
            negated,
            folders_only,
        });
        Ok(())
    }
}

impl Pattern {
    fn new(pattern: &str, base_only: bool) -> Pattern {
        let is_literal = |text: &str| !text.contains(['*', '?', '[', '\\']) && raw::is_plain(text);
        match pattern.strip_prefix('*') {
            Some(end) if base_only && is_literal(end) => Pattern::End(end.to_owned()),
            None if is_literal(pattern) => Pattern::Name(pattern.to_owned()),
            _ => Pattern::Glob(pattern.to_owned()),
        }
    }
}

impl Rule {
    fn fits(&self, path: &str) -> bool {
        let path = if self.base_only { path::base(path) } else { path };
        match &self.pattern {
            Pattern::Name(name) => name == path,
            Pattern::End(end) => path.ends_with(end),
            Pattern::Glob(pattern) => path::matches(&*raw::bytes(pattern), &*raw::bytes(path)) == Ok(true),
        }
    }
}
