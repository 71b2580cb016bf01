//! Names as Go has them, which are bytes, kept as text: of files, of what the command line says. A byte that is no part of a
//! character is kept as a character of its own from the end of Unicode's private planes, and so are the bytes of those
//! characters themselves, so that every name has one text and every such text one name.
//!
//! A name becomes text where it comes in ([`text`], [`of_path`]) and bytes again where the system, a template or Helm's output
//! sees it ([`bytes`], [`path`]). Text that was never a name is not to be given back.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::system;

/// The character of byte 0; those of bytes from 0x80 on are used, up to the last character that there is.
const FIRST: u32 = 0x10_FF00;
/// The byte that each of these characters begins with, and few others.
const LEAD: u8 = 0xF4;

/// The byte that the character stands for, if it stands for one.
pub fn byte(c: char) -> Option<u8> {
    u32::from(c).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok()).filter(|byte| *byte >= 0x80)
}

fn character(byte: u8) -> char {
    char::from_u32(FIRST + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text of a name.
pub fn text(name: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(name)
        && is_plain(text)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(name.len() + 3);
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match byte(c) {
                None => text.push(c),
                Some(_) => text.extend(c.encode_utf8(&mut [0; 4]).bytes().map(character)),
            }
        }
        text.extend(chunk.invalid().iter().copied().map(character));
    }
    Cow::Owned(text)
}

/// As [`text`], of a name that is owned.
pub fn into_text(name: Vec<u8>) -> String {
    match String::from_utf8(name) {
        Ok(plain) if is_plain(&plain) => plain,
        Ok(odd) => text(odd.as_bytes()).into_owned(),
        Err(error) => text(error.as_bytes()).into_owned(),
    }
}

/// The text of a path.
pub fn of_path(path: &(impl AsRef<OsStr> + ?Sized)) -> Cow<'_, str> {
    match system::bytes_of_name(path.as_ref()) {
        Cow::Borrowed(name) => text(name),
        Cow::Owned(name) => Cow::Owned(into_text(name)),
    }
}

/// A path for whoever reads a message, be it a path of the system or one that is a text already.
pub fn shown_path(path: &Path) -> Cow<'_, str> {
    path.to_str().map_or_else(|| of_path(path), Cow::Borrowed)
}

/// The name that a text stands for.
pub fn bytes(text: &str) -> Cow<'_, [u8]> {
    if is_plain(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut name = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => name.push(byte),
            None => name.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(name)
}

/// The path that a text stands for.
pub fn path(text: &str) -> Cow<'_, Path> {
    match bytes(text) {
        Cow::Borrowed(_) => Cow::Borrowed(Path::new(text)),
        Cow::Owned(name) => Cow::Owned(PathBuf::from(system::name_of_bytes(name))),
    }
}

/// The text with each byte that is in no character visible: `\xff`.
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => shown.push_str(&format!("\\x{byte:02x}")),
            None => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Compares names as Go does, by their bytes.
pub fn compare(one: &str, other: &str) -> Ordering {
    if is_plain(one) && is_plain(other) { one.cmp(other) } else { bytes(one).cmp(&bytes(other)) }
}

/// Whether no character of the text stands for a byte.
pub fn is_plain(text: &str) -> bool {
    memchr::memchr(LEAD, text.as_bytes()).is_none() || !text.chars().any(|c| byte(c).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back() {
        let odd = ["\u{10ffff}".as_bytes(), "\u{10ff80}é".as_bytes(), "\u{10ff7f}".as_bytes()];
        let names = [
            &b""[..],
            b"a/b.yaml",
            "é\u{fffd}".as_bytes(),
            b"t\xff",
            b"\xc3",
            b"\xc3\xa9\xc3",
            b"\xf4\x8f\xbf",
        ];
        for name in names.into_iter().chain(odd) {
            let text = text(name).into_owned();
            assert_eq!(bytes(&text), name, "{text:?}");
            assert_eq!(into_text(name.to_vec()), text);
            assert_eq!(*system::bytes_of_name(path(&text).as_os_str()), *name);
            assert_eq!(of_path(&*path(&text)), text);
        }
    }

    #[test]
    fn only_what_is_no_text_is_changed() {
        assert!(matches!(text("é".as_bytes()), Cow::Borrowed("é")));
        assert_eq!(shown(&text(b"caf\xe9/\xc3\xa9")), "caf\\xe9/é");
        assert_eq!(shown(&text("\u{10ffff}".as_bytes())), "\\xf4\\x8f\\xbf\\xbf");
    }
}
