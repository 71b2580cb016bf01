//! Several charts at a time, told in the order in which they were given: what is ready waits for what stands before it, and
//! only so much may wait, so that memory stays bounded however many charts there are.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::judged_chart::{Judged, Settings};
use super::progress::Progress;
use crate::cli::error::Error;
use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::ChartReport;
use crate::stack;

/// How many charts may be ready, or under way, before the first of them is told.
const AHEAD: usize = 256;
/// How often the line that says how far it is changes while nothing else happens.
const PAUSE: Duration = Duration::from_millis(100);

/// What is taken next, and what was told.
struct State {
    next: usize,
    told: usize,
    stopped: bool,
}

/// Does the work for each number below `count`, so many at a time, and hands the results over in order. A work that panics
/// has a report that says so, and holds nothing else back.
pub(super) fn in_order(
    count: usize,
    workers: usize,
    progress: &Progress,
    work: impl Fn(usize) -> Judged + Sync,
    take: &mut dyn FnMut(Judged) -> Result<(), Error>,
) -> Result<(), Error> {
    let safely = |at: usize| catch_unwind(AssertUnwindSafe(|| work(at))).unwrap_or_else(|_| broken());
    if workers < 2 {
        return (0..count).try_for_each(|at| take(safely(at)));
    }
    let state = Mutex::new(State { next: 0, told: 0, stopped: false });
    let changed = Condvar::new();
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let claim = || {
        let mut state = lock();
        while !state.stopped && state.next < count && state.next >= state.told + AHEAD {
            state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let at = state.next;
        state.next += 1;
        (!state.stopped && at < count).then_some(at)
    };
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let sender = sender.clone();
            let (claim, safely) = (&claim, &safely);
            scope.spawn(move || {
                stack::with_stack(|| {
                    while let Some(at) = claim() {
                        if sender.send((at, safely(at))).is_err() {
                            return;
                        }
                    }
                })
            });
        }
        drop(sender);
        let mut ready = BTreeMap::new();
        let mut next = 0;
        let outcome = loop {
            match receiver.recv_timeout(PAUSE) {
                Ok((at, judged)) => {
                    ready.insert(at, judged);
                }
                Err(RecvTimeoutError::Timeout) => progress.show(),
                Err(RecvTimeoutError::Disconnected) => break Ok(()),
            }
            let mut told = Ok(());
            while let Some(judged) = ready.remove(&next) {
                next += 1;
                told = take(judged);
                if told.is_err() {
                    break;
                }
            }
            lock().told = next;
            changed.notify_all();
            if told.is_err() {
                break told;
            }
        };
        lock().stopped = true;
        changed.notify_all();
        match outcome {
            Ok(()) if next < count => Err(Error::new("judging stopped before all charts were judged")),
            outcome => outcome,
        }
    })
}

/// The report of a work that panicked.
fn broken() -> Judged {
    let message = "judging stopped on an internal error, which is a bug of Plimsoll";
    let mut diagnostic = Diagnostic::new("LOD003", "internal-error", Severity::Error, message);
    diagnostic.help = Some(format!("report it with the chart: {}/issues", env!("CARGO_PKG_REPOSITORY")));
    let settings = Settings { fail_on: Some(Severity::Error), baseline: Ok(None) };
    Judged { report: ChartReport::failed("", diagnostic), settings, time: Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(at: usize) -> Judged {
        Judged { report: ChartReport { objects: at, ..ChartReport::default() }, ..broken() }
    }

    #[test]
    fn results_come_in_order_whatever_is_slow_or_broken() {
        let work = |at: usize| {
            if at == 0 {
                thread::sleep(Duration::from_millis(30));
            }
            assert!(at != 5, "it breaks");
            numbered(at)
        };
        let mut told = Vec::new();
        let mut take = |judged: Judged| {
            told.push((judged.report.objects, judged.report.failed));
            Ok(())
        };
        in_order(600, 4, &Progress::new(600), work, &mut take).unwrap();
        assert_eq!(told.len(), 600);
        assert!(told.iter().enumerate().all(|(at, (number, _))| at == 5 || at == *number));
        assert_eq!(told[5], (0, true));
    }

    #[test]
    fn an_error_of_the_taker_ends_it() {
        let mut take = |_| Err(Error::new("no more"));
        assert!(in_order(1_000, 3, &Progress::new(1_000), numbered, &mut take).is_err());
    }
}
