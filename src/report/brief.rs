//! Findings in few lines, where a chart has too many for more: [`short`] is one block in three, [`by_rule`] all blocks of a rule
//! together.

use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::ChartReport;

use super::blocks::Block;
use super::look::{Look, flat, safe};
use super::notes::{Note, beside, run_note};
use super::place::{Place, place_of, subject_of};

/// The block in three lines: what, where, what to do.
pub(super) fn short(chart: &ChartReport, block: &Block<'_>, look: Look) -> String {
    let lead = block.lead;
    let place = place(chart, lead);
    let mut text = format!("{}\n  {} {place}", title(lead, "", look), look.dim("-->"));
    let about = flat(&subject_of(lead));
    let is_wide = look.width.is_some_and(|width| width < place.len() + about.len() + 8);
    if !about.is_empty() && is_wide {
        let about = look.fit(&about, 8).replace('\n', "\n    ");
        text.push_str(&format!("\n  = {}: {about}", look.bold("in")));
    } else if !about.is_empty() {
        text.push_str(&format!("  {}", look.dim(&about)));
    }
    for Note { label, text: note } in beside(chart, block).into_iter().chain(run_note(chart, block)) {
        text.push_str(&format!(
            "\n  = {}: {}",
            look.bold(label),
            look.fit(&safe(&note), label.len() + 6).replace('\n', "\n    ")
        ));
    }
    text + &help(lead, look)
}

/// `error[CTR101 privileged]: what is wrong`, with more to say of the rule before the colon.
fn title(lead: &Diagnostic, more: &str, look: Look) -> String {
    let id = format!("{} {}", lead.code, lead.name);
    let severity = look.severity(lead.severity, &format!("{}[{id}]", lead.severity));
    let head = lead.severity.to_string().len() + id.len() + more.len() + 4;
    let message = look.fit(&safe(lead.message.trim_end()), head).replace('\n', "\n    ");
    format!("{severity}{more}: {}", look.bold(&message))
}

/// `templates/a.yaml:3:5`
fn place(chart: &ChartReport, finding: &Diagnostic) -> String {
    let Place { file, line, column } = place_of(chart, finding);
    let number = |number: Option<usize>| number.map_or(String::new(), |number| format!(":{number}"));
    format!("{}{}{}", flat(&file), number(line), number(column.filter(|_| line.is_some())))
}

fn help(lead: &Diagnostic, look: Look) -> String {
    let Some(help) = &lead.help else { return String::new() };
    let help = look.fit(&safe(help.trim_end()), 10).replace('\n', "\n    ");
    format!("\n  = {}: {help}", look.bold("help"))
}

/// The blocks of each rule together, in about so many lines: of errors and warnings the first message, as many places as there
/// is room for, and what to do; of advice a line a rule.
pub(super) fn by_rule(chart: &ChartReport, blocks: &[Block<'_>], look: Look, room: usize) -> Vec<String> {
    let mut rules: Vec<Vec<&Block<'_>>> = Vec::new();
    for block in blocks {
        let is_same = |known: &&mut Vec<&Block<'_>>| {
            known
                .iter()
                .any(|one| (one.lead.code, one.lead.severity) == (block.lead.code, block.lead.severity))
        };
        match rules.iter_mut().find(is_same) {
            Some(known) => known.push(block),
            None => rules.push(vec![block]),
        }
    }
    let (advice, rules): (Vec<_>, Vec<_>) =
        rules.into_iter().partition(|blocks| blocks[0].lead.severity == Severity::Advice);
    // Title, place, help and what parts it from the next.
    let mut room = room.saturating_sub(4 * rules.len() + advice.len() + 1);
    let mut told: Vec<String> = rules.iter().map(|blocks| together(chart, blocks, look, &mut room)).collect();
    let advice: Vec<String> = advice.iter().map(|blocks| in_a_line(chart, blocks, look)).collect();
    if !advice.is_empty() {
        told.push(advice.join("\n"));
    }
    told
}

/// The blocks of one rule: as many places as there is room for.
fn together(chart: &ChartReport, blocks: &[&Block<'_>], look: Look, room: &mut usize) -> String {
    let [only] = blocks else {
        let lead = blocks[0].lead;
        let mut text = title(lead, &format!(", {} times", blocks.len()), look);
        // A line that says how many are left out takes as much as a place.
        let shown = if blocks.len() <= *room + 1 { blocks.len() } else { (*room).max(1) };
        *room = room.saturating_sub(shown - 1 + usize::from(shown < blocks.len()));
        for block in &blocks[..shown] {
            text.push_str(&format!("\n  {} {}", look.dim("-->"), at(chart, block, look)));
        }
        if shown < blocks.len() {
            text.push_str(&format!("\n  {} and {} more", look.dim("-->"), blocks.len() - shown));
        }
        return text + &help(lead, look);
    };
    short(chart, only, look)
}

/// Where a block is, of what, and how many findings it is.
fn at(chart: &ChartReport, block: &Block<'_>, look: Look) -> String {
    let place = place(chart, block.lead);
    let about = flat(&subject_of(block.lead));
    let alike = match block.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let is_wide = look.width.is_some_and(|width| width < place.len() + about.len() + alike.len() + 8);
    if about.is_empty() || is_wide {
        place + &alike
    } else {
        format!("{place}  {}", look.dim(&(about + &alike)))
    }
}

fn in_a_line(chart: &ChartReport, blocks: &[&Block<'_>], look: Look) -> String {
    let lead = blocks[0].lead;
    let count: usize = blocks.iter().map(|block| block.len()).sum();
    let times = if count > 1 { format!(", {count} times") } else { String::new() };
    format!("{}  {} {}", title(lead, &times, look), look.dim("-->"), place(chart, lead))
}
