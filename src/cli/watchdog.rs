//! The second net, for work that nobody counts: a thread that looks at the memory that the process holds and the processor
//! time that it took, and ends it with an error where either is beyond its limit. It also removes what is half written when
//! the user ends the process. The first net is [`crate::budget`], which names the place.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::budget;
use crate::report::safe;
use crate::staged;
use crate::system;

/// How much more than its limit a process may hold, and for how long it may work, before it is ended from here.
const SLACK: u64 = 8 << 20;
/// The fastest that memory can grow, in bytes a millisecond: from it follows when to look next.
const FASTEST: u64 = 4 << 20;
/// The shortest and the longest pause between two looks.
const PAUSES: (u64, u64) = (1, 50);
/// The stack of the thread.
const STACK: usize = 256 << 10;
/// Processor time for a chart, in seconds, where no flag says another.
pub(crate) const TIME: u64 = 60;

/// The exit code of a process that is ended from here: until a command is known, Helm's.
static CODE: AtomicU8 = AtomicU8::new(CODES[0]);

/// The exit codes of Helm's commands and of ours that cannot do their work.
const CODES: [u8; 2] = [1, 2];

/// Whether [`CODE`] is the first of them, for whoever may not do more than look.
fn is_helms() -> &'static Arc<AtomicBool> {
    static IS_HELMS: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    IS_HELMS.get_or_init(|| Arc::new(AtomicBool::new(true)))
}

/// Which limits hold from now on; the code is that of a command that cannot do its work.
pub(crate) fn set(steps: Option<u64>, memory: Option<u64>, seconds: Option<u64>, code: u8) {
    budget::set_limits(steps, memory.or_else(address_space));
    budget::set_time(seconds.unwrap_or(TIME));
    CODE.store(code, Ordering::Relaxed);
    is_helms().store(code == CODES[0], Ordering::Relaxed);
}

/// What may be held where the system gives the process less address space than it would use: not all of it, since a large
/// thing is made anew beside the old one, and without room the process would be ended without a word.
fn address_space() -> Option<u64> {
    let limit = system::address_space()?;
    let limits = budget::Limits::default();
    Some(limit / 3).filter(|room| *room < limits.memory())
}

/// Starts the thread. Where the system gives none, the first net has to do.
pub(crate) fn start() {
    budget::set_limits(None, address_space());
    system::survive_large_files();
    system::survive_aborts(CODES, is_helms());
    let _ = thread::Builder::new().name("watchdog".to_owned()).stack_size(STACK).spawn(watch);
}

fn watch() {
    let asked = Arc::new(AtomicUsize::new(0));
    for signal in [SIGINT, SIGTERM] {
        // Where it cannot be heard of it ends the process as it always does.
        let _ = flag::register_usize(signal, Arc::clone(&asked), signal as usize);
    }
    let mut pause = until_full(budget::limits().memory());
    loop {
        thread::sleep(pause);
        if let Ok(signal @ 1..) = u8::try_from(asked.load(Ordering::Relaxed)) {
            end(128 + signal, None);
        }
        pause = look();
    }
}

/// How long it takes at least until so much memory is filled.
fn until_full(room: u64) -> Duration {
    Duration::from_millis((room / FASTEST).clamp(PAUSES.0, PAUSES.1))
}

/// Looks once, and says how long nothing can happen.
fn look() -> Duration {
    let (seconds, limit) = (system::processor_time().as_secs(), budget::time());
    if seconds > limit {
        let why = format!("ended after {seconds} s of processor time, the limit (--limit-time allows more)");
        end(CODE.load(Ordering::Relaxed), Some(why));
    }
    let Some(held) = budget::resident() else { return Duration::from_millis(PAUSES.1) };
    let limit = budget::limits().memory() + SLACK;
    let held = held.saturating_sub(budget::before_all().min(held));
    let Some(room) = limit.checked_sub(held) else {
        let why = format!(
            "ended: it held more than {} MiB of memory, the limit (--limit-memory allows more)",
            budget::limits().memory() >> 20
        );
        end(CODE.load(Ordering::Relaxed), Some(why));
    };
    until_full(room)
}

/// Removes what is half written and ends the process.
#[allow(clippy::exit, reason = "what cannot be ended otherwise is ended here")]
fn end(code: u8, why: Option<String>) -> ! {
    staged::abandon();
    if let Some(why) = why {
        let at = budget::at_work();
        let at = if at.is_empty() { String::new() } else { format!("; at work on {}", at.join(", ")) };
        let _ = writeln!(io::stderr(), "Error: {}", safe(&format!("{why}{at}")));
    }
    std::process::exit(i32::from(code));
}
