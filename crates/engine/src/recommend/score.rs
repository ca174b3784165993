//! Sums of neighbour strengths, and the best of them first; no allocation when warm.

use std::num::NonZeroU64;

use crate::shelf::Shelf;
use shelfwise_pack::sort::{heap_keys, pop_key};

/// Places of the table; at most half of them are used.
const PLACES: usize = 2_048;
/// Most products scored at once.
const SCORED_MAX: usize = PLACES / 2;
/// Best strength of a product that must not come up.
const BARRED: u32 = u32::MAX;
/// Score of the first product of a list: the second has half of it, and so on.
const LISTED: u32 = 1 << 20;
/// Greatest score that a key has room for; what 16 bits multiply it by stays within 64.
pub(super) const SCORE_MAX: u64 = (1 << 48) - 1;
/// Bits of a dense id ([`crate::pack::limits::ITEMS_MAX`]).
pub(super) const DENSE_BITS: u32 = 24;
pub(super) const DENSE: u32 = (1 << DENSE_BITS) - 1;
/// Bits of a place in [`Scores::scored`].
const PLACE_BITS: u32 = SCORED_MAX.ilog2();
/// Popularity rank of a product whose card is not at hand.
const MISSING: u64 = u64::MAX >> (PLACE_BITS + DENSE_BITS);

/// A product with its sum.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scored {
    pub dense: u32,
    /// Context product that gave most, and the code of the table it gave it from.
    pub because: Option<u32>,
    pub table: u8,
    /// The greatest strength that was given.
    best: u32,
    pub score: u64,
}

impl Scored {
    /// Adds strength, on account of a context product and a table.
    #[inline(always)]
    pub(super) fn add(&mut self, strength: u32, because: u32, table: u8) {
        self.score += u64::from(strength);
        if strength > self.best {
            (self.best, self.because, self.table) = (strength, Some(because), table);
        }
    }
}

/// A candidate that has come up; of one score the greater comes first. Upside down: popularity rank, dense id, and below
/// [`PLACE_BITS`] the place in [`Scores::scored`]; never 0, as the last place never comes up.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Candidate(NonZeroU64);

impl Candidate {
    /// Whether its card is at hand.
    pub(super) fn is_at_hand(self) -> bool {
        !self.0.get() >> (PLACE_BITS + DENSE_BITS) != MISSING
    }
}

/// A small hash table of sums, and a heap of them.
#[derive(Clone, Debug)]
pub(super) struct Scores {
    /// Pass in which the place was used (above), and index into `scored`.
    places: Box<[u32; PLACES]>,
    pass: u32,
    /// The sums of this pass, `count` of them. The last place takes what comes when the others are full, and never comes up.
    scored: Box<[Scored; SCORED_MAX]>,
    count: usize,
    /// How many of them were barred before anything was scored.
    barred: usize,
    /// A heap of `left` keys: score above, place in `scored` below.
    keys: Box<[u64; SCORED_MAX]>,
    left: usize,
    /// A heap of those that had the best score and come next, as in [`Candidate`].
    ties: Vec<u64>,
}

impl Default for Scores {
    fn default() -> Self {
        Self {
            places: Box::new([0; PLACES]),
            pass: 0,
            scored: Box::new([Scored::default(); SCORED_MAX]),
            count: 0,
            barred: 0,
            keys: Box::new([0; SCORED_MAX]),
            left: 0,
            ties: Vec::new(),
        }
    }
}

impl Scores {
    pub(super) fn clear(&mut self) {
        (self.count, self.barred) = (0, 0);
        self.pass = self.pass.wrapping_add(1 << 16);
        if self.pass == 0 {
            self.places.fill(0);
            self.pass = 1 << 16;
        }
    }

    /// The sum of a product, new or not; one that counts for nothing when there are too many.
    #[inline(never)]
    pub(super) fn of(&mut self, dense: u32) -> &mut Scored {
        self.find(dense)
    }

    /// [`Self::of`] for the inner loop.
    #[inline(always)]
    pub(super) fn find(&mut self, dense: u32) -> &mut Scored {
        let mut place = dense.wrapping_mul(0x9E37_79B1) >> 21;
        loop {
            let slot = &mut self.places[place as usize % PLACES];
            let mut at = (*slot ^ self.pass) as usize;
            if at >= SCORED_MAX {
                at = self.count;
                let best = if at == SCORED_MAX - 1 { BARRED } else { 0 };
                if best == 0 {
                    *slot = self.pass | at as u32;
                    self.count += 1;
                }
                self.scored[at % SCORED_MAX] = Scored { dense, best, ..Scored::default() };
                return &mut self.scored[at % SCORED_MAX];
            }
            if self.scored[at % SCORED_MAX].dense == dense {
                return &mut self.scored[at % SCORED_MAX];
            }
            place += 1;
        }
    }

    /// The sum of a candidate.
    pub(super) fn at(&mut self, candidate: Candidate) -> &mut Scored {
        &mut self.scored[!candidate.0.get() as usize % SCORED_MAX]
    }

    /// Lets products never come up. What lies above their dense ids is not looked at.
    #[inline(never)]
    pub(super) fn bar(&mut self, products: &[u32]) {
        products.iter().for_each(|dense| self.of(*dense & DENSE).best = BARRED);
        self.barred = self.count;
    }

    /// Whether a product was barred.
    pub(super) fn is_barred(&mut self, dense: u32) -> bool {
        self.of(dense).best == BARRED
    }

    /// Whether nothing was scored beside what was barred.
    pub(super) fn is_empty(&self) -> bool {
        self.count == self.barred
    }

    /// Scores a product that has no score.
    pub(super) fn put(&mut self, dense: u32, score: u64) {
        let scored = self.of(dense);
        if scored.best == 0 {
            (scored.best, scored.score) = (1, score);
        }
    }

    /// Scores the next product of a list.
    pub(super) fn put_listed(&mut self, dense: u32) {
        let place = self.count - self.barred + 1;
        self.put(dense, (LISTED / place as u32).into());
    }

    /// What was scored comes up from now on.
    pub(super) fn order(&mut self) {
        let mut left = 0;
        for (at, scored) in (0..).zip(&self.scored[..self.count]) {
            if scored.best != BARRED {
                self.keys[left % SCORED_MAX] = scored.score << 16 | at;
                left += 1;
            }
        }
        heap_keys(&mut self.keys[..left]);
        self.left = left;
        self.ties.clear();
    }

    /// Whether the next one has the score of the last.
    pub(super) fn has_tie(&self) -> bool {
        !self.ties.is_empty()
    }

    /// The next best: of the greatest score, then of the best popularity rank, then of the smallest dense id.
    pub(super) fn next(&mut self, shelf: &Shelf) -> Option<Candidate> {
        if self.ties.is_empty() {
            let score = self.keys[0] >> 16;
            while self.left > 0 && self.keys[0] >> 16 == score {
                let best = self.keys[0];
                pop_key(&mut self.keys[..self.left]);
                self.left -= 1;
                let at = best as usize % SCORED_MAX;
                let dense = self.scored[at].dense;
                let rank = shelf.rank(dense).map_or(MISSING, u64::from);
                let below = u64::from(dense & DENSE) << PLACE_BITS | at as u64;
                self.ties.push(!(rank << (PLACE_BITS + DENSE_BITS) | below));
            }
            heap_keys(&mut self.ties);
        }
        pop_key(&mut self.ties);
        self.ties.pop().and_then(NonZeroU64::new).map(Candidate)
    }
}
