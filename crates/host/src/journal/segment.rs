//! A segment: up to 64 records that one writer appended.
//!
//! ```text
//! version u8 = 1, epoch u32, writer u64, number u32, last append i64 (Unix ms),
//! records (count and records, memory::codec), CRC-32 u32 over all before
//! ```
//! All little endian, then base64.

use crate::base64;
use crate::engine::memory::Event;
use crate::engine::memory::codec::{Codec, Coded, Decoder, Encoder};
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
    pub fn text(&mut self) -> String {
        sealed(VERSION, self)
    }

    /// The segment of a stored text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        unsealed(VERSION, text)
    }
}

impl Coded for Segment {
    fn blank() -> Self {
        Self { epoch: 0, writer: Writer(0), number: 0, appended_ms: 0, records: Vec::new() }
    }

    fn walk(&mut self, codec: &mut Codec<'_>) {
        fixed_word(codec, &mut self.epoch);
        fixed_long(codec, &mut self.writer.0);
        fixed_word(codec, &mut self.number);
        let mut appended_ms = self.appended_ms as u64;
        fixed_long(codec, &mut appended_ms);
        self.appended_ms = appended_ms as i64;
        codec.list(&mut self.records);
        if codec.is_reading() && self.records.len() > RECORDS_MAX {
            codec.fail();
        }
    }
}

/// Four bytes, little endian.
pub(super) fn fixed_word(codec: &mut Codec<'_>, value: &mut u32) {
    let mut bytes = value.to_le_bytes();
    codec.raw(&mut bytes);
    *value = u32::from_le_bytes(bytes);
}

/// Eight bytes, little endian.
pub(super) fn fixed_long(codec: &mut Codec<'_>, value: &mut u64) {
    let mut bytes = value.to_le_bytes();
    codec.raw(&mut bytes);
    *value = u64::from_le_bytes(bytes);
}

/// A value as text, between version and checksum.
pub(super) fn sealed(version: u8, value: &mut impl Coded) -> String {
    let mut out = Encoder::default();
    out.append(value);
    let mut bytes = out.finish();
    bytes.insert(0, version);
    bytes.extend_from_slice(&crc32(&bytes).to_le_bytes());
    base64::encode(&bytes)
}

/// The value of a text, if version and checksum hold and nothing else is in it.
pub(super) fn unsealed<T: Coded>(version: u8, text: &str) -> Result<T, Refusal> {
    let bytes = opened(version, text)?;
    let mut from = Decoder::new(&bytes);
    match from.take() {
        Some(value) if from.is_empty() => Ok(value),
        _ => Err(Refusal::Damaged),
    }
}

/// The bytes between version and checksum.
fn opened(version: u8, text: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = base64::decode(text).ok_or(Refusal::Damaged)?;
    let sum_at = bytes.len().checked_sub(4).ok_or(Refusal::Damaged)?;
    let sum = bytes.split_off(sum_at);
    if bytes.is_empty() || crc32(&bytes).to_le_bytes() != sum[..] {
        return Err(Refusal::Damaged);
    }
    if bytes.remove(0) == version { Ok(bytes) } else { Err(Refusal::Version) }
}
