//! What operating systems do each in its own way: things to read that are no files, modes and owners, processor time, limits,
//! and what is typed unseen. The files of this folder have the same functions, and nothing else asks which system it is.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::{
    address_space, address_space_left, bytes_of_name, is_a_directory, is_pipe, is_private, lock_of, mode_of,
    name_of_bytes, open_to_read, open_to_write, permissions, private_folder, processor_time, read_into,
    read_some, stdin_as_file, survive_aborts, survive_large_files, type_secret, with_slashes, words_of,
};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::{
    address_space, address_space_left, bytes_of_name, is_a_directory, is_pipe, is_private, lock_of, mode_of,
    name_of_bytes, open_to_read, open_to_write, permissions, private_folder, processor_time, read_into,
    read_some, stdin_as_file, survive_aborts, survive_large_files, type_secret, with_slashes, words_of,
};

/// Something to read that may say nothing for a while.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// What [`open_to_read`] opened.
    File(&'a std::fs::File),
    /// Standard input.
    Stdin,
}
