//! Candidates of each strategy, with their scores.

use super::choose::{Ground, Recommender, price_band};
use crate::card::CardView;
use crate::eval::{TraitSource, Value};
use crate::pack::core::{Core, List, Source, exclude};
use crate::pack::kinds::{ListKind, NeighbourKind, Strategy};
use crate::pack::record::Str;
use crate::pack::scoring::{ONE, blend, strength, times};
use crate::traits::{Traits, category_name, code};

const DAY_S: i64 = 86_400;
/// A product that nothing was learnt of is due again this long after it was bought, days.
const REPEAT_DAYS: u16 = 45;
/// Most viewed products looked at.
const CONTEXT_MAX: usize = 5;
/// Most cart products looked at.
const CART_CONTEXT_MAX: usize = 20;
/// Products bought within this time are of one order, seconds.
const ORDER_S: i64 = 60;

/// Whose neighbours a strategy looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// The product of the page, else the last ones viewed.
    Looked,
    /// The product of the page, else the cart, else the last ones viewed.
    AtHand,
    /// The cart.
    Cart,
    /// The last products viewed, whatever the page is about.
    Viewed,
    /// What rows that speak of one product speak of.
    Anchor,
    /// The last order.
    LastOrder,
}

/// What a strategy reads: neighbours in tables (bits by their codes) around something, and a list where they give nothing.
#[derive(Clone, Copy)]
struct Recipe {
    tables: u8,
    around: Around,
    list: u8,
}

const fn near(tables: u8, around: Around) -> Recipe {
    Recipe { tables, around, list: 0 }
}

const fn list(kind: ListKind) -> Recipe {
    Recipe { tables: 0, around: Around::Cart, list: kind.code() }
}

const BOUGHT: u8 = 1 << NeighbourKind::BoughtTogether.code();
const VIEWED: u8 = 1 << NeighbourKind::ViewedTogether.code();
const THEN_BOUGHT: u8 = 1 << NeighbourKind::ViewedThenBought.code();
const SIMILAR: u8 = 1 << NeighbourKind::Similar.code();
const BUNDLE: u8 = 1 << NeighbourKind::Bundle.code();

/// By code of [`Strategy`] from 1. Those that read nothing here have code of their own in [`Recommender::gather`].
const RECIPES: [Recipe; Strategy::ALL.len()] = [
    list(ListKind::BestSellers),
    list(ListKind::Trending),
    list(ListKind::NewArrivals),
    list(ListKind::TopDiscount),
    near(0, Around::Viewed),
    near(VIEWED, Around::Looked),
    near(BOUGHT, Around::AtHand),
    near(THEN_BOUGHT, Around::Looked),
    near(SIMILAR, Around::Looked),
    near(VIEWED | BOUGHT | THEN_BOUGHT | SIMILAR, Around::Viewed),
    near(BOUGHT, Around::Cart),
    near(SIMILAR | VIEWED, Around::Looked),
    near(BOUGHT, Around::AtHand),
    near(0, Around::Viewed),
    near(0, Around::Viewed),
    Recipe { tables: BOUGHT, around: Around::Cart, list: ListKind::BestSellers.code() },
    list(ListKind::Manual),
    near(0, Around::Viewed),
    near(BUNDLE, Around::Anchor),
    near(BOUGHT, Around::LastOrder),
    list(ListKind::LowStock),
    near(0, Around::Viewed),
];

impl Recommender {
    /// Scores the candidates of one step of the chain.
    #[inline(never)]
    pub(super) fn gather(&mut self, ground: &Ground<'_, '_>, strategy: Strategy, source: &Source) {
        let situation = ground.situation;
        self.bar(ground);
        let recipe = RECIPES[usize::from(strategy.code() - 1)];
        let recent = &situation.viewed[..situation.viewed.len().min(CONTEXT_MAX)];
        let cart = &situation.cart[..situation.cart.len().min(CART_CONTEXT_MAX)];
        let anchor = situation.anchor();
        let order: Vec<u32>;
        let scoring = ground.shelf.scoring;
        let (mut context, mut step, mut weights) = (recent, scoring.step, [ONE; 4]);
        match recipe.around {
            Around::Looked | Around::AtHand if situation.current.is_some() => {
                context = situation.current.as_slice();
            }
            Around::AtHand if !cart.is_empty() => (context, step) = (cart, ONE),
            Around::Cart => (context, step) = (cart, ONE),
            Around::Anchor => context = anchor.as_slice(),
            Around::LastOrder => {
                order = situation.last_order(ORDER_S, CART_CONTEXT_MAX);
                (context, step) = (&order, ONE);
            }
            _ => {}
        }
        match strategy {
            Strategy::RecentlyViewed => {
                situation.viewed.iter().for_each(|dense| self.scores.put_listed(*dense));
            }
            Strategy::RecentlyCarted => {
                situation.carted.iter().for_each(|dense| self.scores.put_listed(*dense));
            }
            Strategy::PostPurchase => {
                situation.bought.iter().for_each(|bought| self.scores.bar(bought.dense));
            }
            Strategy::WishlistDeals => self.deals(ground),
            Strategy::Replenish => self.replenish(ground),
            Strategy::Affinity => self.affinity(ground),
            Strategy::FreeShipping if ground.gap_minor() == 0 => return,
            Strategy::ForYou => {
                weights = blend(ground.shelf.learnt_blend, situation.clicks);
                self.remind(ground, recent);
            }
            _ => {}
        }
        self.add_neighbours(ground, recipe.tables, context, step, weights);
        if recipe.list != 0 && self.scores.is_empty() {
            self.list(ground, source, recipe.list);
        }
    }

    /// Begins anew, with what the row leaves out barred.
    pub(super) fn bar(&mut self, ground: &Ground<'_, '_>) {
        let situation = ground.situation;
        let excludes = |bit: u8| ground.request.exclude & bit != 0;
        let Self { scores, picks, given, shown_from, .. } = self;
        scores.clear();
        let groups = [
            (situation.current.as_slice(), true),
            (&situation.cart, excludes(exclude::CART)),
            (&situation.viewed[..situation.session], excludes(exclude::SEEN)),
        ];
        for (products, excluded) in groups {
            if excluded {
                products.iter().for_each(|dense| scores.bar(*dense));
            }
        }
        if excludes(exclude::BOUGHT) {
            situation.bought.iter().for_each(|bought| scores.bar(bought.dense));
        }
        if excludes(exclude::SHOWN) {
            given[*shown_from..].iter().for_each(|shown| scores.bar(shown.0));
        }
        picks.iter().for_each(|pick| scores.bar(pick.dense));
    }

    /// A list of the pack: the one named, else the first of its kind. Where lists of single categories or brands follow it,
    /// that of the page comes first.
    #[inline(never)]
    fn list(&mut self, ground: &Ground<'_, '_>, source: &Source, kind: u8) {
        let Ground { core, shelf, situation, .. } = *ground;
        let from = source.list.index().unwrap_or(0) as usize;
        let mut lists = core.lists.iter().skip(from).skip_while(|list| list.kind != kind);
        let whole = lists.next().unwrap_or_default();
        let page = situation.current.and_then(|dense| shelf.card(core, dense));
        let said = ground.traits.value(code::PAGE_BRAND, "");
        let said = if let Some(Value::Str(said)) = &said { said } else { "" };
        let brand = page.map_or(said, |card| card.brand());
        let is_part = |list: &List| list.category.index().is_some() || list.name != Str(0);
        let of_page = |list: &List| match list.category.index() {
            Some(_) => category_name(core, list.category) == situation.category,
            None => core.text(list.name) == brand,
        };
        let mut parts = lists.take_while(|list| list.kind == kind && is_part(list));
        let part = if kind == ListKind::Manual.code() { None } else { parts.find(of_page) };
        for list in [part.unwrap_or_default(), whole] {
            core.list_items.range(list.items).for_each(|dense| self.scores.put_listed(dense));
        }
    }

    /// What was just viewed comes up again where it may, else never.
    #[inline(never)]
    fn remind(&mut self, ground: &Ground<'_, '_>, recent: &[u32]) {
        let Ground { situation, shelf, .. } = *ground;
        if !situation.reminder {
            situation.viewed.iter().for_each(|dense| self.scores.bar(*dense));
            return;
        }
        let mut weight = shelf.scoring.reminder;
        for dense in recent {
            if let Some(scored) = self.scores.of(*dense) {
                scored.add(weight, *dense, 0);
            }
            weight = times(weight, shelf.scoring.reminder_step);
        }
    }

    /// Wished products that cost less than when they were wished for; those whose price is not at hand stay candidates.
    #[inline(never)]
    fn deals(&mut self, ground: &Ground<'_, '_>) {
        for wished in &ground.situation.wished {
            let card = ground.shelf.card(ground.core, wished.dense);
            if card.is_none_or(|view| view.card.price_minor < wished.price_minor) {
                self.scores.put_listed(wished.dense);
            }
        }
    }

    /// Bought before and due again, by how many of its intervals ago.
    #[inline(never)]
    fn replenish(&mut self, ground: &Ground<'_, '_>) {
        for bought in &ground.situation.bought {
            let Some(view) = ground.shelf.card(ground.core, bought.dense) else {
                self.wants.extend(ground.shelf.want_card(ground.core, bought.dense));
                continue;
            };
            let days = if view.card.repeat_days > 0 { view.card.repeat_days } else { REPEAT_DAYS };
            let interval_s = i64::from(days) * DAY_S;
            let ago_s = ground.situation.now_s.saturating_sub(bought.at_s);
            if ago_s >= interval_s {
                self.scores.put(bought.dense, (ago_s.saturating_mul(1_024) / interval_s) as u64);
            }
        }
    }

    /// The products of the best-seller lists, by how near they are to the shopper's interests.
    #[inline(never)]
    fn affinity(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, shelf, .. } = *ground;
        for list in core.lists.iter().filter(|list| list.kind == ListKind::BestSellers.code()) {
            for dense in core.list_items.range(list.items) {
                let near = shelf.card(core, dense).map_or(0, |view| taste(ground.traits, core, &view));
                if near > 0 {
                    self.scores.put(dense, near.into());
                }
            }
        }
    }

    /// Neighbours of context products, newest first; each keeps `step` of the weight of the one before. `tables` are bits by
    /// their codes, `weights` what each weighs.
    #[inline(never)]
    fn add_neighbours(
        &mut self,
        ground: &Ground<'_, '_>,
        tables: u8,
        context: &[u32],
        step: u32,
        weights: [u32; 4],
    ) {
        if tables == 0 {
            return;
        }
        let Self { scores, wants, .. } = self;
        let score_min = ground.request.score_min;
        let mut faded = ONE;
        for because in context.iter().copied() {
            let Some(rows) = ground.shelf.rows_of(because) else {
                wants.extend(ground.shelf.want_near(because));
                faded = times(faded, step);
                continue;
            };
            for row in rows.filter(|row| tables >> row.kind & 1 == 1) {
                let table = row.kind;
                let weight = times(faded, weights[usize::from(table - 1) % 4]);
                // Those of one score stand together.
                let (mut last, mut given) = (0, 0);
                row.each(|dense, score| {
                    if score != last {
                        (last, given) = (score, times(strength(score), weight));
                    }
                    if score >= score_min
                        && let Some(scored) = scores.of(dense)
                    {
                        scored.add(given, because, table);
                    }
                });
            }
            faded = times(faded, step);
        }
    }
}

/// How near a product is to a shopper's interests, in units of [`ONE`] times four: category, brand, price band and the dearest
/// of its tags, each a share of all interest.
#[inline(never)]
fn taste(traits: &Traits, core: &Core, view: &CardView<'_>) -> u32 {
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
