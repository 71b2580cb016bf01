//! The operating system's errors in Go's words.

use std::io;

/// The text of Go's `syscall.Errno`: `no such file or directory`.
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = plain.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
