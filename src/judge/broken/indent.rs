//! What may be wrong with the spaces that lines begin with: [`guesses`] moves lines, the lines below them and what one
//! action printed to where lines around them stand.

use super::fault::{Fault, Kind, Repair};
use super::line::parts;

/// Who wrote a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// The actions that print the line with others, innermost first, by their numbers, each with the byte of the line at
    /// which it begins to print.
    pub actions: Vec<(usize, usize)>,
    /// Where in the line text of another line of the template begins, in bytes.
    pub joints: Vec<usize>,
}

/// How far up lines are looked at.
const ABOVE: usize = 400;

/// How many lines are moved, at most.
const MOVED: usize = 24;

/// How much less likely a line is that stands where its neighbours make one expect it.
const REGULAR: usize = 20;

/// How unlikely it is that a line stands where it should not.
const MOVE: usize = 30;

/// The spaces before a line.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn is_blank(line: &str) -> bool {
    let content = line.trim();
    content.is_empty() || content.starts_with('#')
}

/// Moves lines near the one at which the reader stopped.
pub fn guesses(lines: &[String], writers: &[Writer], stopped: usize) -> Vec<Repair> {
    let page = Page::new(lines, writers);
    let mut found = Vec::new();
    let near = page.near(stopped);
    let mut groups: Vec<usize> = Vec::new();
    for at in near {
        page.move_line(at, &mut found);
        for (action, _) in writers.get(at).into_iter().flat_map(|writer| &writer.actions) {
            if !groups.contains(action) {
                groups.push(*action);
                page.move_block(at, *action, &mut found);
            }
        }
    }
    found
}

struct Page<'a> {
    lines: &'a [String],
    writers: &'a [Writer],
    /// How many lines have so many spaces before them.
    frequency: Vec<usize>,
    /// By how much most lines stand further right than what they belong to.
    step: usize,
}

impl Writer {
    /// Where in the line the action begins to print, if it is one of those that print it.
    pub fn begins(&self, action: usize) -> Option<usize> {
        self.actions.iter().find(|(own, _)| *own == action).map(|(_, at)| *at)
    }
}

impl<'a> Page<'a> {
    fn new(lines: &'a [String], writers: &'a [Writer]) -> Page<'a> {
        let mut page = Page { lines, writers, frequency: Vec::new(), step: 2 };
        let mut steps = [0_usize; 9];
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| !is_blank(line)) {
            let indent = indent(line);
            if page.frequency.len() <= indent {
                page.frequency.resize(indent + 1, 0);
            }
            page.frequency[indent] += 1;
            if let Some(above) = page.above(at)
                && let Some(count) = steps.get_mut(indent.saturating_sub(self::indent(&lines[above])))
            {
                *count += 1;
            }
        }
        steps[0] = 0;
        if let Some((step, 3..)) = steps.into_iter().enumerate().max_by_key(|(_, count)| *count) {
            page.step = step;
        }
        page
    }

    /// The line before that is not blank.
    fn above(&self, at: usize) -> Option<usize> {
        self.lines[..at].iter().rposition(|line| !is_blank(line))
    }

    fn below(&self, at: usize) -> Option<usize> {
        let rest = self.lines.get(at + 1..)?;
        rest.iter().position(|line| !is_blank(line)).map(|found| at + 1 + found)
    }

    /// The lines that may be at fault: those around, and those above that what stands there may belong to.
    fn near(&self, stopped: usize) -> Vec<usize> {
        let mut near = Vec::new();
        let last = self.lines.len().saturating_sub(1);
        for at in stopped.saturating_sub(3)..=(stopped + 2).min(last) {
            if !is_blank(&self.lines[at]) {
                near.push(at);
            }
        }
        let mut least = usize::MAX;
        for at in (stopped.saturating_sub(ABOVE)..stopped.min(last)).rev() {
            let line = &self.lines[at];
            if is_blank(line) || indent(line) > least {
                continue;
            }
            // Of lines side by side the nearest and the first are looked at.
            let is_side = indent(line) == least;
            let above = self.above(at).map(|above| indent(&self.lines[above]));
            let is_first = above.is_none_or(|above| above < indent(line));
            if (!is_side || is_first) && !near.contains(&at) {
                near.push(at);
            }
            least = indent(line);
            if near.len() >= MOVED {
                break;
            }
        }
        near
    }

    /// Where lines around a line stand.
    fn places(&self, at: usize, behind: usize) -> Vec<usize> {
        let mut places = Vec::new();
        let mut add = |place: usize| {
            if !places.contains(&place) {
                places.push(place);
            }
        };
        let mut least = usize::MAX;
        let mut above = self.above(at);
        for _ in 0..MOVED {
            let Some(up) = above else { break };
            let line = &self.lines[up];
            if indent(line) < least {
                least = indent(line);
                add(least);
                add(parts(line).lead.len());
                add(parts(line).lead.len() + self.step);
            }
            above = self.above(up);
        }
        if let Some(down) = self.below(behind) {
            add(indent(&self.lines[down]));
        }
        places
    }

    /// Whether a line stands where one expects it below what it belongs to. If that is where it should not be itself, what
    /// that belongs to counts.
    fn is_regular(&self, at: usize) -> bool {
        let Some(parent) = self.parent(at) else { return indent(&self.lines[at]) == 0 };
        self.fits(at, parent)
            || self.parent(parent).is_some_and(|over| !self.fits(parent, over) && self.fits(at, over))
    }

    /// The nearest line above that stands further left.
    fn parent(&self, at: usize) -> Option<usize> {
        let own = indent(&self.lines[at]);
        let mut above = self.above(at);
        while let Some(up) = above.filter(|up| indent(&self.lines[*up]) >= own) {
            above = self.above(up);
        }
        above
    }

    /// Whether a line stands as far right of another as what belongs to that usually does.
    fn fits(&self, at: usize, parent: usize) -> bool {
        let (own, line) = (indent(&self.lines[at]), &self.lines[parent]);
        let (step, lead) = (own - indent(line), parts(line).lead.len());
        step == self.step || step == 2 || own == lead || own == lead + self.step
    }

    fn frequency(&self, indent: usize) -> usize {
        self.frequency.get(indent).copied().unwrap_or(0)
    }

    /// How unlikely it is that a line was meant to stand elsewhere.
    fn cost(&self, at: usize, to: usize) -> usize {
        let regular = if self.is_regular(at) { REGULAR } else { 0 };
        let from = self.frequency(indent(&self.lines[at])).saturating_sub(1);
        MOVE + regular + if from > self.frequency(to) { 10 } else { 0 }
    }

    fn move_line(&self, at: usize, found: &mut Vec<Repair>) {
        let line = &self.lines[at];
        let from = indent(line);
        let content = &line[from..];
        let mut end = at + 1;
        while self.lines.get(end).is_some_and(|line| is_blank(line) || indent(line) > from) {
            end += 1;
        }
        // The lines side by side that stand as deep.
        let mut first = at;
        while first > 0 && (is_blank(&self.lines[first - 1]) || indent(&self.lines[first - 1]) >= from) {
            first -= 1;
        }
        while first < at && indent(&self.lines[first]) != from {
            first += 1;
        }
        let has_tab = line[..from].contains('\t');
        let is_first_of_action = self.is_first_of_action(at);
        for to in self.places(at, at) {
            if to == from && !has_tab {
                continue;
            }
            let kind = match (has_tab, is_first_of_action) {
                (true, _) => Kind::Tab,
                (_, true) if to < from => Kind::FirstLine,
                _ => Kind::Indent(from, to),
            };
            let cost = if has_tab { 0 } else { self.cost(at, to) };
            let meant = format!("{}{content}", " ".repeat(to));
            found.push(Repair::of_line(at, from, kind.clone(), meant, cost));
            if end > at + 1 && end - at < ABOVE {
                let lines = self.lines[at..end].iter().map(|line| shifted(line, from, to)).collect();
                let fault = Fault { line: at, column: from, kind };
                found.push(Repair { fault, first: at, count: end - at, lines, cost: cost + 10 });
            }
            if first < at && end - first < ABOVE {
                let lines = self.lines[first..end].iter().map(|line| shifted(line, from, to)).collect();
                let fault = Fault { line: first, column: from, kind: Kind::Indent(from, to) };
                found.push(Repair { fault, first, count: end - first, lines, cost: cost + 11 });
            }
        }
    }

    /// Whether an action begins to print in this line, behind spaces of the template, and goes on in the next.
    fn is_first_of_action(&self, at: usize) -> bool {
        let (Some(here), Some(next)) = (self.writers.get(at), self.writers.get(at + 1)) else { return false };
        here.actions.iter().any(|(action, begins)| {
            let before = self.lines[at].get(..*begins).unwrap_or_default();
            *begins > 0 && before.trim().is_empty() && next.begins(*action) == Some(0)
        })
    }

    /// Moves all that an action printed around a line.
    fn move_block(&self, at: usize, action: usize, found: &mut Vec<Repair>) {
        let is_of = |at: usize| self.writers.get(at).is_some_and(|writer| writer.begins(action).is_some());
        let mut first = at;
        while first > 0 && (is_of(first - 1)) {
            first -= 1;
        }
        let mut end = at + 1;
        while end < self.lines.len() && (is_of(end) || self.lines[end].trim().is_empty() && is_of(end + 1)) {
            end += 1;
        }
        let own = (first..end).filter(|at| !is_blank(&self.lines[*at]));
        let Some(from) = own.clone().map(|at| indent(&self.lines[at])).min() else { return };
        if own.clone().count() < 2 || end - first > ABOVE {
            return;
        }
        let own_count = own.filter(|at| indent(&self.lines[*at]) == from).count();
        for to in self.places(first, end - 1) {
            if to == from {
                continue;
            }
            let regular = if self.is_regular(first) { REGULAR } else { 0 };
            let rest = self.frequency(from).saturating_sub(own_count);
            // What an action indents is wrong more often than what stands in the template.
            let cost = MOVE - 2 + regular + if rest > self.frequency(to) { 10 } else { 0 };
            let lines = self.lines[first..end].iter().map(|line| shifted(line, from, to)).collect();
            let fault = Fault { line: first, column: from, kind: Kind::Block(from, to) };
            found.push(Repair { fault, first, count: end - first, lines, cost });
        }
    }
}

/// The line further left or right.
fn shifted(line: &str, from: usize, to: usize) -> String {
    let own = indent(line);
    if line.trim().is_empty() {
        return line.to_owned();
    }
    format!("{}{}", " ".repeat((own + to).saturating_sub(from)), &line[own..])
}
