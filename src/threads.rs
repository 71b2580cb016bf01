//! [`in_parts`]: the same work on many things, on several threads.

use std::thread;

use crate::budget::{self, Over, Run};
use crate::stack;

/// How many things a thread is worth starting for.
const LEAST: usize = 64;

/// Cuts the items into parts, one for each thread, and does the work for each of them; what it gives is put together in the
/// order of the items. What all of it costs is counted on this thread.
///
/// The work may be called once more for a part whose thread could not be had.
pub fn in_parts<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len() / LEAST).max(1);
    let mut parts = items.chunks(items.len().div_ceil(threads).max(1));
    let Some(first) = parts.next() else { return Vec::new() };
    let work = &work;
    thread::scope(|scope| {
        let beside: Vec<_> = parts
            .map(|part| {
                let started = thread::Builder::new().spawn_scoped(scope, move || counted(part, work));
                (part, started.ok())
            })
            .collect();
        let mut all = work(first);
        for (part, thread) in beside {
            match thread.and_then(|thread| thread.join().ok().flatten()) {
                Some((found, spent, over)) => {
                    // Whoever goes on hears of it.
                    let _ = over.map_or_else(|| budget::spend(spent), budget::end);
                    all.extend(found);
                }
                None => all.extend(work(part)),
            }
        }
        all
    })
}

/// The work on a part on a thread of its own, and what it cost.
fn counted<T: Sync, R: Send>(
    part: &[T],
    work: &(impl Fn(&[T]) -> Vec<R> + Sync),
) -> Option<(Vec<R>, u64, Option<Over>)> {
    let done = stack::with_stack(|| {
        let run = Run::of_same_chart();
        let found = work(part);
        (found, run.spent(), run.over())
    });
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;

    #[test]
    fn the_order_is_that_of_the_items() {
        let items: Vec<usize> = (0..1_000).collect();
        let twice = |part: &[usize]| part.iter().map(|item| item * 2).collect();
        for threads in [0, 1, 2, 7, 5_000] {
            assert_eq!(in_parts(&items, threads, twice), twice(&items), "{threads}");
        }
        assert!(in_parts(&[], 4, twice).is_empty());
    }

    #[test]
    fn what_other_threads_spend_counts() {
        let run = Run::within(Limits { steps: Some(1_000), memory: None, gauge: None, clock: None });
        let spend = |part: &[u8]| part.iter().map(|_| budget::spend(100).is_ok()).collect();
        assert!(in_parts(&[0; 200], 2, spend).contains(&false));
        assert!(run.over().is_some());
    }
}
