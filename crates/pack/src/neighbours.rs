//! Rows of neighbours, read in place: delta-coded dense ids in groups of one score.
//!
//! ```text
//! row     length varint (bytes that follow), then groups, best score first
//! group   head u8 (score, 1..=15, plus 16 x (neighbours - 1)); absent in tiered rows, whose groups follow TIERS
//!         first dense id: zigzag varint of its distance from the row's own dense id
//!         the others: ascending, varint of the distance from the one before, minus 1
//! varint  seven bits a byte, least first, at most five bytes; the high bit says that more follow
//! ```
//! In a tiered row the last group may hold fewer neighbours than its tier; after the last tier it repeats.

use crate::error::ErrorCode;
use crate::limits;

/// Cards of a block: what is stepped over to find a row.
#[cfg(feature = "encode")]
pub const BLOCK_CARDS: usize = 16;
/// Heads of the groups of tiered rows: 1, 2, 3, 5 and 16 neighbours with scores 15, 14, 12, 11 and 10.
pub const TIERS: [u8; 5] = [15, 16 + 14, 32 + 12, 64 + 11, 240 + 10];

/// A neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Dense id.
    pub dense: u32,
    /// Strength 1..=15, comparable inside one table; its weight is [`crate::scoring::strength`].
    pub score: u8,
}

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// The next bytes; none when there are not so many.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// None when it does not end within five bytes or 32 bits.
    pub(crate) fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return (shift < 28 || byte < 16).then_some(value);
            }
        }
        None
    }

    /// The next row; none at the end. A row that is cut short is given as far as it goes, with a byte that no row ends in.
    pub(crate) fn row(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let length = self.varint().map(|length| length as usize).filter(|length| *length <= self.0.len());
        let (row, rest) = self.0.split_at(length.unwrap_or(0));
        self.0 = if length.is_some() { rest } else { &[] };
        Some(if length.is_some() { row } else { &[128] })
    }
}

/// The neighbours of one product, decoded one by one, best score first. Allocates nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neighbours<'a> {
    bytes: Bytes<'a>,
    own: u32,
    /// Next tier, if the scores follow from the rank.
    tier: Option<u8>,
    /// Neighbours that the group still has.
    left: u8,
    current: Option<Neighbour>,
    broken: bool,
}

impl<'a> Neighbours<'a> {
    pub(crate) fn new(row: &'a [u8], own: u32, tiered: bool) -> Self {
        Self { bytes: Bytes(row), own, tier: tiered.then_some(0), ..Self::default() }
    }

    fn step(&mut self) -> Option<Neighbour> {
        let Some(before) = self.current.filter(|_| self.left > 0) else {
            let head = match &mut self.tier {
                Some(tier) => {
                    let head = TIERS.get(usize::from(*tier)).copied().unwrap_or(TIERS[4]);
                    *tier = tier.saturating_add(1);
                    head
                }
                None => self.bytes.byte()?,
            };
            self.left = head >> 4;
            let far = self.bytes.varint()?;
            let dense = self.own.checked_add_signed((far >> 1) as i32 ^ -((far & 1) as i32))?;
            return Some(Neighbour { dense, score: head & 15 });
        };
        self.left -= 1;
        let dense = before.dense.checked_add(self.bytes.varint()?)?.checked_add(1)?;
        Some(Neighbour { dense, ..before })
    }

    /// Why a row of a file under validation is refused, unless it decodes to its end, every score counts and every id
    /// is below `count`.
    pub(crate) fn refusal(mut self, count: u32) -> Option<ErrorCode> {
        let mut found = 0;
        for neighbour in self.by_ref() {
            found += 1;
            if neighbour.score == 0 {
                return Some(ErrorCode::Value);
            }
            if neighbour.dense >= count {
                return Some(ErrorCode::Reference);
            }
        }
        if found > limits::NEIGHBOURS_MAX {
            return Some(ErrorCode::Limit);
        }
        let whole = !self.broken && (self.left == 0 || self.tier.is_some());
        if whole { None } else { Some(ErrorCode::Value) }
    }
}

impl Iterator for Neighbours<'_> {
    type Item = Neighbour;

    fn next(&mut self) -> Option<Neighbour> {
        if self.bytes.0.is_empty() {
            return None;
        }
        self.current = self.step();
        if self.current.is_none() {
            self.broken = true;
            self.bytes = Bytes(&[]);
        }
        self.current
    }
}

/// Whether the scores of a row, best first, are those of the tiers.
#[cfg(feature = "encode")]
#[must_use]
pub fn is_tiered(row: &[(u32, u8)]) -> bool {
    let expected = TIERS.iter().chain(std::iter::repeat(&TIERS[4]));
    let scores = expected.flat_map(|head| std::iter::repeat_n(head & 15, usize::from(head >> 4) + 1));
    row.iter().zip(scores).all(|(neighbour, score)| neighbour.1 == score)
}

/// Appends a row: length and groups. `row` is best first, every score 1..=15.
#[cfg(feature = "encode")]
pub fn encode(row: &[(u32, u8)], own: u32, tiered: bool, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    let mut tiers = TIERS.iter().chain(std::iter::repeat(&TIERS[4]));
    let mut rest = row;
    while let Some((_, score)) = rest.first() {
        let most = if tiered { usize::from(tiers.next().map_or(0, |head| head >> 4)) + 1 } else { 16 };
        let count = rest.iter().take(most).take_while(|neighbour| neighbour.1 == *score).count();
        let mut group: Vec<u32> = rest[..count].iter().map(|neighbour| neighbour.0).collect();
        rest = &rest[count..];
        group.sort_unstable();
        if !tiered {
            body.push(score | ((count as u8 - 1) << 4));
        }
        let far = group[0].wrapping_sub(own) as i32;
        varint(((far << 1) ^ (far >> 31)) as u32, &mut body);
        group.windows(2).for_each(|pair| varint(pair[1] - pair[0] - 1, &mut body));
    }
    varint(body.len() as u32, out);
    out.extend(body);
}

#[cfg(feature = "encode")]
pub(crate) fn varint(mut value: u32, out: &mut Vec<u8>) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}
