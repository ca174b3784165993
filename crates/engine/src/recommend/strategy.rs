//! Candidates of each strategy, best first.

use super::choose::Recommender;
use super::score::Scored;
use super::shelf::Shelf;
use super::situation::Situation;
use crate::pack::core::{Core, List, Source};
use crate::pack::kinds::{ListKind, NeighbourKind, Strategy};
use crate::pack::scoring::{ONE, Scoring, strength, times};
use crate::traits::category_name;

/// "On account of nothing in particular."
pub(super) const NOBODY: u32 = u32::MAX;
/// A product is due again this long after it was bought, seconds.
const REPLENISH_S: i64 = 45 * 86_400;
/// Most viewed products looked at.
const CONTEXT_MAX: usize = 5;
/// Most cart products looked at.
const CART_CONTEXT_MAX: usize = 20;

use NeighbourKind::{BoughtTogether, Similar, ViewedThenBought, ViewedTogether};

/// The places a strategy reads.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g, 'p> {
    pub core: &'g Core<'p>,
    pub shelf: &'g Shelf,
    pub situation: &'g Situation,
}

impl Recommender {
    /// Fills `ordered` with the candidates of one step of the chain.
    pub(super) fn gather(&mut self, ground: Ground<'_, '_>, source: &Source) {
        self.ordered.clear();
        let Some(strategy) = Strategy::from_code(source.strategy) else { return };
        let situation = ground.situation;
        let recent = &situation.viewed[..situation.viewed.len().min(CONTEXT_MAX)];
        let cart = &situation.cart[..situation.cart.len().min(CART_CONTEXT_MAX)];
        let current = situation.current.as_slice();
        let looked_at = if current.is_empty() { recent } else { current };
        let scoring = Scoring::of(|name| ground.core.parameter(name));
        let step = scoring.step;
        let (at_hand, step_at_hand) =
            if current.is_empty() && !cart.is_empty() { (cart, ONE) } else { (looked_at, step) };
        match strategy {
            Strategy::BestSellers => self.list(ground, source, ListKind::BestSellers),
            Strategy::Trending => self.list(ground, source, ListKind::Trending),
            Strategy::NewArrivals => self.list(ground, source, ListKind::NewArrivals),
            Strategy::TopDiscount => self.list(ground, source, ListKind::TopDiscount),
            Strategy::Manual => self.list(ground, source, ListKind::Manual),
            Strategy::RecentlyViewed => self.plain(situation.viewed.iter().copied()),
            Strategy::ViewedTogether => self.neighbours(ground, &[ViewedTogether], looked_at, step),
            Strategy::ViewedThenBought => self.neighbours(ground, &[ViewedThenBought], looked_at, step),
            Strategy::Similar => self.neighbours(ground, &[Similar], looked_at, step),
            Strategy::BoughtTogether | Strategy::CrossSell => {
                self.neighbours(ground, &[BoughtTogether], at_hand, step_at_hand);
            }
            Strategy::Cart => self.neighbours(ground, &[BoughtTogether], cart, ONE),
            Strategy::ForYou => self.for_you(ground, recent, scoring),
            Strategy::Upsell => self.neighbours(ground, &[Similar, ViewedTogether], looked_at, step),
            Strategy::FreeShipping => {
                self.neighbours(ground, &[BoughtTogether], cart, ONE);
                if self.ordered.is_empty() {
                    self.list(ground, source, ListKind::BestSellers);
                }
            }
            Strategy::Replenish => self.replenish(situation),
            Strategy::WishlistDeals => self.plain(situation.wished.iter().map(|wished| wished.dense)),
        }
    }

    /// Products in a given order.
    fn plain(&mut self, products: impl Iterator<Item = u32>) {
        let entry = |dense| Scored { dense, because: NOBODY, ..Scored::default() };
        self.ordered.extend(products.map(entry));
        self.scored = false;
    }

    /// A list of the pack: the one named, else that of the page's category, else the shop's.
    fn list(&mut self, ground: Ground<'_, '_>, source: &Source, kind: ListKind) {
        let Ground { core, situation, .. } = ground;
        let of_kind = |list: &List| list.kind == kind.code();
        let of_page = |list: &List| {
            let name = category_name(core, list.category);
            !name.is_empty() && name == situation.category
        };
        let named = source.list.index().and_then(|index| core.lists.get(index));
        let list = named
            .or_else(|| core.lists.iter().filter(of_kind).find(of_page))
            .or_else(|| core.lists.iter().filter(of_kind).find(|list| list.category.index().is_none()));
        self.plain(core.list_items.range(list.unwrap_or_default().items));
    }

    /// Bought before and due again, longest ago first.
    fn replenish(&mut self, situation: &Situation) {
        let due = situation.bought.iter().filter(|bought| bought.at_s <= situation.now_s - REPLENISH_S);
        self.scores.clear();
        for bought in due {
            let ago_s = situation.now_s.saturating_sub(bought.at_s);
            self.scores.add(bought.dense, u32::try_from(ago_s).unwrap_or(u32::MAX), NOBODY);
        }
        self.take_scores();
    }

    /// Neighbours of context products, newest first; each keeps `step` of the weight of the one before.
    fn neighbours(&mut self, ground: Ground<'_, '_>, kinds: &[NeighbourKind], context: &[u32], step: u32) {
        self.scores.clear();
        self.add_neighbours(ground, kinds, context, step);
        self.take_scores();
    }

    fn for_you(&mut self, ground: Ground<'_, '_>, context: &[u32], scoring: Scoring) {
        self.scores.clear();
        let kinds = [ViewedTogether, BoughtTogether, ViewedThenBought, Similar];
        self.add_neighbours(ground, &kinds, context, scoring.step);
        if ground.situation.reminder {
            let mut weight = scoring.reminder;
            for dense in context {
                self.scores.add(*dense, weight, *dense);
                weight = times(weight, scoring.reminder_step);
            }
        }
        self.take_scores();
    }

    fn add_neighbours(
        &mut self,
        ground: Ground<'_, '_>,
        kinds: &[NeighbourKind],
        context: &[u32],
        step: u32,
    ) {
        let mut weight = ONE;
        for dense in context {
            for kind in kinds {
                let Some(neighbours) = ground.shelf.neighbours(ground.core, *kind, *dense) else {
                    self.wants.extend(ground.shelf.want_near(ground.core, *dense));
                    break;
                };
                for near in neighbours {
                    self.scores.add(near.dense, times(strength(near.score), weight), *dense);
                }
            }
            weight = times(weight, step);
        }
    }

    fn take_scores(&mut self) {
        self.ordered.extend_from_slice(self.scores.sorted());
        self.scored = true;
    }

    /// Whether a product suits the strategy, beyond what the row demands of every product.
    pub(super) fn suits(ground: Ground<'_, '_>, strategy: u8, scored: &Scored) -> bool {
        let Ground { core, shelf, situation } = ground;
        let card = |dense| shelf.card(core, dense).map(|view| view.card);
        let candidate = card(scored.dense).unwrap_or_default();
        let anchor = situation.current.or_else(|| situation.viewed.first().copied());
        let anchor = anchor.and_then(card).unwrap_or_default();
        let price = u64::from(candidate.price_minor);
        match Strategy::from_code(strategy) {
            Some(Strategy::ForYou) => situation.reminder || !situation.viewed.contains(&scored.dense),
            Some(Strategy::CrossSell) => {
                card(scored.because).is_some_and(|because| because.category != candidate.category)
            }
            Some(Strategy::Upsell) => {
                let from = u64::from(anchor.price_minor);
                price * 10 >= from * 11 && price <= from * 2
            }
            Some(Strategy::FreeShipping) => {
                let free = core.meta.get(0).unwrap_or_default().free_shipping_minor;
                let gap = u64::from(free).saturating_sub(situation.cart_minor);
                gap > 0 && price >= gap && price <= gap * 2
            }
            Some(Strategy::WishlistDeals) => situation
                .wished
                .iter()
                .any(|wished| wished.dense == scored.dense && candidate.price_minor < wished.price_minor),
            _ => true,
        }
    }
}
