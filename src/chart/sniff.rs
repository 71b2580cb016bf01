//! What kind of file something is that should have been a chart archive. Go: `http.DetectContentType`.

const TAGS: [&str; 17] = [
    "<!DOCTYPE HTML",
    "<HTML",
    "<HEAD",
    "<SCRIPT",
    "<IFRAME",
    "<H1",
    "<DIV",
    "<FONT",
    "<TABLE",
    "<A",
    "<STYLE",
    "<TITLE",
    "<B",
    "<BODY",
    "<BR",
    "<P",
    "<!--",
];

const PLAIN: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xFE\xFF", "text/plain; charset=utf-16be"),
    (b"\xFF\xFE", "text/plain; charset=utf-16le"),
    (b"\xEF\xBB\xBF", "text/plain; charset=utf-8"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x00\x00\x02\x00", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n\x1A\n", "image/png"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"\x1A\x45\xDF\xA3", "video/webm"),
    (b"\x00\x01\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x1F\x8B\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1A\x07\x00", "application/x-rar-compressed"),
    (b"Rar!\x1A\x07\x01\x00", "application/x-rar-compressed"),
    (b"\x00asm", "application/wasm"),
];

/// Containers: what the file starts with, and what stands at the given offset.
const CONTAINERS: &[(&[u8], usize, &[u8], &str)] = &[
    (b"RIFF", 8, b"WEBPVP", "image/webp"),
    (b"FORM", 8, b"AIFF", "audio/aiff"),
    (b"RIFF", 8, b"AVI ", "video/avi"),
    (b"RIFF", 8, b"WAVE", "audio/wave"),
    (b"", 34, b"LP", "application/vnd.ms-fontobject"),
];

/// The media type of a file that starts with these 512 bytes. Go: `http.DetectContentType`.
pub(super) fn content_type(data: &[u8]) -> &'static str {
    let space = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let text = &data[data.iter().take_while(|byte| space(byte)).count()..];
    let is_tag = |tag: &&str| {
        text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
            && text.get(tag.len()).is_some_and(|byte| matches!(byte, b' ' | b'>'))
    };
    if TAGS.iter().any(is_tag) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let plain = PLAIN.iter().find(|(start, _)| data.starts_with(start)).map(|(_, kind)| *kind);
    let container = CONTAINERS.iter().find(|(start, at, inside, _)| {
        data.starts_with(start) && data.get(*at..).is_some_and(|rest| rest.starts_with(inside))
    });
    let binary = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    let fallback =
        if text.iter().any(binary) { "application/octet-stream" } else { "text/plain; charset=utf-8" };
    plain.or(container.map(|(.., kind)| *kind)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn tells_files_apart() {
        assert_eq!(content_type(b"a: 1\n"), "text/plain; charset=utf-8");
        assert_eq!(content_type(b"a: 1\n\0\0"), "application/octet-stream");
        assert_eq!(content_type(b" <html>"), "text/html; charset=utf-8");
        assert_eq!(content_type(b"PK\x03\x04"), "application/zip");
    }
}
