//! Directory files: hashes and lengths of up to [`PAGE_FILES`] small files, so that a manifest stays
//! small at any catalogue size.

use crate::check;
use crate::error::Error;
use crate::file::file;
use crate::limits;
use crate::record::record;
use crate::rules::at_most;

/// Files that one directory page lists.
pub const PAGE_FILES: u32 = 256;

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
        /// Entry k is file number `page * PAGE_FILES + k` of its kind.
        entries: DirectoryEntry = 1,
    }
}

impl Directory<'_> {
    fn check(&self) -> Result<(), Error> {
        check::at_most(&self.entries, PAGE_FILES as usize)
    }
}
