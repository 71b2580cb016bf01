//! [`CODES`]: what is told besides findings of rules: why a chart cannot be judged, and what is wrong with an allowance. Each
//! has a text here, for `plimsoll explain`.

/// A code that is no rule's.
#[derive(Debug)]
pub struct Notice {
    /// `LOD001`
    pub code: &'static str,
    /// `unloadable-chart`
    pub name: &'static str,
    /// What it means, and what to do.
    pub text: &'static str,
}

/// What a template wrote is no YAML.
pub const OUTPUT_NOT_YAML: &str = "TPL002";

/// Every such code, in order.
pub const CODES: &[Notice] = &[
    Notice {
        code: "CFG001",
        name: "unusable-configuration",
        text: "The configuration, or a flag that stands in for it, says something that nobody can follow: a key, rule, \
               profile or severity that is not there, or rules of which none is on.\n\nIt names the file and line, and what \
               may have been meant. `plimsoll config show` prints what holds, `plimsoll config schema` what may be written.",
    },
    Notice {
        code: "CFG002",
        name: "unusable-flag",
        text: "A flag, or a file that it names, cannot be used for this chart.",
    },
    Notice {
        code: "CHT002",
        name: "kube-version",
        text: "`kubeVersion` in Chart.yaml asks for another Kubernetes than the one that the chart is rendered for: that of \
               --kube-version, or the one that Helm or the platform's service assumes.\n\nPass --kube-version with the \
               cluster's version.",
    },
    Notice {
        code: "LOD001",
        name: "unloadable-chart",
        text: "There is no chart, or one of its files cannot be read: a missing Chart.yaml, broken YAML, a damaged archive.\n\n\
               The message is Helm's own. Name the folder with Chart.yaml, a folder with charts below it, or correct the file.",
    },
    Notice {
        code: "LOD002",
        name: "nothing-to-judge",
        text: "The chart renders no object with these values, or the given YAML has no document. What was not looked at is \
               never clean.\n\nGive values with which something is rendered: -f, --set, or a set of values such as \
               `ci/on-values.yaml`.",
    },
    Notice {
        code: "LOD003",
        name: "internal-error",
        text: "Judging this chart met a bug of Plimsoll. The other charts were judged. Please report it.",
    },
    Notice {
        code: "NVC001",
        name: "service-refusal",
        text: "The platform's own service would refuse this, and no rule says so in better words. In the modes `service` and \
               `strict` its answer is the verdict.\n\n`--format reval` prints the answer as the service gives it.",
    },
    Notice {
        code: "REQ001",
        name: "unreadable-request",
        text: "The file of --request is no JSON or YAML that is a map: the body of a function, deployment or task.",
    },
    Notice {
        code: "SUP001",
        name: "unused-allowance",
        text: "An allowance allows nothing: the finding is gone, or the rule, object or field is misspelt.\n\nRemove it, or \
               name the rule as `plimsoll rules` does.",
    },
    Notice {
        code: "SUP002",
        name: "allowance-without-reason",
        text: "An allowance does not say why. Write `# plimsoll: allow RULE because REASON`.",
    },
    Notice {
        code: "SUP003",
        name: "stale-baseline",
        text: "The baseline has a finding that is no longer found. `plimsoll check --prune-baseline` takes such findings out.",
    },
    Notice {
        code: "SUP004",
        name: "expired-allowance",
        text: "An allowance had a last day, and that is over: what it allowed is told again.\n\nMend it, or give it another \
               day: `until: 2027-01-01` in the configuration, `… because REASON until 2027-01-01` in a comment.",
    },
    Notice {
        code: "SUP005",
        name: "unread-comment",
        text: "A comment was meant to allow a finding, but is not written as Plimsoll reads it.\n\nWrite `# plimsoll: allow \
               RULE because REASON` behind the line or above it, or `{{/* plimsoll: allow RULE because REASON */}}`.",
    },
    Notice {
        code: "TPL001",
        name: "failing-template",
        text: "A template cannot be parsed or executed. The message is Helm's own; the place is the innermost one in a file, \
               with the includes on the way and the value that was read there.",
    },
    Notice {
        code: OUTPUT_NOT_YAML,
        name: "output-not-yaml",
        text: "What a template wrote, or a given file, is no YAML. The place is the template line that wrote the line at \
               fault.\n\n`plimsoll template --debug` prints what was written.",
    },
    Notice {
        code: "VAL001",
        name: "unreadable-values",
        text: "A values file cannot be read, is no YAML map, or an expression of --set is malformed.",
    },
    Notice {
        code: "VAL002",
        name: "unusable-values",
        text: "The values do not fit the chart: values.schema.json refuses them, or a table stands where a subchart needs \
               another type. The message is Helm's own.",
    },
];

/// The code of that code or name.
pub fn find(word: &str) -> Option<&'static Notice> {
    CODES.iter().find(|code| code.name == word || code.code.eq_ignore_ascii_case(word))
}

impl Notice {
    /// Its page, as `Rule::page` writes those of rules.
    pub fn page(&self) -> String {
        let Notice { code, name, text } = self;
        let allow = match &code[..3] {
            "SUP" | "NVC" => "It cannot be allowed; it goes when its cause does.",
            _ => "It cannot be allowed: what could not be judged is never clean.",
        };
        format!("# {code} `{name}`\n\n{text}\n\n## Allow it\n{allow}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The codes in calls of `Diagnostic::new` and its like in a text of Rust.
    fn told(text: &str) -> Vec<String> {
        let calls = text.split("new(").skip(1);
        let code = |rest: &str| {
            let word = rest.trim_start().strip_prefix('"')?.split('"').next()?;
            let (kind, number) = word.split_at_checked(3)?;
            let is_code = word.len() == 6
                && kind.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.bytes().all(|byte| byte.is_ascii_digit());
            is_code.then(|| word.to_owned())
        };
        calls.filter_map(code).collect()
    }

    #[test]
    fn every_code_that_is_told_can_be_explained() {
        let rules = crate::rules::all();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut count = 0;
        for entry in walkdir::WalkDir::new(root).into_iter().flatten() {
            if entry.path().extension().is_none_or(|end| end != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            for code in told(product) {
                count += 1;
                let is_known = rules.iter().any(|rule| rule.code == code) || find(&code).is_some();
                assert!(is_known, "{} tells {code}", entry.path().display());
            }
        }
        assert!(count > 15, "{count}");
        assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
    }
}
