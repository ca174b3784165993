//! Candidates of each strategy, with their scores.

use super::choose::{Ground, Recommender, price_band};
use super::situation::Situation;
use crate::card::CardView;
use crate::eval::DAY_S;
use crate::pack::core::{Core, Source, exclude};
use crate::pack::index;
use crate::pack::kinds::{ListKind, NeighbourKind, Strategy};
use crate::pack::record::{Range, Ref};
use crate::pack::scoring::{ONE, strength, times};
use crate::traits::{BANDS, Traits, category_name, code};

/// A product that nothing was learnt of is due again this long after it was bought, days.
const REPEAT_DAYS: u16 = 45;
/// Most viewed products looked at.
const CONTEXT_MAX: usize = 5;
/// Most cart products looked at.
const CART_CONTEXT_MAX: usize = 20;

/// Products that a strategy starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// The product of the page, else the last ones viewed.
    Looked,
    /// The product of the page, else the cart, else the last ones viewed.
    AtHand,
    /// The cart.
    Cart,
    /// The last products viewed, whatever the page is about.
    Recent,
    /// All products viewed.
    Viewed,
    /// All products put into the cart.
    Carted,
    /// The products of the last order.
    Ordered,
    /// What rows that speak of one product speak of.
    Anchor,
    /// None.
    Nothing,
}

/// What a strategy reads: neighbours in tables (bits by their codes) around products, or without tables these themselves; and
/// a list where they give nothing.
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
    Recipe { tables: 0, around: Around::Nothing, list: kind.code() }
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
    near(VIEWED | BOUGHT | THEN_BOUGHT | SIMILAR, Around::Recent),
    near(BOUGHT, Around::Cart),
    near(SIMILAR | VIEWED, Around::Looked),
    near(BOUGHT, Around::AtHand),
    near(0, Around::Nothing),
    near(0, Around::Nothing),
    Recipe { tables: BOUGHT, around: Around::Cart, list: ListKind::BestSellers.code() },
    list(ListKind::Manual),
    near(0, Around::Nothing),
    near(BUNDLE, Around::Anchor),
    near(BOUGHT, Around::Ordered),
    list(ListKind::LowStock),
    near(0, Around::Carted),
];

impl Recommender {
    /// Scores the candidates of one step of the chain.
    #[inline(never)]
    pub(super) fn gather(&mut self, ground: &Ground<'_, '_>, strategy: Strategy, source: &Source) {
        let situation = ground.situation;
        self.bar(ground);
        let recipe = RECIPES[usize::from(strategy.code() - 1)];
        let recent = first(&situation.viewed, CONTEXT_MAX);
        let cart = first(&situation.cart, CART_CONTEXT_MAX);
        let current = situation.current.as_slice();
        let anchor = situation.anchor();
        let (mut context, mut step, mut weights) = (recent, ONE, &[ONE; 4]);
        match recipe.around {
            Around::Looked | Around::AtHand if !current.is_empty() => context = current,
            Around::AtHand if !cart.is_empty() => context = cart,
            Around::Cart => context = cart,
            Around::Anchor => context = anchor.as_slice(),
            Around::Viewed => context = &situation.viewed,
            Around::Carted => context = &situation.carted,
            Around::Ordered => context = first(&situation.ordered, CART_CONTEXT_MAX),
            Around::Nothing => context = &[],
            _ => step = ground.shelf.scoring.step,
        }
        match strategy {
            Strategy::PostPurchase => self.scores.bar(&situation.bought),
            Strategy::WishlistDeals => self.deals(ground),
            Strategy::Replenish => self.replenish(ground),
            Strategy::Affinity => self.affinity(ground),
            Strategy::FreeShipping if ground.gap_minor() == 0 => return,
            Strategy::ForYou => {
                weights = &situation.weights.0;
                self.remind(ground, recent);
            }
            _ => {}
        }
        let mut faded = ONE;
        for dense in context {
            if recipe.tables == 0 {
                self.scores.put_listed(*dense);
            } else {
                self.add_neighbours(ground, recipe.tables, *dense, faded, weights);
            }
            faded = times(faded, step);
        }
        if recipe.list != 0 && self.scores.is_empty() {
            self.list(ground, source, recipe.list);
        }
    }

    /// Begins anew, with what the row has and what it leaves out barred.
    pub(super) fn bar(&mut self, ground: &Ground<'_, '_>) {
        let situation = ground.situation;
        let excludes = |bit: u8| ground.request.exclude & bit != 0;
        let given_from = if excludes(exclude::SHOWN) { self.shown_from } else { self.row_from };
        let scores = &mut self.scores;
        scores.clear();
        scores.bar(situation.current.as_slice());
        scores.bar(&self.given[given_from..]);
        if excludes(exclude::CART) {
            scores.bar(&situation.cart);
        }
        if excludes(exclude::SEEN) {
            scores.bar(first(&situation.viewed, situation.session));
        }
        if excludes(exclude::BOUGHT) {
            scores.bar(&situation.bought);
        }
    }

    /// A list of the pack: the one named, else the first of its kind. Where lists of single categories or brands follow it,
    /// that of the page comes first.
    #[inline(never)]
    fn list(&mut self, ground: &Ground<'_, '_>, source: &Source, kind: u8) {
        let Ground { core, situation, .. } = *ground;
        let start = source.list.index().unwrap_or(0);
        let (mut whole, mut part) = (None, Range::default());
        for list in core.lists.range(Range { start, len: u32::MAX }) {
            let (name, page) = match list.category {
                Ref::NONE => (core.text(list.name), situation.brand),
                category => (category_name(core, category), situation.category),
            };
            if whole.is_none() {
                whole = (list.kind == kind).then_some(list.items);
            } else if list.kind != kind || kind == ListKind::Manual.code() || name.is_empty() {
                break;
            } else if index::hash(name) == page {
                part = list.items;
                break;
            }
        }
        for items in [part, whole.unwrap_or_default()] {
            core.list_items.range(items).for_each(|dense| self.scores.put_listed(dense));
        }
    }

    /// What was just viewed comes up again where it may, else never.
    #[inline(never)]
    fn remind(&mut self, ground: &Ground<'_, '_>, recent: &[u32]) {
        let Ground { situation, shelf, .. } = *ground;
        if !situation.reminder {
            self.scores.bar(&situation.viewed);
            return;
        }
        let mut weight = shelf.scoring.reminder;
        for dense in recent {
            self.scores.of(*dense).add(weight, *dense, 0);
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
        let Situation { bought, bought_s, now_s, .. } = ground.situation;
        for (dense, at_s) in bought.iter().zip(bought_s) {
            let Some(view) = self.card(ground, *dense) else { continue };
            let days = if view.card.repeat_days > 0 { view.card.repeat_days } else { REPEAT_DAYS };
            let interval_s = i64::from(days) * DAY_S;
            let ago_s = now_s.saturating_sub(*at_s);
            if ago_s >= interval_s {
                self.scores.put(*dense, (ago_s.min(1 << 48) * 1_024 / interval_s) as u64);
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

    /// Neighbours of a product in tables, given as bits by their codes; `faded` is what the product weighs, `weights` what
    /// each table does.
    #[inline(never)]
    fn add_neighbours(
        &mut self,
        ground: &Ground<'_, '_>,
        tables: u8,
        because: u32,
        faded: u32,
        weights: &[u32; 4],
    ) {
        let Self { scores, wants, .. } = self;
        let score_min = ground.request.score_min;
        let Some(rows) = ground.shelf.rows_of(because) else {
            return wants.add(ground.shelf.want_near(because));
        };
        for row in rows.filter(|row| tables >> row.kind & 1 == 1) {
            let table = row.kind;
            let weight = times(faded, weights[usize::from(table - 1) % 4]);
            row.each(|dense, score| {
                if score >= score_min {
                    scores.find(dense).add(times(strength(score), weight), because, table);
                }
            });
        }
    }
}

/// How near a product is to a shopper's interests, parts per million, at most four: category, brand, price band and the
/// dearest of its tags, each a share of all interest.
#[inline(never)]
fn taste(traits: &Traits, core: &Core, view: &CardView<'_>) -> u32 {
    let share = |code, key| traits.share_ppm(code, key);
    let band = BANDS[price_band(core, view) % BANDS.len()];
    let tag = view.tags().map(|tag| share(code::AFFINITY_TAG, tag)).max().unwrap_or(0);
    2 * share(code::AFFINITY_CATEGORY, view.category())
        + share(code::AFFINITY_BRAND, view.brand())
        + share(code::AFFINITY_PRICE_BAND, band) / 2
        + tag
}

fn first(products: &[u32], most: usize) -> &[u32] {
    &products[..products.len().min(most)]
}
