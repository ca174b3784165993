//! The product files at hand, and what is missing.

use crate::card::CardView;
use crate::pack::core::{Core, Meta};
use crate::pack::index;
use crate::pack::items::Card;
use crate::pack::neighbours::Row;
use crate::pack::opened::{Opened, OpenedIndex, OpenedItems};
use crate::pack::scoring::{Scoring, learnt_blend};
use shelfwise_pack::sort::sort_keys;

/// A file that would make a recommendation better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// The items file of that number: cards and neighbours.
    Items(u32),
    /// The index file of that number: dense ids by product id.
    Index(u32),
}

/// Files of a kind by number, ascending.
#[derive(Debug)]
struct Files<F> {
    numbers: Vec<u32>,
    files: Vec<Opened<F>>,
}

impl<F> Files<F> {
    fn new() -> Self {
        Self { numbers: Vec::new(), files: Vec::new() }
    }

    fn get(&self, number: u32) -> Option<&Opened<F>> {
        self.files.get(self.numbers.binary_search(&number).ok()?)
    }

    /// Adds a file; one of the same number is replaced.
    fn add(&mut self, number: u32, file: Opened<F>) {
        match self.numbers.binary_search(&number) {
            Ok(at) => self.files[at] = file,
            Err(at) => {
                self.numbers.insert(at, number);
                self.files.insert(at, file);
            }
        }
    }
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
    items: Files<crate::pack::items::Items<'static>>,
    index: Files<index::Index<'static>>,
    /// Hash of product id (above) and dense id of every card at hand, ascending.
    known: Vec<u64>,
    /// Hash table of the popularity ranks of the cards at hand: dense id and one (above), and rank; 0 = nothing. At most half
    /// full. Rows ask for more ranks than for cards, so that these are not looked for in the files.
    ranks: Vec<u64>,
}

/// A known product: hash of its id, and its dense id.
fn known(item: &str, dense: u32) -> u64 {
    u64::from(index::hash(item)) << 32 | u64::from(dense)
}

impl Shelf {
    /// A shelf with only the cards of the core file.
    #[must_use]
    pub fn new(core: &Core) -> Self {
        let parameter = |name: &str| core.parameter(name);
        let meta = core.meta.get(0).unwrap_or_default();
        let mut shelf = Self {
            meta,
            scoring: Scoring::of(parameter),
            learnt_blend: learnt_blend(parameter),
            items: Files::new(),
            index: Files::new(),
            known: Vec::new(),
            ranks: vec![0; 2],
        };
        for (dense, card) in core.head_ids.iter().zip(core.head_cards.iter()) {
            shelf.know(core.text(card.item), dense, &card);
        }
        sort_keys(&mut shelf.known);
        shelf
    }

    /// Adds an items file; a file of the same number is replaced.
    pub fn add_items(&mut self, number: u32, file: OpenedItems) {
        let view = file.view();
        let first = view.meta.get(0).unwrap_or_default().first;
        for (card, dense) in view.cards.iter().zip(first..) {
            self.know(view.text(card.item), dense, &card);
        }
        sort_keys(&mut self.known);
        self.known.dedup();
        self.items.add(number, file);
    }

    /// Notes a card that is at hand from now on.
    fn know(&mut self, item: &str, dense: u32, card: &Card) {
        self.known.push(known(item, dense));
        if 2 * self.known.len() > self.ranks.len() {
            let larger = vec![0; 2 * self.ranks.len()];
            for entry in std::mem::replace(&mut self.ranks, larger) {
                self.rank_as(entry);
            }
        }
        self.rank_as(u64::from(dense.wrapping_add(1)) << 32 | u64::from(card.popularity_rank));
    }

    fn rank_as(&mut self, entry: u64) {
        let at = self.ranked((entry >> 32) as u32);
        self.ranks[at] = entry;
    }

    /// The place of a rank, by dense id and one; or where it would be.
    fn ranked(&self, key: u32) -> usize {
        let most = self.ranks.len() - 1;
        let mut at = key.wrapping_mul(0x9E37_79B1) as usize >> 8 & most;
        while self.ranks[at] != 0 && (self.ranks[at] >> 32) as u32 != key {
            at = (at + 1) & most;
        }
        at
    }

    /// Adds an index file; a file of the same number is replaced.
    pub fn add_index(&mut self, number: u32, file: OpenedIndex) {
        self.index.add(number, file);
    }

    /// Dense id of a product id: from the cards at hand, else from an index file, where two products whose
    /// ids share a hash are not told apart and count as unknown.
    #[must_use]
    pub fn dense(&self, core: &Core, item: &str) -> Option<u32> {
        if item.is_empty() {
            return None;
        }
        let first = known(item, 0);
        let start = self.known.partition_point(|key| *key < first);
        for key in self.known.iter().skip(start).take_while(|key| **key >> 32 == first >> 32) {
            let dense = *key as u32;
            if self.card(core, dense).is_some_and(|card| card.item() == item) {
                return Some(dense);
            }
        }
        let view = self.index.get(self.meta.index_file(item)?)?.view();
        let mut candidates = view.candidates(item);
        let found = candidates.next()?;
        candidates.next().is_none().then_some(found)
    }

    /// Where a card lies: in a file at hand, or else in the core file.
    fn place(&self, core: &Core, dense: u32) -> Option<(Option<&OpenedItems>, u32)> {
        let (number, at) = self.meta.card_place(dense)?;
        if let Some(file) = self.items.get(number) {
            return Some((Some(file), at));
        }
        let at = core.head_ids.partition_point(|known| known < dense);
        (core.head_ids.get(at) == Some(dense)).then_some((None, at))
    }

    /// The card of a dense id, if it is at hand.
    #[must_use]
    pub fn card<'s>(&'s self, core: &Core<'s>, dense: u32) -> Option<CardView<'s>> {
        let (file, at) = self.place(core, dense)?;
        let (card, texts) = match file.map(OpenedItems::view) {
            Some(file) => (file.cards.get(at)?, (file.strings, file.tags)),
            None => (core.head_cards.get(at)?, (core.strings, core.tags)),
        };
        Some(CardView::new(core, [self.meta.url, self.meta.image], dense, card, texts))
    }

    /// The popularity rank of a product whose card is at hand.
    pub(super) fn rank(&self, dense: u32) -> Option<u32> {
        let entry = self.ranks[self.ranked(dense.wrapping_add(1))];
        (entry != 0).then_some(entry as u32)
    }

    /// The rows of a product's neighbours, by table; none when its file is not at hand.
    pub(super) fn rows_of(&self, dense: u32) -> Option<impl Iterator<Item = Row<'_>>> {
        let (number, card) = self.meta.near_place(dense)?;
        Some(self.items.get(number)?.rows_of(card, dense))
    }

    /// The index file that would say whether there is a product of that id, when none at hand does.
    #[must_use]
    pub fn want_for_item(&self, core: &Core, item: &str) -> Option<Want> {
        let number = self.meta.index_file(item)?;
        (self.index.get(number).is_none() && self.dense(core, item).is_none()).then_some(Want::Index(number))
    }

    /// The file of a product's card when it is not at hand.
    #[must_use]
    pub fn want_card(&self, core: &Core, dense: u32) -> Option<Want> {
        if self.place(core, dense).is_some() { None } else { self.missing(self.meta.card_place(dense)) }
    }

    /// The file of a product's neighbours when it is not at hand.
    #[must_use]
    pub fn want_near(&self, dense: u32) -> Option<Want> {
        self.missing(self.meta.near_place(dense))
    }

    fn missing(&self, place: Option<(u32, u32)>) -> Option<Want> {
        let number = place?.0;
        self.items.get(number).is_none().then_some(Want::Items(number))
    }
}
