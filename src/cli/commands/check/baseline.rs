//! Baselines of a run: read where a chart's findings are compared with them, written and pruned at its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::error::Error;
use crate::files;
use crate::go::os::error_text;
use crate::judge::ChartReport;
use crate::policy::Baseline;
use crate::staged;

/// The baseline where none is named.
pub(super) const USUAL: &str = ".plimsoll-baseline.json";

/// The baselines that charts were compared with, and what is to become of them.
pub(super) struct Baselines {
    writes: bool,
    prunes: bool,
    /// Each that was read, and what is left of it.
    read: BTreeMap<PathBuf, (Baseline, Baseline)>,
    /// What is to be written, by the file that the charts' configuration names.
    new: BTreeMap<Option<PathBuf>, Baseline>,
    count: usize,
}

impl Baselines {
    pub(super) fn new(writes: bool, prunes: bool) -> Baselines {
        Baselines { writes, prunes, read: BTreeMap::new(), new: BTreeMap::new(), count: 0 }
    }

    /// Takes the findings of the baseline out of the report; where one is to be written, all of them go there.
    pub(super) fn apply(&mut self, report: &mut ChartReport, path: Option<&Path>) -> Result<(), Error> {
        if report.failed {
            return Ok(());
        }
        if self.writes {
            let new = self.new.entry(path.map(Path::to_owned)).or_default();
            new.record(&report.name, &report.diagnostics);
            self.count += report.diagnostics.len();
            return Ok(());
        }
        let Some(path) = path else { return Ok(()) };
        if !self.read.contains_key(path) {
            let baseline = read(path)?;
            self.read.insert(path.to_owned(), (baseline.clone(), baseline));
        }
        let Some((baseline, left)) = self.read.get_mut(path) else { return Ok(()) };
        let before = report.diagnostics.len();
        if self.prunes {
            left.prune(&report.name, &report.diagnostics);
        }
        let found = std::mem::take(&mut report.diagnostics);
        let kept = baseline.apply(&report.name, found);
        let stale = if self.prunes { 0 } else { kept.stale.len() };
        report.in_baseline = kept.hidden;
        report.diagnostics = kept.found;
        if !self.prunes {
            report.diagnostics.extend(kept.stale);
        }
        debug_assert_eq!(report.diagnostics.len() + report.in_baseline, before + stale, "no finding is lost");
        if report.in_baseline > 0 {
            let findings = if report.in_baseline == 1 { "finding is" } else { "findings are" };
            let reason = format!("{} {findings} in the baseline", report.in_baseline);
            let clean =
                report.diagnostics.iter().all(|one| one.severity < crate::diagnostic::Severity::Error);
            for verdict in &mut report.verdicts {
                // What is refused for an old finding alone is not refused anew.
                if clean {
                    (verdict.valid, verdict.withheld, verdict.reason) = (false, true, reason.clone());
                }
            }
        }
        Ok(())
    }

    /// Writes what is to be written, and says so.
    pub(super) fn write(&self, named: Option<&Path>, failed: bool) -> Result<Option<String>, Error> {
        let mut said = Vec::new();
        if self.writes && !failed {
            for (path, baseline) in &self.new {
                let path = named.or(path.as_deref()).unwrap_or(Path::new(USUAL));
                save(path, baseline)?;
                said.push(format!("wrote {} findings to {}", baseline.count(), path.display()));
            }
        }
        if self.prunes && !failed {
            for (path, (before, left)) in &self.read {
                save(path, left)?;
                let gone = match before.count() - left.count() {
                    1 => "1 finding".to_owned(),
                    gone => format!("{gone} findings"),
                };
                said.push(format!("took {gone} out of {}, {} are left", path.display(), left.count()));
            }
        }
        Ok((!said.is_empty()).then(|| said.join("\n")))
    }
}

fn read(path: &Path) -> Result<Baseline, Error> {
    let shown = path.display();
    let text = files::read_to_string(path)
        .map_err(|error| Error::new(format!("cannot read the baseline {shown}: {}", error_text(&error))))?;
    Baseline::parse(&text).map_err(|why| Error::new(format!("{shown} {why}")))
}

fn save(path: &Path, baseline: &Baseline) -> Result<(), Error> {
    staged::write(path, baseline.to_json().as_bytes())
        .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))
}
