//! Directory files: hashes and lengths of up to [`PAGE_FILES`] small files, so that a manifest stays
//! small at any catalogue size.
//!
//! The pages over the files of a kind are a tree, numbered level by level: first those that list the files, then those
//! that list these pages, and so on until there are no more than [`MANIFEST_PAGES`], which the manifest lists.

use std::iter::successors;
use std::ops::Range;

use crate::check;
use crate::error::Error;
use crate::file::file;
use crate::limits;
use crate::record::record;
use crate::rules::at_most;

/// Files that one directory page lists.
pub const PAGE_FILES: u32 = 64;
/// Most pages of a kind that a manifest lists.
pub const MANIFEST_PAGES: u32 = 32;

/// The levels of the pages over so many files of a kind: numbers of their pages, the manifest's level last.
pub fn levels(files: u32) -> impl Iterator<Item = Range<u32>> {
    let over = |count: u32, first: u32| first..first + count.div_ceil(PAGE_FILES);
    successors(Some(over(files, 0)), move |level| {
        let pages = level.end - level.start;
        (pages > MANIFEST_PAGES).then(|| over(pages, level.end))
    })
}

record! {
    /// One file of the pack: its name carries the hash, its bytes must match it.
    DirectoryEntry {
        /// First 16 bytes of the file's SHA-256, little endian.
        hash: u128,
        /// Length in bytes.
        length: u32 => &[at_most(limits::FILE_BYTES_MAX)],
    }
}

file! {
    /// Directory file.
    Directory = Directory, builder DirectoryBuilder {
        /// Of the files, or of the pages one level below, those from `PAGE_FILES` times the place of this page in its level.
        entries: DirectoryEntry = 1,
    }
}

impl Directory<'_> {
    fn check(&self) -> Result<(), Error> {
        check::at_most(&self.entries, PAGE_FILES as usize)
    }
}
