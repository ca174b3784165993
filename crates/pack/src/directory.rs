//! Directory files: hashes and lengths of up to [`PAGE_FILES`] small files, so that a manifest stays
//! small at any catalogue size.

use crate::check::{at_most, each};
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::limits;
use crate::record::record;

/// Files that one directory page lists.
pub const PAGE_FILES: u32 = 256;

record! {
    /// One file of the pack: its name carries the hash, its bytes must match it.
    DirectoryEntry {
        /// First 16 bytes of the file's SHA-256, little endian.
        hash: u128,
        /// Length in bytes.
        length: u32,
    }
}

file! {
    /// Directory file.
    Directory = Directory, builder DirectoryBuilder {
        /// Entry k is file number `page * PAGE_FILES + k` of its kind.
        entries: DirectoryEntry = 1,
    }
}

impl<'a> Directory<'a> {
    /// Opens and validates untrusted bytes. Cost: two passes over the bytes; allocates nothing.
    ///
    /// # Errors
    /// The first thing that does not hold, with the offset of the entry it was found in.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let directory = Self::open_sections(bytes)?;
        at_most(&directory.entries, PAGE_FILES as usize)?;
        each(directory.strings, &directory.entries, |spot, entry| {
            spot.require(entry.length as usize <= limits::FILE_BYTES_MAX, ErrorCode::Limit)
        })?;
        Ok(directory)
    }
}
