//! The product files at hand, and what is missing.

use super::card::CardView;
use crate::pack::core::{Core, Meta};
use crate::pack::index;
use crate::pack::items::Items;
use crate::pack::kinds::NeighbourKind;
use crate::pack::neighbours::Neighbours;
use crate::pack::opened::{OpenedIndex, OpenedItems};
use crate::pack::scoring::{Scoring, learnt_blend};
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
#[derive(Debug)]
pub struct Shelf {
    /// Of the pack: where which product's files are.
    meta: Meta,
    /// How the pack sums neighbours.
    pub(super) scoring: Scoring,
    /// What the pack's tables weigh, as learnt.
    pub(super) learnt_blend: [u32; 4],
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
        let parameter = |name: &str| core.parameter(name);
        Self {
            meta: core.meta.get(0).unwrap_or_default(),
            scoring: Scoring::of(parameter),
            learnt_blend: learnt_blend(parameter),
            items: Vec::new(),
            index: Vec::new(),
            known,
        }
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
            let number = self.meta.index_file(item)?;
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
        let number = self.meta.items_file(dense)?;
        if let Some(file) = self.file(number) {
            return CardView::of_items(core, &self.meta, &file, dense);
        }
        CardView::of_head(core, &self.meta, core.head_ids.partition_point(|known| known < dense))
            .filter(|card| card.dense == dense)
    }

    /// Neighbours of a product by table, each best first; none when its file is not at hand.
    pub fn neighbours<'s>(
        &'s self,
        dense: u32,
    ) -> Option<impl Fn(NeighbourKind) -> Neighbours<'s> + use<'s>> {
        let file = self.file(self.meta.near_file(dense)?)?;
        let card = u16::try_from(dense.checked_sub(file.meta.get(0)?.first)?).ok()?;
        Some(move |kind| file.neighbours_of(kind, card))
    }

    fn file(&self, number: u32) -> Option<Items<'_>> {
        let at = self.items.binary_search_by_key(&number, |entry| entry.0).ok()?;
        Some(self.items[at].1.view())
    }

    /// The index file that would say whether there is a product of that id, when none at hand does.
    #[must_use]
    pub fn want_for_item(&self, core: &Core, item: &str) -> Option<Want> {
        let number = self.meta.index_file(item)?;
        let absent = self.index.binary_search_by_key(&number, |entry| entry.0).is_err();
        (absent && self.dense(core, item).is_none()).then_some(Want::Index(number))
    }

    /// The file of a product's card when it is not at hand.
    #[must_use]
    pub fn want_card(&self, core: &Core, dense: u32) -> Option<Want> {
        if self.card(core, dense).is_some() {
            return None;
        }
        self.missing(self.meta.items_file(dense)?)
    }

    /// The file of a product's neighbours when it is not at hand.
    #[must_use]
    pub fn want_near(&self, dense: u32) -> Option<Want> {
        self.missing(self.meta.near_file(dense)?)
    }

    fn missing(&self, number: u32) -> Option<Want> {
        self.items.binary_search_by_key(&number, |entry| entry.0).is_err().then_some(Want::Items(number))
    }
}
