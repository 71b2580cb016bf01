//! What is typed at a terminal and is not to be seen there.

use std::io::{self, Read, Write};

use crate::go::os::error_text;
use crate::system;

/// What the keys for these send.
const INTERRUPT: u8 = 3;
const END: u8 = 4;
const BACKSPACE: [u8; 2] = [8, 0x7f];
const KILL: u8 = 0x15;

/// Asks for a line that is typed without being shown, not even if it is typed at once. Fails where standard input is no
/// terminal, with Go's text. Go: golang.org/x/term `ReadPassword`.
pub fn ask_secret(out: &mut dyn Write, prompt: &str) -> Result<Vec<u8>, String> {
    let ask = || write!(out, "{prompt}").and_then(|()| out.flush());
    let typed = system::type_secret(ask, |keys| read_keys(keys));
    typed.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => "EOF".to_owned(),
        _ => error_text(&error),
    })
}

fn read_keys(mut keys: impl Read) -> io::Result<Vec<u8>> {
    let (mut line, mut key) = (Vec::new(), [0]);
    loop {
        if keys.read(&mut key)? == 0 {
            key = [END];
        }
        match key[0] {
            b'\n' | b'\r' => return Ok(line),
            END if line.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            END => return Ok(line),
            INTERRUPT => return Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted")),
            KILL => line.clear(),
            key if BACKSPACE.contains(&key) => {
                // A character of several bytes goes as a whole.
                while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
            }
            key => line.push(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_make_a_line() {
        for (keys, line) in [
            ("open sesame\nmore", "open sesame"),
            ("ab\u{7f}c\r", "ac"),
            ("\u{7f}a\u{e9}\u{8}\n", "a"),
            ("wrong\u{15}right\n", "right"),
            ("cut", "cut"),
            ("ended\u{4}", "ended"),
            ("\n", ""),
        ] {
            assert_eq!(read_keys(keys.as_bytes()).unwrap(), line.as_bytes(), "{keys:?}");
        }
        for (keys, kind) in [("", io::ErrorKind::UnexpectedEof), ("a\u{3}\n", io::ErrorKind::Interrupted)] {
            assert_eq!(read_keys(keys.as_bytes()).unwrap_err().kind(), kind, "{keys:?}");
        }
    }
}
