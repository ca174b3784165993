//! A snapshot: the memory, and how far each writer is folded into it. Written once, never changed.
//!
//! ```text
//! version u8 = 1, epoch u32, generation u32, folded u64,
//! coverage, memory (memory::codec), CRC-32 u32 over all before
//! ```
//! All little endian, then base64.

use crate::engine::memory::Memory;
use crate::engine::memory::codec::{Decoder, Encoder};

use super::coverage::Coverage;
use super::segment::{Refusal, sealed, take, unsealed};

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
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&self.folded.to_le_bytes());
        let mut coverage = Encoder::default();
        coverage.put(&self.coverage);
        bytes.extend_from_slice(&coverage.finish());
        bytes.extend_from_slice(&self.memory.snapshot(MEMORY_BYTES_MAX));
        sealed(bytes)
    }

    /// The snapshot of a stored text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let bytes = unsealed(text, VERSION)?;
        let (epoch, rest) = take(&bytes)?;
        let (generation, rest) = take(rest)?;
        let (folded, rest) = take(rest)?;
        let mut body = Decoder::new(rest);
        let snapshot = Self {
            epoch: u32::from_le_bytes(epoch),
            generation: u32::from_le_bytes(generation),
            folded: u64::from_le_bytes(folded),
            coverage: body.take().ok_or(Refusal::Damaged)?,
            memory: body.take().ok_or(Refusal::Damaged)?,
        };
        body.is_empty().then_some(snapshot).ok_or(Refusal::Damaged)
    }
}
