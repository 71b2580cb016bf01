//! All that there is to say about a rule, as one page of Markdown: `plimsoll explain`, the pages under `docs/rules` and the
//! help in SARIF are this text.

use std::fmt::Write;

use crate::diagnostic::Applicability;

use super::level::Mode;
use super::profile::Profile;
use super::rule::{Check, Rule};

impl Rule {
    /// The name of its page, without an end: `POD101-host-network`.
    pub fn page_name(&self) -> String {
        format!("{}-{}", self.code, self.name)
    }

    /// The page: its text, how severe it is, who says so.
    pub fn page(&self) -> String {
        let Rule { code, name, .. } = self;
        let mut page = format!("# {code} `{name}`\n\n{}\n", self.readable().trim_end());
        let mut add = |text: &str| page.push_str(text);
        let is_on_values = matches!(self.check, Check::Values(_));
        add(match self.fix {
            Some(Applicability::Unsafe) if matches!(self.check, Check::Chart(_)) => {
                "\n`plimsoll fix --unsafe` does it in the values file.\n"
            }
            Some(Applicability::Safe) if is_on_values => "\n`plimsoll fix` does it in the values file.\n",
            Some(Applicability::Safe) => "\n`plimsoll patch` does it in rendered manifests.\n",
            Some(Applicability::Unsafe) => {
                "\n`plimsoll patch --unsafe` does it in rendered manifests; the program may then behave differently.\n"
            }
            Some(Applicability::DisplayOnly) | None => "",
        });
        let levels = Mode::ALL.map(|mode| format!("{} in `{mode}`", self.level_in_words(mode)));
        add(&format!("\n## Severity\n{}.\n", levels.join(", ")));
        if is_on_values {
            add(&format!(
                "\n## Allow it\nWrite `# plimsoll: allow {name} because REASON` in the values file, behind the line or above it.\n"
            ));
        } else {
            add(&format!(
                "\n## Allow it\nWrite `# plimsoll: allow {name} because REASON` behind the line or above it, \
             `{{{{/* plimsoll: allow {name} because REASON */}}}}` in the template, or annotate the object with \
             `allow.plimsoll/{name}: REASON`.\n"
            ));
        }
        add("\n## Sources\n");
        for source in self.sources {
            let _ = writeln!(page, "- {source}");
        }
        for profile in Profile::built_in_names().filter_map(Profile::built_in) {
            let rows: Vec<&str> = profile.rows_of(self).collect();
            if !rows.is_empty() {
                let _ = writeln!(page, "- catalogue of `{}`: {}", profile.name, rows.join(", "));
            }
        }
        page
    }

    /// The text with what the words behind a fence mean to tests said for people.
    fn readable(&self) -> String {
        let mut text = String::new();
        let markdown = self.markdown();
        for line in markdown.lines() {
            let Some(words) = line.strip_prefix("```").filter(|words| !words.is_empty()) else {
                text.push_str(line);
                text.push('\n');
                continue;
            };
            let mut words = words.split(' ');
            let what = match words.next() {
                Some("values") => " in values.yaml",
                Some("template") => " in a template",
                Some("chart") => " in a chart",
                Some("request") => " in a request",
                _ => "",
            };
            let verdict = if words.any(|word| word == "bad") { "Refused" } else { "Accepted" };
            // An example that follows another at once would be one paragraph with it.
            let gap = if text.ends_with("\n\n") { "" } else { "\n" };
            let _ = write!(text, "{gap}{verdict}{what}:\n```yaml\n");
        }
        text
    }
}
