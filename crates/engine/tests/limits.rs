//! Every limit of the memory, filled to its edge and one beyond.

#![allow(missing_docs)]

use shelfwise_engine::memory::codec::{Decoder, Encoder};
use shelfwise_engine::memory::{Event, EventKind, Memory, limits};

const DAY_S: i64 = 86_400;
const NOW_S: i64 = 1_700_000_000;

fn view(after_s: i64) -> Event {
    Event { quantity: 1, price_minor: 250, ..Event::new(EventKind::ViewItem, NOW_S + after_s) }
}

fn folded(events: impl IntoIterator<Item = Event>) -> Memory {
    let mut memory = Memory::default();
    events.into_iter().for_each(|event| memory.fold(&event));
    memory
}

#[test]
fn raw_events_fill_their_number_and_not_beyond() {
    let most = limits::EVENTS_MAX;
    let mut memory = folded((0..most as i64).map(view));
    assert_eq!(memory.events().len(), most);
    memory.fold(&view(most as i64));
    assert_eq!((memory.events().len(), memory.events()[0].at_s), (most, NOW_S + 1));
}

#[test]
fn raw_events_fill_their_bytes_and_not_beyond() {
    // Twelve bytes, and those of the texts.
    let large = Event { item: "x".repeat(8), ..view(0) }.saying(&"x".repeat(limits::TEXT_BYTES_MAX));
    let size = 12 + 8 + limits::TEXT_BYTES_MAX;
    assert_eq!(limits::EVENT_BYTES_MAX % size, 0, "the last event reaches the limit");
    let most = limits::EVENT_BYTES_MAX / size;
    let mut memory = folded(vec![large.clone(); most]);
    assert_eq!(memory.events().len(), most);
    memory.fold(&view(1));
    assert_eq!(memory.events().len(), most, "the oldest went");
    memory.fold(&large);
    assert_eq!(memory.events().len(), most, "and another");
}

#[test]
fn raw_events_of_a_hundred_and_eighty_days_are_kept_and_older_ones_add_up() {
    let age_s = limits::EVENT_AGE_DAYS_MAX * DAY_S;
    let mut memory = folded([view(0).about("A"), view(age_s).about("B")]);
    assert_eq!(memory.events().len(), 2);
    memory.fold(&view(age_s + 1).about("C"));
    assert_eq!(memory.events().iter().map(|event| event.item.as_str()).collect::<Vec<_>>(), ["B", "C"]);
    assert_eq!(memory.state().items.len(), 3);
}

#[test]
fn a_text_of_the_greatest_length_is_kept_whole_and_a_longer_one_refused_by_the_decoder() {
    let longest = "x".repeat(limits::TEXT_BYTES_MAX);
    let search = Event::new(EventKind::Search, NOW_S).saying(&longest);
    assert_eq!(folded([search.clone()]).events()[0].text, longest);
    let read = |event: &Event| {
        let mut out = Encoder::default();
        out.put(event);
        Decoder::new(&out.finish()).take::<Event>()
    };
    assert_eq!(read(&search).as_ref(), Some(&search));
    assert_eq!(read(&Event { text: longest + "x", ..search }), None);
}

#[test]
fn exposures_and_muted_brands_fill_their_lists_to_the_last_place() {
    let seen = |at: usize| Event::new(EventKind::Exposure, NOW_S + at as i64).saying(&format!("c{at:03}/a"));
    let mut memory = folded((0..limits::EXPOSURES_MAX).map(seen));
    assert_eq!(memory.state().exposures.len(), limits::EXPOSURES_MAX);
    memory.fold(&seen(limits::EXPOSURES_MAX));
    assert_eq!(memory.state().exposures.len(), limits::EXPOSURES_MAX);
    assert_eq!(memory.state().exposures[0].campaign, "c001", "the one seen longest ago went");

    let mute = |at: usize| Event { brand: format!("b{at:02}"), ..Event::new(EventKind::MuteBrand, NOW_S) };
    let memory = folded((0..=limits::MUTED_MAX).map(mute));
    assert_eq!(memory.state().profile.muted_brands.len(), limits::MUTED_MAX);
}

#[test]
fn only_a_memory_of_nothing_is_empty() {
    assert!(Memory::default().is_empty());
    assert!(!folded([view(0)]).is_empty());
}

#[test]
fn what_the_shopper_does_is_an_act_and_a_setting_is_none() {
    for kind in EventKind::ALL {
        assert_eq!(kind.is_act(), !kind.name().starts_with("shelfwise_"), "{}", kind.name());
    }
}
