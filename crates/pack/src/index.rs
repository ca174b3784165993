//! Index files: from a product id to its dense id, by hash.

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
