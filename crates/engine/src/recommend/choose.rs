//! Fills a row from its fallback chain: exclusions, filter, diversity, limit, minimum.

use super::card::{CardView, WithItem};
use super::request::Request;
use super::score::{Scored, Scores};
use super::shelf::{Shelf, Want};
use super::situation::Situation;
use super::strategy::{Ground, NOBODY};
use crate::eval::{TraitSource, evaluate};
use crate::pack::core::{Adjustment, Core, exclude};
use crate::pack::index;
use crate::pack::kinds::{AdjustmentKind, CutKind, DiversityBy, Strategy};
use crate::pack::record::Ref;
use crate::pack::scoring::ONE;
use crate::traits::band;
use shelfwise_pack::sort::{sort, sort_by};
use std::cmp::Reverse;

/// One product of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Dense id.
    pub dense: u32,
    /// Score inside its strategy; 0 where the order is a list's; the place of a pin.
    pub score: u64,
    /// The strategy that brought it.
    pub strategy: Strategy,
    /// Code of the table that gave most, where a table did.
    pub table: u8,
    /// The context product it goes with.
    pub because: Option<u32>,
}

/// Score of the first product of a list, where scores are needed: the second has half of it, and so on.
const LISTED: u64 = 1 << 20;
/// Products of rows that are remembered with their tables; then it begins anew.
const GIVEN_MAX: usize = 256;
/// Candidates that are kept apart from those that are like them.
const SPREAD_MAX: usize = 64;

/// Buffers of recommendation, and what this page already shows.
#[derive(Clone, Debug)]
pub struct Recommender {
    pub(super) scores: Scores,
    pub(super) ordered: Vec<Scored>,
    /// Whether `ordered` is by score, so that equal scores need their ties broken.
    pub(super) scored: bool,
    pub(super) wants: Vec<Want>,
    /// Neighbours of a lower score do not count in this row.
    pub(super) score_min: u8,
    /// Weight of each table, in units of [`ONE`].
    pub(super) blend: [u32; 4],
    picks: Vec<Pick>,
    shown: Vec<u32>,
    /// Products that tables gave to rows, and the code of the last that did.
    given: Vec<(u32, u8)>,
    counts: Vec<(u64, u8)>,
}

impl Default for Recommender {
    fn default() -> Self {
        Self {
            scores: Scores::default(),
            ordered: Vec::new(),
            scored: false,
            wants: Vec::new(),
            score_min: 0,
            blend: [ONE; 4],
            picks: Vec::new(),
            shown: Vec::new(),
            given: Vec::with_capacity(GIVEN_MAX),
            counts: Vec::new(),
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
        self.shown.clear();
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
    /// A product whose card is not at hand is left out and its file wanted, for the best `limit` of them. Filled rows count as shown for
    /// rows that exclude [`exclude::SHOWN`]. Cost: some 2 us for 20 products out of five rows of neighbours.
    pub fn recommend<S: TraitSource>(
        &mut self,
        core: &Core,
        shelf: &Shelf,
        situation: &Situation,
        traits: &S,
        request: &Request,
    ) -> &[Pick] {
        self.picks.clear();
        self.counts.clear();
        let ground = Ground { core, shelf, situation };
        self.pin(ground, request);
        let pins = self.picks.len();
        for source in request.sources() {
            let Some(strategy) = Strategy::from_code(source.strategy) else { continue };
            if self.picks.len() >= request.limit {
                break;
            }
            self.gather(ground, traits, request, source);
            self.weigh(ground, traits, request);
            self.spread(ground, request);
            self.choose(ground, traits, request, strategy);
        }
        let count = self.picks.len();
        self.picks.rotate_left(pins);
        for pin in count - pins..count {
            let place = (self.picks[pin].score as usize).saturating_sub(1).min(pin);
            self.picks[place..=pin].rotate_right(1);
        }
        if count < request.minimum {
            self.picks.clear();
        }
        for pick in &self.picks {
            self.shown.push(pick.dense);
            if self.given.len() == GIVEN_MAX {
                self.given.clear();
            }
            self.given.push((pick.dense, pick.table));
        }
        &self.picks
    }

    /// The weights or pins of a row that hold now.
    fn adjustments<'g>(
        ground: Ground<'g, '_>,
        request: &Request,
        kind: AdjustmentKind,
    ) -> impl Iterator<Item = Adjustment> + use<'g> {
        let Ground { core, situation, .. } = ground;
        core.adjustments.range(request.adjustments).filter(move |adjustment| {
            adjustment.kind == kind.code()
                && (adjustment.from_s..adjustment.until_s).contains(&situation.now_s)
                && adjustment.when.index().is_none_or(|when| situation.is_at_hand(when))
        })
    }

    /// Takes the pinned products, whatever the row's filter says, unless they are excluded, muted or sold out.
    fn pin(&mut self, ground: Ground<'_, '_>, request: &Request) {
        for pin in Self::adjustments(ground, request, AdjustmentKind::Pin) {
            let excluded = self.is_excluded(ground.situation, request, pin.item);
            if excluded || self.picks.len() >= request.limit {
                continue;
            }
            match ground.shelf.card(ground.core, pin.item) {
                None => self.wants.extend(ground.shelf.want_card(ground.core, pin.item)),
                Some(card) if card.in_stock() && !is_muted(ground.situation, &card) => {
                    self.picks.push(Pick {
                        dense: pin.item,
                        score: pin.amount.into(),
                        strategy: Strategy::Manual,
                        table: 0,
                        because: pin.when.index(),
                    })
                }
                Some(_) => {}
            }
        }
    }

    /// Multiplies the scores of products that a weight is for.
    fn weigh<S: TraitSource>(&mut self, ground: Ground<'_, '_>, traits: &S, request: &Request) {
        if Self::adjustments(ground, request, AdjustmentKind::Weigh).next().is_none() {
            return;
        }
        self.score_places();
        for scored in &mut self.ordered {
            let Some(card) = ground.shelf.card(ground.core, scored.dense) else { continue };
            for weight in Self::adjustments(ground, request, AdjustmentKind::Weigh) {
                if holds(ground, traits, weight.filter, card) {
                    scored.score = scored.score * u64::from(weight.amount) / 100;
                }
            }
        }
        sort_by(&mut self.ordered, |a, b| (Reverse(a.score), a.dense).cmp(&(Reverse(b.score), b.dense)));
    }

    /// Gives the products of a list scores by their places.
    fn score_places(&mut self) {
        if !self.scored {
            (1..).zip(&mut self.ordered).for_each(|(place, scored)| scored.score = LISTED / place);
        }
        self.scored = true;
    }

    /// Maximal marginal relevance (Carbonell and Goldstein, 1998): each next product is the one with most of its score left,
    /// which loses by how alike it is to the most alike before it.
    fn spread(&mut self, ground: Ground<'_, '_>, request: &Request) {
        let most = self.ordered.len().min(SPREAD_MAX);
        if request.spread == 0 || most == 0 {
            return;
        }
        self.score_places();
        let mut at = 0;
        while at < most {
            at = self.break_ties(ground, at);
        }
        self.scored = false;
        let card = |dense| ground.shelf.card(ground.core, dense);
        self.ordered.iter_mut().for_each(|scored| scored.rank = 0);
        for at in 0..most {
            let left = |scored: &Scored| {
                scored.score * u64::from(ALIKE * 255 - scored.rank * u32::from(request.spread))
            };
            let mut best = at;
            for other in at + 1..most {
                if left(&self.ordered[other]) > left(&self.ordered[best]) {
                    best = other;
                }
            }
            self.ordered[at..=best].rotate_right(1);
            let Some(chosen) = card(self.ordered[at].dense) else { continue };
            for other in &mut self.ordered[at + 1..most] {
                let likeness = card(other.dense).map_or(0, |other| alike(ground.core, &chosen, &other));
                other.rank = other.rank.max(likeness);
            }
        }
    }

    /// Takes candidates of one strategy in order until the row is full.
    fn choose<S: TraitSource>(
        &mut self,
        ground: Ground<'_, '_>,
        traits: &S,
        request: &Request,
        strategy: Strategy,
    ) {
        let mut ties_broken = 0;
        let mut missed = 0;
        for at in 0..self.ordered.len() {
            if self.picks.len() >= request.limit {
                return;
            }
            if self.scored && at >= ties_broken {
                ties_broken = self.break_ties(ground, at);
            }
            let scored = self.ordered[at];
            if self.is_excluded(ground.situation, request, scored.dense) {
                continue;
            }
            let Some(card) = ground.shelf.card(ground.core, scored.dense) else {
                if self.picks.len() + missed < request.limit {
                    missed += 1;
                    self.wants.extend(ground.shelf.want_card(ground.core, scored.dense));
                }
                continue;
            };
            if self.suits(ground, strategy, request, &scored, &card)
                && !is_muted(ground.situation, &card)
                && holds(ground, traits, request.filter, card)
                && self.is_diverse(ground.core, request, &card)
            {
                let Scored { dense, score, table, because, .. } = scored;
                let because = (because != NOBODY).then_some(because);
                self.picks.push(Pick { dense, score, strategy, table, because });
            }
        }
    }

    /// Orders the run of equal scores that begins here by popularity, and says where it ends.
    fn break_ties(&mut self, ground: Ground<'_, '_>, at: usize) -> usize {
        let score = self.ordered[at].score;
        let run = self.ordered[at..].iter().take_while(|scored| scored.score == score).count();
        if run > 1 {
            let rank = |dense| {
                ground.shelf.card(ground.core, dense).map_or(u32::MAX, |view| view.card.popularity_rank)
            };
            for scored in &mut self.ordered[at..at + run] {
                scored.rank = rank(scored.dense);
            }
            sort_by(&mut self.ordered[at..at + run], |a, b| (a.rank, a.dense).cmp(&(b.rank, b.dense)));
        }
        at + run
    }

    fn is_excluded(&self, situation: &Situation, request: &Request, dense: u32) -> bool {
        let excludes = |bit: u8| request.exclude & bit != 0;
        situation.current == Some(dense)
            || self.picks.iter().any(|pick| pick.dense == dense)
            || excludes(exclude::CART) && situation.cart.contains(&dense)
            || excludes(exclude::BOUGHT) && situation.has_bought(dense)
            || excludes(exclude::SEEN) && situation.viewed[..situation.session].contains(&dense)
            || excludes(exclude::SHOWN) && self.shown.contains(&dense)
    }

    /// Whether the row still has room for another product like this one; counts it if so.
    fn is_diverse(&mut self, core: &Core, request: &Request, card: &CardView<'_>) -> bool {
        if request.diversity_max == 0 {
            return true;
        }
        let key = match request.diversity_by {
            DiversityBy::None => return true,
            DiversityBy::Category => u64::from(card.card.category.index().unwrap_or(u32::MAX)),
            DiversityBy::Brand => u64::from(index::hash(card.brand())),
            DiversityBy::PriceBand => price_band(core, card) as u64,
        };
        match self.counts.iter_mut().find(|entry| entry.0 == key) {
            Some(entry) if entry.1 >= request.diversity_max => return false,
            Some(entry) => entry.1 += 1,
            None => self.counts.push((key, 1)),
        }
        true
    }
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
fn holds<S: TraitSource>(ground: Ground<'_, '_>, traits: &S, filter: Ref, card: CardView<'_>) -> bool {
    let Some(predicate) = filter.index() else { return true };
    let Some(predicate) = ground.core.predicates.get(predicate) else { return false };
    let source = WithItem::new(traits, ground.core, card, ground.situation.now_s);
    evaluate(ground.core, &predicate, &source).unwrap_or(false)
}
