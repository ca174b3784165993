//! Fills a row from its fallback chain: exclusions, filter, diversity, limit, minimum.

use super::card::{CardView, WithItem};
use super::request::Request;
use super::score::{Scored, Scores};
use super::shelf::{Shelf, Want};
use super::situation::Situation;
use super::strategy::{Ground, NOBODY};
use crate::eval::{TraitSource, evaluate};
use crate::pack::core::{Core, Source, exclude};
use crate::pack::index;
use crate::pack::kinds::{CutKind, DiversityBy, Strategy};
use crate::traits::band;
use shelfwise_pack::sort::{sort, sort_by};

/// One product of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Dense id.
    pub dense: u32,
    /// Score inside its strategy; 0 where the order is a list's.
    pub score: u64,
    /// The strategy that brought it.
    pub strategy: Strategy,
    /// The context product it goes with.
    pub because: Option<u32>,
}

/// Buffers of recommendation, and what this page already shows.
#[derive(Clone, Debug, Default)]
pub struct Recommender {
    pub(super) scores: Scores,
    pub(super) ordered: Vec<Scored>,
    /// Whether `ordered` is by score, so that equal scores need their ties broken.
    pub(super) scored: bool,
    pub(super) wants: Vec<Want>,
    picks: Vec<Pick>,
    shown: Vec<u32>,
    counts: Vec<(u64, u8)>,
}

impl Recommender {
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
        for source in request.sources() {
            if self.picks.len() >= request.limit {
                break;
            }
            self.gather(ground, source);
            self.choose(ground, traits, request, source);
        }
        if self.picks.len() < request.minimum {
            self.picks.clear();
        }
        self.shown.extend(self.picks.iter().map(|pick| pick.dense));
        &self.picks
    }

    /// Takes candidates of one strategy in order until the row is full.
    fn choose<S: TraitSource>(
        &mut self,
        ground: Ground<'_, '_>,
        traits: &S,
        request: &Request,
        source: &Source,
    ) {
        let Some(strategy) = Strategy::from_code(source.strategy) else { return };
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
            if Self::suits(ground, source.strategy, &scored)
                && passes(ground, traits, request, card)
                && self.is_diverse(ground.core, request, &card)
            {
                let because = (scored.because != NOBODY).then_some(scored.because);
                self.picks.push(Pick { dense: scored.dense, score: scored.score, strategy, because });
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
            DiversityBy::PriceBand => price_band(core, card),
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
fn price_band(core: &Core, card: &CardView<'_>) -> u64 {
    let is_own = |kind: u8, category| kind == CutKind::Price.code() && category == card.card.category;
    let cuts = core.cut_points.iter().find(|cut| is_own(cut.kind, cut.category));
    cuts.map_or(0, |cut| band(&cut, i64::from(card.card.price_minor)) as u64)
}

/// Muted brands and the row's filter.
fn passes<S: TraitSource>(ground: Ground<'_, '_>, traits: &S, request: &Request, card: CardView<'_>) -> bool {
    let muted = &ground.situation.muted_brands;
    if !muted.is_empty() && muted.iter().any(|brand| brand == card.brand()) {
        return false;
    }
    let Some(predicate) = request.filter.index() else { return true };
    let Some(predicate) = ground.core.predicates.get(predicate) else { return false };
    let source = WithItem::new(traits, ground.core, card, ground.situation.now_s);
    evaluate(ground.core, &predicate, &source).unwrap_or(false)
}
