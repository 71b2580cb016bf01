//! The `plimsoll` program: everything is in [`plimsoll::cli`].

fn main() {}
