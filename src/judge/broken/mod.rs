//! Which line keeps a rendered text from being YAML. The reader notices a fault where it can go on no further, which may be
//! far below: [`faults`] guesses what a line was meant to say, and believes the likeliest guess with which the text can be
//! read. What lines look like is judged in [`line`], where they stand in [`indent`].

mod fault;
mod indent;
mod line;

pub(super) use fault::{Fault, Kind};
pub(super) use indent::Writer;

use std::cmp::Reverse;

use fault::Repair;

use crate::yaml;

/// How many faults of one text are told.
const FAULTS: usize = 8;

/// How many bytes are read for one fault.
const BUDGET: usize = 24 << 20;

/// How far below the line that the reader names lines are looked at.
const BELOW: usize = 2;

/// How far above that line the end of what can be read is looked for.
const ABOVE: usize = 100;

/// The lines that keep a text from being YAML, as far as they are found, in the order in which the reader meets them.
/// `writers` says who wrote each line, as far as that is known.
pub(super) fn faults(text: &str, writers: &[Writer]) -> Vec<Fault> {
    let mut lines: Vec<String> =
        text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
    let mut found: Vec<Fault> = Vec::new();
    while let (Err(stopped), true) = (read(&lines), found.len() < FAULTS) {
        let Some(repair) = likeliest(&lines, writers, stopped) else { break };
        if found.iter().any(|fault| fault.line == repair.fault.line) {
            break;
        }
        let rest = lines.split_off(repair.first + repair.count);
        lines.truncate(repair.first);
        lines.extend(repair.lines);
        lines.extend(rest);
        found.push(repair.fault);
    }
    found
}

/// The line, from 0, at which the reader stops.
fn read(lines: &[String]) -> Result<(), usize> {
    let text = lines.join("\n");
    // Of a text that ends too early the first document can be read, and the rest is none.
    let Err(error) = yaml::parse_all(&text) else { return Ok(()) };
    if let Some(line) = error.line() {
        return Err(line.saturating_sub(1));
    }
    // Of an alias that nothing stands behind the reader does not say the line.
    let name = error.message().split('\'').nth(1).unwrap_or_default().to_owned();
    let alias = format!("*{name}");
    let is_meant = |line: &String| error.message().contains("unknown anchor") && line.contains(&alias);
    Err(lines.iter().position(is_meant).unwrap_or(0))
}

/// The likeliest of the guesses that let the text be read, or else be read further than any other.
fn likeliest(lines: &[String], writers: &[Writer], stopped: usize) -> Option<Repair> {
    let mut guesses = guesses(lines, writers, stopped);
    guesses.sort_by_key(|guess| (guess.cost, guess.fault.line.abs_diff(stopped)));
    let size: usize = lines.iter().map(|line| line.len() + 1).sum();
    let affordable = (BUDGET / size.max(1)).max(16);
    guesses.truncate(affordable);
    let readable = guesses.iter().position(|guess| read(&repaired(lines, guess)).is_ok());
    match readable {
        Some(at) => Some(guesses.swap_remove(at)),
        None => furthest(lines, guesses, stopped),
    }
}

/// The lines as they were meant.
fn repaired(lines: &[String], guess: &Repair) -> Vec<String> {
    let behind = &lines[guess.first + guess.count..];
    [&lines[..guess.first], &guess.lines, behind].concat()
}

/// The likeliest of the guesses with which most of the lines around the fault can be read, where another fault follows.
fn furthest(lines: &[String], guesses: Vec<Repair>, stopped: usize) -> Option<Repair> {
    let end = (stopped + BELOW + 2).min(lines.len());
    let reach = |lines: &[String], least: usize| {
        (least..=end).rev().find(|count| read(&lines[..(*count).min(lines.len())]).is_ok())
    };
    let start = reach(lines, stopped.saturating_sub(ABOVE)).unwrap_or(0);
    let mut best: Option<(usize, Repair)> = None;
    for guess in guesses.into_iter().filter(|guess| guess.first < end && guess.fault.line >= start) {
        let least = (guess.first + guess.count).max(start + 1);
        let Some(reached) = reach(&repaired(lines, &guess), least) else { continue };
        // Of two that lead equally far, the one that moves with the line what stands below it.
        let is_better = best.as_ref().is_none_or(|(furthest, best)| {
            let moves_more = best.fault.line == guess.fault.line && guess.count > best.count;
            reached > *furthest || reached == *furthest && moves_more
        });
        if is_better {
            best = Some((reached, guess));
        }
    }
    best.map(|(_, guess)| guess)
}

/// All that may have been meant.
fn guesses(lines: &[String], writers: &[Writer], stopped: usize) -> Vec<Repair> {
    let end = (stopped + BELOW + 1).min(lines.len());
    let mut found: Vec<Repair> =
        lines[..end].iter().enumerate().flat_map(|(at, line)| line::guesses(at, line)).collect();
    found.extend(indent::guesses(lines, writers, stopped));
    for at in stopped.saturating_sub(BELOW + 1)..end {
        found.extend(line_breaks(lines, writers, at));
        found.extend(eaten(lines, writers, at));
        found.push(Repair::of_line(at, 0, Kind::Stray, String::new(), 90));
    }
    // The nearer of two that look the same is the one; far above only what opens something counts.
    found.retain(|guess| {
        guess.fault.line + 40 > stopped
            || matches!(
                guess.fault.kind,
                Kind::OpenQuote(_)
                    | Kind::OpenBracket(_)
                    | Kind::Indent(..)
                    | Kind::Block(..)
                    | Kind::Sigil('*')
            )
    });
    found.sort_by_key(|guess| Reverse(guess.fault.line));
    found
}

/// Values with line breaks that begin in the middle of a line.
fn line_breaks(lines: &[String], writers: &[Writer], at: usize) -> Vec<Repair> {
    let actions = writers.get(at).into_iter().flat_map(|writer| &writer.actions);
    actions.filter_map(|(action, _)| line_breaks_of(*action, lines, writers, at)).collect()
}

fn line_breaks_of(action: usize, lines: &[String], writers: &[Writer], at: usize) -> Option<Repair> {
    let is_of = |at: usize| writers.get(at).is_some_and(|writer| writer.begins(action).is_some());
    let mut first = at;
    while first > 0 && is_of(first - 1) {
        first -= 1;
    }
    let mut end = at + 1;
    while is_of(end) {
        end += 1;
    }
    let begins_at = writers[first].begins(action)?;
    let before = lines[first].get(..begins_at).filter(|before| !before.trim().is_empty())?;
    if end - first < 2 {
        return None;
    }
    let mut meant = vec![String::new(); end - first];
    meant[0] = format!("{}'x'", before.trim_end_matches(['"', '\'']));
    let fault = Fault { line: first, column: begins_at, kind: Kind::LineBreaks };
    Some(Repair { fault, first, count: end - first, lines: meant, cost: 10 })
}

/// Lines of the template that became one.
fn eaten(lines: &[String], writers: &[Writer], at: usize) -> Vec<Repair> {
    let (Some(line), Some(writer)) = (lines.get(at), writers.get(at)) else { return Vec::new() };
    let own = line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for joint in &writer.joints {
        let (Some(before), Some(behind)) = (line.get(..*joint), line.get(*joint..)) else { continue };
        if before.trim().is_empty() || behind.trim().is_empty() {
            continue;
        }
        let deep = line::parts(line).lead.len();
        let next = lines.get(at + 1).map_or(own, |next| next.len() - next.trim_start().len());
        for indent in [own, deep, own + 2, next, own.saturating_sub(2), 0] {
            let meant = format!("{before}\n{}{}", " ".repeat(indent), behind.trim_start());
            found.push(Repair::of_line(at, *joint, Kind::Eaten, meant, 0));
        }
    }
    found
}
