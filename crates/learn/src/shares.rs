//! Weights in whole numbers, so that every engine that counts comes to the same sums, in any order.
//!
//! The weight of a pair is the product of three shares: of the group's age, of its size, and of the distance in it.

use crate::groups::Groups;
use crate::weights::Weights;

/// Ages that are told apart: the oldest 256th of the groups is age 0.
pub const AGES: u64 = 256;
/// Larger groups weigh what groups of this size do.
pub const SIZE_MAX: usize = 512;
/// Entries farther apart weigh what entries this far apart do, unless they count as not together.
pub const DISTANCE_MAX: usize = 512;
/// Share of the newest groups.
const AGE_ONE: f64 = 1024.0;
/// Share of groups of one entry, and of neighbouring entries. A pair weighs at most 2^36: 2^27 of them fit into 63 bits.
const ONE: f64 = 8192.0;
/// The weight of one pair at full share.
pub const PAIR_ONE: f64 = AGE_ONE * ONE * ONE;

/// What [`Weights`] say of ages, sizes and distances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// By age, [`AGES`] of them, oldest first.
    pub ages: Vec<u64>,
    /// By size, 0 ..= [`SIZE_MAX`].
    pub sizes: Vec<u64>,
    /// By distance to what came after, from 0; the last holds for all that is farther.
    pub ahead: Vec<u64>,
    /// By distance to what came before; all zero when that does not count.
    pub behind: Vec<u64>,
}

impl Shares {
    /// The shares of such weights.
    #[must_use]
    pub fn new(weights: &Weights) -> Self {
        let whole =
            |share: f64, one: f64| if share > 0.0 { (share * one).round().max(1.0) as u64 } else { 0 };
        let age = |age: u64| {
            let left = 1.0 - (age as f64 + 0.5) / AGES as f64;
            whole((-weights.age_decay * left).exp(), AGE_ONE)
        };
        let size = |size: usize| whole((size.max(1) as f64).powf(-weights.size_power), ONE);
        let farthest = DISTANCE_MAX.min(weights.distance_max as usize);
        let distances = |unit: f64| {
            let share = |distance: usize| unit * (distance.max(1) as f64).powf(-weights.distance_power);
            (0..=farthest).map(|distance| whole(share(distance), ONE)).collect()
        };
        Self {
            ages: (0..AGES).map(age).collect(),
            sizes: (0..=SIZE_MAX).map(size).collect(),
            ahead: distances(1.0),
            behind: distances(weights.backward),
        }
    }

    /// The share of a group.
    #[must_use]
    pub fn of_group(&self, age: u8, size: usize) -> u64 {
        self.ages[usize::from(age)] * self.sizes[size.min(SIZE_MAX)]
    }

    /// The share of two entries of a group by their positions.
    #[must_use]
    pub fn of_pair(&self, from: usize, to: usize) -> u64 {
        let shares = if to < from { &self.behind } else { &self.ahead };
        shares[from.abs_diff(to).min(shares.len() - 1)]
    }
}

/// Age of every group: how many of [`AGES`] equal parts of the groups are older. Groups of one second are of one age;
/// groups without a time are as old as their place says.
#[must_use]
pub fn ages(groups: &Groups) -> Vec<u8> {
    let count = groups.len().max(1) as u64;
    let mut first = 0;
    let age = |at: usize| {
        let time_s = groups.time_s(at);
        if at == 0 || time_s == 0 || time_s != groups.time_s(at - 1) {
            first = at as u64;
        }
        (first * AGES / count) as u8
    };
    (0..groups.len()).map(age).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fall_with_age_size_and_distance() {
        let shares = Shares::new(&Weights::SESSION);
        assert!(shares.ages.is_sorted() && shares.ages[255] == 1022 && shares.ages[0] == 377, "{shares:?}");
        assert!(shares.sizes.is_sorted_by(|left, right| left >= right));
        assert_eq!((shares.ahead.len(), shares.ahead[1], shares.behind[1]), (51, 8192, 6144));
        assert_eq!(shares.of_pair(3, 5), shares.ahead[2]);
        assert_eq!(shares.of_pair(5, 3), shares.behind[2]);
        assert_eq!(shares.of_group(255, 9_999), shares.ages[255] * shares.sizes[SIZE_MAX]);
        let forward = Shares::new(&Weights::VIEWED_THEN_BOUGHT);
        assert!(forward.behind.iter().all(|share| *share == 0));
        let basket = Shares::new(&Weights::BASKET);
        assert!(basket.ahead.iter().chain(&basket.behind).all(|share| *share == 8192));
    }

    #[test]
    fn groups_of_one_second_are_of_one_age() {
        let mut groups = Groups::new();
        for time_s in [0, 0, 7, 7, 7, 9, 9, 12] {
            groups.push(time_s, [1]);
        }
        assert_eq!(ages(&groups), [0, 32, 64, 64, 64, 160, 160, 224]);
    }
}
