//! The journal's rules, one by one; the simulator plays them all at once.

mod device;

use device::Device;
use shelfwise_host::engine::memory::{Event, EventKind, Memory};
use shelfwise_host::journal::{EPOCH, Journal, Kept, Segment, USED_MAX, View};

fn view(text: &str) -> Event {
    Event::new(EventKind::PageView, 1_700_000_000).saying(text)
}

fn append(journal: &mut Journal, device: &Device, text: &str) -> Kept {
    journal.append(view(text), &mut device.clone(), device, &mut device.clone())
}

fn compact(journal: &mut Journal, device: &Device) {
    journal.compact(&mut device.clone(), device, &mut device.clone()).expect("the store answers");
}

fn texts(memory: &Memory) -> Vec<&str> {
    memory.events().iter().map(|event| event.text.as_str()).collect()
}

fn fresh(device: &Device) -> Journal {
    let mut journal = Journal::default();
    journal.refresh(&mut device.clone()).expect("the store answers");
    journal
}

fn stored(kept: &Kept) -> bool {
    matches!(kept, Kept::Stored { .. })
}

#[test]
fn another_page_reads_what_was_appended_in_order() {
    let device = Device::new();
    let mut journal = Journal::default();
    for text in ["/a", "/b", "/c"] {
        assert_eq!(append(&mut journal, &device, text), Kept::Stored { dropped: None });
    }
    assert_eq!(texts(fresh(&device).memory()), ["/a", "/b", "/c"]);
    assert_eq!(fresh(&device).memory(), journal.memory());
    assert_eq!(device.keys_of("j:").len(), 1);
    assert_eq!(device.content.borrow()[EPOCH], "00000001");
}

#[test]
fn a_segment_is_sealed_after_30_s_64_records_or_2_kb() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    device.wait_s(29);
    append(&mut journal, &device, "/b");
    assert_eq!(device.keys_of("j:").len(), 1);
    device.wait_s(30);
    append(&mut journal, &device, "/c");
    assert_eq!(device.keys_of("j:").len(), 2);

    for _ in 0..64 {
        append(&mut journal, &device, "/d");
    }
    let segments = device.keys_of("j:");
    let records = |key: &String| Segment::read(&device.content.borrow()[key]).expect("valid").records.len();
    assert_eq!(segments.iter().map(records).collect::<Vec<_>>(), [2, 64, 1]);

    for letter in 'a'..='z' {
        append(&mut journal, &device, &letter.to_string().repeat(100));
    }
    assert!(device.content.borrow().values().all(|text| text.len() <= 2_048));
    assert!(device.keys_of("j:").len() >= 4);
}

#[test]
fn a_clock_set_back_seals_too() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    device.wait_s(-1);
    append(&mut journal, &device, "/b");
    assert_eq!(device.keys_of("j:").len(), 2);
}

#[test]
fn a_new_writer_comes_after_every_writer_it_could_see() {
    let device = Device::new();
    let (mut first, mut second) = (Journal::default(), Journal::default());
    append(&mut first, &device, "/1");
    append(&mut second, &device, "/2");
    device.wait_s(31);
    append(&mut first, &device, "/3");
    assert_eq!(texts(fresh(&device).memory()), ["/1", "/2", "/3"]);
    assert_eq!(device.keys_of("j:").len(), 3, "the first tab took a new writer");
}

#[test]
fn either_clock_alone_seals_a_segment() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    device.ahead_ms.set(31_000);
    append(&mut journal, &device, "/b");
    assert_eq!(device.keys_of("j:").len(), 2, "the wall clock says 31 s");
    device.ahead_ms.set(1_000);
    device.wait_s(30);
    append(&mut journal, &device, "/c");
    assert_eq!(device.keys_of("j:").len(), 3, "the monotonic clock says 30 s");
    assert_eq!(texts(fresh(&device).memory()), ["/a", "/b", "/c"]);
}

#[test]
fn a_page_keeps_its_writer_until_another_comes() {
    let device = Device::new();
    append(&mut Journal::default(), &device, "/before");
    let [before] = device.keys_of("j:").try_into().expect("one segment");
    let mut journal = Journal::default();
    let writer_of = |text| {
        append(&mut journal, &device, text);
        device.wait_s(31);
        let last = device.keys_of("j:").pop().expect("a segment");
        last[2..18].to_owned()
    };
    let writers = ["/a", "/b"].map(writer_of);
    assert_eq!(writers[0], writers[1]);
    // What it wrote was folded and cleared away; who is left began earlier.
    device.content.borrow_mut().retain(|key, _| *key == before || !key.starts_with("j:"));
    append(&mut journal, &device, "/c");
    assert_eq!(device.keys_of("j:")[1], format!("j:{}:0002", writers[0]));
    append(&mut Journal::default(), &device, "/later");
    device.wait_s(31);
    append(&mut journal, &device, "/d");
    assert_eq!(texts(fresh(&device).memory()), ["/before", "/c", "/later", "/d"]);
}

#[test]
fn a_refresh_reads_what_another_page_wrote() {
    let device = Device::new();
    let mut journal = fresh(&device);
    append(&mut Journal::default(), &device, "/a");
    journal.refresh(&mut device.clone()).expect("the store answers");
    assert_eq!(texts(journal.memory()), ["/a"]);
}

#[test]
fn a_damaged_or_newer_value_is_skipped() {
    let device = Device::new();
    append(&mut Journal::default(), &device, "/a");
    append(&mut Journal::default(), &device, "/b");
    let key = device.keys_of("j:").remove(0);
    let text = device.content.borrow()[&key].clone();
    let damaged = text.replacen(&text[20..21], if &text[20..21] == "A" { "B" } else { "A" }, 1);
    for broken in [damaged.as_str(), "", "no base64!", &text[..text.len() - 4]] {
        device.content.borrow_mut().insert(key.clone(), broken.to_owned());
        assert_eq!(texts(fresh(&device).memory()), ["/b"], "{broken:?}");
    }
}

/// Eight segments of earlier pages, and a page that compacts them.
fn compacted(device: &Device) -> Journal {
    for page in 0..8 {
        append(&mut Journal::default(), device, &format!("/{page}"));
    }
    let mut journal = fresh(device);
    compact(&mut journal, device);
    assert_eq!(device.keys_of("s:").len(), 1);
    journal
}

#[test]
fn segments_go_only_when_quiet_and_folded_into_a_settled_snapshot() {
    let device = Device::new();
    let mut journal = compacted(&device);
    device.wait_s(11);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("j:").len(), 8, "the snapshot is not 12 s old");
    device.wait_s(2);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("j:").len(), 8, "the segments are not 42 s old");
    device.wait_s(28);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("j:").len(), 8, "the segments are 41 s old");
    append(&mut journal, &device, "/new");
    device.wait_s(2);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("j:").len(), 1, "the new record is not folded");
    let expected: Vec<String> = (0..8).map(|page| format!("/{page}")).chain(["/new".to_owned()]).collect();
    assert_eq!(texts(fresh(&device).memory()), expected);
}

#[test]
fn segments_from_a_future_go_when_they_were_seen_unchanged_long_enough() {
    let device = Device::new();
    let mut journal = compacted(&device);
    device.ahead_ms.set(-86_400_000);
    for (wait_s, left) in [(0, 8), (13, 8), (28, 8), (2, 0)] {
        device.wait_s(wait_s);
        compact(&mut journal, &device);
        assert_eq!(device.keys_of("j:").len(), left, "after {wait_s} s more");
    }
    assert_eq!(fresh(&device).memory().events().len(), 8);
}

#[test]
fn clearing_up_reads_what_another_page_wrote() {
    let device = Device::new();
    let mut journal = fresh(&device);
    append(&mut Journal::default(), &device, "/a");
    compact(&mut journal, &device);
    assert_eq!(texts(journal.memory()), ["/a"]);
}

#[test]
fn a_thawed_tab_that_writes_a_folded_segment_again_doubles_nothing() {
    let device = Device::new();
    let mut journal = compacted(&device);
    let before = device.content.borrow().clone();
    compact(&mut journal, &device);
    device.wait_s(60);
    compact(&mut journal, &device);
    assert!(device.keys_of("j:").is_empty());
    let segments = before.into_iter().filter(|(key, _)| key.starts_with("j:"));
    device.content.borrow_mut().extend(segments);
    assert_eq!(fresh(&device).memory().events().len(), 8);
}

#[test]
fn an_older_snapshot_goes_when_a_settled_one_includes_it() {
    let device = Device::new();
    let mut journal = compacted(&device);
    compact(&mut journal, &device);
    for page in 0..8 {
        append(&mut Journal::default(), &device, &format!("/more/{page}"));
    }
    device.wait_s(13);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("s:").len(), 2);
    compact(&mut journal, &device);
    device.wait_s(13);
    compact(&mut journal, &device);
    assert_eq!(device.keys_of("s:").len(), 1);
    assert_eq!(fresh(&device).memory().events().len(), 16);
}

#[test]
fn erasing_leaves_the_epoch_alone_and_empties_other_tabs() {
    let device = Device::new();
    let mut journal = compacted(&device);
    let mut other = fresh(&device);
    append(&mut other, &device, "/other");
    device.content.borrow_mut().insert("boot".to_owned(), "{}".to_owned());
    journal.erase(&mut device.clone()).expect("the store answers");
    assert!(journal.memory().is_empty());
    assert_eq!(*device.content.borrow(), [(EPOCH.to_owned(), "00000002".to_owned())].into());
    append(&mut other, &device, "/after");
    assert_eq!(texts(other.memory()), ["/after"]);
    assert_eq!(texts(fresh(&device).memory()), ["/after"]);
}

#[test]
fn what_was_erased_and_comes_back_is_ignored_and_cleared_away() {
    let device = Device::new();
    let mut journal = compacted(&device);
    let before = device.content.borrow().clone();
    journal.erase(&mut device.clone()).expect("the store answers");
    device.content.borrow_mut().extend(before.into_iter().filter(|(key, _)| key != EPOCH));
    assert!(fresh(&device).memory().is_empty());
    compact(&mut fresh(&device), &device);
    assert_eq!(device.content.borrow().len(), 1);
}

#[test]
fn an_epoch_key_that_a_crash_set_back_is_raised_again() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    journal.erase(&mut device.clone()).expect("the store answers");
    append(&mut journal, &device, "/b");
    device.content.borrow_mut().insert(EPOCH.to_owned(), "00000001".to_owned());
    assert_eq!(texts(fresh(&device).memory()), ["/b"]);
    assert_eq!(device.content.borrow()[EPOCH], "00000002");
}

#[test]
fn a_wiped_store_is_a_normal_start() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    device.content.borrow_mut().clear();
    assert!(stored(&append(&mut journal, &device, "/b")));
    assert_eq!(texts(journal.memory()), ["/b"]);
    assert_eq!(texts(fresh(&device).memory()), ["/b"]);
}

#[test]
fn a_blocked_store_keeps_events_for_this_page() {
    let device = Device::new();
    let mut journal = Journal::default();
    append(&mut journal, &device, "/a");
    device.blocked.set(true);
    assert_eq!(append(&mut journal, &device, "/b"), Kept::PageOnly);
    assert_eq!(texts(journal.memory()), ["/a", "/b"]);
    device.blocked.set(false);
    assert_eq!(texts(fresh(&device).memory()), ["/a"]);
    journal.save(&mut device.clone(), &device, &mut device.clone());
    assert_eq!(texts(fresh(&device).memory()), ["/a", "/b"]);
}

#[test]
fn a_full_store_gives_up_its_oldest_segment_once() {
    let device = Device::new();
    append(&mut Journal::default(), &device, "/oldest");
    append(&mut Journal::default(), &device, "/older");
    let oldest = device.keys_of("j:").remove(0);
    device.room.set(device.used() + 10);
    let kept = append(&mut Journal::default(), &device, "/new");
    assert_eq!(kept, Kept::Stored { dropped: Some(oldest) });
    assert_eq!(texts(fresh(&device).memory()), ["/older", "/new"]);
    device.room.set(1);
    assert_eq!(append(&mut Journal::default(), &device, "/none"), Kept::PageOnly);
}

#[test]
fn what_would_not_fit_in_the_place_of_the_oldest_leaves_it_there() {
    let device = Device::new();
    append(&mut Journal::default(), &device, "/a");
    device.room.set(device.used());
    let mut long = view("/b");
    long.item = "x".repeat(90);
    let kept = Journal::default().append(long, &mut device.clone(), &device, &mut device.clone());
    assert_eq!(kept, Kept::PageOnly);
    assert_eq!(texts(fresh(&device).memory()), ["/a"]);
}

#[test]
fn a_full_store_does_not_give_up_what_this_page_wrote_last() {
    let device = Device::new();
    let mut journal = Journal::default();
    for text in ["/a", "/b"] {
        append(&mut journal, &device, text);
    }
    device.room.set(device.used());
    assert_eq!(append(&mut journal, &device, "/c"), Kept::PageOnly);
    assert_eq!(texts(journal.memory()), ["/a", "/b", "/c"]);
    assert_eq!(texts(fresh(&device).memory()), ["/a", "/b"]);
    // An older page's gives way.
    device.room.set(usize::MAX);
    let mut newer = Journal::default();
    append(&mut newer, &device, "/d");
    device.room.set(device.used());
    assert!(stored(&append(&mut newer, &device, "/e")));
    assert_eq!(texts(fresh(&device).memory()), ["/d", "/e"]);
}

#[test]
fn the_store_never_grows_beyond_its_cap() {
    let device = Device::new();
    let mut last = Journal::default();
    for page in 0..300 {
        let mut journal = Journal::default();
        let mut event = view(&format!("/{page}/{}", "x".repeat(90)));
        event.item = format!("item-{page}-{}", "y".repeat(80));
        journal.append(event, &mut device.clone(), &device, &mut device.clone());
        assert!(device.used() <= USED_MAX, "{} characters", device.used());
        last = journal;
        device.wait_s(5);
        if page % 60 == 59 {
            compact(&mut last, &device);
            device.wait_s(60);
            compact(&mut last, &device);
        }
    }
    assert!(device.used() > 20_000, "the log was really filled");
    assert!(
        fresh(&device).memory().state().days.iter().map(|day| day.count(EventKind::PageView)).sum::<u16>()
            >= 290
    );
    assert!(View::look(&device).expect("the store answers").best().is_some());
    assert!(last.memory().state().profile.last_seen_s > 0);
}

#[test]
fn a_forgotten_event_is_forgotten_by_everyone() {
    let device = Device::new();
    let mut journal = Journal::default();
    for text in ["/a", "/b", "/c"] {
        append(&mut journal, &device, text);
    }
    let mut without = Memory::default();
    without.fold(&view("/a"));
    without.fold(&view("/c"));
    let record = journal.memory().forgetting(1, 1_700_000_001).expect("there are three");
    assert!(stored(&journal.forget(record, &mut device.clone(), &device, &mut device.clone())));
    assert_eq!(journal.memory(), &without);
    assert_eq!(fresh(&device).memory(), &without);
    assert_eq!(journal.memory().forgetting(7, 0), None);
}
