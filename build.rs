//! How the program is linked. At a fixed address, so that the loader has nothing to relocate at each start; a release without
//! shared libraries, where the machine has static ones, so that there is nothing to load; and, where the linker is known to be
//! the one that comes with Rust, with the functions that a usual run calls side by side, so that less of the program is read
//! into memory. Which those are, `cargo xtask order` writes down; a list that is out of date only helps less.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ORDER: &str = "order.txt";

/// Where this is set, a release is linked with shared libraries.
const DYNAMIC: &str = "PLIMSOLL_DYNAMIC";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORDER}");
    println!("cargo::rerun-if-env-changed={DYNAMIC}");
    // A program that is told to be static is linked in a way of its own.
    let is_static =
        env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"));
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || is_static {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if !is("PROFILE", "release") {
        return;
    }
    if env::var_os(DYNAMIC).is_none()
        && let Some(libraries) = static_libraries()
    {
        println!("cargo::rustc-link-arg-bins=-L{}", libraries.display());
        println!("cargo::rustc-link-arg-bins=-static");
    }
    let order = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join(ORDER);
    if order.is_file() && links_with_lld() {
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={}", order.display());
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
}

fn is(name: &str, wanted: &str) -> bool {
    env::var(name).is_ok_and(|value| value == wanted)
}

/// A folder of the static libraries of this machine under the names by which rustc asks for shared ones; none where one is
/// missing, or the program is for another machine.
fn static_libraries() -> Option<PathBuf> {
    const LIBRARIES: [(&str, &str); 7] = [
        ("libc.a", "libc.a"),
        ("libdl.a", "libdl.a"),
        ("libgcc_eh.a", "libgcc_s.a"),
        ("libm.a", "libm.a"),
        ("libpthread.a", "libpthread.a"),
        ("librt.a", "librt.a"),
        ("libutil.a", "libutil.a"),
    ];
    if env::var_os("TARGET") != env::var_os("HOST") || !uses_default_linker() {
        return None;
    }
    let folder = Path::new(&env::var_os("OUT_DIR")?).join("static");
    fs::create_dir_all(&folder).ok()?;
    for (library, asked_for) in LIBRARIES {
        // A compiler that has no such file prints the name alone.
        let found = Command::new("cc").arg(format!("-print-file-name={library}")).output().ok()?.stdout;
        let found = PathBuf::from(String::from_utf8(found).ok()?.trim());
        if !found.is_absolute() {
            return None;
        }
        fs::copy(found, folder.join(asked_for)).ok()?;
    }
    Some(folder)
}

/// Whether rustc calls the linker that it calls where nobody chose another.
fn uses_default_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var_os("RUSTC_LINKER").is_none() && !flags.contains("link")
}

/// Whether rustc links with the LLD that it brings, as it does by default on this platform alone.
fn links_with_lld() -> bool {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    if !is("TARGET", TARGET) || !uses_default_linker() {
        return false;
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).args(["--print", "sysroot"]).output().map(|output| output.stdout);
    let sysroot = said.ok().and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("bin/gcc-ld/ld.lld").is_file()
}
