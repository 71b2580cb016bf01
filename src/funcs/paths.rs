//! Sprig's path functions. Helm's charts know slashes only, so the `os…` ones are what they are on Unix.

use crate::func;
use crate::go::path;
use crate::template::func::Func;
use crate::value::Str;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("base", "base PATH: its last element (Go: path.Base)", base(str)),
    func!("clean", "clean PATH: the shortest path of the same meaning (Go: path.Clean)", clean(str)),
    func!("dir", "dir PATH: all but its last element (Go: path.Dir)", dir(str)),
    func!("ext", "ext PATH: the name's extension with its dot (Go: path.Ext)", ext(str)),
    func!("isAbs", "isAbs PATH: whether it begins at the root (Go: path.IsAbs)", is_abs(str)),
    func!("osBase", "osBase PATH: its last element (Go: filepath.Base)", base(str)),
    func!("osClean", "osClean PATH: the shortest path of the same meaning (Go: filepath.Clean)", clean(str)),
    func!("osDir", "osDir PATH: all but its last element (Go: filepath.Dir)", dir(str)),
    func!("osExt", "osExt PATH: the name's extension with its dot (Go: filepath.Ext)", ext(str)),
    func!("osIsAbs", "osIsAbs PATH: whether it begins at the root (Go: filepath.IsAbs)", is_abs(str)),
];

/// Runs the function on bytes: it looks for nothing but slashes and periods, so that each byte may stand for a character.
fn on_bytes(text: &Str, run: impl Fn(&str) -> String) -> Str {
    if let Some(text) = text.as_str() {
        return run(text).into();
    }
    let letters: String = text.as_bytes().iter().copied().map(char::from).collect();
    run(&letters).chars().map(|c| c as u8).collect::<Vec<u8>>().into()
}

fn base(text: &Str) -> Str {
    on_bytes(text, |text| path::base(text).into())
}

fn clean(text: &Str) -> Str {
    on_bytes(text, path::clean)
}

fn dir(text: &Str) -> Str {
    on_bytes(text, path::dir)
}

fn ext(text: &Str) -> Str {
    on_bytes(text, |text| path::ext(text).into())
}

fn is_abs(text: &Str) -> bool {
    path::is_abs(&text.to_str())
}
