//! [`Version`]: the version of a product as its migration guide writes it: `0.67`, `0.70.0`, `1.1`.

use std::fmt;

/// A version, ordered by its numbers; one that is not written is 0.
#[derive(Clone, Debug)]
pub struct Version {
    numbers: Vec<u64>,
    text: String,
}

impl Version {
    /// Reads two or more numbers between dots, with a `v` before them or without.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim();
        let numbers = text.strip_prefix('v').unwrap_or(text).split('.');
        let plain = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
        let numbers: Vec<u64> =
            numbers.map(|number| number.parse().ok().filter(|_| plain(number))).collect::<Option<_>>()?;
        (numbers.len() > 1).then(|| Version { numbers, text: text.to_owned() })
    }

    /// Whether both are of one line of releases: their first two numbers are the same.
    pub fn is_sibling(&self, other: &Version) -> bool {
        self.numbers[..2] == other.numbers[..2]
    }

    fn significant(&self) -> &[u64] {
        let end = self.numbers.iter().rposition(|number| *number != 0).map_or(0, |at| at + 1);
        &self.numbers[..end]
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.significant() == other.significant()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> std::cmp::Ordering {
        self.significant().cmp(other.significant())
    }
}

impl fmt::Display for Version {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let version = |text: &str| Version::parse(text).unwrap();
        assert!(version("0.67") == version("v0.67.0") && version("0.9") < version("0.67"));
        assert!(version("0.69.1") > version("0.69") && version("1.0.0") < version("1.1"));
        assert!(
            version("0.69.7").is_sibling(&version("0.69")) && !version("1.0").is_sibling(&version("1.1"))
        );
        for wrong in ["", "1", "1.", "a.b", "1.x", "1.+2", "1.2-rc"] {
            assert!(Version::parse(wrong).is_none(), "{wrong}");
        }
    }
}
