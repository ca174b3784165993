//! Index files: from a product id to its dense id, by hash.

use crate::check::sorted;
use crate::core::Meta;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::record::record;

record! {
    /// A product by the hash of its id; confirm with the card's id.
    IndexEntry {
        /// [`hash`] of the product id.
        hash: u32,
        /// Dense id.
        dense: u32,
    }
}

file! {
    /// Index file: entries sorted by (hash, dense).
    Index = Index, builder IndexBuilder {
        /// Entries, ascending.
        entries: IndexEntry = 1,
    }
}

/// FNV-1a, 32 bits, of the product id's UTF-8 bytes.
#[must_use]
pub fn hash(item: &str) -> u32 {
    item.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl<'a> Index<'a> {
    fn check(&self) -> Result<(), Error> {
        sorted(&self.entries, |before, after| (before.hash, before.dense) < (after.hash, after.dense))
    }

    /// Checks that this is file `number` of the catalogue that the core file's meta describes.
    ///
    /// # Errors
    /// `Foreign` when an entry belongs to another file, `Reference` when its product does not exist.
    pub fn belongs(&self, meta: &Meta, number: u32) -> Result<(), Error> {
        for (at, entry) in self.entries.iter().enumerate() {
            let code = match entry.hash.checked_rem(meta.index_files) {
                Some(file) if file == number && entry.dense < meta.item_count => continue,
                Some(file) if file == number => ErrorCode::Reference,
                _ => ErrorCode::Foreign,
            };
            return Err(Error::at(code, self.entries.offset(at)));
        }
        Ok(())
    }
}
