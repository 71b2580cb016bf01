//! Which program this is: its version and the digest of its own bytes, so that one that was built otherwise knows nothing of the
//! results of another.

use std::fs::File;
use std::io::{self, Read};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The version and build of the program that runs.
pub fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| {
        let build = build().map_or_else(|_| unknown(), hex::encode);
        format!("{} {build}", env!("CARGO_PKG_VERSION"))
    });
    &PROGRAM
}

/// A build that nobody else has, where a program cannot look at itself.
fn unknown() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn build() -> io::Result<[u8; 32]> {
    // Another program may have come under the name since this one began to run.
    let itself = File::open("/proc/self/exe");
    let mut file = itself.or_else(|_| File::open(std::env::current_exe()?))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&piece[..read]),
        }
    }
}
