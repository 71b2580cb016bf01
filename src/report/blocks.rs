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
enum Tie<'a> {
    /// A rule, and a value that is set.
    Value(&'a str, String),
    /// A rule, and a table of which one line prints values: they are changed together.
    Table(&'a str, String, &'a FileLine),
    /// A rule, and what wrote it.
    Writer(&'a str, Writer<'a>),
    /// What wrote it, and the part of an object that it belongs to.
    Part(Writer<'a>, Option<(usize, String)>, Option<String>),
}

/// What wrote a field, where no value did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Writer<'a> {
    /// A table in which nobody sets the value.
    Missing(String),
    /// The line.
    Line(&'a str, usize),
}

/// What ties a finding to others; nothing where nothing is known of its cause.
fn ties(finding: &Diagnostic) -> Vec<Tie<'_>> {
    let (code, source) = (finding.code, finding.location.source.as_ref());
    let writer = match finding.origin.values.first() {
        Some(value) if value.layer.is_some() => {
            let path = value.path.to_string();
            let of_table = source.map(|source| Tie::Table(code, table(&path).to_owned(), source));
            return of_table.into_iter().chain([Tie::Value(code, path)]).collect();
        }
        Some(value) => Some(Writer::Missing(table(&value.path.to_string()).to_owned())),
        None if finding.location.object.is_some() => {
            source.and_then(|source| Some(Writer::Line(&source.file, source.line?)))
        }
        None => None,
    };
    let Some(writer) = writer else { return Vec::new() };
    vec![Tie::Writer(code, writer.clone()), Tie::Part(writer, target(finding), parent(finding))]
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
    let mut removers = BTreeMap::new();
    for (at, block) in blocks.iter().enumerate() {
        for object in block.all().filter(|one| object_goes(one)).filter_map(|one| target(one)) {
            removers.entry(object).or_insert(at);
        }
    }
    for finding in inside {
        if let Some(at) = target(finding).and_then(|object| removers.get(&object)) {
            blocks[*at].inside.push(finding);
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
    let mut places = BTreeMap::new();
    for condition in findings.iter().flat_map(|finding| finding.origin.conditions.iter().rev()) {
        let place = *places.entry(&condition.path).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => counts.push((condition, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().filter(|count| *count > 1)?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(switch, _)| switch)
}

/// Findings of one rule with one cause; those of several rules where nothing but the object's own lines is the cause.
fn by_cause(findings: Vec<&Diagnostic>) -> Vec<Block<'_>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    // The first group that a finding with such a tie belongs to.
    let mut tied: BTreeMap<Tie<'_>, usize> = BTreeMap::new();
    for finding in findings {
        let ties = ties(finding);
        let group = ties.iter().filter_map(|tie| tied.get(tie)).min().copied();
        let at = group.unwrap_or(groups.len());
        match group {
            Some(at) => groups[at].push(finding),
            None => groups.push(vec![finding]),
        }
        // Who joins a group for its value adds no other value to what the group is about; a part of an object it does add.
        for tie in ties.into_iter().filter(|tie| group.is_none() || matches!(tie, Tie::Part(..))) {
            let first = tied.entry(tie).or_insert(at);
            *first = at.min(*first);
        }
    }
    groups.into_iter().map(Block::of).collect()
}

/// The container or other part that a field belongs to.
fn parent(finding: &Diagnostic) -> Option<String> {
    let field = finding.location.field.as_ref()?.to_string();
    let end = field.rfind(']').map_or(0, |end| end + 1);
    Some(field[..end].to_owned())
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
