//! `--statistics`: findings counted by rule and by chart, and how many of them `patch` mends.

use std::io::{self, Write};

use crate::judge::Tally;

use super::look::flat;

/// Writes a table of rules, the most frequent first, and one of charts.
pub(super) fn write(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    if tally.rules.is_empty() {
        return Ok(());
    }
    let mut rules: Vec<_> = tally.rules.iter().collect();
    rules.sort_by_key(|(code, rule)| (std::cmp::Reverse(rule.counts.total()), **code));
    writeln!(out, "{:>8} {:>7} {:>8}  rule", "findings", "charts", "mended")?;
    for (code, rule) in rules {
        let mended = match (rule.safe, rule.risky) {
            (0, 0) => String::new(),
            (safe, 0) => safe.to_string(),
            (safe, risky) => format!("{safe}+{risky}"),
        };
        writeln!(
            out,
            "{:>8} {:>7} {mended:>8}  {code} {} ({})",
            rule.counts.total(),
            rule.charts,
            rule.name,
            rule.counts
        )?;
    }
    if tally.by_chart.len() > 1 {
        let mut charts: Vec<_> = tally.by_chart.iter().collect();
        charts.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.total()));
        writeln!(out, "\n{:>8}  chart", "findings")?;
        for (path, counts) in charts {
            writeln!(out, "{:>8}  {} ({counts})", counts.total(), flat(path))?;
        }
    }
    writeln!(out)
}
