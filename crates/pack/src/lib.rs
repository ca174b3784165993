//! The file format of the pack: everything a merchant publishes to every shopper alike.
//!
//! A pack file is a header, a section table and sections of fixed-size little-endian records
//! ([`file`]). [`core`] holds all that is needed to decide a homepage, [`items`] product cards and
//! neighbours, [`index`] finds a product's dense id, [`directory`] lists the hashes of many small
//! files. Readers borrow from untrusted bytes: they either open or report an [`ErrorCode`] and an
//! offset, and never allocate.
//!
//! *Invariants.* Nothing here allocates in proportion to a length field that was not checked, and
//! nothing here knows serde, JSON, time or cryptography. [`model`] has the one library, `libm`.

pub mod blocks;
mod check;
pub mod columns;
pub mod core;
mod crc;
pub mod directory;
pub mod error;
pub mod file;
pub mod index;
pub mod items;
pub mod kinds;
#[cfg(feature = "encode")]
pub mod knowledge;
pub mod limits;
pub mod model;
pub mod neighbours;
pub mod opened;
pub mod pattern;
pub mod program;
pub mod record;
mod rules;
pub mod scoring;
pub mod sort;
mod varint;

pub use crc::crc32;
pub use error::{Error, ErrorCode};
pub use opened::{Opened, OpenedCore, OpenedDirectory, OpenedIndex, OpenedItems};
