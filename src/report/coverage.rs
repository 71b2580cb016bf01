//! What was reached of charts: for people, as an lcov trace file, as JSON and for the page of HTML. How it is known is in
//! [`crate::render::Coverage`].

use std::io::{self, Write};

use serde_json::{Value, json};

use super::look::clean;
use crate::judge::ChartReport;
use crate::render::{BranchCoverage, Coverage, FileCoverage, Share};

/// How many lines of what was not reached a chart may have.
const MOST: usize = 60;

/// The shares of a chart in a line.
pub(super) fn shares(coverage: &Coverage) -> String {
    let share = |share: Share| format!("{} % ({} of {})", share.percent(), share.hit, share.found);
    format!(
        "lines {}, branches {}, values {}",
        share(coverage.line_share()),
        share(coverage.branch_share()),
        share(coverage.value_share())
    )
}

/// Writes the shares of a chart and what no set of values reached.
pub(super) fn write_human(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nreached with {}: {}", clean(&coverage.sets.join(", ")), shares(coverage))?;
    let missed = missed(coverage);
    for line in missed.iter().take(MOST) {
        writeln!(out, "  {}", clean(line))?;
    }
    if missed.len() > MOST {
        writeln!(out, "  and {} more; --coverage=FILE.json has them all", missed.len() - MOST)?;
    }
    Ok(())
}

/// What no set reached: files, branches and values, a line each.
pub(super) fn missed(coverage: &Coverage) -> Vec<String> {
    let mut missed = Vec::new();
    for file in &coverage.files {
        if file.line_share().hit == 0 {
            missed.push(format!("{}: no line of it is reached", file.file));
            continue;
        }
        for define in file.defines.iter().filter(|define| define.executed == 0) {
            missed
                .push(format!("{}:{}: template \"{}\" is never called", file.file, define.line, define.name));
        }
        missed.extend(file.branches.iter().filter_map(|branch| one_sided(file, branch)));
    }
    let unread = coverage.values.iter().filter(|key| key.read == 0);
    missed.extend(unread.map(|key| {
        let line = key.line.map_or(String::new(), |line| format!(":{line}"));
        format!("values.yaml{line}: `{}` is never read", key.path)
    }));
    missed
}

/// What is not reached of a branch that was asked.
fn one_sided(file: &FileCoverage, branch: &BranchCoverage) -> Option<String> {
    let BranchCoverage { word, condition, line, .. } = branch;
    let what = match (branch.asked, branch.entered, branch.passed) {
        (0, ..) => return None,
        (_, 0, _) => "never goes in",
        (_, _, 0) => "always goes in",
        _ => return None,
    };
    Some(format!("{}:{line}: {{{{ {word} {condition} }}}} {what}", file.file))
}

/// Writes the record of a chart in lcov's format; counts are those of sets of values.
/// lcov: geninfo(1), "TRACEFILE FORMAT".
pub fn write_lcov(chart: &ChartReport, coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    for file in &coverage.files {
        writeln!(out, "TN:\nSF:{}", path_of(chart, &file.file))?;
        for define in &file.defines {
            writeln!(out, "FN:{},{}", define.line, clean(&define.name))?;
        }
        for define in &file.defines {
            writeln!(out, "FNDA:{},{}", define.executed, clean(&define.name))?;
        }
        let Share { hit, found } = file.define_share();
        writeln!(out, "FNF:{found}\nFNH:{hit}")?;
        for (number, branch) in file.branches.iter().enumerate() {
            for (at, count) in [branch.entered, branch.passed].into_iter().enumerate() {
                let taken = if branch.asked == 0 { "-".to_owned() } else { count.to_string() };
                writeln!(out, "BRDA:{},{number},{at},{taken}", branch.line)?;
            }
        }
        let Share { hit, found } = file.branch_share();
        writeln!(out, "BRF:{found}\nBRH:{hit}")?;
        for (line, count) in &file.lines {
            writeln!(out, "DA:{line},{count}")?;
        }
        let Share { hit, found } = file.line_share();
        writeln!(out, "LF:{found}\nLH:{hit}\nend_of_record")?;
    }
    Ok(())
}

/// The coverage of a chart as JSON.
pub fn json(chart: &ChartReport, coverage: &Coverage) -> Value {
    let share = |share: Share| json!({"hit": share.hit, "found": share.found, "percent": share.percent()});
    let branch = |branch: &BranchCoverage| {
        json!({
            "line": branch.line,
            "column": branch.column,
            "kind": branch.word,
            "condition": branch.condition,
            "asked": branch.asked,
            "entered": branch.entered,
            "passed": branch.passed,
        })
    };
    let file = |file: &FileCoverage| {
        let lines = file.lines.iter().map(|(line, count)| json!({"line": line, "reached": count}));
        let defines = file.defines.iter();
        let defines = defines
            .map(|define| json!({"name": define.name, "line": define.line, "reached": define.executed}));
        json!({
            "file": path_of(chart, &file.file),
            "lines": lines.collect::<Vec<_>>(),
            "branches": file.branches.iter().map(branch).collect::<Vec<_>>(),
            "templates": defines.collect::<Vec<_>>(),
        })
    };
    let values = coverage.values.iter();
    let values =
        values.map(|key| json!({"path": key.path.to_string(), "line": key.line, "reached": key.read}));
    json!({
        "chart": chart.path,
        "sets": coverage.sets,
        "totals": {
            "lines": share(coverage.line_share()),
            "branches": share(coverage.branch_share()),
            "values": share(coverage.value_share()),
        },
        "files": coverage.files.iter().map(file).collect::<Vec<_>>(),
        "values": values.collect::<Vec<_>>(),
    })
}

/// A file of a chart as the user would type it.
fn path_of(chart: &ChartReport, file: &str) -> String {
    let chart = chart.path.trim_end_matches('/');
    clean(&if chart == "." || chart.is_empty() { file.to_owned() } else { format!("{chart}/{file}") })
}
