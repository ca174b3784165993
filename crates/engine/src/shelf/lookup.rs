//! Numbers by a number: a hash table that only grows.

/// Open addressing over one run of memory, at most half full. A key may have several values.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// Key above, value and one below; 0 = nothing.
    places: Vec<u64>,
    count: usize,
}

impl Lookup {
    pub(super) fn new() -> Self {
        Self { places: vec![0; 2], count: 0 }
    }

    /// Adds a value to a key, once. The greatest value counts as the one below it. Cost: amortised, a few steps.
    #[inline(never)]
    pub(super) fn add(&mut self, key: u32, value: u32) {
        if 2 * self.count >= self.places.len() {
            let larger = vec![0; 2 * self.places.len()];
            self.count = 0;
            std::mem::replace(&mut self.places, larger).into_iter().for_each(|entry| self.put(entry));
        }
        self.put(u64::from(key) << 32 | u64::from(value.saturating_add(1)));
    }

    fn put(&mut self, entry: u64) {
        let mut at = self.start((entry >> 32) as u32);
        while self.places[at] != 0 && self.places[at] != entry {
            at = self.after(at);
        }
        self.count += usize::from(self.places[at] != entry);
        self.places[at] = entry;
    }

    /// The first place from one on that is of a key, or else the first that is empty.
    #[inline(never)]
    fn find(&self, key: u32, mut at: usize) -> usize {
        while self.places[at] != 0 && (self.places[at] >> 32) as u32 != key {
            at = self.after(at);
        }
        at
    }

    /// The values of a key.
    #[inline(always)]
    pub(super) fn of(&self, key: u32) -> impl Iterator<Item = u32> {
        let mut at = self.start(key);
        std::iter::from_fn(move || {
            let found = self.find(key, at);
            at = self.after(found);
            (self.places[found] as u32).checked_sub(1)
        })
    }

    /// A value of a key.
    #[inline(always)]
    pub(super) fn first(&self, key: u32) -> Option<u32> {
        (self.places[self.find(key, self.start(key))] as u32).checked_sub(1)
    }

    fn start(&self, key: u32) -> usize {
        (u64::from(key).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (self.places.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.places.len() - 1)
    }
}
