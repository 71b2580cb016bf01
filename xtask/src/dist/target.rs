//! [`Target`]: a machine that releases are made for, and what each kind of package calls it.

use std::process::Command;

/// One machine.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Rust's name.
    pub triple: &'static str,
    /// The name in a wheel's file name: every system on which the program runs.
    pub wheel: &'static str,
    /// Node's `os` and `cpu`.
    pub node: (&'static str, &'static str),
    /// Go's `GOOS` and `GOARCH`, which Helm's plugins and container images use.
    pub go: (&'static str, &'static str),
    /// Debian's architecture; `None` where there is no Debian.
    pub debian: Option<&'static str>,
}

const LINUX_X64: &str = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64";
const LINUX_ARM64: &str = "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64";

/// Every target. The first one of a system is the one that is released; a program for the second one is static, too.
pub const TARGETS: [Target; 7] = [
    Target {
        triple: "x86_64-unknown-linux-musl",
        wheel: LINUX_X64,
        node: ("linux", "x64"),
        go: ("linux", "amd64"),
        debian: Some("amd64"),
    },
    Target {
        triple: "x86_64-unknown-linux-gnu",
        wheel: LINUX_X64,
        node: ("linux", "x64"),
        go: ("linux", "amd64"),
        debian: Some("amd64"),
    },
    Target {
        triple: "aarch64-unknown-linux-musl",
        wheel: LINUX_ARM64,
        node: ("linux", "arm64"),
        go: ("linux", "arm64"),
        debian: Some("arm64"),
    },
    Target {
        triple: "aarch64-unknown-linux-gnu",
        wheel: LINUX_ARM64,
        node: ("linux", "arm64"),
        go: ("linux", "arm64"),
        debian: Some("arm64"),
    },
    Target {
        triple: "x86_64-apple-darwin",
        wheel: "macosx_10_12_x86_64",
        node: ("darwin", "x64"),
        go: ("darwin", "amd64"),
        debian: None,
    },
    Target {
        triple: "aarch64-apple-darwin",
        wheel: "macosx_11_0_arm64",
        node: ("darwin", "arm64"),
        go: ("darwin", "arm64"),
        debian: None,
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        wheel: "win_amd64",
        node: ("win32", "x64"),
        go: ("windows", "amd64"),
        debian: None,
    },
];

impl Target {
    /// The target with that name.
    pub fn named(triple: &str) -> Result<&'static Target, String> {
        TARGETS.iter().find(|target| target.triple == triple).ok_or_else(|| {
            let known: Vec<&str> = TARGETS.iter().map(|target| target.triple).collect();
            format!("no releases are made for `{triple}`, only for {}", known.join(", "))
        })
    }

    /// The target of this machine: with musl where it is Linux and rustup has installed that, because then nothing of the
    /// machine's own C library is needed.
    pub fn of_this_machine() -> Result<&'static Target, String> {
        let host = said("rustc", &["--print", "host-tuple"])?;
        let installed = said("rustup", &["target", "list", "--installed"]).unwrap_or_default();
        let musl = host.replace("-gnu", "-musl");
        Target::named(if installed.lines().any(|line| line == musl) { &musl } else { &host })
    }

    /// The name of the program's file.
    pub fn program(&self) -> &'static str {
        if self.is_windows() { "plimsoll.exe" } else { "plimsoll" }
    }

    /// Whether it is Windows.
    pub fn is_windows(&self) -> bool {
        self.triple.contains("-windows-")
    }

    /// Whether the program needs nothing of the system that it runs on.
    pub fn is_static(&self) -> bool {
        self.triple.contains("-linux-")
    }

    /// Whether the C library is musl, which is then part of the program.
    pub fn has_musl(&self) -> bool {
        self.triple.ends_with("-musl")
    }

    /// One target a system: those that releases are made for.
    pub fn released() -> impl Iterator<Item = &'static Target> {
        TARGETS
            .iter()
            .enumerate()
            .filter(|(at, it)| TARGETS[..*at].iter().all(|other| other.go != it.go))
            .map(|it| it.1)
    }
}

/// What a program says on standard output, without the last line's end.
pub fn said(program: &str, words: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(words).output().map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{program} {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_target_a_system_is_released_and_musl_before_gnu() {
        let triples: Vec<&str> = Target::released().map(|target| target.triple).collect();
        let wanted = [
            "x86_64-unknown-linux-musl",
            "aarch64-unknown-linux-musl",
            "x86_64-apple-darwin",
            "aarch64-apple-darwin",
            "x86_64-pc-windows-gnu",
        ];
        assert_eq!(triples, wanted);
    }

    #[test]
    fn an_unknown_target_is_told_with_the_known_ones() {
        let error = Target::named("riscv64gc-unknown-linux-gnu").unwrap_err();
        assert!(
            error.starts_with("no releases are made for `riscv64gc-unknown-linux-gnu`, only for x86_64-"),
            "{error}"
        );
    }
}
