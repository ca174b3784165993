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
/// Score of a product that fills an order up and does not go with the cart: less than any neighbour's.
const FILLER: u64 = 100;
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
    /// Wished products that became cheaper.
    Deals,
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
    near(0, Around::Deals),
    near(BOUGHT, Around::Cart),
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
        let viewed = first(&situation.viewed, CONTEXT_MAX);
        // Whoever viewed nothing, or nothing that is remembered, may still have a cart or an order.
        let others = if situation.carted.is_empty() { &situation.ordered } else { &situation.carted };
        let recent = if viewed.is_empty() { first(others, CONTEXT_MAX) } else { viewed };
        let cart = first(&situation.cart, CART_CONTEXT_MAX);
        let current = situation.current.as_slice();
        let looked = if current.is_empty() { recent } else { current };
        let at_hand = if current.is_empty() && !cart.is_empty() { cart } else { looked };
        let context = match recipe.around {
            Around::Looked => looked,
            Around::AtHand => at_hand,
            Around::Cart => cart,
            Around::Recent => recent,
            Around::Viewed => &situation.viewed,
            Around::Carted => &situation.carted,
            Around::Deals => &situation.deals,
            Around::Ordered => first(&situation.ordered, CART_CONTEXT_MAX),
            Around::Anchor => first(at_hand, 1),
            Around::Nothing => &[],
        };
        // Only what was viewed counts the less the longer ago it was.
        let step = if std::ptr::eq(context, recent) { ground.shelf.scoring.step } else { ONE };
        let mut weights = &[ONE; 4];
        match strategy {
            Strategy::PostPurchase => self.scores.bar(&situation.bought),
            Strategy::Replenish => self.replenish(ground),
            Strategy::Affinity => self.affinity(ground),
            Strategy::FreeShipping => {
                let Some(octave) = ground.gap_minor().checked_ilog2() else { return };
                self.fill_up(ground.core, octave);
            }
            Strategy::ForYou => {
                weights = &situation.weights.0;
                self.remind(ground, viewed);
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
        let mut lists = core.lists.range(Range { start, len: u32::MAX });
        let Some(whole) = lists.find(|list| list.kind == kind) else { return };
        for part in lists {
            let (name, page) = match part.category {
                Ref::NONE => (core.text(part.name), situation.brand),
                category => (category_name(core, category), situation.category),
            };
            if part.kind != kind || kind == ListKind::Manual.code() || name.is_empty() {
                break;
            }
            if index::hash(name) == page {
                self.put_list(core, part.items);
                break;
            }
        }
        self.put_list(core, whole.items);
    }

    /// Scores the products of a list, one after the other.
    #[inline(never)]
    fn put_list(&mut self, core: &Core, items: Range) {
        core.list_items.range(items).for_each(|dense| self.scores.put_listed(dense));
    }

    /// What was just viewed comes up again where it may, else never.
    #[inline(never)]
    fn remind(&mut self, ground: &Ground<'_, '_>, recent: &[u32]) {
        let Ground { situation, shelf, request, .. } = *ground;
        if request.exclude & exclude::REMINDERS == 0 {
            self.scores.bar(&situation.viewed);
            return;
        }
        let mut weight = shelf.scoring.reminder;
        for dense in recent {
            self.scores.of(*dense).add(weight, *dense, 0);
            weight = times(weight, shelf.scoring.reminder_step);
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

    /// The best sellers of the categories that the shopper is interested in, by how near they are to all interests; those of the
    /// whole shop where there are none.
    #[inline(never)]
    fn affinity(&mut self, ground: &Ground<'_, '_>) {
        let Ground { core, traits, .. } = *ground;
        // Those that single rows ask for stand behind the lists of other kinds.
        let mut lists = core.lists.iter().take_while(|list| list.kind == ListKind::BestSellers.code());
        let mut whole = lists.next().unwrap_or_default().items;
        for part in lists {
            if traits.share_ppm(code::AFFINITY_CATEGORY, category_name(core, part.category)) > 0 {
                whole = Range::default();
                self.put_by_taste(ground, part.items);
            }
        }
        self.put_by_taste(ground, whole);
    }

    /// Scores products of a list by how near they are to the shopper's interests.
    #[inline(never)]
    fn put_by_taste(&mut self, ground: &Ground<'_, '_>, items: Range) {
        for dense in ground.core.list_items.range(items) {
            let near = self.card(ground, dense).map_or(0, |view| taste(ground.traits, ground.core, &view));
            if near > 0 {
                self.scores.put(dense, near.into());
            }
        }
    }

    /// Products of an octave of prices and of the next one, behind what goes with the cart.
    #[inline(never)]
    fn fill_up(&mut self, core: &Core, octave: u32) {
        let start = (core.lists.len() as u32).saturating_sub(octave + 2);
        for list in core.lists.range(Range { start, len: 2 }) {
            core.list_items.range(list.items).for_each(|dense| self.scores.put(dense, FILLER));
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
    // Less code than the greatest of an iterator.
    let mut tag = 0;
    for name in view.tags() {
        tag = tag.max(share(code::AFFINITY_TAG, name));
    }
    2 * share(code::AFFINITY_CATEGORY, view.category())
        + share(code::AFFINITY_BRAND, view.brand())
        + share(code::AFFINITY_PRICE_BAND, band) / 2
        + tag
}

fn first(products: &[u32], most: usize) -> &[u32] {
    &products[..products.len().min(most)]
}
