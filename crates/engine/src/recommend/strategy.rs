//! Candidates of each strategy, best first.

use super::card::CardView;
use super::choose::{Recommender, price_band};
use super::request::Request;
use super::score::Scored;
use super::shelf::Shelf;
use super::situation::{Situation, Wished};
use crate::eval::{TraitSource, Value};
use crate::pack::core::{Core, List, Source, kinship};
use crate::pack::kinds::{ListKind, NeighbourKind, Strategy};
use crate::pack::record::Str;
use crate::pack::scoring::{ONE, Scoring, blend, strength, times};
use crate::traits::{category_name, code};

/// "On account of nothing in particular."
pub(super) const NOBODY: u32 = u32::MAX;
const DAY_S: i64 = 86_400;
/// A product that nothing was learnt of is due again this long after it was bought, days.
const REPEAT_DAYS: u16 = 45;
/// Most viewed products looked at.
const CONTEXT_MAX: usize = 5;
/// Most cart products looked at.
const CART_CONTEXT_MAX: usize = 20;
/// Products bought within this time are of one order, seconds.
const ORDER_S: i64 = 60;

use NeighbourKind::{BoughtTogether, Bundle, Similar, ViewedThenBought, ViewedTogether};

/// The places a strategy reads.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g, 'p> {
    pub core: &'g Core<'p>,
    pub shelf: &'g Shelf,
    pub situation: &'g Situation,
}

impl Recommender {
    /// Fills `ordered` with the candidates of one step of the chain.
    pub(super) fn gather<S: TraitSource>(
        &mut self,
        ground: Ground<'_, '_>,
        traits: &S,
        request: &Request,
        source: &Source,
    ) {
        self.ordered.clear();
        self.score_min = request.score_min;
        let Some(strategy) = Strategy::from_code(source.strategy) else { return };
        let situation = ground.situation;
        let recent = &situation.viewed[..situation.viewed.len().min(CONTEXT_MAX)];
        let cart = &situation.cart[..situation.cart.len().min(CART_CONTEXT_MAX)];
        let current = situation.current.as_slice();
        let looked_at = if current.is_empty() { recent } else { current };
        let scoring = ground.shelf.scoring;
        let step = scoring.step;
        let (at_hand, step_at_hand) =
            if current.is_empty() && !cart.is_empty() { (cart, ONE) } else { (looked_at, step) };
        match strategy {
            Strategy::BestSellers => self.list(ground, source, ListKind::BestSellers),
            Strategy::Trending => self.list(ground, source, ListKind::Trending),
            Strategy::NewArrivals => self.list(ground, source, ListKind::NewArrivals),
            Strategy::TopDiscount => self.list(ground, source, ListKind::TopDiscount),
            Strategy::LowStock => self.list(ground, source, ListKind::LowStock),
            Strategy::Manual => self.list(ground, source, ListKind::Manual),
            Strategy::RecentlyViewed => self.plain(situation.viewed.iter().copied()),
            Strategy::RecentlyCarted => self.plain(situation.carted.iter().copied()),
            Strategy::ViewedTogether => self.neighbours(ground, &[ViewedTogether], looked_at, step),
            Strategy::ViewedThenBought => self.neighbours(ground, &[ViewedThenBought], looked_at, step),
            Strategy::Similar => self.neighbours(ground, &[Similar], looked_at, step),
            Strategy::BoughtTogether | Strategy::CrossSell => {
                self.neighbours(ground, &[BoughtTogether], at_hand, step_at_hand);
            }
            Strategy::Cart => self.neighbours(ground, &[BoughtTogether], cart, ONE),
            Strategy::Bundle => self.neighbours(ground, &[Bundle], situation.anchor().as_slice(), ONE),
            Strategy::PostPurchase => {
                self.neighbours(
                    ground,
                    &[BoughtTogether],
                    &situation.last_order(ORDER_S, CART_CONTEXT_MAX),
                    ONE,
                );
            }
            Strategy::ForYou => self.for_you(ground, recent, scoring),
            Strategy::Upsell => self.neighbours(ground, &[Similar, ViewedTogether], looked_at, step),
            Strategy::FreeShipping => {
                self.neighbours(ground, &[BoughtTogether], cart, ONE);
                if self.ordered.is_empty() {
                    self.list(ground, source, ListKind::BestSellers);
                }
            }
            Strategy::Replenish => self.replenish(ground),
            Strategy::Affinity => self.affinity(ground, traits),
            Strategy::WishlistDeals => self.plain(situation.wished.iter().map(|wished| wished.dense)),
        }
    }

    /// Products in a given order.
    fn plain(&mut self, products: impl Iterator<Item = u32>) {
        let entry = |dense| Scored { dense, because: NOBODY, ..Scored::default() };
        self.ordered.extend(products.map(entry));
        self.scored = false;
    }

    /// A list of the pack: the one named, else the first of its kind. Where lists of single categories or brands follow it,
    /// that of the page comes first.
    fn list(&mut self, ground: Ground<'_, '_>, source: &Source, kind: ListKind) {
        let Ground { core, situation, .. } = ground;
        let from = source.list.index().unwrap_or(0) as usize;
        let mut lists = core.lists.iter().skip(from).skip_while(|list| list.kind != kind.code());
        let whole = lists.next().unwrap_or_default();
        let is_part = |list: &List| list.category.index().is_some() || list.name != Str(0);
        let page = situation.current.and_then(|dense| ground.shelf.card(core, dense));
        let brand = page.map_or("", |card| card.brand());
        let of_page = |list: &List| match list.category.index() {
            Some(_) => category_name(core, list.category) == situation.category,
            None => core.text(list.name) == brand,
        };
        let mut parts = lists.take_while(|list| list.kind == kind.code() && is_part(list));
        let part = if kind == ListKind::Manual { None } else { parts.find(of_page) }.unwrap_or_default();
        self.plain(core.list_items.range(part.items).chain(core.list_items.range(whole.items)));
    }

    /// Bought before and due again, by how many of its intervals ago.
    fn replenish(&mut self, ground: Ground<'_, '_>) {
        self.scores.clear();
        for bought in &ground.situation.bought {
            let Some(view) = ground.shelf.card(ground.core, bought.dense) else {
                self.wants.extend(ground.shelf.want_card(ground.core, bought.dense));
                continue;
            };
            let days = if view.card.repeat_days > 0 { view.card.repeat_days } else { REPEAT_DAYS };
            let interval_s = i64::from(days) * DAY_S;
            let ago_s = ground.situation.now_s.saturating_sub(bought.at_s);
            if ago_s >= interval_s {
                let overdue = ago_s.saturating_mul(1_024) / interval_s;
                self.scores.add(bought.dense, u32::try_from(overdue).unwrap_or(u32::MAX), NOBODY, 0);
            }
        }
        self.take_scores();
    }

    /// The products of the best-seller lists, by how near they are to the shopper's interests.
    fn affinity<S: TraitSource>(&mut self, ground: Ground<'_, '_>, traits: &S) {
        let Ground { core, shelf, .. } = ground;
        self.scores.clear();
        for list in core.lists.iter().filter(|list| list.kind == ListKind::BestSellers.code()) {
            for dense in core.list_items.range(list.items) {
                let Some(view) = shelf.card(core, dense) else { continue };
                let near = taste(traits, core, &view);
                if near > 0 && !self.scores.knows(dense) {
                    self.scores.add(dense, near, NOBODY, 0);
                }
            }
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
        self.blend = blend(ground.shelf.learnt_blend, ground.situation.clicks);
        let kinds = [ViewedTogether, BoughtTogether, ViewedThenBought, Similar];
        self.add_neighbours(ground, &kinds, context, scoring.step);
        self.blend = [ONE; 4];
        if ground.situation.reminder {
            let mut weight = scoring.reminder;
            for dense in context {
                self.scores.add(*dense, weight, *dense, 0);
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
            let tables = ground.shelf.neighbours(*dense);
            if tables.is_none() {
                self.wants.extend(ground.shelf.want_near(*dense));
            }
            for (kind, neighbours) in tables.iter().flat_map(|of| kinds.iter().map(|kind| (*kind, of(*kind))))
            {
                let table = kind.code();
                let weight = times(weight, self.blend.get(usize::from(table) - 1).copied().unwrap_or(ONE));
                for near in neighbours.filter(|near| near.score >= self.score_min) {
                    self.scores.add(near.dense, times(strength(near.score), weight), *dense, table);
                }
            }
            weight = times(weight, step);
        }
    }

    fn take_scores(&mut self) {
        self.ordered.extend(self.scores.sorted());
        self.scored = true;
    }

    /// Whether a product suits the strategy, and the product that the row speaks of, beyond what the row demands of every
    /// product. Cards that this takes and that are not at hand are wanted.
    pub(super) fn suits(
        &mut self,
        ground: Ground<'_, '_>,
        strategy: Strategy,
        request: &Request,
        scored: &Scored,
        candidate: &CardView<'_>,
    ) -> bool {
        let Ground { core, shelf, situation } = ground;
        let card = candidate.card;
        let price = u64::from(card.price_minor);
        let mut percent = request.price_percent;
        let mut kinship = request.kinship;
        let mut anchor = situation.anchor();
        match strategy {
            Strategy::ForYou if !situation.reminder && situation.viewed.contains(&scored.dense) => {
                return false;
            }
            Strategy::PostPurchase if situation.has_bought(scored.dense) => return false,
            Strategy::CrossSell => {
                (kinship, anchor) = (kinship | kinship::OTHER_CATEGORY, Some(scored.because))
            }
            Strategy::Upsell if percent == [0; 2] => percent = [110, 200],
            Strategy::FreeShipping => {
                let free = core.meta.get(0).unwrap_or_default().free_shipping_minor;
                let gap = u64::from(free).saturating_sub(situation.cart_minor);
                if gap == 0 || price < gap || price > gap * 2 {
                    return false;
                }
            }
            Strategy::WishlistDeals => {
                let cheaper =
                    |wished: &Wished| wished.dense == scored.dense && card.price_minor < wished.price_minor;
                if !situation.wished.iter().any(cheaper) {
                    return false;
                }
            }
            _ => {}
        }
        if kinship == 0 && percent == [0; 2] {
            return true;
        }
        let Some(anchor) = anchor.filter(|dense| *dense != NOBODY) else { return false };
        let Some(other) = shelf.card(core, anchor) else {
            self.wants.extend(shelf.want_card(core, anchor));
            return false;
        };
        let from = u64::from(other.card.price_minor);
        let same_category = other.card.category == card.category;
        let same_brand = other.brand() == candidate.brand();
        let must = |bit: u8, holds: bool| kinship & bit == 0 || holds;
        price * 100 >= from * u64::from(percent[0])
            && (percent[1] == 0 || price * 100 <= from * u64::from(percent[1]))
            && must(kinship::SAME_CATEGORY, same_category)
            && must(kinship::OTHER_CATEGORY, !same_category)
            && must(kinship::SAME_BRAND, same_brand)
            && must(kinship::OTHER_BRAND, !same_brand)
    }
}

/// How near a product is to a shopper's interests, in units of [`ONE`] times four: category, brand, price band and the dearest
/// of its tags, each a share of all interest.
fn taste<S: TraitSource>(traits: &S, core: &Core, view: &CardView<'_>) -> u32 {
    let share = |code: u16, key: &str| match traits.value(code, key) {
        Some(Value::Double(share)) if !key.is_empty() => (share.clamp(0.0, 1.0) * f64::from(ONE)) as u32,
        _ => 0,
    };
    let band = ["1", "2", "3", "4", "5"][price_band(core, view).min(4)];
    let tags = view.tags().map(|tag| share(code::AFFINITY_TAG, tag)).max().unwrap_or(0);
    2 * share(code::AFFINITY_CATEGORY, view.category())
        + share(code::AFFINITY_BRAND, view.brand())
        + share(code::AFFINITY_PRICE_BAND, band) / 2
        + tags
}
