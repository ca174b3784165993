//! A seeded simulator of browsers, tabs and faulty storage, for tests.
//!
//! [`run`] plays one seed: several tabs append, compact, erase, freeze and thaw; between any two accesses
//! of one tab to the store others may do whole operations; the browser crashes and loses up to five
//! seconds of writes, tears keys apart, comes back older or empty; the store is full, the clock jumps.
//! All through, no record that the store acknowledged and kept may be lost or doubled, and nothing
//! erased may return. A failure names its seed and is the same every time.
//!
//! *Invariant.* Only the journal of `shelfwise-host` runs here, never a copy of it.

mod browser;
mod disk;
mod ledger;
mod random;

pub use browser::{Report, run};
