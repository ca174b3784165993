//! The product files at hand, and what is missing.

use super::card::CardView;
use crate::pack::core::Core;
use crate::pack::index;
use crate::pack::kinds::NeighbourKind;
use crate::pack::neighbours::Neighbours;
use crate::pack::opened::{OpenedIndex, OpenedItems};
use shelfwise_pack::sort::sort;

/// A file that would make a recommendation better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// The items file of that number: cards and neighbours.
    Items(u32),
    /// The index file of that number: dense ids by product id.
    Index(u32),
}

/// Product files that have been fetched. Kept as long as the pack.
#[derive(Debug, Default)]
pub struct Shelf {
    /// By file number, ascending.
    items: Vec<(u32, OpenedItems)>,
    index: Vec<(u32, OpenedIndex)>,
    /// Hash of product id and dense id of every card at hand, ascending.
    known: Vec<(u32, u32)>,
}

impl Shelf {
    /// A shelf with only the cards of the core file.
    #[must_use]
    pub fn new(core: &Core) -> Self {
        let ids = core.head_ids.iter().zip(core.head_cards.iter());
        let mut known: Vec<_> = ids.map(|(dense, card)| (index::hash(core.text(card.item)), dense)).collect();
        sort(&mut known);
        Self { known, ..Self::default() }
    }

    /// Adds an items file; a file of the same number is replaced.
    pub fn add_items(&mut self, number: u32, file: OpenedItems) {
        let view = file.view();
        let first = view.meta.get(0).unwrap_or_default().first;
        let cards = view.cards.iter().zip(first..);
        self.known.extend(cards.map(|(card, dense)| (index::hash(view.text(card.item)), dense)));
        sort(&mut self.known);
        self.known.dedup();
        match self.items.binary_search_by_key(&number, |entry| entry.0) {
            Ok(at) => self.items[at].1 = file,
            Err(at) => self.items.insert(at, (number, file)),
        }
    }

    /// Adds an index file; a file of the same number is replaced.
    pub fn add_index(&mut self, number: u32, file: OpenedIndex) {
        match self.index.binary_search_by_key(&number, |entry| entry.0) {
            Ok(at) => self.index[at].1 = file,
            Err(at) => self.index.insert(at, (number, file)),
        }
    }

    /// Dense id of a product id: from the cards at hand, else from an index file, where two products whose
    /// ids share a hash are not told apart and count as unknown.
    #[must_use]
    pub fn dense(&self, core: &Core, item: &str) -> Option<u32> {
        if item.is_empty() {
            return None;
        }
        let hash = index::hash(item);
        let start = self.known.partition_point(|entry| entry.0 < hash);
        let same = self.known[start..].iter().take_while(|entry| entry.0 == hash);
        let known = same
            .map(|entry| entry.1)
            .find(|dense| self.card(core, *dense).is_some_and(|card| card.item() == item));
        known.or_else(|| {
            let number = core.meta.get(0)?.index_file(item)?;
            let at = self.index.binary_search_by_key(&number, |entry| entry.0).ok()?;
            let view = self.index[at].1.view();
            let mut candidates = view.candidates(item);
            let found = candidates.next()?;
            candidates.next().is_none().then_some(found)
        })
    }

    /// The card of a dense id, if it is at hand.
    #[must_use]
    pub fn card<'s>(&'s self, core: &Core<'s>, dense: u32) -> Option<CardView<'s>> {
        let number = core.meta.get(0)?.items_file(dense)?;
        if let Ok(at) = self.items.binary_search_by_key(&number, |entry| entry.0) {
            return CardView::of_items(core, &self.items[at].1.view(), dense);
        }
        CardView::of_head(core, core.head_ids.partition_point(|known| known < dense))
            .filter(|card| card.dense == dense)
    }

    /// Neighbours of a product in one table, best first; none when its file is not at hand.
    pub fn neighbours(&self, core: &Core, kind: NeighbourKind, dense: u32) -> Option<Neighbours<'_>> {
        let number = core.meta.get(0)?.near_file(dense)?;
        let at = self.items.binary_search_by_key(&number, |entry| entry.0).ok()?;
        let file = self.items[at].1.view();
        let card = dense.checked_sub(file.meta.get(0)?.first)?;
        Some(file.neighbours_of(kind, u16::try_from(card).ok()?))
    }

    /// The index file that would say whether there is a product of that id, when none at hand does.
    #[must_use]
    pub fn want_for_item(&self, core: &Core, item: &str) -> Option<Want> {
        let number = core.meta.get(0)?.index_file(item)?;
        let absent = self.index.binary_search_by_key(&number, |entry| entry.0).is_err();
        (absent && self.dense(core, item).is_none()).then_some(Want::Index(number))
    }

    /// The file of a product's card when it is not at hand.
    #[must_use]
    pub fn want_card(&self, core: &Core, dense: u32) -> Option<Want> {
        if self.card(core, dense).is_some() {
            return None;
        }
        self.missing(core.meta.get(0)?.items_file(dense)?)
    }

    /// The file of a product's neighbours when it is not at hand.
    #[must_use]
    pub fn want_near(&self, core: &Core, dense: u32) -> Option<Want> {
        self.missing(core.meta.get(0)?.near_file(dense)?)
    }

    fn missing(&self, number: u32) -> Option<Want> {
        self.items.binary_search_by_key(&number, |entry| entry.0).is_err().then_some(Want::Items(number))
    }
}
