//! Builds the program for a target so that the bytes depend on the sources and the tools alone: no path of this machine is in
//! them, and no time but [`Moment`]'s.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, order, root};

use super::moment::Moment;
use super::target::{Target, said};

/// Builds the program and gives its path. The profile is one of Cargo's: `release`, or `dev` for tests of the packages.
///
/// A release is built twice where it runs on this machine and valgrind is there, the second time with the functions side by side
/// that usual runs call: only the linker has new work to do then.
pub fn build(
    target: &Target,
    profile: &str,
    target_folder: &Path,
    moment: Moment,
) -> Result<PathBuf, String> {
    let folder = target_folder.join(target.triple);
    let program = folder.join(if profile == "dev" { "debug" } else { profile }).join(target.program());
    let linker = if profile == "release" { own_linker(target)? } else { None };
    let Some(linker) = linker else {
        compile(target, profile, moment, &[])?;
        return Ok(program);
    };
    compile(target, profile, moment, &[&linker[..], &["-Cstrip=none".to_owned()]].concat())?;
    let order = match order::of(&program, &[]) {
        Ok(order) => order,
        Err(why) => {
            println!("the functions stay in the order of the sources: {why}");
            compile(target, profile, moment, &linker)?;
            return Ok(program);
        }
    };
    let file = folder.join("order.txt");
    std::fs::write(&file, order).map_err(|error| format!("{}: {error}", file.display()))?;
    let ordered = [
        format!("-Clink-arg=-Wl,--symbol-ordering-file={}", file.display()),
        "-Clink-arg=-Wl,--no-warn-symbol-ordering".to_owned(),
    ];
    compile(target, profile, moment, &[linker, ordered.to_vec()].concat())?;
    Ok(program)
}

/// Has Cargo build for the target, with these flags for the program alone.
fn compile(target: &Target, profile: &str, moment: Moment, flags: &[String]) -> Outcome {
    let moves = moves()?;
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["rustc", "--locked", "--package", "plimsoll", "--bin", "plimsoll"])
        .args(["--profile", profile, "--target", target.triple, "--"])
        .args(flags)
        .current_dir(root())
        .env("SOURCE_DATE_EPOCH", moment.0.to_string())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags(target, &moves).join("\x1f"))
        .env("CFLAGS", c_flags(&moves));
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let hint = match () {
        () if target.has_musl() => "; ring and mimalloc are C, which needs musl-gcc (Debian: musl-tools)",
        () if target.is_windows() => {
            "; ring and mimalloc are C, which needs MinGW (Debian: gcc-mingw-w64-x86-64)"
        }
        () => "",
    };
    Err(format!("cargo could not build for {}{hint}", target.triple))
}

/// The flags for the linker that comes with Rust, which can be told an order, where the program is for Linux and this kind of
/// machine.
fn own_linker(target: &Target) -> Result<Option<Vec<String>>, String> {
    let host = said("rustc", &["--print", "host-tuple"])?;
    let cpu = |triple: &str| triple.split('-').next().map(str::to_owned);
    let tools = Path::new(&said("rustc", &["--print", "sysroot"])?).join("lib/rustlib").join(&host);
    let linker = tools.join("bin/gcc-ld");
    if !target.is_static() || cpu(&host) != cpu(target.triple) || !linker.join("ld.lld").is_file() {
        return Ok(None);
    }
    Ok(Some(vec![format!("-Clink-arg=-B{}", linker.display()), "-Clink-arg=-fuse-ld=lld".to_owned()]))
}

/// The folders of this machine whose names would be in the program, and what stands for them.
fn moves() -> Result<Vec<(String, &'static str)>, String> {
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let tools = said("rustc", &["--print", "sysroot"])?;
    Ok(vec![(tools, "/rust"), (cargo, "/cargo"), (root().display().to_string(), "/plimsoll")])
}

fn rust_flags(target: &Target, moves: &[(String, &str)]) -> Vec<String> {
    let mut flags: Vec<String> =
        moves.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")).collect();
    if target.is_static() {
        // Without the second a program would be loaded anywhere, for which the C library must relocate it at each start.
        flags.extend(["-Ctarget-feature=+crt-static", "-Crelocation-model=static"].map(str::to_owned));
    }
    flags
}

/// mimalloc says when it was compiled. `SOURCE_DATE_EPOCH` would be the commit's time, but what was compiled for an earlier commit
/// is not compiled again.
const C_TIME: &str = r#"-Wno-builtin-macro-redefined -D__DATE__="" -D__TIME__="""#;

fn c_flags(moves: &[(String, &str)]) -> String {
    let flags = moves.iter().map(|(from, to)| format!("-ffile-prefix-map={from}={to}"));
    flags.chain([C_TIME.to_owned()]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_for_linux_is_static_and_none_names_this_machine() {
        let moves = [("/home/me/.cargo".to_owned(), "/cargo")];
        let flags = |triple| rust_flags(Target::named(triple).unwrap(), &moves).join(" ");
        let moved = "--remap-path-prefix=/home/me/.cargo=/cargo";
        assert_eq!(flags("aarch64-apple-darwin"), moved);
        let wanted = format!("{moved} -Ctarget-feature=+crt-static -Crelocation-model=static");
        assert_eq!(flags("x86_64-unknown-linux-gnu"), wanted);
        assert_eq!(c_flags(&moves), format!("-ffile-prefix-map=/home/me/.cargo=/cargo {C_TIME}"));
    }
}
