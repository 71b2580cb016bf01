//! A thread with a stack that is deep enough for templates that include themselves as far as Helm lets them.

use std::thread;

/// The stack that rendering is given. It is reserved, not used: only the depth that is reached costs memory.
pub const SIZE: usize = 512 << 20;

/// Runs the work on a thread of its own with a stack of [`SIZE`].
///
/// # Errors
/// The text of the failure if the system gives no such thread, or the work panics.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("render".to_owned())
            .stack_size(SIZE)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("cannot start a thread with a stack of {} MiB: {error}", SIZE >> 20))?;
        thread.join().map_err(|_| "rendering stopped on an internal error".to_owned())
    })
}
