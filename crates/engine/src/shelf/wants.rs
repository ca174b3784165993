//! Product files that are not at hand.

use std::ops::Deref;

/// A file that would make a recommendation better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// The items file of that number: cards and neighbours.
    Items(u32),
    /// The index file of that number: dense ids by product id.
    Index(u32),
}

/// Files that are wanted, each once, in the order in which they were missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants(Vec<Want>);

impl Wants {
    /// Wants a file, if there is one. Cost: a look at every file that is wanted, which are as many as a page shows products.
    #[inline(never)]
    pub fn add(&mut self, want: Option<Want>) {
        if let Some(want) = want
            && !self.0.contains(&want)
        {
            self.0.push(want);
        }
    }

    /// Wants other files too.
    pub fn add_all(&mut self, others: &[Want]) {
        others.iter().for_each(|want| self.add(Some(*want)));
    }

    /// Wants nothing.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Wants only what `keeps` says.
    pub fn retain(&mut self, keeps: impl FnMut(&Want) -> bool) {
        self.0.retain(keeps);
    }
}

impl Deref for Wants {
    type Target = [Want];

    fn deref(&self) -> &[Want] {
        &self.0
    }
}
