//! How far judging is, in one line on a terminal that is overwritten and in the end erased: charts, findings, and what takes
//! long. Where standard error is no terminal there is nothing of it.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::judge::ChartReport;

/// A run that is over sooner shows nothing.
const WAIT: Duration = Duration::from_millis(500);
/// What is under way for longer is named.
const SLOW: Duration = Duration::from_secs(1);

/// How far judging is.
pub(super) struct Progress {
    is_shown: bool,
    charts: usize,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    told: usize,
    findings: usize,
    under_way: Vec<(PathBuf, Instant)>,
    /// What took how long.
    times: Vec<(PathBuf, Duration)>,
    is_written: bool,
}

impl Progress {
    /// Of so many charts.
    pub(super) fn new(charts: usize) -> Progress {
        let dumb = std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb");
        let is_shown = std::io::stderr().is_terminal() && !dumb && charts > 1;
        Progress { is_shown, charts, began: Instant::now(), state: Mutex::default() }
    }

    /// Does the work of a chart, which is under way meanwhile.
    pub(super) fn while_judging<T>(&self, path: &Path, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        self.state().under_way.push((path.to_owned(), start));
        let done = work();
        let mut state = self.state();
        state.under_way.retain(|(known, since)| known != path || *since != start);
        state.times.push((path.to_owned(), start.elapsed()));
        done
    }

    /// A chart was told.
    pub(super) fn told(&self, report: &ChartReport) {
        let mut state = self.state();
        state.told += 1;
        state.findings += report.diagnostics.len();
        drop(state);
        self.show();
    }

    /// Writes the line, if it is time.
    pub(super) fn show(&self) {
        if !self.is_shown || self.began.elapsed() < WAIT {
            return;
        }
        let mut state = self.state();
        let text = text(&state, self.charts);
        state.is_written = true;
        // It does not matter whether it can be written.
        let _ = write!(std::io::stderr(), "\r{text}\x1b[K");
    }

    /// Takes the line away, so that something else can be written.
    pub(super) fn hide(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.is_written) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    /// Says what took how long, the slowest first.
    pub(super) fn say_times(&self, out: &mut dyn Write) {
        let mut times = std::mem::take(&mut self.state().times);
        times.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        for (path, time) in times.iter().take(10) {
            let _ = writeln!(out, "{:8.3} s  {}", time.as_secs_f64(), path.display());
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `12 of 117 charts, 340 findings; bitnami/kafka for 3 s`
fn text(state: &State, charts: usize) -> String {
    let slow = state.under_way.iter().filter(|(_, since)| since.elapsed() > SLOW);
    let slow = slow.min_by_key(|(_, since)| *since).map_or(String::new(), |(path, since)| {
        format!("; {} for {} s", path.display(), since.elapsed().as_secs())
    });
    let text = format!("{} of {charts} charts, {} findings{slow}", state.told, state.findings);
    // A line that wraps could not be erased.
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(78).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is_and_what_is_slow() {
        let mut state = State { told: 12, findings: 3, ..State::default() };
        assert_eq!(text(&state, 117), "12 of 117 charts, 3 findings");
        let Some(then) = Instant::now().checked_sub(Duration::from_secs(3)) else { return };
        state.under_way.push((PathBuf::from("kafka"), then));
        assert_eq!(text(&state, 117), "12 of 117 charts, 3 findings; kafka for 3 s");
    }
}
