//! [`Block`]: findings that one change would mend, told as one. Which those are is read off their origins: the value that set
//! them, the value that nobody set, the condition that they all stand behind, or the line that wrote them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Edit, FileLine, ValueOrigin};
use crate::judge::ChartReport;

/// Findings that one change would mend.
pub(super) struct Block<'a> {
    /// The worst of them.
    pub lead: &'a Diagnostic,
    /// The others.
    pub others: Vec<&'a Diagnostic>,
    /// What else was found in an object that has to go anyway.
    pub inside: Vec<&'a Diagnostic>,
    /// The value that all of them stand behind, where that is what they have in common.
    pub switch: Option<&'a ValueOrigin>,
}

impl<'a> Block<'a> {
    fn of(mut found: Vec<&'a Diagnostic>) -> Block<'a> {
        // Of equals the first.
        let worst = found.iter().map(|one| one.severity).max();
        let at = found.iter().position(|one| Some(one.severity) == worst).unwrap_or(0);
        let lead = found.remove(at);
        Block { lead, others: found, inside: Vec::new(), switch: None }
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        1 + self.others.len() + self.inside.len()
    }

    /// All but what is inside an object that goes.
    pub fn all(&self) -> impl Iterator<Item = &&'a Diagnostic> {
        std::iter::once(&self.lead).chain(&self.others)
    }
}

/// What findings have in common that one change would mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A value that is set, and the line that prints it.
    Set(String, Option<FileLine>),
    /// A table in which nobody sets the value.
    Missing(String),
    /// The line that wrote it.
    Line(String, usize),
    /// Nothing is known: it stands alone, by its number.
    Alone(usize),
}

impl Cause {
    /// Whether one change mends both: values of one table that one line prints are changed together.
    fn is_mended_with(&self, other: &Cause) -> bool {
        match (self, other) {
            (Cause::Set(path, line), Cause::Set(other, same)) => {
                path == other || line.is_some() && line == same && table(path) == table(other)
            }
            _ => self == other,
        }
    }
}

/// The path of the table that holds a value.
fn table(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(table, _)| table)
}

/// The findings of a chart in blocks, the worst first; of equals in the order in which they were found.
pub(super) fn blocks(chart: &ChartReport) -> Vec<Block<'_>> {
    let goes: BTreeSet<_> =
        chart.diagnostics.iter().filter(|one| object_goes(one)).filter_map(target).collect();
    let is_inside = |one: &Diagnostic| !object_goes(one) && target(one).is_some_and(|it| goes.contains(&it));
    let (inside, rest): (Vec<_>, Vec<_>) = chart.diagnostics.iter().partition(|one| is_inside(one));
    let (whole, parts): (Vec<_>, Vec<_>) = rest.into_iter().partition(|one| is_whole(one));
    let mut blocks = behind_switches(whole);
    blocks.extend(by_cause(parts));
    for finding in inside {
        let object = target(finding);
        let holds = |block: &&mut Block<'_>| block.all().any(|one| object_goes(one) && target(one) == object);
        if let Some(block) = blocks.iter_mut().find(holds) {
            block.inside.push(finding);
        }
    }
    let order: BTreeMap<*const Diagnostic, usize> =
        chart.diagnostics.iter().enumerate().map(|(at, one)| (std::ptr::from_ref(one), at)).collect();
    blocks.sort_by_key(|block| {
        (std::cmp::Reverse(block.lead.severity), order.get(&std::ptr::from_ref(block.lead)).copied())
    });
    blocks
}

/// Every finding on its own, the worst first.
pub(super) fn singles(chart: &ChartReport) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = chart.diagnostics.iter().map(|one| Block::of(vec![one])).collect();
    blocks.sort_by_key(|block| std::cmp::Reverse(block.lead.severity));
    blocks
}

/// Whether the finding is that its object is there at all.
fn object_goes(finding: &Diagnostic) -> bool {
    let drops = finding.fix.as_ref().is_some_and(|fix| fix.edits.contains(&Edit::Drop));
    drops || matches!(finding.name, "unsupported-kind" | "custom-resource-definition")
}

fn target(finding: &Diagnostic) -> Option<(usize, String)> {
    finding.location.target.as_ref().map(|target| (target.document, target.path.to_string()))
}

/// Whether it is about an object as a whole, so that what stands around that decides.
fn is_whole(finding: &Diagnostic) -> bool {
    object_goes(finding) || finding.origin.values.is_empty() && !finding.origin.conditions.is_empty()
}

/// Findings of one rule that stand behind one condition; the condition that most of them have in common first.
fn behind_switches(findings: Vec<&Diagnostic>) -> Vec<Block<'_>> {
    let mut by_rule: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        by_rule.entry(finding.code).or_default().push(finding);
    }
    let mut blocks = Vec::new();
    for mut left in by_rule.into_values() {
        while let Some(switch) = most_common_switch(&left) {
            let (behind, others): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|one| one.origin.conditions.iter().any(|it| it.path == switch.path));
            let mut block = Block::of(behind);
            block.switch = Some(switch);
            blocks.push(block);
            left = others;
        }
        blocks.extend(by_cause(left));
    }
    blocks
}

/// The condition that most of the findings stand behind, if several do; of equals the innermost.
fn most_common_switch<'a>(findings: &[&'a Diagnostic]) -> Option<&'a ValueOrigin> {
    let mut counts: Vec<(&ValueOrigin, usize)> = Vec::new();
    for finding in findings {
        for condition in finding.origin.conditions.iter().rev() {
            match counts.iter_mut().find(|(known, _)| known.path == condition.path) {
                Some((_, count)) => *count += 1,
                None => counts.push((condition, 1)),
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().filter(|count| *count > 1)?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(switch, _)| switch)
}

/// Findings of one rule with one cause; those of several rules where nothing but the object's own lines is the cause.
fn by_cause(findings: Vec<&Diagnostic>) -> Vec<Block<'_>> {
    let mut groups: Vec<(Cause, &str, Vec<&Diagnostic>)> = Vec::new();
    for (at, finding) in findings.into_iter().enumerate() {
        let cause = cause(finding, at);
        let is_same = |(known, code, members): &&mut (Cause, &str, Vec<&Diagnostic>)| {
            let shared = match &cause {
                Cause::Set(..) => *code == finding.code,
                Cause::Line(..) | Cause::Missing(_) => {
                    *code == finding.code
                        || members
                            .iter()
                            .any(|one| target(one) == target(finding) && parent(one) == parent(finding))
                }
                Cause::Alone(_) => false,
            };
            known.is_mended_with(&cause) && shared
        };
        match groups.iter_mut().find(is_same) {
            Some((.., members)) => members.push(finding),
            None => groups.push((cause, finding.code, vec![finding])),
        }
    }
    groups.into_iter().map(|(.., members)| Block::of(members)).collect()
}

/// The container or other part that a field belongs to.
fn parent(finding: &Diagnostic) -> Option<String> {
    let field = finding.location.field.as_ref()?.to_string();
    let end = field.rfind(']').map_or(0, |end| end + 1);
    Some(field[..end].to_owned())
}

fn cause(finding: &Diagnostic, at: usize) -> Cause {
    if let Some(value) = finding.origin.values.first() {
        let path = value.path.to_string();
        return match value.layer {
            Some(_) => Cause::Set(path, finding.location.source.clone()),
            None => Cause::Missing(table(&path).to_owned()),
        };
    }
    match &finding.location.source {
        Some(source) if finding.location.object.is_some() => match source.line {
            Some(line) => Cause::Line(source.file.clone(), line),
            None => Cause::Alone(at),
        },
        _ => Cause::Alone(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{ObjectId, Severity};
    use crate::path::FieldPath;

    fn finding(code: &'static str, object: &str, line: usize) -> Diagnostic {
        let severity = if code == "OBJ101" { Severity::Error } else { Severity::Warning };
        let mut found = Diagnostic::new(code, "x", severity, "m");
        found.location.object =
            Some(ObjectId { kind: "Pod".into(), name: object.into(), ..ObjectId::default() });
        found.location.source =
            Some(FileLine { file: "templates/a.yaml".into(), line: Some(line), column: None });
        found
    }

    fn switch(name: &str) -> ValueOrigin {
        ValueOrigin { path: FieldPath::root().key(name), ..ValueOrigin::default() }
    }

    #[test]
    fn what_one_line_or_one_switch_causes_is_one_block() {
        let mut behind: Vec<Diagnostic> = (0..3).map(|at| finding("OBJ101", &at.to_string(), at)).collect();
        for one in &mut behind {
            one.origin.conditions = vec![switch("outer"), switch("own")];
        }
        behind[2].origin.conditions[1] = switch("other");
        let alike = [finding("CTR101", "a", 7), finding("CTR101", "b", 7), finding("CTR101", "a", 8)];
        let diagnostics = alike.into_iter().chain(behind).collect();
        let chart = ChartReport { diagnostics, ..ChartReport::default() };
        let told: Vec<(&str, usize, Option<String>)> = blocks(&chart)
            .iter()
            .map(|block| (block.lead.code, block.len(), block.switch.map(|it| it.path.to_string())))
            .collect();
        assert_eq!(told, [("OBJ101", 3, Some("outer".to_owned())), ("CTR101", 2, None), ("CTR101", 1, None)]);
        assert_eq!(singles(&chart).len(), 6);
    }
}
