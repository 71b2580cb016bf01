//! How the program is linked. At a fixed address, so that the loader has nothing to relocate at each start; and, where the
//! linker is known to be the one that comes with Rust, with the functions that a usual run calls side by side, so that less of
//! the program is read into memory. Which those are, `cargo xtask order` writes down; a list that is out of date only helps less.

use std::env;
use std::path::Path;
use std::process::Command;

const ORDER: &str = "order.txt";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORDER}");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    // A static program is linked in a way of its own.
    let is_static =
        env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"));
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || is_static {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let order = Path::new(&folder).join(ORDER);
    if is("PROFILE", "release") && order.is_file() && links_with_lld() {
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={}", order.display());
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
}

/// Whether rustc links with the LLD that it brings, as it does by default on this platform alone.
fn links_with_lld() -> bool {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if env::var("TARGET").is_ok_and(|target| target != TARGET)
        || env::var_os("RUSTC_LINKER").is_some()
        || flags.contains("link")
    {
        return false;
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).args(["--print", "sysroot"]).output().map(|output| output.stdout);
    let sysroot = said.ok().and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("bin/gcc-ld/ld.lld").is_file()
}
