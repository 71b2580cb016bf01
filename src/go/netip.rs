//! Go's `net/netip`: `ParseAddr` with its error texts.

use super::strconv::quote;

/// An IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addr {
    /// IPv4
    V4([u8; 4]),
    /// IPv6 with its zone, which is often empty.
    V6([u8; 16], Vec<u8>),
}

/// Why a text is no address: the message, and the place where it was seen.
struct Fault<'a>(&'static str, &'a [u8]);

/// Go: `netip.ParseAddr`; the error is Go's text.
pub fn parse_addr(text: &[u8]) -> Result<Addr, String> {
    let parsed = match text.iter().find(|c| matches!(c, b'.' | b':' | b'%')) {
        Some(b'.') => parse_v4(text).map(Addr::V4),
        Some(b':') => parse_v6(text),
        Some(_) => Err(Fault("missing IPv6 address", b"")),
        None => Err(Fault("unable to parse IP", b"")),
    };
    parsed.map_err(|Fault(message, at)| match at.is_empty() {
        true => format!("ParseAddr({}): {message}", quote(text)),
        false => format!("ParseAddr({}): {message} (at {})", quote(text), quote(at)),
    })
}

fn parse_v4(text: &[u8]) -> Result<[u8; 4], Fault<'_>> {
    let mut fields = [0_u8; 4];
    let (mut value, mut position, mut digits) = (0_u32, 0, 0);
    for (at, &c) in text.iter().enumerate() {
        match c {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(Fault("IPv4 field has octet with leading zero", b""));
                }
                value = value * 10 + u32::from(c - b'0');
                digits += 1;
                if value > 255 {
                    return Err(Fault("IPv4 field has value >255", b""));
                }
            }
            b'.' => {
                if at == 0 || at == text.len() - 1 || text[at - 1] == b'.' {
                    return Err(Fault("IPv4 field must have at least one digit", &text[at..]));
                }
                if position == 3 {
                    return Err(Fault("IPv4 address too long", b""));
                }
                fields[position] = value as u8;
                position += 1;
                (value, digits) = (0, 0);
            }
            _ => return Err(Fault("unexpected character", &text[at..])),
        }
    }
    if position < 3 {
        return Err(Fault("IPv4 address too short", b""));
    }
    fields[3] = value as u8;
    Ok(fields)
}

fn parse_v6(text: &[u8]) -> Result<Addr, Fault<'_>> {
    let (mut rest, zone) = match text.iter().position(|c| *c == b'%') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b""[..]),
    };
    if rest.len() < text.len() && zone.is_empty() {
        return Err(Fault("zone must be a non-empty string", b""));
    }
    let mut bytes = [0_u8; 16];
    let (mut filled, mut ellipsis) = (0, None);
    if let Some(after) = rest.strip_prefix(b"::") {
        ellipsis = Some(0);
        rest = after;
        if rest.is_empty() {
            return Ok(Addr::V6(bytes, zone.to_vec()));
        }
    }
    while filled < 16 {
        let (field, digits) = hex_field(rest)?;
        if rest.get(digits) == Some(&b'.') {
            if ellipsis.is_none() && filled != 12 {
                let message = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err(Fault(message, rest));
            }
            if filled + 4 > 16 {
                let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err(Fault(message, rest));
            }
            bytes[filled..filled + 4].copy_from_slice(&parse_v4(rest)?);
            rest = b"";
            filled += 4;
            break;
        }
        bytes[filled..filled + 2].copy_from_slice(&field.to_be_bytes());
        filled += 2;
        rest = &rest[digits..];
        rest = match rest {
            [] => break,
            [b':'] => return Err(Fault("colon must be followed by more characters", rest)),
            [b':', after @ ..] => after,
            _ => return Err(Fault("unexpected character, want colon", rest)),
        };
        if let [b':', after @ ..] = rest {
            if ellipsis.is_some() {
                return Err(Fault("multiple :: in address", rest));
            }
            ellipsis = Some(filled);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(Fault("trailing garbage after address", rest));
    }
    match ellipsis {
        None if filled < 16 => return Err(Fault("address string too short", b"")),
        Some(_) if filled == 16 => {
            return Err(Fault("the :: must expand to at least one field of zeros", b""));
        }
        Some(at) => {
            bytes.copy_within(at..filled, at + 16 - filled);
            bytes[at..at + 16 - filled].fill(0);
        }
        None => {}
    }
    Ok(Addr::V6(bytes, zone.to_vec()))
}

/// The number at the start, in hexadecimal, and how many digits it has.
fn hex_field(text: &[u8]) -> Result<(u16, usize), Fault<'_>> {
    let digits = text.iter().take_while(|c| c.is_ascii_hexdigit()).count();
    match digits {
        0 => Err(Fault("each colon-separated field must have at least one digit", text)),
        1..=4 => {
            let value = text[..digits]
                .iter()
                .fold(0, |value, c| (value << 4) | (*c as char).to_digit(16).unwrap_or_default() as u16);
            Ok((value, digits))
        }
        _ => Err(Fault("each group must have 4 or less digits", text)),
    }
}
