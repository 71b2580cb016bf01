//! Chart archives from a description, good ones and bad ones: the sections `archive PATH` of the families of command lines.
//!
//! ```text
//! file c/Chart.yaml
//!   apiVersion: v2
//! folder c/templates/
//! symlink c/README.md ../elsewhere
//! zeros c/large 5242881
//! archive c/charts/d.tgz
//!   file d/Chart.yaml
//!     name: d
//! ```
//!
//! Each line that is not indented is an entry, `file`, `folder`, `symlink`, `hardlink`, `fifo` or `global` with its name, and
//! the indented lines are its content, byte for byte with a line break each. After the entries, `cut N` keeps so many bytes,
//! `flip N` inverts a byte, `append TEXT` adds some, `plain` leaves the archive unpacked. Read [`build`] first.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// The archive that the text describes.
pub fn build(text: &str) -> Result<Vec<u8>, String> {
    let mut archive = Builder::new(Vec::new());
    let mut after: Vec<(&str, &str)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut content = String::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("  ") || line.is_empty()) {
            content.push_str(line.strip_prefix("  ").unwrap_or(line));
            content.push('\n');
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if ["cut", "flip", "append", "plain"].contains(&word) {
            after.push((word, rest));
        } else {
            add(&mut archive, word, rest, content)?;
        }
    }
    let bytes = archive.into_inner().map_err(|error| error.to_string())?;
    finish(bytes, &after)
}

fn add(archive: &mut Builder<Vec<u8>>, word: &str, rest: &str, content: String) -> Result<(), String> {
    let (name, target) = match word {
        "symlink" | "hardlink" | "zeros" => rest.split_once(' ').ok_or(format!("{word} wants two words"))?,
        _ => (rest, ""),
    };
    let mut content = content.into_bytes();
    let kind = match word {
        "file" => EntryType::Regular,
        "folder" => EntryType::Directory,
        "symlink" => EntryType::Symlink,
        "hardlink" => EntryType::Link,
        "fifo" => EntryType::Fifo,
        "global" => EntryType::XGlobalHeader,
        "zeros" => {
            content = vec![0; target.parse().map_err(|_| "zeros wants a number")?];
            EntryType::Regular
        }
        "archive" => {
            content = build(&String::from_utf8_lossy(&content))?;
            EntryType::Regular
        }
        other => return Err(format!("an archive has no {other:?}")),
    };
    let mut header = Header::new_gnu();
    // Past the checks of `set_path`, because bad names are wanted, too.
    let field = &mut header.as_old_mut().name;
    field.get_mut(..name.len()).ok_or("a name has at most 100 bytes")?.copy_from_slice(name.as_bytes());
    if word.ends_with("link") {
        header.set_link_name_literal(target).map_err(|error| error.to_string())?;
    }
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    header.set_cksum();
    archive.append(&header, &content[..]).map_err(|error| error.to_string())
}

/// Packs the archive and damages it.
fn finish(bytes: Vec<u8>, after: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut packed = bytes;
    if !after.iter().any(|(word, _)| *word == "plain") {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&packed).map_err(|error| error.to_string())?;
        packed = encoder.finish().map_err(|error| error.to_string())?;
    }
    for (word, rest) in after {
        let number = || rest.parse::<usize>().map_err(|_| format!("{word} wants a number"));
        match *word {
            "cut" => packed.truncate(number()?),
            "flip" => *packed.get_mut(number()?).ok_or("flip is beyond the end")? ^= 0xff,
            "append" => packed.extend_from_slice(rest.as_bytes()),
            _ => {}
        }
    }
    Ok(packed)
}
