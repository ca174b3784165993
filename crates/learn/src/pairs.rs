//! Pairs of products and how they met: counted group by group, sorted by external runs, read row by row.
//!
//! [`crate::neighbours`] counts row by row instead where the places of all products fit into memory; both come to the
//! same sums.

use std::sync::Arc;

use crate::error::Error;
use crate::groups::{Groups, Occurrences};
use crate::neighbours::{self, Counted, Rows};
use crate::shares::{Shares, ages};
use crate::spill::{Folder, Sorted, Sorter, spilled};
use crate::weights::Weights;

/// Threads that count.
const THREADS: usize = 2;
/// Bytes that counting row by row takes of an entry, and of a product.
const PLACE_BYTES: u64 = 8;
const PRODUCT_BYTES: u64 = 40;

/// Where counting may leave what memory does not hold, and how much that may be.
#[derive(Clone, Debug)]
pub struct Room {
    /// Folder of the runs.
    pub folder: Arc<Folder>,
    /// Bytes that counting may take.
    pub bytes_max: u64,
}

impl Room {
    /// The rows of the wanted (row, neighbour) pairs: counted row by row where there is room, else with runs on disk. Both
    /// give the same.
    ///
    /// # Errors
    /// A run cannot be written or read.
    pub fn rows(
        &self,
        groups: &Groups,
        item_count: usize,
        weights: &Weights,
        wanted: &(dyn Fn(u32, u32) -> bool + Sync),
    ) -> Result<(Rows, Vec<u32>), Error> {
        let bytes = groups.entries() as u64 * PLACE_BYTES + item_count as u64 * PRODUCT_BYTES;
        if bytes <= self.bytes_max {
            let places = Occurrences::new(groups, item_count);
            return Ok((neighbours::rows(groups, &places, weights, wanted, &|_| true), places.supports()));
        }
        let supports = groups.supports(item_count);
        let pairs = count(groups, weights, wanted, &self.folder, self.bytes_max)?;
        Ok((neighbours::rows_of(pairs, weights, &supports)?, supports))
    }
}

spilled! {
    /// What is known of two products, in this order, after some of the groups. 32 bytes.
    pub struct Pair {
        /// Whose row it is.
        pub row: u32,
        /// The neighbour.
        pub other: u32,
        /// First group that held both.
        pub first: u32,
        /// Last group that held both.
        pub last: u32,
        /// Groups that held both.
        pub shared: u32,
        /// Sum of the shares, saturating.
        pub weight: u64,
    }

    fn absorb(&mut self, next: &Self) -> bool {
        let same = (self.row, self.other) == (next.row, next.other);
        if same {
            // The order is by first group, so that a group cut in two by the end of a run is counted once.
            self.shared += next.shared - u32::from(self.last == next.first);
            self.last = self.last.max(next.last);
            self.weight = self.weight.saturating_add(next.weight);
        }
        same
    }
}

/// Counts the wanted (row, neighbour) pairs of groups, holding at most `bytes_max` bytes of them at a time.
///
/// # Errors
/// A run cannot be written or read.
pub fn count(
    groups: &Groups,
    weights: &Weights,
    wanted: &(dyn Fn(u32, u32) -> bool + Sync),
    folder: &Arc<Folder>,
    bytes_max: u64,
) -> Result<Sorted<Pair>, Error> {
    let (shares, ages) = (Shares::new(weights), ages(groups));
    let counted = |range: std::ops::Range<usize>| -> Result<Sorter<Pair>, Error> {
        let mut sorter = Sorter::new(folder, bytes_max / THREADS as u64);
        for group in range {
            let items = groups.get(group);
            let share = shares.of_group(ages[group], items.len());
            let reach = weights.distance_max as usize;
            for (at, row) in items.iter().enumerate() {
                let until = at.saturating_add(reach).saturating_add(1).min(items.len());
                for (to, other) in items.iter().enumerate().take(until).skip(at.saturating_sub(reach)) {
                    let near = shares.of_pair(at, to);
                    if near > 0 && wanted(*row, *other) {
                        let group = group as u32;
                        let (row, other, weight) = (*row, *other, share * near);
                        sorter.push(Pair { row, other, first: group, last: group, shared: 1, weight })?;
                    }
                }
            }
        }
        Ok(sorter)
    };
    let middle = groups.len() / THREADS;
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| counted(middle..groups.len()));
        (counted(0..middle), second.join().expect("counting does not panic"))
    });
    let mut sorter = first?;
    sorter.append(second?)?;
    sorter.sorted()
}

/// Reads sorted pairs row by row.
pub struct ByRow<I: Iterator<Item = Result<Pair, Error>>>(std::iter::Peekable<I>);

impl<I: Iterator<Item = Result<Pair, Error>>> ByRow<I> {
    /// Rows of pairs that are sorted.
    pub fn new(pairs: I) -> Self {
        Self(pairs.peekable())
    }
}

impl<I: Iterator<Item = Result<Pair, Error>>> Iterator for ByRow<I> {
    type Item = Result<(u32, Vec<Counted>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = match self.0.next()? {
            Ok(pair) => pair,
            Err(error) => return Some(Err(error)),
        };
        let counted = |Pair { other, first, shared, weight, .. }: Pair| Counted {
            item: other,
            witness: first,
            shared,
            weight,
        };
        let mut row = vec![counted(first)];
        let same = |pair: &Result<Pair, Error>| pair.as_ref().is_ok_and(|pair| pair.row == first.row);
        while let Some(Ok(pair)) = self.0.next_if(same) {
            row.push(counted(pair));
        }
        Some(Ok((first.row, row)))
    }
}
