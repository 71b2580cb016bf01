//! The one budget of a run: how much work it may do and how much memory it may hold. Whatever loops over, or makes data of, a
//! size that the input chooses asks here: [`spend`] for work, [`make`] for data, [`Growth`] for a text that grows. All of it
//! counts against one sum, so that it does not matter by which way an input becomes too much.
//!
//! [`Run::start`] begins a run on this thread. Once a budget is over it stays so until the run ends: a function that cannot
//! fail may give back whatever it has, since the next that asks ends in the error. Where nothing runs, nothing is counted.
//!
//! A unit of work is about ten nanoseconds. A unit is also the making of [`BYTES_PER_UNIT`] bytes, so that one number counts
//! both on the quick way; each time it runs out, [`look`] asks the system what the process really holds.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::ThreadId;

/// About how long a unit of work takes, and how long at most: what takes longer than was counted is counted by the time.
pub const NANOSECONDS_PER_UNIT: u64 = 10;
const MOST_NANOSECONDS_PER_UNIT: u64 = 15;

/// How many bytes cost as much as a unit of work.
pub const BYTES_PER_UNIT: u64 = 32;

/// Below this size the step that makes a text counts for it.
pub const SMALL: usize = 1 << 10;

/// How many units may be spent before the next look, at least: what is made until then does not matter.
const LEAST: u64 = 4 << 10;

/// How many units may be spent before the second look, and how many nanoseconds should go by between two at most: what a unit
/// really takes is not known before it was spent.
const FIRST: u64 = 8 << 10;
const OFTEN: u64 = 20_000_000;

/// How much input is small.
const SMALL_INPUT: u64 = 1 << 20;

/// What an input beyond [`SMALL_INPUT`] may use for each of its bytes.
const STEPS_PER_BYTE: u64 = 100;
const MEMORY_PER_BYTE: u64 = 96;

/// What everything together may read, hold and do; see [`set_limits`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Units of work; without a number that of a small input, and more for a large one.
    pub steps: Option<u64>,
    /// Bytes of memory; without a number as above.
    pub memory: Option<u64>,
    /// What the process holds, in bytes; without it, what was made is taken to be held.
    pub gauge: Option<fn() -> Option<u64>>,
    /// The processor time that this thread took, in nanoseconds; without it, time is not looked at.
    pub clock: Option<fn() -> Option<u64>>,
}

impl Default for Limits {
    fn default() -> Limits {
        // Without optimisation everything takes many times as long as it says.
        let clock = (!cfg!(debug_assertions)).then_some(processor_time as fn() -> Option<u64>);
        Limits { steps: None, memory: None, gauge: Some(resident), clock }
    }
}

impl Limits {
    /// Units of work for a small input.
    pub const STEPS: u64 = 200_000_000;
    /// Bytes of memory for a small input.
    pub const MEMORY: u64 = 208 << 20;

    /// The units of work that there are for what was read so far.
    pub fn steps(&self) -> u64 {
        self.steps.unwrap_or(Limits::STEPS + STEPS_PER_BYTE * large_input())
    }

    /// The bytes of memory that there are for what was read so far.
    pub fn memory(&self) -> u64 {
        self.memory.unwrap_or(Limits::MEMORY + MEMORY_PER_BYTE * large_input())
    }
}

/// How many bytes of input the process has read.
static INPUT: AtomicU64 = AtomicU64::new(0);

/// Notes that so many bytes of input were read, as they lie on disk or came from elsewhere.
pub fn read_input(bytes: usize) {
    INPUT.fetch_add(bytes as u64, Ordering::Relaxed);
}

/// How many bytes templates have written, as far as they count: what is to be judged needs memory, however little it was made
/// from.
static WRITTEN: AtomicU64 = AtomicU64::new(0);
const MOST_WRITTEN: u64 = 2 << 20;
/// How much of it counts beyond [`SMALL_INPUT`] where the input is small.
const MOST_OF_SMALL: u64 = 1 << 18;

/// Notes that templates have written so many bytes.
pub fn wrote(bytes: usize) {
    WRITTEN.fetch_add(bytes as u64, Ordering::Relaxed);
}

fn large_input() -> u64 {
    beyond_small(INPUT.load(Ordering::Relaxed), WRITTEN.load(Ordering::Relaxed))
}

/// How much more than a small input so many bytes of input are, and so many that templates wrote.
fn beyond_small(input: u64, written: u64) -> u64 {
    let most = match SMALL_INPUT.checked_sub(input) {
        Some(room) => room + MOST_OF_SMALL,
        None => MOST_WRITTEN,
    };
    (input + written.min(most)).saturating_sub(SMALL_INPUT)
}

/// What went over its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// More work than this.
    Steps(u64),
    /// More bytes of memory than this.
    Memory(u64),
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Over::Steps(limit) => {
                write!(f, "gave up after {limit} steps, the limit of work (--limit-steps allows more)")
            }
            Over::Memory(limit) => write!(
                f,
                "gave up: this needs more than {} MiB of memory, the limit (--limit-memory allows more)",
                limit >> 20
            ),
        }
    }
}

impl std::error::Error for Over {}

thread_local! {
    /// The units that may be spent before the next look.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// What the quick way does not know.
#[derive(Clone, Copy, Debug)]
struct State {
    limits: Limits,
    /// What was left after the last look.
    granted: u64,
    spent: u64,
    /// What was made and was too large to count as work alone.
    made: u64,
    /// The bytes that might still be made at the last look.
    room: u64,
    /// What the process held when the run began.
    before: u64,
    /// The processor time that this thread had taken then.
    began: u64,
    /// The time since then at the last look, and how many units may be spent before the next one for the time that they take.
    looked: u64,
    pace: u64,
    /// Where the clock stands still, since what is done is counted in full.
    stopped: Option<u64>,
    over: Option<Over>,
}

/// Spends units of work.
#[inline]
pub fn spend(units: u64) -> Result<(), Over> {
    match LEFT.get().checked_sub(units) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => look(units, 0),
    }
}

/// Asks for so many bytes that are about to be made.
#[inline]
pub fn make(bytes: usize) -> Result<(), Over> {
    let units = bytes as u64 / BYTES_PER_UNIT;
    match LEFT.get().checked_sub(units) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => look(units, bytes as u64),
    }
}

/// As [`make`], of so many things of a type.
#[inline]
pub fn make_many<T>(count: usize) -> Result<(), Over> {
    make(count.saturating_mul(size_of::<T>()))
}

/// What went over its limit in this run, if anything did.
pub fn over() -> Option<Over> {
    STATE.with_borrow(|state| state.as_ref().and_then(|state| state.over))
}

/// Notes that a part of this run, on another thread, went over its limit.
///
/// # Errors
/// Always: what is over is over for all of it.
pub fn end(over: Over) -> Result<(), Over> {
    STATE.with_borrow_mut(|state| {
        LEFT.set(0);
        state.as_mut().map_or(Err(over), |state| {
            state.granted = 0;
            state.end(over)
        })
    })
}

/// How many bytes may still be made; all that there are where nothing is counted.
pub fn room() -> u64 {
    STATE.with_borrow_mut(|state| {
        let Some(state) = state else { return u64::MAX };
        let _ = state.look(0, 0);
        LEFT.set(state.granted);
        state.room
    })
}

/// An error if the budget is over.
#[inline]
pub fn check() -> Result<(), Over> {
    spend(1)
}

/// Looks whether there may be more, and grants it.
#[cold]
fn look(units: u64, bytes: u64) -> Result<(), Over> {
    STATE.with_borrow_mut(|state| {
        let Some(state) = state else {
            LEFT.set(u64::MAX);
            return Ok(());
        };
        let outcome = state.look(units, bytes);
        LEFT.set(state.granted);
        outcome
    })
}

impl State {
    fn look(&mut self, units: u64, bytes: u64) -> Result<(), Over> {
        if let Some(over) = self.over {
            return Err(over);
        }
        self.spent += self.granted.saturating_sub(LEFT.get()) + units;
        self.made += bytes;
        self.granted = 0;
        let (steps, memory) = (self.limits.steps(), self.limits.memory());
        let mut spent = self.spent.max(self.by_time());
        if spent > steps && self.spent <= steps {
            // The machine may be a slow one: what time says is weighed by what a known piece of work takes.
            spent = self.spent.max(self.by_time() / self.slowness());
        }
        let Some(steps_left) = steps.checked_sub(spent) else { return self.end(Over::Steps(steps)) };
        let held = match self.limits.gauge.and_then(|gauge| gauge()) {
            Some(held) => held.saturating_sub(self.before).saturating_add(bytes),
            None => self.made.max(self.spent.saturating_mul(BYTES_PER_UNIT) / SUM),
        };
        let Some(memory_left) = memory.checked_sub(held) else { return self.end(Over::Memory(memory)) };
        self.room = memory_left;
        let grant = if self.limits.gauge.is_some() { memory_left / BYTES_PER_UNIT } else { LEAST };
        self.keep_pace();
        self.granted = steps_left.min(grant.max(LEAST)).min(self.pace);
        Ok(())
    }

    /// Sees to it that the next look comes soon where units take long, and seldom where they do not.
    fn keep_pace(&mut self) {
        let now = self.time();
        let took = now.saturating_sub(self.looked);
        self.looked = now;
        self.pace = match took > OFTEN {
            true => (u128::from(self.pace) * u128::from(OFTEN) / u128::from(took)) as u64,
            false => self.pace.saturating_mul(2),
        };
        self.pace = self.pace.max(LEAST);
    }

    /// How much work there was at least, for all the time that it took.
    fn by_time(&self) -> u64 {
        self.time() / MOST_NANOSECONDS_PER_UNIT
    }

    /// The processor time that the run took so far.
    fn time(&self) -> u64 {
        let now = || self.limits.clock.and_then(|clock| clock());
        self.stopped.or_else(now).unwrap_or_default().saturating_sub(self.began)
    }

    /// How many times longer than usual this machine takes. The time that this is measured in does not count.
    fn slowness(&mut self) -> u64 {
        let Some(clock) = self.limits.clock else { return 1 };
        let before = clock();
        let slowness = *SLOWNESS.get_or_init(|| slowness(clock));
        self.began += clock().zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
        slowness
    }

    fn end(&mut self, over: Over) -> Result<(), Over> {
        self.over = Some(over);
        self.room = 0;
        Err(over)
    }
}

/// How many times longer than usual this machine takes, once somebody had to know.
static SLOWNESS: OnceLock<u64> = OnceLock::new();
/// A piece of work, how many nanoseconds it usually takes, and how slow a machine is believed to be at most.
const PIECE: u32 = 4 << 20;
const USUALLY: u64 = 4_000_000;
const SLOWEST: u64 = 16;

/// Measures it: the fastest of three, since other programs get in the way of single ones.
fn slowness(clock: fn() -> Option<u64>) -> u64 {
    let taken = (0..3).filter_map(|_| {
        let before = clock()?;
        let mut sum = 0x811c_9dc5_u32;
        for byte in 0..PIECE {
            // Each step waits for the one before.
            sum = std::hint::black_box((sum ^ (byte & 0xff)).wrapping_mul(0x0100_0193));
        }
        std::hint::black_box(sum);
        Some(clock()?.saturating_sub(before))
    });
    (taken.min().unwrap_or(0) / USUALLY).clamp(1, SLOWEST)
}

/// Where nobody knows what the process holds, this part of what was made is taken to be held.
const SUM: u64 = 16;

/// A run on this thread, until it is dropped.
#[derive(Debug)]
#[must_use = "a run ends where this is dropped"]
pub struct Run {
    /// What to go back to; nothing for a run that is a part of another.
    outer: Option<(Option<State>, u64)>,
}

impl Run {
    /// A run within the limits that the process has; within another run it is a part of it.
    pub fn start() -> Run {
        if STATE.with_borrow(Option::is_some) { Run { outer: None } } else { Run::within(limits()) }
    }

    /// A run of its own, within the limits that the process has: that of a chart among others.
    pub fn of_chart() -> Run {
        CHARTS.fetch_add(1, Ordering::Relaxed);
        Run::within(limits())
    }

    /// A run of its own, for more work on the same chart: that has no time of its own.
    pub fn of_same_chart() -> Run {
        Run::within(limits())
    }

    /// A run of its own, within these limits.
    pub fn within(limits: Limits) -> Run {
        let before = limits.gauge.and_then(|gauge| gauge()).unwrap_or_default().min(before_all());
        let began = limits.clock.and_then(|clock| clock()).unwrap_or_default();
        let state = State {
            limits,
            granted: 0,
            spent: 0,
            made: 0,
            room: 0,
            before,
            began,
            looked: 0,
            pace: FIRST,
            stopped: None,
            over: None,
        };
        let outer = STATE.replace(Some(state));
        Run { outer: Some((outer, LEFT.replace(0))) }
    }

    /// What went over its limit in this run, if anything did.
    pub fn over(&self) -> Option<Over> {
        over()
    }

    /// How many units of work were spent.
    pub fn spent(&self) -> u64 {
        STATE.with_borrow(|state| {
            state.as_ref().map_or(0, |state| {
                (state.spent + state.granted.saturating_sub(LEFT.get())).max(state.by_time())
            })
        })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some((state, left)) = self.outer.take() {
            STATE.set(state);
            LEFT.set(left);
        }
    }
}

/// How many charts are or were judged, each with time of its own, and how many seconds it may take.
static CHARTS: AtomicU64 = AtomicU64::new(0);
static SECONDS: AtomicU64 = AtomicU64::new(u64::MAX);

/// Sets how many seconds of processor time a chart may take.
pub fn set_time(seconds: u64) {
    SECONDS.store(seconds, Ordering::Relaxed);
}

/// How many seconds of processor time the process may take.
pub fn time() -> u64 {
    SECONDS.load(Ordering::Relaxed).saturating_mul(CHARTS.load(Ordering::Relaxed).max(1))
}

/// What each thread is at work on.
static AT_WORK: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());

/// Notes what this thread is at work on from now on, for the case that it does not come to an end.
pub fn work_on(what: impl FnOnce() -> String) {
    let own = std::thread::current().id();
    let mut all = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    match all.iter_mut().find(|(thread, _)| *thread == own) {
        Some((_, known)) => *known = what(),
        None => all.push((own, what())),
    }
}

/// Does something, which is what this thread is at work on meanwhile.
pub fn while_at<T>(what: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
    let own = std::thread::current().id();
    let all = || AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let before = all().iter().find(|(thread, _)| *thread == own).map(|(_, what)| what.clone());
    work_on(what);
    let done = work();
    match before {
        Some(before) => work_on(|| before),
        None => all().retain(|(thread, _)| *thread != own),
    }
    done
}

/// What the threads are at work on.
pub fn at_work() -> Vec<String> {
    let all = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().map(|(_, what)| what.clone()).collect()
}

/// The limits of the process, as numbers; `u64::MAX` stands for none.
static STEPS: AtomicU64 = AtomicU64::new(u64::MAX);
static MEMORY: AtomicU64 = AtomicU64::new(u64::MAX);
/// What the process held when it began.
static BEFORE: AtomicU64 = AtomicU64::new(u64::MAX);

/// Sets the limits of all runs that begin later in this process, on any thread, and takes what the process holds now for
/// what it held before its work.
pub fn set_limits(steps: Option<u64>, memory: Option<u64>) {
    STEPS.store(steps.unwrap_or(u64::MAX), Ordering::Relaxed);
    MEMORY.store(memory.unwrap_or(u64::MAX), Ordering::Relaxed);
    BEFORE.store(resident().unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// The limits of the process.
pub fn limits() -> Limits {
    let some = |number: &AtomicU64| Some(number.load(Ordering::Relaxed)).filter(|number| *number != u64::MAX);
    Limits { steps: some(&STEPS), memory: some(&MEMORY), ..Limits::default() }
}

/// What the process held when it began, if that was noted.
pub fn before_all() -> u64 {
    BEFORE.load(Ordering::Relaxed)
}

/// The bytes that the process holds in memory. Linux tells.
pub fn resident() -> Option<u64> {
    const PAGE: u64 = 4096;
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}

/// The processor time that this thread took, in nanoseconds. Linux tells.
pub fn processor_time() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// Does what is counted in full by its work, such as making a key, whose time says nothing of how much more there is.
pub fn untimed<T>(work: impl FnOnce() -> T) -> T {
    let now = || STATE.with_borrow(|state| state.as_ref()?.limits.clock?());
    let stop = now();
    STATE.with_borrow_mut(|state| state.iter_mut().for_each(|state| state.stopped = stop));
    let done = work();
    let took = now().zip(stop).map_or(0, |(now, stop)| now.saturating_sub(stop));
    STATE.with_borrow_mut(|state| {
        if let Some(state) = state {
            state.stopped = None;
            state.began += took;
        }
    });
    done
}

/// Watches a text that grows: asks the budget each time it has doubled.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    next: usize,
}

impl Growth {
    /// From what length on it asks.
    const FIRST: usize = 64 << 10;

    /// Nothing was asked yet.
    pub const fn new() -> Growth {
        Growth { next: Growth::FIRST }
    }

    /// The text has, or will have, this length.
    #[inline]
    pub fn to(&mut self, length: usize) -> Result<(), Over> {
        if length < self.next { Ok(()) } else { self.ask(length) }
    }

    #[cold]
    fn ask(&mut self, length: usize) -> Result<(), Over> {
        self.next = length.saturating_mul(2);
        make(length.saturating_mul(2))
    }
}

impl Default for Growth {
    fn default() -> Growth {
        Growth::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_GAUGE: Limits = Limits { steps: Some(1_000), memory: Some(1 << 20), gauge: None, clock: None };

    #[test]
    fn work_adds_up_until_it_is_over() {
        let run = Run::within(NO_GAUGE);
        for _ in 0..9 {
            spend(100).unwrap();
        }
        let inner = Run::start();
        assert_eq!((inner.spent(), spend(101)), (900, Err(Over::Steps(1_000))));
        drop(inner);
        assert_eq!((over(), check()), (Some(Over::Steps(1_000)), Err(Over::Steps(1_000))));
        drop(run);
        assert_eq!((over(), spend(u64::MAX)), (None, Ok(())));
    }

    #[test]
    fn what_takes_longer_than_it_says_is_counted_by_its_time() {
        thread_local!(static TIME: Cell<u64> = const { Cell::new(7) });
        let _run = Run::within(Limits { clock: Some(|| Some(TIME.get())), ..NO_GAUGE });
        assert_eq!(spend(900), Ok(()));
        TIME.set(7 + 1_001 * MOST_NANOSECONDS_PER_UNIT);
        assert_eq!(spend(200), Err(Over::Steps(1_000)));
    }

    #[test]
    fn units_that_take_long_are_looked_at_soon() {
        thread_local!(static TIME: Cell<u64> = const { Cell::new(0) });
        let limits =
            Limits { steps: None, memory: None, gauge: Some(|| Some(0)), clock: Some(|| Some(TIME.get())) };
        let _run = Run::within(limits);
        let each = |took: u64| {
            TIME.set(TIME.get() + took);
            spend(1).is_err()
        };
        assert!((0..1_000_000).any(|_| each(30_000)));
        let limit = Limits::STEPS * MOST_NANOSECONDS_PER_UNIT;
        assert!(TIME.get() < limit + limit / 4, "{}", TIME.get());
    }

    #[test]
    fn what_is_counted_in_full_is_not_counted_by_its_time() {
        thread_local!(static TIME: Cell<u64> = const { Cell::new(7) });
        let _run = Run::within(Limits { clock: Some(|| Some(TIME.get())), ..NO_GAUGE });
        let inside = untimed(|| {
            TIME.set(7 + 2_000 * MOST_NANOSECONDS_PER_UNIT);
            spend(900)
        });
        assert_eq!((inside, spend(50)), (Ok(()), Ok(())));
        TIME.set(7 + 3_500 * MOST_NANOSECONDS_PER_UNIT);
        assert_eq!(spend(60), Err(Over::Steps(1_000)));
    }

    #[test]
    fn what_a_small_input_writes_gives_it_little_more() {
        assert_eq!((beyond_small(0, 0), beyond_small(SMALL_INPUT, 0)), (0, 0));
        for input in [0, 1_000, SMALL_INPUT - 1, SMALL_INPUT] {
            assert_eq!(
                beyond_small(input, SMALL_INPUT / 8),
                (input + SMALL_INPUT / 8).saturating_sub(SMALL_INPUT)
            );
            assert_eq!(beyond_small(input, 1 << 40), MOST_OF_SMALL);
        }
        assert_eq!(beyond_small(SMALL_INPUT + 7, 1 << 40), MOST_WRITTEN + 7);
        // What a process holds without its work, and how much may be held until somebody looks.
        const BESIDES: u64 = 24 << 20;
        const { assert!(Limits::MEMORY + MEMORY_PER_BYTE * MOST_OF_SMALL + BESIDES <= 256 << 20) }
    }

    #[test]
    fn a_slow_machine_is_given_more_time() {
        thread_local!(static TIME: Cell<u64> = const { Cell::new(0) });
        let tick = || {
            TIME.set(TIME.get() + 3 * USUALLY);
            Some(TIME.get())
        };
        assert_eq!(slowness(tick), 3);
        assert_eq!(slowness(|| Some(7)), 1);
        assert_eq!(slowness(|| None), 1);
    }

    #[test]
    fn the_system_tells_what_time_was_taken() {
        let Some(before) = processor_time() else {
            println!("skipped: this system does not tell the processor time of a thread");
            return;
        };
        let began = std::time::Instant::now();
        while processor_time().unwrap() < before + 1_000_000 {
            assert!(began.elapsed().as_secs() < 60);
        }
    }

    #[test]
    fn what_is_made_adds_up_where_nobody_knows_what_is_held() {
        let _run = Run::within(Limits { steps: None, ..NO_GAUGE });
        assert_eq!((make(1 << 19), make(1 << 19)), (Ok(()), Ok(())));
        assert_eq!(make(1 << 19), Err(Over::Memory(1 << 20)));
    }

    #[test]
    fn what_was_let_go_of_may_be_made_again() {
        let _run = Run::within(Limits { steps: None, gauge: Some(|| Some(1 << 19)), ..NO_GAUGE });
        for _ in 0..1_000 {
            make(1 << 18).unwrap();
        }
        assert_eq!(make(1 << 21), Err(Over::Memory(1 << 20)));
    }

    #[test]
    fn a_text_that_grows_asks_seldom() {
        let _run = Run::within(Limits { steps: None, ..NO_GAUGE });
        let mut growth = Growth::new();
        let outcome = (0..1 << 22).map(|length| growth.to(length)).find(Result::is_err);
        assert_eq!(outcome, Some(Err(Over::Memory(1 << 20))));
    }

    #[test]
    fn the_system_tells_what_is_held() {
        let before = resident().unwrap();
        let large = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(resident().unwrap() > before + (48 << 20));
        drop(large);
    }
}
