//! The product files at hand, and what is missing: what rows, contents, traits of a page and triggers find products in.

mod lookup;
mod wants;

use crate::card::CardView;
use crate::pack::core::{Core, Meta};
use crate::pack::index;
use crate::pack::items::Card;
use crate::pack::neighbours::Row;
use crate::pack::opened::{OpenedIndex, OpenedItems};
use crate::pack::scoring::{Scoring, learnt_blend};
use lookup::Lookup;

pub use wants::{Want, Wants};

/// Product files that have been fetched. Kept as long as the pack.
#[derive(Debug)]
pub struct Shelf {
    /// Of the pack: where which product's files are.
    pub(crate) meta: Meta,
    /// How the pack sums neighbours.
    pub(crate) scoring: Scoring,
    /// What the pack's tables weigh, as learnt.
    pub(crate) learnt_blend: [u32; 4],
    files: Vec<OpenedItems>,
    /// Places in `files` by the files' numbers.
    places: Lookup,
    /// Numbers of the index files that were taken in.
    indexed: Vec<u32>,
    /// Places of cards in the core file by dense id.
    head: Lookup,
    /// Dense ids by hash of the product id, of cards at hand and of index files.
    known: Lookup,
    /// Popularity ranks of the cards at hand by dense id. Rows ask for more ranks than for cards, so that these are not looked
    /// for in the files.
    ranks: Lookup,
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
            files: Vec::new(),
            places: Lookup::new(),
            indexed: Vec::new(),
            head: Lookup::new(),
            known: Lookup::new(),
            ranks: Lookup::new(),
        };
        for (at, (dense, card)) in (0..).zip(core.head_ids.iter().zip(core.head_cards.iter())) {
            shelf.head.add(dense, at);
            shelf.know(core.text(card.item), dense, &card);
        }
        shelf
    }

    /// Adds an items file; a file of the same number is replaced.
    pub fn add_items(&mut self, number: u32, file: OpenedItems) {
        let view = file.view();
        let first = view.meta.get(0).unwrap_or_default().first;
        for (card, dense) in view.cards.iter().zip(first..) {
            self.know(view.text(card.item), dense, &card);
        }
        match self.places.first(number) {
            Some(at) => self.files[at as usize] = file,
            None => {
                self.places.add(number, self.files.len() as u32);
                self.files.push(file);
            }
        }
    }

    /// Notes a card that is at hand from now on.
    fn know(&mut self, item: &str, dense: u32, card: &Card) {
        self.known.add(index::hash(item), dense);
        self.ranks.add(dense, card.popularity_rank);
    }

    fn file(&self, number: u32) -> Option<&OpenedItems> {
        self.files.get(self.places.first(number)? as usize)
    }

    /// Takes in an index file.
    pub fn add_index(&mut self, number: u32, file: &OpenedIndex) {
        for entry in file.view().entries.iter() {
            self.known.add(entry.hash, entry.dense);
        }
        self.indexed.push(number);
    }

    /// Dense id of a product id: that of a card at hand, else the one that an index file has for the hash of the id; two
    /// products without a card that share a hash are not told apart and count as unknown.
    #[must_use]
    pub fn dense(&self, core: &Core, item: &str) -> Option<u32> {
        let (mut unsure, mut count) = (None, 0);
        for dense in self.known.of(index::hash(item)) {
            match self.card(core, dense) {
                Some(card) if card.item() == item => return Some(dense),
                Some(_) => {}
                None => (unsure, count) = (Some(dense), count + 1),
            }
        }
        unsure.filter(|_| count == 1)
    }

    /// The card of a dense id, if it is at hand.
    #[must_use]
    pub fn card<'s>(&'s self, core: &'s Core<'s>, dense: u32) -> Option<CardView<'s>> {
        let (number, at) = self.meta.card_place(dense)?;
        let (cards, texts, at) = match self.file(number).map(OpenedItems::view) {
            Some(file) => (file.cards, (file.strings, file.tags), at),
            None => (core.head_cards, (core.strings, core.tags), self.head.first(dense)?),
        };
        Some(CardView::new(core, dense, cards.get(at)?, texts))
    }

    /// The popularity rank of a product whose card is at hand.
    pub(crate) fn rank(&self, dense: u32) -> Option<u32> {
        self.ranks.first(dense)
    }

    /// The rows of a product's neighbours, by table; none when its file is not at hand.
    pub(crate) fn rows_of(&self, dense: u32) -> Option<impl Iterator<Item = Row<'_>>> {
        let (number, card) = self.meta.near_place(dense)?;
        Some(self.file(number)?.rows_of(card, dense))
    }

    /// The index file that would say whether there is a product of that id, when none at hand does.
    #[must_use]
    pub fn want_for_item(&self, core: &Core, item: &str) -> Option<Want> {
        let number = self.meta.index_file(item)?;
        let is_told = self.indexed.contains(&number) || self.dense(core, item).is_some();
        (!is_told).then_some(Want::Index(number))
    }

    /// The file of a card, when it is not at hand.
    #[must_use]
    pub fn want_card(&self, dense: u32) -> Option<Want> {
        let want = self.missing(self.meta.card_place(dense));
        want.filter(|_| self.head.first(dense).is_none())
    }

    /// The file of a product's neighbours when it is not at hand.
    #[must_use]
    pub fn want_near(&self, dense: u32) -> Option<Want> {
        self.missing(self.meta.near_place(dense))
    }

    fn missing(&self, place: Option<(u32, u32)>) -> Option<Want> {
        let number = place?.0;
        self.file(number).is_none().then_some(Want::Items(number))
    }
}
