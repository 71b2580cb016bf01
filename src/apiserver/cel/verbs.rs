//! The pieces of a text that is formatted: `%s`, `%.2f`.
//!
//! Go: cel-go `ext/formatting.go`.

/// What stands for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Text,
    Decimal,
    /// With so many digits.
    Fixed(usize),
    Scientific(usize),
    Binary,
    /// In capitals.
    Hex(bool),
    Octal,
}

/// How many digits there are where nothing is said.
const DIGITS: usize = 6;
/// How many we make; more is of no use to anybody, and takes memory.
const MOST_DIGITS: usize = 1_000;

/// Fills a text: the function is asked for each value, first without a verb, for whether there is one.
pub fn pieces(
    text: &str,
    fill: &mut impl FnMut(Option<&Verb>) -> Result<String, String>,
) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        if rest.is_empty() {
            fill(None)?;
            return Err("unexpected end of string".to_owned());
        }
        let (verb, after) = match verb(rest) {
            Ok(read) => read,
            Err(why) => {
                fill(None)?;
                return Err(format!("could not parse formatting clause: {why}"));
            }
        };
        out.push_str(&fill(Some(&verb))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn verb(text: &str) -> Result<(Verb, &str), String> {
    let (digits, rest) = match text.strip_prefix('.') {
        None => (DIGITS, text),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let wrong = |why: &str| format!("error while parsing precision: {why}");
            let end = end.ok_or_else(|| wrong("could not find end of precision specifier"))?;
            let digits: i64 = rest[..end].parse().map_err(|_| {
                let why = if end == 0 { "invalid syntax" } else { "value out of range" };
                wrong(&format!(
                    "error while converting precision to integer: strconv.Atoi: parsing {:?}: {why}",
                    &rest[..end]
                ))
            })?;
            (usize::try_from(digits).unwrap_or(usize::MAX).min(MOST_DIGITS), &rest[end..])
        }
    };
    let letter = rest.chars().next().unwrap_or_default();
    let verb = match letter {
        's' => Verb::Text,
        'd' => Verb::Decimal,
        'f' => Verb::Fixed(digits),
        'e' => Verb::Scientific(digits),
        'b' => Verb::Binary,
        'x' | 'X' => Verb::Hex(letter == 'X'),
        'o' => Verb::Octal,
        _ => {
            // It is read byte by byte.
            let byte = rest.bytes().next().map_or(letter, char::from);
            return Err(format!("unrecognized formatting clause \"{byte}\""));
        }
    };
    Ok((verb, &rest[1..]))
}

/// That a value of a type does not fit.
pub fn unfit(verb: &Verb, kind: &str) -> String {
    let words = match verb {
        Verb::Text => {
            "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and \
             timestamps"
        }
        Verb::Decimal => "decimal clause can only be used on integers",
        Verb::Fixed(_) => "fixed-point clause can only be used on doubles",
        Verb::Scientific(_) => "scientific clause can only be used on doubles",
        Verb::Binary => "only integers and bools can be formatted as binary",
        Verb::Hex(_) => "only integers, byte buffers, and strings can be formatted as hex",
        Verb::Octal => "octal clause can only be used on integers",
    };
    format!("{words}, was given {kind}")
}
