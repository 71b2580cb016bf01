//! The text of a rule taken apart: sentence, why, examples, fix. Findings take their help from it, and tests their examples;
//! the whole of it for people is in [`super::page`].

use super::rule::Rule;

/// A rule's text in its parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The first paragraph: what the rule refuses.
    pub summary: String,
    /// The text under `## Why`, examples left out.
    pub why: String,
    /// The text under `## Fix`.
    pub fix: String,
    /// The examples, in order.
    pub examples: Vec<Example>,
}

/// A fenced example.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// `bad` or `good`.
    pub bad: bool,
    /// What the text is: the words behind the fence but `bad` and `good`, as the tests of the examples read them.
    pub language: String,
    /// The text.
    pub text: String,
}

impl Rule {
    /// The text as Markdown, without the space that `///` leaves at the start of each line.
    pub fn markdown(&self) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The text in its parts.
    pub fn explained(&self) -> Docs {
        let mut docs = Docs::default();
        let mut heading = "";
        let mut fence: Option<Example> = None;
        let markdown = self.markdown();
        for line in markdown.lines() {
            match (&mut fence, line.strip_prefix("```")) {
                (Some(_), Some(_)) => docs.examples.extend(fence.take()),
                (Some(example), None) => {
                    example.text.push_str(line);
                    example.text.push('\n');
                }
                (None, Some(info)) => {
                    let words: Vec<&str> = info.split(' ').collect();
                    let bad = words.contains(&"bad");
                    let language: Vec<&str> =
                        words.into_iter().filter(|word| !matches!(*word, "bad" | "good")).collect();
                    fence = Some(Example { bad, language: language.join(" "), text: String::new() });
                }
                (None, None) => match line.strip_prefix("## ") {
                    Some(name) => heading = name,
                    None => push_line(docs.part(heading), line),
                },
            }
        }
        docs
    }

    /// The first sentence: what the rule refuses.
    pub fn summary(&self) -> String {
        let docs = self.explained();
        first_sentence(&docs.summary)
    }

    /// The first sentence under `## Fix` as a clause, the help of a finding that has none of its own.
    pub fn summary_of_fix(&self) -> Option<String> {
        let docs = self.explained();
        let sentence = first_sentence(&docs.fix);
        let mut letters = sentence.trim_end_matches('.').chars();
        let first = letters.next()?;
        Some(first.to_lowercase().chain(letters).collect())
    }
}

impl Docs {
    fn part(&mut self, heading: &str) -> &mut String {
        match heading {
            "Why" => &mut self.why,
            "Fix" => &mut self.fix,
            _ => &mut self.summary,
        }
    }
}

/// Joins the lines of a paragraph; an empty line starts the next one.
fn push_line(text: &mut String, line: &str) {
    if line.is_empty() {
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push_str("\n\n");
        }
        return;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push(if line.starts_with("- ") { '\n' } else { ' ' });
    }
    text.push_str(line);
}

fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default().trim();
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph[..end].to_owned()
}
