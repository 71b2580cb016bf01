//! SHA-256, and the list of sums that `sha256sum --check` reads.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::member::Member;

/// The name of the list of sums.
pub const SUMS: &str = "SHA256SUMS";

/// The sum of bytes, in hexadecimal digits.
pub fn sha256(data: &[u8]) -> String {
    Sha256::digest(data).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The list of the sums of files, which must be sorted.
pub fn list(files: &[Member]) -> String {
    files.iter().map(|file| format!("{}  {}\n", sha256(&file.data), file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_stands_before_its_file() {
        let files = [Member::new("helm/a.tgz", "abc")];
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  helm/a.tgz\n";
        assert_eq!(list(&files), wanted);
    }
}
