//! Fills a row from its fallback chain: exclusions, filter, diversity, limit, minimum.

use super::request::Request;
use super::score::{Candidate, NOBODY, Scored, Scores};
use super::shelf::{Shelf, Want};
use super::situation::Situation;
use crate::card::{CardView, OnPage};
use crate::eval::evaluate;
use crate::pack::core::{Adjustment, Core, kinship};
use crate::pack::index;
use crate::pack::kinds::{AdjustmentKind, CutKind, DiversityBy, Strategy};
use crate::pack::record::Ref;
use crate::traits::{Traits, band};
use shelfwise_pack::sort::sort;

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
    pub(super) wants: Vec<Want>,
    pub(super) picks: Vec<Pick>,
    /// Products that rows were given, and the code of the table that gave each; those from `shown_from` on are this page's.
    pub(super) given: Vec<(u32, u8)>,
    pub(super) shown_from: usize,
    /// The best candidates, where they are to be spread.
    spread: Vec<Candidate>,
    /// What diversity counts, of each product that came up.
    values: Vec<u32>,
}

impl Default for Recommender {
    fn default() -> Self {
        Self {
            scores: Scores::default(),
            wants: Vec::new(),
            picks: Vec::new(),
            given: Vec::with_capacity(2 * GIVEN_MAX),
            shown_from: 0,
            spread: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl Recommender {
    /// Code of the table that gave a product to a row lately; 0 when no table did.
    #[must_use]
    pub fn table_of(&self, dense: u32) -> u8 {
        self.given.iter().rev().find(|given| given.0 == dense).map_or(0, |given| given.1)
    }

    /// Starts a page: nothing is shown yet, nothing is wanted.
    pub fn new_page(&mut self) {
        if self.given.len() >= GIVEN_MAX {
            self.given.clear();
        }
        self.shown_from = self.given.len();
        self.wants.clear();
    }

    /// Files that were missed since the page was started: each once, ascending.
    pub fn wants(&mut self) -> &[Want] {
        sort(&mut self.wants);
        self.wants.dedup();
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
        let ground = &Ground { core, shelf, situation, traits, request };
        self.pin(ground);
        let pins = self.picks.len();
        for source in request.sources() {
            let Some(strategy) = Strategy::from_code(source.strategy) else { continue };
            if self.picks.len() >= request.limit {
                break;
            }
            self.gather(ground, strategy, source);
            self.weigh(ground);
            self.scores.order();
            self.spread(ground);
            self.choose(ground, strategy);
        }
        let count = self.picks.len();
        for _ in 0..pins {
            slide(&mut self.picks, 0, count - 1);
        }
        for pin in count - pins..count {
            let place = (self.picks[pin].score as usize).saturating_sub(1).min(pin);
            slide(&mut self.picks, pin, place);
        }
        if count < request.minimum {
            self.picks.clear();
        }
        for pick in &self.picks {
            self.given.push((pick.dense, pick.table));
        }
        &self.picks
    }

    /// Takes the pinned products, whatever the row's filter says, unless they are excluded, muted or sold out.
    #[inline(never)]
    fn pin(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, situation, request, .. } = *ground;
        if request.adjustments.len == 0 {
            return;
        }
        self.bar(ground);
        for pin in core.adjustments.range(request.adjustments) {
            let holds = is_in_force(situation, &pin, AdjustmentKind::Pin);
            if !holds || self.picks.len() >= request.limit || self.scores.is_barred(pin.item) {
                continue;
            }
            match shelf.card(core, pin.item) {
                None => self.wants.extend(shelf.want_card(core, pin.item)),
                Some(card) if card.in_stock() && !is_muted(situation, &card) => {
                    self.scores.bar(pin.item);
                    self.picks.push(Pick {
                        dense: pin.item,
                        score: pin.amount.into(),
                        strategy: Strategy::Manual,
                        table: 0,
                        because: pin.when.index(),
                    });
                }
                Some(_) => {}
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
            for scored in &mut self.scores.list {
                if shelf.card(core, scored.dense).is_some_and(|card| holds(ground, weight.filter, card)) {
                    scored.score = scored.score.saturating_mul(weight.amount.into()) / 100;
                }
            }
        }
    }

    /// Maximal marginal relevance (Carbonell and Goldstein, 1998): each next product is the one with most of its score left,
    /// which loses by how alike it is to the most alike before it.
    #[inline(never)]
    fn spread(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, request, .. } = *ground;
        let Self { scores, spread, .. } = self;
        spread.clear();
        if request.spread == 0 {
            return;
        }
        while spread.len() < SPREAD_MAX
            && let Some(candidate) = scores.next(shelf)
        {
            spread.push(candidate);
        }
        for at in 0..spread.len() {
            let left = |candidate: Candidate| {
                let scored = scores.list[candidate.at()];
                let lost = u32::from(scored.likeness) * u32::from(request.spread);
                scored.score.saturating_mul((ALIKE * 255 - lost).into())
            };
            let mut best = at;
            for other in at + 1..spread.len() {
                if left(spread[other]) > left(spread[best]) {
                    best = other;
                }
            }
            slide(spread, best, at);
            let Some(chosen) = shelf.card(core, scores.list[spread[at].at()].dense) else { continue };
            for other in &spread[at + 1..] {
                let scored = &mut scores.list[other.at()];
                let likeness = shelf.card(core, scored.dense).map_or(0, |other| alike(core, &chosen, &other));
                scored.likeness = scored.likeness.max(likeness as u8);
            }
        }
    }

    /// Takes candidates of one strategy in order until the row is full.
    #[inline(never)]
    fn choose(&mut self, ground: &Ground<'_, '_>, strategy: Strategy) {
        let Ground { core, shelf, situation, request, .. } = *ground;
        let demand = Demand::of(ground, strategy);
        // Most rows ask nothing of a card but that it is there.
        let any = demand.is_nothing()
            && situation.muted_brands.is_empty()
            && request.filter.index().is_none()
            && request.diversity_max == 0;
        let (mut at, mut missed) = (0, 0);
        while self.picks.len() < request.limit {
            let spread = self.spread.get(at).copied();
            at += 1;
            let Some(candidate) = spread.or_else(|| self.scores.next(shelf)) else { return };
            let scored = self.scores.list[candidate.at()];
            let Scored { dense, score, table, because, .. } = scored;
            if !candidate.is_at_hand() {
                if self.picks.len() + missed < request.limit {
                    missed += 1;
                    self.wants.extend(shelf.want_card(core, dense));
                }
            } else if any || self.suits(ground, &demand, &scored) {
                let because = (because != NOBODY).then_some(because);
                self.picks.push(Pick { dense, score, strategy, table, because });
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
        if demand.kinship != 0 || demand.percent != [0; 2] {
            let anchor = if demand.of_own { Some(scored.because) } else { situation.anchor() };
            let Some(anchor) = anchor.filter(|dense| *dense != NOBODY) else { return false };
            let Some(other) = shelf.card(core, anchor) else {
                self.wants.extend(shelf.want_card(core, anchor));
                return false;
            };
            let in_category = other.card.category == card.card.category;
            let of_brand = other.brand() == card.brand();
            let is = if in_category { kinship::SAME_CATEGORY } else { kinship::OTHER_CATEGORY }
                | if of_brand { kinship::SAME_BRAND } else { kinship::OTHER_BRAND };
            if demand.kinship & !is != 0 || !in_percent(&card, other.card.price_minor.into(), demand.percent)
            {
                return false;
            }
        }
        !is_muted(situation, &card)
            && holds(ground, request.filter, card)
            && self.is_diverse(core, request, &card)
    }

    /// Whether the row still has room for another product like this one; counts it if so.
    #[inline(never)]
    fn is_diverse(&mut self, core: &Core, request: &Request, card: &CardView<'_>) -> bool {
        if request.diversity_max == 0 {
            return true;
        }
        let value = match request.diversity_by {
            DiversityBy::None => return true,
            DiversityBy::Category => card.card.category.index().unwrap_or(u32::MAX),
            DiversityBy::Brand => index::hash(card.brand()),
            DiversityBy::PriceBand => price_band(core, card) as u32,
        };
        let before = self.values.iter().filter(|known| **known == value).count();
        self.values.push(value);
        before < usize::from(request.diversity_max)
    }
}

impl Ground<'_, '_> {
    /// What the cart lacks of free shipping, minor units.
    pub(super) fn gap_minor(&self) -> u64 {
        let free = self.core.meta.get(0).unwrap_or_default().free_shipping_minor;
        u64::from(free).saturating_sub(self.situation.cart_minor)
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

/// Moves an element to another place; those between close up.
fn slide<T>(items: &mut [T], from: usize, to: usize) {
    for at in from..to {
        items.swap(at, at + 1);
    }
    for at in (to..from).rev() {
        items.swap(at, at + 1);
    }
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

/// Two products that are alike in everything.
const ALIKE: u32 = 4;

/// How alike two products are, 0..=[`ALIKE`]: category counts twice, brand and price band once.
#[inline(never)]
fn alike(core: &Core, left: &CardView<'_>, right: &CardView<'_>) -> u32 {
    let same_brand = !left.brand().is_empty() && left.brand() == right.brand();
    2 * u32::from(left.card.category == right.card.category)
        + u32::from(same_brand)
        + u32::from(price_band(core, left) == price_band(core, right))
}

fn is_muted(situation: &Situation, card: &CardView<'_>) -> bool {
    situation.muted_brands.iter().any(|brand| brand == card.brand())
}

/// Whether a predicate over `item.*`, or none, holds for a product.
fn holds(ground: &Ground<'_, '_>, filter: Ref, card: CardView<'_>) -> bool {
    let Some(predicate) = filter.index() else { return true };
    let Some(predicate) = ground.core.predicates.get(predicate) else { return false };
    let source = OnPage::new(ground.traits, ground.core, Some(card), ground.situation.now_s);
    evaluate(ground.core, &predicate, &source).unwrap_or(false)
}
