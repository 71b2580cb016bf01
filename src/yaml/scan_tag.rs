//! Directives, anchors, aliases and tags as the scanner reads them.

use super::error::Problem;
use super::scan::{Lexeme, Scanner, Token};

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

impl<'a> Scanner<'a> {
    /// A run of letters, digits, `_` and `-`.
    fn scan_word(&mut self) -> Result<&'a str, Problem> {
        self.need(1)?;
        let from = self.mark.offset as usize;
        while is_word(self.byte()) {
            self.skip();
            self.need(1)?;
        }
        Ok(&self.text[from..self.mark.offset as usize])
    }

    /// Go: scannerc.go `yaml_parser_scan_anchor`.
    pub(super) fn scan_anchor(&mut self, alias: bool) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        self.skip();
        let name = self.scan_word()?;
        let ends = self.is_space_at(0)
            || matches!(self.byte(), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return self.fail("did not find expected alphabetic or numeric character");
        }
        let lexeme = if alias { Lexeme::Alias(name) } else { Lexeme::Anchor(name) };
        Ok(Token { lexeme, start, end: self.mark })
    }

    /// Go: scannerc.go `yaml_parser_scan_tag`.
    pub(super) fn scan_tag(&mut self) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        self.need(2)?;
        let (mut handle, mut suffix);
        if self.at(1) == b'<' {
            self.skip();
            self.skip();
            handle = String::new();
            suffix = self.scan_tag_uri("")?;
            if self.byte() != b'>' {
                return self.fail("did not find the expected '>'");
            }
            self.skip();
        } else {
            handle = self.scan_tag_handle(false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                suffix = self.scan_tag_uri("")?;
            } else {
                suffix = self.scan_tag_uri(&handle)?;
                "!".clone_into(&mut handle);
                if suffix.is_empty() {
                    std::mem::swap(&mut handle, &mut suffix);
                }
            }
        }
        self.need(1)?;
        if !self.is_space_at(0) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(Token { lexeme: Lexeme::Tag { handle, suffix }, start, end: self.mark })
    }

    fn scan_tag_handle(&mut self, directive: bool) -> Result<String, Problem> {
        self.need(1)?;
        if self.byte() != b'!' {
            return self.fail("did not find expected '!'");
        }
        self.skip();
        let mut handle = format!("!{}", self.scan_word()?);
        if self.byte() == b'!' {
            self.skip();
            handle.push('!');
        } else if directive && handle != "!" {
            return self.fail("did not find expected '!'");
        }
        Ok(handle)
    }

    /// The URI of a tag. `head` is what was read as a handle and turned out to be its beginning.
    fn scan_tag_uri(&mut self, head: &str) -> Result<String, Problem> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut found = !head.is_empty();
        self.need(1)?;
        while is_word(self.byte()) || b";/?:@&=+$,.!~*'()[]%".contains(&self.byte()) {
            if self.byte() == b'%' {
                self.scan_uri_escapes(&mut uri)?;
            } else {
                uri.push(self.byte());
                self.skip();
            }
            self.need(1)?;
            found = true;
        }
        if !found {
            return self.fail("did not find expected tag URI");
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// One character written as `%` and two digits for each of its bytes.
    fn scan_uri_escapes(&mut self, uri: &mut Vec<u8>) -> Result<(), Problem> {
        let mut left = None;
        while left != Some(0) {
            self.need(3)?;
            let digits = [self.at(1), self.at(2)].map(|byte| char::from(byte).to_digit(16));
            let (b'%', [Some(high), Some(low)]) = (self.byte(), digits) else {
                return self.fail("did not find URI escaped octet");
            };
            let octet = (high << 4 | low) as u8;
            left = Some(match left {
                None => match octet {
                    0x00..=0x7F => 0,
                    0xC0..=0xDF => 1,
                    0xE0..=0xEF => 2,
                    0xF0..=0xF7 => 3,
                    _ => return self.fail("found an incorrect leading UTF-8 octet"),
                },
                Some(_) if octet & 0xC0 != 0x80 => {
                    return self.fail("found an incorrect trailing UTF-8 octet");
                }
                Some(left) => left - 1,
            });
            uri.push(octet);
            self.skip();
            self.skip();
            self.skip();
        }
        Ok(())
    }

    /// Go: scannerc.go `yaml_parser_scan_directive`.
    pub(super) fn scan_directive(&mut self) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        self.skip();
        let name = self.scan_word()?;
        if name.is_empty() {
            return self.fail("could not find expected directive name");
        }
        if !self.is_space_at(0) {
            return self.fail("found unexpected non-alphabetical character");
        }
        let lexeme = match name {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_directive()?,
            _ => return self.fail("found unknown directive name"),
        };
        let end = self.mark;
        self.skip_blanks()?;
        self.skip_comment()?;
        if !self.is_break_or_end() {
            return self.fail("did not find expected comment or line break");
        }
        if self.is_break() {
            self.need(2)?;
            self.skip_line();
        }
        Ok(Token { lexeme, start, end })
    }

    fn scan_version(&mut self) -> Result<Lexeme<'a>, Problem> {
        self.skip_blanks()?;
        let major = self.scan_version_number()?;
        if self.byte() != b'.' {
            return self.fail("did not find expected digit or '.' character");
        }
        self.skip();
        let minor = self.scan_version_number()?;
        Ok(Lexeme::Version { major, minor })
    }

    fn scan_version_number(&mut self) -> Result<u8, Problem> {
        self.need(1)?;
        let (mut value, mut length) = (0, 0);
        while self.byte().is_ascii_digit() {
            length += 1;
            if length > 2 {
                return self.fail("found extremely long version number");
            }
            value = value * 10 + (self.byte() - b'0');
            self.skip();
            self.need(1)?;
        }
        if length == 0 {
            return self.fail("did not find expected version number");
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self) -> Result<Lexeme<'a>, Problem> {
        self.skip_blanks()?;
        let handle = self.scan_tag_handle(true)?;
        self.need(1)?;
        if !self.is_blank() {
            return self.fail("did not find expected whitespace");
        }
        self.skip_blanks()?;
        let prefix = self.scan_tag_uri("")?;
        self.need(1)?;
        if !self.is_space_at(0) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(Lexeme::TagDirective { handle, prefix })
    }
}
