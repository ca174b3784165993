//! A segment: up to 64 records that one writer appended.
//!
//! ```text
//! version u8 = 1, epoch u32, writer u64, number u32, last append i64 (Unix ms),
//! records (count and records, memory::codec), CRC-32 u32 over all before
//! ```
//! All little endian, then base64.

use crate::base64;
use crate::engine::memory::Event;
use crate::engine::memory::codec::{Decoder, Encoder};
use crate::engine::pack::crc32;

use super::keys::Writer;

/// The format version written.
pub const VERSION: u8 = 1;
/// Most records of a segment.
pub const RECORDS_MAX: usize = 64;
/// Longest text of a segment, characters.
pub const TEXT_MAX: usize = 2_048;

/// A value that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Written by a newer version: leave it alone.
    Version,
    /// Damaged: it may go.
    Damaged,
}

/// A segment's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Epoch it belongs to.
    pub epoch: u32,
    /// Who writes it.
    pub writer: Writer,
    /// Which of the writer's segments, from 0.
    pub number: u32,
    /// When the last record was appended, Unix milliseconds.
    pub appended_ms: i64,
    /// The records.
    pub records: Vec<Event>,
}

impl Segment {
    /// The text to store.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.extend_from_slice(&self.writer.0.to_le_bytes());
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.appended_ms.to_le_bytes());
        let mut records = Encoder::default();
        records.put(&self.records);
        bytes.extend_from_slice(&records.finish());
        sealed(bytes)
    }

    /// The segment of a stored text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let bytes = unsealed(text, VERSION)?;
        let (epoch, rest) = take(&bytes)?;
        let (writer, rest) = take(rest)?;
        let (number, rest) = take(rest)?;
        let (appended_ms, rest) = take(rest)?;
        let mut records = Decoder::new(rest);
        let segment = Self {
            epoch: u32::from_le_bytes(epoch),
            writer: Writer(u64::from_le_bytes(writer)),
            number: u32::from_le_bytes(number),
            appended_ms: i64::from_le_bytes(appended_ms),
            records: records.take().ok_or(Refusal::Damaged)?,
        };
        let fits = records.is_empty() && segment.records.len() <= RECORDS_MAX;
        fits.then_some(segment).ok_or(Refusal::Damaged)
    }
}

/// Appends the checksum and turns it into text.
pub(super) fn sealed(mut bytes: Vec<u8>) -> String {
    let sum = crc32(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    base64::encode(&bytes)
}

/// The bytes between version and checksum, if both hold.
pub(super) fn unsealed(text: &str, version: u8) -> Result<Vec<u8>, Refusal> {
    let mut bytes = base64::decode(text).ok_or(Refusal::Damaged)?;
    let sum_at = bytes.len().checked_sub(4).ok_or(Refusal::Damaged)?;
    let sum = bytes.split_off(sum_at);
    if crc32(&bytes).to_le_bytes() != sum[..] {
        return Err(Refusal::Damaged);
    }
    match bytes.first() {
        Some(found) if *found == version => {}
        Some(_) => return Err(Refusal::Version),
        None => return Err(Refusal::Damaged),
    }
    bytes.remove(0);
    Ok(bytes)
}

/// The first `N` bytes and the rest.
pub(super) fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), Refusal> {
    bytes.split_first_chunk().map(|(head, rest)| (*head, rest)).ok_or(Refusal::Damaged)
}
