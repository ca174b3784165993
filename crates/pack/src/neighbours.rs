//! Rows of neighbours, read in place: delta-coded dense ids in groups of one score.
//!
//! ```text
//! row     length varint (bytes that follow), then groups, best score first
//! group   head u8 (score, 1..=15, plus 16 x (neighbours - 1)); absent in tiered rows, whose groups follow TIERS
//!         first dense id: zigzag varint of its distance from the row's own dense id
//!         the others: ascending, varint of the distance from the one before, minus 1
//! ```
//! In a tiered row the last group may hold fewer neighbours than its tier; after the last tier it repeats.

use crate::error::ErrorCode;
use crate::limits;
use crate::varint::Bytes;
#[cfg(feature = "encode")]
use crate::varint::varint;

/// Most cards of a block: what is stepped over to find a row.
pub const BLOCK_CARDS: usize = 16;
/// Heads of the groups of tiered rows: 1, 2, 3, 5 and 16 neighbours with scores 15, 14, 12, 11 and 10.
pub const TIERS: [u8; 5] = [15, 16 + 14, 32 + 12, 64 + 11, 240 + 10];

/// The next row; none at the end. A row that is cut short is given as far as it goes, with a byte that no row ends in.
pub(crate) fn next_row<'a>(bytes: &mut Bytes<'a>) -> Option<&'a [u8]> {
    if bytes.0.is_empty() {
        return None;
    }
    let length = bytes.varint().map_or(usize::MAX, |length| length as usize);
    match bytes.take(length) {
        Some(row) => Some(row),
        None => {
            bytes.0 = &[];
            Some(&[128])
        }
    }
}

/// The neighbours of one product in one table, as they lie in their file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// [`crate::kinds::NeighbourKind`] of the table.
    pub kind: u8,
    pub(crate) bytes: &'a [u8],
    /// The product's own dense id.
    pub(crate) own: u32,
    pub(crate) tiered: bool,
}

impl Row<'_> {
    /// Calls `each` with dense id and score of every neighbour, best score first; false when the bytes are not whole
    /// groups. A score is a strength 1..=15, comparable inside one table; its weight is [`crate::scoring::strength`].
    /// Allocates nothing. Inlined: it is the inner loop of recommending.
    #[inline(always)]
    pub fn each(self, mut each: impl FnMut(u32, u8)) -> bool {
        let mut rest = Bytes(self.bytes);
        let (mut tier, mut head, mut left, mut dense) = (0, 0, 0, 0);
        while let [first, after @ ..] = rest.0 {
            if left == 0 {
                if self.tiered {
                    head = TIERS[tier.min(4)];
                    tier += 1;
                } else {
                    (head, rest.0) = (*first, after);
                }
                let Some(far) = rest.long_varint() else { return false };
                left = u32::from(head >> 4);
                dense = self.own.wrapping_add(far >> 1 ^ (far & 1).wrapping_neg());
            } else {
                let Some(far) = rest.varint() else { return false };
                left -= 1;
                dense = dense.wrapping_add(far).wrapping_add(1);
            }
            each(dense, head & 15);
        }
        left == 0 || self.tiered
    }

    /// Why a row of a file under validation is refused, unless it decodes to its end, every score counts and every id
    /// is below `count`.
    pub(crate) fn refusal(self, count: u32) -> Option<ErrorCode> {
        let (mut found, mut refused) = (0, None);
        let whole = self.each(|dense, score| {
            found += 1;
            if score == 0 {
                refused = refused.or(Some(ErrorCode::Value));
            } else if dense >= count {
                refused = refused.or(Some(ErrorCode::Reference));
            }
        });
        if found > limits::NEIGHBOURS_MAX {
            refused = refused.or(Some(ErrorCode::Limit));
        }
        if whole { refused } else { refused.or(Some(ErrorCode::Value)) }
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
