//! How a file is sent: without what follows from the rest, and the records of each section byte column by byte column, each
//! byte as its difference from the one above it. Such files are a quarter smaller under Brotli.
//!
//! ```text
//! 0   magic             u8 = 0xC1
//! 1   file kind         u8
//! 2   section count     u8
//! ..  for each section  code, i8 for i16; varints: record size, number of records
//! ..  sections          in that order, in columns: the first bytes of all records, then their second bytes, ...
//! ```
//! In each column the first byte is as it is, every other its difference, modulo 256, from the one before it. A section begins
//! with a bit for each column, lowest first, in whole bytes: a column whose bit is 0 is all zeros and left out.

use crate::crc::crc32;
use crate::file::{FORMAT_VERSION, HEADER_BYTES, MAGIC, SECTION_BYTES};
use crate::limits;
#[cfg(feature = "encode")]
use crate::record::Record;
use crate::varint::Bytes;

/// First byte of a file in columns.
pub const COLUMNS_MAGIC: u8 = 0xC1;

/// The file with whole records that one in columns stands for; every other bytes as they are. Total: what does not fit
/// together is left to the readers to refuse. Cost: two passes over the bytes.
#[must_use]
pub fn to_records(bytes: Vec<u8>) -> Vec<u8> {
    if bytes.first() == Some(&COLUMNS_MAGIC) { records(&bytes).unwrap_or(bytes) } else { bytes }
}

fn records(bytes: &[u8]) -> Option<Vec<u8>> {
    let (kind, count) = (*bytes.get(1)?, *bytes.get(2)?);
    if usize::from(count) > limits::SECTIONS_MAX {
        return None;
    }
    let mut rest = Bytes(&bytes[3..]);
    let mut out = [&MAGIC[..], &FORMAT_VERSION.to_le_bytes(), &[kind, 0]].concat();
    out.extend([0; 8]);
    out.extend([count, 0, 0, 0]);
    let mut offset = HEADER_BYTES as u32 + u32::from(count) * SECTION_BYTES as u32;
    for _ in 0..count {
        let code = rest.take(1)?[0] as i8;
        let (size, records) = (rest.varint()?, rest.varint()?);
        let length = size.checked_mul(records)?;
        out.extend(i16::from(code).to_le_bytes());
        out.extend([size as u8, (size >> 8) as u8]);
        out.extend(offset.to_le_bytes());
        out.extend(length.to_le_bytes());
        offset = offset.checked_add(length)?;
    }
    if offset as usize > limits::FILE_BYTES_MAX {
        return None;
    }
    for at in 0..usize::from(count) {
        let entry = HEADER_BYTES + at * SECTION_BYTES;
        let number = |at: usize| usize::from(out[at]) | usize::from(out[at + 1]) << 8;
        let size = number(entry + 2);
        let length = number(entry + 8) | number(entry + 10) << 16;
        let records = length.checked_div(size)?;
        let start = out.len();
        out.resize(start + length, 0);
        let marks = rest.take(size.div_ceil(8))?;
        for column in (0..size).filter(|column| marks[column / 8] >> (column % 8) & 1 == 1) {
            let mut before = 0_u8;
            for (at, difference) in rest.take(records)?.iter().enumerate() {
                before = before.wrapping_add(*difference);
                out[start + at * size + column] = before;
            }
        }
    }
    if !rest.0.is_empty() {
        return None;
    }
    let length = u32::try_from(out.len()).ok()?;
    out[8..12].copy_from_slice(&length.to_le_bytes());
    let checksum = crc32(&out[16..]);
    out[12..16].copy_from_slice(&checksum.to_le_bytes());
    Some(out)
}

/// The opposite of [`to_records`], for a sound file that is about to be published.
#[cfg(feature = "encode")]
#[must_use]
pub fn to_columns(file: &[u8]) -> Vec<u8> {
    let table = HEADER_BYTES..HEADER_BYTES + usize::from(u16::read(&file[16..])) * SECTION_BYTES;
    let sections = file[table].chunks(SECTION_BYTES).map(|entry| {
        let (offset, length) = (u32::read(&entry[4..]) as usize, u32::read(&entry[8..]) as usize);
        (u16::read(entry), usize::from(u16::read(&entry[2..])), &file[offset..offset + length])
    });
    let mut out = vec![COLUMNS_MAGIC, file[6], file[16]];
    for (code, size, records) in sections.clone() {
        out.push(code as u8);
        crate::varint::varint(size as u32, &mut out);
        crate::varint::varint((records.len() / size) as u32, &mut out);
    }
    for (_, size, records) in sections {
        let marks = out.len();
        out.resize(marks + size.div_ceil(8), 0);
        for column in 0..size {
            let bytes = || records.iter().skip(column).step_by(size);
            if bytes().all(|byte| *byte == 0) {
                continue;
            }
            out[marks + column / 8] |= 1 << (column % 8);
            let mut before = 0_u8;
            for byte in bytes() {
                out.push(byte.wrapping_sub(before));
                before = *byte;
            }
        }
    }
    out
}

#[cfg(all(test, feature = "encode"))]
mod tests {
    use super::*;
    use crate::directory::{Directory, DirectoryBuilder, DirectoryEntry};
    use crate::opened::{Opened, OpenedDirectory};

    fn plain() -> Vec<u8> {
        let entries =
            (0..40).map(|at| DirectoryEntry { hash: (at * at) << 9, length: at as u32 * 7 }).collect();
        DirectoryBuilder { entries, ..DirectoryBuilder::default() }.finish()
    }

    #[test]
    fn a_file_in_columns_opens_as_itself() {
        let plain = plain();
        let sent = to_columns(&plain);
        assert!(sent.len() < plain.len() / 2);
        assert!(Directory::open(&sent).is_err(), "readers take whole records alone");
        assert_eq!(to_records(sent.clone()), plain);
        let opened: OpenedDirectory = Opened::open(sent).expect("sound");
        assert_eq!(opened.bytes(), plain);
        assert_eq!(to_records(plain.clone()), plain, "whole records stay");
        // Code 1, 20 bytes, 40 records; string offsets; marks: not the lowest bytes of the hashes, which are all 0.
        let sent = to_columns(&plain);
        assert_eq!(sent[..9], [COLUMNS_MAGIC, 4, 2, 1, 20, 40, 0xF0, 4, 2]);
        assert_eq!(sent[9..12], [0b0000_0110, 0, 0b0000_0011]);
    }

    #[test]
    fn what_does_not_fit_together_is_left_to_the_readers() {
        let plain = plain();
        let sent = to_columns(&plain);
        for length in 0..sent.len() {
            assert!(Directory::open(&to_records(sent[..length].to_vec())).is_err(), "{length}");
        }
        // Whatever stands in the table, it comes to an end within the limit of a file.
        for at in 0..9 {
            for value in 0..=255 {
                let mut odd = sent.clone();
                odd[at] = value;
                let turned = to_records(odd.clone());
                assert!(turned == odd || turned.len() <= limits::FILE_BYTES_MAX, "byte {at} as {value}");
            }
        }
        let mut bomb = sent.clone();
        bomb[5] = 255;
        assert_eq!(to_records(bomb.clone()), bomb, "more records than bytes");
    }
}
