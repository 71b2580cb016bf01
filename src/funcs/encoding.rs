//! Sprig's encodings. A text that cannot be decoded gives the text of the error, not an error.

use crate::budget::{self, Over};
use crate::func;
use crate::go::encoding;
use crate::template::func::Func;
use crate::value::Str;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!(
        "b32dec",
        "b32dec TEXT: decodes base 32, or the error's text (sprig: strings.go base32decode)",
        b32dec(str)
    ),
    func!("b32enc", "b32enc TEXT: in base 32 (sprig: strings.go base32encode)", b32enc(str)),
    func!(
        "b64dec",
        "b64dec TEXT: decodes base 64, or the error's text (sprig: strings.go base64decode)",
        b64dec(str)
    ),
    func!("b64enc", "b64enc TEXT: in base 64 (sprig: strings.go base64encode)", b64enc(str)),
];

/// Asks for what a text becomes when it is encoded or decoded.
fn ask(text: &Str) -> Result<(), Over> {
    budget::make(text.len().saturating_mul(2))
}

fn b32dec(text: &Str) -> Result<Str, Over> {
    ask(text)?;
    Ok(encoding::base32_decode(text.as_bytes()).map_or_else(|error| error.to_string().into(), Str::from))
}

fn b32enc(text: &Str) -> Result<String, Over> {
    ask(text)?;
    Ok(encoding::base32_encode(text.as_bytes()))
}

fn b64dec(text: &Str) -> Result<Str, Over> {
    ask(text)?;
    Ok(encoding::base64_decode(text.as_bytes()).map_or_else(|error| error.to_string().into(), Str::from))
}

fn b64enc(text: &Str) -> Result<String, Over> {
    ask(text)?;
    Ok(encoding::base64_encode(text.as_bytes()))
}
