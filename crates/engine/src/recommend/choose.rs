//! Fills a row from its fallback chain: exclusions, filter, diversity, limit, minimum.

use super::request::Request;
use super::score::{Candidate, DENSE, DENSE_BITS, SCORE_MAX, Scored, Scores};
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
/// Candidates that are weighed and kept apart from those that are like them.
const APART_MAX: usize = 64;

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
    /// The best candidates of a row that has weights or is to be spread, those that have not come up.
    apart: Vec<Apart>,
    /// What diversity counts, of each product that came up.
    values: Vec<u32>,
}

/// A candidate, and what is left of its score for its likeness to those before it.
#[derive(Clone, Copy, Debug)]
struct Apart {
    candidate: Candidate,
    score: u64,
    /// What is left of its score, in units of which [`ALIKE`] * 255 are all.
    share: u32,
    nature: Nature,
}

/// What diversity and likeness compare: category, hash of the brand, price band.
type Nature = [u32; 3];

impl Default for Recommender {
    fn default() -> Self {
        Self {
            scores: Scores::default(),
            wants: Wants::default(),
            picks: Vec::new(),
            given: Vec::with_capacity(2 * GIVEN_MAX),
            shown_from: 0,
            row_from: 0,
            apart: Vec::new(),
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
    /// A product whose card is not at hand is left out and its file wanted, for the best `limit` of them, and for four times as
    /// many where weights or spread may bring one of those up. Filled rows count as shown for rows that exclude
    /// [`crate::pack::core::exclude::SHOWN`]. Cost: some 2 us for 20 products out of five rows
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
        let pinned = self.picks.len();
        for source in request.sources() {
            let Some(strategy) = Strategy::from_code(source.strategy) else { continue };
            if self.room(request) == 0 {
                break;
            }
            self.gather(ground, strategy, source);
            self.scores.order();
            self.set_apart(ground);
            self.choose(ground, strategy);
        }
        self.place_pins(pinned);
        if self.picks.len() < request.minimum {
            self.picks.clear();
            self.given.truncate(self.row_from);
        }
        &self.picks
    }

    /// Products that the row has room for.
    fn room(&self, request: &Request) -> usize {
        request.limit.saturating_sub(self.picks.len())
    }

    /// Gives the pins, which stand first and by their places, these places as far as the row reaches. From the last to the
    /// first: what stands behind a pin moves up.
    #[inline(never)]
    fn place_pins(&mut self, pinned: usize) {
        let mut end = self.picks.len();
        for at in (0..pinned).rev() {
            end = end.min(self.picks[at].score as usize);
            self.picks[at..end].rotate_left(1);
            end -= 1;
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
        if request.adjustments.len == 0 {
            return;
        }
        self.bar(ground);
        // The pack has pins by their places; one whose place is taken stands behind the one that has it.
        let mut place = 0;
        for pin in core.adjustments.range(request.adjustments) {
            let holds = is_in_force(situation, &pin, AdjustmentKind::Pin);
            if holds
                && self.room(request) > 0
                && !self.scores.is_barred(pin.item)
                && let Some(card) = self.card(ground, pin.item)
                && card.in_stock()
                && !situation.muted_brands.contains(&index::hash(card.brand()))
            {
                self.scores.bar(&[pin.item]);
                self.is_diverse(request, nature(core, &card));
                place = u64::from(pin.amount).max(place + 1);
                let pick = Pick {
                    dense: pin.item,
                    score: place,
                    strategy: Strategy::Manual,
                    table: 0,
                    because: pin.when.index(),
                };
                self.given.push(pin.item);
                self.picks.push(pick);
            }
        }
    }

    /// Weighs the best candidates of a row that has weights or is to be spread: four times as many as it shows. Those whose cards
    /// are not at hand are wanted, and left out until they are: which files have come decides nothing in the end.
    #[inline(never)]
    fn set_apart(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, situation, request, .. } = *ground;
        self.apart.clear();
        let weights = || core.adjustments.range(request.adjustments);
        // Weights stand before pins.
        if request.spread == 0
            && weights().next().is_none_or(|first| first.kind != AdjustmentKind::Weigh.code())
        {
            return;
        }
        let mut count = 0;
        // Of one score all or none, as far as there is room.
        while count < APART_MAX
            && (count < 4 * request.limit || self.scores.has_tie())
            && let Some(candidate) = self.scores.next(shelf)
        {
            count += 1;
            let Scored { dense, mut score, .. } = *self.scores.at(candidate);
            let Some(card) = self.card(ground, dense) else { continue };
            for weight in weights() {
                if is_in_force(situation, &weight, AdjustmentKind::Weigh)
                    && holds(ground, weight.filter, card)
                {
                    score = (score * u64::from(weight.amount) / 100).min(SCORE_MAX);
                }
            }
            self.scores.at(candidate).score = score;
            self.apart.push(Apart { candidate, score, share: ALIKE * 255, nature: nature(core, &card) });
        }
    }

    /// The next candidate. Maximal marginal relevance (Carbonell and Goldstein, 1998) where the row is spread: the one with most
    /// of its score left, which loses by how alike it is to the most alike before it; of equals the one that sells better.
    fn next(&mut self, ground: &Ground<'_, '_>) -> Option<Candidate> {
        let Self { scores, apart, .. } = self;
        if apart.is_empty() {
            return scores.next(ground.shelf);
        }
        let left = |apart: &Apart| (apart.score * u64::from(apart.share), apart.candidate);
        let mut best = 0;
        for at in 1..apart.len() {
            if left(&apart[at]) > left(&apart[best]) {
                best = at;
            }
        }
        let first = apart.swap_remove(best);
        for other in apart {
            let alike = alike(first.nature, other.nature);
            other.share = other.share.min(ALIKE * 255 - alike * u32::from(ground.request.spread));
        }
        Some(first.candidate)
    }

    /// Takes candidates of one strategy in order until the row is full.
    #[inline(never)]
    fn choose(&mut self, ground: &Ground<'_, '_>, strategy: Strategy) {
        let Ground { shelf, situation, request, .. } = *ground;
        // Most rows ask nothing of a card but that it is there.
        let any = !matches!(strategy, Strategy::CrossSell | Strategy::Upsell | Strategy::FreeShipping)
            && (request.kinship, request.price_percent, request.diversity_max) == (0, [0; 2], 0)
            && request.filter.index().is_none()
            && situation.muted_brands.is_empty();
        let mut missed = 0;
        while self.room(request) > 0
            && let Some(candidate) = self.next(ground)
        {
            let Scored { dense, score, table, because, .. } = *self.scores.at(candidate);
            let pick = Pick { dense, score, strategy, table, because };
            if !candidate.is_at_hand() {
                if self.room(request) > missed {
                    missed += 1;
                    self.wants.add(shelf.want_card(dense));
                }
            } else if any || self.suits(ground, &pick) {
                self.given.push(dense | u32::from(table) << DENSE_BITS);
                self.picks.push(pick);
            }
        }
    }

    /// Whether a product is what row and strategy demand, and the row has room for one like it. Cards that this takes and
    /// that are not at hand are wanted.
    #[inline(never)]
    fn suits(&mut self, ground: &Ground<'_, '_>, pick: &Pick) -> bool {
        let Ground { core, shelf, situation, request, .. } = *ground;
        let Request { mut kinship, mut price_percent, .. } = *request;
        let Some(card) = shelf.card(core, pick.dense) else { return false };
        let mut anchor = situation.anchor();
        match pick.strategy {
            Strategy::CrossSell => (kinship, anchor) = (kinship | kinship::OTHER_CATEGORY, pick.because),
            Strategy::Upsell if price_percent == [0; 2] => price_percent = [110, 200],
            Strategy::FreeShipping if !in_percent(&card, ground.gap_minor(), [100, 200]) => return false,
            _ => {}
        }
        let own = nature(core, &card);
        if kinship != 0 || price_percent != [0; 2] {
            let Some(other) = anchor.and_then(|dense| self.card(ground, dense)) else { return false };
            let [category, brand, _] = nature(core, &other);
            let is = if own[0] == category { kinship::SAME_CATEGORY } else { kinship::OTHER_CATEGORY }
                | if own[1] == brand { kinship::SAME_BRAND } else { kinship::OTHER_BRAND };
            if kinship & !is != 0 || !in_percent(&card, other.card.price_minor.into(), price_percent) {
                return false;
            }
        }
        !situation.muted_brands.contains(&own[1])
            && holds(ground, request.filter, card)
            && self.is_diverse(request, own)
    }

    /// Whether the row still has room for another product like this one, which is counted.
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
    for cut in core.cut_points.iter() {
        if is_own(cut.kind, cut.category) {
            return band(&cut, i64::from(card.card.price_minor));
        }
    }
    0
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
