//! [`Level`] and [`Version`]: how much is forbidden, and which minor says so.

/// How much is forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Privileged,
    /// What is known to lift privileges.
    Baseline,
    /// All that a hardened pod does without.
    Restricted,
}

impl Level {
    /// The level of that name.
    pub fn of(name: &str) -> Option<Level> {
        Some(match name {
            "privileged" => Level::Privileged,
            "baseline" => Level::Baseline,
            "restricted" => Level::Restricted,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }
}

/// Which minor defines a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The newest that the server knows.
    Latest,
    /// That minor: 31 for `v1.31`.
    Minor(u32),
}

impl Version {
    /// The version that is written so: `latest`, `v1.31`.
    ///
    /// Go: `ParseVersion`
    pub fn of(text: &str) -> Option<Version> {
        if text == "latest" {
            return Some(Version::Latest);
        }
        let minor = text.strip_prefix("v1.")?;
        let is_plain = minor == "0" || !minor.starts_with(['0', '+']);
        minor.parse().ok().filter(|_| is_plain).map(Version::Minor)
    }

    /// The minor, where a server of that minor is asked.
    pub fn minor(self, server: u32) -> u32 {
        match self {
            Version::Latest => server,
            Version::Minor(minor) => minor,
        }
    }
}
