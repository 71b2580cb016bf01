//! The thread's stack: how much of it is left, and [`with_stack`], which provides enough for what Go allows. Parser and
//! evaluator recurse as deep as their input nests, so they ask [`is_low`] on the way down and end in an error. What works
//! on nested values asks [`is_too_deep`].

use std::cell::Cell;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::system;

/// What [`with_stack`] reserves, or as much less as the system has to give. Only what is used costs memory.
const RESERVED: [usize; 3] = [128 << 20, 32 << 20, 8 << 20];
/// What is kept back for the functions that run at the deepest point.
const MARGIN: usize = 4 << 20;
/// What a template may use besides before it calls the next.
const CALL_MARGIN: usize = 256 << 10;
/// What is kept back from functions that recurse as deep as a value nests.
const LAST_MARGIN: usize = 1 << 20;
/// What they may use beyond [`ASSUMED`].
const ASSUMED_BESIDES: usize = 256 << 10;
/// How deep a value may be nested where nobody watches the stack.
const UNWATCHED_DEPTH: usize = 1_000;
/// What may be used on a thread that nobody told us about; the smallest that is usual has 2 MiB.
const ASSUMED: usize = 1 << 20;

thread_local! {
    /// The lowest address that the stack may reach; 0 while nothing is running.
    static FLOOR: Cell<usize> = const { Cell::new(0) };
    /// The same for functions that recurse as deep as a value nests.
    static BOTTOM: Cell<usize> = const { Cell::new(0) };
}

/// Runs the work on a thread of its own with a stack that bears templates as deep as Go allows. Without it, an execution
/// uses no more than 1 MiB of the stack that it finds, and calls what nests deeper too deep.
///
/// # Errors
/// The text of the failure if the system gives no such thread, or the work panics.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    // A thread that could not be started gives the work back.
    let work = Mutex::new(Some(work));
    let run = |reserved: usize| {
        FLOOR.set(here().saturating_sub(reserved - MARGIN));
        BOTTOM.set(here().saturating_sub(reserved - LAST_MARGIN));
        let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
        work.map(|work| work())
    };
    let run = &run;
    thread::scope(|scope| {
        let mut refused: Option<io::Error> = None;
        for reserved in RESERVED {
            // What is left besides is for the work.
            if system::address_space_left().is_some_and(|left| left / 2 < reserved as u64) {
                refused = Some(io::ErrorKind::OutOfMemory.into());
                continue;
            }
            let builder = thread::Builder::new().name("render".to_owned()).stack_size(reserved);
            match builder.spawn_scoped(scope, move || run(reserved)) {
                Ok(thread) => {
                    let done = thread.join().ok().flatten();
                    return done.ok_or_else(|| "rendering stopped on an internal error".to_owned());
                }
                Err(error) => refused = Some(error),
            }
        }
        let why = refused.map_or_else(String::new, |error| format!(": {error}"));
        Err(format!("cannot start a thread with a stack of {} MiB{why}", RESERVED[RESERVED.len() - 1] >> 20))
    })
}

/// Whether one should not go deeper.
pub fn is_low() -> bool {
    let floor = FLOOR.get();
    floor != 0 && here() < floor
}

/// Whether one should not call a template. It is sooner true than [`is_low`], so that a template that calls itself without
/// end ends at its call, as Go has it.
pub fn is_low_for_call() -> bool {
    let floor = FLOOR.get();
    floor != 0 && here() < floor + CALL_MARGIN
}

/// Whether one should not go deeper into a value of which one has reached that depth.
pub fn is_too_deep(depth: usize) -> bool {
    match BOTTOM.get() {
        0 => depth > UNWATCHED_DEPTH,
        bottom => here() < bottom,
    }
}

/// While it lives, the stack is watched, also on a thread that [`with_stack`] did not make.
pub struct Watch {
    before: (usize, usize),
}

impl Watch {
    /// Begins to watch.
    pub fn start() -> Watch {
        let before = (FLOOR.get(), BOTTOM.get());
        if before.0 == 0 {
            FLOOR.set(here().saturating_sub(ASSUMED));
            BOTTOM.set(here().saturating_sub(ASSUMED + ASSUMED_BESIDES));
        }
        Watch { before }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        FLOOR.set(self.before.0);
        BOTTOM.set(self.before.1);
    }
}

/// About the address that the stack has reached.
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&local)).addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dive(depth: usize) -> usize {
        if is_low() || depth == 100_000_000 { depth } else { std::hint::black_box(dive(depth + 1)) }
    }

    #[test]
    fn stops_before_the_end() {
        let shallow = {
            let _watch = Watch::start();
            dive(0)
        };
        assert!(shallow > 100);
        assert!(with_stack(|| dive(0)).unwrap() > 10 * shallow);
    }
}
