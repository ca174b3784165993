//! What of a memory is looked up among products: for rows, and for moments that memory and catalogue tell.

#![allow(missing_docs)]

mod shelves;

use shelfwise_engine::decide::occasion;
use shelfwise_engine::memory::{Event, EventKind};
use shelfwise_engine::pack::kinds::TriggerKind;
use shelfwise_engine::recommend::Situation;
use shelfwise_engine::traits::Context;
use shelves::{core, event, full, memory, open};

const NOW_S: i64 = 1_800_000_000;

#[test]
fn what_was_bought_within_a_minute_of_the_newest_is_of_the_last_order() {
    let opened = open(&core());
    let shelf = full(&opened);
    let bought = [NOW_S - 161, NOW_S - 160, NOW_S - 100].into_iter().zip(0..);
    let bought: Vec<Event> = bought.map(|(at_s, dense)| event(EventKind::Purchase, at_s, dense)).collect();
    let memory = memory(&bought);
    let situation = Situation::derive(&opened.view(), &shelf, &memory, &Context::default(), NOW_S);
    assert_eq!((situation.bought, situation.ordered), (vec![0, 1, 2], vec![1, 2]));
}

#[test]
fn a_moment_that_no_campaign_waits_for_does_not_come() {
    let opened = open(&core());
    let shelf = full(&opened);
    let memory = memory(&[event(EventKind::AddToCart, NOW_S - 7_200, 1)]);
    let found = occasion(&opened.view(), &shelf, &memory, TriggerKind::CartAbandoned, NOW_S);
    assert_eq!(found.reached, None);
}

#[test]
fn a_price_alone_is_about_a_product() {
    let priced = |price_minor| {
        let mut event = Event::new(EventKind::ViewItem, NOW_S);
        event.price_minor = price_minor;
        memory(&[event]).is_about_products()
    };
    assert_eq!([0, 1].map(priced), [false, true]);
}
