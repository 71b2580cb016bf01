//! [`Packets`]: a stream of bytes as OpenPGP packets. Only what a keyring and a signature consist of is parsed; what it means
//! is said in [`super::key`], [`super::signature`] and [`super::entity`].
//!
//! Source: ProtonMail go-crypto openpgp/packet packet.go `Read`, reader.go `Next`. Which
//! packets are skipped and which end the reading decides which keys Helm finds.

use super::key::Key;
use super::openpgp::Error;
use super::signature::Signature;

/// A packet.
#[derive(Clone, Debug)]
pub enum Packet {
    /// A key, primary or not, with or without its secret.
    Key(Box<Key>),
    /// Whose key it is.
    UserId(Vec<u8>),
    /// A signature.
    Signature(Box<Signature>),
    /// Anything else.
    Other,
}

/// Packets in order. One can be given back, to be read again.
#[derive(Debug)]
pub struct Packets<'a> {
    rest: &'a [u8],
    end: Option<Error>,
    back: Option<Packet>,
}

impl<'a> Packets<'a> {
    /// The packets of these bytes.
    pub fn new(bytes: &'a [u8]) -> Packets<'a> {
        Packets { rest: bytes, end: None, back: None }
    }

    /// As [`Packets::new`], where the bytes end for this reason, if there is one.
    pub fn ending(bytes: &'a [u8], end: Option<Error>) -> Packets<'a> {
        Packets { end, ..Packets::new(bytes) }
    }

    /// Gives a packet back, which [`Packets::take_next`] then gives again.
    pub fn give_back(&mut self, packet: Packet) {
        self.back = Some(packet);
    }

    /// The next packet, if there is one. Packets that are unsupported or may be unknown are skipped.
    pub fn take_next(&mut self) -> Result<Option<Packet>, Error> {
        if let Some(packet) = self.back.take() {
            return Ok(Some(packet));
        }
        while let Some((tag, body)) = self.frame()? {
            match packet(tag, &body) {
                Ok(Some(packet)) => return Ok(Some(packet)),
                Ok(None) | Err(Error::Unsupported(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The type and the body of the next packet.
    fn frame(&mut self) -> Result<Option<(u8, Vec<u8>)>, Error> {
        let Some((&first, rest)) = self.rest.split_first() else {
            return self.end.clone().map_or(Ok(None), Err);
        };
        self.rest = rest;
        if first & 0x80 == 0 {
            return Err(Error::structural("tag byte does not have MSB set"));
        }
        if first & 0x40 == 0 {
            let length = match first & 3 {
                3 => self.rest.len(),
                kind => self.take(1 << kind)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
            };
            return Ok(Some(((first & 0x3f) >> 2, self.take(length)?.to_vec())));
        }
        let mut body = Vec::new();
        loop {
            let (length, partial) = self.length()?;
            body.extend_from_slice(self.take(length)?);
            if !partial {
                return Ok(Some((first & 0x3f, body)));
            }
        }
    }

    /// A length of the newer form, and whether more parts follow.
    fn length(&mut self) -> Result<(usize, bool), Error> {
        let first = usize::from(self.take(1)?[0]);
        Ok(match first {
            0..192 => (first, false),
            192..224 => (((first - 192) << 8) + usize::from(self.take(1)?[0]) + 192, false),
            224..255 => (1 << (first & 0x1f), true),
            _ => (self.take(4)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), false),
        })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            self.rest = &[];
            return Err(self.end.clone().unwrap_or(Error::UnexpectedEnd));
        };
        self.rest = rest;
        Ok(taken)
    }
}

/// A packet of that type; nothing where it may be skipped.
fn packet(tag: u8, body: &[u8]) -> Result<Option<Packet>, Error> {
    let key = |subkey, secret| Key::parse(body, subkey, secret).map(|key| Packet::Key(Box::new(key)));
    Ok(Some(match tag {
        2 => Packet::Signature(Box::new(Signature::parse(body)?)),
        5 => key(false, true)?,
        6 => key(false, false)?,
        7 => key(true, true)?,
        14 => key(true, false)?,
        13 => Packet::UserId(body.to_vec()),
        1 | 3 | 4 | 8 | 9 | 11 | 17 | 18 | 20 | 21 => Packet::Other,
        10 | 12 | 40.. => return Ok(None),
        tag => return Err(Error::UnknownCriticalPacket(tag)),
    }))
}
