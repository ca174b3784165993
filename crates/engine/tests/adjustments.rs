//! Boosts, burials and pins of rows, on a catalogue of twelve products.

mod shelves;

use shelfwise_engine::memory::{Event, EventKind};
use shelfwise_engine::pack::core::{Adjustment, CoreBuilder};
use shelfwise_engine::pack::kinds::{AdjustmentKind, DiversityBy, Strategy};
use shelfwise_engine::pack::record::{Range, Ref};
use shelfwise_engine::recommend::{Pick, Recommender, Request, Situation};
use shelfwise_engine::traits::{Context, Traits};
use shelves::{core, event, full, memory, open};

const NOW_S: i64 = 1_800_000_000;

fn dense(picks: &[Pick]) -> Vec<u32> {
    picks.iter().map(|pick| pick.dense).collect()
}

fn on_page(dense: u32) -> Context {
    Context { item: format!("P{dense}"), ..Context::default() }
}

/// A core file whose rows are adjusted so, and the run of it.
fn adjusted(adjustments: &[Adjustment]) -> (CoreBuilder, Range) {
    let mut file = core();
    file.adjustments = adjustments.to_vec();
    (file, Range { start: 0, len: adjustments.len() as u32 })
}

fn adjustment(kind: AdjustmentKind, amount: u16) -> Adjustment {
    let kind = kind.code();
    Adjustment {
        kind,
        amount,
        filter: Ref::NONE,
        when: Ref::NONE,
        from_s: i64::MIN,
        until_s: i64::MAX,
        item: 0,
    }
}

fn picks_of(file: &CoreBuilder, events: &[Event], context: &Context, request: &Request) -> Vec<Pick> {
    let opened = open(file);
    let shelf = full(&opened);
    let core = opened.view();
    let memory = memory(events);
    let situation = Situation::derive(&core, &shelf, &memory, context, NOW_S);
    let traits = Traits::derive(&memory, context, &core, NOW_S);
    Recommender::default().recommend(&core, &shelf, &situation, &traits, request).to_vec()
}

fn best_sellers(adjustments: Range) -> Request {
    Request { adjustments, ..Request::of_strategies(&[Strategy::BestSellers], 4) }
}

#[test]
fn boosts_and_burials_multiply_scores() {
    let bury = Adjustment { filter: Ref::to(0), ..adjustment(AdjustmentKind::Weigh, 20) };
    // What is in stock is buried: all but 5, which was third of 9, 3, 5, 6, 0.
    let (file, run) = adjusted(&[bury]);
    let plain = Context::default();
    assert_eq!(dense(&picks_of(&file, &[], &plain, &best_sellers(run))), [5, 9, 3, 6]);
    // Twice everything in stock changes nothing but the place of 5.
    let (file, run) = adjusted(&[Adjustment { amount: 200, ..bury }]);
    assert_eq!(dense(&picks_of(&file, &[], &plain, &best_sellers(run))), [9, 3, 6, 0]);
    let (file, run) = adjusted(&[Adjustment { until_s: NOW_S, ..bury }]);
    assert_eq!(dense(&picks_of(&file, &[], &plain, &best_sellers(run))), [9, 3, 5, 6], "it is over");
    // Scores of neighbours are multiplied likewise: 5 is sold out and last of 8, 5, 2 by rank of equal scores.
    let viewed = Request {
        adjustments: Range { start: 0, len: 1 },
        ..Request::of_strategies(&[Strategy::ViewedTogether], 8)
    };
    let (file, _) = adjusted(&[bury]);
    assert_eq!(dense(&picks_of(&file, &[], &on_page(0), &viewed)), [5, 8, 2]);
}

#[test]
fn pins_stand_at_their_places() {
    let pin = |item, place| Adjustment { item, ..adjustment(AdjustmentKind::Pin, place) };
    let (file, run) = adjusted(&[pin(7, 1), pin(3, 3), pin(2, 9)]);
    let picks = picks_of(&file, &[], &Context::default(), &best_sellers(run));
    assert_eq!(dense(&picks), [7, 9, 3, 2], "3 is not shown twice");
    assert_eq!((picks[0].strategy, picks[1].strategy), (Strategy::Manual, Strategy::BestSellers));
    let (file, run) = adjusted(&[pin(5, 1), pin(0, 1)]);
    assert_eq!(
        dense(&picks_of(&file, &[], &on_page(0), &best_sellers(run))),
        [9, 3, 5, 6],
        "5 is sold out, 0 the page's"
    );
}

#[test]
fn a_pin_counts_for_diversity() {
    let pin = Adjustment { item: 3, ..adjustment(AdjustmentKind::Pin, 1) };
    let (file, run) = adjusted(&[pin]);
    let request = Request { diversity_by: DiversityBy::Category, diversity_max: 1, ..best_sellers(run) };
    // 9, 6 and 0 are of the pin's category.
    assert_eq!(dense(&picks_of(&file, &[], &Context::default(), &request)), [3, 5]);
}

#[test]
fn a_pair_shows_its_product_where_the_other_is_at_hand() {
    let pair = Adjustment {
        item: 7,
        when: Ref::to(4),
        from_s: NOW_S,
        until_s: NOW_S + 1,
        ..adjustment(AdjustmentKind::Pin, 1)
    };
    let (file, run) = adjusted(&[pair]);
    let plain = Context::default();
    assert_eq!(dense(&picks_of(&file, &[], &plain, &best_sellers(run))), [9, 3, 5, 6]);
    let picks = picks_of(&file, &[], &on_page(4), &best_sellers(run));
    assert_eq!((picks[0].dense, picks[0].because), (7, Some(4)));
    let cart = [event(EventKind::AddToCart, NOW_S - 20, 4)];
    assert_eq!(dense(&picks_of(&file, &cart, &plain, &best_sellers(run))), [7, 9, 3, 5]);
    let (file, run) = adjusted(&[Adjustment { from_s: NOW_S + 1, ..pair }]);
    assert_eq!(dense(&picks_of(&file, &cart, &plain, &best_sellers(run))), [9, 3, 5, 6], "not yet");
}

#[test]
fn a_row_has_no_more_pins_than_products() {
    let pins =
        [1, 2, 3, 4, 5].map(|item| Adjustment { item, ..adjustment(AdjustmentKind::Pin, item as u16) });
    let (file, run) = adjusted(&pins);
    let row = |limit| Request { limit, ..best_sellers(run) };
    assert_eq!(dense(&picks_of(&file, &[], &Context::default(), &row(2))), [1, 2]);
    assert_eq!(dense(&picks_of(&file, &[], &Context::default(), &row(5))), [1, 2, 3, 4, 9], "5 is sold out");
}
