//! Whether something that is computed asked the world besides its inputs: the doors to files, clock, chance, cluster and
//! network say so here ([`touch`]), and who wants to keep a result looks ([`watch`]).

use std::cell::Cell;

thread_local! {
    static IS_TOUCHED: Cell<bool> = const { Cell::new(false) };
}

/// Notes that this thread asks the world.
pub fn touch() {
    IS_TOUCHED.set(true);
}

/// Does the work, and says whether it asked the world on this thread.
pub fn watch<T>(work: impl FnOnce() -> T) -> (T, bool) {
    let before = IS_TOUCHED.replace(false);
    let done = work();
    let is_touched = IS_TOUCHED.get();
    IS_TOUCHED.set(before || is_touched);
    (done, is_touched)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_watches_sees_what_is_asked_inside() {
        let ((((), inner), quiet), outer) = watch(|| (watch(touch), watch(|| ()).1));
        assert_eq!((inner, quiet, outer), (true, false, true));
        assert_eq!(watch(|| 1), (1, false));
    }
}
