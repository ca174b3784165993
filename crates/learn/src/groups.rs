//! Baskets and sessions: runs of product numbers in time order, and where each product occurs.

use std::collections::HashMap;

/// [`hash`] of the empty id.
pub const NOBODY: u128 = 0;

/// 128 bits of an id (FNV-1a), on every machine alike; [`NOBODY`] for the empty one alone. What is sorted by it lies in an order
/// that says nothing.
#[must_use]
pub fn hash(id: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = (1 << 88) + 0x13b;
    if id.is_empty() {
        return NOBODY;
    }
    id.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME)).max(1)
}

/// Numbers for ids; the map is only looked up, never iterated.
#[derive(Debug, Default)]
pub struct Interner {
    numbers: HashMap<Box<str>, u32>,
    /// Ids by number, in the order they were first seen.
    pub ids: Vec<Box<str>>,
}

impl Interner {
    /// The number of an id, given on first sight.
    pub fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = u32::try_from(self.ids.len()).expect("fewer than 2^32 ids");
        self.numbers.insert(id.into(), number);
        self.ids.push(id.into());
        number
    }

    /// The number of an id that was seen.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// New numbers in the order of the ids, so that numbers do not depend on the order of rows.
    #[must_use]
    pub fn sorted(&self) -> (Vec<Box<str>>, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.ids.len() as u32).collect();
        order.sort_unstable_by_key(|number| &self.ids[*number as usize]);
        let mut renumbered = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            renumbered[*old as usize] = new as u32;
        }
        (order.iter().map(|old| self.ids[*old as usize].clone()).collect(), renumbered)
    }
}

/// The ids of two logs, ascending, and the number among them of each log's products.
#[must_use]
pub fn united(logs: [&[Box<str>]; 2]) -> (Vec<Box<str>>, [Vec<u32>; 2]) {
    let mut ids: Vec<Box<str>> = logs.into_iter().flatten().cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    let number = |id: &str| {
        ids.binary_search_by(|known| known.as_ref().cmp(id)).expect("every id is among all ids") as u32
    };
    let numbers = logs.map(|own| own.iter().map(|id| number(id)).collect());
    (ids, numbers)
}

/// Groups of products (baskets or sessions), oldest first. 4 bytes an entry, 12 bytes a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Where each group starts in `items`; one more than there are groups.
    starts: Vec<u32>,
    /// Product numbers, group after group, in the order of the log.
    items: Vec<u32>,
    /// When each group began, Unix seconds.
    times_s: Vec<i64>,
}

impl Groups {
    /// No group yet.
    #[must_use]
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    /// Appends a group; it must not be older than the last.
    pub fn push(&mut self, at_s: i64, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.starts.push(u32::try_from(self.items.len()).expect("fewer than 2^32 entries"));
        self.times_s.push(at_s);
    }

    /// Number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times_s.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times_s.is_empty()
    }

    /// Number of entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.items.len()
    }

    /// The products of a group.
    #[must_use]
    pub fn get(&self, group: usize) -> &[u32] {
        &self.items[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// When a group began, Unix seconds.
    #[must_use]
    pub fn time_s(&self, group: usize) -> i64 {
        self.times_s[group]
    }

    /// All groups, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &[u32])> {
        (0..self.len()).map(|group| (self.times_s[group], self.get(group)))
    }

    /// Number of groups that hold each product. Memory: 8 bytes a product.
    #[must_use]
    pub fn supports(&self, item_count: usize) -> Vec<u32> {
        let mut out = vec![(0, u32::MAX); item_count];
        for group in 0..self.len() {
            for item in self.get(group) {
                let (support, last) = &mut out[*item as usize];
                *support += u32::from(*last != group as u32);
                *last = group as u32;
            }
        }
        out.into_iter().map(|(support, _)| support).collect()
    }

    /// Gives every product another number.
    pub fn renumber(&mut self, number: impl Fn(u32) -> u32) {
        for item in &mut self.items {
            *item = number(*item);
        }
    }

    /// The groups of a run.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let mut out = Self::new();
        for group in range {
            out.push(self.times_s[group], self.get(group).iter().copied());
        }
        out
    }

    /// Number of the first group that began at or after a time.
    #[must_use]
    pub fn first_since(&self, at_s: i64) -> usize {
        self.times_s.partition_point(|time_s| *time_s < at_s)
    }
}

/// Where each product occurs: group and position, by product, oldest first. 8 bytes an entry.
#[derive(Debug)]
pub struct Occurrences {
    starts: Vec<u32>,
    places: Vec<(u32, u32)>,
}

impl Occurrences {
    /// Turns groups around. Cost: two passes over the entries.
    #[must_use]
    pub fn new(groups: &Groups, item_count: usize) -> Self {
        let mut starts = vec![0u32; item_count + 1];
        for item in &groups.items {
            starts[*item as usize + 1] += 1;
        }
        for at in 0..item_count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut places = vec![(0, 0); groups.entries()];
        for group in 0..groups.len() {
            for (position, item) in groups.get(group).iter().enumerate() {
                let at = &mut next[*item as usize];
                places[*at as usize] = (group as u32, position as u32);
                *at += 1;
            }
        }
        Self { starts, places }
    }

    /// (group, position) of every occurrence of a product.
    #[must_use]
    pub fn of(&self, item: u32) -> &[(u32, u32)] {
        &self.places[self.starts[item as usize] as usize..self.starts[item as usize + 1] as usize]
    }

    /// Number of groups that hold a product.
    #[must_use]
    pub fn support(&self, item: u32) -> u32 {
        let mut last = u32::MAX;
        self.of(item).iter().filter(|(group, _)| std::mem::replace(&mut last, *group) != *group).count()
            as u32
    }

    /// [`Self::support`] of every product.
    #[must_use]
    pub fn supports(&self) -> Vec<u32> {
        (0..self.starts.len() as u32 - 1).map(|item| self.support(item)).collect()
    }
}
