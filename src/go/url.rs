//! Go's `net/url`: parsing with its error texts, printing, escaping. What only an HTTP client needs is left out.

use super::netip::{Addr, parse_addr};
use super::strconv::quote;

/// What a text is part of: each part leaves other characters as they are. Go: url.go `encoding`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A whole path.
    Path,
    /// A segment of a path.
    PathSegment,
    /// A host, a port included.
    Host,
    /// The zone of an IPv6 address.
    Zone,
    /// User name or password.
    UserPassword,
    /// A key or value of a query.
    QueryComponent,
    /// The fragment.
    Fragment,
}

impl Part {
    /// The characters besides letters and digits that need no escape. Go: encoding_table.go.
    fn plain(self) -> &'static [u8] {
        match self {
            Part::Path => b"$&+,-./:;=@_~",
            Part::PathSegment => b"$&+-.:=@_~",
            Part::Host | Part::Zone => b"!\"$&'()*+,-.:;<=>[]_~",
            Part::UserPassword => b"$&+,-.;=_~",
            Part::QueryComponent => b"-._~",
            Part::Fragment => b"!$&()*+,-./:;=?@_~",
        }
    }

    fn must_escape(self, c: u8) -> bool {
        !c.is_ascii_alphanumeric() && !self.plain().contains(&c)
    }
}

/// A parsed URL, each part as Go's `url.URL` has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Go's")]
pub struct Url {
    pub scheme: Vec<u8>,
    pub opaque: Vec<u8>,
    pub user: Option<Userinfo>,
    pub host: Vec<u8>,
    pub path: Vec<u8>,
    pub raw_path: Vec<u8>,
    pub fragment: Vec<u8>,
    pub raw_fragment: Vec<u8>,
    pub raw_query: Vec<u8>,
    pub force_query: bool,
    pub omit_host: bool,
}

/// User name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Go's")]
pub struct Userinfo {
    pub username: Vec<u8>,
    pub password: Option<Vec<u8>>,
}

/// Go: `url.QueryEscape` and `url.PathEscape`, by the part.
pub fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &c in text {
        match c {
            b' ' if part == Part::QueryComponent => out.push(b'+'),
            _ if part.must_escape(c) => out.extend(format!("%{c:02X}").bytes()),
            _ => out.push(c),
        }
    }
    out
}

/// Go: `url.QueryUnescape` and `url.PathUnescape`, by the part; the error is Go's text.
pub fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let c = text[at];
        match c {
            b'%' => {
                let invalid = |end: usize| {
                    let end = end.min(text.len());
                    Err(format!("invalid URL escape {}", quote(&text[at..end])))
                };
                let hex = |at: usize| text.get(at).and_then(|c| (*c as char).to_digit(16));
                let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2)) else { return invalid(at + 3) };
                let value = (high * 16 + low) as u8;
                let percent = value == b'%';
                let bad_zone = !percent && value != b' ' && Part::Host.must_escape(value);
                if part == Part::Host && high < 8 && !percent || part == Part::Zone && bad_zone {
                    return invalid(at + 3);
                }
                out.push(value);
                at += 2;
            }
            b'+' if part == Part::QueryComponent => out.push(b' '),
            _ if in_host && c.is_ascii() && part.must_escape(c) => {
                return Err(format!("invalid character {} in host name", quote(&[c][..])));
            }
            _ => out.push(c),
        }
        at += 1;
    }
    Ok(out)
}

/// The two sides of the first such byte; the second empty when there is none.
fn cut(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|c| *c == separator) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, b""),
    }
}

/// Go: `url.Parse`; the error is Go's text.
pub fn parse(raw: &[u8]) -> Result<Url, String> {
    let (before, fragment) = cut(raw, b'#');
    let fail = |url: &[u8], why: String| format!("parse {}: {why}", quote(url));
    let mut url = parse_before_fragment(before).map_err(|why| fail(before, why))?;
    if !fragment.is_empty() {
        url.fragment = unescape(fragment, Part::Fragment).map_err(|why| fail(raw, why))?;
        if escape(&url.fragment, Part::Fragment) != fragment {
            url.raw_fragment = fragment.to_vec();
        }
    }
    Ok(url)
}

fn parse_before_fragment(raw: &[u8]) -> Result<Url, String> {
    if raw.iter().any(u8::is_ascii_control) {
        return Err("net/url: invalid control character in URL".into());
    }
    let mut url = Url::default();
    if raw == b"*" {
        url.path = raw.to_vec();
        return Ok(url);
    }
    let (scheme, mut rest) = scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    if rest.ends_with(b"?") && rest.iter().filter(|c| **c == b'?').count() == 1 {
        url.force_query = true;
        rest = &rest[..rest.len() - 1];
    } else {
        let query;
        (rest, query) = cut(rest, b'?');
        url.raw_query = query.to_vec();
    }
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
        let authority = &rest[2..];
        let end = authority.iter().position(|c| *c == b'/').unwrap_or(authority.len());
        rest = &authority[end..];
        (url.user, url.host) = parse_authority(&url.scheme, &authority[..end])?;
    } else if !url.scheme.is_empty() && rest.starts_with(b"/") {
        url.omit_host = true;
    }
    url.path = unescape(rest, Part::Path)?;
    if escape(&url.path, Part::Path) != rest {
        url.raw_path = rest.to_vec();
    }
    Ok(url)
}

/// Go: `getScheme`: the scheme and what follows it.
fn scheme(raw: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, c) in raw.iter().enumerate() {
        match c {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&raw[..at], &raw[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", raw))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<Userinfo>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|c| *c == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let host = parse_host(scheme, &authority[at + 1..])?;
    let userinfo = &authority[..at];
    let valid = |c: &u8| c.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(c);
    if !userinfo.iter().all(valid) {
        return Err("net/url: invalid userinfo".into());
    }
    let (username, password) = cut(userinfo, b':');
    let username = unescape(username, Part::UserPassword)?;
    let password = match userinfo.contains(&b':') {
        true => Some(unescape(password, Part::UserPassword)?),
        false => None,
    };
    Ok((Some(Userinfo { username, password }), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    let invalid_port = |port: &[u8]| Err(format!("invalid port {} after host", quote(port)));
    match host.iter().rposition(|c| *c == b'[') {
        Some(0) => {}
        Some(_) => return Err("invalid IP-literal".into()),
        None => {
            if let Some(first) = host.iter().position(|c| *c == b':') {
                let strict = scheme == b"http" || scheme == b"https";
                let last = host.iter().rposition(|c| *c == b':').unwrap_or(first);
                let port = &host[if strict { first } else { last }..];
                if !valid_optional_port(port) {
                    return invalid_port(port);
                }
            }
            return unescape(host, Part::Host);
        }
    }
    let Some(close) = host.iter().rposition(|c| *c == b']') else {
        return Err("missing ']' in host".into());
    };
    let port = &host[close + 1..];
    if !valid_optional_port(port) {
        return invalid_port(port);
    }
    let inner = &host[1..close];
    let zone = inner.windows(3).position(|part| part == b"%25").unwrap_or(inner.len());
    let mut name = unescape(&inner[..zone], Part::Host)?;
    name.extend(unescape(&inner[zone..], Part::Zone)?);
    match parse_addr(&name).map_err(|why| format!("invalid host: {why}"))? {
        Addr::V4(_) => Err("invalid IP-literal".into()),
        Addr::V6(..) => Ok([b"[", name.as_slice(), b"]", port].concat()),
    }
}

/// Go: `validOptionalPort`: nothing, or a colon and digits.
fn valid_optional_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Go: `validEncoded`: whether the text may stand as it is, written by hand.
fn valid_encoded(text: &[u8], part: Part) -> bool {
    text.iter().all(|c| b"!$&'()*+,;=:@[]%".contains(c) || !part.must_escape(*c))
}

/// Go: `EscapedPath` and `EscapedFragment`: the text as it was written, where that still means the same.
fn escaped(raw: &[u8], text: &[u8], part: Part) -> Vec<u8> {
    let as_written = !raw.is_empty()
        && valid_encoded(raw, part)
        && unescape(raw, part).is_ok_and(|unescaped| unescaped == text);
    if as_written { raw.to_vec() } else { escape(text, part) }
}

/// Go: `resolvePath`: the path of a reference below a base, without dots.
fn resolve_path(base: &[u8], reference: &[u8]) -> Vec<u8> {
    let full = match reference {
        [] => base.to_vec(),
        [b'/', ..] => reference.to_vec(),
        _ => {
            let folder = base.iter().rposition(|c| *c == b'/').map_or(0, |at| at + 1);
            [&base[..folder], reference].concat()
        }
    };
    if full.is_empty() {
        return full;
    }
    let mut out = vec![b'/'];
    let mut first = true;
    for element in full.split(|c| *c == b'/') {
        match element {
            b"." => first = false,
            b".." => {
                out.truncate(out[1..].iter().rposition(|c| *c == b'/').map_or(1, |at| at + 1));
                first = out.len() == 1;
            }
            _ => {
                if !first {
                    out.push(b'/');
                }
                out.extend_from_slice(element);
                first = false;
            }
        }
    }
    if full.ends_with(b"/.") || full.ends_with(b"/..") || matches!(full.as_slice(), b"." | b"..") {
        out.push(b'/');
    }
    if out.starts_with(b"//") {
        out.remove(0);
    }
    out
}

impl Userinfo {
    /// Go: `Userinfo.String`.
    pub fn print(&self) -> Vec<u8> {
        let mut out = escape(&self.username, Part::UserPassword);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::UserPassword));
        }
        out
    }
}

impl Url {
    /// Go: `URL.Hostname`.
    pub fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = host.iter().rposition(|c| *c == b':')
            && valid_optional_port(&host[colon..])
        {
            host = &host[..colon];
        }
        match host {
            [b'[', inner @ .., b']'] => inner,
            _ => host,
        }
    }

    /// Go: `URL.ResolveReference`: what a reference means on a page of this URL.
    pub fn resolve_reference(&self, reference: &Url) -> Url {
        let mut url = reference.clone();
        if reference.scheme.is_empty() {
            url.scheme.clone_from(&self.scheme);
        }
        let written = escaped(&reference.raw_path, &reference.path, Part::Path);
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            url.set_path(resolve_path(&written, b""));
            return url;
        }
        if !reference.opaque.is_empty() {
            (url.user, url.host, url.path) = Default::default();
            return url;
        }
        if reference.path.is_empty() && !reference.force_query && reference.raw_query.is_empty() {
            url.raw_query.clone_from(&self.raw_query);
            if reference.fragment.is_empty() {
                url.fragment.clone_from(&self.fragment);
                url.raw_fragment.clone_from(&self.raw_fragment);
            }
        }
        if reference.path.is_empty() && !self.opaque.is_empty() {
            url.opaque.clone_from(&self.opaque);
            (url.user, url.host, url.path) = Default::default();
            return url;
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        url.set_path(resolve_path(&escaped(&self.raw_path, &self.path, Part::Path), &written));
        url
    }

    /// Go: `URL.setPath`; the path is escaped as it may be.
    fn set_path(&mut self, written: Vec<u8>) {
        let Ok(path) = unescape(&written, Part::Path) else { return };
        self.raw_path = if escape(&path, Part::Path) == written { Vec::new() } else { written };
        self.path = path;
    }

    /// Go: `URL.String`.
    pub fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.print_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.raw_query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escaped(&self.raw_fragment, &self.fragment, Part::Fragment));
        }
        out
    }

    fn print_hierarchy(&self, out: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || !self.scheme.is_empty() && !self.omit_host && !self.path.is_empty() {
            out.extend_from_slice(b"//");
            if let Some(user) = &self.user {
                out.extend(user.print());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = match self.path.as_slice() {
            b"*" if self.raw_path.is_empty() => b"*".to_vec(),
            path => escaped(&self.raw_path, path, Part::Path),
        };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}
