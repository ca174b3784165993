//! Events become totals, in every order and within every bound.

use proptest::prelude::*;
use shelfwise_engine::memory::codec::{Decoder, Encoder};
use shelfwise_engine::memory::{Event, EventKind, Memory, limits};

const DAY_S: i64 = 86_400;
const NOW_S: i64 = 1_700_000_000;

fn event(kind: EventKind, after_s: i64, item: &str) -> Event {
    Event { quantity: 1, price_minor: 250, ..Event::new(kind, NOW_S + after_s).about(item) }
}

fn folded(events: &[Event]) -> Memory {
    let mut memory = Memory::default();
    events.iter().for_each(|event| memory.fold(event));
    memory
}

fn bytes_of(memory: &Memory) -> Vec<u8> {
    let mut out = Encoder::default();
    out.put(memory);
    out.finish()
}

#[test]
fn names_and_codes_are_stable_and_found() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::from_code(kind.code()), Some(*kind));
        assert_eq!(EventKind::from_name(&kind.name().to_uppercase()), Some(*kind));
    }
    assert_eq!(EventKind::from_name("no_such_event"), None);
    assert_eq!(EventKind::from_code(0), None);
    let codes: Vec<u8> = EventKind::ALL.iter().map(|kind| kind.code()).collect();
    assert!(codes.is_sorted_by(|a, b| a < b));
    assert_eq!((EventKind::ViewItem.code(), EventKind::Purchase.code()), (2, 10));
}

#[test]
fn a_visit_ends_after_thirty_minutes_without_an_event() {
    let views = |gaps_s: &[i64]| {
        let mut at_s = 0;
        let events: Vec<Event> = gaps_s
            .iter()
            .map(|gap_s| {
                at_s += gap_s;
                event(EventKind::PageView, at_s, "")
            })
            .collect();
        folded(&events)
    };
    let one = views(&[0, 1_800, 1_800]);
    assert_eq!((one.state().profile.visits, one.state().visit.pages), (1, 3));
    let two = views(&[0, 1_800, 1_801]);
    assert_eq!((two.state().profile.visits, two.state().visit.pages), (2, 1));
    assert_eq!(two.state().profile.previous_visit_s, NOW_S + 1_800);
    assert!(!two.visit_is_over(NOW_S + 3_601 + 1_800));
    assert!(two.visit_is_over(NOW_S + 3_601 + 1_801));
    assert!(Memory::default().visit_is_over(0));
}

#[test]
fn the_cart_follows_adding_removing_and_buying() {
    let mut add = event(EventKind::AddToCart, 0, "A");
    add.quantity = 3;
    let mut some = event(EventKind::RemoveFromCart, 1, "A");
    some.quantity = 2;
    let mut memory = folded(&[add.clone(), event(EventKind::AddToCart, 0, "B"), some.clone()]);
    let lines = |memory: &Memory| -> Vec<(String, u16)> {
        memory.state().cart.iter().map(|line| (line.item.clone(), line.quantity)).collect()
    };
    assert_eq!(lines(&memory), [("A".to_owned(), 1), ("B".to_owned(), 1)]);
    memory.fold(&some);
    assert_eq!(lines(&memory), [("B".to_owned(), 1)]);
    memory.fold(&add);
    memory.fold(&Event { quantity: 0, ..event(EventKind::RemoveFromCart, 2, "A") });
    assert_eq!(lines(&memory), [("B".to_owned(), 1)]);
    memory.fold(&event(EventKind::Purchase, 3, "B").saying("order"));
    assert!(memory.state().cart.is_empty());
}

#[test]
fn an_order_of_two_lines_is_one_order_and_a_refund_takes_it_back() {
    let mut first = event(EventKind::Purchase, 0, "A").saying("o1");
    first.value_minor = 900;
    first.quantity = 2;
    let mut refund = event(EventKind::Refund, 60, "A");
    refund.value_minor = 250;
    let memory = folded(&[first, event(EventKind::Purchase, 0, "B").saying("o1"), refund]);
    let profile = &memory.state().profile;
    assert_eq!((profile.orders, profile.spend_minor), (1, 650));
    assert_eq!((profile.first_order_s, profile.last_order_s), (NOW_S, NOW_S));
    let bought: Vec<_> = memory.state().items.iter().map(|item| (item.item.as_str(), item.bought)).collect();
    assert_eq!(bought, [("B", 1), ("A", 1)]);
    assert_eq!(memory.state().days[0].spend_minor, 650);
    assert_eq!(memory.state().days[0].count(EventKind::Purchase), 2);
    assert_eq!(memory.state().days[0].count(EventKind::Search), 0);
}

#[test]
fn settings_neither_begin_a_visit_nor_count() {
    let name = Event::new(EventKind::SetName, NOW_S).saying("Ada");
    let units = ["u1", "u2"].map(|unit| Event::new(EventKind::SetUnit, NOW_S).saying(unit));
    let mute = |kind, brand: &str| Event { brand: brand.into(), ..Event::new(kind, NOW_S) };
    let mutes =
        [mute(EventKind::MuteBrand, "B"), mute(EventKind::MuteBrand, "A"), mute(EventKind::MuteBrand, "B")];
    let mut memory = folded(&[[name].as_slice(), &units, &mutes].concat());
    let profile = &memory.state().profile;
    assert_eq!((profile.visits, profile.first_name.as_str(), profile.unit.as_str()), (0, "Ada", "u1"));
    assert_eq!(profile.muted_brands, ["A", "B"]);
    assert!(memory.state().days.is_empty());
    memory.fold(&mute(EventKind::UnmuteBrand, "A"));
    assert_eq!(memory.state().profile.muted_brands, ["B"]);
}

#[test]
fn exposures_are_counted_by_variation_with_their_newest_times() {
    let seen = |text: &str, after_s| Event::new(EventKind::Exposure, NOW_S + after_s).saying(text);
    let mut memory = folded(&[seen("b/x", 0), seen("a/y", 1), seen("a/x", 2)]);
    for after_s in 0..30 {
        memory.fold(&seen("b/x", 10 + after_s));
    }
    let order: Vec<_> = memory
        .state()
        .exposures
        .iter()
        .map(|it| (it.campaign.as_str(), it.variation.as_str(), it.total))
        .collect();
    assert_eq!(order, [("a", "x", 1), ("a", "y", 1), ("b", "x", 31)]);
    let times = &memory.state().exposures[2].times_s;
    assert_eq!(times.len(), limits::EXPOSURE_TIMES_MAX);
    assert_eq!(times.last(), Some(&(NOW_S + 39)));
}

#[test]
fn a_clock_that_jumps_stays_within_bounds() {
    let mut memory = folded(&[event(EventKind::PageView, 0, "")]);
    memory.fold(&event(EventKind::PageView, -3 * DAY_S, ""));
    assert_eq!(memory.events()[1].at_s, NOW_S);
    memory.fold(&event(EventKind::PageView, 10_000 * DAY_S, ""));
    assert_eq!(memory.events()[0].at_s, NOW_S + limits::DAYS_AHEAD_MAX * DAY_S, "older events became totals");
    assert_eq!(memory.state().days.len(), 2);
    memory.fold(&Event::new(EventKind::PageView, i64::MIN));
    memory.fold(&Event::new(EventKind::PageView, i64::MAX));
    assert_eq!(memory.state().profile.last_seen_s, NOW_S + 2 * limits::DAYS_AHEAD_MAX * DAY_S);
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let memory = folded(&[Event::new(EventKind::Search, NOW_S).saying(&"é".repeat(200))]);
    assert_eq!(memory.events()[0].text, "é".repeat(limits::TEXT_BYTES_MAX / 2));
}

#[test]
fn what_leaves_the_raw_events_stays_in_the_totals() {
    let mut memory = Memory::default();
    for at in 0..3_000 {
        memory.fold(&event(EventKind::ViewItem, at * 60, &format!("item-{}", at % 300)));
    }
    let state = memory.state();
    assert!(memory.events().len() <= limits::EVENTS_MAX);
    assert!(
        memory.events().iter().map(|event| 12 + event.item.len()).sum::<usize>() <= limits::EVENT_BYTES_MAX
    );
    assert_eq!(state.days.iter().map(|day| u32::from(day.count(EventKind::ViewItem))).sum::<u32>(), 3_000);
    assert_eq!(state.items.len(), limits::ITEMS_MAX);
    assert_eq!(state.items.last().map(|item| (item.item.as_str(), item.views)), Some(("item-299", 1)));
    let restored: Memory = Decoder::new(&bytes_of(&memory)).take().expect("its own bytes");
    assert_eq!(restored, memory);
    memory.fold(&event(EventKind::PageView, limits::EVENT_AGE_DAYS_MAX * DAY_S + 200_000, ""));
    assert_eq!(memory.events().len(), 1, "raw events have an age");
}

#[test]
fn what_was_bought_is_kept_longer_than_what_was_seen() {
    let mut memory = folded(&[event(EventKind::Purchase, 0, "bought")]);
    for at in 0..200 {
        memory.fold(&event(EventKind::ViewItem, at, &format!("item-{at}")));
    }
    assert_eq!(memory.state().items[0].item, "bought");
    assert_eq!(memory.state().items.len(), limits::ITEMS_MAX);
}

#[test]
fn a_snapshot_keeps_to_its_bytes_and_to_what_matters_most() {
    let mut memory = Memory::default();
    for at in 0..600 {
        let mut event = event(EventKind::ViewItem, at * 60, &format!("item-{at}"));
        event.category = format!("category {at}");
        memory.fold(&event);
    }
    memory.fold(&Event::new(EventKind::SetName, NOW_S).saying("Ada"));
    for bytes_max in [12_000, 4_000, 400] {
        let bytes = memory.snapshot(bytes_max);
        assert!(bytes.len() <= bytes_max, "{} > {bytes_max}", bytes.len());
        let restored: Memory = Decoder::new(&bytes).take().expect("its own bytes");
        assert_eq!(restored.state().profile, memory.state().profile);
        assert_eq!(restored, memory);
    }
    assert_eq!(memory.state().profile.first_name, "Ada");
}

fn any_event() -> impl Strategy<Value = Event> {
    let kind = prop::sample::select(EventKind::ALL).prop_filter("a fact", |kind| *kind != EventKind::Forget);
    let texts = ("[a-c]", "[A-B]?", "(|x/y|x/z|o1|x\n[yz]?)");
    (kind, -50_000i64..500_000, texts, 0u32..500, 0u16..4, -10i64..1_000, 0u32..9_000).prop_map(
        |(kind, after_s, (item, brand, text), price_minor, quantity, value_minor, engaged_ms)| Event {
            at_s: NOW_S + after_s,
            kind,
            category: brand.to_lowercase(),
            item,
            brand,
            text,
            price_minor,
            quantity,
            value_minor,
            engaged_ms,
            compare_at_minor: price_minor % 3,
            tags: if quantity == 1 { "red,tin".to_owned() } else { String::new() },
        },
    )
}

proptest! {
    #[test]
    fn a_memory_comes_back_from_its_bytes(events in prop::collection::vec(any_event(), 0..60)) {
        let memory = folded(&events);
        let bytes = bytes_of(&memory);
        let mut from = Decoder::new(&bytes);
        prop_assert_eq!(from.take::<Memory>(), Some(memory));
        prop_assert!(from.is_empty());
    }

    #[test]
    fn a_forgotten_event_never_happened(events in prop::collection::vec(any_event(), 1..40), at in any::<prop::sample::Index>()) {
        let at = at.index(events.len());
        let mut memory = folded(&events);
        let record = memory.forgetting(at, NOW_S).unwrap();
        let same = |event: &Event| {
            u16::from(event.kind.code()) == record.quantity
                && (event.at_s, &event.item, &event.text) == (record.value_minor, &record.item, &record.text)
        };
        let newest = events.iter().rposition(same).unwrap();
        memory.fold(&record);
        let mut others = events.clone();
        others.remove(newest);
        prop_assert_eq!(memory, folded(&others));
    }

    #[test]
    fn any_bytes_give_a_memory_or_nothing(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _: Option<Memory> = Decoder::new(&bytes).take();
        let _: Option<Vec<Event>> = Decoder::new(&bytes).take();
    }

    #[test]
    fn a_changed_byte_gives_a_memory_or_nothing(
        events in prop::collection::vec(any_event(), 0..20),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = bytes_of(&folded(&events));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(mut memory) = Decoder::new(&bytes).take::<Memory>() {
            memory.fold(&event(EventKind::AddToCart, 0, "A"));
        }
    }
}
