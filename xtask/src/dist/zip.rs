//! ZIP archives, as far as a wheel needs them: deflated members with permissions, no encryption, nothing over 4 GiB.
//!
//! Source: PKWARE APPNOTE.TXT 4.3.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::member::Member;
use super::moment::Moment;

/// What a reader must be able to do: deflate.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const DEFLATE: u16 = 8;
/// Made on Unix, so that the permissions count.
const MADE_BY: u16 = 3 << 8 | VERSION;
const REGULAR_FILE: u32 = 0o100_000;

/// An archive of members, in the order given.
pub fn zip(members: &[Member], moment: Moment) -> io::Result<Vec<u8>> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = small(archive.len())?;
        let facts = facts(member, moment)?;
        archive.write_all(b"PK\x03\x04")?;
        archive.write_all(&facts.fields)?;
        archive.write_all(&[0; 2])?;
        archive.write_all(member.path.as_bytes())?;
        archive.write_all(&facts.packed)?;
        directory.write_all(b"PK\x01\x02")?;
        directory.write_all(&MADE_BY.to_le_bytes())?;
        directory.write_all(&facts.fields)?;
        // No extra field, comment, other disk or kind of text.
        directory.write_all(&[0; 8])?;
        directory.write_all(&((REGULAR_FILE | member.mode()) << 16).to_le_bytes())?;
        directory.write_all(&offset.to_le_bytes())?;
        directory.write_all(member.path.as_bytes())?;
    }
    let (start, size) = (small(archive.len())?, small(directory.len())?);
    let count = u16::try_from(members.len()).map_err(io::Error::other)?;
    archive.append(&mut directory);
    archive.write_all(b"PK\x05\x06\0\0\0\0")?;
    for number in [count, count] {
        archive.write_all(&number.to_le_bytes())?;
    }
    for number in [size, start] {
        archive.write_all(&number.to_le_bytes())?;
    }
    archive.write_all(&[0; 2])?;
    Ok(archive)
}

/// What both headers of a member say of it.
struct Facts {
    fields: Vec<u8>,
    packed: Vec<u8>,
}

fn facts(member: &Member, moment: Moment) -> io::Result<Facts> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&member.data)?;
    let packed = packer.finish()?;
    let mut sum = Crc::new();
    sum.update(&member.data);
    let (clock, date) = moment.dos();
    let mut fields = Vec::new();
    for number in [VERSION, FLAGS, DEFLATE, clock, date] {
        fields.extend(number.to_le_bytes());
    }
    for number in [sum.sum(), small(packed.len())?, small(member.data.len())?] {
        fields.extend(number.to_le_bytes());
    }
    fields.extend(u16::try_from(member.path.len()).map_err(io::Error::other)?.to_le_bytes());
    Ok(Facts { fields, packed })
}

fn small(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_reads_as_it_is_specified() {
        let members = [Member::program("bin/a", "aaaa"), Member::new("b", "")];
        let archive = zip(&members, Moment(1_700_000_001)).unwrap();
        assert_eq!(archive, zip(&members, Moment(1_700_000_001)).unwrap());
        let end = &archive[archive.len() - 22..];
        assert_eq!(&end[..4], b"PK\x05\x06");
        assert_eq!(end[8..12], [2, 0, 2, 0]);
        let at = |from: usize| u32::from_le_bytes(end[from..from + 4].try_into().unwrap()) as usize;
        let directory = &archive[at(16)..at(16) + at(12)];
        assert_eq!(&directory[..4], b"PK\x01\x02");
        let attributes = u32::from_le_bytes(directory[38..42].try_into().unwrap()) >> 16;
        assert_eq!(attributes, 0o100_755);
        assert_eq!(&directory[46..51], b"bin/a");
        assert_eq!(&archive[..4], b"PK\x03\x04");
        assert_eq!(archive[14..18], 0xAD98_E545_u32.to_le_bytes(), "the CRC-32 of aaaa");
        assert_eq!(&archive[30..35], b"bin/a");
    }
}
