//! Fills a row from its fallback chain: exclusions, filter, diversity, limit, minimum.

use super::request::Request;
use super::score::{Candidate, DENSE, DENSE_BITS, NOBODY, SCORE_MAX, Scored, Scores};
use super::situation::Situation;
use crate::card::{CardView, OnPage};
use crate::eval::evaluate;
use crate::pack::core::{Adjustment, Core, kinship};
use crate::pack::index;
use crate::pack::kinds::{AdjustmentKind, CutKind, DiversityBy, Strategy};
use crate::pack::record::Ref;
use crate::shelf::{Shelf, Want, Wants};
use crate::traits::{Traits, band};

/// One product of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Dense id.
    pub dense: u32,
    /// Score inside its strategy; the place of a pin.
    pub score: u64,
    /// The strategy that brought it.
    pub strategy: Strategy,
    /// Code of the table that gave most, where a table did.
    pub table: u8,
    /// The context product it goes with.
    pub because: Option<u32>,
}

/// Products of rows that are remembered with their tables; then it begins anew.
const GIVEN_MAX: usize = 256;
/// Candidates that are kept apart from those that are like them.
const SPREAD_MAX: usize = 64;

/// What a row is made from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g, 'p> {
    pub core: &'g Core<'p>,
    pub shelf: &'g Shelf,
    pub situation: &'g Situation,
    pub traits: &'g Traits,
    pub request: &'g Request,
}

/// Buffers of recommendation, and what this page already shows.
#[derive(Clone, Debug)]
pub struct Recommender {
    pub(super) scores: Scores,
    pub(super) wants: Wants,
    picks: Vec<Pick>,
    /// Products that rows were given, each with the code of the table that gave it from bit [`DENSE_BITS`] on; those from
    /// `shown_from` on are this page's, those from `row_from` on this row's.
    pub(super) given: Vec<u32>,
    pub(super) shown_from: usize,
    pub(super) row_from: usize,
    /// Pinned products; `score` is the place. The first `pinned` of them have theirs.
    pins: Vec<Pick>,
    pinned: usize,
    /// The best candidates of a row that is to be spread, in the order in which they come up.
    spread: Vec<Spread>,
    /// What diversity counts, of each product that came up.
    values: Vec<u32>,
}

/// A candidate, and what is left of its score for its likeness to those before it.
#[derive(Clone, Copy, Debug)]
struct Spread {
    left: u64,
    candidate: Candidate,
    score: u64,
    nature: Nature,
}

/// What diversity and likeness compare: category, hash of the brand, price band.
type Nature = [u32; 3];
/// Of a product whose card is not at hand.
const UNKNOWN: Nature = [u32::MAX - 1; 3];

impl Default for Recommender {
    fn default() -> Self {
        Self {
            scores: Scores::default(),
            wants: Wants::default(),
            picks: Vec::new(),
            given: Vec::with_capacity(2 * GIVEN_MAX),
            shown_from: 0,
            row_from: 0,
            pins: Vec::new(),
            pinned: 0,
            spread: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl Recommender {
    /// Code of the table that gave a product to a row lately; 0 when no table did.
    #[must_use]
    pub fn table_of(&self, dense: u32) -> u8 {
        let given = self.given.iter().rev().find(|given| **given & DENSE == dense);
        given.map_or(0, |given| (given >> DENSE_BITS) as u8)
    }

    /// Starts a page: nothing is shown yet, nothing is wanted.
    pub fn new_page(&mut self) {
        if self.given.len() >= GIVEN_MAX {
            self.given.clear();
        }
        self.shown_from = self.given.len();
        self.wants.clear();
    }

    /// Files that were missed since the page was started, each once.
    #[must_use]
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// The products of a row, best first: at most the limit, or none at all when the minimum is not met.
    ///
    /// A product whose card is not at hand is left out and its file wanted, for the best `limit` of them. Filled rows count
    /// as shown for rows that exclude [`crate::pack::core::exclude::SHOWN`]. Cost: some 2 us for 20 products out of five rows
    /// of neighbours.
    pub fn recommend(
        &mut self,
        core: &Core,
        shelf: &Shelf,
        situation: &Situation,
        traits: &Traits,
        request: &Request,
    ) -> &[Pick] {
        self.picks.clear();
        self.values.clear();
        self.row_from = self.given.len();
        let ground = &Ground { core, shelf, situation, traits, request };
        self.pin(ground);
        for source in request.sources() {
            let Some(strategy) = Strategy::from_code(source.strategy) else { continue };
            if self.room(request) == 0 {
                break;
            }
            self.gather(ground, strategy, source);
            self.weigh(ground);
            self.scores.order();
            self.spread(ground);
            self.choose(ground, strategy);
        }
        self.place_pins(usize::MAX);
        if self.picks.len() < request.minimum {
            self.picks.clear();
            self.given.truncate(self.row_from);
        }
        &self.picks
    }

    /// Products that the row has room for beside its pins.
    fn room(&self, request: &Request) -> usize {
        request.limit.saturating_sub(self.picks.len() + self.pins.len() - self.pinned)
    }

    /// Gives pins their places, as far as the row reaches with `more` products. The pack has them by their places: one
    /// behind a pin of a later place would wait for that.
    #[inline(never)]
    fn place_pins(&mut self, more: usize) {
        while let Some(pin) = self.pins.get(self.pinned)
            && pin.score as usize <= self.picks.len().saturating_add(more)
        {
            self.picks.push(*pin);
            self.pinned += 1;
        }
    }

    /// The card of a product; where it is not at hand it is wanted.
    pub(super) fn card<'g>(&mut self, ground: &Ground<'g, '_>, dense: u32) -> Option<CardView<'g>> {
        let card = ground.shelf.card(ground.core, dense);
        if card.is_none() {
            self.wants.add(ground.shelf.want_card(dense));
        }
        card
    }

    /// Takes the pinned products, whatever the row's filter says, unless they are excluded, muted or sold out.
    #[inline(never)]
    fn pin(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, situation, request, .. } = *ground;
        self.pins.clear();
        self.pinned = 0;
        if request.adjustments.len == 0 {
            return;
        }
        self.bar(ground);
        for pin in core.adjustments.range(request.adjustments) {
            let holds = is_in_force(situation, &pin, AdjustmentKind::Pin);
            if holds
                && self.pins.len() < request.limit
                && !self.scores.is_barred(pin.item)
                && let Some(card) = self.card(ground, pin.item)
                && card.in_stock()
                && !situation.muted_brands.contains(&index::hash(card.brand()))
            {
                self.scores.bar(&[pin.item]);
                let pick = Pick {
                    dense: pin.item,
                    score: pin.amount.into(),
                    strategy: Strategy::Manual,
                    table: 0,
                    because: pin.when.index(),
                };
                self.given.push(pin.item);
                self.pins.push(pick);
            }
        }
    }

    /// Multiplies the scores of products that a weight is for.
    #[inline(never)]
    fn weigh(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, situation, request, .. } = *ground;
        for weight in core.adjustments.range(request.adjustments) {
            if !is_in_force(situation, &weight, AdjustmentKind::Weigh) {
                continue;
            }
            for scored in self.scores.all() {
                if shelf.card(core, scored.dense).is_some_and(|card| holds(ground, weight.filter, card)) {
                    scored.score = scored.score.min(SCORE_MAX) * u64::from(weight.amount) / 100;
                }
            }
        }
    }

    /// Maximal marginal relevance (Carbonell and Goldstein, 1998): each next product is the one with most of its score left,
    /// which loses by how alike it is to the most alike before it; of equals the one that sells better.
    #[inline(never)]
    fn spread(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, request, .. } = *ground;
        let Self { scores, spread, .. } = self;
        spread.clear();
        while request.spread > 0
            && spread.len() < SPREAD_MAX
            && let Some(candidate) = scores.next(shelf)
        {
            let Scored { dense, score, .. } = *scores.at(candidate);
            let nature = shelf.card(core, dense).map_or(UNKNOWN, |card| nature(core, &card));
            let score = score.min(SCORE_MAX);
            spread.push(Spread { left: score * u64::from(ALIKE * 255), candidate, score, nature });
        }
        let mut rest = &mut spread[..];
        while let Some((first, others)) = rest.split_first_mut() {
            for other in &mut *others {
                if (first.left, other.candidate) < (other.left, first.candidate) {
                    std::mem::swap(first, other);
                }
            }
            for other in &mut *others {
                let share = ALIKE * 255 - alike(first.nature, other.nature) * u32::from(request.spread);
                other.left = other.left.min(other.score * u64::from(share));
            }
            rest = others;
        }
    }

    /// Takes candidates of one strategy in order until the row is full.
    #[inline(never)]
    fn choose(&mut self, ground: &Ground<'_, '_>, strategy: Strategy) {
        let Ground { shelf, situation, request, .. } = *ground;
        let demand = Demand::of(ground, strategy);
        // Most rows ask nothing of a card but that it is there.
        let any = demand.is_nothing()
            && situation.muted_brands.is_empty()
            && request.filter.index().is_none()
            && request.diversity_max == 0;
        let (mut at, mut missed) = (0, 0);
        while self.room(request) > 0 {
            let spread = self.spread.get(at).map(|spread| spread.candidate);
            at += 1;
            let Some(candidate) = spread.or_else(|| self.scores.next(shelf)) else { return };
            let scored = *self.scores.at(candidate);
            let Scored { dense, score, table, because, .. } = scored;
            if !candidate.is_at_hand() {
                if self.room(request) > missed {
                    missed += 1;
                    self.wants.add(shelf.want_card(dense));
                }
            } else if any || self.suits(ground, &demand, &scored) {
                let because = (because != NOBODY).then_some(because);
                let pick = Pick { dense, score, strategy, table, because };
                self.place_pins(1);
                self.given.push(dense | u32::from(table) << DENSE_BITS);
                self.picks.push(pick);
            }
        }
    }

    /// Whether a product is what row and strategy demand, and the row has room for one like it. Cards that this takes and
    /// that are not at hand are wanted.
    #[inline(never)]
    fn suits(&mut self, ground: &Ground<'_, '_>, demand: &Demand, scored: &Scored) -> bool {
        let Ground { core, shelf, situation, request, .. } = *ground;
        let Some(card) = shelf.card(core, scored.dense) else { return false };
        if !in_percent(&card, demand.gap_minor, [100, 200]) {
            return false;
        }
        let own = nature(core, &card);
        if demand.kinship != 0 || demand.percent != [0; 2] {
            let anchor = if demand.of_own { Some(scored.because) } else { situation.anchor() };
            let anchor = anchor.filter(|dense| *dense != NOBODY);
            let Some(other) = anchor.and_then(|dense| self.card(ground, dense)) else { return false };
            let [category, brand, _] = nature(core, &other);
            let is = if own[0] == category { kinship::SAME_CATEGORY } else { kinship::OTHER_CATEGORY }
                | if own[1] == brand { kinship::SAME_BRAND } else { kinship::OTHER_BRAND };
            if demand.kinship & !is != 0 || !in_percent(&card, other.card.price_minor.into(), demand.percent)
            {
                return false;
            }
        }
        !situation.muted_brands.contains(&own[1])
            && holds(ground, request.filter, card)
            && self.is_diverse(request, own)
    }

    /// Whether the row still has room for another product like this one; counts it if so.
    fn is_diverse(&mut self, request: &Request, nature: Nature) -> bool {
        let value = match request.diversity_by {
            DiversityBy::None => return true,
            DiversityBy::Category => nature[0],
            DiversityBy::Brand => nature[1],
            DiversityBy::PriceBand => nature[2],
        };
        let before = self.values.iter().filter(|known| **known == value).count();
        self.values.push(value);
        request.diversity_max == 0 || before < usize::from(request.diversity_max)
    }
}

impl Ground<'_, '_> {
    /// What the cart lacks of free shipping, minor units.
    pub(super) fn gap_minor(&self) -> u64 {
        u64::from(self.shelf.meta.free_shipping_minor).saturating_sub(self.situation.cart_minor)
    }
}

/// What a row and a strategy demand of a product beside the product it goes with.
struct Demand {
    /// Bits of [`kinship`].
    kinship: u8,
    /// Lowest and highest price, percent of the other's; 0 = any.
    percent: [u16; 2],
    /// Whether it goes with the product that brought it, and not with what the page speaks of.
    of_own: bool,
    /// It costs at least this, and at most double; 0 = any price.
    gap_minor: u64,
}

impl Demand {
    fn of(ground: &Ground<'_, '_>, strategy: Strategy) -> Self {
        let Request { kinship, price_percent, .. } = *ground.request;
        let mut demand = Self { kinship, percent: price_percent, of_own: false, gap_minor: 0 };
        match strategy {
            Strategy::CrossSell => {
                (demand.kinship, demand.of_own) = (kinship | kinship::OTHER_CATEGORY, true)
            }
            Strategy::Upsell if price_percent == [0; 2] => demand.percent = [110, 200],
            Strategy::FreeShipping => demand.gap_minor = ground.gap_minor(),
            _ => {}
        }
        demand
    }

    fn is_nothing(&self) -> bool {
        self.kinship == 0 && self.percent == [0; 2] && self.gap_minor == 0
    }
}

/// Whether a product costs from so many to so many percent of an amount; 0 = any.
fn in_percent(card: &CardView<'_>, from_minor: u64, percent: [u16; 2]) -> bool {
    let [least, most] = percent.map(|percent| from_minor * u64::from(percent));
    let price = u64::from(card.card.price_minor) * 100;
    price >= least && (most == 0 || price <= most)
}

/// Whether a weight or pin of a row holds now.
fn is_in_force(situation: &Situation, adjustment: &Adjustment, kind: AdjustmentKind) -> bool {
    adjustment.kind == kind.code()
        && (adjustment.from_s..adjustment.until_s).contains(&situation.now_s)
        && adjustment.when.index().is_none_or(|when| situation.is_at_hand(when))
}

/// Which fifth of its category's prices a product is in; all are alike where the pack has no cut points.
pub(super) fn price_band(core: &Core, card: &CardView<'_>) -> usize {
    let is_own = |kind: u8, category| kind == CutKind::Price.code() && category == card.card.category;
    let cuts = core.cut_points.iter().find(|cut| is_own(cut.kind, cut.category));
    cuts.map_or(0, |cut| band(&cut, i64::from(card.card.price_minor)))
}

fn nature(core: &Core, card: &CardView<'_>) -> Nature {
    let category = card.card.category.index().unwrap_or(u32::MAX);
    [category, index::hash(card.brand()), price_band(core, card) as u32]
}

/// Two products that are alike in everything.
const ALIKE: u32 = 4;

/// How alike two products are, 0..=[`ALIKE`]: category counts twice, brand and price band once. Two without a brand are not
/// alike in it.
fn alike(left: Nature, right: Nature) -> u32 {
    let same = |at: usize| u32::from(left[at] == right[at]);
    let branded = u32::from(left[1] != index::hash(""));
    2 * same(0) + branded * same(1) + same(2)
}

/// Whether a predicate over `item.*`, or none, holds for a product.
fn holds(ground: &Ground<'_, '_>, filter: Ref, card: CardView<'_>) -> bool {
    let Some(predicate) = filter.index() else { return true };
    let Some(predicate) = ground.core.predicates.get(predicate) else { return false };
    let source = OnPage::new(ground.traits, ground.core, Some(card), ground.situation.now_s);
    evaluate(ground.core, &predicate, &source).unwrap_or(false)
}
