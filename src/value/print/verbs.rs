//! Reading a format: flags, argument indexes, width, precision, verb. Go: fmt print.go `doPrintf`.

use super::Printer;
use super::layout::Flags;
use crate::go::runes;
use crate::value::{Number, Value};

/// A format on its way through `print_format`.
struct Format<'a> {
    text: &'a [u8],
    at: usize,
    args: &'a [Value],
    /// The next argument.
    next: usize,
    /// Whether any index such as `[3]` was met, which turns off the check for arguments left over.
    reordered: bool,
    /// Whether the indexes of the verb at hand are in range and well formed.
    good_index: bool,
    /// Whether an index came just before.
    after_index: bool,
}

impl Format<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Go: `argNumber`: an index in brackets, if there is one.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let (index, width, well_formed) = parse_index(&self.text[self.at..]);
        self.at += width;
        self.after_index = well_formed;
        match index.filter(|index| *index < self.args.len()) {
            Some(index) => self.next = index,
            None => self.good_index = false,
        }
    }

    /// Go: `intFromArg`: the integer that stands for a `*`; the inner option is empty where the argument is none.
    fn star(&mut self) -> Option<i64> {
        let value = self.args.get(self.next)?;
        self.next += 1;
        let n = match value.number()? {
            Number::Signed(n) => n,
            Number::Unsigned(n) => i64::try_from(n).ok()?,
            Number::Float(_) => return None,
        };
        (-1_000_000..=1_000_000).contains(&n).then_some(n)
    }

    /// Go: `parsenum`: decimal digits, if there are any. A number that is too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let (number, at) = parse_number(self.text, self.at, self.text.len());
        self.at = at;
        number
    }
}

/// Go: `parsenum`.
fn parse_number(text: &[u8], start: usize, end: usize) -> (Option<usize>, usize) {
    if start >= end {
        return (None, end);
    }
    let mut number = None;
    let mut at = start;
    while at < end && text[at].is_ascii_digit() {
        if number.is_some_and(|number| number > 1_000_000) {
            return (None, end);
        }
        number = Some(number.unwrap_or(0) * 10 + usize::from(text[at] - b'0'));
        at += 1;
    }
    (number, at)
}

/// Go: `parseArgNumber`: the index counted from zero, the bytes that it takes, and whether it is well formed.
fn parse_index(text: &[u8]) -> (Option<usize>, usize, bool) {
    let Some(close) = text.iter().position(|byte| *byte == b']').filter(|_| text.len() >= 3) else {
        return (None, 1, false);
    };
    let (number, end) = parse_number(text, 1, close);
    match number {
        Some(number) if end == close => (number.checked_sub(1), close + 1, true),
        _ => (None, close + 1, false),
    }
}

impl Printer {
    /// Go: print.go `doPrintf`.
    pub(super) fn print_format(&mut self, text: &[u8], args: &[Value]) {
        let mut format =
            Format { text, at: 0, args, next: 0, reordered: false, good_index: true, after_index: false };
        while format.at < text.len() && !self.is_at_end() {
            let rest = &text[format.at..];
            let literal = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
            self.out.extend_from_slice(&rest[..literal]);
            format.at += literal;
            if !format.accept(b'%') {
                break;
            }
            format.good_index = true;
            format.after_index = false;
            if !self.print_verb(&mut format) {
                break;
            }
        }
        if !format.reordered && format.next < args.len() {
            self.print_extra(&args[format.next..]);
        }
    }

    /// One verb, from behind its `%`; `false` if the format ended before it.
    fn print_verb(&mut self, format: &mut Format<'_>) -> bool {
        self.read_flags(format);
        // A verb of one small letter with an argument needs no more looking.
        let simple = format.peek().is_some_and(|c| c.is_ascii_lowercase()) && format.next < format.args.len();
        if !simple {
            self.read_width_and_precision(format);
        }
        if format.at >= format.text.len() {
            self.write("%!(NOVERB)");
            return false;
        }
        let (verb, size) = runes::decode(&format.text[format.at..]);
        format.at += size;
        if verb == '%' {
            self.out.push(b'%');
        } else if !format.good_index {
            self.write_failure(verb, "(BADINDEX)");
        } else if let Some(arg) = format.args.get(format.next) {
            if matches!(verb, 'v' | 'w') {
                self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
                self.flags.plus_v = std::mem::take(&mut self.flags.plus);
            }
            self.print_arg(arg, verb);
            format.next += 1;
        } else {
            self.write_failure(verb, "(MISSING)");
        }
        true
    }

    fn write_failure(&mut self, verb: char, what: &str) {
        self.write("%!");
        self.write(verb.encode_utf8(&mut [0; 4]));
        self.write(what);
    }

    fn read_flags(&mut self, format: &mut Format<'_>) {
        self.flags = Flags::default();
        while let Some(byte) = format.peek() {
            match byte {
                b'#' => self.flags.sharp = true,
                b'0' => self.flags.zero = true,
                b'+' => self.flags.plus = true,
                b'-' => self.flags.minus = true,
                b' ' => self.flags.space = true,
                _ => break,
            }
            format.at += 1;
        }
    }

    fn read_width_and_precision(&mut self, format: &mut Format<'_>) {
        format.index();
        if format.accept(b'*') {
            match format.star() {
                Some(width) => {
                    self.flags.width = Some(width.unsigned_abs() as usize);
                    if width < 0 {
                        self.flags.minus = true;
                        self.flags.zero = false;
                    }
                }
                None => self.write("%!(BADWIDTH)"),
            }
            format.after_index = false;
        } else {
            self.flags.width = format.number();
            if format.after_index && self.flags.width.is_some() {
                format.good_index = false;
            }
        }
        if format.at + 1 < format.text.len() && format.accept(b'.') {
            if format.after_index {
                format.good_index = false;
            }
            format.index();
            if format.accept(b'*') {
                self.flags.precision = format.star().and_then(|precision| usize::try_from(precision).ok());
                if self.flags.precision.is_none() {
                    self.write("%!(BADPREC)");
                }
                format.after_index = false;
            } else {
                self.flags.precision = Some(format.number().unwrap_or(0));
            }
        }
        if !format.after_index {
            format.index();
        }
    }

    fn print_extra(&mut self, args: &[Value]) {
        self.flags = Flags::default();
        self.write("%!(EXTRA ");
        for (place, arg) in args.iter().enumerate() {
            if place > 0 {
                self.write(", ");
            }
            if matches!(arg, Value::Nil) {
                self.write("<nil>");
            } else {
                self.write(&arg.type_name());
                self.out.push(b'=');
                self.print_arg(arg, 'v');
            }
        }
        self.out.push(b')');
    }
}
