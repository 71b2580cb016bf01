//! [`Bytes`]: bytes that are read from front to back, as all packets are.

use super::openpgp::Error;

/// Bytes that are taken from the front; what is not there is [`Error::UnexpectedEnd`].
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// So many of them.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Error::UnexpectedEnd)?;
        self.0 = rest;
        Ok(taken)
    }

    /// One of them.
    pub fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    /// A number of so many bytes.
    pub fn number(&mut self, count: usize) -> Result<usize, Error> {
        Ok(self.take(count)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    /// An integer of any length, with its bits before it. Go: openpgp/internal/encoding mpi.go `ReadFrom`.
    pub fn integer(&mut self) -> Result<&'a [u8], Error> {
        let bits = self.number(2)?;
        self.take(bits.div_ceil(8))
    }

    /// The name of a curve or what else has its length before it. Go: openpgp/internal/encoding oid.go `ReadFrom`.
    pub fn short(&mut self) -> Result<&'a [u8], Error> {
        match self.byte()? {
            0 | 0xff => Err(Error::unsupported("reserved for future extensions")),
            length => self.take(usize::from(length)),
        }
    }
}
