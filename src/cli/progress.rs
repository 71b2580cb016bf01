//! How far downloads and uploads are, in one line that is overwritten and in the end erased: for a user who waits at a
//! terminal. Where standard error is no terminal there is nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::oci::network::Progress;

/// Transfers that are over sooner than this are not shown.
const WAIT: Duration = Duration::from_millis(500);
/// How often the line changes.
const PAUSE: Duration = Duration::from_millis(100);

/// Tells on standard error, if that is a terminal.
pub(crate) fn on_terminal() -> Option<Arc<dyn Progress>> {
    let dumb = std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb");
    let wanted = std::io::stderr().is_terminal() && !dumb;
    wanted.then(|| Arc::new(Line::new(std::io::stderr(), WAIT, PAUSE)) as Arc<dyn Progress>)
}

struct Line<W> {
    wait: Duration,
    pause: Duration,
    state: Mutex<State<W>>,
}

struct State<W> {
    out: W,
    /// How much of what has moved, and how much there is, as far as that is known. What has ended stays until all has.
    transfers: BTreeMap<String, (u64, Option<u64>)>,
    under_way: BTreeSet<String>,
    /// When the first of these began, and when the line was last written.
    began: Option<Instant>,
    written: Option<Instant>,
}

impl<W> fmt::Debug for Line<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl<W: Write> Line<W> {
    fn new(out: W, wait: Duration, pause: Duration) -> Line<W> {
        let (transfers, under_way) = (BTreeMap::new(), BTreeSet::new());
        Line {
            wait,
            pause,
            state: Mutex::new(State { out, transfers, under_way, began: None, written: None }),
        }
    }
}

impl<W: Write + Send> Progress for Line<W> {
    fn moved(&self, transfer: &str, bytes: u64, of: Option<u64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.transfers.insert(transfer.to_owned(), (bytes, of));
        state.under_way.insert(transfer.to_owned());
        let now = Instant::now();
        let began = *state.began.get_or_insert(now);
        let due = state.written.is_none_or(|written| now - written >= self.pause);
        if now - began >= self.wait && due {
            let text = state.text();
            // It does not matter whether it can be written.
            let _ = write!(state.out, "\r{text}\x1b[K").and_then(|()| state.out.flush());
            state.written = Some(now);
        }
    }

    fn ended(&self, transfer: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way.remove(transfer);
        if !state.under_way.is_empty() {
            return;
        }
        state.transfers.clear();
        state.began = None;
        if state.written.take().is_some() {
            let _ = write!(state.out, "\r\x1b[K").and_then(|()| state.out.flush());
        }
    }
}

impl<W> State<W> {
    /// `12.3 of 90.0 MB`, of all files together.
    fn text(&self) -> String {
        let files = match self.transfers.len() {
            1 => String::new(),
            many => format!("{many} files, "),
        };
        let moved: u64 = self.transfers.values().map(|(moved, _)| moved).sum();
        let all: Option<u64> = self.transfers.values().map(|(_, of)| *of).sum();
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        match all {
            Some(all) => format!("{files}{:.1} of {:.1} MB", megabytes(moved), megabytes(all)),
            None => format!("{files}{:.1} MB", megabytes(moved)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(line: Line<Vec<u8>>) -> String {
        String::from_utf8(line.state.into_inner().unwrap().out).unwrap()
    }

    #[test]
    fn the_line_is_written_over_and_wiped() {
        let line = Line::new(Vec::new(), Duration::ZERO, Duration::ZERO);
        line.moved("a", 1_000_000, Some(2_000_000));
        line.moved("b", 500_000, Some(1_000_000));
        line.ended("b");
        line.moved("a", 2_000_000, Some(2_000_000));
        line.ended("a");
        line.moved("c", 100_000, None);
        line.ended("c");
        let wanted = "\r1.0 of 2.0 MB\x1b[K\r2 files, 1.5 of 3.0 MB\x1b[K\r2 files, 2.5 of 3.0 MB\x1b[K\r\x1b[K\
                      \r0.1 MB\x1b[K\r\x1b[K";
        assert_eq!(written(line), wanted);
    }

    #[test]
    fn what_is_over_soon_is_not_told_of() {
        let line = Line::new(Vec::new(), Duration::from_secs(3600), Duration::ZERO);
        line.moved("a", 1, Some(2));
        line.ended("a");
        assert_eq!(written(line), "");
    }
}
