//! What one strategy finds: hits, ranks, and what it shows at all.

/// List lengths that are measured.
pub const CUTS: [usize; 3] = [5, 10, 20];
/// Longest list.
pub const LIST_MAX: usize = CUTS[2];

/// Means over the cases of one list length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// Share of cases whose target was in the list, 0..=1.
    pub hit_rate: f64,
    /// Mean of 1/rank, 0..=1.
    pub reciprocal_rank: f64,
    /// Mean of 1/log2(1 + rank), 0..=1 (one relevant product: normalised already).
    pub gain: f64,
}

/// What a strategy found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Name of the strategy.
    pub name: &'static str,
    /// Cases.
    pub cases: u64,
    /// By list length, as in [`CUTS`].
    pub at: [Means; 3],
    /// Share of the products of the training days that were shown to anybody, 0..=1.
    pub coverage: f64,
    /// Mean information of a shown product, -log2 of its share of all orders or sessions, bits.
    pub novelty_bits: f64,
    /// Share of the pairs in a list that are not alike (of different categories; without a catalogue: no neighbours), 0..=1.
    pub diversity: f64,
    /// Mean of (dearest - cheapest) / dearest over the first ten of a list, 0..=1; 0 without prices.
    pub price_spread: f64,
    /// Bytes a product that the strategy needs in the pack, after Brotli of quality 11.
    pub bytes_per_item: f64,
    /// What popularity finds on the same cases, where those are not the cases that popularity's own row is measured on.
    pub popularity: Option<[Means; 3]>,
}

/// What is known of the products, by number.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Orders or sessions of each.
    pub supports: &'a [u32],
    /// Whether two are alike.
    pub alike: &'a dyn Fn(u32, u32) -> bool,
    /// Whether alike means of one category.
    pub categories: bool,
    /// Prices, minor units, 0 = unknown; or empty.
    pub prices: &'a [u32],
    /// What a shop shows without any knowledge: the products that joined last, newest first.
    pub newest: &'a [u32],
    /// Products of the last days before those that are measured on, most popular first.
    pub recent: &'a [u32],
    /// Products that rose most in the last days against those before them.
    pub rising: &'a [u32],
}

impl<'a> Facts<'a> {
    /// Of products of which nothing else is known.
    pub(crate) fn of(supports: &'a [u32], alike: &'a dyn Fn(u32, u32) -> bool) -> Self {
        Self { supports, alike, categories: false, prices: &[], newest: &[], recent: &[], rising: &[] }
    }
}

/// Counts cases of one strategy.
pub(crate) struct Tally<'a> {
    sums: Measured,
    shown: Vec<bool>,
    entries: u64,
    pairs: [u64; 2],
    facts: Facts<'a>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(name: &'static str, facts: Facts<'a>) -> Self {
        let shown = vec![false; facts.supports.len()];
        Self { sums: Measured { name, ..Measured::default() }, shown, entries: 0, pairs: [0; 2], facts }
    }

    /// Says what the strategy needs.
    pub(crate) fn needing(mut self, bytes_per_item: f64) -> Self {
        self.sums.bytes_per_item = bytes_per_item;
        self
    }

    /// Says that its cases are not those of popularity, which is counted on them too: [`Self::count_apart`].
    pub(crate) fn apart(mut self) -> Self {
        self.sums.popularity = Some(<[Means; 3]>::default());
        self
    }

    /// Counts a case of its own, and what popularity, which shows `popular`, makes of it.
    pub(crate) fn count_apart(&mut self, list: &[u32], popular: &[u32], target: u32) {
        self.count(list, target);
        if let Some(means) = &mut self.sums.popularity {
            add_case(means, popular, target);
        }
    }

    /// Counts a case: the list that was shown, best first, and what was wanted.
    pub(crate) fn count(&mut self, list: &[u32], target: u32) {
        let sums = &mut self.sums;
        sums.cases += 1;
        add_case(&mut sums.at, list, target);
        let price = |item: &u32| self.facts.prices.get(*item as usize).copied().filter(|price| *price > 0);
        let prices = || list.iter().take(CUTS[1]).filter_map(price);
        if let (Some(least), Some(most)) = (prices().min(), prices().max()) {
            sums.price_spread += f64::from(most - least) / f64::from(most);
        }
        for (at, item) in list.iter().enumerate() {
            self.shown[*item as usize] = true;
            self.entries += 1;
            sums.novelty_bits -= f64::from(self.facts.supports[*item as usize].max(1)).log2();
            for other in &list[at + 1..CUTS[1].min(list.len()).max(at + 1)] {
                self.pairs[usize::from((self.facts.alike)(*item, *other))] += 1;
            }
        }
    }

    pub(crate) fn finish(self, groups: usize) -> Measured {
        let cases = self.sums.cases.max(1) as f64;
        let mut out = self.sums;
        for means in out.at.iter_mut().chain(out.popularity.iter_mut().flatten()) {
            means.hit_rate /= cases;
            means.reciprocal_rank /= cases;
            means.gain /= cases;
        }
        out.price_spread /= cases;
        let known = self.facts.supports.iter().filter(|support| **support > 0).count();
        out.coverage = self.shown.iter().filter(|shown| **shown).count() as f64 / known.max(1) as f64;
        out.novelty_bits = out.novelty_bits / self.entries.max(1) as f64 + (groups.max(1) as f64).log2();
        out.diversity = self.pairs[0] as f64 / (self.pairs[0] + self.pairs[1]).max(1) as f64;
        out
    }
}

/// Adds what a list found of a case.
fn add_case(sums: &mut [Means; 3], list: &[u32], target: u32) {
    let Some(rank) = list.iter().position(|item| *item == target).map(|at| at + 1) else { return };
    for (means, _) in sums.iter_mut().zip(CUTS).filter(|(_, cut)| rank <= *cut) {
        means.hit_rate += 1.0;
        means.reciprocal_rank += 1.0 / rank as f64;
        means.gain += 1.0 / (1.0 + rank as f64).log2();
    }
}
