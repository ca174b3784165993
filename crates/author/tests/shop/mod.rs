//! The fixture shop, as files in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// 2026-06-15 00:00 UTC.
#[allow(dead_code, reason = "each test file uses its part of this module")]
pub const NOW_S: i64 = 1_781_481_600;

/// The fixture shop.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    add(&fixture("shop"), "", &mut files);
    files
}

/// The fixture shop with the files of a folder in front of its own.
#[allow(dead_code, reason = "each test file uses its part of this module")]
pub fn overlay(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files();
    add(&fixture(folder), "", &mut files);
    files
}

fn fixture(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder)
}

fn add(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            add(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}
