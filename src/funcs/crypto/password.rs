//! Passwords: bcrypt, Master Password's derivation, and AES with a password for a key.

use std::fmt::{self, Display, Formatter};

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::budget;
use crate::go::encoding::{self, base64_decode, base64_encode};
use crate::template::host::Host;
use crate::value::Str;

/// Why a text cannot be decrypted; `Display` is Go's text, or that of its panic.
#[derive(Debug)]
pub enum Error {
    /// It is no base 64.
    Base64(encoding::Error),
    /// It is shorter than a block, in a buffer of so many bytes.
    Short(usize),
    /// It does not end with a block.
    Blocks,
    /// There is nothing behind the first block.
    Empty,
    /// More padding than text, by so much.
    Padding(i64),
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Base64(error) => error.fmt(out),
            Error::Short(capacity) => {
                write!(out, "runtime error: slice bounds out of range [:{BLOCK}] with capacity {capacity}")
            }
            Error::Blocks => out.write_str("crypto/cipher: input not full blocks"),
            Error::Empty => out.write_str("runtime error: index out of range [-1]"),
            Error::Padding(length) => write!(out, "runtime error: slice bounds out of range [:{length}]"),
        }
    }
}

impl std::error::Error for Error {}

/// Units of work for a bcrypt and for an scrypt, which are costly on purpose.
const BCRYPT: u64 = 8_000_000;
const SCRYPT: u64 = 16_000_000;

/// sprig: crypto.go `bcrypt`. What is too long gives a text that says so.
pub fn bcrypt(host: &mut dyn Host, text: &Str) -> String {
    const COST: u32 = 10;
    if text.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".to_owned();
    }
    let what = format!("bcrypt {}", hex::encode(text.as_bytes()));
    let stand = match host.recall(&what) {
        Ok(hash) => return String::from_utf8_lossy(&hash).into_owned(),
        Err(stand) => stand,
    };
    let _ = budget::spend(BCRYPT);
    let mut salt = [0; 16];
    host.random(&mut salt);
    let hash = match ::bcrypt::hash_with_salt(text.as_bytes(), COST, salt) {
        Ok(hash) => hash.format_for_version(::bcrypt::Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    };
    host.remember(&what, stand, hash.as_bytes());
    hash
}

/// The AES key that a password is: its first 32 bytes, filled up with zeros.
fn aes_key(password: &Str) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(32);
    key[..length].copy_from_slice(&password.as_bytes()[..length]);
    key
}

const BLOCK: usize = 16;

/// sprig: crypto.go `encryptAES`: a random first block, then the text in CBC mode with PKCS#7's padding.
pub fn encrypt(host: &mut dyn Host, password: &Str, text: &Str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut start = [0; BLOCK];
    host.random(&mut start);
    let padding = BLOCK - text.len() % BLOCK;
    let padded = [text.as_bytes(), &vec![padding as u8; padding]].concat();
    let cipher = cbc::Encryptor::<Aes256>::new(&aes_key(password).into(), &start.into());
    let (mut bytes, length) = (padded, text.len() + padding);
    // Whole blocks in, whole blocks out: this cannot fail.
    let _ = cipher.encrypt_padded::<NoPadding>(&mut bytes, length);
    base64_encode(&[&start[..], &bytes].concat())
}

/// sprig: crypto.go `decryptAES`.
pub fn decrypt(password: &Str, text: &Str) -> Result<Str, Error> {
    if text.is_empty() {
        return Ok(Str::new());
    }
    let bytes = base64_decode(text.as_bytes()).map_err(Error::Base64)?;
    let Some((start, encrypted)) = bytes.split_first_chunk::<BLOCK>() else {
        return Err(Error::Short(capacity(text)));
    };
    if encrypted.len() % BLOCK != 0 {
        return Err(Error::Blocks);
    }
    let cipher = cbc::Decryptor::<Aes256>::new(&aes_key(password).into(), &(*start).into());
    let mut bytes = encrypted.to_vec();
    let decrypted = cipher.decrypt_padded::<NoPadding>(&mut bytes).map_err(|_| Error::Blocks)?;
    let padding = usize::from(*decrypted.last().ok_or(Error::Empty)?);
    match decrypted.len().checked_sub(padding) {
        Some(length) => Ok(decrypted[..length].into()),
        None => Err(Error::Padding(decrypted.len() as i64 - padding as i64)),
    }
}

/// How much Go sets aside for what it decodes. Go: base64.go `DecodedLen`.
fn capacity(text: &Str) -> usize {
    text.len() / 4 * 3
}

const CONSONANTS_UPPER: &str = "BCDFGHJKLMNPQRSTVWXYZ";
const CONSONANTS_LOWER: &str = "bcdfghjklmnpqrstvwxyz";

/// The shapes of passwords by type: Master Password's specification, version 3.
fn shapes(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

/// The characters that a letter of a shape stands for.
fn characters(letter: u8) -> String {
    let (upper, lower, digits) = ("AEIOU", "aeiou", "0123456789");
    let letters = [upper, lower, CONSONANTS_UPPER, CONSONANTS_LOWER].concat();
    match letter {
        b'V' => upper.to_owned(),
        b'C' => CONSONANTS_UPPER.to_owned(),
        b'v' => lower.to_owned(),
        b'c' => CONSONANTS_LOWER.to_owned(),
        b'A' => [upper, CONSONANTS_UPPER].concat(),
        b'a' => letters,
        b'n' => digits.to_owned(),
        b'o' => "@&%?,=[]_:-+*$#!'^~;()/.".to_owned(),
        _ => [&letters, digits, "!@#$%^&*()"].concat(),
    }
}

/// sprig: crypto.go `derivePassword`.
pub fn derive(counter: u32, kind: &Str, password: &Str, user: &Str, site: &Str) -> Str {
    const SEED: &[u8] = b"com.lyndir.masterpassword";
    let Some(shapes) = shapes(kind.as_bytes()) else {
        return [b"cannot find password template ", kind.as_bytes()].concat().into();
    };
    let length = |text: &Str| (text.len() as u32).to_be_bytes();
    let salt = [SEED, &length(user), user.as_bytes()].concat();
    let mut key = [0; 64];
    let _ = budget::spend(SCRYPT);
    let Ok(parameters) = scrypt::Params::new(15, 8, 2) else { return Str::new() };
    if let Err(error) = scrypt::scrypt(password.as_bytes(), &salt, &parameters, &mut key) {
        return format!("failed to derive password: {error}").into();
    }
    let message = [SEED, &length(site), site.as_bytes(), &counter.to_be_bytes()].concat();
    let Ok(mac) = <Hmac<Sha256>>::new_from_slice(&key) else { return Str::new() };
    let seed = mac.chain_update(message).finalize().into_bytes();
    let shape = shapes[usize::from(seed[0]) % shapes.len()];
    let pick = |(letter, number): (u8, &u8)| {
        let characters = characters(letter);
        characters.as_bytes()[usize::from(*number) % characters.len()] as char
    };
    shape.bytes().zip(&seed[1..]).map(pick).collect::<String>().into()
}
