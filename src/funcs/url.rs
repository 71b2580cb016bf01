//! Sprig's `urlParse` and `urlJoin`.

use crate::func;
use crate::go::url::{self, Url};
use crate::template::func::Func;
use crate::value::{Map, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("urlJoin", "urlJoin DICT: the URL of its parts (sprig: url.go urlJoin)", join(map)),
    func!("urlParse", "urlParse TEXT: the parts of a URL as a dict (sprig: url.go urlParse)", parse(str)),
];

fn parse(text: &Str) -> Result<Map, String> {
    let url = url::parse(text.as_bytes()).map_err(|error| format!("unable to parse url: {error}"))?;
    let hostname = url.hostname().to_vec();
    let userinfo = url.user.as_ref().map(url::Userinfo::print).unwrap_or_default();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.raw_query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    Ok(parts.into_iter().map(|(name, part)| (name, Value::Str(part.into()))).collect())
}

fn join(parts: Map) -> Result<Str, String> {
    let mut url = Url {
        scheme: part(&parts, "scheme")?,
        host: part(&parts, "host")?,
        path: part(&parts, "path")?,
        raw_query: part(&parts, "query")?,
        opaque: part(&parts, "opaque")?,
        fragment: part(&parts, "fragment")?,
        ..Url::default()
    };
    let userinfo = part(&parts, "userinfo")?;
    if !userinfo.is_empty() {
        let text = [b"proto://", userinfo.as_slice(), b"@host"].concat();
        let parsed = url::parse(&text);
        url.user = parsed.map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
    }
    Ok(url.print().into())
}

/// sprig: url.go `dictGetOrEmpty`.
fn part(parts: &Map, key: &str) -> Result<Vec<u8>, String> {
    match parts.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.as_bytes().to_vec()),
        // Go asks the kind of a nil type, which panics.
        Some(Value::Nil) => Err("runtime error: invalid memory address or nil pointer dereference".into()),
        Some(other) => Err(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind().name()
        )),
    }
}
