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

fn base(text: &Str) -> Str {
    path::base(&text.to_str()).into()
}

fn clean(text: &Str) -> Str {
    path::clean(&text.to_str()).into()
}

fn dir(text: &Str) -> Str {
    path::dir(&text.to_str()).into()
}

fn ext(text: &Str) -> Str {
    path::ext(&text.to_str()).into()
}

fn is_abs(text: &Str) -> bool {
    path::is_abs(&text.to_str())
}
