//! Sums of neighbour strengths, without allocation when warm.

use shelfwise_pack::sort::sort_keys;

/// Places of the table; at most half of them are used.
const PLACES: usize = 2_048;
/// Most products scored at once; what comes later is left out.
const SCORED_MAX: usize = PLACES / 2;

/// A product with its sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scored {
    pub dense: u32,
    pub score: u64,
    /// Popularity, where ties had to be broken.
    pub rank: u32,
    /// Context product that gave most, and the code of the table it gave it from.
    pub because: u32,
    pub table: u8,
    pub best: u32,
}

/// A small hash table of sums, and the order of insertion.
#[derive(Clone, Debug)]
pub(super) struct Scores {
    /// Pass in which the place was used, and index into `list`.
    places: Vec<(u32, u16)>,
    pass: u32,
    list: Vec<Scored>,
    /// Score above, place in `list` below.
    keys: Vec<u64>,
}

impl Default for Scores {
    fn default() -> Self {
        Self {
            places: vec![(0, 0); PLACES],
            pass: 0,
            list: Vec::with_capacity(SCORED_MAX),
            keys: Vec::with_capacity(SCORED_MAX),
        }
    }
}

impl Scores {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.pass = self.pass.wrapping_add(1);
        if self.pass == 0 {
            self.places.fill((0, 0));
            self.pass = 1;
        }
    }

    /// Adds strength to a product, on account of a context product and a table.
    pub(super) fn add(&mut self, dense: u32, strength: u32, because: u32, table: u8) {
        let mut place = (dense.wrapping_mul(0x9E37_79B1) >> 21) as usize;
        loop {
            let (pass, at) = self.places[place];
            if pass != self.pass {
                break;
            }
            let scored = &mut self.list[usize::from(at)];
            if scored.dense == dense {
                scored.score += u64::from(strength);
                if strength > scored.best {
                    (scored.best, scored.because, scored.table) = (strength, because, table);
                }
                return;
            }
            place = (place + 1) % PLACES;
        }
        if self.list.len() < SCORED_MAX {
            self.places[place] = (self.pass, self.list.len() as u16);
            let score = u64::from(strength);
            self.list.push(Scored { dense, score, rank: 0, because, table, best: strength });
        }
    }

    /// Whether a product has a sum.
    pub(super) fn knows(&self, dense: u32) -> bool {
        self.list.iter().any(|scored| scored.dense == dense)
    }

    /// The products by descending score; equal scores in the order in which they were added, until their ties are broken.
    pub(super) fn sorted(&mut self) -> impl Iterator<Item = Scored> {
        let Self { list, keys, .. } = self;
        keys.clear();
        keys.extend(list.iter().zip(0u64..).map(|(scored, at)| scored.score << 16 | (0xffff - at)));
        sort_keys(keys);
        keys.iter().rev().map(|key| list[0xffff - (*key & 0xffff) as usize])
    }
}
