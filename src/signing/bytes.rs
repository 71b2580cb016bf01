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
}
