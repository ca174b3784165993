//! Candidates of each strategy, with their scores.

use super::choose::{Ground, Recommender, price_band};
use crate::card::CardView;
use crate::eval::{DAY_S, TraitSource, Value};
use crate::pack::core::{Core, List, Source, exclude};
use crate::pack::kinds::{ListKind, NeighbourKind, Strategy};
use crate::pack::record::Range;
use crate::pack::scoring::{ONE, blend, strength, times};
use crate::traits::{Traits, category_name, code};

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
    near(0, Around::Viewed),
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
        let scoring = ground.shelf.scoring;
        let (mut context, mut step, mut weights) = (recent, scoring.step, [ONE; 4]);
        match recipe.around {
            Around::Looked | Around::AtHand if situation.current.is_some() => {
                context = situation.current.as_slice();
            }
            Around::AtHand if !cart.is_empty() => (context, step) = (cart, ONE),
            Around::Cart => (context, step) = (cart, ONE),
            Around::Anchor => context = anchor.as_slice(),
            _ => {}
        }
        let mut own: &[u32] = &[];
        match strategy {
            Strategy::RecentlyViewed => own = &situation.viewed,
            Strategy::RecentlyCarted => own = &situation.carted,
            Strategy::PostPurchase => return self.after_purchase(ground),
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
        own.iter().for_each(|dense| self.scores.put_listed(*dense));
        if recipe.tables != 0 {
            let mut faded = ONE;
            for dense in context {
                self.add_neighbours(
                    ground,
                    recipe.tables,
                    *dense,
                    weights.map(|weight| times(faded, weight)),
                );
                faded = times(faded, step);
            }
        }
        if recipe.list != 0 && self.scores.is_empty() {
            self.list(ground, source, recipe.list);
        }
    }

    /// What is bought with the products of the last order, but nothing that was bought.
    fn after_purchase(&mut self, ground: &Ground<'_, '_>) {
        let bought = &ground.situation.bought;
        let last_s = bought.iter().map(|bought| bought.at_s).max().unwrap_or(0);
        bought.iter().for_each(|bought| self.scores.bar(bought.dense));
        for bought in bought.iter().filter(|bought| bought.at_s >= last_s - ORDER_S).take(CART_CONTEXT_MAX) {
            self.add_neighbours(ground, BOUGHT, bought.dense, [ONE; 4]);
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
        let start = source.list.index().unwrap_or(0);
        let page = situation.current.and_then(|dense| shelf.card(core, dense));
        let said = ground.traits.value(code::PAGE_BRAND, "");
        let said = if let Some(Value::Str(said)) = &said { said } else { "" };
        let brand = page.map_or(said, |card| card.brand());
        let (mut whole, mut part) = (None, List::default());
        for list in core.lists.range(Range { start, len: u32::MAX }) {
            let category = category_name(core, list.category);
            let name = core.text(list.name);
            if whole.is_none() {
                whole = (list.kind == kind).then_some(list);
            } else if list.kind != kind
                || kind == ListKind::Manual.code()
                || category.is_empty() && name.is_empty()
            {
                break;
            } else if if category.is_empty() { name == brand } else { category == situation.category } {
                part = list;
                break;
            }
        }
        for list in [part, whole.unwrap_or_default()] {
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

    /// Neighbours of a product in tables, given as bits by their codes; `weights` are what each weighs.
    #[inline(never)]
    fn add_neighbours(&mut self, ground: &Ground<'_, '_>, tables: u8, because: u32, weights: [u32; 4]) {
        let Self { scores, wants, .. } = self;
        let score_min = ground.request.score_min;
        let Some(rows) = ground.shelf.rows_of(because) else {
            return wants.extend(ground.shelf.want_near(because));
        };
        for row in rows.filter(|row| tables >> row.kind & 1 == 1) {
            let table = row.kind;
            let weight = weights[usize::from(table - 1) % 4];
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
    let band = price_band(core, view).min(4);
    let parts = [
        (code::AFFINITY_CATEGORY, view.category(), 2),
        (code::AFFINITY_BRAND, view.brand(), 1),
        (code::AFFINITY_PRICE_BAND, &"12345"[band..=band], 0),
    ];
    let own: u32 = parts.iter().map(|(code, key, times)| share(*code, key) << times >> 1).sum();
    own + view.tags().map(|tag| share(code::AFFINITY_TAG, tag)).max().unwrap_or(0)
}
