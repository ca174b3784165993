//! A row that is filled as its files come is the row that is filled with all files at hand.

mod shelves;

use proptest::prelude::*;
use proptest::strategy::Strategy as _;
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::pack::core::{Adjustment, Core, CoreBuilder, Predicate, exclude};
use shelfwise_engine::pack::items::{Card, ItemsBuilder, ItemsMeta, card_flags};
use shelfwise_engine::pack::kinds::{AdjustmentKind, DiversityBy, ListKind, NeighbourKind, Strategy};
use shelfwise_engine::pack::opened::{Opened, OpenedCore};
use shelfwise_engine::pack::program::{CompareOp, ConstantKind};
use shelfwise_engine::pack::record::{Range, Ref};
use shelfwise_engine::recommend::{Pick, Recommender, Request, Situation};
use shelfwise_engine::shelf::{Shelf, Want};
use shelfwise_engine::traits::{Context, Traits, code};
use shelves::{index_of, list, meta};

const NOW_S: i64 = 1_800_000_000;
/// Products, and products in a file.
const COUNT: u32 = 120;
const SHARD: u32 = 2;
const CATEGORIES: u32 = 6;

/// Product `d`: category `d % 6`, brand `B<d % 4>`, price between 1.00 and 60.00, every eleventh sold out.
fn card(file: &mut ItemsBuilder, dense: u32) -> Card {
    Card {
        item: file.strings.add(&format!("P{dense}")),
        brand: file.strings.add(&format!("B{}", dense % 4)),
        category: Ref::to(dense % CATEGORIES),
        price_minor: 100 * (1 + dense * 7 % 60),
        flags: if dense % 11 == 5 { 0 } else { card_flags::IN_STOCK },
        popularity_rank: dense * 37 % COUNT,
        ..Card::default()
    }
}

/// Neighbours of a product in a table, each of its own score so that few sums are the same.
fn neighbours(kind: u32, of: u32) -> Vec<(u32, u8)> {
    let item = |score: u32| (of + 1 + (kind * 31 + score * (7 + of % 5)) % (COUNT - 1)) % COUNT;
    let mut row: Vec<(u32, u8)> = (4..15).rev().map(|score| (item(score), score as u8)).collect();
    row.retain(|near| near.0 != of);
    let mut seen = Vec::new();
    row.retain(|near| !seen.contains(&near.0) && (seen.push(near.0), true).1);
    row
}

fn items(number: u32) -> Vec<u8> {
    let first = number * SHARD;
    let mut file = ItemsBuilder::default();
    file.meta.push(ItemsMeta { first, count: SHARD });
    for dense in first..first + SHARD {
        let card = card(&mut file, dense);
        file.cards.push(card);
    }
    for kind in NeighbourKind::ALL {
        let rows: Vec<_> = (first..first + SHARD).map(|of| neighbours(u32::from(kind.code()), of)).collect();
        file.add_neighbours(*kind, &rows);
    }
    file.finish()
}

/// A list of best sellers over all, one of each category and of each octave of prices; what costs less than 20.00.
fn core() -> CoreBuilder {
    let mut core = CoreBuilder::default();
    let currency = core.strings.add("GBP");
    core.meta.push(meta(currency, COUNT, SHARD, 4_000));
    for category in 0..CATEGORIES {
        let name = core.strings.add(&format!("C{category}"));
        core.categories.push(name);
    }
    let sold = |wanted: &dyn Fn(u32) -> bool| -> Vec<u32> {
        let mut sold: Vec<u32> = (0..COUNT).filter(|dense| dense % 11 != 5 && wanted(*dense)).collect();
        sold.sort_by_key(|dense| dense * 37 % COUNT);
        sold
    };
    let most = |most: usize, mut items: Vec<u32>| {
        items.truncate(most);
        items
    };
    list(&mut core, ListKind::BestSellers, Ref::NONE, &most(40, sold(&|_| true)));
    for category in 0..CATEGORIES {
        let items = most(12, sold(&|dense| dense % CATEGORIES == category));
        list(&mut core, ListKind::BestSellers, Ref::to(category), &items);
    }
    for octave in (0..13).rev() {
        let price = |dense: u32| 100 * (1 + dense * 7 % 60_u32);
        let items = most(24, sold(&|dense| price(dense).ilog2() == octave));
        list(&mut core, ListKind::FreeShipping, Ref::NONE, &items);
    }
    core.predicates.push(Predicate {
        op: CompareOp::Less.code(),
        constant: ConstantKind::Double.code(),
        trait_code: code::ITEM_PRICE,
        value: 20.0_f64.to_bits(),
        ..Predicate::default()
    });
    core
}

struct Row {
    opened: OpenedCore,
    memory: Memory,
    context: Context,
    request: Request,
}

impl Row {
    /// The row, and the files that it still wants.
    fn fill(&self, shelf: &Shelf) -> (Vec<Pick>, Vec<Want>) {
        let core: Core<'_> = self.opened.view();
        let situation = Situation::derive(&core, shelf, &self.memory, &self.context, NOW_S);
        let traits = Traits::derive(&self.memory, &self.context, &core, NOW_S);
        let mut recommender = Recommender::default();
        let picks = recommender.recommend(&core, shelf, &situation, &traits, &self.request).to_vec();
        (picks, [&situation.wants, recommender.wants()].concat())
    }

    /// Fetches what is wanted until nothing is; the row then.
    fn as_files_come(&self) -> Vec<Pick> {
        let mut shelf = Shelf::new(&self.opened.view());
        let mut fetched: Vec<Want> = Vec::new();
        loop {
            let (picks, wants) = self.fill(&shelf);
            let new: Vec<Want> = wants.into_iter().filter(|want| !fetched.contains(want)).collect();
            if new.is_empty() {
                return picks;
            }
            for want in new {
                put(&mut shelf, want);
                fetched.push(want);
            }
        }
    }
}

fn put(shelf: &mut Shelf, want: Want) {
    match want {
        Want::Items(number) => {
            shelf.add_items(number, Opened::open(items(number)).expect("items"));
        }
        Want::Index(_) => {
            shelf.add_index(0, &Opened::open(index_of(COUNT)).expect("index"));
        }
    }
}

fn full(core: &Core<'_>) -> Shelf {
    let mut shelf = Shelf::new(core);
    put(&mut shelf, Want::Index(0));
    (0..COUNT / SHARD).for_each(|number| put(&mut shelf, Want::Items(number)));
    shelf
}

fn weights() -> impl proptest::strategy::Strategy<Value = Vec<Adjustment>> {
    let weight = (prop::sample::select(vec![0_u16, 30, 250, 1_000]), any::<bool>());
    prop::collection::vec(weight, 0..3).prop_map(|weights| {
        let weight = |(amount, filtered)| Adjustment {
            kind: AdjustmentKind::Weigh.code(),
            amount,
            filter: if filtered { Ref::to(0) } else { Ref::NONE },
            when: Ref::NONE,
            from_s: i64::MIN,
            until_s: i64::MAX,
            item: 0,
        };
        weights.into_iter().map(weight).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_row_is_the_same_however_its_files_come(
        steps in prop::collection::vec(prop::sample::select(Strategy::ALL.to_vec()), 1..3),
        limit in 1_usize..12,
        events in prop::collection::vec((0_usize..4, 0..COUNT), 0..12),
        page in prop::option::of(0..COUNT),
        weights in weights(),
        spread in prop::sample::select(vec![0_u8, 120]),
        filtered in any::<bool>(),
        diversity_max in 0_u8..3,
    ) {
        let kinds = [EventKind::ViewItem, EventKind::AddToCart, EventKind::Purchase, EventKind::AddToWishlist];
        let mut memory = Memory::default();
        for (at, (kind, dense)) in (0..).zip(events) {
            let mut event = Event::new(kinds[kind], NOW_S - 1_000 + at).about(&format!("P{dense}"));
            (event.price_minor, event.quantity) = (900, 1);
            event.category = format!("C{}", dense % CATEGORIES);
            memory.fold(&event);
        }
        let mut builder = core();
        builder.adjustments.clone_from(&weights);
        let request = Request {
            adjustments: Range { start: 0, len: weights.len() as u32 },
            spread,
            filter: if filtered { Ref::to(0) } else { Ref::NONE },
            diversity_by: DiversityBy::Category,
            diversity_max,
            exclude: exclude::CART,
            ..Request::of_strategies(&steps, limit)
        };
        let item = page.map_or_else(String::new, |dense| format!("P{dense}"));
        let context = Context { item, ..Context::default() };
        let row = Row { opened: Opened::open(builder.finish()).expect("core"), memory, context, request };
        let (all, _) = row.fill(&full(&row.opened.view()));
        let come = row.as_files_come();
        let scores = |picks: &[Pick]| picks.iter().map(|pick| (pick.strategy, pick.score)).collect::<Vec<_>>();
        // Of one score those whose cards are at hand come first.
        prop_assert_eq!(scores(&all), scores(&come), "{:?} {:?}", all, come);
    }
}
