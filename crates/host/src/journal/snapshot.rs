//! A snapshot: the memory, and how far each writer is folded into it. Written once, never changed.
//!
//! ```text
//! version u8 = 1, epoch u32, generation u32, folded u64,
//! coverage, memory (memory::codec), CRC-32 u32 over all before
//! ```
//! All little endian, then base64.

use crate::engine::memory::Memory;
use crate::engine::memory::codec::{Codec, Coded};

use super::coverage::Coverage;
use super::segment::{Refusal, fixed_long, fixed_word, sealed, unsealed};

/// The format version written.
pub const VERSION: u8 = 1;
/// Most bytes of the memory in a snapshot.
pub const MEMORY_BYTES_MAX: usize = 20_000;

/// A snapshot's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Epoch it belongs to.
    pub epoch: u32,
    /// One more than that of the snapshot it was made from.
    pub generation: u32,
    /// Records ever folded into it; more is better.
    pub folded: u64,
    /// Which ones.
    pub coverage: Coverage,
    /// What they add up to.
    pub memory: Memory,
}

impl Snapshot {
    /// The text to store. The memory's oldest raw events may become totals to fit.
    #[must_use]
    pub fn text(&mut self) -> String {
        let _ = self.memory.snapshot(MEMORY_BYTES_MAX);
        sealed(VERSION, self)
    }

    /// The snapshot of a stored text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        unsealed(VERSION, text)
    }
}

impl Coded for Snapshot {
    fn blank() -> Self {
        Self::default()
    }

    fn walk(&mut self, codec: &mut Codec<'_>) {
        fixed_word(codec, &mut self.epoch);
        fixed_word(codec, &mut self.generation);
        fixed_long(codec, &mut self.folded);
        codec.value(&mut self.coverage);
        codec.value(&mut self.memory);
    }
}
