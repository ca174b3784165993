//! Finding files by path, their types, their cache headers, and their compressed form.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Below this a file is sent as it is, bytes.
const COMPRESSED_BYTES_MIN: usize = 1_024;
/// Brotli quality on the fly; a build's own `.br` files are better.
const QUALITY: i32 = 5;
/// Compressed files that are remembered.
const REMEMBERED_MAX: usize = 4_096;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File(PathBuf),
    /// A folder with an `index.html`, asked for without the slash.
    Folder,
    /// Nothing that may be served.
    Nothing,
}

/// What a request's path leads to inside a folder; nothing outside of it, no hidden files.
pub async fn find(root: &Path, path: &str) -> Found {
    let Some(decoded) = decode(path) else { return Found::Nothing };
    let mut target = root.to_owned();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') || part.contains(['\\', '\0', ':']) {
            return Found::Nothing;
        }
        target.push(part);
    }
    let folder = decoded.ends_with('/');
    match tokio::fs::metadata(&target).await {
        Ok(found) if found.is_dir() => {
            let index = target.join("index.html");
            match (index.is_file(), folder) {
                (true, true) => Found::File(index),
                (true, false) => Found::Folder,
                (false, _) => Found::Nothing,
            }
        }
        Ok(found) if found.is_file() && !folder => Found::File(target),
        _ => Found::Nothing,
    }
}

/// Percent-decodes a path; none when it is malformed or no UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or("")
}

/// Type of a file, by its extension.
pub fn content_type(path: &Path) -> &'static str {
    match extension(path) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" => "application/xml",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// A year for names that carry the hash of their content (16 or more hexadecimal digits before the
/// extension), else ask each time.
pub fn cache_control(path: &Path) -> &'static str {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    let hash = stem.rsplit(['-', '.']).next().unwrap_or("");
    let hashed =
        hash.len() >= 16 && hash.len() < stem.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Entity tag of a file's bytes.
pub fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("W/\"{:016x}-{:x}\"", hasher.finish(), bytes.len())
}

/// Brotli forms of files, made once each.
#[derive(Debug, Default)]
pub struct Compressed {
    by_path: Mutex<HashMap<PathBuf, (String, Vec<u8>)>>,
}

impl Compressed {
    /// The Brotli form of a file: the `.br` beside it, else made and remembered; none when it would not help.
    pub fn of(&self, path: &Path, tag: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".br");
        if let Ok(compressed) = std::fs::read(Path::new(&beside)) {
            return Some(compressed);
        }
        let packed = ["png", "jpg", "jpeg", "webp", "avif", "woff2", "gz", "br"].contains(&extension(path));
        if packed || bytes.len() < COMPRESSED_BYTES_MIN {
            return None;
        }
        let mut known = self.by_path.lock().ok()?;
        if let Some((_, compressed)) = known.get(path).filter(|(known, _)| known == tag) {
            return Some(compressed.clone());
        }
        let mut compressed = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality: QUALITY, ..Default::default() };
        {
            let mut writer = brotli::CompressorWriter::with_params(&mut compressed, 4_096, &params);
            writer.write_all(bytes).ok()?;
        }
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(path.to_owned(), (tag.to_owned(), compressed.clone()));
        Some(compressed)
    }
}
