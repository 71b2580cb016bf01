//! Go's `encoding/base64` and `encoding/base32` in their standard alphabets: what they refuse, and the byte that they name.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Go: `base64.StdEncoding.EncodeToString`.
pub fn base64_encode(bytes: &[u8]) -> String {
    encode(bytes, BASE64, 3, 6)
}

/// Go: `base32.StdEncoding.EncodeToString`.
pub fn base32_encode(bytes: &[u8]) -> String {
    encode(bytes, BASE32, 5, 5)
}

/// So many bytes at a time become digits of so many bits, filled up with `=`.
fn encode(bytes: &[u8], alphabet: &[u8], group: usize, bits: usize) -> String {
    let digits = group * 8 / bits;
    let mut out = String::with_capacity(bytes.len().div_ceil(group) * digits);
    for chunk in bytes.chunks(group) {
        let number =
            (0..group).fold(0_u64, |number, at| number << 8 | u64::from(chunk.get(at).copied().unwrap_or(0)));
        let used = (chunk.len() * 8).div_ceil(bits);
        for at in 0..digits {
            let digit = number >> ((digits - 1 - at) * bits) & ((1 << bits) - 1);
            out.push(if at < used { alphabet[digit as usize] as char } else { '=' });
        }
    }
    out
}

/// Go: `base64.StdEncoding.DecodeString`; the error is Go's text. Line ends are skipped.
pub fn base64_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    let skip_newlines = |mut at: usize| {
        while matches!(text.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    while at < text.len() {
        let (mut number, mut digits) = (0_u32, 0);
        while digits < 4 {
            let Some(&c) = text.get(at) else {
                if digits == 0 {
                    return Ok(out);
                }
                return corrupt(at - digits);
            };
            at += 1;
            if let Some(digit) = BASE64.iter().position(|digit| *digit == c) {
                number = number << 6 | digit as u32;
                digits += 1;
                continue;
            }
            match c {
                b'\n' | b'\r' => continue,
                b'=' if digits >= 2 => {}
                _ => return corrupt(at - 1),
            }
            if digits == 2 {
                at = skip_newlines(at);
                match text.get(at) {
                    None => return corrupt(text.len()),
                    Some(b'=') => at += 1,
                    Some(_) => return corrupt(at - 1),
                }
            }
            at = skip_newlines(at);
            if at < text.len() {
                return corrupt(at);
            }
            break;
        }
        let bytes = (number << (6 * (4 - digits))).to_be_bytes();
        out.extend_from_slice(&bytes[1..digits]);
    }
    Ok(out)
}

/// Go: `base32.StdEncoding.DecodeString`; the error is Go's text. Line ends are skipped, and not counted.
pub fn base32_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let text: Vec<u8> = text.iter().copied().filter(|c| !matches!(c, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    let mut end = false;
    while at < text.len() && !end {
        let (mut number, mut digits) = (0_u64, 0);
        while digits < 8 {
            let Some(&c) = text.get(at) else { return corrupt(text.len() - digits) };
            at += 1;
            let left = text.len() - at;
            if c == b'=' && digits >= 2 && left < 8 {
                if left + digits < 7 {
                    return corrupt(text.len());
                }
                let padding = &text[at..];
                if let Some(bad) = padding.iter().take(7 - digits).position(|c| *c != b'=') {
                    return corrupt(at + bad - 1);
                }
                if matches!(digits, 3 | 6) {
                    return corrupt(at - 1);
                }
                end = true;
                break;
            }
            let Some(digit) = BASE32.iter().position(|digit| *digit == c) else { return corrupt(at - 1) };
            number = number << 5 | digit as u64;
            digits += 1;
        }
        let bytes = (number << (5 * (8 - digits))).to_be_bytes();
        out.extend_from_slice(&bytes[3..3 + digits * 5 / 8]);
    }
    Ok(out)
}
