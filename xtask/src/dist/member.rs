//! [`Member`]: a file that goes into a package, and the archives that hold such files. The same members make the same bytes:
//! they are sorted, belong to root and have one time.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::moment::Moment;

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where it lies, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub data: Vec<u8>,
    /// Whether it is a program.
    pub runs: bool,
}

impl Member {
    /// A file to read.
    pub fn new(path: impl Into<String>, data: impl Into<Vec<u8>>) -> Member {
        Member { path: path.into(), data: data.into(), runs: false }
    }

    /// A file to run.
    pub fn program(path: impl Into<String>, data: impl Into<Vec<u8>>) -> Member {
        Member { runs: true, ..Member::new(path, data) }
    }

    /// The same file below a folder.
    pub fn below(mut self, folder: &str) -> Member {
        self.path = format!("{folder}/{}", self.path);
        self
    }

    /// The permissions of the file.
    pub fn mode(&self) -> u32 {
        if self.runs { 0o755 } else { 0o644 }
    }
}

/// Sorts members by path.
pub fn sorted(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by(|one, other| one.path.cmp(&other.path));
    members
}

/// A folder of a tar archive that is not simply there because a file lies in it.
#[derive(Clone, Copy, Debug)]
pub struct Folder {
    /// Where it lies.
    pub path: &'static str,
    /// Its permissions.
    pub mode: u32,
    /// Its user and group.
    pub owner: u64,
}

/// A tar archive of members with the folders that they lie in, each before what is in it.
pub fn tar(members: Vec<Member>, folders: &[Folder], moment: Moment) -> io::Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    let mut made = BTreeSet::new();
    let header = |kind, mode, owner, size| {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(owner);
        header.set_gid(owner);
        header.set_mtime(moment.0.unsigned_abs());
        header.set_size(size);
        header
    };
    for folder in folders {
        made.insert(folder.path.to_owned());
    }
    for member in sorted(members) {
        for (at, _) in member.path.match_indices('/') {
            let folder = &member.path[..at];
            if folder != "." && made.insert(folder.to_owned()) {
                let mut header = header(EntryType::Directory, 0o755, 0, 0);
                archive.append_data(&mut header, format!("{folder}/"), io::empty())?;
            }
        }
        let mut header = header(EntryType::Regular, member.mode(), 0, member.data.len() as u64);
        archive.append_data(&mut header, &member.path, member.data.as_slice())?;
    }
    for folder in folders {
        let mut header = header(EntryType::Directory, folder.mode, folder.owner, 0);
        archive.append_data(&mut header, format!("{}/", folder.path), io::empty())?;
    }
    archive.into_inner()
}

/// The files of a tar archive.
pub fn untar(archive: &[u8]) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let mut data = Vec::new();
            entry.read_to_end(&mut data)?;
            let runs = entry.header().mode()? & 0o111 != 0;
            members.push(Member { path: entry.path()?.display().to_string(), data, runs });
        }
    }
    Ok(members)
}

/// What gzip packed.
pub fn gunzip(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(data).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Bytes, packed by gzip without a name and a time.
pub fn gzip(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
    packed.write_all(data)?;
    packed.finish()
}

/// A tar archive of members, packed by gzip.
pub fn tar_gz(members: Vec<Member>, moment: Moment) -> io::Result<Vec<u8>> {
    gzip(&tar(members, &[], moment)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_the_same_whatever_the_order_of_its_members() {
        let one = Member::program("a/bin/tool", "x");
        let other = Member::new("a/README", "y");
        let moment = Moment(1_700_000_000);
        let archive = tar_gz(vec![one.clone(), other.clone()], moment).unwrap();
        assert_eq!(archive, tar_gz(vec![other, one], moment).unwrap());
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive.as_slice()));
        let entries: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                let owner = (header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap());
                assert_eq!(owner, (0, 0, 1_700_000_000));
                format!("{:o} {}", header.mode().unwrap(), entry.path().unwrap().display())
            })
            .collect();
        assert_eq!(entries, ["755 a/", "644 a/README", "755 a/bin/", "755 a/bin/tool"]);
    }

    #[test]
    fn a_folder_of_its_own_has_its_owner_and_permissions() {
        let home = Folder { path: "home", mode: 0o700, owner: 65532 };
        let archive = tar(vec![Member::new("home", "")], &[home], Moment(0)).unwrap();
        let mut archive = tar::Archive::new(archive.as_slice());
        let last = archive.entries().unwrap().last().unwrap().unwrap();
        assert_eq!((last.header().mode().unwrap(), last.header().uid().unwrap()), (0o700, 65532));
    }
}
